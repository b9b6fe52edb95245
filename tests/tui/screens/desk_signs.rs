//! 填表迹象: what to ask about forms, one key away for the first secretary and found by name by anybody else.

use hudang::domain::{Author, Role};
use hudang::tui::desk::Desk;
use hudang::tui::screens::today::Today;
use hudang::workspace::{Recorded, Workspace};
use serde_json::json;

use super::{FAMILIES, at_both_sizes};
use crate::home::{Home, VILLAGE};
use crate::tui::stage::Stage;

/// A verification form of 10 October by 王芳; wages in yuan.
fn verified(workspace: &mut Workspace, serial: u32, wages: i64, begun: &str, ended: &str) {
    let form = json!({"form": "verification", "household": format!("{VILLAGE}V{serial:04}"), "date": "2022-10-10",
        "surveyor": "王芳", "clue": "干部走访", "wages": wages * 100, "begun_at": begun, "ended_at": ended,
        "opinion": "无返贫致贫风险"});
    let recorded = workspace.record(&form).unwrap();
    assert!(matches!(recorded, Recorded::Accepted { .. }), "{recorded:?}");
}

fn village() -> Home {
    let families = FAMILIES.map(|family| family.replace("address.national_number=419999101201000", "address.note=x"));
    let home = Home::of("2022-10-08", &families.each_ref().map(String::as_str));
    let mut workspace = home.open("2022-10-11");
    for (serial, wages, begun, ended) in [
        (1, 20_000, "09:00", "09:30"),
        (3, 20_000, "10:00", "10:40"),
        (4, 20_000, "10:30", "11:00"),
        (5, 31_000, "14:00", "14:02"),
    ] {
        verified(&mut workspace, serial, wages, begun, ended);
    }
    home
}

fn today(home: &Home, role: Role) -> Stage<Desk> {
    let mut workspace = home.open("2022-11-20");
    workspace.sit_down(Author { name: "陈书记".into(), role }).unwrap();
    let mut desk = Desk::new(workspace);
    let first = Box::new(Today::open(&mut desk));
    Stage::new(desk, first, (80, 24))
}

#[test]
fn the_secretary_sees_what_to_ask_and_goes_from_household_to_household() {
    let home = village();
    let mut stage = today(&home, Role::Secretary);
    stage.resize(120, 40);
    assert!(stage.screen().contains("d 填表迹象"), "{}", stage.screen());
    at_both_sizes(stage.press("d"), "desk_signs");
    let screen = stage.screen();
    assert!(screen.contains("4条") && !screen.contains("排名"), "{screen}");
    // The households of the sign, one after another.
    let screen = stage.press("End Enter").screen();
    assert!(screen.starts_with(" 户档 · 张三顺"), "{screen}");
    assert!(stage.press("n").screen().starts_with(" 户档 · 王建国"), "{}", stage.screen());
    assert!(stage.press("n n").screen().starts_with(" 户档 · 张素珍"), "{}", stage.screen());
    assert!(stage.press("n").screen().contains("后面没有了"));
    assert!(stage.press("Esc").screen().starts_with(" 填表迹象"));
}

#[test]
fn others_are_not_shown_it_and_find_it_by_its_name() {
    let home = village();
    let mut stage = today(&home, Role::Coordinator);
    stage.resize(120, 40);
    assert!(!stage.screen().contains("填表迹象"), "{}", stage.screen());
    assert!(stage.press("d").screen().starts_with(" 今日"), "no key of hers");
    assert!(!stage.press("F1").screen().contains("填表迹象"));
    let screen = stage.press("Esc F10 <tbjx> Enter").screen();
    assert!(screen.starts_with(" 填表迹象") && screen.contains("陈书记"), "{screen}");
}

#[test]
fn where_nothing_was_seen_it_says_so() {
    let home = Home::of("2022-10-08", &FAMILIES);
    let mut stage = today(&home, Role::Secretary);
    let screen = stage.press("ctrl-d").screen();
    assert!(screen.contains("没有看到闭门填表的迹象"), "{screen}");
    assert!(stage.press("Enter").screen().contains("没有要问的"));
}
