//! What a screen draws on: cells, the theme, and the place of the real cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::Style;

use super::text::cut;
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
