//! A program in a real pseudo-terminal. What it shows is waited for as text, never for a time.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// So long something may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// How this terminal answers when it is asked where its cursor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// As a modern terminal.
    Rightly,
    /// As one that draws ambiguous characters in two columns: the one that a program prints to find out is counted twice.
    AsIfWide,
}

/// A terminal with a program in it.
pub struct Pty {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    keyboard: Arc<Mutex<Box<dyn Write + Send>>>,
    window: Arc<(Mutex<Window>, Condvar)>,
}

struct Window {
    parser: vt100::Parser<Asked>,
    sent: Vec<u8>,
    is_closed: bool,
}

/// Collects the questions of a program.
#[derive(Default)]
struct Asked {
    for_cursor: bool,
}

impl vt100::Callbacks for Asked {
    fn unhandled_csi(&mut self, _: &mut vt100::Screen, _: Option<u8>, _: Option<u8>, params: &[&[u16]], letter: char) {
        self.for_cursor |= letter == 'n' && params == [&[6]];
    }
}

impl Pty {
    /// Starts a program at a size.
    pub fn start<S: AsRef<OsStr>>(
        command: impl IntoIterator<Item = S>,
        environment: &[(&str, &str)],
        (columns, rows): (u16, u16),
        answers: Answers,
    ) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut words = command.into_iter();
        let mut builder = CommandBuilder::new(words.next().unwrap());
        builder.args(words);
        for name in ["NO_COLOR", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE"] {
            builder.env_remove(name);
        }
        builder.env("TERM", "xterm-256color");
        for (name, value) in environment {
            builder.env(name, value);
        }
        let child = pair.slave.spawn_command(builder).unwrap();
        drop(pair.slave);
        let window = Window {
            parser: vt100::Parser::new_with_callbacks(
                rows.try_into().unwrap(),
                columns.try_into().unwrap(),
                0,
                Asked::default(),
            ),
            sent: Vec::new(),
            is_closed: false,
        };
        let pty = Self {
            child,
            keyboard: Arc::new(Mutex::new(pair.master.take_writer().unwrap())),
            window: Arc::new((Mutex::new(window), Condvar::new())),
            master: pair.master,
        };
        pty.read(answers);
        pty
    }

    fn read(&self, answers: Answers) {
        let mut reader = self.master.try_clone_reader().unwrap();
        let (window, keyboard) = (Arc::clone(&self.window), Arc::clone(&self.keyboard));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            loop {
                let count = reader.read(&mut bytes).unwrap_or(0);
                let mut seen = window.0.lock().unwrap();
                seen.is_closed = count == 0;
                seen.sent.extend_from_slice(&bytes[..count]);
                // One byte after another, so that an answer is about the moment of the question.
                for byte in &bytes[..count] {
                    seen.parser.process(std::slice::from_ref(byte));
                    if std::mem::take(&mut seen.parser.callbacks_mut().for_cursor) {
                        let (row, column) = seen.parser.screen().cursor_position();
                        let column = column + u16::from(answers == Answers::AsIfWide);
                        let answer = format!("\x1b[{};{}R", row + 1, column + 1);
                        keyboard.lock().unwrap().write_all(answer.as_bytes()).unwrap();
                    }
                }
                window.1.notify_all();
                if count == 0 {
                    return;
                }
            }
        });
    }

    /// Sends bytes as a keyboard does.
    pub fn send(&mut self, keys: &str) -> &mut Self {
        self.keyboard.lock().unwrap().write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Gives the window another size.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.window.0.lock().unwrap().parser.set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
        self.master.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
        self
    }

    /// Sends a signal, by its name.
    pub fn signal(&mut self, name: &str) -> &mut Self {
        let process = self.child.process_id().unwrap().to_string();
        let status = std::process::Command::new("kill").args(["-s", name, &process]).status().unwrap();
        assert!(status.success());
        self
    }

    /// Waits until the screen shows a text.
    pub fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_until(text, |window| window.parser.screen().contents().contains(text))
    }

    /// Waits until a line, counted from 0, begins with a text.
    pub fn wait_until_line(&mut self, line: usize, begins: &str) -> &mut Self {
        self.wait_until(begins, |window| {
            let columns = window.parser.screen().size().1.get();
            window.parser.screen().rows(0, columns).nth(line).is_some_and(|line| line.starts_with(begins))
        })
    }

    /// Waits until the cursor is shown at a column and a row, counted from 0, or is hidden.
    pub fn wait_for_cursor(&mut self, at: Option<(u16, u16)>) -> &mut Self {
        self.wait_until("the cursor", |window| cursor(window.parser.screen()) == at)
    }

    /// Wakes a program that stepped aside until it shows a text; once is not enough where it is only about to stop.
    pub fn wake(&mut self, text: &str) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        while !self.contents().contains(text) {
            assert!(Instant::now() < end, "waited in vain for {text}:\n{}", self.contents());
            self.signal("CONT");
        }
        self
    }

    /// Waits until the program gave the terminal back: the other screen, the cursor, no mouse, no marked paste.
    pub fn wait_for_give_back(&mut self) -> &mut Self {
        self.wait_until("the terminal given back", |window| {
            let screen = window.parser.screen();
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        })
    }

    /// Waits until the program has ended and said all it had to say; gives its exit code.
    pub fn wait_for_end(&mut self) -> u32 {
        let code = self.child.wait().unwrap().exit_code();
        self.wait_until_closed();
        code
    }

    /// Waits until nothing more can come.
    pub fn wait_until_closed(&mut self) -> &mut Self {
        self.wait_until("the end", |window| window.is_closed)
    }

    fn wait_until(&mut self, what: &str, is_so: impl Fn(&Window) -> bool) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        let (window, news) = &*self.window;
        let mut seen = window.lock().unwrap();
        while !is_so(&seen) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let contents = seen.parser.screen().contents();
                drop(seen);
                panic!("waited in vain for {what}:\n{contents}");
            }
            seen = news.wait_timeout(seen, left).unwrap().0;
        }
        drop(seen);
        self
    }

    /// What the screen shows.
    pub fn contents(&self) -> String {
        self.window.0.lock().unwrap().parser.screen().contents()
    }

    /// All bytes that the program sent.
    pub fn sent(&self) -> Vec<u8> {
        self.window.0.lock().unwrap().sent.clone()
    }
}

fn cursor(screen: &vt100::Screen) -> Option<(u16, u16)> {
    let (row, column) = screen.cursor_position();
    (!screen.hide_cursor()).then_some((column, row))
}

impl Drop for Pty {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
