//! Amounts of money in whole fen, and plain quantities with four decimals.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An amount of money in whole fen (1 yuan = 100 fen); never a float.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

/// A quantity without money in it (mu, km, square metres, months, a count), in ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(pub i64);

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotANumber {
    /// There is something in it that is neither a digit nor a known unit.
    #[error("不是数字")]
    NotDigits,
    /// A comma that separates no thousands.
    #[error("逗号只能隔开千位（如12,000）；小数点请用“.”")]
    Comma,
    /// It does not fit.
    #[error("数字太大")]
    TooLarge,
}

impl Money {
    /// Whole yuan.
    pub const fn yuan(yuan: i64) -> Self {
        Self(yuan * 100)
    }

    /// The sum, or none where it does not fit.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// This amount shared by a number of heads, rounded to the fen.
    pub fn per(self, heads: i64) -> Option<Self> {
        let (fen, heads) = (i128::from(self.0), i128::from(heads));
        // Half up, also below nothing.
        let shared = || (2 * fen + heads).div_euclid(2 * heads);
        (heads > 0).then(shared).and_then(|fen| i64::try_from(fen).ok()).map(Self)
    }
}

/// Yuan as people write them: `12000`, `12,000.5`, `１２０００元`, `1.2万元`. More decimals than fen are rounded.
impl FromStr for Money {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        scaled(text, 2, &["元", "圆", "块", "yuan"]).map(Self)
    }
}

/// Yuan with as many decimals as there are: `938`, `14566.67`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&unscaled(self.0, 2))
    }
}

impl Quantity {
    /// A whole number.
    pub const fn whole(n: i64) -> Self {
        Self(n * 10_000)
    }

    /// The whole number that this is, if it is one.
    pub fn as_whole(self) -> Option<i64> {
        (self.0 % 10_000 == 0).then_some(self.0 / 10_000)
    }
}

/// Units a clerk leaves behind a number; the field's definition says which one is meant.
const UNITS: &[&str] = &[
    "亩",
    "平方米",
    "平方",
    "㎡",
    "m²",
    "m2",
    "公里",
    "千米",
    "km",
    "个月",
    "月",
    "人",
    "口",
    "户",
    "个",
    "岁",
    "天",
    "米",
];

impl FromStr for Quantity {
    type Err = NotANumber;
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        scaled(text, 4, UNITS).map(Self)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&unscaled(self.0, 4))
    }
}

fn scaled(text: &str, decimals: usize, units: &[&str]) -> Result<i64, NotANumber> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-');
    if plain {
        return digits(text, decimals, 1);
    }
    let folded: String = super::text::fold(text).chars().filter(|c| !matches!(c, ' ' | '¥')).collect();
    let folded = folded.to_lowercase();
    let mut rest = folded.as_str();
    rest = units.iter().find_map(|u| rest.strip_suffix(u)).unwrap_or(rest);
    let (rest, times) = rest.strip_suffix('万').map_or((rest, 1), |rest| (rest, 10_000));
    if !rest.contains(',') {
        return digits(rest, decimals, times);
    }
    if !separates_thousands(rest) {
        return Err(NotANumber::Comma);
    }
    digits(&rest.replace(',', ""), decimals, times)
}

/// Whether every comma stands before three digits of the whole part: `12,000.5`, not `5,5`, which is a point mistyped.
fn separates_thousands(number: &str) -> bool {
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3) && !part.contains(',')
}

fn digits(text: &str, decimals: usize, times: i64) -> Result<i64, NotANumber> {
    let (sign, body) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = body.split_once('.').unwrap_or((body, ""));
    let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !numeric(whole) || !numeric(part) {
        return Err(NotANumber::NotDigits);
    }
    // `万` shifts the point by four, so that many more decimals still count.
    let shift = decimals + if times == 10_000 { 4 } else { 0 };
    let mut value: i64 = 0;
    let mut push = |digit: u8| -> Result<(), NotANumber> {
        value = value.checked_mul(10).and_then(|v| v.checked_add(i64::from(digit))).ok_or(NotANumber::TooLarge)?;
        Ok(())
    };
    for b in whole.bytes() {
        push(b - b'0')?;
    }
    let part = part.as_bytes();
    for i in 0..shift {
        push(part.get(i).map_or(0, |b| b - b'0'))?;
    }
    if part.get(shift).is_some_and(|b| *b >= b'5') {
        value = value.checked_add(1).ok_or(NotANumber::TooLarge)?;
    }
    Ok(sign * value)
}

fn unscaled(value: i64, decimals: usize) -> String {
    let unit = 10_i64.pow(decimals as u32).unsigned_abs();
    let magnitude = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    let part = magnitude % unit;
    if part == 0 {
        return format!("{sign}{}", magnitude / unit);
    }
    let text = format!("{sign}{}.{part:0decimals$}", magnitude / unit);
    text.trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_as_clerks_write_them() {
        for (text, fen) in [
            ("12000", 1_200_000),
            ("14566.67元", 1_456_667),
            ("1,200.5", 120_050),
            ("１２０元", 12_000),
            ("1.25万", 1_250_000),
            ("-3.5", -350),
            ("0.005", 1),
            ("20750.00", 2_075_000),
        ] {
            assert_eq!(text.parse::<Money>(), Ok(Money(fen)), "{text}");
        }
        for text in ["", "-", "元", "12a", "1.2.3", "十二"] {
            assert_eq!(text.parse::<Money>(), Err(NotANumber::NotDigits), "{text}");
        }
        assert_eq!("99999999999999999999".parse::<Money>(), Err(NotANumber::TooLarge));
    }

    #[test]
    fn a_comma_separates_thousands_or_nothing() {
        for (text, fen) in
            [("12,000", 1_200_000), ("1,234,567.5", 123_456_750), ("-3,000元", -300_000), ("12，000", 1_200_000)]
        {
            assert_eq!(text.parse::<Money>(), Ok(Money(fen)), "{text}");
        }
        for text in ["5,5", "5，5", "12,00", "1234,567", ",500", "1,,000", "1.5,000", "5,5万", "12,0000"] {
            assert_eq!(text.parse::<Money>(), Err(NotANumber::Comma), "{text}");
            assert_eq!(format!("{text}亩").parse::<Quantity>(), Err(NotANumber::Comma), "{text}");
        }
    }

    #[test]
    fn amounts_print_as_they_were() {
        assert_eq!(Money(1_456_667).to_string(), "14566.67");
        assert_eq!(Money(120_050).to_string(), "1200.5");
        assert_eq!(Money(-5).to_string(), "-0.05");
        assert_eq!("1.6公里".parse::<Quantity>().unwrap().to_string(), "1.6");
        assert_eq!("8亩".parse::<Quantity>().unwrap().as_whole(), Some(8));
    }

    #[test]
    fn shares_are_rounded_to_the_fen() {
        assert_eq!(Money::yuan(87_400).per(6), Some(Money(1_456_667)));
        assert_eq!(Money::yuan(100).per(0), None);
        assert_eq!(Money(-100).per(3), Some(Money(-33)));
    }
}
