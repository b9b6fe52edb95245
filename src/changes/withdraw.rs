//! Taking back one act of a file out of the middle of its history: what later acts stand on stays, and all else is again
//! what the other acts make of it.

use std::collections::BTreeSet;

use crate::domain::{Confirmation, HouseholdFile, Name, OpenItem, Slot, Value};

use super::act::{Act, Confirm, FieldChange, Of, Withdrawn};
use super::undo::close;

/// The kind of an act that takes back another one later, and the name of its form.
pub const WITHDRAW: Name = Name::fixed("withdraw");

/// A change that stays, because a later act stands on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stays {
    /// Whose field.
    pub household: u32,
    /// Which one.
    pub slot: Slot,
    /// The later act.
    pub by: u64,
}

/// The history of one file: the file as it stands, and the acts that touched it, in the order of their numbers.
pub struct Past<'a> {
    /// The file.
    pub file: &'a HouseholdFile,
    /// Its acts.
    pub acts: &'a [Act],
}

/// The acts that count once one is taken back: what was taken back is as if it had never been, and so is what took it
/// back.
struct Others<'a> {
    acts: Vec<&'a Act>,
    gone: BTreeSet<u64>,
    household: u32,
    number: u64,
}

/// The act that took this one back, where there is one.
pub fn taken_back_by(number: u64, acts: &[Act]) -> Option<u64> {
    acts.iter().find(|act| act.undoes == Some(number)).map(|act| act.number)
}

/// Fills `undo` with what takes `act` back in one file, and tells which of its changes stay.
pub fn invert(act: &Act, past: &Past<'_>, undo: &mut Act) -> Vec<Stays> {
    undo.undoes = Some(act.number);
    let household = past.file.id.serial;
    let gone: BTreeSet<u64> = past.acts.iter().filter_map(|act| act.undoes).chain([act.number]).collect();
    let counts = past.acts.iter().filter(|other| other.undoes.is_none() && !gone.contains(&other.number));
    let others = Others { acts: counts.collect(), gone, household, number: act.number };
    let (mut stays, mut changes) = (Vec::new(), Vec::new());
    for change in act.field_changes().filter(|change| change.household == household) {
        let slot = change.slot;
        let of_row = |other: Slot| (other.section, other.row) == (slot.section, slot.row);
        // Half a row would say what nobody said.
        let on_row = || others.is_new_row(&of_row, slot).then(|| others.later(of_row)).flatten();
        if let Some(by) = others.later(|other| other == slot).or_else(on_row) {
            stays.push(Stays { household, slot, by });
            continue;
        }
        let (is, was) = (past.file.get(slot).cloned(), others.value(past.acts, slot));
        if is != was {
            changes.push(FieldChange { old: is, new: was, evidence: None, evidence_only: false, ..change });
        } else if change.evidence_only {
            changes.push(FieldChange { evidence: None, ..change });
        }
    }
    // The last row goes first, so that a row whose first field is its key is emptied last.
    changes.reverse();
    undo.changes.extend(changes);
    for confirm in act.confirms.iter().filter(|confirm| confirm.household == household) {
        let was = past.file.sections.get(&confirm.section).and_then(|section| section.confirmed.clone());
        let now = others.confirmed(confirm.section);
        if now != was {
            undo.confirms.push(Confirm { household, section: confirm.section, now, was });
        }
    }
    let filled = act.form.as_ref().filter(|form| form.household == household);
    undo.withdrawn.extend(filled.map(|_| Withdrawn { household, act: act.number }));
    if act.opened.iter().any(|opened| opened.household == household) {
        close(undo, household);
    }
    let answered = act.answered.iter().filter(|item| item.household == household);
    undo.left_open.extend(answered.filter(|item| others.leave_open(item)).cloned());
    let brought = act.left_open.iter().filter(|item| item.household == household && item.what.act != 0);
    undo.answered.extend(brought.cloned());
    stays
}

impl Others<'_> {
    /// The changes of the acts that count, each with the number of its act.
    fn changes(&self) -> impl Iterator<Item = (u64, FieldChange)> + '_ {
        let of_act = |act: &&Act| act.field_changes().map(|change| (act.number, change)).collect::<Vec<_>>();
        self.acts.iter().flat_map(of_act).filter(|(_, change)| change.household == self.household)
    }

    /// The first later act that changed a slot of this kind.
    fn later(&self, is_it: impl Fn(Slot) -> bool) -> Option<u64> {
        self.changes().find(|(number, change)| *number > self.number && is_it(change.slot)).map(|(number, _)| number)
    }

    /// Whether a row is there only since the act.
    fn is_new_row(&self, of_row: &impl Fn(Slot) -> bool, slot: Slot) -> bool {
        slot.row > 0 && !self.changes().any(|(number, change)| number < self.number && of_row(change.slot))
    }

    /// What they leave in a slot; what stood there before the first of all acts, where none of these touched it.
    fn value(&self, all: &[Act], slot: Slot) -> Option<Value> {
        let last = self.changes().filter(|(_, change)| change.slot == slot).last();
        let first = || {
            let is_it = |change: &FieldChange| (change.household, change.slot) == (self.household, slot);
            all.iter().find_map(|act| act.field_changes().find(is_it))
        };
        last.map_or_else(|| first().and_then(|change| change.old), |(_, change)| change.new)
    }

    /// The confirmation of a section that they leave.
    fn confirmed(&self, section: Name) -> Option<Confirmation> {
        let mut confirms = self.acts.iter().rev().flat_map(|act| act.confirms.iter().rev());
        confirms.find(|it| (it.household, it.section) == (self.household, section))?.now.clone()
    }

    /// Whether what the act answered waits again: no later act changed the sections that answer it.
    fn leave_open(&self, item: &Of<OpenItem>) -> bool {
        let answers = |slot: Slot| item.what.sections.contains(&slot.section);
        !self.gone.contains(&item.what.act) && self.later(answers).is_none()
    }
}
