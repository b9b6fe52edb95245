//! What came of files that were handed in, file by file.

use crate::domain::Chain;
use crate::exchange::set::SetId;

use super::{Conflict, Stranger};

/// What came of files that were handed in.
#[derive(Debug, Default)]
pub struct Arrival {
    /// The sets that were taken in now, in the order in which they were.
    pub applied: Vec<SetId>,
    /// Sets of which all was held before.
    pub known: Vec<SetId>,
    /// Sets that are kept until the ones before them come.
    pub waiting: Vec<Waiting>,
    /// Sets that are kept until a person has said whose key signed them.
    pub strangers: Vec<Stranger>,
    /// Files of which nothing was taken in.
    pub refused: Vec<Refused>,
    /// Fields that both sides changed, without knowing of each other.
    pub conflicts: Vec<Conflict>,
    /// Keys that were seen for the first time, and are believed from now on: whose, and the fingerprint.
    pub pinned: Vec<(Chain, String)>,
    /// Receipts among them that do not say by hash which acts they answer, as the first programs wrote them.
    pub of_old_kind: Vec<SetId>,
    /// What is worth a person's look and keeps nothing out: a chain whose times run backwards.
    pub told: Vec<String>,
    /// Acts that whoever entered them cannot read any more, and that nobody waits for from now on: the first and the last.
    pub lost: Vec<(Chain, u64, u64)>,
    /// Whether it was cancelled before all files were read; what was taken in by then stays.
    pub cancelled: bool,
}

/// A set that is kept for later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which one.
    pub set: SetId,
    /// The set that it says stood before it, where it says so, or else the run that is missing.
    pub for_set: SetId,
    /// The first number that is missing.
    pub from: u64,
    /// The last one.
    pub to: u64,
}

/// A file of which nothing was taken in.
#[derive(Debug)]
pub struct Refused {
    /// The file, as it was named.
    pub file: String,
    /// Why.
    pub why: Vec<String>,
    /// Whether a hash, a key or a signature is wrong.
    pub is_broken: bool,
}
