//! The same form twice: under an id of its own, or under one that is made of what it says.

use std::collections::HashMap;

use crate::changes::correction::CORRECTION;
use crate::changes::{Act, FieldChange, Hash};
use crate::domain::field::members;
use crate::domain::{Answer, EditRow, FilledForm, HouseholdFile, Moment, Name, PartialDate, RowRef, Slot, Value};
use crate::forms::{self, Form, FormKind, PersonRole};

/// The forms of one input, by what they say: an equal one behind another is another one.
#[derive(Debug, Default)]
pub struct Input {
    seen: HashMap<Hash, u32>,
}

impl Input {
    /// How many equal forms stood before this one.
    pub(super) fn before(&mut self, content: Hash) -> u32 {
        let seen = self.seen.entry(content).or_default();
        *seen += 1;
        *seen - 1
    }
}

/// What a form says and who says it. A day that is today where nobody answers is today's.
pub(super) fn content(form: &Form, filled: &FilledForm, by: &str, now: Moment) -> Hash {
    let mut filled = FilledForm { id: "".into(), ..filled.clone() };
    let is_blank = |field: &&forms::Field| {
        field.default == Some(forms::DefaultAnswer::Today) && !filled.fields.contains_key(&field.id)
    };
    let blank: Vec<Name> = form.fields.iter().filter(is_blank).map(|field| field.id).collect();
    filled.fields.extend(blank.into_iter().map(|id| (id, Answer::Day(now.date_naive()))));
    // A form has text keys alone and writes itself as JSON, in the order of its keys.
    let text = serde_json::to_string(&filled).unwrap_or_default();
    Hash::of(format!("{text}\n{by}").as_bytes())
}

/// The id of the form that says this: the n-th of them in its input, after so many that no longer answer for it.
pub(super) fn made_id(content: Hash, nth: u32, after: u32) -> String {
    let Hash(bytes) = Hash::of(format!("{content} {nth} {after}").as_bytes());
    bytes[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether an act is what a form under its id would have been.
pub(super) fn is_of(act: &Act, filled: &FilledForm, file: &HouseholdFile) -> bool {
    let edits = edits_of(filled);
    match &act.form {
        Some(form) => {
            without_edits(form.clone()) == without_edits(filled.clone()) && is_changed_so(act, filled, &edits, file)
        }
        // The county's correction by an event keeps no form.
        None if act.kind == CORRECTION && edits.is_empty() => {
            let answers = || {
                filled
                    .fields
                    .values()
                    .filter_map(|answer| if let Answer::Value(value) = answer { Some(value) } else { None })
            };
            act.changes.iter().all(|change| answers().any(|value| Some(value) == change.new.as_ref()))
        }
        None => {
            (act.kind == filled.name || act.kind == CORRECTION)
                && is_said_so(act, filled)
                && is_changed_so(act, filled, &edits, file)
        }
    }
}

/// Whether a field that the form names has another value by now than the form, or its act, gave it; or the form was
/// taken back.
pub(super) fn is_overtaken(act: &Act, form: &Form, filled: &FilledForm, file: &HouseholdFile) -> bool {
    let is_withdrawn = file.forms.iter().any(|known| known.id == filled.id && known.withdrawn);
    let edits = edits_of(filled);
    let edited = named_slots(&edits).into_iter().any(|(slot, new)| file.get(slot) != new);
    let added = added_rows(act, filled.household, &edits).into_iter().flatten();
    let added = added.into_iter().any(|change| file.get(change.slot) != change.new.as_ref());
    is_withdrawn || edited || added || is_answer_overtaken(form, filled, file)
}

/// The same of the answers of a life event that go to the file of somebody who was there before.
fn is_answer_overtaken(form: &Form, filled: &FilledForm, file: &HouseholdFile) -> bool {
    if form.kind != FormKind::Event || form.effect.is_some() || form.person == Some(PersonRole::New) {
        return false;
    }
    let row = filled.fields.get(&Name::fixed("person")).map_or(0, |answer| match answer {
        Answer::Person(id) => *id,
        _ => 0,
    });
    form.fields.iter().any(|field| match (field.slot, filled.fields.get(&field.id)) {
        (Some((section, field)), Some(Answer::Value(value))) => {
            let row = if section == members::SECTION { row } else { 0 };
            file.get(Slot { section, row, field }) != Some(value)
        }
        _ => false,
    })
}

fn edits_of(filled: &FilledForm) -> Vec<&EditRow> {
    filled.edits.iter().chain(filled.items.values().flat_map(|answer| &answer.edits)).collect()
}

/// The fields of known rows that edits name, each once, with what is said of it last.
fn named_slots<'a>(edits: &[&'a EditRow]) -> Vec<(Slot, Option<&'a Value>)> {
    let mut named: Vec<(Slot, Option<&Value>)> = Vec::new();
    for edit in edits {
        let RowRef::At(row) = edit.row else { continue };
        for (field, new) in &edit.fields {
            let slot = Slot { section: edit.section, row, field: *field };
            named.retain(|(known, _)| *known != slot);
            named.push((slot, new.as_ref()));
        }
    }
    named
}

fn without_edits(mut form: FilledForm) -> FilledForm {
    form.version = 0;
    form.edits.clear();
    form.items.values_mut().for_each(|answer| answer.edits.clear());
    form
}

/// Whether an edit was made on the same day, on the same evidence.
fn is_said_so(act: &Act, filled: &FilledForm) -> bool {
    let happened_on: Option<PartialDate> = filled.value("happened_on").and_then(Value::as_date);
    let evidence = filled.value("evidence").and_then(Value::as_text);
    act.changes.first().is_none_or(|change| {
        change.happened_on == happened_on
            && change.seen_on == filled.day("seen_on")
            && change.evidence.as_deref() == evidence
    })
}

/// Whether the changes of an act are those of the edits. An edit that changed nothing then is none of them, and says what
/// the file says still, as far as one can see.
fn is_changed_so(act: &Act, filled: &FilledForm, edits: &[&EditRow], file: &HouseholdFile) -> bool {
    let named = named_slots(edits);
    let made =
        |slot: Slot| act.changes.iter().find(|change| (change.household, change.slot) == (filled.household, slot));
    let is_so = |(slot, new): &(Slot, Option<&Value>)| {
        made(*slot).map_or_else(|| file.get(*slot) == *new, |change| change.new.as_ref() == *new)
    };
    let Some(added) = added_rows(act, filled.household, edits) else { return false };
    let is_edits = |change: &FieldChange| {
        named.iter().any(|(slot, _)| *slot == change.slot) || added.iter().any(|added| added.slot == change.slot)
    };
    // What a form brings beside its edits, such as the tasks of a visit, stands in the form.
    named.iter().all(is_so) && (act.form.is_some() || act.changes.iter().all(is_edits))
}

/// The changes by which an act added the rows of edits; none where it did not add them.
fn added_rows<'a>(act: &'a Act, household: u32, edits: &[&EditRow]) -> Option<Vec<&'a FieldChange>> {
    let mut rows: Vec<((Name, u32), Vec<&FieldChange>)> = Vec::new();
    for change in act.changes.iter().filter(|change| change.household == household && change.old.is_none()) {
        let row = (change.slot.section, change.slot.row);
        match rows.iter_mut().find(|(known, _)| *known == row) {
            Some((_, changes)) => changes.push(change),
            None => rows.push((row, vec![change])),
        }
    }
    let mut added = Vec::new();
    for edit in edits.iter().filter(|edit| matches!(edit.row, RowRef::New(_))) {
        let wanted: Vec<(Name, &Value)> =
            edit.fields.iter().filter_map(|(field, new)| Some((*field, new.as_ref()?))).collect();
        let is_it = |((section, _), changes): &((Name, u32), Vec<&FieldChange>)| {
            *section == edit.section
                && changes.len() == wanted.len()
                && wanted.iter().all(|(field, new)| {
                    changes.iter().any(|change| change.slot.field == *field && change.new.as_ref() == Some(*new))
                })
        };
        let at = rows.iter().position(is_it)?;
        added.extend(rows.remove(at).1);
    }
    Some(added)
}
