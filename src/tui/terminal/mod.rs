//! The real terminal: taken over, written to sparingly, and given back whatever happens.

pub mod ambiguous;
pub mod backend;
pub mod check;
pub(super) mod keyboard;
pub(super) mod pen;
mod shown;
pub(super) mod signals;
pub(super) mod taken;

#[cfg(test)]
mod tests;
