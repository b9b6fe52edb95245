//! The columns that the conditions of all checks need of each kind of row, each once.

use crate::catalogue::FieldKind;
use crate::domain::Name;

use super::condition::Source;
use super::rows::Rows;

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// A fact, by its place among the facts of its rows.
    Fact(Rows, usize),
    /// A field.
    Field(Name, Name, FieldKind),
    /// Whether a field's words contain these.
    Contains(Name, Name, Box<str>),
}

/// The columns of each kind of row; the facts come first, in their order.
#[derive(Clone, Debug)]
pub struct Columns {
    of: [Vec<Column>; Rows::ALL.len()],
}

impl Default for Columns {
    fn default() -> Self {
        Self { of: Rows::ALL.map(|rows| (0..rows.facts().len()).map(|at| Column::Fact(rows, at)).collect()) }
    }
}

impl Columns {
    /// The columns of these rows.
    pub fn of(&self, rows: Rows) -> &[Column] {
        &self.of[rows as usize]
    }

    /// The column behind a source.
    pub fn at(&self, source: Source) -> Option<&Column> {
        self.of(source.rows).get(source.column)
    }

    /// Where a column is found, made where nobody asked for it before.
    pub(super) fn put(&mut self, rows: Rows, column: Column) -> Source {
        let columns = &mut self.of[rows as usize];
        let at = columns.iter().position(|known| *known == column).unwrap_or_else(|| {
            columns.push(column);
            columns.len() - 1
        });
        Source { rows, column: at }
    }
}

impl Column {
    /// The fact of the household that it is, by its place.
    pub fn household_fact(&self) -> Option<usize> {
        if let Self::Fact(Rows::Household, at) = self { Some(*at) } else { None }
    }

    /// The fields out of which it comes.
    pub fn fields(&self) -> Vec<(Name, Name)> {
        match self {
            Self::Field(section, field, _) | Self::Contains(section, field, _) => vec![(*section, *field)],
            Self::Fact(rows, at) => {
                let reads = rows.facts().get(*at).map_or(&[][..], |fact| fact.reads);
                let pair = |path: &&str| path.split_once('.').map(|(a, b)| (Name::new(a), Name::new(b)));
                reads.iter().filter_map(pair).collect()
            }
        }
    }
}
