//! Rows in fixed columns, one of them selected. Only the rows that are seen are made, so 120,000 cost no more than 20.

use std::cell::Cell;
use std::ops::Range;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::screen::{Mouse, Turn};
use crate::tui::text;

/// A column of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head; where no column has one, there is no line of heads.
    pub head: &'static str,
    /// How many columns of the screen it takes; 0 takes what is left.
    pub width: u16,
    /// Whether its text stands at the right, as figures do.
    pub is_right: bool,
    /// It is left out where the list is narrower than this.
    pub from: u16,
}

impl Column {
    /// A column of words.
    pub const fn words(head: &'static str, width: u16) -> Self {
        Self { head, width, is_right: false, from: 0 }
    }

    /// A column of figures.
    pub const fn figures(head: &'static str, width: u16) -> Self {
        Self { head, width, is_right: true, from: 0 }
    }

    /// The same, left out where the list is narrower than this.
    pub const fn from(self, from: u16) -> Self {
        Self { from, ..self }
    }
}

/// What a click or a turn of the wheel did to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// It was elsewhere.
    Missed,
    /// Another row is selected, or others are seen.
    Moved,
    /// The row that was selected already was clicked.
    Opened,
}

/// Which row is selected, and which are seen.
#[derive(Clone, Debug, Default)]
pub struct List {
    len: usize,
    selected: usize,
    /// Another part of the screen has the keys: no row stands out.
    is_quiet: bool,
    /// Kept from drawing, because page keys and the mouse go by what is seen.
    seen: Cell<Seen>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    top: usize,
    rows: Rect,
}

const MARK: u16 = 2;
const GAP: u16 = 1;
const NOTCH: usize = 3;

impl List {
    /// A list of so many rows, the first one selected.
    pub fn new(len: usize) -> Self {
        Self { len, ..Self::default() }
    }

    /// Takes another number of rows; the selection stays where it can.
    pub fn set_len(&mut self, len: usize) {
        self.len = len;
        self.selected = self.selected.min(len.saturating_sub(1));
    }

    /// The selected row, where there is any.
    pub fn selected(&self) -> Option<usize> {
        (self.selected < self.len).then_some(self.selected)
    }

    /// Selects a row, or the last one where there are fewer.
    pub fn select(&mut self, row: usize) {
        self.selected = row.min(self.len.saturating_sub(1));
    }

    /// Takes the keys, or leaves them to another part of the screen: then no row stands out.
    pub fn focus(&mut self, has_focus: bool) {
        self.is_quiet = !has_focus;
    }

    /// The rows that can be seen with this selection, wherever the view stands; at least so many each way.
    pub fn reach(&self, least: usize) -> Range<usize> {
        let each_way = usize::from(self.seen.get().rows.height).max(least);
        self.selected.saturating_sub(each_way)..(self.selected + each_way + 1).min(self.len)
    }

    /// Moves the selection; false for an action that does not.
    pub fn act(&mut self, action: Action) -> bool {
        let page = usize::from(self.seen.get().rows.height).saturating_sub(1).max(1);
        match action {
            Action::Up => self.select(self.selected.saturating_sub(1)),
            Action::Down => self.select(self.selected + 1),
            Action::PageUp => self.select(self.selected.saturating_sub(page)),
            Action::PageDown => self.select(self.selected + page),
            Action::First => self.select(0),
            Action::Last => self.select(self.len),
            _ => return false,
        }
        true
    }

    /// Takes a click or the wheel.
    pub fn mouse(&mut self, mouse: Mouse) -> Hit {
        let Seen { top, rows } = self.seen.get();
        let at = mouse.position();
        if !rows.contains(at) || self.len == 0 {
            return Hit::Missed;
        }
        match mouse {
            Mouse::Click(_) => match self.row_at(at) {
                Some(row) if row == self.selected => Hit::Opened,
                Some(row) => {
                    self.selected = row;
                    Hit::Moved
                }
                None => Hit::Missed,
            },
            Mouse::Wheel(_, turn) => {
                let height = usize::from(rows.height);
                let last_top = self.len.saturating_sub(height);
                let top = match turn {
                    Turn::Up => top.saturating_sub(NOTCH),
                    Turn::Down => (top + NOTCH).min(last_top),
                };
                self.seen.set(Seen { top, rows });
                self.selected = self.selected.clamp(top, (top + height - 1).min(self.len - 1));
                Hit::Moved
            }
        }
    }

    fn row_at(&self, at: Position) -> Option<usize> {
        let Seen { top, rows } = self.seen.get();
        let row = top + usize::from(at.y.checked_sub(rows.y)?);
        (row < self.len).then_some(row)
    }

    /// Draws the heads and the rows that fit; `row` makes one row, a span a column.
    pub fn draw<'a>(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        columns: &[Column],
        row: impl Fn(usize) -> Vec<Span<'a>>,
    ) {
        let has_heads = columns.iter().any(|column| !column.head.is_empty());
        let heads = u16::from(has_heads).min(area.height);
        let rows = Rect { y: area.y + heads, height: area.height - heads, ..area };
        let top = self.top_for(rows.height);
        self.seen.set(Seen { top, rows });
        let widths = widths(columns, area.width);
        if has_heads {
            let heads = columns.iter().map(|column| Span::raw(column.head)).collect();
            draw_row(canvas, Rect { height: 1, ..area }, columns, &widths, heads, canvas.theme.dim());
        }
        for (at, y) in (top..self.len).zip(rows.top()..rows.bottom()) {
            let line = Rect { y, height: 1, ..rows };
            draw_row(canvas, line, columns, &widths, row(at), Style::new());
            if at == self.selected && !self.is_quiet {
                canvas.buffer.set_string(line.x, y, "▸", Style::new());
                canvas.buffer.set_style(line, canvas.theme.selected());
            }
        }
    }

    fn top_for(&self, height: u16) -> usize {
        let height = usize::from(height).max(1);
        let top = self.seen.get().top.min(self.len.saturating_sub(height));
        top.clamp((self.selected + 1).saturating_sub(height), self.selected)
    }
}

fn widths(columns: &[Column], area: u16) -> Vec<u16> {
    let is_shown = |column: &Column| area >= column.from;
    let fixed: u16 = columns.iter().filter(|column| is_shown(column)).map(|column| column.width + GAP).sum();
    let rest = area.saturating_sub(MARK + fixed);
    let width = |column: &Column| match (is_shown(column), column.width) {
        (false, _) => 0,
        (true, 0) => rest,
        (true, width) => width,
    };
    columns.iter().map(width).collect()
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    line: Rect,
    columns: &[Column],
    widths: &[u16],
    cells: Vec<Span<'_>>,
    style: Style,
) {
    let mut x = line.x + MARK;
    for ((column, width), cell) in columns.iter().zip(widths).zip(cells).filter(|((_, width), _)| **width > 0) {
        let width = usize::from((*width).min(line.right().saturating_sub(x)));
        let text = text::cut(&cell.content, width);
        let blanks = if column.is_right { width - text::width(&text) } else { 0 };
        canvas.buffer.set_stringn(x + blanks as u16, line.y, &text, width, style.patch(cell.style));
        x += width as u16 + GAP;
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::tui::theme::{Colours, Theme};

    const COLUMNS: [Column; 3] = [Column::words("户主", 6), Column::figures("人均", 6), Column::words("", 0)];

    fn drawn(list: &List, width: u16, height: u16) -> Vec<String> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let area = buffer.area;
        list.draw(&mut Canvas::new(&mut buffer, Theme::new(Colours::None)), area, &COLUMNS, |row| {
            vec![Span::raw(format!("张三{row}")), Span::raw((row * 100).to_string()), Span::raw("一二三四五六七八")]
        });
        let row = |y| {
            let mut text = String::new();
            let mut x = 0;
            while x < width {
                let symbol = buffer[(x, y)].symbol();
                text.push_str(symbol);
                x += text::width(symbol).max(1) as u16;
            }
            text.trim_end().to_owned()
        };
        (0..height).map(row).collect()
    }

    #[test]
    fn columns_stand_still_whatever_is_in_them() {
        let list = List::new(2);
        assert_eq!(drawn(&list, 24, 3), ["  户主     人均", "▸ 张三0       0 一二三…", "  张三1     100 一二三…"]);
    }

    #[test]
    fn the_view_follows_the_selection_and_no_further() {
        let mut list = List::new(120_000);
        assert_eq!(drawn(&list, 24, 4)[1], "▸ 张三0       0 一二三…");
        list.select(5);
        assert!(drawn(&list, 24, 4)[3].starts_with("▸ 张三5"));
        assert!(list.act(Action::Up));
        assert!(drawn(&list, 24, 4)[2].starts_with("▸ 张三4"), "the rows stay where they are");
        assert!(list.act(Action::PageDown));
        assert_eq!(list.selected(), Some(6));
        assert!(list.act(Action::Last));
        assert_eq!(list.selected(), Some(119_999));
        assert!(drawn(&list, 24, 4)[3].starts_with("▸ 张三1…"));
        list.set_len(0);
        assert_eq!(list.selected(), None);
        assert_eq!(drawn(&list, 24, 4)[1], "");
        assert!(!list.act(Action::Open));
    }

    #[test]
    fn a_click_selects_and_a_second_one_opens() {
        let mut list = List::new(50);
        drawn(&list, 24, 6);
        let click = |y| Mouse::Click(Position { x: 3, y });
        assert_eq!(list.mouse(click(0)), Hit::Missed, "the heads");
        assert_eq!(list.mouse(click(3)), Hit::Moved);
        assert_eq!(list.selected(), Some(2));
        assert_eq!(list.mouse(click(3)), Hit::Opened);
        assert_eq!(list.mouse(Mouse::Wheel(Position { x: 0, y: 2 }, Turn::Down)), Hit::Moved);
        assert!(drawn(&list, 24, 6)[1].contains("张三3"));
        assert_eq!(list.selected(), Some(3));
    }

    #[test]
    fn a_narrow_list_leaves_out_what_can_wait() {
        let columns = [Column::words("甲", 4), Column::words("乙", 4).from(40), Column::words("丙", 0)];
        assert_eq!(widths(&columns, 30), [4, 0, 22]);
        assert_eq!(widths(&columns, 40), [4, 4, 27]);
    }
}
