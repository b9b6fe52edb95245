//! What was found in a household, and how several words come together.

use super::hit::Seat;
use crate::workspace::rank::Rank;

/// What was found in a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// How the household ranks.
    pub rank: Rank,
    /// The rank of what explains it, and its row; none where nothing was asked.
    pub why: Option<(Rank, u32)>,
}

impl Mark {
    /// Found, for no reason.
    pub const UNASKED: Self = Self { rank: Rank::BEST, why: None };

    /// Found for one word.
    pub fn of(rank: Rank, row: u32) -> Self {
        Self { rank, why: Some((rank, row)) }
    }

    /// Found for this word and the next one. The worse of two names or numbers counts; a group or a house number,
    /// which says little of who is meant, only where there is nothing else.
    pub fn and(self, next: Self) -> Self {
        let is_place = |mark: Self| mark.why.is_none_or(|(rank, _)| rank.is_place());
        match (is_place(self), is_place(next)) {
            _ if self.why.is_none() => next,
            (true, false) => next,
            (false, true) => self,
            _ => Self { rank: self.rank.max(next.rank), ..self },
        }
    }
}

/// What was found for one word in each household, by seat.
#[derive(Clone, Debug)]
pub(super) struct Marks(Vec<(Rank, u32)>);

impl Marks {
    /// No household found.
    pub fn none(seats: usize) -> Self {
        Self(vec![(Rank::NONE, 0); seats])
    }

    /// Adds a match; the best of a household stays, and of equals whoever stands first in the file.
    pub fn add(&mut self, seat: Seat, rank: Rank, row: u32) {
        let best = &mut self.0[seat.index()];
        *best = (*best).min((rank, row));
    }

    /// The best match in a household.
    pub fn get(&self, seat: Seat) -> Option<(Rank, u32)> {
        Some(self.0[seat.index()]).filter(|(rank, _)| *rank != Rank::NONE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::hit::Kind;
    use super::super::typed::Closeness;
    use super::*;
    use crate::workspace::rank::Whose;

    const NAME: Rank = Rank::new(Whose::Head, Closeness::Whole, Kind::Name);
    const PHONE: Rank = Rank::new(Whose::Member, Closeness::Inside, Kind::Phone);
    const GROUP: Rank = Rank::new(Whose::Household, Closeness::Whole, Kind::Group);

    #[test]
    fn the_best_match_stays_and_of_equals_the_first_row() {
        let mut marks = Marks::none(2);
        for (rank, row) in [(PHONE, 1), (NAME, 3), (NAME, 2), (PHONE, 0), (NAME, 4)] {
            marks.add(Seat(0), rank, row);
        }
        assert_eq!(marks.get(Seat(0)), Some((NAME, 2)));
        assert_eq!(marks.get(Seat(1)), None);
    }

    #[test]
    fn words_together_count_by_the_worse_and_places_hardly() {
        let both = |first, next| Mark::of(first, 1).and(Mark::of(next, 2));
        assert_eq!(both(NAME, PHONE), Mark { rank: PHONE, why: Some((NAME, 1)) });
        assert_eq!(both(NAME, GROUP), Mark::of(NAME, 1));
        assert_eq!(both(GROUP, PHONE), Mark::of(PHONE, 2));
        assert_eq!(both(GROUP, GROUP), Mark::of(GROUP, 1));
        assert_eq!(Mark::UNASKED.and(Mark::of(NAME, 7)), Mark::of(NAME, 7));
    }
}
