//! A file opened by what is in it, whatever its name says, and its rows one after the other.

use std::io::{Read, Seek};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use encoding_rs::Encoding;

use super::fault::Fault;
use super::grids::{Binary, Grids, Names, damaged};
use super::open_document::OpenDocument;
use super::row::RawRow;
use super::source::{Opened, Source};
use super::xlsx::Workbook;
use super::{delimited, encoding, markup};

/// What is called with each row, its cells in order, and says whether to go on.
pub type Visit<'a> = &'a mut dyn FnMut(&RawRow) -> ControlFlow<()>;

/// A file that holds tables.
pub struct Book {
    content: Content,
    /// The names of the sheets, and whether each is visible; a file without sheets has one without a name.
    pub sheets: Names,
    /// Whether the sheets are tables of one page, of which one may go on in the next.
    pub is_page: bool,
    /// Whether a bare number of days is counted from 1904.
    pub from_1904: bool,
    /// The encoding by which text was read, where the file did not say it.
    pub guessed: Option<&'static str>,
}

enum Content {
    Workbook(Box<Workbook>),
    Binary(Box<Binary>),
    OpenDocument(Box<OpenDocument>),
    Grids(Grids),
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
            let (grids, sheets) = guarded(|| Grids::open(file))?;
            let from_1904 = grids.from_1904;
            return Ok(Self { from_1904, ..Self::of(Content::Grids(grids), sheets) });
        }
        let found = wanted.map_or_else(|| encoding::guess(&beginning), |encoding| (encoding, false));
        let (encoding, sure) = found;
        let text = encoding.decode(&beginning).0;
        let guessed = (!sure && wanted.is_none()).then_some(encoding.name());
        if !encoding::is_text(&text) {
            return Err(Fault::NoTable);
        }
        if is_web_archive(&text) {
            return Err(Fault::WebArchive);
        }
        if text.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']).starts_with('<') {
            let text = markup::read(&source, encoding)?;
            let (sheets, from_1904) = (markup::tables(&text), markup::from_1904(&text));
            let is_page = sheets.iter().all(|(name, _)| name.is_none());
            return Ok(Self { guessed, from_1904, is_page, ..Self::of(Content::Markup(text), sheets) });
        }
        Ok(Self { guessed, ..Self::of(Content::Delimited { source, encoding }, vec![(None, true)]) })
    }

    fn of(content: Content, sheets: Names) -> Self {
        Self { content, sheets, is_page: false, from_1904: false, guessed: None }
    }

    /// How many rows a sheet has, where the file says so.
    pub fn height(&mut self, sheet: usize) -> Option<u64> {
        match &mut self.content {
            Content::Workbook(book) => guarded(|| Ok(book.height(sheet))).ok().flatten(),
            Content::Grids(grids) => grids.height(sheet),
            Content::Binary(_) | Content::OpenDocument(_) | Content::Delimited { .. } | Content::Markup(_) => None,
        }
    }

    /// Calls with each row of a sheet that holds anything, from the top, until told to stop.
    pub fn rows(&mut self, sheet: usize, visit: Visit<'_>) -> Result<(), Fault> {
        match &mut self.content {
            Content::Workbook(book) => guarded(|| book.rows(sheet, visit)),
            Content::Binary(book) => {
                let name = self.sheets.get(sheet).and_then(|(name, _)| name.as_deref()).unwrap_or_default();
                guarded(|| book.rows(name, visit))
            }
            Content::OpenDocument(document) => guarded(|| document.rows(sheet, visit)),
            Content::Grids(grids) => {
                grids.rows(sheet, visit);
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

/// Whether a text is a page with its pictures, as browsers and spreadsheets save it in one file.
fn is_web_archive(text: &str) -> bool {
    let head: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(2_000).collect();
    let head = head.to_ascii_lowercase();
    head.starts_with("mime-version:")
        || (head.starts_with("from:") || head.starts_with("content-type:")) && head.contains("multipart/related")
}

/// A panic within a reader of somebody else's file format is that file's damage, and not ours to die of.
fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Fault::Damaged("内部结构读不通".to_owned())))
}

fn open_zip(file: Opened) -> Result<Book, Fault> {
    let mut archive = zip::ZipArchive::new(file).map_err(|error| damaged(&error))?;
    if (0..archive.len()).any(|at| archive.by_index_raw(at).is_ok_and(|part| part.encrypted())) {
        return Err(Fault::Locked);
    }
    let names: Vec<String> =
        archive.file_names().flatten().map(|name| name.replace('\\', "/").to_ascii_lowercase()).collect();
    let has = |name: &str| names.iter().any(|known| known == name);
    if has("xl/workbook.bin") {
        let (book, sheets) = Binary::open(archive)?;
        let from_1904 = book.from_1904;
        return Ok(Book { from_1904, ..Book::of(Content::Binary(Box::new(book)), sheets) });
    }
    // Some writers keep the workbook elsewhere and say so in its relations.
    if has("[content_types].xml") && !has("word/document.xml") && !has("ppt/presentation.xml") {
        let book = Workbook::open(archive)?;
        let sheets = book.sheets.iter().map(|sheet| (Some(sheet.name.clone()), sheet.is_visible)).collect();
        let from_1904 = book.from_1904;
        return Ok(Book { from_1904, ..Book::of(Content::Workbook(Box::new(book)), sheets) });
    }
    if has("content.xml") {
        let (document, sheets) = OpenDocument::open(archive)?;
        return Ok(Book::of(Content::OpenDocument(Box::new(document)), sheets));
    }
    Err(Fault::NoTable)
}
