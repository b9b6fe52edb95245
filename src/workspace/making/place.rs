//! Where in a form what was refused stands, in the paths of `record`.

use crate::domain::{EditRow, FilledForm, HouseholdFile, Name, RowRef, Slot};
use crate::forms::{Form, FormKind, SetTo};
use crate::rules::guard::At;

/// A form as it was filled, and the file for which.
pub(super) struct Place<'a> {
    pub form: &'a Form,
    pub filled: &'a FilledForm,
    pub file: &'a HouseholdFile,
}

impl Place<'_> {
    /// The path of what was refused.
    pub fn path(&self, at: &At) -> String {
        match at {
            At::Answer(path) => path.clone(),
            At::Household => "household".to_owned(),
            At::Whole => self.whole(),
            At::HappenedOn(slot, item) => self.of_day(*slot, *item),
            At::Slot(_, slot, item) => self.of_slot(*slot, *item).unwrap_or_else(|| self.whole()),
        }
    }

    fn whole(&self) -> String {
        match self.form.kind {
            FormKind::Edit => "changes".to_owned(),
            FormKind::Visit => "items".to_owned(),
            FormKind::Event => self.clock(),
            FormKind::Withdraw => "change".to_owned(),
            FormKind::Screening | FormKind::Verification => "form".to_owned(),
        }
    }

    fn clock(&self) -> String {
        self.form.fields.iter().find(|field| field.clock).map_or_else(|| "form".to_owned(), |it| it.id.to_string())
    }

    /// The day of one change: its own where it has one, else that of what surrounds it.
    fn of_day(&self, slot: Slot, item: Option<Name>) -> String {
        let answer = item.and_then(|item| self.filled.items.get(&item));
        let edits = answer.map_or(&self.filled.edits, |answer| &answer.edits);
        let own = self.edit_of(edits, slot).filter(|number| edits[*number].happened_on.is_some());
        match (own, item.filter(|_| answer.is_some())) {
            (Some(number), Some(item)) => format!("items.{item}.edits.{number}.happened_on"),
            (Some(number), None) => format!("changes.{number}.happened_on"),
            (None, Some(item)) => format!("items.{item}.since"),
            (None, None) if self.form.kind == FormKind::Event => self.clock(),
            (None, None) => "happened_on".to_owned(),
        }
    }

    fn of_slot(&self, slot: Slot, item: Option<Name>) -> Option<String> {
        match item.and_then(|item| Some((item, self.filled.items.get(&item)?))) {
            Some((item, answer)) => self
                .of_edit(&answer.edits, slot)
                .map(|path| format!("items.{item}.edits.{path}"))
                // The task that a problem opens has no edits of its own.
                .or_else(|| Some(format!("items.{item}.{}", if slot.field == "due" { "due" } else { "what" }))),
            None if self.form.kind == FormKind::Event => self.of_event((slot.section, slot.field)),
            None => self.of_edit(&self.filled.edits, slot).map(|path| format!("changes.{path}")),
        }
    }

    fn of_edit(&self, edits: &[EditRow], slot: Slot) -> Option<String> {
        let number = self.edit_of(edits, slot)?;
        Some(match edits[number].row {
            RowRef::At(_) => format!("{number}.new"),
            RowRef::New(_) => format!("{number}.add.{}", slot.field),
        })
    }

    /// The edit that says what a slot holds, by its place; the last one where several do.
    fn edit_of(&self, edits: &[EditRow], slot: Slot) -> Option<usize> {
        let next = self.file.next_row(slot.section);
        let mut added = next;
        let mut found = None;
        for (number, edit) in edits.iter().enumerate().filter(|(_, edit)| edit.section == slot.section) {
            let row = match edit.row {
                RowRef::At(row) => row,
                RowRef::New(_) => {
                    added += 1;
                    added - 1
                }
            };
            // Rows that other items of a visit add stand between, so that a new row is told by its fields alone.
            let is_row = row == slot.row || (matches!(edit.row, RowRef::New(_)) && slot.row >= next);
            let is_it = is_row && edit.fields.iter().any(|(field, _)| *field == slot.field);
            if is_it && (row == slot.row || found.is_none()) {
                found = Some(number);
            }
        }
        found
    }

    /// The answer of an event that goes to a field, or from which the field is set.
    fn of_event(&self, slot: (Name, Name)) -> Option<String> {
        let asked = self.form.fields.iter().find(|field| field.slot == Some(slot)).map(|field| field.id);
        let set = || {
            self.form.sets.iter().filter(|set| set.slot == slot).find_map(|set| match set.to {
                SetTo::Answer(answer) => Some(answer),
                _ => None,
            })
        };
        asked.or_else(set).filter(|id| self.filled.fields.contains_key(id)).map(|id| id.to_string())
    }
}
