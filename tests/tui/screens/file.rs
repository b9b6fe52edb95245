//! 户档: a household's sections, fields edited where they stand, rows, history, and the way to the next one.

use hudang::changes::act::Told;
use hudang::changes::{Act, Origin, Rows};
use hudang::domain::{Name, Role};
use hudang::progress::Unwatched;
use hudang::store::Store;
use hudang::tui::desk::Desk;
use hudang::tui::screens::file::FileScreen;
use hudang::tui::screens::households::Households;
use hudang::workspace::Workspace;
use insta::assert_snapshot;

use super::family::{THREE_GENERATIONS, household, stage};
use super::{FAMILIES, at_both_sizes};
use crate::home::{Home, VILLAGE, file, held};
use crate::tui::stage::Stage;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];
/// A family of whom the file knows next to nothing.
pub const HARDLY_KNOWN: &str = "members.20.name=钱大 members.20.relation=户主";

fn at(section: Option<&'static str>, size: (u16, u16)) -> (Home, Stage<Desk>) {
    stage(&[THREE_GENERATIONS, FAMILIES[1], HARDLY_KNOWN], size, move |desk| {
        Box::new(FileScreen::open(desk, household(1), section.map(Name::new)).unwrap())
    })
}

fn after_leaving(home: &Home, stage: Stage<Desk>) -> Workspace {
    drop(stage);
    home.open("2022-11-20")
}

#[test]
fn a_file_at_both_sizes() {
    for size in SIZES {
        let (_home, mut stage) = at(None, size);
        assert_snapshot!(format!("file_{}", size.0), stage.screen());
        assert_snapshot!(format!("file_members_{}", size.0), stage.press("Down Down Enter Down Down").screen());
        assert_snapshot!(format!("file_fields_{}", size.0), stage.press("Enter End Up Up Up Up Up Up Up Up").screen());
        assert_snapshot!(format!("file_edit_{}", size.0), stage.press("Enter").screen());
    }
}

#[test]
fn an_empty_file_and_a_long_name_at_both_sizes() {
    for size in SIZES {
        let families = [HARDLY_KNOWN, FAMILIES[3]];
        for serial in [1, 2] {
            let (_home, stage) = stage(&families, size, move |desk| {
                Box::new(FileScreen::open(desk, household(serial), Some(Name::new("members"))).unwrap())
            });
            let what = if serial == 1 { "hardly_known" } else { "long_name" };
            assert_snapshot!(format!("file_{what}_{}", size.0), stage.screen());
        }
    }
}

#[test]
fn one_field_is_saved_with_one_enter_and_its_day_goes_along() {
    let (home, mut stage) = at(Some("address"), (80, 24));
    // 户联系电话
    let screen = stage.press("End Up Up Up Up Enter ctrl-delete <1380000>").screen();
    assert!(screen.contains("不像电话号码（手机应为11位）"), "doubtful, and marked: {screen}");
    let screen = stage.press("<1111> Tab <11-10> Enter").screen();
    assert!(screen.contains("已记下第4号：张三顺 户联系电话"), "{screen}");
    assert!(screen.contains("138****1111") && !screen.contains("13800001111"), "{screen}");
    // The next one: the day of the change is there already.
    let screen = stage.press("Up Enter <18> Enter").screen();
    assert!(screen.contains("已记下第5号：张三顺 门牌号"), "{screen}");
    let workspace = after_leaving(&home, stage);
    assert_eq!(held(&workspace, 1, "address.phone"), "13800001111");
    assert_eq!(held(&workspace, 1, "address.house_number"), "1718");
    let acts = workspace.acts_of(&file(&workspace, 1)).unwrap();
    for act in &acts[1..] {
        let [change] = act.changes.as_slice() else { panic!("{act:?}") };
        assert_eq!(change.happened_on, "2022-11-10".parse().ok());
        assert_eq!(change.seen_on, "2022-11-20".parse().ok());
    }
}

#[test]
fn codes_are_chosen_and_what_cannot_be_is_refused_with_the_reason() {
    let (home, mut stage) = at(Some("housing"), (80, 24));
    let screen = stage.press("Enter <八十>").screen();
    assert!(screen.contains("✗"), "{screen}");
    let refused = stage.press("Enter").screen();
    assert!(refused.contains("光标：第") && refused.contains("保存"), "still typing: {refused}");
    stage.press("ctrl-delete <80.5> Enter");
    // 是否危房户, by number; 危房等级, by turning.
    stage.press("Down Enter <2> Enter Down Enter <3> Enter");
    // Nothing is changed by looking.
    assert!(stage.press("Enter Enter").screen().contains("没有改动"));
    assert!(stage.press("Enter Esc").screen().contains("没有改"));
    let workspace = after_leaving(&home, stage);
    for (path, text) in [("housing.floor_area", "80.5"), ("housing.dangerous", "否"), ("housing.grade", "C级")] {
        assert_eq!(held(&workspace, 1, path), text, "{path}");
    }
    assert_eq!(file(&workspace, 1).acts.len(), 4);
}

#[test]
fn a_name_put_right_is_the_event_and_asks_for_its_day() {
    let (home, mut stage) = at(Some("members"), (80, 24));
    let screen = stage.press("Down Enter Down Enter ctrl-delete <李秀荣> Enter").screen();
    assert!(screen.contains("“发生日期”不能空"), "{screen}");
    stage.press("<11-15> Enter");
    let workspace = after_leaving(&home, stage);
    assert_eq!(held(&workspace, 1, "members.2.name"), "李秀荣");
    let acts = workspace.acts_of(&file(&workspace, 1)).unwrap();
    assert_eq!(acts.last().unwrap().kind, "rename");
}

#[test]
fn a_row_is_added_edited_and_taken_out() {
    let (home, mut stage) = at(Some("jobs"), (80, 24));
    at_both_sizes(stage.press("Insert <2> Enter Enter Enter <省内> Enter"), "file_add_row");
    // Leaving keeps it, and it comes back where it was.
    let screen = stage.press("Esc").screen();
    assert!(screen.contains("没填完，留作草稿"), "{screen}");
    assert!(stage.press("+").screen().contains("接着上次没填完的"), "{}", stage.screen());
    let screen = stage.press("F2").screen();
    assert!(screen.contains("已记下第4号：务工就业 · 添一行"), "{screen}");
    assert!(screen.contains("李秀英"), "{screen}");
    // The whole first row at once.
    let screen = stage.press("Home e").screen();
    assert!(screen.contains("户档 · 张三顺 · 务工就业 · 第1条"), "{screen}");
    stage.press("F2");
    let screen = stage.press("Down Delete").screen();
    assert!(screen.contains("去掉务工就业一行") && !screen.contains("李秀英"), "{screen}");
    assert!(stage.press("ctrl-z").screen().contains("李秀英"), "{}", stage.screen());
    let workspace = after_leaving(&home, stage);
    assert_eq!(held(&workspace, 1, "jobs.2.person"), "2");
    assert_eq!(held(&workspace, 1, "jobs.2.place"), "县外省内");
}

#[test]
fn people_are_not_added_or_taken_out_as_rows() {
    let (_home, mut stage) = at(Some("members"), (80, 24));
    assert!(stage.press("Delete").screen().contains("去世、婚出、迁出记家里事"));
    assert!(stage.press("+").screen().contains("家里事 共"), "{}", stage.screen());
    let screen = stage.press("Esc Enter Down Down Down Down Down Down Down Enter").screen();
    assert!(screen.contains("▸ 与户主关系"), "{screen}");
    assert!(stage.press("<子> Enter Enter").screen().contains("更换户主"), "{}", stage.screen());
}

#[test]
fn a_section_is_confirmed_with_one_key_and_undone() {
    let (home, mut stage) = at(Some("water"), (80, 24));
    let screen = stage.press("=").screen();
    assert!(screen.contains("饮水今天核实过，没有变") && screen.contains("11月20日 李桂枝核实"), "{screen}");
    assert!(!screen.contains("错 饮水"), "{screen}");
    assert!(stage.press("ctrl-d").screen().contains("今天已经核实过"));
    let workspace = after_leaving(&home, stage);
    assert!(file(&workspace, 1).sections[&Name::new("water")].confirmed.is_some());
    let (_home, mut stage) = at(Some("water"), (80, 24));
    assert!(stage.press("= ctrl-z").screen().contains("错 饮水"));
}

/// The county's roster says another group and another grade of the house than the village's file.
fn with_conflicts() -> Home {
    let home = Home::of("2022-10-08", &[THREE_GENERATIONS]);
    home.lay_checks(super::CHECKS);
    let catalogue = home.open("2022-10-08").definitions().catalogue.clone();
    let mut store = Store::open(home.dir.path(), &mut Unwatched).unwrap().store;
    let at = "2022-11-01T08:00:00+08:00".parse().unwrap();
    let village = VILLAGE.parse().unwrap();
    let mut act = Act::new(village, Name::new("roster"), "r2", "李桂枝", Role::Coordinator.identifier(), at);
    act.origin = Some(Origin { roster: Name::new("national"), from_county: true });
    for (section, field, text) in [("address", "group", "二组"), ("housing", "grade", "C")] {
        let (section, field) = (Name::new(section), Name::new(field));
        let value = catalogue.read(catalogue.field(section, field).unwrap(), text).unwrap().value;
        let rows = Rows { household: 1, section, row: 0, fields: vec![(field, value)] };
        act.told.push(Told { rows, beside: true, why: None });
    }
    act.seen.push(hudang::changes::act::Seen { household: 1, people: Vec::new(), digest: 1 });
    store.commit(act).unwrap();
    home
}

#[test]
fn where_county_and_village_differ_a_person_chooses_on_the_field() {
    let home = with_conflicts();
    let mut desk = Desk::new(home.open("2022-11-20"));
    let screen = Box::new(FileScreen::open_at_choice(&mut desk, household(1)).unwrap());
    let mut stage = Stage::new(desk, screen, (80, 24));
    let screen = stage.screen();
    assert!(screen.contains("≠") && screen.contains("国网导出(人户信息)：二组"), "{screen}");
    at_both_sizes(stage.press("Enter"), "file_choose");
    let screen = stage.press("<2>").screen();
    assert!(screen.contains("村民小组 选定") && !screen.contains("≠"), "{screen}");
    // A third, typed.
    let screen = stage.press("Esc Down Down Down Down Down Down Down Down Down Down Enter").screen();
    assert!(screen.contains("▸ 住房面积"), "{screen}");
    let screen = stage.press("Down Down Enter <3>").screen();
    assert!(screen.contains("▸ 危房等级"), "{screen}");
    let screen = stage.press("<4> Enter").screen();
    assert!(screen.contains("已记下第4号"), "{screen}");
    let workspace = after_leaving(&home, stage);
    assert_eq!(held(&workspace, 1, "address.group"), "二组");
    assert_eq!(held(&workspace, 1, "housing.grade"), "D级");
    assert!(file(&workspace, 1).beside.is_empty());
}

#[test]
fn the_history_of_a_field_of_a_section_and_of_the_household() {
    let (_home, mut stage) = at(Some("income"), (80, 24));
    stage.press("Down Enter ctrl-delete <30000> Tab <11-1> Tab Tab <工资单> Enter");
    assert_snapshot!("file_history_80", stage.press("h").screen());
    assert!(stage.press("Tab").screen().contains("历史 · 收入  3条"), "{}", stage.screen());
    let screen = stage.press("Tab").screen();
    assert!(screen.contains("历史 · 全户") && !screen.contains("13812344321"), "masked: {screen}");
    stage.press("Esc").resize(120, 40);
    assert_snapshot!("file_history_120", stage.screen());
}

#[test]
fn the_next_household_is_one_key_away_in_the_order_of_the_list() {
    let (_home, mut stage) = at(None, (80, 24));
    assert!(stage.line(0).contains("户档 · 张三顺"));
    // 二组 is walked before 三组, and who has no group at all comes last.
    assert!(stage.press("n").line(0).contains("户档 · 钱大"), "{}", stage.screen());
    assert!(stage.press("n").screen().contains("后面没有了"));
    assert!(stage.press("ctrl-left ctrl-left").line(0).contains("户档 · 李秀英"), "{}", stage.screen());
    let (_home, mut stage) = stage_of_list(&[THREE_GENERATIONS, FAMILIES[1], HARDLY_KNOWN], "监测对象");
    stage.press("Enter");
    assert!(stage.line(0).contains("户档 · 李秀英"), "{}", stage.screen());
    assert!(stage.press("n").screen().contains("后面没有了"), "only one was listed");
}

fn stage_of_list(families: &[&str], line: &'static str) -> (Home, Stage<Desk>) {
    stage(families, (80, 24), move |desk| Box::new(Households::open(desk, line)))
}

#[test]
fn a_task_is_settled_from_the_file() {
    let (_home, mut stage) = stage(&[FAMILIES[1]], (80, 24), |desk| {
        Box::new(FileScreen::open(desk, household(1), Some(Name::new("tasks"))).unwrap())
    });
    let screen = stage.press("Enter").screen();
    assert!(screen.starts_with(" 待办") && screen.contains("▸ 李秀英"), "{screen}");
    stage.press("Enter <11-19> Enter <修好> F2 Esc");
    assert!(stage.screen().contains("修好"), "{}", stage.screen());
}

#[test]
fn the_window_may_change_while_a_field_is_edited() {
    let (home, mut stage) = at(Some("income"), (80, 24));
    stage.press("Down Enter ctrl-delete <30>");
    assert!(stage.resize(50, 12).screen().contains("窗口太小"));
    stage.resize(60, 16);
    let screen = stage.screen();
    assert!(screen.contains("[30") && screen.contains("光标"), "{screen}");
    assert!(stage.resize(120, 40).screen().contains("[30"));
    stage.press("<000> Enter");
    let workspace = after_leaving(&home, stage);
    assert_eq!(held(&workspace, 1, "income.wages"), "30000");
}

#[test]
fn what_a_visit_was_told_stands_beside_its_section_until_it_is_edited() {
    let (home, mut stage) = at(Some("water"), (80, 24));
    let mut visited = false;
    stage.world(|desk| visited = leave_open(&mut desk.workspace, "water"));
    assert!(visited);
    let screen = stage.press("ctrl-u").screen();
    assert!(screen.contains("变 11月20日走访说：井干了，还没改"), "{screen}");
    assert!(stage.press("=").screen().contains("走访时说有变化"), "{}", stage.screen());
    let screen = stage.press("Enter <2> Enter").screen();
    assert!(screen.contains("已记下") && !screen.contains("走访说"), "{screen}");
    assert!(file(&after_leaving(&home, stage), 1).open_items.is_empty());
}

/// A visit that was told of a change in a section, and nothing else.
fn leave_open(workspace: &mut Workspace, section: &str) -> bool {
    use hudang::domain::{Finding, ItemAnswer};
    let form = workspace.definitions().forms.visit().unwrap().clone();
    let mut filled = workspace.blank(household(1), &form).unwrap();
    for item in &form.items {
        let finding = if item.confirms.contains(&Name::new(section)) {
            Finding::Changed { what: "井干了".into(), since: None }
        } else {
            Finding::NotLooked { why: "家里没人".into() }
        };
        filled.items.insert(item.id, ItemAnswer::of(finding));
    }
    let taken = workspace.take_in(VILLAGE.parse().unwrap(), filled).unwrap();
    matches!(taken, hudang::workspace::Recorded::Accepted { .. })
}

#[test]
fn a_life_event_opens_from_the_file_and_shows_there() {
    let (_home, mut stage) = at(Some("members"), (80, 24));
    stage.press("g <出生> Enter <11-10> Enter <张小雪> Enter <2> Enter <孙女> Enter");
    stage.press("Enter Enter Enter Enter Enter Enter Enter Enter Enter F2");
    let screen = stage.screen();
    assert!(screen.starts_with(" 户档 · 张三顺") && screen.contains("张小雪") && screen.contains("5人"), "{screen}");
}

#[test]
fn leaving_the_program_over_a_field_that_is_typed_asks_first() {
    let (_home, mut stage) = at(Some("income"), (80, 24));
    let screen = stage.press("Down Enter <0> ctrl-q").screen();
    assert!(screen.contains("工资性收入") && stage.ending().is_none(), "{screen}");
}
