//! Rosters read: the county's workbooks and the village's ledgers, recognised by their columns wherever the header is,
//! and understood household by household.
//!
//! [`RosterFile::open`] finds the tables of a file, [`RosterFile::read`] brings its rows together to households (on one
//! thread), and [`Understanding`] reads their cells as values (on another). Nothing here knows what the village holds.

mod body;
mod chunk;
mod find;
mod group;
mod kinds;
mod number;
mod problem;
mod recognise;
mod said;
mod table;
mod understand;
mod values;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::domain::{Name, PartialDate};
use crate::exchange::table::book::Book;
use crate::exchange::table::source::Source;

use body::{Body, RowIs};
use group::Grouping;

pub use crate::exchange::table::{Fault, FileError as RosterError};
pub use chunk::Chunk;
pub use kinds::{Kind, Kinds, Lists, RosterSlot, RowKind, SlotIx, Use};
pub use problem::{NotExempt, Problem, Problems, Why};
pub use said::{Derived, Keys, Listed, RosterHousehold, RosterPerson, RosterRow, Said};
pub use table::{Table, letters};
pub use understand::Understanding;

/// A file in which at least one table was recognised.
pub struct RosterFile {
    /// The file as it was named.
    pub name: Arc<str>,
    /// Its tables that are rosters, in the order of their sheets and rows.
    pub tables: Vec<Table>,
    /// How many rows the tables have, where the file says so.
    pub rows: Option<u64>,
    /// How many rows of each table were read.
    pub read: Vec<u64>,
    path: PathBuf,
    encoding: Option<Box<str>>,
    book: Option<Book>,
    /// Whether the sheets were looked through to their ends for further headers.
    is_searched: bool,
}

/// For how many unknown columns the nearest name is looked for.
const MOST_NEAR: usize = 200;

/// How a file is to be opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// The encoding of a text file, where somebody knows it.
    pub encoding: Option<&'a str>,
    /// The one sheet that is to be read, where somebody says so.
    pub sheet: Option<&'a str>,
}

impl RosterFile {
    /// Opens a file and looks for rosters in it.
    pub fn open(path: &Path, asked: Asked<'_>, kinds: &Kinds) -> Result<Self, RosterError> {
        let name: Arc<str> = path.display().to_string().into();
        let opened = Book::open(Source::File(path.to_owned()), asked.encoding).and_then(|mut book| {
            let tables = find::tables(&mut book, kinds, asked.sheet)?;
            Ok((book, tables))
        });
        let (mut book, tables) = opened.map_err(|fault| fault.of(&name))?;
        let mut sheets: Vec<usize> = tables.iter().map(|table| table.sheet_index).collect();
        sheets.dedup();
        let rows = sheets.into_iter().map(|sheet| book.height(sheet)).sum();
        let read = vec![0; tables.len()];
        let (path, encoding) = (path.to_owned(), asked.encoding.map(Into::into));
        Ok(Self { name, tables, rows, read, path, encoding, book: Some(book), is_searched: false })
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

    /// The names of the columns that nobody knows, each once, with the known one that comes nearest.
    pub fn unknown_columns(&self, kinds: &Kinds) -> Vec<(Name, Option<Box<str>>)> {
        let mut seen = std::collections::HashSet::new();
        let names = self.tables.iter().flat_map(|table| table.unknown_columns().map(|name| (name, table.kind)));
        let names: Vec<(Name, usize)> = names.filter(|(name, _)| seen.insert(*name)).collect();
        let near = |(at, (name, kind)): (usize, (Name, usize))| {
            let near = (at < MOST_NEAR).then(|| recognise::nearest(&kinds.kinds[kind], &kinds.words, name));
            (name, near.flatten())
        };
        names.into_iter().enumerate().map(near).collect()
    }

    /// What the file itself amounts to where no row of it could be read.
    pub fn nothing(&self) -> Option<Fault> {
        let first = self.tables.first()?;
        (self.read.iter().sum::<u64>() == 0).then_some(Fault::NoRows { header_row: first.header_row })
    }

    /// Lets go of what is in memory until the file is read.
    pub fn close(&mut self) {
        self.book = None;
    }

    /// Reads the rows of the tables of one kind, brought together to households, until told to stop.
    ///
    /// A long file in which a household's rows stand apart ends with [`Fault::Scattered`]; read again with `keep`, it
    /// is kept in memory, packed, until its end. One in which another header stands further down ends with
    /// [`Fault::MoreTables`], and has more tables then.
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
        let is_relation = |relation: &str| values::is_relation(catalogue, relation);
        for (table, read) in self.tables.iter().zip(&mut self.read) {
            if table.kind == kind_at {
                *read = 0;
            }
        }
        let mut grouping = Grouping::new(&kinds.kinds[kind_at], &self.tables, catalogue, keep, send);
        let mut sheets: Vec<usize> = self.tables.iter().map(|table| table.sheet_index).collect();
        sheets.dedup();
        let mut another = None;
        for sheet in sheets {
            // Tables that stand below each other in one sheet are read in one go.
            let of_sheet = self.tables.iter().enumerate().filter(|(_, table)| table.sheet_index == sheet);
            let mut tables: Vec<(usize, Body<'_>)> =
                of_sheet.map(|(at, table)| (at, Body::new(table, kinds, &is_relation))).collect();
            if tables.iter().all(|(at, _)| self.tables[*at].kind != kind_at) {
                continue;
            }
            let mut outcome = Ok(ControlFlow::Continue(()));
            book.rows(sheet, &mut |row| {
                while tables.len() > 1 && self.tables[tables[1].0].first_row <= row.number {
                    tables.remove(0);
                }
                let (at, body) = &tables[0];
                match body.look(row) {
                    RowIs::Body if self.tables[*at].kind == kind_at => {
                        self.read[*at] += 1;
                        outcome = grouping.row(row, *at);
                    }
                    RowIs::Header if !self.is_searched => {
                        another = Some(sheet);
                        return ControlFlow::Break(());
                    }
                    _ => {}
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
            if another.is_some() {
                break;
            }
        }
        if another.is_some() {
            drop(grouping);
            self.tables = find::all_tables(&mut book, kinds, &self.tables, &is_relation)?;
            self.read = vec![0; self.tables.len()];
            (self.is_searched, self.book) = (true, Some(book));
            return Err(Fault::MoreTables);
        }
        // What the file took is given back before the last households are worked on.
        drop(book);
        grouping.finish();
        Ok(())
    }
}
