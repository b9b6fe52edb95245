//! The questions of a form as fields on the screen: those of its definition, and those that the family gives rise to.

use crate::catalogue::CodeList;
use crate::domain::{Answer, FilledForm, Household, HouseholdFile, HouseholdId, Member, Name};
use crate::forms::{self, FieldKind, Form};
use crate::rules::asked::{Asked, Relation};
use crate::rules::groups::{self, Proof};
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
    /// The same form as it was filled last time.
    pub last: Option<&'a FilledForm>,
}

/// Stands before the person in the id of a question about a relation.
pub(super) const RELATIONS: &str = "relations.";

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
        if let Some(on_file) = self.on_file(field) {
            made = made.beside(format!("档里 {}", shown(&Answer::Value(on_file))));
        } else if let Some(last) = self.last.and_then(|last| last.fields.get(&field.id))
            && field.default.is_none()
        {
            made = made.last(shown(last));
        }
        Some(made)
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

    fn people(&self, field: &forms::Field) -> Vec<Choice> {
        let people = self.asked.people.get(&field.id).map_or(&[][..], Vec::as_slice);
        let everyone = Household::of(self.file).everyone();
        everyone.filter(|member| people.contains(&member.id.0)).map(|member| self.person(member)).collect()
    }

    fn person(&self, member: Member<'_>) -> Choice {
        let relation = self.desk.workspace.relation_in_words(member);
        let name = if member.name().is_empty() { "没有姓名" } else { member.name() };
        let label = if relation.is_empty() { name.to_owned() } else { format!("{name}（{relation}）") };
        Choice::new(member.id.0.to_string(), label)
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

    /// Yes or no to each key group of the round, and the fact behind a yes or behind a no to what the file proves.
    fn groups(&self, field: &forms::Field) -> Vec<Field> {
        let workspace = &self.desk.workspace;
        let round = match self.filled.fields.get(&Name::fixed("round")) {
            Some(Answer::Round(round)) => workspace.policy().round(*round),
            _ => None,
        };
        let Some(round) = round else { return Vec::new() };
        let proofs = groups::proved(workspace.look().at(self.file), &round.asks);
        let fields = round.asks.iter().flat_map(|code| {
            let proof = proofs.iter().find(|proof| proof.group == *code);
            self.group(field, *code, proof)
        });
        fields.collect()
    }

    fn group(&self, field: &forms::Field, code: Name, proof: Option<&Proof>) -> Vec<Field> {
        let Some(group) = self.desk.workspace.definitions().forms.group(code) else { return Vec::new() };
        let id = format!("{}.{code}", field.id);
        let answer = self.filled.groups.get(&code);
        let mut yes_no = Field::yes_no(&id, &group.short).hint(format!("{}（{}）", group.label, group.source));
        if let Some(last) = self.last.and_then(|last| last.groups.get(&code)) {
            yes_no = yes_no.last(if last.yes { "是" } else { "否" });
        }
        if field.required {
            yes_no = yes_no.required();
        }
        yes_no = match (answer, proof) {
            (Some(answer), _) => yes_no.holding(if answer.yes { "是" } else { "否" }),
            (None, Some(_)) => yes_no.suggesting("是"),
            (None, None) => yes_no,
        };
        let says_yes = answer.map_or(proof.is_some(), |answer| answer.yes);
        if !says_yes && (proof.is_none() || answer.is_none()) {
            return vec![yes_no];
        }
        let fact = match says_yes {
            true => Field::text(&format!("{id}{FACT}"), "  事实").required(),
            false => Field::text(&format!("{id}{WHY_NOT}"), "  不属于的理由").required(),
        };
        let fact = match (answer, proof) {
            (Some(answer), _) if !answer.fact.is_empty() => fact.holding(&answer.fact),
            (_, Some(proof)) if says_yes => fact.holding(&proof.why),
            _ => fact,
        };
        vec![yes_no, fact]
    }
}

fn finish(made: Field, field: &forms::Field) -> Field {
    let made = if field.required { made.required() } else { made };
    match &field.hint {
        Some(hint) => made.hint(&**hint),
        None => made,
    }
}
