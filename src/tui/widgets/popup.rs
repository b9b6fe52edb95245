//! A box over what is there, with the care that wide characters need at its edges.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::{Block, Clear, Widget};

use crate::tui::text::width;
use crate::tui::theme::Theme;

/// A box in the middle of an area, as large as asked for where there is room.
pub fn place(area: Rect, columns: u16, rows: u16) -> Rect {
    let columns = columns.min(area.width);
    let rows = rows.min(area.height);
    Rect { x: area.x + (area.width - columns) / 2, y: area.y + (area.height - rows) / 2, width: columns, height: rows }
}

/// What its frame leaves: one row above and below, two columns at the sides.
pub fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x + 2.min(area.width),
        y: area.y + 1.min(area.height),
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2),
    }
}

/// Clears the area and draws a frame with a title.
pub fn draw(buffer: &mut Buffer, area: Rect, title: &str, theme: &Theme) {
    blank_halves(buffer, area);
    Clear.render(area, buffer);
    let title = if title.is_empty() { String::new() } else { format!(" {title} ") };
    Block::bordered().title(title).title_style(theme.bold()).render(area, buffer);
}

/// A wide character that begins just left of the area would swallow its border: it goes.
pub fn blank_halves(buffer: &mut Buffer, area: Rect) {
    let Some(x) = area.x.checked_sub(1) else { return };
    for y in area.top()..area.bottom() {
        if let Some(cell) = buffer.cell_mut((x, y))
            && width(cell.symbol()) > 1
        {
            cell.set_symbol(" ");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Colours;

    #[test]
    fn a_wide_character_half_under_the_box_goes() {
        let mut buffer = Buffer::with_lines(["张三顺李四", "张三顺李四", "张三顺李四"]);
        draw(&mut buffer, Rect::new(3, 0, 4, 3), "", &Theme::new(Colours::None));
        assert_eq!(buffer[(2, 1)].symbol(), " ");
        assert_eq!(buffer[(3, 1)].symbol(), "│");
        assert_eq!(buffer[(0, 1)].symbol(), "张");
    }

    #[test]
    fn a_box_never_leaves_the_area() {
        let area = Rect::new(0, 2, 60, 10);
        assert_eq!(place(area, 200, 200), area);
        assert_eq!(place(area, 20, 4), Rect::new(20, 5, 20, 4));
        assert_eq!(inside(Rect::new(0, 0, 1, 1)).area(), 0);
    }
}
