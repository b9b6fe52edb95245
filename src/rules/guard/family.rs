//! Who heads a household: with another head everybody's relation changes, so that is an event.

use crate::domain::field::members;
use crate::domain::{Household, HouseholdFile};

use super::{Change, Made, Refusal};

pub(super) fn refusals(made: &Made<'_>) -> Vec<Refusal> {
    if made.is_event() {
        return Vec::new();
    }
    let mut refusals = Vec::new();
    for file in made.files {
        let (before, after) = (heads(&file.before), heads(&file.after));
        let is_less = !after.is_empty() && after.iter().all(|head| before.contains(head));
        if before == after || is_less || (before.is_empty() && after.len() == 1) {
            continue;
        }
        let is_it = |change: &&Change<'_>| {
            let slot = change.slot;
            change.household == file.after.id.serial
                && (slot.section, slot.field) == (members::SECTION, members::RELATION)
                && before.contains(&slot.row) != after.contains(&slot.row)
        };
        let why = || "换户主要记家里事里的“更换户主”：各人与户主的关系都跟着变".to_owned();
        refusals.extend(made.changes.iter().filter(is_it).map(|change| Refusal::slot(change, why())));
    }
    refusals
}

fn heads(file: &HouseholdFile) -> Vec<u32> {
    Household::of(file).members().filter(|member| member.is_head()).map(|member| member.id.0).collect()
}
