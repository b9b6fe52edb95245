//! How far a job is. It is no screen of the stack: while a job has the workspace, only stopping it can be asked for.

use ratatui::buffer::Buffer;
use ratatui::style::Style;

use crate::tui::frame::Layout;
use crate::tui::job::Running;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::widgets::bar::bar;
use crate::tui::widgets::popup;

const WIDTH: u16 = 56;
const HEIGHT: u16 = 7;

/// Draws the job over the screen that asked for it.
pub(in crate::tui) fn draw(buffer: &mut Buffer, layout: &Layout, running: &Running, theme: &Theme) {
    let area = popup::place(layout.body, WIDTH, HEIGHT);
    popup::draw(buffer, area, &running.label, theme);
    let inner = popup::inside(area);
    let step = &running.step;
    let figures = match step.of {
        Some(of) => format!("{}/{of}", step.done),
        None if step.done > 0 => step.done.to_string(),
        None => String::new(),
    };
    let bar =
        step.of.map_or(String::new(), |of| bar(step.done, of, usize::from(inner.width) - text::width(&figures) - 1));
    let stop = if running.is_cancelled() { "正在停下，做了一半的会退回去……" } else { "Esc 停下" };
    for (y, line) in [(0, step.what.as_str()), (2, &format!("{bar} {figures}")), (4, stop)] {
        let line = text::cut(line.trim_start(), inner.width.into());
        buffer.set_string(inner.x, inner.y + y, line, Style::new());
    }
}
