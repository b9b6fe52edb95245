//! All that the loop waits for comes through one channel.

use super::input::Input;
use super::job::{Finished, Step};

/// Something that happened.
pub enum Message<W> {
    /// Somebody pressed, pasted, clicked, or changed the size.
    Input(Input),
    /// A job is further.
    Step(Step),
    /// A job is done.
    Finished(Box<Finished<W>>),
    /// The system asks to leave.
    Terminate,
    /// The system asks to step aside for a while.
    Suspend,
    /// Nothing will be typed any more.
    Hangup,
}
