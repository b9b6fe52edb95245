//! What the search line and `hudang list` take: words that find, and conditions that sift.

mod complete;
mod facts;
mod filter;
mod parse;
mod toggle;
mod vocabulary;

pub use complete::Completion;
pub use facts::Facts;
pub use filter::{Compare, Filter, Flag, Number, Test};
pub use parse::QueryFault;
pub use vocabulary::{Offer, Vocabulary};

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

    /// Whether closed files are asked for; else they are hidden. What was due when a file was closed stays due, so whoever
    /// asks for something due asks for them too.
    pub fn asks_for_closed(&self) -> bool {
        self.filters.iter().any(|filter| matches!(filter.test, Test::Flag(Flag::Closed, _)) || filter.asks_for_due())
    }

    /// Whether any condition asks for facts; those on the group do not.
    pub fn asks_for_facts(&self) -> bool {
        self.filters.iter().any(|filter| !matches!(filter.test, Test::Group(_)))
    }

    /// Whether the conditions hold, all but those on the group; where nothing is known, none of them does.
    pub fn holds(&self, facts: Option<&impl Facts>) -> bool {
        !self.asks_for_facts() || facts.is_some_and(|facts| self.filters.iter().all(|filter| filter.holds(facts)))
    }

    /// Whether the conditions on the group hold for a group's name in its normal form.
    pub fn holds_in(&self, group: &str, groups: &Groups) -> bool {
        self.filters.iter().all(|filter| filter.holds_in(group, groups))
    }
}
