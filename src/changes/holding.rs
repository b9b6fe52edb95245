//! Which acts are kept from the clerk when a set goes out, and which of those kept before may go now.

use std::collections::{BTreeMap, BTreeSet};

use super::act::{Held, HeldFor};
use super::review::{Reviews, Standing, Subject};

/// What hangs on a set that goes out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// The acts that are held from now on.
    pub held: Vec<Held>,
    /// The acts that were held before and go out now.
    pub released: Vec<u64>,
    /// All that stays behind, what was held before included, each with what keeps it now.
    pub kept: BTreeMap<u64, HeldFor>,
}

impl Holding {
    /// Whether anything has to be said about it in the chain.
    pub fn is_to_be_said(&self) -> bool {
        !self.held.is_empty() || !self.released.is_empty()
    }
}

/// Decides over the acts that would go out and those held before, in the order of their numbers. `blocked` are the
/// households that contradict themselves in a way that may not go out; `idle` the acts of which nothing is left, which say
/// nothing to anybody and need no word; `taken` those of which the county has signed that it takes them, which is a yes
/// from outside where nobody else in the village can give one.
pub fn decide<'a>(
    acts: impl IntoIterator<Item = &'a Subject>,
    reviews: &Reviews,
    (blocked, idle, taken): (&BTreeSet<u32>, &BTreeSet<u64>, &BTreeSet<u64>),
    needs_approval: bool,
) -> Holding {
    let before = reviews.held();
    let mut holding = Holding::default();
    // The clerk cannot type in what builds on something that the system does not have yet.
    let mut stopped: BTreeMap<u32, HeldFor> = BTreeMap::new();
    for act in acts {
        let mut households = act.households.iter();
        let why = match reviews.standing(act) {
            _ if idle.contains(&act.number) => households.find_map(|household| stopped.get(household).copied()),
            _ if act.households.iter().any(|household| blocked.contains(household)) => Some(HeldFor::Blocked),
            Standing::Returned(_) => Some(HeldFor::Returned),
            Standing::Waiting | Standing::Own(_) if needs_approval && !taken.contains(&act.number) => {
                Some(HeldFor::Unapproved)
            }
            _ => households.find_map(|household| stopped.get(household).copied()),
        };
        match (why, before.contains_key(&act.number)) {
            (Some(why), was_held) => {
                act.households.iter().for_each(|household| _ = stopped.entry(*household).or_insert(why));
                holding.kept.insert(act.number, why);
                if !was_held {
                    holding.held.push(Held { act: act.number, why });
                }
            }
            (None, true) => holding.released.push(act.number),
            (None, false) => {}
        }
    }
    holding
}

#[cfg(test)]
mod tests {
    use super::super::act::{Act, Of, Review};
    use super::super::review;
    use super::*;
    use crate::domain::Name;

    fn act(number: u64, households: &[u32]) -> Subject {
        Subject { number, by: "李桂枝".into(), households: households.to_vec() }
    }

    fn line(number: u64, kind: Name) -> Act {
        let at = "2022-11-20T09:00:00+08:00".parse().unwrap();
        let mut act = Act::new("419999101201".parse().unwrap(), kind, "", "周明", Name::new("secretary"), at);
        act.number = number;
        act
    }

    fn say(reviews: &mut Reviews, number: u64, household: u32, approved: bool) {
        let mut act = line(number, review::REVIEW);
        act.reviews.push(Of { household, what: Review { to: number - 1, approved, remark: None } });
        reviews.add(&act);
    }

    fn hold(reviews: &mut Reviews, number: u64, holding: &Holding) {
        let mut act = line(number, review::HOLD);
        (act.held, act.released) = (holding.held.clone(), holding.released.clone());
        reviews.add(&act);
    }

    #[test]
    fn where_no_approval_is_needed_only_blocks_and_returns_hold() {
        let mut reviews = Reviews::default();
        let acts = [act(1, &[7]), act(2, &[8]), act(3, &[9])];
        assert_eq!(
            decide(&acts, &reviews, (&BTreeSet::new(), &BTreeSet::new(), &BTreeSet::new()), false),
            Holding::default()
        );
        say(&mut reviews, 4, 8, false);
        let holding = decide(&acts, &reviews, (&[7].into(), &BTreeSet::new(), &BTreeSet::new()), false);
        assert_eq!(holding.kept, [(1, HeldFor::Blocked), (2, HeldFor::Returned)].into());
        assert_eq!(holding.held.len(), 2);
    }

    #[test]
    fn where_it_is_needed_what_nobody_approved_is_held_and_released_later() {
        let mut reviews = Reviews::default();
        let acts = [act(1, &[7]), act(2, &[8])];
        say(&mut reviews, 3, 7, true);
        let first = decide(&acts, &reviews, (&BTreeSet::new(), &BTreeSet::new(), &BTreeSet::new()), true);
        assert_eq!(first.held, [Held { act: 2, why: HeldFor::Unapproved }]);
        hold(&mut reviews, 4, &first);
        let held = &acts[1..];
        assert!(
            !decide(held, &reviews, (&BTreeSet::new(), &BTreeSet::new(), &BTreeSet::new()), true).is_to_be_said(),
            "what is held is not held again"
        );
        say(&mut reviews, 5, 8, true);
        assert_eq!(decide(held, &reviews, (&BTreeSet::new(), &BTreeSet::new(), &BTreeSet::new()), true).released, [2]);
        assert!(
            !decide(held, &reviews, (&[8].into(), &BTreeSet::new(), &BTreeSet::new()), true).is_to_be_said(),
            "held for another reason now"
        );
    }

    #[test]
    fn what_the_county_took_needs_nobody_else_s_yes_and_what_was_returned_still_does() {
        let mut reviews = Reviews::default();
        say(&mut reviews, 4, 8, false);
        let acts = [act(1, &[7]), act(2, &[8]), act(3, &[9])];
        let taken: BTreeSet<u64> = [1, 2].into();
        let holding = decide(&acts, &reviews, (&BTreeSet::new(), &BTreeSet::new(), &taken), true);
        assert_eq!(holding.kept, [(2, HeldFor::Returned), (3, HeldFor::Unapproved)].into());
    }

    #[test]
    fn what_builds_on_something_held_waits_with_it() {
        let mut reviews = Reviews::default();
        say(&mut reviews, 2, 7, false);
        // 1 was returned; 3 is a later edit of the same household, 4 moves somebody on to 8, 5 is another one's.
        let acts = [act(1, &[7]), act(3, &[7]), act(4, &[7, 8]), act(5, &[8]), act(6, &[9])];
        let holding = decide(&acts, &reviews, (&BTreeSet::new(), &BTreeSet::new(), &BTreeSet::new()), false);
        assert_eq!(holding.held.iter().map(|held| held.act).collect::<Vec<_>>(), [1, 3, 4, 5]);
        assert!(holding.held.iter().all(|held| held.why == HeldFor::Returned));
        hold(&mut reviews, 7, &holding);
        say(&mut reviews, 8, 7, true);
        assert_eq!(
            decide(&acts[..4], &reviews, (&BTreeSet::new(), &BTreeSet::new(), &BTreeSet::new()), false).released,
            [1, 3, 4, 5]
        );
    }
}
