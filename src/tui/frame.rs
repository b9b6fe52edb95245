//! What stands around every screen: title, rules, hints, and what just happened. Nothing else draws outside the body.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::hints::Placed;
use super::reply::Status;
use super::screen::{Cover, Title};
use super::text;
use super::theme::Theme;
use super::widgets::popup;
use super::world::Banner;

/// Below this there is a notice instead of a screen.
pub const SMALLEST: (u16, u16) = (60, 16);
/// From this width on a screen may show a second pane.
pub const TWO_PANES: u16 = 110;
/// From this height on the hints have two lines.
const TALL: u16 = 32;

/// Where things stand in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub title: Rect,
    pub body: Rect,
    pub hints: Rect,
    pub status: Rect,
}

impl Layout {
    /// The layout of a window; none where it is too small.
    pub fn of(area: Rect) -> Option<Self> {
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return None;
        }
        let hints = if area.height >= TALL { 2 } else { 1 };
        let row = |y, height| Rect { y, height, ..area };
        let body = area.height - 4 - hints;
        Some(Self {
            title: row(0, 1),
            body: row(2, body),
            hints: row(3 + body, hints),
            status: row(3 + body + hints, 1),
        })
    }

    /// Where in the body a screen goes.
    pub fn place(&self, cover: Cover) -> Rect {
        match cover {
            Cover::Whole => self.body,
            Cover::Popup(width, height) => popup::inside(popup::place(self.body, width, height)),
        }
    }
}

/// The body in one pane, or in two with a gap where there is room; the first keeps the width that it has at 80 columns.
pub fn panes(body: Rect) -> (Rect, Option<Rect>) {
    if body.width < TWO_PANES {
        return (body, None);
    }
    let first = Rect { width: body.width.min(80), ..body };
    let second = Rect { x: first.right() + 1, width: body.width - first.width - 1, ..body };
    (first, Some(second))
}

/// Says how large the window must be.
pub(super) fn draw_too_small(frame: &mut Frame<'_>) {
    let area = frame.area();
    let says = format!(
        "窗口太小：现在 {} 列 {} 行，至少要 {} 列 {} 行。请拉大窗口或调小字号；填的内容都还在。",
        area.width, area.height, SMALLEST.0, SMALLEST.1
    );
    for (y, line) in text::wrap(&says, area.width.into()).iter().take(area.height.into()).enumerate() {
        frame.buffer_mut().set_string(0, y as u16, line, Style::new());
    }
}

pub(super) fn draw_title(buffer: &mut Buffer, layout: &Layout, title: &Title, banner: &Banner, theme: &Theme) {
    let area = layout.title;
    let place =
        if banner.village.is_empty() { title.place.clone() } else { format!("{} · {}", title.place, banner.village) };
    let columns = usize::from(area.width) - 2;
    let place = text::cut(&place, columns);
    let room = columns.saturating_sub(text::width(&place) + 2);
    let right = about(title, banner, room);
    buffer.set_string(1, area.y, &place, theme.bold());
    let right = text::cut(&right, room);
    let x = area.right().saturating_sub(1 + text::width(&right) as u16);
    buffer.set_string(x, area.y, &right, Style::new());
    for y in [area.y + 1, layout.hints.y - 1] {
        buffer.set_string(area.x, y, "─".repeat(area.width.into()), theme.dim());
    }
}

/// What stands at the right of a title: as much of it as there is room for.
fn about(title: &Title, banner: &Banner, room: usize) -> String {
    let together = |words: &[&str]| {
        let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
        words.join("   ")
    };
    let (detail, note) = (title.detail.as_str(), title.note.as_str());
    let (day, who, policy) = (banner.day.as_str(), banner.who.as_str(), banner.policy.as_str());
    // A policy that only stands in is told whatever else is: figures and days may be others here.
    let borrowed = if banner.is_borrowed { policy } else { "" };
    let all = together(&[note, detail, day, who, policy]);
    let noted = || [together(&[note, detail, day, borrowed]), together(&[note, detail, borrowed])];
    let least = [detail, borrowed];
    // Half a policy's name, or half of who is there, says nothing.
    let plain = || [together(&[day, who]), day.to_owned()];
    let plain = least.concat().is_empty().then(plain).into_iter().flatten();
    let noted = (!note.is_empty()).then(noted).into_iter().flatten();
    let tries = std::iter::once(all).chain(noted).chain(plain);
    tries.into_iter().find(|words| text::width(words) <= room).unwrap_or_else(|| together(&least))
}

pub(super) fn draw_hints(buffer: &mut Buffer, layout: &Layout, hints: &[Placed], theme: &Theme) {
    for hint in hints {
        let (x, y) = (layout.hints.x + hint.x, layout.hints.y + hint.y);
        let (next, _) = buffer.set_stringn(x, y, &hint.key, layout.hints.width.into(), theme.accent());
        buffer.set_string(next + 1, y, &hint.label, Style::new());
    }
}

/// The hint at a point of the window, if there is one.
pub(super) fn hint_at<'a>(layout: &Layout, hints: &'a [Placed], at: Position) -> Option<&'a Placed> {
    hints.iter().find(|hint| {
        let (x, y) = (layout.hints.x + hint.x, layout.hints.y + hint.y);
        at.y == y && (x..x + hint.width()).contains(&at.x)
    })
}

pub(super) fn draw_status(buffer: &mut Buffer, layout: &Layout, status: &Status, theme: &Theme) {
    let area = layout.status;
    let style = if status.is_warning { theme.bold() } else { Style::new() };
    let mark = if status.is_warning { "！" } else { "" };
    let says = format!("{mark}{}", status.text);
    buffer.set_string(1, area.y, text::cut(&says, usize::from(area.width) - 2), style);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_window_do_not_overlap() {
        for (width, height) in [(60, 16), (80, 24), (120, 40), (300, 100)] {
            let layout = Layout::of(Rect::new(0, 0, width, height)).unwrap();
            assert_eq!(layout.title.bottom() + 1, layout.body.y);
            assert_eq!(layout.body.bottom() + 1, layout.hints.y);
            assert_eq!(layout.hints.bottom(), layout.status.y);
            assert_eq!(layout.status.bottom(), height);
        }
        assert_eq!(Layout::of(Rect::new(0, 0, 40, 10)), None);
    }

    #[test]
    fn a_second_pane_takes_nothing_from_the_first() {
        assert_eq!(panes(Rect::new(0, 2, 109, 19)), (Rect::new(0, 2, 109, 19), None));
        let (first, second) = panes(Rect::new(0, 2, 120, 34));
        assert_eq!((first, second), (Rect::new(0, 2, 80, 34), Some(Rect::new(81, 2, 39, 34))));
    }
}
