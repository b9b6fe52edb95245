//! Days as they are said: 今天, 昨天, `-3`, 上月, `10-8`; read against the day of the program.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::domain::PartialDate;
use crate::domain::date::Month;
use crate::domain::text::fold;

/// The date that was meant; a day without its year is the last such day.
pub fn read(text: &str, today: NaiveDate) -> Option<PartialDate> {
    let said = fold(text);
    let ago = |days: u64| today.checked_sub_days(Days::new(days)).map(PartialDate::from);
    let month = |ago: u32| {
        let month = Month::of(today.checked_sub_months(Months::new(ago))?);
        PartialDate::month(month.year, month.month)
    };
    match said.as_str() {
        "今天" | "今日" | "0" => ago(0),
        "昨天" | "昨日" => ago(1),
        "前天" => ago(2),
        "大前天" => ago(3),
        "本月" | "这个月" | "这月" => month(0),
        "上月" | "上个月" => month(1),
        "今年" | "本年" => PartialDate::year(today.year()),
        "去年" => PartialDate::year(today.year() - 1),
        "前年" => PartialDate::year(today.year() - 2),
        other => match other.strip_prefix('-').map(str::parse::<u64>) {
            Some(days) => ago(days.ok()?),
            None => other.parse().ok().or_else(|| without_year(other, today)),
        },
    }
}

/// The day to come that was meant: 月底, `+10`, and a day without its year, which is the next such day.
pub fn read_ahead(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let said = fold(text);
    match said.as_str() {
        "明天" | "明日" => today.checked_add_days(Days::new(1)),
        "后天" => today.checked_add_days(Days::new(2)),
        "月底" | "本月底" | "月末" => Some(Month::of(today).last_day()),
        "下月底" => Some(Month::of(today).next().last_day()),
        "年底" | "年末" => NaiveDate::from_ymd_opt(today.year(), 12, 31),
        other => match other.strip_prefix('+').map(str::parse::<u64>) {
            Some(days) => today.checked_add_days(Days::new(days.ok()?)),
            None => other.parse::<PartialDate>().ok().and_then(PartialDate::as_day).or_else(|| {
                let (month, day) = month_and_day(other)?;
                let mut years = (0..8).filter_map(|on| NaiveDate::from_ymd_opt(today.year() + on, month, day));
                years.find(|date| *date >= today)
            }),
        },
    }
}

fn month_and_day(text: &str) -> Option<(u32, u32)> {
    let parts: Vec<&str> = text.split(['-', '/', '.', '月', '日', '号']).filter(|part| !part.is_empty()).collect();
    let [month, day] = parts.as_slice() else { return None };
    Some((month.parse().ok()?, day.parse().ok()?))
}

fn without_year(text: &str, today: NaiveDate) -> Option<PartialDate> {
    let (month, day) = month_and_day(text)?;
    // Only the last day of February needs to look further back.
    (0..8)
        .filter_map(|back| NaiveDate::from_ymd_opt(today.year() - back, month, day))
        .find(|date| *date <= today)
        .map(PartialDate::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_they_are_said() {
        let today = NaiveDate::from_ymd_opt(2022, 11, 20).unwrap();
        for (said, iso) in [
            ("今天", "2022-11-20"),
            ("昨天", "2022-11-19"),
            ("-3", "2022-11-17"),
            ("－３", "2022-11-17"),
            ("上月", "2022-10"),
            ("去年", "2021"),
            ("10-8", "2022-10-08"),
            ("12.28", "2021-12-28"),
            ("10月8日", "2022-10-08"),
            ("2-29", "2020-02-29"),
            ("2022", "2022"),
            ("2022-10", "2022-10"),
            ("20221008", "2022-10-08"),
        ] {
            assert_eq!(read(said, today).map(|date| date.to_string()).as_deref(), Some(iso), "{said}");
        }
        for (said, iso) in [
            ("12-1", "2022-12-01"),
            ("11.20", "2022-11-20"),
            ("1月5日", "2023-01-05"),
            ("2-29", "2024-02-29"),
            ("月底", "2022-11-30"),
            ("下月底", "2022-12-31"),
            ("+10", "2022-11-30"),
            ("明天", "2022-11-21"),
            ("2022-10-08", "2022-10-08"),
        ] {
            assert_eq!(read_ahead(said, today).map(|day| day.to_string()).as_deref(), Some(iso), "{said}");
        }
        for said in ["", "2022-12", "13-1", "以后", "+x"] {
            assert_eq!(read_ahead(said, today), None, "{said}");
        }
        for said in ["", "13-1", "2-30", "很久以前", "-x", "1-2-3-4"] {
            assert_eq!(read(said, today), None, "{said}");
        }
    }
}
