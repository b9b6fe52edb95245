//! The figures of `[figures]`, which checks name: numbers, and days.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::domain::Quantity;

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
