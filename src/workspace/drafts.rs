//! Forms that are being filled, kept so that a kill costs at most the field being typed.

use serde::{Deserialize, Serialize};

use crate::domain::{Answer, FilledForm, Household, HouseholdFile, HouseholdId, Name, PartialDate, Value};
use crate::forms::{DefaultAnswer, Field, FieldKind, Form, FormKind};

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
    /// A form that somebody goes on with, or begins: its draft, or the form with what it holds before anybody answers.
    pub fn begin(&mut self, household: HouseholdId, form: &Form) -> Result<FormDraft, WorkspaceError> {
        if let Some(draft) = self.draft(household, form.name) {
            if self.store.act_with_id(household.village, &draft.filled.id)?.is_none() {
                return Ok(draft);
            }
            // It was taken in, and a full disk or a kill kept its draft from going.
            self.drop_draft(household, form.name)?;
        }
        Ok(FormDraft { household, filled: self.blank(household, form)?, at: String::new() })
    }

    /// A form with what it holds before anybody answers.
    pub fn blank(&mut self, household: HouseholdId, form: &Form) -> Result<FilledForm, WorkspaceError> {
        let file = self.file(household)?;
        let id = self.ids.make();
        let mut filled = FilledForm::blank(form.name, form.version, &id, household.serial);
        let answers = form.fields.iter().filter_map(|field| Some((field.id, self.default_of(form, field, &file)?)));
        filled.fields = answers.collect();
        Ok(filled)
    }

    fn default_of(&self, form: &Form, field: &Field, file: &HouseholdFile) -> Option<Answer> {
        let today = self.today();
        match (field.default, &field.kind) {
            // A paper of a round that is over was filled on a day that somebody has to say.
            (Some(DefaultAnswer::Today), FieldKind::Day) if form.kind == FormKind::Screening && !self.in_a_round() => {
                None
            }
            (Some(DefaultAnswer::Today), FieldKind::Day) => Some(Answer::Day(today)),
            (Some(DefaultAnswer::Today), _) => Some(Answer::Value(Value::Date(PartialDate::from(today)))),
            (Some(DefaultAnswer::Me), FieldKind::Names) => {
                Some(Answer::Names(vec![self.author()?.name.as_str().into()]))
            }
            (Some(DefaultAnswer::Me), _) => Value::text(&self.author()?.name).map(Answer::Value),
            (Some(DefaultAnswer::Round), _) => Some(Answer::Round(self.policy.round_on(today)?.id)),
            (None, _) => {
                let (section, name) = field.from_file?;
                Household::of(file).shown(section, name).map(|(value, _)| Answer::Value(value.into_owned()))
            }
        }
    }

    fn in_a_round(&self) -> bool {
        let today = self.today();
        self.policy.round_on(today).is_none_or(|round| (round.days.0..=round.days.1).contains(&today))
    }

    /// Keeps a form as it stands. One draft a form and household; a later one takes its place.
    pub fn keep_draft(&mut self, draft: &FormDraft) -> Result<(), WorkspaceError> {
        if let Some(form) = self.definitions.forms.get(draft.filled.name) {
            self.may(draft.household.village, self.deed_here(draft.household.village, form))?;
        }
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
