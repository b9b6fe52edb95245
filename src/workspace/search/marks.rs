//! What typed words match, household by household.

use super::hit::Seat;
use crate::workspace::rank::Rank;

/// The best match in each household, by seat.
#[derive(Clone, Debug)]
pub(super) struct Marks(Vec<Mark>);

/// What was found in a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// How the household ranks; [`Rank::NONE`] where it was not found.
    pub rank: Rank,
    /// The rank of what explains it.
    pub why: Rank,
    /// The row that explains it.
    pub row: u32,
}

impl Marks {
    /// No household found.
    pub fn none(seats: usize) -> Self {
        Self(vec![Mark { rank: Rank::NONE, why: Rank::NONE, row: 0 }; seats])
    }

    /// Every household found, for no reason.
    pub fn all(seats: usize) -> Self {
        Self(vec![Mark { rank: Rank::BEST, why: Rank::NONE, row: 0 }; seats])
    }

    /// Adds a match; the best of a household stays, and of equals whoever stands first in the file.
    #[inline]
    pub fn add(&mut self, seat: u32, rank: Rank, row: usize) {
        let mark = &mut self.0[seat as usize];
        if (rank, row as u32) < (mark.rank, mark.row) {
            *mark = Mark { rank, why: rank, row: row as u32 };
        }
    }

    /// What was found in a household.
    #[inline]
    pub fn get(&self, seat: Seat) -> Option<Mark> {
        Some(self.0[seat.index()]).filter(|mark| mark.rank != Rank::NONE)
    }

    /// The households that were found.
    pub fn found(&self) -> impl Iterator<Item = Seat> {
        (0..).zip(&self.0).filter(|(_, mark)| mark.rank != Rank::NONE).map(|(seat, _)| Seat(seat))
    }

    /// Keeps the households in which another word was found too. The worse of two names or numbers counts; a group or
    /// a house number, which says little of who is meant, only where there is nothing else.
    pub fn and(&mut self, other: &Self) {
        for (mark, other) in self.0.iter_mut().zip(&other.0) {
            if mark.rank == Rank::NONE || other.rank == Rank::NONE {
                mark.rank = Rank::NONE;
            } else if mark.why.is_place() && !other.why.is_place() {
                *mark = *other;
            } else if mark.why.is_place() == other.why.is_place() {
                mark.rank = mark.rank.max(other.rank);
            }
        }
    }

    /// Ranks households where the words stand together in one name before all others.
    pub fn prefer(&mut self, together: &Self) {
        for (mark, together) in self.0.iter_mut().zip(&together.0) {
            if together.rank != Rank::NONE {
                *mark = *together;
            } else if mark.rank != Rank::NONE {
                mark.rank = mark.rank.apart();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::hit::Kind;
    use super::super::typed::Closeness;
    use super::*;
    use crate::workspace::rank::Standing;

    const NAME: Rank = Rank::new(false, Closeness::Whole, Standing::Head, Kind::Name);
    const PHONE: Rank = Rank::new(false, Closeness::Inside, Standing::Member, Kind::Phone);
    const GROUP: Rank = Rank::new(false, Closeness::Whole, Standing::Household, Kind::Group);

    fn marks(ranks: &[Option<Rank>]) -> Marks {
        let mut marks = Marks::none(ranks.len());
        for (seat, rank) in ranks.iter().enumerate() {
            rank.iter().for_each(|rank| marks.add(seat as u32, *rank, 10 * seat));
        }
        marks
    }

    #[test]
    fn the_best_match_stays_and_of_equals_the_first_row() {
        let mut marks = Marks::none(1);
        for (rank, row) in [(PHONE, 1), (NAME, 3), (NAME, 2), (PHONE, 0), (NAME, 4)] {
            marks.add(0, rank, row);
        }
        assert_eq!(marks.get(Seat(0)), Some(Mark { rank: NAME, why: NAME, row: 2 }));
    }

    #[test]
    fn words_together_count_by_the_worse_and_places_hardly() {
        let mut both = marks(&[Some(NAME), Some(NAME), Some(GROUP), Some(GROUP), None]);
        both.and(&marks(&[Some(PHONE), Some(GROUP), Some(PHONE), Some(GROUP), Some(NAME)]));
        let ranks = [0, 1, 2, 3, 4].map(|seat| both.get(Seat(seat)).map(|mark| (mark.rank, mark.why)));
        assert_eq!(ranks, [Some((PHONE, NAME)), Some((NAME, NAME)), Some((PHONE, PHONE)), Some((GROUP, GROUP)), None]);
        assert_eq!(both.found().count(), 4);
    }

    #[test]
    fn what_stands_in_one_name_comes_first() {
        let mut apart = marks(&[Some(NAME), Some(PHONE), None]);
        apart.prefer(&marks(&[None, Some(PHONE), None]));
        let ranks = [0, 1, 2].map(|seat| apart.get(Seat(seat)).map(|mark| mark.rank));
        assert_eq!(ranks, [Some(NAME.apart()), Some(PHONE), None]);
        assert!(ranks[1] < ranks[0]);
    }
}
