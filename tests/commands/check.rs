//! `hudang check` as the county scripts it, and a county's own checks laid beside the program's.

use std::fs;

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::{Value as Json, json};

use super::{command_by, edit, run, run_with, village};

const ONE: &str = "4199991012010001";

/// A county's own checks: each plain kind.
const OWN: &str = r#"
label = "本县核对"
each = "person"
severity = "warn"
source = "某县〔2022〕12号"
remedy = "入户核实"

check = [
  { code = "X01", when = "members.political empty", says = "政治面貌没有填" },
  { code = "X02", each = "household", when = "income.per_person > 8000", says = "人均{income.per_person}元，高于8000元" },
  { code = "X03", each = "household", when = "class.class in (脱贫户, 一般农户) and housing.dangerous = 是", says = "{class.class}住危房" },
  { code = "X04", when = "members.labour = 普通劳动力 and members.health has 患有大病", says = "患有大病，登记为{members.labour}" },
  { code = "X05", T = "9_99_001", each = "household", when = "risks has 因病 and no measure (measures.kind = 健康帮扶)", says = "因病没有健康帮扶" },
]
"#;

fn lay(home: &std::path::Path, text: &str) {
    fs::create_dir_all(home.join("data/checks")).unwrap();
    fs::write(home.join("data/checks/county.toml"), text).unwrap();
}

fn of<'a>(found: &'a Json, code: &str) -> Vec<&'a Json> {
    found.as_array().unwrap().iter().filter(|finding| finding["code"] == code).collect()
}

#[test]
fn findings_are_one_document_and_the_exit_code_says_that_there_are_some() {
    let home = village();
    let ran = run(home.dir.path(), &["--json", "check"]);
    let all = ran.json();
    assert_eq!(ran.code, 3, "{}", ran.err);
    let mut keys: Vec<&str> = all[0].as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "answered",
            "code",
            "field",
            "household",
            "message",
            "national",
            "person",
            "remedy",
            "severity",
            "source",
            "source_date",
            "source_title"
        ]
    );
    // One household, or several; those that are asked for.
    let one = run(home.dir.path(), &["--json", "check", ONE]).json();
    assert!(one.as_array().unwrap().iter().all(|finding| finding["household"] == ONE) && one != all);
    assert_eq!(run(home.dir.path(), &["check", "4199991012019999"]).code, 1);
    // Nobody has to say who asks, and numbers stay masked in what is said.
    let anonymous = command_by(home.dir.path(), None, &["check"]).output().unwrap();
    assert_eq!(anonymous.status.code(), Some(3));
    let text = String::from_utf8(anonymous.stdout).unwrap();
    assert!(text.contains("没有答复的") && !text.contains("41999919610302001X") && !text.contains("13812344321"));
}

#[test]
fn a_store_without_households_has_no_findings() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path().join("home");
    run(&home, &["init", "--village", "419999101201", "--name", "石桥村"]);
    let ran = run(&home, &["--json", "check"]);
    assert_eq!((ran.code, ran.json()), (0, json!([])));
}

#[test]
fn the_workbook_has_a_row_a_finding() {
    let home = village();
    let path = home.dir.path().join("papers/核对.xlsx");
    let path_text = path.display().to_string();
    let all = run(home.dir.path(), &["--json", "check", "--xlsx", &path_text]).json();
    let mut book: Xlsx<_> = open_workbook(&path).unwrap();
    let sheet = book.worksheet_range("核对问题").unwrap();
    assert_eq!(sheet.height(), all.as_array().unwrap().len() + 1);
    let column = |label: &str| {
        let at = sheet.rows().next().unwrap().iter().position(|cell| *cell == label).expect(label);
        sheet.rows().skip(1).map(|row| row[at].clone()).collect::<Vec<Data>>()
    };
    let messages: Vec<String> =
        all.as_array().unwrap().iter().map(|it| it["message"].as_str().unwrap().into()).collect();
    assert_eq!(column("问题").iter().map(ToString::to_string).collect::<Vec<_>>(), messages);
    assert!(column("户编号").iter().all(|cell| matches!(cell, Data::String(_))), "numbers are text");
}

#[test]
fn a_countys_own_checks_are_found_beside_the_programs_and_go_when_mended() {
    let home = village();
    lay(home.dir.path(), OWN);
    let found = run(home.dir.path(), &["--json", "check"]).json();
    assert_eq!(of(&found, "X01").len(), 4, "{found}");
    assert_eq!(of(&found, "X02")[0]["message"], "人均9000元，高于8000元");
    assert_eq!(of(&found, "X02")[0]["source"], "某县〔2022〕12号");
    assert_eq!(of(&found, "X02")[0]["field"], "income.per_person");
    assert!(of(&found, "X03").is_empty(), "nobody knows whether the house is dangerous");
    let mended = edit(None, ONE, "income", "per_person", 700_000).to_string();
    assert_eq!(run_with(home.dir.path(), &["record", "-"], mended.as_bytes()).code, 0);
    assert!(of(&run(home.dir.path(), &["--json", "check"]).json(), "X02").is_empty());
}

#[test]
fn a_wrong_line_of_a_county_is_refused_with_file_and_line() {
    let home = village();
    for (from, to, why) in [
        ("members.political", "members.politics", "checks/county.toml 第9行：没有字段 members.politics"),
        ("= 健康帮扶)", "= 保健)", "checks/county.toml 第13行：代码表“帮扶措施类别”里没有“保健”"),
        ("> 8000", "> @most_income", "checks/county.toml 第10行：没有哪个政策文件写了 most_income，核对要用它"),
        ("\"X03\"", "\"X02\"", "checks/county.toml 第11行：X02 出现两次，请写明不同的 id"),
    ] {
        lay(home.dir.path(), &OWN.replace(from, to));
        let ran = run(home.dir.path(), &["check"]);
        assert!(ran.code == 1 && ran.err.contains(why), "{to}: {}", ran.err);
    }
}
