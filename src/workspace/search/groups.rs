//! Groups and house numbers, however they are written: 三组, 3组 and 第三村民小组 are one.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::typed::{Closeness, folded};
use crate::data::{BadData, DataFile};
use crate::domain::Summary;
use crate::domain::natural::{Part, natural_key, parts};

/// How groups and house numbers may be written, from `data/words/groups.toml`.
#[derive(Clone, Debug)]
pub struct Groups {
    ordinal: String,
    /// Longest first.
    same: Vec<(String, String)>,
    /// Longest first.
    house_endings: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    ordinal: String,
    same: BTreeMap<String, String>,
    house: House,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct House {
    endings: Vec<String>,
}

impl Groups {
    /// Reads the definitions.
    pub fn load(file: &DataFile) -> Result<Self, BadData> {
        let shape: Shape = file.read()?;
        let mut same: Vec<_> = shape.same.into_iter().collect();
        same.sort_by_key(|(long, _)| std::cmp::Reverse(long.len()));
        let mut house_endings = shape.house.endings;
        house_endings.sort_by_key(|ending| std::cmp::Reverse(ending.len()));
        Ok(Self { ordinal: shape.ordinal, same, house_endings })
    }

    /// The one way in which a group's name is written here: `3组`, `东湾2组`.
    pub fn normal(&self, group: &str) -> String {
        let mut name = folded(group);
        for (long, short) in &self.same {
            if let Some(stem) = name.strip_suffix(long.as_str()) {
                name = format!("{stem}{short}");
                break;
            }
        }
        let parts = parts(&name);
        let mut normal = String::new();
        for (at, part) in parts.iter().enumerate() {
            match part {
                Part::Number(digits) => normal.push_str(digits),
                Part::Text(text) => {
                    let before_number = matches!(parts.get(at + 1), Some(Part::Number(_)));
                    let ordinal = before_number.then(|| text.strip_suffix(self.ordinal.as_str())).flatten();
                    normal.push_str(ordinal.unwrap_or(text));
                }
            }
        }
        normal
    }

    /// The number in a house number: 17 for `17号`, 3 for `3-2`.
    pub fn house(&self, text: &str) -> Option<u32> {
        parts(&folded(text)).into_iter().find_map(|part| match part {
            Part::Number(digits) => digits.parse().ok(),
            Part::Text(_) => None,
        })
    }

    /// The house number that a typed word names by its ending: 17 for `17号`.
    pub fn typed_house(&self, word: &str) -> Option<u32> {
        let number = self.house_endings.iter().find_map(|ending| word.strip_suffix(ending.as_str()))?;
        match parts(number).as_slice() {
            [Part::Number(digits)] => digits.parse().ok(),
            _ => None,
        }
    }

    /// A key that puts households in the order in which one walks: village, group, house number, household number;
    /// what is missing comes last.
    pub fn natural_key(&self, summary: &Summary) -> Box<[u8]> {
        let mut key = summary.id.village.number().to_be_bytes().to_vec();
        let number = summary.number();
        for part in [
            summary.group.as_deref().map(|group| self.normal(group)),
            summary.house_number.as_deref().map(folded),
            Some(number),
        ] {
            match part {
                Some(part) => {
                    key.extend(natural_key(&part));
                    key.push(0);
                }
                None => key.push(u8::MAX),
            }
        }
        key.extend(summary.id.serial.to_be_bytes());
        key.into()
    }
}

/// Whether a typed group means a group, both in their [normal](Groups::normal) form.
///
/// A number alone means the group with that number; other words have to stand in the name, with no number cut in two.
pub fn means(typed: &str, group: &str) -> Option<Closeness> {
    if typed.is_empty() {
        return None;
    }
    if typed.bytes().all(|b| b.is_ascii_digit()) {
        let numbered = parts(group).contains(&Part::Number(typed.to_owned()));
        return numbered.then_some(Closeness::Whole);
    }
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let (first, last) = (digit(typed.chars().next()), digit(typed.chars().next_back()));
    let at = group.match_indices(typed).map(|(at, _)| at).find(|at| {
        let (before, after) = (&group[..*at], &group[at + typed.len()..]);
        let cuts = first && digit(before.chars().next_back()) || last && digit(after.chars().next());
        !cuts
    })?;
    Some(if typed == group {
        Closeness::Whole
    } else if at == 0 {
        Closeness::Edge
    } else {
        Closeness::Inside
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    fn shipped() -> Groups {
        Groups::load(&Data::embedded().file("words/groups.toml").unwrap()).unwrap()
    }

    #[test]
    fn one_group_has_many_spellings() {
        let groups = shipped();
        for (written, normal) in [
            ("三组", "3组"),
            ("3组", "3组"),
            ("第三村民小组", "3组"),
            ("３ 组", "3组"),
            ("第十二组", "12组"),
            ("东湾第二小组", "东湾2组"),
            ("石桥村三组", "石桥村3组"),
            ("第五生产队", "5队"),
            ("东湾", "东湾"),
            ("第一", "1"),
        ] {
            assert_eq!(groups.normal(written), normal, "{written}");
        }
    }

    #[test]
    fn a_typed_group_never_cuts_a_number_in_two() {
        for (typed, group, found) in [
            ("3组", "3组", Some(Closeness::Whole)),
            ("3组", "13组", None),
            ("3组", "石桥村3组", Some(Closeness::Inside)),
            ("东湾", "东湾2组", Some(Closeness::Edge)),
            ("东湾1", "东湾12组", None),
            ("3", "3组", Some(Closeness::Whole)),
            ("3", "东湾3组", Some(Closeness::Whole)),
            ("3", "13组", None),
            ("", "3组", None),
        ] {
            assert_eq!(means(typed, group), found, "{typed} {group}");
        }
    }

    #[test]
    fn house_numbers_are_their_first_number() {
        let groups = shipped();
        assert_eq!(groups.house("17号"), Some(17));
        assert_eq!(groups.house("３-2"), Some(3));
        assert_eq!(groups.house("东头"), None);
        assert_eq!(groups.typed_house("17号"), Some(17));
        assert_eq!(groups.typed_house("十七号院"), Some(17));
        assert_eq!(groups.typed_house("17"), None);
        assert_eq!(groups.typed_house("东头17号"), None);
    }
}
