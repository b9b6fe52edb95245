//! A row of the file as fields of a form: what it holds now, and what was made of it as an edit.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalogue::{self, Catalogue, FieldKind, Section};
use crate::domain::{Answer, EditRow, FilledForm, Household, HouseholdFile, Name, Quantity, RowRef, Slot, Value};
use crate::forms::{self, FormKind};
use crate::tui::desk::Desk;
use crate::tui::widgets::form::{Field, Form};
use crate::tui::widgets::picker::Choice;

/// A row of a file that is being edited.
pub(super) struct EditedRow<'a> {
    pub catalogue: &'a Arc<Catalogue>,
    pub file: &'a HouseholdFile,
    pub section: &'a Section,
    pub row: RowRef,
}

/// Stands before a field of the file in the id of its field on the screen: the form for edits has fields of its own.
const OF_FILE: &str = "file.";

/// The id of a field of the file on the screen.
pub(super) fn id_of(field: Name) -> String {
    format!("{OF_FILE}{field}")
}

impl EditedRow<'_> {
    /// The field as it stands, or with what an edit makes of it.
    pub fn field(&self, field: &catalogue::Field, edit: Option<&Option<Value>>) -> Field {
        let id = id_of(field.id);
        let of_somebody = field.kind == FieldKind::Person;
        let made = if of_somebody {
            let members = Household::of(self.file).members();
            let choices = members.map(|member| Choice::new(member.id.0.to_string(), member.name()));
            Field::one(&id, &field.label, choices.collect())
        } else {
            Field::of_file(&id, field, self.catalogue)
        };
        let made = if of_somebody && self.section.of_person { made.required() } else { made };
        let now = match edit {
            Some(edited) => edited.as_ref(),
            None => self.held(field.id),
        };
        let made = made.holding(&now.map(|value| self.text(field, value)).unwrap_or_default());
        match (edit, self.held(field.id)) {
            (Some(_), Some(held)) => made.beside(format!("档里 {}", self.catalogue.show_masked(field, held))),
            _ => made,
        }
    }

    /// What the form makes of this row; a field that stands as it stood is no change.
    pub fn edit(&self, form: &Form) -> EditRow {
        let changed = self.section.fields.iter().filter_map(|field| {
            let id = id_of(field.id);
            let shown = form.field(&id)?;
            let typed = shown.value();
            let held = self.held(field.id);
            if typed == held.map(|held| self.text(field, held)).unwrap_or_default() {
                return None;
            }
            let new = match field.kind {
                FieldKind::Person => {
                    let person = shown.picked().first().and_then(|id| id.parse().ok());
                    person.map(|id| Value::Quantity(Quantity::whole(id)))
                }
                _ => self.catalogue.read_typed(field, &typed).ok()?.value,
            };
            (new.as_ref() != held).then_some((field.id, new))
        });
        EditRow::of(self.section.id, self.row, changed.collect())
    }

    fn held(&self, field: Name) -> Option<&Value> {
        match self.row {
            RowRef::At(row) => self.file.get(Slot { section: self.section.id, row, field }),
            RowRef::New(_) => None,
        }
    }

    /// A value as it is typed: members by their names.
    fn text(&self, field: &catalogue::Field, value: &Value) -> String {
        let named = || {
            let id = value.as_quantity()?.as_whole()?;
            let member = Household::of(self.file).everyone().find(|member| i64::from(member.id.0) == id)?;
            Some(member.name().to_owned())
        };
        match field.kind {
            FieldKind::Person => named().unwrap_or_else(|| self.catalogue.show(field, value)),
            _ => self.catalogue.show(field, value),
        }
    }
}

/// The form by which the file is corrected.
pub(super) fn edit_form(desk: &Desk) -> Option<&forms::Form> {
    desk.workspace.definitions().forms.all().find(|form| form.kind == FormKind::Edit)
}

/// What the form for edits asks beside the changes: when it happened, when and how it became known.
pub(super) fn circumstances(form: &forms::Form, filled: &FilledForm, catalogue: &Arc<Catalogue>) -> Vec<Field> {
    let fields = form.fields.iter();
    fields.filter_map(|field| Field::of_form(field, filled.fields.get(&field.id), catalogue)).collect()
}

/// What was answered to that.
pub(super) fn answers(form: &forms::Form, widget: &Form, catalogue: &Catalogue) -> BTreeMap<Name, Answer> {
    let asked = form.fields.iter().filter(|field| widget.field(field.id.as_str()).is_some());
    asked.filter_map(|field| Some((field.id, widget.answer(field, catalogue)?))).collect()
}
