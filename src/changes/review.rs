//! What a chain says of approval: the first secretary's words on households, and the acts that are kept from the clerk.
//!
//! Folded in the order of the acts, at the village and at the county alike.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::domain::{Name, person_name};

use super::act::{Act, Held, HeldFor};

/// The kind of an act by which the first secretary approves or returns.
pub const REVIEW: Name = Name::fixed("review");

/// The kind of an act by which acts are held, and released later.
pub const HOLD: Name = Name::fixed("hold");

/// Whether an act speaks of other acts on their way out, and of nothing in a household.
pub fn speaks_of_acts(act: &Act) -> bool {
    act.kind == REVIEW || act.kind == HOLD
}

/// One word of the first secretary on one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The number of the act that says it.
    pub act: u64,
    /// The last act that it covers.
    pub to: u64,
    /// Whether it approves, rather than returns.
    pub approved: bool,
    /// What she had to say.
    pub remark: Option<Box<str>>,
    /// Who said it.
    pub by: Box<str>,
    /// On which local day.
    pub on: NaiveDate,
}

/// An act on which a word can be said: news to the county that the clerk would type in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its number.
    pub number: u64,
    /// Who entered it.
    pub by: Box<str>,
    /// The serials of the households in which it changes something, ascending.
    pub households: Vec<u32>,
}

impl Subject {
    /// The act as such; none where it changes nothing, or came out of a roster.
    pub fn of(act: &Act) -> Option<Self> {
        if !act.is_news() {
            return None;
        }
        let taken = act.taken.iter().filter(|rows| !rows.fields.is_empty()).map(|rows| rows.household);
        let mut households: Vec<u32> = act.changes.iter().map(|change| change.household).chain(taken).collect();
        households.sort_unstable();
        households.dedup();
        (!households.is_empty()).then(|| Self { number: act.number, by: act.by.clone(), households })
    }
}

/// Where an act stands with the first secretary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Nobody has said anything of it since it was entered.
    Waiting,
    /// Only she who entered it would approve it, which does not count.
    Own(&'a Word),
    /// Returned, and not approved since.
    Returned(&'a Word),
    /// Approved by somebody else than entered it.
    Approved(&'a Word),
}

/// What a chain says, as far as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reviews {
    words: BTreeMap<u32, Vec<Word>>,
    holds: Vec<Hold>,
}

/// One act's word on holding.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hold {
    act: u64,
    held: Vec<Held>,
    released: Vec<u64>,
}

impl Reviews {
    /// Takes in what the next act of the chain says.
    pub fn add(&mut self, act: &Act) {
        self.add_words(act);
        if !act.held.is_empty() || !act.released.is_empty() {
            let (held, released) = (act.held.clone(), act.released.clone());
            self.holds.push(Hold { act: act.number, held, released });
        }
    }

    /// Takes in what an act says of households, and nothing of holding.
    pub fn add_words(&mut self, act: &Act) {
        for review in &act.reviews {
            self.words.entry(review.household).or_default().push(Word {
                act: act.number,
                to: review.what.to,
                approved: review.what.approved,
                remark: review.what.remark.clone(),
                by: act.by.clone(),
                on: act.entered_on(),
            });
        }
    }

    /// What this says of holding, with what another one says of households.
    pub fn with_words_of(self, other: Self) -> Self {
        Self { words: other.words, ..self }
    }

    /// The same as it stood after an act.
    pub fn until(&self, number: u64) -> Self {
        let mut earlier = self.clone();
        earlier.words.values_mut().for_each(|words| words.retain(|word| word.act <= number));
        earlier.holds.retain(|hold| hold.act <= number);
        earlier
    }

    /// The acts that are held and were not released, each with the reason given.
    pub fn held(&self) -> BTreeMap<u64, HeldFor> {
        let mut all = BTreeMap::new();
        for hold in &self.holds {
            hold.released.iter().for_each(|act| _ = all.remove(act));
            all.extend(hold.held.iter().map(|held| (held.act, held.why)));
        }
        all
    }

    /// The acts that a run of the chain releases, ascending.
    pub fn released_in(&self, run: RangeInclusive<u64>) -> BTreeSet<u64> {
        let holds = self.holds.iter().filter(|hold| run.contains(&hold.act));
        holds.flat_map(|hold| &hold.released).copied().collect()
    }

    /// The act by which another one was last released.
    pub fn released_by(&self, act: u64) -> Option<u64> {
        self.holds.iter().rev().find(|hold| hold.released.contains(&act)).map(|hold| hold.act)
    }

    /// The words on a household, oldest first.
    pub fn words_on(&self, household: u32) -> &[Word] {
        self.words.get(&household).map_or(&[], Vec::as_slice)
    }

    /// Where an act stands: returned where any of its households is, approved where all of them are.
    pub fn standing(&self, subject: &Subject) -> Standing<'_> {
        let rank = |standing: &Standing<'_>| match standing {
            Standing::Returned(_) => 0,
            Standing::Waiting => 1,
            Standing::Own(_) => 2,
            Standing::Approved(_) => 3,
        };
        let of_each = subject.households.iter().map(|household| self.in_household(subject, *household));
        of_each.min_by_key(rank).unwrap_or(Standing::Waiting)
    }

    fn in_household(&self, subject: &Subject, household: u32) -> Standing<'_> {
        let words = self.words_on(household).iter().filter(|word| subject.number <= word.to.min(word.act));
        words.fold(Standing::Waiting, |standing, word| {
            match (word.approved, person_name::is_same(&word.by, &subject.by), standing) {
                (false, ..) => Standing::Returned(word),
                (true, false, _) => Standing::Approved(word),
                // Her word on her own entry takes nothing back and adds nothing.
                (true, true, Standing::Waiting | Standing::Own(_)) => Standing::Own(word),
                (true, true, standing) => standing,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::act::{FieldChange, Of, Review};
    use super::*;
    use crate::domain::{Slot, Value};

    fn blank(number: u64, kind: Name, by: &str) -> Act {
        let at = format!("2022-11-{:02}T09:00:00+08:00", number.min(28)).parse().unwrap();
        let mut act = Act::new("419999101201".parse().unwrap(), kind, "", by, Name::new("coordinator"), at);
        act.number = number;
        act
    }

    fn edit(number: u64, by: &str, households: &[u32]) -> Subject {
        let mut act = blank(number, Name::new("edit"), by);
        let slot = Slot { section: Name::new("address"), row: 0, field: Name::new("phone") };
        act.changes.extend(households.iter().map(|household| FieldChange {
            household: *household,
            slot,
            old: None,
            new: Value::text("1"),
            happened_on: None,
            seen_on: None,
            evidence: None,
            item: None,
            evidence_only: false,
        }));
        Subject::of(&act).unwrap()
    }

    fn say(reviews: &mut Reviews, number: u64, by: &str, household: u32, to: u64, approved: bool) {
        let mut act = blank(number, REVIEW, by);
        let remark = (!approved).then(|| "请核实".into());
        act.reviews.push(Of { household, what: Review { to, approved, remark } });
        reviews.add(&act);
    }

    fn state(reviews: &Reviews, subject: &Subject) -> &'static str {
        match reviews.standing(subject) {
            Standing::Waiting => "waiting",
            Standing::Own(_) => "own",
            Standing::Returned(_) => "returned",
            Standing::Approved(_) => "approved",
        }
    }

    #[test]
    fn a_word_covers_what_she_saw_and_nothing_later() {
        let mut reviews = Reviews::default();
        let (early, late) = (edit(1, "李桂枝", &[7]), edit(3, "李桂枝", &[7]));
        assert_eq!(state(&reviews, &early), "waiting");
        say(&mut reviews, 2, "周明", 7, 1, true);
        assert_eq!([&early, &late].map(|it| state(&reviews, it)), ["approved", "waiting"]);
        assert_eq!(state(&reviews, &edit(1, "李桂枝", &[8])), "waiting", "another household");
        // A word that claims to cover what is entered after it does not.
        say(&mut reviews, 2, "周明", 7, 99, true);
        assert_eq!(state(&reviews, &late), "waiting");
    }

    #[test]
    fn the_newest_word_counts_and_a_return_stands_until_it_is_approved() {
        let mut reviews = Reviews::default();
        let (first, second) = (edit(1, "李桂枝", &[7]), edit(3, "李桂枝", &[7]));
        say(&mut reviews, 2, "周明", 7, 1, false);
        assert_eq!([&first, &second].map(|it| state(&reviews, it)), ["returned", "waiting"]);
        say(&mut reviews, 4, "周明", 7, 3, true);
        assert_eq!([&first, &second].map(|it| state(&reviews, it)), ["approved", "approved"]);
        say(&mut reviews, 5, "吴敏", 7, 4, false);
        assert_eq!(state(&reviews, &first), "returned");
        assert_eq!(state(&reviews.until(4), &first), "approved");
        assert_eq!(reviews.words_on(7).last().and_then(|word| word.remark.as_deref()), Some("请核实"));
    }

    #[test]
    fn nobody_approves_her_own_and_somebody_else_can() {
        let mut reviews = Reviews::default();
        let (own, other) = (edit(1, "周明", &[7]), edit(2, "李桂枝", &[7]));
        say(&mut reviews, 3, "周明", 7, 2, true);
        assert_eq!([&own, &other].map(|it| state(&reviews, it)), ["own", "approved"]);
        say(&mut reviews, 4, "吴敏", 7, 3, true);
        assert_eq!(state(&reviews, &own), "approved");
        // Her own word takes neither an approval nor a return of somebody else's away.
        say(&mut reviews, 5, "周明", 7, 4, true);
        assert_eq!(state(&reviews, &own), "approved");
        say(&mut reviews, 6, "吴敏", 7, 5, false);
        say(&mut reviews, 7, "周明", 7, 6, true);
        assert_eq!([&own, &other].map(|it| state(&reviews, it)), ["returned", "approved"]);
    }

    #[test]
    fn an_act_of_two_households_needs_both() {
        let mut reviews = Reviews::default();
        let moved = edit(1, "李桂枝", &[7, 8]);
        say(&mut reviews, 2, "周明", 7, 1, true);
        assert_eq!(state(&reviews, &moved), "waiting");
        say(&mut reviews, 3, "周明", 8, 1, true);
        assert_eq!(state(&reviews, &moved), "approved");
        say(&mut reviews, 4, "周明", 7, 1, false);
        assert_eq!(state(&reviews, &moved), "returned");
    }

    #[test]
    fn what_is_held_stays_so_until_it_is_released() {
        let mut reviews = Reviews::default();
        let mut hold = blank(3, HOLD, "李桂枝");
        hold.held = vec![Held { act: 1, why: HeldFor::Blocked }, Held { act: 2, why: HeldFor::Returned }];
        reviews.add(&hold);
        let mut release = blank(5, HOLD, "李桂枝");
        release.released = vec![1];
        reviews.add(&release);
        assert_eq!(reviews.held(), [(2, HeldFor::Returned)].into());
        assert_eq!(reviews.until(4).held().len(), 2);
        assert_eq!(reviews.released_in(4..=9), [1].into());
        assert!(speaks_of_acts(&hold) && Subject::of(&hold).is_none());
    }

    #[test]
    fn what_came_from_a_roster_is_nobodys_to_approve() {
        let mut act = blank(1, Name::new("roster"), "李桂枝");
        act.origin = Some(super::super::act::Origin { roster: Name::new("household"), from_county: true });
        assert_eq!(Subject::of(&act), None);
    }
}
