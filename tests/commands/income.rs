//! What follows from a household's income says the same on every face, and who comes under the line is told at once.

use serde_json::{Value as Json, json};

use super::{Ran, run, run_with};
use crate::home::Home;

const FAMILY: &str = "address.national_number=4199991012010001 class.class=一般农户 members.1.name=张三 \
    members.1.relation=户主 members.2.name=李四 members.2.relation=配偶 ";
const ONE: &str = "4199991012010001";

fn home(fields: &str) -> Home {
    Home::of("2022-10-10", &[&format!("{FAMILY}{fields}")])
}

fn record(home: &Home, form: &Json) -> Ran {
    let ran = run_with(home.dir.path(), &["--json", "record", "-"], form.to_string().as_bytes());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    ran
}

fn edit(home: &Home, changes: &Json) -> Ran {
    record(home, &json!({"form": "edit", "household": ONE, "happened_on": "2022-11-15", "changes": changes}))
}

fn birth(home: &Home) -> Ran {
    record(
        home,
        &json!({"form": "birth", "household": ONE, "date": "2022-11-15", "name": "张甲", "sex": "男", "relation": "之孙子"}),
    )
}

fn show(home: &Home) -> Json {
    run(home.dir.path(), &["--json", "show", ONE]).json()
}

/// The computed figures: sum, net, counted, told, now.
fn computed(home: &Home) -> [Json; 5] {
    let shown = show(home);
    ["sum", "net", "counted", "told", "now"].map(|figure| shown["computed"]["income"][figure].clone())
}

fn said(home: &Home, code: &str) -> Vec<String> {
    let found = run(home.dir.path(), &["--json", "check", ONE]).json();
    let of_code = found.as_array().unwrap().iter().filter(|finding| finding["code"] == code);
    of_code.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}

fn listed(home: &Home, query: &str) -> usize {
    run(home.dir.path(), &["--json", "list", query]).json().as_array().unwrap().len()
}

#[test]
fn a_birth_lowers_the_share_on_every_face_and_is_told() {
    let home = home("income.net=15980 income.per_person=7990");
    assert_eq!((listed(&home, "人均>=7990"), said(&home, "C309").len()), (1, 0));
    let told = birth(&home).err;
    assert!(told.contains(&format!("{ONE}：人均纯收入5326.67元，低于监测线6900元")), "{told}");
    assert!(!told.contains("张三"), "no name goes into a script's log");
    let born = computed(&home);
    assert_eq!(born, [Json::Null, json!(1_598_000), json!(2), json!(799_000), json!(532_667)]);
    assert_eq!(show(&home)["sections"]["income"]["fields"]["per_person"], 799_000, "typed values stay");
    assert_eq!((listed(&home, "人均<5400"), listed(&home, "人均>=7990")), (1, 0));
    assert_eq!(said(&home, "C309"), ["人均纯收入5326.67元，低于6900元，没有纳入监测对象"]);
    assert!(said(&home, "C307").is_empty(), "last year's figure is held against those who were counted");
    let again = record(
        &home,
        &json!({"form": "edit", "household": ONE, "changes": [
        {"section": "address", "field": "phone", "new": "13900000001"}]}),
    );
    assert!(!again.err.contains("监测线"), "who is under the line already is not told again");
}

#[test]
fn somebody_who_marries_in_and_a_wage_are_told_of_too() {
    let parts =
        "income.business_income=0 income.business_cost=0 income.property=0 income.transfers=2000 income.wages=12000";
    let home = home(parts);
    assert_eq!(computed(&home)[4], json!(700_000), "the parts are enough");
    let lower = edit(&home, &json!([{"section": "income", "field": "wages", "new": 1_000_000}]));
    assert!(lower.err.contains("人均纯收入6000元，低于监测线6900元"), "{}", lower.err);
    assert_eq!(said(&home, "C309").len(), 1);
    edit(&home, &json!([{"section": "income", "field": "wages", "new": 1_200_000}]));
    let bride = record(
        &home,
        &json!({"form": "marry_in", "household": ONE, "date": "2022-11-10", "name": "康桂燕", "sex": "女", "relation": "之儿媳"}),
    );
    assert!(bride.err.contains("人均纯收入4666.67元"), "{}", bride.err);
}

#[test]
fn a_share_that_was_left_blank_is_reckoned_and_one_that_was_typed_says_for_how_many() {
    let home = home("income.per_person=9000");
    assert_eq!(computed(&home), [Json::Null, Json::Null, json!(2), json!(900_000), Json::Null]);
    let net = json!([{"section": "income", "field": "net", "new": 1_000_000},
        {"section": "income", "field": "per_person", "new": null}]);
    assert!(edit(&home, &net).err.contains("人均纯收入5000元"));
    assert_eq!(computed(&home), [Json::Null, json!(1_000_000), json!(2), json!(500_000), json!(500_000)]);
    assert_eq!(show(&home)["sections"]["income"]["fields"]["people"], 2);
    assert_eq!(said(&home, "C309").len(), 1);
}

#[test]
fn a_departure_makes_no_false_sum_and_lifts_nobody_who_was_not_asked() {
    let home = home("members.3.name=张小 members.3.relation=之子 income.net=20400 income.per_person=6800");
    record(
        &home,
        &json!({"form": "leave", "household": ONE, "date": "2022-11-10", "person": "419999101201P00003", "left_why": "户籍迁出"}),
    );
    assert_eq!(computed(&home)[4], json!(1_020_000));
    assert!(said(&home, "C307").is_empty());
    assert_eq!(said(&home, "C309"), ["人均纯收入6800元，低于6900元，没有纳入监测对象"]);
    let asks = ["人均原按3人算是6800元，现2人算是10200元，没有核实，仍按6800元"];
    assert_eq!(said(&home, "C314"), asks);
    edit(&home, &json!([{"section": "income", "field": "per_person", "new": 1_020_000}]));
    assert!(said(&home, "C309").is_empty() && said(&home, "C314").is_empty() && said(&home, "C307").is_empty());
    assert_eq!(computed(&home)[2], json!(2));
}

#[test]
fn a_look_before_a_departure_has_not_found_the_income_of_those_who_stay() {
    let items: serde_json::Map<String, Json> =
        (1..=15).map(|nth| (format!("V{nth:02}"), json!({"answer": "as_on_file"}))).collect();
    let visit =
        |date: &str| json!({"form": "visit", "household": ONE, "date": date, "visitors": ["李桂枝"], "items": items});
    let home = home("income.net=13600 income.per_person=6800 class.class=脱贫户");
    record(&home, &json!({"form": "death", "household": ONE, "date": "2022-11-05", "person": "419999101201P00002"}));
    record(&home, &visit("2022-11-03"));
    assert_eq!((said(&home, "C309").len(), said(&home, "C314").len()), (1, 1), "entered after it, and was before it");
    record(&home, &visit("2022-11-12"));
    assert!(said(&home, "C309").is_empty() && said(&home, "C314").is_empty());
}

#[test]
fn where_only_a_share_is_known_nothing_is_scaled_and_a_person_is_asked() {
    let home = home("income.per_person=9000");
    edit(&home, &json!([{"section": "income", "field": "per_person", "new": 910_000}]));
    birth(&home);
    assert_eq!(computed(&home), [Json::Null, Json::Null, json!(2), json!(910_000), Json::Null]);
    assert_eq!(said(&home, "C314"), ["人均按2人算，现3人"]);
    assert!(said(&home, "C309").is_empty());
    edit(&home, &json!([{"section": "income", "field": "per_person", "new": 620_000}]));
    assert!(said(&home, "C314").is_empty());
}

#[test]
fn parts_that_say_less_lift_nobody_by_a_departure_that_was_none() {
    let home = home(
        "income.net=20000 income.per_person=10000 income.wages=10000 income.business_income=0 income.business_cost=0 \
         income.property=0 income.transfers=0",
    );
    assert_eq!((said(&home, "C307").len(), said(&home, "C309").len()), (1, 1));
    assert!(said(&home, "C314").is_empty(), "as many were counted as there are");
}

#[test]
fn a_total_that_its_parts_do_not_make_says_both_sums() {
    let home = home(
        "income.net=40000 income.per_person=15000 income.wages=10000 income.business_income=5000 \
         income.business_cost=1000 income.property=700 income.property_dividend=500 income.property_other=100 \
         income.transfers=300 income.allowance=400 spending.own_spending=5000 spending.spent_medical=6000",
    );
    let mut says = said(&home, "C307");
    says.sort();
    assert_eq!(
        says,
        [
            "人均纯收入15000元，家庭纯收入40000元按2人算是20000元，不一致",
            "刚性支出5000元，各分项合计6000元，不一致",
            "家庭纯收入40000元，各项合计15000元，不一致",
            "财产性收入700元，各分项合计600元，不一致",
            "转移性收入300元，各分项合计400元，不一致",
        ]
    );
    let alike = super::edit(None, ONE, "spending", "spent_medical", 500_000);
    record(&home, &alike);
    assert_eq!(said(&home, "C307").len(), 4);
}
