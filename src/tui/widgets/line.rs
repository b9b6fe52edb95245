//! One line of typed text with the real cursor in it, so that the input method's window follows.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::{Input, InputRequest};
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::mask;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::text::width;

/// A line of text that can be edited.
#[derive(Clone, Debug, Default)]
pub struct Line {
    input: Input,
    is_masked: bool,
}

impl Line {
    /// A line that holds a text, the cursor behind it.
    pub fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_owned()), is_masked: false }
    }

    /// The same, starred out until somebody edits it.
    pub fn masked(self) -> Self {
        Self { is_masked: true, ..self }
    }

    /// The text, whether it is shown or not.
    pub fn value(&self) -> &str {
        self.input.value()
    }

    /// What is shown: the text, starred out where it is masked.
    pub fn shown(&self) -> String {
        if self.is_masked { mask(self.value()) } else { self.value().to_owned() }
    }

    /// Whether it is starred out.
    pub fn is_masked(&self) -> bool {
        self.is_masked
    }

    /// Puts another text in.
    pub fn set(&mut self, text: &str) {
        self.input = Input::new(text.to_owned());
    }

    /// Shows or stars out.
    pub fn set_masked(&mut self, is_masked: bool) {
        self.is_masked = is_masked;
    }

    /// Types a text at the cursor.
    pub fn insert(&mut self, text: &str) {
        self.is_masked = false;
        for letter in text.chars().filter(|letter| !letter.is_control()) {
            self.input.handle(InputRequest::InsertChar(letter));
        }
    }

    /// Moves the cursor or deletes; false for an action that does neither.
    pub fn act(&mut self, action: Action) -> bool {
        let request = match action {
            Action::Left => InputRequest::GoToPrevChar,
            Action::Right => InputRequest::GoToNextChar,
            Action::WordLeft => InputRequest::GoToPrevWord,
            Action::WordRight => InputRequest::GoToNextWord,
            Action::LineStart => InputRequest::GoToStart,
            Action::LineEnd => InputRequest::GoToEnd,
            Action::DeleteBefore => InputRequest::DeletePrevChar,
            Action::DeleteAfter => InputRequest::DeleteNextChar,
            Action::DeleteWord => InputRequest::DeletePrevWord,
            Action::DeleteRest => InputRequest::DeleteTillEnd,
            Action::Clear => InputRequest::DeleteLine,
            _ => return false,
        };
        if self.input.handle(request).is_some_and(|changed| changed.value) {
            self.is_masked = false;
        }
        true
    }

    /// Draws what fits around the cursor into one line; with the focus, the real cursor is set.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, style: Style, has_focus: bool) {
        if area.is_empty() {
            return;
        }
        let columns = usize::from(area.width);
        // One column stays free for the cursor behind the last character.
        let scroll = if has_focus { self.input.visual_scroll(columns - 1) } else { 0 };
        let text = self.shown();
        let (mut at, mut x) = (0, area.x);
        for grapheme in text.graphemes(true) {
            let wide = width(grapheme);
            if at >= scroll {
                if usize::from(x - area.x) + wide > columns {
                    break;
                }
                canvas.buffer.set_string(x, area.y, grapheme, style);
                x += wide as u16;
            }
            at += wide;
        }
        if has_focus {
            let before = self.input.visual_cursor().saturating_sub(scroll).min(columns - 1);
            canvas.cursor = Some(Position { x: area.x + before as u16, y: area.y });
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;

    use super::*;
    use crate::tui::theme::{Colours, Theme};

    fn drawn(field: &Line, columns: u16) -> (String, Position) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, 1));
        let area = buffer.area;
        let mut canvas = Canvas::new(&mut buffer, Theme::new(Colours::None));
        field.draw(&mut canvas, area, Style::new(), true);
        let cursor = canvas.cursor.unwrap();
        let mut text = String::new();
        let mut x = 0;
        while x < columns {
            text.push_str(buffer[(x, 0)].symbol());
            x += width(buffer[(x, 0)].symbol()).max(1) as u16;
        }
        (text.trim_end().to_owned(), cursor)
    }

    #[test]
    fn the_cursor_stands_where_the_next_character_goes() {
        let mut field = Line::new("张三");
        assert_eq!(drawn(&field, 10), ("张三".to_owned(), Position::new(4, 0)));
        field.act(Action::Left);
        assert_eq!(drawn(&field, 10).1, Position::new(2, 0));
        field.insert("小");
        assert_eq!(field.value(), "张小三");
        field.act(Action::DeleteBefore);
        field.act(Action::LineStart);
        field.act(Action::DeleteAfter);
        assert_eq!(field.value(), "三");
    }

    #[test]
    fn a_long_text_scrolls_by_whole_characters() {
        let field = Line::new("石桥村三组张三顺");
        let (text, cursor) = drawn(&field, 8);
        assert_eq!(text, "张三顺");
        assert_eq!(cursor, Position::new(6, 0));
        let (text, cursor) = drawn(&field, 7);
        assert_eq!((text.as_str(), cursor.x), ("张三顺", 6));
    }

    #[test]
    fn a_masked_number_shows_once_it_is_edited() {
        let mut field = Line::new("13812344321").masked();
        assert_eq!(field.shown(), "138****4321");
        field.act(Action::Left);
        assert_eq!(field.shown(), "138****4321");
        field.act(Action::DeleteBefore);
        assert_eq!(field.shown(), "1381234431");
    }
}
