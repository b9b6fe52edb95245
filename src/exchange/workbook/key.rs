//! The key of a line in the clerk's workbook: which changes of the set the line stands for.
//!
//! It is written as `12件1项`, `12件1-4、7项`, `12件开户5-9项`: words that no spreadsheet takes for something else when it is
//! retyped or comes back out of a CSV. `12.1` and `12.10` would become the same number, `12-1` and `12/1` days, `12E1` 120.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::domain::text::fold;

/// Which changes a line stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The act's number.
    pub act: u64,
    /// Whether the line is for the household that the act opens, whose contents have lines of their own.
    pub opens: bool,
    /// The parts of the act, counted from 1, ascending; none is the act as a whole.
    pub parts: Vec<RangeInclusive<u32>>,
}

/// A text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("序号应如 12件1项、12件1-4项")]
pub struct NotAKey;

const ACT: char = '件';
const OPENS: &str = "开户";
const PART: char = '项';

impl Key {
    /// The key of these parts of an act.
    pub fn of(act: u64, parts: impl IntoIterator<Item = usize>) -> Self {
        let mut runs: Vec<RangeInclusive<u32>> = Vec::new();
        for part in parts.into_iter().filter_map(|part| u32::try_from(part).ok()) {
            match runs.last_mut() {
                Some(last) if *last.end() + 1 == part => *last = *last.start()..=part,
                _ => runs.push(part..=part),
            }
        }
        Self { act, opens: false, parts: runs }
    }

    /// The same for the household that the act opens.
    pub fn opening(self) -> Self {
        Self { opens: true, ..self }
    }

    /// The last part it speaks of.
    pub fn last(&self) -> Option<u32> {
        self.parts.iter().map(|run| *run.end()).max()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{ACT}{}", self.act, if self.opens { OPENS } else { "" })?;
        for (at, run) in self.parts.iter().enumerate() {
            let (first, last) = run.clone().into_inner();
            f.write_str(if at == 0 { "" } else { "、" })?;
            if first == last { write!(f, "{first}")? } else { write!(f, "{first}-{last}")? }
        }
        if self.parts.is_empty() { Ok(()) } else { write!(f, "{PART}") }
    }
}

impl FromStr for Key {
    type Err = NotAKey;
    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let text = fold(text).replace('第', "");
        let (act, rest) = text.split_once(ACT).ok_or(NotAKey)?;
        let act = number(act)?;
        let (opens, rest) = rest.strip_prefix(OPENS).map_or((false, rest), |rest| (true, rest));
        let mut parts: Vec<RangeInclusive<u32>> = Vec::new();
        if !rest.is_empty() {
            for run in rest.strip_suffix(PART).ok_or(NotAKey)?.split(['、', ',']) {
                let (first, last) = run.split_once(['-', '~', '至']).unwrap_or((run, run));
                let (first, last): (u32, u32) = (number(first)?, number(last)?);
                if first > last || parts.last().is_some_and(|before| *before.end() >= first) {
                    return Err(NotAKey);
                }
                parts.push(first..=last);
            }
        }
        Ok(Self { act, opens, parts })
    }
}

/// A number from 1, without a sign.
fn number<N: FromStr + Default + PartialEq>(text: &str) -> Result<N, NotAKey> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|n| digits && *n != N::default()).ok_or(NotAKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back() {
        for (key, text) in [
            (Key::of(12, [1]), "12件1项"),
            (Key::of(12, [10]), "12件10项"),
            (Key::of(12, [1, 2, 3, 4, 7]), "12件1-4、7项"),
            (Key::of(12, []), "12件"),
            (Key::of(10, [5, 6]).opening(), "10件开户5-6项"),
            (Key::of(10, []).opening(), "10件开户"),
        ] {
            assert_eq!(key.to_string(), text);
            assert_eq!(text.parse(), Ok(key), "{text}");
        }
        assert_eq!("第１２件 第1－4，7 项".parse(), Ok(Key::of(12, [1, 2, 3, 4, 7])));
        assert_eq!(Key::of(3, [2, 3, 9]).last(), Some(9));
    }

    #[test]
    fn nothing_else_is_a_key() {
        for text in [
            "",
            "12",
            "12.1",
            "件1项",
            "0件1项",
            "12件0项",
            "12件1",
            "12件4-1项",
            "12件1、1项",
            "12件-1项",
            "+1件",
            "1件9999999999项",
        ] {
            assert_eq!(text.parse::<Key>(), Err(NotAKey), "{text}");
        }
    }
}
