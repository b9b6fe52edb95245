//! Nothing has happened on a day ahead, and nothing of a person before birth.

use crate::catalogue::{Deed, Field, Section, SectionKind};
use crate::domain::field::{jobs, members};
use crate::domain::{HouseholdFile, PartialDate, Quantity, Slot, Value};

use super::{At, Change, Made, Refusal};

pub(super) fn refusals(made: &Made<'_>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for change in made.changes {
        refusals.extend(ahead(made, change));
        refusals.extend(of_change(made, change));
    }
    refusals
}

/// A date of something that has happened, on a day that has not come.
fn ahead(made: &Made<'_>, change: &Change<'_>) -> Option<Refusal> {
    let field = made.look.catalogue.in_slot(change.slot)?;
    let date = change.new.and_then(Value::as_date).filter(|_| change.old != change.new)?;
    let after = &made.touched(change.household)?.after;
    let today = made.look.day;
    (has_happened(field, after, change.slot) && date.earliest() > today)
        .then(|| Refusal::slot(change, format!("“{}”{date} 还没到，今天是 {today}；请写已经发生的日期", field.label)))
}

/// Whether a date of a row says when something has happened.
pub(super) fn has_happened(field: &Field, file: &HouseholdFile, slot: Slot) -> bool {
    let says_yes = |other| file.get(Slot { field: other, ..slot }).and_then(Value::as_yes_no) == Some(true);
    field.limits.happened && !field.limits.unless.is_some_and(says_yes)
}

/// The day on which a change happened, or was seen.
fn of_change(made: &Made<'_>, change: &Change<'_>) -> Option<Refusal> {
    let today = made.look.day;
    let at = At::HappenedOn(change.slot, change.item);
    if let Some(on) = change.happened_on.filter(|on| on.earliest() > today) {
        return Some(Refusal { at, why: format!("变化日期 {on} 还没到，今天是 {today}") });
    }
    if let Some(on) = change.seen_on.filter(|on| *on > today) {
        return Some(Refusal {
            at: At::Answer("seen_on".to_owned()),
            why: format!("发现日期 {on} 还没到，今天是 {today}"),
        });
    }
    // An event tells relations anew of people who were born after it.
    // At the door the form's own guard tells it beside the answer.
    let seen = change.happened_on.zip(change.seen_on).filter(|_| made.deed != Deed::Visit);
    if let Some((on, seen)) = seen.filter(|(on, seen)| on.earliest() > *seen) {
        let at = At::Answer("seen_on".to_owned());
        return Some(Refusal {
            at, why: format!("发现日期 {seen} 早于变化日期 {on}；没有变化以前发现不了")
        });
    }
    let (on, before) = (change.happened_on.filter(|_| !made.is_event())?, &made.touched(change.household)?.before);
    let section = made.look.catalogue.section(change.slot.section)?;
    let is_birth = (change.slot.section, change.slot.field) == (members::SECTION, members::BIRTH_DATE);
    let person = person_of(section, before, change.slot).filter(|_| !is_birth)?;
    let born = birth(before, person)?;
    (on.latest() < born.earliest())
        .then(|| Refusal { at, why: format!("变化日期 {on} 早于此人的出生日期 {born}") })
}

/// The person whose row it is.
pub(super) fn person_of(section: &Section, file: &HouseholdFile, slot: Slot) -> Option<u32> {
    match section.kind {
        SectionKind::Person => Some(slot.row),
        SectionKind::Rows if section.of_person => {
            let person = file.get(Slot { field: jobs::PERSON, ..slot })?;
            person.as_quantity().and_then(Quantity::as_whole)?.try_into().ok()
        }
        _ => None,
    }
}

/// When a person was born, as the file says.
pub(super) fn birth(file: &HouseholdFile, person: u32) -> Option<PartialDate> {
    file.get(Slot { section: members::SECTION, row: person, field: members::BIRTH_DATE })?.as_date()
}
