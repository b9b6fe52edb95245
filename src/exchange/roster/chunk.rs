//! Rows of whole households, packed to be handed from the thread that reads to the one that understands.

use super::table::Table;
use crate::exchange::table::row::{CellRef, RawCell, RawRow};

/// Some households' rows. Cells of the household that repeat on each of its rows stand on the first one only.
#[derive(Debug, Default)]
pub struct Chunk {
    text: String,
    cells: Vec<CellRef>,
    rows: Vec<ChunkRow>,
    households: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct ChunkRow {
    number: u32,
    table: u16,
    first_cell: u32,
}

/// The rows of one household.
#[derive(Clone, Copy, Debug)]
pub struct RawHousehold<'a> {
    chunk: &'a Chunk,
    rows: (u32, u32),
}

/// A row within a chunk.
#[derive(Clone, Copy, Debug)]
pub struct PackedRow<'a> {
    /// The row as a spreadsheet counts it.
    pub number: u32,
    /// The table, by its place among the tables of its file.
    pub table: usize,
    text: &'a str,
    cells: &'a [CellRef],
}

impl Chunk {
    /// The households, in the order of their first rows.
    pub fn households(&self) -> impl Iterator<Item = RawHousehold<'_>> {
        let ends = self.households.iter().skip(1).copied().chain([self.rows.len() as u32]);
        self.households.iter().zip(ends).map(|(from, to)| RawHousehold { chunk: self, rows: (*from, to) })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl<'a> RawHousehold<'a> {
    /// The rows, as they stood.
    pub fn rows(&self) -> impl Iterator<Item = PackedRow<'a>> {
        let chunk = self.chunk;
        (self.rows.0..self.rows.1).map(move |at| {
            let row = chunk.rows[at as usize];
            let end = chunk.rows.get(at as usize + 1).map_or(chunk.cells.len(), |next| next.first_cell as usize);
            let cells = &chunk.cells[row.first_cell as usize..end];
            PackedRow { number: row.number, table: row.table.into(), text: &chunk.text, cells }
        })
    }
}

impl<'a> PackedRow<'a> {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cells, from left to right.
    pub fn cells(&self) -> impl Iterator<Item = RawCell<'a>> {
        let text = self.text;
        self.cells.iter().map(move |cell| RawCell {
            column: cell.column,
            kind: cell.kind,
            spanned: cell.spanned,
            text: &text[cell.start as usize..cell.end as usize],
        })
    }
}

/// Puts chunks together.
#[derive(Debug, Default)]
pub struct Packer {
    chunk: Chunk,
    /// Where the first row of the household has the cell of each column.
    first_row: Vec<(u32, u32)>,
    first_table: usize,
}

/// The text at which a chunk is full.
const FULL: usize = 256 * 1024;

impl Packer {
    /// The chunk, where it is full; to be called between households.
    pub fn take_if_full(&mut self) -> Option<Chunk> {
        (self.chunk.text.len() >= FULL).then(|| self.take())
    }

    /// The chunk as far as it is.
    pub fn take(&mut self) -> Chunk {
        let capacity = |of: usize| of + of / 4;
        let next = Chunk {
            text: String::with_capacity(capacity(self.chunk.text.len())),
            cells: Vec::with_capacity(capacity(self.chunk.cells.len())),
            rows: Vec::with_capacity(capacity(self.chunk.rows.len())),
            households: Vec::with_capacity(capacity(self.chunk.households.len())),
        };
        std::mem::replace(&mut self.chunk, next)
    }

    /// Begins a household; the next rows are its own.
    pub fn begin(&mut self) {
        self.chunk.households.push(self.chunk.rows.len() as u32);
        self.first_row.clear();
    }

    /// Adds a row of the household.
    pub fn add(&mut self, row: &RawRow, table: &Table, table_at: usize) {
        let first_cell = self.chunk.cells.len() as u32;
        self.chunk.rows.push(ChunkRow { number: row.number, table: table_at as u16, first_cell });
        let is_first = self.first_row.is_empty();
        if is_first {
            self.first_row.resize(table.columns.len(), (0, 0));
            self.first_table = table_at;
        }
        let repeats = !is_first && self.first_table == table_at;
        for cell in row.cells() {
            let column = usize::from(cell.column);
            let of_household = table.columns.get(column).is_some_and(|column| column.of_household);
            // What nobody can read is told of cell by cell.
            if of_household && repeats && cell.kind.is_legible() {
                let (start, end) = self.first_row[column];
                if self.chunk.text[start as usize..end as usize] == *cell.text {
                    continue;
                }
            }
            let (start, end) = self.push(cell);
            if of_household && is_first {
                self.first_row[column] = (start, end);
            }
        }
    }

    fn push(&mut self, cell: RawCell<'_>) -> (u32, u32) {
        let RawCell { column, kind, spanned, text } = cell;
        let start = self.chunk.text.len() as u32;
        self.chunk.text.push_str(text);
        let end = self.chunk.text.len() as u32;
        self.chunk.cells.push(CellRef { column, kind, spanned, start, end });
        (start, end)
    }
}
