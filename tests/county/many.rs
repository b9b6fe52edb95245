//! A county of several villages that hold changes back, correct, refuse and contradict: verified, backed up, restored.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{path, run_as};
use crate::commands::{Ran, edit};

const VILLAGES: [&str; 4] = ["419999101201", "419999101202", "419999101203", "419999101301"];

fn at(home: &Path, who: (&str, &str), words: &[&str], input: &str) -> Ran {
    run_as(home, who.0, who.1, words, input.as_bytes())
}

/// Does it, and it is done.
fn done(home: &Path, who: (&str, &str), words: &[&str], input: &str) -> Ran {
    let ran = at(home, who, words, input);
    assert!([0, 3].contains(&ran.code), "{words:?}: {}{}", ran.out, ran.err);
    ran
}

const COORDINATOR: (&str, &str) = ("李桂枝", "coordinator");
const SECRETARY: (&str, &str) = ("周明", "secretary");
const COUNTY: (&str, &str) = ("周敏", "county");

fn household(village: &str, n: u32) -> String {
    format!("{village}{n:04}")
}

fn changed(home: &Path, who: (&str, &str), household: &str, field: &str, new: &str) {
    let form = edit(None, household, "address", field, new).to_string();
    let ran = done(home, who, &["--json", "record", "-"], &form);
    assert_eq!(ran.json()["refused"], json!([]), "{}", ran.out);
}

/// The village's next set, at the county.
fn hand_over(village: &Path, county: &Path, out: &Path) -> Ran {
    let exported = done(village, COORDINATOR, &["--json", "changes", "export", "--plain", "--out", path(out)], "");
    let file = exported.json()["file"].as_str().unwrap().to_owned();
    done(county, COUNTY, &["--json", "changes", "apply", "--trust-new", &file], "")
}

#[test]
fn a_county_of_villages_with_holds_corrections_refusals_and_conflicts_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let county = folder.path().join("county");
    let out = folder.path().join("out");
    let mut held = 0;
    for code in VILLAGES {
        let home: PathBuf = folder.path().join(code);
        done(&home, COORDINATOR, &["init", "--village", code, "--name", "某村"], "");
        let roster = folder.path().join("roster.csv");
        let (first, second) = (household(code, 1), household(code, 2));
        let rows =
            format!("户编号,人编号,姓名,与户主关系\n{first},{code}000101,张三,户主\n{second},{code}000201,王五,户主\n");
        fs::write(&roster, rows).unwrap();
        done(&home, COORDINATOR, &["import", "roster", path(&roster)], "");
        changed(&home, COORDINATOR, &first, "group", "3组");
        changed(&home, COORDINATOR, &second, "group", "4组");
        done(&home, SECRETARY, &["--json", "review", "--return", &second, "--remark", "再核"], "");
        assert_eq!(hand_over(&home, &county, &out).code, 0);
        let acts = done(&home, COORDINATOR, &["--json", "changes", "list"], "").json();
        held += acts.as_array().unwrap().iter().filter(|line| line["state"] == "held").count();
        // Both sides change one field, the county corrects another and refuses a change.
        changed(&county, COUNTY, &first, "phone", "13800000001");
        changed(&home, COORDINATOR, &first, "phone", "13800000002");
        changed(&county, COUNTY, &second, "phone", "13800000003");
        let line = acts
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["household"] == first.as_str() && line["field"] == "group");
        let number = format!("{}.1", line.unwrap()["number"]);
        let refusal =
            ["--json", "changes", "answer", "--village", code, "--refuse", "--reason", "no_evidence", &number];
        done(&county, COUNTY, &refusal, "");
        let receipt = folder.path().join(format!("{code}.zip"));
        let words = ["--json", "changes", "receipt", "--plain", "--village", code, "--out", path(&receipt)];
        done(&county, COUNTY, &words, "");
        let accepted =
            done(&home, COORDINATOR, &["--json", "changes", "accept-receipt", "--trust-new", path(&receipt)], "");
        assert_eq!(accepted.json()["conflicts"].as_array().unwrap().len(), 1, "{}", accepted.out);
        hand_over(&home, &county, &out);
        assert_eq!(done(&home, COORDINATOR, &["--json", "verify"], "").code, 0);
    }
    assert!(held >= VILLAGES.len(), "{held} held");
    let whole = |home: &Path, words: &[&str]| {
        let ran = at(home, COUNTY, words, "");
        assert_eq!(
            (ran.code, &ran.json()["ok"], &ran.json()["problems"]),
            (0, &json!(true), &json!([])),
            "{}",
            ran.out
        );
    };
    whole(&county, &["--json", "verify"]);
    whole(&county, &["--json", "rebuild"]);
    let backup = folder.path().join("backup");
    whole(&county, &["--json", "backup", path(&backup)]);
    let again = folder.path().join("again");
    whole(&again, &["--json", "restore", path(&backup)]);
    whole(&again, &["--json", "verify"]);
    for code in VILLAGES {
        let words = ["--json", "--village", code, "show", &household(code, 1), "--history"];
        let (before, after) = (at(&county, COUNTY, &words, ""), at(&again, COUNTY, &words, ""));
        assert_eq!((before.code, &before.out), (0, &after.out));
    }
}
