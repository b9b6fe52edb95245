//! Merged cells: what stands in one stands in each row over which it stretches.

use super::row::{CellKind, RawRow};

/// The most merged cells that stretch over one row; nobody merges more.
const MOST_OPEN: usize = 2_000;

/// A merged cell that stretches over several rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first row, as a spreadsheet counts it.
    pub top: u32,
    /// The last row.
    pub bottom: u32,
    /// The first column, counted from 0.
    pub column: u16,
}

/// The merged cells of a sheet while its rows go by.
#[derive(Debug, Default)]
pub struct Spans {
    /// Those that are still to come, the next one last.
    coming: Vec<Span>,
    open: Vec<Open>,
}

#[derive(Debug)]
struct Open {
    column: u16,
    bottom: u32,
    kind: CellKind,
    text: Box<str>,
}

impl Spans {
    /// Makes ready with the merged cells that are known beforehand.
    pub fn of(spans: &[Span]) -> Self {
        let mut coming = spans.to_vec();
        coming.sort_unstable_by_key(|span| std::cmp::Reverse((span.top, span.column)));
        Self { coming, open: Vec::new() }
    }

    /// Notes that a cell of the row stretches down to another.
    pub fn begin(&mut self, row: &RawRow, column: u16, bottom: u32) {
        let cell = row.last_in(column).filter(|_| bottom > row.number && self.open.len() < MOST_OPEN);
        if let Some(cell) = cell {
            self.open.push(Open { column, bottom, kind: cell.kind, text: cell.text.into() });
        }
    }

    /// Fills a row that has cells of its own with the merged ones that stretch over it, and brings it in order.
    pub fn fill(&mut self, row: &mut RawRow) {
        row.settle();
        if self.open.is_empty() && self.coming.last().is_none_or(|next| next.top > row.number) {
            return;
        }
        let number = row.number;
        self.open.retain(|open| open.bottom >= number);
        if row.own() > 0 {
            // Those that begin in this row are not open yet, or stand in their column already.
            let missing: Vec<usize> =
                (0..self.open.len()).filter(|at| row.cell(self.open[*at].column).is_none()).collect();
            for at in missing {
                row.span(self.open[at].column, self.open[at].kind, &self.open[at].text);
            }
            row.settle();
        }
        while let Some(span) = self.coming.pop_if(|next| next.top <= number) {
            if span.top == number {
                self.begin(row, span.column, span.bottom);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, cells: &[(u32, &str)]) -> RawRow {
        let mut row = RawRow::default();
        row.start(number);
        cells.iter().for_each(|(column, text)| row.push(*column, CellKind::Text, text));
        row
    }

    #[test]
    fn what_is_merged_stands_in_each_row_that_holds_anything() {
        let mut spans = Spans::of(&[
            Span { top: 3, bottom: 5, column: 0 },
            Span { top: 3, bottom: 4, column: 2 },
            Span { top: 9, bottom: 12, column: 0 },
        ]);
        let mut filled = |number, cells: &[(u32, &str)]| {
            let mut row = row(number, cells);
            spans.fill(&mut row);
            row.cells().map(|cell| cell.text.to_owned()).collect::<Vec<_>>().join(",")
        };
        assert_eq!(filled(3, &[(0, "户"), (1, "张"), (2, "类")]), "户,张,类");
        assert_eq!(filled(4, &[(1, "李")]), "户,李,类");
        assert_eq!(filled(5, &[(1, "王")]), "户,王");
        assert_eq!(filled(6, &[(1, "赵")]), "赵");
        assert_eq!(filled(10, &[(1, "钱")]), "钱", "the cell where it begins is blank");
    }

    #[test]
    fn a_row_without_cells_of_its_own_stays_blank() {
        let mut spans = Spans::of(&[Span { top: 1, bottom: 3, column: 0 }]);
        spans.fill(&mut row(1, &[(0, "户")]));
        let mut blank = row(2, &[]);
        spans.fill(&mut blank);
        assert!(blank.is_empty());
    }
}
