//! Use cases: what the two faces ask for. It ties files, rules and acts to the store.

pub mod filing;
