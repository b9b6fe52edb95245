//! A condition as it is evaluated: every name found, every type known, every figure numbered.

use crate::domain::Name;

use super::columns::Column;
use super::rows::Rows;

/// Yes, no, or unknown of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A column that holds yes or no.
    Flag(Source),
    /// The field holds nothing.
    Empty(Source),
    /// One code of these, by their places in the list.
    In(Source, u128),
    /// Several codes, among them this one.
    Has(Source, u32),
    /// Two numbers, amounts or dates compared.
    Compare(Number, Order, Number),
    /// Not.
    Not(Box<Condition>),
    /// All of them.
    And(Vec<Condition>),
    /// One of them.
    Or(Vec<Condition>),
    /// At least one row within.
    Any(Rows, Box<Condition>),
    /// Every row within, and there is one.
    All(Rows, Box<Condition>),
}

/// How two are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
}

/// A number in ten-thousandths, an amount in fen, or a day counted from the common era.
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// Always the same.
    Fixed(i64),
    /// A figure of the policy, by its place among those that the checks name, as it counts in this unit.
    Figure(usize, Unit),
    /// A column.
    Column(Source, Unit),
    /// The day on which one looks.
    Today,
    /// The first day of its month.
    MonthStart,
    /// The sum.
    Plus(Box<Number>, Box<Number>),
    /// The difference.
    Minus(Box<Number>, Box<Number>),
    /// So many times.
    Times(Box<Number>, Box<Number>),
    /// Without its sign.
    Abs(Box<Number>),
    /// The first, or the second where the first is unknown.
    Else(Box<Number>, Box<Number>),
    /// A date moved by a number of days, months or years.
    Moved(Box<Number>, Box<Number>, Span),
    /// How many rows within.
    Count(Rows, Box<Condition>),
}

/// In what a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Ten-thousandths.
    Plain,
    /// Fen.
    Money,
    /// Days.
    Date,
}

/// By what a date is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Days, forward or back.
    Days(i64),
    /// Months, forward or back.
    Months(i64),
}

/// Where a column is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The rows that have it.
    pub rows: Rows,
    /// Its place among their columns.
    pub column: usize,
}

/// What a condition reads of a file: the fields, and whether of all rows within or of the row's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Section and field.
    pub fields: Vec<(Name, Name)>,
}

impl Condition {
    /// The columns that it looks at, in the order in which they are named.
    pub fn sources(&self) -> Vec<Source> {
        let mut all = Vec::new();
        self.collect(&mut all);
        all
    }

    fn collect(&self, all: &mut Vec<Source>) {
        match self {
            Self::Flag(source) | Self::Empty(source) | Self::In(source, _) | Self::Has(source, _) => all.push(*source),
            Self::Compare(left, _, right) => {
                left.collect(all);
                right.collect(all);
            }
            Self::Not(inner) | Self::Any(_, inner) | Self::All(_, inner) => inner.collect(all),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.collect(all)),
        }
    }
}

impl Number {
    fn collect(&self, all: &mut Vec<Source>) {
        match self {
            Self::Column(source, _) => all.push(*source),
            Self::Plus(a, b) | Self::Minus(a, b) | Self::Times(a, b) | Self::Else(a, b) | Self::Moved(a, b, _) => {
                a.collect(all);
                b.collect(all);
            }
            Self::Abs(inner) => inner.collect(all),
            Self::Count(_, condition) => condition.collect(all),
            Self::Fixed(_) | Self::Figure(..) | Self::Today | Self::MonthStart => {}
        }
    }
}

impl Reads {
    /// The fields behind columns.
    pub fn of<'a>(columns: impl Iterator<Item = &'a Column>) -> Self {
        let mut fields: Vec<(Name, Name)> = Vec::new();
        for column in columns {
            for field in column.fields() {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        Self { fields }
    }
}
