//! Rows on sheets of an xlsx: text cells, a header that stays and repeats, A4 landscape.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet, XlsxError,
};

use unicode_width::UnicodeWidthStr;

use super::{Run, Sheet};
use crate::exchange::harmless;

/// The most that a cell can hold, less room for the words that say that it is not all.
const MOST_CHARS: usize = 32_000;

/// Columns are between these, in characters of a digit's width; the widest number has 22.
const NARROWEST: usize = 5;
const WIDEST: usize = 22;

const A4: u8 = 9;

/// The format of a cell that stays text also when somebody types in it.
const TEXT: u8 = 49;

pub(super) fn print(run: &Run<'_>, sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed time: the same run is the same bytes.
    let made = ExcelDateTime::parse_from_str(&format!("{}T00:00:00", run.made.on))?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let formats = Formats::new();
    first_sheet(workbook.add_worksheet(), run, sheets, &formats)?;
    for sheet in sheets {
        one_sheet(workbook.add_worksheet(), run, sheet, &formats)?;
    }
    workbook.save_to_buffer()
}

struct Formats {
    title: Format,
    plain: Format,
    header: Format,
    cell: Format,
}

impl Formats {
    fn new() -> Self {
        let font = |format: Format| format.set_font_name("宋体").set_font_size(10.0);
        let text =
            || font(Format::new()).set_num_format_index(TEXT).set_text_wrap().set_align(FormatAlign::VerticalCenter);
        Self {
            title: Format::new().set_font_name("黑体").set_font_size(16.0),
            plain: text(),
            header: text().set_bold().set_border(FormatBorder::Thin).set_background_color(Color::RGB(0xE7_E6_E6)),
            cell: text().set_border(FormatBorder::Thin),
        }
    }
}

fn one_sheet(page: &mut Worksheet, run: &Run<'_>, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    page.set_name(&sheet.name)?;
    set_up(page, run, &sheet.name)?;
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    for (column, label) in (0..).zip(&sheet.columns) {
        page.set_column_width(column, width(sheet, column.into()))?;
        page.write_string_with_format(0, column, cell(label), &formats.header)?;
    }
    for (row, cells) in (1..).zip(&sheet.rows) {
        for (column, text) in (0..).zip(cells) {
            page.write_string_with_format(row, column, cell(text), &formats.cell)?;
        }
    }
    let last_row = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    page.autofilter(0, 0, last_row, last_column)?;
    page.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

fn first_sheet(page: &mut Worksheet, run: &Run<'_>, sheets: &[Sheet], formats: &Formats) -> Result<(), XlsxError> {
    page.set_name("说明")?;
    set_up(page, run, "说明")?;
    page.set_column_width(0, 30)?;
    page.set_column_width(1, 90)?;
    page.write_string_with_format(0, 0, "户档变更录入表", &formats.title)?;
    let set = run.set;
    let news = run.acts.iter().filter(|act| act.is_news()).count();
    let mut lines = vec![
        ("村", format!("{}（{}）", run.village, set.village)),
        ("变更集", set.to_string()),
        ("起止", format!("第{}号至第{}号，其中村里登记的 {news} 件", set.from, set.to)),
        ("交出", format!("{} {}", run.made.on, run.made.by)),
    ];
    lines.extend(sheets.iter().map(|sheet| (&*sheet.name, format!("{}行", sheet.rows.len()))));
    if sheets.is_empty() {
        lines.push(("内容", "没有要录入的变更".to_owned()));
    }
    let mut row = 2;
    for (label, text) in lines {
        page.write_string_with_format(row, 0, cell(label), &formats.header)?;
        page.write_string_with_format(row, 1, cell(&text), &formats.cell)?;
        row += 1;
    }
    row += 1;
    for (number, note) in (1..).zip(&run.layout.notes) {
        page.merge_range(row, 0, row, 1, &cell(&format!("{number}. {note}")), &formats.plain)?;
        page.set_row_height(row, 30)?;
        row += 1;
    }
    Ok(())
}

fn set_up(page: &mut Worksheet, run: &Run<'_>, name: &str) -> Result<(), XlsxError> {
    page.set_paper_size(A4);
    page.set_landscape();
    page.set_print_fit_to_pages(1, 0);
    page.set_margins(0.4, 0.4, 0.6, 0.5, 0.3, 0.25);
    // In a page header an ampersand begins a command.
    let title = format!("{} {name} 第{}-{}号", run.village, run.set.from, run.set.to).replace('&', "&&");
    page.set_header(format!("&C&12{title}"));
    page.set_footer("&C第&P页 共&N页");
    Ok(())
}

fn cell(text: &str) -> String {
    let text = harmless::write(text);
    match text.char_indices().nth(MOST_CHARS) {
        Some((at, _)) => format!("{}……（太长，全文见变更集）", &text[..at]),
        None => text.into_owned(),
    }
}

/// Wide enough for what is in the column, so that no number is broken; longer words go on in the next line.
fn width(sheet: &Sheet, column: usize) -> f64 {
    let cells = sheet.rows.iter().filter_map(|row| row.get(column));
    let widest = cells.chain(sheet.columns.get(column)).map(|text| text.width()).max().unwrap_or_default();
    // A little for the borders; at least what a header of two characters and its arrow need.
    widest.clamp(NARROWEST, WIDEST) as f64 + 1.0
}
