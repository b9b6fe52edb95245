//! What was saved for the wrong household is taken back later, with the reason, and so is all that it did.

use serde_json::{Value as Json, json};

use super::{DAY, Ran, run, run_with, village};
use crate::county::{Both, run_as};
use crate::home::Home;

const A: &str = "4199991012010001";
const B: &str = "4199991012010002";

fn record(home: &Home, form: &Json) -> Ran {
    run_with(home.dir.path(), &["--json", "record", "-"], form.to_string().as_bytes())
}

fn taken(home: &Home, form: &Json) -> u64 {
    let ran = record(home, form);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    ran.json()["accepted"][0]["change"].as_u64().unwrap()
}

fn show(home: &Home, household: &str) -> Json {
    run(home.dir.path(), &["--json", "show", household]).json()
}

fn visit(household: &str, date: &str, items: &[(&str, Json)]) -> Json {
    let mut all: serde_json::Map<String, Json> =
        (1..=15).map(|nth| (format!("V{nth:02}"), json!({"answer": "as_on_file"}))).collect();
    all.extend(items.iter().map(|(item, answer)| ((*item).to_owned(), answer.clone())));
    json!({"form": "visit", "household": household, "date": date, "visitors": ["李桂枝"], "items": all})
}

fn withdraw(household: &str, number: u64) -> Json {
    json!({"form": "withdraw", "household": household, "change": number, "reason": "录到别户去了"})
}

fn edit(household: &str, field: &str, new: u32, on: &str) -> Json {
    json!({"form": "edit", "household": household, "happened_on": on,
           "changes": [{"section": "income", "field": field, "new": new}]})
}

/// A visit with a change, a problem and something that is only told.
fn wrong_visit(household: &str) -> Json {
    let edits = json!([{"section": "income", "field": "wages", "new": 3_000_000}]);
    visit(
        household,
        "2022-11-18",
        &[
            ("V02", json!({"answer": "changed", "what": "涨了", "edits": edits})),
            ("V07", json!({"answer": "problem", "what": "西屋漏雨", "who": "村委会", "due": "2022-12-01"})),
            ("V06", json!({"answer": "changed", "what": "换了药"})),
        ],
    )
}

#[test]
fn a_visit_and_all_that_it_did_is_taken_back_and_what_stood_before_it_stands_again() {
    let home = village();
    taken(&home, &visit(A, "2022-10-20", &[]));
    let before = show(&home, A);
    let number = taken(&home, &wrong_visit(A));
    // Other households are visited and edited meanwhile, so that it is not the last act.
    taken(&home, &visit(B, "2022-11-19", &[]));
    let without = record(&home, &json!({"form": "withdraw", "household": A, "change": number})).json();
    assert_eq!(without["refused"][0]["field"], "reason");
    let withdrawal = taken(&home, &withdraw(A, number));
    let after = show(&home, A);
    for section in ["income", "housing", "tasks", "members", "medical", "helper", "card"] {
        assert_eq!(after["sections"][section], before["sections"][section], "{section}");
    }
    assert_eq!(after["open_items"], json!([]));
    let forms = after["forms"].as_array().unwrap();
    let of = |number: u64| forms.iter().find(|form| form["number"] == number).unwrap();
    assert_eq!((&of(number)["withdrawn"], &of(withdrawal)["reason"]), (&json!(true), &json!("录到别户去了")));
    let list = run(home.dir.path(), &["--json", "list"]).json();
    let visited = list.as_array().unwrap().iter().find(|row| row["household"] == A).unwrap()["visited"].clone();
    assert_ne!(visited, json!("2022-11-18"), "{list}");
    // Twice is once, another time it is refused, and a rebuild reads the same.
    assert_eq!(taken(&home, &withdraw(A, number)), withdrawal);
    let again = json!({"form": "withdraw", "household": A, "change": number, "reason": "再撤一次"});
    assert!(record(&home, &again).json()["refused"][0]["why"].as_str().unwrap().contains("已由"));
    assert_eq!(run(home.dir.path(), &["--json", "rebuild"]).code, 0);
    assert_eq!(show(&home, A), after);
}

#[test]
fn what_later_acts_stand_on_is_asked_about_and_stays() {
    let home = village();
    let number = taken(&home, &wrong_visit(A));
    let later = taken(&home, &edit(A, "wages", 3_200_000, DAY));
    let refused = record(&home, &withdraw(A, number)).json();
    assert_eq!(refused["refused"][0]["field"], "keep");
    let why = refused["refused"][0]["why"].as_str().unwrap();
    assert!(why.contains("工资") && why.contains(&format!("第{later}号")), "{why}");
    let mut keeping = withdraw(A, number);
    keeping["keep"] = json!(true);
    taken(&home, &keeping);
    let file = show(&home, A);
    assert_eq!(file["sections"]["income"]["fields"]["wages"], 3_200_000);
    assert_eq!(file["sections"]["tasks"]["rows"], json!([]));
    assert_eq!(file["sections"]["income"]["confirmed_on"], Json::Null);
}

#[test]
fn two_wrong_acts_taken_back_in_either_order_leave_what_stood_before_both() {
    for order in [[0, 1], [1, 0]] {
        let home = village();
        let before = show(&home, A)["sections"]["income"]["fields"]["wages"].clone();
        let numbers = [taken(&home, &wrong_visit(A)), taken(&home, &edit(A, "wages", 3_200_000, DAY))];
        for at in order {
            let mut form = withdraw(A, numbers[at]);
            form["keep"] = json!(true);
            taken(&home, &form);
        }
        assert_eq!(show(&home, A)["sections"]["income"]["fields"]["wages"], before, "{order:?}");
    }
}

#[test]
fn a_screening_form_taken_back_counts_no_more_and_a_birth_goes_with_its_child() {
    let home = village();
    let groups = json!({"S01": {"yes": false, "fact": "核实不属于"}, "S02": {"yes": false, "fact": "核实不属于"},
        "S03": {"yes": false, "fact": "核实不属于"}, "S04": {"yes": true, "fact": "住院"}});
    let screening = json!({"form": "screening", "household": A, "round": "2022-2", "date": DAY, "surveyor": "李桂枝",
        "groups": groups, "opinion": "需入户排查"});
    let codes = || {
        let found = run(home.dir.path(), &["--json", "check", A]).json();
        let codes = found.as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned());
        codes.collect::<Vec<_>>()
    };
    let before = codes();
    let number = taken(&home, &screening);
    assert_ne!(codes(), before);
    taken(&home, &withdraw(A, number));
    assert_eq!(codes(), before);
    let birth = json!({"form": "birth", "household": A, "date": "2022-11-15", "name": "张幼", "sex": "男",
        "relation": "之孙子"});
    let born = taken(&home, &birth);
    let people = || show(&home, A)["sections"]["members"]["rows"].as_array().unwrap().len();
    assert_eq!(people(), 3);
    taken(&home, &withdraw(A, born));
    assert_eq!(people(), 2);
}

#[test]
fn an_event_on_which_something_stands_is_whole_or_not_taken_back() {
    let home = village();
    let born = taken(
        &home,
        &json!({"form": "birth", "household": A, "date": "2022-11-15", "name": "张幼", "sex": "男", "relation": "之孙子"}),
    );
    let child = show(&home, A)["sections"]["members"]["rows"].as_array().unwrap().last().unwrap()["person"].clone();
    let schooling = json!({"form": "edit", "household": A, "changes": [
        {"section": "medical", "person": child, "field": "note", "new": "先天"}]});
    let ran = record(&home, &schooling);
    if ran.code == 0 {
        let refused = record(&home, &withdraw(A, born)).json();
        assert_eq!(refused["refused"][0]["field"], "change", "{refused}");
    }
}

#[test]
fn the_author_or_the_first_secretary_takes_back_and_nobody_else() {
    let home = village();
    let number = taken(&home, &visit(A, DAY, &[]));
    let by = |who: &str, role: &str, number: u64| {
        let form = withdraw(A, number).to_string();
        let ran = run_as(home.dir.path(), who, role, &["--json", "record", "-"], form.as_bytes()).json();
        ran["refused"].as_array().unwrap().first().map(|fault| fault["why"].as_str().unwrap().to_owned())
    };
    let other = by("王芳", "coordinator", number).unwrap();
    assert!(other.contains("李桂枝") && other.contains("第一书记"), "{other}");
    assert!(by("周敏", "county", number).is_some());
    assert_eq!(by("周明", "secretary", number), None);
    let mine = taken(&home, &visit(A, DAY, &[]));
    assert_eq!(by("李桂枝", "coordinator", mine), None);
    // What no form made is no form's to be taken back.
    assert!(by("李桂枝", "coordinator", 1).is_some_and(|why| why.contains("不能撤回")));
    assert!(by("李桂枝", "coordinator", 999).is_some_and(|why| why.contains("没有第999号")));
}

#[test]
fn the_county_sees_it_taken_back_and_prints_the_same_file() {
    let both = Both::new();
    let visit = wrong_visit(A).to_string();
    let record = |form: &str| {
        let ran = run_as(both.village.dir.path(), "李桂枝", "coordinator", &["--json", "record", "-"], form.as_bytes());
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ran.json()["accepted"][0]["change"].as_u64().unwrap()
    };
    let number = record(&visit);
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    let withdrawal = record(&withdraw(A, number).to_string());
    let (_, set) = both.export();
    let applied = both.apply(&set);
    assert_eq!(applied.code, 0, "{}", applied.err);
    both.assert_same_files();
    let at_county = both.at_county(&["--json", "show", A]).json();
    let forms = at_county["forms"].as_array().unwrap();
    assert!(forms.iter().any(|form| form["number"] == number && form["withdrawn"] == true));
    assert!(forms.iter().any(|form| form["number"] == withdrawal && form["reason"] == "录到别户去了"));
    assert_eq!(at_county["sections"]["tasks"]["rows"], json!([]));
}
