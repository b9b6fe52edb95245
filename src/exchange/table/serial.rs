//! Days as a spreadsheet counts them.

use chrono::{Days, NaiveDate};

/// The day that a spreadsheet's number of days means; `from_1904` where it counts as the Macintosh did.
pub fn day(days: u64, from_1904: bool) -> Option<NaiveDate> {
    let (first, days) = match (from_1904, days) {
        (true, days) => (NaiveDate::from_ymd_opt(1904, 1, 1)?, days),
        // 1900 had a 29th of February, there.
        (false, 0..60) => (NaiveDate::from_ymd_opt(1899, 12, 31)?, days),
        (false, days) => (NaiveDate::from_ymd_opt(1899, 12, 30)?, days),
    };
    first
        .checked_add_days(Days::new(days))
        .filter(|day| *day < NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default())
}

/// The day in a bare number of days, with or without a time of day; other numbers in a column of dates have another length.
pub fn day_in(text: &str, from_1904: bool) -> Option<NaiveDate> {
    let (days, time) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    day(days.parse().ok().filter(|_| days.len() == 5 && is_number(days) && is_number(time))?, from_1904)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_number_of_days_is_a_day() {
        let shown = |text, from_1904| day_in(text, from_1904).map(|day| day.to_string());
        assert_eq!(shown("44842", false).as_deref(), Some("2022-10-08"));
        assert_eq!(shown("44842.5", false).as_deref(), Some("2022-10-08"));
        assert_eq!(shown("43380", true).as_deref(), Some("2022-10-08"));
        for text in ["202210", "2022", "2022.1", "4484a", ""] {
            assert_eq!(shown(text, false), None, "{text}");
        }
        assert_eq!(day(59, false), NaiveDate::from_ymd_opt(1900, 2, 28));
    }
}
