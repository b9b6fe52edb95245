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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The head's.
    Head,
    /// Another member's.
    Member,
    /// The household's own.
    Household,
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
const STANDINGS: [Standing; 3] = [Standing::Head, Standing::Member, Standing::Household];
const CLOSENESSES: [Closeness; 3] = [Closeness::Whole, Closeness::Edge, Closeness::Inside];
const RANKS: u8 = 2 * (KINDS.len() * STANDINGS.len() * CLOSENESSES.len()) as u8;

impl Rank {
    /// The best there is.
    pub const BEST: Self = Self(0);

    /// Not found.
    pub const NONE: Self = Self(u8::MAX);

    /// The rank of what was found for one word.
    pub const fn new(left: bool, closeness: Closeness, standing: Standing, kind: Kind) -> Self {
        let rank = (left as usize * CLOSENESSES.len() + closeness as usize) * STANDINGS.len() + standing as usize;
        Self((rank * KINDS.len() + kind as usize) as u8)
    }

    /// The same for a household whose words were found apart, behind all where they were found together.
    pub fn apart(self) -> Self {
        Self(self.0 % RANKS + RANKS)
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
        CLOSENESSES[usize::from(self.0) / (KINDS.len() * STANDINGS.len()) % CLOSENESSES.len()]
    }

    /// Whose it was.
    pub fn standing(self) -> Standing {
        STANDINGS[usize::from(self.0) / KINDS.len() % STANDINGS.len()]
    }

    /// Whether the person is no longer a member.
    pub fn left(self) -> bool {
        self.0 % RANKS >= RANKS / 2
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
    fn ranks_order_by_leaving_then_closeness_then_standing_then_kind() {
        let mut ranks = Vec::new();
        for left in [false, true] {
            for closeness in CLOSENESSES {
                for standing in STANDINGS {
                    for kind in KINDS {
                        let rank = Rank::new(left, closeness, standing, kind);
                        for rank in [rank, rank.apart()] {
                            assert_eq!((rank.kind(), rank.closeness()), (kind, closeness));
                            assert_eq!((rank.standing(), rank.left()), (standing, left));
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
