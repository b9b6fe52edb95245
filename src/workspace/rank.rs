//! What stands first among households that were found.

use std::cmp::Reverse;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::{SkimMatcherV2, SkimScoreConfig};

use super::search::{Closeness, Kind};

/// How well something was found, lower is better: whoever left last, then by how much of it was typed, then heads
/// before other members before the household itself, then by what was matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank(u8);

/// Whose name or number was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The head's.
    Head,
    /// Another member's.
    Member,
    /// The household's own.
    Household,
    /// Somebody's who is no longer a member.
    Left,
}

const KINDS: [Kind; 7] = [
    Kind::Name,
    Kind::HouseholdNumber,
    Kind::IdNumber,
    Kind::PersonNumber,
    Kind::Phone,
    Kind::Group,
    Kind::HouseNumber,
];
const WHOSE: [Whose; 3] = [Whose::Head, Whose::Member, Whose::Household];
const CLOSENESSES: [Closeness; 3] = [Closeness::Whole, Closeness::Edge, Closeness::Inside];
/// The ranks of those who are there; as many follow for those who left.
const RANKS: u8 = (KINDS.len() * WHOSE.len() * CLOSENESSES.len()) as u8;

impl Rank {
    /// The best there is.
    pub const BEST: Self = Self(0);

    /// Not found.
    pub const NONE: Self = Self(u8::MAX);

    /// The rank of what was found for one word.
    pub const fn new(whose: Whose, closeness: Closeness, kind: Kind) -> Self {
        let (first, place) = match whose {
            Whose::Left => (RANKS, 0),
            there => (0, there as u8),
        };
        let rank = (closeness as u8 * WHOSE.len() as u8 + place) * KINDS.len() as u8 + kind as u8;
        Self(first + rank)
    }

    /// The same for a household whose words were found apart, behind all where they were found together.
    pub fn apart(self) -> Self {
        Self(self.0 % (2 * RANKS) + 2 * RANKS)
    }

    /// What was matched.
    pub fn kind(self) -> Kind {
        KINDS[usize::from(self.0) % KINDS.len()]
    }

    /// Whether it was only a group or a house number, which says little of who is meant.
    pub fn is_place(self) -> bool {
        matches!(self.kind(), Kind::Group | Kind::HouseNumber)
    }

    /// How much of it was typed.
    pub fn closeness(self) -> Closeness {
        CLOSENESSES[usize::from(self.0) / (KINDS.len() * WHOSE.len()) % CLOSENESSES.len()]
    }

    /// Whose it was.
    pub fn whose(self) -> Whose {
        if self.0 % (2 * RANKS) >= RANKS {
            return Whose::Left;
        }
        WHOSE[usize::from(self.0) / KINDS.len() % WHOSE.len()]
    }
}

/// The most households that are compared by the matcher's score, which takes its time.
const SCORED: usize = 300;

/// How many households may still be scored for one key.
#[derive(Clone, Copy, Debug)]
pub struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Self(SCORED)
    }
}

/// Orders what has the same rank by how well it fits, best first, equals staying as they stand; what is more than may
/// be scored stays as it is.
pub fn by_score<T>(found: &mut [T], typed: &str, budget: &mut Budget, spelled: impl Fn(&T) -> String) {
    if found.len() < 2 || found.len() > budget.0 {
        return;
    }
    budget.0 -= found.len();
    // How long the syllables between two initials are says nothing of who is meant.
    let config = SkimScoreConfig { gap_extension: 0, ..SkimScoreConfig::default() };
    let matcher = SkimMatcherV2::default().ignore_case().score_config(config);
    found.sort_by_cached_key(|hit| Reverse(matcher.fuzzy_match(&spelled(hit), typed)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_order_by_leaving_then_closeness_then_whose_then_kind() {
        let mut ranks = Vec::new();
        for everybody in [&WHOSE[..], &[Whose::Left]] {
            for closeness in CLOSENESSES {
                for whose in everybody {
                    for kind in KINDS {
                        let rank = Rank::new(*whose, closeness, kind);
                        for rank in [rank, rank.apart()] {
                            assert_eq!((rank.whose(), rank.closeness(), rank.kind()), (*whose, closeness, kind));
                        }
                        ranks.push(rank);
                    }
                }
            }
        }
        assert!(ranks.is_sorted_by(|a, b| a < b));
        let worst = *ranks.last().unwrap();
        assert!(worst < ranks[0].apart() && worst.apart() < Rank::NONE);
    }

    #[test]
    fn scores_order_within_a_rank_and_keep_the_order_of_equals() {
        let sorted = |mut names: [&'static str; 3], typed| {
            by_score(&mut names, typed, &mut Budget::default(), |name| (*name).to_owned());
            names
        };
        assert_eq!(sorted(["阿a宁ning", "安an丽li", "安an娜na"], "an"), ["安an丽li", "安an娜na", "阿a宁ning"]);
        let natural = ["张zhang三san", "赵zhao山shan", "邹zou四si"];
        assert_eq!(sorted(natural, "zs"), natural);
        let mut many = vec!["阿a宁ning"; SCORED + 1];
        many[SCORED] = "安an";
        by_score(&mut many, "an", &mut Budget::default(), |name| (*name).to_owned());
        assert_eq!(many[SCORED], "安an");
    }
}
