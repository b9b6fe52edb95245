//! A word made of digits: the tail of a number, part of a phone number, or the number of a group or a house.

use crate::domain::{HouseholdId, VillageCode};

use super::rows::{HEAD, TAIL};
use super::typed::Closeness;

/// A typed word of digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits {
    text: Box<[u8]>,
    /// The number that they make, whatever stands in front.
    number: Option<u64>,
    /// The number that they make, to compare with groups and houses; nobody writes those with zeros in front.
    pub value: Option<u32>,
}

/// A number that the village gave itself, typed with its letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalNumber {
    /// `V0063`, or all of `419999101201V0063`.
    Household(Option<VillageCode>, u32),
    /// `P00007`, or all of it.
    Person(Option<VillageCode>, u32),
}

impl Digits {
    /// Reads a folded word; an `x` may end an ID number.
    pub fn new(word: &str) -> Option<Self> {
        let digits = word.strip_suffix('x').filter(|digits| digits.len() + 1 >= TAIL).unwrap_or(word);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let value = word.parse().ok().filter(|_| !word.starts_with('0'));
        Some(Self { text: word.to_ascii_uppercase().into_bytes().into(), number: word.parse().ok(), value })
    }

    /// The signs, in capitals.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether the word can be part of any number; with fewer digits it means a group or a house only, since too many
    /// numbers end in any two digits.
    pub fn is_long_enough(&self) -> bool {
        self.text.len() >= TAIL
    }

    /// How the word stands in a number, which is in capitals: at its end, or at its beginning where enough was typed
    /// to tell numbers apart.
    pub fn within(&self, number: &[u8]) -> Option<Closeness> {
        if self.is_long_enough() && number.ends_with(&self.text) {
            let whole = number.len() == self.text.len();
            return Some(if whole { Closeness::Whole } else { Closeness::Edge });
        }
        (self.text.len() >= HEAD && number.starts_with(&self.text)).then_some(Closeness::Inside)
    }

    /// How the word stands in a phone number, of which any part will do.
    pub fn within_phone(&self, phone: &[u8]) -> Option<Closeness> {
        if !self.is_long_enough() || phone.len() < self.text.len() {
            return None;
        }
        let inside = || phone.windows(self.text.len()).any(|part| part == &*self.text);
        self.within(phone).or_else(|| inside().then_some(Closeness::Inside))
    }

    /// How the word stands in the number that the village gave a household, `419999101201V0063`, without writing a
    /// county's numbers out for every key.
    pub fn within_local(&self, id: HouseholdId) -> Option<Closeness> {
        let value = self.number?;
        let length = self.text.len() as u32;
        let serial = u64::from(id.serial);
        let digits = serial.checked_ilog10().map_or(1, |log| log + 1).max(4);
        if self.is_long_enough() && length <= digits && serial % 10_u64.pow(length) == value {
            return Some(Closeness::Edge);
        }
        let is_head = self.text.len() >= HEAD && length <= 12;
        (is_head && id.village.number() / 10_u64.pow(12 - length) == value).then_some(Closeness::Inside)
    }
}

impl LocalNumber {
    /// Reads a folded word.
    pub fn new(word: &str) -> Option<Self> {
        let at = word.find(['v', 'p'])?;
        let (village, serial) = (&word[..at], &word[at + 1..]);
        let village = if village.is_empty() { None } else { Some(village.parse().ok()?) };
        if serial.is_empty() || !serial.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let serial = serial.parse().ok()?;
        Some(if word[at..].starts_with('v') { Self::Household(village, serial) } else { Self::Person(village, serial) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_tails_first() {
        let within = |word: &str, number: &str| Digits::new(word).and_then(|digits| digits.within(number.as_bytes()));
        let id = "41999919831018766X";
        assert_eq!(within("66x", id), Some(Closeness::Edge));
        assert_eq!(within("6x", id), None);
        assert_eq!(within("766", id), None);
        assert_eq!(within("4199991983", id), Some(Closeness::Inside));
        assert_eq!(within("419999198", id), None);
        assert_eq!(within("41999919831018766x", id), Some(Closeness::Whole));
        assert_eq!(within("101876", id), None);
    }

    #[test]
    fn what_is_no_number_is_left_to_names() {
        for word in ["x", "1x", "zs", "3组", "12xx", ""] {
            assert_eq!(Digits::new(word), None, "{word}");
        }
        assert_eq!(Digits::new("17").unwrap().value, Some(17));
        assert_eq!(Digits::new("017").unwrap().value, None);
        assert_eq!(Digits::new("12x").unwrap().value, None);
    }

    #[test]
    fn local_numbers_are_typed_with_their_letter() {
        let village: VillageCode = "419999101201".parse().unwrap();
        assert_eq!(LocalNumber::new("v63"), Some(LocalNumber::Household(None, 63)));
        assert_eq!(LocalNumber::new("419999101201v0063"), Some(LocalNumber::Household(Some(village), 63)));
        assert_eq!(LocalNumber::new("p00007"), Some(LocalNumber::Person(None, 7)));
        for word in ["v", "vx", "lv3a", "lv3", "1v3"] {
            assert_eq!(LocalNumber::new(word), None, "{word}");
        }
    }

    #[test]
    fn a_local_number_is_found_by_its_tail() {
        let id = HouseholdId { village: "419999101201".parse().unwrap(), serial: 63 };
        let within = |word: &str| Digits::new(word).and_then(|digits| digits.within_local(id));
        assert_eq!(within("0063"), Some(Closeness::Edge));
        assert_eq!(within("063"), Some(Closeness::Edge));
        assert_eq!(within("63"), None);
        assert_eq!(within("064"), None);
        assert_eq!(within("00063"), None);
        assert_eq!(within("41999910120"), Some(Closeness::Inside));
        assert_eq!(within("419999101201"), Some(Closeness::Inside));
        assert_eq!(within("419999101202"), None);
        assert_eq!(within("4199991012010"), None);
        let late = HouseholdId { serial: 123_456, ..id };
        let within = |word: &str| Digits::new(word).and_then(|digits| digits.within_local(late));
        assert_eq!(within("123456"), Some(Closeness::Edge));
        assert_eq!(within("23456"), Some(Closeness::Edge));
        assert_eq!(within("0123456"), None);
    }
}
