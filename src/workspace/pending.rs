//! What has not been handed over to the county yet: the acts, and what they come to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::catalogue::Catalogue;
use crate::changes::Act;
use crate::changes::net::{Change, Line, Net, Place};
use crate::domain::{Chain, HouseholdFile, HouseholdId, Month, Name, Slot, VillageCode};
use crate::rules::late;
use crate::store::Note;

use super::error::WorkspaceError;
use super::open::Workspace;
use super::review::Reviewed;

/// The acts of the village at work that no change set holds, and the changes that they come to. What was taken back or
/// entered again is no change; every count of changes is of these.
#[derive(Clone, Debug, Default)]
pub struct Pending {
    acts: Vec<PendingAct>,
    net: Net,
    changes: HashMap<HouseholdId, Vec<PendingChange>>,
    /// The months in which they happened, each with how many.
    months: BTreeMap<Month, usize>,
    of: usize,
    /// By household, the acts of which nothing is left in it.
    idle: HashMap<u32, BTreeSet<u64>>,
}

/// One such act in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAct {
    /// Its number.
    pub number: u64,
    /// What sort of act.
    pub kind: Name,
    /// Whether it is news to the county, rather than its own roster.
    pub is_news: bool,
    /// How many lines it has, each the change of a field.
    pub fields: usize,
}

/// One change in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingChange {
    /// The section in which it is.
    pub section: Name,
    /// The day on which its month began (C503).
    pub started: NaiveDate,
    /// The line for which it goes.
    pub lead: Place,
}

/// The day on which the clock of a line starts.
pub(super) fn started(line: &Line) -> NaiveDate {
    late::starts(line.change.happened_on, line.change.seen_on, line.entered_on)
}

impl Pending {
    /// All acts, oldest first.
    pub fn acts(&self) -> &[PendingAct] {
        &self.acts
    }

    /// How many changes there are.
    pub fn count(&self) -> usize {
        self.of
    }

    /// How many changes of a household there are.
    pub fn of(&self, household: HouseholdId) -> usize {
        self.changes_of(household).len()
    }

    /// The changes of a household.
    pub fn changes_of(&self, household: HouseholdId) -> &[PendingChange] {
        self.changes.get(&household).map_or(&[], Vec::as_slice)
    }

    /// All changes, in no order.
    pub fn changes(&self) -> impl Iterator<Item = &PendingChange> {
        self.changes.values().flatten()
    }

    /// How many changes happened in a month.
    pub fn of_month(&self, month: Month) -> usize {
        self.months.get(&month).copied().unwrap_or_default()
    }

    /// The first month in which a change happened.
    pub fn first_month(&self) -> Option<Month> {
        self.months.keys().next().copied()
    }

    /// Whether nothing is left of an act in any of the households in which it changed something.
    pub(super) fn is_idle(&self, act: u64, households: &[u32]) -> bool {
        let is_idle_in = |serial: &u32| self.idle.get(serial).is_some_and(|acts| acts.contains(&act));
        !households.is_empty() && households.iter().all(is_idle_in)
    }

    /// What the acts come to, line by line.
    pub(super) fn net(&self) -> &Net {
        &self.net
    }

    pub(super) fn add(&mut self, act: &Act) {
        self.net.add(act);
        self.acts.push(PendingAct {
            number: act.number,
            kind: act.kind,
            is_news: act.is_news(),
            fields: act.taken.iter().map(|rows| rows.fields.len()).sum::<usize>() + act.changes.len(),
        });
    }

    /// Reckons up one household anew.
    fn reckon(&mut self, id: HouseholdId, file: Option<&HouseholdFile>, catalogue: &Catalogue) {
        let in_short = |change: &Change<'_>| {
            let started = change.earliest(started)?;
            Some(PendingChange { section: change.section(), started, lead: change.lead })
        };
        let come_to = self.net.changes(id.serial, file, catalogue);
        let idle = self.net.idle(id.serial, &come_to);
        let changes: Vec<PendingChange> = come_to.iter().filter_map(in_short).collect();
        drop(come_to);
        if idle.is_empty() {
            _ = self.idle.remove(&id.serial)
        } else {
            _ = self.idle.insert(id.serial, idle)
        }
        let before = self.changes.remove(&id).unwrap_or_default();
        self.of = self.of + changes.len() - before.len();
        for change in &changes {
            *self.months.entry(Month::of(change.started)).or_default() += 1;
        }
        for month in before.into_iter().map(|change| Month::of(change.started)) {
            self.months.entry(month).and_modify(|count| *count -= 1);
        }
        self.months.retain(|_, count| *count > 0);
        if !changes.is_empty() {
            self.changes.insert(id, changes);
        }
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
            for stored in self.store.readable(village, first..=last) {
                let act = stored?.act;
                pending.add(&act);
                reviewed.add(&act);
            }
        }
        (self.pending, self.reviewed) = (pending, reviewed);
        if let Some(village) = self.village {
            let households: Vec<u32> = self.pending.net.households().collect();
            for serial in households {
                self.reckon_pending(HouseholdId { village, serial })?;
            }
        }
        self.others.forget_hits();
        Ok(())
    }

    /// Brings up to date what hangs on an act that was entered.
    pub(super) fn add_pending(&mut self, act: &Act) -> Result<(), WorkspaceError> {
        self.pending.add(act);
        for serial in act.households() {
            self.reckon_pending(HouseholdId { village: act.village, serial })?;
        }
        Ok(())
    }

    fn reckon_pending(&mut self, id: HouseholdId) -> Result<(), WorkspaceError> {
        let mut net = std::mem::take(&mut self.pending.net);
        let asked = self.ask_papers(&mut net, id);
        self.pending.net = net;
        asked?;
        let file = if self.pending.net.asks_file(id.serial) { self.store.file(id)? } else { None };
        self.pending.reckon(id, file.as_ref(), &self.definitions.catalogue);
        Ok(())
    }

    /// Looks up the papers behind what a run has put back to what it was.
    pub(super) fn ask_papers(&self, net: &mut Net, id: HouseholdId) -> Result<(), WorkspaceError> {
        for (slot, act) in net.back_with_paper(id.serial) {
            let evidence = self.evidence_before(id, slot, act)?;
            net.had_evidence(id.serial, slot, evidence);
        }
        Ok(())
    }

    /// The paper behind a slot as it stood before an act.
    fn evidence_before(&self, id: HouseholdId, slot: Slot, act: u64) -> Result<Option<Box<str>>, WorkspaceError> {
        let Some(file) = self.store.file(id)? else { return Ok(None) };
        let mut before = act;
        for number in file.acts.iter().rev() {
            if *number >= before {
                continue;
            }
            let Some(stored) = self.store.act(id.village, *number)? else { continue };
            let of_slot = stored.act.field_changes().filter(|it| (it.household, it.slot) == (id.serial, slot)).last();
            match (of_slot, stored.act.undoes) {
                (None, _) => {}
                // What took a change back left what stood before that.
                (Some(_), Some(undone)) => before = undone,
                (Some(change), None) => return Ok(change.evidence),
            }
        }
        Ok(None)
    }
}
