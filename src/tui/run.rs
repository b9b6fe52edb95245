//! The loop: one thread reads the terminal, one channel, one message after another; what changed is drawn once the
//! channel is empty. No async, no ticks.

use std::any::Any;
use std::io::{self, Stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::Backend;

use super::app::{App, Settings};
use super::message::Message;
use super::screen::Screen;
use super::terminal::ambiguous::Ambiguous;
use super::terminal::backend::SparingBackend;
use super::terminal::check::{NoTerminal, check};
use super::terminal::keyboard::Keyboard;
use super::terminal::signals;
use super::terminal::taken::Taken;
use super::world::World;

/// Why the workstation could not be shown, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// There is no terminal that could show it.
    #[error(transparent)]
    NoTerminal(#[from] NoTerminal),
    /// The terminal does not take what is written.
    #[error("终端出错（{0}）。已经记下的都还在")]
    Io(#[from] io::Error),
    /// A fault of the program.
    #[error("程序出错，停下了。已经记下的都还在{}", log.as_ref().map_or(String::new(), |log| format!("。日志：{}", log.display())))]
    Fault {
        /// The log, which holds the place of the fault and no names.
        log: Option<PathBuf>,
    },
}

/// Once the system asks to end, a running job has so long to stop by itself; a kill does it no harm either.
const GRACE: Duration = Duration::from_secs(3);

/// The terminal, ours until this is dropped; one face after the other may use it.
pub struct Session {
    taken: Taken,
    terminal: Terminal<SparingBackend<Stdout>>,
    keyboard: Keyboard,
}

impl Session {
    /// Takes the terminal over.
    pub fn begin() -> Result<Self, Broken> {
        check()?;
        let taken = Taken::take()?;
        // Before anybody else reads from the terminal.
        let ambiguous = Ambiguous::probe(&mut io::stdout())?;
        let terminal = Terminal::new(SparingBackend::new(io::stdout(), ambiguous))?;
        Ok(Self { taken, terminal, keyboard: Keyboard::begin()? })
    }

    /// Shows a face until the person leaves; gives the workspace back where no job has it.
    pub fn run<W: World>(
        &mut self,
        world: W,
        home: Box<dyn Screen<W>>,
        settings: Settings,
    ) -> Result<Option<W>, Broken> {
        let log = settings.log.clone();
        match catch_unwind(AssertUnwindSafe(|| self.run_watched(world, home, settings))) {
            Ok(ran) => Ok(ran?),
            Err(panic) => {
                // What it says may hold names; its place is in the log already.
                drop::<Box<dyn Any + Send>>(panic);
                Err(Broken::Fault { log })
            }
        }
    }

    fn run_watched<W: World>(
        &mut self,
        world: W,
        home: Box<dyn Screen<W>>,
        settings: Settings,
    ) -> io::Result<Option<W>> {
        let terminal = &mut self.terminal;
        terminal.clear()?;
        let (inbox, messages) = channel();
        signals::listen(inbox.clone())?;
        let listener = inbox.clone();
        self.keyboard.hand_to(move |input| listener.send(input.map_or(Message::Hangup, Message::Input)).is_ok());
        let mut app = App::new(world, home, settings, inbox);
        show(&mut app, terminal)?;
        while app.ending().is_none() {
            let Ok(message) = messages.recv() else { break };
            turn(&mut app, terminal, message, &messages)?;
            if app.take_suspend() {
                self.taken.step_aside(signals::stop)?;
                terminal.backend_mut().forget();
                terminal.clear()?;
                terminal.draw(|frame| app.draw(frame))?;
            }
        }
        wait_for_job(&mut app, &messages);
        Ok(app.into_world())
    }
}

/// Shows a face in the terminal until the person leaves; gives the workspace back where no job has it.
pub fn run<W: World>(world: W, home: Box<dyn Screen<W>>, settings: Settings) -> Result<Option<W>, Broken> {
    Session::begin()?.run(world, home, settings)
}

/// One turn of the loop: takes a message and all that came meanwhile, and draws once.
pub fn turn<W: World, B: Backend>(
    app: &mut App<W>,
    terminal: &mut Terminal<B>,
    message: Message<W>,
    messages: &Receiver<Message<W>>,
) -> Result<(), B::Error> {
    app.handle(message);
    while app.ending().is_none() {
        let Ok(message) = messages.try_recv() else { break };
        app.handle(message);
    }
    if app.ending().is_some() { Ok(()) } else { show(app, terminal) }
}

/// Draws, where something changed.
pub fn show<W: World, B: Backend>(app: &mut App<W>, terminal: &mut Terminal<B>) -> Result<(), B::Error> {
    let clear = app.take_clear();
    if clear {
        terminal.clear()?;
    }
    if clear || app.is_stale() {
        terminal.draw(|frame| app.draw(frame))?;
    }
    Ok(())
}

fn wait_for_job<W: World>(app: &mut App<W>, messages: &Receiver<Message<W>>) {
    app.cancel();
    let until = Instant::now() + GRACE;
    while app.is_busy() {
        let Ok(message) = messages.recv_timeout(until.saturating_duration_since(Instant::now())) else { return };
        app.handle(message);
    }
}
