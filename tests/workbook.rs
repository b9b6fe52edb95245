//! The clerk's workbook, read back: what was changed, all of it, once, as text under the county's column names.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{Data as Cell, Reader, Xlsx};
use hudang::changes::net::Net;
use hudang::changes::replay::replay;
use hudang::data::Data;
use hudang::domain::{Answer, FilledForm, Finding, HouseholdId, ItemAnswer, Name, Value};
use hudang::exchange::set::{Made, SetId};
use hudang::exchange::workbook::{Key, Layout, Run, workbook};

use crate::made::{Village, day, id_number};

/// A month of a village: two households of the roster, one of the ledger, and what happened to them.
pub fn village() -> Village {
    let mut village = Village::new();
    village.act("roster", "10-01", |act| {
        act.from("national", true).opens(1);
        act.takes(1, "address", 0, &[("national_number", "4199991012010001"), ("phone", "13800001111")]);
        act.takes(
            1,
            "members",
            1,
            &[
                ("name", "赵大山"),
                ("relation", "户主"),
                ("sex", "男"),
                ("id_number", &id_number("19550302", 1)),
                ("person_number", "419999101201000101"),
            ],
        );
        act.takes(
            1,
            "members",
            2,
            &[("name", "钱桂兰"), ("relation", "配偶"), ("sex", "女"), ("id_number", &id_number("19580811", 2))],
        );
        act.takes(
            1,
            "members",
            3,
            &[
                ("name", "赵小军"),
                ("relation", "子"),
                ("sex", "男"),
                ("id_number", &id_number("19850911", 3)),
                ("education", "初中"),
            ],
        );
        act.takes(1, "income", 0, &[("wages", "30000")]);
    });
    village.act("roster", "10-01", |act| {
        act.from("ledger", false).opens(2);
        act.takes(2, "members", 4, &[("name", "孙玉兰"), ("relation", "户主"), ("sex", "女")]);
    });
    // 3: the head dies, his wife becomes the head.
    village.act("death", "11-02", |act| {
        act.happened("2022-10-30", "火化证");
        act.changes(1, "members", 1, "left_on", "2022-10-30").changes(1, "members", 1, "left_why", "死亡");
        act.changes(1, "members", 2, "relation", "户主").changes(1, "members", 3, "education", "高中");
    });
    // 4: a grandchild without a number yet.
    village.act("birth", "11-03", |act| {
        act.happened("2022-11-01", "出生证");
        for (field, text) in [
            ("name", "赵乐乐"),
            ("sex", "女"),
            ("relation", "孙女"),
            ("birth_date", "2022-11-01"),
            ("joined_on", "2022-11-01"),
            ("joined_why", "出生"),
        ] {
            act.changes(1, "members", 5, field, text);
        }
        act.changes(1, "schooling", 5, "student_state", "学龄前儿童");
    });
    // 5: an edit with the sort of text that a spreadsheet runs.
    village.act("edit", "11-04", |act| {
        act.happened("2022-10", "=cmd()").changes(1, "income", 0, "wages", "36500.5");
        act.changes(1, "income", 0, "before_per_person", "-120").changes(1, "address", 0, "phone", "");
        act.changes(1, "address", 0, "bank_card", "6217000000000000001");
    });
    // 6: a job of the son.
    village.act("visit", "11-08", |act| {
        act.happened("2022-09", "");
        let mut form = FilledForm::blank(Name::new("visit"), 1, "visit-6", 1);
        form.fields.insert(Name::new("date"), Answer::Day(day("2022-11-07")));
        form.fields.insert(Name::new("visitors"), Answer::Names(vec!["李桂枝".into(), "王芳".into()]));
        for (item, finding) in [
            ("V01", Finding::AsOnFile),
            ("V04", Finding::Changed { what: "换厂".into(), since: None }),
            ("V07", Finding::NotLooked { why: "门锁着".into() }),
        ] {
            form.items.insert(Name::new(item), ItemAnswer::of(finding));
        }
        act.form(form);
        act.changes(1, "jobs", 1, "person", "3").changes(1, "jobs", 1, "place", "省外").changes(
            1,
            "jobs",
            1,
            "monthly_wage",
            "4200",
        );
        act.changes(1, "work", 3, "months", "10");
    });
    // 7, 8: entered by mistake and taken back.
    let mistake = village.act("edit", "11-09", |act| {
        act.changes(2, "water", 0, "safe", "是");
    });
    village.undo(mistake, "11-09");
    // 9: a screening form of the household of the ledger.
    village.act("screening", "11-10", |act| {
        let mut form = FilledForm::blank(Name::new("screening"), 1, "screening-9", 2);
        form.fields.insert(Name::new("date"), Answer::Day(day("2022-11-10")));
        form.fields.insert(Name::new("surveyor"), Answer::Value(Value::Text("王芳".into())));
        form.fields.insert(Name::new("opinion"), Answer::Value(Value::code(Name::new("no_risk"))));
        act.form(form);
    });
    // 10: the son founds a household of his own.
    village.act("split", "11-12", |act| {
        act.happened("2022-11-12", "户口簿").opens(3);
        act.changes(1, "members", 3, "left_on", "2022-11-12").changes(1, "members", 3, "left_why", "其他");
        let id = id_number("19850911", 3);
        act.takes(3, "members", 3, &[("name", "赵小军"), ("relation", "户主"), ("sex", "男"), ("id_number", &id)]);
        act.takes(3, "address", 0, &[("group", "三组")]);
    });
    // 11: the child's number has come.
    village.act("id_number", "11-15", |act| {
        act.happened("2022-11-14", "户口簿").changes(1, "members", 5, "id_number", &id_number("20221101", 4));
    });
    // 12: a county's own column, and something only the village keeps.
    village.act("edit", "11-16", |act| {
        act.changes(1, "unlisted", 2, "光荣之家", "是").changes(1, "card", 0, "posted_on", "2022-11-16");
    });
    village
}

pub struct Book(pub BTreeMap<String, Vec<Vec<String>>>, pub Vec<String>);

/// The workbook of a run as the first programs made it, and as it is made now where what it comes to is given.
pub fn bytes(village: &Village, from: u64, to: u64) -> Vec<u8> {
    bytes_of(village, from, to, None)
}

/// What stands in its rows.
pub fn rows(village: &Village, from: u64, to: u64) -> Vec<hudang::exchange::sheet::Sheet> {
    with_run(village, from, to, None, |run| hudang::exchange::workbook::rows_of(run))
}

fn bytes_of(village: &Village, from: u64, to: u64, net: Option<&Net>) -> Vec<u8> {
    with_run(village, from, to, net, |run| workbook(run).unwrap())
}

fn with_run<T>(village: &Village, from: u64, to: u64, net: Option<&Net>, make: impl FnOnce(&Run<'_>) -> T) -> T {
    let definitions = &village.definitions;
    let layout = Layout::load(&Data::embedded(), &definitions.catalogue).unwrap();
    let made = Made { on: day("2022-11-20"), by: "李桂枝".into(), role: Name::new("coordinator") };
    let until = &village.acts[..to as usize];
    let run = Run {
        set: SetId::of(village.code.into(), from, to),
        village: "石桥村",
        made: &made,
        acts: &village.acts[from as usize - 1..to as usize],
        net,
        held: 0,
        file: &|serial| replay(HouseholdId { village: village.code, serial }, until),
        layout: &layout,
        catalogue: &definitions.catalogue,
        forms: &definitions.forms,
    };
    make(&run)
}

pub fn open(bytes: Vec<u8>) -> Book {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    let sheets = names.iter().map(|name| {
        let range = book.worksheet_range(name).unwrap();
        let rows = range.rows().map(|row| row.iter().map(|cell| text(name, cell)).collect()).collect();
        (name.clone(), rows)
    });
    Book(sheets.collect(), names.clone())
}

fn text(sheet: &str, cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::String(text) => text.clone(),
        other => panic!("{sheet}: {other:?} is no text"),
    }
}

impl Book {
    fn of(village: &Village, from: u64, to: u64) -> Self {
        open(bytes(village, from, to))
    }

    /// As it is made now: a row for what the lines of the run come to.
    fn netted(village: &Village, from: u64, to: u64) -> Self {
        let mut net = Net::default();
        village.acts[from as usize - 1..to as usize].iter().for_each(|act| net.add(act));
        open(bytes_of(village, from, to, Some(&net)))
    }

    /// Some columns of a sheet.
    fn columns(&self, sheet: &str, columns: &[&str]) -> Vec<Vec<&str>> {
        let rows = &self.0.get(sheet).unwrap_or_else(|| panic!("no {sheet} in {:?}", self.1))[..];
        let at: Vec<usize> = columns
            .iter()
            .map(|column| {
                rows[0]
                    .iter()
                    .position(|label| label == column)
                    .unwrap_or_else(|| panic!("{sheet}: {column} in {:?}", rows[0]))
            })
            .collect();
        rows[1..].iter().map(|row| at.iter().map(|at| &*row[*at]).collect()).collect()
    }
}

const CHANGE: [&str; 5] = ["序号", "项目", "字段代码", "原值", "新值"];

#[test]
fn each_change_stands_on_its_sheet_under_the_county_s_names() {
    let book = Book::of(&village(), 1, 12);
    assert_eq!(
        book.columns("收入支出变更", &CHANGE),
        [["5件1项", "工资性收入", "aac073", "30000", "36500.5"], ["5件2项", "再上年人均纯收入", "", "", "'-120"]]
    );
    assert_eq!(
        book.columns("成员信息变更", &["序号", "姓名", "证件号码", "项目", "字段代码", "原值", "新值"]),
        [
            ["3件3项", "钱桂兰", &id_number("19580811", 2), "与户主关系", "aab006", "配偶", "户主"],
            ["3件4项", "赵小军", &id_number("19850911", 3), "文化程度", "aab008", "初中", "高中"],
            ["11件1项", "赵乐乐", &id_number("20221101", 4), "证件号码", "", "", &id_number("20221101", 4)],
        ]
    );
    assert_eq!(
        book.columns("务工变更", &["序号", "姓名", "项目", "新值", "变化日期", "备注"]),
        [
            ["6件1项", "赵小军", "务工人员", "赵小军", "2022-09", "务工就业第1条"],
            ["6件2项", "赵小军", "务工所在地", "省外", "2022-09", "务工就业第1条"],
            ["6件3项", "赵小军", "务工月收入", "4200", "2022-09", "务工就业第1条"],
            ["6件4项", "赵小军", "务工时间", "10", "2022-09", ""],
        ]
    );
    assert_eq!(
        book.columns("户信息变更", &["序号", "户编号", "户主", "项目", "原值", "新值", "备注"]),
        [
            ["5件3项", "4199991012010001", "钱桂兰", "户联系电话", "13800001111", "", "改为空"],
            ["5件4项", "4199991012010001", "钱桂兰", "银行卡号", "", "6217000000000000001", ""],
            ["10件开户1-5项", "419999101201V0003", "赵小军", "新开户档", "", "2022-11-12", "未入国网"],
            ["10件5项", "419999101201V0003", "赵小军", "村民小组", "", "三组", "未入国网"],
        ]
    );
    assert_eq!(
        book.columns("村内记录(国网不录)", &["序号", "姓名", "项目", "新值"]),
        [["12件1项", "钱桂兰", "光荣之家", "是"], ["12件2项", "", "明白卡张贴日期", "2022-11-16"]]
    );
}

#[test]
fn who_joined_and_who_left_has_one_row_each() {
    let book = Book::of(&village(), 1, 12);
    let columns = [
        "序号",
        "户编号",
        "姓名",
        "证件号码",
        "性别",
        "出生日期",
        "与户主关系",
        "加入原因",
        "在校生状况",
        "变化日期",
        "录入日期",
        "录入人",
        "依据",
        "备注",
    ];
    let son = id_number("19850911", 3);
    assert_eq!(
        book.columns("新增成员", &columns),
        [
            [
                "4件1-7项",
                "4199991012010001",
                "赵乐乐",
                "",
                "女",
                "2022-11-01",
                "之孙女",
                "出生",
                "学龄前儿童",
                "2022-11-01",
                "2022-11-03",
                "李桂枝",
                "出生证",
                ""
            ],
            [
                "10件1-4项",
                "419999101201V0003",
                "赵小军",
                &son,
                "男",
                "",
                "户主",
                "",
                "",
                "",
                "2022-11-12",
                "李桂枝",
                "",
                "未入国网"
            ],
        ]
    );
    assert_eq!(
        book.columns("减少成员", &["序号", "姓名", "证件号码", "与户主关系", "离开原因", "离开日期", "依据"]),
        [
            ["3件1-2项", "赵大山", &*id_number("19550302", 1), "户主", "死亡", "2022-10-30", "火化证"],
            ["10件6-7项", "赵小军", &son, "之子", "其他", "2022-11-12", "户口簿"],
        ]
    );
}

#[test]
fn what_was_taken_back_stays_and_says_so() {
    let village = village();
    let book = Book::of(&village, 1, 12);
    let sheet = "住房饮水和生产生活条件变更";
    assert_eq!(
        book.columns(sheet, &["序号", "原值", "新值", "备注"]),
        [["7件1项", "", "是", "已由第8号撤销；未入国网"], ["8件1项", "是", "", "改为空；撤销第7号；未入国网"]]
    );
    assert_eq!(Book::of(&village, 8, 12).columns(sheet, &["备注"]), [["改为空；撤销第7号（早先交出的）；未入国网"]]);
    assert_eq!(Book::of(&village, 1, 7).columns(sheet, &["备注"]), [["未入国网"]]);
}

#[test]
fn a_member_entered_by_mistake_keeps_her_name() {
    let mut village = village();
    village.undo(4, "11-17");
    let book = Book::of(&village, 1, 13);
    let columns = ["序号", "姓名", "备注"];
    assert_eq!(book.columns("新增成员", &columns)[0], ["4件1-7项", "赵乐乐", "已由第13号撤销"]);
    assert_eq!(book.columns("减少成员", &columns)[2], ["13件1-7项", "赵乐乐", "撤销第4号"]);
    // What the county had been told before is taken back there.
    let later = Book::of(&village, 13, 13);
    assert_eq!(later.columns("减少成员", &columns), [["13件1-7项", "赵乐乐", "撤销第4号（早先交出的）"]]);
}

#[test]
fn forms_are_listed_with_their_opinion() {
    let book = Book::of(&village(), 1, 12);
    assert_eq!(
        book.columns("走访筛查登记", &["序号", "表", "户编号", "户主", "日期", "填表人", "意见", "备注"]),
        [
            [
                "6件",
                "走访",
                "4199991012010001",
                "钱桂兰",
                "2022-11-07",
                "李桂枝、王芳",
                "与档一致1项；变：就业；没看到：住房",
                ""
            ],
            ["9件", "筛查表", "419999101201V0002", "孙玉兰", "2022-11-10", "王芳", "无风险", "未入国网"],
        ]
    );
}

#[test]
fn it_holds_all_that_was_changed_and_nothing_twice() {
    let village = village();
    let book = Book::of(&village, 1, 12);
    let mut listed = Vec::new();
    for sheet in book.1.iter().filter(|sheet| !["说明", "走访筛查登记"].contains(&&***sheet)) {
        for row in book.columns(sheet, &["序号"]) {
            let key: Key = row[0].parse().unwrap();
            if !key.opens {
                listed.extend(key.parts.into_iter().flatten().map(|part| (key.act, part)));
            }
        }
    }
    listed.sort_unstable();
    let news = village.acts.iter().filter(|act| act.origin.is_none());
    let changed: Vec<_> =
        news.flat_map(|act| (1..=act.field_changes().count() as u32).map(|part| (act.number, part))).collect();
    assert_eq!(listed, changed);
}

#[test]
fn a_run_made_again_later_is_the_same_bytes() {
    let mut village = village();
    let first = bytes(&village, 3, 9);
    village.act("rename", "11-18", |act| {
        act.changes(1, "members", 2, "name", "钱贵兰").changes(1, "address", 0, "national_number", "4199991012019999");
    });
    village.undo(5, "11-19");
    assert!(bytes(&village, 3, 9) == first);
}

#[test]
fn a_run_without_news_says_so() {
    let book = Book::of(&village(), 1, 2);
    assert_eq!(book.1, ["说明"], "nothing to choose from either");
    assert!(book.0["说明"].iter().flatten().any(|cell| cell == "没有要录入的变更"));
}

#[test]
fn the_first_sheet_says_which_run_it_is() {
    let book = Book::of(&village(), 3, 12);
    let cells: Vec<&str> = book.0["说明"].iter().flatten().map(String::as_str).collect();
    for words in [
        "石桥村（419999101201）",
        "419999101201-000003-000012",
        "第3号至第12号，其中村里登记的 10 件",
        "2022-11-20 李桂枝",
    ] {
        assert!(cells.contains(&words), "{words} in {cells:?}");
    }
    assert_eq!(book.1[..3], ["说明", "新增成员", "减少成员"]);
}

#[test]
fn it_prints_on_a4_with_its_header_on_every_page() {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes(&village(), 1, 12))).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet4.xml");
    for words in [
        "paperSize=\"9\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "topLeftCell=\"A2\"",
        "state=\"frozen\"",
        "numberStoredAsText=\"1\"",
        "石桥村 成员信息变更 第1-12号",
    ] {
        assert!(sheet.contains(words), "{words}");
    }
    let book = part("xl/workbook.xml");
    assert!(book.contains("_xlnm.Print_Titles"));
    // All but the set's number, which is there for the way back.
    assert!(book.contains("成员信息变更!$A$1:$T$4</definedName>"), "{book}");
    assert!(part("xl/styles.xml").contains("numFmtId=\"49\""), "the format of text");
    assert!(part("docProps/core.xml").contains("2022-11-20T00:00:00Z"));
    assert!(!part("xl/sharedStrings.xml").contains("<t>="), "no cell begins like a formula");
}

#[test]
fn what_the_county_types_in_has_columns_for_what_became_of_it() {
    let book = Book::of(&village(), 1, 12);
    let answers = ["办理结果", "原因", "办理说明", "经办人"];
    for sheet in ["新增成员", "减少成员", "收入支出变更", "务工变更"] {
        let header = &book.0[sheet][0];
        assert_eq!(header[0], "序号", "{sheet}");
        assert_eq!(header[header.len() - 5..header.len() - 1], answers, "{sheet}");
        for row in book.columns(sheet, &[&answers[..], &["变更集"]].concat()) {
            assert_eq!(row, ["", "", "", "", "419999101201-000001-000012"], "{sheet}");
        }
    }
    for sheet in ["村内记录(国网不录)", "走访筛查登记"] {
        assert!(!book.0[sheet][0].iter().any(|label| label == "办理结果"), "{sheet} is typed in nowhere");
    }
}

/// The validations of the sheet of income, and what the book says of its sheets.
fn lists(village: &Village) -> (String, String) {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes(village, 5, 5))).unwrap();
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    };
    let sheet = part("xl/worksheets/sheet3.xml");
    let from = sheet.find("<dataValidations").unwrap();
    (sheet[from..sheet.find("</dataValidations>").unwrap()].to_owned(), part("xl/workbook.xml"))
}

#[test]
fn results_and_reasons_are_chosen_from_lists_and_may_be_typed() {
    let (validations, book) = lists(&village());
    assert!(validations.contains("\"已录入,不予录入\""), "{validations}");
    assert!(validations.contains("\"佐证不足,与比对结果不符,"), "{validations}");
    assert!(!validations.contains("showErrorMessage"), "{validations}");
    assert!(!book.contains("选项"), "{book}");
}

#[test]
fn a_list_too_long_for_a_cell_stands_on_a_sheet_of_its_own() {
    let codes = Data::embedded().file("codes/forms.toml").unwrap().text;
    let more: String = (0..30).map(|n| format!("  {{ label = \"县里自己的第{n}种原因\" }},\n")).collect();
    let codes = codes.replacen("  { id = \"no_evidence\"", &format!("{more}  {{ id = \"no_evidence\""), 1);
    let mut village = village();
    village.definitions.catalogue =
        hudang::catalogue::Catalogue::load(&Data::embedded().with_file("codes/forms.toml", &codes)).unwrap();
    let (validations, book) = lists(&village);
    assert!(validations.contains("选项!$A$1:$A$38"), "{validations}");
    assert!(validations.contains("\"已录入,不予录入\""), "{validations}");
    assert!(book.contains("name=\"选项\" sheetId=\"4\" state=\"hidden\""), "{book}");
    let sheets = open(bytes(&village, 5, 5));
    assert_eq!(sheets.0["选项"][0], ["县里自己的第0种原因"]);
}

#[test]
fn a_run_that_is_netted_has_a_row_for_what_it_comes_to() {
    let mut village = village();
    // 13: the child's sex was wrong. 14: wages once more. 15: back to what they were on 6 November.
    village.act("edit", "11-17", |act| {
        act.changes(1, "members", 5, "sex", "男");
    });
    village.act("edit", "11-17", |act| {
        act.changes(1, "income", 0, "wages", "40000");
    });
    let book = Book::netted(&village, 1, 14);
    assert_eq!(
        book.columns("收入支出变更", &CHANGE),
        [["5件2项", "再上年人均纯收入", "", "", "'-120"], ["14件1项", "工资性收入", "aac073", "30000", "40000"]]
    );
    // The ID number that came later and the sex put right stand in the one row of who joined.
    let id = id_number("20221101", 4);
    let joined = book.columns("新增成员", &["序号", "姓名", "证件号码", "性别"]);
    assert_eq!(joined[0], ["4件1、3-7项", "赵乐乐", id.as_str(), "男"]);
    assert_eq!(joined.len(), 2);
    assert!(!book.columns("成员信息变更", &["姓名"]).contains(&vec!["赵乐乐"]));
    // What was taken back within the run is in no row; across runs it is one.
    assert!(!book.1.contains(&"住房饮水和生产生活条件变更".to_owned()), "{:?}", book.1);
    let later = Book::netted(&village, 8, 14);
    let sheet = "住房饮水和生产生活条件变更";
    assert_eq!(later.columns(sheet, &["序号", "原值", "新值"]), [["8件1项", "是", ""]]);
    assert_eq!(book.columns("减少成员", &["序号", "姓名"]), [["3件1-2项", "赵大山"], ["10件6-7项", "赵小军"]]);
}

#[test]
fn somebody_entered_by_mistake_and_taken_out_again_is_in_no_row() {
    let mut village = village();
    village.undo(11, "11-17");
    village.undo(4, "11-17");
    let book = Book::netted(&village, 1, 14);
    let names = |sheet: &str| book.columns(sheet, &["姓名"]).concat();
    assert_eq!((names("新增成员"), names("减少成员")), (vec!["赵小军"], vec!["赵大山", "赵小军"]));
    let later = Book::netted(&village, 12, 14);
    assert_eq!(later.columns("减少成员", &["序号", "姓名"]), [["14件1-7项", "赵乐乐"]]);
}
