//! The clerk's workbook filled in by the county, and read back whatever was done to it in between.

use hudang::changes::Verdict;
use hudang::data::Data;
use hudang::domain::Name;
use hudang::exchange::answer_sheet::{Answered, Asked, BadSheet, read};
use hudang::exchange::roster::Fault;
use hudang::exchange::set::SetId;
use hudang::exchange::workbook::Layout;

use crate::made::{Village, id_number};
use crate::rosters::{formats, parts};
use crate::village::sheets::{Cell, Sheet};
use crate::village::write;
use crate::workbook;

/// A workbook as it went out, and the village that it went out from.
pub struct Desk {
    village: Village,
    layout: Layout,
    pub sheets: Vec<Sheet>,
}

const SET: &str = "419999101201-000001-000012";

/// The sheets of a workbook that went out, to be filled in.
pub fn sheets_of(workbook: Vec<u8>) -> Vec<Sheet> {
    let workbook::Book(rows, names) = workbook::open(workbook);
    let sheets = names.into_iter().map(|name| {
        let mut rows = rows[&name].iter();
        let header = rows.next().unwrap().clone();
        let rows = rows.map(|row| row.iter().map(|text| Cell::from(&**text)).collect()).collect();
        Sheet { name: name.leak(), above: Vec::new(), header, rows, hidden: Vec::new() }
    });
    sheets.collect()
}

/// Fills in the line with this key, on whichever sheet it is.
pub fn fill(sheets: &mut [Sheet], key: &str, answers: &[(&str, &str)]) {
    let has_key = |sheet: &Sheet| sheet.header.iter().any(|name| name == "序号");
    for sheet in sheets.iter_mut().filter(|sheet| has_key(sheet)) {
        let at = sheet.column("序号");
        if let Some(row) = sheet.rows.iter().position(|row| row[at] == Cell::from(key)) {
            return answers.iter().for_each(|(column, text)| sheet.set(row, column, text));
        }
    }
    panic!("no line {key}");
}

impl Desk {
    fn new() -> Self {
        let village = workbook::village();
        let layout = Layout::load(&Data::embedded(), &village.definitions.catalogue).unwrap();
        let sheets = sheets_of(workbook::bytes(&village, 1, 12));
        Self { village, layout, sheets }
    }

    fn sheet(&mut self, name: &str) -> &mut Sheet {
        self.sheets.iter_mut().find(|sheet| sheet.name == name).unwrap()
    }

    /// The row of a key on a sheet.
    fn row(&mut self, sheet: &str, key: &str) -> usize {
        let sheet = self.sheet(sheet);
        let at = sheet.column("序号");
        sheet.rows.iter().position(|row| row[at] == Cell::from(key)).unwrap_or_else(|| panic!("{key}"))
    }

    fn answer(&mut self, sheet: &str, key: &str, answers: &[(&str, &str)]) -> &mut Self {
        let row = self.row(sheet, key);
        for (column, text) in answers {
            self.sheet(sheet).set(row, column, text);
        }
        self
    }

    /// A few answers as they should be.
    pub fn filled() -> Self {
        let mut desk = Self::new();
        desk.answer("收入支出变更", "5件1项", &[("办理结果", "已录入"), ("经办人", "周敏")]);
        desk.answer(
            "收入支出变更",
            "5件2项",
            &[("办理结果", "不予录入"), ("原因", "佐证不足"), ("办理说明", "缺分红表")],
        );
        desk.answer("新增成员", "4件1-7项", &[("办理结果", "已录入")]);
        desk
    }

    pub fn xlsx(&self) -> Vec<u8> {
        let file = tempfile::NamedTempFile::new().unwrap();
        write::xlsx(file.path(), &self.sheets);
        std::fs::read(file.path()).unwrap()
    }

    fn try_bytes(&self, bytes: &[u8]) -> Result<Answered, BadSheet> {
        let parts = |_: SetId, act: u64| Some(self.village.acts.get(act as usize - 1)?.field_changes().count() as u32);
        read(
            bytes,
            &Asked {
                village: Some(self.village.code),
                parts: &parts,
                rows: &|_| workbook::rows(&self.village, 1, 12),
                layout: &self.layout,
                catalogue: &self.village.definitions.catalogue,
            },
        )
    }

    fn try_read(&self) -> Result<Answered, BadSheet> {
        self.try_bytes(&self.xlsx())
    }

    fn read(&self) -> Answered {
        self.try_read().unwrap()
    }

    /// The refusal of the whole, in words.
    fn refusal(&self) -> String {
        self.try_read().unwrap_err().to_string()
    }
}

fn said(answered: &Answered) -> Vec<String> {
    let one = |verdict: &Verdict| {
        let part = verdict.part.map_or(String::new(), |part| format!(".{part}"));
        let why = [verdict.reason.map(Name::as_str), verdict.words.as_deref()];
        let why = why.into_iter().flatten().collect::<Vec<_>>().join(" ");
        format!("{}{part} {}{why}", verdict.from, if verdict.refused { "refused " } else { "taken" })
    };
    answered.answers.iter().map(|answer| one(&answer.verdict).trim().to_owned()).collect()
}

fn problems(answered: &Answered) -> Vec<String> {
    answered.problems.iter().map(ToString::to_string).collect()
}

const FILLED: [&str; 9] = [
    "4.1 taken",
    "4.2 taken",
    "4.3 taken",
    "4.4 taken",
    "4.5 taken",
    "4.6 taken",
    "4.7 taken",
    "5.1 taken",
    "5.2 refused no_evidence 缺分红表",
];

#[test]
fn a_filled_in_workbook_says_what_became_of_each_change() {
    let desk = Desk::filled();
    let answered = desk.read();
    assert_eq!(answered.set.to_string(), SET);
    assert_eq!(said(&answered), FILLED);
    assert_eq!(problems(&answered), [""; 0]);
    let answer = &answered.answers[7];
    assert_eq!((answer.sheet.as_deref(), answer.row, answer.by.as_deref()), (Some("收入支出变更"), 2, Some("周敏")));
    // A workbook that nobody has touched answers nothing.
    assert_eq!(said(&Desk::new().read()), [""; 0]);
}

#[test]
fn acts_answered_alike_are_spoken_of_as_a_whole() {
    let desk = Desk::filled();
    let counts = |_: SetId, act: u64| Some(desk.village.acts[act as usize - 1].field_changes().count() as u32);
    let short = desk.read().verdicts(&counts);
    let short: Vec<_> = short.iter().map(|v| (v.from, v.to, v.part, v.refused)).collect();
    assert_eq!(short, [(4, 4, None, false), (5, 5, Some(1), false), (5, 5, Some(2), true)]);

    let mut desk = Desk::new();
    desk.answer("住房饮水和生产生活条件变更", "7件1项", &[("办理结果", "已录入")]);
    desk.answer("住房饮水和生产生活条件变更", "8件1项", &[("办理结果", "已录入")]);
    let short = desk.read().verdicts(&counts);
    assert_eq!(short.len(), 1);
    assert_eq!((short[0].from, short[0].to, short[0].part), (7, 8, None));
}

#[test]
fn rows_may_be_sorted_hidden_and_parted_and_columns_moved_or_taken_out() {
    let mut desk = Desk::filled();
    for sheet in &mut desk.sheets[1..] {
        sheet.rows.reverse();
        sheet.hidden = vec![0];
        sheet.rows.insert(1, vec![Cell::Blank]);
        sheet.rows.insert(2, vec!["以下已核".into()]);
        sheet.above = vec![vec!["石桥村录入表".into()], vec![], vec![Cell::Blank, "2022年11月".into()]];
        // The columns the other way round, with another count of rows in front.
        sheet.header.reverse();
        sheet.rows.iter_mut().filter(|row| row.len() > 1).for_each(|row| row.reverse());
        sheet.header.insert(0, "序号".into());
        for (at, row) in sheet.rows.iter_mut().enumerate().filter(|(_, row)| row.len() > 1) {
            row.insert(0, Cell::Number(at as f64 + 1.0));
        }
        for gone in ["户主", "姓名", "证件号码", "变更集", "录入人", "备注"] {
            if sheet.header.iter().any(|name| name == gone) {
                sheet.drop_column(gone);
            }
        }
    }
    assert_eq!(said(&desk.read()), FILLED);
}

#[test]
fn numbers_reformatted_and_sheets_pasted_together_are_read_right() {
    let mut desk = Desk::filled();
    let sheet = desk.sheet("成员信息变更");
    for row in 0..sheet.rows.len() {
        *sheet.cell(row, "证件号码") = Cell::Number(4.199_991_958_081_12e17);
        *sheet.cell(row, "户编号") = Cell::Number(4.199_991_012_010_001e15);
    }
    // One sheet under the other, each with its own header.
    let income = desk.sheet("收入支出变更").clone();
    let people = desk.sheet("成员信息变更");
    people.rows.push(Vec::new());
    people.rows.push(income.header.iter().map(|name| Cell::from(&**name)).collect());
    people.rows.extend(income.rows);
    desk.sheets.retain(|sheet| !["收入支出变更", "说明"].contains(&sheet.name));
    assert_eq!(said(&desk.read()), FILLED);
}

#[test]
fn other_words_mean_the_same() {
    for (word, refused) in [
        ("已录", false),
        ("完成", false),
        ("√", false),
        ("Done", false),
        (" 是 ", false),
        ("ＯＫ", false),
        ("拒绝", true),
        ("不录", true),
        ("退回", true),
        ("Refused", true),
        ("×", true),
        ("X", true),
    ] {
        let mut desk = Desk::new();
        let reason = if refused { "材料不足" } else { "" };
        desk.answer("收入支出变更", "5件1项", &[("办理结果", word), ("原因", reason)]);
        let expected = if refused { "5.1 refused no_evidence" } else { "5.1 taken" };
        assert_eq!(said(&desk.read()), [expected], "{word}");
    }
    let mut desk = Desk::new();
    desk.sheet("收入支出变更").rename("办理结果", "录入 情况");
    desk.sheet("收入支出变更").rename("原因", "退回原因");
    let answers = [("录入 情况", "退回"), ("退回原因", "分红要附表"), ("办理说明", "下月补")];
    desk.answer("收入支出变更", "5件2项", &answers);
    assert_eq!(said(&desk.read()), ["5.2 refused 分红要附表；下月补"], "a reason of her own, in words");
}

#[test]
fn every_format_of_every_office_is_read() {
    let mut desk = Desk::filled();
    let people = desk.sheet("新增成员").clone();
    let income = desk.sheet("收入支出变更").clone();
    for (sheet, expected) in [(people, &FILLED[..7]), (income, &FILLED[7..])] {
        let csv = write::csv_text(&sheet);
        for (format, bytes) in [
            ("xls", formats::xls(&sheet)),
            ("ods", formats::ods(&sheet)),
            ("html", formats::html(&sheet)),
            ("xml", formats::xml_2003(&sheet)),
            ("csv", csv.clone().into_bytes()),
            ("csv gb18030", encoding_rs::GB18030.encode(&csv).0.into_owned()),
            ("txt", csv.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ] {
            let answered = desk.try_bytes(&bytes).unwrap_or_else(|error| panic!("{format}: {error}"));
            assert_eq!(said(&answered), expected, "{format}");
        }
    }
}

#[test]
fn a_household_refused_is_refused_with_what_is_in_it() {
    let mut desk = Desk::new();
    let refused = [("办理结果", "不予录入"), ("原因", "未走完程序")];
    desk.answer("户信息变更", "10件开户1-5项", &refused);
    desk.answer("户信息变更", "10件5项", &[("办理结果", "已录入")]);
    assert_eq!(
        said(&desk.read()),
        [
            "10.1 refused procedure",
            "10.2 refused procedure",
            "10.3 refused procedure",
            "10.4 refused procedure",
            "10.5 taken"
        ],
        "what has an answer of its own keeps it, and so does the household that he left"
    );
    let mut desk = Desk::new();
    desk.answer("户信息变更", "10件开户1-5项", &[("办理结果", "已录入")]);
    assert_eq!(said(&desk.read()), [""; 0], "that it is made says nothing of what is in it");
}

#[test]
fn a_line_that_lacks_something_is_told_of_and_left_out() {
    let mut desk = Desk::filled();
    desk.answer("务工变更", "6件1项", &[("办理结果", "不予录入")]);
    desk.answer("务工变更", "6件2项", &[("办理结果", "待定")]);
    desk.answer("务工变更", "6件3项", &[("办理结果", "已录入"), ("原因", "佐证不足")]);
    desk.answer("务工变更", "6件4项", &[("办理说明", "问过本人")]);
    let refused = [("办理结果", "不予录入"), ("原因", "其他（写明）")];
    desk.answer("成员信息变更", "3件3项", &refused);
    let number = id_number("19580811", 2);
    desk.answer("成员信息变更", "3件4项", &[("办理结果", &number)]);
    let answered = desk.read();
    assert_eq!(said(&answered), FILLED);
    let masked = format!("{}**********{}", &number[..4], &number[14..]);
    let why = "不予录入要有原因：请选一个原因，或在办理说明里写明，再交一次，这一行先不算";
    assert_eq!(
        problems(&answered),
        [
            format!("表“成员信息变更”，第2行“原因”列“其他（写明）”：{why}"),
            format!(
                "表“成员信息变更”，第3行“办理结果”列“{masked}”：看不懂，应为 已录入 或 不予录入；请改后再交一次，这一行先不算"
            ),
            format!("表“务工变更”，第2行“原因”列：{why}"),
            "表“务工变更”，第3行“办理结果”列“待定”：看不懂，应为 已录入 或 不予录入；请改后再交一次，这一行先不算".to_owned(),
            "表“务工变更”，第4行“原因”列“佐证不足”：既已录入，又写了不予录入的原因；请改掉其中一个，再交一次，这一行先不算".to_owned(),
            "表“务工变更”，第5行“办理说明”列“问过本人”：写了这一格，没有填办理结果；请填上，再交一次，这一行先不算".to_owned(),
        ]
    );
}

#[test]
fn what_cannot_be_meant_refuses_the_whole() {
    let sheet = "收入支出变更";
    let fill = [("办理结果", "已录入")];
    for (key, expected) in [
        ("5件9项", "变更集里没有这一项"),
        ("99件1项", "变更集里没有这一项"),
        ("5件1-99项", "变更集里没有这一项"),
        ("", "填了办理结果，却没有序号"),
        ("5.1", "不是序号"),
        ("419999198711035937", "列“4199**********5937”：不是序号"),
    ] {
        let mut desk = Desk::filled();
        desk.answer(sheet, "5件1项", &[("序号", key)]);
        let refusal = desk.refusal();
        assert!(refusal.starts_with("有1处对不上，整个文件没有收：表“收入支出变更”，第2行"), "{refusal}");
        assert!(refusal.contains(expected), "{refusal}");
    }
    // A key that became a number or a day, as it would if it were written with a point or a stroke.
    for cell in [Cell::Number(5.1), Cell::Date("2022-05-01".parse().unwrap())] {
        let mut desk = Desk::filled();
        *desk.sheet(sheet).cell(0, "序号") = cell;
        assert!(desk.refusal().contains("不是序号"));
    }
    let mut desk = Desk::filled();
    let again = desk.sheet(sheet).rows[0].clone();
    desk.sheet(sheet).rows.push(again);
    assert_eq!(said(&desk.read()), FILLED, "the same twice is once");
    let row = desk.sheet(sheet).rows.len() - 1;
    desk.sheet(sheet).set(row, "办理结果", "不予录入");
    desk.sheet(sheet).set(row, "原因", "佐证不足");
    assert!(desk.refusal().contains("与表“收入支出变更”第2行答得不一样"), "{}", desk.refusal());

    let mut desk = Desk::filled();
    desk.answer("务工变更", "6件1项", &fill);
    desk.sheet("务工变更").drop_column("序号");
    assert!(
        desk.refusal().contains("表“务工变更”，第1行“办理结果”列：这张表有办理结果，没有“序号”列"),
        "{}",
        desk.refusal()
    );
}

#[test]
fn a_file_that_is_no_answer_to_us_is_called_what_it_is() {
    let refusal = |change: &dyn Fn(&mut Desk)| {
        let mut desk = Desk::filled();
        change(&mut desk);
        desk.try_read().unwrap_err()
    };
    let no_set = refusal(&|desk| {
        desk.sheets.remove(0);
        desk.sheets.iter_mut().for_each(|sheet| {
            if sheet.header.iter().any(|name| name == "变更集") {
                sheet.drop_column("变更集");
            }
        });
    });
    assert!(matches!(&no_set, BadSheet::NoSet { .. }), "{no_set}");
    let two = refusal(&|desk| desk.sheet("收入支出变更").set(0, "变更集", "419999101201-000013-000014"));
    assert!(matches!(&two, BadSheet::TwoSets { .. }), "{two}");
    let no_answers = refusal(&|desk| {
        desk.sheets.retain(|sheet| sheet.name == "说明");
    });
    assert!(matches!(&no_answers, BadSheet::NoAnswers { .. }), "{no_answers}");
    let other = refusal(&|desk| desk.village.code = "419999101299".parse().unwrap());
    assert_eq!(other.to_string(), format!("答复的是 {SET}，那是另一个村的（应为 419999101299），没有收"));
    let ours = refusal(&|desk| {
        desk.sheets.truncate(1);
        desk.sheets[0].header = vec!["姓名".into(), "结果".into()];
        desk.sheets[0].rows = vec![vec!["赵大山".into(), "好".into()]];
    });
    assert!(matches!(&ours, BadSheet::NotOurs { .. }), "{ours}");

    let desk = Desk::filled();
    let bytes = desk.xlsx();
    for (name, bytes, expected) in [
        ("empty", &[][..], "文件是空的"),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\0", "不是表格文件"),
        ("cut short", &bytes[..bytes.len() / 2], "文件不完整或已损坏"),
    ] {
        let error = desk.try_bytes(bytes).unwrap_err();
        assert!(matches!(error, BadSheet::File(Fault::Empty | Fault::NoTable | Fault::Damaged(_))), "{name}: {error}");
        assert!(error.to_string().contains(expected), "{name}: {error}");
    }
}

#[test]
fn an_open_document_that_breaks_off_is_damaged() {
    let mut desk = Desk::filled();
    let whole = formats::ods(desk.sheet("收入支出变更"));
    let mut content = String::new();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&whole)).unwrap();
    std::io::Read::read_to_string(&mut archive.by_name("content.xml").unwrap(), &mut content).unwrap();
    for cut in [content.len() / 2, content.find("</table:table>").unwrap()] {
        let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        archive.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let end = (0..=cut).rev().find(|at| content.is_char_boundary(*at)).unwrap();
        std::io::Write::write_all(&mut archive, &content.as_bytes()[..end]).unwrap();
        let error = desk.try_bytes(&archive.finish().unwrap().into_inner()).unwrap_err();
        assert!(matches!(error, BadSheet::File(Fault::Damaged(_))), "{error}");
    }
}

#[test]
fn a_bomb_is_not_opened() {
    use std::io::{Cursor, Write};
    let desk = Desk::filled();
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let packed = zip::write::SimpleFileOptions::default();
    archive.start_file("xl/sharedStrings.xml", packed).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..300 {
        archive.write_all(&zeros).unwrap();
    }
    let mut bytes = archive.finish().unwrap().into_inner();
    assert!(matches!(desk.try_bytes(&bytes), Err(BadSheet::TooLarge(_))));
    // The size it claims is a lie, in both places where it stands.
    let size = (300_u32 << 20).to_le_bytes();
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size {
            bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    let error = desk.try_bytes(&bytes).unwrap_err();
    assert!(matches!(error, BadSheet::TooLarge(_) | BadSheet::File(_)), "{error}");
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for part in 0..2_000 {
        archive.start_file(part.to_string(), packed).unwrap();
    }
    assert!(matches!(desk.try_bytes(&archive.finish().unwrap().into_inner()), Err(BadSheet::TooLarge(_))));
    assert!(matches!(desk.try_bytes(&vec![b','; 33 << 20]), Err(BadSheet::TooLarge(_))));
}

/// The desk's sheets part by part, with a result merged over rows, or a formula in its place.
fn by_parts(desk: &Desk, change: impl Fn(&mut parts::Sheet)) -> Vec<u8> {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => parts::Cell::text(text),
        Cell::Number(number) => parts::Cell::Number(*number, 0),
        _ => parts::Cell::blank(),
    };
    let sheets = desk.sheets.iter().map(|sheet| {
        let header = sheet.header.iter().map(|name| parts::Cell::text(name)).collect();
        let rows = sheet.rows.iter().map(|row| row.iter().map(text).collect());
        let rows = std::iter::once(header).chain(rows).collect();
        let mut made = parts::Sheet { name: sheet.name, rows, ..parts::Sheet::default() };
        change(&mut made);
        made
    });
    parts::workbook(&sheets.collect::<Vec<_>>())
}

#[test]
fn a_result_merged_over_lines_is_each_ones_and_marks_around_a_name_change_nothing() {
    let mut desk = Desk::new();
    desk.answer("收入支出变更", "5件1项", &[("办理结果", "已录入")]);
    let (row, column) = (desk.row("收入支出变更", "5件1项"), desk.sheet("收入支出变更").column("办理结果"));
    let letters = hudang::exchange::roster::letters(column as u16);
    let bytes = by_parts(&desk, |sheet| {
        if sheet.name == "收入支出变更" {
            sheet.merged.push(format!("{letters}{}:{letters}{}", row + 2, row + 3));
        }
        for cell in &mut sheet.rows[0] {
            let named = match cell.shown().as_str() {
                "办理结果" => "*办理结果（必填）：",
                "序号" => "1.序号",
                "原因" => "★原因【下拉选择】",
                _ => continue,
            };
            *cell = parts::Cell::text(named);
        }
    });
    assert_eq!(said(&desk.try_bytes(&bytes).unwrap()), ["5.1 taken", "5.2 taken"]);
}

#[test]
fn a_formula_as_an_answer_is_its_result_or_is_told() {
    let mut desk = Desk::new();
    desk.answer("收入支出变更", "5件1项", &[("办理结果", "公式")]);
    let with = |result: Option<&str>| {
        let bytes = by_parts(&desk, |sheet| {
            for cell in sheet.rows.iter_mut().flatten().filter(|cell| cell.shown() == "公式") {
                *cell = match result {
                    Some(result) => parts::Cell::Raw(format!("<c t=\"str\"><f>A1</f><v>{result}</v></c>")),
                    None => parts::Cell::Formula("A1".into(), None),
                };
            }
        });
        desk.try_bytes(&bytes).unwrap()
    };
    assert_eq!(said(&with(Some("已录入"))), ["5.1 taken"]);
    let told = with(None);
    assert_eq!(said(&told), [""; 0]);
    assert!(problems(&told)[0].contains("“办理结果”列") && problems(&told)[0].contains("没有结果的公式"), "{told:?}");
}

/// The rows of a sheet that have an answer, each with its problem, after one column alone was put into another order.
fn sorted_apart(column: &str) -> (Vec<String>, Vec<String>) {
    let mut desk = Desk::filled();
    let sheet = desk.sheet("收入支出变更");
    let at = sheet.column(column);
    let mut cells: Vec<Cell> = sheet.rows.iter().map(|row| row[at].clone()).collect();
    cells.reverse();
    for (row, cell) in sheet.rows.iter_mut().zip(cells) {
        row[at] = cell;
    }
    for row in 0..desk.sheet("收入支出变更").rows.len() {
        desk.sheet("收入支出变更").set(row, "办理结果", "不予录入");
        desk.sheet("收入支出变更").set(row, "原因", "佐证不足");
    }
    let answered = desk.read();
    (said(&answered), problems(&answered))
}

#[test]
fn a_column_sorted_by_itself_answers_for_nobody_else() {
    let rows = Desk::new().sheets.iter().find(|sheet| sheet.name == "收入支出变更").unwrap().rows.len();
    assert!(rows > 1);
    for column in ["序号", "项目", "原值", "新值"] {
        let (said, problems) = sorted_apart(column);
        // A row in the middle, or one whose neighbour says the same, may be right all the same: it is the one it names.
        assert!(!problems.is_empty(), "{column}: {said:?}");
        assert!(problems.iter().all(|problem| problem.contains("原来是")), "{column}: {problems:?}");
    }
}

#[test]
fn a_new_value_that_was_edited_and_another_village_s_rows_are_told_by_row() {
    let mut desk = Desk::filled();
    let row = desk.row("收入支出变更", "5件1项");
    desk.sheet("收入支出变更").set(row, "新值", "7");
    let answered = desk.read();
    let found = problems(&answered);
    assert!(found.len() == 1 && found[0].contains("“新值”") && found[0].contains("被改过"), "{found:?}");
    assert!(!said(&answered).iter().any(|it| it.starts_with("5.1")), "{:?}", said(&answered));
    assert!(said(&answered).iter().any(|it| it.starts_with("5.2 refused")));

    let mut desk = Desk::filled();
    desk.sheet("收入支出变更").set(row, "户编号", "4199991012029999");
    let found = problems(&desk.read());
    assert!(found.len() == 1 && found[0].contains("“户编号”") && found[0].contains("对不上"), "{found:?}");
    // The whole of an act drawn together is held against its household too.
    let mut desk = Desk::filled();
    desk.sheet("收入支出变更").set(row, "户编号", "4199991012029999");
    desk.sheet("收入支出变更").set(row, "序号", "5件");
    assert!(problems(&desk.read())[0].contains("对不上"));
    // Without those columns it is taken by its keys, as before.
    let mut desk = Desk::filled();
    for sheet in &mut desk.sheets {
        for column in ["户编号", "姓名", "项目", "字段代码", "原值", "新值"] {
            if let Some(at) = sheet.header.iter().position(|name| name == column) {
                sheet.header.remove(at);
                sheet.rows.iter_mut().for_each(|row| _ = row.remove(at));
            }
        }
    }
    assert_eq!(problems(&desk.read()), Vec::<String>::new());
}
