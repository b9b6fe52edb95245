//! The cells of a sheet, row by row.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::super::bounded::{Way, add_text, plain_attributes};
use super::super::cell::unescaped;
use super::super::fault::Fault;
use super::super::number_format::NumberFormat;
use super::super::row::{CellKind, RawRow};
use super::layout::place;
use super::package::Package;
use super::strings::Strings;

/// What the cells of all sheets refer to.
pub(super) struct Known<'a> {
    pub strings: &'a Strings,
    pub formats: &'a [NumberFormat],
    pub from_1904: bool,
}

/// The longest formula that is told.
const MOST_FORMULA: usize = 100;

/// The longest text of a cell, in bytes, and the most cells of a row: twice what a spreadsheet takes.
const MOST_TEXT: usize = 256 * 1024;
const MOST_CELLS: usize = 32_768;

/// The kinds that a cell says it has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Number,
    Shared,
    Text,
    Inline,
    YesNo,
    Error,
    Date,
}

/// A cell while it is read.
struct Reading {
    column: u32,
    says: Says,
    format: usize,
    value: String,
    formula: Option<String>,
}

/// Which text goes where.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Into {
    Nothing,
    Value,
    Formula,
}

/// Calls with each row, also one without cells that hold anything.
pub(super) fn rows(
    package: &mut Package,
    path: &str,
    known: &Known<'_>,
    pass: &mut dyn FnMut(&mut RawRow) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let Some(mut xml) = package.xml(path, Way::Streamed)? else { return Ok(()) };
    let mut buffer = Vec::with_capacity(1024);
    let mut row = RawRow::default();
    let (mut has_cells, mut last, mut column) = (false, 0_u32, 0);
    let mut cell = Reading { column: 0, says: Says::Number, format: 0, value: String::new(), formula: None };
    let (mut into, mut spoken) = (Into::Nothing, 0_u32);
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => {
                    let number = cell.begin(&tag, column);
                    if row.is_empty() && row.number == 0 {
                        row.number = number.unwrap_or(last.saturating_add(1));
                    }
                }
                "v" => into = if cell.says == Says::Inline { Into::Nothing } else { Into::Value },
                "t" => into = if spoken == 0 { Into::Value } else { Into::Nothing },
                "f" => {
                    cell.formula = Some(String::new());
                    into = Into::Formula;
                }
                "rPh" => spoken += 1,
                "row" => {
                    row.start(row_number(&tag).unwrap_or_default());
                    column = 0;
                }
                "sheetData" => has_cells = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" | "f" => into = Into::Nothing,
                "rPh" => spoken = spoken.saturating_sub(1),
                "c" => {
                    cell.push(&mut row, known);
                    if row.len() > MOST_CELLS {
                        return Err(Fault::TooLarge);
                    }
                    column = cell.column.saturating_add(1);
                }
                "row" => {
                    if row.number == 0 {
                        row.number = last.saturating_add(1);
                    }
                    last = row.number;
                    if pass(&mut row).is_break() {
                        return Ok(());
                    }
                    row.start(0);
                }
                "sheetData" => return Ok(()),
                _ => {}
            },
            // A chart, or something else without cells.
            Event::Eof if !has_cells => return Ok(()),
            Event::Eof => return Err(Fault::Damaged("表没有写完".to_owned())),
            event => {
                let text = match (into, &mut cell.formula) {
                    (Into::Value, _) => &mut cell.value,
                    (Into::Formula, Some(formula)) => formula,
                    _ => continue,
                };
                add_text(&event, text);
                if text.len() > MOST_TEXT {
                    return Err(Fault::TooLarge);
                }
            }
        }
    }
}

fn row_number(tag: &BytesStart<'_>) -> Option<u32> {
    plain_attributes(tag).filter(|(name, _)| *name == "r").find_map(|(_, value)| value.trim().parse().ok())
}

impl Reading {
    /// Begins a cell; the row that it names, where it names one.
    fn begin(&mut self, tag: &BytesStart<'_>, next_column: u32) -> Option<u32> {
        self.value.clear();
        (self.column, self.says, self.format, self.formula) = (next_column, Says::Number, 0, None);
        let mut row = None;
        for (name, value) in plain_attributes(tag) {
            match name {
                "r" => {
                    if let Some((column, number)) = place(value) {
                        self.column = column.into();
                        row = (number > 0).then_some(number);
                    }
                }
                "s" => self.format = value.parse().unwrap_or_default(),
                "t" => {
                    self.says = match value {
                        "s" => Says::Shared,
                        "str" => Says::Text,
                        "inlineStr" | "is" => Says::Inline,
                        "b" => Says::YesNo,
                        "e" => Says::Error,
                        "d" => Says::Date,
                        _ => Says::Number,
                    }
                }
                _ => {}
            }
        }
        row
    }

    /// Adds the cell to its row, as it is shown.
    fn push(&self, row: &mut RawRow, known: &Known<'_>) {
        let value = self.value.as_str();
        match self.says {
            // A formula that gives an empty text says so by its kind.
            Says::Number | Says::Shared | Says::YesNo if value.trim().is_empty() => self.push_unsolved(row),
            Says::Number => self.push_number(row, known),
            Says::Shared => match value.trim().parse().ok().and_then(|at| known.strings.get(at)) {
                Some(text) => row.push(self.column, CellKind::Text, text),
                None => row.push(self.column, CellKind::Unreadable, value),
            },
            Says::Text | Says::Inline => row.push(self.column, CellKind::Text, &unescaped(value)),
            Says::YesNo => {
                let text = match value.trim() {
                    "1" | "true" | "TRUE" => "是",
                    "0" | "false" | "FALSE" => "否",
                    other => other,
                };
                row.push(self.column, CellKind::Text, text);
            }
            Says::Error => row.push(self.column, CellKind::Error, if value.is_empty() { "#" } else { value }),
            Says::Date => row.push(self.column, CellKind::Date, value),
        }
    }

    fn push_number(&self, row: &mut RawRow, known: &Known<'_>) {
        let value = self.value.trim();
        let format = known.formats.get(self.format).copied().unwrap_or_default();
        let plain = value.len() <= 15 && value.bytes().all(|b| b.is_ascii_digit()) && !value.starts_with('0');
        if plain && format == NumberFormat::default() {
            return row.push(self.column, CellKind::Number, value);
        }
        match value.parse::<f64>() {
            Ok(number) => format.push(row, self.column, number, known.from_1904),
            Err(_) => row.push(self.column, CellKind::Text, value),
        }
    }

    fn push_unsolved(&self, row: &mut RawRow) {
        if let Some(formula) = &self.formula {
            let formula: String = formula.chars().take(MOST_FORMULA).collect();
            row.push(self.column, CellKind::Unsolved, &format!("={formula}"));
        }
    }
}
