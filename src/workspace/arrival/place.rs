//! Where a set that came belongs in the chain that is held: pure, told from numbers and hashes alone.

use crate::changes::Hash;

/// Where a set belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It goes on where the chain ends, from this number on; what it holds before that is held already.
    Goes(u64),
    /// All of it is held already.
    Known,
    /// It came too early: the acts from the first to the last of these numbers are missing.
    Early(u64, u64),
    /// The chains part: this number is used for something else here.
    Parts(u64),
}

/// Decides for a set that begins with number `from` after `before` and holds acts with these hashes.
///
/// `last` is the number of the last act that is held; `held` gives the hash of one that is.
pub fn place(from: u64, before: Hash, hashes: &[Hash], last: u64, held: impl Fn(u64) -> Option<Hash>) -> Place {
    if from > last + 1 {
        return Place::Early(last + 1, from - 1);
    }
    let hash_of = |number: u64| if number == 0 { Some(Hash::NONE) } else { held(number) };
    let both = hashes.len().min((last + 1 - from) as usize);
    let end = from + both as u64 - 1;
    // A hash speaks of all that stands before it, so where the last that both have is the same, all of it is.
    if hash_of(end) == Some(both.checked_sub(1).map_or(before, |at| hashes[at])) {
        return if both == hashes.len() { Place::Known } else { Place::Goes(end + 1) };
    }
    if hash_of(from - 1) != Some(before) {
        // Where a chain parted further back only those who hold the sets before can tell.
        return Place::Parts((from - 1).max(1));
    }
    let differs = (from..).zip(hashes).find(|(number, hash)| held(*number) != Some(**hash));
    Place::Parts(differs.map_or(end, |(number, _)| number))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hashes of a chain that is told apart by a text.
    fn chain(text: &str, much: usize) -> Vec<Hash> {
        let next = |before: &mut Hash, _| {
            *before = before.then(text.as_bytes());
            Some(*before)
        };
        (0..much).scan(Hash::NONE, next).collect()
    }

    fn place_of(from: u64, before: Hash, hashes: &[Hash], held: &[Hash]) -> Place {
        place(from, before, hashes, held.len() as u64, |number| held.get(number as usize - 1).copied())
    }

    #[test]
    fn a_set_goes_on_is_known_overlaps_or_came_early() {
        let all = chain("a", 9);
        assert_eq!(place_of(1, Hash::NONE, &all[..3], &[]), Place::Goes(1));
        assert_eq!(place_of(4, all[2], &all[3..6], &all[..3]), Place::Goes(4));
        assert_eq!(place_of(2, all[0], &all[1..6], &all[..3]), Place::Goes(4));
        assert_eq!(place_of(2, all[0], &all[1..3], &all[..6]), Place::Known);
        assert_eq!(place_of(7, all[5], &all[6..], &all[..3]), Place::Early(4, 6));
        assert_eq!(place_of(7, all[5], &all[6..], &[]), Place::Early(1, 6));
    }

    #[test]
    fn numbers_used_twice_are_seen_wherever_they_begin() {
        let (ours, mut theirs) = (chain("a", 5), chain("a", 3));
        for _ in 0..3 {
            theirs.push(theirs[theirs.len() - 1].then(b"b"));
        }
        assert_eq!(place_of(1, Hash::NONE, &theirs, &ours), Place::Parts(4));
        assert_eq!(place_of(3, theirs[1], &theirs[2..], &ours), Place::Parts(4));
        assert_eq!(place_of(5, theirs[3], &theirs[4..], &ours), Place::Parts(4));
        assert_eq!(place_of(6, theirs[4], &theirs[5..], &ours), Place::Parts(5));
        assert_eq!(place_of(1, Hash::NONE, &chain("c", 2), &ours), Place::Parts(1));
    }
}
