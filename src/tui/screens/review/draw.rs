//! How 审核 looks: the queue above; below it what changed, before and after, with what was found beside it or behind it.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::widgets::list::Column;
use crate::workspace::review_queue::State;

use super::Review;
use super::lines::{self, Line, Row};

/// The columns of what stands beside, and from which width it does.
const BESIDE: u16 = 46;
const WIDE: u16 = 110;
/// The rows between queue and pane: the household, what was said, and a blank one.
const BETWEEN: u16 = 3;

const COLUMNS: [Column; 8] = [
    Column::words("", 2),
    Column::words("户主", 10),
    Column::words("组", 6),
    Column::words("改了什么", 0),
    Column::words("谁录", 8),
    Column::words("", 2),
    Column::words("核对", 8),
    Column::words("", 6),
];

pub(super) fn draw(screen: &Review, canvas: &mut Canvas<'_>, area: Rect) {
    let room = area.width.saturating_sub(4);
    let Some(line) = screen.selected() else {
        let says = screen.fault.as_deref().unwrap_or("没有要审的：没有还没交给录入人的变更。");
        for (words, y) in text::wrap(says, room.into()).iter().zip(area.y + 1..area.bottom()) {
            canvas.put(area.x + 2, y, words, room, Style::new());
        }
        return;
    };
    let theme = canvas.theme;
    // A short queue leaves its room to what is below it.
    let needed = u16::try_from(screen.lines.len() + 2).unwrap_or(u16::MAX);
    let rows = Rect { height: (area.height * 2 / 5).max(6).min(needed).min(area.height), ..area };
    screen.list.draw(canvas, rows, &COLUMNS, |row| cells(screen, row, theme));
    let top = rows.bottom() + BETWEEN;
    let heading = [line.head.as_str(), &line.group, line.queued.state.label()].join("  ");
    canvas.put(area.x + 2, rows.bottom(), &heading, room, theme.bold());
    let note = screen.fault.as_deref().unwrap_or(&line.note);
    for (words, y) in text::wrap(note, room.into()).iter().zip(rows.bottom() + 1..top.min(area.bottom())) {
        canvas.put(area.x + 2, y, words, room, Style::new());
    }
    let pane = Rect { x: area.x + 2, y: top, width: room, height: area.bottom().saturating_sub(top) };
    draw_pane(screen, canvas, pane);
}

fn draw_pane(screen: &Review, canvas: &mut Canvas<'_>, pane: Rect) {
    let Some(beside) = &screen.beside else { return };
    let is_wide = pane.width + 4 >= WIDE;
    let left = Rect { width: if is_wide { pane.width - BESIDE - 2 } else { pane.width }, ..pane };
    let mut first = lines::changes(beside, screen.year, left.width.into());
    let right = if is_wide {
        lines::found(beside, BESIDE.into())
    } else {
        first.push(Row::Blank);
        first.extend(lines::found(beside, left.width.into()));
        Vec::new()
    };
    let height = usize::from(pane.height.saturating_sub(1)).max(1);
    let pages = first.len().max(right.len()).div_ceil(height).max(1);
    screen.pages.set(pages);
    let page = screen.page.min(pages - 1);
    draw_rows(canvas, left, first.iter().skip(page * height).take(height));
    let beside = Rect { x: pane.right().saturating_sub(BESIDE), width: BESIDE, ..pane };
    draw_rows(canvas, beside, right.iter().skip(page * height).take(height));
    if pages > 1 {
        let says = format!("第{}页，共{pages}页", page + 1);
        canvas.put(pane.x, pane.bottom().saturating_sub(1), &says, pane.width, canvas.theme.dim());
    }
}

fn draw_rows<'a>(canvas: &mut Canvas<'_>, area: Rect, rows: impl Iterator<Item = &'a Row>) {
    let theme = canvas.theme;
    let (wide, narrow) = lines::widths(area.width.into());
    for (row, y) in rows.zip(area.y..area.bottom()) {
        match row {
            Row::Head(says) => _ = canvas.put(area.x, y, says, area.width, theme.bold()),
            Row::Aside(says) => _ = canvas.put(area.x, y, says, area.width, theme.dim()),
            Row::Plain(says) => _ = canvas.put(area.x, y, says, area.width, Style::new()),
            Row::Change { what, old, new, is_first } => {
                canvas.put(area.x, y, what, wide as u16, Style::new());
                let x = area.x + wide as u16 + 1;
                canvas.put(x, y, old, narrow as u16, Style::new());
                let x = x + narrow as u16 + 1;
                if *is_first {
                    canvas.put(x, y, "→", 2, Style::new());
                }
                canvas.put(x + 3, y, new, narrow as u16, theme.bold());
            }
            Row::Blank => {}
        }
    }
}

fn cells(screen: &Review, row: usize, theme: crate::tui::theme::Theme) -> Vec<Span<'_>> {
    let Some(line) = screen.lines.get(row) else { return Vec::new() };
    let Line { queued, head, group, what, by, found, .. } = line;
    let state = match queued.state {
        State::Waiting if queued.word.as_ref().is_some_and(|word| !word.approved) => "改后审",
        State::Waiting => "",
        state => state.label(),
    };
    vec![
        Span::raw(if screen.marked.contains(&queued.id) { "●" } else { "" }),
        Span::raw(head.as_str()),
        Span::raw(group.as_str()),
        Span::raw(what.as_str()),
        Span::raw(by.as_str()),
        Span::styled(if queued.is_late { "迟" } else { "" }, theme.bold()),
        Span::raw(found.as_str()),
        Span::styled(state, if queued.state == State::Waiting { theme.bold() } else { theme.dim() }),
    ]
}
