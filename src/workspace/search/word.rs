//! A typed word, read as all that it may mean.

use super::groups::means;
use super::index::Index;
use super::number::{Digits, LocalNumber};
use super::typed::Typed;

/// What a word may mean.
pub(super) enum Word {
    /// Digits: numbers, a group, a house.
    Digits(Digits),
    /// A number that the village gave.
    Local(LocalNumber),
    /// Anything else.
    Text {
        /// As a name; none if it is too long for one.
        name: Option<Typed>,
        /// As a group's name, in its normal form.
        group: Option<String>,
        /// As a house number.
        house: Option<u32>,
    },
}

/// The fewest letters of a word that may mean a group: a single one begins too many of them.
const GROUP_FROM: usize = 2;

impl Word {
    /// Reads a folded word.
    pub fn read(word: &str, index: &Index) -> Self {
        if let Some(digits) = Digits::new(word) {
            return Self::Digits(digits);
        }
        if let Some(local) = LocalNumber::new(word) {
            return Self::Local(local);
        }
        let groups = &index.words.groups;
        Self::Text {
            name: Typed::new(word),
            group: (word.chars().count() >= GROUP_FROM).then(|| groups.normal(word)),
            house: groups.typed_house(word),
        }
    }

    /// A word that can only be a name.
    pub fn name(word: &str) -> Self {
        Self::Text { name: Typed::new(word), group: None, house: None }
    }

    /// Whether some group is called so, and the word says little of who is meant.
    pub fn is_place(&self, index: &Index) -> bool {
        match self {
            Self::Text { group, house, .. } => {
                let named = |typed: &String| index.groups.iter().any(|known| means(typed, &known.name).is_some());
                house.is_some() || group.as_ref().is_some_and(named)
            }
            _ => false,
        }
    }
}
