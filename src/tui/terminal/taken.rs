//! The terminal while it is ours, and the way back, which is taken also when something breaks.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::ThreadId;

use crossterm::cursor::Show;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{execute, queue};

static IS_OURS: AtomicBool = AtomicBool::new(false);

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Send + Sync>;

/// The terminal is ours as long as this lives.
pub(crate) struct Taken {
    hook: Option<Hook>,
}

impl Taken {
    /// Takes the terminal over. From now on a panic of this thread gives it back first; a panic of another thread, which
    /// somebody catches, leaves it alone. What a panic says may hold names, so only its place is logged.
    pub fn take() -> io::Result<Self> {
        let before = std::panic::take_hook();
        let ours: ThreadId = std::thread::current().id();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().id() == ours {
                give_back();
            }
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(place, "the program broke off");
        }));
        let taken = Self { hook: Some(before) };
        take_over()?;
        Ok(taken)
    }

    /// Gives the terminal back for a while.
    pub fn step_aside(&self, meanwhile: impl FnOnce()) -> io::Result<()> {
        give_back();
        meanwhile();
        take_over()
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
        if let Some(before) = self.hook.take()
            && !std::thread::panicking()
        {
            std::panic::set_hook(before);
        }
    }
}

fn take_over() -> io::Result<()> {
    IS_OURS.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    let mut out = io::stdout();
    queue!(out, EnterAlternateScreen)?;
    listen(&mut out, true)?;
    out.flush()
}

/// Whatever fails on the way back, the rest of the way is still taken.
fn give_back() {
    if IS_OURS.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        let _ = out.write_all(b"\x1b[m");
        let _ = listen(&mut out, false);
        let _ = execute!(out, Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

/// Clicks and the wheel, not every movement; a paste told apart from typing.
#[cfg(unix)]
fn listen(out: &mut impl Write, on: bool) -> io::Result<()> {
    let switch = if on { 'h' } else { 'l' };
    write!(out, "\x1b[?1000{switch}\x1b[?1006{switch}\x1b[?2004{switch}")
}

#[cfg(not(unix))]
fn listen(out: &mut impl Write, on: bool) -> io::Result<()> {
    use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
    if on { queue!(out, EnableMouseCapture) } else { queue!(out, DisableMouseCapture) }
}
