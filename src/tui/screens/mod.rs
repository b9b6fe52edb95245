//! The screens and popups.

pub mod ask;
pub mod card;
pub mod dialog;
pub mod file;
pub mod find_household;
pub mod form;
pub mod help;
pub mod households;
mod in_short;
pub mod life;
pub mod palette;
pub(super) mod progress;
pub mod screening;
pub mod stale;
pub mod tasks;
pub mod today;
pub mod visit;
