//! What changed since the last hand-over, told household by household: before, after, when it happened, who entered it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::catalogue::Catalogue;
use crate::changes::net::{Change, Net};
use crate::changes::review::{HOLD, REVIEW};
use crate::changes::{Act, HeldFor};
use crate::domain::{HouseholdId, Name, PartialDate};
use crate::rules::late::{Clock, clock};

use super::error::WorkspaceError;
use super::in_words::InWords;
use super::open::Workspace;
use super::pending::started;

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
    /// What its acts come to, in the order of entry.
    pub changes: Vec<OutgoingChange>,
    /// What would keep some of it from the clerk if the set went out now.
    pub kept: Option<HeldFor>,
}

/// One change in words: a field, or a row that is new or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingChange {
    /// The act by whose line it goes.
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
    /// The paper behind it, where one was named.
    pub evidence: Option<Box<str>>,
    /// Whether its month is over (C503).
    pub is_late: bool,
}

impl Outgoing {
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
        for pending in self.pending().acts() {
            let first = outgoing.run.map_or(pending.number, |(first, _)| first);
            outgoing.run = Some((first, pending.number));
            match (pending.is_news, pending.fields) {
                (false, _) => outgoing.from_rosters += 1,
                (true, 0) if [REVIEW, HOLD].contains(&pending.kind) => {}
                (true, 0) => outgoing.without_changes += 1,
                (true, _) => {}
            }
        }
        let village = self.village;
        let households =
            self.pending.net().households().flat_map(|serial| village.map(|village| HouseholdId { village, serial }));
        let mut told = Vec::new();
        for id in households.filter(|id| self.pending.of(*id) > 0) {
            told.push((id, self.in_words(id, self.pending.net(), shows_private)?));
        }
        let holding = self.holding(u64::MAX)?;
        (outgoing.kept, outgoing.released) = (holding.kept, holding.released);
        let told = told.into_iter().map(|(id, changes)| OutgoingHousehold {
            id,
            kept: changes.iter().find_map(|change| outgoing.kept.get(&change.act).copied()),
            changes,
        });
        outgoing.households = told.collect();
        outgoing.households.sort_by_key(|household| !household.changes.iter().any(|change| change.is_late));
        Ok(outgoing)
    }

    /// What some acts come to in one household, in words.
    pub(super) fn changes_in(
        &self,
        id: HouseholdId,
        acts: &[u64],
        shows_private: bool,
    ) -> Result<Vec<OutgoingChange>, WorkspaceError> {
        let net = self.net_of(id, acts)?;
        self.in_words(id, &net, shows_private)
    }

    /// What some acts come to; the papers behind what one household is back at are known.
    pub(super) fn net_of(&self, id: HouseholdId, acts: &[u64]) -> Result<Net, WorkspaceError> {
        let mut net = Net::default();
        for number in acts {
            if let Some(stored) = self.store.act(id.village, *number)? {
                net.add(&stored.act);
            }
        }
        self.ask_papers(&mut net, id)?;
        Ok(net)
    }

    fn in_words(&self, id: HouseholdId, net: &Net, shows_private: bool) -> Result<Vec<OutgoingChange>, WorkspaceError> {
        let file = self.file(id)?;
        let catalogue: &Catalogue = &self.definitions.catalogue;
        let mut told = Vec::new();
        for change in net.changes(id.serial, Some(&file), catalogue) {
            let Some(stored) = self.store.act(id.village, change.lead.0)? else { continue };
            let name = |serial| self.household_in_words(HouseholdId { serial, ..id });
            let in_words = InWords { catalogue, file: &file, act: &stored.act, household: &name, shows_private };
            told.extend(self.change(&stored.act, &change, &in_words));
        }
        Ok(told)
    }

    fn change(&self, act: &Act, change: &Change<'_>, in_words: &InWords<'_>) -> Option<OutgoingChange> {
        let lines = change.lines();
        let first = lines.iter().find(|(line, _)| line.place == change.lead).or(lines.first());
        let of_slot = first.map(|(_, of_slot)| of_slot);
        let (row, label, old, new) = in_words.net(change.what, of_slot, &lines);
        Some(OutgoingChange {
            act: act.number,
            kind: act.kind,
            section: change.section(),
            row,
            label,
            old,
            new,
            happened_on: of_slot.and_then(|it| it.happened_on),
            seen_on: of_slot.and_then(|it| it.seen_on),
            entered_on: act.entered_on(),
            by: act.by.clone(),
            evidence: lines.iter().find_map(|(_, of_slot)| of_slot.evidence.clone()),
            is_late: matches!(clock(change.earliest(started)?, self.today(), 0), Clock::Past { .. }),
        })
    }
}
