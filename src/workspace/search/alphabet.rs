//! The characters that occur in names, numbered, each with its readings: a few thousand for a county.

use std::collections::HashMap;

use super::typed::Typed;
use crate::workspace::pinyin::Pinyin;

/// The characters that occur.
#[derive(Clone, Debug, Default)]
pub struct Alphabet {
    numbers: HashMap<char, u32>,
    letters: Vec<(char, Vec<Box<str>>)>,
}

/// Where each character leads in one typed word.
#[derive(Clone, Debug)]
pub struct Steps {
    /// By character, the place in `steps` counted from 1 in words' lengths; 0 leads nowhere.
    at: Vec<u32>,
    steps: Vec<u64>,
    length: usize,
}

impl Alphabet {
    /// The number of a character, given to it where it is new.
    pub fn number(&mut self, letter: char, pinyin: &Pinyin) -> u32 {
        *self.numbers.entry(letter).or_insert_with(|| {
            self.letters.push((letter, pinyin.readings(letter)));
            self.letters.len() as u32 - 1
        })
    }

    /// The text that some numbers stand for.
    pub fn text(&self, numbers: &[u32]) -> String {
        numbers.iter().filter_map(|number| self.letters.get(*number as usize)).map(|(letter, _)| letter).collect()
    }

    /// Looks every character up in a typed word, once for all names.
    pub fn steps(&self, typed: &Typed) -> Steps {
        let mut all = Steps { at: Vec::with_capacity(self.letters.len()), steps: Vec::new(), length: typed.len() };
        let mut found = 0;
        for (letter, readings) in &self.letters {
            let leads = typed.add_steps(*letter, readings, &mut all.steps);
            found += u32::from(leads);
            all.at.push(if leads { found } else { 0 });
        }
        all
    }
}

impl Steps {
    /// Where the character with this number leads.
    #[inline]
    pub fn of(&self, number: u32) -> Option<&[u64]> {
        let before = self.at.get(number as usize)?.checked_sub(1)? as usize * self.length;
        self.steps.get(before..before + self.length)
    }
}
