//! The county's store on the screens: three villages listed together, their changes answered, corrections made and
//! settled, receipts written; and nothing that a village does itself.

use std::fs;
use std::path::PathBuf;

use hudang::domain::{Author, Chain, Clock, HouseholdId, Name, Role, Slot, VillageCode};
use hudang::progress::Unwatched;
use hudang::tui::desk::Desk;
use hudang::tui::screens::today::Today;
use hudang::workspace::ids::Ids;
use hudang::workspace::{NewVillage, Options, Recorded, Workspace};
use insta::assert_snapshot;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::{FAMILIES, at_both_sizes};
use crate::home::Home;
use crate::tui::stage::Stage;

const DAY: &str = "2022-11-20";
const VILLAGES: [(&str, &str); 3] =
    [("419999101201", "石桥村"), ("419999101202", "柳树沟村"), ("419999101203", "东岭村")];

/// Three villages, the folder in which files lie, and the county's home.
struct County {
    villages: Vec<Home>,
    post: TempDir,
    home: TempDir,
}

fn code(at: usize) -> VillageCode {
    VILLAGES[at].0.parse().unwrap()
}

fn edit(id: &str, household: &str, section: &str, field: &str, new: impl Into<Json>) -> Json {
    json!({"form": "edit", "id": id, "household": household, "happened_on": "2022-11-15", "evidence": "本人说",
        "changes": [{"section": section, "field": field, "new": new.into()}]})
}

fn accepted(workspace: &mut Workspace, form: &Json) {
    let recorded = workspace.record(form).unwrap();
    assert!(matches!(recorded, Recorded::Accepted { .. }), "{recorded:?}");
}

impl County {
    /// The first village has changed three fields, the second one, the third none.
    fn new() -> Self {
        let second = FAMILIES[1].replace("419999101201", "419999101202");
        let third: Vec<String> = FAMILIES[2..5].iter().map(|it| it.replace("419999101201", "419999101203")).collect();
        let third: Vec<&str> = third.iter().map(String::as_str).collect();
        let villages = vec![
            Home::of_village(VILLAGES[0], "2022-10-08", &FAMILIES[..4]),
            Home::of_village(VILLAGES[1], "2022-10-08", &[&second]),
            Home::of_village(VILLAGES[2], "2022-10-08", &third),
        ];
        let county = Self { villages, post: tempfile::tempdir().unwrap(), home: tempfile::tempdir().unwrap() };
        let first = "4199991012010001";
        county.change(0, &edit("a1", first, "housing", "grade", "A"));
        county.change(0, &edit("a2", first, "income", "wages", 3_100_000));
        county.change(0, &edit("a3", "4199991012010002", "address", "phone", "13812344321"));
        county.change(1, &edit("b1", "4199991012020002", "address", "house_number", "88"));
        county
    }

    fn change(&self, at: usize, form: &Json) {
        accepted(&mut self.villages[at].open(DAY), form);
    }

    /// The village's next set.
    fn export(&self, at: usize) -> PathBuf {
        self.export_if_any(at).unwrap()
    }

    fn export_if_any(&self, at: usize) -> Option<PathBuf> {
        let folder = self.post.path().join("收文");
        fs::create_dir_all(&folder).unwrap();
        self.villages[at].open(DAY).export(&folder, None, true).unwrap().map(|exported| exported.file)
    }

    fn workspace(&self) -> Workspace {
        let options = Options {
            home: self.home.path().join("县库"),
            clock: Clock::stopped(format!("{DAY}T09:30:00+08:00").parse().unwrap()),
            ids: Ids::Counted(1 << 32),
            author: Some(Author { name: "周敏".into(), role: Role::County }),
            village: None,
            overlay: None,
        };
        let new = NewVillage { scope: "419999".into(), name: "某县".into(), policy: None };
        Workspace::create(options, &new).unwrap()
    }

    /// The county's workstation with all three in it.
    fn desk(&self, size: (u16, u16)) -> Stage<Desk> {
        let mut workspace = self.workspace();
        let sets: Vec<PathBuf> = (0..3).map(|at| self.export(at)).collect();
        let arrival = workspace.take_in_sets(&sets, &hudang::workspace::arrival::Trust::First, &mut Unwatched).unwrap();
        assert!(arrival.refused.is_empty() && arrival.applied.len() == 3, "{arrival:?}");
        stage(workspace, size)
    }
}

fn stage(workspace: Workspace, size: (u16, u16)) -> Stage<Desk> {
    let mut desk = Desk::new(workspace);
    let first = Box::new(Today::open(&mut desk));
    Stage::new(desk, first, size)
}

fn slot(section: &str, field: &str) -> Slot {
    Slot { section: Name::new(section), row: 0, field: Name::new(field) }
}

#[test]
fn all_villages_stand_together_and_no_screen_needs_one_chosen() {
    let county = County::new();
    let mut stage = county.desk((80, 24));
    at_both_sizes(&mut stage, "county_today");
    assert!(stage.line(0).starts_with(" 今日 · 某县 · 全部村"), "{}", stage.line(0));
    at_both_sizes(stage.press("F3"), "county_households");
    at_both_sizes(stage.press("Esc F7"), "county_villages");
    for keys in ["F2", "F5", "F6", "F8", "ctrl-o", "ctrl-e", "ctrl-p", "F1"] {
        let screen = stage.press(keys).screen();
        assert!(!screen.contains("--village") && !screen.contains("出错"), "{keys}\n{screen}");
        stage.press("Esc Esc F12");
    }
    for keys in ["F4", "p"] {
        let screen = stage.press(keys).screen();
        assert!(screen.contains("由村里登记"), "{keys}\n{screen}");
    }
    assert!(stage.press("F7 r").screen().lines().count() > 20);
}

#[test]
fn a_county_that_has_received_nothing_says_what_to_do() {
    let county = County::new();
    for size in [(80, 24), (120, 40)] {
        let home = tempfile::tempdir().unwrap();
        let other = County { home, post: tempfile::tempdir().unwrap(), villages: Vec::new() };
        let mut stage = stage(other.workspace(), size);
        assert!(stage.screen().contains("还没有收到村里的变更集"), "{}", stage.screen());
        for keys in ["F2", "F3", "F4", "F5", "F6", "F7", "F8", "ctrl-o", "ctrl-e", "ctrl-p", "alt-c", "ctrl-z", "F12"] {
            let screen = stage.press(keys).screen();
            assert!(!screen.contains("--village 村代码 指明") || keys == "ctrl-o", "{keys}\n{screen}");
            stage.press("Esc Esc");
        }
    }
    drop(county);
}

#[test]
fn a_village_is_found_by_its_name_and_chosen_and_left_again() {
    let county = County::new();
    let mut stage = county.desk((80, 24));
    let screen = stage.press("F3 / <柳树沟>").screen();
    assert!(screen.contains("显示1") && screen.contains("李秀英"), "{screen}");
    let screen = stage.press("ctrl-delete <dl> < > <wjg>").screen();
    assert!(screen.contains("显示1") && screen.contains("王建国"), "{screen}");
    stage.press("Esc Esc F12");
    assert_snapshot!("county_choose", stage.press("alt-c").screen());
    let screen = stage.press("<dongl> Enter").screen();
    assert!(stage.line(0).starts_with(" 今日 · 东岭村"), "{screen}");
    assert!(stage.press("F3").screen().contains("3户"), "{}", stage.screen());
    assert!(stage.press("Esc Esc").line(0).starts_with(" 今日 · 某县 · 全部村"), "{}", stage.screen());
}

#[test]
fn what_a_village_does_itself_is_refused_before_anything_is_typed() {
    let county = County::new();
    let mut stage = county.desk((80, 24));
    stage.press("F3");
    for keys in ["v", "s"] {
        let screen = stage.press(keys).screen();
        assert!(screen.contains("由村里登记") && screen.lines().next().unwrap().contains("农户"), "{keys}\n{screen}");
    }
    stage.press("Enter");
    for keys in ["=", "g", "v", "s"] {
        let screen = stage.press(keys).screen();
        assert!(screen.contains("由村里登记") && screen.lines().next().unwrap().contains("户档"), "{keys}\n{screen}");
    }
    stage.world(|desk| {
        let id = HouseholdId { village: code(0), serial: 1 };
        assert!(desk.workspace.confirm(id, Name::new("housing")).is_err());
        assert!(desk.workspace.choose(id, slot("address", "group"), None).is_err());
        assert_eq!(desk.workspace.store().counters(Chain::of_county(code(0))).last_act, 0);
    });
}

#[test]
fn changes_are_taken_with_one_key_or_refused_with_a_reason_and_a_receipt_goes_home() {
    let county = County::new();
    let mut stage = county.desk((80, 24));
    at_both_sizes(stage.press("F7 Enter"), "county_answers");
    assert!(stage.press("=").screen().contains("1处收下"), "{}", stage.screen());
    let screen = stage.press("x F2").screen();
    assert!(screen.contains("不予录入要写原因"), "{screen}");
    stage.press("Tab <工资单对不上>");
    let screen = stage.press("F2").screen();
    assert!(screen.contains("1处不予录入"), "{screen}");
    let screen = stage.press("Up").screen();
    assert!(screen.contains("不予录入：工资单对不上"), "{screen}");
    assert_snapshot!("county_answered_80", screen);
    let out = county.post.path().join("回执");
    fs::create_dir(&out).unwrap();
    // All villages at once, from the list of them.
    let screen = stage.press("Esc x").screen();
    assert!(screen.contains("没有答复") && screen.contains("都算收下"), "{screen}");
    stage.press("Tab Tab Enter ctrl-delete").paste(out.to_str().unwrap());
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("写好3份") && screen.contains("不予录入1处"), "{screen}");
    assert!(stage.press("Enter").screen().contains("要答复0个"), "{}", stage.screen());
    let receipts: Vec<PathBuf> = fs::read_dir(&out).unwrap().map(|it| it.unwrap().path()).collect();
    let first: Vec<PathBuf> = receipts.into_iter().filter(|it| it.to_str().unwrap().contains("419999101201")).collect();
    let mut village = county.villages[0].open(DAY);
    let arrival = village.take_in_sets(&first, &hudang::workspace::arrival::Trust::First, &mut Unwatched).unwrap();
    assert!(arrival.refused.is_empty(), "{arrival:?}");
    assert_eq!(village.refused().iter().map(|it| it.why.as_str()).collect::<Vec<_>>(), ["工资单对不上"]);
}

#[test]
fn many_are_answered_at_once() {
    let county = County::new();
    let mut stage = county.desk((80, 24));
    let screen = stage.press("F7 Enter Space Space Space").screen();
    assert!(screen.contains("选中3"), "{screen}");
    let screen = stage.press("=").screen();
    assert!(screen.contains("3处收下") && screen.contains("没答0处"), "{screen}");
}

#[test]
fn an_edit_is_a_correction_that_waits_for_the_village_and_can_be_taken_back() {
    let county = County::new();
    let mut stage = county.desk((80, 24));
    stage.press("F3 / <17> Esc Home Enter");
    let mut found = false;
    for _ in 0..30 {
        if stage.screen().contains("门牌号") {
            found = true;
            break;
        }
        stage.press("Down");
    }
    assert!(found, "{}", stage.screen());
    stage.press("Enter");
    for _ in 0..20 {
        if stage.lines().iter().any(|line| line.contains('▸') && line.contains("门牌号")) {
            break;
        }
        stage.press("Down");
    }
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("将作为县里的更正发回村里"), "{screen}");
    let screen = stage.press("ctrl-delete <19> Enter").screen();
    assert!(screen.contains("已记为县里的更正第1号"), "{screen}");
    assert!(screen.contains("县里已更正为 19，村里还没收到"), "{screen}");
    assert_snapshot!("county_corrected_80", screen);
    let screen = stage.press("ctrl-z").screen();
    assert!(screen.contains("已撤销") && !screen.contains("县里已更正为"), "{screen}");
    stage.world(|desk| {
        assert!(desk.workspace.open_corrections(code(0)).unwrap().is_empty());
        assert!(desk.workspace.undo().is_err(), "nothing of the village's is taken back");
    });
}

/// The county has corrected the house number, and the village has changed it too, without knowing.
fn two_edits(county: &County) -> Stage<Desk> {
    let mut stage = county.desk((80, 24));
    stage.world(|desk| {
        let form = edit("c1", "4199991012010001", "address", "house_number", "19");
        accepted(&mut desk.workspace, &form);
    });
    county.change(0, &edit("a4", "4199991012010001", "address", "house_number", "21"));
    let set = county.export(0);
    stage.press("F7 i").paste(set.to_str().unwrap());
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("收下1份") && screen.contains("两边都改了"), "{screen}");
    stage.press("Enter");
    stage
}

/// The house number at the village once the county's receipt has come, and at the county once the village's set has.
fn after_a_round(county: &County, stage: &mut Stage<Desk>) -> (String, String) {
    let file = county.post.path().join("回执.zip");
    stage.world(|desk| {
        let named = |_| file.clone();
        desk.workspace
            .receipt(code(0), &named, None, (true, hudang::workspace::receipt::Rest::Taken))
            .unwrap()
            .unwrap();
    });
    let mut village = county.villages[0].open(DAY);
    let arrival = village.take_in_sets(&[file], &hudang::workspace::arrival::Trust::First, &mut Unwatched).unwrap();
    assert!(arrival.refused.is_empty() && arrival.conflicts.is_empty(), "{arrival:?}");
    let held = |workspace: &Workspace| {
        let file = workspace.file(HouseholdId { village: code(0), serial: 1 }).unwrap();
        assert!(file.beside.is_empty(), "nobody is asked twice");
        file.get(slot("address", "house_number")).unwrap().as_text().unwrap().to_owned()
    };
    let here = held(&village);
    drop(village);
    let set = county.export_if_any(0);
    let mut there = String::new();
    stage.world(|desk| {
        desk.workspace
            .take_in_sets(
                &set.into_iter().collect::<Vec<_>>(),
                &hudang::workspace::arrival::Trust::First,
                &mut Unwatched,
            )
            .unwrap();
        assert!(desk.workspace.conflicts(code(0)).unwrap().is_empty());
        there = held(&desk.workspace);
    });
    (here, there)
}

#[test]
fn where_both_changed_a_field_a_person_at_the_county_chooses() {
    for (keys, says, value) in [("Tab Enter", "用县里的", "19"), ("Tab Tab Enter", "用村里的", "21")] {
        let county = County::new();
        let mut stage = two_edits(&county);
        assert!(stage.press("Enter").screen().contains("两改1处"), "{}", stage.screen());
        assert_snapshot!("county_two_edits_80", stage.press("Enter").screen());
        let screen = stage.press(keys).screen();
        assert!(screen.contains(says) && !screen.contains("两改1处"), "{screen}");
        assert_eq!(after_a_round(&county, &mut stage), (value.to_owned(), value.to_owned()));
    }
}

#[test]
fn a_set_that_came_too_early_waits_and_says_for_which() {
    let county = County::new();
    let first = county.export(0);
    county.change(0, &edit("a4", "4199991012010001", "address", "house_number", "21"));
    let second = county.export(0);
    let mut stage = stage(county.workspace(), (80, 24));
    stage.press("F7 i").paste(second.to_str().unwrap());
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("收下0份") && screen.contains("先存着"), "{screen}");
    // Whose key it is has been compared; what is missing before it is another matter.
    let screen = stage.press("Enter Enter Tab Enter").screen();
    assert!(screen.contains("收下0份") && screen.contains("还缺第"), "{screen}");
    assert_snapshot!("county_waiting_80", stage.press("Enter").screen());
    stage.press("i").paste(first.to_str().unwrap());
    assert!(stage.press("Enter").screen().contains("收下2份"), "{}", stage.screen());
    // A folder is marked as a whole; what is known already is not taken again.
    stage.press("Enter i").paste(&format!("{}/", county.post.path().display()));
    let screen = stage.press("Space F2").screen();
    assert!(screen.contains("早已收过2份") || screen.contains("选中了"), "{screen}");
}

#[test]
fn a_roster_goes_in_but_for_the_households_of_which_the_files_are_copies() {
    let county = County::new();
    let mut stage = county.desk((80, 24));
    let roster = county.post.path().join("名册.csv");
    let rows = "户编号,姓名,与户主关系\n4199991012010001,张三顺,户主\n4199991012040001,新来的,户主\n";
    fs::write(&roster, rows).unwrap();
    let import = hudang::workspace::import::RosterImport { files: vec![roster], ..Default::default() };
    stage.world(|desk| {
        let report = desk.workspace.import_rosters(&import, &mut Unwatched).unwrap();
        let problems: Vec<String> = report.problems.refused.iter().map(|it| it.why.to_string()).collect();
        assert_eq!(problems, ["由村里的库记，这里只有抄本，整户未收"]);
        let new = HouseholdId { village: "419999101204".parse().unwrap(), serial: 1 };
        assert!(desk.workspace.file(new).is_ok(), "the others go in");
        assert!(!desk.workspace.is_copy(new.village) && desk.workspace.is_copy(code(0)));
    });
}

/// A county's store on the disk, for a program that is started on it.
pub fn on_disk() -> (TempDir, PathBuf) {
    let county = County::new();
    drop(county.desk((80, 24)).into_world());
    let home = county.home.path().join("县库");
    (county.home, home)
}

#[test]
fn a_village_whose_key_nobody_compared_waits_for_a_yes() {
    let county = County::new();
    let set = county.export(0);
    let mut stage = stage(county.workspace(), (80, 24));
    stage.press("F7 i").paste(set.to_str().unwrap());
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("收下0份") && screen.contains("先存着"), "{screen}");
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("钥匙没核对"), "{screen}");
    let asked = stage.press("Enter").screen();
    assert!(asked.contains("认可钥匙") && asked.contains("先不认"), "{asked}");
    stage.press("Tab Enter");
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("石桥村") && !screen.contains("钥匙没核对"), "{screen}");
    stage.world(|desk| assert_eq!(desk.workspace.store().villages(), [code(0)]));
}
