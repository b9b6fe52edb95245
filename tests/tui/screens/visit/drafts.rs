//! Leaving in the middle, and a kill after every key: what was filled in is there again.

use hudang::tui::desk::Desk;

use super::{DAY, home, household, stage_on};
use crate::home::Home;
use crate::tui::screens::desk_of;
use crate::tui::screens::kills::Typed;
use crate::tui::stage::Stage;

#[test]
fn leaving_and_coming_back_resumes_at_the_field() {
    let home = home();
    let mut stage = desk_of(&home, DAY, (80, 24));
    stage.press("F4 = = c 1 <10-21> Enter Enter 3 Enter Enter Enter");
    // Another screen over it, and back.
    let here = |stage: &Stage<Desk>| (stage.screen().contains("添务工就业"), stage.cursor());
    let (is_open, cursor) = here(&stage);
    assert!(is_open && cursor.is_some(), "{}", stage.screen());
    stage.press("F3 F4");
    assert_eq!(here(&stage), (true, cursor), "{}", stage.screen());
    drop(stage);
    let mut stage = desk_of(&home, DAY, (80, 24));
    stage.press("F4");
    assert_eq!(here(&stage), (true, cursor), "{}", stage.screen());
    assert!(stage.screen().contains("张小军") && stage.screen().contains("2022-10-21"), "{}", stage.screen());
    // Out of the form, out of the visit, and on at the item.
    stage.press("Esc Esc");
    assert!(stage.press("F4").screen().contains("▸  4 就业"), "{}", stage.screen());
    assert!(stage.screen().contains("09:30接着填"), "the entry has its own time\n{}", stage.screen());
}

#[test]
fn a_kill_after_any_key_costs_at_most_the_field_being_typed() {
    let session = [
        ("=", "/items/V01/finding=\"as_on_file\""),
        ("=", "/items/V02/finding=\"as_on_file\""),
        ("c 1 <10-21> Enter", "2022-10-21"),
        ("<换了工地> Enter", "换了工地"),
        ("3 Enter", "person"),
        ("Enter Enter 2 Enter", "place"),
        ("<郑州> Enter", "郑州"),
        ("F2", "郑州"),
        ("! <孩子没回校> Enter", "孩子没回校"),
        ("<村小学> Enter", "村小学"),
        ("<12-1> Enter", "2022-12-01"),
        ("Tab Enter Enter 1 Enter", "place"),
        ("<李翠兰> Enter", "李翠兰"),
        ("Esc A", "/items/V15/finding=\"as_on_file\""),
    ];
    let open = |home: &Home| stage_on(home, (80, 24));
    let typed = Typed { day: DAY, household: household(1), form: "visit", open: &open };
    typed.loses_at_most_a_field(&home(), &session);
}

#[test]
fn a_visit_begun_last_month_is_asked_about_and_its_day_is_its_own() {
    let begun = || {
        let home = home();
        desk_of(&home, DAY, (80, 24)).press("F4 = =");
        home
    };
    const LATER: &str = "2022-12-03";
    let home = begun();
    let mut stage = desk_of(&home, LATER, (80, 24));
    let asked = stage.press("F4").screen();
    assert!(asked.contains("是哪个月的") && asked.contains("2022-11-08"), "{asked}");
    // It was last month's: finished as that, and the next household has its own day.
    let screen = stage.press("Enter A F2").screen();
    assert!(screen.contains("走访已记") || screen.contains("还有"), "{screen}");
    let screen = stage.press("F4").screen();
    assert!(!screen.contains("走访日期 11月8日") || screen.contains("张三顺"), "{screen}");
    drop(stage);
    let home = begun();
    let mut stage = desk_of(&home, LATER, (80, 24));
    let screen = stage.press("F4 Down Enter").screen();
    assert!(screen.contains("走访日期 12月3日"), "{screen}");
    drop(stage);
    let home = begun();
    let mut stage = desk_of(&home, LATER, (80, 24));
    let screen = stage.press("F4 Down Down Enter").screen();
    assert!(screen.contains("从头填") && screen.contains("录入09:30起") && screen.contains("▸  1"), "{screen}");
    drop(stage);
    let home = begun();
    let screen = desk_of(&home, "2022-11-28", (80, 24)).press("F4").screen();
    assert!(!screen.contains("是哪个月的"), "of the same month nothing is asked\n{screen}");
}
