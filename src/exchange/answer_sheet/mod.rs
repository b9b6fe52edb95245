//! The clerk's workbook as it comes back: what the county says became of each change.
//!
//! It is read by the names of its columns and by the keys of its lines, so rows may be sorted, filtered, hidden or pasted
//! together, columns moved or taken out, and the file saved as something else. A line whose result is blank is no
//! answer. What cannot be meant (a key that the set does not have, two answers to one change, a result that belongs to
//! nothing) refuses the whole, so that nothing is half taken in; what only lacks something (a refusal without a reason)
//! is told of and left out.

mod expected;
mod fault;
mod limits;
mod lines;
mod settle;

use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::changes::Verdict;
use crate::domain::VillageCode;
use crate::exchange::set::SetId;
use crate::exchange::sheet::Sheet;
use crate::exchange::table::book::Book;
use crate::exchange::table::source::Source;
use crate::exchange::workbook::Layout;

pub use fault::{BadSheet, Problem, Why};

/// What a sheet of answers is held against.
pub struct Asked<'a> {
    /// The village whose answers they should be; none takes those of any.
    pub village: Option<VillageCode>,
    /// How many changes an act in the set's workbook has that can be answered; none where it holds no such act. It holds
    /// those of the run that are not held, and those of earlier runs that the run releases.
    pub parts: &'a dyn Fn(SetId, u64) -> Option<u32>,
    /// What stands in the rows of the set's workbook, as it went out; empty where nobody can tell.
    pub rows: &'a dyn Fn(SetId) -> Vec<Sheet>,
    /// The columns of the workbook.
    pub layout: &'a Layout,
    /// The lists of results and reasons.
    pub catalogue: &'a Catalogue,
}

/// What a sheet of answers says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The set that is answered.
    pub set: SetId,
    /// An answer a change, in the order of acts and parts.
    pub answers: Vec<Answer>,
    /// What was left out, and why.
    pub problems: Vec<Problem>,
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The change and what became of it; `part` is none only for an act that changes no field.
    pub verdict: Verdict,
    /// Who dealt with it, where that is written.
    pub by: Option<Box<str>>,
    /// The sheet it stands on; none in a file without sheets.
    pub sheet: Option<Arc<str>>,
    /// The row, as a spreadsheet counts it.
    pub row: u32,
}

impl Answered {
    /// The verdicts in as few words as possible: acts of which everything is said alike are spoken of as a whole.
    pub fn verdicts(&self, parts: &dyn Fn(SetId, u64) -> Option<u32>) -> Vec<Verdict> {
        settle::in_short(self.answers.iter().map(|answer| &answer.verdict), &|act| parts(self.set, act))
    }
}

/// Reads a filled-in workbook, in whatever format it was saved.
pub fn read(bytes: &[u8], asked: &Asked<'_>) -> Result<Answered, BadSheet> {
    limits::check(bytes)?;
    let mut book = Book::open(Source::Bytes(bytes.into()), None)?;
    let found = lines::find(&mut book, &asked.layout.answer)?;
    let set = found.set(&asked.layout.answer)?;
    if let Some(expected) = asked.village.filter(|village| *village != set.village) {
        return Err(BadSheet::OtherVillage { expected, found: set });
    }
    settle::settle(set, found, asked)
}
