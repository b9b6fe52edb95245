//! The workbook of findings for the township: a row a finding, as `data/papers/findings.toml` orders the columns.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use serde::Deserialize;

use crate::data::{BadData, Data};
use crate::domain::Name;

use super::sheet::{Formats, Sheet, write};

/// The most rows that a sheet has below its header.
const MOST_ROWS: usize = 1_000_000;

/// What a column can tell of a finding.
const TELLS: &[&str] = &[
    "number",
    "village",
    "household",
    "head",
    "group",
    "person",
    "severity",
    "code",
    "national",
    "message",
    "field",
    "remedy",
    "source",
    "answer",
];

/// The columns in their order.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingsLayout {
    sheet: Box<str>,
    column: Vec<Column>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Column {
    label: Box<str>,
    tells: Name,
}

/// Why a workbook cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("核对表做不出来（{0}）")]
pub struct CannotPrint(#[from] rust_xlsxwriter::XlsxError);

impl FindingsLayout {
    /// Loads the columns, and refuses one that tells what nobody knows.
    pub fn load(data: &Data) -> Result<Self, BadData> {
        let file = data.file("papers/findings.toml")?;
        let layout: Self = file.read()?;
        match layout.column.iter().find(|column| !TELLS.contains(&column.tells.as_str())) {
            Some(unknown) => Err(BadData {
                file: file.path.clone(),
                line: file.line_of(&format!("\"{}\"", unknown.tells)),
                why: format!("tells 应为 {} 之一，现为 {}", TELLS.join("、"), unknown.tells),
            }),
            None => Ok(layout),
        }
    }

    /// The row of a finding: what `tell` says for each column but the number, which counts from 1.
    pub fn row(&self, number: usize, tell: impl Fn(&str) -> String) -> Vec<String> {
        let cell = |column: &Column| match column.tells.as_str() {
            "number" => number.to_string(),
            other => tell(other),
        };
        self.column.iter().map(cell).collect()
    }

    /// The bytes of the workbook, made on a local day; the same rows of a day give the same bytes.
    pub fn workbook(&self, title: &str, on: chrono::NaiveDate, rows: Vec<Vec<String>>) -> Result<Vec<u8>, CannotPrint> {
        let mut workbook = Workbook::new();
        let made = ExcelDateTime::parse_from_str(&format!("{on}T00:00:00"))?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        let formats = Formats::new();
        let columns: Vec<String> = self.column.iter().map(|column| column.label.to_string()).collect();
        let mut rows = rows.into_iter();
        for number in 1.. {
            let some: Vec<Vec<String>> = rows.by_ref().take(MOST_ROWS).collect();
            if some.is_empty() && number > 1 {
                break;
            }
            let name = if number == 1 { self.sheet.to_string() } else { format!("{}({number})", self.sheet) };
            let sheet = Sheet { name, columns: columns.clone(), rows: some };
            write(workbook.add_worksheet(), title, &sheet, &formats)?;
        }
        Ok(workbook.save_to_buffer()?)
    }
}
