//! The table of checks in `data/checks/` held against the list of what provinces send back (`national_codes.txt`).
//! What each line says of a file is tried in `src/rules/check/cases.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

fn path(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(below)
}

/// The codes of the list.
fn list() -> Vec<String> {
    let text = fs::read_to_string(path("tests/checks/national_codes.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

/// Under which codes the lines of the table are sent back, each with its file.
fn carried() -> Vec<(String, String)> {
    let mut carried = Vec::new();
    for entry in fs::read_dir(path("data/checks")).unwrap() {
        let file = entry.unwrap();
        let table: Table = toml::from_str(&fs::read_to_string(file.path()).unwrap()).unwrap();
        for line in table["check"].as_array().unwrap() {
            for codes in ["R", "T", "O", "E"].iter().filter_map(|whom| line.get(whom)) {
                let codes = codes.as_array().map_or(std::slice::from_ref(codes), Vec::as_slice);
                let name = file.file_name().into_string().unwrap();
                carried.extend(codes.iter().map(|code| (code.as_str().unwrap().to_owned(), name.clone())));
            }
        }
    }
    carried
}

fn left_out() -> BTreeSet<String> {
    let text = fs::read_to_string(path("tests/checks/left_out.toml")).unwrap();
    let table: Table = toml::from_str(&text).unwrap();
    let mut codes = BTreeSet::new();
    for entry in table["left_out"].as_array().unwrap() {
        assert!(!entry["why"].as_str().unwrap().is_empty());
        codes.extend(entry["codes"].as_array().unwrap().iter().filter_map(Value::as_str).map(str::to_owned));
    }
    codes
}

#[test]
fn every_national_code_is_carried_by_a_line_or_left_out_with_a_reason() {
    let carried: BTreeSet<String> = carried().into_iter().map(|(code, _)| code).collect();
    let left_out = left_out();
    let missing: Vec<String> =
        list().into_iter().filter(|code| !carried.contains(code) && !left_out.contains(code)).collect();
    assert!(missing.is_empty(), "no line for {missing:?}");
    let both: Vec<&String> = left_out.intersection(&carried).collect();
    assert!(both.is_empty(), "left out, and yet there: {both:?}");
}

#[test]
fn no_line_names_a_code_that_the_list_does_not_have() {
    let list: BTreeSet<String> = list().into_iter().collect();
    let odd: Vec<_> = carried().into_iter().filter(|(code, _)| !list.contains(code)).collect();
    assert!(odd.is_empty(), "not on the list: {odd:?}");
    assert!(left_out().is_subset(&list));
}

#[test]
fn the_list_names_each_code_once() {
    let codes = list();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    assert_eq!(codes.len(), 250);
}
