//! What a card is made of, for whoever prints or shows it.

use chrono::NaiveDate;

use crate::domain::PartialDate;

/// A card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// 户编号, or the village's own number.
    pub number: String,
    /// Such as 2022年度监测对象明白卡.
    pub title: String,
    /// The village.
    pub village: String,
    /// Group and house number, as far as they are known.
    pub place: String,
    /// The head's name, where there is one head.
    pub head: Cell,
    /// The parts, in order.
    pub parts: Vec<Part>,
    /// The policy file's name.
    pub policy: String,
    /// The day of the card.
    pub day: NaiveDate,
    /// The paper that hangs on the wall.
    pub wall: Wall,
}

/// A part of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub label: Box<str>,
    /// A table, where it has one.
    pub table: Option<Table>,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A line of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it speaks of.
    pub label: Box<str>,
    /// What it says.
    pub cell: Cell,
    /// Whether it needs the whole width.
    pub wide: bool,
}

/// A table of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The names of its columns.
    pub columns: Vec<Box<str>>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// What is wrong with it as a whole.
    pub mark: Option<Mark>,
}

/// What stands at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The words; none where it is unknown.
    pub text: Option<String>,
    /// What is wrong with it.
    pub mark: Option<Mark>,
}

/// What is wrong with something on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Nobody has confirmed it for too long.
    Stale,
    /// It belongs on a card, and the file does not know it, or not all of it.
    Missing,
}

/// The paper on the wall, by what the file says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wall {
    /// The year that the paper is of.
    pub year: Option<i32>,
    /// When it was put up.
    pub posted_on: Option<PartialDate>,
    /// Whether it says less than the file, being of another year or older than a change; none where nobody knows.
    pub outdated: Option<bool>,
}

impl Cell {
    pub(super) fn known(text: String) -> Self {
        Self { text: Some(text), mark: None }
    }

    /// Words that leave something open.
    pub(super) fn in_part(text: String) -> Self {
        Self { text: Some(text), mark: Some(Mark::Missing) }
    }
}

impl Card {
    /// How many places have this mark.
    pub fn count(&self, mark: Mark) -> usize {
        let of_part = |part: &Part| {
            let rows = part.table.iter().flat_map(|table| table.rows.iter().flatten().map(|cell| cell.mark));
            let tables = part.table.iter().map(|table| table.mark);
            let lines = part.lines.iter().map(|line| line.cell.mark);
            rows.chain(tables).chain(lines).filter(|found| *found == Some(mark)).count()
        };
        self.parts.iter().map(of_part).sum::<usize>() + usize::from(self.head.mark == Some(mark))
    }
}
