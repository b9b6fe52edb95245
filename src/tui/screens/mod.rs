//! The screens and popups.

pub mod dialog;
pub mod help;
pub mod palette;
pub(super) mod progress;
