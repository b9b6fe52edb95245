//! Counted rows that a roster lists: measures by kind and content, jobs by their person and beginning.

use std::collections::HashMap;

use crate::domain::field::jobs;
use crate::domain::{HouseholdFile, Name, Quantity, Row, Slot, Value};
use crate::exchange::roster::{Kind, Listed, Lists, RosterRow, SlotIx};

use super::compare::{Comparison, Parts};

/// Numbers for new counted rows, going on from a file's.
#[derive(Debug, Default)]
pub struct NewRows(HashMap<Name, u32>);

impl NewRows {
    /// The number of the next new row of a section.
    pub fn next(&mut self, file: Option<&HouseholdFile>, section: Name) -> u32 {
        let next = self.0.entry(section).or_insert_with(|| file.map_or(1, |file| file.next_row(section)));
        *next += 1;
        *next - 1
    }
}

/// Takes what is listed as new rows of a new household.
pub fn open_lists(parts: &mut Parts, household: u32, lists: &Lists, listed: &[Listed], rows: &mut NewRows) {
    for one in listed {
        let row = rows.next(None, lists.section);
        fields_of(lists, one, row).into_iter().for_each(|(slot, value)| parts.take(household, slot, value));
    }
}

fn fields_of(lists: &Lists, listed: &Listed, row: u32) -> [(Slot, Value); 2] {
    let slot = |field| Slot { section: lists.section, row, field };
    [(slot(lists.set), Value::code(listed.kind)), (slot(lists.field), Value::Text(listed.what.clone()))]
}

/// Compares what is listed with the rows on file; `has_column` tells of which kinds the roster speaks at all.
pub fn compare_lists(
    comparison: &mut Comparison<'_>,
    lists: &Lists,
    listed: &[Listed],
    has_column: impl Fn(Name) -> bool,
    rows: &mut NewRows,
) -> bool {
    let file = comparison.file();
    let mut moved = false;
    let mut on_file: Vec<u32> = file.rows(lists.section).map(|(number, _)| number).collect();
    let slot = |row, field| Slot { section: lists.section, row, field };
    for one in listed {
        let what = Value::Text(one.what.clone());
        let kind = Value::code(one.kind);
        let is_it = |comparison: &Comparison<'_>, row: u32| {
            let is = |field, value: &Value| {
                let slot = slot(row, field);
                comparison.said(slot).flatten() == Some(value) || file.get(slot) == Some(value)
            };
            is(lists.set, &kind) && is(lists.field, &what)
        };
        match on_file.iter().position(|row| is_it(comparison, *row)) {
            Some(at) => {
                let row = on_file.remove(at);
                moved |= comparison.hear(slot(row, lists.set), Some(kind));
                moved |= comparison.hear(slot(row, lists.field), Some(what));
            }
            None => {
                let row = rows.next(Some(file), lists.section);
                fields_of(lists, one, row).into_iter().for_each(|(slot, value)| comparison.take(slot, value));
                moved = true;
            }
        }
    }
    // What the roster listed and lists no more stays, and a person is told.
    for row in on_file {
        let kind = comparison.said(slot(row, lists.set)).flatten().and_then(Value::as_code);
        let spoken_of = kind.and_then(|kind| kind.id()).is_some_and(&has_column);
        if spoken_of && comparison.said(slot(row, lists.field)).flatten().is_some() {
            moved |= comparison.hear(slot(row, lists.field), None);
        }
    }
    moved
}

/// Takes a job as a new row.
pub fn take_job(comparison: &mut Comparison<'_>, kind: &Kind, person: u32, job: RosterRow, row: u32) {
    comparison.take(whose(row), Value::Quantity(Quantity::whole(person.into())));
    for (at, value) in job.said {
        if let Some(value) = value {
            comparison.take(slot_of(kind, at, row), value);
        }
    }
}

fn whose(row: u32) -> Slot {
    Slot { section: jobs::SECTION, row, field: jobs::PERSON }
}

/// Compares a job with its row on file; of the fields that have no column nothing is said.
pub fn compare_job(
    comparison: &mut Comparison<'_>,
    kind: &Kind,
    has_column: impl Fn(SlotIx) -> bool,
    person: u32,
    job: &RosterRow,
    row: u32,
) -> bool {
    let mut moved = comparison.hear(whose(row), Some(Value::Quantity(Quantity::whole(person.into()))));
    for at in (0..kind.slots.len() as SlotIx).filter(|at| !kind.slots[usize::from(*at)].only_key) {
        match job.said.iter().find(|(other, _)| *other == at) {
            Some((_, Some(value))) => moved |= comparison.hear(slot_of(kind, at, row), Some(value.clone())),
            Some((_, None)) => {}
            None if has_column(at) => moved |= comparison.hear(slot_of(kind, at, row), None),
            None => {}
        }
    }
    moved
}

fn slot_of(kind: &Kind, at: SlotIx, row: u32) -> Slot {
    let slot = &kind.slots[usize::from(at)];
    Slot { section: slot.section, row, field: slot.field.id }
}

/// For each of a person's jobs its row on file: the one that begins on the same day (first of all at the same place),
/// else the next in order that this kind of roster gave and that may be the same work.
pub fn find_jobs(
    file: &HouseholdFile,
    roster: Option<u8>,
    kind: &Kind,
    person: u32,
    listed: &[&RosterRow],
) -> Vec<Option<u32>> {
    let whose = Value::Quantity(Quantity::whole(person.into()));
    let of_person = |(number, row): (u32, &Row)| (row.get(jobs::PERSON) == Some(&whose)).then_some(number);
    let mut free: Vec<u32> = file.rows(jobs::SECTION).filter_map(of_person).collect();
    let cell = |row: u32, field: Name| file.row(jobs::SECTION, row)?.cell(field);
    let said = |row: u32, field: Name| cell(row, field)?.said(roster?).flatten();
    let says = |job: &RosterRow, field: Name| {
        let at = kind.slot(jobs::SECTION, field)?;
        job.said.iter().find(|(other, _)| *other == at)?.1.clone()
    };
    let same = |row: u32, job: &RosterRow, field: Name| {
        let says = says(job, field);
        says.as_ref() == said(row, field) || says.as_ref() == cell(row, field).and_then(|cell| cell.value.as_ref())
    };
    let is_ours = |row: u32| {
        let known = cell(row, jobs::PERSON).zip(roster);
        known.is_some_and(|(cell, roster)| cell.said(roster).is_some())
    };
    let planned = |row: u32, job: &RosterRow| {
        let held = cell(row, jobs::PLANNED).and_then(|cell| cell.value.as_ref());
        let known = if is_ours(row) { said(row, jobs::PLANNED) } else { held };
        let yes = |value: Option<&Value>| value.and_then(Value::as_yes_no).unwrap_or(false);
        yes(known) == yes(says(job, jobs::PLANNED).as_ref())
    };
    let starts = |row: u32, job: &RosterRow| {
        let held = file.get(Slot { section: jobs::SECTION, row, field: jobs::FROM }).and_then(Value::as_date);
        (held, says(job, jobs::FROM).as_ref().and_then(Value::as_date))
    };
    let begins = |row: u32, job: &RosterRow| match starts(row, job) {
        (Some(held), Some(says)) => held.agrees_with(says) || same(row, job, jobs::FROM),
        (held, says) => held == says,
    };
    // A beginning that was put right, or is not known: the same work as far as one can see.
    let goes_on = |row: u32, job: &RosterRow| match starts(row, job) {
        (Some(_), Some(_)) => same(row, job, jobs::PLACE) && same(row, job, jobs::EMPLOYER),
        _ => true,
    };
    type IsMeant<'a> = &'a dyn Fn(u32, &RosterRow) -> bool;
    let passes: [IsMeant<'_>; 3] = [
        &|row, job| planned(row, job) && begins(row, job) && same(row, job, jobs::PLACE),
        &|row, job| planned(row, job) && begins(row, job),
        &|row, job| planned(row, job) && is_ours(row) && goes_on(row, job),
    ];
    let mut found = vec![None; listed.len()];
    for is_meant in passes {
        for (job, found) in listed.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            if let Some(at) = free.iter().position(|row| is_meant(*row, job)) {
                *found = Some(free.remove(at));
            }
        }
    }
    found
}
