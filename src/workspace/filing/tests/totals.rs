//! Totals of the income that follow from their parts.

use super::*;

const PAID: &str = "members.1.name=张三 members.1.relation=户主 members.2.name=李四 members.2.relation=配偶 \
     income.wages=20000 income.business_income=3000 income.business_cost=1000 income.property=0 \
     income.transfers=2000 income.net=24000 income.per_person=12000 income.people=2";

/// Net income and share after an edit of these fields.
fn after(family: &str, changes: &[(&str, i64)]) -> Vec<String> {
    let mut village = Village::of(family);
    let changes: Vec<_> =
        changes.iter().map(|(field, yuan)| json!({"section": "income", "field": field, "new": yuan * 100})).collect();
    village.record(json!({"form": "edit", "changes": changes}));
    ["income.net", "income.per_person"].map(|path| village.text(0, path)).to_vec()
}

#[test]
fn totals_that_follow_from_their_parts_go_on_to() {
    assert_eq!(after(PAID, &[("wages", 26_000)]), ["30000", "15000"]);
    assert_eq!(after(PAID, &[("wages", 26_000), ("net", 29_000)]), ["29000", "14500"], "as she types it");
    assert_eq!(after(PAID, &[("wages", 26_000), ("per_person", 9_000)]), ["30000", "9000"]);
    let otherwise = PAID.replace("net=24000", "net=22000").replace("per_person=12000", "per_person=11000");
    assert_eq!(after(&otherwise, &[("wages", 26_000)]), ["22000", "11000"], "somebody knew better");
    let in_part = PAID.replace("income.property=0", "");
    assert_eq!(after(&in_part, &[("wages", 26_000)]), ["24000", "12000"], "of one part nothing is known");
    let by_itself = PAID.replace("income.net=24000", "");
    assert_eq!(after(&by_itself, &[("wages", 26_000)]), ["", "15000"]);
}
