//! What is kept from the clerk when a set goes out: decided once, said in the chain, read out of it ever after.

use std::collections::BTreeSet;

use crate::changes::Act;
use crate::changes::holding::{Holding, decide};
use crate::changes::review::{HOLD, Reviews, Standing, Subject, speaks_of_acts};
use crate::checks::Severity;
use crate::domain::{HouseholdId, VillageCode};
use crate::exchange::set::{Released, Review, SetId};
use crate::rules::check::Settled;

use super::error::WorkspaceError;
use super::ids::HOLDING;
use super::open::Workspace;
use super::review::Reviewed;

/// What the chain says of the clerk's share in a run.
#[derive(Debug, Default)]
pub(super) struct ForClerk {
    /// The acts of the run that are held.
    pub held: BTreeSet<u64>,
    /// The acts of earlier runs that go to the clerk with it.
    pub released: Vec<Act>,
    /// How many they are.
    pub released_count: usize,
}

impl Workspace {
    /// What would be held, and what released, if everything up to an act went out now.
    pub fn holding(&self, to: u64) -> Result<Holding, WorkspaceError> {
        let reviews = self.reviewed.reviews().until(to);
        let subjects: Vec<&Subject> =
            self.reviewed.acts().map(|act| &act.subject).filter(|act| act.number <= to).collect();
        let mut blocked = BTreeSet::new();
        if let Some(village) = self.village {
            let households: BTreeSet<u32> = subjects.iter().flat_map(|subject| &subject.households).copied().collect();
            for serial in households {
                if self.is_blocked(HouseholdId { village, serial })? {
                    blocked.insert(serial);
                }
            }
        }
        let idle: BTreeSet<u64> =
            self.reviewed.acts().filter(|act| self.is_idle(act)).map(|act| act.subject.number).collect();
        let taken = if self.settings.needs_approval { self.taken_by_county(&subjects)? } else { BTreeSet::new() };
        Ok(decide(subjects, &reviews, (&blocked, &idle, &taken), self.settings.needs_approval))
    }

    /// Those of some acts of which the county has signed that it takes all that they change.
    fn taken_by_county(&self, subjects: &[&Subject]) -> Result<BTreeSet<u64>, WorkspaceError> {
        let Some(village) = self.village.filter(|_| !subjects.is_empty()) else { return Ok(BTreeSet::new()) };
        let verdicts = self.verdicts(village)?;
        let mut taken = BTreeSet::new();
        for number in subjects.iter().map(|subject| subject.number) {
            let word = |part| verdicts.of(number, part).filter(|word| !word.is_by_workbook() && !word.verdict.refused);
            // Nobody reads an act of which the county has said nothing.
            if word(1).is_none() {
                continue;
            }
            let parts = self.store.act(village, number)?.map_or(0, |stored| stored.act.field_changes().count() as u32);
            if (1..=parts).all(|part| word(part).is_some()) {
                taken.insert(number);
            }
        }
        Ok(taken)
    }

    /// Whether a household says what cannot be true, and nobody has answered for it.
    pub fn is_blocked(&self, id: HouseholdId) -> Result<bool, WorkspaceError> {
        let hits = self.hits(id)?;
        Ok(hits.iter().any(|hit| hit.severity == Severity::Block && hit.settled == Settled::Open))
    }

    /// Says in the chain what the next set holds and releases, where there is anything; gives the number of its last act.
    pub(super) fn hold(&mut self, to: u64) -> Result<u64, WorkspaceError> {
        let village = self.the_village()?;
        let holding = self.holding(to)?;
        if !holding.is_to_be_said() {
            return Ok(to);
        }
        if to < self.store.counters(village).last_act {
            return Err(WorkspaceError::NotToTheEnd { from: self.handed_over(village) + 1, to });
        }
        let author = self.entering()?;
        let id = self.free_hold_id(village)?;
        let mut act = Act::new(village, HOLD, &id, &author.name, author.role.identifier(), self.clock.now());
        (act.held, act.released) = (holding.held, holding.released);
        Ok(self.note_at_hand_over(act)?.number)
    }

    /// What goes to the clerk with a run, beside its own acts and without some of them: as the chain said it when the run
    /// was first written.
    pub(super) fn for_clerk(&self, set: SetId) -> Result<ForClerk, WorkspaceError> {
        let reviews = self.reviewed.reviews();
        let mut held: BTreeSet<u64> = reviews.until(self.said_until(set)).held().into_keys().collect();
        let mut released = Vec::new();
        for number in reviews.released_in(set.from..=set.to) {
            if number < set.from && !held.contains(&number) {
                released.extend(self.store.act(set.village, number)?.map(|stored| stored.act));
            }
        }
        held.retain(|number| (set.from..=set.to).contains(number));
        Ok(ForClerk { held, released_count: released.len(), released })
    }

    /// The acts that stand in the workbook of a set: the news of its run without what is held, and what it releases.
    pub fn acts_for_clerk(&self, set: SetId) -> Result<BTreeSet<u64>, WorkspaceError> {
        let for_clerk = self.for_clerk(set)?;
        let mut acts: BTreeSet<u64> = for_clerk.released.iter().map(|act| act.number).collect();
        for stored in self.store.readable(set.village, set.from..=set.to) {
            let act = stored?.act;
            if act.is_news() && !speaks_of_acts(&act) && !for_clerk.held.contains(&act.number) {
                acts.insert(act.number);
            }
        }
        Ok(acts)
    }

    /// The last act of which the first writing of a run could know what it held.
    fn said_until(&self, set: SetId) -> u64 {
        let is_this = |from, to| (from, to) == (set.from, set.to);
        let before = self.hand_overs().take_while(|handed| !is_this(handed.from, handed.to));
        let known = before.filter(|handed| !handed.copy).map(|handed| handed.to).max();
        known.unwrap_or_default().max(set.to)
    }

    /// What the acts of a run alone do not say of approval.
    pub(super) fn said_of_approval(&self, set: SetId, needed: bool) -> Result<Review, WorkspaceError> {
        let acts = self.for_clerk(set)?.released;
        let subjects: Vec<Subject> = acts.iter().filter_map(Subject::of).collect();
        let reviews = self.words_on(set.village, &subjects, set.to)?;
        let released = subjects.iter().map(|subject| {
            let word = match reviews.standing(subject) {
                Standing::Approved(word) => Some((word.by.clone(), word.on)),
                _ => None,
            };
            let (by, on) = word.unzip();
            Released { act: subject.number, by, on }
        });
        Ok(Review { needed, released: released.collect() })
    }

    /// What the chain of any village says of holding.
    pub(super) fn holds(&self, village: VillageCode) -> Result<Reviews, WorkspaceError> {
        let mut holds = Reviews::default();
        for count in 1.. {
            let Some(number) = self.store.act_with_id(village, &hold_id(count))? else { break };
            if let Some(stored) = self.store.act(village, number)? {
                holds.add(&stored.act);
            }
        }
        Ok(holds)
    }

    fn free_hold_id(&self, village: VillageCode) -> Result<String, WorkspaceError> {
        let mut count = 1;
        while self.store.act_with_id(village, &hold_id(count))?.is_some() {
            count += 1;
        }
        Ok(hold_id(count))
    }

    /// Where what was held in the sets before an act stands: what an opening has to know beside what is pending.
    pub(super) fn reviewed_before(&self, village: VillageCode, first: u64) -> Result<Reviewed, WorkspaceError> {
        let holds = self.holds(village)?.until(first.saturating_sub(1));
        let mut acts = Vec::new();
        for number in holds.held().into_keys() {
            acts.extend(self.store.act(village, number)?.map(|stored| stored.act));
        }
        let subjects: Vec<Subject> = acts.iter().filter_map(Subject::of).collect();
        let words = self.words_on(village, &subjects, first.saturating_sub(1))?;
        Ok(Reviewed::of(holds.with_words_of(words), &acts))
    }

    /// The words said on some acts up to another one. They stand in the files' histories, so nobody reads the whole chain.
    fn words_on(&self, village: VillageCode, subjects: &[Subject], to: u64) -> Result<Reviews, WorkspaceError> {
        let Some(first) = subjects.first().map(|subject| subject.number) else { return Ok(Reviews::default()) };
        let mut numbers = BTreeSet::new();
        for serial in subjects.iter().flat_map(|subject| &subject.households).copied().collect::<BTreeSet<u32>>() {
            let file = self.file(HouseholdId { village, serial })?;
            numbers.extend(file.acts.iter().filter(|number| (first..=to).contains(*number)));
        }
        let mut words = Reviews::default();
        for number in numbers {
            if let Some(stored) = self.store.act(village, number)? {
                words.add_words(&stored.act);
            }
        }
        Ok(words)
    }
}

/// Acts that hold are numbered among themselves, so that they are found without reading the whole chain.
fn hold_id(count: u64) -> String {
    format!("{HOLDING}{count}")
}
