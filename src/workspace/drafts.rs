//! Forms that are being filled, kept so that a kill costs at most the field being typed.

use serde::{Deserialize, Serialize};

use crate::domain::{FilledForm, HouseholdId, Name};

use super::error::WorkspaceError;
use super::open::Workspace;

/// A form that is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormDraft {
    /// Whose it is.
    pub household: HouseholdId,
    /// What has been answered so far.
    pub filled: FilledForm,
    /// Where the cursor was: the id of a field or an item.
    pub at: String,
}

impl Workspace {
    /// Keeps a form as it stands. One draft a form and household; a later one takes its place.
    pub fn keep_draft(&mut self, draft: &FormDraft) -> Result<(), WorkspaceError> {
        // Every key of a draft is text, so it always has a JSON text.
        let content = serde_json::to_vec(draft).unwrap_or_default();
        Ok(self.store.save_draft(&key(draft.household, draft.filled.name), &content)?)
    }

    /// The draft of a form, where there is one that this program can read.
    pub fn draft(&self, household: HouseholdId, form: Name) -> Option<FormDraft> {
        let key = key(household, form);
        let draft = self.store.drafts().into_iter().find(|draft| *draft.key == *key)?;
        serde_json::from_slice(&draft.content).ok()
    }

    /// Lets go of the draft of a form.
    pub fn drop_draft(&mut self, household: HouseholdId, form: Name) -> Result<(), WorkspaceError> {
        Ok(self.store.drop_draft(&key(household, form))?)
    }

    /// All drafts of forms, in the order of their keys.
    pub fn drafts(&self) -> Vec<FormDraft> {
        self.store.drafts().iter().filter_map(|draft| serde_json::from_slice(&draft.content).ok()).collect()
    }
}

/// Keys hold no name and no ID number.
fn key(household: HouseholdId, form: Name) -> String {
    format!("{form} {}", household.local_number())
}
