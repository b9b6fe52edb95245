//! A header in one row or in several that stand below each other.

use std::collections::HashMap;

use crate::domain::text::fold;

use super::row::{CellKind, RawRow};

/// The most columns that a header has; what lies beyond was filled by accident.
const MOST_COLUMNS: usize = 2_000;

/// The columns of a header, one above the other.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// The columns that have a name.
    pub columns: Vec<HeaderColumn>,
    /// Its last row, as a spreadsheet counts it.
    pub row: u32,
}

/// A column of a header.
#[derive(Clone, Debug)]
pub struct HeaderColumn {
    /// Its place.
    pub column: u16,
    /// What stands in it, folded, from the top; a heading over several columns stands in each.
    pub names: Vec<String>,
    /// As the names stand, without white space.
    pub shown: String,
    /// The last of them.
    pub own: String,
}

impl Header {
    /// Puts rows that stand below each other together. A heading in the upper ones stretches to the next one in its row.
    pub fn of(rows: &[&RawRow]) -> Self {
        let Some((last, above)) = rows.split_last() else { return Self::default() };
        let mut columns: Vec<HeaderColumn> = Vec::new();
        let mut at: HashMap<u16, usize> = HashMap::new();
        let width = rows.iter().filter_map(|row| row.cells().next_back()).map(|cell| cell.column).max().unwrap_or(0);
        let mut add = |column: u16, text: &str| {
            let name = fold(text);
            if name.is_empty() || at.len() >= MOST_COLUMNS && !at.contains_key(&column) {
                return;
            }
            let place = *at.entry(column).or_insert(columns.len());
            if place == columns.len() {
                columns.push(HeaderColumn { column, names: Vec::new(), shown: String::new(), own: String::new() });
            }
            let known = &mut columns[place];
            // A merged cell stands in each of its rows.
            if known.names.last() != Some(&name) {
                known.own = text.chars().filter(|c| !c.is_whitespace()).collect();
                known.shown.push_str(&known.own);
                known.names.push(name);
            }
        };
        for (nth, row) in above.iter().enumerate() {
            let below = &rows[nth + 1..];
            let mut cells = row.cells().peekable();
            while let Some(cell) = cells.next() {
                add(cell.column, cell.text);
                let end = cells.peek().map_or(width, |next| next.column - 1);
                for column in cell.column.saturating_add(1)..=end {
                    // It stretches no further than there is something of its own beneath.
                    if !below.iter().any(|row| row.cell(column).is_some_and(|cell| !cell.spanned)) {
                        break;
                    }
                    add(column, cell.text);
                }
            }
        }
        last.cells().for_each(|cell| add(cell.column, cell.text));
        columns.sort_by_key(|column| column.column);
        Self { columns, row: last.number }
    }
}

/// Whether a row can be part of a header: nothing in it is a day or a number of more than a few digits.
pub fn can_be_header(row: &RawRow) -> bool {
    !row.is_empty() && row.cells().all(|cell| cell.kind != CellKind::Date && !has_number(cell.text))
}

/// Whether so many digits stand in a row that they say who somebody is.
pub fn has_number(text: &str) -> bool {
    const LONG: usize = 7;
    let mut run = 0;
    text.chars().any(|c| {
        run = if c.is_ascii_digit() || ('０'..='９').contains(&c) { run + 1 } else { 0 };
        run >= LONG
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, cells: &[&str]) -> RawRow {
        let mut row = RawRow::default();
        row.start(number);
        (0..).zip(cells).for_each(|(column, text)| row.push(column, CellKind::Text, text));
        row
    }

    #[test]
    fn a_heading_stretches_over_the_columns_beneath_it() {
        let above = row(2, &["户编号", "家庭成员", "", "", "电话"]);
        let below = row(3, &["", "姓名", "证件号码", "关系"]);
        let header = Header::of(&[&above, &below]);
        let names: Vec<String> = header.columns.iter().map(|column| column.names.join("|")).collect();
        assert_eq!(names, ["户编号", "家庭成员|姓名", "家庭成员|证件号码", "家庭成员|关系", "电话"]);
        assert_eq!(header.row, 3);
    }
}
