//! What arrives from the terminal, in the one form that the rest of the program knows.

use crossterm::event::{Event, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::keymap::chord::{self, Chord};
use super::screen::{Mouse, Turn};

/// Something that a person did at the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed, or repeats.
    Key(Chord),
    /// Text was pasted, line breaks and all.
    Paste(String),
    /// The mouse.
    Mouse(Mouse),
    /// The terminal has another size.
    Resize,
}

impl Input {
    /// What an event of the terminal means; nothing for a key let go and for a mouse that only moves.
    pub fn from_event(event: Event) -> Option<Self> {
        match event {
            Event::Key(key) if key.kind == KeyEventKind::Release => None,
            Event::Key(key) => Some(Self::Key(chord::comparable(Chord::one_key(key.code, key.modifiers)))),
            Event::Paste(text) => Some(Self::Paste(text)),
            Event::Mouse(mouse) => from_mouse(mouse).map(Self::Mouse),
            Event::Resize(..) => Some(Self::Resize),
            Event::FocusGained | Event::FocusLost => None,
        }
    }
}

fn from_mouse(mouse: MouseEvent) -> Option<Mouse> {
    let at = Position { x: mouse.column, y: mouse.row };
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Mouse::Click(at)),
        MouseEventKind::ScrollUp => Some(Mouse::Wheel(at, Turn::Up)),
        MouseEventKind::ScrollDown => Some(Mouse::Wheel(at, Turn::Down)),
        _ => None,
    }
}

/// A pasted text as one line: line breaks and tabs become blanks, whatever else is invisible goes.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.trim().chars() {
        match letter {
            '\n' | '\r' | '\t' if line.ends_with(' ') => {}
            '\n' | '\r' | '\t' => line.push(' '),
            letter if letter.is_control() => {}
            letter => line.push(letter),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::*;

    #[test]
    fn a_key_let_go_is_nothing_and_a_repeat_is_a_key() {
        let event = |kind| Event::Key(KeyEvent::new_with_kind(KeyCode::Down, KeyModifiers::NONE, kind));
        assert_eq!(Input::from_event(event(KeyEventKind::Release)), None);
        let down = Some(Input::Key(chord::parse("down").unwrap()));
        assert_eq!(Input::from_event(event(KeyEventKind::Repeat)), down);
        assert_eq!(Input::from_event(event(KeyEventKind::Press)), down);
    }

    #[test]
    fn shift_counts_only_where_it_makes_another_key() {
        let key = |code, modifiers| Input::from_event(Event::Key(KeyEvent::new(code, modifiers)));
        let is = |text: &str| Some(Input::Key(chord::parse(text).unwrap()));
        // Windows reports Shift with every sign on a shifted key, Unix never does.
        assert_eq!(key(KeyCode::Char('?'), KeyModifiers::SHIFT), is("?"));
        assert_eq!(key(KeyCode::Char('?'), KeyModifiers::NONE), is("?"));
        assert_eq!(key(KeyCode::Char('A'), KeyModifiers::SHIFT), is("A"));
        assert_eq!(key(KeyCode::Char('A'), KeyModifiers::NONE), is("A"));
        assert_eq!(key(KeyCode::BackTab, KeyModifiers::SHIFT), is("shift-tab"));
        assert_eq!(key(KeyCode::Char('S'), KeyModifiers::CONTROL | KeyModifiers::SHIFT), is("ctrl-s"));
    }

    #[test]
    fn a_pasted_line_break_is_a_blank() {
        assert_eq!(one_line("张三\r\n李四\n"), "张三 李四");
        assert_eq!(one_line("a\tb\u{7}c\x1b"), "a bc");
    }
}
