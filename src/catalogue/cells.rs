//! Cells in which somebody wrote that there is nothing to say.

use serde::Deserialize;

use crate::data::{BadData, DataFile};
use crate::domain::text::{clean, fold};

use super::section::{Field, FieldKind};
use super::{Catalogue, read};

/// The signs and words of a blank.
#[derive(Clone, Debug, Default)]
pub struct Blanks {
    signs: Vec<char>,
    none: Vec<Box<str>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlanksShape {
    blank: String,
    none: Vec<String>,
}

impl Blanks {
    /// Reads the signs and words.
    pub(super) fn load(file: &DataFile) -> Result<Self, BadData> {
        let shape: BlanksShape = file.read()?;
        Ok(Self {
            signs: shape.blank.chars().collect(),
            none: shape.none.iter().map(|word| fold(word).into()).collect(),
        })
    }

    /// Whether there is nothing but signs of a blank.
    pub fn is_sign(&self, text: &str) -> bool {
        let may_be = text.chars().next().is_some_and(|first| self.signs.contains(&first));
        may_be && text.chars().all(|c| self.signs.contains(&c) || c.is_whitespace())
    }
}

impl Catalogue {
    /// Whether a cell says that there is nothing: `/`, `—` or `无`, where that is no answer of the field's own.
    pub fn says_nothing(&self, field: &Field, text: &str) -> bool {
        // Hardly a cell is as short as these, and begins so.
        if text.len() > LONGEST {
            return false;
        }
        let text = clean(text);
        let is_answer = match field.kind {
            FieldKind::Code | FieldKind::Codes => self.list_of(field).is_some_and(|list| list.has(text)),
            FieldKind::YesNo => read::yes_no(text).is_some(),
            _ => false,
        };
        if is_answer {
            return false;
        }
        let names_or_counts = match field.kind {
            FieldKind::Text => field.shape.is_some(),
            kind => !matches!(kind, FieldKind::Code | FieldKind::Codes | FieldKind::YesNo),
        };
        self.blanks.is_sign(text) || names_or_counts && self.blanks.none.iter().any(|none| **none == *fold(text))
    }

    /// The signs that are a blank in any column.
    pub fn blanks(&self) -> &Blanks {
        &self.blanks
    }
}

/// The longest text, in bytes, that may be a blank.
const LONGEST: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;

    #[test]
    fn a_sign_in_a_blanks_place_is_a_blank_and_a_word_where_it_is_no_answer() {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let blank = |path: &str, text: &str| catalogue.says_nothing(catalogue.named(path).unwrap().1, text);
        for path in [
            "income.wages",
            "members.id_number",
            "address.phone",
            "members.birth_date",
            "members.name",
            "members.health",
        ] {
            for sign in ["/", "-", "—", "——", "--", "－", "\\", " / ", "\u{202d}/"] {
                assert!(blank(path, sign), "{path} {sign}");
            }
        }
        for path in ["income.wages", "members.id_number", "address.bank_card", "members.birth_date", "members.name"] {
            assert!(blank(path, "无"), "{path}");
        }
        assert!(!blank("case.target", "无"), "the list has it");
        assert!(!blank("housing.dangerous", "无"), "no is an answer");
        assert!(!blank("members.note", "无"), "words are kept as they stand");
        assert!(!blank("income.wages", "0") && !blank("income.wages", "-5") && !blank("address.group", "一"));
    }
}
