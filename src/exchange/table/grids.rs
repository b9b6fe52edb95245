//! Workbooks in the formats that are read by calamine: the old one, and zipped binary ones.

use std::io::{Read, Seek};

use calamine::{
    Data, Dimensions, ExcelDateTime, Range, Reader, SheetVisible, Xls, XlsError, Xlsb, XlsbError, XlsxError,
};

use crate::domain::text::mask_digits;

use super::book::Visit;
use super::compound;
use super::fault::Fault;
use super::number_format::NumberFormat;
use super::row::{CellKind, Places, RawRow};
use super::source::Opened;
use super::spans::{Span, Spans};

/// The names of sheets, and whether each is seen.
pub type Names = Vec<(Option<String>, bool)>;

/// The sheets of an old workbook, which are read whole.
pub struct Grids {
    sheets: Vec<(Range<Data>, Vec<Span>)>,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
}

/// A zipped binary workbook.
pub struct Binary {
    book: Xlsb<Opened>,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
}

/// The most that the parts of a zipped binary workbook unpack to.
const MOST_BINARY: u64 = 192 << 20;

impl Grids {
    /// Reads an old workbook, after a look whether it can be one.
    pub fn open(mut file: Opened) -> Result<(Self, Names), Fault> {
        compound::check(&mut file, compound::MOST_CELLS)?;
        // A new workbook locked with a password is a stream within the container of the old format.
        if matches!(calamine::Xlsx::new(&mut file), Err(XlsxError::Password)) {
            return Err(Fault::Locked);
        }
        file.rewind()?;
        let mut book: Xls<_> = Xls::new(file).map_err(|error| match error {
            XlsError::Password => Fault::Locked,
            error => damaged(&error),
        })?;
        let names = names(&book);
        let mut sheets = Vec::new();
        for (name, _) in &names {
            let name = name.as_deref().unwrap_or_default();
            let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
            // A sheet that holds a chart and no cells has no range.
            sheets.push((book.worksheet_range(name).unwrap_or_default(), merged.iter().filter_map(span).collect()));
        }
        Ok((Self { sheets, from_1904: book.has_1904_epoch() }, names))
    }

    /// The last row of a sheet.
    pub fn height(&self, sheet: usize) -> Option<u64> {
        Some(self.sheets.get(sheet)?.0.end()?.0.into())
    }

    /// Calls with each row that holds anything.
    pub fn rows(&self, sheet: usize, visit: Visit<'_>) {
        let Some((grid, spans)) = self.sheets.get(sheet) else { return };
        let (top, left) = grid.start().unwrap_or_default();
        let mut spans = Spans::of(spans);
        let mut row = RawRow::default();
        for (at, cells) in grid.rows().enumerate() {
            row.start(top + at as u32 + 1);
            for (column, cell) in cells.iter().enumerate() {
                push(&mut row, left + column as u32, cell, self.from_1904);
            }
            spans.fill(&mut row);
            if !row.is_empty() && visit(&row).is_break() {
                return;
            }
        }
    }
}

fn span(merged: &Dimensions) -> Option<Span> {
    let ((top, left), (bottom, _)) = (merged.start, merged.end);
    let column = u16::try_from(left).ok()?;
    (bottom > top).then_some(Span { top: top + 1, bottom: bottom + 1, column })
}

impl Binary {
    /// Reads all but the sheets of a zipped binary workbook that does not unpack to too much.
    pub fn open(mut archive: zip::ZipArchive<Opened>) -> Result<(Self, Names), Fault> {
        let mut left = MOST_BINARY;
        for at in 0..archive.len() {
            let Ok(part) = archive.by_index(at) else { continue };
            // The sizes that a zip claims may lie.
            let length = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).unwrap_or_default();
            left = left.checked_sub(length).ok_or(Fault::TooLarge)?;
        }
        let mut file = archive.into_inner();
        file.rewind()?;
        let book: Xlsb<_> = Reader::new(file).map_err(|error: XlsbError| damaged(&error))?;
        let (names, from_1904) = (names(&book), book.has_1904_epoch());
        Ok((Self { book, from_1904 }, names))
    }

    /// Calls with each row that holds anything.
    pub fn rows(&mut self, sheet: &str, visit: Visit<'_>) -> Result<(), Fault> {
        let Ok(mut cells) = self.book.worksheet_cells_reader(sheet) else { return Ok(()) };
        let mut row = RawRow::default();
        loop {
            let cell = match cells.next_cell() {
                Ok(Some(cell)) => cell,
                Ok(None) => break,
                // An error that is younger than the reader: what it stands for is lost, and the rest is not.
                Err(XlsbError::CellError(_)) => continue,
                Err(error) => return Err(damaged(&error)),
            };
            let (at, column) = cell.get_position();
            if row.number != at + 1 {
                row.settle();
                if !row.is_empty() && visit(&row).is_break() {
                    return Ok(());
                }
                row.start(at + 1);
            }
            push(&mut row, column, &Data::from(cell.get_value().clone()), self.from_1904);
        }
        row.settle();
        if !row.is_empty() {
            let _ = visit(&row);
        }
        Ok(())
    }
}

/// The reader's own words may quote what stands there, and that may be somebody's number.
pub fn damaged(error: &dyn std::error::Error) -> Fault {
    Fault::Damaged(mask_digits(&error.to_string().chars().take(200).collect::<String>()))
}

fn names<R: Read + Seek, B: Reader<R>>(book: &B) -> Names {
    let sheets = book.sheets_metadata().iter();
    sheets.map(|sheet| (Some(sheet.name.clone()), sheet.visible == SheetVisible::Visible)).collect()
}

fn push(row: &mut RawRow, column: u32, value: &Data, from_1904: bool) {
    match value {
        Data::String(text) | Data::DurationIso(text) => row.push(column, CellKind::Text, text),
        Data::DateTimeIso(text) => row.push(column, CellKind::Date, text),
        Data::Float(number) => row.push_number(column, *number, Places::default()),
        Data::Int(number) => row.push(column, CellKind::Number, &number.to_string()),
        Data::DateTime(date) => push_date(row, column, date, from_1904),
        Data::Bool(yes) => row.push(column, CellKind::Text, if *yes { "是" } else { "否" }),
        Data::Error(error) => row.push(column, CellKind::Error, &error.to_string()),
        Data::Empty => {}
    }
}

fn push_date(row: &mut RawRow, column: u32, date: &ExcelDateTime, from_1904: bool) {
    if date.is_duration() {
        row.push_number(column, date.as_f64(), Places::default());
    } else {
        NumberFormat::Day.push(row, column, date.as_f64(), from_1904);
    }
}
