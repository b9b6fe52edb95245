//! The screens and popups.

pub mod ask;
pub mod backup;
pub mod calendar;
pub mod card;
pub mod changes;
pub mod desk_signs;
pub mod dialog;
pub mod file;
pub mod find_household;
mod folder;
pub mod form;
pub mod help;
pub mod households;
pub mod import;
mod in_short;
pub mod life;
pub mod palette;
pub mod people;
pub(super) mod progress;
pub mod screening;
pub mod settings;
pub mod stale;
pub mod tasks;
pub mod today;
pub mod visit;
pub mod welcome;
mod who_and_where;
