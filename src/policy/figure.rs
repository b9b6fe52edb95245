//! What a policy file states: numbers, days and lists of names, each with its source.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::domain::{Name, Quantity};

/// A figure that checks name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A number, or an amount in yuan.
    Number(Quantity),
    /// A day.
    Day(NaiveDate),
}

impl Figure {
    /// As checks reckon with it: a number in ten-thousandths, a day counted from the common era.
    pub fn reckoned(self) -> i64 {
        match self {
            Self::Number(number) => number.0,
            Self::Day(day) => day.num_days_from_ce().into(),
        }
    }

    /// The whole number that it is; none for a day.
    pub fn as_whole(self) -> Option<i64> {
        if let Self::Number(number) = self { number.as_whole() } else { None }
    }

    /// The day that it is; none for a number.
    pub const fn as_day(self) -> Option<NaiveDate> {
        if let Self::Day(day) = self { Some(day) } else { None }
    }

    /// Whether it is a day.
    pub const fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// What a layer states under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// What it is.
    pub held: Held,
    /// Where it comes from; empty where the file does not say.
    pub source: Box<str>,
}

/// A figure, or a list of names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// A number or a day.
    Figure(Figure),
    /// Names: of facts, of checks, of kinds of field.
    Names(Vec<Name>),
}

impl Held {
    /// The figure that it is; none for a list.
    pub const fn as_figure(&self) -> Option<Figure> {
        if let Self::Figure(figure) = self { Some(*figure) } else { None }
    }

    /// The names that it is; none for a figure.
    pub fn as_names(&self) -> &[Name] {
        if let Self::Names(names) = self { names } else { &[] }
    }
}
