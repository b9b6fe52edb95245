//! 变更: what changed since the last hand-over, handing it over, and an earlier set made again.

use std::fs::{self, File};
use std::path::Path;

use hudang::domain::{Household, HouseholdId, Name, Slot};
use hudang::exchange::set::verify;
use hudang::progress::Unwatched;
use hudang::store::Store;
use hudang::tui::desk::Desk;
use hudang::workspace::Recorded;
use insta::assert_snapshot;
use serde_json::{Value as Json, json};

use super::newcomer::{ANSWERS, Arrival, village};
use super::{FAMILIES, at_both_sizes, desk_of};
use crate::home::{Home, VILLAGE};
use crate::mounted::Mounted;
use crate::tui::stage::Stage;
use crate::village::sheets;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// Takes in a form as if it had been filled on a day.
fn record(home: &Home, day: &str, form: Json) {
    let recorded = home.open(day).record(&form).unwrap();
    assert!(matches!(recorded, Recorded::Accepted { .. }), "{recorded:?}");
}

/// A village in which something has changed: one change that is late, one that is not, one act with two changes.
fn changed() -> Home {
    let home = Home::of("2022-10-08", &FAMILIES);
    let edit = |household: &str, happened: &str, changes: &[Json]| {
        let head = json!({"form": "edit", "id": happened, "household": household});
        let mut form = head.as_object().unwrap().clone();
        form.extend([("happened_on".to_owned(), json!(happened)), ("changes".to_owned(), json!(changes))]);
        Json::Object(form)
    };
    let change = |section: &str, field: &str, new: Json| json!({"section": section, "field": field, "new": new});
    let (first, second) = ("4199991012010001", "4199991012010002");
    let grade = change("housing", "grade", json!("A"));
    record(&home, "2022-10-10", edit(first, "2022-10-01", &[grade]));
    let (phone, wages) = (json!("13812344321"), json!(3_100_000));
    let both = [change("address", "phone", phone), change("income", "wages", wages)];
    record(&home, "2022-11-18", edit(second, "2022-11", &both));
    let wages = change("income", "wages", json!(2_800_000));
    record(&home, "2022-11-19", edit(first, "2022-11-19", &[wages]));
    home
}

fn desk(home: &Home, size: (u16, u16)) -> Stage<Desk> {
    desk_of(home, "2022-11-20", size)
}

/// A folder beside the store, made.
fn folder(home: &Home, name: &str) -> std::path::PathBuf {
    let path = home.dir.path().join(name);
    fs::create_dir(&path).unwrap();
    path
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().flatten().map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What `hudang changes verify` would find wrong with the sets of a folder.
fn problems(folder: &Path) -> Vec<String> {
    let sets = names(folder).into_iter().filter(|name| name.ends_with(".zip"));
    let files = sets.map(|name| (name.clone(), File::open(folder.join(name))));
    verify(files, None).problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_changed_stands_by_household_the_late_ones_first() {
    for size in SIZES {
        let home = changed();
        let mut stage = desk(&home, size);
        assert_snapshot!(format!("changes_{}", size.0), stage.press("F7").screen());
        assert_snapshot!(format!("changes_wages_{}", size.0), stage.press("End").screen());
    }
    let home = changed();
    let mut stage = desk(&home, (80, 24));
    let screen = stage.press("F7 End").screen();
    assert!(screen.contains("138****4321") || stage.press("Up").screen().contains("138****4321"), "{screen}");
    assert!(stage.press("ctrl-u").screen().contains("13812344321"), "whole only where that is asked for");
    assert!(stage.press("Home Enter").line(0).starts_with(" 户档 · 张三顺"), "{}", stage.screen());
    assert!(stage.press("Esc Esc").line(0).starts_with(" 变更"), "{}", stage.screen());
}

#[test]
fn a_village_that_is_empty_or_has_handed_all_over_says_so() {
    for size in SIZES {
        let home = Home::of("2022-10-08", &[]);
        assert_snapshot!(format!("changes_none_{}", size.0), desk(&home, size).press("F7").screen());
        let home = Home::of("2022-10-08", &FAMILIES[..2]);
        assert_snapshot!(format!("changes_rosters_{}", size.0), desk(&home, size).press("F7").screen());
    }
    let home = Home::of("2022-10-08", &[]);
    assert!(desk(&home, (80, 24)).press("F7 x").screen().contains("没有要交的"));
}

#[test]
fn a_hand_over_is_two_files_that_verify_and_a_backup_that_was_read_back() {
    for size in SIZES {
        let home = changed();
        let (out, stick) = (folder(&home, "交县"), folder(&home, "盘"));
        let mut stage = desk(&home, size);
        let shown = |stage: &Stage<Desk>| stage.screen().replace(&home.dir.path().display().to_string(), "/家");
        stage.press("F7 x ctrl-delete");
        assert_snapshot!(format!("changes_ask_{}", size.0), shown(&stage));
        stage.paste(out.to_str().unwrap()).press("Enter").paste(stick.to_str().unwrap());
        let screen = stage.press("Enter").screen();
        assert!(screen.contains("交县的写好了") && screen.contains("读回核对：完好"), "{screen}");
        assert!(screen.contains("已备份，读回核对无误"), "{screen}");
        assert!(screen.contains("没有加密") && screen.contains("已签名"), "{screen}");
        assert_eq!(names(&out), ["hudang-419999101201-000001-000011.xlsx", "hudang-419999101201-000001-000011.zip"]);
        assert_eq!(problems(&out), Vec::<String>::new());
        assert_snapshot!(format!("changes_handed_over_{}", size.0), stage.press("Enter").screen());
        stage.world(|desk| {
            assert_eq!(desk.workspace.pending().acts().len(), 0);
            let settings = desk.workspace.settings();
            assert_eq!((settings.papers.as_ref(), settings.backups.as_ref()), (Some(&out), Some(&stick)));
        });
        let backup = stick.join(&names(&stick)[0]);
        let restored = Store::restore(&backup, &home.dir.path().join("又"), &mut Unwatched).unwrap();
        assert_eq!(restored.store.counters(VILLAGE.parse::<hudang::domain::VillageCode>().unwrap()).last_act, 11);
    }
}

#[test]
fn an_earlier_set_is_made_again_with_the_same_bytes() {
    let home = changed();
    let (out, again) = (folder(&home, "交县"), folder(&home, "又"));
    let mut stage = desk(&home, (80, 24));
    stage.press("F7 x ctrl-delete").paste(out.to_str().unwrap()).press("F2 Enter");
    drop(stage);
    let later = json!({"form": "edit", "id": "later", "household": "4199991012010001",
        "changes": [{"section": "income", "field": "wages", "new": 2_900_000}]});
    record(&home, "2022-12-02", later);
    let mut stage = desk_of(&home, "2022-12-03", (80, 24));
    assert!(stage.press("F7").screen().contains("28000 → 29000"), "{}", stage.screen());
    at_both_sizes(stage.press("Tab"), "changes_sets");
    stage.press("Enter ctrl-delete").paste(again.to_str().unwrap());
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("再出了一份") && screen.contains("与第一次的字节一样"), "{screen}");
    assert_eq!(names(&out), names(&again));
    for name in names(&out) {
        assert!(fs::read(out.join(&name)).unwrap() == fs::read(again.join(&name)).unwrap(), "{name}");
    }
    let screen = stage.press("Enter Tab").screen();
    assert!(screen.contains("没交1处"), "making one again hands nothing over\n{screen}");
    // The next one follows on the first.
    stage.press("x ctrl-delete").paste(out.to_str().unwrap()).press("F2 Enter");
    assert_eq!(names(&out).len(), 4);
    assert_eq!(problems(&out), Vec::<String>::new());
}

#[test]
fn a_change_is_undone_from_here_as_a_new_change() {
    let home = changed();
    let mut stage = desk(&home, (80, 24));
    assert!(stage.press("F7").screen().contains("没交4处"), "{}", stage.screen());
    let screen = stage.press("ctrl-z").screen();
    assert!(screen.contains("已撤销第11号") && screen.contains("没交3处"), "{screen}");
    drop(stage);
    let workspace = home.open("2022-11-20");
    let file = crate::home::file(&workspace, 1);
    let wages = Slot { section: Name::new("income"), row: 0, field: Name::new("wages") };
    let catalogue = &workspace.definitions().catalogue;
    let shown = file.get(wages).map(|value| catalogue.show(catalogue.in_slot(wages).unwrap(), value));
    assert_eq!(shown.as_deref(), Some("26000"));
}

#[test]
fn a_folder_that_cannot_be_written_hands_nothing_over_and_keeps_what_was_typed() {
    let home = changed();
    fs::write(home.dir.path().join("是文件"), "").unwrap();
    let mut stage = desk(&home, (80, 24));
    stage.press("F7 x ctrl-delete").paste(home.dir.path().join("是文件").to_str().unwrap());
    assert!(stage.press("F2").screen().contains("这是文件，不是文件夹"), "{}", stage.screen());
    stage.press("ctrl-delete").paste("/没有/这里");
    assert!(stage.press("F2").screen().contains("没有这个文件夹"), "{}", stage.screen());
    let Some(disk) = Mounted::new("1m") else { return };
    for (what, says) in [("full", "磁盘是否已满"), ("ro", "写不了")] {
        if what == "full" {
            disk.fill(0);
        } else {
            disk.remount("ro");
        }
        stage.press("ctrl-delete").paste(disk.path().to_str().unwrap());
        let screen = stage.press("F2").screen();
        assert!(screen.contains("没有写成") && screen.contains(says), "{what}\n{screen}");
        assert_eq!(names(disk.path()), ["ballast"], "{what}: nothing half written");
        stage.press("Enter");
        stage.world(|desk| assert_eq!(desk.workspace.hand_overs().count(), 0, "{what}"));
    }
    // A set that was written counts even where the backup beside it could not be.
    let out = folder(&home, "交县");
    stage.press("ctrl-delete").paste(out.to_str().unwrap()).press("Enter").paste(disk.path().to_str().unwrap());
    let screen = stage.press("F2").screen();
    assert!(screen.contains("交县的写好了") && screen.contains("没有备份成"), "{screen}");
    assert_eq!(problems(&out), Vec::<String>::new());
}

#[test]
fn a_full_disk_at_an_import_leaves_the_store_as_it_was() {
    let Some(disk) = Mounted::new("4m") else { return };
    let arrival = Arrival::below(disk.path());
    let (_, sheet) = village(400);
    let elsewhere = tempfile::tempdir().unwrap();
    crate::village::write::xlsx(&elsewhere.path().join("名册.xlsx"), &[sheet]);
    let mut stage = arrival.desk((80, 24));
    disk.fill(300_000);
    stage.press("ctrl-o").paste(&format!("{}/", elsewhere.path().display()));
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("预看"), "{screen}");
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("没有导入") && screen.contains("磁盘已满") && screen.contains("户档没有动"), "{screen}");
    stage.world(|desk| {
        assert_eq!(desk.workspace.households().len(), 0);
        assert_eq!(
            desk.workspace.store().counters(VILLAGE.parse::<hudang::domain::VillageCode>().unwrap()).last_act,
            0
        );
    });
    drop(stage);
    fs::remove_file(disk.path().join("ballast")).unwrap();
    let workspace = arrival.open();
    assert_eq!(workspace.households().len(), 0);
}

/// From nothing to a set that the county can check: the first screen, the import, a change, the hand-over.
#[test]
fn from_an_empty_home_to_a_change_set_with_keys_alone() {
    let arrival = Arrival::new();
    let (made, sheet) = village(8);
    arrival.workbook("监测对象信息.xlsx", &[sheet]);
    arrival.workbook("外出务工信息.xlsx", &[sheets::jobs(&made)]);
    let mut welcome = arrival.welcome((80, 24));
    welcome.press("Enter").press(ANSWERS).press("F2");
    let mut stage = arrival.after(welcome, (80, 24));
    arrival.go_to_files(&mut stage);
    stage.press("Insert Insert Enter Enter Enter");
    assert!(stage.line(0).starts_with(" 今日 · 石桥村"), "{}", stage.screen());
    drop(stage);

    let id = HouseholdId { village: VILLAGE.parse().unwrap(), serial: 1 };
    let mut workspace = arrival.open();
    let number = Household::of(&workspace.file(id).unwrap()).number();
    let edit = json!({"form": "edit", "household": number,
        "changes": [{"section": "income", "field": "wages", "new": 1_234_500}]});
    assert!(matches!(workspace.record(&edit).unwrap(), Recorded::Accepted { .. }));
    let acts = workspace.store().counters(id.village).last_act;
    drop(workspace);

    let mut stage = arrival.seated((80, 24));
    let screen = stage.press("F7").screen();
    // The net income and the share of a head followed the wages.
    assert!(screen.contains("没交3处") && screen.contains("→ 12345"), "{screen}");
    let out = arrival.files();
    stage.press("x ctrl-delete").paste(out.to_str().unwrap());
    let screen = stage.press("F2").screen();
    assert!(screen.contains("变更3处") && screen.contains("读回核对：完好"), "{screen}");
    assert_eq!(problems(&out), Vec::<String>::new());
    assert!(out.join(format!("hudang-{VILLAGE}-000001-{acts:06}.zip")).exists(), "{:?}", names(&out));
}
