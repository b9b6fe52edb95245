//! A word as it was typed for a name: characters, full pinyin, initials, or all of these mixed, in any case.
//!
//! A word matches where it can be cut into pieces, one a character in turn. A piece is the character itself, or one of
//! its readings whole, by its initial (`zh`) or by its first letter; the last piece may be any beginning of a reading.
//! So `zs`, `zhangs`, `张s` and `zhsan` all find 张三. Letters that are not Chinese stand for themselves.

use super::alphabet::{Alphabet, Letter};
use super::automaton::Automaton;
use crate::domain::person_name;
use crate::domain::text::fold;
use crate::workspace::pinyin::Pinyin;

/// How much of a name a word covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closeness {
    /// All of it.
    Whole,
    /// Its beginning, or the tail of a number.
    Edge,
    /// Something within it.
    Inside,
}

/// The most letters of one typed word; a longer one matches nothing.
const MOST: usize = 63;

/// A name or a typed word made comparable: no white space, no dots between the parts of a name, no capitals.
pub fn folded(text: &str) -> String {
    let ignored = |c: &char| person_name::is_dot(*c) || matches!(c, '\'' | '’');
    fold(text).chars().filter(|c| !ignored(c)).flat_map(char::to_lowercase).collect()
}

/// A typed word.
#[derive(Clone, Debug)]
pub struct Typed {
    letters: Vec<char>,
}

impl Typed {
    /// Takes a word; none if nothing of it is left, or too much.
    pub fn new(word: &str) -> Option<Self> {
        let letters: Vec<char> = folded(word).chars().collect();
        (1..=MOST).contains(&letters.len()).then_some(Self { letters })
    }

    /// How many letters were typed, one at least.
    pub fn length(&self) -> usize {
        self.letters.len()
    }

    /// How far one character leads from each place in the word: bit `n` of entry `from` is set where the letters
    /// `from..n` are a piece of it. None where it leads nowhere.
    pub fn steps(&self, letter: char, readings: &[Box<str>]) -> Option<Vec<u64>> {
        let begins_with = |first: &char| letter == *first || readings.iter().any(|reading| reading.starts_with(*first));
        if !self.letters.iter().any(begins_with) {
            return None;
        }
        let ends = |(from, first): (usize, &char)| {
            let itself = u64::from(*first == letter) << (from + 1);
            let read = readings.iter().filter(|reading| reading.starts_with(*first));
            read.fold(itself, |ends, reading| ends | self.pieces(from, reading))
        };
        Some(self.letters.iter().enumerate().map(ends).collect())
    }

    /// The ends of the pieces of a reading that begin at a place where its first letter stands.
    fn pieces(&self, from: usize, reading: &str) -> u64 {
        let ahead = &self.letters[from..];
        let common = reading.chars().zip(ahead).take_while(|(a, b)| a == *b).count();
        let mut ends = 1 << (from + 1);
        if common >= 2 && ["zh", "ch", "sh"].iter().any(|initial| reading.starts_with(initial)) {
            ends |= 1 << (from + 2);
        }
        if common == reading.chars().count() || common == ahead.len() {
            ends |= 1 << (from + common);
        }
        ends
    }

    /// Whether a text begins with the word.
    pub fn begins_text(&self, text: &str, pinyin: &Pinyin) -> bool {
        let mut alphabet = Alphabet::default();
        let letters: Vec<Letter> = folded(text).chars().map(|letter| alphabet.number(letter, pinyin)).collect();
        let found = Automaton::new(self, &alphabet).read(&letters);
        matches!(found, Some(Closeness::Whole | Closeness::Edge))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_too_much_are_no_words() {
        assert!(Typed::new("　· ").is_none());
        assert!(Typed::new(&"a".repeat(64)).is_none());
        assert!(Typed::new(&"a".repeat(63)).is_some());
    }

    #[test]
    fn a_reading_is_typed_whole_by_its_initial_or_at_the_end_in_part() {
        let steps = |word: &str| Typed::new(word).unwrap().steps('张', &["zhang".into()]);
        assert_eq!(steps("zhangs"), Some(vec![0b10_0110, 0, 0, 0, 0, 0]));
        assert_eq!(steps("szha"), Some(vec![0, 0b1_1100, 0, 0]));
        assert_eq!(steps("张"), Some(vec![0b10]));
        assert_eq!(steps("s"), None);
        assert_eq!(Typed::new("lü").unwrap().steps('吕', &["lü".into()]), Some(vec![0b110, 0]));
    }
}
