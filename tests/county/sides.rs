//! What the sides hold of one field, whatever comes after: the village, the county's correction, a roster.

use std::path::Path;

use hudang::domain::{HouseholdId, Name, Slot};
use hudang::progress::Unwatched;
use hudang::workspace::Workspace;
use hudang::workspace::choice::Side;
use hudang::workspace::import::RosterImport;

use super::in_process::{County, edit};

const HOUSEHOLD: &str = "4199991012010009";
const PHONE: Slot = Slot { section: Name::fixed("address"), row: 0, field: Name::fixed("phone") };

/// A roster of one household with this phone.
fn import(workspace: &mut Workspace, folder: &Path, phone: &str) {
    let file = folder.join(format!("{phone}.csv"));
    let head = "户编号,人编号,姓名,与户主关系,户联系电话";
    std::fs::write(&file, format!("{head}\n{HOUSEHOLD},419999101201000901,赵六,户主,{phone}\n")).unwrap();
    let import = RosterImport { files: vec![file], encoding: None, sheet: None, dry_run: false };
    let report = workspace.import_rosters(&import, &mut Unwatched).unwrap();
    assert_eq!(report.acts, 1);
}

fn told(side: &Side) -> String {
    let on = side.on.map(|on| on.to_string()).unwrap_or_default();
    [side.whose.as_str(), &side.says, &side.by, &on].join(" ").trim_end().to_owned()
}

#[test]
fn a_roster_that_brings_a_third_value_overwrites_neither_the_village_nor_the_correction() {
    let home = crate::commands::village();
    let mut village = home.open("2022-11-20");
    let folder = tempfile::tempdir().unwrap();
    import(&mut village, folder.path(), "13800000001");
    let id: HouseholdId = village.households().iter().last().unwrap().id;
    let mut county = County::on("2022-11-21");
    county.take(&mut village);
    county.correct(HOUSEHOLD, "address", "phone", "13800000002");
    edit(&mut village, HOUSEHOLD, "address", "phone", "13800000003");
    let receipt = county.receipt("回执.zip");
    let mail = village.take_in_mail(&[receipt], &hudang::workspace::arrival::Trust::First, &mut Unwatched).unwrap();
    assert_eq!((mail.conflicts().len(), mail.corrected.len(), mail.refused.len()), (1, 0, 0));

    let sides = village.sides(id, PHONE, true).unwrap();
    assert_eq!(told(&sides.here), "村里 13800000003 李桂枝 2022-11-20");
    let correction = "县里更正 13800000002 周敏 2022-11-21";
    let others =
        |village: &Workspace| village.sides(id, PHONE, true).unwrap().others.iter().map(told).collect::<Vec<_>>();
    assert_eq!(others(&village).last().map(String::as_str), Some(correction));
    assert_eq!(sides.before.iter().map(told).collect::<Vec<_>>(), ["县里更正 13800000001"]);

    // A roster with a third value stands beside the two.
    import(&mut village, folder.path(), "13800000004");
    let roster = others(&village);
    assert!(roster[0].contains("13800000004") && roster[1] == correction, "{roster:?}");
    let before = village.sides(id, PHONE, true).unwrap().before;
    assert!(before.len() == 1 && before[0].whose.ends_with("、县里更正"), "{before:?}");
    assert_eq!(village.sides(id, PHONE, true).unwrap().here, sides.here);

    // One that says what the village says settles nothing between the village and the county.
    import(&mut village, folder.path(), "13800000003");
    assert_eq!(others(&village), [correction]);
    assert_eq!(village.file(id).unwrap().beside, [PHONE]);
    village.choose(id, PHONE, village.file(id).unwrap().get(PHONE).cloned()).unwrap();
    assert!(village.file(id).unwrap().beside.is_empty());
    // And the county's copy is the same, with nothing left to choose.
    county.take(&mut village);
    assert_eq!(county.workspace.file(id).unwrap(), village.file(id).unwrap());
}

#[test]
fn a_correction_that_the_village_cannot_let_in_stands_beside_what_it_holds_with_the_reason() {
    use serde_json::json;
    const FAMILY: &str = "4199991012010001";
    const SON: &str = "419999101201000102";
    let home = crate::commands::village();
    let mut village = home.open("2022-11-20");
    let mut county = County::on("2022-11-21");
    edit(&mut village, FAMILY, "address", "house_number", "1");
    county.take(&mut village);
    // Meanwhile the son has died; the county enters a job of his, and something that concerns nobody who is gone.
    let death = json!({"form": "death", "household": FAMILY, "date": "2022-11-10", "person": SON});
    assert!(matches!(village.record(&death).unwrap(), hudang::workspace::Recorded::Accepted { .. }));
    let job = json!({"form": "edit", "household": FAMILY, "happened_on": "2022-11-15", "changes": [
        {"section": "jobs", "person": SON, "add": {"from": "2022-11-15", "county": "郑州"}},
        {"section": "address", "field": "house_number", "new": "17"}]});
    let corrected = county.workspace.record(&job).unwrap();
    assert!(matches!(corrected, hudang::workspace::Recorded::Accepted { .. }), "{corrected:?}");
    let mail = village
        .take_in_mail(&[county.receipt("回执.zip")], &hudang::workspace::arrival::Trust::First, &mut Unwatched)
        .unwrap();
    let conflicts = mail.conflicts();
    assert!(!conflicts.is_empty() && conflicts.iter().all(|conflict| conflict.slot.section == "jobs"), "{conflicts:?}");
    assert!(conflicts.iter().all(|it| it.why.as_deref().is_some_and(|why| why.contains("死亡"))), "{conflicts:?}");
    let id = conflicts[0].household;
    assert_eq!(crate::home::held(&village, id.serial, "address.house_number"), "17");
    let sides = village.sides(id, conflicts[0].slot, true).unwrap();
    assert!(sides.refused.as_deref().is_some_and(|why| why.contains("死亡")));
    // And the county is told, with the same reason, when the village hands over.
    let out = tempfile::tempdir().unwrap();
    let set = village.export(out.path(), None, false).unwrap().unwrap().file;
    let arrival =
        county.workspace.take_in_sets(&[set], &hudang::workspace::arrival::Trust::First, &mut Unwatched).unwrap();
    assert!(
        arrival.conflicts.iter().any(|it| it.why.as_deref().is_some_and(|why| why.contains("死亡"))),
        "{arrival:?}"
    );
    assert_eq!(county.workspace.file(id).unwrap(), village.file(id).unwrap());
}

#[test]
fn a_county_corrects_nothing_that_is_the_villages_alone() {
    use serde_json::json;
    let home = crate::commands::village();
    let mut village = home.open("2022-11-20");
    let mut county = County::on("2022-11-21");
    edit(&mut village, "4199991012010001", "address", "house_number", "1");
    county.take(&mut village);
    for change in [
        json!({"section": "tasks", "add": {"what": "屋漏", "done_on": "2022-11-20"}}),
        json!({"section": "card", "field": "posted_on", "new": "2022-11-20"}),
        json!({"section": "exemptions", "add": {"check": "C402", "reason": "x", "until": "2023-01-01", "by": "谁"}}),
        json!({"section": "answers", "add": {"check": "C402", "reason": "x"}}),
        json!({"section": "documents", "add": {"what": "承诺书"}}),
        json!({"section": "status", "field": "closed_on", "new": "2022-11-01"}),
        json!({"section": "case", "field": "identified_on", "new": "2035-01-01"}),
        json!({"section": "land", "field": "arable", "new": "5,5"}),
    ] {
        let form = json!({"form": "edit", "household": "4199991012010001", "changes": [change]});
        let recorded = county.workspace.record(&form).unwrap();
        assert!(matches!(recorded, hudang::workspace::Recorded::Refused(_)), "{form}: {recorded:?}");
    }
    let visit = json!({"form": "birth", "household": "4199991012010001", "date": "2022-11-12", "name": "张小", "sex": "男", "relation": "之孙子"});
    assert!(matches!(county.workspace.record(&visit).unwrap(), hudang::workspace::Recorded::Refused(_)));
    county.correct("4199991012010001", "land", "arable", "5.5");
}
