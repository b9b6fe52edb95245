//! One row of a table as text, whatever file it stood in.

use std::fmt::Write;

use crate::domain::text::{clean, visible};

/// A row: its cells from left to right, blank ones left out, in one piece of text that is used again.
#[derive(Clone, Debug, Default)]
pub struct RawRow {
    /// The row as a spreadsheet counts it, from 1.
    pub number: u32,
    text: String,
    cells: Vec<CellRef>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct CellRef {
    pub(super) column: u16,
    pub(super) kind: CellKind,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// What a cell was in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CellKind {
    /// Text.
    Text,
    /// A number, which a spreadsheet keeps to some fifteen digits.
    Number,
    /// A date, printed as ISO.
    Date,
    /// A formula's error.
    Error,
    /// Text with bytes in it that are none.
    Unreadable,
}

/// One cell of a row.
#[derive(Clone, Copy, Debug)]
pub struct RawCell<'a> {
    /// The column, counted from 0.
    pub column: u16,
    /// What it was.
    pub kind: CellKind,
    /// Its text, cleaned and not empty.
    pub text: &'a str,
}

impl RawRow {
    /// Empties the row for the next one.
    pub fn start(&mut self, number: u32) {
        self.number = number;
        self.text.clear();
        self.cells.clear();
    }

    /// Adds a cell to the right of those before; one without text is left out.
    pub fn push(&mut self, column: u32, kind: CellKind, text: &str) {
        let text = visible(clean(text));
        if !text.is_empty() {
            let start = self.text.len();
            self.text.push_str(&text);
            self.close_cell(column, kind, start);
        }
    }

    /// Adds a number as it would be typed: whole ones without a point, none with an exponent.
    pub fn push_number(&mut self, column: u32, number: f64) {
        let start = self.text.len();
        // Writing to a string cannot fail.
        let _ = if number.fract() == 0.0 {
            write!(self.text, "{number}")
        } else {
            // A spreadsheet shows fifteen digits; what lies beyond is noise of the binary number.
            let shown = format!("{number:.14e}").parse().unwrap_or(number);
            write!(self.text, "{shown}")
        };
        self.close_cell(column, CellKind::Number, start);
    }

    fn close_cell(&mut self, column: u32, kind: CellKind, start: usize) {
        // No format has more than 16,384 columns, and no row comes near four thousand million bytes.
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        self.cells.push(CellRef { column, kind, start: start as u32, end: self.text.len() as u32 });
    }

    /// The cells, from left to right.
    pub fn cells(&self) -> impl DoubleEndedIterator<Item = RawCell<'_>> {
        self.cells.iter().map(|cell| self.resolve(cell))
    }

    /// The text in a column; empty where there is none.
    pub fn get(&self, column: u16) -> &str {
        self.cell(column).map_or("", |cell| cell.text)
    }

    /// The cell in a column.
    pub fn cell(&self, column: u16) -> Option<RawCell<'_>> {
        let at = self.cells.binary_search_by_key(&column, |cell| cell.column).ok()?;
        Some(self.resolve(&self.cells[at]))
    }

    /// How many cells hold anything.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether nothing stands in the row.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    fn resolve(&self, cell: &CellRef) -> RawCell<'_> {
        RawCell { column: cell.column, kind: cell.kind, text: &self.text[cell.start as usize..cell.end as usize] }
    }

    /// Appends the row to bytes, to be read back by [`unpack`](Self::unpack).
    pub(super) fn pack(&self, into: &mut Vec<u8>) {
        into.extend(self.number.to_le_bytes());
        into.extend((self.cells.len() as u32).to_le_bytes());
        into.extend((self.text.len() as u32).to_le_bytes());
        for cell in &self.cells {
            into.extend(cell.column.to_le_bytes());
            into.push(cell.kind as u8);
            into.extend(cell.start.to_le_bytes());
            into.extend(cell.end.to_le_bytes());
        }
        into.extend(self.text.as_bytes());
    }

    /// Reads a row that [`pack`](Self::pack) wrote, and returns the bytes behind it; none where there is no whole row.
    pub(super) fn unpack<'a>(&mut self, from: &'a [u8]) -> Option<&'a [u8]> {
        let (number, rest) = take_u32(from)?;
        let (cells, rest) = take_u32(rest)?;
        let (length, mut rest) = take_u32(rest)?;
        self.start(number);
        for _ in 0..cells {
            let (column, tail) = rest.split_first_chunk::<2>()?;
            let (kind, tail) = tail.split_first()?;
            let kind = [CellKind::Text, CellKind::Number, CellKind::Date, CellKind::Error, CellKind::Unreadable]
                [usize::from(*kind)];
            let (start, tail) = take_u32(tail)?;
            let (end, tail) = take_u32(tail)?;
            self.cells.push(CellRef { column: u16::from_le_bytes(*column), kind, start, end });
            rest = tail;
        }
        let (text, rest) = rest.split_at_checked(length as usize)?;
        self.text.push_str(std::str::from_utf8(text).ok()?);
        Some(rest)
    }
}

fn take_u32(from: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = from.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*number), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(number: f64) -> String {
        let mut row = RawRow::default();
        row.push_number(0, number);
        row.get(0).to_owned()
    }

    #[test]
    fn numbers_are_printed_as_they_would_be_typed() {
        for (number, text) in [
            (3.0, "3"),
            (13_574_911_862.0, "13574911862"),
            (4.199_991_980_042_68e17, "419999198004268000"),
            (23_450.67, "23450.67"),
            (0.1 + 0.2, "0.3"),
            (-12.5, "-12.5"),
        ] {
            assert_eq!(printed(number), text);
        }
    }

    #[test]
    fn a_packed_row_comes_back() {
        let mut row = RawRow::default();
        row.start(7);
        row.push(2, CellKind::Text, " '张三\t");
        row.push(3, CellKind::Text, "  ");
        row.push_number(9, 2.0);
        let mut bytes = Vec::new();
        row.pack(&mut bytes);
        bytes.push(1);
        let mut back = RawRow::default();
        assert_eq!(back.unpack(&bytes), Some(&[1][..]));
        assert_eq!((back.number, back.len(), back.get(2), back.get(9)), (7, 2, "张三", "2"));
        assert_eq!(back.cell(9).unwrap().kind, CellKind::Number);
        assert!(RawRow::default().unpack(&bytes[..bytes.len() - 2]).is_none());
    }
}
