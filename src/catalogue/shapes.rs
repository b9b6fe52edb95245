//! Shapes of texts: numbers of a fixed length, and people's names.

use std::borrow::Cow;

use serde::Deserialize;

use crate::data::{BadData, DataFile};
use crate::domain::person_name::{self, is_joint};
use crate::domain::text::{fold, folded};
use crate::domain::{Value, id_number};

use super::read::{Doubt, Reading, Refused};

/// The shape that a field's words have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// So many digits.
    Digits(u8),
    /// A person's name: one of the village's, which is doubted where it does not look like one, or whoever signs.
    Name {
        /// Whether it is doubted.
        doubted: bool,
    },
}

/// What is odd about a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OddName {
    /// A digit stands in it.
    #[error("姓名里有数字，请核对")]
    Digit,
    /// A sign stands in it that no name has.
    #[error("姓名里有“{0}”，请核对")]
    Sign(char),
    /// There seem to be two.
    #[error("像是几个人的姓名，一格应只写一个人")]
    Several,
    /// It begins as notes and signatures do.
    #[error("像是说明或签字，不像姓名")]
    Note,
    /// It is longer than names are.
    #[error("姓名太长，请核对")]
    Long,
}

/// By what names are told from what strays into their column.
#[derive(Clone, Debug, Default)]
pub struct NameWords {
    notes: Vec<Box<str>>,
    signs: Vec<char>,
    between: Vec<char>,
    surnames: Vec<char>,
    unnamed: Vec<Box<str>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesShape {
    notes: Vec<String>,
    signs: String,
    between: String,
    surnames: String,
    unnamed: Vec<Box<str>>,
}

/// From so many digits on a text is somebody's number, and no name.
const NUMBER: usize = 6;

/// The longest name, in characters of which those of Latin letters count a third.
const LONGEST: usize = 20;

/// A number of so many digits, as it was meant: half-width, without what a spreadsheet adds to it.
pub fn digits(wanted: u8, text: &str) -> Result<String, Refused> {
    let number = tidy_number(text);
    let is_one = number.len() == usize::from(wanted) && number.bytes().all(|b| b.is_ascii_digit());
    if is_one { Ok(number.into_owned()) } else { Err(Refused::Digits { wanted, found: number.chars().count() }) }
}

/// A number without spaces, and without the `.0` of a spreadsheet that took it for a quantity.
pub fn tidy_number(text: &str) -> Cow<'_, str> {
    let number = id_number::tidy(text);
    let whole =
        number.split_once('.').filter(|(whole, fraction)| !whole.is_empty() && fraction.bytes().all(|b| b == b'0'));
    match whole.map(|(whole, _)| whole.len()) {
        Some(length) => number[..length].to_owned().into(),
        None => number,
    }
}

/// A name as it is kept, with what is odd about it; a number is none.
pub(super) fn name(words: &NameWords, doubted: bool, text: &str) -> Result<Reading, Refused> {
    let name = person_name::kept(text);
    if !doubted {
        return Ok(Reading { value: Value::text(&name), doubt: None });
    }
    if name.bytes().filter(u8::is_ascii_digit).count() >= NUMBER {
        return Err(Refused::NameIsNumber);
    }
    let doubt = words.odd(&name).map(Doubt::Name);
    Ok(Reading { value: Value::text(&name), doubt })
}

impl NameWords {
    /// Reads the words.
    pub(super) fn load(file: &DataFile) -> Result<Self, BadData> {
        let shape: NamesShape = file.read()?;
        Ok(Self {
            notes: shape.notes.iter().map(|note| fold(note).into()).collect(),
            signs: shape.signs.chars().collect(),
            between: shape.between.chars().collect(),
            surnames: shape.surnames.chars().collect(),
            unnamed: shape.unnamed,
        })
    }

    /// What is odd about a name.
    pub fn odd(&self, name: &str) -> Option<OddName> {
        if name.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) && name.chars().count() <= 4 {
            return self.is_note(name).then_some(OddName::Note);
        }
        if self.is_note(name) {
            return Some(OddName::Note);
        }
        if name.bytes().any(|b| b.is_ascii_digit()) {
            return Some(OddName::Digit);
        }
        if name.contains(|c| self.between.contains(&c)) || self.are_several(name) {
            return Some(OddName::Several);
        }
        if let Some(sign) = name.chars().find(|c| self.signs.contains(c)) {
            return Some(OddName::Sign(sign));
        }
        let latin = name.chars().filter(char::is_ascii).count();
        (name.chars().count() - latin + latin / 3 > LONGEST).then_some(OddName::Long)
    }

    /// Whether a name stands for one that is not given yet.
    pub fn is_unnamed(&self, name: &str) -> bool {
        let name = person_name::key(name);
        self.unnamed.iter().any(|unnamed| name.ends_with(&**unnamed))
    }

    fn is_note(&self, name: &str) -> bool {
        let name = folded(name);
        self.notes.iter().any(|note| name.starts_with(&**note))
    }

    /// Whether parts of two or three characters each begin with a surname.
    fn are_several(&self, name: &str) -> bool {
        let mut parts = name.split(is_joint).peekable();
        let is_whole = |part: &str| {
            (2..=3).contains(&part.chars().count()) && part.chars().next().is_some_and(|c| self.surnames.contains(&c))
        };
        name.contains(' ') && parts.peek().is_some() && parts.all(is_whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::data::Data;

    fn read(path: &str, text: &str) -> Result<Reading, Refused> {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let (_, field) = catalogue.named(path).unwrap();
        catalogue.read(field, text)
    }

    #[test]
    fn a_number_is_so_many_digits_however_it_was_spoiled() {
        for text in [
            "4199991012010001",
            "4199991012010001.0",
            "4199991012010001.00",
            "４１９９９９１０１２０１０００１",
            "'4199991012010001",
            "\u{202d}4199991012010001\u{202c}",
            "4199 9910 1201 0001",
            "\u{feff}419999\u{200b}1012010001\t",
        ] {
            assert_eq!(read("address.national_number", text).unwrap().value, Value::text("4199991012010001"), "{text}");
        }
        for text in [
            "419999101201001",
            "41999910120100010",
            "4199991012010001.5",
            "419999101201OOO1",
            "户4199991012010001",
            "419999101201-0001",
        ] {
            assert!(matches!(read("address.national_number", text), Err(Refused::Digits { wanted: 16, .. })), "{text}");
        }
        let refused = read("members.person_number", "3").unwrap_err();
        assert_eq!(refused.to_string(), "应为18位数字，现为1位");
    }

    #[test]
    fn names_that_are_none_are_doubted_and_numbers_refused() {
        for (text, odd) in [
            ("王?", OddName::Sign('?')),
            ("王？", OddName::Sign('?')),
            ("张三2", OddName::Digit),
            ("张三、李四", OddName::Several),
            ("张三/李四", OddName::Several),
            ("张三 李秀英", OddName::Several),
            ("张三\n李四", OddName::Several),
            ("以下空白", OddName::Note),
            ("审核人：王五", OddName::Note),
            ("合计", OddName::Note),
        ] {
            let reading = read("members.name", text).unwrap();
            assert_eq!(reading.doubt, Some(Doubt::Name(odd)), "{text}");
            assert!(reading.value.is_some());
        }
        for text in ["419999196808208852", "13812340003", "１３８１２３４０００３"] {
            assert_eq!(read("members.name", text).unwrap_err(), Refused::NameIsNumber);
        }
        for text in [
            "张三",
            "欧阳娜娜",
            "阿卜杜拉·买买提",
            "阿卜杜拉 买买提",
            "Maria Lopez",
            "㛃\u{e82c}",
            "李〇",
            "张\u{3000}三",
            "古丽娜尔·艾合买提江",
        ] {
            assert_eq!(read("members.name", text).unwrap().doubt, None, "{text}");
        }
    }
}
