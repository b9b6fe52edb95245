//! Forms that are being filled, kept so that a kill costs at most the field being typed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{
    Answer, FilledForm, Household, HouseholdFile, HouseholdId, Name, PartialDate, RowRef, Value, form_field,
};
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
    /// The local day on which it was begun; none in drafts of the first programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
}

impl FormDraft {
    /// The day on which it was begun, as far as anybody can tell.
    pub fn begun_on(&self) -> Option<NaiveDate> {
        self.on.or_else(|| self.filled.day(form_field::DATE.as_str()))
    }
}

impl Workspace {
    /// A form that somebody goes on with, or begins: its draft, or the form with what it holds before anybody answers.
    pub fn begin(&mut self, household: HouseholdId, form: &Form) -> Result<FormDraft, WorkspaceError> {
        match self.draft(household, form.name) {
            Some(draft) => self.resume_or_begin(draft, form),
            None => self.begin_anew(household, form),
        }
    }

    /// The same of one row of the file.
    pub fn begin_row(
        &mut self,
        household: HouseholdId,
        form: &Form,
        row: (Name, RowRef),
    ) -> Result<FormDraft, WorkspaceError> {
        match self.row_draft(household, form.name, row) {
            Some(draft) => self.resume_or_begin(draft, form),
            None => self.begin_anew(household, form),
        }
    }

    fn resume_or_begin(&mut self, draft: FormDraft, form: &Form) -> Result<FormDraft, WorkspaceError> {
        if self.store.act_with_id(draft.household.village, &draft.filled.id)?.is_none() {
            return Ok(draft);
        }
        // It was taken in, and a full disk or a kill kept its draft from going.
        self.store.drop_draft(&key_of(&draft))?;
        self.begin_anew(draft.household, form)
    }

    fn begin_anew(&mut self, household: HouseholdId, form: &Form) -> Result<FormDraft, WorkspaceError> {
        let on = Some(self.today());
        Ok(FormDraft { household, filled: self.blank(household, form)?, at: String::new(), on })
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

    /// Keeps a form as it stands. One draft a form and household, and of edits one a row; a later one takes its place. A
    /// form in which nobody has answered anything yet is no draft.
    pub fn keep_draft(&mut self, draft: &FormDraft) -> Result<(), WorkspaceError> {
        if let Some(form) = self.definitions.forms.get(draft.filled.name) {
            self.may(draft.household.village, self.deed_here(draft.household.village, form))?;
        }
        if !self.is_begun(draft)? {
            return Ok(self.store.drop_draft(&key_of(draft))?);
        }
        // Every key of a draft is text, so it always has a JSON text.
        let content = serde_json::to_vec(draft).unwrap_or_default();
        Ok(self.store.save_draft(&key_of(draft), &content)?)
    }

    /// Whether anybody has answered anything in a form.
    pub(super) fn is_begun(&self, draft: &FormDraft) -> Result<bool, WorkspaceError> {
        let filled = &draft.filled;
        let edits = filled.edits.iter().any(|edit| !edit.fields.is_empty() || edit.evidence.is_some());
        if !filled.items.is_empty() || !filled.groups.is_empty() || edits {
            return Ok(true);
        }
        let Some(form) = self.definitions.forms.get(filled.name) else { return Ok(!filled.fields.is_empty()) };
        let file = self.file(draft.household)?;
        let began_on = draft.on.unwrap_or_else(|| self.today());
        let own = |id: &Name, answer: &Answer| {
            let Some(field) = form.field(id.as_str()) else { return true };
            let is_of_its_day = field.default == Some(DefaultAnswer::Today)
                && (*answer == Answer::Day(began_on) || *answer == Answer::Value(Value::Date(began_on.into())));
            !is_of_its_day && self.default_of(form, field, &file).as_ref() != Some(answer)
        };
        Ok(filled.fields.iter().any(|(id, answer)| own(id, answer)))
    }

    /// The draft of a form, where there is one that this program can read.
    pub fn draft(&self, household: HouseholdId, form: Name) -> Option<FormDraft> {
        self.draft_under(&key(household, form))
    }

    /// The draft of a row of the file.
    pub fn row_draft(&self, household: HouseholdId, form: Name, row: (Name, RowRef)) -> Option<FormDraft> {
        // The first programs kept one of all rows.
        let is_it = |draft: &FormDraft| draft.filled.edits.iter().any(|edit| (edit.section, edit.row) == row);
        self.draft_under(&row_key(household, form, row)).or_else(|| self.draft(household, form).filter(is_it))
    }

    fn draft_under(&self, key: &str) -> Option<FormDraft> {
        let draft = self.store.drafts().into_iter().find(|draft| *draft.key == *key)?;
        serde_json::from_slice(&draft.content).ok()
    }

    /// Lets go of the draft of a form.
    pub fn drop_draft(&mut self, household: HouseholdId, form: Name) -> Result<(), WorkspaceError> {
        Ok(self.store.drop_draft(&key(household, form))?)
    }

    /// Lets go of the draft of a row of the file.
    pub fn drop_row_draft(
        &mut self,
        household: HouseholdId,
        form: Name,
        row: (Name, RowRef),
    ) -> Result<(), WorkspaceError> {
        self.store.drop_draft(&row_key(household, form, row))?;
        let is_it = |draft: &FormDraft| draft.filled.edits.iter().any(|edit| (edit.section, edit.row) == row);
        match self.draft(household, form).filter(is_it) {
            Some(_) => self.drop_draft(household, form),
            None => Ok(()),
        }
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

fn row_key(household: HouseholdId, form: Name, (section, row): (Name, RowRef)) -> String {
    let row = match row {
        RowRef::At(row) => row.to_string(),
        RowRef::New(number) => format!("+{number}"),
    };
    format!("{} {section} {row}", key(household, form))
}

/// The key of a draft: an edit is of its row.
pub(super) fn key_of(draft: &FormDraft) -> String {
    match draft.filled.edits.first() {
        Some(edit) => row_key(draft.household, draft.filled.name, (edit.section, edit.row)),
        None => key(draft.household, draft.filled.name),
    }
}
