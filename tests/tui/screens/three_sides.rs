//! 三对照: the three sides of a household's file, what differs first, and the way to the field.

use hudang::changes::act::{Seen, Told};
use hudang::changes::{Act, Origin, Rows};
use hudang::domain::{Name, Role};
use hudang::progress::Unwatched;
use hudang::rules::three_sides::{Side, Verdict};
use hudang::store::Store;
use hudang::tui::desk::Desk;
use hudang::tui::screens::file::FileScreen;
use hudang::workspace::{Recorded, Workspace};
use serde_json::{Map, Value as Json, json};

use super::at_both_sizes;
use super::family::{THREE_GENERATIONS, household};
use crate::home::{Home, VILLAGE};
use crate::tui::stage::Stage;

/// The county's roster of 1 November says things of its own.
fn county_says(home: &Home, said: &[(&str, &str, &str)]) {
    let catalogue = home.open("2022-10-08").definitions().catalogue.clone();
    let mut store = Store::open(home.dir.path(), &mut Unwatched).unwrap().store;
    let at = "2022-11-01T08:00:00+08:00".parse().unwrap();
    let mut act = Act::new(VILLAGE.parse().unwrap(), Name::new("roster"), "r2", "县", Role::County.identifier(), at);
    act.origin = Some(Origin { roster: Name::new("national"), from_county: true });
    for (section, field, text) in said {
        let (section, field) = (Name::new(section), Name::new(field));
        let value = catalogue.read(catalogue.field(section, field).unwrap(), text).unwrap().value;
        let rows = Rows { household: 1, section, row: 0, fields: vec![(field, value)] };
        act.told.push(Told { rows, beside: false, why: None });
    }
    act.seen.push(Seen { household: 1, people: Vec::new(), digest: 1 });
    store.commit(act).unwrap();
}

fn record(workspace: &mut Workspace, mut form: Json) {
    form["household"] = json!("4199991012010001");
    let recorded = workspace.record(&form).unwrap();
    assert!(matches!(recorded, Recorded::Accepted { .. }), "{recorded:?}");
}

/// A verification form of October, and a visit of November that did not ask about the income.
fn at_the_door(workspace: &mut Workspace) {
    record(
        workspace,
        json!({"form": "verification", "date": "2022-10-20", "surveyor": "王芳", "clue": "干部走访",
               "per_person": 720_000, "wages": 2_800_000, "spent_medical": 90_000,
               "opinion": "无返贫致贫风险"}),
    );
    let mut items: Map<String, Json> =
        (1..=15).map(|i| (format!("V{i:02}"), json!({"answer": "as_on_file"}))).collect();
    items.insert("V02".into(), json!({"answer": "not_looked", "why": "当家的不在"}));
    record(workspace, json!({"form": "visit", "date": "2022-11-02", "visitors": ["李桂枝"], "items": items}));
}

fn village() -> Home {
    let home = Home::of("2022-10-08", &[THREE_GENERATIONS]);
    county_says(&home, &[("housing", "grade", "C"), ("income", "wages", "24000"), ("class", "relieved_year", "2018")]);
    at_the_door(&mut home.open("2022-11-05"));
    home
}

#[test]
fn who_says_what_and_when() {
    let home = village();
    let workspace = home.open("2022-11-20");
    let all = workspace.three_sides(household(1), false).unwrap();
    let line = |what: &str| all.iter().find(|line| line.what == what).unwrap();
    let grade = line("危房等级");
    assert_eq!(grade.verdict, Verdict::Differs(Some(Side::County)));
    let county = grade.county.as_ref().unwrap();
    assert_eq!((county.value.as_str(), county.by.as_str()), ("C级", "国网导出(人户信息)"));
    assert_eq!(county.on.unwrap().to_string(), "2022-11-01");
    let door = grade.door.as_ref().unwrap();
    assert_eq!((door.value.as_str(), door.by.as_str()), ("B级", "李桂枝 走访"));
    let income = line("人均纯收入");
    assert_eq!((income.verdict, &income.county), (Verdict::Differs(Some(Side::Door)), &None));
    assert_eq!(income.door.as_ref().unwrap().by, "王芳 排查表");
    // 24000, 26000 and 28000: the first and the last are further apart than a tenth.
    assert_eq!(line("工资性收入").verdict, Verdict::Differs(None));
    assert_eq!(line("张小军 联系电话").verdict, Verdict::Agree);
    assert!(!all.iter().any(|line| line.what == "医疗自付"), "only the door speaks of it");
    assert!(all[..3].iter().all(|line| matches!(line.verdict, Verdict::Differs(_))));
    assert!(all[3..].iter().all(|line| line.verdict == Verdict::Agree));
    // An ID number is starred out unless it is asked for.
    let shown = |shows| workspace.three_sides(household(1), shows).unwrap();
    let number = |all: &[hudang::workspace::three_sides::Compared]| {
        all.iter().find(|line| line.what == "张三顺 证件号码").unwrap().village.as_ref().unwrap().value.clone()
    };
    assert!(!number(&all).contains("41999919610302001X"));
    assert_eq!(number(&shown(true)), "41999919610302001X");
}

#[test]
fn the_three_sides_stand_beside_one_another_and_lead_to_the_field() {
    let home = village();
    let mut desk = Desk::new(home.open("2022-11-20"));
    let screen = Box::new(FileScreen::open(&mut desk, household(1), None).unwrap());
    let mut stage = Stage::new(desk, screen, (80, 24));
    at_both_sizes(stage.press("t"), "three_sides");
    let screen = stage.press("End").screen();
    assert!(!screen.contains("13812344321") && !screen.contains("41999919610302001X"), "masked: {screen}");
    assert!(stage.press("ctrl-u").screen().contains("号码已显示"));
    let screen = stage.press("Home Down Down Enter").screen();
    assert!(screen.starts_with(" 户档 · 张三顺") && screen.contains("▸ 危房等级"), "{screen}");
}

#[test]
fn where_only_one_side_is_known_it_says_so() {
    let home = Home::of("2022-10-08", &[THREE_GENERATIONS]);
    let mut desk = Desk::new(home.open("2022-11-20"));
    let screen = Box::new(FileScreen::open(&mut desk, household(1), None).unwrap());
    let mut stage = Stage::new(desk, screen, (80, 24));
    assert!(stage.press("ctrl-up").screen().contains("没有能对照的"), "{}", stage.screen());
    assert!(stage.press("Enter").screen().contains("没有能对照的"));
}
