//! Edits of single fields, alone or out of a visit.

use std::collections::HashMap;

use crate::catalogue::SectionKind;
use crate::changes::{Act, FieldChange};
use crate::domain::field::{jobs, members};
use crate::domain::{EditRow, FilledForm, HouseholdFile, Name, RowRef, Slot, Value};
use crate::forms::reading::Fault;

use super::{Circumstances, Filing, answered};

impl Filing<'_> {
    /// The act of a correction.
    pub(super) fn edit(&self, mut filled: FilledForm, file: &HouseholdFile) -> Result<Act, Vec<Fault>> {
        let mut act = self.new_act(&filled, file);
        let edits = std::mem::take(&mut filled.edits);
        let circumstances = Circumstances {
            happened_on: filled.value("happened_on").and_then(Value::as_date),
            seen_on: filled.day("seen_on"),
            evidence: filled.value("evidence").and_then(Value::as_text).map(Into::into),
            item: None,
            takes_paper: true,
        };
        self.check_edits(&edits, file, "changes")?;
        self.push_edits(&mut act, file, &edits, &circumstances);
        self.set_aside_outdated(&mut act, file);
        let touched: Vec<Name> = act.changes.iter().map(|change| change.slot.section).collect();
        act.answered = answered(file, &touched);
        Ok(act)
    }

    /// What only the file can tell of edits: rows and people that it does not have, values that contradict one another.
    pub(super) fn check_edits(&self, edits: &[EditRow], file: &HouseholdFile, at: &str) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        for (i, edit) in edits.iter().enumerate() {
            let Some(section) = self.look.catalogue.section(edit.section) else {
                faults.push(Fault::at(format!("{at}.{i}.section"), "没有这个部分"));
                continue;
            };
            let is_member = |id: u32| file.row(members::SECTION, id).is_some();
            let known = match (section.kind, edit.row) {
                (SectionKind::Household, row) => row == RowRef::At(0),
                (SectionKind::Person, RowRef::At(id)) => is_member(id),
                (SectionKind::Person, RowRef::New(_)) => false,
                (SectionKind::Rows, RowRef::At(row)) => file.row(section.id, row).is_some(),
                (SectionKind::Rows, RowRef::New(_)) => true,
            };
            if !known {
                faults.push(Fault::at(format!("{at}.{i}.row"), format!("{}没有这一行", section.label)));
            }
            if section.of_person && matches!(edit.row, RowRef::New(_)) {
                let person = edit.fields.iter().find(|(field, _)| *field == jobs::PERSON);
                let id = person.and_then(|(_, value)| value.as_ref()?.as_quantity()?.as_whole());
                if !id.and_then(|id| u32::try_from(id).ok()).is_some_and(is_member) {
                    faults.push(Fault::at(format!("{at}.{i}.person"), format!("{}要写是谁的", section.label)));
                }
            }
            for (field, _) in edit.fields.iter().filter(|(field, _)| section.field(*field).is_none()) {
                let known_before = matches!(edit.row, RowRef::At(row)
                    if file.get(Slot { section: section.id, row, field: *field }).is_some());
                if !known_before {
                    faults.push(Fault::at(format!("{at}.{i}.field"), format!("{}没有字段 {field}", section.label)));
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Adds the changes that edits make; a field that already holds the value is left out.
    pub(super) fn push_edits(&self, act: &mut Act, file: &HouseholdFile, edits: &[EditRow], how: &Circumstances) {
        let mut new_rows: HashMap<(Name, u32), u32> = HashMap::new();
        for edit in edits {
            let row = match edit.row {
                RowRef::At(row) => row,
                RowRef::New(number) => {
                    let others = new_rows.keys().filter(|(section, _)| *section == edit.section).count() as u32;
                    // Rows that this act added before, from another item of the same visit.
                    let taken = act
                        .changes
                        .iter()
                        .filter(|change| change.slot.section == edit.section)
                        .map(|change| change.slot.row + 1)
                        .max();
                    let next = file.next_row(edit.section) + others;
                    *new_rows.entry((edit.section, number)).or_insert(next.max(taken.unwrap_or(0)))
                }
            };
            let how = how.of_edit(edit);
            for (field, new) in &edit.fields {
                push(act, file, Slot { section: edit.section, row, field: *field }, new.clone(), &how);
            }
        }
    }
}

/// Adds one change, unless the field holds the value already and no paper comes with it. Of two changes of the same slot
/// the one of the later day stands, and where nobody says which that is, the later one told.
pub(super) fn push(act: &mut Act, file: &HouseholdFile, slot: Slot, new: Option<Value>, how: &Circumstances) {
    let old = file.get(slot).cloned();
    let evidence_only = old == new;
    let mut change = FieldChange {
        household: file.id.serial,
        slot,
        old,
        new,
        happened_on: how.happened_on,
        seen_on: how.seen_on,
        evidence: how.evidence.clone(),
        item: how.item,
        evidence_only,
    };
    if let Some(at) = act.changes.iter().position(|known| (known.household, known.slot) == (file.id.serial, slot)) {
        let known = &mut act.changes[at];
        match known.happened_on.zip(change.happened_on) {
            Some((known_on, on)) if known_on.latest() > on.latest() => {
                (change.old, change.evidence_only) = (known.new.clone(), false);
                act.outdated.push(change);
                return;
            }
            Some((known_on, on)) if known_on != on => {
                let mut known = act.changes.remove(at);
                (known.old, known.evidence_only) = (change.new.clone(), false);
                act.outdated.push(known);
            }
            _ => _ = act.changes.remove(at),
        }
    }
    if evidence_only && !(how.takes_paper && how.evidence.is_some() && change.new.is_some()) {
        return;
    }
    act.changes.push(change);
}
