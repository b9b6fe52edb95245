//! What the terminal shows, column by column, as far as it is known: what is there already need not be sent.

use ratatui::buffer::Cell;

use super::pen::Pen;
use crate::tui::text::width;

/// One column of the terminal.
#[derive(Clone, Debug, Default)]
pub(super) enum Column {
    /// Nobody knows what it shows.
    #[default]
    Unknown,
    /// A sign begins here.
    Sign(Cell),
    /// The second half of the sign before it.
    Second,
}

impl Column {
    fn blank() -> Self {
        Self::Sign(Cell::EMPTY)
    }

    /// The same style without the sign: what is left of a wide character.
    fn emptied(&self) -> Self {
        let Self::Sign(cell) = self else { return Self::Unknown };
        let mut cell = cell.clone();
        cell.set_symbol(" ");
        Self::Sign(cell)
    }

    fn is_plain_blank(&self) -> bool {
        matches!(self, Self::Sign(cell) if is_blank(cell) && Pen::of(cell).is_alike_on_blanks(Pen::default()))
    }

    /// Whether one sees the same in both.
    fn is_alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sign(one), Self::Sign(other)) => {
                let (pen, other_pen) = (Pen::of(one), Pen::of(other));
                one.symbol() == other.symbol()
                    && (pen == other_pen || is_blank(one) && pen.is_alike_on_blanks(other_pen))
            }
            (Self::Second, Self::Second) => true,
            _ => false,
        }
    }
}

/// Whether a cell shows nothing but its style.
pub(super) fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " "
}

/// How many columns a cell takes.
pub(super) fn columns_of(cell: &Cell) -> usize {
    width(cell.symbol()).max(1)
}

/// One line of the terminal.
#[derive(Clone, Debug)]
pub(super) struct Row {
    columns: Vec<Column>,
    /// Nothing was written behind these columns since the terminal was cleared.
    is_blank_beyond: bool,
}

impl Row {
    /// What is in a column.
    pub fn at(&self, x: usize) -> Column {
        match self.columns.get(x) {
            Some(column) => column.clone(),
            None if self.is_blank_beyond => Column::blank(),
            None => Column::Unknown,
        }
    }

    /// Puts a cell in; a sign of which one half is covered goes, as it does in the terminal.
    pub fn put(&mut self, x: usize, cell: &Cell) {
        let end = x + columns_of(cell);
        while self.columns.len() < end {
            self.columns.push(if self.is_blank_beyond { Column::blank() } else { Column::Unknown });
        }
        if let (Column::Second, Some(first)) = (&self.columns[x], x.checked_sub(1)) {
            self.columns[first] = self.columns[first].emptied();
        }
        if matches!(self.columns.get(end), Some(Column::Second)) {
            self.columns[end] = self.columns[end - 1].emptied();
        }
        self.columns[x] = Column::Sign(cell.clone());
        self.columns[x + 1..end].fill(Column::Second);
    }

    /// The first column from `from` on that does not show what it showed before, and is known.
    pub fn changed(&self, before: &Self, from: usize) -> Option<usize> {
        (from..self.columns.len()).find(|x| self.is_changed(before, *x))
    }

    /// The last such column.
    pub fn last_changed(&self, before: &Self) -> Option<usize> {
        (0..self.columns.len()).rfind(|x| self.is_changed(before, *x))
    }

    fn is_changed(&self, before: &Self, x: usize) -> bool {
        matches!(self.columns[x], Column::Sign(_)) && !self.columns[x].is_alike(&before.at(x))
    }

    /// From which column on the line is blank up to its end; none where that is not known.
    pub fn blank_from(&self) -> Option<usize> {
        let blanks = || self.columns.iter().rev().take_while(|column| column.is_plain_blank()).count();
        self.is_blank_beyond.then(|| self.columns.len() - blanks())
    }
}

/// All lines of the terminal.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    rows: Vec<Row>,
    /// Nothing was written below these rows since the terminal was cleared.
    is_blank_beyond: bool,
}

impl Shown {
    /// A terminal that was cleared.
    pub const fn blank() -> Self {
        Self { rows: Vec::new(), is_blank_beyond: true }
    }

    /// A terminal of which nothing is known.
    pub const fn unknown() -> Self {
        Self { rows: Vec::new(), is_blank_beyond: false }
    }

    /// One line.
    pub fn row(&self, y: usize) -> Row {
        let untouched = || Row { columns: Vec::new(), is_blank_beyond: self.is_blank_beyond };
        self.rows.get(y).cloned().unwrap_or_else(untouched)
    }

    /// Puts a line in the place of what was known of it.
    pub fn set(&mut self, y: usize, row: Row) {
        while self.rows.len() <= y {
            self.rows.push(Row { columns: Vec::new(), is_blank_beyond: self.is_blank_beyond });
        }
        self.rows[y] = row;
    }
}
