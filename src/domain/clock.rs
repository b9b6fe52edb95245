//! China's time, whatever the machine's zone says.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// A moment with China's offset, as entries are stamped.
pub type Moment = DateTime<FixedOffset>;

/// A time of day in minutes after midnight, as a form says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeOfDay(pub u16);

/// As forms keep it: `14:05`.
impl FromStr for TimeOfDay {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (hour, minute) = text.split_once(':').ok_or(NotATime)?;
        let (hour, minute): (u16, u16) = (hour.parse().map_err(|_| NotATime)?, minute.parse().map_err(|_| NotATime)?);
        if hour < 24 && minute < 60 { Ok(Self(hour * 60 + minute)) } else { Err(NotATime) }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// A text that is no time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("应为时间，如 14:05")]
pub struct NotATime;

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
    fn a_time_of_day_reads_back() {
        assert_eq!("14:05".parse(), Ok(TimeOfDay(845)));
        assert_eq!(TimeOfDay(5).to_string(), "00:05");
        for text in ["", "14", "24:00", "12:60", "下午2点"] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(NotATime), "{text}");
        }
    }

    #[test]
    fn a_set_clock_runs_on_its_day() {
        let day = NaiveDate::from_ymd_opt(2022, 11, 20).unwrap();
        assert_eq!(Clock::on(day).today(), day);
        assert_eq!(Clock::on(day).now().offset().local_minus_utc(), 8 * 3600);
    }
}
