//! What happens in life, entered as a coordinator enters it.

use hudang::data::Data;
use hudang::domain::Name;
use hudang::tui::desk::Desk;
use hudang::tui::screens::form::FormScreen;
use hudang::tui::screens::life::Life;
use hudang::workspace::Workspace;
use insta::assert_snapshot;

use super::family::{THREE_GENERATIONS, household, stage};
use crate::home::{Home, held};
use crate::tui::stage::Stage;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];

/// Whoever went and may come back.
const SOLDIER: &str = "members.7.name=陈刚 members.7.relation=户主 members.8.name=陈兵 members.8.relation=之子 \
     members.8.left_on=2020-09-01 members.8.left_why=参军 members.6.name=陈明 members.6.relation=之子 \
     members.6.left_on=2021-03-01 members.6.left_why=判刑收监";
const CLOSED: &str = "members.9.name=周老 members.9.relation=户主 status.closed_on=2022-10-01 status.closed_why=其他";

fn menu(serial: u32, size: (u16, u16)) -> (Home, Stage<Desk>) {
    stage(&[THREE_GENERATIONS, SOLDIER, CLOSED], size, |desk| Box::new(Life::open(desk, household(serial)).unwrap()))
}

/// Presses keys in the menu of a family; gives what the store holds then, after the program was left.
fn after(serial: u32, keys: &str) -> (Home, Workspace) {
    let (home, mut stage) = menu(serial, (80, 24));
    let screen = stage.press(keys).screen();
    assert!(screen.contains("已记下第"), "{keys}\n{screen}");
    drop(stage);
    let workspace = home.open("2022-11-20");
    (home, workspace)
}

fn assert_held(workspace: &Workspace, serial: u32, expected: &[(&str, &str)]) {
    for (path, text) in expected {
        assert_eq!(held(workspace, serial, path), *text, "{path} of {serial}");
    }
}

#[test]
fn the_menu_and_the_forms_at_both_sizes() {
    for size in SIZES {
        let (_home, mut stage) = menu(1, size);
        assert_snapshot!(format!("life_menu_{}", size.0), stage.screen());
        stage.press("<去世> Enter <-2> Enter <1> Enter <1> Enter");
        assert_snapshot!(format!("life_death_{}", size.0), stage.screen());
    }
}

#[test]
fn every_event_of_data_opens_on_a_form_of_its_own() {
    let data = Data::embedded();
    let events: Vec<String> = data
        .folder("events")
        .map(|file| file.path.trim_start_matches("events/").trim_end_matches(".toml").to_owned())
        .collect();
    assert!(events.len() >= 22, "{events:?}");
    let (_home, mut stage) = menu(1, (80, 24));
    for event in &events {
        let mut label = String::new();
        stage.world(|desk| {
            let name = Name::new(event);
            label = desk.workspace.definitions().forms.get(name).unwrap().label.to_string();
            for serial in 1..=3 {
                assert!(FormScreen::open(desk, household(serial), name).unwrap().is_some(), "{event}");
            }
        });
        // Each is offered to one of the families, and found by its name.
        let offered = (1..=3).any(|serial| {
            let (_home, mut stage) = menu(serial, (80, 24));
            let keys = format!("<{label}> Enter");
            let screen = stage.press(&keys).screen();
            screen.starts_with(&format!(" 家里事 · {label} · ")) && screen.contains("▸ 发生日期*")
        });
        assert!(offered, "{event} {label}");
    }
}

#[test]
fn a_family_that_comes_under_the_line_is_told_when_the_child_is_entered() {
    const COUPLE: &str = "class.class=一般农户 members.1.name=张三 members.1.relation=户主 members.2.name=李四 \
         members.2.relation=配偶 income.net=15980 income.per_person=7990";
    const RICH: &str = "class.class=一般农户 members.3.name=王五 members.3.relation=户主 income.net=25000";
    let open = |desk: &mut Desk| Life::open(desk, household(1)).unwrap();
    let (home, mut stage) = stage(&[COUPLE, RICH], (120, 40), |desk| Box::new(open(desk)));
    let screen = stage.press("<出生> Enter <11-10> Enter <张小雪> Enter <2> Enter <孙女> Enter Enter Enter Enter Enter Enter Enter Enter Enter Enter F2").screen();
    assert!(screen.contains("张三：人均纯收入5326.67元，低于监测线6900元；已记下第"), "{screen}");
    drop(stage);
    let mut list = super::desk_of(&home, "2022-11-20", (80, 24));
    let screen = list.press("F3").screen();
    assert!(screen.contains(" 算5326") && screen.contains(" 算25000"), "{screen}");
}

#[test]
fn a_birth_without_a_number() {
    let (_home, workspace) = after(
        1,
        "<出生> Enter <11-10> Enter <张小雪> Enter <2> Enter <孙女> Enter Enter Enter Enter Enter Enter Enter Enter Enter \
         Enter <出生证> F2",
    );
    assert_held(
        &workspace,
        1,
        &[
            ("members.10.name", "张小雪"),
            ("members.10.sex", "女"),
            ("members.10.relation", "之孙女"),
            ("members.10.birth_date", "2022-11-10"),
            ("members.10.joined_on", "2022-11-10"),
            ("members.10.joined_why", "出生"),
            ("members.10.id_number", ""),
        ],
    );
}

#[test]
fn the_death_of_a_head_makes_another_one_the_head() {
    let keys = "<去世> Enter <11-18> Enter <1> Enter";
    let (home, mut stage) = menu(1, (80, 24));
    stage.press(keys);
    assert!(stage.press("F2").screen().contains("“新户主”要填"), "{}", stage.screen());
    // Relations are proposed; whoever goes on has looked at them.
    let screen = stage.press("<1> Enter F2").screen();
    assert!(screen.contains("是建议的：对就 Enter，不对就改"), "{screen}");
    let screen = stage.press("Enter F2").screen();
    assert!(screen.contains("已记下第4号：去世"), "{screen}");
    drop(stage);
    assert_held(
        &home.open("2022-11-20"),
        1,
        &[
            ("members.1.left_on", "2022-11-18"),
            ("members.1.left_why", "死亡"),
            ("members.2.relation", "户主"),
            ("members.3.relation", "之子"),
            ("members.4.relation", "之婆婆"),
        ],
    );
}

#[test]
fn a_bride_a_split_and_a_number_put_right() {
    let (_home, workspace) =
        after(1, "<婚入> Enter <10-1> Enter <王芳> Enter <2> Enter <儿媳> Enter Enter Enter <1990-02> F2");
    let bride = [("members.10.name", "王芳"), ("members.10.relation", "之儿媳"), ("members.10.birth_date", "1990-02")];
    assert_held(&workspace, 1, &bride);
    assert_held(&workspace, 1, &[("members.10.joined_why", "婚入"), ("members.10.joined_on", "2022-10-01")]);

    let (_home, workspace) = after(1, "<分户> Enter <11-1> Enter <2> Enter <1> Enter <六组> Enter <5> Enter Enter F2");
    assert_held(&workspace, 1, &[("members.3.left_why", "转入他户"), ("members.3.left_on", "2022-11-01")]);
    let new = [("members.3.name", "张小军"), ("members.3.relation", "户主"), ("address.group", "六组")];
    assert_held(&workspace, 4, &new);
    assert_held(&workspace, 4, &[("address.house_number", "5"), ("jobs.1.monthly_wage", "4200")]);

    let wrong = "<证件> Enter <11-1> Enter <2> Enter <1> Enter <41999919630502>";
    let (_home, mut stage) = menu(1, (80, 24));
    let screen = stage.press(wrong).screen();
    assert!(screen.contains("✗") && screen.contains("419999 19630502 1963-05-02"), "{screen}");
    let (_home, workspace) = after(1, &format!("{wrong} <0023> F2"));
    assert_held(&workspace, 1, &[("members.2.id_number", "419999196305020023"), ("members.2.id_kind", "居民身份证")]);
}

#[test]
fn somebody_comes_back_and_a_closed_file_is_opened_again() {
    let (_home, workspace) = after(2, "<退伍> Enter <11-12> Enter <1> F2");
    assert_held(&workspace, 2, &[("members.8.left_on", ""), ("members.8.left_why", "")]);
    assert_held(&workspace, 2, &[("members.8.joined_on", "2022-11-12")]);
    let (_home, workspace) = after(3, "<1> <11-12> F2");
    assert_held(&workspace, 3, &[("status.closed_on", ""), ("status.closed_why", "")]);
}

#[test]
fn what_was_not_finished_is_a_draft_and_the_menu_says_so() {
    let (home, mut stage) = menu(1, (80, 24));
    stage.press("<出生> Enter <11-10> Enter <张小雪> Enter").resize(40, 10);
    assert!(stage.screen().contains("窗口太小"), "{}", stage.screen());
    let screen = stage.resize(80, 24).press("Esc").screen();
    drop(stage);
    assert!(screen.contains("出生没填完，留作草稿"), "{screen}");
    let mut desk = Desk::new(home.open("2022-11-20"));
    let life = Box::new(Life::open(&desk, household(1)).unwrap());
    desk.shows_private = false;
    let mut stage = Stage::new(desk, life, (80, 24));
    assert!(stage.screen().contains("出生（没填完）"), "{}", stage.screen());
    let screen = stage.press("<出生> Enter").screen();
    assert!(screen.contains("接着上次没填完的") && screen.contains("张小雪"), "{screen}");
}

#[test]
fn who_may_not_enter_an_event_is_told_whose_it_is_before_anything_is_typed() {
    use hudang::domain::{Author, Role};
    let home = Home::of("2022-10-08", &[THREE_GENERATIONS]);
    for role in [Role::Surveyor, Role::County] {
        let mut workspace = home.open("2022-11-20");
        workspace.sit_down(Author { name: "王芳".into(), role }).unwrap();
        let mut desk = Desk::new(workspace);
        let file = hudang::tui::screens::file::FileScreen::open(&mut desk, household(1), None).unwrap();
        let mut stage = Stage::new(desk, Box::new(file), (80, 24));
        let screen = stage.press("F9").screen();
        assert!(screen.contains("登记家里事是协管员、第一书记的事"), "{role:?}\n{screen}");
    }
}
