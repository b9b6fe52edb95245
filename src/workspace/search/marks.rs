//! What one typed word matches, household by household.

use super::alphabet::Steps;
use super::groups::means;
use super::hit::Kind;
use super::index::{DEAD, Entry, Index};
use super::number::{Digits, LocalNumber};
use super::typed::{Closeness, Typed};
use crate::workspace::rank::{Rank, Standing};

/// A word, read as all that it may mean.
pub(super) enum Word {
    /// Digits: numbers, a group, a house.
    Digits(Digits),
    /// A number that the village gave.
    Local(LocalNumber),
    /// Anything else.
    Text {
        /// As a name; none if it is too long for one.
        name: Option<Typed>,
        /// As a group's name, in its normal form.
        group: Option<String>,
        /// As a house number.
        house: Option<u32>,
    },
}

/// The fewest letters of a word that may mean a group: a single one begins too many of them.
const GROUP_FROM: usize = 2;

/// The best match of one word in each household, by seat.
pub(super) struct Marks {
    pub ranks: Vec<Rank>,
    /// The row that matched.
    pub rows: Vec<u32>,
}

impl Marks {
    fn none(seats: usize) -> Self {
        Self { ranks: vec![Rank::NONE; seats], rows: vec![0; seats] }
    }

    fn add(&mut self, seat: u32, rank: Rank, row: usize) {
        let seat = seat as usize;
        if rank < self.ranks[seat] {
            self.ranks[seat] = rank;
            self.rows[seat] = row as u32;
        }
    }
}

impl Word {
    /// Reads a folded word.
    pub fn read(word: &str, index: &Index) -> Self {
        if let Some(digits) = Digits::new(word) {
            return Self::Digits(digits);
        }
        if let Some(local) = LocalNumber::new(word) {
            return Self::Local(local);
        }
        let groups = &index.words.groups;
        Self::Text {
            name: Typed::new(word),
            group: (word.chars().count() >= GROUP_FROM).then(|| groups.normal(word)),
            house: groups.typed_house(word),
        }
    }

    /// A word that can only be a name.
    pub fn name(word: &str) -> Self {
        Self::Text { name: Typed::new(word), group: None, house: None }
    }

    /// Whether some group is called so, and the word says little of who is meant.
    pub fn is_place(&self, index: &Index) -> bool {
        match self {
            Self::Text { group, house, .. } => {
                let named = |typed: &String| index.groups.iter().any(|known| means(typed, &known.name).is_some());
                house.is_some() || group.as_ref().is_some_and(named)
            }
            _ => false,
        }
    }
}

impl Index {
    /// Marks what a word matches in the households that the word before it left.
    pub(super) fn mark(&self, word: &Word, before: Option<&Marks>) -> Marks {
        let mut marks = Marks::none(self.seats());
        let open = |entry: &Entry| {
            entry.seat != DEAD && before.is_none_or(|marks| marks.ranks[entry.seat as usize] != Rank::NONE)
        };
        match word {
            Word::Text { name, group, house } => {
                let mut groups: Vec<_> =
                    self.groups.iter().map(|known| means(group.as_deref()?, &known.name)).collect();
                if let Some(typed) = name {
                    let steps = self.alphabet.steps(typed);
                    self.mark_names(typed, &steps, open, &mut marks);
                    if group.as_ref().is_some_and(|word| word.contains(|c: char| c.is_ascii_lowercase())) {
                        for (found, known) in groups.iter_mut().zip(&self.groups) {
                            let begins = typed.begins(&known.letters, |letter| steps.of(letter));
                            *found = found.or(begins.map(|_| Closeness::Inside));
                        }
                    }
                }
                self.mark_places(groups, *house, open, &mut marks);
            }
            Word::Digits(digits) => {
                if digits.is_long_enough() {
                    self.mark_numbers(digits, open, &mut marks);
                }
                let number = digits.value.map(|value| value.to_string());
                let groups = self.groups.iter().map(|known| means(number.as_deref()?, &known.name)).collect();
                self.mark_places(groups, digits.value, open, &mut marks);
            }
            Word::Local(number) => self.mark_local(*number, open, &mut marks),
        }
        marks
    }

    fn mark_names(&self, typed: &Typed, steps: &Steps, open: impl Fn(&Entry) -> bool, marks: &mut Marks) {
        for (row, (entry, name)) in self.rows.entries.iter().zip(self.rows.names.iter()).enumerate() {
            let begins = |at: usize| typed.begins(&name[at..], |letter| steps.of(letter));
            let inside = || (1..name.len()).any(|at| begins(at).is_some()).then_some(Closeness::Inside);
            if let Some(closeness) = begins(0).or_else(inside)
                && open(entry)
            {
                marks.add(entry.seat, entry.rank(closeness, Kind::Name), row);
            }
        }
    }

    fn mark_numbers(&self, digits: &Digits, open: impl Fn(&Entry) -> bool, marks: &mut Marks) {
        let rows = &self.rows;
        let texts = rows.id_numbers.iter().zip(rows.numbers.iter()).zip(rows.phones.iter());
        for (row, (entry, ((id_number, number), phone))) in rows.entries.iter().zip(texts).enumerate() {
            if !open(entry) {
                continue;
            }
            let is_person = entry.person().is_some();
            let number_kind = if is_person { Kind::PersonNumber } else { Kind::HouseholdNumber };
            for (kind, closeness) in [
                (Kind::IdNumber, digits.within(id_number)),
                (number_kind, digits.within(number)),
                (Kind::Phone, digits.within_phone(phone)),
            ] {
                if let Some(closeness) = closeness {
                    marks.add(entry.seat, entry.rank(closeness, kind), row);
                }
            }
            if !is_person && number.is_empty() {
                let id = self.households[entry.seat as usize].id;
                if let Some(closeness) = digits.within_local(id) {
                    marks.add(entry.seat, entry.rank(closeness, Kind::HouseholdNumber), row);
                }
            }
        }
    }

    fn mark_local(&self, number: LocalNumber, open: impl Fn(&Entry) -> bool, marks: &mut Marks) {
        for (row, entry) in self.rows.entries.iter().enumerate().filter(|(_, entry)| open(entry)) {
            let id = self.households[entry.seat as usize].id;
            let (village, is_it, kind) = match (number, entry.person()) {
                (LocalNumber::Household(village, serial), None) => {
                    (village, serial == id.serial, Kind::HouseholdNumber)
                }
                (LocalNumber::Person(village, serial), Some(person)) => {
                    (village, serial == person.0, Kind::PersonNumber)
                }
                _ => continue,
            };
            if is_it && village.is_none_or(|village| village == id.village) {
                marks.add(entry.seat, entry.rank(Closeness::Whole, kind), row);
            }
        }
    }

    /// Marks households by their group, where `groups` says of each group's name how it matched, and by house number.
    fn mark_places(
        &self,
        groups: Vec<Option<Closeness>>,
        house: Option<u32>,
        open: impl Fn(&Entry) -> bool,
        marks: &mut Marks,
    ) {
        if house.is_none() && groups.iter().all(Option::is_none) {
            return;
        }
        for household in &self.households {
            let row = household.rows().start;
            let Some(entry) = self.rows.entries.get(row).filter(|entry| household.is_there() && open(entry)) else {
                continue;
            };
            if let Some(closeness) = groups[household.group as usize] {
                marks.add(entry.seat, entry.rank(closeness, Kind::Group), row);
            }
            if house.is_some() && house == household.house {
                marks.add(entry.seat, entry.rank(Closeness::Whole, Kind::HouseNumber), row);
            }
        }
    }
}

impl Entry {
    fn rank(self, closeness: Closeness, kind: Kind) -> Rank {
        let standing = match self.person() {
            Some(_) if self.head => Standing::Head,
            Some(_) => Standing::Member,
            None => Standing::Household,
        };
        Rank::new(self.left, closeness, standing, kind)
    }
}
