//! Whom to visit next, and whom to screen next, in the order in which one walks.

use crate::domain::HouseholdId;
use crate::rules::standing::{Progress, Standing};

use super::error::WorkspaceError;
use super::open::Workspace;

impl Workspace {
    /// The open households of the village at work, in the order in which one walks: group, house number, number.
    pub fn in_walking_order(&self) -> Vec<HouseholdId> {
        let open = |id: &HouseholdId| self.households().get(*id).is_some_and(|summary| !summary.closed);
        self.index().in_natural_order().filter(|id| self.is_at_work(*id)).filter(open).collect()
    }

    /// The same, and behind them the closed files of the village at work: what was due when a file was closed stays due.
    pub fn in_walking_order_with_closed(&self) -> Vec<HouseholdId> {
        let closed = self.households().iter().filter(|summary| summary.closed && self.is_at_work(summary.id));
        let closed: Vec<HouseholdId> = closed.map(|summary| summary.id).collect();
        self.in_walking_order().into_iter().chain(closed).collect()
    }

    /// Those who must be visited this month and were not yet.
    pub fn left_to_visit(&self) -> Result<Vec<HouseholdId>, WorkspaceError> {
        self.walk(|standing| standing.due && standing.visited_on.is_none())
    }

    /// Those who still owe this round a screening or a verification form.
    pub fn left_to_screen(&self) -> Result<Vec<HouseholdId>, WorkspaceError> {
        let owed = |progress: Progress| progress.counts() && !progress.is_done();
        self.walk(|standing| owed(standing.screening) || owed(standing.verification))
    }

    /// Those who still owe this round a screening form.
    pub fn left_without_screening(&self) -> Result<Vec<HouseholdId>, WorkspaceError> {
        self.walk(|standing| standing.screening == Progress::Open)
    }

    /// The first of these behind a household in the walking order, beginning again at its start.
    pub fn next_of(&self, among: &[HouseholdId], after: Option<HouseholdId>) -> Option<HouseholdId> {
        let Some(after) = after else { return among.first().copied() };
        let order = self.in_walking_order();
        let here = order.iter().position(|id| *id == after).map_or(0, |at| at + 1);
        order[here..].iter().chain(&order[..here]).find(|id| among.contains(id)).copied()
    }

    fn walk(&self, keep: impl Fn(&Standing) -> bool) -> Result<Vec<HouseholdId>, WorkspaceError> {
        let mut kept = Vec::new();
        for id in self.in_walking_order() {
            if keep(&*self.standing(id)?) {
                kept.push(id);
            }
        }
        Ok(kept)
    }
}
