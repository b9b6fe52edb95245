//! One table of a file: where it stands, which kind of roster it is, and what each of its columns is for.

use crate::domain::{Name, PartialDate};

use super::kinds::{SlotIx, Use};

/// A table that was recognised.
#[derive(Clone, Debug)]
pub struct Table {
    /// The sheet's name; none in a file without sheets.
    pub sheet: Option<String>,
    /// The place in its file of the sheet with its rows.
    pub sheet_index: usize,
    /// The kind of roster, by its place in [`Kinds::kinds`].
    pub kind: usize,
    /// The last row of the header, as a spreadsheet counts it.
    pub header_row: u32,
    /// The first row below the header.
    pub first_row: u32,
    /// Whether a bare number of days is counted from 1904.
    pub from_1904: bool,
    /// The day of which the table speaks, where a note above the header says it.
    pub as_of: Option<PartialDate>,
    /// What each column is for.
    pub columns: Vec<Column>,
    /// Whether the table has a column for a slot.
    pub says: Vec<bool>,
    /// The columns by which rows are told apart.
    pub keys: Keys,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name as it stands, without white space; a column without one is named by its letters.
    pub name: Name,
    /// Whether it has no name, and was given one.
    pub nameless: bool,
    /// What it is for; none where nobody knows it, and it is kept as it stands.
    pub used: Option<Use>,
    /// Whether it speaks of the household, so that its cells repeat on each row.
    pub of_household: bool,
    /// By how many places the point of its numbers moves to come to the field's unit.
    pub shift: i8,
    /// The unit for whose sake it is not taken for the field that its name means, and the unit that it should have.
    pub unlike: Option<(Box<str>, Box<str>)>,
}

/// The columns by which rows are told apart, where the table has them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys {
    /// 户编号
    pub household: Option<u16>,
    /// 人编号
    pub person: Option<u16>,
    /// 姓名
    pub name: Option<u16>,
    /// 证件号码
    pub id_number: Option<u16>,
    /// 与户主关系
    pub relation: Option<u16>,
    /// 村民小组 or 自然村
    pub group: Option<u16>,
    /// 户主
    pub head: Option<u16>,
}

pub(super) fn nameless(at: u16) -> Column {
    let name = Name::new(&format!("{}列(无列名)", letters(at)));
    Column { name, nameless: true, used: None, of_household: false, shift: 0, unlike: None }
}

/// A column as a spreadsheet calls it: A, B, …, Z, AA, ….
pub fn letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

impl Table {
    /// What a column is for; none where nobody knows it.
    pub fn used(&self, column: u16) -> Option<Use> {
        self.columns.get(usize::from(column)).and_then(|column| column.used)
    }

    /// Whether a column is not taken for its field for the sake of its unit.
    pub fn is_unlike(&self, column: u16) -> bool {
        self.columns.get(usize::from(column)).is_some_and(|column| column.unlike.is_some())
    }

    /// By how many places the point of a column's numbers moves.
    pub fn shift(&self, column: u16) -> i8 {
        self.columns.get(usize::from(column)).map_or(0, |column| column.shift)
    }

    /// The name of a column.
    pub fn column_name(&self, column: u16) -> Name {
        self.columns.get(usize::from(column)).map_or_else(|| nameless(column).name, |column| column.name)
    }

    /// The column of a slot, where the table has one.
    pub fn column_of(&self, slot: SlotIx) -> Option<u16> {
        let at = self.columns.iter().position(|column| match column.used {
            Some(Use::Field(used)) => used == slot,
            Some(Use::OfHead { head, other }) => head == slot || other == Some(slot),
            _ => false,
        })?;
        Some(at as u16)
    }

    /// The names of the columns that nobody knows.
    pub fn unknown_columns(&self) -> impl Iterator<Item = Name> + '_ {
        self.columns.iter().filter(|column| column.used.is_none() && !column.nameless).map(|column| column.name)
    }
}
