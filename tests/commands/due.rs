//! `hudang due`: the worklist with dates.

use std::process::Command;

use serde_json::{Value as Json, json};

use super::{command_by, run};
use crate::home::Home;

const FAMILIES: [&str; 3] = [
    "address.national_number=4199991012010001 address.group=1组 class.class=脱贫户 members.1.name=张三 \
     members.1.relation=户主 loans.1.person=1 loans.1.to=2022-12-05 tasks.1.what=西屋漏雨 tasks.1.owner=村委会 \
     tasks.1.due=2022-10-28",
    "address.national_number=4199991012010002 address.group=2组 class.class=一般农户 case.target=边缘易致贫户 \
     case.eliminated=否 case.identified_on=2022-11-12 members.3.name=李四 members.3.relation=户主",
    "address.group=10组 class.class=一般农户 members.4.name=王五 members.4.relation=户主",
];

/// (date, days left, what, household, code)
fn due(home: &Home, words: &[&str]) -> Vec<(String, i64, String, Json, Json)> {
    let ran = run(home.dir.path(), &[&["--json", "due"], words].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let all = ran.json();
    let line = |line: &Json| {
        let mut keys: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["code", "date", "days_left", "household", "what"]);
        let text = |key: &str| line[key].as_str().unwrap_or_else(|| panic!("{line}")).to_owned();
        let days = line["days_left"].as_i64().unwrap();
        (text("date"), days, text("what"), line["household"].clone(), line["code"].clone())
    };
    all.as_array().unwrap().iter().map(line).collect()
}

#[test]
fn what_is_past_and_what_comes() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let line = |date: &str, left: i64, what: &str, household: Option<&str>, code: Option<&str>| {
        (date.to_owned(), left, what.to_owned(), json!(household), json!(code))
    };
    let (one, two) = (Some("4199991012010001"), Some("4199991012010002"));
    assert_eq!(
        due(&home, &[]),
        [
            line("2022-10-28", -23, "西屋漏雨（村委会）", one, None),
            line("2022-11-10", -10, "脱贫户、监测对象走访到户", None, None),
            line("2022-11-10", -10, "走访", one, Some("C504")),
            line("2022-11-10", -10, "走访", two, Some("C504")),
            line("2022-11-20", 0, "本年明白卡上墙", None, None),
            line("2022-11-21", 1, "村民代表大会评议拟纳入户", None, None),
            line("2022-11-22", 2, "帮扶措施申报", two, Some("C506")),
            line("2022-12-05", 15, "上月变更录入国网", None, None),
            line("2022-12-05", 15, "小额信贷到期还款", one, Some("C605")),
        ]
    );
}

#[test]
fn a_month_that_comes_has_its_days_and_its_visits() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let december = due(&home, &["--month", "2022-12"]);
    assert!(december.iter().all(|line| line.0.starts_with("2022-12") && line.1 > 0), "{december:?}");
    let visits: Vec<_> = december.iter().filter(|line| line.4 == "C504").map(|line| (&*line.0, line.1)).collect();
    assert_eq!(visits, [("2022-12-10", 20), ("2022-12-10", 20)]);
    assert!(december.iter().any(|line| line.2 == "2022年下半年集中排查结束"));
    assert!(december.iter().any(|line| line.4 == "C605"));
    let october = due(&home, &["--month", "2022-10"]);
    assert!(october.iter().any(|line| line.2 == "西屋漏雨（村委会）" && line.1 == -23));
    assert!(october.iter().all(|line| line.4 != "C504"), "visits of a month that is over: {october:?}");
}

#[test]
fn it_is_told_in_words_too_and_needs_nobody() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let ran = command_by(home.dir.path(), None, &["due"]).output().unwrap();
    let text = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(ran.status.code(), Some(0));
    assert!(text.contains("2022-11-22  还有2天") && text.contains("李四") && text.contains("C506"), "{text}");
    assert!(text.contains("2022-11-20  今天") && text.contains("2022-11-21  明天"), "{text}");
    assert!(text.contains("全村") && text.contains("剩2") && text.ends_with("政策 西峡2022\n"), "{text}");
    for month in ["2022", "2022-13", "2022-11-20", "十一月"] {
        let refused = run(home.dir.path(), &["due", "--month", month]);
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{month}");
        assert!(refused.err.contains("应为月份"), "{}", refused.err);
    }
}

#[test]
fn an_empty_village_has_only_the_days_of_the_village() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    assert_eq!(run(&home, &["init", "--village", "419999101201", "--name", "石桥村"]).code, 0);
    let due = run(&home, &["--json", "due"]).json();
    assert!(due.as_array().unwrap().iter().all(|line| line["household"].is_null()), "{due}");
}

#[test]
fn a_machine_whose_clock_is_a_year_back_says_no_nonsense() {
    let home = Home::of("2022-10-10", &FAMILIES);
    let back = |words: &[&str]| -> Vec<Json> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hudang"));
        command.arg("--home").arg(home.dir.path()).args(["--today", "2021-11-20", "--json", "due"]).args(words);
        let ran = command.output().unwrap();
        assert_eq!(ran.status.code(), Some(0));
        serde_json::from_slice(&ran.stdout).unwrap()
    };
    let days = |lines: &[Json]| -> Vec<i64> { lines.iter().map(|line| line["days_left"].as_i64().unwrap()).collect() };
    // The visits of that November are past; what starts a year later is neither past nor due soon.
    assert!(days(&back(&[])).into_iter().all(|left| (-10..=15).contains(&left)), "{:?}", back(&[]));
    let a_year_on = back(&["--month", "2022-11"]);
    assert!(a_year_on.iter().any(|line| line["code"] == "C506"));
    assert!(days(&a_year_on).into_iter().all(|left| left > 300), "{a_year_on:?}");
}

#[test]
fn what_was_due_when_a_file_was_closed_stays_due() {
    let gone = "address.national_number=4199991012010003 class.class=脱贫户 case.target=边缘易致贫户 case.eliminated=否 \
        case.identified_on=2022-11-12 members.5.name=孤老 members.5.relation=户主 tasks.1.what=院墙要倒 tasks.1.due=2022-11-10 \
        loans.1.person=5 loans.1.to=2022-11-15 loans.1.amount=50000";
    let home = Home::of("2022-10-10", &[FAMILIES[2], gone]);
    let death =
        json!({"form": "death", "household": "4199991012010003", "date": "2022-10-12", "person": "419999101201P00005"});
    let path = home.dir.path().join("death.json");
    std::fs::write(&path, death.to_string()).unwrap();
    let ran = run(home.dir.path(), &["--json", "record", path.to_str().unwrap()]);
    assert_eq!(ran.json()["refused"], json!([]), "{}", ran.err);
    let of_it = |words: &[&str]| -> Vec<(String, i64, String)> {
        let lines = due(&home, words).into_iter().filter(|line| line.3 == "4199991012010003");
        lines.map(|line| (line.0, line.1, line.2)).collect()
    };
    let line = |date: &str, left, what: &str| (date.to_owned(), left, what.to_owned());
    assert_eq!(
        of_it(&[]),
        [
            line("2022-11-10", -10, "院墙要倒"),
            line("2022-11-12", -8, "家庭成员、户档状态的变化，交县"),
            line("2022-11-15", -5, "小额信贷到期还款"),
        ],
        "and neither a visit nor a case"
    );
    let found = run(home.dir.path(), &["--json", "check", "4199991012010003"]).json();
    let codes: Vec<&Json> = found.as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["C605", "C503", "C503"]);
    let stale = run(home.dir.path(), &["--json", "stale"]).json();
    assert!(stale.as_array().unwrap().iter().any(|line| line["household"] == "4199991012010003"), "{stale}");
    let listed = |query: &str| {
        let all = run(home.dir.path(), &["--json", "list", query]).json();
        all.as_array().unwrap().iter().any(|line| line["household"] == "4199991012010003")
    };
    assert!(listed("有待办") && listed("有变更") && !listed("脱贫户") && !listed("未走访"));
}
