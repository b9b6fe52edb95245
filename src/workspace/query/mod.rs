//! What the search line and `hudang list` take: words that find, and conditions that sift.

mod complete;
mod facts;
mod filter;
mod parse;
mod vocabulary;

pub use complete::Completion;
pub use facts::Facts;
pub use filter::{Compare, Filter, Flag, Number, Test};
pub use parse::QueryFault;
pub use vocabulary::Vocabulary;

use super::search::groups::Groups;

/// A line, read. All of it has to hold for a household to be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words to find in names and numbers, as they were typed.
    pub words: Vec<Box<str>>,
    /// Conditions.
    pub filters: Vec<Filter>,
    /// Whether the last of `words` is perhaps only the beginning of a condition that is still being typed.
    pub unfinished: bool,
}

impl Query {
    /// Whether everything is wanted.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.filters.is_empty()
    }

    /// Whether closed files are asked for; else they are hidden.
    pub fn asks_for_closed(&self) -> bool {
        self.filters.iter().any(|filter| matches!(filter.test, Test::Flag(Flag::Closed, _)))
    }

    /// Whether the conditions hold, all but those on the group; facts are asked for only where there are any.
    pub fn holds<F: Facts>(&self, facts: impl FnOnce() -> Option<F>) -> bool {
        let mut filters = self.filters.iter().filter(|filter| !matches!(filter.test, Test::Group(_))).peekable();
        if filters.peek().is_none() {
            return true;
        }
        facts().is_some_and(|facts| filters.all(|filter| filter.holds(&facts)))
    }

    /// Whether the conditions on the group hold for a group's name in its normal form.
    pub fn holds_in(&self, group: &str, groups: &Groups) -> bool {
        self.filters.iter().all(|filter| filter.holds_in(group, groups))
    }

    /// The query without a last word that is perhaps still being typed.
    pub fn without_unfinished_word(&self) -> Option<Self> {
        let (_, words) = self.unfinished.then(|| self.words.split_last()).flatten()?;
        Some(Self { words: words.to_vec(), filters: self.filters.clone(), unfinished: false })
    }
}
