//! 日历: a month as a grid, what is due on a day or in the month, and where each leads.

use hudang::domain::Clock;
use hudang::tui::desk::Desk;
use hudang::tui::screens::today::Today;

use super::{FAMILIES, at_both_sizes, desk_of, stage};
use crate::home::Home;
use crate::tui::stage::Stage;

/// Households for which days run: a target that waits for its measures, a house, a loan, and a name of twenty characters.
const WAITING: [&str; 3] = [
    "address.group=一组 class.class=一般农户 members.1.name=李秀英 members.1.relation=户主 case.target=边缘易致贫户 \
     case.eliminated=否 case.identified_on=2022-11-08 loans.1.person=1 loans.1.to=2022-11-30",
    "address.group=二组 class.class=一般农户 members.2.name=阿卜杜拉热合曼·买买提吐尔逊江·艾克拜尔 members.2.relation=户主 \
     housing.repaired_on=2022-10-25 housing.subsidy_paid_on=2022-11-01",
    "address.group=二组 class.class=脱贫户 members.3.name=张素珍 members.3.relation=户主 tasks.1.what=西屋漏雨 \
     tasks.1.owner=村委会 tasks.1.due=2022-11-15",
];

#[test]
fn one_key_from_today_and_both_sizes() {
    let (_home, mut stage) = stage(&WAITING, "2022-11-20", (80, 24));
    assert!(stage.press("F2").line(0).starts_with(" 日历 · 石桥村"), "{}", stage.screen());
    at_both_sizes(&mut stage, "calendar");
    stage.press("Tab");
    at_both_sizes(&mut stage, "calendar_month");
    assert!(stage.press("Esc").line(0).starts_with(" 今日"));
}

#[test]
fn an_empty_village_has_its_days() {
    let (_home, mut stage) = stage(&[], "2022-11-20", (80, 24));
    stage.press("F2");
    at_both_sizes(&mut stage, "calendar_empty");
}

#[test]
fn months_and_days_are_turned_and_the_holidays_stand_in_them() {
    let (_home, mut stage) = stage(&WAITING, "2022-11-20", (80, 24));
    let october = stage.press("F2 b").screen();
    assert!(october.contains("2022年10月") && october.contains("1休") && october.contains("8班"), "{october}");
    insta::assert_snapshot!("calendar_holidays_80", october);
    assert!(stage.screen().contains("10月1日 50天前 国庆节放假"), "{}", stage.screen());
    let day = stage.press("Left").screen();
    assert!(day.contains("2022年9月") && day.contains("9月30日 51天前"), "{day}");
    let december = stage.press("ctrl-right ctrl-right n").screen();
    assert!(december.contains("2022年12月") && december.contains("12月1日 还有11天"), "{december}");
    let january = stage.press("n").screen();
    assert!(january.contains("2023年1月") && january.contains("1月1日 还有42天 元旦放假"), "{january}");
    let back = stage.press("t").screen();
    assert!(back.contains("2022年11月") && back.contains("11月20日 今天 周末"), "{back}");
}

#[test]
fn a_line_leads_to_where_it_is_done() {
    for (keys, leads_to) in [
        ("b n Tab Home Enter", "变更"),                       // 上月变更录入国网, on the fifth
        ("Tab Home Down Enter", "农户"),                      // the visits of the tenth
        ("Left Left Down Enter", "户档 · 李秀英"),            // the measures of the eighteenth
        ("Left Left Left Left Left Enter", "待办"),           // the task of the fifteenth
        ("Right Right Right Right Enter", "户档 · 阿卜杜拉"), // the old house
    ] {
        let (_home, mut stage) = stage(&WAITING, "2022-11-20", (80, 24));
        let screen = stage.press(&format!("F2 {keys}")).screen();
        assert!(stage.line(0).starts_with(&format!(" {leads_to}")), "{keys}: {leads_to}\n{screen}");
        // A file that opens at a section goes one level out first.
        let steps = (0..3).find(|_| stage.press("Esc").line(0).starts_with(" 日历"));
        assert!(steps.is_some(), "{keys}: back to where one came from\n{}", stage.screen());
    }
    let (_home, mut stage) = stage(&WAITING, "2022-11-20", (80, 24));
    assert!(stage.press("F2 Right Enter").screen().contains("不在程序里办"), "{}", stage.screen());
    assert!(stage.press("Right Enter").screen().contains("这一天没有到期的"), "{}", stage.screen());
}

#[test]
fn a_click_chooses_a_day() {
    let (_home, mut stage) = stage(&WAITING, "2022-11-20", (80, 24));
    let screen = stage.press("F2").click("18").screen();
    assert!(screen.contains("11月18日 2天前") && screen.contains("帮扶措施申报"), "{screen}");
}

#[test]
fn a_thing_that_is_done_is_no_longer_due() {
    let (_home, mut stage) = stage(&WAITING, "2022-11-20", (80, 24));
    let screen = stage.press("F2 Left Left Left Left Left").screen();
    assert!(screen.contains("西屋漏雨") && screen.contains("过期5天"), "{screen}");
    stage.press("Enter Enter <11-19> Enter <已修好> Enter");
    let screen = stage.press("Esc").screen();
    assert!(!screen.contains("西屋漏雨") && screen.contains("没有到期的"), "{screen}");
}

#[test]
fn the_file_tells_its_next_day() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (120, 40));
    let title = stage.press("F3 Down Enter").line(0);
    assert!(title.contains("走访，过期10天"), "{title}");
}

#[test]
fn a_clock_a_year_back_shows_nothing_past_that_is_to_come() {
    let home = Home::of("2022-10-08", &WAITING);
    let mut stage = desk_of(&home, "2021-11-20", (80, 24));
    let screen = stage.press("F2").screen();
    assert!(screen.contains("2021年11月") && screen.contains("政策 西峡2022(借用)"), "{screen}");
    assert!(!screen.contains("帮扶措施申报"), "{screen}");
    for _ in 0..12 {
        stage.press("n");
    }
    let screen = stage.screen();
    assert!(screen.contains("2022年11月") && screen.contains("帮扶措施") && !screen.contains("过期"), "{screen}");
}

#[test]
fn a_policy_past_its_year_says_so_on_every_screen_and_paper() {
    let home = Home::of("2022-10-08", &FAMILIES);
    let mut desk = Desk::new(home.open_by(Clock::stopped("2024-05-20T09:30:00+08:00".parse().unwrap())));
    let first = Box::new(Today::open(&mut desk));
    let mut stage = Stage::new(desk, first, (80, 24));
    for keys in ["", "F2", "F3", "Enter", "F6", "F7"] {
        let title = stage.press(keys).line(0);
        assert!(title.contains("(沿用2022年)"), "{keys}: {title}");
    }
    drop(stage);
    let workspace = home.open("2024-05-20");
    assert_eq!(workspace.card(crate::home::file(&workspace, 1).id).unwrap().policy, "西峡2022(沿用2022年)");
    let ids: Vec<_> = workspace.in_walking_order().into_iter().take(1).collect();
    let page = workspace.print_round(&ids, home.dir.path(), &mut hudang::progress::Unwatched).unwrap().unwrap();
    assert!(std::fs::read_to_string(page).unwrap().contains("政策 西峡2022(沿用2022年)"));
    drop(workspace);
    let workspace = home.open("2022-11-20");
    assert_eq!(workspace.card(crate::home::file(&workspace, 1).id).unwrap().policy, "西峡2022");
}
