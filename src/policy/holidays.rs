//! Which days are worked: weekends, the holidays of a policy file, and the weekend days worked in their stead.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use crate::data::{BadData, DataFile};

use super::read::day;

/// The holidays of a policy file. Beyond the years that it lists, only weekends are free.
#[derive(Clone, Debug, Default)]
pub struct Holidays {
    all: Vec<Holiday>,
}

/// A holiday of one or more days, as the State Council gives it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// Its name.
    pub name: Box<str>,
    /// Its first and its last day.
    pub days: (NaiveDate, NaiveDate),
    /// Days of a weekend that are worked for it (调休).
    pub works: Vec<NaiveDate>,
    /// The source.
    pub source: Box<str>,
}

/// What a day is, among those that are worked and those that are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayKind<'a> {
    /// It is worked.
    Working,
    /// A Saturday or Sunday that is worked for this holiday.
    MadeUp(&'a str),
    /// A Saturday or Sunday.
    Weekend,
    /// A day of this holiday.
    Holiday(&'a str),
}

impl Holidays {
    /// What a day is.
    pub fn kind(&self, day: NaiveDate) -> DayKind<'_> {
        if let Some(holiday) = self.all.iter().find(|holiday| (holiday.days.0..=holiday.days.1).contains(&day)) {
            return DayKind::Holiday(&holiday.name);
        }
        if let Some(holiday) = self.all.iter().find(|holiday| holiday.works.contains(&day)) {
            return DayKind::MadeUp(&holiday.name);
        }
        if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) { DayKind::Weekend } else { DayKind::Working }
    }

    /// Adds those of a layer further down; one that overlaps what is there already stays away.
    pub(super) fn add(&mut self, more: &Self) {
        for holiday in &more.all {
            if !self.all.iter().any(|other| holiday.days.0 <= other.days.1 && other.days.0 <= holiday.days.1) {
                self.all.push(holiday.clone());
            }
        }
    }

    /// All of them.
    pub fn all(&self) -> &[Holiday] {
        &self.all
    }

    /// Whether a day is worked.
    pub fn is_worked(&self, day: NaiveDate) -> bool {
        matches!(self.kind(day), DayKind::Working | DayKind::MadeUp(_))
    }

    /// The day that is so many working days after another, which itself does not count.
    pub fn after(&self, day: NaiveDate, working_days: u32) -> NaiveDate {
        let days = day.iter_days().skip(1).filter(|day| self.is_worked(*day));
        days.take(working_days as usize).last().unwrap_or(day)
    }

    /// The day that is so many working days before another: by then what is asked for ahead is asked for.
    pub fn before(&self, day: NaiveDate, working_days: u32) -> NaiveDate {
        let days = std::iter::successors(day.pred_opt(), NaiveDate::pred_opt).filter(|day| self.is_worked(*day));
        days.take(working_days as usize).last().unwrap_or(day)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayShape {
    name: Box<str>,
    #[serde(default)]
    source: Box<str>,
    from: toml::Spanned<toml::value::Datetime>,
    to: toml::Spanned<toml::value::Datetime>,
    #[serde(default)]
    works: Vec<toml::Spanned<toml::value::Datetime>>,
}

pub(super) fn read(file: &DataFile, shapes: &[HolidayShape]) -> Result<Holidays, BadData> {
    let mut read = Holidays::default();
    for shape in shapes {
        let days = (day(file, &shape.from)?, day(file, &shape.to)?);
        let works = shape.works.iter().map(|works| day(file, works)).collect::<Result<Vec<_>, _>>()?;
        if days.1 < days.0 {
            return Err(file.fault_at(shape.to.span().start, format!("{}的最后一天早于第一天", shape.name)));
        }
        if read.all.iter().any(|other| days.0 <= other.days.1 && other.days.0 <= days.1) {
            return Err(file.fault_at(shape.from.span().start, format!("{}与另一个节假日重叠", shape.name)));
        }
        read.all.push(Holiday { name: shape.name.clone(), days, works, source: shape.source.clone() });
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::super::{Layer, testing};
    use super::*;
    use crate::data::Data;

    fn of_2022() -> Holidays {
        testing::xixia().holidays
    }

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn national_day_and_the_days_made_up_for_it() {
        let holidays = of_2022();
        assert_eq!(holidays.kind(on("2022-10-01")), DayKind::Holiday("国庆节"));
        assert_eq!(holidays.kind(on("2022-10-07")), DayKind::Holiday("国庆节"));
        assert_eq!(holidays.kind(on("2022-10-08")), DayKind::MadeUp("国庆节"));
        assert_eq!(holidays.kind(on("2022-10-09")), DayKind::MadeUp("国庆节"));
        assert_eq!(holidays.kind(on("2022-10-10")), DayKind::Working);
        assert_eq!(holidays.kind(on("2022-10-15")), DayKind::Weekend);
        assert_eq!(holidays.kind(on("2021-10-01")), DayKind::Working, "no list for that year");
        assert_eq!(holidays.kind(on("2023-10-07")), DayKind::MadeUp("中秋节、国庆节"));
    }

    #[test]
    fn working_days_go_over_weekends_holidays_and_days_made_up() {
        let holidays = of_2022();
        for (from, days, to) in [
            ("2022-11-21", 5, "2022-11-28"), // Monday to Monday
            ("2022-09-29", 2, "2022-10-08"), // Friday, and then the Saturday after the holiday
            ("2022-09-29", 5, "2022-10-11"),
            ("2022-10-01", 3, "2022-10-10"),
            ("2022-01-28", 3, "2022-02-07"), // both days before the Spring Festival are worked
            ("2022-11-20", 0, "2022-11-20"),
            ("2022-12-30", 1, "2023-01-03"), // the New Year of the next list
        ] {
            assert_eq!(holidays.after(on(from), days), on(to), "{days} after {from}");
        }
    }

    #[test]
    fn a_petitions_days_extended_once_and_asked_for_a_day_ahead() {
        let holidays = of_2022();
        // S4:602: five working days, once at most five more, asked for one day ahead.
        let last = holidays.after(on("2022-09-28"), 5);
        assert_eq!((last, holidays.before(last, 1)), (on("2022-10-10"), on("2022-10-09")));
        assert_eq!(holidays.after(last, 5), on("2022-10-17"));
        // S4:608 and S4:602: three to tell the petitioner, two for a case of public opinion.
        assert_eq!(holidays.after(on("2022-11-25"), 3), on("2022-11-30"));
        assert_eq!(holidays.after(on("2022-11-25"), 2), on("2022-11-29"));
    }

    #[test]
    fn holidays_that_contradict_each_other_are_refused_with_their_line() {
        let text = Data::embedded().file("policy/common.toml").unwrap().text;
        for (from, to, says) in [
            ("to = 2022-10-07", "to = 2022-09-07", "最后一天早于第一天"),
            ("from = 2022-10-01", "from = 2022-09-12", "重叠"),
        ] {
            let broken = text.replace(from, to);
            let fault = Layer::load_all(&Data::embedded().with_file("policy/common.toml", &broken)).unwrap_err();
            assert_eq!(fault.line, Some(broken[..broken.find(to).unwrap()].matches('\n').count() + 1), "{fault}");
            assert!(fault.why.contains(says), "{fault}");
        }
    }
}
