//! Numbers that are given out once: an act that would give one to a second household or person is refused; an ID number
//! that somebody else has is doubted, because either may be wrong.

use crate::changes::{Act, FieldChange};
use crate::domain::field::{address, members};
use crate::domain::{Answer, FilledForm, HouseholdFile, HouseholdId, Name, RowRef, Value, id_number};
use crate::forms::reading::Fault;
use crate::forms::{Form, doubts};

use super::open::Workspace;

impl Workspace {
    /// Refuses an act that would bring a number into the village a second time.
    pub(super) fn is_told_apart(&self, file: &HouseholdFile, act: Act) -> Result<Act, Vec<Fault>> {
        let faults: Vec<Fault> =
            act.changes.iter().filter_map(|change| self.fault_of_number(file.id, change)).collect();
        if faults.is_empty() { Ok(act) } else { Err(faults) }
    }

    /// What is odd about the answers of a form that can be taken in all the same.
    pub fn doubts(&self, form: &Form, filled: &FilledForm, file: &HouseholdFile) -> Vec<Fault> {
        let mut doubts = doubts::of(form, filled, &self.definitions.catalogue);
        doubts.extend(self.numbers_of_others(form, filled, file));
        doubts
    }

    /// ID numbers in a form that others of the village have.
    pub fn numbers_of_others(&self, form: &Form, filled: &FilledForm, file: &HouseholdFile) -> Vec<Fault> {
        let mut doubts = Vec::new();
        let is_number = |section, field| (section, field) == (members::SECTION, members::ID_NUMBER);
        let person = match filled.fields.get(&Name::fixed("person")) {
            Some(Answer::Person(person)) => *person,
            _ => 0,
        };
        for field in form.fields.iter().filter(|field| field.slot.is_some_and(|slot| is_number(slot.0, slot.1))) {
            let number = filled.value(field.id.as_str()).and_then(Value::as_text);
            let other = number.and_then(|number| self.other_with(file.id, person, number));
            doubts.extend(other.map(|why| Fault::at(field.id.as_str(), why)));
        }
        let edits = std::iter::once(("changes".to_owned(), &filled.edits));
        let edits = edits.chain(filled.items.iter().map(|(id, answer)| (format!("items.{id}.edits"), &answer.edits)));
        for (at, edits) in edits {
            for (number, edit) in edits.iter().enumerate() {
                let RowRef::At(person) = edit.row else { continue };
                let told = edit.fields.iter().find(|(field, _)| is_number(edit.section, *field));
                let text = told.and_then(|(_, value)| value.as_ref()?.as_text());
                let other = text.and_then(|text| self.other_with(file.id, person, text));
                doubts.extend(other.map(|why| Fault::at(doubts::path(&at, number, edit, "id_number"), why)));
            }
        }
        doubts
    }

    /// Who else of the village has this ID number, in words.
    fn other_with(&self, id: HouseholdId, person: u32, number: &str) -> Option<String> {
        let number = id_number::tidy(number);
        let stem = id_number::stem(&number);
        let of_village = self.households.iter().filter(|summary| summary.id.village == id.village);
        let everyone = of_village.flat_map(|summary| summary.everyone.iter().map(move |other| (summary, other)));
        let (summary, other) = everyone.filter(|(_, other)| other.id != person).find(|(_, other)| {
            let known = other.id_number.as_deref().map(id_number::tidy);
            known.is_some_and(|known| id_number::stem(&known) == stem)
        })?;
        let (name, household) = (&other.name, self.household_in_words(summary.id));
        Some(format!("证件号码与{household}户（{}）的{name}相同，请核对是谁的", summary.number()))
    }

    /// A 户编号 or 人编号 that somebody else has.
    fn fault_of_number(&self, id: HouseholdId, change: &FieldChange) -> Option<Fault> {
        let number = change.new.as_ref().and_then(Value::as_text)?;
        let slot = change.slot;
        let id = HouseholdId { serial: change.household, ..id };
        if (slot.section, slot.field) == (address::SECTION, address::NATIONAL_NUMBER) {
            let other = self.households.numbered(number).filter(|other| *other != id)?;
            let head = self.households.get(other).map_or("", |summary| &summary.head);
            return Some(Fault::at("national_number", format!("户编号 {number} 已是另一户（户主{head}）的")));
        }
        if (slot.section, slot.field) == (members::SECTION, members::PERSON_NUMBER) {
            let of_village = self.households.iter().filter(|summary| summary.id.village == id.village);
            let everyone = of_village.flat_map(|summary| summary.everyone.iter().map(move |person| (summary, person)));
            let mut others = everyone.filter(|(_, person)| person.id != slot.row);
            let (summary, person) = others.find(|(_, person)| person.national_number.as_deref() == Some(number))?;
            let why = format!("人编号 {number} 已是户 {} 的{}的", summary.number(), person.name);
            return Some(Fault::at("person_number", why));
        }
        None
    }
}
