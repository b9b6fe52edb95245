//! `hudang import exemptions`: exemptions carried in from a table, and what they do to findings.

use serde_json::{Value as Json, json};

use super::{DAY, Ran, command_by, run, village};
use crate::home::Home;
use crate::village::sheets::{Cell, Sheet};
use crate::village::write;

const ONE: &str = "4199991012010001";
const THREE: &str = "419999101201V0003";
const COLUMNS: [&str; 10] =
    ["序号", "户编号", "人编号", "姓名", "证件号码", "规则编码", "豁免类型", "豁免原因", "豁免至", "批准人"];

/// A list as a province sends it, with a title above the header and a space in a column's name.
fn list(rows: &[[&str; 9]]) -> Sheet {
    let rows = rows.iter().enumerate().map(|(at, row)| {
        let number = Cell::Number(at as f64 + 1.0);
        let day = |text: &&str| text.parse().map_or_else(|_| Cell::from(*text), Cell::Date);
        std::iter::once(number).chain(row.iter().map(day)).collect()
    });
    let mut header = COLUMNS.map(str::to_owned).to_vec();
    header[5] = "规则 编码".to_owned();
    Sheet {
        name: "豁免清单", above: vec![vec!["豁免清单".into()]], header, rows: rows.collect(), hidden: Vec::new()
    }
}

fn workbook(home: &Home, name: &str, rows: &[[&str; 9]]) -> String {
    let path = home.dir.path().join(name);
    write::xlsx(&path, &[list(rows)]);
    path.display().to_string()
}

fn import(home: &Home, words: &[&str]) -> Ran {
    run(home.dir.path(), &[&["--json", "import", "exemptions"], words].concat())
}

/// How the findings with a code stand on a day: whose, and whether it is exempt until when.
fn standing(home: &Home, day: &str, household: &str, code: &str) -> Vec<(Option<String>, Option<String>)> {
    let words = ["--json", "check", household, "--today", day];
    let output = command_by(home.dir.path(), None, &[]).args(words).output().unwrap();
    let all: Json = serde_json::from_slice(&output.stdout).unwrap();
    let of_check = all.as_array().unwrap().iter().filter(|finding| finding["code"] == code);
    let text = |json: &Json| json.as_str().map(str::to_owned);
    of_check.map(|finding| (text(&finding["person"]), text(&finding["answered"]["until"]))).collect()
}

const GOOD: [[&str; 9]; 3] = [
    [ONE, "419999101201000102", "张小军", "", "2_01_003", "情况属实", "在外务工，回来再填", "2022-12-31", "镇政府"],
    [ONE, "", "", "41999919610302001X", "２_01_001", "其他（系统丢失）", "系统里丢了", "2022-11-30", ""],
    [THREE, "", "王五", "", "c505", "", "全家外出", "2022-12", ""],
];

#[test]
fn a_finding_is_exempt_until_the_end_and_open_after_it() {
    let home = village();
    let list = workbook(&home, "豁免.xlsx", &GOOD);
    let whose = |number: &str, until: Option<&str>| (Some(number.to_owned()), until.map(str::to_owned));
    let (first, second) = ("419999101201P00001", "419999101201000102");
    assert_eq!(standing(&home, DAY, ONE, "2_01_003"), [whose(second, None)]);

    let taken = import(&home, &[&list]);
    assert_eq!((taken.code, taken.json()), (0, json!({"taken": 3, "known": 0, "unmatched": []})), "{}", taken.err);
    assert_eq!(standing(&home, DAY, ONE, "2_01_003"), [whose(second, Some("2022-12-31"))]);
    assert_eq!(standing(&home, "2022-12-31", ONE, "2_01_003"), [whose(second, Some("2022-12-31"))]);
    assert_eq!(standing(&home, "2023-01-01", ONE, "2_01_003"), [whose(second, None)]);
    let mut nationality = standing(&home, DAY, ONE, "2_01_001");
    nationality.sort();
    assert_eq!(nationality, [whose(second, None), whose(first, Some("2022-11-30"))]);
    // A check of the whole household, though the list names its head; known to the month, it ends with the month.
    assert_eq!(standing(&home, DAY, THREE, "C505"), [(None, Some("2022-12".to_owned()))]);
    assert_eq!(standing(&home, "2023-01-01", THREE, "C505").iter().filter(|(_, until)| until.is_some()).count(), 0);
    // It is told when it ends.
    let told = |day| {
        let output = command_by(home.dir.path(), None, &[]).args(["check", ONE, "--today", day]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(told("2022-11-29").contains("还有1天到期"), "{}", told("2022-11-29"));
}

#[test]
fn each_row_is_kept_with_who_approved_it_and_each_household_is_one_act() {
    let home = village();
    let list = workbook(&home, "豁免.xlsx", &GOOD);
    let before = changes(&home);
    let looked = command_by(home.dir.path(), None, &["--json", "import", "exemptions", "--dry-run", &list]).output();
    let looked: Json = serde_json::from_slice(&looked.unwrap().stdout).unwrap();
    assert_eq!((looked["taken"].as_u64(), changes(&home)), (Some(3), before), "it only looked");
    assert_eq!(import(&home, &[&list]).code, 0);

    let rows = |household: &str| {
        let shown = run(home.dir.path(), &["--json", "show", household]).json();
        let rows = shown["sections"]["exemptions"]["rows"].as_array().unwrap().clone();
        rows.into_iter().map(|row| row["fields"].clone()).collect::<Vec<_>>()
    };
    let (one, three) = (rows(ONE), rows(THREE));
    assert_eq!((one.len(), three.len()), (2, 1));
    assert_eq!((&one[0]["kind"], &one[0]["by"], &one[0]["on"]), (&json!("情况属实"), &json!("镇政府"), &Json::Null));
    assert_eq!((&one[1]["kind"], &one[1]["by"], &one[1]["on"]), (&json!("其他"), &json!("李桂枝"), &json!(DAY)));
    assert_eq!(one[1]["reason"], "系统里丢了");
    assert_eq!((&three[0]["kind"], &three[0]["person"]), (&Json::Null, &Json::Null), "{three:?}");
    let acts = changes(&home);
    let answers = acts.as_array().unwrap().iter().filter(|change| change["kind"] == "answer");
    let mut numbers: Vec<&Json> = answers.map(|change| &change["number"]).collect();
    numbers.dedup();
    assert_eq!(numbers.len(), 2, "{acts}");

    // Once more, also with another file that says the same: nothing moves.
    let other = workbook(&home, "又一份.xlsx", &GOOD[..1]);
    let again = import(&home, &[&list, &other]);
    assert_eq!((again.code, again.json()), (0, json!({"taken": 0, "known": 4, "unmatched": []})));
    assert_eq!(changes(&home), acts);
    // Also when they have ended.
    let later = run(home.dir.path(), &["--json", "import", "exemptions", &list, "--today", "2023-03-01"]);
    assert_eq!((later.code, later.json()["known"].as_u64()), (0, Some(3)), "{}", later.err);
    // A longer end is a new exemption.
    let mut longer = GOOD[0];
    longer[7] = "2023-03-31";
    let longer = import(&home, &[&workbook(&home, "续.xlsx", &[longer, longer])]).json();
    assert_eq!(longer, json!({"taken": 1, "known": 1, "unmatched": []}));
    assert_eq!(standing(&home, "2023-02-01", ONE, "2_01_003")[0].1.as_deref(), Some("2023-03-31"));
}

fn changes(home: &Home) -> Json {
    run(home.dir.path(), &["--json", "changes", "list"]).json()
}

/// As a clerk saves it from her spreadsheet.
const FAULTS: &str = "户 编 号,人编号,姓名,身份证号码,规则编码,豁免类型,豁免理由,豁免至
4199991012019999,,张三,,C504,,不在家,2022-12-31
4199991012020001,,张三,,C504,,不在家,2022-12-31
,,张三,,C504,,不在家,2022-12-31
4199991012010001,,,419999196103020028,2_01_003,,不在家,2022-12-31
4199991012010001,,张小军,,2_01_003,,不在家,2022-12-31
4199991012010001,,,,9_99_999,,不在家,2022-12-31
4199991012010001,,,,,,不在家,2022-12-31
4199991012010001,,张三,,C306.months,,确实干了十三个月,2022-12-31
4199991012010001,,,,C504,,,2022-12-31
4199991012010001,,,,C504,,不在家,
4199991012010001,,,,C504,,不在家,2022-11-19
4199991012010001,,,,C504,,不在家,长期
4199991012010001,,,,C504,领导同意,不在家,2022-12-31
4199991012010001,,,,C504
4199991012010001,,,,C504,政策规定,不在家,2022-12-31
";

#[test]
fn what_is_not_taken_is_told_row_by_row() {
    let home = Home::of(
        "2022-10-10",
        &["address.national_number=4199991012010001 class.class=脱贫户 members.1.name=张三 members.1.relation=户主 \
           members.2.name=张小军 members.3.name=张小军"],
    );
    let path = home.dir.path().join("豁免.csv");
    std::fs::write(&path, encoding_rs::GB18030.encode(FAULTS).0).unwrap();
    let path = path.display().to_string();
    let ran = import(&home, &[&path]);
    let said = ran.json();
    assert_eq!((ran.code, said["taken"].as_u64(), said["known"].as_u64()), (3, Some(1), Some(0)), "{}", ran.err);
    let told: Vec<(u64, &str, &str, &str)> = (said["unmatched"].as_array().unwrap().iter())
        .map(|row| {
            assert_eq!((row["file"].as_str(), &row["sheet"]), (Some(&*path), &Json::Null));
            let text = |key: &str| row[key].as_str().unwrap();
            (row["row"].as_u64().unwrap(), text("column"), text("value"), text("why"))
        })
        .collect();
    let expected = [
        (2, "户编号", "4199********9999", "本库没有这一户，这一行未收"),
        (3, "户编号", "4199********0001", "是419999101202的户，不属本库，整户未收"),
        (4, "户编号", "", "没有户编号，这一行未收"),
        (5, "身份证号码", "4199**********0028", "这一户没有这个人，这一行未收"),
        (6, "姓名", "张小军", "这一户有几个人叫这个名字，请写人编号或证件号码，这一行未收"),
        (7, "规则编码", "9_99_999", "没有这个编码的规则（应为本程序或国网的规则编码，如 C402），这一行未收"),
        (8, "规则编码", "", "没有写是哪条规则，这一行未收"),
        (9, "规则编码", "C306.months", "这条规则查的是不可能属实的内容，只能改正，不能豁免，这一行未收"),
        (10, "豁免理由", "", "没有写豁免原因，这一行未收"),
        (11, "豁免至", "", "没有写豁免到哪一天为止，豁免必须有期限，这一行未收"),
        (12, "豁免至", "2022-11-19", "豁免在导入之前已经到期，这一行未收"),
        (13, "豁免至", "长期", "不是日期（如 2022-10-08、2022-10 或 2022），这一格未收"),
        (14, "豁免类型", "领导同意", "不是豁免类型，应为情况属实、系统原因、政策规定、其他，这一行未收"),
        (15, "豁免理由", "", "没有写豁免原因，这一行未收"),
    ];
    assert_eq!(told, expected);
    assert_eq!(standing(&home, DAY, ONE, "C504"), [(None, Some("2022-12-31".to_owned()))]);
    let again = import(&home, &[&path]);
    let told_again = again.json();
    assert_eq!((again.code, told_again["taken"].as_u64(), told_again["known"].as_u64()), (3, Some(0), Some(1)));
    assert_eq!(told_again["unmatched"], said["unmatched"]);
    let words = run(home.dir.path(), &["import", "exemptions", &path]).out;
    assert!(words.starts_with("收0条，已有1条\n未收（14处）：\n") && !words.contains("419999196103020028"), "{words}");
}

#[test]
fn another_table_is_refused_and_a_list_is_no_roster() {
    let home = village();
    let list = workbook(&home, "豁免.xlsx", &GOOD);
    let as_roster = run(home.dir.path(), &["import", "roster", &list]);
    assert_eq!(as_roster.code, 1);
    assert!(as_roster.err.contains("hudang import exemptions"), "{}", as_roster.err);
    let roster = home.dir.path().join("名册.csv");
    std::fs::write(&roster, "户编号,姓名,与户主关系\n4199991012010001,张三,户主\n").unwrap();
    let refused = import(&home, &[&list, &roster.display().to_string()]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(refused.err.contains("豁免清单应有“户编号”“规则编码”"), "{}", refused.err);
    assert!(standing(&home, DAY, THREE, "C505").iter().all(|(_, until)| until.is_none()), "none of it is taken");

    let nobodys = home.dir.path().join("nobodys");
    let by_nobody = |words: &[&str]| command_by(&nobodys, None, words).output().unwrap().status.code();
    assert_eq!(by_nobody(&["init", "--village", "419999101201", "--name", "石桥村"]), Some(0));
    assert_eq!(by_nobody(&["import", "exemptions", &list]), Some(2));
    assert_eq!(by_nobody(&["import", "exemptions", "--dry-run", &list]), Some(3), "nobody of it is on file");
}
