//! The month within which a change must be in the file and handed over (S0:103).

use chrono::NaiveDate;

use crate::domain::{PartialDate, within_a_month};

/// Where a month's clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clock {
    /// There is time.
    Running {
        /// Days until the last one.
        left: i64,
    },
    /// The last days.
    Near {
        /// Days until the last one.
        left: i64,
    },
    /// The month is over.
    Past {
        /// Days since the last one.
        by: i64,
    },
}

/// The day on which a change's clock starts: when it happened, as late as that can have been, else when it was seen, else when it was entered.
pub fn starts(happened_on: Option<PartialDate>, seen_on: Option<NaiveDate>, entered_on: NaiveDate) -> NaiveDate {
    // A date known only to the month may end in the future; the clock starts no later than what was already known.
    let known = seen_on.unwrap_or(entered_on);
    happened_on.map_or(known, |date| date.latest().min(known.max(date.earliest())))
}

/// Where the clock that started on a day stands on another, with a warning so many days ahead.
pub fn clock(started: NaiveDate, day: NaiveDate, near_days: i64) -> Clock {
    let left = (within_a_month(started) - day).num_days();
    if left < 0 {
        Clock::Past { by: -left }
    } else if left <= near_days {
        Clock::Near { left }
    } else {
        Clock::Running { left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_a_calendar_month() {
        assert_eq!(clock(day("2022-01-31"), day("2022-02-28"), 7), Clock::Near { left: 0 });
        assert_eq!(clock(day("2022-01-31"), day("2022-03-01"), 7), Clock::Past { by: 1 });
        assert_eq!(clock(day("2024-01-31"), day("2024-02-29"), 7), Clock::Near { left: 0 });
        assert_eq!(clock(day("2022-11-01"), day("2022-11-20"), 7), Clock::Running { left: 11 });
    }

    #[test]
    fn the_clock_starts_in_life_as_late_as_it_may_have_been() {
        let entered = day("2022-11-20");
        assert_eq!(starts(None, None, entered), entered);
        assert_eq!(starts(None, Some(day("2022-11-02")), entered), day("2022-11-02"));
        assert_eq!(starts("2022-10-05".parse().ok(), Some(day("2022-11-02")), entered), day("2022-10-05"));
        assert_eq!(starts("2022-10".parse().ok(), Some(day("2022-11-02")), entered), day("2022-10-31"));
        assert_eq!(starts("2022-11".parse().ok(), Some(day("2022-11-02")), entered), day("2022-11-02"));
    }
}
