//! What is stale, what is due, and where the month stands.

use std::collections::BTreeMap;

use crate::catalogue::print::day_in_words;
use crate::domain::{HouseholdId, Name, PartialDate};
use crate::progress::Progress;
use crate::rules::Look;
use crate::rules::late::{Clock, clock};
use crate::rules::stale::Stale;

use super::error::WorkspaceError;
use super::open::Workspace;
use super::pending::{Pending, PendingChange};

/// So many done of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Done.
    pub done: usize,
    /// All.
    pub of: usize,
}

impl Count {
    /// How many are left.
    pub fn left(self) -> usize {
        self.of.saturating_sub(self.done)
    }

    fn add(&mut self, done: bool) {
        self.of += 1;
        self.done += usize::from(done);
    }
}

/// Where the month stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthState {
    /// Visits of those who must be visited.
    pub visits: Count,
    /// Last month's visits that are missing, of those who owed one and were not visited since.
    pub missed: usize,
    /// Visits of the others, counted apart.
    pub other_visits: Count,
    /// The rounds that are over, each with how many of its screening forms are missing.
    pub unscreened: BTreeMap<Name, usize>,
    /// Screening forms of the round.
    pub screening: Count,
    /// Verification forms of the round.
    pub verification: Count,
    /// Status cards of this year.
    pub cards: Count,
    /// Households without anything stale that counts, of all.
    pub fresh: Count,
    /// Households in which no check finds an error, of all; what the other counts tell is left to them.
    pub checked: Count,
    /// How many entries are stale and count.
    pub stale_errors: usize,
    /// How many are stale and do not.
    pub stale_warnings: usize,
    /// Changes not handed over.
    pub pending: usize,
    /// Those of them whose month is over.
    pub pending_late: usize,
    /// Problems that nobody settled.
    pub tasks: usize,
    /// Fields where a person has to choose.
    pub beside: usize,
}

impl Workspace {
    /// What is stale, by household in the store's order: sections, changes not in the file, changes not handed over.
    pub fn stale(&self) -> Result<Vec<(HouseholdId, Stale)>, WorkspaceError> {
        let mut all = Vec::new();
        for summary in self.households.iter().filter(|summary| self.is_at_work(summary.id)) {
            all.extend(self.stale_of(summary.id)?.into_iter().map(|stale| (summary.id, stale)));
        }
        Ok(all)
    }

    /// What is stale of one household.
    pub fn stale_of(&self, id: HouseholdId) -> Result<Vec<Stale>, WorkspaceError> {
        let mut stale = self.standing(id)?.stale.clone();
        stale.extend(self.not_handed_over(id));
        Ok(stale)
    }

    /// Changes of a household near or past their month that no change set holds (C503).
    pub(super) fn not_handed_over(&self, id: HouseholdId) -> Vec<Stale> {
        not_handed_over(&self.pending, self.look(), id)
    }

    /// Works out where every household of the village at work stands, ahead of the first screen that asks.
    pub fn stand(&self, progress: &mut dyn Progress) -> Result<(), WorkspaceError> {
        let all = self.households.len() as u64;
        for (done, summary) in self.households.iter().filter(|summary| self.is_at_work(summary.id)).enumerate() {
            if done % 1000 == 0 {
                progress.step("看各户情况", done as u64, Some(all));
            }
            self.hits(summary.id)?;
        }
        Ok(())
    }

    /// Where the month stands, over all open files of the village at work; of closed ones only what is still due counts.
    pub fn month(&self) -> Result<MonthState, WorkspaceError> {
        let mut month = MonthState::default();
        for summary in self.households.iter().filter(|summary| !summary.closed && self.is_at_work(summary.id)) {
            let standing = self.standing(summary.id)?;
            let visits = if standing.due { &mut month.visits } else { &mut month.other_visits };
            visits.add(standing.visited_on.is_some());
            month.missed += usize::from(standing.missed);
            standing.unscreened.iter().for_each(|round| *month.unscreened.entry(*round).or_default() += 1);
            for (count, progress) in [
                (&mut month.screening, standing.screening),
                (&mut month.verification, standing.verification),
                (&mut month.cards, standing.card),
            ] {
                if progress.counts() {
                    count.add(progress.is_done());
                }
            }
            let errors = standing.stale.iter().filter(|stale| stale.is_error).count();
            month.stale_errors += errors;
            month.stale_warnings += standing.stale.len() - errors;
            month.fresh.add(errors == 0);
            month.checked.add(self.tally_apart(summary.id)?.errors == 0);
            month.tasks += standing.tasks.len();
            month.beside += standing.beside;
        }
        // What was open when a file was closed is still somebody's.
        for summary in self.households.iter().filter(|summary| summary.closed && self.is_at_work(summary.id)) {
            let standing = self.standing(summary.id)?;
            month.tasks += standing.tasks.len();
            month.beside += standing.beside;
            month.stale_errors += standing.stale.iter().filter(|stale| stale.is_error).count();
        }
        let day = self.today();
        month.pending = self.pending.count();
        let is_late = |change: &&PendingChange| matches!(clock(change.started, day, 0), Clock::Past { .. });
        month.pending_late = self.pending.changes().filter(is_late).count();
        Ok(month)
    }

    /// Whether a household belongs to the village at work; all do where none was chosen.
    pub fn is_at_work(&self, id: HouseholdId) -> bool {
        self.village.is_none_or(|village| village == id.village)
    }
}

/// Changes near or past their month that no change set holds (C503).
pub(super) fn not_handed_over(pending: &Pending, look: Look<'_>, id: HouseholdId) -> Vec<Stale> {
    let day = look.day;
    let near = look.policy.stale.near_days;
    let mut found: Vec<Stale> = Vec::new();
    for PendingChange { section, started, .. } in pending.changes_of(id).iter().copied() {
        let (is_error, why) = match clock(started, day, near) {
            Clock::Running { .. } => continue,
            Clock::Near { left } => (false, format!("还有{left}天到期，未交县")),
            Clock::Past { by } => (true, format!("已过期{by}天，未交县")),
        };
        let label = look.catalogue.section(section).map_or(section.as_str(), |section| &section.label);
        let words = day_in_words(PartialDate::from(started), PartialDate::from(day).known_year());
        let stale = Stale {
            code: "C503",
            section,
            confirmed_on: None,
            changed_on: Some(started),
            days: (day - started).num_days(),
            is_error,
            why: format!("{label}{words}的变化{why}"),
        };
        match found.iter_mut().find(|known| known.section == section) {
            Some(known) if known.changed_on <= stale.changed_on => {}
            Some(known) => *known = stale,
            None => found.push(stale),
        }
    }
    found
}
