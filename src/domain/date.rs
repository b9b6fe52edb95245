//! Dates known in part, months, and what "within a month" means.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// A local day, a month, or a year, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: i16,
    month: u8,
    day: u8,
}

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("不是日期（如 2022-10-08、2022-10 或 2022）")]
pub struct NotADate;

impl PartialDate {
    /// A year.
    pub fn year(year: i32) -> Option<Self> {
        (1..=9999).contains(&year).then_some(Self { year: year as i16, month: 0, day: 0 })
    }

    /// A month of a year.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1)?;
        Self::year(year).map(|d| Self { month: month as u8, ..d })
    }

    /// The day, where it is known to the day.
    pub fn as_day(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year.into(), self.month.into(), self.day.into())
    }

    /// The month, where it is known.
    pub fn as_month(self) -> Option<Month> {
        (self.month > 0).then_some(Month { year: self.year.into(), month: self.month.into() })
    }

    /// The year, which is always known.
    pub fn known_year(self) -> i32 {
        self.year.into()
    }

    /// The earliest day that this can be.
    pub fn earliest(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year.into(), self.month.max(1).into(), self.day.max(1).into())
            .unwrap_or(NaiveDate::MIN)
    }

    /// The latest day that this can be: a clock on a partial date starts here.
    pub fn latest(self) -> NaiveDate {
        if let Some(day) = self.as_day() {
            return day;
        }
        let month = if self.month == 0 { 12 } else { self.month };
        Month { year: self.year.into(), month: month.into() }.last_day()
    }

    /// The least and the most full years that somebody born then can have on a day.
    pub fn ages_on(self, day: NaiveDate) -> (i32, i32) {
        let years = |born: NaiveDate| {
            let birthday_to_come = (day.month(), day.day()) < (born.month(), born.day());
            day.year() - born.year() - i32::from(birthday_to_come)
        };
        (years(self.latest()), years(self.earliest()))
    }

    /// Whether the other may be the same date, as far as both are known.
    pub fn agrees_with(self, other: Self) -> bool {
        self.year == other.year
            && (self.month == 0 || other.month == 0 || self.month == other.month)
            && (self.day == 0 || other.day == 0 || self.day == other.day)
    }
}

impl From<NaiveDate> for PartialDate {
    fn from(day: NaiveDate) -> Self {
        Self { year: day.year() as i16, month: day.month() as u8, day: day.day() as u8 }
    }
}

/// The forms met in files and typed by hand: `20221008`, `202210`, `2022-10-08`, `2022年10月`, `2022/10/8`, `2022.10`, all
/// of them also with a time of day behind.
impl FromStr for PartialDate {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let folded = super::text::fold(without_time(text));
        let folded = folded.as_str();
        // 20221008093000, as programs print it.
        if folded.len() == 14 && folded.bytes().all(|b| b.is_ascii_digit()) {
            let time =
                |range: std::ops::Range<usize>, most| folded[range].parse::<u32>().is_ok_and(|part| part <= most);
            let is_time = time(8..10, 23) && time(10..12, 59) && time(12..14, 59);
            return if is_time { folded[..8].parse() } else { Err(NotADate) };
        }
        if folded.bytes().all(|b| b.is_ascii_digit()) {
            let number = |range: std::ops::Range<usize>| folded[range].parse::<u32>().ok();
            return match folded.len() {
                4 => Self::build(number(0..4), None, None),
                6 => Self::build(number(0..4), Some(number(4..6)), None),
                8 => Self::build(number(0..4), Some(number(4..6)), Some(number(6..8))),
                _ => None,
            }
            .ok_or(NotADate);
        }
        let parts: Vec<&str> =
            folded.split(['-', '/', '.', '年', '月', '日', '号']).filter(|p| !p.is_empty()).collect();
        let number = |i: usize| parts.get(i).map(|p| p.parse::<u32>().ok());
        match parts.len() {
            1..=3 if parts[0].len() == 4 => Self::build(number(0).flatten(), number(1), number(2)).ok_or(NotADate),
            _ => Err(NotADate),
        }
    }
}

/// A date without the time of day, or the weekday, that stands behind it.
fn without_time(text: &str) -> &str {
    let text = super::text::clean(text);
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let begins_time = |rest: &str| {
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '（'));
        let words = ["上午", "下午", "凌晨", "早上", "中午", "晚上", "星期", "周", "AM", "PM", "am", "pm"];
        let hours = rest.trim_start_matches(is_digit);
        words.iter().any(|word| rest.starts_with(word))
            || (1..=2).contains(&rest[..rest.len() - hours.len()].chars().count())
                && hours.trim_start().starts_with([':', '：', '时', '時', '点', '點'])
    };
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let behind_day = is_digit(before) || matches!(before, '日' | '号');
        // A day that ends needs no space behind it.
        let ends = matches!(before, '日' | '号') && !c.is_whitespace();
        let parts = c.is_whitespace() || matches!(c, 'T' | 't' | '(' | '（');
        let rest = if parts { &text[at + c.len_utf8()..] } else { &text[at..] };
        if behind_day && (parts || ends) && begins_time(rest) {
            return &text[..at];
        }
        before = c;
    }
    text
}

impl PartialDate {
    /// An outer `None` is a part that is not there; an inner one, a part that is no number.
    fn build(year: Option<u32>, month: Option<Option<u32>>, day: Option<Option<u32>>) -> Option<Self> {
        let year = i32::try_from(year?).ok()?;
        match (month, day) {
            (None, _) => Self::year(year),
            (Some(month), None) => Self::month(year, month?),
            (Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month?, day?).map(Self::from),
        }
        .filter(|d| (1800..=2999).contains(&d.year))
    }
}

/// ISO, as far as it is known: `2021`, `2021-10`, `2021-10-08`.
impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match (self.month, self.day) {
            (0, _) => format!("{:04}", self.year),
            (m, 0) => format!("{:04}-{m:02}", self.year),
            (m, d) => format!("{:04}-{m:02}-{d:02}", self.year),
        };
        f.pad(&text)
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            s.collect_str(self)
        } else {
            (i32::from(self.year) * 10_000 + i32::from(self.month) * 100 + i32::from(self.day)).serialize(s)
        }
    }
}
impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        if d.is_human_readable() {
            let text = String::deserialize(d)?;
            text.parse().map_err(|_| D::Error::custom(format_args!("no date: {text:?}")))
        } else {
            let packed = i32::deserialize(d)?;
            let date =
                Self { year: (packed / 10_000) as i16, month: (packed / 100 % 100) as u8, day: (packed % 100) as u8 };
            let known = match (date.month, date.day) {
                (0, 0) => Self::year(date.year.into()).is_some(),
                (_, 0) => date.as_month().is_some_and(|m| m.month <= 12),
                _ => date.as_day().is_some(),
            };
            known.then_some(date).ok_or_else(|| D::Error::custom("no date"))
        }
    }
}

/// A calendar month of local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month in which a day lies.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        (self.first_day() + Months::new(1)).pred_opt().unwrap_or(NaiveDate::MAX)
    }

    /// Its day with this number, or its last day where it has fewer.
    pub fn day(self, number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, number).unwrap_or_else(|| self.last_day())
    }

    /// The month after.
    pub fn next(self) -> Self {
        Self::of(self.first_day() + Months::new(1))
    }

    /// The month before.
    pub fn before(self) -> Self {
        Self::of(self.first_day().pred_opt().unwrap_or(NaiveDate::MIN))
    }

    /// Whether a day lies in it.
    pub fn holds(self, day: NaiveDate) -> bool {
        Self::of(day) == self
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// The last day on which something of this day is still within a calendar month: 31 January gives the last of February.
pub fn within_a_month(day: NaiveDate) -> NaiveDate {
    day.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_forms_met_in_files() {
        for (text, iso) in [
            ("20221008", "2022-10-08"),
            ("202210", "2022-10"),
            ("2022-10-08", "2022-10-08"),
            ("2022年10月", "2022-10"),
            ("2022年10月8日", "2022-10-08"),
            ("2022/10/8", "2022-10-08"),
            ("2022.10", "2022-10"),
            ("２０２２", "2022"),
            ("2022-10-08T00:00:00", "2022-10-08"),
            ("2022-10-08 00:00:00", "2022-10-08"),
            ("2022-10-08 00:00:00.0", "2022-10-08"),
            ("2022-10-08T09:30:00+08:00", "2022-10-08"),
            ("2022/10/8 0:00", "2022-10-08"),
            ("2022年10月8日 9时30分", "2022-10-08"),
            ("2022年10月8日09:30", "2022-10-08"),
            ("2022-10-08 上午 09:30", "2022-10-08"),
            ("2022年10月8日（星期六）", "2022-10-08"),
            ("20221008093000", "2022-10-08"),
            ("2022-10 00:00", "2022-10"),
        ] {
            assert_eq!(text.parse::<PartialDate>().map(|d| d.to_string()).as_deref(), Ok(iso), "{text}");
        }
        for text in [
            "",
            "20221301",
            "2022-02-30",
            "202213",
            "昨天",
            "12",
            "1-2-3",
            "2022-1-2-3",
            "20221008996000",
            "2022-10-08 张三",
        ] {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_clock_on_a_partial_date_starts_on_its_latest_day() {
        assert_eq!("2022-02".parse::<PartialDate>().unwrap().latest(), day(2022, 2, 28));
        assert_eq!("2022".parse::<PartialDate>().unwrap().latest(), day(2022, 12, 31));
        assert_eq!("2022".parse::<PartialDate>().unwrap().earliest(), day(2022, 1, 1));
    }

    #[test]
    fn within_a_month_is_a_calendar_month() {
        assert_eq!(within_a_month(day(2022, 1, 31)), day(2022, 2, 28));
        assert_eq!(within_a_month(day(2024, 1, 31)), day(2024, 2, 29));
        assert_eq!(within_a_month(day(2022, 10, 8)), day(2022, 11, 8));
    }

    #[test]
    fn both_codecs_keep_a_date() {
        let date: PartialDate = "2021-10".parse().unwrap();
        let json = serde_json::to_string(&date).unwrap();
        assert_eq!(json, "\"2021-10\"");
        assert_eq!(serde_json::from_str::<PartialDate>(&json).unwrap(), date);
        assert!(serde_json::from_str::<PartialDate>("\"2021-13\"").is_err());
    }
}
