//! A county's own question and its own code: files of `data/` laid over the program's, and not a line of code.

use std::fs;
use std::path::Path;

use hudang::progress::Unwatched;
use serde_json::{Value as Json, json};

use super::{edit, run, run_with, village};

/// Lays a file of `data/` over the program's, with something put into it.
fn lay_over(home: &Path, name: &str, change: impl FnOnce(String) -> String) {
    let shipped = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)).unwrap();
    let path = home.join("data").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, change(shipped)).unwrap();
}

const QUESTION: &str = r#"
[[item]]
id = "V16"
label = "宽带"
ask = "家里宽带能用，费用有没有减免"
asked_of = ["all"]
"#;

#[test]
fn a_question_more_in_the_visit() {
    let home = village();
    let visit = || {
        let mut sample = run(home.dir.path(), &["--json", "form", "visit"]).json()["sample"].clone();
        sample["household"] = "4199991012010001".into();
        sample
    };
    let without = visit();
    assert!(without["items"].get("V16").is_none());
    lay_over(home.dir.path(), "forms/visit.toml", |text| text + QUESTION);

    let with = visit();
    assert!(with["items"].get("V16").is_some(), "{with}");
    let record = |form: &Json| run_with(home.dir.path(), &["--json", "record", "-"], form.to_string().as_bytes());
    let lacking = record(&without);
    assert_eq!((lacking.code, &lacking.json()["refused"][0]["field"]), (3, &json!("items.V16")), "{}", lacking.out);
    assert_eq!(record(&with).code, 0);
    let file = run(home.dir.path(), &["--json", "show", "4199991012010001"]).json();
    assert!(file["forms"].to_string().contains("V16"), "{}", file["forms"]);

    // The paper that she takes along asks it too.
    let workspace = home.open(super::DAY);
    let households = workspace.left_to_visit().unwrap();
    let written = workspace.print_round(&households, home.dir.path(), &mut Unwatched).unwrap().unwrap();
    let page = fs::read_to_string(written).unwrap();
    assert!(page.contains("宽带"));
}

#[test]
fn a_code_more_in_a_list() {
    let home = village();
    let new = edit(None, "4199991012010001", "housing", "grade", "E级").to_string();
    let record = || run_with(home.dir.path(), &["--json", "record", "-"], new.as_bytes());
    assert_eq!(record().code, 3, "not in the list yet");
    lay_over(home.dir.path(), "codes/household.toml", |text| {
        let list = text.find("id = \"house_grade\"").unwrap();
        let end = list + text[list..].find("\n]").unwrap();
        format!("{}\n  {{ id = \"e\", label = \"E级\" }},{}", &text[..end], &text[end..])
    });
    let taken = record();
    assert_eq!(taken.code, 0, "{}", taken.out);
    let file = run(home.dir.path(), &["--json", "show", "4199991012010001"]).json();
    assert_eq!(file["sections"]["housing"]["fields"]["grade"], "E级");
}

#[test]
fn a_wrong_definition_is_named_by_file_and_line() {
    let home = village();
    lay_over(home.dir.path(), "forms/visit.toml", |text| text.replacen("type = \"names\"", "type = \"nmaes\"", 1));
    let ran = run(home.dir.path(), &["list"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("forms/visit.toml 第") && ran.err.contains("nmaes"), "{}", ran.err);
}
