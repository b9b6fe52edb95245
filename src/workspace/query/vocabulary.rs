//! The words that are conditions, as `data/words/filters.toml` lists them.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::filter::{Compare, Flag, Number, Test};
use crate::data::{BadData, DataFile};
use crate::domain::text::fold;

/// All words that are conditions, with what they ask.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Words that are conditions by themselves, as they are folded.
    filters: HashMap<Box<str>, Test>,
    /// Words that a comparison follows.
    measures: HashMap<Box<str>, Measure>,
    /// Signs and words of comparison, longest first.
    compares: Vec<(Box<str>, Compare)>,
    negations: Vec<Box<str>>,
    /// What is offered while typing: every condition once, in the order of the file.
    pub(super) offered: Vec<Offer>,
}

/// What can be compared.
#[derive(Clone, Debug)]
pub(super) struct Measure {
    pub word: Box<str>,
    pub example: Box<str>,
    pub what: Measured,
}

/// What a measure reads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Measured {
    Number(Number),
    Group,
}

/// A condition that can be offered: a word, with its other spellings.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The word.
    pub word: Box<str>,
    /// The heading under which a list shows it.
    pub kind: Box<str>,
    /// For one that a comparison follows, how it is written.
    pub example: Option<Box<str>>,
    pub(super) spellings: Vec<Box<str>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    negations: Vec<String>,
    filter: Vec<FilterShape>,
    measure: Vec<MeasureShape>,
    compare: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilterShape {
    word: String,
    kind: String,
    #[serde(default)]
    also: Vec<String>,
    flag: Option<String>,
    #[serde(default = "yes")]
    is: bool,
    number: Option<String>,
    at_least: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeasureShape {
    word: String,
    kind: String,
    #[serde(default)]
    also: Vec<String>,
    number: Option<String>,
    #[serde(default)]
    group: bool,
    example: String,
}

const fn yes() -> bool {
    true
}

/// The signs of comparison, with the ways in which a keyboard or an input method writes them.
const SIGNS: [(&str, Compare); 10] = [
    ("<=", Compare::AtMost),
    ("≤", Compare::AtMost),
    (">=", Compare::AtLeast),
    ("≥", Compare::AtLeast),
    ("!=", Compare::Other),
    ("≠", Compare::Other),
    ("<", Compare::Less),
    (">", Compare::More),
    ("=", Compare::Equal),
    (":", Compare::Equal),
];

impl Vocabulary {
    /// Reads the words, and refuses one that stands twice or asks for what the program does not know.
    pub fn load(file: &DataFile) -> Result<Self, BadData> {
        let shape: Shape = file.read()?;
        let bad = |text: &str, why: String| BadData { file: file.path.clone(), line: file.line_of(text), why };
        let mut all = Self {
            filters: HashMap::new(),
            measures: HashMap::new(),
            compares: SIGNS.into_iter().map(|(sign, compare)| (sign.into(), compare)).collect(),
            negations: shape.negations.iter().map(|word| fold(word).into()).collect(),
            offered: Vec::new(),
        };
        for FilterShape { word, kind, also, flag, is, number, at_least } in shape.filter {
            let unknown = |id: &str| bad(&format!("\"{id}\""), format!("“{word}”：程序不认识 {id}"));
            let test = match (flag, number, at_least) {
                (Some(id), None, None) => Test::Flag(Flag::named(&id).ok_or_else(|| unknown(&id))?, is),
                (None, Some(id), Some(least)) if is => {
                    Test::Number(Number::named(&id).ok_or_else(|| unknown(&id))?, Compare::AtLeast, least)
                }
                _ => return Err(bad(&word, format!("“{word}”应写 flag（可加 is），或 number 和 at_least"))),
            };
            let spellings = spellings(&word, &also);
            for spelling in &spellings {
                if all.filters.insert(spelling.clone(), test.clone()).is_some() {
                    return Err(bad(spelling, format!("“{spelling}”出现两次")));
                }
            }
            all.offered.push(Offer { word: word.into(), kind: kind.into(), spellings, example: None });
        }
        for MeasureShape { word, kind, also, number, group, example } in shape.measure {
            let what = match (number, group) {
                (Some(id), false) => Measured::Number(
                    Number::named(&id)
                        .ok_or_else(|| bad(&format!("\"{id}\""), format!("“{word}”：程序不认识 {id}")))?,
                ),
                (None, true) => Measured::Group,
                _ => return Err(bad(&word, format!("“{word}”应写 number 或 group = true"))),
            };
            let spellings = spellings(&word, &also);
            for spelling in &spellings {
                let measure = Measure { word: word.as_str().into(), example: example.as_str().into(), what };
                if all.measures.insert(spelling.clone(), measure).is_some() {
                    return Err(bad(spelling, format!("“{spelling}”出现两次")));
                }
            }
            all.offered.push(Offer { word: word.into(), kind: kind.into(), spellings, example: Some(example.into()) });
        }
        for (sign, words) in shape.compare {
            let Some((_, compare)) = SIGNS.iter().find(|(known, _)| *known == sign) else {
                return Err(bad(&format!("\"{sign}\""), format!("没有“{sign}”这种比较")));
            };
            all.compares.extend(words.iter().map(|word| (fold(word).into(), *compare)));
        }
        all.compares.sort_by_key(|(sign, _)| std::cmp::Reverse(sign.len()));
        Ok(all)
    }

    /// Every condition once, in the order of the file.
    pub fn offers(&self) -> &[Offer] {
        &self.offered
    }

    /// What a whole folded word asks, if it is a condition; the flag says whether a word of negation stands in front.
    pub(super) fn filter(&self, word: &str) -> Option<(Test, bool)> {
        if let Some(test) = self.filters.get(word) {
            return Some((test.clone(), false));
        }
        let mut stems = self.negations.iter().filter_map(|negation| word.strip_prefix(&**negation));
        stems.find_map(|stem| self.filters.get(stem)).map(|test| (test.clone(), true))
    }

    /// What can be compared and is called so.
    pub(super) fn measure(&self, word: &str) -> Option<&Measure> {
        self.measures.get(word)
    }

    /// The first sign of comparison in a folded word, with what stands before and behind it; a word of comparison
    /// counts only behind something that can be compared.
    pub(super) fn comparison<'a>(&self, word: &'a str) -> Option<(&'a str, Compare, &'a str)> {
        let of_sign = |(sign, compare): &(Box<str>, Compare)| {
            let at = word.find(&**sign)?;
            let (before, behind) = (&word[..at], &word[at + sign.len()..]);
            let is_sign = SIGNS.iter().any(|(known, _)| *known == &**sign);
            (is_sign || self.measures.contains_key(before)).then_some((before, *compare, behind))
        };
        // The leftmost; of those at one place the longest, which stands first.
        self.compares.iter().filter_map(of_sign).min_by_key(|(before, _, _)| before.len())
    }

    /// Whether a word goes on into the next one: `人均 < 6900` is one condition.
    pub(super) fn goes_on(&self, word: &str, next: &str) -> bool {
        let is_open = |word: &str| word == "!" || self.comparison(word).is_some_and(|(_, _, behind)| behind.is_empty());
        let joined = format!("{word}{next}");
        let starts = self.comparison(next).is_some_and(|(before, _, _)| before.is_empty());
        let starts_in_words = self.measures.contains_key(word) && self.comparison(&joined).is_some();
        is_open(word) || starts || starts_in_words
    }

    /// Everything that can be compared, once each.
    pub(super) fn measures(&self) -> impl Iterator<Item = &str> {
        self.offered.iter().filter(|offer| offer.example.is_some()).map(|offer| &*offer.word)
    }
}

fn spellings(word: &str, also: &[String]) -> Vec<Box<str>> {
    std::iter::once(word).chain(also.iter().map(String::as_str)).map(|word| fold(word).to_lowercase().into()).collect()
}
