//! A household that the village holds: what the roster says of it, compared field by field.

use std::collections::HashSet;

use crate::catalogue::SectionKind;
use crate::changes::{Act, Seen, counted};
use crate::domain::field::{members, unlisted};
use crate::domain::{HouseholdFile, IdNumber, Name, Slot, Value, person_name};
use crate::exchange::roster::{Derived, Keys, Kind, RosterHousehold, RosterPerson, Said, SlotIx, Table, Use};

use super::compare::Comparison;
use super::error::ImportError;
use super::index::{HouseholdIx, PersonIx};
use super::matching::find_people;
use super::opening::take_person;
use super::plan::{Desk, Planner, Step, bit};
use super::report::PersonNews;
use super::rows::{NewRows, compare_lists};
use super::tally::Mark;

impl Planner<'_> {
    /// Compares a household with its file; a promoted one has just received its 户编号.
    pub(super) fn compare(
        &mut self,
        step: Step<'_>,
        desk: &dyn Desk,
        household: HouseholdIx,
        said: RosterHousehold,
        promoted: bool,
    ) -> Result<Option<Act>, ImportError> {
        let wanted: Vec<Keys> = said.people.iter().map(|person| person.keys).collect();
        let found = find_people(&self.index, household, &wanted);
        let entry = self.index.household_mut(household);
        entry.seen |= bit(step.kind_at);
        entry.named_in = step.number;
        let (id, last) = (entry.id, entry.digest_of(step.kind.id));
        if !promoted && last == Some(said.digest) {
            self.pass_over(step, household, found.into_iter().flatten());
            return Ok(None);
        }
        let file = self.overlay.file(id, desk.file(id)?);
        let file = file.unwrap_or_else(|| HouseholdFile::open(id, self.setting.now.date_naive()));
        let kinds = &self.setting.kinds.kinds;
        let rank = |id: Name| kinds.iter().find(|kind| kind.id == id).map_or(0, |kind| kind.rank);
        let mut comparison = Comparison::new(&file, step.kind.id, rank);
        let table = &step.tables[said.table];
        let sections = spoken_of(step, &file, &said);
        let (digest, head) = (said.digest, said.head);
        let head_name = said.people.iter().find(|person| person.is_head).map_or(0, |person| person.keys.name);
        let mut moved = compare_household(&mut comparison, step.kind, table, said.said);
        if let Some(lists) = &step.kind.lists {
            let has_column = |kind| table.columns.iter().any(|column| column.used == Some(Use::List(kind)));
            moved |= compare_lists(&mut comparison, lists, &said.lists, has_column, &mut NewRows::default());
        }
        let mut people = Vec::with_capacity(said.people.len());
        let mut news = Vec::new();
        for (person, found) in said.people.into_iter().zip(found) {
            let (number, person_moved) = match found {
                Some(at) => {
                    self.index.learn(at, person.keys);
                    let number = self.index.person(at).id;
                    let person_moved = compare_person(&mut comparison, step.kind, table, number, person);
                    let mark = if promoted {
                        Mark::Promoted
                    } else if person_moved {
                        Mark::Changed
                    } else {
                        Mark::Unchanged
                    };
                    self.note_person(step, at, mark);
                    (number, person_moved)
                }
                None => {
                    let number = self.next_person(id.village);
                    let at = self.index.add_person(household, number, person.keys);
                    self.note_person(step, at, Mark::New);
                    news.push(PersonNews { name: name_of(step.kind, &person), mark: Mark::New });
                    take_person(&mut comparison.parts, id.serial, step.kind, number, person);
                    (number, true)
                }
            };
            moved |= person_moved;
            people.push(number);
        }
        let missing = self.missing_people(step, household, &file, &people);
        news.extend(missing.iter().map(|(_, name)| PersonNews { name: name.clone(), mark: Mark::Absent }));
        let known = file.rosters.iter().find(|seen| seen.kind == step.kind.id);
        let gone_before = known.map_or(&[][..], |known| &known.gone);
        // A household of whom somebody is missing is looked at again each time: nothing matches a digest of 0.
        let digest = if missing.is_empty() { digest } else { 0 };
        let newly_missing = missing.iter().any(|(person, _)| !gone_before.contains(person));
        let returned = missing.is_empty() && last == Some(0) || people.iter().any(|it| gone_before.contains(it));
        let newly_listed = known.is_none_or(|known| people.iter().any(|person| !known.people.contains(person)));
        let (parts, fields) = (comparison.parts, comparison.details);
        let says_nothing_new = parts.is_empty() && sections.is_empty() && !newly_listed && !newly_missing && !returned;
        let mark = match (promoted, moved || newly_missing) {
            (true, _) => Mark::Promoted,
            (false, true) => Mark::Changed,
            (false, false) => Mark::Unchanged,
        };
        let entry = self.index.household_mut(household);
        entry.mark.raise(mark);
        entry.set_digest(step.kind.id, digest);
        if head_name != 0 {
            entry.head = head_name;
        }
        if promoted {
            self.index.set_number(household, said.number.as_deref().map_or(0, Keys::of_number));
        }
        self.index.name_head(household, head);
        let mark = self.index.household(household).mark;
        self.details.compared(self.setting.catalogue, &file, said.number.as_deref(), mark, fields, news);
        if says_nothing_new {
            return Ok(None);
        }
        let mut act = self.act(step, id, parts, Seen { household: id.serial, people, digest }, sections);
        counted::complete(&mut act, id.serial, Some(&file));
        self.overlay.keep(id, &act);
        Ok(Some(act))
    }

    /// A household of which the roster says what it said before, as its digest shows: its file is not even read.
    pub(super) fn pass_over(&mut self, step: Step<'_>, household: HouseholdIx, people: impl Iterator<Item = PersonIx>) {
        self.index.household_mut(household).mark.raise(Mark::Unchanged);
        for at in people {
            self.note_person(step, at, Mark::Unchanged);
        }
    }

    pub(super) fn note_person(&mut self, step: Step<'_>, person: PersonIx, mark: Mark) {
        let entry = self.index.person_mut(person);
        entry.seen |= bit(step.kind_at);
        entry.mark.raise(mark);
    }

    /// Those whom an earlier file of this kind listed, who have not left, and whom no file lists now.
    fn missing_people(
        &mut self,
        step: Step<'_>,
        household: HouseholdIx,
        file: &HouseholdFile,
        listed: &[u32],
    ) -> Vec<(u32, Box<str>)> {
        let Some(known) = file.rosters.iter().find(|seen| seen.kind == step.kind.id) else { return Vec::new() };
        let here: Vec<PersonIx> = self.index.people_of(household).collect();
        let mut missing = Vec::new();
        for at in here {
            let person = self.index.person(at);
            let gone = known.people.contains(&person.id) && !listed.contains(&person.id);
            if gone && !person.left && person.seen & bit(step.kind_at) == 0 {
                let name = file.get(Slot { section: members::SECTION, row: person.id, field: members::NAME });
                missing.push((person.id, name.and_then(Value::as_text).unwrap_or_default().into()));
                self.missing.push((bit(step.kind_at), at));
            }
        }
        missing
    }
}

/// The sections of which the roster says something and whose day it moves on.
fn spoken_of(step: Step<'_>, file: &HouseholdFile, said: &RosterHousehold) -> Vec<Name> {
    let Some(on) = step.as_of else { return Vec::new() };
    let mut sections: Vec<Name> = Vec::new();
    let all = said.said.iter().chain(said.people.iter().flat_map(|person| &person.said));
    for (slot, _) in all.filter(|(_, value)| value.is_some()) {
        let section = step.kind.slots[usize::from(*slot)].section;
        let known = file.sections.get(&section).and_then(|section| section.as_of);
        let moves_on = known.is_none_or(|known| known != on && known.latest() <= on.latest());
        if moves_on && !sections.contains(&section) {
            sections.push(section);
        }
    }
    sections
}

fn compare_household(comparison: &mut Comparison<'_>, kind: &Kind, table: &Table, mut said: Vec<Said>) -> bool {
    // What nobody wrote is not held against what a higher roster says.
    if comparison.is_held_above() {
        said.retain(|(slot, value)| {
            !kind.defaults.iter().any(|(default, assumed)| default == slot && value.as_ref() == Some(assumed))
        });
    }
    let mut moved = false;
    each_slot(kind, SectionKind::Household, table, said, |slot, value| {
        let is_default = kind.defaults.iter().any(|(default, _)| *default == slot);
        if value.is_some() || !is_default {
            moved |= comparison.hear(place(kind, slot, 0), value);
        }
    });
    moved
}

fn compare_person(
    comparison: &mut Comparison<'_>,
    kind: &Kind,
    table: &Table,
    number: u32,
    mut person: RosterPerson,
) -> bool {
    let mut moved = false;
    let derived = std::mem::take(&mut person.derived);
    for Derived { field, value } in &derived {
        let slot = Slot { section: members::SECTION, row: number, field: *field };
        let file = comparison.file();
        moved |= comparison.derive(slot, value.clone(), |held| follows_from_number(file, number, *field, held));
    }
    each_slot(kind, SectionKind::Person, table, person.said, |slot, value| {
        let slot = place(kind, slot, number);
        let is_derived = slot.section == members::SECTION && derived.iter().any(|derived| derived.field == slot.field);
        let value = value.map(|value| as_written_before(comparison, slot, value));
        let was_said = comparison.said(slot).flatten().is_some();
        if value.is_some() || !is_derived || was_said {
            moved |= comparison.hear(slot, value);
        }
    });
    let unlisted_slot = |field| Slot { section: unlisted::SECTION, row: number, field };
    let told: HashSet<Name> = person.unlisted.iter().map(|(name, _)| *name).collect();
    for name in table.unknown_columns().filter(|name| !told.contains(name)) {
        moved |= comparison.hear(unlisted_slot(name), None);
    }
    for (field, value) in person.unlisted {
        moved |= comparison.hear(unlisted_slot(field), Some(value));
    }
    moved
}

/// A name that is only written otherwise than the roster or the village had it is no other name.
fn as_written_before(comparison: &Comparison<'_>, slot: Slot, value: Value) -> Value {
    let Some(name) = value.as_text().filter(|_| (slot.section, slot.field) == (members::SECTION, members::NAME)) else {
        return value;
    };
    let known = [comparison.said(slot).flatten(), comparison.file().get(slot)].into_iter().flatten();
    let is_same = |known: &&&Value| {
        known.as_text().is_some_and(|known| person_name::kept(known) == known && person_name::is_same(known, name))
    };
    let same = known.into_iter().find(|known| is_same(&known));
    same.cloned().unwrap_or(value)
}

/// Calls with each slot of which the roster speaks, and what it says; of a cell that cannot be used it says nothing.
fn each_slot(
    kind: &Kind,
    of: SectionKind,
    table: &Table,
    said: Vec<Said>,
    mut each: impl FnMut(SlotIx, Option<Value>),
) {
    let mut said = said.into_iter().peekable();
    for (at, slot) in kind.slots.iter().enumerate() {
        if slot.only_key {
            continue;
        }
        match said.next_if(|(other, _)| usize::from(*other) == at) {
            Some((_, None)) => {}
            Some((_, value)) => each(at as SlotIx, value),
            None if slot.of == of && table.says[at] => each(at as SlotIx, None),
            None => {}
        }
    }
}

fn place(kind: &Kind, slot: SlotIx, row: u32) -> Slot {
    let slot = &kind.slots[usize::from(slot)];
    Slot { section: slot.section, row, field: slot.field.id }
}

/// Whether a value is what the ID number on file says.
fn follows_from_number(file: &HouseholdFile, number: u32, field: Name, held: &Value) -> bool {
    let id_number = file.get(Slot { section: members::SECTION, row: number, field: members::ID_NUMBER });
    let id_number = id_number.and_then(|value| IdNumber::parse(value.as_text()?).ok());
    let derived = id_number.iter().flat_map(Derived::from);
    derived.into_iter().any(|derived| derived.field == field && derived.value == *held)
}

pub(super) fn name_of(kind: &Kind, person: &RosterPerson) -> Box<str> {
    let name = kind.slot(members::SECTION, members::NAME);
    let said = person.said.iter().find(|(slot, _)| Some(*slot) == name);
    said.and_then(|(_, value)| value.as_ref()?.as_text()).unwrap_or_default().into()
}
