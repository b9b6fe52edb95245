//! 更新: what is stale, by household and by kind, and confirming a section outside a visit.

use hudang::domain::Name;
use insta::assert_snapshot;
use serde_json::json;

use super::{FAMILIES, desk_of, stage};
use crate::home::{Home, file};

#[test]
fn by_household_and_by_kind() {
    for size in [(80, 24), (120, 40)] {
        let (_home, mut stage) = stage(&FAMILIES, "2022-11-20", size);
        assert_snapshot!(format!("stale_{}", size.0), stage.press("F8").screen());
        assert_snapshot!(format!("stale_kinds_{}", size.0), stage.press("Tab").screen());
    }
}

#[test]
fn nothing_is_stale_in_a_village_that_was_just_taken_in() {
    let (_home, mut stage) = stage(&FAMILIES, "2022-10-20", (80, 24));
    assert_snapshot!("stale_none", stage.press("F8").screen());
}

#[test]
fn a_section_is_confirmed_only_by_who_says_that_she_looked() {
    let (home, mut stage) = stage(&FAMILIES, "2022-11-20", (80, 24));
    stage.press("F8");
    assert!(stage.line(0).contains("错35"));
    assert_snapshot!("stale_confirm", stage.press("=").screen());
    assert!(stage.press("Enter").line(0).contains("错35"), "the first answer leaves things as they are");
    let screen = stage.press("ctrl-d Right Enter").screen();
    assert!(screen.contains("错34") && screen.contains("已记下：张三顺的家庭成员今天核实过，没有变"), "{screen}");
    assert!(screen.contains("▸ 错 张三顺     一组   收入"), "the next one is selected\n{screen}");
    let screen = stage.press("ctrl-z").screen();
    assert!(screen.contains("错35") && screen.contains("已撤销第9号：核实无变"), "{screen}");
    drop(stage);
    let workspace = home.open("2022-11-20");
    assert!(file(&workspace, 1).sections[&Name::new("members")].confirmed.is_none());
}

#[test]
fn what_was_seen_to_change_cannot_be_called_unchanged() {
    let home = Home::of("2022-10-08", &FAMILIES[..1]);
    let mut workspace = home.open("2022-11-05");
    let items = json!({"V01": {"answer": "changed", "what": "添孙女", "since": "2022-10-02"},
        "V07": {"answer": "changed", "what": "翻修", "since": "2022-10-03",
                "edits": [{"section": "housing", "field": "grade", "new": "A"}]}});
    let mut items = items.as_object().unwrap().clone();
    for item in (1..=15).map(|number| format!("V{number:02}")) {
        items.entry(item).or_insert(json!({"answer": "as_on_file"}));
    }
    let visit = json!({"form": "visit", "household": "4199991012010001", "date": "2022-11-05",
        "visitors": ["李桂枝"], "items": items});
    let recorded = workspace.record(&visit).unwrap();
    assert!(matches!(recorded, hudang::workspace::Recorded::Accepted { .. }), "{recorded:?}");
    drop(workspace);

    let mut stage = desk_of(&home, "2022-11-20", (80, 24));
    let today = stage.screen();
    assert!(today.contains("人口有变化（添孙女），49天未入档") && today.contains("1处没交"), "{today}");
    let screen = stage.press("F8").screen();
    assert_snapshot!("stale_late", screen);
    assert!(stage.press("=").screen().contains("走访时说有变化，要到户档里改"));
    assert!(stage.press("Down =").screen().contains("要到变更里导出交县"));
}
