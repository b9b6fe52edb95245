//! Who heads a household: with another head everybody's relation changes, so that is an event; and no child does beside
//! adults. And nobody on file loses the name.

use crate::domain::field::members;
use crate::domain::{Household, HouseholdFile, Member, Name};
use crate::policy::Figure;

use super::{Change, Made, Refusal, Touched};

pub(super) fn refusals(made: &Made<'_>) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = made.files.iter().filter_map(|file| headed_by_a_child(made, file)).collect();
    if made.is_event() {
        return refusals;
    }
    refusals.extend(made.changes.iter().filter_map(|change| nameless(made, change)));
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

const NEW_HEAD: Name = Name::fixed("new_head");

/// A child that is made the head of a household which has an adult, or of one that begins.
fn headed_by_a_child(made: &Made<'_>, file: &Touched) -> Option<Refusal> {
    let from = made.look.policy.figure(Name::fixed("head_from")).and_then(Figure::as_whole)?;
    let is_child = |member: Member<'_>| member.is_aged(made.look.day, |age| i64::from(age) < from).unwrap_or_default();
    let (before, after) = (heads(&file.before), Household::of(&file.after));
    let head = after.members().find(|it| it.is_head() && !before.contains(&it.id.0) && is_child(*it))?;
    let begins = Household::of(&file.before).everyone().next().is_none();
    if !begins && after.members().all(is_child) {
        return None;
    }
    let beside = if begins { "新户没有成年人" } else { "户里有成年人" };
    let why = format!("{}不满{from}周岁，{beside}，不能当户主，请另选一人", head.name());
    if made.form.is_some_and(|(_, filled)| filled.fields.contains_key(&NEW_HEAD)) {
        return Some(Refusal::answer(NEW_HEAD.as_str(), why));
    }
    let is_relation = |change: &&Change<'_>| {
        let slot = change.slot;
        (change.household, slot.section, slot.row, slot.field)
            == (file.after.id.serial, members::SECTION, head.id.0, members::RELATION)
    };
    made.changes.iter().find(is_relation).map(|change| Refusal::slot(change, why))
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
