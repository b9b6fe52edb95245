//! For how many people an income was reckoned: whatever sets it says so, since people come and go afterwards.

use crate::domain::field::{address, income, members};
use crate::domain::{Household, HouseholdFile, Quantity, Slot, Value};

use super::act::{Act, FieldChange, Rows, Told};
use super::apply::apply;
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
            act.told.push(Told { rows: one(household, None), beside: false, why: None });
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
            evidence_only: false,
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

/// The members of the day, those whom the act brings or takes away as it leaves them.
fn there(act: &Act, household: u32, file: Option<&HouseholdFile>) -> Option<i64> {
    let count = |file: &HouseholdFile| Household::of(file).members().count();
    if let (None, Some(file)) = (&act.origin, file) {
        let mut after = file.clone();
        apply(&mut after, act);
        return i64::try_from(count(&after)).ok().filter(|people| *people > 0);
    }
    // A roster only brings people, and there are thousands of them.
    let known = file.map_or(0, count);
    let is_new = |row: &u32| file.is_none_or(|file| file.row(members::SECTION, *row).is_none());
    let rows = act.taken.iter().filter(|rows| (rows.household, rows.section) == (household, members::SECTION));
    let mut new: Vec<u32> = rows.map(|rows| rows.row).filter(is_new).collect();
    new.sort_unstable();
    new.dedup();
    i64::try_from(known + new.len()).ok().filter(|people| *people > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::act::Origin;
    use crate::domain::{Money, Name};

    const SERIAL: u32 = 3;

    fn blank() -> Act {
        let moment = "2022-11-20T09:30:00+08:00".parse().unwrap();
        let village = "419999101201".parse().unwrap();
        Act::new(village, Name::new("edit"), "", "李桂枝", Name::new("coordinator"), moment)
    }

    fn of_roster(rows: &[(Name, u32, Name, Value)]) -> Act {
        let mut act = blank();
        act.number = 1;
        act.origin = Some(Origin { roster: Name::new("national"), from_county: true });
        for (section, row, field, value) in rows {
            let fields = vec![(*field, Some(value.clone()))];
            act.taken.push(Rows { household: SERIAL, section: *section, row: *row, fields });
        }
        act
    }

    fn person(id: u32) -> (Name, u32, Name, Value) {
        (members::SECTION, id, members::NAME, Value::Text("甲".into()))
    }

    fn net(yuan: i64) -> (Name, u32, Name, Value) {
        (income::SECTION, 0, income::NET, Value::Fen(Money::yuan(yuan)))
    }

    fn empty() -> HouseholdFile {
        let id = crate::domain::HouseholdId { village: "419999101201".parse().unwrap(), serial: SERIAL };
        HouseholdFile::open(id, "2022-11-01".parse().unwrap())
    }

    fn edit(file: &HouseholdFile, field: Name, new: Option<Value>) -> Act {
        let slot = Slot { field, ..PEOPLE };
        let mut act = blank();
        act.changes.push(FieldChange {
            household: SERIAL,
            slot,
            old: file.get(slot).cloned(),
            new,
            happened_on: None,
            seen_on: None,
            evidence: Some("账".into()),
            item: None,
            evidence_only: false,
        });
        act
    }

    fn people(file: &HouseholdFile) -> Option<i64> {
        file.get(PEOPLE)?.as_quantity()?.as_whole()
    }

    fn done(mut act: Act, file: &mut HouseholdFile) -> Act {
        complete(&mut act, SERIAL, Some(file));
        apply(file, &act);
        act
    }

    #[test]
    fn a_roster_counts_whom_it_reports_else_whom_it_lists() {
        let mut act = of_roster(&[person(1), person(2), net(100)]);
        complete(&mut act, SERIAL, None);
        let mut file = empty();
        apply(&mut file, &act);
        assert_eq!(people(&file), Some(2));
        let cell = file.row(income::SECTION, 0).unwrap().cell(income::PEOPLE).unwrap();
        assert!(cell.other.iter().all(|(_, said)| said.is_none()) && cell.same == 0, "the roster did not say so");
        let reported = (address::SECTION, 0, address::PEOPLE_REPORTED, Value::Quantity(Quantity::whole(4)));
        let mut file = empty();
        done(of_roster(&[person(1), reported, net(100)]), &mut file);
        assert_eq!(people(&file), Some(4));
        let mut file = empty();
        let act = done(of_roster(&[person(1)]), &mut file);
        assert!(people(&file).is_none() && act.told.is_empty(), "it says nothing of an income");
    }

    #[test]
    fn a_person_counts_the_members_of_the_day_once() {
        let mut file = empty();
        done(of_roster(&[person(1), person(2), net(100)]), &mut file);
        let share = |yuan| Some(Value::Fen(Money::yuan(yuan)));
        let same = done(edit(&file, income::PER_PERSON, share(50)), &mut file);
        assert_eq!(same.changes.len(), 1, "it holds that already");
        let left = Slot { section: members::SECTION, row: 2, field: members::LEFT_ON };
        file.change(left, |cell| cell.set(Some(Value::Date("2022-11-10".parse().unwrap()))));
        done(edit(&file, income::WAGES, share(70)), &mut file);
        done(edit(&file, income::PER_PERSON, None), &mut file);
        assert_eq!(people(&file), Some(2), "a part tells of nobody, and a blank says nothing");
        let anew = done(edit(&file, income::PER_PERSON, share(60)), &mut file);
        assert_eq!(people(&file), Some(1));
        assert_eq!(anew.changes[1].evidence.as_deref(), Some("账"));
        assert_eq!(super::super::version::needed(&anew), 2);
        let mut joined = edit(&file, income::NET, share(90));
        let name = Slot { section: members::SECTION, row: 7, field: members::NAME };
        let new = FieldChange { slot: name, old: None, new: Value::text("乙"), ..joined.changes[0].clone() };
        joined.changes.push(new);
        done(joined, &mut file);
        assert_eq!(people(&file), Some(2), "whom the act brings is there");
        let mut own = edit(&file, income::NET, share(300));
        own.changes.extend(edit(&file, income::PEOPLE, Some(Value::Quantity(Quantity::whole(5)))).changes);
        done(own, &mut file);
        assert_eq!(people(&file), Some(5), "who says it is believed");
    }
}
