//! The county's corrections: entered beside the copy of a village's files, brought into them at the village, where what
//! the village did meanwhile is not overwritten.

use std::collections::BTreeMap;

use crate::domain::{HouseholdFile, Name, Slot, Value};

use super::act::{Act, FieldChange, Origin, Rows, Seen, Told};

/// The kind of an act that corrects, on either side, and the name under which a file knows what the county said.
pub const CORRECTION: Name = Name::fixed("correction");

/// What becomes of one corrected field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// The village holds what the county saw: the correction is taken over.
    Takes,
    /// The village holds what the county says already.
    Agrees,
    /// Both moved: the village keeps its value, the county's is kept beside it, and a person chooses.
    Beside,
}

/// Decides for one field: what the county saw, what it says, what the village holds.
pub fn meet(saw: Option<&Value>, says: Option<&Value>, here: Option<&Value>) -> Met {
    match here {
        here if here == says => Met::Agrees,
        here if here == saw => Met::Takes,
        _ => Met::Beside,
    }
}

/// Fills `act` with what a county's correction does to a file of the village.
///
/// `knew` is the file as the county knew it when it corrected: a row that it did not have is a new one, whose number may
/// have been used at the village since.
pub fn follow(
    correction: &Act,
    knew: Option<&HouseholdFile>,
    now: &HouseholdFile,
    is_counted: &dyn Fn(Name) -> bool,
    act: &mut Act,
) {
    let serial = now.id.serial;
    act.origin = Some(Origin { roster: CORRECTION, from_county: true });
    act.follows = Some(correction.number);
    act.seen.push(Seen { household: serial, people: Vec::new(), digest: 0 });
    let mut new_rows: BTreeMap<(Name, u32), u32> = BTreeMap::new();
    for change in correction.field_changes().filter(|change| change.household == serial) {
        let slot = place(change.slot, knew, now, is_counted, &mut new_rows);
        let here = now.get(slot);
        match meet(change.old.as_ref(), change.new.as_ref(), here) {
            Met::Takes => act.changes.push(FieldChange { slot, old: here.cloned(), ..change }),
            met => tell(act, serial, slot, change.new, met == Met::Beside),
        }
    }
}

/// Where a corrected field stands at the village: rows that the county added get the numbers that are free there.
fn place(
    slot: Slot,
    knew: Option<&HouseholdFile>,
    now: &HouseholdFile,
    is_counted: &dyn Fn(Name) -> bool,
    new_rows: &mut BTreeMap<(Name, u32), u32>,
) -> Slot {
    if !is_counted(slot.section) || knew.is_some_and(|knew| knew.row(slot.section, slot.row).is_some()) {
        return slot;
    }
    let added = new_rows.keys().filter(|(section, _)| *section == slot.section).count() as u32;
    let row = *new_rows.entry((slot.section, slot.row)).or_insert(now.next_row(slot.section) + added);
    Slot { row, ..slot }
}

fn tell(act: &mut Act, household: u32, slot: Slot, value: Option<Value>, beside: bool) {
    let rows = Rows { household, section: slot.section, row: slot.row, fields: vec![(slot.field, value)] };
    act.told.push(Told { rows, beside, why: None });
}

/// The corrections of a county's chain that still wait to be followed, oldest first: those that the village has not
/// brought into its files, and that the county has not taken back.
pub fn open(of_county: &[Act], followed: impl Fn(u64) -> bool) -> impl Iterator<Item = &Act> {
    let taken_back = move |number| of_county.iter().any(|act| act.undoes == Some(number));
    of_county.iter().filter(move |act| act.kind == CORRECTION && !taken_back(act.number) && !followed(act.number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::apply::apply;
    use crate::domain::{HouseholdId, Side};

    fn slot(section: &str, row: u32, field: &str) -> Slot {
        Slot { section: Name::new(section), row, field: Name::new(field) }
    }

    fn file(values: &[(Slot, &str)]) -> HouseholdFile {
        let id = HouseholdId { village: "419999101201".parse().unwrap(), serial: 3 };
        let mut file = HouseholdFile::open(id, "2022-11-01".parse().unwrap());
        for (slot, text) in values {
            file.change(*slot, |cell| cell.set(Value::text(text)));
        }
        file
    }

    fn blank(side: Side, number: u64) -> Act {
        let village = "419999101201".parse().unwrap();
        let moment = "2022-11-20T09:30:00+08:00".parse().unwrap();
        let mut act = Act::new(village, CORRECTION, "", "周敏", Name::new("county"), moment);
        (act.side, act.number) = (side, number);
        act
    }

    fn correction(changes: &[(Slot, Option<&str>, &str)]) -> Act {
        let mut act = blank(Side::County, 1);
        act.changes = changes
            .iter()
            .map(|(slot, old, new)| FieldChange {
                household: 3,
                slot: *slot,
                old: old.and_then(Value::text),
                new: Value::text(new),
                happened_on: None,
                seen_on: None,
                evidence: None,
                item: None,
                evidence_only: false,
            })
            .collect();
        act
    }

    fn followed(correction: &Act, knew: &HouseholdFile, now: &HouseholdFile) -> (Act, HouseholdFile) {
        let mut act = blank(Side::Village, 9);
        follow(correction, Some(knew), now, &|section| section == "jobs", &mut act);
        let mut after = now.clone();
        apply(&mut after, &act);
        (act, after)
    }

    #[test]
    fn where_the_village_has_not_moved_the_correction_is_taken_over() {
        let group = slot("household", 0, "group");
        let (knew, now) = (file(&[(group, "一组")]), file(&[(group, "一组")]));
        let (act, after) = followed(&correction(&[(group, Some("一组"), "二组")]), &knew, &now);
        assert_eq!(after.get(group), Value::text("二组").as_ref());
        assert_eq!((act.follows, act.is_news(), after.beside.len()), (Some(1), false, 0));
    }

    #[test]
    fn where_both_moved_a_person_chooses_and_other_fields_go_in_without_asking() {
        let (group, road) = (slot("household", 0, "group"), slot("household", 0, "door"));
        let knew = file(&[(group, "一组"), (road, "1")]);
        let now = file(&[(group, "三组"), (road, "1")]);
        let wants = correction(&[(group, Some("一组"), "二组"), (road, Some("1"), "17")]);
        let (_, after) = followed(&wants, &knew, &now);
        assert_eq!(after.get(group), Value::text("三组").as_ref());
        assert_eq!(after.get(road), Value::text("17").as_ref());
        assert_eq!(after.beside, [group]);
        let said = after.row(group.section, 0).and_then(|row| row.cell(group.field)).and_then(|cell| cell.said(0));
        assert_eq!(said, Some(Value::text("二组").as_ref()));
    }

    #[test]
    fn where_both_came_to_the_same_nobody_is_asked() {
        let group = slot("household", 0, "group");
        let (knew, now) = (file(&[(group, "一组")]), file(&[(group, "二组")]));
        let (act, after) = followed(&correction(&[(group, Some("一组"), "二组")]), &knew, &now);
        assert!(after.beside.is_empty() && act.changes.is_empty() && act.told.len() == 1);
    }

    #[test]
    fn a_row_that_the_county_added_gets_a_number_that_is_free_at_the_village() {
        let (theirs, ours) = (slot("jobs", 1, "employer"), slot("jobs", 1, "employer"));
        let (knew, now) = (file(&[]), file(&[(ours, "村里加的")]));
        let wants = correction(&[(theirs, None, "县里加的"), (slot("jobs", 1, "place"), None, "省外")]);
        let (act, after) = followed(&wants, &knew, &now);
        assert_eq!(after.get(ours), Value::text("村里加的").as_ref());
        assert_eq!(after.get(slot("jobs", 2, "employer")), Value::text("县里加的").as_ref());
        assert_eq!(after.get(slot("jobs", 2, "place")), Value::text("省外").as_ref());
        assert!(act.told.is_empty() && after.beside.is_empty());
    }

    #[test]
    fn a_correction_waits_until_it_is_followed_or_taken_back() {
        let mut undo = blank(Side::County, 3);
        undo.undoes = Some(1);
        let acts = [blank(Side::County, 1), blank(Side::County, 2), undo];
        let numbers = |followed: u64| open(&acts, move |n| n == followed).map(|act| act.number).collect::<Vec<_>>();
        assert_eq!(numbers(0), [2, 3]);
        assert_eq!(numbers(2), [3]);
    }
}
