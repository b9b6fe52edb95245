//! 今日: counts, days, what to do first, and where each leads.

use hudang::domain::Clock;
use hudang::tui::app::Ending;
use hudang::tui::desk::Desk;
use hudang::tui::screens::today::Today;
use insta::assert_snapshot;

use super::{FAMILIES, stage};
use crate::home::Home;
use crate::tui::stage::Stage;

#[test]
fn it_shows_where_the_month_stands_and_what_comes_first() {
    for size in [(80, 24), (120, 40)] {
        let (_home, stage) = stage(&FAMILIES, "2022-11-20", size);
        assert_snapshot!(format!("today_{}", size.0), stage.screen());
    }
}

#[test]
fn an_empty_village_is_told_what_to_do() {
    for size in [(80, 24), (120, 40)] {
        let (_home, stage) = stage(&[], "2022-11-20", size);
        assert_snapshot!(format!("today_empty_{}", size.0), stage.screen());
    }
}

#[test]
fn a_count_leads_to_its_list() {
    for (down, leads_to, holds) in [
        ("", "/ 应走访 未走访", "张素珍"),
        ("Down", "/ 未筛查", "赵山"),
        ("Down Down Down", "核对 · 石桥村", "低于6900元"),
        ("Down Down Down Down", "更新 · 石桥村", "从未"),
        ("Down Down Down Down Down", "/ 缺明白卡", "张三顺"),
        ("Up End Up", "待办 · 石桥村", "西屋漏雨"),
        ("End", "/ 有矛盾", "没有找到"),
    ] {
        let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
        let screen = stage.press(&format!("Tab {down} Enter")).screen();
        assert!(screen.contains(leads_to) && screen.contains(holds), "{down}:\n{screen}");
        assert!(stage.press("Esc").line(0).starts_with(" 今日"), "back to where one came from");
    }
}

#[test]
fn a_thing_leads_to_its_place_and_the_next_one_is_selected_after_it() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    let screen = stage.press("Down Down Down Down Down Enter").screen();
    assert!(screen.contains("▸ 李秀英     二组   西屋漏雨"), "{screen}");
    let screen = stage.press("Enter <11-19> Enter <已修好> Enter").screen();
    assert!(screen.contains("已办结，记为2022-11-19"), "{screen}");
    let screen = stage.press("Esc").screen();
    assert!(!screen.contains("西屋漏雨") && screen.contains("▸ 李秀英     二组     核对"), "{screen}");
}

#[test]
fn a_click_goes_where_enter_goes() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    let screen = stage.click("待办").screen();
    assert!(screen.contains("▸ 待办"), "the first click only selects\n{screen}");
    assert!(stage.click("待办").line(0).starts_with(" 待办"));
}

#[test]
fn the_main_screens_lead_back_home() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    assert!(stage.press("F3 F6 F12").line(0).starts_with(" 今日"));
    assert!(stage.press("Esc").screen().contains("已经到头了"), "nothing is left above it");
}

#[test]
fn another_day_is_noticed_at_the_next_key() {
    let home = Home::of("2022-10-08", &FAMILIES);
    let mut desk = Desk::new(home.open("2022-11-09"));
    let first = Box::new(Today::open(&mut desk));
    let clock = Clock::stopped("2022-11-12T00:05:00+08:00".parse().unwrap());
    let mut stage = Stage::new(desk, first, (80, 24));
    assert!(stage.screen().contains("明天   10日"), "{}", stage.screen());
    stage.world(|desk| desk.workspace.set_clock(clock));
    let screen = stage.press("Down").screen();
    assert!(screen.contains("11月12日 周六") && screen.contains("过2天  10日"), "{screen}");
}

#[test]
fn what_was_mended_is_told_first() {
    let home = Home::of("2022-10-08", &FAMILIES);
    let mut desk = Desk::new(home.open("2022-11-20"));
    desk.notes = vec!["日志末尾有7字节没有写完（未曾确认），已截去".to_owned()];
    let first = Box::new(Today::open(&mut desk));
    let mut stage = Stage::new(desk, first, (80, 24));
    assert!(stage.screen().contains("！日志末尾有7字节没有写完"), "{}", stage.screen());
    assert!(!stage.press("Down").screen().contains("日志末尾"), "once");
}

#[test]
fn a_clock_that_contradicts_the_entries_is_asked_about() {
    // The store was filled in 2022, and the machine's own clock runs years later.
    let home = Home::of("2022-10-08", &FAMILIES);
    let open = || {
        let mut desk = Desk::new(home.open_by(Clock::system()));
        let first = Box::new(Today::open(&mut desk));
        Stage::new(desk, first, (80, 24))
    };
    let mut stage = open();
    let screen = stage.screen();
    assert!(screen.contains("日期对吗") && screen.contains("晚了一年以上"), "{screen}");
    assert!(stage.press("Right Enter").line(0).starts_with(" 今日") && stage.ending().is_none());
    drop(stage);
    assert_eq!(open().press("Enter").ending(), Some(Ending::Left), "the first answer does no harm");
}
