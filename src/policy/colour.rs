//! What the five colours stand for (S4:281, S4:296-298).

use serde::Deserialize;

use crate::data::{BadData, DataFile};
use crate::domain::Name;

/// The signs by which policies tell colours.
pub const SIGNS: &[&str] = &[
    "target_open",
    "eliminated",
    "relieved",
    "key_group",
    "below_watch",
    "under_verification",
    "overdue",
    "guarantee_failing",
];

/// One colour.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colour {
    /// Its id.
    pub id: Name,
    /// The character that stands for it.
    pub label: Box<str>,
    /// It holds where all signs of one of these do.
    pub any: Vec<Vec<Name>>,
}

/// The checks behind some signs, by our codes.
#[derive(Clone, Debug, Default)]
pub struct Signs {
    /// Those that say that something is overdue.
    pub overdue: Vec<Name>,
    /// Those that say that a guarantee fails.
    pub guarantee_failing: Vec<Name>,
}

/// Refuses a colour that goes by a sign that nobody knows.
pub(super) fn check(file: &DataFile, colours: &[Colour]) -> Result<(), BadData> {
    let signs = colours.iter().flat_map(|colour| colour.any.iter().flatten());
    match signs.into_iter().find(|sign| !SIGNS.contains(&sign.as_str())) {
        Some(unknown) => Err(BadData {
            file: file.path.clone(),
            line: file.line_of(&format!("\"{unknown}\"")),
            why: format!("没有 {unknown} 这个迹象，可用的有 {}", SIGNS.join("、")),
        }),
        None => Ok(()),
    }
}
