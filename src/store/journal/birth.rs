//! By what a home is told from a copy of it: a mark of the very file that says who the store is.
//!
//! The mark is one number. Stores of the first programs noted when the first segment's file was made, in nanoseconds
//! since 1970. Where a file's time of birth is only made up (of its last change, say), that moved with every entry, and
//! each opening looked like that of a copy. So newer marks are of the file `identity`, which nobody touches once it is
//! there: of its birth where the system keeps one, else of its number on the disk. They have the highest bit set.

use std::fs::{self, Metadata};
use std::time::UNIX_EPOCH;

use crate::changes::Hash;
use crate::store::layout::Home;

/// A bit that no time of birth has.
const OF_IDENTITY: u64 = 1 << 63;

/// The mark of a file that is never written again; none where the system tells nothing by which to know it.
pub(crate) fn of(meta: &Metadata) -> Option<u64> {
    mark(made_at(meta), number_of(meta))
}

/// The mark of a home as it is now, to be compared with one of the same kind.
pub(crate) fn now(home: &Home, like: Option<u64>) -> Option<u64> {
    let is_first_kind = like.is_some_and(|known| known & OF_IDENTITY == 0);
    let path = if is_first_kind { home.segment(1) } else { home.identity() };
    let meta = fs::metadata(path).ok()?;
    if is_first_kind { made_at(&meta) } else { of(&meta) }
}

/// Whether a home is another one than that which is known.
pub(crate) fn is_copy(home: &Home, known: Option<u64>) -> bool {
    known.zip(now(home, known)).is_some_and(|(known, now)| known != now)
}

fn mark(made_at: Option<u64>, number: Option<u64>) -> Option<u64> {
    let text = made_at.map(|at| format!("born {at}")).or_else(|| number.map(|number| format!("number {number}")))?;
    let hash = Hash::of(text.as_bytes());
    Some(hash.0.iter().take(8).fold(0, |n, byte| n << 8 | u64::from(*byte)) | OF_IDENTITY)
}

fn made_at(meta: &Metadata) -> Option<u64> {
    meta.created().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos().try_into().ok()
}

#[cfg(unix)]
fn number_of(meta: &Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::ino(meta))
}

#[cfg(not(unix))]
fn number_of(_: &Metadata) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_time_of_birth_a_file_is_known_by_its_number() {
        assert_eq!(mark(Some(7), Some(1)), mark(Some(7), Some(2)));
        assert_ne!(mark(Some(7), None), mark(Some(8), None));
        assert_ne!(mark(None, Some(1)), mark(None, Some(2)));
        assert_eq!(mark(None, Some(1)), mark(None, Some(1)));
        assert_eq!(mark(None, None), None);
        assert!(mark(Some(7), None).unwrap() >= OF_IDENTITY);
    }

    #[test]
    fn a_mark_of_the_first_kind_is_compared_with_the_first_segment() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        fs::create_dir(home.journal()).unwrap();
        fs::write(home.segment(1), b"").unwrap();
        fs::write(home.identity(), b"").unwrap();
        let Some(first) = fs::metadata(home.segment(1)).ok().as_ref().and_then(made_at) else { return };
        assert!(!is_copy(&home, Some(first)) && is_copy(&home, Some(first - 1)));
        let newer = now(&home, None);
        assert!(!is_copy(&home, newer) && !is_copy(&home, None));
        // What made the first kind doubtful leaves the newer one alone.
        fs::write(home.segment(1), b"an entry").unwrap();
        assert!(!is_copy(&home, newer));
    }
}
