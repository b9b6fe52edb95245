//! What the county fills in beside each line of the clerk's workbook: the columns, and the lists to choose from.

use rust_xlsxwriter::{DataValidation, Format, Formula, Workbook, Worksheet, XlsxError};
use serde::Deserialize;

use super::layout::Layout;
use crate::catalogue::{Catalogue, CodeList};
use crate::domain::Name;
use crate::domain::text::fold;
use crate::exchange::set::SetId;
use crate::exchange::sheet::{Formats, Sheet};
use crate::exchange::table::header::HeaderWords;

/// What the county can say to a change: whether it is in.
pub const RESULTS: Name = Name::fixed("county_result");

/// The result of a change that is in.
pub const TAKEN: Name = Name::fixed("taken");

/// The result of a change that is not taken in.
pub const REFUSED: Name = Name::fixed("refused");

/// Why a change is not taken in.
pub const REASONS: Name = Name::fixed("refusal_reason");

/// The sheet that holds lists too long for a cell's own.
const LISTS: &str = "选项";

/// The most that a cell's own list holds, with the commas between its entries.
const MOST_INLINE: usize = 255;

/// The columns by which answers are given and found again: the first name is written, the others are understood.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    key: Vec<Box<str>>,
    result: Vec<Box<str>>,
    reason: Vec<Box<str>>,
    words: Vec<Box<str>>,
    by: Vec<Box<str>>,
    set: Vec<Box<str>>,
    /// What may stand around their names.
    #[serde(skip)]
    pub(super) around: HeaderWords,
}

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Which changes the line stands for.
    Key,
    /// Whether they are in.
    Result,
    /// Why not, from the list.
    Reason,
    /// Why not, in words.
    Words,
    /// Who dealt with it.
    By,
    /// Which set it is.
    Set,
}

/// The columns to fill in, in their order.
const TO_FILL: [Column; 4] = [Column::Result, Column::Reason, Column::Words, Column::By];

impl Columns {
    /// The name under which a column is written.
    pub fn name(&self, column: Column) -> &str {
        self.names(column).first().map_or("", |name| name)
    }

    /// The column that a header's cell names.
    pub fn read(&self, header: &str) -> Option<Column> {
        let all = [Column::Key, Column::Result, Column::Reason, Column::Words, Column::By, Column::Set];
        let named =
            |header: &str| all.into_iter().find(|column| self.names(*column).iter().any(|name| fold(name) == header));
        self.around.spellings(&fold(header)).iter().find_map(|way| named(&way.name))
    }

    fn names(&self, column: Column) -> &[Box<str>] {
        match column {
            Column::Key => &self.key,
            Column::Result => &self.result,
            Column::Reason => &self.reason,
            Column::Words => &self.words,
            Column::By => &self.by,
            Column::Set => &self.set,
        }
    }

    /// The first column without a name.
    pub(super) fn nameless(&self) -> bool {
        TO_FILL.into_iter().chain([Column::Key, Column::Set]).any(|column| self.name(column).is_empty())
    }
}

/// The drop-downs of one workbook.
pub(super) struct DropDowns {
    results: DataValidation,
    reasons: DataValidation,
    /// The lists that need the sheet of lists, by its columns.
    long: Vec<Vec<String>>,
}

impl DropDowns {
    pub fn new(catalogue: &Catalogue) -> Result<Self, XlsxError> {
        let mut long = Vec::new();
        let results = drop_down(catalogue.list(RESULTS), &mut long)?;
        let reasons = drop_down(catalogue.list(REASONS), &mut long)?;
        Ok(Self { results, reasons, long })
    }

    /// Adds the sheet of long lists, where there are any; it comes last.
    pub fn finish(self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        if self.long.is_empty() {
            return Ok(());
        }
        let page = workbook.add_worksheet();
        page.set_name(LISTS)?.set_hidden(true);
        for (column, labels) in (0..).zip(&self.long) {
            for (row, label) in (0..).zip(labels) {
                page.write_string(row, column, label)?;
            }
        }
        Ok(())
    }
}

/// A list to choose from. Other words may be typed: what they mean is seen when they are read.
fn drop_down(list: Option<&CodeList>, long: &mut Vec<Vec<String>>) -> Result<DataValidation, XlsxError> {
    let labels: Vec<String> =
        list.into_iter().flat_map(|list| &list.entries).map(|entry| entry.label.to_string()).collect();
    let length = labels.iter().map(|label| label.encode_utf16().count() + 1).sum::<usize>();
    let rule = DataValidation::new().show_error_message(false);
    if length <= MOST_INLINE + 1 && !labels.iter().any(|label| label.contains([',', '"'])) {
        return rule.allow_list_strings(&labels);
    }
    let column = crate::exchange::roster::letters(u16::try_from(long.len()).unwrap_or_default());
    let range = format!("={LISTS}!${column}$1:${column}${}", labels.len().max(1));
    long.push(labels);
    Ok(rule.allow_list_formula(Formula::new(range)))
}

/// The sheet with columns to fill in, and with the set that each line is of.
pub(super) fn to_fill(sheet: &Sheet, layout: &Layout, set: SetId) -> Sheet {
    let names = TO_FILL.into_iter().chain([Column::Set]).map(|column| layout.answer.name(column).to_owned());
    let columns = sheet.columns.iter().cloned().chain(names).collect();
    let blank = || std::iter::repeat_n(String::new(), TO_FILL.len());
    let rows = sheet.rows.iter().map(|row| row.iter().cloned().chain(blank()).chain([set.to_string()]).collect());
    Sheet { name: sheet.name.clone(), columns, rows: rows.collect() }
}

/// Makes the columns of a sheet that [`to_fill`] gave ones that are filled in; the last one is not printed.
pub(super) fn write(
    page: &mut Worksheet,
    sheet: &Sheet,
    lists: &DropDowns,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let width = u16::try_from(sheet.columns.len()).unwrap_or(u16::MAX);
    let last = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let set = width.saturating_sub(1);
    let first = set.saturating_sub(TO_FILL.len() as u16);
    for (column, what) in (first..).zip(TO_FILL) {
        page.set_column_width(column, if what == Column::Words { 20 } else { 12 })?;
        for row in 1..=last {
            page.write_blank(row, column, &formats.to_fill)?;
        }
        match what {
            Column::Result => page.add_data_validation(1, column, last, column, &lists.results)?,
            Column::Reason => page.add_data_validation(1, column, last, column, &lists.reasons)?,
            _ => page,
        };
    }
    page.set_column_width(set, 5)?;
    small(page, sheet, set, &formats.aside)?;
    page.set_print_area(0, 0, last, set.saturating_sub(1))?;
    Ok(())
}

/// Writes a column again in the way of what is there for the way back and not for reading.
pub(super) fn small(page: &mut Worksheet, sheet: &Sheet, column: u16, format: &Format) -> Result<(), XlsxError> {
    let cells = sheet.rows.iter().map(|row| row.get(usize::from(column)));
    for (row, text) in (1..).zip(cells) {
        page.write_string_with_format(row, column, text.map_or("", |text| text), format)?;
    }
    Ok(())
}
