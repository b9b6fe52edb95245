//! The words of `data/words/`, loaded once for searching, sorting and asking.

use crate::data::{BadData, Data};

use super::pinyin::Pinyin;
use super::query::{Completion, Query, QueryFault, Vocabulary};
use super::search::groups::Groups;

/// Everything that finding households takes from `data/`.
#[derive(Clone, Debug)]
pub struct Words {
    /// Readings.
    pub pinyin: Pinyin,
    /// Spellings of groups and house numbers.
    pub groups: Groups,
    /// Conditions.
    pub filters: Vocabulary,
}

impl Words {
    /// Loads the words.
    pub fn load(data: &Data) -> Result<Self, BadData> {
        Ok(Self {
            pinyin: Pinyin::load(&data.file("words/surnames.toml")?)?,
            groups: Groups::load(&data.file("words/groups.toml")?)?,
            filters: Vocabulary::load(&data.file("words/filters.toml")?)?,
        })
    }

    /// Reads a whole line.
    pub fn parse(&self, line: &str) -> Result<Query, QueryFault> {
        self.filters.parse(line)
    }

    /// Reads a line that is still being typed.
    pub fn parse_unfinished(&self, line: &str) -> Result<Query, QueryFault> {
        self.filters.parse_unfinished(line)
    }

    /// The conditions that the last word of a line may become.
    pub fn complete(&self, line: &str) -> Vec<Completion> {
        self.filters.complete(line, &self.pinyin)
    }
}
