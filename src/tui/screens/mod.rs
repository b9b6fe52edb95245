//! The screens and popups.

pub mod ask;
pub mod dialog;
pub mod help;
pub mod palette;
pub(super) mod progress;
