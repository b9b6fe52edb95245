//! One row of a table as text, whatever file it stood in.

use std::fmt::Write;

use crate::domain::limits;
use crate::domain::text::{clean, visible};

use super::cell::{is_error, plain};

/// A row: its cells from left to right, blank ones left out, in one piece of text that is used again.
#[derive(Clone, Debug, Default)]
pub struct RawRow {
    /// The row as a spreadsheet counts it, from 1.
    pub number: u32,
    text: String,
    cells: Vec<CellRef>,
    /// How many of the cells came after one to their right.
    astray: usize,
    /// How many of the cells are a merged one that stretches over the row from above.
    spanned: usize,
}

/// Where a cell stands, and where its text lies.
#[derive(Clone, Copy, Debug)]
pub(in crate::exchange) struct CellRef {
    pub(in crate::exchange) column: u16,
    pub(in crate::exchange) kind: CellKind,
    pub(in crate::exchange) spanned: bool,
    pub(in crate::exchange) start: u32,
    pub(in crate::exchange) end: u32,
}

/// What a cell's number format makes visible of a number: at least so many digits before the point and behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Before the point, with zeros in front.
    pub whole: u8,
    /// Behind the point.
    pub decimals: u8,
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
    /// A formula whose result nobody worked out; the text is the formula.
    Unsolved,
    /// More text than is let in; what stands here is its beginning.
    TooLong,
}

/// How many characters are kept of a text that is too long.
const SHOWN: usize = 40;

impl CellKind {
    const ALL: [Self; 7] =
        [Self::Text, Self::Number, Self::Date, Self::Error, Self::Unreadable, Self::Unsolved, Self::TooLong];

    /// The bit beside the kind of a packed cell that is spanned.
    const SPANNED: u8 = 0x80;

    /// Whether something stands there that anybody can read.
    pub fn is_legible(self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Date)
    }
}

/// One cell of a row.
#[derive(Clone, Copy, Debug)]
pub struct RawCell<'a> {
    /// The column, counted from 0.
    pub column: u16,
    /// What it was.
    pub kind: CellKind,
    /// Whether it is a merged one that stretches over the row from above.
    pub spanned: bool,
    /// Its text, cleaned and not empty.
    pub text: &'a str,
}

impl RawRow {
    /// Empties the row for the next one.
    pub fn start(&mut self, number: u32) {
        self.number = number;
        self.text.clear();
        self.cells.clear();
        (self.astray, self.spanned) = (0, 0);
    }

    /// Adds a cell; one without text is left out.
    pub fn push(&mut self, column: u32, kind: CellKind, text: &str) {
        let text = plain(text);
        let text = visible(clean(&text));
        if !text.is_empty() {
            let kind = if kind == CellKind::Text && is_error(&text) { CellKind::Error } else { kind };
            let start = self.text.len();
            let (kind, text) = match text.len() > limits::TEXT {
                true => (CellKind::TooLong, text.char_indices().nth(SHOWN).map_or(&*text, |(end, _)| &text[..end])),
                false => (kind, &*text),
            };
            self.text.push_str(text);
            self.close_cell(column, kind, false, start);
        }
    }

    /// Adds a number as it is shown: whole ones without a point, none with an exponent.
    pub fn push_number(&mut self, column: u32, number: f64, places: Places) {
        let start = self.text.len();
        // Writing to a string cannot fail.
        let _ = if number.fract() == 0.0 {
            write!(self.text, "{number:0width$}", width = usize::from(places.whole))
        } else {
            // A spreadsheet shows fifteen digits; what lies beyond is noise of the binary number.
            let shown: f64 = format!("{number:.14e}").parse().unwrap_or(number);
            let decimals = usize::from(places.decimals);
            write!(self.text, "{shown}").and_then(|()| {
                let point = self.text[start..].find('.').map_or(0, |point| self.text.len() - start - point - 1);
                let missing = if point == 0 { 0 } else { decimals.saturating_sub(point) };
                (0..missing).try_for_each(|_| self.text.write_char('0'))
            })
        };
        self.close_cell(column, CellKind::Number, false, start);
    }

    /// Puts a merged cell that stretches over the row into the column where it begins.
    pub(super) fn span(&mut self, column: u16, kind: CellKind, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.close_cell(column.into(), kind, true, start);
    }

    fn close_cell(&mut self, column: u32, kind: CellKind, spanned: bool, start: usize) {
        // No format has more than 16,384 columns, and no row comes near four thousand million bytes.
        let column = u16::try_from(column).unwrap_or(u16::MAX);
        self.astray += usize::from(self.cells.last().is_some_and(|last| last.column >= column));
        self.spanned += usize::from(spanned);
        self.cells.push(CellRef { column, kind, spanned, start: start as u32, end: self.text.len() as u32 });
    }

    /// Brings the cells into the order of their columns; of two in one column the later one stays.
    pub fn settle(&mut self) {
        if self.astray > 0 {
            self.astray = 0;
            self.cells.reverse();
            self.cells.sort_by_key(|cell| cell.column);
            self.cells.dedup_by_key(|cell| cell.column);
        }
    }

    /// How many cells are its own, rather than merged ones that stretch over it.
    pub fn own(&self) -> usize {
        self.cells.len() - self.spanned
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

    /// The cell that was added last to a column, before the row is in order.
    pub(super) fn last_in(&self, column: u16) -> Option<RawCell<'_>> {
        if self.astray == 0 {
            return self.cell(column);
        }
        self.cells.iter().rev().find(|cell| cell.column == column).map(|cell| self.resolve(cell))
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
        RawCell {
            column: cell.column,
            kind: cell.kind,
            spanned: cell.spanned,
            text: &self.text[cell.start as usize..cell.end as usize],
        }
    }

    /// Appends the row to bytes, to be read back by [`unpack`](Self::unpack).
    pub(in crate::exchange) fn pack(&self, into: &mut Vec<u8>) {
        into.extend(self.number.to_le_bytes());
        into.extend((self.cells.len() as u32).to_le_bytes());
        into.extend((self.text.len() as u32).to_le_bytes());
        for cell in &self.cells {
            into.extend(cell.column.to_le_bytes());
            into.push(cell.kind as u8 | if cell.spanned { CellKind::SPANNED } else { 0 });
            into.extend(cell.start.to_le_bytes());
            into.extend(cell.end.to_le_bytes());
        }
        into.extend(self.text.as_bytes());
    }

    /// Reads a row that [`pack`](Self::pack) wrote, and returns the bytes behind it; none where there is no whole row.
    pub(in crate::exchange) fn unpack<'a>(&mut self, from: &'a [u8]) -> Option<&'a [u8]> {
        let (number, rest) = take_u32(from)?;
        let (cells, rest) = take_u32(rest)?;
        let (length, mut rest) = take_u32(rest)?;
        self.start(number);
        for _ in 0..cells {
            let (column, tail) = rest.split_first_chunk::<2>()?;
            let (packed, tail) = tail.split_first()?;
            let kind = *CellKind::ALL.get(usize::from(packed & !CellKind::SPANNED))?;
            let spanned = packed & CellKind::SPANNED != 0;
            self.spanned += usize::from(spanned);
            let (start, tail) = take_u32(tail)?;
            let (end, tail) = take_u32(tail)?;
            self.cells.push(CellRef { column: u16::from_le_bytes(*column), kind, spanned, start, end });
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

    fn printed(number: f64, places: Places) -> String {
        let mut row = RawRow::default();
        row.push_number(0, number, places);
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
            assert_eq!(printed(number, Places::default()), text);
        }
        for (number, whole, decimals, text) in
            [(2022.1, 1, 2, "2022.10"), (12_000.0, 1, 2, "12000"), (2.0, 2, 0, "02"), (1234.567, 1, 2, "1234.567")]
        {
            assert_eq!(printed(number, Places { whole, decimals }), text);
        }
    }

    #[test]
    fn cells_in_any_order_are_found() {
        let mut row = RawRow::default();
        row.start(1);
        for (column, text) in [(4, "四"), (2, "二"), (0, "零"), (2, "二改")] {
            row.push(column, CellKind::Text, text);
        }
        row.span(1, CellKind::Text, "一");
        row.settle();
        let cells: Vec<(u16, &str)> = row.cells().map(|cell| (cell.column, cell.text)).collect();
        assert_eq!(cells, [(0, "零"), (1, "一"), (2, "二改"), (4, "四")]);
        assert_eq!(row.own(), 3);
    }

    #[test]
    fn a_packed_row_comes_back() {
        let mut row = RawRow::default();
        row.start(7);
        row.push(2, CellKind::Text, " '张三\t");
        row.push(3, CellKind::Text, "  ");
        row.push_number(9, 2.0, Places::default());
        row.span(11, CellKind::Date, "2022-10-08");
        let mut bytes = Vec::new();
        row.pack(&mut bytes);
        bytes.push(1);
        let mut back = RawRow::default();
        assert_eq!(back.unpack(&bytes), Some(&[1][..]));
        assert_eq!((back.number, back.len(), back.get(2), back.get(9)), (7, 3, "张三", "2"));
        assert_eq!(back.cell(9).unwrap().kind, CellKind::Number);
        assert!(back.cell(11).unwrap().spanned && back.own() == 2);
        assert!(RawRow::default().unpack(&bytes[..bytes.len() - 2]).is_none());
    }
}
