//! What has not been handed over to the county yet.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::changes::Act;
use crate::domain::{Chain, HouseholdId, Name, VillageCode};
use crate::rules::late;
use crate::store::Note;

use super::error::WorkspaceError;
use super::open::Workspace;
use super::review::Reviewed;

/// The acts of the village at work that no change set holds.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    acts: Vec<PendingAct>,
    /// The news by household, as places in `acts`: a list asks it of every row.
    by_household: HashMap<HouseholdId, Vec<usize>>,
}

/// One such act in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAct {
    /// Its number.
    pub number: u64,
    /// What sort of act.
    pub kind: Name,
    /// Whom it touches.
    pub households: Vec<HouseholdId>,
    /// Whether it is news to the county, rather than its own roster.
    pub is_news: bool,
    /// The sections that it changes, each with the day on which the clock of its earliest change started.
    pub sections: Vec<(HouseholdId, Name, NaiveDate)>,
    /// How many fields it changes.
    pub fields: usize,
}

impl Pending {
    /// All of them, oldest first.
    pub fn acts(&self) -> &[PendingAct] {
        &self.acts
    }

    /// Those that are news.
    pub fn news(&self) -> impl Iterator<Item = &PendingAct> {
        self.acts.iter().filter(|act| act.is_news)
    }

    /// How many fields of a household have changed and were not handed over.
    pub fn of(&self, household: HouseholdId) -> usize {
        self.news_of(household).map(|act| act.fields).sum()
    }

    /// The sections of a household that have changed and were not handed over, with the day on which each change's clock
    /// started.
    pub fn sections_of(&self, household: HouseholdId) -> impl Iterator<Item = (Name, NaiveDate)> + '_ {
        let sections = self.news_of(household).flat_map(|act| &act.sections);
        sections.filter(move |(id, ..)| *id == household).map(|(_, section, started)| (*section, *started))
    }

    fn news_of(&self, household: HouseholdId) -> impl Iterator<Item = &PendingAct> {
        self.by_household.get(&household).into_iter().flatten().map(|at| &self.acts[*at])
    }

    pub(super) fn add(&mut self, act: &Act) {
        self.push(PendingAct::of(act));
    }

    pub(super) fn hand_over(&mut self, to: u64) {
        let left = std::mem::take(self).acts.into_iter().filter(|act| act.number > to);
        left.for_each(|act| self.push(act));
    }

    fn push(&mut self, act: PendingAct) {
        for household in act.households.iter().filter(|_| act.is_news) {
            self.by_household.entry(*household).or_default().push(self.acts.len());
        }
        self.acts.push(act);
    }
}

impl PendingAct {
    fn of(act: &Act) -> Self {
        let village = act.village;
        let mut sections: Vec<(HouseholdId, Name, NaiveDate)> = Vec::new();
        let is_news = act.is_news();
        let fields = act.taken.iter().map(|rows| rows.fields.len()).sum::<usize>() + act.changes.len();
        for change in act.changes.iter().filter(|_| is_news) {
            let household = HouseholdId { village, serial: change.household };
            let started = late::starts(change.happened_on, change.seen_on, act.entered_on());
            match sections.iter_mut().find(|(id, section, _)| (*id, *section) == (household, change.slot.section)) {
                Some((_, _, known)) => *known = started.min(*known),
                None => sections.push((household, change.slot.section, started)),
            }
        }
        let households = act.households().into_iter().map(|serial| HouseholdId { village, serial }).collect();
        Self { number: act.number, kind: act.kind, households, is_news, sections, fields }
    }
}

impl Workspace {
    /// What has not been handed over.
    pub fn pending(&self) -> &Pending {
        &self.pending
    }

    /// The number of the last act of a village that was handed over; 0 where none was.
    pub fn handed_over(&self, village: VillageCode) -> u64 {
        if self.enters_into(village) != village.into() {
            return self.store.counters(village).last_act;
        }
        // What the county has answered got there, also where the store was restored from before it was handed over.
        let answered = if self.village == Some(village) { self.answered_to } else { 0 };
        self.last_sent(village.into()).max(answered)
    }

    /// The number of the last act of a chain that was written into a set here; 0 where none was.
    pub(super) fn last_sent(&self, chain: Chain) -> u64 {
        let runs = self.store.notes().iter().filter_map(|note| match note {
            Note::HandedOver(handed) if handed.chain() == chain && !handed.copy => Some(handed.to),
            _ => None,
        });
        runs.max().unwrap_or(0)
    }

    pub(super) fn load_pending(&mut self) -> Result<(), WorkspaceError> {
        self.load_refused()?;
        let mut pending = Pending::default();
        let mut reviewed = Reviewed::default();
        if let Some(village) = self.village {
            let last = self.store.counters(village).last_act;
            let first = self.handed_over(village) + 1;
            reviewed = self.reviewed_before(village, first)?;
            for stored in self.store.acts(village, first..=last) {
                let act = stored?.act;
                pending.add(&act);
                reviewed.add(&act);
            }
        }
        (self.pending, self.reviewed) = (pending, reviewed);
        self.others.forget_hits();
        Ok(())
    }
}
