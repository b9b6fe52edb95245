//! What a field can hold.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::date::PartialDate;
use super::money::{Money, Quantity};
use super::name::Name;

/// One value of one field. A field without a value is unknown, which differs from no and from zero.
///
/// Tagged by kind on disk and in change sets, so that a line can be read without the definitions in `data/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Words, and numbers that are not counted with: phones, bank cards, ID numbers.
    Text(Box<str>),
    /// One entry of a code list.
    Code(Code),
    /// Several entries of a code list, in the order given.
    Codes(Vec<Code>),
    /// 是 or 否.
    YesNo(bool),
    /// Whole fen.
    Fen(Money),
    /// A quantity in ten-thousandths of the field's unit.
    Quantity(Quantity),
    /// A date as far as it is known.
    Date(PartialDate),
    /// What a file held and nobody can use, such as an ID number whose last digits a spreadsheet lost.
    Unusable(Box<str>),
}

/// An entry of a code list by its id, or a label that the list does not have, kept as it stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Code(Name);

impl Code {
    /// The entry with this id.
    pub const fn listed(id: Name) -> Self {
        Self(id)
    }

    /// A label that stood in a file and is in no list.
    pub fn unlisted(label: &str) -> Self {
        Self(Name::new(&format!("?{label}")))
    }

    /// The id, where the list has the entry.
    pub fn id(self) -> Option<Name> {
        (!self.0.as_str().starts_with('?')).then_some(self.0)
    }

    /// The label as it stood, where no list has it.
    pub fn unlisted_label(self) -> Option<&'static str> {
        self.0.as_str().strip_prefix('?')
    }

    /// Whether this is the entry with the given id.
    pub fn is(self, id: Name) -> bool {
        self.0 == id
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.unlisted_label().unwrap_or(self.0.as_str()))
    }
}

impl Value {
    /// Words as a value; empty ones are none.
    pub fn text(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::Text(text.into()))
    }

    /// A listed code as a value.
    pub const fn code(id: Name) -> Self {
        Self::Code(Code::listed(id))
    }

    /// The words.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The code.
    pub fn as_code(&self) -> Option<Code> {
        if let Self::Code(code) = self { Some(*code) } else { None }
    }

    /// The codes; one code counts as a list of one.
    pub fn as_codes(&self) -> &[Code] {
        match self {
            Self::Code(code) => std::slice::from_ref(code),
            Self::Codes(codes) => codes,
            _ => &[],
        }
    }

    /// Yes or no.
    pub fn as_yes_no(&self) -> Option<bool> {
        if let Self::YesNo(yes) = self { Some(*yes) } else { None }
    }

    /// The amount in fen.
    pub fn as_money(&self) -> Option<Money> {
        if let Self::Fen(money) = self { Some(*money) } else { None }
    }

    /// The quantity.
    pub fn as_quantity(&self) -> Option<Quantity> {
        if let Self::Quantity(quantity) = self { Some(*quantity) } else { None }
    }

    /// The date.
    pub fn as_date(&self) -> Option<PartialDate> {
        if let Self::Date(date) = self { Some(*date) } else { None }
    }
}
