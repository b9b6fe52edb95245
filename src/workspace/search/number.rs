//! A word made of digits: the tail of a number, part of a phone number, or the number of a group or a house.

use crate::domain::{HouseholdId, VillageCode};

use super::typed::Closeness;

/// With fewer digits a word means a group or a house only; too many numbers end in any two digits.
const TAIL_FROM: usize = 3;

/// From so many digits on, a word may also be the beginning of a number that is being typed whole.
const HEAD_FROM: usize = 6;

/// A typed word of digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits {
    text: Box<[u8]>,
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
        let digits = word.strip_suffix('x').filter(|digits| digits.len() + 1 >= TAIL_FROM).unwrap_or(word);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let value = word.parse().ok().filter(|_| !word.starts_with('0'));
        Some(Self { text: word.to_ascii_uppercase().into_bytes().into(), value })
    }

    /// Whether the word can be part of any number at all.
    pub fn is_long_enough(&self) -> bool {
        self.text.len() >= TAIL_FROM
    }

    /// How the word stands in a number, which is in capitals.
    #[inline]
    pub fn within(&self, number: &[u8]) -> Option<Closeness> {
        let tail = self.is_long_enough() && number.ends_with(&self.text);
        let head = self.text.len() >= HEAD_FROM && number.starts_with(&self.text);
        match (tail, head) {
            (true, _) if number.len() == self.text.len() => Some(Closeness::Whole),
            (true, _) => Some(Closeness::Edge),
            (false, true) => Some(Closeness::Inside),
            (false, false) => None,
        }
    }

    /// How the word stands in a phone number, of which any part will do.
    pub fn within_phone(&self, phone: &[u8]) -> Option<Closeness> {
        if !self.is_long_enough() || phone.len() < self.text.len() {
            return None;
        }
        self.within(phone)
            .or_else(|| phone.windows(self.text.len()).any(|part| part == &*self.text).then_some(Closeness::Inside))
    }

    /// How the word stands in the number that the village gave a household, where it has no other.
    pub fn within_local(&self, id: HouseholdId) -> Option<Closeness> {
        // Nearly all are told apart by the last digit alone, without writing the number out.
        let last = self.text.last().copied().unwrap_or_default();
        if !self.is_long_enough() || (last != b'0' + (id.serial % 10) as u8 && self.text.len() < HEAD_FROM) {
            return None;
        }
        self.within(id.local_number().as_bytes())
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
        assert_eq!(within("419999", id), Some(Closeness::Inside));
        assert_eq!(within("41999", id), None);
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
        assert_eq!(within("419999"), Some(Closeness::Inside));
        assert_eq!(within("419999101201"), Some(Closeness::Inside));
    }
}
