//! Signs that forms were filled at the desk, over the village at work.

use chrono::Datelike;

use crate::domain::HouseholdId;
use crate::rules::desk::{self, FormOfDay, Sign};

use super::error::WorkspaceError;
use super::open::Workspace;

impl Workspace {
    /// The signs in this year's screening and verification forms, closed households' included; the newest day first.
    pub fn desk_signs(&self) -> Result<Vec<Sign>, WorkspaceError> {
        let look = self.look();
        let at_work: Vec<HouseholdId> =
            self.households().iter().map(|summary| summary.id).filter(|id| self.is_at_work(*id)).collect();
        let mut forms: Vec<FormOfDay> = Vec::new();
        for id in at_work {
            let of_household = desk::of_household(look.at(&self.file(id)?));
            forms.extend(of_household.into_iter().filter(|form| form.day.year() == look.day.year()));
        }
        Ok(desk::signs(look, &forms))
    }
}
