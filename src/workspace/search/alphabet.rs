//! The characters that occur in names, numbered, each with its readings: a few thousand for a county.

use std::collections::HashMap;

use crate::workspace::pinyin::Pinyin;

/// A character's number.
pub type Letter = u16;

/// No character.
pub const NONE: Letter = 0;

/// Stands for a name that is kept elsewhere.
pub const LONG: Letter = Letter::MAX;

/// Every character past the 65,533rd, which nobody's village has; what holds it is found by its other characters.
const OTHER: Letter = Letter::MAX - 1;

/// The characters that occur.
#[derive(Clone, Debug, Default)]
pub struct Alphabet {
    numbers: HashMap<char, Letter>,
    /// The character with number 1, and so on.
    letters: Vec<(char, Vec<Box<str>>)>,
}

impl Alphabet {
    /// The number of a character, given to it where it is new.
    pub fn number(&mut self, letter: char, pinyin: &Pinyin) -> Letter {
        *self.numbers.entry(letter).or_insert_with(|| {
            let next = Letter::try_from(self.letters.len() + 1).unwrap_or(OTHER).min(OTHER);
            if next != OTHER {
                self.letters.push((letter, pinyin.readings(letter)));
            }
            next
        })
    }

    /// The text that some numbers stand for.
    pub fn text(&self, numbers: &[Letter]) -> String {
        let letter = |number: &Letter| self.letters.get(usize::from(*number).checked_sub(1)?);
        numbers.iter().filter_map(letter).map(|(letter, _)| letter).collect()
    }

    /// All characters with their numbers and readings.
    pub fn letters(&self) -> impl Iterator<Item = (Letter, char, &[Box<str>])> {
        (NONE + 1..).zip(&self.letters).map(|(number, (letter, readings))| (number, *letter, readings.as_slice()))
    }
}
