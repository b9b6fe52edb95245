//! A typed word made into a machine that reads a name letter by letter and then knows how the word matches it.
//!
//! Letters that lead from the same places to the same places are one class, and there are few; what may have been used
//! up of the word after some letters is one state, and there are few. So reading a name is one look into a table for
//! each letter. The table is filled in as names are read.

use std::collections::HashMap;

use super::alphabet::{Alphabet, Letter, NONE};
use super::typed::{Closeness, Typed};

/// The machine for one word.
#[derive(Clone, Debug)]
pub struct Automaton {
    /// By letter.
    classes: Box<[u16; 1 << Letter::BITS]>,
    /// Where a letter of a class leads from each place in the word.
    steps: Vec<Vec<u64>>,
    /// The bit of the place behind the word.
    end: u64,
    states: Vec<State>,
    /// By state, how the word matches a name that ends there.
    found: Vec<Option<Closeness>>,
    numbers: HashMap<State, u32>,
    /// By state and class, the next state; [`UNKNOWN`] where no name led there yet.
    table: Vec<u32>,
}

/// What is known after some letters of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct State {
    /// The places in the word to which the letters from the first on lead.
    from_first: u64,
    /// Those to which letters from a later one on lead, where the word may begin again.
    from_later: u64,
    found: Option<Closeness>,
}

/// Letters that lead nowhere.
const NOWHERE: u16 = 0;

/// The end of a name, behind which nothing changes.
const END: u16 = 1;

const UNKNOWN: u32 = u32::MAX;
const START: u32 = 0;

impl Automaton {
    /// The machine for a word, for names of these letters.
    pub fn new(typed: &Typed, alphabet: &Alphabet) -> Self {
        let mut machine = Self {
            classes: Box::new([NOWHERE; 1 << Letter::BITS]),
            steps: vec![vec![0; typed.length()], Vec::new()],
            end: 1 << typed.length(),
            states: Vec::new(),
            found: Vec::new(),
            numbers: HashMap::new(),
            table: Vec::new(),
        };
        machine.classes[usize::from(NONE)] = END;
        let mut known: HashMap<Vec<u64>, u16> = HashMap::new();
        for (number, letter, readings) in alphabet.letters() {
            if let Some(steps) = typed.steps(letter, readings) {
                let next = machine.steps.len() as u16;
                let class = *known.entry(steps).or_insert_with_key(|steps| {
                    machine.steps.push(steps.clone());
                    next
                });
                machine.classes[usize::from(number)] = class;
            }
        }
        machine.number(State { from_first: 1, from_later: 0, found: None });
        machine
    }

    /// Whether some name of these letters could match at all.
    pub fn can_match(&self) -> bool {
        let mut places = 1;
        loop {
            let next = self.steps.iter().fold(places, |places, steps| places | reached(places, steps));
            if next == places {
                return places & self.end != 0;
            }
            places = next;
        }
    }

    /// How the word matches a name.
    #[inline]
    pub fn read(&mut self, name: &[Letter]) -> Option<Closeness> {
        let mut state = START;
        for letter in name {
            let class = self.classes[usize::from(*letter)];
            let at = state as usize * self.steps.len() + usize::from(class);
            state = match self.table[at] {
                UNKNOWN => self.go(state, class),
                next => next,
            };
        }
        self.found[state as usize]
    }

    fn go(&mut self, state: u32, class: u16) -> u32 {
        let next = match class {
            END => self.states[state as usize],
            _ => self.after(self.states[state as usize], &self.steps[usize::from(class)]),
        };
        let next = self.number(next);
        self.table[state as usize * self.steps.len() + usize::from(class)] = next;
        next
    }

    fn after(&self, state: State, steps: &[u64]) -> State {
        let is_first = state.from_first & 1 != 0;
        let from_first = reached(state.from_first, steps);
        let from_later = if is_first { 0 } else { reached(state.from_later | 1, steps) };
        let found = if from_first & self.end != 0 {
            Some(Closeness::Whole)
        } else if matches!(state.found, Some(Closeness::Whole | Closeness::Edge)) {
            Some(Closeness::Edge)
        } else if from_later & self.end != 0 {
            Some(Closeness::Inside)
        } else {
            state.found
        };
        // Once it is found, a later beginning can only find it again.
        let from_later = if found.is_some() { 0 } else { from_later };
        State { from_first: from_first & !self.end, from_later, found }
    }

    fn number(&mut self, state: State) -> u32 {
        let next = self.states.len() as u32;
        let number = *self.numbers.entry(state).or_insert(next);
        if number == next {
            self.states.push(state);
            self.found.push(state.found);
            self.table.resize(self.states.len() * self.steps.len(), UNKNOWN);
        }
        number
    }
}

/// Where a letter leads from any of some places.
fn reached(mut places: u64, steps: &[u64]) -> u64 {
    let mut reached = 0;
    while places != 0 {
        let from = places.trailing_zeros() as usize;
        places &= places - 1;
        reached |= steps.get(from).copied().unwrap_or(0);
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::super::typed::folded;
    use super::*;
    use crate::data::Data;
    use crate::workspace::pinyin::Pinyin;

    fn read(word: &str, name: &str) -> Option<Closeness> {
        let pinyin = Pinyin::load(&Data::embedded().file("words/surnames.toml").unwrap()).unwrap();
        let mut alphabet = Alphabet::default();
        let name: Vec<Letter> = folded(name).chars().map(|letter| alphabet.number(letter, &pinyin)).collect();
        let mut machine = Automaton::new(&Typed::new(word)?, &alphabet);
        let found = machine.read(&name);
        assert_eq!(machine.read(&[name, vec![NONE; 3]].concat()), found, "{word} with an end");
        assert!(found.is_none() || machine.can_match(), "{word}");
        found
    }

    #[test]
    fn a_word_with_a_character_that_nobody_has_matches_nobody() {
        let pinyin = Pinyin::load(&Data::embedded().file("words/surnames.toml").unwrap()).unwrap();
        let mut alphabet = Alphabet::default();
        "张三李四".chars().for_each(|letter| _ = alphabet.number(letter, &pinyin));
        let can_match = |word| Automaton::new(&Typed::new(word).unwrap(), &alphabet).can_match();
        assert!(can_match("三张") && can_match("lsi") && can_match("四四四"));
        assert!(!can_match("人") && !can_match("张人") && !can_match("zq"));
    }

    #[test]
    fn characters_pinyin_and_initials_mix() {
        for word in
            ["张三", "zs", "zhs", "zhangsan", "zhangs", "zhangsa", "zsan", "张s", "z三", "ZS", "ｚｓ", "zhang'san"]
        {
            assert_eq!(read(word, "张三"), Some(Closeness::Whole), "{word}");
            assert_eq!(read(word, "张三丰"), Some(Closeness::Edge), "{word}");
            assert_eq!(read(word, "王张三"), Some(Closeness::Inside), "{word}");
            assert_eq!(read(word, "王张三丰年"), Some(Closeness::Inside), "{word}");
        }
        for word in ["zsf", "zhangsanf", "张sfeng", "zssss", "zhas", "zzs"] {
            assert_eq!(read(word, "张三"), None, "{word}");
        }
        assert_eq!(read("三", "张三"), Some(Closeness::Inside));
        assert_eq!(read("z", ""), None);
    }

    #[test]
    fn each_reading_of_a_character_will_do() {
        for word in ["yuchi", "weichi", "yc", "wc", "yuch"] {
            assert_eq!(read(word, "尉迟"), Some(Closeness::Whole), "{word}");
        }
        for word in ["lv", "lu", "lü", "l"] {
            assert_eq!(read(word, "吕"), Some(Closeness::Whole), "{word}");
        }
    }

    #[test]
    fn a_syllable_may_end_in_two_places() {
        assert_eq!(read("xian", "西安"), Some(Closeness::Whole));
        assert_eq!(read("xian", "先安"), Some(Closeness::Edge));
        assert_eq!(read("xiana", "先安"), Some(Closeness::Whole));
        assert_eq!(read("zz", "张张张"), Some(Closeness::Edge));
        assert_eq!(read("zzs", "张张张三"), Some(Closeness::Inside));
    }

    #[test]
    fn names_of_other_nations_are_found_with_or_without_the_dot() {
        assert_eq!(read("阿里木买", "阿里木·买买提"), Some(Closeness::Edge));
        assert_eq!(read("阿里木·买", "阿里木买买提"), Some(Closeness::Edge));
        assert_eq!(read("lim", "Li明"), Some(Closeness::Whole));
    }
}
