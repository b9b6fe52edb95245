//! The index: what of every household can be typed to find it, packed so that a county's fits into some 60 MB.
//!
//! Each household has one row of its own (its number and phone) and one a person. Rows are only ever added: after an
//! edit a household's rows are written anew and the old ones are dead, until there are enough of them to sweep.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::Arc;

use super::alphabet::Alphabet;
use super::column::Column;
use super::hit::Seat;
use super::typed::folded;
use crate::domain::{HouseholdId, PersonId, PersonSummary, Summary};
use crate::workspace::words::Words;

/// All households of a store, ready to be found.
#[derive(Clone, Debug)]
pub struct Index {
    pub(super) words: Arc<Words>,
    pub(super) alphabet: Alphabet,
    seats: HashMap<HouseholdId, Seat>,
    pub(super) households: Vec<Household>,
    /// Households that are there, in the order in which one walks.
    pub(super) order: Vec<Seat>,
    /// The groups' names in their normal form; households without one have the empty name, which is the first.
    pub(super) groups: Vec<Group>,
    group_places: HashMap<Box<str>, u32>,
    pub(super) rows: Rows,
    dead: usize,
}

/// A group or natural village.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The name in its normal form.
    pub name: Box<str>,
    /// The same by the alphabet's numbers.
    pub letters: Box<[u32]>,
}

/// What can be matched, a row a household or person.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub entries: Vec<Entry>,
    /// Names, by the alphabet's numbers.
    pub names: Column<u32>,
    /// ID numbers, in capitals.
    pub id_numbers: Column<u8>,
    /// 户编号 on a household's row, 人编号 on a person's.
    pub numbers: Column<u8>,
    /// Digits of phone numbers.
    pub phones: Column<u8>,
}

/// Whose a row is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The household's seat; [`DEAD`] for a row that was written anew elsewhere.
    pub seat: u32,
    /// The person's id; 0 on the household's own row.
    pub person: u32,
    pub head: bool,
    pub left: bool,
}

/// Marks a row that is no longer anybody's.
pub(super) const DEAD: u32 = u32::MAX;

/// A household that is or was in the index.
#[derive(Clone, Debug)]
pub(super) struct Household {
    pub id: HouseholdId,
    /// The household's own row, with the people's behind it.
    first_row: u32,
    row_count: u32,
    /// The place of its group's name.
    pub group: u32,
    /// The number in its house number.
    pub house: Option<u32>,
    pub closed: bool,
    natural: Box<[u8]>,
}

/// So many dead rows are not worth a sweep.
const FEW: usize = 1000;

impl Index {
    /// Builds the index; each summary may be dropped as soon as it is taken in.
    pub fn build<S: Borrow<Summary>>(words: Arc<Words>, summaries: impl IntoIterator<Item = S>) -> Self {
        let mut index = Self {
            words,
            alphabet: Alphabet::default(),
            seats: HashMap::new(),
            households: Vec::new(),
            order: Vec::new(),
            groups: vec![Group { name: "".into(), letters: [].into() }],
            group_places: HashMap::from([("".into(), 0)]),
            rows: Rows::default(),
            dead: 0,
        };
        for summary in summaries {
            let summary = summary.borrow();
            let seat = index.take_seat(summary.id);
            index.write(seat, summary);
        }
        index.order = (0..index.households.len() as u32).map(Seat).collect();
        let households = &index.households;
        index.order.sort_unstable_by(|a, b| households[a.index()].natural.cmp(&households[b.index()].natural));
        index.rows.shrink();
        index.households.shrink_to_fit();
        index
    }

    /// Takes in a household that is new or was changed.
    pub fn update(&mut self, summary: &Summary) {
        self.remove(summary.id);
        let seat = self.take_seat(summary.id);
        self.write(seat, summary);
        let at = self.order.partition_point(|other| self.natural(*other) < self.natural(seat));
        self.order.insert(at, seat);
        if self.dead > FEW && self.dead * 4 > self.rows.entries.len() {
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
        let range = self.household(seat).rows();
        self.dead += range.len();
        self.rows.entries[range].iter_mut().for_each(|entry| entry.seat = DEAD);
        let household = &mut self.households[seat.index()];
        (household.first_row, household.row_count) = (0, 0);
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

    /// The household in a seat.
    pub fn id(&self, seat: Seat) -> HouseholdId {
        self.household(seat).id
    }

    /// The seat of a household.
    pub fn seat(&self, id: HouseholdId) -> Option<Seat> {
        self.seats.get(&id).copied().filter(|seat| self.household(*seat).is_there())
    }

    /// All households in the order in which one walks: group, house number, household number.
    pub fn in_natural_order(&self) -> impl Iterator<Item = HouseholdId> {
        self.order.iter().map(|seat| self.id(*seat))
    }

    /// A seat comes from this index, so its household is there.
    pub(super) fn household(&self, seat: Seat) -> &Household {
        &self.households[seat.index()]
    }

    /// The head's name, or that of who stands for one; empty where there is none.
    pub(super) fn head_name(&self, seat: Seat) -> String {
        let mut rows = self.household(seat).rows();
        let head = rows.find(|row| self.rows.entries[*row].head);
        head.map_or_else(String::new, |row| self.alphabet.text(self.rows.names.get(row)))
    }

    fn natural(&self, seat: Seat) -> &[u8] {
        &self.household(seat).natural
    }

    /// The place of the household's group, which is new where its name is.
    fn group_of(&mut self, summary: &Summary) -> u32 {
        let name = summary.group.as_deref().map(|group| self.words.groups.normal(group)).unwrap_or_default();
        if let Some(place) = self.group_places.get(name.as_str()) {
            return *place;
        }
        let place = self.groups.len() as u32;
        let letters = name.chars().map(|letter| self.alphabet.number(letter, &self.words.pinyin)).collect();
        self.groups.push(Group { name: name.as_str().into(), letters });
        self.group_places.insert(name.into(), place);
        place
    }

    fn take_seat(&mut self, id: HouseholdId) -> Seat {
        let next = Seat(self.households.len() as u32);
        let seat = *self.seats.entry(id).or_insert(next);
        if seat == next {
            self.households.push(Household {
                id,
                first_row: 0,
                row_count: 0,
                group: 0,
                house: None,
                closed: false,
                natural: Box::default(),
            });
        }
        seat
    }

    fn write(&mut self, seat: Seat, summary: &Summary) {
        let group = self.group_of(summary);
        let rows = &mut self.rows;
        let first_row = rows.entries.len();
        rows.entries.push(Entry { seat: seat.0, person: 0, head: false, left: false });
        rows.names.push([]);
        rows.id_numbers.push([]);
        rows.numbers.push(capitals(summary.national_number.as_deref()));
        rows.phones.push(digits(summary.phone.as_deref()));
        let head = head_of(summary).map(|person| person.id);
        for person in &summary.everyone {
            rows.entries.push(Entry {
                seat: seat.0,
                person: person.id,
                head: head == Some(person.id),
                left: person.left,
            });
            let (alphabet, pinyin) = (&mut self.alphabet, &self.words.pinyin);
            rows.names.push(folded(&person.name).map(|letter| alphabet.number(letter, pinyin)));
            rows.id_numbers.push(capitals(person.id_number.as_deref()));
            rows.numbers.push(capitals(person.national_number.as_deref()));
            rows.phones.push(digits(person.phone.as_deref()));
        }
        self.households[seat.index()] = Household {
            id: summary.id,
            first_row: first_row as u32,
            row_count: (rows.entries.len() - first_row) as u32,
            group,
            house: summary.house_number.as_deref().and_then(|house| self.words.groups.house(house)),
            closed: summary.closed,
            natural: self.words.groups.natural_key(summary),
        };
    }

    /// Copies the living rows together.
    fn sweep(&mut self) {
        let old = std::mem::take(&mut self.rows);
        for household in &mut self.households {
            let range = household.rows();
            household.first_row = self.rows.entries.len() as u32;
            for row in range {
                self.rows.entries.push(old.entries[row]);
                self.rows.names.push(old.names.get(row).iter().copied());
                self.rows.id_numbers.push(old.id_numbers.get(row).iter().copied());
                self.rows.numbers.push(old.numbers.get(row).iter().copied());
                self.rows.phones.push(old.phones.get(row).iter().copied());
            }
        }
        self.dead = 0;
    }
}

impl Rows {
    fn shrink(&mut self) {
        self.entries.shrink_to_fit();
        self.names.shrink();
        self.id_numbers.shrink();
        self.numbers.shrink();
        self.phones.shrink();
    }
}

impl Household {
    /// Whether the household has not been taken out again.
    pub fn is_there(&self) -> bool {
        self.row_count > 0
    }

    /// The rows that are this household's, its own first.
    pub fn rows(&self) -> std::ops::Range<usize> {
        self.first_row as usize..(self.first_row + self.row_count) as usize
    }
}

impl Entry {
    /// The person whose row it is.
    pub fn person(self) -> Option<PersonId> {
        (self.person != 0).then_some(PersonId(self.person))
    }
}

/// The member whose name the list shows for the household.
fn head_of(summary: &Summary) -> Option<&PersonSummary> {
    let mut members = summary.everyone.iter().filter(|person| !person.left);
    members.find(|person| person.name == summary.head)
}

fn capitals(text: Option<&str>) -> impl Iterator<Item = u8> {
    text.unwrap_or_default().bytes().map(|b| b.to_ascii_uppercase())
}

fn digits(text: Option<&str>) -> impl Iterator<Item = u8> {
    text.unwrap_or_default().bytes().filter(u8::is_ascii_digit)
}
