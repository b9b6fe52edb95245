//! What a finished survey offers to the file, and the edit that takes it.

use std::collections::BTreeMap;

use crate::domain::{Answer, EditRow, FilledForm, HouseholdId, Name, RowRef, Value, form_field};
use crate::forms::FormKind;
use crate::forms::reading::Fault;
use crate::rules::offers::{self, Offer};

use super::error::WorkspaceError;
use super::open::Workspace;

impl Workspace {
    /// What a filled form offers to the file of its household; only surveys do.
    pub fn offers(&self, id: HouseholdId, filled: &FilledForm) -> Result<Vec<Offer>, WorkspaceError> {
        let form = self.definitions.forms.get(filled.name).filter(|form| form.kind == FormKind::Verification);
        let Some(form) = form else { return Ok(Vec::new()) };
        Ok(offers::of(self.look().at(&self.file(id)?), form, filled))
    }

    /// Takes offers of a form over into the file, as an edit seen on the day of the form, which is its evidence.
    pub fn take_offers(
        &mut self,
        id: HouseholdId,
        from: &FilledForm,
        offers: &[Offer],
    ) -> Result<Result<Vec<u64>, Vec<Fault>>, WorkspaceError> {
        let edits = self.definitions.forms.all().find(|form| form.kind == FormKind::Edit).cloned();
        let label = self.kind_in_words(from.name).to_owned();
        let Some(form) = edits.filter(|_| !offers.is_empty()) else { return Ok(Ok(Vec::new())) };
        let mut filled = self.blank(id, &form)?;
        let day = from.day(form_field::DATE.as_str());
        if let Some(day) = day {
            filled.fields.insert(Name::fixed("seen_on"), Answer::Day(day));
        }
        let paper = format!("{label} {}", day.unwrap_or_else(|| self.today()));
        filled.fields.extend(Value::text(&paper).map(|paper| (Name::fixed("evidence"), Answer::Value(paper))));
        let mut rows: BTreeMap<Name, EditRow> = BTreeMap::new();
        for Offer { slot, value } in offers {
            let section = slot.section;
            let row = rows.entry(section).or_insert(EditRow::of(section, RowRef::At(0), Vec::new()));
            row.fields.push((slot.field, Some(value.clone())));
        }
        filled.edits = rows.into_values().collect();
        self.correct(id.village, filled)
    }
}
