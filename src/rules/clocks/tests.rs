use super::super::testing::Defs;
use super::*;
use crate::domain::{FormRef, HouseholdFile};

/// One clock of a file on a day: how it stands, its day, and the days left.
fn clock(id: &str, day: &str, fields: &str) -> Option<(ClockStanding, Option<String>, Option<i64>)> {
    let defs = Defs::shipped();
    let file = defs.file(fields);
    told(&defs, id, day, &file)
}

fn told(
    defs: &Defs,
    id: &str,
    day: &str,
    file: &HouseholdFile,
) -> Option<(ClockStanding, Option<String>, Option<i64>)> {
    let state = of(defs.on(day).at(file)).into_iter().find(|state| state.clock == id)?;
    Some((state.standing, state.day.map(|day| day.to_string()), state.days_left))
}

fn why(id: &str, day: &str, fields: &str) -> String {
    let defs = Defs::shipped();
    let file = defs.file(fields);
    let states = of(defs.on(day).at(&file));
    states.into_iter().find(|state| state.clock == id).map_or_else(String::new, |state| state.why)
}

/// A verification form that proposes to take the household in.
fn proposal(on: &str) -> FormRef {
    let form = FormRef::blank(Name::new("verification"), on.parse().unwrap());
    FormRef { opinion: Some(Name::new("propose")), ..form }
}

fn day(text: &str) -> Option<String> {
    Some(text.to_owned())
}

use ClockStanding::{Ahead, Late, Near, Past, Running, TooEarly, Unknown, Waiting};

#[test]
fn fifteen_days_from_the_finding_to_the_approval() {
    let found = "stages.1.stage=入户核实(排查表) stages.1.on=2022-11-02";
    assert_eq!(clock("approval", "2022-11-11", found), Some((Running, day("2022-11-17"), Some(6))));
    assert_eq!(clock("approval", "2022-11-12", found), Some((Near, day("2022-11-17"), Some(5))));
    assert_eq!(clock("approval", "2022-11-17", found), Some((Near, day("2022-11-17"), Some(0))));
    assert_eq!(clock("approval", "2022-11-20", found), Some((Past, day("2022-11-17"), Some(-3))));
    assert_eq!(why("approval", "2022-11-20", found), "县级审批：11月2日起15天内，11月17日为止，过期3天");
    let approved = |on: &str| format!("{found} stages.2.stage=县级审批 stages.2.on={on}");
    assert_eq!(clock("approval", "2022-11-20", &approved("2022-11-17")), None);
    assert_eq!(clock("approval", "2022-11-20", &approved("2022-11")), None, "it may have been in time");
    assert_eq!(clock("approval", "2022-11-20", &approved("2022-11-18")), Some((Late, day("2022-11-17"), None)));
    let explained = format!("{found} stages.2.stage=县级审批 stages.2.why=等比对结果");
    assert_eq!(
        why("approval", "2022-11-20", &explained),
        "县级审批：11月2日起15天内，11月17日为止，过期3天（已说明：等比对结果）"
    );
}

#[test]
fn a_day_known_in_part_starts_as_late_as_it_can_have_been() {
    let found = "stages.1.stage=入户核实(排查表) stages.1.on=2022-10";
    assert_eq!(clock("approval", "2022-11-15", found), Some((Near, day("2022-11-15"), Some(0))));
    assert_eq!(clock("approval", "2022-11-20", "stages.1.stage=入户核实(排查表)"), Some((Unknown, None, None)));
    assert_eq!(why("approval", "2022-11-20", "stages.1.stage=入户核实(排查表)"), "县级审批：15天内，从哪天算起没有填");
}

#[test]
fn targets_of_earlier_years_follow_older_policy() {
    let found = "stages.1.stage=入户核实(排查表) stages.1.on=2021-12-31";
    assert_eq!(clock("approval", "2022-11-20", found), None);
    assert_eq!(
        clock("approval", "2022-11-20", "stages.1.stage=入户核实(排查表) stages.1.on=2022-01-01").unwrap().0,
        Past
    );
    assert_eq!(clock("measures", "2022-11-20", "case.target=边缘易致贫户 case.identified_on=2021-08"), None);
}

#[test]
fn a_verification_form_that_proposes_starts_the_clock_unless_the_case_is_open_already() {
    let defs = Defs::shipped();
    let with_form = |fields: &str, opinion: &str| {
        let mut file = defs.file(fields);
        file.forms.push(FormRef { opinion: Some(Name::new(opinion)), ..proposal("2022-11-01") });
        told(&defs, "approval", "2022-11-20", &file)
    };
    assert_eq!(with_form("class.class=一般农户", "propose"), Some((Past, day("2022-11-16"), Some(-4))));
    assert_eq!(with_form("class.class=一般农户", "no_risk"), None);
    let open = "case.target=边缘易致贫户 case.eliminated=否 case.identified_on=2022-03";
    assert_eq!(with_form(open, "propose"), None);
    let again = "case.target=边缘易致贫户 case.eliminated=是 case.identified_on=2022-03 case.eliminated_on=2022-09";
    assert_eq!(with_form(again, "propose"), Some((Past, day("2022-11-16"), Some(-4))));
    assert_eq!(with_form("case.target=边缘易致贫户 case.identified_on=2022-11", "propose"), None, "taken in since");
}

#[test]
fn the_newest_verification_form_says_whether_the_clock_runs_and_the_first_that_said_so_since_when() {
    let defs = Defs::shipped();
    let file = |forms: &[(&str, bool)]| {
        let mut file = defs.file("class.class=一般农户");
        for (on, proposes) in forms {
            let opinion = if *proposes { "propose" } else { "no_risk" };
            file.forms.push(FormRef { opinion: Some(Name::new(opinion)), ..proposal(on) });
        }
        told(&defs, "approval", "2022-11-12", &file).and_then(|told| told.1)
    };
    assert_eq!(file(&[("2022-11-05", true)]), day("2022-11-20"));
    // The old paper is entered later.
    assert_eq!(file(&[("2022-11-05", false), ("2022-10-30", true)]), None);
    assert_eq!(file(&[("2022-11-05", true), ("2022-10-30", false)]), day("2022-11-20"));
    assert_eq!(file(&[("2022-11-05", true), ("2022-11-02", true)]), day("2022-11-17"));
}

#[test]
fn a_case_that_was_closed_and_is_found_again_starts_anew() {
    let defs = Defs::shipped();
    let mut file = defs.file(
        "case.target=边缘易致贫户 case.eliminated=是 stages.1.stage=入户核实(排查表) stages.1.on=2022-03-01 \
         stages.2.stage=县级审批 stages.2.on=2022-03-10 stages.3.stage=标注风险消除并告知 stages.3.on=2022-09-01",
    );
    file.forms.push(proposal("2022-03-01"));
    assert_eq!(told(&defs, "approval", "2022-11-20", &file), None, "that one was answered");
    file.forms.push(proposal("2022-11-01"));
    assert_eq!(told(&defs, "approval", "2022-11-20", &file), Some((Past, day("2022-11-16"), Some(-4))));
    defs.put(&mut file, "stages.4.stage=入户核实(排查表) stages.4.on=2022-11-03");
    assert_eq!(told(&defs, "approval", "2022-11-20", &file), Some((Past, day("2022-11-18"), Some(-2))));
    defs.put(&mut file, "stages.5.stage=县级审批 stages.5.on=2022-11-15");
    assert_eq!(told(&defs, "approval", "2022-11-20", &file), None);
}

#[test]
fn ten_days_from_the_approval_to_the_measures() {
    let target = "case.target=突发严重困难户 case.eliminated=否 case.identified_on=2022-11-05";
    assert_eq!(clock("measures", "2022-11-09", target), Some((Running, day("2022-11-15"), Some(6))));
    assert_eq!(clock("measures", "2022-11-10", target), Some((Near, day("2022-11-15"), Some(5))));
    assert_eq!(clock("measures", "2022-11-16", target), Some((Past, day("2022-11-15"), Some(-1))));
    let with = |measure: &str| clock("measures", "2022-11-16", &format!("{target} {measure}"));
    assert_eq!(with("measures.1.kind=产业帮扶"), None, "there is one, whenever it was");
    assert_eq!(with("measures.1.kind=产业帮扶 measures.1.from=2022-12").unwrap().0, Late);
    assert_eq!(
        with("measures.1.kind=产业帮扶 measures.1.from=2021-03").unwrap().0,
        Past,
        "an older one answers nothing"
    );
    let nobody_knows = "case.target=突发严重困难户 case.eliminated=否";
    assert_eq!(clock("measures", "2022-11-16", nobody_knows), Some((Unknown, None, None)));
    assert_eq!(clock("measures", "2022-11-16", &format!("{nobody_knows} measures.1.kind=产业帮扶")), None);
}

#[test]
fn help_begins_in_the_month_of_the_entry() {
    let entered = "case.target=边缘易致贫户 case.eliminated=否 stages.1.stage=录入国网 stages.1.on=2022-11-04";
    assert_eq!(clock("help_begins", "2022-11-20", entered), Some((Running, day("2022-11-30"), Some(10))));
    assert_eq!(clock("help_begins", "2022-11-23", entered), Some((Near, day("2022-11-30"), Some(7))));
    assert_eq!(clock("help_begins", "2022-12-01", entered), Some((Past, day("2022-11-30"), Some(-1))));
}

#[test]
fn elimination_waits_for_more_than_four_months() {
    let target = "case.target=边缘易致贫户 case.identified_on=2022-07-20";
    assert_eq!(clock("may_eliminate", "2022-11-20", target), Some((Waiting, day("2022-11-21"), Some(1))));
    assert_eq!(clock("may_eliminate", "2022-11-21", target), None, "now it may");
    let marked = |on: &str| {
        clock("may_eliminate", "2022-12-01", &format!("{target} case.eliminated=是 case.eliminated_on={on}"))
    };
    assert_eq!(marked("2022-11-20"), Some((TooEarly, day("2022-11-21"), None)));
    assert_eq!(marked("2022-10"), Some((TooEarly, day("2022-11-21"), None)));
    assert_eq!(marked("2022-11"), None, "it may have been late enough");
    assert_eq!(marked("2022-11-21"), None);
    let proposed = format!("{target} stages.1.stage=提出风险消除 stages.1.on=2022-11-01");
    assert_eq!(clock("may_eliminate", "2022-11-20", &proposed).unwrap().0, TooEarly);
    assert_eq!(
        why("may_eliminate", "2022-11-20", &proposed),
        "提出风险消除早了：7月20日起超过4个月，11月21日起才可以，11月1日就办了"
    );
    let by_month = "case.target=边缘易致贫户 case.identified_on=2022-03 case.eliminated=是 case.eliminated_on=2022-07";
    assert_eq!(clock("may_eliminate", "2022-11-20", by_month), None, "1 March to 31 July is more than four months");
    assert_eq!(clock("may_eliminate", "2022-11-20", "case.target=边缘易致贫户"), None, "nobody knows since when");
}

#[test]
fn income_must_have_been_steady_for_half_a_year() {
    let steady = "case.target=边缘易致贫户 case.above_since=2022-05-31";
    assert_eq!(clock("steady_income", "2022-11-20", steady), Some((Waiting, day("2022-11-30"), Some(10))));
    let marked = format!("{steady} case.eliminated=是 case.eliminated_on=2022-11-29");
    assert_eq!(clock("steady_income", "2022-12-20", &marked).unwrap().0, TooEarly);
    let marked = format!("{steady} case.eliminated=是 case.eliminated_on=2022-11-30");
    assert_eq!(clock("steady_income", "2022-12-20", &marked), None);
}

#[test]
fn eighteen_months_bind_who_can_work_and_has_one_risk() {
    let open = "case.target=边缘易致贫户 case.eliminated=否 case.identified_on=2021-05-20 case.risk1=因病 \
                members.1.labour=普通劳动力";
    assert_eq!(clock("long_open", "2022-09-20", open), Some((Running, day("2022-11-20"), Some(61))));
    assert_eq!(clock("long_open", "2022-11-20", open), Some((Near, day("2022-11-20"), Some(0))));
    assert_eq!(clock("long_open", "2022-11-21", open), Some((Past, day("2022-11-20"), Some(-1))));
    let without = |gone: &str| clock("long_open", "2022-11-21", &open.replace(gone, ""));
    assert_eq!(without("members.1.labour=普通劳动力"), None, "whether anybody can work is not known");
    assert_eq!(without("case.risk1=因病"), None);
    assert_eq!(clock("long_open", "2022-11-21", &format!("{open} case.risk2=因学")), None, "two risks");
    let unknown = without("case.identified_on=2021-05-20");
    assert_eq!(unknown, Some((Unknown, None, None)));
    let explained = format!("{open} case.still_open_why=仍在治疗");
    assert!(why("long_open", "2022-11-21", &explained).ends_with("过期1天（已说明：仍在治疗）"));
}

#[test]
fn a_dangerous_house_has_until_the_years_end_unless_it_is_found_late() {
    assert_eq!(
        clock("rehoused", "2022-10-01", "housing.danger_found_on=2022-09-30"),
        Some((Running, day("2022-12-31"), Some(91)))
    );
    assert_eq!(clock("rehoused", "2022-11-20", "housing.danger_found_on=2022-09-30").unwrap().0, Near);
    assert_eq!(clock("rehoused", "2023-01-01", "housing.danger_found_on=2022-09-30").unwrap().0, Past);
    assert_eq!(clock("rehoused", "2022-11-20", "housing.danger_found_on=2022-10-01"), None, "put off");
    assert_eq!(clock("rehoused", "2022-11-20", "housing.danger_found_on=2022-05 housing.rehoused_on=2022-06"), None);
    assert_eq!(clock("rehoused", "2022-11-20", "housing.grade=D"), None, "nobody says when it was found");
}

#[test]
fn thirty_days_from_the_acceptance_of_a_repair() {
    let repaired = "housing.repaired_on=2022-10-25";
    for id in ["repair_paid", "old_house"] {
        assert_eq!(clock(id, "2022-11-10", repaired), Some((Running, day("2022-11-24"), Some(14))));
        assert_eq!(clock(id, "2022-11-14", repaired), Some((Near, day("2022-11-24"), Some(10))));
        assert_eq!(clock(id, "2022-11-25", repaired), Some((Past, day("2022-11-24"), Some(-1))));
    }
    let paid = format!("{repaired} housing.subsidy_paid_on=2022-11-25");
    assert_eq!(clock("repair_paid", "2022-11-30", &paid).unwrap().0, Late);
    assert_eq!(clock("old_house", "2022-11-30", &paid).unwrap().0, Past);
}

#[test]
fn each_loan_has_its_own_day() {
    let defs = Defs::shipped();
    let file =
        defs.file("loans.1.to=2022-11-30 loans.2.to=2022-11-10 loans.3.to=2022-10-01 loans.3.repaid_on=2022-08-01");
    let states = of(defs.on("2022-11-20").at(&file));
    let loans: Vec<_> = states.iter().map(|s| (s.code.as_str(), s.row, s.standing, s.days_left)).collect();
    assert_eq!(loans, [("C605", 1, Near, Some(10)), ("C605", 2, Past, Some(-10))]);
    assert_eq!(states[0].why, "小额信贷到期还款：到期，11月30日为止，还有10天");
}

#[test]
fn a_clock_set_back_a_year_makes_no_nonsense() {
    let fields = "case.target=边缘易致贫户 case.eliminated=否 case.identified_on=2022-11-05 \
                  stages.1.stage=入户核实(排查表) stages.1.on=2022-11-02 housing.repaired_on=2022-10-25 \
                  case.above_since=2022-05 members.1.labour=普通劳动力 case.risk1=因病";
    let defs = Defs::shipped();
    let file = defs.file(fields);
    let states = of(defs.on("2021-11-20").at(&file));
    assert!(states.iter().any(|state| state.clock == "measures" && state.standing == Ahead));
    assert!(states.iter().all(|state| state.days_left.is_none_or(|left| left > 0)), "{states:?}");
    let says = &states.iter().find(|state| state.clock == "measures").unwrap().why;
    assert_eq!(says, "帮扶措施申报：从2022年11月5日算起，这一天还没有到，请核对这个日期和电脑的日期");
}

#[test]
fn a_closed_file_has_no_clock() {
    assert_eq!(clock("old_house", "2022-11-25", "housing.repaired_on=2022-10-25 status.closed_on=2022-11-01"), None);
}

#[test]
fn who_was_approved_is_to_be_helped_also_before_the_class_is_typed() {
    let approved = "class.class=一般农户 stages.1.stage=县级审批 stages.1.on=2022-11-15";
    assert_eq!(clock("measures", "2022-11-20", approved), Some((Near, day("2022-11-25"), Some(5))));
    let ended = format!("{approved} stages.2.stage=风险自然消失 stages.2.on=2022-11-18");
    assert_eq!(clock("measures", "2022-11-20", &ended), None);
    let found = "class.class=一般农户 stages.1.stage=入户核实(排查表) stages.1.on=2022-11-15";
    assert_eq!(clock("measures", "2022-11-20", found), None, "nobody has approved it yet");
}
