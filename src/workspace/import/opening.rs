//! A household that the village does not hold: its file is opened with all that the roster says.

use crate::changes::{Act, Opened, Rows, Seen, counted};
use crate::domain::field::{members, unlisted};
use crate::domain::{HouseholdId, Name, Slot, Value, VillageCode};
use crate::exchange::roster::{Keys, Kind, RosterHousehold, RosterPerson, Said, SlotIx};

use super::compare::Parts;
use super::plan::{Planner, Step, bit};
use super::rows::{NewRows, open_lists};
use super::tally::Mark;

impl Planner<'_> {
    /// Opens a file.
    pub(super) fn open(&mut self, step: Step<'_>, village: VillageCode, said: RosterHousehold) -> Act {
        let id = HouseholdId { village, serial: self.next_household(village) };
        let household = self.index.add_household(id, said.number.as_deref().map_or(0, Keys::of_number));
        let entry = self.index.household_mut(household);
        (entry.mark, entry.seen, entry.named_in) = (Mark::New, bit(step.kind_at), step.number);
        entry.set_digest(step.kind.id, said.digest);
        entry.head = said.people.iter().find(|person| person.is_head).map_or(0, |head| head.keys.name);
        self.index.name_head(household, said.head);
        let mut parts = Parts::default();
        take_said(&mut parts, id.serial, step.kind, 0, said.said);
        let mut people = Vec::with_capacity(said.people.len());
        for person in said.people {
            let number = self.next_person(village);
            let at = self.index.add_person(household, number, person.keys);
            let entry = self.index.person_mut(at);
            (entry.mark, entry.seen) = (Mark::New, bit(step.kind_at));
            take_person(&mut parts, id.serial, step.kind, number, person);
            people.push(number);
        }
        if let Some(lists) = &step.kind.lists {
            open_lists(&mut parts, id.serial, lists, &said.lists, &mut NewRows::default());
        }
        self.details.opened(id, said.number.as_deref(), &parts);
        let sections = sections(&parts);
        let mut act = self.act(step, id, parts, Seen { household: id.serial, people, digest: said.digest }, sections);
        act.opened.push(Opened { household: id.serial, on: self.setting.now.date_naive() });
        counted::complete(&mut act, id.serial, None);
        self.overlay.keep(id, &act);
        act
    }
}

/// Takes all that is said of a person who is not on file.
pub(super) fn take_person(parts: &mut Parts, household: u32, kind: &Kind, number: u32, person: RosterPerson) {
    for derived in person.derived {
        let slot = Slot { section: members::SECTION, row: number, field: derived.field };
        parts.take(household, slot, derived.value);
        parts.tell(household, slot, None, false);
    }
    take_said(parts, household, kind, number, person.said);
    for (field, value) in person.unlisted {
        parts.take(household, Slot { section: unlisted::SECTION, row: number, field }, value);
    }
}

/// Takes what is said in a row of each section; it comes in the order of the sections.
fn take_said(parts: &mut Parts, household: u32, kind: &Kind, row: u32, said: Vec<Said>) {
    let section = |slot: SlotIx| kind.slots[usize::from(slot)].section;
    let mut said = said.into_iter().peekable();
    let mut left = said.len();
    while let Some((first, value)) = said.next() {
        let section_of_row = section(first);
        let mut fields = Vec::with_capacity(left.min(16));
        let mut add = |slot: SlotIx, value: Option<Value>| {
            left -= 1;
            if value.is_some() {
                fields.push((kind.slots[usize::from(slot)].field.id, value));
            }
        };
        add(first, value);
        while let Some((slot, value)) = said.next_if(|(slot, _)| section(*slot) == section_of_row) {
            add(slot, value);
        }
        parts.take_row(Rows { household, section: section_of_row, row, fields });
    }
}

/// The sections of which something is said, each once.
fn sections(parts: &Parts) -> Vec<Name> {
    let mut sections: Vec<Name> = Vec::new();
    for rows in &parts.taken {
        if !sections.contains(&rows.section) {
            sections.push(rows.section);
        }
    }
    sections
}
