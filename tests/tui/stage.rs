//! The real loop without a terminal: keys written as text go in, and the screen comes out as text.

use std::sync::mpsc::{Receiver, Sender, channel};

use hudang::tui::app::{App, Ending, Settings};
use hudang::tui::input::Input;
use hudang::tui::keymap::{Keymap, chord};
use hudang::tui::message::Message;
use hudang::tui::run::{show, turn};
use hudang::tui::screen::{Mouse, Screen};
use hudang::tui::text::width;
use hudang::tui::theme::{Colours, Theme};
use hudang::tui::world::World;
use ratatui::Terminal;
use ratatui::layout::Position;

use super::glass::Glass;

/// A face over a workspace, at a size.
pub struct Stage<W: World> {
    app: App<W>,
    terminal: Terminal<Glass>,
    inbox: Sender<Message<W>>,
    messages: Receiver<Message<W>>,
}

impl<W: World> Stage<W> {
    /// The default keymap, without colour.
    pub fn new(world: W, home: Box<dyn Screen<W>>, size: (u16, u16)) -> Self {
        Self::with_keymap(world, home, size, Keymap::shipped("default").unwrap())
    }

    pub fn with_keymap(world: W, home: Box<dyn Screen<W>>, (columns, rows): (u16, u16), keymap: Keymap) -> Self {
        let settings = Settings { keymap, theme: Theme::new(Colours::None), log: Some("日志/今天.log".into()) };
        let (inbox, messages) = channel();
        let app = App::new(world, home, settings, inbox.clone());
        let mut terminal = Terminal::new(Glass::new(columns, rows)).unwrap();
        terminal.clear().unwrap();
        let mut stage = Self { app, terminal, inbox, messages };
        show(&mut stage.app, &mut stage.terminal).unwrap();
        stage
    }

    /// Presses keys, one after another: `F4 ctrl-p <张三> Enter`. What stands between `<` and `>` is typed letter by
    /// letter; jobs that a key starts are waited for.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for word in words(keys) {
            match word.strip_prefix('<').and_then(|text| text.strip_suffix('>')) {
                Some(text) => {
                    for letter in text.chars() {
                        self.key(&letter.to_string());
                    }
                }
                None => self.key(&word),
            }
        }
        self.settle()
    }

    fn key(&mut self, key: &str) {
        // What an input method commits is no key of a keymap, and arrives as it is.
        let mut letters = key.chars();
        let chord = match (letters.next(), letters.next()) {
            (Some(letter), None) => chord::comparable(crossterm::event::KeyCode::Char(letter).into()),
            _ => chord::parse(key).unwrap(),
        };
        self.give(Input::Key(chord));
        self.settle();
    }

    /// Pastes a text.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.give(Input::Paste(text.to_owned()));
        self.settle()
    }

    /// Clicks at a column and a row, or turns the wheel there.
    pub fn mouse(&mut self, mouse: Mouse) -> &mut Self {
        self.give(Input::Mouse(mouse));
        self.settle()
    }

    /// Clicks on the first place where a text is shown.
    pub fn click(&mut self, text: &str) -> &mut Self {
        let at = self.find(text).unwrap_or_else(|| panic!("no {text} in\n{}", self.screen()));
        self.mouse(Mouse::Click(at))
    }

    /// Gives the window another size.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.terminal.backend_mut().resize(columns, rows);
        self.give(Input::Resize);
        self.settle()
    }

    /// Puts an input into the channel, without a turn of the loop.
    pub fn give(&mut self, input: Input) {
        self.inbox.send(Message::Input(input)).unwrap();
    }

    /// One turn of the loop: waits for a message, and takes all that came meanwhile.
    pub fn turn(&mut self) -> &mut Self {
        let message = self.messages.recv().unwrap();
        turn(&mut self.app, &mut self.terminal, message, &self.messages).unwrap();
        self
    }

    /// Turns until nothing is left to do: no message waits, and no job runs.
    pub fn settle(&mut self) -> &mut Self {
        while self.app.ending().is_none() {
            let message = match self.messages.try_recv() {
                Err(_) if self.app.is_busy() => self.messages.recv().unwrap(),
                Err(_) => break,
                Ok(message) => message,
            };
            turn(&mut self.app, &mut self.terminal, message, &self.messages).unwrap();
        }
        self
    }

    /// The line drops, with whatever is in hand.
    pub fn hang_up(mut self) {
        self.inbox.send(Message::Hangup).unwrap();
        self.settle();
        assert_eq!(self.app.ending(), Some(Ending::Ended));
    }

    pub fn ending(&self) -> Option<Ending> {
        self.app.ending()
    }

    /// Does something behind the screens' back, as time does.
    pub fn world(&mut self, change: impl FnOnce(&mut W)) {
        change(self.app.world_mut().expect("no job has the workspace"));
    }

    pub fn into_world(self) -> W {
        self.app.into_world().expect("no job has the workspace")
    }

    /// How often the screen was drawn.
    pub fn frames(&mut self) -> usize {
        self.terminal.get_frame().count()
    }

    /// What a terminal shows by now.
    pub fn glass(&self) -> &vt100::Screen {
        self.terminal.backend().screen()
    }

    /// The cursor's column and row, counted from 0, where it is shown.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        let (y, x) = self.glass().cursor_position();
        (!self.glass().hide_cursor()).then_some((x, y))
    }

    /// The screen as text: wide characters once, no blanks at the end of a line, and a line that says where the cursor is.
    pub fn screen(&self) -> String {
        let mut text = self.lines().join("\n");
        text.push('\n');
        if let Some((x, y)) = self.cursor() {
            let line = self.glass().rows(0, x).nth(y.into()).unwrap_or_default();
            let before = if width(&line) < x.into() { "" } else { line.rsplit(' ').next().unwrap_or_default() };
            text.push_str(&format!("光标：第{y}行第{x}列，“{before}”之后\n"));
        }
        text
    }

    /// One line of the screen, counted from 0.
    pub fn line(&self, y: u16) -> String {
        self.lines().swap_remove(y.into())
    }

    /// All lines.
    pub fn lines(&self) -> Vec<String> {
        let columns = self.glass().size().1.get();
        self.glass().rows(0, columns).map(|line| line.trim_end().to_owned()).collect()
    }

    fn find(&self, text: &str) -> Option<Position> {
        self.lines().iter().enumerate().find_map(|(y, line)| {
            let before = &line[..line.find(text)?];
            Some(Position { x: width(before) as u16, y: y as u16 })
        })
    }
}

fn words(keys: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = keys.trim_start();
    while !rest.is_empty() {
        let end = match rest.strip_prefix('<').and_then(|text| text.find('>')) {
            Some(end) => end + 2,
            None => rest.find(' ').unwrap_or(rest.len()),
        };
        words.push(rest[..end].to_owned());
        rest = rest[end..].trim_start();
    }
    words
}

#[test]
fn keys_are_written_as_words() {
    assert_eq!(words("F4  ctrl-p <张 三> < Enter"), ["F4", "ctrl-p", "<张 三>", "<", "Enter"]);
}
