//! What can be matched, a row for each household and one for each person.
//!
//! Rows are only ever added: after an edit a household's rows are written anew and the old ones are dead, until there
//! are enough of them to sweep.

use std::ops::Range;

use super::alphabet::Letter;
use super::column::Column;
use super::hit::Seat;
use super::names::Names;
use crate::domain::PersonId;
use crate::workspace::rank::Whose;

/// All rows, with lists that lead to those worth looking at.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    /// The household's seat; [`DEAD`] for a row that was written anew elsewhere.
    seats: Vec<u32>,
    /// The person's id; 0 on the household's own row.
    people: Vec<u32>,
    whose: Vec<Whose>,
    pub names: Names,
    /// ID numbers, in capitals.
    pub id_numbers: Column,
    /// 户编号 on a household's row, 人编号 on a person's, in capitals.
    pub numbers: Column,
    /// Digits of phone numbers.
    pub phones: Column,
    /// The rows with an ID number or other number, by its last three signs.
    tails: Lists,
    /// The same by the three signs that tell apart what begins alike: the year in an ID number.
    heads: Lists,
    dead: usize,
}

/// Whose a row is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub seat: Seat,
    /// None on the household's own row.
    pub person: Option<PersonId>,
    pub whose: Whose,
}

/// Marks a row that is no longer anybody's.
const DEAD: u32 = u32::MAX;

/// What stands in a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts<'a> {
    pub name: &'a [Letter],
    pub id_number: &'a [u8],
    pub number: &'a [u8],
    pub phone: &'a [u8],
}

/// How many signs of a number lead to its rows.
pub(super) const TAIL: usize = 3;

/// How many signs of a number have to be typed from the front: the place and the year in an ID number.
pub(super) const HEAD: usize = 10;

impl Rows {
    /// Adds a row.
    pub fn push(&mut self, entry: Entry, texts: Texts<'_>) {
        let row = self.len() as u32;
        self.seats.push(entry.seat.0);
        self.people.push(entry.person.map_or(0, |person| person.0));
        self.whose.push(entry.whose);
        self.names.push(texts.name);
        self.id_numbers.push(texts.id_number);
        self.numbers.push(texts.number);
        self.phones.push(texts.phone);
        for number in [texts.id_number, texts.number] {
            if let Some(tail) = number.last_chunk::<TAIL>() {
                self.tails.add(key(tail), row);
            }
            if let Some(head) = number.get(HEAD - TAIL..HEAD) {
                self.heads.add(key(head), row);
            }
        }
    }

    /// How many rows there are, dead ones included.
    pub fn len(&self) -> usize {
        self.seats.len()
    }

    /// Whose a row is; none for a dead one.
    pub fn entry(&self, row: usize) -> Option<Entry> {
        let seat = self.seats.get(row).copied().filter(|seat| *seat != DEAD)?;
        Some(Entry { seat: Seat(seat), person: self.person(row), whose: self.whose(row) })
    }

    /// The person whose row it is.
    pub fn person(&self, row: usize) -> Option<PersonId> {
        self.people.get(row).copied().filter(|person| *person != 0).map(PersonId)
    }

    /// Whose a row is, in short.
    #[inline]
    pub fn whose(&self, row: usize) -> Whose {
        self.whose.get(row).copied().unwrap_or(Whose::Household)
    }

    /// What stands in a row.
    pub fn texts(&self, row: usize) -> Texts<'_> {
        Texts {
            name: self.names.get(row),
            id_number: self.id_numbers.get(row),
            number: self.numbers.get(row),
            phone: self.phones.get(row),
        }
    }

    /// The rows of which a number may end with these signs.
    pub fn ending_with(&self, number: &[u8]) -> &[u32] {
        number.last_chunk::<TAIL>().map_or(&[], |tail| self.tails.get(key(tail)))
    }

    /// The rows of which a number may begin with these signs.
    pub fn beginning_with(&self, number: &[u8]) -> &[u32] {
        number.get(HEAD - TAIL..HEAD).map_or(&[], |head| self.heads.get(key(head)))
    }

    /// Lets rows die.
    pub fn kill(&mut self, rows: Range<usize>) {
        self.dead += rows.len();
        if let Some(seats) = self.seats.get_mut(rows) {
            seats.fill(DEAD);
        }
    }

    /// Whether a sweep is worth its time.
    pub fn is_full_of_dead(&self) -> bool {
        self.dead > FEW && self.dead * 4 > self.len()
    }

    /// Gives back the memory that was kept ready for more.
    pub fn shrink(&mut self) {
        self.seats.shrink_to_fit();
        self.people.shrink_to_fit();
        self.whose.shrink_to_fit();
        self.names.shrink();
        self.id_numbers.shrink();
        self.numbers.shrink();
        self.phones.shrink();
        for lists in [&mut self.tails, &mut self.heads] {
            lists.0.iter_mut().for_each(Vec::shrink_to_fit);
        }
    }
}

/// So many dead rows are not worth a sweep.
const FEW: usize = 1000;

/// Rows by a small number, each list ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists(Vec<Vec<u32>>);

impl Lists {
    /// The rows of a list.
    pub fn get(&self, list: usize) -> &[u32] {
        self.0.get(list).map(Vec::as_slice).unwrap_or_default()
    }

    /// Adds the newest row to a list, unless it stands there already.
    fn add(&mut self, list: usize, row: u32) {
        if self.0.len() <= list {
            self.0.resize_with(list + 1, Vec::new);
        }
        if self.0[list].last() != Some(&row) {
            self.0[list].push(row);
        }
    }
}

/// A list for three signs; signs that are neither digits nor `X` share one.
fn key(signs: &[u8]) -> usize {
    signs.iter().fold(0, |key, sign| {
        key * 12
            + match sign {
                b'0'..=b'9' => usize::from(sign - b'0'),
                b'X' => 10,
                _ => 11,
            }
    })
}
