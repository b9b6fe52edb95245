//! A file opened by what is in it, whatever its name says, and its rows one after the other.

use std::io::{BufReader, Read, Seek};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    CellErrorType, Data, DataRef, ExcelDateTime, Ods, OdsError, Range, Reader, SheetVisible, Xls, XlsError, Xlsb, Xlsx,
    XlsxError,
};
use encoding_rs::Encoding;

use crate::domain::text::mask_digits;

use super::fault::Fault;
use super::row::{CellKind, RawRow};
use super::source::{Opened, Source};
use super::{compound, delimited, encoding, markup, open_document};

/// What is called with each row, and says whether to go on.
pub type Visit<'a> = &'a mut dyn FnMut(&RawRow) -> ControlFlow<()>;

/// A file that holds tables.
pub struct Book {
    content: Content,
    /// The names of the sheets, and whether each is visible; a file without sheets has one without a name.
    pub sheets: Vec<(Option<String>, bool)>,
    /// The encoding by which text was read, where the file did not say it.
    pub guessed: Option<&'static str>,
}

enum Content {
    Streamed(Box<Xlsx<Opened>>),
    Grids(Vec<Range<Data>>),
    Delimited { source: Source, encoding: &'static Encoding },
    Markup(String),
}

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

impl Book {
    /// Opens a file; `wanted` is the encoding of text that somebody asked for.
    pub fn open(source: Source, wanted: Option<&str>) -> Result<Self, Fault> {
        let wanted = wanted.map(encoding::named).transpose()?;
        let mut file = source.open()?;
        let mut beginning = Vec::new();
        file.by_ref().take(encoding::SAMPLE as u64).read_to_end(&mut beginning)?;
        if beginning.is_empty() {
            return Err(Fault::Empty);
        }
        file.rewind()?;
        if beginning.starts_with(ZIP) {
            return guarded(|| open_zip(file));
        }
        if beginning.starts_with(OLE) {
            return guarded(|| open_ole(file));
        }
        let found = wanted.map_or_else(|| encoding::guess(&beginning), |encoding| (encoding, false));
        let (encoding, sure) = found;
        let text = encoding.decode(&beginning).0;
        let guessed = (!sure && wanted.is_none()).then_some(encoding.name());
        if !encoding::is_text(&text) {
            return Err(Fault::NoTable);
        }
        if text.trim_start().starts_with('<') {
            let text = markup::read(&source, encoding)?;
            return Ok(Self {
                sheets: vec![(None, true); markup::tables(&text)],
                content: Content::Markup(text),
                guessed,
            });
        }
        Ok(Self { content: Content::Delimited { source, encoding }, sheets: vec![(None, true)], guessed })
    }

    /// How many rows a sheet has, where the file says so.
    pub fn height(&mut self, sheet: usize) -> Option<u64> {
        match &mut self.content {
            Content::Streamed(book) => {
                let name = self.sheets.get(sheet)?.0.as_deref()?;
                let last = guarded(|| book.worksheet_cells_reader(name).map_err(xlsx_fault)).ok()?.dimensions().end.0;
                (last > 0).then_some(u64::from(last) + 1)
            }
            Content::Grids(grids) => Some(grids.get(sheet)?.end()?.0.into()),
            Content::Delimited { .. } | Content::Markup(_) => None,
        }
    }

    /// Calls with each row of a sheet that holds anything, from the top, until told to stop.
    pub fn rows(&mut self, sheet: usize, visit: Visit<'_>) -> Result<(), Fault> {
        match &mut self.content {
            Content::Streamed(book) => {
                let name = self.sheets.get(sheet).and_then(|(name, _)| name.as_deref()).unwrap_or_default();
                guarded(|| stream(book, name, visit))
            }
            Content::Grids(grids) => {
                let _ = grids.get(sheet).is_some_and(|grid| walk(grid, visit).is_break());
                Ok(())
            }
            Content::Delimited { source, encoding } => delimited::rows(source, encoding, visit),
            Content::Markup(text) => {
                markup::rows(text, sheet, visit);
                Ok(())
            }
        }
    }
}

/// A panic within a reader of somebody else's file format is that file's damage, and not ours to die of.
fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Fault::Damaged("内部结构读不通".to_owned())))
}

fn open_zip(file: Opened) -> Result<Book, Fault> {
    let mut archive = zip::ZipArchive::new(file).map_err(|error| damaged(&error))?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    let (xlsb, ods) = (has("xl/workbook.bin"), has("content.xml"));
    // Some writers keep the workbook elsewhere and say so in its relations, which the reader follows.
    let xlsx = has("[Content_Types].xml") && !has("word/document.xml") && !has("ppt/presentation.xml");
    if ods && !xlsb && !xlsx {
        let content = archive.by_name("content.xml").map_err(|error| damaged(&error))?;
        open_document::check(BufReader::new(content))?;
    }
    let mut file = archive.into_inner();
    file.rewind()?;
    if xlsb {
        let mut book: Xlsb<_> = Reader::new(file).map_err(|error: calamine::XlsbError| damaged(&error))?;
        return grids(&mut book);
    }
    if xlsx {
        let book: Xlsx<_> = Reader::new(file).map_err(xlsx_fault)?;
        return Ok(Book { sheets: sheets(&book), content: Content::Streamed(Box::new(book)), guessed: None });
    }
    if ods {
        let mut book: Ods<_> = Reader::new(file).map_err(|error| match error {
            OdsError::Password => Fault::Locked,
            error => damaged(&error),
        })?;
        return grids(&mut book);
    }
    Err(Fault::NoTable)
}

fn open_ole(mut file: Opened) -> Result<Book, Fault> {
    compound::check(&mut file, compound::MOST_CELLS)?;
    // A workbook locked with a password is a stream within the container of the old format.
    let locked = matches!(Xlsx::new(&mut file), Err(XlsxError::Password));
    if locked {
        return Err(Fault::Locked);
    }
    file.rewind()?;
    let mut book: Xls<_> = Xls::new(file).map_err(|error| match error {
        XlsError::Password => Fault::Locked,
        error => damaged(&error),
    })?;
    grids(&mut book)
}

/// The reader's own words may quote what stands there, and that may be somebody's number.
fn damaged(error: &dyn std::error::Error) -> Fault {
    Fault::Damaged(mask_digits(&error.to_string().chars().take(200).collect::<String>()))
}

fn xlsx_fault(error: XlsxError) -> Fault {
    match error {
        XlsxError::Password => Fault::Locked,
        error => damaged(&error),
    }
}

fn sheets<R: Read + Seek, B: Reader<R>>(book: &B) -> Vec<(Option<String>, bool)> {
    let sheets = book.sheets_metadata().iter();
    sheets.map(|sheet| (Some(sheet.name.clone()), sheet.visible == SheetVisible::Visible)).collect()
}

/// Small formats are read whole.
fn grids<R: Read + Seek, B: Reader<R>>(book: &mut B) -> Result<Book, Fault> {
    let sheets = sheets(book);
    let mut grids = Vec::new();
    for (name, _) in &sheets {
        // A sheet that holds a chart and no cells has no range.
        grids.push(book.worksheet_range(name.as_deref().unwrap_or_default()).unwrap_or_default());
    }
    Ok(Book { sheets, content: Content::Grids(grids), guessed: None })
}

fn stream(book: &mut Xlsx<Opened>, sheet: &str, visit: Visit<'_>) -> Result<(), Fault> {
    let mut cells = match book.worksheet_cells_reader(sheet) {
        Ok(cells) => cells,
        Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => return Ok(()),
        Err(error) => return Err(xlsx_fault(error)),
    };
    let mut row = RawRow::default();
    while let Some(cell) = cells.next_cell().map_err(xlsx_fault)? {
        let (at, column) = cell.get_position();
        if row.number != at + 1 {
            if !row.is_empty() && visit(&row).is_break() {
                return Ok(());
            }
            row.start(at + 1);
        }
        match cell.get_value() {
            DataRef::SharedString(text) => row.push(column, CellKind::Text, text),
            DataRef::String(text) | DataRef::DurationIso(text) => row.push(column, CellKind::Text, text),
            DataRef::DateTimeIso(text) => row.push(column, CellKind::Date, text),
            DataRef::Float(number) => row.push_number(column, *number),
            DataRef::Int(number) => row.push(column, CellKind::Number, &number.to_string()),
            DataRef::DateTime(date) => push_date(&mut row, column, date),
            DataRef::Bool(yes) => row.push(column, CellKind::Text, yes_no(*yes)),
            DataRef::Error(error) => push_error(&mut row, column, error),
            DataRef::Empty => {}
        }
    }
    if !row.is_empty() {
        let _ = visit(&row);
    }
    Ok(())
}

fn walk(grid: &Range<Data>, visit: Visit<'_>) -> ControlFlow<()> {
    let (top, left) = grid.start().unwrap_or_default();
    let mut row = RawRow::default();
    for (at, cells) in grid.rows().enumerate() {
        row.start(top + at as u32 + 1);
        for (column, cell) in cells.iter().enumerate() {
            let column = left + column as u32;
            match cell {
                Data::String(text) | Data::DurationIso(text) => row.push(column, CellKind::Text, text),
                Data::DateTimeIso(text) => row.push(column, CellKind::Date, text),
                Data::Float(number) => row.push_number(column, *number),
                Data::Int(number) => row.push(column, CellKind::Number, &number.to_string()),
                Data::DateTime(date) => push_date(&mut row, column, date),
                Data::Bool(yes) => row.push(column, CellKind::Text, yes_no(*yes)),
                Data::Error(error) => push_error(&mut row, column, error),
                Data::Empty => {}
            }
        }
        if !row.is_empty() {
            visit(&row)?;
        }
    }
    ControlFlow::Continue(())
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "是" } else { "否" }
}

fn push_date(row: &mut RawRow, column: u32, date: &ExcelDateTime) {
    if date.is_duration() {
        row.push_number(column, date.as_f64());
    } else {
        let (year, month, day, ..) = date.to_ymd_hms_milli();
        row.push(column, CellKind::Date, &format!("{year:04}-{month:02}-{day:02}"));
    }
}

fn push_error(row: &mut RawRow, column: u32, error: &CellErrorType) {
    row.push(column, CellKind::Error, &error.to_string());
}
