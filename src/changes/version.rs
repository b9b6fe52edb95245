//! Which version of the shape an act says: the first one whose programs know everything in it.
//!
//! A program that does not know a version refuses its acts in plain words, so an act that uses nothing new keeps saying
//! the old one, and its bytes.

use crate::domain::Name;

use super::act::Act;

/// The fields of the file that version 2 brought.
pub const FIELDS_OF_2: &[(Name, Name)] = &[];

/// The forms that version 2 brought.
pub const FORMS_OF_2: &[Name] = &[];

/// The version that an act needs.
pub fn needed(act: &Act) -> u8 {
    if is_of_2(act) { 2 } else { 1 }
}

fn is_of_2(act: &Act) -> bool {
    let is_new = |section: Name, field: Name| FIELDS_OF_2.contains(&(section, field));
    let rows = act.taken.iter().chain(act.told.iter().map(|told| &told.rows));
    let in_rows = rows.into_iter().any(|rows| rows.fields.iter().any(|(field, _)| is_new(rows.section, *field)));
    in_rows
        || act.changes.iter().any(|change| is_new(change.slot.section, change.slot.field))
        || act.chosen.iter().any(|chosen| is_new(chosen.what.section, chosen.what.field))
        || act.changes.iter().any(|change| change.evidence_only)
        || FORMS_OF_2.contains(&act.kind)
}
