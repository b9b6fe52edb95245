//! Rows on the sheets of an xlsx: text cells, a header that stays and repeats, A4 landscape.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, IgnoreError, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::harmless;

/// One sheet as rows of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// The header.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// The most that a cell can hold, less room for the words that say that it is not all.
const MOST_CHARS: usize = 32_000;

/// Columns are between these, in characters of a digit's width; the widest number has 22.
const NARROWEST: usize = 5;
const WIDEST: usize = 22;

const A4: u8 = 9;

/// The format of a cell that stays text also when somebody types in it.
const TEXT: u8 = 49;

/// How cells look.
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) plain: Format,
    pub(super) header: Format,
    pub(super) cell: Format,
    /// A cell that waits to be filled in.
    pub(super) to_fill: Format,
    /// What is there to be found again, not to be read.
    pub(super) aside: Format,
}

impl Formats {
    pub(super) fn new() -> Self {
        let font = |format: Format| format.set_font_name("宋体").set_font_size(10.0);
        let text =
            || font(Format::new()).set_num_format_index(TEXT).set_text_wrap().set_align(FormatAlign::VerticalCenter);
        Self {
            title: Format::new().set_font_name("黑体").set_font_size(16.0),
            plain: text(),
            header: text().set_bold().set_border(FormatBorder::Thin).set_background_color(Color::RGB(0xE7_E6_E6)),
            cell: text().set_border(FormatBorder::Thin),
            to_fill: text().set_border(FormatBorder::Thin).set_background_color(Color::RGB(0xFF_FA_E5)),
            aside: Format::new()
                .set_font_name("宋体")
                .set_font_size(8.0)
                .set_font_color(Color::RGB(0x80_80_80))
                .set_num_format_index(TEXT)
                .set_align(FormatAlign::VerticalCenter)
                .set_border(FormatBorder::Thin),
        }
    }
}

/// Writes a sheet; the title stands on every page.
pub(super) fn write(page: &mut Worksheet, title: &str, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    page.set_name(&sheet.name)?;
    set_up(page, title);
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

/// Sets up a page for printing, with a title on each.
pub(super) fn set_up(page: &mut Worksheet, title: &str) {
    page.set_paper_size(A4);
    page.set_landscape();
    page.set_print_fit_to_pages(1, 0);
    page.set_margins(0.4, 0.4, 0.6, 0.5, 0.3, 0.25);
    // In a page header an ampersand begins a command.
    page.set_header(format!("&C&12{}", title.replace('&', "&&")));
    page.set_footer("&C第&P页 共&N页");
}

/// A cell as it is written: harmless when opened, and never too long.
pub(super) fn cell(text: &str) -> String {
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
