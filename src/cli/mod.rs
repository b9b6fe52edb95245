//! The command line face: one file a subcommand, named as it is typed.

pub mod args;
pub mod usage;
