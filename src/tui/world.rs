//! What the screens work on. The frame knows nothing of household files; this is all it asks of them.

use super::actions::Action;
use super::reply::Reply;

/// The workspace, as the frame sees it. It is handed to a worker while a job runs, and comes back with the result.
pub trait World: Send + Sized + 'static {
    /// Who works where, on which day: shown in the title of every screen.
    fn banner(&self) -> Banner;

    /// What is to be said or asked before anything else.
    fn welcome(&mut self) -> Reply<Self> {
        Reply::done()
    }

    /// Looks about before an input is taken, such as at the clock; true where what is shown may be out of date.
    fn wake(&mut self) -> bool {
        false
    }

    /// What came of what was just done that nobody asked for and somebody has to know; told once.
    fn heard(&mut self) -> Option<String> {
        None
    }

    /// An action that neither the screen nor the frame took: opening the main screens, undo, backup, another person.
    fn act(&mut self, action: Action) -> Reply<Self>;
}

/// Who works where, on which day, under which policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Banner {
    /// The village.
    pub village: String,
    /// The day, and whether it was set by hand.
    pub day: String,
    /// The person, with the role.
    pub who: String,
    /// The policy file.
    pub policy: String,
    /// Whether the policy does not hold here today and only stands in.
    pub is_borrowed: bool,
}
