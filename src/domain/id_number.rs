//! Citizens' ID numbers (GB 11643) and the disability certificate numbers built on them.

use std::borrow::Cow;

use chrono::NaiveDate;
use thiserror::Error;

/// What sex a person is on paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

/// An ID number whose length, date and check digit are right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdNumber {
    text: String,
    birth: NaiveDate,
}

/// What is wrong with an ID number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadIdNumber {
    /// Neither 18 characters, nor 20 or 22 for a disability certificate.
    #[error("证件号码应为18位（残疾人证20或22位），现为{0}位")]
    Length(usize),
    /// A character that cannot stand there.
    #[error("证件号码只能是数字，末位可为X")]
    Character,
    /// The digits of the birth date are no date.
    #[error("证件号码中的出生日期不存在")]
    Date,
    /// The check digit is another one.
    #[error("证件号码校验位不符")]
    CheckDigit,
}

impl IdNumber {
    /// Reads a number as people and machines write it: spaces, an apostrophe, full-width digits and a small x are mended.
    pub fn parse(text: &str) -> Result<Self, BadIdNumber> {
        let text = tidy(text);
        let birth = check(&text)?;
        Ok(Self { text: text.into_owned(), birth })
    }

    /// The number, tidied.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The birth date in it.
    pub fn birth(&self) -> NaiveDate {
        self.birth
    }

    /// The sex in it.
    pub fn sex(&self) -> Sex {
        if (self.text.as_bytes()[16] - b'0') % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The kind of disability (first digit) and its grade (second), where this is a certificate's number.
    pub fn disability(&self) -> Option<(u8, u8)> {
        let tail = self.text.as_bytes().get(18..20)?;
        Some((tail[0] - b'0', tail[1] - b'0'))
    }
}

/// The birth date in a number that is tidied, or what is wrong with the number.
pub fn check(text: &str) -> Result<NaiveDate, BadIdNumber> {
    let length = text.chars().count();
    if !matches!(length, 18 | 20 | 22) {
        return Err(BadIdNumber::Length(length));
    }
    let bytes = text.as_bytes();
    let digits = bytes.iter().enumerate().all(|(i, b)| b.is_ascii_digit() || (i == 17 && *b == b'X'));
    if !digits {
        return Err(BadIdNumber::Character);
    }
    let birth = birth_in(text).ok_or(BadIdNumber::Date)?;
    if check_digit(&bytes[..17]) != bytes[17] {
        return Err(BadIdNumber::CheckDigit);
    }
    Ok(birth)
}

/// A number as it is read out while it is typed, with what it says already: `419999 19831018 766X 1983-10-18 女`. Empty
/// for what does not begin as a number does.
pub fn read_back(text: &str) -> String {
    let number = tidy(text);
    let is_number = number.bytes().enumerate().all(|(i, b)| b.is_ascii_digit() || (i == 17 && b == b'X'));
    if number.is_empty() || !is_number {
        return String::new();
    }
    let groups = [0..6, 6..14, 14..18, 18..number.len()];
    let part = |range: std::ops::Range<usize>| number.get(range.start..range.end.min(number.len()));
    let mut told: Vec<String> =
        groups.into_iter().filter_map(part).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    told.extend(birth_in(&number).map(|birth| birth.to_string()));
    let sex = number.as_bytes().get(16).filter(|_| birth_in(&number).is_some());
    told.extend(sex.map(|digit| if (digit - b'0') % 2 == 1 { "男" } else { "女" }.to_owned()));
    told.join(" ")
}

/// The date whose digits stand in a number, as far as it is typed.
fn birth_in(number: &str) -> Option<NaiveDate> {
    let part = |range: std::ops::Range<usize>| number.get(range)?.parse::<u32>().ok();
    NaiveDate::from_ymd_opt(part(6..10)? as i32, part(10..12)?, part(12..14)?)
}

/// A number as it was meant, whether right or wrong: half-width, without spaces or apostrophe, a capital X.
pub fn tidy(text: &str) -> Cow<'_, str> {
    let text = super::text::folded(super::text::clean(text));
    if text.bytes().any(|b| b.is_ascii_lowercase() || !b.is_ascii()) { text.to_uppercase().into() } else { text }
}

/// The first 18 characters of a number, by which a certificate and a card of one person are the same.
pub fn stem(text: &str) -> &str {
    text.char_indices().nth(18).map_or(text, |(at, _)| &text[..at])
}

/// The check digit of the first 17 digits (ISO 7064 MOD 11-2).
pub fn check_digit(first: &[u8]) -> u8 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first.iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    b"10X98765432"[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for text in ["41999919831018766X", " '41999919831018766x\t", "４１９９９９１９８３１０１８７６６Ｘ"]
        {
            let id = IdNumber::parse(text).unwrap();
            assert_eq!(id.as_str(), "41999919831018766X");
            assert_eq!(id.birth().to_string(), "1983-10-18");
            assert_eq!(id.sex(), Sex::Female);
        }
        assert_eq!(IdNumber::parse("419999196808208852").unwrap().sex(), Sex::Male);
    }

    #[test]
    fn a_number_is_read_while_it_is_typed() {
        for (typed, read) in [
            ("", ""),
            ("张", ""),
            ("4199", "4199"),
            ("4199991983", "419999 1983"),
            ("41999919831018", "419999 19831018 1983-10-18"),
            ("419999198313187", "419999 19831318 7"),
            ("41999919831018766", "419999 19831018 766 1983-10-18 女"),
            ("41999919831018766x", "419999 19831018 766X 1983-10-18 女"),
            ("41999919831018766X42", "419999 19831018 766X 42 1983-10-18 女"),
        ] {
            assert_eq!(read_back(typed), read, "{typed}");
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(IdNumber::parse("4199991983101876"), Err(BadIdNumber::Length(16)));
        assert_eq!(IdNumber::parse("41999919831018766Y"), Err(BadIdNumber::Character));
        assert_eq!(IdNumber::parse("419999198313187665"), Err(BadIdNumber::Date));
        assert_eq!(IdNumber::parse("419999199308142740"), Err(BadIdNumber::CheckDigit));
    }

    #[test]
    fn a_certificate_holds_kind_and_grade() {
        let id = IdNumber::parse("41999919831018766X42").unwrap();
        assert_eq!(id.disability(), Some((4, 2)));
        assert_eq!(stem(id.as_str()), "41999919831018766X");
    }
}
