//! Which version of the shape an act says: the first one whose programs know everything in it.
//!
//! A program that does not know a version refuses its acts in plain words, so an act that uses nothing new keeps saying
//! the old one, and its bytes.

use crate::domain::field::{class, income, members, status, support};
use crate::domain::{Answer, Code, FilledForm, Name, Value};

use super::act::Act;
use super::withdraw::WITHDRAW;

/// The fields of the file that version 2 brought.
pub const FIELDS_OF_2: &[(Name, Name)] = &[
    (income::SECTION, income::PEOPLE),
    (status::SECTION, status::LEFT_BEHIND),
    (class::SECTION, class::LOW_INCOME),
    (support::SECTION, support::LOW_INCOME),
    (members::SECTION, members::CARE),
];

/// The forms that version 2 brought.
pub const FORMS_OF_2: &[Name] = &[Name::fixed("come_back"), WITHDRAW];

/// The fields that version 2 brought to forms that were there before.
pub const FORM_FIELDS_OF_2: &[(&[&str], &[&str])] = &[
    (&["birth", "marry_in", "join", "discharge", "release"], OF_A_MEMBER),
    (&["discharge", "release"], &["relation", "id_number", "nationality"]),
    (&["split"], &["forest", "returned", "orchard", "pasture", "water_surface"]),
    (&["split"], &["same_house", "same_helper", "floor_area", "dangerous", "water_safe"]),
    (&["split"], &["road_distance", "road_kind", "toilet", "electricity"]),
];

/// What is asked of whoever joins a household, so that no check asks for it afterwards.
const OF_A_MEMBER: &[&str] = &[
    "health",
    "disability_number",
    "disability_kind",
    "disability_grade",
    "student_state",
    "education",
    "labour",
    "resident_medical",
    "employee_medical",
    "serious_illness",
    "resident_pension",
    "employee_pension",
];

/// The codes that version 2 brought to fields that were there before.
pub const CODES_OF_2: &[(Name, Name, Code)] =
    &[(members::SECTION, members::JOINED_WHY, Code::listed(Name::fixed("returned")))];

/// The version that an act needs.
pub fn needed(act: &Act) -> u8 {
    if is_of_2(act) { 2 } else { 1 }
}

fn is_of_2(act: &Act) -> bool {
    let is_new = |section: Name, field: Name| FIELDS_OF_2.contains(&(section, field));
    let rows = act.taken.iter().chain(act.told.iter().map(|told| &told.rows));
    let in_rows = rows.into_iter().any(|rows| rows.fields.iter().any(|(field, _)| is_new(rows.section, *field)));
    let is_new_code = |section: Name, field: Name, value: &Option<Value>| {
        let code = value.as_ref().and_then(Value::as_code);
        CODES_OF_2.iter().any(|new| (new.0, new.1, Some(new.2)) == (section, field, code))
    };
    in_rows
        || act.knew_hash.is_some()
        || act.follows_hash.is_some()
        || act.form.as_ref().is_some_and(is_form_of_2)
        || act.changes.iter().any(|change| {
            let slot = change.slot;
            [&change.old, &change.new].iter().any(|value| is_new_code(slot.section, slot.field, value))
        })
        || act.changes.iter().any(|change| is_new(change.slot.section, change.slot.field))
        || act.chosen.iter().any(|chosen| is_new(chosen.what.section, chosen.what.field))
        || act.told.iter().any(|told| told.why.is_some())
        || act.changes.iter().any(|change| change.evidence_only)
        || !act.outdated.is_empty()
        || FORMS_OF_2.contains(&act.kind)
}

/// Whether a form holds an answer that the first programs cannot read, or do not ask.
fn is_form_of_2(form: &FilledForm) -> bool {
    let of_form = FORM_FIELDS_OF_2.iter().filter(|(forms, _)| forms.contains(&form.name.as_str()));
    let is_new = |field: Name| of_form.clone().any(|(_, fields)| fields.contains(&field.as_str()));
    form.fields.iter().any(|(field, answer)| is_new(*field) || matches!(answer, Answer::Heirs(_)))
        || form.items.values().any(|answer| answer.settles)
}
