//! The index: what of every household can be typed to find it, packed so that a county's fits into some 60 MB.
//!
//! Seats, rows, groups and letters are numbered here, are never taken back, and never come from outside: looking them
//! up cannot fail.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::Arc;

use super::alphabet::{Alphabet, Letter};
use super::hit::Seat;
use super::rows::{Entry, Rows, Texts};
use super::typed::folded;
use crate::domain::{HouseholdId, PersonId, PersonSummary, Summary};
use crate::workspace::rank::Whose;
use crate::workspace::words::Words;

/// All households of a store, ready to be found.
#[derive(Clone, Debug)]
pub struct Index {
    pub(super) words: Arc<Words>,
    pub(super) alphabet: Alphabet,
    seats: HashMap<HouseholdId, Seat>,
    /// By seat.
    pub(super) households: Vec<Household>,
    /// By seat.
    keys: Vec<Keys>,
    /// Households that are there, in the order in which one walks.
    pub(super) order: Vec<Seat>,
    /// The groups' names in their normal form; households without one have the empty name, which is the first.
    pub(super) groups: Vec<Group>,
    group_numbers: HashMap<Box<str>, u32>,
    pub(super) rows: Rows,
}

/// A group or natural village.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The name in its normal form.
    pub name: Box<str>,
    /// The same by the alphabet's numbers.
    pub letters: Box<[Letter]>,
}

/// A household that is or was in the index, as far as every search looks at it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Household {
    /// The household's own row, with the people's behind it.
    first_row: u32,
    row_count: u32,
    /// The number of its group.
    pub group: u32,
    /// The number in its house number.
    pub house: Option<u32>,
    /// Whether its file is closed.
    pub closed: bool,
}

/// By what a household is known and sorted.
#[derive(Clone, Debug)]
struct Keys {
    id: HouseholdId,
    natural: Box<[u8]>,
}

impl Index {
    /// Builds the index. Summaries may be dropped as they are taken in; they should come village by village, so that
    /// households can be seated in natural order and a search walks straight through the memory.
    pub fn build<S: Borrow<Summary>>(words: Arc<Words>, summaries: impl IntoIterator<Item = S>) -> Self {
        let mut index = Self {
            words,
            alphabet: Alphabet::default(),
            seats: HashMap::new(),
            households: Vec::new(),
            keys: Vec::new(),
            order: Vec::new(),
            groups: vec![Group { name: "".into(), letters: [].into() }],
            group_numbers: HashMap::from([("".into(), 0)]),
            rows: Rows::default(),
        };
        let mut village: Vec<S> = Vec::new();
        for summary in summaries {
            if village.last().is_some_and(|last| last.borrow().id.village != summary.borrow().id.village) {
                index.take_in(std::mem::take(&mut village));
            }
            village.push(summary);
        }
        index.take_in(village);
        index.order = (0..).map(Seat).take(index.keys.len()).collect();
        let keys = &index.keys;
        index.order.sort_by(|a, b| keys[a.index()].natural.cmp(&keys[b.index()].natural));
        index.rows.shrink();
        index.households.shrink_to_fit();
        index.keys.shrink_to_fit();
        index
    }

    fn take_in<S: Borrow<Summary>>(&mut self, mut village: Vec<S>) {
        village.sort_by_cached_key(|summary| self.words.groups.natural_key(summary.borrow()));
        for summary in village {
            let seat = self.take_seat(summary.borrow().id);
            self.write(seat, summary.borrow());
        }
    }

    /// Takes in a household that is new or was changed.
    pub fn update(&mut self, summary: &Summary) {
        self.remove(summary.id);
        let seat = self.take_seat(summary.id);
        self.write(seat, summary);
        let at = self.order.partition_point(|other| self.natural(*other) < self.natural(seat));
        self.order.insert(at, seat);
        if self.rows.is_full_of_dead() {
            self.sweep();
        }
    }

    /// Forgets a household, whose file was taken back.
    pub fn remove(&mut self, id: HouseholdId) {
        let Some(seat) = self.seats.get(&id).copied() else { return };
        let at = self.order.partition_point(|other| self.natural(*other) < self.natural(seat));
        if self.order.get(at) == Some(&seat) {
            self.order.remove(at);
        }
        self.rows.kill(self.household(seat).rows());
        self.households[seat.index()] = Household::default();
    }

    /// How many households are there, closed ones included.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// One more than the greatest seat.
    pub fn seats(&self) -> usize {
        self.households.len()
    }

    /// The household in a seat of this index.
    pub fn id(&self, seat: Seat) -> HouseholdId {
        self.keys[seat.index()].id
    }

    /// The seat of a household.
    pub fn seat(&self, id: HouseholdId) -> Option<Seat> {
        self.seats.get(&id).copied().filter(|seat| self.household(*seat).is_there())
    }

    /// All households in the order in which one walks: group, house number, household number.
    pub fn in_natural_order(&self) -> impl Iterator<Item = HouseholdId> {
        self.order.iter().map(|seat| self.id(*seat))
    }

    /// The household in a seat of this index.
    #[inline]
    pub(super) fn household(&self, seat: Seat) -> Household {
        self.households[seat.index()]
    }

    /// The head's name, or that of who stands for one; empty where there is none.
    pub(super) fn head_name(&self, seat: Seat) -> String {
        let mut rows = self.household(seat).rows();
        let head = rows.find(|row| self.rows.whose(*row) == Whose::Head);
        head.map_or_else(String::new, |row| self.alphabet.text(self.rows.names.get(row)))
    }

    fn natural(&self, seat: Seat) -> &[u8] {
        &self.keys[seat.index()].natural
    }

    /// The number of the household's group, which is new where its name is.
    fn group_of(&mut self, summary: &Summary) -> u32 {
        let name = summary.group.as_deref().map(|group| self.words.groups.normal(group)).unwrap_or_default();
        if let Some(number) = self.group_numbers.get(name.as_str()) {
            return *number;
        }
        let number = self.groups.len() as u32;
        let letters = name.chars().map(|letter| self.alphabet.number(letter, &self.words.pinyin)).collect();
        self.groups.push(Group { name: name.as_str().into(), letters });
        self.group_numbers.insert(name.into(), number);
        number
    }

    fn take_seat(&mut self, id: HouseholdId) -> Seat {
        let next = Seat(self.households.len() as u32);
        let seat = *self.seats.entry(id).or_insert(next);
        if seat == next {
            self.households.push(Household::default());
            self.keys.push(Keys { id, natural: Box::default() });
        }
        seat
    }

    fn write(&mut self, seat: Seat, summary: &Summary) {
        self.rows.kill(self.household(seat).rows());
        let group = self.group_of(summary);
        let first_row = self.rows.len();
        let own = Entry { seat, person: None, whose: Whose::Household };
        let (number, phone) = (capitals(summary.national_number.as_deref()), digits(summary.phone.as_deref()));
        self.rows.push(own, Texts { name: &[], id_number: &[], number: &number, phone: &phone });
        let head = head_of(summary).map(|person| person.id);
        for person in &summary.everyone {
            let whose = match person.left {
                true => Whose::Left,
                false if head == Some(person.id) => Whose::Head,
                false => Whose::Member,
            };
            let entry = Entry { seat, person: Some(PersonId(person.id)), whose };
            let name = folded(&person.name);
            let letters = name.chars().map(|letter| self.alphabet.number(letter, &self.words.pinyin));
            let texts = Texts {
                name: &letters.collect::<Vec<_>>(),
                id_number: &capitals(person.id_number.as_deref()),
                number: &capitals(person.national_number.as_deref()),
                phone: &digits(person.phone.as_deref()),
            };
            self.rows.push(entry, texts);
        }
        self.keys[seat.index()].natural = self.words.groups.natural_key(summary);
        self.households[seat.index()] = Household {
            first_row: first_row as u32,
            row_count: (self.rows.len() - first_row) as u32,
            group,
            house: summary.house_number.as_deref().and_then(|house| self.words.groups.house(house)),
            closed: summary.closed,
        };
    }

    /// Copies the living rows together, in the order of their seats.
    fn sweep(&mut self) {
        let old = std::mem::take(&mut self.rows);
        for (seat, household) in (0..).map(Seat).zip(&mut self.households) {
            let range = household.rows();
            household.first_row = self.rows.len() as u32;
            for (row, entry) in range.filter_map(|row| Some((row, old.entry(row)?))) {
                self.rows.push(Entry { seat, ..entry }, old.texts(row));
            }
        }
    }
}

impl Household {
    /// Whether the household has not been taken out again.
    pub fn is_there(self) -> bool {
        self.row_count > 0
    }

    /// The rows that are this household's, its own first.
    #[inline]
    pub fn rows(self) -> std::ops::Range<usize> {
        self.first_row as usize..(self.first_row + self.row_count) as usize
    }
}

/// The member whose name the list shows for the household.
fn head_of(summary: &Summary) -> Option<&PersonSummary> {
    let mut members = summary.everyone.iter().filter(|person| !person.left);
    members.find(|person| person.name == summary.head)
}

fn capitals(text: Option<&str>) -> Vec<u8> {
    text.unwrap_or_default().to_ascii_uppercase().into_bytes()
}

fn digits(text: Option<&str>) -> Vec<u8> {
    text.unwrap_or_default().bytes().filter(u8::is_ascii_digit).collect()
}
