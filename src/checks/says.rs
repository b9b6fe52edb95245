//! What a check says, with places for the figures that matter.

use crate::domain::Name;

use super::condition::{Number, Unit};
use super::resolve::Resolver;
use super::rows::Rows;

/// One piece of what is said.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Words as they stand.
    Words(Box<str>),
    /// What the file holds in a field.
    Field(Name, Name),
    /// A number that is worked out: an age, how many people.
    Number(Number, Unit),
    /// A figure of the policy, by its number.
    Figure(usize),
    /// What a rule of code says under this name.
    Told(Box<str>),
}

/// A message with its places.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Says {
    /// Its pieces in order.
    pub pieces: Vec<Piece>,
}

impl Says {
    /// What it says whatever the file holds: `…` stands for the figures. Blank where it has no words of its own.
    pub fn in_general(&self) -> String {
        let words = |piece: &Piece| if let Piece::Words(words) = piece { words.to_string() } else { "…".to_owned() };
        let says: String = self.pieces.iter().map(words).collect();
        if says.chars().any(char::is_alphanumeric) { says } else { String::new() }
    }

    /// Reads `人均{income.per_person}元，低于{@line}元`.
    pub(super) fn read(text: &str, each: Rows, of_rule: bool, resolver: &mut Resolver<'_>) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let end = rest[open..].find('}').ok_or_else(|| "花括号没有合上".to_owned())?;
            if open > 0 {
                pieces.push(Piece::Words(rest[..open].into()));
            }
            pieces.push(piece(&rest[open + 1..open + end], each, of_rule, resolver)?);
            rest = &rest[open + end + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.into()));
        }
        if pieces.is_empty() { Err("says 是空的".to_owned()) } else { Ok(Self { pieces }) }
    }
}

fn piece(inner: &str, each: Rows, of_rule: bool, resolver: &mut Resolver<'_>) -> Result<Piece, String> {
    if let Some(figure) = inner.strip_prefix('@') {
        return Ok(Piece::Figure(resolver.figure(figure)?.0));
    }
    if let Some((section, field)) = resolver.catalogue.named(inner) {
        return Ok(Piece::Field(section.id, field.id));
    }
    if of_rule {
        return Ok(Piece::Told(inner.into()));
    }
    let (number, unit) = resolver.number(&super::syntax::parse(inner)?, each)?;
    Ok(Piece::Number(number, unit.unwrap_or(Unit::Plain)))
}
