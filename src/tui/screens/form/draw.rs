//! How a form stands on the screen: its fields, and below or beside them what it would do.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::canvas::Canvas;
use crate::tui::frame::panes;
use crate::tui::text;

use super::FormScreen;

/// The most rows below the fields for what follows.
const BELOW: u16 = 4;
/// Findings shown beside a form; the file has all.
const MOST_REMINDERS: usize = 5;

pub(super) fn draw(screen: &FormScreen, canvas: &mut Canvas<'_>, area: Rect) {
    match panes(area) {
        (first, Some(second)) => {
            beside(screen, canvas, second);
            screen.widget.draw(canvas, first);
        }
        (only, None) => {
            let reminders = reminders(screen);
            let above = Rect { height: only.height.saturating_sub(u16::from(reminders.is_some())), ..only };
            if let Some(reminders) = reminders {
                canvas.put(only.x + 2, above.bottom(), &reminders, only.width.saturating_sub(2), Style::new());
            }
            let fields = Rect { height: above.height.saturating_sub(below(screen, canvas, above)), ..above };
            screen.widget.draw(canvas, fields);
        }
    }
}

/// The worst that the checks find, and how much more there is, in a line.
fn reminders(screen: &FormScreen) -> Option<String> {
    let first = screen.reminders.first()?;
    let more = screen.reminders.len() - 1;
    let title = if more > 0 { format!("核对提醒(还有{more}条)") } else { "核对提醒".to_owned() };
    Some(format!("{title} {first}"))
}

/// Draws what follows at the foot of an area, and says how many rows it took.
fn below(screen: &FormScreen, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let lines = text::wrap(&screen.after.joined(), usize::from(area.width.saturating_sub(4)));
    let height = (lines.len() as u16).min(BELOW);
    let top = area.bottom().saturating_sub(height);
    for (at, (line, y)) in lines.iter().zip(top..area.bottom()).enumerate() {
        let is_cut = at + 1 == usize::from(height) && lines.len() > usize::from(height);
        let line = if is_cut { format!("{line}…") } else { line.clone() };
        canvas.put(area.x + 2, y, &line, area.width.saturating_sub(2), Style::new());
    }
    height
}

fn beside(screen: &FormScreen, canvas: &mut Canvas<'_>, area: Rect) {
    let below = list(canvas, area, screen.after.head, &screen.after.lines);
    let rest = Rect { y: below, height: area.bottom().saturating_sub(below), ..area };
    let shown = screen.reminders.len().min(MOST_REMINDERS);
    list(canvas, rest, "核对提醒", &screen.reminders[..shown]);
}

/// A heading with points under it; says where there is room again.
fn list(canvas: &mut Canvas<'_>, area: Rect, head: &str, points: &[String]) -> u16 {
    if points.is_empty() || area.height == 0 {
        return area.y;
    }
    canvas.put(area.x, area.y, head, area.width, canvas.theme.bold());
    let lines = points.iter().flat_map(|line| {
        let wrapped = text::wrap(line, usize::from(area.width.saturating_sub(2)));
        wrapped.into_iter().enumerate().map(|(at, line)| (at == 0, line))
    });
    let mut below = area.y + 2;
    for ((is_first, line), y) in lines.zip(area.y + 2..area.bottom()) {
        if is_first {
            canvas.put(area.x, y, "·", 1, canvas.theme.dim());
        }
        canvas.put(area.x + 2, y, &line, area.width.saturating_sub(2), Style::new());
        below = y + 2;
    }
    below.min(area.bottom())
}
