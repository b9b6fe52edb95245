//! What the system asks of the program: to end, or to step aside.

use std::io;
use std::sync::mpsc::Sender;

use crate::tui::message::Message;

/// Turns signals into messages for as long as the program runs.
#[cfg(unix)]
pub(crate) fn listen<W: Send + 'static>(inbox: Sender<Message<W>>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM, SIGTSTP])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let message = if signal == SIGTSTP { Message::Suspend } else { Message::Terminate };
            if inbox.send(message).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Stops until somebody wakes the program again.
#[cfg(unix)]
pub(crate) fn stop() {
    // Where the system refuses, the program simply goes on.
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
}

/// Windows closes a console without asking.
#[cfg(not(unix))]
pub(crate) fn listen<W: Send + 'static>(_: Sender<Message<W>>) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn stop() {}
