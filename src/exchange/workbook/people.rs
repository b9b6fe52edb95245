//! Who is meant by the numbers in acts: household, head, person, by the words of the files at the end of the run.

use std::collections::BTreeMap;

use crate::domain::field::members;
use crate::domain::{Household, HouseholdFile, HouseholdId, Name, Slot, Value, VillageCode};

use super::Run;

/// The person's numbers and name as the columns have them.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub number: String,
    pub name: String,
    pub id_number: String,
}

/// The households of a run.
pub(super) struct People {
    village: VillageCode,
    files: BTreeMap<u32, HouseholdFile>,
    /// What the run itself last said of a field of a member, for people whom a later act took out again.
    said: BTreeMap<(u32, u32, Name), String>,
}

const IDENTITY: [Name; 3] = [members::PERSON_NUMBER, members::NAME, members::ID_NUMBER];

impl People {
    pub fn of(run: &Run<'_>) -> Self {
        let mut people = Self { village: run.set.village, files: BTreeMap::new(), said: BTreeMap::new() };
        for act in run.acts.iter().filter(|act| act.is_news()) {
            for household in act.households() {
                if !people.files.contains_key(&household)
                    && let Some(file) = (run.file)(household)
                {
                    people.files.insert(household, file);
                }
            }
            for change in act.field_changes().filter(|change| change.slot.section == members::SECTION) {
                let said = change.new.as_ref().or(change.old.as_ref()).and_then(Value::as_text);
                if let Some(said) = said.filter(|_| IDENTITY.contains(&change.slot.field)) {
                    people.said.insert((change.household, change.slot.row, change.slot.field), said.to_owned());
                }
            }
        }
        people
    }

    /// The file of a household.
    pub fn file(&self, household: u32) -> Option<&HouseholdFile> {
        self.files.get(&household)
    }

    /// 户编号 or the village's own number, and whether it is the former.
    pub fn household(&self, household: u32) -> (String, bool) {
        match self.file(household).map(Household::of).and_then(Household::national_number) {
            Some(number) => (number.to_owned(), true),
            None => (HouseholdId { village: self.village, serial: household }.local_number(), false),
        }
    }

    /// The head's name; where nobody is the head, the first member's, and of an empty household its last head's.
    pub fn head(&self, household: u32) -> String {
        let Some(file) = self.file(household).map(Household::of) else { return String::new() };
        let head = file.head().or_else(|| file.members().next());
        let head = head.or_else(|| file.everyone().rev().find(|member| member.is_head()));
        head.map_or_else(String::new, |member| member.name().to_owned())
    }

    /// The person of this row of the members' section.
    pub fn person(&self, household: u32, person: u32) -> Person {
        let [number, name, id_number] = IDENTITY.map(|field| {
            let slot = Slot { section: members::SECTION, row: person, field };
            let on_file = self.file(household).and_then(|file| file.get(slot));
            match on_file {
                Some(Value::Text(text) | Value::Unusable(text)) => text.to_string(),
                _ => self.said.get(&(household, person, field)).cloned().unwrap_or_default(),
            }
        });
        Person { number, name, id_number }
    }
}
