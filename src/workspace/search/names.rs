//! Everybody's name, eight bytes each, so that a whole county's are read in a few milliseconds.

use std::collections::HashMap;

use super::alphabet::{LONG, Letter, NONE};
use super::automaton::Automaton;
use super::typed::Closeness;

/// The letters that are kept together; hardly a name has more.
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

    /// How a machine's word matches the name in a row.
    #[inline]
    pub fn read(&self, row: usize, machine: &mut Automaton) -> Option<Closeness> {
        match self.short.get(row)? {
            [LONG, ..] => machine.read(self.get(row)),
            short => machine.read(short),
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
        let mut machine = Automaton::new(&Typed::new("zhangs").unwrap(), &alphabet);
        let found = [0, 1, 2, 3, 4, 5].map(|row| names.read(row, &mut machine));
        let inside = Some(Closeness::Inside);
        assert_eq!(found, [None, Some(Closeness::Whole), inside, inside, None, None]);
    }
}
