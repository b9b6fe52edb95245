//! Trying a word on the rows that may match it.

use super::automaton::Automaton;
use super::groups::means;
use super::hit::{Kind, Seat};
use super::index::Index;
use super::marks::Marks;
use super::number::{Digits, LocalNumber};
use super::rows::{DEAD, Entry};
use super::typed::Closeness;
use super::word::Word;
use crate::workspace::rank::{Rank, Standing};

impl Index {
    /// Marks what a word matches; where other words were tried before, only among the households that they found.
    pub(super) fn mark(&self, word: &Word, among: Option<&Marks>) -> Marks {
        let mut marks = Marks::none(self.seats());
        match word {
            Word::Text { name, group, house } => {
                let group = group.as_deref();
                let mut groups: Vec<_> = self.groups.iter().map(|known| means(group?, &known.name)).collect();
                if let Some(typed) = name {
                    let mut machine = Automaton::new(typed, &self.alphabet);
                    self.mark_names(&mut machine, among, &mut marks);
                    if group.is_some_and(|word| word.contains(|c: char| c.is_ascii_lowercase())) {
                        for (found, known) in groups.iter_mut().zip(&self.groups) {
                            let read = machine.read(&known.letters);
                            let begins = matches!(read, Some(Closeness::Whole | Closeness::Edge));
                            *found = found.or(begins.then_some(Closeness::Inside));
                        }
                    }
                }
                self.mark_places(&groups, *house, among, &mut marks);
            }
            Word::Digits(digits) => {
                if digits.is_long_enough() {
                    self.mark_numbers(digits, among, &mut marks);
                }
                let number = digits.value.map(|value| value.to_string());
                let groups: Vec<_> = self.groups.iter().map(|known| means(number.as_deref()?, &known.name)).collect();
                self.mark_places(&groups, digits.value, among, &mut marks);
            }
            Word::Local(number) => self.mark_local(*number, among, &mut marks),
        }
        marks
    }

    fn mark_names(&self, machine: &mut Automaton, among: Option<&Marks>, marks: &mut Marks) {
        let rows = &self.rows;
        let mut found = |row: usize, closeness| {
            let entry = rows.entries[row];
            if is_among(among, entry.seat) {
                marks.add(entry.seat, entry.rank(closeness, Kind::Name), row);
            }
        };
        // One sweep over everybody is quicker than going from household to household, unless they are few.
        let Some(few) = among.filter(|marks| marks.found().nth(self.seats() / 8).is_none()) else {
            return rows.names.each_match(machine, found);
        };
        for row in few.found().flat_map(|seat| self.household(seat).rows()) {
            if let Some(closeness) = machine.read(rows.names.get(row)) {
                found(row, closeness);
            }
        }
    }

    fn mark_numbers(&self, digits: &Digits, among: Option<&Marks>, marks: &mut Marks) {
        let rows = &self.rows;
        let (ending, beginning) = (rows.ending_with(digits.text()), rows.beginning_with(digits.text()));
        for row in ending.iter().chain(beginning).map(|row| *row as usize) {
            let entry = rows.entries[row];
            if is_among(among, entry.seat) {
                let kind = if entry.person().is_some() { Kind::PersonNumber } else { Kind::HouseholdNumber };
                let texts = rows.texts(row);
                for (kind, number) in [(Kind::IdNumber, texts.id_number), (kind, texts.number)] {
                    if let Some(closeness) = digits.within(number) {
                        marks.add(entry.seat, entry.rank(closeness, kind), row);
                    }
                }
            }
        }
        for row in rows.phones.holding(digits.text()) {
            let entry = rows.entries[row];
            if is_among(among, entry.seat)
                && let Some(closeness) = digits.within_phone(rows.phones.get(row))
            {
                marks.add(entry.seat, entry.rank(closeness, Kind::Phone), row);
            }
        }
        for (seat, household) in (0..).zip(&self.households) {
            if let Some(closeness) = digits.within_local(household.id)
                && household.is_there()
                && is_among(among, seat)
                && rows.numbers.get(household.rows().start).is_empty()
            {
                let rank = Rank::new(false, closeness, Standing::Household, Kind::HouseholdNumber);
                marks.add(seat, rank, household.rows().start);
            }
        }
    }

    fn mark_local(&self, number: LocalNumber, among: Option<&Marks>, marks: &mut Marks) {
        for (row, entry) in self.rows.entries.iter().enumerate().filter(|(_, entry)| is_among(among, entry.seat)) {
            let id = self.id(Seat(entry.seat));
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
    fn mark_places(&self, groups: &[Option<Closeness>], house: Option<u32>, among: Option<&Marks>, marks: &mut Marks) {
        if house.is_none() && groups.iter().all(Option::is_none) {
            return;
        }
        for (seat, place) in (0..).zip(&self.places) {
            let group = groups[place.group as usize].map(|closeness| (closeness, Kind::Group));
            let house = (house.is_some() && house == place.house).then_some((Closeness::Whole, Kind::HouseNumber));
            for (closeness, kind) in group.into_iter().chain(house) {
                let household = self.household(Seat(seat));
                if household.is_there() && is_among(among, seat) {
                    let rank = Rank::new(false, closeness, Standing::Household, kind);
                    marks.add(seat, rank, household.rows().start);
                }
            }
        }
    }
}

/// Whether a household is there, and found by the words before.
fn is_among(among: Option<&Marks>, seat: u32) -> bool {
    seat != DEAD && among.is_none_or(|marks| marks.get(Seat(seat)).is_some())
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
