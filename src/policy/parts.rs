//! What holds for a village, part by part, as its layers state it; what none of them states is not there.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::{Money, Month, Name};

/// Lines of per-person net income a year.
#[derive(Clone, Debug)]
pub struct Income {
    /// Below it a household is taken in as a rule (S0:48).
    pub line: Option<Money>,
    /// Below it and falling, a household is watched (S0:58).
    pub watch: Option<Money>,
    /// How many percent what was told may differ from the file (S0:101).
    pub agrees_within: Option<i64>,
}

/// The monthly visit.
#[derive(Clone, Debug)]
pub struct Visit {
    /// By which day of the month (S4:739).
    pub by_day: Option<u32>,
    /// Facts of the households that must be visited every month; none where no day is stated.
    pub due: Vec<Name>,
    /// How many households a morning's round has.
    pub morning: usize,
    /// How many months a visit may lie back when it is entered.
    pub back_months: u32,
}

/// When entries go stale.
#[derive(Clone, Debug)]
pub struct Stale {
    /// How many days ahead a change's month is warned of.
    pub near_days: i64,
}

/// What stands on the worklist.
#[derive(Clone, Debug)]
pub struct Worklist {
    /// How many days before a day that is due the households that it waits for are listed one by one.
    pub ahead_days: i64,
}

/// What proves a key group.
#[derive(Clone, Debug)]
pub struct Groups {
    /// Percent by which income has clearly fallen.
    pub fell_by: i64,
    /// How many children are many.
    pub many_children: usize,
    /// How many students beyond compulsory school are several.
    pub many_beyond: usize,
    /// Percent of wages in the income of who lives mostly on wages.
    pub wage_share: i64,
    /// The months within which work has become unstable.
    pub work_months: Option<u32>,
    /// Own spending that is large.
    pub spending: Money,
    /// Percent of net income that is large.
    pub spending_share: i64,
    /// The years within which an allowance is new.
    pub new_allowance_years: Option<u32>,
}

/// Ages in full years.
#[derive(Clone, Debug)]
pub struct People {
    /// From which on somebody is old (S0:245).
    pub old: i32,
    /// Compulsory schooling begins.
    pub compulsory_from: i32,
    /// Compulsory schooling's last year.
    pub compulsory_to: i32,
    /// Working age begins.
    pub working_from: i32,
    /// Working age's last year.
    pub working_to: i32,
}

/// Limits on forms.
#[derive(Clone, Debug)]
pub struct FormLimits {
    /// The most screening and verification forms of one surveyor a day (S0:97).
    pub most_a_day: usize,
    /// Within how many days of a form the household has a visit.
    pub visit_within_days: i64,
    /// In how many households the same answers are remarkable.
    pub alike_households: usize,
    /// How many minutes a form takes at the least.
    pub shortest_minutes: u16,
}

/// The status card.
#[derive(Clone, Debug)]
pub struct Card {
    /// By which day this year's card is on the wall (S0:67).
    pub by: Option<NaiveDate>,
    /// Facts of the households that have a card (S0:67, 82).
    pub classes: Vec<Name>,
    /// Kinds of field that are starred out on paper.
    pub mask: Vec<Name>,
    /// Fields that are not, though of such a kind, as `section.field`.
    pub in_full: Vec<Name>,
}

/// A screening round (S0:49).
#[derive(Clone, Debug)]
pub struct Round {
    /// Its id.
    pub id: Name,
    /// Its name on the screen.
    pub label: Box<str>,
    /// Its first and last day.
    pub days: (NaiveDate, NaiveDate),
    /// The key groups it asks about.
    pub asks: Vec<Name>,
    /// Whether the household signs too (S0:51).
    pub household_signs: bool,
    /// The source.
    pub source: Box<str>,
}

/// A day of every month.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthlyDay {
    /// Its id: a layer's day stands in for one of this id below it.
    pub id: Option<Name>,
    /// The day.
    pub day: u32,
    /// What is due.
    pub what: Box<str>,
    /// What of the program's counts it hangs on.
    pub counts: Option<Name>,
    /// Of which month that is counted; where nothing is said, changes of the month before, and all else of its own.
    pub of: Option<MonthMeant>,
    /// The source.
    pub source: Box<str>,
}

impl MonthlyDay {
    /// The month of which the day in a month counts.
    pub fn counts_of(&self, month: Month) -> Month {
        let of = self.of.unwrap_or(match self.counts.map(Name::as_str) {
            Some("changes") => MonthMeant::Last,
            _ => MonthMeant::This,
        });
        match of {
            MonthMeant::This => month,
            MonthMeant::Last => month.before(),
        }
    }
}

/// Which month a day of every month speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthMeant {
    /// Its own.
    This,
    /// The one before.
    Last,
}

/// A single day.
#[derive(Clone, Debug)]
pub struct DatedDay {
    /// Its id, as that of a day of every month.
    pub id: Option<Name>,
    /// The day.
    pub date: NaiveDate,
    /// What is due.
    pub what: Box<str>,
    /// What of the program's counts it hangs on.
    pub counts: Option<Name>,
    /// The source.
    pub source: Box<str>,
}
