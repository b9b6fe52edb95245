//! The workstation's real loop over a terminal that is none: keys go in, and each comes back as a drawn frame.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use hudang::progress::Unwatched;
use hudang::tui::app::{App, Settings};
use hudang::tui::desk::Desk;
use hudang::tui::input::Input;
use hudang::tui::keymap::{Keymap, chord};
use hudang::tui::message::Message;
use hudang::tui::run::{show, turn};
use hudang::tui::screens::today::Today;
use hudang::tui::theme::{Colours, Theme};
use hudang::workspace::Workspace;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::measure::timed;

/// The workstation.
pub struct Face {
    app: App<Desk>,
    terminal: Terminal<TestBackend>,
    messages: Receiver<Message<Desk>>,
}

impl Face {
    /// The workstation as it is right after its start, with its first frame drawn.
    pub fn over(workspace: Workspace, (columns, rows): (u16, u16)) -> Self {
        workspace.stand(&mut Unwatched).expect("the files can be read");
        let mut desk = Desk::new(workspace);
        let first = Box::new(Today::open(&mut desk));
        let keymap = Keymap::shipped("default").expect("the shipped keymap");
        let settings = Settings { keymap, theme: Theme::new(Colours::None), log: None };
        let (inbox, messages) = channel();
        let app = App::new(desk, first, settings, inbox);
        let terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
        let mut face = Self { app, terminal, messages };
        show(&mut face.app, &mut face.terminal).expect("a frame");
        face
    }

    /// Presses a key, and gives how long it takes until its frame is drawn.
    pub fn press(&mut self, key: &str) -> Duration {
        let mut letters = key.chars();
        let chord = match (letters.next(), letters.next()) {
            (Some(letter), None) => chord::comparable(crossterm::event::KeyCode::Char(letter).into()),
            _ => chord::parse(key).expect("a key"),
        };
        let message = Message::Input(Input::Key(chord));
        timed(|| turn(&mut self.app, &mut self.terminal, message, &self.messages).expect("a frame"))
    }

    /// What is shown, line by line.
    pub fn lines(&self) -> Vec<String> {
        let buffer = self.terminal.backend().buffer();
        let columns = usize::from(buffer.area.width);
        buffer.content.chunks(columns).map(|line| line.iter().map(|cell| cell.symbol()).collect()).collect()
    }
}
