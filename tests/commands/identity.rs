//! The same form twice, ids that are used already, people and numbers that would stand in the village twice.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::{DAY, edit, run, run_with, village};
use crate::store::copy_folder;

const ONE: &str = "4199991012010001";
const TWO: &str = "4199991012010002";

fn record(home: &Path, forms: &Json) -> Json {
    run_with(home, &["--json", "record", "-"], forms.to_string().as_bytes()).json()
}

/// The ids and numbers of what was taken in; nothing may be refused.
fn taken(home: &Path, forms: &Json) -> Vec<(String, u64)> {
    let said = record(home, forms);
    assert_eq!(said["refused"], json!([]), "{forms}");
    let of = |one: &Json| (one["id"].as_str().unwrap().to_owned(), one["change"].as_u64().unwrap());
    said["accepted"].as_array().unwrap().iter().map(of).collect()
}

/// In which field a form is refused, and why.
fn refused(home: &Path, form: &Json) -> (String, String) {
    let said = record(home, form);
    assert_eq!(said["accepted"], json!([]), "{form}");
    let text = |key: &str| said["refused"][0][key].as_str().unwrap().to_owned();
    (text("field"), text("why"))
}

fn visit(household: &str) -> Json {
    let items: serde_json::Map<String, Json> =
        (1..=15).map(|nth| (format!("V{nth:02}"), json!({"answer": "as_on_file"}))).collect();
    json!({"form": "visit", "household": household, "date": DAY, "visitors": ["李桂枝"], "items": items})
}

fn birth(household: &str, name: &str) -> Json {
    json!({"form": "birth", "household": household, "date": "2022-11-15", "name": name, "sex": "男", "relation": "之孙子"})
}

fn acts(home: &Path) -> u64 {
    run(home, &["--json", "verify"]).json()["entries"].as_u64().unwrap()
}

fn members(home: &Path, household: &str) -> usize {
    run(home, &["--json", "show", household]).json()["sections"]["members"]["rows"].as_array().unwrap().len()
}

#[test]
fn the_same_file_again_answers_what_it_answered_and_records_nothing() {
    let home = village();
    let home = home.dir.path();
    let forms = json!([
        visit(ONE),
        edit(None, ONE, "income", "wages", 2_700_000),
        birth(ONE, "张新"),
        {"form": "edit", "household": TWO, "changes": [{"section": "tasks", "add": {"what": "屋漏", "due": "2022-12-15"}}]},
        visit(ONE),
    ]);
    let first = taken(home, &forms);
    let before = acts(home);
    assert_ne!(first[0], first[4], "an equal form behind another is another one");
    assert_eq!(taken(home, &forms), first);
    assert_eq!((acts(home), members(home, ONE)), (before, 3));
    // Written otherwise it says the same: other keys first, a local number, an unanswered question.
    let mut again = visit(ONE);
    again["place"] = Json::Null;
    let local = json!([{"items": again["items"], "visitors": ["李 桂枝"], "date": DAY, "household": "419999101201V0001", "form": "visit"}]);
    assert_eq!(taken(home, &local), first[..1]);
    // Somebody else's is another one, and so is what differs in anything.
    let mut other = visit(ONE);
    other["items"]["V01"] = json!({"answer": "not_looked", "why": "没到里屋"});
    assert_ne!(taken(home, &json!([other]))[0], first[0]);
}

#[test]
fn a_form_whose_field_was_changed_since_is_said_anew() {
    let home = village();
    let home = home.dir.path();
    let [low, high] = [100, 200].map(|wages| edit(None, ONE, "income", "wages", wages));
    let first = taken(home, &json!([low]));
    let second = taken(home, &json!([high]));
    let third = taken(home, &json!([low]));
    assert!(first[0].1 < second[0].1 && second[0].1 < third[0].1, "{first:?} {second:?} {third:?}");
    assert_eq!(taken(home, &json!([low])), third);
    let file = run(home, &["--json", "show", ONE]).json();
    assert_eq!(file["sections"]["income"]["fields"]["wages"], 100);
    // A field that the form does not name changes nothing of it.
    taken(home, &json!([edit(None, ONE, "income", "property", 300)]));
    assert_eq!(taken(home, &json!([low])), third);
}

#[test]
fn an_id_is_of_one_form_whatever_it_is() {
    let home = village();
    let home = home.dir.path();
    let named = |mut form: Json, id: &str| {
        form["id"] = id.into();
        form
    };
    let task = |what: &str| json!({"form": "edit", "household": ONE, "changes": [{"section": "tasks", "add": {"what": what, "due": "2022-12-15"}}]});
    let mut looked = visit(ONE);
    looked["items"]["V02"] = json!({"answer": "changed", "what": "换了电话",
        "edits": [{"section": "address", "field": "phone", "new": "13900000001"}]});
    let mut looked_otherwise = looked.clone();
    looked_otherwise["items"]["V02"]["edits"][0]["new"] = "13900000002".into();
    for (nth, (form, others)) in [
        (
            edit(None, ONE, "income", "wages", 100),
            vec![
                edit(None, ONE, "income", "wages", 200),
                edit(None, ONE, "income", "property", 100),
                edit(None, TWO, "income", "wages", 100),
            ],
        ),
        (birth(ONE, "张丙"), vec![birth(ONE, "张丁"), birth(TWO, "张丙"), visit(ONE)]),
        (task("屋漏"), vec![task("路滑"), visit(ONE)]),
        (looked, vec![looked_otherwise, visit(ONE)]),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("paper-{nth}");
        let first = taken(home, &json!([named(form.clone(), &id)]));
        assert_eq!(first[0].0, id);
        let before = acts(home);
        assert_eq!(taken(home, &json!([named(form, &id)])), first);
        for other in others {
            let (field, why) = refused(home, &named(other.clone(), &id));
            assert_eq!(field, "id", "{other}");
            assert!(why.contains(&first[0].1.to_string()), "{why}");
        }
        assert_eq!(acts(home), before);
    }
    for id in ["correction-7", "sheet-1", "hold-0", " correction-x"] {
        assert_eq!(refused(home, &named(visit(ONE), id)).0, "id");
    }
}

#[test]
fn nobody_is_born_or_numbered_twice() {
    let home = village();
    let home = home.dir.path();
    taken(home, &json!([birth(ONE, "张新")]));
    let mut again = birth(ONE, "张 新");
    again["evidence"] = "出生证".into();
    let (field, why) = refused(home, &again);
    assert!(field == "name" && why.contains("已有此人"), "{field} {why}");
    taken(home, &json!([birth(ONE, "张旧")]));
    // Two children without a name yet may be twins.
    for evidence in ["甲", "乙"] {
        let mut unnamed = birth(ONE, "未取名");
        unnamed["evidence"] = evidence.into();
        taken(home, &json!([unnamed]));
    }
    assert_eq!(members(home, ONE), 6);
    let number = json!({"form": "edit", "household": ONE, "changes": [{"section": "members", "person": "419999101201P00001",
        "field": "id_number", "new": "419999196103020016"}]});
    taken(home, &json!([number]));
    let join = |household: &str| {
        json!({"form": "join", "household": household, "date": "2022-11-10", "name": "张三", "sex": "男", "relation": "之父",
            "joined_why": "户籍迁入", "id_number": "419999196103020016"})
    };
    for household in [ONE, TWO] {
        let (field, why) = refused(home, &join(household));
        assert!(field == "id_number" && why.contains("张三") && !why.contains("19610302"), "{why}");
    }
    let take_in = |number: &str| json!({"form": "take_in", "household": "419999101201V0003", "date": "2022-11-10", "national_number": number});
    assert_eq!(refused(home, &take_in(ONE)).0, "national_number");
    assert_eq!(refused(home, &take_in("41999910120100")).0, "national_number");
    taken(home, &json!([take_in("4199991012010003.0")]));
    assert_eq!(run(home, &["--json", "show", "4199991012010003"]).code, 0);
    let number = json!({"form": "edit", "household": ONE, "changes": [{"section": "members", "person": "419999101201P00001",
        "field": "person_number", "new": "419999101201000102"}]});
    assert_eq!(refused(home, &number).0, "person_number");
}

#[test]
fn people_answer_to_every_number_that_is_printed() {
    let home = village();
    let home = home.dir.path();
    for (nth, number) in
        ["419999101201000102", "419999101201P00002", " 419999101201000102.0", "４１９９９９１０１２０１０００１０２"]
            .iter()
            .enumerate()
    {
        let phone = format!("1390000000{nth}");
        let form = json!({"form": "edit", "household": ONE, "changes": [{"section": "members", "person": number, "field": "phone", "new": phone}]});
        taken(home, &json!([form]));
        let shown = run(home, &["--json", "show", ONE]).json();
        assert_eq!(shown["sections"]["members"]["rows"][1]["fields"]["phone"], phone.as_str());
    }
}

/// A store of the program before it looked at who is who: a ledger's 王伟 and his wife came into the household of another
/// 王伟 of their group. Beside it the set that it handed over.
const MERGED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stores/families-merged");

#[test]
fn families_that_were_taken_for_one_are_pointed_out_and_what_went_out_stays_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    copy_folder(&Path::new(MERGED).join("home"), &home);
    let out = dir.path().join("out");
    let again = run(
        &home,
        &["--json", "changes", "export", "--from", "1", "--to", "6", "--plain", "--out", out.to_str().unwrap()],
    );
    let set = again.json()["file"].as_str().unwrap().to_owned();
    assert!(std::fs::read(set).unwrap() == std::fs::read(Path::new(MERGED).join("set.zip")).unwrap(), "the same bytes");
    let found = run(&home, &["--json", "check", ONE]).json();
    let codes: Vec<&str> = found.as_array().unwrap().iter().filter_map(|finding| finding["code"].as_str()).collect();
    assert!(codes.contains(&"C111") && codes.contains(&"C105"), "{codes:?}");
    // The ledger again: who was merged has a household of his own, and is asked about.
    let ledger = dir.path().join("台账.csv");
    let rows = "组别,姓名,证件号码,与户主关系,备注\r\n三组,王伟,419999197103050711,户主,\r\n三组,李梅,419999196001012015,配偶,\r\n";
    std::fs::write(&ledger, rows).unwrap();
    let report = run(&home, &["--json", "import", "roster", ledger.to_str().unwrap()]).json();
    assert_eq!(
        (report["households"]["new"].as_u64(), report["doubtful"].as_array().map(Vec::len)),
        (Some(1), Some(1)),
        "{report}"
    );
}

/// A roster of one family, as the county gives it out.
fn roster(folder: &Path, name: &str, people: &[(&str, &str, &str)]) -> std::path::PathBuf {
    let mut text = "村,户编号,人编号,姓名,性别,户类型,与户主关系\n".to_owned();
    for (household, person, told) in people {
        text.push_str(&format!("石桥村,{household},{household}{person},{told}\n"));
    }
    let path = folder.join(name);
    std::fs::write(&path, format!("\u{feff}{text}")).unwrap();
    path
}

#[test]
fn whom_a_roster_no_longer_lists_is_told_after_the_import_until_somebody_answers() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    run(&home, &["init", "--village", "419999101201", "--name", "石桥村"]);
    let head = (ONE, "01", "张三,男,一般农户,户主");
    let son = (ONE, "02", "张子,男,一般农户,之子");
    let other = (TWO, "01", "王五,男,一般农户,户主");
    let import = |name: &str, people: &[(&str, &str, &str)]| {
        let path = roster(dir.path(), name, people);
        run(&home, &["import", "roster", path.to_str().unwrap()]);
    };
    let told = || -> Vec<String> {
        let findings = run(&home, &["--json", "check"]).json();
        let of_rosters = findings.as_array().unwrap().iter().filter(|finding| finding["code"] == "C113");
        of_rosters.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
    };
    import("一.csv", &[head, son, other]);
    assert_eq!(told(), [""; 0]);
    import("二.csv", &[head, other]);
    assert_eq!(told(), ["张子：最近一次导入的名册上没有此人了"]);
    // The same roster again says nothing new, and what it said stays told.
    import("二.csv", &[head, other]);
    assert_eq!(told(), ["张子：最近一次导入的名册上没有此人了"]);
    import("三.csv", &[head]);
    assert_eq!(told().len(), 2, "a household that is left out is told too");
    assert!(told().contains(&"最近一次导入的名册上没有这一户了".to_owned()), "{:?}", told());
    import("四.csv", &[head, other]);
    let gone = json!({"form": "leave", "household": ONE, "person": format!("{ONE}02"), "date": "2022-11-10", "left_why": "户籍迁出"});
    taken(&home, &json!([gone]));
    assert_eq!(told(), [""; 0], "the one is back on the roster, the other has left");
}

#[test]
fn what_is_odd_is_taken_and_told() {
    let home = village();
    let home = home.dir.path();
    let odd = json!({"form": "birth", "household": ONE, "date": "2022-11-15", "name": "王?", "sex": "男", "relation": "之孙子"});
    let said = record(home, &json!([odd]));
    assert_eq!(said["accepted"][0]["doubts"][0]["field"], "name", "{said}");
    let phone = json!({"form": "edit", "household": ONE, "changes": [{"section": "address", "field": "phone", "new": "1381234432"}]});
    let said = record(home, &json!([phone]));
    assert_eq!(said["accepted"][0]["doubts"][0]["field"], "changes.0.new", "{said}");
    // The ID number of somebody else: either may be wrong, so both are told and none is refused.
    let number = json!({"form": "edit", "household": TWO, "changes": [
        {"section": "members", "person": "419999101201P00003", "field": "id_number", "new": "41999919610302001X"}]});
    let said = record(home, &json!([number]));
    let why = said["accepted"][0]["doubts"].to_string();
    assert!(why.contains("张三 1组户（4199991012010001）的张三相同"), "{said}");
    let found = run(home, &["--json", "check", TWO]).json();
    let twice = found.as_array().unwrap().iter().find(|finding| finding["code"] == "C103").unwrap();
    assert!(twice["message"].as_str().unwrap().contains("与张三 1组户（4199991012010001）的人相同"), "{twice}");
    let plain = json!({"form": "edit", "household": ONE, "changes": [{"section": "address", "field": "phone", "new": "13812344329"}]});
    assert!(record(home, &json!([plain]))["accepted"][0].get("doubts").is_none());
}
