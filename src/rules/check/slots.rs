//! The facts that a finding was found by, as slots of the file.

use crate::catalogue::SectionKind;
use crate::domain::Slot;

use super::super::Looked;
use super::{Finding, check_of};

/// Where the facts stand that a finding was found by, in the order in which its check names them; only what is there
/// of other rows.
pub fn slots(looked: Looked<'_>, finding: &Finding) -> Vec<Slot> {
    let file = looked.household.file;
    let check = check_of(looked.look.checks, finding.number);
    let mut slots: Vec<Slot> = Vec::new();
    for (section, field) in &check.reads.fields {
        let Some(kind) = looked.look.catalogue.section(*section).map(|section| section.kind) else { continue };
        let of_row = match kind {
            SectionKind::Household => Some(0),
            SectionKind::Person => finding.person,
            SectionKind::Rows if check.each.section() == Some(*section) => Some(finding.row),
            SectionKind::Rows => None,
        };
        let slot = |row| Slot { section: *section, row, field: *field };
        match of_row {
            Some(row) => slots.push(slot(row)),
            None => {
                slots.extend(file.rows(*section).map(|(row, _)| slot(row)).filter(|slot| file.get(*slot).is_some()))
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    slots.retain(|slot| seen.insert(*slot));
    slots
}
