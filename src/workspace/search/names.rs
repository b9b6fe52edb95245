//! Everybody's name, eight bytes each, so that a whole county's are looked through in one sweep.

use std::collections::HashMap;

use super::alphabet::{LONG, Letter, NONE};
use super::automaton::Automaton;
use super::typed::Closeness;

/// The letters that stand in the sweep; hardly a name has more.
const SHORT: usize = 4;

/// Names by row.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// The letters, filled up with [`NONE`]; a longer name is [`LONG`] here.
    short: Vec<[Letter; SHORT]>,
    long: HashMap<usize, Box<[Letter]>>,
}

impl Names {
    /// Adds a name.
    pub fn push(&mut self, name: &[Letter]) {
        let mut short = [NONE; SHORT];
        match short.get_mut(..name.len()) {
            Some(letters) => letters.copy_from_slice(name),
            None => {
                short[0] = LONG;
                self.long.insert(self.short.len(), name.into());
            }
        }
        self.short.push(short);
    }

    /// The name in a row; empty where there is none.
    pub fn get(&self, row: usize) -> &[Letter] {
        let Some(short) = self.short.get(row) else { return &[] };
        if short[0] == LONG {
            return self.long.get(&row).map(|name| &**name).unwrap_or_default();
        }
        let length = short.iter().position(|letter| *letter == NONE).unwrap_or(SHORT);
        &short[..length]
    }

    /// Calls with each row whose name a machine's word matches, and how.
    pub fn each_match(&self, machine: &mut Automaton, mut found: impl FnMut(usize, Closeness)) {
        for (row, short) in self.short.iter().enumerate() {
            let closeness = match short[0] {
                LONG => machine.read(self.get(row)),
                _ => machine.read(short),
            };
            if let Some(closeness) = closeness {
                found(row, closeness);
            }
        }
    }

    /// Gives back the memory that was kept ready for more.
    pub fn shrink(&mut self) {
        self.short.shrink_to_fit();
        self.long.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::super::alphabet::Alphabet;
    use super::super::typed::{Typed, folded};
    use super::*;
    use crate::data::Data;
    use crate::workspace::pinyin::Pinyin;

    #[test]
    fn long_and_short_names_are_kept_and_found() {
        let pinyin = Pinyin::load(&Data::embedded().file("words/surnames.toml").unwrap()).unwrap();
        let (mut alphabet, mut names) = (Alphabet::default(), Names::default());
        let texts = ["", "张三", "欧阳张三", "阿不都热合曼张三", "三"];
        for text in texts {
            let letters: Vec<Letter> = folded(text).chars().map(|letter| alphabet.number(letter, &pinyin)).collect();
            names.push(&letters);
        }
        assert_eq!([0, 1, 2, 3, 4].map(|row| alphabet.text(names.get(row))), texts);
        assert!(names.get(5).is_empty());
        let mut found = Vec::new();
        let mut machine = Automaton::new(&Typed::new("zhangs").unwrap(), &alphabet);
        names.each_match(&mut machine, |row, closeness| found.push((row, closeness)));
        assert_eq!(found, [(1, Closeness::Whole), (2, Closeness::Inside), (3, Closeness::Inside)]);
    }
}
