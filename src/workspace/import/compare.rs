//! One household that is on file, field by field: what the roster last said, what it says now, what the village holds.

use crate::changes::three_way::{Outcome, Rank, decide};
use crate::changes::{FieldChange, Rows, Told};
use crate::domain::{HouseholdFile, Name, Slot, Value};

/// What a roster's word comes to in one household.
#[derive(Debug, Default)]
pub struct Parts {
    /// Fields that held nothing.
    pub taken: Vec<Rows>,
    /// Fields that change.
    pub changes: Vec<FieldChange>,
    /// What is only noted.
    pub told: Vec<Told>,
}

/// One field in which a roster moved, as it is shown before anything happens.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDetail {
    /// Which field.
    pub slot: Slot,
    /// The name of the person whose field it is, where it is somebody's.
    pub person: Option<Box<str>>,
    /// What the roster said last; an outer none where it never spoke of the field.
    pub said_last: Option<Option<Value>>,
    /// What it says now; none is a blank.
    pub says: Option<Value>,
    /// What the village holds.
    pub held: Option<Value>,
    /// What becomes of it.
    pub outcome: Outcome,
}

/// A household's file beside a roster.
pub struct Comparison<'a> {
    file: &'a HouseholdFile,
    roster: Option<u8>,
    rank: Rank,
    /// What it comes to so far.
    pub parts: Parts,
    /// The fields that moved so far.
    pub details: Vec<FieldDetail>,
}

impl Parts {
    /// Puts a value where there was none.
    pub fn take(&mut self, household: u32, slot: Slot, value: Value) {
        push(&mut self.taken, household, slot, Some(value));
    }

    /// Puts values where there were none in a whole row.
    pub fn take_row(&mut self, mut rows: Rows) {
        match self.taken.last_mut() {
            Some(last) if (last.household, last.section, last.row) == (rows.household, rows.section, rows.row) => {
                last.fields.append(&mut rows.fields);
            }
            _ if rows.fields.is_empty() => {}
            _ => self.taken.push(rows),
        }
    }

    /// Notes what a roster says without taking it over.
    pub fn tell(&mut self, household: u32, slot: Slot, value: Option<Value>, beside: bool) {
        let fits = |told: &&mut Told| told.beside == beside && is_row(&told.rows, household, slot);
        match self.told.last_mut().filter(fits) {
            Some(told) => told.rows.fields.push((slot.field, value)),
            None => self.told.push(Told { rows: one(household, slot, value), beside, why: None }),
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.changes.is_empty() && self.told.is_empty()
    }
}

fn push(all: &mut Vec<Rows>, household: u32, slot: Slot, value: Option<Value>) {
    match all.last_mut().filter(|rows| is_row(rows, household, slot)) {
        Some(rows) => rows.fields.push((slot.field, value)),
        None => all.push(one(household, slot, value)),
    }
}

fn is_row(rows: &Rows, household: u32, slot: Slot) -> bool {
    (rows.household, rows.section, rows.row) == (household, slot.section, slot.row)
}

fn one(household: u32, slot: Slot, value: Option<Value>) -> Rows {
    Rows { household, section: slot.section, row: slot.row, fields: vec![(slot.field, value)] }
}

impl<'a> Comparison<'a> {
    /// Puts a roster beside a file. `ranks` gives the rank of a kind of roster.
    pub fn new(file: &'a HouseholdFile, kind: Name, ranks: impl Fn(Name) -> u8) -> Self {
        let own = ranks(kind);
        let mut rank = Rank::default();
        for (at, seen) in file.rosters.iter().enumerate() {
            let other = ranks(seen.kind);
            rank.below |= u8::from(other < own) << at;
            rank.above |= u8::from(other > own) << at;
        }
        Self { file, roster: file.roster_index(kind), rank, parts: Parts::default(), details: Vec::new() }
    }

    /// The file.
    pub fn file(&self) -> &'a HouseholdFile {
        self.file
    }

    /// Whether a roster of a higher rank holds the household too.
    pub fn is_held_above(&self) -> bool {
        self.rank.above != 0
    }

    /// What the roster last said of a field; an outer none where it never spoke of it.
    pub fn said(&self, slot: Slot) -> Option<Option<&'a Value>> {
        let cell = self.file.row(slot.section, slot.row)?.cell(slot.field)?;
        cell.said(self.roster?)
    }

    /// Hears what the roster says of a field, a blank included; whether anything moves that is seen.
    pub fn hear(&mut self, slot: Slot, says: Option<Value>) -> bool {
        let cell = self.file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field));
        let held = cell.and_then(|cell| cell.value.as_ref());
        let mut outcome = decide(cell, self.roster, says.as_ref(), self.rank);
        // What nobody can use replaces nothing that can be used.
        if matches!(says, Some(Value::Unusable(_)))
            && held.is_some_and(|held| !matches!(held, Value::Unusable(_)))
            && outcome == Outcome::Take
        {
            outcome = Outcome::Note;
        }
        if outcome == Outcome::Nothing {
            return false;
        }
        if held != says.as_ref() {
            let said_last = self.said(slot).map(Option::<&Value>::cloned);
            let held = held.cloned();
            let (says, outcome) = (says.clone(), outcome.clone());
            self.details.push(FieldDetail { slot, person: None, said_last, says, held, outcome });
        }
        self.carry_out(slot, &outcome, held, says);
        outcome != Outcome::Note
    }

    /// Takes a field of a row that is not on file.
    pub fn take(&mut self, slot: Slot, value: Value) {
        let outcome = Outcome::Take;
        let (said_last, says, held) = (None, Some(value.clone()), None);
        self.details.push(FieldDetail { slot, person: None, said_last, says, held, outcome });
        self.parts.take(self.file.id.serial, slot, value);
    }

    /// Hears what follows from other fields and was not said: it is held as if a person had not been asked yet.
    pub fn derive(&mut self, slot: Slot, value: Value, follows_from_file: impl Fn(&Value) -> bool) -> bool {
        let cell = self.file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field));
        let held = cell.and_then(|cell| cell.value.as_ref());
        let said = self.said(slot).flatten().is_some();
        // A field that a person emptied stays empty, and one that somebody gave stays as it is.
        let emptied = held.is_none() && cell.is_some_and(|cell| !cell.other.is_empty());
        let given = held.is_some_and(|held| *held == value || !follows_from_file(held));
        if said || emptied || given {
            return false;
        }
        self.carry_out(slot, &Outcome::Take, held, Some(value));
        self.parts.tell(self.file.id.serial, slot, None, false);
        true
    }

    fn carry_out(&mut self, slot: Slot, outcome: &Outcome, held: Option<&Value>, says: Option<Value>) {
        let household = self.file.id.serial;
        match (outcome, held, says) {
            (Outcome::Nothing, ..) => {}
            (Outcome::Take, None, Some(says)) => self.parts.take(household, slot, says),
            (Outcome::Take, old, new) => self.parts.changes.push(FieldChange {
                household,
                slot,
                old: old.cloned(),
                new,
                happened_on: None,
                seen_on: None,
                evidence: None,
                item: None,
                evidence_only: false,
            }),
            (Outcome::Note, _, says) => self.parts.tell(household, slot, says, false),
            (Outcome::Beside, _, says) => self.parts.tell(household, slot, says, true),
        }
    }
}
