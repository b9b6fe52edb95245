//! 并户, 分户 and 回来 as a coordinator enters them: what is open is asked about, row by row, with what is likely proposed.

use hudang::tui::desk::Desk;
use hudang::tui::screens::life::Life;
use insta::assert_snapshot;

use super::family::{household, stage};
use crate::home::{Home, held};
use crate::tui::stage::Stage;

const FAMILIES: [&str; 2] = [
    "address.group=一组 class.class=脱贫户(享受政策) members.1.name=张三顺 members.1.relation=户主 land.arable=3 \
     income.net=30000 income.per_person=30000",
    "address.group=二组 class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 case.risk1=因病 land.arable=5.5 \
     members.2.name=王五 members.2.relation=户主 members.3.name=王六 members.3.relation=之子 tasks.1.what=西屋漏雨 \
     tasks.2.what=王六没有工作 measures.1.kind=产业帮扶 measures.1.what=养羊 income.net=8000 members.4.name=王芳 \
     members.4.left_on=2021-05-01 members.4.left_why=婚出",
];

fn menu(serial: u32, size: (u16, u16)) -> (Home, Stage<Desk>) {
    stage(&FAMILIES, size, |desk| Box::new(Life::open(desk, household(serial)).unwrap()))
}

fn assert_held(home: &Home, serial: u32, expected: &[(&str, &str)]) {
    let workspace = home.open("2022-11-20");
    for (path, text) in expected {
        assert_eq!(held(&workspace, serial, path), *text, "{path} of {serial}");
    }
}

#[test]
fn a_merge_says_which_household_is_closed_and_asks_what_both_have() {
    for size in [(80, 24), (120, 40)] {
        let (_home, mut stage) = menu(1, size);
        stage.press("<并户> Enter <11-12> Enter <王五> Enter");
        assert_snapshot!(format!("heirs_merge_{}", size.0), stage.screen());
    }
    let (home, mut stage) = menu(1, (80, 24));
    stage.press("<并户> Enter <11-12> Enter <王五> Enter Enter <兄弟> Enter Enter <侄> Enter");
    let screen = stage.press("F2").screen();
    assert!(screen.contains("是建议的：对就 Enter，不对就改"), "what is proposed is not taken in silence\n{screen}");
    let screen = stage.press("Enter Enter F2").screen();
    assert!(screen.contains("已记下第3号：并户"), "{screen}");
    drop(stage);
    assert_held(
        &home,
        1,
        &[
            ("class.class", "脱贫户(享受政策)"),
            ("case.target", "边缘易致贫户"),
            ("land.arable", "8.5"),
            ("tasks.1.what", "西屋漏雨"),
            ("measures.1.what", "养羊"),
            ("income.net", "38000"),
            ("members.3.relation", "之侄儿"),
        ],
    );
    assert_held(
        &home,
        2,
        &[("status.closed_why", "并入他户"), ("status.left_behind", "户类型 一般农户"), ("case.target", "")],
    );
}

#[test]
fn who_splits_off_from_a_target_is_asked_row_by_row() {
    let (home, mut stage) = menu(2, (80, 24));
    let screen = stage.press("<分户> Enter <11-12> Enter <1> Enter <1> Enter").screen();
    for asked in ["监测信息 边缘易致贫户 因病", "待办问题 西屋漏雨", "待办问题 王六没有工作", "帮扶措施 产业帮扶 养羊"]
    {
        assert!(screen.contains(asked), "{asked}\n{screen}");
    }
    drop(stage);
    let (_home, mut stage) = menu(2, (120, 40));
    stage.press("<分户> Enter <11-12> Enter <1> Enter <1> Enter Enter Enter Enter");
    let screen = stage.press("<9>").screen();
    assert!(screen.contains("本户耕地5.5亩，分不出9亩"), "it is told while it is typed\n{screen}");
    assert_snapshot!("heirs_split_120", screen);
    // From the land on, each question holds what is likely: a key for each.
    let screen = stage.press("ctrl-delete <2> Enter Enter Enter Enter Enter F2").screen();
    assert!(screen.contains("已记下第3号：分户"), "{screen}");
    drop(stage);
    drop(home);
    assert_held(&_home, 3, &[("case.target", "边缘易致贫户"), ("tasks.1.what", "王六没有工作"), ("land.arable", "2")]);
    assert_held(
        &_home,
        2,
        &[("tasks.1.what", "西屋漏雨"), ("tasks.2.what", ""), ("measures.1.what", "养羊"), ("land.arable", "3.5")],
    );
}

#[test]
fn who_married_out_comes_back_to_another_household() {
    let (home, mut stage) = menu(2, (80, 24));
    let screen = stage.press("<回来> Enter <11-12> Enter <1> Enter <张三> Enter Enter <配偶> Enter F2").screen();
    assert!(screen.contains("已记下第3号：回来"), "{screen}");
    drop(stage);
    assert_held(&home, 1, &[("members.4.name", "王芳"), ("members.4.relation", "配偶"), ("members.4.left_why", "")]);
    assert_held(&home, 2, &[("members.4.left_why", "转入他户")]);
}

#[test]
fn somebody_known_is_not_entered_anew() {
    let (_home, mut stage) = menu(2, (80, 24));
    let screen = stage.press("<婚入> Enter <11-12> Enter <王芳> Enter <2> Enter <儿媳> Enter F2").screen();
    assert!(screen.contains("请用“回来”登记"), "{screen}");
}
