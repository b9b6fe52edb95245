//! Finding the lines that say something, on whatever sheets and in whatever columns they stand.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::fault::{BadSheet, Problem, Why};
use crate::domain::text::{fold, mask_digits};
use crate::exchange::harmless;
use crate::exchange::set::SetId;
use crate::exchange::table::book::Book;
use crate::exchange::table::row::RawRow;
use crate::exchange::workbook::answers::{Column, Columns};

/// The most lines with anything to say; a year of a large village has a tenth of it.
const MOST_LINES: usize = 200_000;

/// The most rows that are looked at, blank ones not counted.
const MOST_ROWS: usize = 2_000_000;

/// The longest text that a cell can hold.
const MOST_CHARS: usize = 32_767;

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The sets that are named anywhere, each once.
    pub sets: Vec<SetId>,
    /// Whether any table has the columns of answers.
    pub has_answers: bool,
    /// The lines that say something, in the order of the sheets.
    pub lines: Vec<Line>,
    /// Sheets with results and without keys.
    pub problems: Vec<Problem>,
}

/// A line with something in its columns for answers.
#[derive(Debug)]
pub(super) struct Line {
    pub sheet: Option<Arc<str>>,
    pub row: u32,
    pub key: String,
    pub result: String,
    pub reason: String,
    pub words: String,
    pub by: String,
    /// What else stands in it, by the names of the columns.
    pub cells: Vec<(String, String)>,
}

impl Found {
    /// The one set that is answered.
    pub fn set(&self, columns: &Columns) -> Result<SetId, BadSheet> {
        let [key, result] = [Column::Key, Column::Result].map(|column| Box::from(columns.name(column)));
        let has_columns = self.has_answers || !self.problems.is_empty();
        match self.sets[..] {
            [] if has_columns => Err(BadSheet::NoSet { column: columns.name(Column::Set).into() }),
            [] => Err(BadSheet::NotOurs { key, result }),
            [set] if has_columns => Ok(set),
            [set] => Err(BadSheet::NoAnswers { set, key, result }),
            [first, second, ..] => Err(BadSheet::TwoSets { first, second }),
        }
    }
}

/// Looks through all sheets, hidden ones too: a clerk who hides a sheet has not taken back what stands on it.
pub(super) fn find(book: &mut Book, columns: &Columns) -> Result<Found, BadSheet> {
    let mut found = Found::default();
    let mut rows = 0;
    for at in 0..book.sheets.len() {
        let sheet: Option<Arc<str>> = book.sheets[at].0.as_deref().map(Into::into);
        let mut header = Header::default();
        book.rows(at, &mut |row| {
            rows += 1;
            found.row(row, sheet.as_ref(), &mut header, columns);
            let enough = rows > MOST_ROWS || found.lines.len() > MOST_LINES;
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        if rows > MOST_ROWS || found.lines.len() > MOST_LINES {
            return Err(BadSheet::TooLarge("行数太多"));
        }
    }
    Ok(found)
}

impl Found {
    fn row(&mut self, row: &RawRow, sheet: Option<&Arc<str>>, header: &mut Header, columns: &Columns) {
        for set in row.cells().filter_map(|cell| set_id(cell.text)) {
            if !self.sets.contains(&set) && self.sets.len() < 2 {
                self.sets.push(set);
            }
        }
        let names: Vec<(u16, Column)> =
            row.cells().filter_map(|cell| Some((cell.column, columns.read(cell.text)?))).collect();
        let has = |column| names.iter().any(|(_, named)| *named == column);
        if has(Column::Result) && has(Column::Key) {
            // Again below another one where somebody put two sheets under each other.
            self.has_answers = true;
            let is_ours = |at: u16| names.iter().any(|(column, _)| *column == at);
            let others = row.cells().filter(|cell| !is_ours(cell.column));
            let others = others.map(|cell| (cell.column, fold(cell.text))).collect();
            *header = Header { names, others };
        } else if header.names.is_empty() && has(Column::Result) && names.len() > 1 {
            self.problems.push(Problem {
                sheet: sheet.cloned(),
                row: row.number,
                column: columns.name(Column::Result).into(),
                found: "".into(),
                why: Why::NoKeyColumn(columns.name(Column::Key).into()),
            });
        } else if !header.names.is_empty() {
            let illegible = |(at, column): &(u16, Column)| Some((row.cell(*at)?, *column));
            let illegible = header.names.iter().filter_map(illegible).find(|(cell, _)| !cell.kind.is_legible());
            if let Some((cell, column)) = illegible {
                let line = line(row, sheet, header);
                self.problems.push(line.problem(columns.name(column), cell.text, Why::NoText));
                return;
            }
            let line = line(row, sheet, header);
            let says = [&line.result, &line.reason, &line.words].iter().any(|text| !text.is_empty());
            if says {
                self.lines.push(line);
            }
        }
    }
}

/// The names of the columns of a sheet.
#[derive(Default)]
struct Header {
    /// Those by which answers are given and found again.
    names: Vec<(u16, Column)>,
    /// The others.
    others: Vec<(u16, String)>,
}

fn line(row: &RawRow, sheet: Option<&Arc<str>>, header: &Header) -> Line {
    let others = &header.others;
    let header = &header.names;
    let get = |column| {
        let cells = header.iter().filter(|(_, named)| *named == column).map(|(at, _)| row.get(*at));
        let text = harmless::read(cells.into_iter().find(|text| !text.is_empty()).unwrap_or_default());
        text.char_indices().nth(MOST_CHARS).map_or(text, |(end, _)| &text[..end]).to_owned()
    };
    // A second column of this name is the clerk's own count of rows.
    let keys = || header.iter().filter(|(_, named)| *named == Column::Key).map(|(at, _)| row.get(*at));
    let key = keys().find(|text| text.contains('件')).or_else(|| keys().find(|text| !text.is_empty()));
    Line {
        sheet: sheet.cloned(),
        row: row.number,
        key: key.unwrap_or_default().to_owned(),
        result: get(Column::Result),
        reason: get(Column::Reason),
        words: get(Column::Words),
        by: get(Column::By),
        cells: others.iter().map(|(at, name)| (name.clone(), harmless::read(row.get(*at)).to_owned())).collect(),
    }
}

/// The set that a cell names and nothing else.
fn set_id(text: &str) -> Option<SetId> {
    let shortest = "419999101201-000001-000001".len();
    // Most cells are told apart without a copy.
    (text.len() >= shortest && text.len() < 3 * shortest).then(|| fold(text).parse().ok())?
}

impl Line {
    /// A problem of this line in one of its columns.
    pub fn problem(&self, column: &str, found: &str, why: Why) -> Problem {
        let shown: String = found.chars().take(40).collect();
        Problem {
            sheet: self.sheet.clone(),
            row: self.row,
            column: column.into(),
            found: mask_digits(&shown).into(),
            why,
        }
    }
}
