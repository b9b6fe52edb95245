//! What may be entered: asked once, where a person's act is made, whatever its way in.
//!
//! A guard refuses what the act adds, never what stood in the file before. It is not asked of what a roster tells, nor
//! when acts are read again.

mod amounts;
mod days;
mod family;
mod forms;
mod order;
mod sections;
mod state;

use chrono::NaiveDate;

use crate::catalogue::Deed;
use crate::domain::{FilledForm, HouseholdFile, Name, PartialDate, Role, Side, Slot, Value};
use crate::forms::Form;

use super::{Look, check};

/// An act as somebody is about to make it.
#[derive(Clone, Copy)]
pub struct Made<'a> {
    /// The definitions, the policy and the day.
    pub look: Look<'a>,
    /// What sort of act.
    pub deed: Deed,
    /// In which role.
    pub role: Role,
    /// On which side.
    pub side: Side,
    /// The form that it comes from, as it was filled; none for what is done with one key.
    pub form: Option<(&'a Form, &'a FilledForm)>,
    /// The fields that it changes.
    pub changes: &'a [Change<'a>],
    /// The files that it touches.
    pub files: &'a [Touched],
    /// The fields whose change the county refused, so that a change of them is an answer.
    pub refused: &'a [(u32, Slot)],
}

/// A file before and after an act.
pub struct Touched {
    /// As it is; blank where the act opens it.
    pub before: HouseholdFile,
    /// As it would be.
    pub after: HouseholdFile,
}

/// One field that changes.
#[derive(Clone, Copy)]
pub struct Change<'a> {
    /// Whose field, by the serial.
    pub household: u32,
    /// Which one.
    pub slot: Slot,
    /// What was there.
    pub old: Option<&'a Value>,
    /// What is there now.
    pub new: Option<&'a Value>,
    /// When it happened.
    pub happened_on: Option<PartialDate>,
    /// When it was seen.
    pub seen_on: Option<NaiveDate>,
    /// The visit's item under which it was entered.
    pub item: Option<Name>,
}

/// Why an act cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with it.
    pub at: At,
    /// What was found, what was expected, what to do.
    pub why: String,
}

/// What of an act is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A field that it changes.
    Slot(u32, Slot, Option<Name>),
    /// An answer of its form, by the path in which `record` takes it.
    Answer(String),
    /// The day on which the change of a field happened.
    HappenedOn(Slot, Option<Name>),
    /// The household as a whole.
    Household,
    /// Something of it that no one field says.
    Whole,
}

impl Refusal {
    fn slot(change: &Change<'_>, why: String) -> Self {
        Self { at: At::Slot(change.household, change.slot, change.item), why }
    }

    fn answer(path: &str, why: String) -> Self {
        Self { at: At::Answer(path.to_owned()), why }
    }

    /// The changes that it refuses, by their places: one field, or all where no one field is to blame.
    pub fn places(&self, changes: &[Change<'_>]) -> Vec<usize> {
        let of = |change: &Change<'_>| match &self.at {
            At::Slot(household, slot, _) => (change.household, change.slot) == (*household, *slot),
            _ => true,
        };
        changes.iter().enumerate().filter(|(_, change)| of(change)).map(|(at, _)| at).collect()
    }
}

impl<'a> Made<'a> {
    fn touched(&self, household: u32) -> Option<&'a Touched> {
        self.files.iter().find(|file| file.after.id.serial == household)
    }

    fn is_event(&self) -> bool {
        self.deed == Deed::Event
    }
}

/// Why an act cannot be made, the plainest reason of each field first; nothing where it can.
pub fn judge(made: &Made<'_>) -> Vec<Refusal> {
    // What is taken back brings back what stood before; only the two together may contradict one another.
    if made.deed == Deed::Withdraw {
        return blocks(made);
    }
    let mut refusals = state::refusals(made);
    if refusals.is_empty() {
        refusals = sections::refusals(made);
    }
    for guard in [family::refusals, amounts::refusals, forms::refusals, days::refusals, order::refusals, blocks] {
        // What two guards see in one field is told once.
        let mut more = guard(made);
        more.retain(|refusal| refusals.iter().all(|known| known.at != refusal.at));
        refusals.extend(more);
    }
    refusals
}

/// What would make a file say what cannot be true, where no file that the act touches said so before.
fn blocks(made: &Made<'_>) -> Vec<Refusal> {
    let files: Vec<_> = made.files.iter().map(|file| (&file.before, &file.after)).collect();
    let refusal = |(household, finding): (u32, check::Finding)| {
        let is_it = |change: &&Change<'_>| {
            change.household == household
                && finding.slot.is_some_and(|slot| {
                    (slot.section, slot.row) == (change.slot.section, change.slot.row)
                        && (slot.field == change.slot.field || slot.field == "")
                })
        };
        let why = format!("{}（{}）", finding.message, finding.remedy);
        match made.changes.iter().find(is_it) {
            Some(change) => Refusal::slot(change, why),
            None => Refusal { at: At::Whole, why },
        }
    };
    check::blocks(made.look, &files).into_iter().map(refusal).collect()
}

#[cfg(test)]
mod tests;
