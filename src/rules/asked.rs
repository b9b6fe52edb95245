//! What a life event asks in this family beside its plain fields: who can be meant, and whose relation is told anew.

use std::collections::BTreeMap;

use crate::domain::{Answer, Code, FilledForm, Household, HouseholdFile, Member, Name, Row, Slot};
use crate::forms::{Effect, Field, FieldKind, Form, PersonRole};

use super::events::may_come_back_by;
use super::relations::Relations;

/// What is asked, as far as the form is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Who can be chosen, by the field that asks for people.
    pub people: BTreeMap<Name, Vec<u32>>,
    /// Fields that need no answer here.
    pub spared: Vec<Name>,
    /// Whose relation to the head has to be told.
    pub relations: Vec<Relation>,
}

/// One person's relation to the new head, or to the head of the household she joins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Who.
    pub person: u32,
    /// Her name.
    pub name: Box<str>,
    /// Her relation to the head of before.
    pub was: Option<Code>,
    /// What it becomes where there is one answer; a person confirms it.
    pub suggested: Option<Code>,
}

const PERSON: Name = Name::fixed("person");
const NEW_HEAD: Name = Name::fixed("new_head");
const RELATION: Name = Name::fixed("relation");

/// What a life event asks of a household; `other` is the second household that it touches, where one is answered.
pub fn of(
    form: &Form,
    filled: &FilledForm,
    file: &HouseholdFile,
    other: Option<&HouseholdFile>,
    relations: &Relations,
) -> Asked {
    let household = Household::of(file);
    let members: Vec<Member<'_>> = household.members().collect();
    let candidates = candidates(form, filled, household, &members);
    let mut asked = Asked::default();
    for field in &form.fields {
        let people: Option<Vec<u32>> = match field.kind {
            FieldKind::Person if field.id == NEW_HEAD => candidates.as_ref().map(|people| ids(people)),
            FieldKind::Person if form.person == Some(PersonRole::Returns) => {
                let back = household.everyone().filter(|member| may_come_back_by(form, *member));
                Some(back.map(|member| member.id.0).collect())
            }
            // Whoever splits off leaves the head behind.
            FieldKind::People if form.effect == Some(Effect::Split) => {
                let head = household.head().map(|head| head.id);
                Some(members.iter().filter(|member| Some(member.id) != head).map(|member| member.id.0).collect())
            }
            FieldKind::Person | FieldKind::People => Some(ids(&members)),
            // Who comes back keeps her relation, unless she was the head and somebody else is now.
            FieldKind::Value(_) if field.id == RELATION && !field.required && !is_second_head(filled, household) => {
                None
            }
            _ if field.if_unknown && !is_unknown(field, filled, file) => None,
            _ if field.if_held && field.slot.is_none_or(|slot| file.of_household(slot.0, slot.1).is_none()) => None,
            _ if !field.is_asked_with(filled) => None,
            // What the file has nothing of cannot go along.
            _ if !field.carries.is_empty() && field.carries.iter().all(|section| holds_nothing(file, *section)) => None,
            _ => continue,
        };
        match people {
            Some(people) => _ = asked.people.insert(field.id, people),
            None => asked.spared.push(field.id),
        }
    }
    asked.relations = match form.effect {
        Some(Effect::Merge) => other.map_or_else(Vec::new, joining),
        _ => told_anew(filled, household, &candidates.unwrap_or_default(), form, relations),
    };
    if asked.relations.is_empty() {
        let of_relations = form.fields.iter().filter(|field| matches!(field.kind, FieldKind::Relations));
        asked.spared.extend(of_relations.map(|field| field.id));
    }
    asked
}

/// Whether the file has no answer to a question about somebody, once it is known who she is.
fn is_unknown(field: &Field, filled: &FilledForm, file: &HouseholdFile) -> bool {
    let Some((section, name)) = field.slot else { return true };
    person(filled, PERSON).is_some_and(|row| file.get(Slot { section, row, field: name }).is_none())
}

fn holds_nothing(file: &HouseholdFile, section: Name) -> bool {
    file.row(section, 0).is_none_or(Row::is_empty)
}

/// Whether somebody who comes back was the head, and there is one.
fn is_second_head(filled: &FilledForm, household: Household<'_>) -> bool {
    let back = person(filled, PERSON);
    household.head().is_some() && household.everyone().any(|member| Some(member.id.0) == back && member.is_head())
}

fn ids(members: &[Member<'_>]) -> Vec<u32> {
    members.iter().map(|member| member.id.0).collect()
}

fn person(filled: &FilledForm, field: Name) -> Option<u32> {
    match filled.fields.get(&field)? {
        Answer::Person(id) => Some(*id),
        _ => None,
    }
}

/// Those of whom one becomes the head; none where no head is chosen.
fn candidates<'a>(
    form: &Form,
    filled: &FilledForm,
    household: Household<'a>,
    members: &[Member<'a>],
) -> Option<Vec<Member<'a>>> {
    if form.effect == Some(Effect::Split) {
        let going = form.fields.iter().find(|field| matches!(field.kind, FieldKind::People));
        let Some(Answer::People(going)) = going.and_then(|field| filled.fields.get(&field.id)) else {
            return Some(Vec::new());
        };
        return Some(members.iter().copied().filter(|member| going.contains(&member.id.0)).collect());
    }
    if !form.head {
        return None;
    }
    let head = household.head().map(|head| head.id.0);
    if form.person.is_none() {
        return Some(members.iter().copied().filter(|member| Some(member.id.0) != head).collect());
    }
    let leaver = person(filled, PERSON)?;
    let goes = members.iter().find(|member| member.id.0 == leaver)?;
    let staying: Vec<Member<'a>> = members.iter().copied().filter(|member| member.id.0 != leaver).collect();
    (goes.is_head() && !staying.is_empty()).then_some(staying)
}

/// The others who stay with the new head, the head of before among them where she stays.
fn told_anew(
    filled: &FilledForm,
    household: Household<'_>,
    candidates: &[Member<'_>],
    form: &Form,
    relations: &Relations,
) -> Vec<Relation> {
    let Some(new_head) = person(filled, NEW_HEAD) else { return Vec::new() };
    let Some(new_head) = candidates.iter().find(|member| member.id.0 == new_head) else { return Vec::new() };
    let stays_as_member = form.head && form.person.is_none();
    let old_head = household.head().filter(|head| stays_as_member && candidates.iter().all(|m| m.id != head.id));
    let others = old_head.iter().chain(candidates).filter(|member| member.id != new_head.id);
    others.map(|member| relation_of(*member, relations.suggest(*member, *new_head))).collect()
}

/// Nothing that a member was to the head of her old household says what she is in the new one.
fn joining(other: &HouseholdFile) -> Vec<Relation> {
    Household::of(other).members().map(|member| relation_of(member, None)).collect()
}

fn relation_of(member: Member<'_>, suggested: Option<Code>) -> Relation {
    Relation { person: member.id.0, name: member.name().into(), was: member.relation(), suggested }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;
    use crate::data::Data;

    const FAMILY: &str = "members.1.name=张三 members.1.relation=户主 members.1.sex=男 \
        members.2.name=李四 members.2.relation=配偶 members.2.sex=女 \
        members.3.name=张小军 members.3.relation=之子 members.3.sex=男 \
        members.4.name=张老太 members.4.relation=之母 members.4.sex=女 \
        members.5.name=张丽 members.5.relation=之女 members.5.left_why=婚出 \
        members.6.name=张强 members.6.relation=户主 members.6.left_why=参军";

    /// What is asked, as `field: people`, `field: —` where it is spared, and `name suggestion`.
    fn asked(form: &str, answers: &[(&str, Answer)]) -> Vec<String> {
        let defs = Defs::shipped();
        let file = defs.file(FAMILY);
        let other = defs.file("members.8.name=王五 members.8.relation=户主");
        let form = defs.forms.named(form).unwrap();
        let mut filled = FilledForm::blank(form.name, 1, "f1", 1);
        filled.fields.extend(answers.iter().map(|(field, answer)| (Name::new(field), answer.clone())));
        let relations = Relations::load(&Data::embedded()).unwrap();
        let merges = form.effect == Some(Effect::Merge);
        let asked = of(form, &filled, &file, merges.then_some(&other), &relations);
        let label = |code| defs.catalogue.list(Name::new("relation")).unwrap().label(code).to_owned();
        let people = asked.people.iter().map(|(field, people)| format!("{field}: {people:?}"));
        // What is asked of anybody who joins, and of her house, is tried below.
        let is_detail = |field: &&Name| {
            let field = form.field(field.as_str()).unwrap();
            field.if_unknown || field.if_held || field.only_with.is_some() || !field.carries.is_empty()
        };
        let spared = asked.spared.iter().filter(|field| !is_detail(field)).map(|field| format!("{field}: —"));
        let relations = asked
            .relations
            .iter()
            .map(|relation| format!("{} {}", relation.name, relation.suggested.map_or_else(|| "?".to_owned(), label)));
        people.chain(spared).chain(relations).collect()
    }

    #[test]
    fn a_new_head_is_asked_for_only_where_the_head_goes() {
        let who = |id| ("person", Answer::Person(id));
        let all = "person: [1, 2, 3, 4]";
        assert_eq!(asked("death", &[]), [all, "new_head: —", "relations: —"]);
        assert_eq!(asked("death", &[who(4)]), [all, "new_head: —", "relations: —"]);
        assert_eq!(asked("death", &[who(1)]), ["new_head: [2, 3, 4]", all, "relations: —"]);
        assert_eq!(
            asked("death", &[who(1), ("new_head", Answer::Person(2))]),
            ["new_head: [2, 3, 4]", all, "张小军 之子", "张老太 之婆婆"]
        );
        assert_eq!(asked("go_away", &[who(1)]), [all]);
        let back = |form, who_answered: &[(&'static str, Answer)]| asked(form, who_answered);
        assert_eq!(back("discharge", &[]), ["person: [6]", "relation: —"], "only who enlisted is discharged");
        assert_eq!(back("discharge", &[who(6)]), ["person: [6]"], "who was the head is something else to the new one");
        assert_eq!(back("come_back", &[]), ["person: [5]"]);
        assert_eq!(back("release", &[]), ["person: []", "relation: —"]);
    }

    #[test]
    fn the_head_of_before_becomes_something_to_the_new_one() {
        assert_eq!(
            asked("new_head", &[("new_head", Answer::Person(3))]),
            ["new_head: [2, 3, 4]", "张三 之父", "李四 之母", "张老太 之祖母"]
        );
    }

    #[test]
    fn who_splits_off_chooses_a_head_among_themselves_and_leaves_the_old_one_behind() {
        let going = || ("people", Answer::People(vec![3, 4]));
        assert_eq!(asked("split", &[]), ["new_head: []", "people: [2, 3, 4]", "relations: —"]);
        assert_eq!(
            asked("split", &[going(), ("new_head", Answer::Person(3))]),
            ["new_head: [3, 4]", "people: [2, 3, 4]", "张老太 之祖母"]
        );
    }

    #[test]
    fn what_the_file_knows_and_what_other_answers_rule_out_is_not_asked() {
        let defs = Defs::shipped();
        let relations = Relations::load(&Data::embedded()).unwrap();
        let asked = |form: &str, file: &str, answers: &[(&str, Answer)]| {
            let (form, file) = (defs.forms.named(form).unwrap(), defs.file(file));
            let mut filled = FilledForm::blank(form.name, 1, "f1", 1);
            filled.fields.extend(answers.iter().map(|(field, answer)| (Name::new(field), answer.clone())));
            let spared = of(form, &filled, &file, None, &relations).spared;
            form.fields.iter().map(|field| field.id).filter(|id| !spared.contains(id)).collect::<Vec<Name>>()
        };
        let is_asked = |asked: &[Name], field: &str| asked.iter().any(|id| *id == field);
        let back =
            asked("come_back", "members.5.left_why=婚出 members.5.nationality=汉族", &[("person", Answer::Person(5))]);
        assert!(is_asked(&back, "health") && !is_asked(&back, "nationality") && !is_asked(&back, "disability_grade"));
        let nobody = asked("come_back", "members.5.left_why=婚出", &[]);
        assert!(!is_asked(&nobody, "health"), "nobody knows yet of whom");
        let value = |text: &str| {
            let field = defs.catalogue.field(crate::domain::field::members::SECTION, Name::new("health")).unwrap();
            Answer::Value(defs.catalogue.read(field, text).unwrap().value.unwrap())
        };
        let bride = asked("marry_in", "", &[("health", value("长期慢性病、残疾"))]);
        assert!(is_asked(&bride, "disability_grade") && !is_asked(&bride, "employee_medical"));
        let yes_no = |yes| Answer::Value(crate::domain::Value::YesNo(yes));
        assert!(!is_asked(&asked("split", FAMILY, &[]), "same_house"), "nothing is on file of the house");
        let housed = format!("{FAMILY} water.safe=是");
        let same = asked("split", &housed, &[("same_house", yes_no(true))]);
        assert!(is_asked(&same, "same_house") && !is_asked(&same, "floor_area"));
        assert!(is_asked(&asked("split", &housed, &[("same_house", yes_no(false))]), "floor_area"));
    }

    #[test]
    fn who_joins_from_another_household_is_asked_without_a_guess() {
        assert_eq!(asked("merge", &[("from", Answer::Household(2))]), ["王五 ?"]);
    }
}
