//! 待办: the tasks of all households, and the end of one.

use hudang::domain::Name;
use insta::assert_snapshot;

use super::{FAMILIES, stage};
use crate::home::file;

const TO_TASKS: &str = "Tab End Up Enter";

#[test]
fn the_earliest_last_day_comes_first() {
    for size in [(80, 24), (120, 40)] {
        let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", size);
        assert_snapshot!(format!("tasks_{}", size.0), stage.press(TO_TASKS).screen());
        assert_snapshot!(format!("tasks_done_{}", size.0), stage.press("Enter <昨天> Enter <修>").screen());
    }
}

#[test]
fn the_end_is_what_a_person_says_and_can_be_taken_back() {
    let (home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    stage.press(TO_TASKS);
    assert!(stage.press("Enter F2").screen().contains("“办结日期”要填"), "no day is made up");
    assert!(stage.press("<2022-11-21> F2").screen().contains("这一天还没有到"));
    assert!(stage.press("ctrl-delete <11-19> F2").screen().contains("“办理结果”要填"));
    let screen = stage.press("<村委会修好> F2").screen();
    assert!(screen.contains("已办结，记为2022-11-19") && screen.contains("1件"), "{screen}");
    assert!(stage.press("ctrl-z").screen().contains("2件"));
    stage.press("Enter <11-18> Enter <修好> Enter");
    drop(stage);
    let workspace = home.open("2022-11-20");
    let task = file(&workspace, 2).row(Name::new("tasks"), 1).unwrap().clone();
    assert_eq!(task.get(Name::new("done_on")).unwrap().as_date().unwrap().to_string(), "2022-11-18");
    assert_eq!(task.get(Name::new("result")).unwrap().as_text(), Some("修好"));
}

#[test]
fn a_village_without_tasks_says_so() {
    let (_home, mut stage) = stage(&FAMILIES[3..4], "2022-11-20", (80, 24));
    // Nothing is to be done first, so the keys are for the counts.
    let screen = stage.press("End Up Enter").screen();
    assert!(screen.contains("没有待办：走访发现的问题都办结了。"), "{screen}");
}
