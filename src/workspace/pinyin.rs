//! How Chinese names are read: every reading for finding them, one for sorting them.

use std::collections::{BTreeMap, HashMap};

use pinyin::{ToPinyin, ToPinyinMulti};
use serde::Deserialize;

use crate::data::{BadData, DataFile};

/// Readings without tones, with those of surnames from `data/words/surnames.toml`.
#[derive(Clone, Debug)]
pub struct Pinyin {
    /// The syllables by which a surname sorts.
    surnames: HashMap<Box<str>, Vec<Box<str>>>,
    /// The most characters that a listed surname has.
    longest: usize,
    /// What surnames add to the readings of a character.
    more: HashMap<char, Vec<Box<str>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    surname: BTreeMap<String, Vec<String>>,
}

impl Pinyin {
    /// Reads the surnames; a reading that has not a syllable for each character is refused.
    pub fn load(file: &DataFile) -> Result<Self, BadData> {
        let shape: Shape = file.read()?;
        let mut all = Self { surnames: HashMap::new(), longest: 0, more: HashMap::new() };
        for (surname, readings) in shape.surname {
            let length = surname.chars().count();
            for (nth, reading) in readings.iter().enumerate() {
                let syllables: Vec<Box<str>> = reading.split(' ').map(Into::into).collect();
                let lower = |syllable: &str| !syllable.is_empty() && syllable.chars().all(char::is_lowercase);
                if syllables.len() != length || !syllables.iter().all(|syllable| lower(syllable)) {
                    return Err(BadData {
                        file: file.path.clone(),
                        line: file.line_of(&format!("\"{surname}\"")),
                        why: format!("“{surname}”的读音“{reading}”应是每字一个小写音节，用空格隔开"),
                    });
                }
                for (letter, syllable) in surname.chars().zip(&syllables) {
                    all.more.entry(letter).or_default().push(syllable.clone());
                }
                if nth == 0 {
                    all.surnames.insert(surname.as_str().into(), syllables);
                }
            }
            all.longest = all.longest.max(length);
        }
        Ok(all)
    }

    /// All that may be typed for a character, each once; `lü` may be typed `lv` and `lu` too.
    pub fn readings(&self, letter: char) -> Vec<Box<str>> {
        let mut readings: Vec<Box<str>> = Vec::new();
        let mut add = |reading: &str| {
            if !readings.iter().any(|known| **known == *reading) {
                readings.push(reading.into());
            }
        };
        let listed = letter.to_pinyin_multi().into_iter().flatten().map(|reading| reading.plain());
        for reading in listed.chain(self.more.get(&letter).into_iter().flatten().map(|reading| &**reading)) {
            add(reading);
            if reading.contains('ü') {
                add(&reading.replace('ü', "v"));
                add(&reading.replace('ü', "u"));
            }
        }
        readings
    }

    /// A name's letters, each with the reading by which it sorts; none where it has no reading.
    pub fn read<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (char, Option<&'a str>)> {
        let surname = self.surname_of(name).unwrap_or_default();
        name.chars().enumerate().map(move |(at, letter)| {
            let reading = surname.get(at).map(|syllable| &**syllable);
            (letter, reading.or_else(|| letter.to_pinyin().map(|reading| reading.plain())))
        })
    }

    /// A key that sorts names by pinyin, people of one surname together.
    pub fn sort_key(&self, name: &str) -> String {
        let mut key = String::with_capacity(name.len() * 3);
        for (letter, reading) in self.read(name) {
            key.push_str(reading.unwrap_or_default());
            key.push('\u{1}');
            key.push(letter);
            key.push('\u{1}');
        }
        key
    }

    /// The syllables of the listed surname with which a name begins; a given name has to follow.
    fn surname_of(&self, name: &str) -> Option<&[Box<str>]> {
        let mut ends: Vec<usize> = name.char_indices().skip(1).take(self.longest).map(|(at, _)| at).collect();
        ends.reverse();
        ends.into_iter().find_map(|end| self.surnames.get(&name[..end])).map(Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    fn shipped() -> Pinyin {
        Pinyin::load(&Data::embedded().file("words/surnames.toml").unwrap()).unwrap()
    }

    #[test]
    fn every_reading_of_a_surname_can_be_typed() {
        let pinyin = shipped();
        for (surname, reading) in [
            ("单", "shan"),
            ("曾", "zeng"),
            ("仇", "qiu"),
            ("解", "xie"),
            ("查", "zha"),
            ("区", "ou"),
            ("盖", "ge"),
            ("朴", "piao"),
            ("黑", "he"),
            ("贠", "yun"),
            ("费", "bi"),
            ("翟", "zhai"),
            ("任", "ren"),
            ("吕", "lv"),
            ("吕", "lu"),
            ("吕", "lü"),
        ] {
            let letter = surname.chars().next().unwrap();
            assert!(pinyin.readings(letter).iter().any(|known| **known == *reading), "{surname} {reading}");
        }
        assert_eq!(pinyin.readings('解').len(), 2);
        assert!(pinyin.readings('a').is_empty());
    }

    #[test]
    fn a_surname_is_read_as_a_surname_and_only_in_front() {
        let pinyin = shipped();
        let read = |name| pinyin.read(name).filter_map(|(_, reading)| reading).collect::<Vec<_>>().join(" ");
        assert_eq!(read("单小单"), "shan xiao dan");
        assert_eq!(read("尉迟明"), "yu chi ming");
        assert_eq!(read("尉明"), "wei ming");
        assert_eq!(read("万俟春"), "mo qi chun");
        assert_eq!(read("万春"), "wan chun");
        assert_eq!(read("曾"), "ceng");
        assert_eq!(read("王会长"), "wang hui zhang");
    }

    #[test]
    fn names_sort_by_sound_and_one_surname_stays_together() {
        let pinyin = shipped();
        let mut names = ["赵山", "章丽", "张伟", "曾雨", "阿依", "张丽", "单军", "沙军", "章安", "陈军"];
        names.sort_by_key(|name| pinyin.sort_key(name));
        assert_eq!(names, ["阿依", "陈军", "沙军", "单军", "曾雨", "张丽", "张伟", "章安", "章丽", "赵山"]);
    }

    #[test]
    fn a_reading_with_a_syllable_missing_is_refused_with_its_line() {
        let file = DataFile { path: "words/surnames.toml".into(), text: "[surname]\n\"尉迟\" = [\"yu\"]\n".into() };
        let fault = Pinyin::load(&file).unwrap_err();
        assert_eq!(fault.line, Some(2));
    }
}
