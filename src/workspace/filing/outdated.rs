//! What is told of a day before that from which the file speaks already: the newer day stands, whichever is entered last.

use std::collections::BTreeSet;

use crate::changes::{Act, FieldChange};
use crate::domain::{HouseholdFile, PartialDate, Role};

use super::Filing;

impl Filing<'_> {
    /// Takes those changes of an act out whose field was changed by an earlier act of a later day. They stay in the history.
    pub(super) fn set_aside_outdated(&self, act: &mut Act, file: &HouseholdFile) {
        if self.role == Role::County.identifier() {
            return;
        }
        let (outdated, stand): (Vec<_>, Vec<_>) =
            std::mem::take(&mut act.changes).into_iter().partition(|change| self.is_outdated(change, file));
        act.changes = stand;
        act.outdated.extend(outdated.into_iter().map(|change| FieldChange { evidence_only: false, ..change }));
    }

    fn is_outdated(&self, change: &FieldChange, file: &HouseholdFile) -> bool {
        let Some(day) = day_of(change).filter(|_| change.household == file.id.serial && !change.evidence_only) else {
            return false;
        };
        // Nothing that was entered until then can speak of a later day.
        let changed_on = file.sections.get(&change.slot.section).and_then(|section| section.changed_on);
        if changed_on.is_none_or(|on| on <= day.latest()) {
            return false;
        }
        self.last_change(change, file).and_then(|last| day_of(&last)).is_some_and(|last| last.earliest() > day.latest())
    }

    /// The change by which a person gave the field what it holds; none where a roster did.
    fn last_change(&self, of: &FieldChange, file: &HouseholdFile) -> Option<FieldChange> {
        let mut taken_back: BTreeSet<u64> = BTreeSet::new();
        for number in file.acts.iter().rev() {
            let act = (self.act)(*number)?;
            if let Some(undone) = act.undoes {
                taken_back.insert(undone);
                continue;
            }
            if taken_back.contains(number) {
                continue;
            }
            let is_it = |it: &FieldChange| (it.household, it.slot) == (of.household, of.slot) && !it.evidence_only;
            if let Some(change) = act.field_changes().find(is_it) {
                return act.is_news().then_some(change);
            }
        }
        None
    }
}

/// The day of which a change speaks: what a visit found it found on its day, whenever that began; what is told of a day
/// holds from that day.
fn day_of(change: &FieldChange) -> Option<PartialDate> {
    let seen = change.seen_on.map(PartialDate::from);
    match change.item {
        Some(_) => seen.or(change.happened_on),
        None => change.happened_on.or(seen),
    }
}
