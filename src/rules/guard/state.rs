//! What is closed takes only what ends or corrects, and so does the row of somebody who left or died.

use crate::catalogue::{Deed, Section, SectionKind};
use crate::domain::field::members;
use crate::domain::{Household, HouseholdFile, PartialDate, Slot, Value};
use crate::forms::PersonRole;

use super::{At, Change, Made, Refusal, Touched, days};

pub(super) fn refusals(made: &Made<'_>) -> Vec<Refusal> {
    // A choice between two sides' values corrects.
    if made.deed == Deed::Choice {
        return Vec::new();
    }
    let mut refusals: Vec<Refusal> = made.files.iter().filter_map(|file| of_household(made, file)).collect();
    if refusals.is_empty() && !made.is_event() {
        refusals.extend(made.changes.iter().filter_map(|change| of_person(made, change)));
    }
    refusals
}

fn of_household(made: &Made<'_>, file: &Touched) -> Option<Refusal> {
    let closed = Household::of(&file.before).closed_on()?;
    let reopens = Household::of(&file.after).closed_on().is_none();
    let of_it = || made.changes.iter().filter(|change| change.household == file.after.id.serial);
    let corrects = matches!(made.deed, Deed::Edit | Deed::Correction | Deed::Answer) && of_it().next().is_some();
    // Who left a closed household may come back to another one: of this file only where she is changes.
    let returns = made.form.is_some_and(|(form, _)| form.person == Some(PersonRole::Returns));
    if reopens || returns || (corrects && of_it().all(|change| ends_or_corrects(made, file, change, closed))) {
        return None;
    }
    let why = format!(
        "户档已于 {closed} 销户：只收了结未完的、补证据、更正销户以前的事（写明变化日期）；要再登记先记“恢复户档”"
    );
    Some(Refusal { at: At::Household, why })
}

fn of_person(made: &Made<'_>, change: &Change<'_>) -> Option<Refusal> {
    let file = made.touched(change.household)?;
    let section = made.look.catalogue.section(change.slot.section)?;
    let person = days::person_of(section, &file.after, change.slot)?;
    let own = |field| file.before.get(Slot { section: members::SECTION, row: person, field });
    let left = own(members::LEFT_ON).and_then(Value::as_date);
    let why_left = own(members::LEFT_WHY);
    // Somebody who left on a day that nobody knows takes what has a day of its own even less.
    let is_gone = left.is_some() || why_left.is_some();
    if !is_gone || left.is_some_and(|left| ends_or_corrects(made, file, change, left)) {
        return None;
    }
    let catalogue = made.look.catalogue;
    let name = own(members::NAME).and_then(Value::as_text).unwrap_or("此人");
    let why_field = catalogue.field(members::SECTION, members::LEFT_WHY);
    let how = why_field.zip(why_left).map_or_else(|| "离开".to_owned(), |(field, why)| catalogue.show(field, why));
    let on = left.map_or_else(String::new, |left| format!("已于 {left} "));
    let why = format!("{name}{on}{how}：只收了结未完的、补证据、更正那以前的事（写明变化日期）；回来了请记家里事");
    Some(Refusal::slot(change, why))
}

/// Whether a change ends something open, proves something, answers a refusal, or speaks of a day before the end.
fn ends_or_corrects(made: &Made<'_>, file: &Touched, change: &Change<'_>, end: PartialDate) -> bool {
    let Some(section) = made.look.catalogue.section(change.slot.section) else { return false };
    let is_withdrawn = made.deed == Deed::Answer && change.new.is_none();
    let is_before = |date: PartialDate| date.earliest() <= end.latest();
    section.is_evidence
        || is_withdrawn
        || change.old == change.new
        || made.refused.contains(&(change.household, change.slot))
        || change.happened_on.is_some_and(is_before)
        || is_earlier_day(change, end)
        || (section.kind == SectionKind::Rows && ends_row(made, section, file, change.slot))
        || (section.kind == SectionKind::Rows && is_of_before(section, &file.after, change.slot, &is_before))
}

/// Whether the day of the end itself is put right to an earlier one.
fn is_earlier_day(change: &Change<'_>, end: PartialDate) -> bool {
    let day = |value: Option<&Value>| value.and_then(Value::as_date);
    day(change.old) == Some(end) && day(change.new).is_some_and(|new| new.latest() < end.earliest())
}

/// Whether the act ends a row that stood open.
fn ends_row(made: &Made<'_>, section: &Section, file: &Touched, slot: Slot) -> bool {
    let Some(open) = file.before.row(section.id, slot.row) else { return false };
    let mut ends = section.fields.iter().filter(|field| section.heirs.ended_by.contains(&field.id));
    ends.any(|field| {
        let fills = |change: &Change<'_>| {
            (change.household, change.slot) == (file.after.id.serial, Slot { field: field.id, ..slot })
                && change.new.is_some()
        };
        open.get(field.id).is_none() && made.changes.iter().any(fills)
    })
}

/// Whether all that a row says to have happened did so before the end.
fn is_of_before(section: &Section, file: &HouseholdFile, slot: Slot, is_before: &dyn Fn(PartialDate) -> bool) -> bool {
    let dates = section
        .fields
        .iter()
        .filter(|field| field.limits.happened)
        .filter_map(|field| file.get(Slot { field: field.id, ..slot }).and_then(Value::as_date));
    let dates: Vec<PartialDate> = dates.collect();
    !dates.is_empty() && dates.into_iter().all(is_before)
}
