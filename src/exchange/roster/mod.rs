//! Rosters read: the county's workbooks and the village's ledgers, recognised by their columns wherever the header is,
//! and understood household by household.
//!
//! [`RosterFile::open`] finds the tables of a file, [`RosterFile::read`] brings its rows together to households (on one
//! thread), and [`Understanding`] reads their cells as values (on another). Nothing here knows what the village holds.

pub(in crate::exchange) mod book;
mod chunk;
pub(in crate::exchange) mod compound;
mod delimited;
mod encoding;
mod fault;
mod group;
mod kinds;
pub(in crate::exchange) mod markup;
mod number;
mod open_document;
mod problem;
pub(in crate::exchange) mod row;
mod said;
pub(in crate::exchange) mod source;
mod table;
mod understand;
mod values;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::domain::{Name, PartialDate};

use book::Book;
use group::Grouping;
use row::RawRow;
use source::Source;
use table::{ROWS_ABOVE, Sight, recognise};

pub use chunk::Chunk;
pub use fault::{Fault, RosterError};
pub use kinds::{Kind, Kinds, Lists, RosterSlot, RowKind, SlotIx, Use};
pub use problem::{NotExempt, Problem, Problems, Why};
pub use said::{Derived, Keys, Listed, RosterHousehold, RosterPerson, RosterRow, Said};
pub use table::{Table, letters};
pub use understand::Understanding;

/// A file in which at least one table was recognised.
pub struct RosterFile {
    /// The file as it was named.
    pub name: Arc<str>,
    /// Its tables that are rosters, in the order of their sheets.
    pub tables: Vec<Table>,
    /// How many rows the tables have, where the file says so.
    pub rows: Option<u64>,
    path: PathBuf,
    encoding: Option<Box<str>>,
    book: Option<Book>,
}

impl RosterFile {
    /// Opens a file and looks for rosters in it; `encoding` is that of a text file, where somebody knows it.
    pub fn open(path: &Path, encoding: Option<&str>, kinds: &Kinds) -> Result<Self, RosterError> {
        let name: Arc<str> = path.display().to_string().into();
        let opened = Book::open(Source::File(path.to_owned()), encoding).and_then(|mut book| {
            let tables = tables(&mut book, kinds)?;
            Ok((book, tables))
        });
        let (mut book, tables) = opened.map_err(|fault| fault.of(&name))?;
        let rows = tables.iter().map(|table| book.height(table.sheet_index)).sum();
        Ok(Self { name, tables, rows, path: path.to_owned(), encoding: encoding.map(Into::into), book: Some(book) })
    }

    /// The kinds of its tables, each once, by their places in [`Kinds::kinds`].
    pub fn kinds(&self) -> Vec<usize> {
        let mut kinds: Vec<usize> = self.tables.iter().map(|table| table.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// The day of which its tables of one kind speak, where they say so.
    pub fn as_of(&self, kind: usize) -> Option<PartialDate> {
        self.tables.iter().filter(|table| table.kind == kind).find_map(|table| table.as_of)
    }

    /// The names of the columns that nobody knows, each once.
    pub fn unknown_columns(&self) -> Vec<Name> {
        let mut unknown = Vec::new();
        for name in self.tables.iter().flat_map(Table::unknown_columns) {
            if !unknown.contains(&name) {
                unknown.push(name);
            }
        }
        unknown
    }

    /// Lets go of what is in memory until the file is read.
    pub fn close(&mut self) {
        self.book = None;
    }

    /// Reads the rows of the tables of one kind, brought together to households, until told to stop.
    ///
    /// A long file in which a household's rows stand apart ends with [`Fault::Scattered`]; read again with `keep`, it
    /// is kept in memory, packed, until its end.
    pub fn read(
        &mut self,
        kinds: &Kinds,
        kind: usize,
        catalogue: &Catalogue,
        keep: bool,
        send: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
    ) -> Result<(), RosterError> {
        self.read_tables(kinds, kind, catalogue, keep, send).map_err(|fault| fault.of(&self.name))
    }

    fn read_tables(
        &mut self,
        kinds: &Kinds,
        kind_at: usize,
        catalogue: &Catalogue,
        keep: bool,
        send: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let mut book = match self.book.take() {
            Some(book) => book,
            None => Book::open(Source::File(self.path.clone()), self.encoding.as_deref())?,
        };
        let kind = &kinds.kinds[kind_at];
        let mut grouping = Grouping::new(kind, &self.tables, catalogue, keep, send);
        for (at, table) in self.tables.iter().enumerate().filter(|(_, table)| table.kind == kind_at) {
            let mut outcome = Ok(ControlFlow::Continue(()));
            book.rows(table.sheet_index, &mut |row| {
                if table.is_body(kind, &kinds.words, row) {
                    outcome = grouping.row(row, at);
                }
                if matches!(outcome, Ok(ControlFlow::Continue(()))) {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            })?;
            if outcome?.is_break() {
                return Ok(());
            }
        }
        // What the file took is given back before the last households are worked on.
        drop(book);
        grouping.finish();
        Ok(())
    }
}

/// The rosters among a file's sheets; hidden sheets count where no visible one is a roster.
fn tables(book: &mut Book, kinds: &Kinds) -> Result<Vec<Table>, Fault> {
    let mut other = None;
    for visible in [true, false] {
        let mut tables = Vec::new();
        for at in 0..book.sheets.len() {
            let (name, is_visible) = book.sheets[at].clone();
            if is_visible != visible {
                continue;
            }
            let mut first_rows: Vec<RawRow> = Vec::new();
            book.rows(at, &mut |row| {
                first_rows.push(row.clone());
                if first_rows.len() < ROWS_ABOVE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            match recognise(kinds, name.as_deref(), at, &first_rows) {
                Sight::Table(table) => tables.push(*table),
                Sight::Other(what) => other = other.or(Some(what)),
                Sight::Nothing => {}
            }
        }
        if !tables.is_empty() {
            return Ok(tables);
        }
    }
    Err(other.map_or(Fault::NoHeader { encoding: book.guessed, wanted: kinds.wanted }, Fault::Other))
}
