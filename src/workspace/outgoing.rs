//! What changed since the last hand-over, told household by household: before, after, when it happened, who entered it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::changes::review::{HOLD, REVIEW};
use crate::changes::{Act, FieldChange, HeldFor};
use crate::domain::{HouseholdFile, HouseholdId, Name, PartialDate};
use crate::rules::late::{Clock, clock, starts};

use super::error::WorkspaceError;
use super::in_words::InWords;
use super::open::Workspace;

/// What the next change set holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// The numbers of its first and last act; none where there is nothing to hand over.
    pub run: Option<(u64, u64)>,
    /// The households in which something changed, those with late changes first.
    pub households: Vec<OutgoingHousehold>,
    /// How many acts of it changed no field: visits, screenings, confirmations.
    pub without_changes: usize,
    /// How many acts of it came from a roster, and are no news to the county.
    pub from_rosters: usize,
    /// The acts that would be kept from the clerk, those held before included, each with the reason.
    pub kept: BTreeMap<u64, HeldFor>,
    /// The acts held before that would go to the clerk.
    pub released: Vec<u64>,
}

/// One household of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingHousehold {
    /// Which one.
    pub id: HouseholdId,
    /// What changed in it, in the order of entry.
    pub changes: Vec<OutgoingChange>,
    /// What would keep some of it from the clerk if the set went out now.
    pub kept: Option<HeldFor>,
}

/// One field that changed, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingChange {
    /// The act.
    pub act: u64,
    /// What sort of act.
    pub kind: Name,
    /// The section it is in.
    pub section: Name,
    /// Whose, or which row.
    pub row: String,
    /// Which field.
    pub label: String,
    /// What was there.
    pub old: String,
    /// What is there now.
    pub new: String,
    /// When it happened in life.
    pub happened_on: Option<PartialDate>,
    /// When it was seen.
    pub seen_on: Option<NaiveDate>,
    /// When it was entered.
    pub entered_on: NaiveDate,
    /// Who entered it.
    pub by: Box<str>,
    /// Whether its month is over (C503).
    pub is_late: bool,
}

impl Outgoing {
    /// How many acts changed some field.
    pub fn acts(&self) -> usize {
        let changes = self.households.iter().flat_map(|household| &household.changes);
        changes.map(|change| change.act).collect::<BTreeSet<u64>>().len()
    }

    /// How many changes there are, and how many of them are late.
    pub fn counts(&self) -> (usize, usize) {
        let changes = || self.households.iter().flat_map(|household| &household.changes);
        (changes().count(), changes().filter(|change| change.is_late).count())
    }
}

impl Workspace {
    /// What the next change set holds; numbers that say who somebody is are shown whole only where that is asked for.
    pub fn outgoing(&self, shows_private: bool) -> Result<Outgoing, WorkspaceError> {
        let mut outgoing = Outgoing::default();
        let mut households: BTreeMap<HouseholdId, (HouseholdFile, Vec<OutgoingChange>)> = BTreeMap::new();
        for pending in self.pending().acts() {
            let first = outgoing.run.map_or(pending.number, |(first, _)| first);
            outgoing.run = Some((first, pending.number));
            match (pending.is_news, pending.fields) {
                (false, _) => outgoing.from_rosters += 1,
                (true, 0) if [REVIEW, HOLD].contains(&pending.kind) => {}
                (true, 0) => outgoing.without_changes += 1,
                (true, _) => self.tell(pending.number, shows_private, &mut households)?,
            }
        }
        let holding = self.holding(u64::MAX)?;
        (outgoing.kept, outgoing.released) = (holding.kept, holding.released);
        let told = households.into_iter().map(|(id, (_, changes))| OutgoingHousehold {
            id,
            kept: changes.iter().find_map(|change| outgoing.kept.get(&change.act).copied()),
            changes,
        });
        outgoing.households = told.collect();
        outgoing.households.sort_by_key(|household| !household.changes.iter().any(|change| change.is_late));
        Ok(outgoing)
    }

    /// What some acts changed in one household, in words.
    pub(super) fn changes_in(
        &self,
        id: HouseholdId,
        acts: &[u64],
        shows_private: bool,
    ) -> Result<Vec<OutgoingChange>, WorkspaceError> {
        let mut households = BTreeMap::new();
        for number in acts {
            self.tell(*number, shows_private, &mut households)?;
        }
        Ok(households.remove(&id).map_or_else(Vec::new, |(_, changes)| changes))
    }

    fn tell(
        &self,
        number: u64,
        shows_private: bool,
        households: &mut BTreeMap<HouseholdId, (HouseholdFile, Vec<OutgoingChange>)>,
    ) -> Result<(), WorkspaceError> {
        let village = self.the_village()?;
        let Some(stored) = self.store.act(village, number)? else { return Ok(()) };
        let act = &stored.act;
        let mut by_household: BTreeMap<u32, Vec<FieldChange>> = BTreeMap::new();
        for change in act.field_changes() {
            by_household.entry(change.household).or_default().push(change);
        }
        for (serial, changes) in by_household {
            let id = HouseholdId { village, serial };
            if let std::collections::btree_map::Entry::Vacant(entry) = households.entry(id) {
                entry.insert((self.file(id)?, Vec::new()));
            }
            let Some((file, told)) = households.get_mut(&id) else { continue };
            let name = |serial| self.household_in_words(HouseholdId { village, serial });
            let catalogue = &self.definitions.catalogue;
            let in_words = InWords { catalogue, file, act, household: &name, shows_private };
            let is_opened = act.opened.iter().any(|opened| opened.household == serial);
            match changes.first().filter(|_| is_opened) {
                // A file that is opened changes every field that it holds.
                Some(first) => told.push(OutgoingChange {
                    row: String::new(),
                    label: "新立户档".to_owned(),
                    old: String::new(),
                    new: format!("{}项", changes.len()),
                    ..self.change(act, first, &in_words)
                }),
                None => told.extend(changes.iter().map(|change| self.change(act, change, &in_words))),
            }
        }
        Ok(())
    }

    fn change(&self, act: &Act, change: &FieldChange, in_words: &InWords<'_>) -> OutgoingChange {
        let started = starts(change.happened_on, change.seen_on, act.entered_on());
        OutgoingChange {
            act: act.number,
            kind: act.kind,
            section: change.slot.section,
            row: in_words.row(change),
            label: in_words.label(change.slot).to_owned(),
            old: in_words.value(change.slot, change.old.as_ref()),
            new: in_words.value(change.slot, change.new.as_ref()),
            happened_on: change.happened_on,
            seen_on: change.seen_on,
            entered_on: act.entered_on(),
            by: act.by.clone(),
            is_late: matches!(clock(started, self.today(), 0), Clock::Past { .. }),
        }
    }
}
