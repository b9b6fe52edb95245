//! What becomes of something of a household when its people go elsewhere, as a person answered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::name::Name;

/// What becomes of one row, or of what a section says of the household (row 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Becomes {
    /// It goes along with the people.
    Carry,
    /// It does not: it ends with the file that is closed, or stays in the one that goes on.
    End,
}

/// The answers, by section and row.
pub type Heirs = BTreeMap<Name, BTreeMap<u32, Becomes>>;
