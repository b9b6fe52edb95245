//! What is likely the answer to a question of a life event, as the family's own file tells it: a person confirms it.

use crate::domain::field::members;
use crate::domain::{
    Answer, Code, FilledForm, Household, HouseholdFile, IdNumber, Member, Name, PartialDate, Value, id_number,
};
use crate::forms::{Field, Form, PersonRole, Suggest, SuggestFrom};

use super::Look;
use super::relations::Relations;

/// An event as far as it is answered, in a family.
#[derive(Clone, Copy)]
pub struct Event<'a> {
    /// The definitions, the policy and the day.
    pub look: Look<'a>,
    /// Which event.
    pub form: &'a Form,
    /// What is answered.
    pub filled: &'a FilledForm,
    /// The family's file.
    pub file: &'a HouseholdFile,
    /// Whose children are whose.
    pub relations: &'a Relations,
}

impl<'a> Event<'a> {
    /// The likely answer to a question, the first that can be told.
    pub fn likely(self, field: &Field) -> Option<Value> {
        field.suggests.iter().find_map(|suggest| self.said_by(suggest))
    }

    fn said_by(self, suggest: &Suggest) -> Option<Value> {
        if suggest.under.is_some_and(|figure| self.is_under(figure) != Some(true)) {
            return None;
        }
        let value = match suggest.from {
            SuggestFrom::Value(ref value) => Some(value.clone()),
            SuggestFrom::Parents(section, field) => self.of_parents(section, field),
            SuggestFrom::Household(section, field) => self.file.of_household(section, field).cloned(),
            SuggestFrom::NewHead(section, field) => self.new_head()?.elsewhere(section, field).cloned(),
            SuggestFrom::Answer(answer) => self.answer(answer),
        }?;
        suggest.is.as_ref().is_none_or(|only| *only == value).then_some(value)
    }

    fn answer(self, field: Name) -> Option<Value> {
        match self.filled.fields.get(&field)? {
            Answer::Value(value) => Some(value.clone()),
            _ => None,
        }
    }

    fn members(self) -> impl Iterator<Item = Member<'a>> {
        Household::of(self.file).members()
    }

    fn new_head(self) -> Option<Member<'a>> {
        match self.filled.fields.get(&Name::fixed("new_head"))? {
            Answer::Person(head) => self.members().find(|member| member.id.0 == *head),
            _ => None,
        }
    }

    /// What the parents are on file as, where all of whom it is known agree; where it is known of none, the head.
    fn of_parents(self, section: Name, field: Name) -> Option<Value> {
        let relation = self.form.told(self.filled, (members::SECTION, members::RELATION))?.as_code()?.id()?;
        let parents = self.relations.parents_of(relation)?;
        let is_parent = |member: &Member<'_>| {
            member.relation().and_then(Code::id).is_some_and(|relation| parents.contains(&relation))
        };
        let mut said: Vec<&Value> =
            self.members().filter(is_parent).filter_map(|member| member.elsewhere(section, field)).collect();
        said.dedup();
        match said[..] {
            [] => Household::of(self.file).head()?.elsewhere(section, field).cloned(),
            [one] => Some(one.clone()),
            _ => None,
        }
    }

    /// Whether she is younger than a figure, whatever is open about her age.
    fn is_under(self, figure: Name) -> Option<bool> {
        let years = self.look.policy.figure(figure)?.as_whole()?;
        let (least, most) = self.birth()?.ages_on(self.look.day);
        match (i64::from(least) < years, i64::from(most) < years) {
            (true, true) => Some(true),
            (false, false) => Some(false),
            _ => None,
        }
    }

    /// When she was born of whom the event tells.
    fn birth(self) -> Option<PartialDate> {
        if self.form.person != Some(PersonRole::New) {
            let Some(Answer::Person(person)) = self.filled.fields.get(&Name::fixed("person")) else { return None };
            return Household::of(self.file).everyone().find(|member| member.id.0 == *person)?.birth();
        }
        let told = |field| self.form.told(self.filled, (members::SECTION, field));
        let by_number = || {
            let number = told(members::ID_NUMBER)?;
            let number = IdNumber::parse(&id_number::tidy(number.as_text()?)).ok()?;
            Some(PartialDate::from(number.birth()))
        };
        told(members::BIRTH_DATE).and_then(|date| date.as_date()).or_else(by_number)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;
    use crate::data::Data;

    /// What is suggested in an event, as `field label`, after these answers.
    fn suggested(event: &str, family: &str, answers: &[(&str, &str)]) -> Vec<String> {
        let defs = Defs::shipped();
        let file = defs.file(family);
        let form = defs.forms.named(event).unwrap();
        let mut filled = FilledForm::blank(form.name, 1, "f1", 1);
        for (id, text) in answers {
            let field = form.field(id).unwrap();
            let answer = match &field.kind {
                crate::forms::FieldKind::Value(plain) => {
                    Answer::Value(defs.catalogue.read(plain, text).unwrap().value.unwrap())
                }
                _ => Answer::Person(text.parse().unwrap()),
            };
            filled.fields.insert(field.id, answer);
        }
        let relations = Relations::load(&Data::embedded()).unwrap();
        let look = defs.on("2022-11-20");
        let event = Event { look, form, filled: &filled, file: &file, relations: &relations };
        let shown = |field: &Field| {
            let crate::forms::FieldKind::Value(plain) = &field.kind else { return None };
            Some(format!("{} {}", field.id, defs.catalogue.show(plain, &event.likely(field)?)))
        };
        form.fields.iter().filter_map(shown).collect()
    }

    const FAMILY: &str = "members.1.relation=户主 members.1.nationality=汉族 members.2.relation=之子 \
        members.2.nationality=回族 medical.2.resident_medical=是 members.3.relation=之儿媳 medical.3.resident_medical=是";

    #[test]
    fn a_child_has_what_its_parents_have_and_what_its_age_says() {
        let born = ("date", "2022-11-10");
        let by_age = ["health 健康", "student_state 学龄前儿童", "labour 无劳动力", "resident_pension 否"];
        assert_eq!(suggested("birth", FAMILY, &[born]), by_age, "nobody knows whose child it is");
        let grandchild = ["nationality 回族", by_age[0], by_age[1], by_age[2], "resident_medical 是", by_age[3]];
        assert_eq!(suggested("birth", FAMILY, &[born, ("relation", "之孙女")]), grandchild);
        let of_head = suggested("birth", FAMILY, &[born, ("relation", "之女")]);
        assert_eq!(of_head[0], "nationality 汉族");
        assert!(of_head.iter().all(|it| !it.starts_with("resident_medical")), "of the head's insurance nobody knows");
        let insured = suggested("birth", FAMILY, &[born, ("relation", "之孙女"), ("resident_medical", "是")]);
        assert!(insured.contains(&"serious_illness 是".to_owned()), "{insured:?}");
        let by_head =
            suggested("birth", "members.1.relation=户主 members.1.nationality=汉族", &[("relation", "之孙子")]);
        assert_eq!(by_head[0], "nationality 汉族", "of the parents nothing is known");
    }

    #[test]
    fn where_the_parents_differ_or_the_age_is_open_nothing_is_suggested() {
        let two = format!("{FAMILY} members.3.nationality=汉族");
        let suggestions = suggested("birth", &two, &[("date", "2022-11-10"), ("relation", "之孙子")]);
        assert!(suggestions.iter().all(|it| !it.starts_with("nationality")), "{suggestions:?}");
        let child = |birth: &str| suggested("join", FAMILY, &[("birth_date", birth)]);
        assert_eq!(child("2006"), [] as [&str; 0], "15 or 16");
        assert_eq!(child("2007"), ["labour 无劳动力", "resident_pension 否"]);
        assert_eq!(child("2018-01-01"), ["student_state 学龄前儿童", "labour 无劳动力", "resident_pension 否"]);
        assert_eq!(suggested("join", FAMILY, &[("id_number", "41999919831018766X")]), [] as [&str; 0]);
        assert_eq!(suggested("marry_in", FAMILY, &[("relation", "之儿媳")]), [] as [&str; 0], "nothing is invented");
    }
}
