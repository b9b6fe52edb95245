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
    let mail = village.take_in_mail(&[receipt], &mut Unwatched).unwrap();
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
