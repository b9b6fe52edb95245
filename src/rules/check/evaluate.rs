//! A condition over sixty-four rows at a time, in three values: a bit for yes, a bit for no, neither where unknown.

use std::cell::Cell;

use chrono::{Datelike, Months, NaiveDate};

use crate::checks::{Condition, HouseholdFact, Number, Order, Rows, Source, Span, Unit};

use super::super::Look;
use super::sheet::{EMPTY, LEAST, NOBODY, OPAQUE, OTHERS, Sheet, Table, range, unpack};

/// How many rows a block has.
pub(super) const BLOCK: usize = 64;
/// Beyond every number on file, so that unknown is a range of everything.
const FAR: i64 = i64::MAX / 8;

/// Sixty-four rows' answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers {
    /// Rows for which it holds.
    pub(super) yes: u64,
    /// Rows for which it does not.
    pub(super) no: u64,
}

impl Answers {
    const ALL_YES: Self = Self { yes: u64::MAX, no: 0 };

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    fn and(self, other: Self) -> Self {
        Self { yes: self.yes & other.yes, no: self.no | other.no }
    }

    fn or(self, other: Self) -> Self {
        Self { yes: self.yes | other.yes, no: self.no & other.no }
    }
}

/// The least and the most that each of sixty-four numbers can be.
struct Ranges {
    low: [i64; BLOCK],
    high: [i64; BLOCK],
}

/// A sheet on a day, under the figures of a policy.
pub(super) struct Evaluation<'a> {
    sheet: &'a Sheet,
    /// By number, in ten-thousandths; none where the policy does not state it, so that nothing is concluded from it.
    pub(super) figures: &'a [Option<i64>],
    day: NaiveDate,
    /// The answers of facts that hold or do not, which many conditions ask for: by rows, fact and block.
    known: Vec<Cell<Option<Answers>>>,
    /// Where those of each kind of row begin.
    known_from: [usize; Rows::ALL.len()],
}

impl<'a> Evaluation<'a> {
    /// The sheet as one looks at it.
    pub(super) fn new(look: Look<'a>, sheet: &'a Sheet) -> Self {
        let mut known = 0;
        let known_from = Rows::ALL.map(|rows| {
            let from = known;
            known += (rows.facts().len() + HouseholdFact::ALL.len()) * sheet.table(rows).number.len().div_ceil(BLOCK);
            from
        });
        let figures = &look.policy.bound().figures;
        Self { sheet, figures, day: look.day, known: vec![Cell::new(None); known], known_from }
    }

    /// The answers of a fact that holds or does not; worked out once for a block.
    fn flag(&self, source: Source, rows: Rows, block: usize) -> Answers {
        let own = rows.facts().len();
        let fact = if source.rows == rows && source.column < own {
            source.column
        } else if source.rows == Rows::Household && source.column < HouseholdFact::ALL.len() {
            own + source.column
        } else {
            return self.atoms(source, rows, block, yes_or_no);
        };
        let blocks = self.sheet.table(rows).number.len().div_ceil(BLOCK);
        let Some(known) = self.known.get(self.known_from[rows as usize] + fact * blocks + block) else {
            return self.atoms(source, rows, block, yes_or_no);
        };
        known.get().unwrap_or_else(|| {
            let answers = self.atoms(source, rows, block, yes_or_no);
            known.set(Some(answers));
            answers
        })
    }
}

fn yes_or_no(value: i64) -> Option<bool> {
    match value {
        0 => Some(false),
        EMPTY | OPAQUE => None,
        _ => Some(true),
    }
}

impl Evaluation<'_> {
    /// How the condition stands for the rows of a block; rows beyond the last one count as no.
    pub(super) fn block(&self, condition: &Condition, rows: Rows, block: usize) -> Answers {
        let left = self.sheet.table(rows).number.len().saturating_sub(block * BLOCK);
        let live = if left >= BLOCK { u64::MAX } else { (1u64 << left) - 1 };
        let answers = self.condition(condition, rows, block);
        Answers { yes: answers.yes & live, no: answers.no | !live }
    }

    fn condition(&self, condition: &Condition, rows: Rows, block: usize) -> Answers {
        match condition {
            Condition::Flag(source) => self.flag(*source, rows, block),
            Condition::Empty(source) => self.atoms(*source, rows, block, |value| Some(value == EMPTY)),
            Condition::In(source, codes) => {
                self.atoms(*source, rows, block, |value| (value >= 0).then(|| codes >> (value & 127) & 1 == 1))
            }
            Condition::Has(source, code) => self.atoms(*source, rows, block, |value| match value {
                ..0 => None,
                _ if value >> code & 1 == 1 => Some(true),
                _ => (value & OTHERS == 0).then_some(false),
            }),
            Condition::Compare(left, order, right) => self.compare(left, *order, right, rows, block),
            Condition::Not(inner) => self.condition(inner, rows, block).not(),
            Condition::And(parts) => {
                let mut all = Answers::ALL_YES;
                for part in parts {
                    all = all.and(self.condition(part, rows, block));
                    if all.no == u64::MAX {
                        break;
                    }
                }
                all
            }
            Condition::Or(parts) => {
                let mut any = Answers::ALL_YES.not();
                for part in parts {
                    any = any.or(self.condition(part, rows, block));
                    if any.yes == u64::MAX {
                        break;
                    }
                }
                any
            }
            Condition::Any(inner, condition) => self.within(*inner, condition, rows, block, |tally| match tally {
                Tally { yes: 1.., .. } => Some(true),
                Tally { unknown: 0, .. } => Some(false),
                _ => None,
            }),
            Condition::All(inner, condition) => self.within(*inner, condition, rows, block, |tally| match tally {
                Tally { no: 1.., .. } | Tally { yes: 0, no: 0, unknown: 0 } => Some(false),
                Tally { unknown: 0, .. } => Some(true),
                _ => None,
            }),
        }
    }

    /// The column's values for the rows of a block, one after the other.
    fn values(&self, source: Source, rows: Rows, block: usize, mut each: impl FnMut(usize, i64)) {
        let table = self.sheet.table(rows);
        let from = block * BLOCK;
        let to = (from + BLOCK).min(table.number.len());
        let Some(column) = self.sheet.table(source.rows).columns.get(source.column) else { return };
        if source.rows == rows {
            for (at, value) in column[from..to].iter().enumerate() {
                each(at, *value);
            }
            return;
        }
        let places = if source.rows == Rows::Household { &table.household } else { &table.person };
        for (at, place) in places[from..to].iter().enumerate() {
            each(at, if *place == NOBODY { EMPTY } else { column[*place as usize] });
        }
    }

    fn atoms(&self, source: Source, rows: Rows, block: usize, holds: impl Fn(i64) -> Option<bool>) -> Answers {
        let mut answers = Answers::default();
        self.values(source, rows, block, |at, value| {
            let holds = holds(value);
            answers.yes |= u64::from(holds == Some(true)) << at;
            answers.no |= u64::from(holds == Some(false)) << at;
        });
        answers
    }

    fn compare(&self, left: &Number, order: Order, right: &Number, rows: Rows, block: usize) -> Answers {
        if let (Number::Column(source, Unit::Plain | Unit::Money), Some(fixed)) = (left, self.fixed(right)) {
            return self.atoms(*source, rows, block, |value| {
                if value < LEAST {
                    let (yes, no) = ordered(range(value)?, order, (fixed, fixed));
                    return (yes || no).then_some(yes);
                }
                Some(match order {
                    Order::Equal => value == fixed,
                    Order::Less => value < fixed,
                    Order::AtMost => value <= fixed,
                })
            });
        }
        let (a, b) = (self.number(left, rows, block), self.number(right, rows, block));
        let mut answers = Answers::default();
        for at in 0..BLOCK {
            let (yes, no) = ordered((a.low[at], a.high[at]), order, (b.low[at], b.high[at]));
            answers.yes |= u64::from(yes) << at;
            answers.no |= u64::from(no) << at;
        }
        answers
    }

    /// A number that is the same for every row.
    fn fixed(&self, number: &Number) -> Option<i64> {
        match number {
            Number::Fixed(fixed) => Some(*fixed),
            Number::Figure(at, unit) => self.figure(*at, *unit),
            _ => None,
        }
    }

    fn figure(&self, at: usize, unit: Unit) -> Option<i64> {
        let figure = self.figures.get(at).copied()??;
        Some(if unit == Unit::Money { figure / 100 } else { figure })
    }

    fn number(&self, number: &Number, rows: Rows, block: usize) -> Ranges {
        let all = |value: i64| Ranges { low: [value; BLOCK], high: [value; BLOCK] };
        match number {
            Number::Fixed(_) | Number::Figure(..) => self.fixed(number).map_or_else(unknown, all),
            Number::Today => all(i64::from(self.day.num_days_from_ce())),
            Number::MonthStart => all(i64::from(self.day.with_day(1).unwrap_or(self.day).num_days_from_ce())),
            Number::Column(source, unit) => {
                let mut ranges = unknown();
                self.values(*source, rows, block, |at, value| {
                    let known =
                        if *unit == Unit::Date { (value > OPAQUE).then(|| unpack(value)) } else { range(value) };
                    if let Some((low, high)) = known {
                        (ranges.low[at], ranges.high[at]) = (low.max(-FAR), high.min(FAR));
                    }
                });
                ranges
            }
            Number::Plus(a, b) => {
                let (a, b) = (self.number(a, rows, block), self.number(b, rows, block));
                each(|at| (add(a.low[at], b.low[at]), add(a.high[at], b.high[at])))
            }
            Number::Minus(a, b) => {
                let (a, b) = (self.number(a, rows, block), self.number(b, rows, block));
                each(|at| (add(a.low[at], -b.high[at]), add(a.high[at], -b.low[at])))
            }
            Number::Times(a, b) => {
                let (a, b) = (self.number(a, rows, block), self.number(b, rows, block));
                each(|at| {
                    if is_open(a.low[at], a.high[at]) || is_open(b.low[at], b.high[at]) {
                        return (-FAR, FAR);
                    }
                    let corners = [
                        times(a.low[at], b.low[at]),
                        times(a.low[at], b.high[at]),
                        times(a.high[at], b.low[at]),
                        times(a.high[at], b.high[at]),
                    ];
                    let least = corners.iter().copied().min().unwrap_or(-FAR);
                    (least, corners.iter().copied().max().unwrap_or(FAR))
                })
            }
            Number::Abs(inner) => {
                let inner = self.number(inner, rows, block);
                each(|at| {
                    let (low, high) = (inner.low[at], inner.high[at]);
                    if low >= 0 { (low, high) } else { ((-high).max(0), high.max(-low)) }
                })
            }
            Number::Else(first, second) => {
                let (first, second) = (self.number(first, rows, block), self.number(second, rows, block));
                each(|at| {
                    let known = !is_open(first.low[at], first.high[at]);
                    let of = if known { &first } else { &second };
                    (of.low[at], of.high[at])
                })
            }
            Number::Moved(date, count, span) => {
                let (date, count) = (self.number(date, rows, block), self.number(count, rows, block));
                each(|at| {
                    if is_open(date.low[at], date.high[at]) || is_open(count.low[at], count.high[at]) {
                        return (-FAR, FAR);
                    }
                    let (a, b) =
                        (moved(date.low[at], count.low[at], *span), moved(date.high[at], count.high[at], *span));
                    (a.min(b), a.max(b))
                })
            }
            Number::Count(inner, condition) => {
                let mut ranges = unknown();
                self.tallies(*inner, condition, rows, block, |at, tally| {
                    let least = i64::from(tally.yes) * ONE;
                    (ranges.low[at], ranges.high[at]) = (least, least + i64::from(tally.unknown) * ONE);
                });
                ranges
            }
        }
    }

    /// The least and the most that the number of a row can be, where anything is known; for what is said of it.
    pub(super) fn of_row(&self, number: &Number, rows: Rows, place: usize) -> Option<(i64, i64)> {
        let ranges = self.number(number, rows, place / BLOCK);
        let (low, high) = (ranges.low[place % BLOCK], ranges.high[place % BLOCK]);
        (!is_open(low, high)).then_some((low, high))
    }

    fn within(
        &self,
        inner: Rows,
        condition: &Condition,
        rows: Rows,
        block: usize,
        holds: impl Fn(Tally) -> Option<bool>,
    ) -> Answers {
        let mut answers = Answers::default();
        self.tallies(inner, condition, rows, block, |at, tally| match holds(tally) {
            Some(true) => answers.yes |= 1 << at,
            Some(false) => answers.no |= 1 << at,
            None => {}
        });
        answers
    }

    /// For each row of a block how many rows within it answer yes, no and neither.
    fn tallies(
        &self,
        inner: Rows,
        condition: &Condition,
        rows: Rows,
        block: usize,
        mut each: impl FnMut(usize, Tally),
    ) {
        let table = self.sheet.table(rows);
        let inner_table = self.sheet.table(inner);
        let from = block * BLOCK;
        let to = (from + BLOCK).min(table.number.len());
        let mut known: Option<(usize, Answers)> = None;
        for place in from..to {
            let mut tally = Tally::default();
            let range = range_within(inner_table, rows, place);
            for at in range {
                let block = at / BLOCK;
                let answers = match known {
                    Some((known, answers)) if known == block => answers,
                    _ => {
                        let answers = self.condition(condition, inner, block);
                        known = Some((block, answers));
                        answers
                    }
                };
                let bit = 1u64 << (at % BLOCK);
                tally.yes += u32::from(answers.yes & bit != 0);
                tally.no += u32::from(answers.no & bit != 0);
                tally.unknown += u32::from((answers.yes | answers.no) & bit == 0);
            }
            each(place - from, tally);
        }
    }
}

/// Whether an order holds of two numbers for certain, and whether it does not for certain, each by its least and its most.
fn ordered((low, high): (i64, i64), order: Order, (least, most): (i64, i64)) -> (bool, bool) {
    match order {
        Order::Less => (high < least, low >= most),
        Order::AtMost => (high <= least, low > most),
        Order::Equal => (low == high && least == most && low == least, high < least || most < low),
    }
}

/// One, as numbers count it.
const ONE: i64 = crate::domain::Quantity::whole(1).0;

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    yes: u32,
    no: u32,
    unknown: u32,
}

fn range_within(inner: &Table, rows: Rows, place: usize) -> std::ops::Range<usize> {
    let of = if rows == Rows::Household { &inner.of_household } else { &inner.of_person };
    of.get(place).map_or(0..0, |range| range.start as usize..range.end as usize)
}

fn unknown() -> Ranges {
    Ranges { low: [-FAR; BLOCK], high: [FAR; BLOCK] }
}

fn each(of: impl Fn(usize) -> (i64, i64)) -> Ranges {
    let mut ranges = unknown();
    for at in 0..BLOCK {
        (ranges.low[at], ranges.high[at]) = of(at);
    }
    ranges
}

fn is_open(low: i64, high: i64) -> bool {
    low <= -FAR || high >= FAR
}

fn add(a: i64, b: i64) -> i64 {
    if a.abs() >= FAR || b.abs() >= FAR {
        return if a.abs() >= FAR { a } else { b };
    }
    (a + b).clamp(-FAR, FAR)
}

fn times(a: i64, b: i64) -> i64 {
    let product = i128::from(a) * i128::from(b) / i128::from(ONE);
    i64::try_from(product).unwrap_or(FAR).clamp(-FAR, FAR)
}

fn moved(day: i64, count: i64, span: Span) -> i64 {
    let count = count / ONE;
    match span {
        Span::Days(direction) => day + direction * count,
        Span::Months(direction) => {
            let date = i32::try_from(day).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
            let months = Months::new(u32::try_from((direction * count).abs()).unwrap_or(0));
            let moved = date.and_then(|date| {
                if direction * count < 0 { date.checked_sub_months(months) } else { date.checked_add_months(months) }
            });
            moved.map_or(day, |date| i64::from(date.num_days_from_ce()))
        }
    }
}
