//! Leaving in the middle, and a kill after every key: what was filled in is there again.

use std::path::Path;

use hudang::domain::Name;
use hudang::tui::desk::Desk;
use hudang::tui::screens::visit::Visit;
use serde_json::Value;

use super::{DAY, home, household, stage_on};
use crate::home::Home;
use crate::tui::screens::desk_of;
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

/// What is answered in a draft: the values in it by their path.
fn leaves(value: &Value, path: &str, into: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(id, value)| leaves(value, &format!("{path}/{id}"), into)),
        Value::Array(values) => values.iter().for_each(|value| leaves(value, path, into)),
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        value => into.push(format!("{path}={value}")),
    }
}

fn answered(home: &Home) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(draft) = home.open(DAY).draft(household(1), Name::new("visit")) {
        leaves(&serde_json::to_value(&draft.filled).unwrap(), "", &mut said);
    }
    said
}

/// The home as a kill at this instant would leave it.
fn killed(home: &Home) -> Home {
    let dir = tempfile::tempdir().unwrap();
    copy(home.dir.path(), dir.path());
    Home { dir }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() { copy(&from, &to) } else { _ = std::fs::copy(&from, &to).unwrap() }
    }
}

#[test]
fn a_kill_after_any_key_costs_at_most_the_field_being_typed() {
    // What is typed, field by field, and what the draft must hold once the field is left.
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
    let home = home();
    let mut stage = stage_on(&home, (80, 24));
    let mut kept: Vec<String> = Vec::new();
    for (keys, wanted) in session {
        for key in single_keys(keys) {
            stage.press(&key);
            let said = answered(&killed(&home));
            for one in &kept {
                assert!(said.contains(one), "{one} was kept before {key} of {keys}, and is lost: {said:?}");
            }
        }
        kept = answered(&killed(&home));
        assert!(kept.iter().any(|one| one.contains(wanted)), "{keys} was left, and {wanted} is not in {kept:?}");
        // Whoever opens it again is where she was.
        let after = killed(&home);
        let mut desk = Desk::new(after.open(DAY));
        let visit = Box::new(Visit::new(&mut desk));
        let again = Stage::new(desk, visit, (80, 24));
        let body = |screen: Vec<String>| screen[2..22].to_vec();
        assert_eq!(body(again.lines()), body(stage.lines()), "after {keys}");
    }
}

fn single_keys(keys: &str) -> Vec<String> {
    keys.split(' ')
        .flat_map(|word| match word.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
            Some(text) => text.chars().map(|letter| format!("<{letter}>")).collect(),
            None => vec![word.to_owned()],
        })
        .collect()
}
