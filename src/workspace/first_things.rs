//! What to do first, over all households of the village at work.

use crate::domain::HouseholdId;
use crate::rules::first::{self, Thing};

use super::error::WorkspaceError;
use super::open::Workspace;

impl Workspace {
    /// What waits in all open households, in the order in which it is done.
    pub fn first_things(&self) -> Result<Vec<(HouseholdId, Thing)>, WorkspaceError> {
        let day = self.today();
        let mut things = Vec::new();
        for id in self.in_walking_order() {
            let standing = self.standing(id)?;
            let here = first::of(&self.policy, day, &standing, &self.not_handed_over(id));
            things.extend(here.into_iter().map(|thing| (id, thing)));
        }
        first::order(&mut things);
        Ok(things)
    }
}
