//! How long work says how far it is, and learns that nobody wants it any more.

/// Somebody who watches long work.
pub trait Progress {
    /// So much is done, out of so much where that is known; `what` is a word for the screen.
    fn step(&mut self, what: &str, done: u64, of: Option<u64>);

    /// Whether to stop as soon as nothing is left half done.
    fn is_cancelled(&self) -> bool;
}

/// Nobody watches.
pub struct Unwatched;

impl Progress for Unwatched {
    fn step(&mut self, _: &str, _: u64, _: Option<u64>) {}

    fn is_cancelled(&self) -> bool {
        false
    }
}
