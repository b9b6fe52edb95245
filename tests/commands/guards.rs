//! What may be entered, by whom and of which days: tried through `record` and the other commands, field by field of the
//! whole catalogue.

use serde_json::{Value as Json, json};

use hudang::catalogue::{Catalogue, FieldKind, SectionKind, Writes};
use hudang::data::Data;

use super::{Ran, command_by, run, run_with, village};
use crate::home::Home;

const A: &str = "4199991012010001";
const B: &str = "4199991012010002";
const HEAD: &str = "419999101201P00001";
const SON: &str = "419999101201P00002";

fn record(home: &Home, form: &Json) -> Ran {
    run_with(home.dir.path(), &["--json", "record", "-"], form.to_string().as_bytes())
}

/// The fields under which a form is refused; none where it is accepted.
fn refused(home: &Home, form: &Json) -> Vec<String> {
    let json = record(home, form).json();
    let faults = json["refused"].as_array().unwrap().iter();
    faults.map(|fault| fault["field"].as_str().unwrap().to_owned()).collect()
}

fn why(home: &Home, form: &Json) -> String {
    record(home, form).json()["refused"][0]["why"].as_str().unwrap_or_default().to_owned()
}

fn edit(household: &str, change: &Json) -> Json {
    json!({"form": "edit", "household": household, "changes": [change]})
}

/// A change of one field, wherever its section keeps it.
fn change_of(section: &hudang::catalogue::Section, field: &str, new: &Json) -> Json {
    match section.kind {
        SectionKind::Household => json!({"section": section.id, "field": field, "new": new}),
        SectionKind::Person => json!({"section": section.id, "person": SON, "field": field, "new": new}),
        SectionKind::Rows if section.of_person => json!({"section": section.id, "person": SON, "add": {field: new}}),
        SectionKind::Rows => json!({"section": section.id, "add": {field: new}}),
    }
}

#[test]
fn no_date_of_what_has_happened_lies_ahead_and_others_may() {
    let home = village();
    let catalogue = Catalogue::load(&Data::embedded()).unwrap();
    for section in catalogue.sections().iter().filter(|section| section.writes != Writes::Program) {
        for field in section.fields.iter().filter(|field| field.kind == FieldKind::Date) {
            let form = |day: &str| edit(A, &change_of(section, field.id.as_str(), &json!(day)));
            let path = format!("{}.{}", section.id, field.id);
            let ahead = refused(&home, &form("2035-01-01"));
            if field.limits.happened {
                let at = if section.kind == SectionKind::Rows {
                    format!("changes.0.add.{}", field.id)
                } else {
                    "changes.0.new".into()
                };
                assert_eq!(ahead, [at], "{path}");
                assert!(
                    !refused(&home, &form("2022-12")).is_empty(),
                    "{path}: a month is ahead as soon as its first day is"
                );
            } else {
                assert!(ahead.is_empty(), "{path}: {ahead:?}");
            }
            if field.limits.happened && !field.limits.by_event {
                assert!(refused(&home, &form("2022-11")).is_empty(), "{path}: this month may have been it");
            }
        }
    }
    let phone = json!({"section": "address", "field": "phone", "new": "13900000001"});
    let mut form = edit(A, &phone);
    form["happened_on"] = json!("2023-11-05");
    assert_eq!(refused(&home, &form), ["happened_on"]);
    form["happened_on"] = json!("2022-11-05");
    form["seen_on"] = json!("2022-11-04");
    assert_eq!(refused(&home, &form), ["seen_on"], "it had not happened yet");
    form["seen_on"] = json!("2022-11-21");
    assert_eq!(refused(&home, &form), ["seen_on"]);
}

#[test]
fn two_dates_of_one_row_stand_in_their_order() {
    let home = village();
    let loan = |more: Json| {
        let mut add = json!({"amount": 100_000, "from": "2022-05-01"});
        add.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        edit(A, &json!({"section": "loans", "person": HEAD, "add": add}))
    };
    assert_eq!(refused(&home, &loan(json!({"repaid_on": "2021-01-01"}))), ["changes.0.add.repaid_on"]);
    assert_eq!(refused(&home, &loan(json!({"to": "2022-04"}))), ["changes.0.add.to"]);
    assert!(
        refused(&home, &loan(json!({"to": "2023-05-01", "repaid_on": "2022-05"}))).is_empty(),
        "the month may be it"
    );
    let add = |section: &str, add: Json| refused(&home, &edit(A, &json!({"section": section, "add": add})));
    for (section, row, field) in [
        ("measures", json!({"what": "种苗", "from": "2022-06-01", "to": "2022-05-01"}), "to"),
        ("measures", json!({"what": "种苗", "from": "2022-06-01", "paid_on": "2022-05-01"}), "paid_on"),
        ("tasks", json!({"what": "屋漏", "found_on": "2022-11-10", "due": "2022-11-09"}), "due"),
        ("tasks", json!({"what": "屋漏", "found_on": "2022-11-10", "done_on": "2022-11-09"}), "done_on"),
    ] {
        assert_eq!(add(section, row), [format!("changes.0.add.{field}")], "{section}");
    }
    let both = json!({"form": "edit", "household": A, "changes": [
        {"section": "housing", "field": "danger_found_on", "new": "2022-06-01"},
        {"section": "housing", "field": "repaired_on", "new": "2022-05-01"}]});
    let fields = refused(&home, &both);
    assert!(fields.contains(&"changes.1.new".to_owned()), "{fields:?}");
    let stages = |second: &str| {
        json!({"form": "edit", "household": B, "changes": [
            {"section": "stages", "add": {"stage": "乡级审核", "on": "2022-10-12"}},
            {"section": "stages", "add": {"stage": "县级审批", "on": second}}]})
    };
    assert!(!refused(&home, &stages("2022-10-01")).is_empty());
    assert!(refused(&home, &stages("2022-10-14")).is_empty());
}

#[test]
fn nothing_is_less_than_nothing_and_a_comma_is_no_point() {
    let home = village();
    let catalogue = Catalogue::load(&Data::embedded()).unwrap();
    for section in catalogue.sections().iter().filter(|section| section.writes != Writes::Program) {
        for field in &section.fields {
            let new = match field.kind {
                FieldKind::Money => json!(-100_000),
                FieldKind::Quantity | FieldKind::Count => json!("-5"),
                _ => continue,
            };
            let faults = refused(&home, &edit(A, &change_of(section, field.id.as_str(), &new)));
            assert_eq!(faults.is_empty(), field.limits.may_be_negative, "{}.{}: {faults:?}", section.id, field.id);
        }
    }
    for (field, new) in [("arable", "5,5"), ("forest", "5，5亩"), ("orchard", "12,00")] {
        assert_eq!(
            refused(&home, &edit(A, &json!({"section": "land", "field": field, "new": new}))),
            ["changes.0.new"]
        );
    }
    assert!(refused(&home, &edit(A, &json!({"section": "land", "field": "pasture", "new": "1,200亩"}))).is_empty());
    for new in ["abc", "138", "没有"] {
        assert!(
            !refused(&home, &edit(A, &json!({"section": "address", "field": "phone", "new": new}))).is_empty(),
            "{new}"
        );
    }
}

#[test]
fn what_an_event_owns_changes_by_the_event() {
    let home = village();
    for (field, new) in
        [("left_on", "2022-11-01"), ("left_why", "死亡"), ("joined_on", "2022-11-01"), ("joined_why", "出生")]
    {
        let form = edit(A, &json!({"section": "members", "person": SON, "field": field, "new": new}));
        assert_eq!(refused(&home, &form), ["changes.0.new"], "{field}");
        assert!(why(&home, &form).contains("家里事"));
    }
    for (field, new) in
        [("closed_on", "2022-11-01"), ("closed_why", "整户迁出"), ("merged_into", "x"), ("split_from", "x")]
    {
        assert!(
            !refused(&home, &edit(A, &json!({"section": "status", "field": field, "new": new}))).is_empty(),
            "{field}"
        );
    }
    let head = json!({"section": "members", "person": SON, "field": "relation", "new": "户主"});
    assert!(why(&home, &edit(A, &head)).contains("更换户主"));
    let exemption =
        json!({"section": "exemptions", "add": {"check": "C402", "reason": "x", "until": "2023-01-01", "by": "谁"}});
    assert!(!refused(&home, &edit(A, &exemption)).is_empty(), "an exemption is granted, not written");
    let answer = json!({"section": "answers", "add": {"check": "C402", "reason": "x", "by": "谁"}});
    assert!(!refused(&home, &edit(A, &answer)).is_empty());
    // The day on which somebody left was an earlier one.
    let leave = json!({"form": "leave", "household": A, "date": "2022-11-10", "person": SON, "left_why": "户籍迁出"});
    assert!(refused(&home, &leave).is_empty());
    let day = |new: &str| edit(A, &json!({"section": "members", "person": SON, "field": "left_on", "new": new}));
    assert!(!refused(&home, &day("2022-11-11")).is_empty());
    assert!(refused(&home, &day("2022-11-09")).is_empty());
}

#[test]
fn the_dead_and_the_departed_take_only_what_ends_or_corrects() {
    let home = village();
    let job = |add: Json| edit(A, &json!({"section": "jobs", "person": SON, "add": add}));
    assert!(refused(&home, &job(json!({"from": "2022-03-01", "place": "省外"}))).is_empty());
    let death = json!({"form": "death", "household": A, "date": "2022-11-10", "person": SON});
    assert!(refused(&home, &death).is_empty());
    assert!(!refused(&home, &job(json!({"from": "2022-11-15", "place": "省外"}))).is_empty());
    assert!(!refused(&home, &job(json!({"place": "省外"}))).is_empty(), "a job of no day is new");
    assert!(refused(&home, &job(json!({"from": "2021-03-01", "to": "2021-12-01"}))).is_empty(), "he had it before");
    let loan =
        json!({"section": "loans", "person": SON, "add": {"amount": 100, "from": "2022-11-12", "to": "2023-01-01"}});
    assert!(!refused(&home, &edit(A, &loan)).is_empty());
    let mut health = edit(A, &json!({"section": "members", "person": SON, "field": "health", "new": ["长期慢性病"]}));
    assert!(!refused(&home, &health).is_empty());
    health["happened_on"] = json!("2022-09");
    assert!(refused(&home, &health).is_empty(), "it was so before he died");
    let paper = edit(A, &json!({"section": "documents", "add": {"what": "死亡证明", "date": "2022-11-12"}}));
    assert!(refused(&home, &paper).is_empty());
}

fn visit(date: &str, items: &Json) -> Json {
    let mut all = serde_json::Map::new();
    for number in 1..=15 {
        all.insert(format!("V{number:02}"), json!({"answer": "as_on_file"}));
    }
    all.extend(items.as_object().unwrap().clone());
    json!({"form": "visit", "household": A, "date": date, "visitors": ["李桂枝"], "items": all})
}

#[test]
fn a_visit_has_a_day_that_can_be() {
    let home = village();
    assert_eq!(refused(&home, &visit("1900-01-01", &json!({}))), ["date"]);
    assert_eq!(refused(&home, &visit("2021-11-19", &json!({}))), ["date"]);
    assert_eq!(refused(&home, &visit("2022-11-21", &json!({}))), ["date"]);
    assert!(refused(&home, &visit("2021-11-20", &json!({}))).is_empty());
    let since =
        |since: &str| visit("2022-11-08", &json!({"V07": {"answer": "changed", "what": "新盖", "since": since}}));
    assert_eq!(refused(&home, &since("2022-11-15")), ["items.V07.since"]);
    assert!(refused(&home, &since("2022-11")).is_empty(), "it may have been before");
    let due =
        visit("2022-11-09", &json!({"V07": {"answer": "problem", "what": "漏", "who": "村委会", "due": "2022-11-01"}}));
    assert_eq!(refused(&home, &due), ["items.V07.due"]);
    let edits = json!([{"section": "income", "field": "wages", "new": 100}, {"section": "housing", "field": "graded_on", "new": "2035"}]);
    let ahead = visit("2022-11-10", &json!({"V07": {"answer": "changed", "what": "x", "edits": edits}}));
    assert_eq!(refused(&home, &ahead), ["items.V07.edits.1.new"]);
}

#[test]
fn the_form_of_a_round_is_of_a_day_of_the_round() {
    let home = village();
    let no = |group: String| (group, json!({"yes": false, "fact": "核实不属于"}));
    let of_spring = (1..=10).map(|number| format!("G{number:02}"));
    let groups: Vec<_> = of_spring.chain((1..=4).map(|number| format!("S0{number}"))).map(no).collect();
    let screening = |round: &str, date: &str| {
        json!({"form": "screening", "household": A, "round": round, "date": date, "surveyor": "李桂枝",
            "groups": serde_json::Map::from_iter(groups.clone()), "opinion": "无风险"})
    };
    assert_eq!(refused(&home, &screening("2022-2", "2022-08-31")), ["date"]);
    assert!(refused(&home, &screening("2022-2", "2022-09-25")).is_empty());
    assert_eq!(refused(&home, &screening("2022-1", "2022-11-01")), ["date"], "it was over in June");
    assert!(refused(&home, &screening("2022-1", "2022-06-01")).is_empty(), "a paper entered late is of its own day");
    let mut later = std::process::Command::new(env!("CARGO_BIN_EXE_hudang"));
    later.arg("--home").arg(home.dir.path()).args(["--today", "2023-02-01", "--json", "form", "screening"]);
    let sample: Json = serde_json::from_slice(&later.output().unwrap().stdout).unwrap();
    assert_eq!(sample["sample"]["date"], "2022-12-10", "the last day of the round, not one behind it");
}

#[test]
fn nothing_more_is_entered_for_a_closed_household() {
    let home = village();
    let loan = json!({"section": "loans", "person": "419999101201P00003", "add": {"amount": 100, "from": "2022-01-01", "to": "2022-12-01"}});
    assert!(refused(&home, &edit(B, &loan)).is_empty());
    let close = json!({"form": "close", "household": B, "date": "2022-11-12", "closed_why": "整户迁出"});
    assert!(refused(&home, &close).is_empty(), "{:?}", record(&home, &close).out);
    let mut again = visit("2022-11-15", &json!({}));
    again["household"] = json!(B);
    let birth =
        json!({"form": "birth", "household": B, "date": "2022-11-14", "name": "李小", "sex": "女", "relation": "之女"});
    let verification =
        json!({"form": "verification", "household": B, "date": "2022-11-15", "surveyor": "李桂枝", "clue": "其他"});
    let phone = edit(B, &json!({"section": "address", "field": "phone", "new": "13900000001"}));
    for form in [&again, &birth, &verification, &phone] {
        assert!(!refused(&home, form).is_empty(), "{form}");
    }
    let again = json!({"form": "close", "household": B, "date": "2022-11-13", "closed_why": "整户迁出"});
    assert!(!refused(&home, &again).is_empty(), "closed once");
    // What ends, proves or corrects.
    let repaid = edit(B, &json!({"section": "loans", "row": 1, "field": "repaid_on", "new": "2022-11-15"}));
    assert!(refused(&home, &repaid).is_empty(), "{:?}", record(&home, &repaid).out);
    let mut earlier = phone.clone();
    earlier["happened_on"] = json!("2022-10-30");
    assert!(refused(&home, &earlier).is_empty());
    let reopen = |date: &str| json!({"form": "reopen", "household": B, "date": date});
    assert_eq!(refused(&home, &reopen("2022-11-11")), ["date"]);
    assert!(refused(&home, &reopen("2022-11-13")).is_empty());
    assert!(refused(&home, &birth).is_empty(), "open again");
}

#[test]
fn an_event_comes_after_what_it_presupposes() {
    let home = village();
    let split = json!({"form": "split", "household": A, "date": "2022-11-01", "people": [SON], "new_head": SON, "relations": {}});
    let born = edit(A, &json!({"section": "members", "person": SON, "field": "birth_date", "new": "2022-11-05"}));
    assert!(refused(&home, &born).is_empty());
    assert_eq!(refused(&home, &split), ["date"], "he was not born yet");
    let enlist = json!({"form": "enlist", "household": A, "date": "2022-11-10", "person": SON});
    assert!(refused(&home, &enlist).is_empty());
    let discharge = |date: &str| json!({"form": "discharge", "household": A, "date": date, "person": SON});
    assert_eq!(refused(&home, &discharge("2022-11-09")), ["date"]);
    assert!(refused(&home, &discharge("2022-11-12")).is_empty());
    let leave = json!({"form": "leave", "household": A, "date": "2022-11-11", "person": SON, "left_why": "户籍迁出"});
    assert_eq!(refused(&home, &leave), ["date"], "he was back on the twelfth only");
}

#[test]
fn a_reason_with_which_another_event_does_more_is_that_events() {
    let home = village();
    let leave =
        |why: &str| json!({"form": "leave", "household": A, "date": "2022-11-10", "person": SON, "left_why": why});
    assert_eq!(refused(&home, &leave("死亡")), ["left_why"]);
    assert!(why(&home, &leave("死亡")).contains("去世"), "which ends his jobs");
    assert!(why(&home, &leave("转入他户")).contains("转到另一户"), "else nobody has him any more");
    assert!(refused(&home, &leave("失联")).is_empty());
}

#[test]
fn a_row_is_changed_by_its_number_and_nobody_elses_name() {
    let home = village();
    let loan = json!({"section": "loans", "person": HEAD, "add": {"amount": 100_000, "from": "2022-05-01"}});
    assert!(refused(&home, &edit(A, &loan)).is_empty());
    let amount =
        |person: &str| json!({"section": "loans", "row": 1, "person": person, "field": "amount", "new": 200_000});
    assert_eq!(refused(&home, &edit(A, &amount(SON))), ["changes.0.person"]);
    assert!(refused(&home, &edit(A, &amount(HEAD))).is_empty());
}

fn by(home: &Home, role: &str, words: &[&str], input: &[u8]) -> Ran {
    use std::io::Write;
    use std::process::Stdio;
    let mut command = command_by(home.dir.path(), Some("周敏"), words);
    let command = command.args(["--role", role]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn every_command_obeys_the_roles() {
    let home = village();
    let roster = home.dir.path().join("名册.csv");
    std::fs::write(&roster, "户编号,姓名,与户主关系\n4199991012010009,赵一,户主\n").unwrap();
    let roster = roster.to_str().unwrap().to_owned();
    let phone = edit(A, &json!({"section": "address", "field": "phone", "new": "13900000001"})).to_string();
    let entered = |role: &str, form: &str| by(&home, role, &["--json", "record", "-"], form.as_bytes());
    for role in ["surveyor", "county"] {
        let ran = entered(role, &phone);
        assert_eq!((ran.code, ran.json()["refused"][0]["field"].as_str()), (3, Some("form")), "{role}");
        assert!(ran.json()["refused"][0]["why"].as_str().unwrap().contains("协管员"));
        let ran = by(&home, role, &["import", "roster", &roster], b"");
        assert!(ran.code == 1 && ran.err.contains("协管员"), "{role}: {} {}", ran.code, ran.err);
        let ran = by(&home, role, &["import", "exemptions", &roster], b"");
        assert!(ran.code == 1 && ran.err.contains("协管员"), "{role}: {} {}", ran.code, ran.err);
    }
    for role in ["coordinator", "surveyor", "county"] {
        let ran = by(&home, role, &["review", "--approve", A], b"");
        assert!(ran.code == 1 && ran.err.contains("第一书记"), "{role}: {}", ran.err);
    }
    assert_eq!(entered("county", &visit("2022-11-10", &json!({})).to_string()).code, 3, "the county reads");
    assert_eq!(entered("surveyor", &visit("2022-11-10", &json!({})).to_string()).code, 0);
    assert_eq!(entered("secretary", &phone).code, 0);
    assert_eq!(by(&home, "county", &["--json", "list"], b"").code, 0);
    assert_eq!(by(&home, "surveyor", &["--json", "import", "roster", &roster, "--dry-run"], b"").code, 0);
}

#[test]
fn a_cell_that_no_guard_lets_in_is_told_and_the_rest_of_its_row_is_taken() {
    let home = village();
    let roster = home.dir.path().join("监测对象信息.csv");
    let text = "户编号,姓名,与户主关系,监测对象类别,识别监测时间,工资性收入,家庭纯收入\n\
                4199991012010009,赵一,户主,边缘易致贫户,2035-01-01,-5,-300\n";
    std::fs::write(&roster, text).unwrap();
    let ran = run(home.dir.path(), &["--json", "import", "roster", roster.to_str().unwrap()]);
    let json = ran.json();
    let columns: Vec<&str> =
        json["problems"].as_array().unwrap().iter().map(|it| it["column"].as_str().unwrap()).collect();
    assert_eq!(columns, ["识别监测时间", "工资性收入"], "{json}");
    let shown = run(home.dir.path(), &["--json", "show", "4199991012010009"]).json();
    let sections = &shown["sections"];
    assert!(sections.to_string().contains("Edge") && !sections.to_string().contains("2035"), "{sections}");
}

#[test]
fn no_child_heads_a_household_beside_adults_whatever_makes_it_so() {
    let home = Home::of(
        "2022-10-10",
        &[
            "address.national_number=4199991012010001 members.1.name=张三 members.1.relation=户主 members.1.birth_date=1985-01-01 \
           members.2.name=李四 members.2.relation=配偶 members.2.birth_date=1986-01-01 members.3.name=张小雪 \
           members.3.relation=之女 members.3.birth_date=2021-05-06",
            "address.national_number=4199991012010002 members.4.name=王五 members.4.relation=户主 members.4.birth_date=1985-01-01 \
           members.5.name=王小 members.5.relation=之子 members.5.birth_date=2015-05-06",
        ],
    );
    let child = "419999101201P00003";
    let wife = "419999101201P00002";
    let death = |more: Json| {
        let mut form = json!({"form": "death", "household": A, "date": "2022-11-10", "person": "419999101201P00001"});
        form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        form
    };
    let by_death = death(json!({"new_head": child, "relations": {wife: "之母"}}));
    assert_eq!(refused(&home, &by_death), ["new_head"]);
    assert!(why(&home, &by_death).contains("张小雪不满16周岁"), "{}", why(&home, &by_death));
    let split = json!({"form": "split", "household": A, "date": "2022-11-10", "people": [child], "new_head": child, "relations": {}});
    assert_eq!(refused(&home, &split), ["new_head"]);
    assert!(why(&home, &split).contains("新户没有成年人"), "{}", why(&home, &split));
    let anew = json!({"form": "new_head", "household": A, "date": "2022-11-10", "new_head": child,
        "relations": {"419999101201P00001": "之父", wife: "之母"}});
    assert_eq!(refused(&home, &anew), ["new_head"]);
    assert!(refused(&home, &death(json!({"new_head": wife, "relations": {child: "之女"}}))).is_empty());
    // Of a family of which only a child is left, the child is the household.
    let orphan = json!({"form": "death", "household": B, "date": "2022-11-10", "person": "419999101201P00004",
        "new_head": "419999101201P00005", "relations": {}});
    assert!(refused(&home, &orphan).is_empty());
}
