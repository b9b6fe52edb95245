//! For how many people an income was reckoned: whatever sets it says so, since people come and go afterwards.

use crate::domain::field::{address, income, members};
use crate::domain::{Household, HouseholdFile, Quantity, Slot, Value};

use super::act::{Act, FieldChange, Rows, Told};
use super::correction::CORRECTION;

const PEOPLE: Slot = Slot { section: income::SECTION, row: 0, field: income::PEOPLE };

/// Completes an act that sets the net income or the share of a head in a household with how many people it is reckoned
/// for: those that its roster reports, else the members of that day. `file` is the household before the act; none where
/// the act opens it.
pub fn complete(act: &mut Act, household: u32, file: Option<&HouseholdFile>) {
    let is_income = |rows: &&Rows| (rows.household, rows.section, rows.row) == (household, PEOPLE.section, 0);
    let sets = |field, new: &Option<Value>| [income::NET, income::PER_PERSON].contains(&field) && new.is_some();
    let taken = act.taken.iter().position(|rows| is_income(&rows) && rows.fields.iter().any(|(f, v)| sets(*f, v)));
    let of_slot = |change: &&FieldChange, slot: Slot| (change.household, change.slot) == (household, slot);
    let changed = act.changes.iter().find(|change| {
        [income::NET, income::PER_PERSON].into_iter().any(|field| of_slot(change, Slot { field, ..PEOPLE }))
            && change.new.is_some()
    });
    if taken.is_some() || changed.is_some() {
        let changed = changed.cloned();
        write(act, household, file, taken, changed);
    }
}

fn write(
    act: &mut Act,
    household: u32,
    file: Option<&HouseholdFile>,
    taken: Option<usize>,
    changed: Option<FieldChange>,
) {
    let told = act.told.iter().map(|told| &told.rows);
    let mut rows =
        act.taken.iter().chain(told).filter(|rows| (rows.household, rows.section) == (household, PEOPLE.section));
    let in_rows = rows.any(|rows| rows.fields.iter().any(|(field, _)| *field == PEOPLE.field));
    let says = |change: &FieldChange| (change.household, change.slot) == (household, PEOPLE);
    if in_rows || act.changes.iter().any(says) {
        return;
    }
    let Some(people) = reported(act, household, file).or_else(|| there(act, household, file)) else { return };
    let old = file.and_then(|file| file.get(PEOPLE)).cloned();
    let new = Some(Value::Quantity(Quantity::whole(people)));
    if old == new {
        return;
    }
    match (act.origin.is_some(), old, changed) {
        (true, None, _) => {
            match taken {
                Some(at) => act.taken[at].fields.push((PEOPLE.field, new)),
                None => act.taken.push(one(household, new)),
            }
            // The roster did not say so itself.
            act.told.push(Told { rows: one(household, None), beside: false });
        }
        (_, old, changed) => act.changes.push(FieldChange {
            household,
            slot: PEOPLE,
            old,
            new,
            happened_on: changed.as_ref().and_then(|it| it.happened_on),
            seen_on: changed.as_ref().and_then(|it| it.seen_on),
            evidence: changed.as_ref().and_then(|it| it.evidence.clone()),
            item: changed.as_ref().and_then(|it| it.item),
        }),
    }
}

fn one(household: u32, value: Option<Value>) -> Rows {
    Rows { household, section: PEOPLE.section, row: 0, fields: vec![(PEOPLE.field, value)] }
}

/// 家庭人口 as the roster of the act reports it, now or before.
fn reported(act: &Act, household: u32, file: Option<&HouseholdFile>) -> Option<i64> {
    let roster = act.origin.as_ref().filter(|origin| origin.roster != CORRECTION)?.roster;
    let slot = Slot { section: address::SECTION, row: 0, field: address::PEOPLE_REPORTED };
    let told = act.told.iter().map(|told| &told.rows);
    let rows = act.taken.iter().chain(told).filter(|rows| (rows.household, rows.section) == (household, slot.section));
    let now =
        rows.flat_map(|rows| &rows.fields).find(|(field, _)| *field == slot.field).map(|(_, value)| value.clone());
    let change = act.changes.iter().find(|change| (change.household, change.slot) == (household, slot));
    let before = || {
        let file = file?;
        let cell = file.row(slot.section, 0)?.cell(slot.field)?;
        cell.said(file.roster_index(roster)?).map(|said| said.cloned())
    };
    let says = now.or_else(|| change.map(|change| change.new.clone())).or_else(before)?;
    says.as_ref()?.as_quantity()?.as_whole().filter(|people| *people > 0)
}

/// The members of the day: those of the file, and those whom the act brings.
fn there(act: &Act, household: u32, file: Option<&HouseholdFile>) -> Option<i64> {
    let known = file.map_or(0, |file| Household::of(file).members().count());
    let is_new = |row: &u32| file.is_none_or(|file| file.row(members::SECTION, *row).is_none());
    let rows = act.taken.iter().filter(|rows| (rows.household, rows.section) == (household, members::SECTION));
    let mut new: Vec<u32> = rows.map(|rows| rows.row).filter(is_new).collect();
    new.sort_unstable();
    new.dedup();
    i64::try_from(known + new.len()).ok().filter(|people| *people > 0)
}
