//! Use cases: what the two faces ask for. It ties files, rules and acts to the store.

pub mod definitions;
pub mod filing;
pub mod show;
