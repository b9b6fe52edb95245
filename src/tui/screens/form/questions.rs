//! The questions of a form as fields on the screen: those of its definition, and those that the family gives rise to.

use std::collections::BTreeMap;

use crate::catalogue::CodeList;
use crate::domain::{
    Answer, Becomes, Code, FilledForm, GroupAnswer, Household, HouseholdFile, HouseholdId, Member, Name, Value,
};
use crate::forms::{self, FieldKind, Form, FormKind};
use crate::policy::Round;
use crate::rules::asked::{Asked, Relation};
use crate::rules::guarantees::{self, Verdict};
use crate::rules::suggested::Event;
use crate::rules::{groups, heirs, proposed};
use crate::tui::desk::Desk;
use crate::tui::widgets::form::{Field, answer_in_text};
use crate::tui::widgets::picker::Choice;

/// What the questions are made of.
pub(super) struct Questions<'a> {
    pub desk: &'a Desk,
    pub form: &'a Form,
    pub file: &'a HouseholdFile,
    pub filled: &'a FilledForm,
    pub asked: &'a Asked,
    /// What a person has to say of things that are open, or that two households hold.
    pub heirs: &'a [heirs::Question],
    /// Whether the household that is left goes on.
    pub goes_on: bool,
    /// The same form as it was filled last time.
    pub last: Option<&'a FilledForm>,
    /// The round that it asks about.
    pub round: Option<&'a Round>,
    /// What is proposed for the groups of the round.
    pub proposed: &'a BTreeMap<Name, GroupAnswer>,
}

/// Stands before the person in the id of a question about a relation.
pub(super) const RELATIONS: &str = "relations.";
/// Stands before the section and the row in the id of a question about what becomes of something.
pub(super) const HEIRS: &str = "heirs.";
/// How the answers are called in the ids of choices.
pub(super) const BECOMES: [(&str, Becomes); 2] = [("carry", Becomes::Carry), ("end", Becomes::End)];

/// Stands behind the id of a key group, in the id of the question for the fact behind a yes.
pub(super) const FACT: &str = ".fact";
/// The same behind a no to what the file proves.
pub(super) const WHY_NOT: &str = ".why_not";

const RELATION: Name = Name::fixed("relation");
const HEAD: Name = Name::fixed("head");
const NEW_HEAD: Name = Name::fixed("new_head");

impl Questions<'_> {
    /// The fields, in the order in which they are asked.
    pub fn fields(&self) -> Vec<Field> {
        let asked = self.form.fields.iter().filter(|field| !self.asked.spared.contains(&field.id));
        asked.flat_map(|field| self.fields_of(field)).collect()
    }

    fn fields_of(&self, field: &forms::Field) -> Vec<Field> {
        let answer = self.filled.fields.get(&field.id);
        let id = field.id.as_str();
        let one = match &field.kind {
            FieldKind::Changes => return Vec::new(),
            FieldKind::Relations => {
                return self.asked.relations.iter().map(|relation| self.relation(field, relation)).collect();
            }
            FieldKind::Heirs => return self.heirs.iter().map(|question| self.heir(field, question)).collect(),
            FieldKind::Groups => return self.groups(field),
            FieldKind::Person => Field::one(id, &field.label, self.people(field)),
            FieldKind::People => Field::several(id, &field.label, self.people(field)),
            FieldKind::Round => Field::one(id, &field.label, self.rounds()),
            FieldKind::Household => self.household(field, answer),
            _ => return self.plain(field, answer).into_iter().collect(),
        };
        let one = match answer {
            Some(Answer::Person(person)) => one.picking(&[&person.to_string()]),
            Some(Answer::People(people)) => {
                let ids: Vec<String> = people.iter().map(u32::to_string).collect();
                one.picking(&ids.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Some(Answer::Round(round)) => one.picking(&[round.as_str()]),
            _ => one,
        };
        let finished = finish(one, field);
        // Where a head has to be chosen at all, one has to be.
        vec![if field.id == NEW_HEAD { finished.required() } else { finished }]
    }

    fn plain(&self, field: &forms::Field, answer: Option<&Answer>) -> Option<Field> {
        let catalogue = &self.desk.workspace.definitions().catalogue;
        let mut made = Field::of_form(field, answer, catalogue)?;
        let shown = |answer: &Answer| match (answer, &field.kind) {
            (Answer::Value(value), FieldKind::Value(plain)) => self.desk.show(plain, value),
            _ => answer_in_text(field, Some(answer), catalogue),
        };
        if let Some(on_file) = self.on_file(field).or_else(|| self.guaranteed(field)) {
            made = made.beside(format!("档里 {}", shown(&Answer::Value(on_file))));
        } else if let Some(last) = self.last.and_then(|last| last.fields.get(&field.id))
            && field.default.is_none()
        {
            made = made.last(shown(last));
        }
        let proposed = || self.proposed_code(field.id).map(|code| Value::Code(Code::listed(code)));
        if answer.is_none()
            && let Some(value) = proposed().or_else(|| self.likely(field))
        {
            // Text that is not shown in full could not be confirmed.
            made = made.suggesting(&answer_in_text(field, Some(&Answer::Value(value)), catalogue));
        }
        Some(made)
    }

    fn likely(&self, field: &forms::Field) -> Option<Value> {
        let Questions { desk, form, filled, file, .. } = *self;
        let relations = &desk.workspace.definitions().relations;
        Event { look: desk.workspace.look(), form, filled, file, relations }.likely(field)
    }

    fn proposed_code(&self, field: Name) -> Option<Name> {
        proposed::code(self.form.kind, field, self.round?, self.filled, self.proposed)
    }

    /// What the file holds where the answer goes, for an event about somebody who is there.
    fn on_file(&self, field: &forms::Field) -> Option<crate::domain::Value> {
        use crate::catalogue::SectionKind;
        use crate::forms::PersonRole;
        let (section, name) = field.slot?;
        let row = match self.desk.workspace.definitions().catalogue.section(section)?.kind {
            SectionKind::Household => 0,
            SectionKind::Person if self.form.person != Some(PersonRole::Moves) => {
                match self.filled.fields.get(&Name::fixed("person"))? {
                    Answer::Person(person) => *person,
                    _ => return None,
                }
            }
            _ => return None,
        };
        self.file.row(section, row)?.get(name).cloned()
    }

    /// What the file says of a guarantee that a survey asks about.
    fn guaranteed(&self, field: &forms::Field) -> Option<Value> {
        if !matches!(self.form.kind, FormKind::Screening | FormKind::Verification) {
            return None;
        }
        let verdict = guarantees::asked(self.desk.workspace.look().at(self.file), field.id)?;
        Some(Value::code(Name::fixed(match verdict {
            Verdict::Assured => "assured",
            Verdict::Problem => "problem",
            Verdict::Unknown => return None,
        })))
    }

    fn people(&self, field: &forms::Field) -> Vec<Choice> {
        let people = self.asked.people.get(&field.id).map_or(&[][..], Vec::as_slice);
        let everyone = Household::of(self.file).everyone();
        everyone.filter(|member| people.contains(&member.id.0)).map(|member| self.person(member)).collect()
    }

    fn person(&self, member: Member<'_>) -> Choice {
        Choice::new(member.id.0.to_string(), self.desk.workspace.person_in_words(member))
    }

    fn relation(&self, field: &forms::Field, relation: &Relation) -> Field {
        let list = self.desk.workspace.definitions().catalogue.list(RELATION);
        let label = |code| list.map_or("", |list| list.label(code)).to_owned();
        let choices = list.map_or_else(Vec::new, |list: &CodeList| {
            let others = list.entries.iter().filter(|entry| entry.id != HEAD);
            others.map(|entry| Choice::new(entry.id.as_str(), &*entry.label)).collect()
        });
        let name = if relation.name.is_empty() { "没有姓名" } else { &relation.name };
        let made = Field::one(&format!("{RELATIONS}{}", relation.person), &format!("{name} 与户主关系"), choices);
        let made = match relation.was {
            Some(was) => made.beside(format!("原来 {}", label(was))),
            None => made,
        };
        let answered = match self.filled.fields.get(&field.id) {
            Some(Answer::Relations(relations)) => relations.get(&relation.person).copied(),
            _ => None,
        };
        let made = made.required().hint(format!("{name} 是新户主的什么人"));
        match (answered, relation.suggested) {
            (Some(code), _) => made.holding(&label(code)),
            (None, Some(code)) => made.suggesting(&label(code)),
            (None, None) => made,
        }
    }

    /// What becomes of one thing; what is likely stands there, and waits for a person.
    fn heir(&self, field: &forms::Field, question: &heirs::Question) -> Field {
        let words = if self.goes_on { ["带走", "留在原户"] } else { ["带过来", "不带，到此为止"] };
        let choices = BECOMES.iter().zip(words).map(|((id, _), label)| Choice::new(*id, label)).collect();
        let made = Field::one(&heir_id(question), &question.what, choices).required().hint(&*question.what);
        let answered = match self.filled.fields.get(&field.id) {
            Some(Answer::Heirs(heirs)) => heirs.get(&question.section).and_then(|rows| rows.get(&question.row)),
            _ => None,
        };
        let place = |becomes: Becomes| BECOMES.iter().position(|(_, known)| *known == becomes).unwrap_or_default();
        match (answered, question.suggested) {
            (Some(becomes), _) => made.holding(words[place(*becomes)]),
            (None, Some(becomes)) => made.suggesting(words[place(becomes)]),
            (None, None) => made,
        }
    }

    fn rounds(&self) -> Vec<Choice> {
        let rounds = self.desk.workspace.policy().rounds.iter();
        rounds.map(|round| Choice::new(round.id.as_str(), &*round.label)).collect()
    }

    fn household(&self, field: &forms::Field, answer: Option<&Answer>) -> Field {
        let made = Field::elsewhere(field.id.as_str(), &field.label);
        match answer {
            Some(Answer::Household(serial)) => {
                let id = HouseholdId { serial: *serial, ..self.file.id };
                made.choosing(Choice::new(serial.to_string(), self.desk.workspace.household_in_words(id)))
            }
            _ => made,
        }
    }

    /// Yes or no to each key group of the round, and the fact behind a yes or behind a no to what was proposed.
    fn groups(&self, field: &forms::Field) -> Vec<Field> {
        let asks = self.round.map_or(&[][..], |round| &round.asks).iter();
        asks.flat_map(|code| self.group(field, *code)).collect()
    }

    fn group(&self, field: &forms::Field, code: Name) -> Vec<Field> {
        let Some(group) = self.desk.workspace.definitions().forms.group(code) else { return Vec::new() };
        let id = format!("{}.{code}", field.id);
        let (answer, proposed) = (self.filled.groups.get(&code), self.proposed.get(&code));
        let said = |answer: &GroupAnswer| if answer.yes { "是" } else { "否" };
        let workspace = &self.desk.workspace;
        let document = workspace.cited(&group.source).title;
        let hint =
            groups::hint(workspace.look().at(self.file), code).map_or_else(String::new, |hint| format!("{hint}。"));
        let mut yes_no = Field::yes_no(&id, &group.short).hint(format!("{hint}{}（{document}）", group.label));
        if let Some(last) = self.last.and_then(|last| last.groups.get(&code)) {
            yes_no = yes_no.last(said(last));
        }
        if field.required {
            yes_no = yes_no.required();
        }
        yes_no = match (answer, proposed) {
            (Some(answer), _) => yes_no.holding(said(answer)),
            (None, Some(proposed)) => yes_no.suggesting(said(proposed)),
            (None, None) => yes_no,
        };
        let fact = match (answer.or(proposed).map(|answer| answer.yes), proposed) {
            (Some(true), _) => Field::text(&format!("{id}{FACT}"), "  事实"),
            (Some(false), Some(_)) => Field::text(&format!("{id}{WHY_NOT}"), "  不属于的理由"),
            _ => return vec![yes_no],
        };
        let is_yes = answer.or(proposed).is_some_and(|answer| answer.yes);
        let known = answer.filter(|answer| !answer.fact.is_empty());
        let known = known.or(proposed.filter(|proposed| proposed.yes == is_yes));
        vec![yes_no, fact.required().holding(known.map_or("", |known| &known.fact))]
    }
}

/// The id of a question about what becomes of something.
pub(super) fn heir_id(question: &heirs::Question) -> String {
    format!("{HEIRS}{}.{}", question.section, question.row)
}

fn finish(made: Field, field: &forms::Field) -> Field {
    let made = if field.required { made.required() } else { made };
    match &field.hint {
        Some(hint) => made.hint(&**hint),
        None => made,
    }
}
