//! What a screen draws on: cells, the theme, and the place of the real cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;

use super::text::{cut, width};
use super::theme::Theme;

/// What one screen draws on.
pub struct Canvas<'a> {
    /// The cells of the whole window.
    pub buffer: &'a mut Buffer,
    /// The theme.
    pub theme: Theme,
    /// Where the real cursor goes, and the input method's window with it; hidden where nothing is typed.
    pub cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    /// An empty canvas over these cells.
    pub fn new(buffer: &'a mut Buffer, theme: Theme) -> Self {
        Self { buffer, theme, cursor: None }
    }

    /// Writes a text into at most so many columns, marked with `…` where it does not fit; says where it ended.
    pub fn put(&mut self, x: u16, y: u16, text: &str, columns: u16, style: Style) -> u16 {
        self.buffer.set_stringn(x, y, cut(text, columns.into()), columns.into(), style).0
    }
}

/// Gives the second half of each wide character the style of the first. A terminal has one style for both, and what is
/// written over one half leaves the other blank in it: what the cells say of it must be the same.
pub fn join_halves(buffer: &mut Buffer) {
    for at in 0..buffer.content.len() {
        let columns = width(buffer.content[at].symbol());
        if columns == 2 && usize::from(buffer.area.width) > at % usize::from(buffer.area.width) + 1 {
            let style = buffer.content[at].style();
            buffer.content[at + 1].reset();
            buffer.content[at + 1].set_style(style);
        }
    }
}
