//! The tables of a file: those at the top of its sheets, those that go on in the next one, those further down.

use std::collections::VecDeque;
use std::ops::ControlFlow;

use crate::exchange::table::Fault;
use crate::exchange::table::book::Book;
use crate::exchange::table::row::RawRow;

use super::body::{Body, RowIs};
use super::kinds::Kinds;
use super::recognise::{ROWS_ABOVE, Sight, recognise};
use super::table::Table;

/// How many rows beside a header that stands further down may be part of it.
const BESIDE: usize = 2;

/// The rosters among a file's sheets; hidden sheets count where no visible one is a roster, or where one is asked for.
pub fn tables(book: &mut Book, kinds: &Kinds, asked: Option<&str>) -> Result<Vec<Table>, Fault> {
    let mut other = None;
    for visible in [true, false] {
        let mut tables: Vec<Table> = Vec::new();
        // The table whose header is the last that stands in the sheet before.
        let mut headless: Option<Table> = None;
        for at in 0..book.sheets.len() {
            let (name, is_visible) = book.sheets[at].clone();
            let is_asked = asked.is_none_or(|asked| name.as_deref().is_some_and(|name| name.trim() == asked.trim()));
            if !is_asked || asked.is_none() && is_visible != visible {
                continue;
            }
            let mut first_rows: Vec<RawRow> = Vec::new();
            book.rows(at, &mut |row| {
                first_rows.push(row.clone());
                if first_rows.len() < ROWS_ABOVE { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            match recognise(kinds, name.as_deref(), at, &first_rows) {
                Sight::Table(mut table) => {
                    table.from_1904 = book.from_1904;
                    let ends = first_rows.iter().all(|row| row.number <= table.header_row);
                    headless = (ends && book.is_page).then(|| (*table).clone());
                    tables.push(*table);
                }
                Sight::Other(what) => other = other.or(Some(what)),
                // A page may have the header in one table and the rows in the next ones.
                Sight::Nothing => {
                    if let Some(header) = headless.as_ref().filter(|_| !first_rows.is_empty()) {
                        tables.push(Table { sheet_index: at, first_row: 1, ..header.clone() });
                    }
                }
            }
        }
        if !tables.is_empty() {
            return Ok(tables);
        }
    }
    if let Some(asked) = asked {
        return Err(Fault::NoSheet(asked.into()));
    }
    Err(other.map_or(Fault::NoHeader { encoding: book.guessed, wanted: kinds.wanted }, Fault::Other))
}

/// The tables of a file with those whose headers stand below the rows of others.
pub fn all_tables(
    book: &mut Book,
    kinds: &Kinds,
    known: &[Table],
    is_relation: &dyn Fn(&str) -> bool,
) -> Result<Vec<Table>, Fault> {
    let mut all = Vec::new();
    for first in known {
        let mut found = vec![first.clone()];
        // The rows around the one that is looked at, which is the first behind those that went by.
        let mut around: VecDeque<RawRow> = VecDeque::new();
        let mut gone = 0;
        let look = |around: &VecDeque<RawRow>, gone: usize, found: &mut Vec<Table>| {
            let current = &found[found.len() - 1];
            let Some(row) = around.get(gone) else { return };
            if Body::new(current, kinds, is_relation).look(row) != RowIs::Header {
                return;
            }
            let rows: Vec<RawRow> = around.iter().filter(|row| row.number > current.header_row).cloned().collect();
            if let Sight::Table(table) = recognise(kinds, first.sheet.as_deref(), first.sheet_index, &rows) {
                let is_new = table.header_row > current.header_row && table.header_row + 1 >= row.number;
                if is_new {
                    found.push(Table { from_1904: first.from_1904, as_of: table.as_of.or(first.as_of), ..*table });
                }
            }
        };
        book.rows(first.sheet_index, &mut |row| {
            around.push_back(row.clone());
            if around.len() > gone + BESIDE {
                look(&around, gone, &mut found);
                if gone < BESIDE {
                    gone += 1;
                } else {
                    around.pop_front();
                }
            }
            ControlFlow::Continue(())
        })?;
        while gone < around.len() {
            look(&around, gone, &mut found);
            gone += 1;
        }
        all.append(&mut found);
    }
    Ok(all)
}
