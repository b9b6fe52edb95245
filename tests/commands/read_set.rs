//! A set read without this program: thirty lines of Python, held against what the program lists.

use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;

use hudang::catalogue::Catalogue;
use hudang::data::Data;
use hudang::domain::{Name, Slot, Value};
use hudang::workspace::show::field_json;
use serde_json::{Value as Json, json};

use super::{run, run_with, village};
use crate::home::Home;
use crate::schema;

/// What the reader says of a household in a set, line by line, or why it stops; none where there is no Python.
fn python(set: &Path, serial: u32) -> Option<Result<Vec<Json>, String>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_set.py");
    let mut reader = Command::new("python3");
    reader.env("PYTHONIOENCODING", "utf-8").arg(script).arg(set).arg(serial.to_string());
    let Ok(output) = reader.output() else {
        eprintln!("no python3 here: the reader among the tests was not tried");
        return None;
    };
    if !output.status.success() {
        return Some(Err(String::from_utf8(output.stderr).unwrap()));
    }
    let lines = String::from_utf8(output.stdout).unwrap();
    Some(Ok(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()))
}

/// A month's set, with changes of every sort of value.
fn handed_over(home: &Home) -> std::path::PathBuf {
    let form = json!({"form": "edit", "household": "4199991012010001", "happened_on": "2022-11", "seen_on": "2022-11-15",
    "evidence": "流水", "changes": [
        {"section": "income", "field": "wages", "new": 2_700_050},
        {"section": "address", "field": "phone", "new": null},
        {"section": "land", "field": "arable", "new": 2.5},
        {"section": "housing", "field": "dangerous", "new": false},
        {"section": "members", "person": "419999101201000102", "field": "labour", "new": "弱劳动力或半劳动力"},
    ]});
    let ran = run_with(home.dir.path(), &["--json", "record", "-"], form.to_string().as_bytes());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let out = home.dir.path().join("out");
    let ran = run(home.dir.path(), &["--json", "changes", "export", "--out", out.to_str().unwrap(), "--plain"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.json()["file"].as_str().unwrap().into()
}

#[test]
fn thirty_lines_of_python_read_what_we_write() {
    let home = village();
    let set = handed_over(&home);
    let listed = run(home.dir.path(), &["--json", "changes", "list"]).json();
    let listed = listed.as_array().unwrap();
    let catalogue = Catalogue::load(&Data::embedded()).unwrap();
    for (serial, number) in [(1, "4199991012010001"), (2, "4199991012010002")] {
        let Some(read) = python(&set, serial) else { return };
        let mut read = read.unwrap().into_iter();
        let summary = read.next().unwrap();
        assert_eq!(summary["changes"], listed.len());
        let shown = |change: &Json, key: &str| {
            let text = |key: &str| Name::new(change[key].as_str().unwrap());
            let slot = Slot { section: text("section"), row: 0, field: text("field") };
            let value: Option<Value> = serde_json::from_value(change[key].clone()).unwrap();
            field_json(&catalogue, catalogue.in_slot(slot).unwrap(), value.as_ref())
        };
        let read: Vec<Json> = read
            .map(|mut change| {
                (change["old"], change["new"]) = (shown(&change, "old"), shown(&change, "new"));
                change
            })
            .collect();
        let of_household = listed.iter().filter(|change| change["household"] == number);
        let keys = ["number", "part", "by", "section", "row", "field", "old", "new"];
        let expected: Vec<Json> = of_household
            .map(|change| keys.iter().map(|key| ((*key).to_owned(), change[key].clone())).collect())
            .collect();
        assert!(!expected.is_empty());
        assert_eq!(read, expected);
    }
}

#[test]
fn the_python_reader_sees_what_was_altered() {
    let home = village();
    let set = handed_over(&home);
    let bytes = std::fs::read(&set).unwrap();
    let altered = |change: &dyn Fn(&str, String) -> String| {
        let mut from = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..from.len() {
            let mut text = String::new();
            let mut entry = from.by_index(at).unwrap();
            let name = entry.name().unwrap().into_owned();
            entry.read_to_string(&mut text).unwrap();
            to.start_file(&*name, zip::write::SimpleFileOptions::default()).unwrap();
            to.write_all(change(&name, text).as_bytes()).unwrap();
        }
        let path = set.with_file_name("altered.zip");
        std::fs::write(&path, to.finish().unwrap().into_inner()).unwrap();
        python(&path, 1)
    };
    let Some(as_it_was) = altered(&|_, text| text) else { return };
    assert!(as_it_was.is_ok());
    let in_acts = |from: &'static str, to: &'static str| {
        altered(&move |name, text| if name == "acts.jsonl" { text.replace(from, to) } else { text }).unwrap()
    };
    assert!(in_acts("2700050", "2700060").unwrap_err().contains("not the file"));
    let newer = altered(&|_, text| text.replace("\"version\": 1", "\"version\": 2")).unwrap();
    assert!(newer.unwrap_err().contains("newer"));
    let other = altered(&|name, text| {
        if name == "manifest.json" { text.replacen("\"hash_last\": \"", "\"hash_last\": \"0", 1) } else { text }
    });
    assert!(other.unwrap().unwrap_err().contains("chain is broken"));
}

#[test]
fn every_line_that_goes_out_is_of_the_published_shape() {
    let home = village();
    let mut set = zip::ZipArchive::new(std::fs::File::open(handed_over(&home)).unwrap()).unwrap();
    let mut text = String::new();
    set.by_name("acts.jsonl").unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text.lines().count(), 4);
    text.lines().for_each(|line| schema::check_line(line.as_bytes()));
    let mut manifest = String::new();
    set.by_name("manifest.json").unwrap().read_to_string(&mut manifest).unwrap();
    schema::check_manifest(manifest.as_bytes());
}
