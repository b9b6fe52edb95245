//! Corrections of a file as they are typed into it: what is an event of its own, such as a name put right, goes in as that.

use std::collections::BTreeMap;

use crate::domain::{
    Answer, EditRow, FilledForm, Household, HouseholdFile, HouseholdId, Name, RowRef, Slot, VillageCode, form_field,
};
use crate::forms::reading::Fault;
use crate::forms::{FieldKind, Form, PersonRole};

use super::error::WorkspaceError;
use super::open::Workspace;
use super::record::Recorded;

const HAPPENED_ON: &str = "happened_on";

impl Workspace {
    /// Takes in a correction, and gives the numbers of the acts that it became: the events that it implies, then what is
    /// left of it as an edit. Where any of them would be refused nothing of it happens.
    pub fn correct(
        &mut self,
        village: VillageCode,
        filled: FilledForm,
    ) -> Result<Result<Vec<u64>, Vec<Fault>>, WorkspaceError> {
        let file = self.file(HouseholdId { village, serial: filled.household })?;
        let forms = self.split(filled, &file)?;
        let mut faults = Vec::new();
        for form in &forms {
            // One that was taken in before a kill is not held against what the file says since.
            if self.store.act_with_id(self.enters_into(village), &form.id)?.is_none() {
                faults.extend(self.act_of(village, form.clone())?.err().into_iter().flatten().map(|fault| Fault {
                    field: if fault.field == "date" { HAPPENED_ON.to_owned() } else { fault.field },
                    ..fault
                }));
            }
        }
        if !faults.is_empty() {
            return Ok(Err(faults));
        }
        let mut numbers = Vec::new();
        for form in forms {
            match self.take_in(village, form)? {
                Recorded::Accepted { number, .. } => numbers.push(number),
                Recorded::Refused(faults) => return Ok(Err(faults)),
            }
        }
        Ok(Ok(numbers))
    }

    /// The events that a correction implies, each under an id of its own, and the correction without them.
    fn split(&self, mut filled: FilledForm, file: &HouseholdFile) -> Result<Vec<FilledForm>, WorkspaceError> {
        let events: Vec<&Form> = self.definitions.forms.events();
        let mut forms = Vec::new();
        filled.edits = by_row(filled.edits);
        for edit in &mut filled.edits {
            let RowRef::At(row) = edit.row else { continue };
            let is_member = Household::of(file).members().any(|member| member.id.0 == row);
            for event in events.iter().filter(|event| is_member && event.person == Some(PersonRole::Existing)) {
                let id = format!("{}-{}-{row}", filled.id, event.name);
                let was_taken_in = self.store.act_with_id(self.enters_into(file.id.village), &id)?.is_some();
                let has_paper = filled.fields.contains_key(&form_field::EVIDENCE);
                let answers = take_corrected(event, edit, (row, has_paper), file);
                if answers.is_empty() && !was_taken_in {
                    continue;
                }
                let mut form = FilledForm::blank(event.name, event.version, &id, filled.household);
                form.fields.extend(answers);
                form.fields.extend(common(event, &filled.fields, row));
                forms.push(form);
            }
        }
        filled.edits.retain(|edit| !edit.fields.is_empty());
        if !filled.edits.is_empty() {
            forms.push(filled);
        }
        Ok(forms)
    }
}

/// The edits with all that is said of one row together, of one day and on one paper.
fn by_row(edits: Vec<EditRow>) -> Vec<EditRow> {
    let mut rows: Vec<EditRow> = Vec::new();
    for edit in edits {
        let is_alike = |known: &EditRow| {
            (known.section, known.row, known.happened_on, &known.evidence)
                == (edit.section, edit.row, edit.happened_on, &edit.evidence)
        };
        match rows.iter_mut().find(|known| is_alike(known)) {
            Some(known) => known.fields.extend(edit.fields),
            None => rows.push(edit),
        }
    }
    rows
}

/// Takes the fields that the event corrects out of an edit, as answers of the event; one that is emptied stays, and so
/// does one that holds what the file holds, unless a paper comes with it.
fn take_corrected(
    event: &Form,
    edit: &mut EditRow,
    (row, has_paper): (u32, bool),
    file: &HouseholdFile,
) -> Vec<(Name, Answer)> {
    let mut answers = Vec::new();
    edit.fields.retain(|(field, new)| {
        let slot = (edit.section, *field);
        let asked = event.fields.iter().find(|asked| asked.slot == Some(slot));
        let (Some(asked), Some(new)) = (asked.filter(|_| event.corrects.contains(&slot)), new) else { return true };
        let is_held = file.get(Slot { section: edit.section, row, field: *field }) == Some(new);
        if !is_held {
            answers.push((asked.id, Answer::Value(new.clone())));
        }
        is_held && has_paper
    });
    // An event's own fields have to be there: what the file says of those that are not corrected.
    if answers.is_empty() {
        return answers;
    }
    for asked in event.fields.iter().filter(|asked| asked.required) {
        let Some((section, field)) = asked.slot else { continue };
        if answers.iter().all(|(id, _)| *id != asked.id)
            && let Some(held) = file.get(Slot { section, row, field })
        {
            answers.push((asked.id, Answer::Value(held.clone())));
        }
    }
    answers
}

/// What every event asks: the day, who, and on what evidence.
fn common(event: &Form, edit: &BTreeMap<Name, Answer>, row: u32) -> Vec<(Name, Answer)> {
    let answer = |id: &str| edit.iter().find(|(name, _)| **name == id).map(|(_, answer)| answer.clone());
    let answers = event.fields.iter().filter_map(|asked| {
        let answer = match &asked.kind {
            FieldKind::Person => Some(Answer::Person(row)),
            _ if asked.clock => answer(HAPPENED_ON),
            _ if asked.slot.is_none() => answer(asked.id.as_str()),
            _ => None,
        };
        Some((asked.id, answer?))
    });
    answers.collect()
}
