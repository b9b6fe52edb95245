//! What a cell's number format makes of a number: a day, or so many digits.

use super::row::{CellKind, Places, RawRow};
use super::serial;

/// How a number is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFormat {
    /// As a number.
    Number(Places),
    /// As a day.
    Day,
    /// As a month of a year.
    Month,
    /// As a year.
    Year,
}

impl Default for NumberFormat {
    fn default() -> Self {
        Self::Number(Places::default())
    }
}

impl NumberFormat {
    /// One of the formats that every spreadsheet knows by its number, as it shows them in China.
    pub fn built_in(id: u32) -> Self {
        match id {
            2 | 4 | 39 | 40 => Self::Number(Places { whole: 1, decimals: 2 }),
            17 | 27 | 36 | 50 | 52 | 57 => Self::Month,
            14..=16 | 22 | 28..=31 | 51 | 53 | 54 | 58 => Self::Day,
            _ => Self::default(),
        }
    }

    /// A format that is written out.
    pub fn of(code: &str) -> Self {
        let code = bare(code.split(';').next().unwrap_or_default());
        let has = |c: char| code.contains(c);
        // What stands beside an hour or a second is minutes.
        let is_month = |at: usize| {
            let beside = |c: Option<char>| c.is_some_and(|c| matches!(c, 'h' | 's'));
            let before = code[..at].chars().rev().find(|c| c.is_ascii_alphabetic() && *c != 'm');
            let after = code[at..].chars().find(|c| c.is_ascii_alphabetic() && *c != 'm');
            !beside(before) && !beside(after)
        };
        let month = code.match_indices('m').any(|(at, _)| is_month(at));
        match (has('y'), month, has('d') || code.contains("aaa")) {
            (_, _, true) => Self::Day,
            (true, true, false) => Self::Month,
            (true, false, false) => Self::Year,
            (false, true, false) => Self::Day,
            (false, false, false) => Self::Number(places(&code)),
        }
    }

    /// Adds a number to a row as it is shown.
    pub fn push(self, row: &mut RawRow, column: u32, number: f64, from_1904: bool) {
        let places = match self {
            Self::Number(places) => places,
            _ => Places::default(),
        };
        let day = matches!(self, Self::Day | Self::Month | Self::Year)
            .then(|| (1.0..3_000_000.0).contains(&number).then(|| serial::day(number as u64, from_1904)))
            .flatten()
            .flatten();
        match day {
            Some(day) => {
                let shown = day.to_string();
                let length = match self {
                    Self::Year => 4,
                    Self::Month => 7,
                    _ => shown.len(),
                };
                row.push(column, CellKind::Date, shown.get(..length).unwrap_or(&shown));
            }
            None if number.is_finite() => row.push_number(column, number, places),
            None => row.push(column, CellKind::Error, "#NUM!"),
        }
    }
}

/// A format's letters and signs, without what it only repeats: quoted text, colours and conditions.
fn bare(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' | '!' => _ = chars.next(),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                // Hours or minutes that went by.
                if matches!(inside.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    out.push('h');
                }
            }
            c => out.push(c.to_ascii_lowercase()),
        }
    }
    if out == "general" { String::new() } else { out }
}

fn places(code: &str) -> Places {
    let zeros = |text: &str| text.bytes().filter(|b| *b == b'0').count().try_into().unwrap_or(u8::MAX);
    if code.contains(['e', '%', '/']) {
        return Places::default();
    }
    let (whole, decimals) = code.split_once('.').unwrap_or((code, ""));
    Places { whole: zeros(whole), decimals: zeros(decimals) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_show_days_months_and_digits() {
        let number = |whole, decimals| NumberFormat::Number(Places { whole, decimals });
        for (code, format) in [
            ("General", number(0, 0)),
            ("0.00_ ", number(1, 2)),
            ("#,##0.00;[Red]-#,##0.00", number(1, 2)),
            ("000000", number(6, 0)),
            ("0.00E+00", number(0, 0)),
            ("@", number(0, 0)),
            ("0\"年\"", number(1, 0)),
            ("yyyy/m/d;@", NumberFormat::Day),
            ("[$-804]yyyy\"年\"m\"月\"d\"日\"", NumberFormat::Day),
            ("yyyy\"年\"m\"月\"", NumberFormat::Month),
            ("yyyy-mm", NumberFormat::Month),
            ("yyyy", NumberFormat::Year),
            ("m\"月\"d\"日\"", NumberFormat::Day),
            ("yyyy-mm-dd hh:mm:ss", NumberFormat::Day),
            ("h:mm", number(0, 0)),
            ("[h]:mm:ss", number(0, 0)),
        ] {
            assert_eq!(NumberFormat::of(code), format, "{code}");
        }
    }

    #[test]
    fn a_number_is_written_as_it_is_shown() {
        let shown = |format: NumberFormat, number, from_1904| {
            let mut row = RawRow::default();
            format.push(&mut row, 0, number, from_1904);
            row.get(0).to_owned()
        };
        assert_eq!(shown(NumberFormat::of("0.00"), 2022.1, false), "2022.10");
        assert_eq!(shown(NumberFormat::Month, 44_835.0, false), "2022-10");
        assert_eq!(shown(NumberFormat::Day, 44_842.75, false), "2022-10-08");
        assert_eq!(shown(NumberFormat::Day, 43_380.0, true), "2022-10-08");
        assert_eq!(shown(NumberFormat::Day, 0.5, false), "0.5");
        assert_eq!(shown(NumberFormat::Day, -3.0, false), "-3");
    }
}
