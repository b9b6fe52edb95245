//! What a roster last said, what it says now, what the village holds: three values of one field, and what follows.

use crate::domain::{Cell, Value};

/// What becomes of one field when a roster speaks of it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing moved.
    Nothing,
    /// The county moved and the village did not: the county's value is taken over.
    Take,
    /// The village keeps its value, and what the county says is noted; nobody has to do anything.
    Note,
    /// Both moved: the village keeps its value, the county's is kept beside it, and a person chooses.
    Beside,
}

/// Rosters above and below the one that speaks, as bits like those of [`Cell::same`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Rank {
    /// Those whose word it may replace while nobody at the village has touched it.
    pub below: u8,
    /// Those that it only adds a note to.
    pub above: u8,
}

/// Decides for one field.
///
/// `roster` is the index by which the cell knows the roster, none where it never held this household before.
pub fn decide(cell: Option<&Cell>, roster: Option<u8>, incoming: Option<&Value>, rank: Rank) -> Outcome {
    let here = cell.and_then(|cell| cell.value.as_ref());
    let said = cell.zip(roster).and_then(|(cell, roster)| cell.said(roster));
    let stands_above = cell.is_some_and(|cell| here.is_some() && cell.same & rank.above != 0);
    let both_moved = if stands_above { Outcome::Note } else { Outcome::Beside };
    match said {
        Some(said) if said == incoming => Outcome::Nothing,
        // An import takes nothing away: a field that the county has emptied stays, and a person is told.
        Some(_) if incoming.is_none() && here.is_none() => Outcome::Note,
        Some(_) if incoming.is_none() => both_moved,
        Some(_) if here == incoming => Outcome::Note,
        Some(said) if said == here && !stands_above => Outcome::Take,
        Some(_) => both_moved,
        None if incoming.is_none() => Outcome::Nothing,
        // Emptied by a person after another roster filled it: that is an answer too.
        None if here.is_none() && cell.is_some_and(|cell| !cell.other.is_empty()) => Outcome::Beside,
        None if here.is_none() => Outcome::Take,
        None if here == incoming => Outcome::Note,
        None if cell.is_some_and(|cell| cell.same & rank.below != 0) => Outcome::Take,
        None => both_moved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTY: u8 = 0;
    const LEDGER: u8 = 1;

    fn value(text: &str) -> Option<Value> {
        Value::text(text)
    }

    /// A cell in which the given rosters said something, and which the village may then have edited.
    fn cell(said: &[(u8, &str)], edited: Option<&str>) -> Cell {
        let mut cell = Cell::default();
        for (roster, text) in said {
            if cell.value.is_none() {
                cell.set(value(text));
            }
            cell.note(*roster, value(text));
        }
        if let Some(text) = edited {
            cell.set(value(text));
        }
        cell
    }

    fn decide_for(cell: &Cell, incoming: &str) -> Outcome {
        decide(Some(cell), Some(COUNTY), value(incoming).as_ref(), Rank { below: 1 << LEDGER, above: 0 })
    }

    #[test]
    fn the_first_word_is_taken() {
        assert_eq!(decide(None, None, value("a").as_ref(), Rank::default()), Outcome::Take);
        assert_eq!(decide(None, None, None, Rank::default()), Outcome::Nothing);
    }

    #[test]
    fn where_the_county_has_not_moved_the_village_stays() {
        assert_eq!(decide_for(&cell(&[(COUNTY, "a")], None), "a"), Outcome::Nothing);
        assert_eq!(decide_for(&cell(&[(COUNTY, "a")], Some("b")), "a"), Outcome::Nothing);
    }

    #[test]
    fn where_only_the_county_moved_it_is_followed() {
        assert_eq!(decide_for(&cell(&[(COUNTY, "a")], None), "b"), Outcome::Take);
    }

    #[test]
    fn where_both_moved_a_person_chooses_unless_they_met() {
        assert_eq!(decide_for(&cell(&[(COUNTY, "a")], Some("b")), "c"), Outcome::Beside);
        assert_eq!(decide_for(&cell(&[(COUNTY, "a")], Some("b")), "b"), Outcome::Note);
    }

    #[test]
    fn nothing_is_taken_away() {
        assert_eq!(decide_for(&cell(&[(COUNTY, "a")], None), ""), Outcome::Beside);
        assert_eq!(decide_for(&cell(&[(LEDGER, "a")], None), ""), Outcome::Nothing);
    }

    #[test]
    fn a_higher_roster_replaces_a_lower_one_but_no_person() {
        assert_eq!(decide_for(&cell(&[(LEDGER, "a")], None), "b"), Outcome::Take);
        assert_eq!(decide_for(&cell(&[(LEDGER, "a")], Some("c")), "b"), Outcome::Beside);
        assert_eq!(decide_for(&cell(&[(LEDGER, "a")], None), "a"), Outcome::Note);
    }

    #[test]
    fn a_lower_roster_is_noted_beside_a_higher_one_without_asking() {
        let ledger_says =
            |cell: &Cell| decide(Some(cell), Some(LEDGER), value("b").as_ref(), Rank { below: 0, above: 1 << COUNTY });
        assert_eq!(ledger_says(&cell(&[(COUNTY, "a")], None)), Outcome::Note);
        assert_eq!(ledger_says(&cell(&[(COUNTY, "a"), (LEDGER, "a")], None)), Outcome::Note);
        assert_eq!(ledger_says(&cell(&[(COUNTY, "a")], Some("c"))), Outcome::Beside);
    }
}
