//! A table is read as a clerk sees it: its header, its rows, its cells, in whatever way somebody wrote them down.

use std::path::PathBuf;

use hudang::domain::{Household, Money, Name, Value};
use hudang::workspace::import::ImportReport;

use super::parts::{Cell as C, Sheet, workbook};
use super::{CODE, Clerk, places, slot};

const ONE: &str = "4199991012010001";
const TWO: &str = "4199991012010002";

/// 张三 and 李秀英, and 王五, as a county's list has them.
pub fn people() -> Vec<Vec<C>> {
    let row = |cells: [&str; 6]| cells.into_iter().map(C::text).collect();
    vec![
        row([ONE, "张三", "419999196808208852", "户主", "脱贫户", "12000"]),
        row([ONE, "李秀英", "419999197011052269", "配偶", "脱贫户", "12000"]),
        row([TWO, "王五", "41999919550312117X", "户主", "一般农户", "9000"]),
    ]
}

const HEADER: [&str; 6] = ["户编号", "姓名", "证件号码", "与户主关系", "户类型", "工资性收入"];

fn header(names: &[&str]) -> Vec<C> {
    names.iter().map(|name| C::text(name)).collect()
}

fn list(above: Vec<Vec<C>>, below: Vec<Vec<C>>) -> Sheet {
    Sheet { rows: [above, below].concat(), ..Sheet::default() }
}

/// Takes in a sheet, and gives the report and who is on file with what wages.
fn taken(sheet: Sheet) -> (Clerk, ImportReport) {
    let clerk = Clerk::of(CODE);
    let path = clerk.file("a.xlsx", &workbook(&[sheet]));
    let report = clerk.import(&[path]);
    (clerk, report)
}

fn names(clerk: &Clerk) -> Vec<String> {
    let files = clerk.files();
    let mut names: Vec<String> = files
        .values()
        .flat_map(|file| Household::of(file).everyone().map(|m| m.name().to_owned()).collect::<Vec<_>>())
        .collect();
    names.sort();
    names
}

fn assert_plain(what: &str, sheet: Sheet) {
    let (clerk, report) = taken(sheet);
    assert_eq!(names(&clerk), ["张三", "李秀英", "王五"], "{what}");
    assert_eq!(clerk.household(ONE).get(slot("income.wages", 0)), Some(&Value::Fen(Money::yuan(12_000))), "{what}");
    assert_eq!(places(&report.problems.refused), [], "{what}");
    assert_eq!(report.unknown_columns, [] as [Name; 0], "{what}");
}

#[test]
fn a_header_is_found_in_what_stands_around_its_names() {
    for names in [
        ["*户编号", "★姓名", "证件号码：", "与户主关系（必填）", "户类型[下拉选择]", "工资性收入【元】"],
        ["1.户编号", "2.姓名", "3.证件号码", "4.与户主关系", "5.户类型", "6.工资性收入"],
        ["（1）户编号", "（2）姓名", "（3）证件号码（18位）", "（4）与户主关系", "（5）户类型", "（6）工资性收入/元"],
        ["①户编号", "②姓名", "③证件号码", "④与户主关系", "⑤户类型", "⑥工资性收入，单位：元"],
        ["户 编 号", "姓\n名", "身份证件号码*", "和户主关系", "户类型（必填）：", "工资性收入aac073"],
    ] {
        assert_plain(names[0], list(vec![header(&names)], people()));
    }
}

#[test]
fn amounts_come_in_the_unit_that_the_header_says() {
    let thousands = |sheet: &mut Vec<Vec<C>>, wages: [&str; 3]| {
        sheet.iter_mut().zip(wages).for_each(|(row, wages)| row[5] = C::text(wages));
    };
    let mut rows = people();
    thousands(&mut rows, ["1.2", "1.2", "0.9"]);
    let named = |name: &str| {
        let mut names = HEADER;
        names[5] = name;
        list(vec![header(&names)], rows.clone())
    };
    for name in ["工资性收入（万元）", "工资性收入[单位：万元]", "工资性收入/万元", "工资性收入万元"]
    {
        assert_plain(name, named(name));
    }
    let note = vec![C::blank(), C::blank(), C::text("（单位：万元）")];
    assert_plain("a note above", list(vec![header(&["台账"]), note, header(&HEADER)], rows.clone()));
    let beneath = header(&["", "", "18位", "", "", "万元"]);
    assert_plain("beneath the name", list(vec![header(&HEADER), beneath], rows.clone()));

    let (clerk, report) = taken(named("工资性收入（美元）"));
    assert_eq!(clerk.household(ONE).get(slot("income.wages", 0)), None);
    let told = places(&report.problems.refused);
    assert_eq!((told.len(), told[0].0, told[0].1), (1, 1, "工资性收入（美元）"));
    assert!(told[0].2.contains("“美元”不是“元”"), "{}", told[0].2);
}

#[test]
fn a_header_stands_in_two_or_three_rows() {
    let title = || header(&["石桥村监测对象信息表"]);
    for merged in [true, false] {
        let merges =
            |ranges: &[&str]| if merged { ranges.iter().map(|r| (*r).to_owned()).collect() } else { Vec::new() };
        let two = Sheet {
            merged: merges(&["A2:A3", "B2:D2", "E2:E3", "F2:F3"]),
            ..list(
                vec![
                    title(),
                    header(&["户编号", "家庭成员情况", "", "", "户类型", "工资性收入"]),
                    header(&["", "姓名", "证件号码", "与户主关系", "", ""]),
                ],
                people(),
            )
        };
        assert_plain("two rows", two);
        let three = Sheet {
            merged: merges(&["A1:A3", "B1:F1", "B2:D2", "E2:F2"]),
            ..list(
                vec![
                    header(&["户编号", "基本情况", "", "", "", ""]),
                    header(&["", "成员", "", "", "户和收入", ""]),
                    header(&["", "姓名", "证件号码", "与户主关系", "户类型", "工资性收入"]),
                ],
                people(),
            )
        };
        assert_plain("three rows", three);
    }
}

#[test]
fn a_name_beneath_somebody_elses_heading_is_not_the_persons() {
    let mut rows = people();
    for row in &mut rows {
        row.insert(1, C::text("周敏"));
        row.insert(2, C::text("13812340001"));
    }
    let above = vec![
        header(&["户编号", "帮扶责任人", "", "家庭成员", "", "", "户类型", "工资性收入"]),
        header(&["", "姓名", "联系电话", "姓名", "证件号码", "与户主关系", "", ""]),
    ];
    let (clerk, _) = taken(list(above, rows));
    assert_eq!(names(&clerk), ["张三", "李秀英", "王五"]);
}

#[test]
fn what_is_no_person_is_none() {
    let mut rows = people();
    rows.insert(0, header(&["必填", "必填", "必填，18位", "必填", "下拉选择", "元"]));
    rows.insert(1, header(&["（1）", "（2）", "（3）", "（4）", "（5）", "（6）"]));
    rows.insert(2, header(&["", "（一）脱贫户"]));
    rows.insert(5, header(&["", "小计：1户2人", "", "", "", "12000"]));
    rows.insert(6, header(&["", "第二村民小组"]));
    for foot in [
        "以下空白",
        "第1页，共1页",
        "填表人：李桂枝",
        "审核人 周敏",
        "注：1.本表一式三份",
        "（村委会盖章）",
        "2022年11月20日",
    ] {
        rows.push(header(&["", foot]));
    }
    rows.push(header(&["全村合计", "3人", "", "", "", "21000"]));
    rows.push(header(&["填表人：李桂枝", "", "审核人：周敏", "", "日期：2022年11月", ""]));
    assert_plain("rows aside", list(vec![header(&HEADER)], rows));
}

#[test]
fn a_second_header_in_another_order_begins_a_new_table() {
    let mut rows = people();
    let mut last = rows.pop().unwrap();
    last.swap(1, 2);
    last.swap(0, 5);
    rows.push(Vec::new());
    rows.push(header(&["工资性收入", "证件号码", "姓名", "与户主关系", "户类型", "户编号"]));
    rows.push(last);
    rows.push(header(&["", "", "以下空白"]));
    assert_plain("another order", list(vec![header(&HEADER)], rows.clone()));
    // The same header again, as on the next page of what was printed.
    rows.push(header(&["工资性收入", "证件号码", "姓名", "与户主关系", "户类型", "户编号"]));
    assert_plain("and again", list(vec![header(&HEADER)], rows));
}

#[test]
fn a_header_in_two_rows_that_stands_again_is_passed_over() {
    let twice = || {
        vec![
            header(&["户编号", "家庭成员", "", "", "户类型", "工资性收入"]),
            header(&["", "姓名", "证件号码", "与户主关系", "", ""]),
        ]
    };
    let mut rows = people();
    let last = rows.pop().unwrap();
    rows.extend(twice());
    rows.push(last);
    assert_plain("two rows again", list(twice(), rows));
}

#[test]
fn a_header_alone_is_told_and_nothing_is_taken_in() {
    let clerk = Clerk::of(CODE);
    let alone = clerk.file("a.xlsx", &workbook(&[list(vec![header(&HEADER)], Vec::new())]));
    let foot = vec![header(&["", "以下空白"])];
    let with_foot = clerk.file("b.xlsx", &workbook(&[list(vec![header(&HEADER)], foot)]));
    for path in [&alone, &with_foot] {
        let error = clerk.try_import(std::slice::from_ref(path), false).unwrap_err().to_string();
        assert!(error.contains("认出了表头（第1行）") && error.contains("没有收"), "{error}");
    }
    let full = clerk.file("c.xlsx", &workbook(&[list(vec![header(&HEADER)], people())]));
    let report = clerk.import(&[alone, full]);
    assert_eq!((report.people.new, report.passed_over.len()), (3, 1));
}

#[test]
fn what_was_read_is_said_and_the_nearest_name_of_what_was_not() {
    let mut names = HEADER;
    names[5] = "工资性收人";
    let last_month = Sheet { name: "上月", ..list(vec![header(&HEADER)], people()) };
    let this_month = Sheet { name: "本月", ..list(vec![header(&names)], people()) };
    let clerk = Clerk::of(CODE);
    let path = clerk.file("a.xlsx", &workbook(&[last_month, this_month]));
    let report = clerk.dry_run(std::slice::from_ref(&path));
    let read: Vec<(Option<&str>, u64)> =
        report.tables.iter().map(|table| (table.sheet.as_deref(), table.rows)).collect();
    assert_eq!(read, [(Some("上月"), 3), (Some("本月"), 3)]);
    assert_eq!(report.near_columns.get(&Name::new("工资性收人")).map(|near| &**near), Some("工资性收入"));
    let twice = places(&report.problems.refused);
    assert!(twice.iter().all(|(_, _, why)| why.contains("“上月”表第")), "{twice:?}");
    let only = clerk.import_sheet(&path, "本月").unwrap();
    assert_eq!((only.people.new, only.problems.refused.len()), (3, 0));
    let error = clerk.import_sheet(&path, "下月").unwrap_err().to_string();
    assert!(error.contains("“下月”"), "{error}");
}

#[test]
fn a_list_of_another_kind_does_not_stop_the_others() {
    let clerk = Clerk::of(CODE);
    let warnings = clerk.file("w.csv", "新增月份,乡镇,姓名,与户主关系\n202211,示范镇,张三,户主\n".as_bytes());
    let roster = clerk.file("a.xlsx", &workbook(&[list(vec![header(&HEADER)], people())]));
    let report = clerk.import(&[warnings, roster]);
    assert_eq!(report.people.new, 3);
    assert!(report.passed_over[0].1.contains("行业预警名单"));
}

/// A page with a header in one table and the rows in the next two.
#[test]
fn a_page_may_have_its_rows_in_other_tables_than_its_header() {
    let table = |rows: &[Vec<C>]| {
        let row = |row: &Vec<C>| {
            let cells: String = row.iter().map(|cell| format!("<td>{}</td>", cell.shown())).collect();
            format!("<tr>{cells}</tr>")
        };
        format!("<table>{}</table>", rows.iter().map(row).collect::<String>())
    };
    let people = people();
    let menu = "<table><tr><td>首页</td><td>查询</td></tr></table>";
    let page = [menu, &table(&[header(&HEADER)]), &table(&people[..2]), &table(&people[2..])].concat();
    let clerk = Clerk::of(CODE);
    clerk.import(&[clerk.file("a.xls", format!("<html><body>{page}</body></html>").as_bytes())]);
    assert_eq!(names(&clerk), ["张三", "李秀英", "王五"]);
}

#[test]
fn files_that_are_no_tables_are_called_by_what_they_are() {
    let clerk = Clerk::of(CODE);
    let file = |name: &str, text: &str| -> PathBuf { clerk.file(name, text.as_bytes()) };
    let header = HEADER.join(",");
    let open = format!("{header}\n{ONE},\"张三,41,户主,脱贫户,1\n{TWO},王五,42,户主,一般农户,2\n");
    for (path, why) in [
        (file("a.xls", "MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html>"), "网页存档"),
        (file("b.xls", "From: <由 Microsoft 保存>\nContent-Type: multipart/related;\n"), "网页存档"),
        (file("c.csv", &open), "第2行有一个引号没有收住"),
    ] {
        let error = clerk.try_import(&[path], false).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    assert_eq!(clerk.acts(), 0);
}
