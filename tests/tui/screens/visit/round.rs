//! The round as a whole: from household to household, its sheet on paper, the evening at the keyboard, its end.

use hudang::domain::Name;
use hudang::tui::desk::Desk;
use hudang::tui::screens::visit::Visit;
use insta::assert_snapshot;

use super::{FAMILIES, household, stage_on, visit_of};
use crate::home::Home;
use crate::tui::screens::desk_of;

#[test]
fn the_round_ends_and_says_what_stayed_unfilled() {
    for size in [(80, 24), (120, 40)] {
        let home = super::home();
        let mut stage = stage_on(&home, size);
        let screen = stage.press("A F2 A F2").screen();
        assert!(screen.contains("本月该走访的都走完了：2/2户"), "{screen}");
        assert_snapshot!(format!("visit_end_{}", size.0), screen);
    }
}

#[test]
fn an_empty_village_has_nobody_to_visit() {
    let home = Home::of("2022-10-08", &[]);
    let mut stage = stage_on(&home, (80, 24));
    assert_snapshot!("visit_empty", stage.press("A F2 = c").screen());
}

#[test]
fn a_household_may_wait_and_another_may_be_visited_out_of_turn() {
    let home = super::home();
    let mut stage = desk_of(&home, super::DAY, (80, 24));
    let screen = stage.press("F4 = PageDown").screen();
    assert!(screen.starts_with(" 走访 · 赵德福"), "{screen}");
    let screen = stage.press("PageDown").screen();
    assert!(screen.starts_with(" 走访 · 张三顺") && screen.contains("与档一致"), "what was answered stands\n{screen}");
    let screen = stage.press("F3 End v").screen();
    assert!(screen.starts_with(" 走访 · 王五") && screen.contains("不在本月必走之列"), "{screen}");
    let screen = stage.press("A F2").screen();
    assert!(screen.contains("王五走访已记") && screen.starts_with(" 走访 · 张三顺"), "{screen}");
    let workspace = stage.into_world().workspace;
    assert_eq!(workspace.month().unwrap().other_visits.done, 1);
}

#[test]
fn the_next_households_are_printed_and_entered_in_the_evening_on_the_day_of_the_round() {
    let home = super::home();
    let mut desk = Desk::new(home.open("2022-11-09"));
    let visit = Box::new(Visit::new(&mut desk));
    let mut stage = crate::tui::stage::Stage::new(desk, visit, (80, 24));
    let screen = stage.press("ctrl-r ctrl-delete <2> F2").screen();
    assert!(screen.contains("2户的走访单写好了"), "{screen}");
    let papers: Vec<_> = std::fs::read_dir(home.dir.path().join("papers")).unwrap().flatten().collect();
    assert_eq!(papers.len(), 1);
    let page = std::fs::read_to_string(papers[0].path()).unwrap();
    let (first, second) = (page.find("张三顺").unwrap(), page.find("赵德福").unwrap());
    assert!(first < second && !page.contains("王五"));

    // Yesterday's round, entered one household after the other: the day is said once.
    stage.press("Tab ctrl-delete <昨天> F2 A F2");
    let screen = stage.screen();
    assert!(screen.starts_with(" 走访 · 赵德福") && screen.contains("11月8日(不是今天)"), "{screen}");
    stage.press("A F2");
    let workspace = stage.into_world().workspace;
    for serial in [1, 2] {
        assert_eq!(visit_of(&workspace, serial).day("date"), Some("2022-11-08".parse().unwrap()));
    }
}

#[test]
fn the_sheet_is_printed_from_the_first_screen_too() {
    let home = super::home();
    let mut stage = desk_of(&home, super::DAY, (80, 24));
    let screen = stage.press("p Esc ctrl-r F2").screen();
    assert!(screen.contains("2户的走访单写好了"), "of eight that were asked for, two are left to visit\n{screen}");
    let screen = stage.press("F4 A F2 A F2 p").screen();
    assert!(stage.press("F2").screen().contains("没有要走访的户"), "{screen}");
}

#[test]
fn another_person_does_not_take_over_the_day_of_the_first() {
    let home = super::home();
    let mut stage = stage_on(&home, (80, 24));
    stage.press("Tab ctrl-delete <11-7> F2 A F2");
    stage.world(|desk| {
        let role = hudang::domain::Role::Coordinator;
        desk.workspace.sit_down(hudang::domain::Author { name: "王芳".into(), role }).unwrap();
    });
    let screen = stage.press("F3 F4").screen();
    assert!(screen.contains("走访日期 11月8日  走访人 王芳"), "{screen}");
    stage.press("=");
    let draft = stage.into_world().workspace.draft(household(2), Name::new("visit")).unwrap();
    assert_eq!(draft.filled.day("date"), Some(super::DAY.parse().unwrap()));
}

#[test]
fn a_household_that_closes_during_its_visit_needs_none() {
    let home = Home::of("2022-10-08", &[FAMILIES[1], FAMILIES[0]]);
    let mut stage = stage_on(&home, (80, 24));
    let screen = stage.press("PageDown").screen();
    assert!(screen.starts_with(" 走访 · 赵德福"), "{screen}");
    let screen = stage.press("c 2 <11-2> Enter 1 F2").screen();
    assert!(screen.contains("户档已销户"), "{screen}");
    let screen = stage.press("F2").screen();
    assert!(screen.starts_with(" 走访 · 张三顺") && screen.contains("不再走访"), "{screen}");
    let workspace = stage.into_world().workspace;
    assert!(workspace.draft(household(1), Name::new("visit")).is_none());
}
