//! Cells are read as they are shown, and the odd one is told of and takes nothing with it.

use hudang::domain::{Household, Value};

use super::as_seen::people;
use super::parts::{Cell as C, Sheet, package, workbook};
use super::{CODE, Clerk, member, places, slot};

const ONE: &str = "4199991012010001";

fn header(last: &str) -> Vec<C> {
    ["户编号", "姓名", "证件号码", "与户主关系", "户类型", last].into_iter().map(C::text).collect()
}

/// 张三's household with such a last column.
fn with_column(name: &str, cell: C) -> Sheet {
    let mut rows = vec![header(name)];
    rows.extend(people().into_iter().take(2).map(|mut row| {
        row[5] = cell.clone();
        row
    }));
    Sheet { rows, ..Sheet::default() }
}

fn held(path: &str, sheet: Sheet) -> (Option<Value>, Vec<String>) {
    let clerk = Clerk::of(CODE);
    let report = clerk.import(&[clerk.file("a.xlsx", &workbook(&[sheet]))]);
    let whys = places(&report.problems.refused).into_iter().map(|(_, _, why)| why).collect();
    (clerk.household(ONE).get(slot(path, 0)).cloned(), whys)
}

#[test]
fn a_month_is_the_one_that_is_shown() {
    let date = |text: &str| Some(Value::Date(text.parse().unwrap()));
    let first = "case.identified_on";
    let column = "识别监测时间";
    let number = |number: f64, format: u32| with_column(column, C::Number(number, format));
    assert_eq!(held(first, number(2022.1, 2)), (date("2022-10"), vec![]), "shown as 2022.10");
    assert_eq!(held(first, number(2022.09, 0)), (date("2022-09"), vec![]));
    assert_eq!(held(first, number(44_835.0, 17)), (date("2022-10"), vec![]), "shown as a month");
    assert_eq!(held(first, number(44_835.0, 14)), (date("2022-10-01"), vec![]));
    let (value, whys) = held(first, number(2022.1, 0));
    assert_eq!(value, None);
    assert!(whys.len() == 1 && whys[0].contains("分不清是1月还是10月"), "{whys:?}");
    let mac = Sheet { from_1904: true, ..number(43_163.0, 0) };
    assert_eq!(held(first, mac), (date("2022-03-05"), vec![]));
}

#[test]
fn a_formula_without_a_result_is_told_cell_by_cell() {
    for column in ["家庭纯收入", "照片编号"] {
        let (value, whys) = held("income.net", with_column(column, C::Formula("F2*2".into(), None)));
        assert_eq!(value, None);
        assert!(whys.len() == 2 && whys.iter().all(|why| why.starts_with("公式没有算出的结果")), "{column}: {whys:?}");
    }
    let (value, whys) = held("income.net", with_column("家庭纯收入", C::Formula("F2*2".into(), Some("24000".into()))));
    assert_eq!((value.is_some(), whys.len()), (true, 0));
    // A number of the household that nobody worked out is no number.
    let clerk = Clerk::of(CODE);
    let mut sheet = with_column("家庭纯收入", C::text("1"));
    sheet.rows[2][0] = C::Formula("A2".into(), None);
    let report = clerk.import(&[clerk.file("a.xlsx", &workbook(&[sheet]))]);
    assert_eq!(report.people.new, 1);
    assert!(places(&report.problems.refused)[0].2.starts_with("公式没有算出的结果"));
}

#[test]
fn errors_of_any_age_are_told_and_the_rest_is_taken() {
    for error in ["#SPILL!", "#CALC!", "#BLOCKED!", "#GETTING_DATA"] {
        let (value, whys) = held("income.net", with_column("家庭纯收入", C::Error(error.into())));
        assert_eq!((value, whys), (None, vec!["公式出错，这一格未收".to_owned(); 2]), "{error}");
    }
    // What no program writes is still only one cell.
    let (_, whys) = held("income.net", with_column("家庭纯收入", C::Raw("<c t=\"zz\"><v>1</v></c>".into())));
    assert_eq!(whys.len(), 0);
    let (_, whys) = held("income.net", with_column("家庭纯收入", C::Raw("<c t=\"s\"><v>99999</v></c>".into())));
    assert!(whys.iter().all(|why| why.starts_with("有读不出的字")), "{whys:?}");
}

#[test]
fn no_control_character_is_kept() {
    let clerk = Clerk::of(CODE);
    let mut sheet = with_column("备注", C::text("一_x000D_\n二_x001B_]0;标题_x0007_"));
    sheet.rows[1][1] = C::text("张_x001B_[31m三");
    clerk.import(&[clerk.file("a.xlsx", &workbook(&[sheet]))]);
    let file = clerk.household(ONE);
    let row = member(&file, "张三").id.0;
    assert_eq!(file.get(slot("members.note", row)), Value::text("一\n二").as_ref());
}

#[test]
fn cells_and_rows_in_any_order_come_in_the_same() {
    let plain = with_column("工资性收入", C::text("12000"));
    let backwards = |sheet: &Sheet| Sheet { backwards: true, ..sheet.clone() };
    assert_eq!(held("income.wages", plain.clone()), held("income.wages", backwards(&plain)));
    let upside_down = Sheet { upside_down: true, ..plain.clone() };
    assert_eq!(held("income.wages", plain), held("income.wages", upside_down));
}

#[test]
fn a_row_filled_to_the_last_column_takes_no_time() {
    let started = std::time::Instant::now();
    for at in [0, 1, 2] {
        let mut sheet = with_column("工资性收入", C::text("12000"));
        let junk = vec![C::text("/"); 16_384];
        if at == 0 {
            sheet.rows.insert(0, junk);
        } else {
            let kept = sheet.rows[at].len();
            sheet.rows[at].extend(junk.into_iter().skip(kept));
        }
        let (wages, _) = held("income.wages", sheet);
        assert!(wages.is_some(), "{at}");
    }
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[test]
fn what_is_merged_over_a_family_is_each_ones() {
    let clerk = Clerk::of(CODE);
    let mut rows = vec![header("工资性收入")];
    rows.extend(people());
    for column in [0, 4, 5] {
        rows[2][column] = C::blank();
    }
    let merged = vec!["A2:A3".to_owned(), "E2:E3".to_owned(), "F2:F3".to_owned()];
    clerk.import(&[clerk.file("a.xlsx", &workbook(&[Sheet { rows, merged, ..Sheet::default() }]))]);
    assert_eq!(Household::of(&clerk.household(ONE)).members().count(), 2);
}

#[test]
fn a_telephone_merged_over_a_family_is_the_households() {
    let clerk = Clerk::of(CODE);
    let rows = [
        ["组别", "户主", "姓名", "身份证号", "与户主关系", "联系电话"],
        ["一组", "张三", "张三", "419999196808208852", "户主", "13812340001"],
        ["", "", "李秀英", "419999197011052269", "妻", ""],
        ["", "王五", "王五", "41999919550312117X", "户主", "13812340002"],
    ];
    let rows = rows.iter().map(|row| row.iter().map(|text| C::text(text)).collect()).collect();
    let merged = vec!["A2:A4".to_owned(), "B2:B3".to_owned(), "F2:F3".to_owned()];
    clerk.import(&[clerk.file("a.xlsx", &workbook(&[Sheet { rows, merged, ..Sheet::default() }]))]);
    let files = clerk.files();
    assert_eq!(files.len(), 2);
    for file in files.values() {
        assert_eq!(file.get(slot("address.group", 0)), Value::text("一组").as_ref());
    }
    let first = files.values().find(|file| Household::of(file).members().count() == 2).unwrap();
    assert_eq!(first.get(slot("address.phone", 0)), Value::text("13812340001").as_ref());
    assert_eq!(first.get(slot("members.phone", member(first, "李秀英").id.0)), None);
}

#[test]
fn one_odd_sheet_does_not_kill_a_workbook() {
    let macros =
        package(&[with_column("工资性收入", C::text("12000"))], &[("macrosheets/sheet9.xml", "xlMacrosheet")], &[]);
    let missing =
        package(&[with_column("工资性收入", C::text("12000"))], &[("worksheets/sheet9.xml", "worksheet")], &[]);
    for bytes in [macros, missing] {
        let clerk = Clerk::of(CODE);
        assert_eq!(clerk.import(&[clerk.file("a.xlsx", &bytes)]).people.new, 2);
    }
}

#[test]
fn what_unpacks_to_too_much_is_refused() {
    let long = "张".repeat(300 << 20 >> 2);
    let strings = format!("<sst><si><t>{long}</t></si></sst>");
    let bytes = package(&[with_column("工资性收入", C::text("1"))], &[], &[("xl/sharedStrings.xml", &strings)]);
    let clerk = Clerk::of(CODE);
    let path = clerk.file("a.xlsx", &bytes);
    let error = clerk.try_import(&[path], false).unwrap_err().to_string();
    assert!(error.contains("太大"), "{error}");
}

/// An open document of a county's list, whose last column has such cells.
fn open_document(cells: [&str; 2]) -> Vec<u8> {
    let sheet = crate::village::sheets::Sheet {
        name: "Sheet1",
        above: Vec::new(),
        header: ["户编号", "姓名", "证件号码", "与户主关系", "户类型", "家庭纯收入"].map(str::to_owned).to_vec(),
        rows: people()
            .iter()
            .take(2)
            .map(|row| row[..5].iter().map(|cell| cell.shown().as_str().into()).collect())
            .collect(),
        hidden: Vec::new(),
    };
    let bytes = super::formats::ods(&sheet);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut content = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("content.xml").unwrap(), &mut content).unwrap();
    let mut rows: Vec<String> = content.split("</table:table-row>").map(str::to_owned).collect();
    rows[1].push_str(cells[0]);
    rows[2].push_str(cells[1]);
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    out.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    std::io::Write::write_all(&mut out, rows.join("</table:table-row>").as_bytes()).unwrap();
    out.finish().unwrap().into_inner()
}

#[test]
fn an_open_document_has_merged_cells_remarks_and_formulas_too() {
    let note = "<office:annotation><text:p>已核</text:p></office:annotation>";
    let merged = format!(
        "<table:table-cell table:number-rows-spanned=\"2\" office:value-type=\"float\" office:value=\"30000\">{note}<text:p>30000</text:p></table:table-cell>"
    );
    let clerk = Clerk::of(CODE);
    let report = clerk.import(&[clerk.file("a.ods", &open_document([&merged, "<table:covered-table-cell/>"]))]);
    assert_eq!(places(&report.problems.refused), []);
    let held = clerk.household(ONE).get(slot("income.net", 0)).cloned();
    assert_eq!(held, Some(Value::Fen(hudang::domain::Money::yuan(30_000))));

    let unsolved = "<table:table-cell table:formula=\"of:=[.F2]*2\"/>";
    let clerk = Clerk::of(CODE);
    let report = clerk.import(&[clerk.file("b.ods", &open_document([unsolved, ""]))]);
    let told = places(&report.problems.refused);
    assert!(told.len() == 1 && told[0].2.starts_with("公式没有算出的结果"), "{told:?}");
}
