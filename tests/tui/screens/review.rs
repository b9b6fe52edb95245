//! 审核: ten households approved with a key each, one returned whose remark is the coordinator's first thing, her own
//! entries left to somebody else, and what F7 says of all that before a set goes out.

use hudang::domain::{Author, HouseholdId, Role};
use hudang::tui::desk::Desk;
use hudang::tui::screens::today::Today;
use hudang::workspace::Recorded;
use hudang::workspace::review_queue::State;
use serde_json::{Value as Json, json};

use super::{CHECKS, FAMILIES, at_both_sizes};
use crate::home::{Home, VILLAGE};
use crate::tui::stage::Stage;

fn record(home: &Home, who: &str, day: &str, mut form: Json) {
    let mut workspace = home.open(day);
    // Ids are counted anew in each opening.
    form["id"] = json!(format!("{who}-{day}-{}", form["household"]));
    workspace.sit_down(Author { name: who.into(), role: Role::Coordinator }).unwrap();
    let recorded = workspace.record(&form).unwrap();
    assert!(matches!(recorded, Recorded::Accepted { .. }), "{recorded:?}");
}

fn change(section: &str, field: &str, new: Json) -> Json {
    json!({"section": section, "field": field, "new": new})
}

fn edit(household: &str, happened: &str, changes: &[Json]) -> Json {
    json!({"form": "edit", "household": household, "happened_on": happened, "changes": changes})
}

/// Changes of four households: one long ago, one by the secretary herself, one with a long name, one that was visited.
fn changed() -> Home {
    let home = Home::of("2022-10-08", &FAMILIES);
    home.lay_checks(CHECKS);
    let items: serde_json::Map<String, Json> =
        (1..=15).map(|i| (format!("V{i:02}"), json!({"answer": "as_on_file"}))).collect();
    let mut items = items;
    items.insert("V01".into(), json!({"answer": "changed", "what": "张雨去县城上学", "since": "2022-11"}));
    record(
        &home,
        "李桂枝",
        "2022-11-12",
        json!({"form": "visit", "household": "4199991012010001", "date": "2022-11-12",
        "visitors": ["李桂枝", "王芳"], "at_home": "张三顺", "items": items}),
    );
    let wages = change("income", "wages", json!(3_100_000));
    record(
        &home,
        "李桂枝",
        "2022-11-13",
        edit("4199991012010001", "2022-11-01", &[wages.clone(), change("address", "phone", json!("13812344321"))]),
    );
    record(
        &home,
        "李桂枝",
        "2022-11-14",
        edit("4199991012010002", "2022-10-01", &[change("housing", "grade", json!("A"))]),
    );
    let long = format!("{VILLAGE}V0004");
    record(&home, "王芳", "2022-11-15", edit(&long, "2022-11-10", std::slice::from_ref(&wages)));
    record(&home, "陈书记", "2022-11-16", edit(&format!("{VILLAGE}V0003"), "2022-11-10", &[wages]));
    home
}

/// The workstation with somebody at the keyboard.
fn desk(home: &Home, who: &str, role: Role, size: (u16, u16)) -> Stage<Desk> {
    let mut workspace = home.open("2022-11-20");
    workspace.sit_down(Author { name: who.into(), role }).unwrap();
    let mut desk = Desk::new(workspace);
    let first = Box::new(Today::open(&mut desk));
    Stage::new(desk, first, size)
}

fn secretary(home: &Home) -> Stage<Desk> {
    desk(home, "陈书记", Role::Secretary, (80, 24))
}

fn need_approval(stage: &mut Stage<Desk>) {
    stage.world(|desk| {
        let mut settings = desk.workspace.settings().clone();
        settings.needs_approval = true;
        desk.workspace.change_settings(settings).unwrap();
    });
}

fn states(stage: &mut Stage<Desk>) -> Vec<State> {
    let mut states = Vec::new();
    stage.world(|desk| states = desk.workspace.review_queue().unwrap().iter().map(|line| line.state).collect());
    states
}

#[test]
fn the_queue_shows_what_changed_and_what_there_is_to_judge_it_by() {
    let home = changed();
    let mut stage = secretary(&home);
    at_both_sizes(stage.press("r"), "review");
    let screen = stage.press("Tab").screen();
    assert!(screen.contains("最近一次走访") && screen.contains("走访人 李桂枝、王芳"), "{screen}");
    assert!(screen.contains("张雨去县城上学") && screen.contains("谁在家 张三顺"), "one key away: {screen}");
    at_both_sizes(&mut stage, "review_found");
    assert!(!stage.screen().contains("13812344321"));
    assert!(stage.press("ctrl-u").screen().contains("13812344321"), "{}", stage.screen());
    assert!(stage.press("Enter").screen().starts_with(" 户档 · 张三顺"), "{}", stage.screen());
    assert!(stage.press("Esc Esc").screen().starts_with(" 审核"), "{}", stage.screen());
    at_both_sizes(stage.press("Down Down"), "review_long_name");
}

#[test]
fn a_household_is_approved_with_one_key_and_the_next_one_stands_there() {
    let home = changed();
    let mut stage = secretary(&home);
    let screen = stage.press("r =").screen();
    assert!(screen.contains("张三顺 已通过，还有2户待审"), "{screen}");
    assert!(stage.line(3).contains("李秀英"), "{screen}");
    let screen = stage.press("ctrl-d =").screen();
    assert!(screen.contains("已通过，都审完了"), "{screen}");
    // What is left first is her own, which waits for another secretary.
    let screen = stage.press("=").screen();
    assert!(screen.contains("自己录的自己不能通过：要另一位第一书记来审，或交县后请县里收下"), "{screen}");
    assert_eq!(states(&mut stage), [State::Own, State::Approved, State::Approved, State::Approved]);
    at_both_sizes(&mut stage, "review_own");
    assert!(stage.press("End =").screen().contains("已经通过了"));
    drop(stage);
    let mut other = desk(&home, "吴敏", Role::Secretary, (80, 24));
    assert!(other.press("f9 =").screen().contains("王建国 已通过"), "{}", other.screen());
}

#[test]
fn ten_households_in_ten_keys_or_all_at_once() {
    let families: Vec<String> = (1..=10)
        .map(|n| format!("address.group={n}组 class.class=一般农户 members.{n}.name=张三{n} members.{n}.relation=户主"))
        .collect();
    let families: Vec<&str> = families.iter().map(String::as_str).collect();
    let home = Home::of("2022-10-08", &families);
    home.lay_checks(CHECKS);
    let mut workspace = home.open("2022-11-18");
    for serial in 1..=10 {
        let wages = [change("income", "wages", json!(3_100_000))];
        workspace.record(&edit(&format!("{VILLAGE}V{serial:04}"), "2022-11-10", &wages)).unwrap();
    }
    drop(workspace);
    let mut stage = secretary(&home);
    // One key opens the queue, and each household takes one.
    let screen = stage.press("r = = = = = = = = = =").screen();
    assert!(screen.contains("已通过，都审完了"), "{screen}");
    assert_eq!(states(&mut stage), [State::Approved; 10]);
    drop(stage);
    // Another one approves several at once, in one act.
    record(
        &home,
        "李桂枝",
        "2022-11-19",
        edit(&format!("{VILLAGE}V0001"), "2022-11-10", &[change("income", "wages", json!(1_000))]),
    );
    record(
        &home,
        "李桂枝",
        "2022-11-19",
        edit(&format!("{VILLAGE}V0002"), "2022-11-10", &[change("income", "wages", json!(1_000))]),
    );
    let mut stage = secretary(&home);
    let screen = stage.press("r Space Space").screen();
    assert!(screen.contains("待审2户 选中2") && screen.contains("选中的都通过"), "{screen}");
    assert!(stage.press("=").screen().contains("2户 已通过，都审完了"), "{}", stage.screen());
    stage.world(|desk| {
        let village = VILLAGE.parse::<hudang::domain::VillageCode>().unwrap();
        let last = desk.workspace.store().counters(village).last_act;
        assert_eq!(desk.workspace.store().act(village, last).unwrap().unwrap().act.reviews.len(), 2);
    });
}

#[test]
fn what_is_returned_is_the_coordinators_first_thing_with_the_remark() {
    let home = changed();
    let mut stage = secretary(&home);
    stage.press("r x");
    assert!(stage.screen().contains("退回 张三顺") && stage.cursor().is_some(), "{}", stage.screen());
    let screen = stage.press("Enter").screen();
    assert!(screen.contains("哪里要改"), "a remark is needed: {screen}");
    let screen = stage.paste("工资条没附").press("Enter").screen();
    assert!(screen.contains("张三顺 一组 17 已退回"), "{screen}");
    assert_eq!(states(&mut stage)[3], State::Returned);
    let screen = stage.press("F3 /").paste("退回").screen();
    assert!(screen.contains("张三顺") && !screen.contains("李秀英"), "{screen}");
    let screen = stage.press("ctrl-delete").paste("待审核").screen();
    assert!(!screen.contains("张三顺") && screen.contains("李秀英") && screen.contains("王建国"), "{screen}");
    drop(stage);

    let mut stage = desk(&home, "李桂枝", Role::Coordinator, (80, 24));
    let screen = stage.screen();
    assert!(screen.contains("退回") && screen.contains("工资条没附"), "{screen}");
    at_both_sizes(&mut stage, "review_today");
    let at = stage.lines().iter().position(|line| line.contains("工资条没附")).unwrap();
    let selected = stage.lines().iter().position(|line| line.contains('▸')).unwrap();
    for _ in selected..at {
        stage.press("Down");
    }
    let screen = stage.press("Enter").screen();
    assert!(screen.starts_with(" 户档 · 张三顺") && screen.contains("退回：工资条没附"), "{screen}");
    drop(stage);
    // Edited, it waits again, and is no longer hers to do.
    record(
        &home,
        "李桂枝",
        "2022-11-20",
        edit("4199991012010001", "2022-11-01", &[change("income", "wages", json!(3_000_000))]),
    );
    let mut stage = desk(&home, "李桂枝", Role::Coordinator, (80, 24));
    assert!(!stage.screen().contains("工资条没附"), "{}", stage.screen());
    assert_eq!(states(&mut stage)[0], State::Waiting);
    drop(stage);
    let mut stage = secretary(&home);
    let screen = stage.press("r").screen();
    assert!(screen.contains("改后审") && screen.contains("工资条没附"), "{screen}");
}

#[test]
fn before_a_set_goes_out_it_says_what_would_be_held_and_why() {
    let home = changed();
    let mut stage = secretary(&home);
    need_approval(&mut stage);
    stage.press("r = Down x").paste("房子没看").press("Enter");
    at_both_sizes(stage.press("F7"), "review_changes");
    let screen = stage.press("End").screen();
    assert!(screen.contains("会暂缓：第一书记") && screen.contains("暂缓3件不进录入表"), "{screen}");
    assert!(stage.press("x").screen().contains("暂缓3件不进录入表"), "{}", stage.screen());
    let out = home.dir.path().join("交县");
    std::fs::create_dir(&out).unwrap();
    let screen = stage.press("ctrl-delete").paste(out.to_str().unwrap()).press("F2").screen();
    assert!(screen.contains("其中暂缓3件：随变更集走，不进录入表"), "{screen}");
    let id = HouseholdId { village: VILLAGE.parse().unwrap(), serial: 2 };
    stage.world(|desk| assert_eq!(desk.workspace.pending().of(id), 0));
    assert_eq!(states(&mut stage).len(), 3, "what is held still waits for her");
}

#[test]
fn others_look_and_do_not_touch_and_an_empty_queue_says_so() {
    let home = changed();
    let mut stage = desk(&home, "李桂枝", Role::Coordinator, (80, 24));
    let screen = stage.press("F7 r").screen();
    assert!(screen.starts_with(" 审核") && !screen.contains("= 通过"), "{screen}");
    for keys in ["=", "x"] {
        let screen = stage.press(keys).screen();
        assert!(screen.contains("通过、退回是第一书记的事"), "{screen}");
    }
    let home = Home::of("2022-10-08", &FAMILIES);
    let mut stage = secretary(&home);
    at_both_sizes(stage.press("r"), "review_none");
    assert!(stage.press("= x space Enter Tab").screen().starts_with(" 审核"), "{}", stage.screen());
}

#[test]
fn a_village_of_fifteen_hundred_is_reviewed_too() {
    let families: Vec<String> = (1..=1500)
        .map(|n| {
            format!("address.group={}组 class.class=一般农户 members.{n}.name=张{n} members.{n}.relation=户主", n % 12)
        })
        .collect();
    let families: Vec<&str> = families.iter().map(String::as_str).collect();
    let home = Home::of("2022-10-08", &families);
    home.lay_checks(CHECKS);
    let mut workspace = home.open("2022-11-18");
    for serial in 1..=1500 {
        let wages = [change("income", "wages", json!(3_100_000))];
        workspace.record(&edit(&format!("{VILLAGE}V{serial:04}"), "2022-11-10", &wages)).unwrap();
    }
    drop(workspace);
    let mut stage = secretary(&home);
    assert!(stage.press("r").settle().screen().contains("待审1500户"), "{}", stage.screen());
    let begun = std::time::Instant::now();
    assert!(stage.press("= = = = = = = = = =").screen().contains("还有1490户待审"), "{}", stage.screen());
    eprintln!("ten of 1,500 approved in {:?}", begun.elapsed());
}
