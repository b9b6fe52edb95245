//! China's time, whatever the machine's zone says.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};

/// A moment with China's offset, as entries are stamped.
pub type Moment = DateTime<FixedOffset>;

/// China's offset from UTC, eight hours east.
pub fn china() -> FixedOffset {
    // Eight hours lie well within what an offset can hold.
    FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}

/// A clock that can be set: on a given day, or running.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    today: Option<NaiveDate>,
    stopped: Option<Moment>,
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self { today: None, stopped: None }
    }

    /// The machine's time of day, on this day.
    pub const fn on(day: NaiveDate) -> Self {
        Self { today: Some(day), stopped: None }
    }

    /// A clock that stands still, for tests.
    pub const fn stopped(at: Moment) -> Self {
        Self { today: None, stopped: Some(at) }
    }

    /// Whether somebody set the day, rather than the machine.
    pub const fn is_set(&self) -> bool {
        self.today.is_some() || self.stopped.is_some()
    }

    /// Now, to the second.
    pub fn now(&self) -> Moment {
        if let Some(moment) = self.stopped {
            return moment;
        }
        let now = Utc::now().with_timezone(&china());
        let day = self.today.unwrap_or_else(|| now.date_naive());
        let second = day.and_time(now.time()).and_utc().timestamp();
        china().timestamp_opt(second - 8 * 3600, 0).single().unwrap_or(now)
    }

    /// The local day.
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_clock_runs_on_its_day() {
        let day = NaiveDate::from_ymd_opt(2022, 11, 20).unwrap();
        assert_eq!(Clock::on(day).today(), day);
        assert_eq!(Clock::on(day).now().offset().local_minus_utc(), 8 * 3600);
    }
}
