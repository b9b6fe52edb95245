//! How a form stands on the screen: its fields, and below or beside them what it would do.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::canvas::Canvas;
use crate::tui::frame::panes;
use crate::tui::text;

use super::FormScreen;

/// The most rows below the fields for what follows.
const BELOW: u16 = 4;

pub(super) fn draw(screen: &FormScreen, canvas: &mut Canvas<'_>, area: Rect) {
    match panes(area) {
        (first, Some(second)) => {
            beside(screen, canvas, second);
            screen.widget.draw(canvas, first);
        }
        (only, None) => {
            let fields = Rect { height: only.height.saturating_sub(below(screen, canvas, only)), ..only };
            screen.widget.draw(canvas, fields);
        }
    }
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
    if screen.after.lines.is_empty() {
        return;
    }
    canvas.put(area.x, area.y, screen.after.head, area.width, canvas.theme.bold());
    let lines = screen.after.lines.iter().flat_map(|line| {
        let wrapped = text::wrap(line, usize::from(area.width.saturating_sub(2)));
        wrapped.into_iter().enumerate().map(|(at, line)| (at == 0, line))
    });
    for ((is_first, line), y) in lines.zip(area.y + 2..area.bottom()) {
        if is_first {
            canvas.put(area.x, y, "·", 1, canvas.theme.dim());
        }
        canvas.put(area.x + 2, y, &line, area.width.saturating_sub(2), Style::new());
    }
}
