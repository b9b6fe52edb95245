//! A typed word, ready to be tried on households: as a name, a number, a group, a house.

use super::automaton::Automaton;
use super::groups::means;
use super::hit::{Kind, Seat};
use super::index::{Household, Index};
use super::marks::{Mark, Marks};
use super::number::{Digits, LocalNumber};
use super::typed::{Closeness, Typed};
use crate::workspace::rank::{Rank, Whose};

/// All that a word may mean.
pub(super) struct Matcher {
    /// What is read as names; none for a number, and for what is too long for a name.
    name: Option<Automaton>,
    /// By group, whether the word means it.
    groups: Vec<Option<Closeness>>,
    /// The house that the word means.
    house: Option<u32>,
    /// The households of which the word is part of a number, found beforehand.
    numbers: Option<Marks>,
}

/// The fewest letters of a word that may mean a group: a single one begins too many of them.
const GROUP_FROM: usize = 2;

impl Matcher {
    /// Reads a folded word.
    pub fn new(word: &str, index: &Index) -> Self {
        if let Some(digits) = Digits::new(word) {
            let number = digits.value.map(|value| value.to_string());
            let groups = index.groups.iter().map(|group| means(number.as_deref()?, &group.name)).collect();
            let numbers = digits.is_long_enough().then(|| index.numbers(&digits));
            return Self { name: None, groups, house: digits.value, numbers };
        }
        if let Some(number) = LocalNumber::new(word) {
            let numbers = Some(index.local_numbers(number));
            return Self { name: None, groups: vec![None; index.groups.len()], house: None, numbers };
        }
        let mut text = Self::name(word, index);
        text.house = index.words.groups.typed_house(word);
        if word.chars().count() >= GROUP_FROM {
            let normal = index.words.groups.normal(word);
            for (found, group) in text.groups.iter_mut().zip(&index.groups) {
                *found = means(&normal, &group.name);
                // A word with letters may be the beginning of a group's pinyin.
                if let Some(machine) = text.name.as_mut().filter(|_| word.contains(|c: char| c.is_ascii_lowercase())) {
                    let read = machine.read(&group.letters);
                    let begins = matches!(read, Some(Closeness::Whole | Closeness::Edge));
                    *found = found.or(begins.then_some(Closeness::Inside));
                }
            }
        }
        text
    }

    /// Takes a folded word for a name and nothing else.
    pub fn name(word: &str, index: &Index) -> Self {
        let name = Typed::new(word).map(|typed| Automaton::new(&typed, &index.alphabet));
        Self { name, groups: vec![None; index.groups.len()], house: None, numbers: None }
    }

    /// Whether the word is a name before all: no number, and nothing that some group is called outright.
    pub fn is_name(&self) -> bool {
        let is_place = |found: &Option<Closeness>| matches!(found, Some(Closeness::Whole | Closeness::Edge));
        self.name.is_some() && self.house.is_none() && !self.groups.iter().any(is_place)
    }

    /// Whether it matches nothing, whatever the household; so with a condition that is being typed.
    pub fn is_hopeless(&self) -> bool {
        self.numbers.is_none()
            && self.house.is_none()
            && self.groups.iter().all(Option::is_none)
            && !self.name.as_ref().is_some_and(Automaton::can_match)
    }

    /// The best match in a household.
    #[inline]
    pub fn find(&mut self, index: &Index, seat: Seat, household: Household) -> Option<Mark> {
        let mut best = (Rank::NONE, 0);
        if let Some(machine) = &mut self.name {
            // The household's own row has no name.
            for row in household.rows().skip(1) {
                if let Some(closeness) = index.rows.names.read(row, machine) {
                    let rank = Rank::new(index.rows.whose(row), closeness, Kind::Name);
                    best = best.min((rank, row as u32));
                }
            }
        }
        if let Some(numbers) = &self.numbers {
            best = numbers.get(seat).map_or(best, |number| best.min(number));
        }
        let house = (self.house.is_some() && self.house == household.house).then_some(Closeness::Whole);
        for (found, kind) in [(self.groups[household.group as usize], Kind::Group), (house, Kind::HouseNumber)] {
            if let Some(closeness) = found {
                let rank = Rank::new(Whose::Household, closeness, kind);
                best = best.min((rank, household.rows().start as u32));
            }
        }
        (best.0 != Rank::NONE).then(|| Mark::of(best.0, best.1))
    }
}

impl Index {
    /// Where digits are part of a number.
    fn numbers(&self, digits: &Digits) -> Marks {
        let rows = &self.rows;
        let mut marks = Marks::none(self.seats());
        let (ending, beginning) = (rows.ending_with(digits.text()), rows.beginning_with(digits.text()));
        for row in ending.iter().chain(beginning).map(|row| *row as usize) {
            if let Some(entry) = rows.entry(row) {
                let kind = if entry.person.is_some() { Kind::PersonNumber } else { Kind::HouseholdNumber };
                let texts = rows.texts(row);
                for (kind, number) in [(Kind::IdNumber, texts.id_number), (kind, texts.number)] {
                    if let Some(closeness) = digits.within(number) {
                        marks.add(entry.seat, Rank::new(entry.whose, closeness, kind), row as u32);
                    }
                }
            }
        }
        for row in rows.phones.holding(digits.text()) {
            if let Some(entry) = rows.entry(row)
                && let Some(closeness) = digits.within_phone(rows.phones.get(row))
            {
                marks.add(entry.seat, Rank::new(entry.whose, closeness, Kind::Phone), row as u32);
            }
        }
        for seat in self.order.iter().copied() {
            let own = self.household(seat).rows().start;
            if let Some(closeness) = digits.within_local(self.id(seat))
                && rows.numbers.get(own).is_empty()
            {
                marks.add(seat, Rank::new(Whose::Household, closeness, Kind::HouseholdNumber), own as u32);
            }
        }
        marks
    }

    /// Where a number is that the village gave.
    fn local_numbers(&self, number: LocalNumber) -> Marks {
        let mut marks = Marks::none(self.seats());
        for (row, entry) in (0..self.rows.len()).filter_map(|row| Some((row, self.rows.entry(row)?))) {
            let id = self.id(entry.seat);
            let (village, is_it, kind) = match (number, entry.person) {
                (LocalNumber::Household(village, serial), None) => {
                    (village, serial == id.serial, Kind::HouseholdNumber)
                }
                (LocalNumber::Person(village, serial), Some(person)) => {
                    (village, serial == person.0, Kind::PersonNumber)
                }
                _ => continue,
            };
            if is_it && village.is_none_or(|village| village == id.village) {
                marks.add(entry.seat, Rank::new(entry.whose, Closeness::Whole, kind), row as u32);
            }
        }
        marks
    }
}
