//! Clocks that an event starts: where each of them stands in a household on a day (C506; spec/calendar.md).
//!
//! A date known in part counts as late as it can be where it starts a clock, and as early as it can be where it ends one:
//! nobody is called late, or too early, for what is only not known.

mod events;
pub mod order;
pub mod unsaid;
mod words;

use chrono::NaiveDate;

use crate::catalogue::SectionKind;
use crate::domain::{Name, PartialDate, fact};
use crate::policy::{Clock, Event, LimitKind};

use super::facts::{self, Facts};
use super::{Look, Looked};
use events::{Run, Started};

pub use words::days_in_words;

/// Where one clock stands in one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockState {
    /// The clock, by its id in the policy file.
    pub clock: Name,
    /// The check that speaks of it, such as `C506`.
    pub code: Name,
    /// What is due.
    pub label: Box<str>,
    /// The section in which its end is entered.
    pub section: Name,
    /// The row of the section whose event started it; 0 where there are no rows.
    pub row: u32,
    /// How it stands.
    pub standing: ClockStanding,
    /// When it started, as far as that is known.
    pub started: Option<PartialDate>,
    /// The last day, or for what is not allowed before, the first one.
    pub day: Option<NaiveDate>,
    /// Days until then, negative once it has passed; none where what it waits for is done, or where the day is not known.
    pub days_left: Option<i64>,
    /// When what it waits for was done.
    pub ended: Option<PartialDate>,
    /// Why it is late, as somebody stated.
    pub reason: Option<Box<str>>,
    /// All of it in a sentence.
    pub why: String,
    /// Who acts.
    pub who: Box<str>,
    /// The source.
    pub source: Box<str>,
}

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockStanding {
    /// There is time.
    Running,
    /// The last days.
    Near,
    /// The last day is over, and what was due is not done.
    Past,
    /// It was done, after the last day.
    Late,
    /// It is not allowed yet.
    Waiting,
    /// It was done before it was allowed.
    TooEarly,
    /// It runs, and nobody knows since when.
    Unknown,
    /// It starts on a day that is not yet: that day, or the machine's, is wrong.
    Ahead,
}

impl ClockState {
    /// Whether somebody waits for something to be done by a day.
    pub fn is_due(&self) -> bool {
        matches!(
            self.standing,
            ClockStanding::Running | ClockStanding::Near | ClockStanding::Past | ClockStanding::Ahead
        )
    }
}

/// Every clock that runs in a household, or was broken in it; those that ended well, and those that do not bind it, are
/// left out. In a closed file only those go on that a row of its own started, such as a loan's.
pub fn of(looked: Looked<'_>) -> Vec<ClockState> {
    of_facts(looked, &facts::of(looked))
}

/// The same where the facts of the household are known already.
pub fn of_facts(looked: Looked<'_>, facts: &Facts) -> Vec<ClockState> {
    let run = Run::of(looked);
    // Who was taken in and whose class nobody has typed yet is a target all the same.
    let taken_in = looked.household.target().is_none() && run.is_taken_in();
    let holds = |fact: Name| facts.hold(fact) || taken_in && [fact::TARGET, fact::TARGET_OPEN].contains(&fact);
    let is_closed = looked.household.closed_on().is_some();
    let clocks = looked.look.policy.clocks.iter().filter(|clock| !is_closed || outlives(looked.look, clock));
    let clocks = clocks.filter(|clock| clock.of.iter().all(|fact| holds(*fact)));
    let mut all: Vec<ClockState> = clocks.flat_map(|clock| states(looked, &run, clock)).collect();
    all.shrink_to_fit();
    all
}

/// Whether a clock goes on after the household is gone: it runs for a row, not for the household or its case.
fn outlives(look: Look<'_>, clock: &Clock) -> bool {
    let of_rows = |section: Name| look.catalogue.section(section).is_some_and(|known| known.kind == SectionKind::Rows);
    clock.starts.iter().all(|event| matches!(event, Event::Field(section, _) if of_rows(*section)))
}

fn states(looked: Looked<'_>, run: &Run<'_>, clock: &Clock) -> Vec<ClockState> {
    let look = looked.look;
    let binds = |started: &Started| match (started.on, clock.binds_from) {
        (Some(on), Some(from)) => on.latest() >= from,
        _ => true,
    };
    let has_last_day = |started: &Started| match (started.on, clock.until_month) {
        (Some(on), Some(month)) => on.latest().format("%m").to_string().parse().is_ok_and(|m: u32| m <= month),
        _ => true,
    };
    let started = run.starts(clock).into_iter().filter(|started| binds(started) && has_last_day(started));
    started.filter_map(|started| state(look, run, clock, &started)).collect()
}

fn state(look: Look<'_>, run: &Run<'_>, clock: &Clock, started: &Started) -> Option<ClockState> {
    let ended = run.end(clock, started);
    let mut state = ClockState {
        clock: clock.id,
        code: clock.code,
        label: clock.label.clone(),
        section: run.section_of_end(clock),
        row: started.row,
        standing: ClockStanding::Unknown,
        started: started.on,
        day: None,
        days_left: None,
        ended: ended.flatten(),
        reason: run.reason(clock, started),
        why: String::new(),
        who: clock.who.clone(),
        source: clock.source.clone(),
    };
    state.standing = match started.on {
        None if ended.is_some() => return None,
        None if clock.limit.kind != LimitKind::Within => return None,
        None => ClockStanding::Unknown,
        Some(on) if clock.limit.kind == LimitKind::Within => within(look, clock, on, ended, &mut state)?,
        Some(on) => not_before(look, clock, on, ended, &mut state)?,
    };
    state.why = words::of(&state, clock, look.day);
    Some(state)
}

/// What is due within a limit.
fn within(
    look: Look<'_>,
    clock: &Clock,
    started: PartialDate,
    ended: Option<Option<PartialDate>>,
    state: &mut ClockState,
) -> Option<ClockStanding> {
    let last = clock.limit.day_after(started.latest(), &look.policy.holidays);
    state.day = Some(last);
    if let Some(ended) = ended {
        return ended.is_some_and(|ended| ended.earliest() > last).then_some(ClockStanding::Late);
    }
    let left = (last - look.day).num_days();
    state.days_left = Some(left);
    Some(if started.earliest() > look.day && clock.limit.number > 0 {
        ClockStanding::Ahead
    } else if left < 0 {
        ClockStanding::Past
    } else if left <= clock.warn {
        ClockStanding::Near
    } else {
        ClockStanding::Running
    })
}

/// What is not allowed before a limit is full.
fn not_before(
    look: Look<'_>,
    clock: &Clock,
    started: PartialDate,
    ended: Option<Option<PartialDate>>,
    state: &mut ClockState,
) -> Option<ClockStanding> {
    let first = |start| clock.limit.day_after(start, &look.policy.holidays);
    state.day = Some(first(started.latest()));
    if let Some(ended) = ended {
        // Whoever was helped as long as can have been is still too early only if she is on every possible day.
        let is_early = ended.is_some_and(|ended| ended.latest() < first(started.earliest()));
        return is_early.then_some(ClockStanding::TooEarly);
    }
    let left = (first(started.latest()) - look.day).num_days();
    state.days_left = Some(left);
    (left > 0).then_some(ClockStanding::Waiting)
}

#[cfg(test)]
mod tests;
