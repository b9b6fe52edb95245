//! What happened to a household: its acts, read back.

use crate::changes::Act;
use crate::domain::{FilledForm, FormRef, HouseholdFile, HouseholdId, Name};
use crate::policy::Round;
use crate::rules::round::form_of;

use super::choice::CHOICE;
use super::confirm::CONFIRM;
use super::error::WorkspaceError;
use super::open::Workspace;
use super::undo::UNDO;

impl Workspace {
    /// What sort of act this is, in a word: the form, the event in life, or what else was done.
    pub fn kind_in_words(&self, kind: Name) -> &str {
        match self.definitions.forms.get(kind) {
            Some(form) => &form.label,
            None if kind == CONFIRM => "核实无变",
            None if kind == CHOICE => "选定",
            None if kind == UNDO => "撤销",
            None => "导入",
        }
    }

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

    /// The last form of this name that a household has of a round, as it was filled.
    pub fn form_of_round(
        &self,
        household: HouseholdId,
        name: &'static str,
        round: &Round,
    ) -> Result<Option<FilledForm>, WorkspaceError> {
        match form_of(&self.file(household)?, name, round) {
            Some(form) => self.form_text(household, form),
            None => Ok(None),
        }
    }

    /// A form as it was filled.
    pub fn form_text(&self, household: HouseholdId, form: &FormRef) -> Result<Option<FilledForm>, WorkspaceError> {
        Ok(self.store.act(household.village, form.act)?.and_then(|stored| stored.act.form))
    }
}
