//! Which changes of a member's fields mean that she joins or leaves.

use crate::changes::FieldChange;
use crate::domain::Name;
use crate::domain::field::members;

/// Whether it makes somebody a member.
pub(super) fn joins(change: &FieldChange) -> bool {
    is_new(change) && is_field(change, &[members::NAME]) || is_returning(change)
}

/// Whether it ends somebody's membership.
pub(super) fn leaves(change: &FieldChange) -> bool {
    is_leaving(change) || loses_name(change)
}

/// What was unknown of somebody who joins goes into her row, and so does the end of her absence.
pub(super) fn says_who_joined(change: &FieldChange) -> bool {
    is_new(change) || is_returning(change)
}

/// Whether it says that or why somebody left.
pub(super) fn is_leaving(change: &FieldChange) -> bool {
    is_new(change) && is_field(change, &[members::LEFT_ON, members::LEFT_WHY])
}

/// Whether it takes back that somebody left.
pub(super) fn is_returning(change: &FieldChange) -> bool {
    is_emptied(change) && is_field(change, &[members::LEFT_ON, members::LEFT_WHY])
}

/// Whether somebody entered by mistake is taken out again.
pub(super) fn loses_name(change: &FieldChange) -> bool {
    is_emptied(change) && is_field(change, &[members::NAME])
}

fn is_field(change: &FieldChange, fields: &[Name]) -> bool {
    change.slot.section == members::SECTION && fields.contains(&change.slot.field)
}

fn is_new(change: &FieldChange) -> bool {
    change.old.is_none() && change.new.is_some()
}

fn is_emptied(change: &FieldChange) -> bool {
    change.old.is_some() && change.new.is_none()
}
