//! Taking an act back, as a new act: history is added to, never rewritten.

use crate::domain::{HouseholdFile, Slot, Value};

use super::act::{Act, Confirm, FieldChange, Withdrawn};

/// Why an act cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotUndo {
    /// A field has changed again since.
    #[error("之后又改过，不能撤销，请直接改")]
    ChangedSince {
        /// The household's serial.
        household: u32,
        /// The first such field.
        slot: Slot,
    },
    /// A word of the first secretary is followed by another one.
    #[error("通过和退回不能撤销，改主意就再审一次：通过，或者退回")]
    Review,
    /// Imports, choices and undos are not taken back in one step.
    #[error("这一步不能撤销")]
    NotThis,
}

/// Fills `undo` with what takes `act` back, given the files of its households as they stand.
pub fn invert(act: &Act, mut undo: Act, files: &[HouseholdFile]) -> Result<Act, CannotUndo> {
    if !act.is_news() || act.undoes.is_some() || !act.chosen.is_empty() {
        return Err(CannotUndo::NotThis);
    }
    if !act.reviews.is_empty() {
        return Err(CannotUndo::Review);
    }
    undo.undoes = Some(act.number);
    for change in act.field_changes() {
        let file = files.iter().find(|file| file.id.serial == change.household).ok_or(CannotUndo::NotThis)?;
        if file.get(change.slot) != change.new.as_ref() {
            return Err(CannotUndo::ChangedSince { household: change.household, slot: change.slot });
        }
        if change.old != change.new {
            undo.changes.push(FieldChange { old: change.new, new: change.old, ..change });
        } else if change.evidence_only {
            undo.changes.push(FieldChange { evidence: None, ..change });
        }
    }
    // The last row goes first, so that a row whose first field is its key is emptied last.
    undo.changes.reverse();
    undo.confirms = act
        .confirms
        .iter()
        .map(|confirm| Confirm { now: confirm.was.clone(), was: confirm.now.clone(), ..confirm.clone() })
        .collect();
    undo.withdrawn.extend(act.form.iter().map(|form| Withdrawn { household: form.household, act: act.number }));
    undo.left_open.clone_from(&act.answered);
    // What the act itself left open goes with its form; what it brought from another file is taken out by name.
    undo.answered.extend(act.left_open.iter().filter(|item| item.what.act != 0).cloned());
    for opened in &act.opened {
        close(&mut undo, opened.household);
    }
    Ok(undo)
}

/// A file opened by mistake cannot be unopened, since its number was seen; it is closed.
pub(super) fn close(undo: &mut Act, household: u32) {
    use crate::domain::field::status::{CLOSED_ON, CLOSED_WHY, SECTION};
    use crate::domain::{Name, PartialDate};
    let day = Value::Date(PartialDate::from(undo.entered_on()));
    for (field, new) in [(CLOSED_ON, day), (CLOSED_WHY, Value::code(Name::fixed("other")))] {
        undo.changes.push(FieldChange {
            household,
            slot: Slot { section: SECTION, row: 0, field },
            old: None,
            new: Some(new),
            happened_on: None,
            seen_on: None,
            evidence: None,
            item: None,
            evidence_only: false,
        });
    }
}
