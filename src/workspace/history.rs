//! What happened to a household: its acts, read back.

use crate::changes::Act;
use crate::domain::{FilledForm, FormRef, HouseholdFile, HouseholdId};

use super::error::WorkspaceError;
use super::open::Workspace;

impl Workspace {
    /// The acts that touched a file, oldest first.
    pub fn acts_of(&self, file: &HouseholdFile) -> Result<Vec<Act>, WorkspaceError> {
        let mut acts = Vec::with_capacity(file.acts.len());
        for number in &file.acts {
            acts.extend(self.store.act(file.id.village, *number)?.map(|stored| stored.act));
        }
        Ok(acts)
    }

    /// The acts that hold a file's forms.
    pub fn form_acts_of(&self, file: &HouseholdFile) -> Result<Vec<Act>, WorkspaceError> {
        let mut acts = Vec::with_capacity(file.forms.len());
        for form in &file.forms {
            acts.extend(self.store.act(file.id.village, form.act)?.map(|stored| stored.act));
        }
        Ok(acts)
    }

    /// A form as it was filled.
    pub fn form_text(&self, household: HouseholdId, form: &FormRef) -> Result<Option<FilledForm>, WorkspaceError> {
        Ok(self.store.act(household.village, form.act)?.and_then(|stored| stored.act.form))
    }
}
