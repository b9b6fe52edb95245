//! Each change under an item of a visit has its own day and its own paper, and so has each of an edit.

use serde_json::{Value as Json, json};

use super::{DAY, Ran, run, run_with, village};
use crate::home::Home;

const A: &str = "4199991012010001";

fn record(home: &Home, form: &Json) -> Ran {
    run_with(home.dir.path(), &["--json", "record", "-"], form.to_string().as_bytes())
}

/// A visit in which everything is as on file, but for these items.
fn visit(date: &str, items: &[(&str, Json)]) -> Json {
    let mut all: serde_json::Map<String, Json> =
        (1..=15).map(|nth| (format!("V{nth:02}"), json!({"answer": "as_on_file"}))).collect();
    all.extend(items.iter().map(|(item, answer)| ((*item).to_owned(), answer.clone())));
    json!({"form": "visit", "household": A, "date": date, "visitors": ["李桂枝"], "items": all})
}

/// The lines of the last act: the field, its day, the day it was seen, its paper.
fn lines(home: &Home) -> Vec<(String, Json, Json, Json)> {
    let list = run(home.dir.path(), &["--json", "show", A, "--history"]).json();
    let all = list["history"].as_array().unwrap();
    let last = all.last().unwrap()["number"].clone();
    let of_last = all.iter().filter(|line| line["number"] == last);
    let line = |it: &Json| {
        let field = it["field"].as_str().unwrap().to_owned();
        (field, it["happened_on"].clone(), it["seen_on"].clone(), it["evidence"].clone())
    };
    of_last.map(line).collect()
}

#[test]
fn two_changes_under_one_item_have_each_its_own_day_and_paper() {
    let home = village();
    let edits = json!([
        {"section": "income", "field": "wages", "new": 2_700_000, "happened_on": "2022-10", "evidence": "工资流水"},
        {"section": "income", "field": "property", "new": 100_000, "since": "2022-11-02"},
        {"section": "income", "field": "transfers", "new": 50_000},
    ]);
    let income = json!({"answer": "changed", "what": "收入变了", "since": "2022-11-10", "edits": edits});
    let ran = record(&home, &visit(DAY, &[("V02", income)]));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let told = lines(&home);
    let of = |field: &str| told.iter().find(|line| line.0 == field).cloned().unwrap_or_else(|| panic!("{told:?}"));
    assert_eq!(of("wages"), ("wages".into(), json!("2022-10"), json!(DAY), json!("工资流水")));
    assert_eq!(of("property"), ("property".into(), json!("2022-11-02"), json!(DAY), Json::Null));
    assert_eq!(of("transfers"), ("transfers".into(), json!("2022-11-10"), json!(DAY), Json::Null));
}

#[test]
fn a_change_of_an_edit_may_have_its_own_day_and_paper_too() {
    let home = village();
    let edit = json!({"form": "edit", "household": A, "happened_on": "2022-11-15", "evidence": "本人说", "changes": [
        {"section": "income", "field": "wages", "new": 2_700_000, "date": "2022-11-01", "evidence": "合同"},
        {"section": "address", "field": "group", "new": "2组"},
    ]});
    assert_eq!(record(&home, &edit).code, 0);
    let told = lines(&home);
    assert_eq!(told[0], ("wages".into(), json!("2022-11-01"), Json::Null, json!("合同")));
    assert_eq!(told[1], ("group".into(), json!("2022-11-15"), Json::Null, json!("本人说")));
}

#[test]
fn a_day_after_the_visit_and_two_days_of_one_change_are_refused_at_that_change() {
    let home = village();
    let with = |edit: Json| json!({"answer": "changed", "what": "变了", "edits": [edit]});
    let refused = |edit: Json| {
        let json = record(&home, &visit("2022-11-08", &[("V02", with(edit))])).json();
        json["refused"][0]["field"].as_str().unwrap_or_default().to_owned()
    };
    let wages = |key: &str, day: &str| json!({"section": "income", "field": "wages", "new": 100, key: day});
    assert_eq!(refused(wages("happened_on", "2022-11-15")), "items.V02.edits.0.happened_on");
    assert_eq!(refused(wages("happened_on", "2035")), "items.V02.edits.0.happened_on");
    assert_eq!(refused(wages("since", "昨天")), "items.V02.edits.0.since");
    let mut two = wages("since", "2022-11-01");
    two["date"] = json!("2022-11-02");
    assert_eq!(refused(two), "items.V02.edits.0.date");
}

#[test]
fn a_paper_alone_under_an_item_is_a_change_of_its_own() {
    let home = village();
    let paper = json!([{"section": "income", "field": "wages", "new": 2_600_000, "evidence": "银行流水"}]);
    let income = json!({"answer": "changed", "what": "补了流水", "edits": paper});
    assert_eq!(record(&home, &visit(DAY, &[("V02", income)])).code, 0);
    let list = run(home.dir.path(), &["--json", "changes", "list"]).json();
    let line =
        list.as_array().unwrap().iter().find(|it| it["evidence_only"] == true).unwrap_or_else(|| panic!("{list}"));
    assert_eq!((&line["field"], &line["evidence"]), (&json!("wages"), &json!("银行流水")));
}

#[test]
fn of_two_changes_of_one_field_the_later_day_stands_in_whatever_order_they_are_told() {
    for days in [["2022-10-05", "2022-11-05"], ["2022-11-05", "2022-10-05"]] {
        let home = village();
        let wages = |day: &str| {
            let new = if day.starts_with("2022-11") { 2_800_000 } else { 2_700_000 };
            json!({"section": "income", "field": "wages", "new": new, "happened_on": day})
        };
        let income = json!({"answer": "changed", "what": "涨了两回", "edits": days.map(wages)});
        let ran = record(&home, &visit(DAY, &[("V02", income)]));
        assert_eq!(ran.code, 0, "{}", ran.out);
        let file = run(home.dir.path(), &["--json", "show", A]).json();
        assert_eq!(file["sections"]["income"]["fields"]["wages"], 2_800_000, "{days:?}");
        assert_eq!(ran.json()["accepted"][0]["outdated"][0]["happened_on"], "2022-10-05");
    }
}

#[test]
fn an_earlier_day_entered_later_leaves_the_newer_figure_and_is_told_and_kept() {
    let home = village();
    let wages = |new: u32, on: &str| {
        json!({"form": "edit", "household": A, "happened_on": on, "seen_on": DAY,
               "changes": [{"section": "income", "field": "wages", "new": new}]})
    };
    let held = || run(home.dir.path(), &["--json", "show", A]).json()["sections"]["income"]["fields"]["wages"].clone();
    assert_eq!(record(&home, &wages(5_000_000, "2022-11-15")).code, 0);
    // By an edit, and by a visit of an earlier day.
    let earlier = record(&home, &wages(4_000_000, "2022-10-01"));
    assert_eq!(earlier.json()["accepted"][0]["outdated"][0]["field"], "wages", "{}", earlier.out);
    assert!(earlier.err.contains("留着后来的"), "{}", earlier.err);
    let edits = json!([{"section": "income", "field": "wages", "new": 3_000_000}]);
    let income = json!({"answer": "changed", "what": "少了", "edits": edits});
    let visited = record(&home, &visit("2022-11-08", &[("V02", income)]));
    assert_eq!(visited.json()["accepted"][0]["outdated"][0]["seen_on"], "2022-11-08", "{}", visited.out);
    assert_eq!(held(), 5_000_000);
    // A later day, and a word without a day, still count.
    assert_eq!(record(&home, &wages(6_000_000, "2022-11-16")).code, 0);
    assert_eq!(held(), 6_000_000);
    let plain = json!({"form": "edit", "household": A,
        "changes": [{"section": "income", "field": "wages", "new": 6_100_000}]});
    assert_eq!(record(&home, &plain).code, 0);
    assert_eq!(held(), 6_100_000);
    assert_eq!(run(home.dir.path(), &["--json", "rebuild"]).code, 0);
    assert_eq!(held(), 6_100_000, "read again it is the same file");
}

#[test]
fn what_a_visit_was_told_and_nobody_filed_is_not_settled_by_a_month_as_on_file() {
    let home = village();
    let told = json!({"answer": "changed", "what": "慢病证到期换新"});
    assert_eq!(record(&home, &visit("2022-11-05", &[("V06", told)])).code, 0);
    let open = || run(home.dir.path(), &["--json", "show", A]).json()["open_items"].as_array().unwrap().len();
    assert_eq!(open(), 1);
    // V01 confirms the members, which V06 is about too; V06 itself says nothing of what was told.
    let next = record(&home, &visit("2022-11-18", &[]));
    assert_eq!((next.code, open()), (0, 1), "{}", next.out);
    assert!(next.err.contains("还没入档"), "{}", next.err);
    let settled = visit(DAY, &[("V06", json!({"answer": "as_on_file", "settles": true}))]);
    assert_eq!((record(&home, &settled).code, open()), (0, 0));
}
