//! A word as it was typed for a name: characters, full pinyin, initials, or all of these mixed, in any case.
//!
//! A word matches where it can be cut into pieces, one a character in turn. A piece is the character itself, or one of
//! its readings whole, by its initial (`zh`) or by its first letter; the last piece may be any beginning of a reading.
//! So `zs`, `zhangs`, `张s` and `zhsan` all find 张三. Letters that are not Chinese stand for themselves.

use unicode_normalization::UnicodeNormalization;

use super::alphabet::Alphabet;
use crate::workspace::pinyin::Pinyin;

/// How much of a name a word covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
pub fn folded(text: &str) -> impl Iterator<Item = char> {
    let ignored =
        |c: &char| c.is_whitespace() || c.is_control() || matches!(c, '·' | '•' | '・' | '‧' | '.' | '\'' | '’');
    text.nfkc().filter(move |c| !ignored(c)).flat_map(char::to_lowercase)
}

/// A typed word.
#[derive(Clone, Debug)]
pub struct Typed {
    letters: Vec<char>,
}

impl Typed {
    /// Takes a word; none if nothing of it is left, or too much.
    pub fn new(word: &str) -> Option<Self> {
        let letters: Vec<char> = folded(word).collect();
        (1..=MOST).contains(&letters.len()).then_some(Self { letters })
    }

    /// How many letters were typed.
    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// The bit that says that everything typed is used up.
    pub fn end(&self) -> u64 {
        1 << self.letters.len()
    }

    /// Adds how far one character leads from each place in the word: bit `n` of entry `from` is set where the letters
    /// `from..n` are a piece of it. Adds nothing and says so where it leads nowhere.
    pub fn add_steps(&self, letter: char, readings: &[Box<str>], steps: &mut Vec<u64>) -> bool {
        let before = steps.len();
        let mut leads = false;
        for (from, first) in self.letters.iter().enumerate() {
            let mut ends = u64::from(*first == letter) << (from + 1);
            for reading in readings.iter().filter(|reading| reading.starts_with(*first)) {
                ends |= self.pieces(from, reading);
            }
            leads |= ends != 0;
            steps.push(ends);
        }
        if !leads {
            steps.truncate(before);
        }
        leads
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

    /// Whether the word is used up within the first characters of a text, and if so, whether by all of them.
    ///
    /// `steps` gives what [`add_steps`](Self::add_steps) added for a character.
    pub fn begins<'a, C: Copy>(&self, text: &[C], steps: impl Fn(C) -> Option<&'a [u64]>) -> Option<Closeness> {
        let (mut places, mut found) = (1_u64, None);
        for (nth, letter) in text.iter().enumerate() {
            let Some(steps) = steps(*letter) else { return found };
            let mut reached = 0;
            let mut left = places;
            while left != 0 {
                let from = left.trailing_zeros() as usize;
                left &= left - 1;
                reached |= steps.get(from).copied().unwrap_or(0);
            }
            if reached & self.end() != 0 {
                found = Some(if nth + 1 == text.len() { Closeness::Whole } else { Closeness::Edge });
            }
            places = reached & !self.end();
            if places == 0 {
                return found;
            }
        }
        found
    }

    /// Whether a text begins with the word.
    pub fn begins_text(&self, text: &str, pinyin: &Pinyin) -> bool {
        let mut alphabet = Alphabet::default();
        let letters: Vec<u32> = folded(text).map(|letter| alphabet.number(letter, pinyin)).collect();
        let steps = alphabet.steps(self);
        self.begins(&letters, |letter| steps.of(letter)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    fn begins(word: &str, name: &str) -> Option<Closeness> {
        let pinyin = Pinyin::load(&Data::embedded().file("words/surnames.toml").unwrap()).unwrap();
        let typed = Typed::new(word)?;
        let name: Vec<char> = folded(name).collect();
        let mut alphabet = Alphabet::default();
        let name: Vec<u32> = name.into_iter().map(|letter| alphabet.number(letter, &pinyin)).collect();
        let steps = alphabet.steps(&typed);
        typed.begins(&name, |letter| steps.of(letter))
    }

    #[test]
    fn characters_pinyin_and_initials_mix() {
        for word in
            ["张三", "zs", "zhs", "zhangsan", "zhangs", "zhangsa", "zsan", "张s", "z三", "ZS", "ｚｓ", "zhang'san"]
        {
            assert_eq!(begins(word, "张三"), Some(Closeness::Whole), "{word}");
            assert_eq!(begins(word, "张三丰"), Some(Closeness::Edge), "{word}");
        }
        for word in ["zsf", "zhangsanf", "张sfeng", "zssss", "zhas", "zzs", "三", "s"] {
            assert_eq!(begins(word, "张三"), None, "{word}");
        }
    }

    #[test]
    fn each_reading_of_a_character_will_do() {
        for word in ["yuchi", "weichi", "yc", "wc", "yuch"] {
            assert_eq!(begins(word, "尉迟"), Some(Closeness::Whole), "{word}");
        }
        for word in ["lv", "lu", "lü", "l"] {
            assert_eq!(begins(word, "吕"), Some(Closeness::Whole), "{word}");
        }
    }

    #[test]
    fn a_syllable_may_end_in_two_places() {
        assert_eq!(begins("xian", "西安"), Some(Closeness::Whole));
        assert_eq!(begins("xian", "先安"), Some(Closeness::Edge));
        assert_eq!(begins("xiana", "先安"), Some(Closeness::Whole));
    }

    #[test]
    fn names_of_other_nations_are_found_with_or_without_the_dot() {
        assert_eq!(begins("阿里木买", "阿里木·买买提"), Some(Closeness::Edge));
        assert_eq!(begins("阿里木·买", "阿里木买买提"), Some(Closeness::Edge));
        assert_eq!(begins("lim", "Li明"), Some(Closeness::Whole));
    }

    #[test]
    fn nothing_and_too_much_match_nothing() {
        assert!(Typed::new("　· ").is_none());
        assert!(Typed::new(&"a".repeat(64)).is_none());
        assert!(Typed::new(&"a".repeat(63)).is_some());
    }
}
