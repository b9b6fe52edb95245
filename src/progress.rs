//! How long work says how far it is, and learns that nobody wants it any more.

/// Somebody who watches long work.
pub trait Progress {
    /// So much is done, out of so much where that is known; `what` is a word for the screen.
    fn step(&mut self, what: &str, done: u64, of: Option<u64>);

    /// Whether to stop as soon as nothing is left half done.
    fn is_cancelled(&self) -> bool;
}

/// Somebody watches work that has to be finished, such as taking back what was stopped halfway.
pub struct Unstoppable<'a>(pub &'a mut dyn Progress);

impl Progress for Unstoppable<'_> {
    fn step(&mut self, what: &str, done: u64, of: Option<u64>) {
        self.0.step(what, done, of);
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Nobody watches.
pub struct Unwatched;

impl Progress for Unwatched {
    fn step(&mut self, _: &str, _: u64, _: Option<u64>) {}

    fn is_cancelled(&self) -> bool {
        false
    }
}
