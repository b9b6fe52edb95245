//! One field, edited where it stands: Enter saves it, and the day of the change goes along to the next.

use crate::domain::{Answer, FilledForm, HouseholdFile, Name, PartialDate, RowRef, Slot, Value, form_field};
use crate::forms::reading::Fault;
use crate::tui::actions::Action;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::Hint;
use crate::tui::widgets::form::Form;
use crate::workspace::WorkspaceError;
use crate::workspace::typed::About;

use super::row::{EditedRow, answers, circumstances, edit_form, id_of};

/// A field that is being edited.
pub(super) struct Editor {
    slot: Slot,
    about: About,
    filled: FilledForm,
    /// Its field, and below it when and how it became known.
    pub widget: Form,
}

/// The answer that a person gave to when it happened, kept for the next field of the same family.
pub(super) const HAPPENED_ON: Name = Name::fixed("happened_on");

/// What saving came to.
pub(super) enum Saved {
    /// The acts that it became.
    Acts(Vec<u64>),
    /// Nothing was changed.
    Nothing,
    /// It cannot be; the reason stands at the field.
    Refused(String),
}

/// More choices than this are shown in a list of their own at once.
const IN_A_LINE: usize = 9;

impl Editor {
    /// Over a field of the file; none where no definition knows it.
    pub fn open(
        desk: &mut Desk,
        file: &HouseholdFile,
        slot: Slot,
        happened_on: Option<PartialDate>,
    ) -> Result<Option<Self>, WorkspaceError> {
        let Some(form) = edit_form(desk).cloned() else { return Ok(None) };
        let mut filled = desk.workspace.blank(file.id, &form)?;
        if let Some(date) = happened_on {
            filled.fields.insert(HAPPENED_ON, Answer::Value(Value::Date(date)));
        }
        let catalogue = desk.workspace.definitions().catalogue.clone();
        let Some(section) = catalogue.section(slot.section) else { return Ok(None) };
        let Some(field) = section.field(slot.field) else { return Ok(None) };
        let row = EditedRow { catalogue: &catalogue, file, section, row: RowRef::At(slot.row) };
        let mut fields = vec![row.field(field, None)];
        fields.extend(circumstances(&form, &filled, &catalogue));
        let mut widget = Form::new(fields, desk.workspace.today());
        widget.show_private(desk.shows_private);
        let about = About::Cell(file.id, slot);
        match desk.workspace.typed(&about) {
            Some(typed) => widget.resume(&typed.values, &typed.at),
            None if catalogue.list_of(field).is_some_and(|list| list.entries.len() > IN_A_LINE) => {
                widget.act(Action::Choose);
            }
            None => {}
        }
        Ok(Some(Self { slot, about, filled, widget }))
    }

    /// Keeps what stands in it, durably.
    pub fn keep(&self, desk: &mut Desk) -> Option<Reply<Desk>> {
        if !self.widget.is_changed() {
            return None;
        }
        let failed = desk.workspace.keep_typed(&self.about, self.widget.to_keep(), self.widget.focus()).err()?;
        Some(Reply::warned(format!("草稿没有存上：{failed}")))
    }

    /// Lets go of what was kept.
    pub fn let_go(&self, desk: &mut Desk) {
        if let Err(error) = desk.workspace.drop_typed(&self.about) {
            tracing::warn!(%error, "a draft stays");
        }
    }

    /// The layers of its keys.
    pub fn contexts(&self) -> Vec<Context> {
        self.widget.contexts(Context::Cell)
    }

    pub fn hints(&self) -> Vec<Hint> {
        let mut hints = self.widget.hints();
        // Here Enter saves, and the arrows and the tabulator go on.
        if let Some(at) = hints.iter().position(|hint| hint.action == Action::Save) {
            let save = hints.remove(at);
            hints.insert(0, save);
        }
        hints
    }

    /// The day of the change as it stands now.
    pub fn happened_on(&self) -> Option<PartialDate> {
        self.widget.value(HAPPENED_ON.as_str()).parse().ok()
    }

    /// Files what was typed.
    pub fn save(&mut self, desk: &mut Desk, file: &HouseholdFile) -> Result<Saved, WorkspaceError> {
        let catalogue = desk.workspace.definitions().catalogue.clone();
        let Some(form) = edit_form(desk).cloned() else { return Ok(Saved::Nothing) };
        let Some(section) = catalogue.section(self.slot.section) else { return Ok(Saved::Nothing) };
        let row = EditedRow { catalogue: &catalogue, file, section, row: RowRef::At(self.slot.row) };
        let mut edit = row.edit(&self.widget);
        let mut filled = self.filled.clone();
        filled.fields = answers(&form, &self.widget, &catalogue);
        // The same value with a paper is a change of the paper.
        let value = file.get(self.slot).filter(|_| filled.fields.contains_key(&form_field::EVIDENCE));
        if let Some(value) = value.filter(|_| edit.fields.is_empty()) {
            edit.fields.push((self.slot.field, Some(value.clone())));
        }
        if edit.fields.is_empty() {
            return Ok(Saved::Nothing);
        }
        filled.edits = vec![edit];
        match desk.workspace.correct(file.id.village, filled)? {
            Ok(numbers) => Ok(Saved::Acts(numbers)),
            Err(faults) => Ok(Saved::Refused(self.refused(&faults))),
        }
    }

    /// Shows each reason at its field.
    fn refused(&mut self, faults: &[Fault]) -> String {
        for fault in faults.iter().rev() {
            let is_asked = self.widget.field(&fault.field).is_some();
            let id = if is_asked { fault.field.clone() } else { id_of(self.slot.field) };
            self.widget.refuse(&id, &fault.why);
        }
        faults.iter().map(|fault| fault.why.as_str()).collect::<Vec<_>>().join("；")
    }
}
