//! Who heads a household: with another head everybody's relation changes, so that is an event. And nobody on file loses
//! the name.

use crate::domain::field::members;
use crate::domain::{Household, HouseholdFile};

use super::{Change, Made, Refusal};

pub(super) fn refusals(made: &Made<'_>) -> Vec<Refusal> {
    if made.is_event() {
        return Vec::new();
    }
    let mut refusals: Vec<Refusal> = made.changes.iter().filter_map(|change| nameless(made, change)).collect();
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

/// The name of somebody who stays on file, taken away.
fn nameless(made: &Made<'_>, change: &Change<'_>) -> Option<Refusal> {
    let is_name = (change.slot.section, change.slot.field) == (members::SECTION, members::NAME);
    let row = made.touched(change.household)?.after.row(members::SECTION, change.slot.row)?;
    let is_taken_away = is_name && change.old.is_some() && change.new.is_none() && !row.is_empty();
    is_taken_away
        .then(|| Refusal::slot(change, "姓名不能空着；登记错了的人记家里事里的“迁出”，原因选“其他”".to_owned()))
}

fn heads(file: &HouseholdFile) -> Vec<u32> {
    Household::of(file).members().filter(|member| member.is_head()).map(|member| member.id.0).collect()
}
