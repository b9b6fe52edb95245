//! Numbers that name somebody, and how spreadsheets spoil them.

use std::borrow::Cow;

use crate::catalogue::shapes::{digits, tidy_number};
use crate::catalogue::{Refused, Shape};
use crate::domain::text::fold;
use crate::domain::{HouseholdId, IdNumber, id_number};

use crate::exchange::table::row::{CellKind, RawCell};

/// Why a cell holds no 户编号.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoNumber {
    /// A spreadsheet has lost its last digits.
    Lost,
    /// It has another shape.
    Shape(Refused),
}

/// How many digits a spreadsheet keeps of a number.
const KEPT_DIGITS: usize = 15;

/// The 户编号 in a cell, as it was meant, or the number that a village gives where there is none.
pub fn household_number(cell: RawCell<'_>, shape: Option<Shape>) -> Result<String, NoNumber> {
    let number = tidy_number(cell.text);
    if lost_digits(cell) {
        return Err(NoNumber::Lost);
    }
    match shape {
        Some(Shape::Digits(wanted)) if HouseholdId::from_local_number(&number).is_none() => {
            digits(wanted, &number).map_err(NoNumber::Shape)
        }
        _ => Ok(number.into_owned()),
    }
}

/// Whether a number that is no quantity has lost digits: it shows an exponent, or is longer than a spreadsheet's
/// numbers are kept and ends in the zero that then stands there.
pub fn lost_digits(cell: RawCell<'_>) -> bool {
    has_exponent(cell.text)
        || (cell.kind == CellKind::Number
            && cell.text.len() > KEPT_DIGITS
            && (cell.text.ends_with('0') || cell.text.len() > KEPT_DIGITS + 1))
}

/// Why an ID number cannot be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpoiledId {
    /// The cell holds a number, so that nobody knows its last digits, whatever they look like.
    Number,
    /// The text shows that digits are lost.
    Digits,
}

/// Whether a cell's ID number is spoiled.
pub fn spoiled_id(cell: RawCell<'_>) -> Option<SpoiledId> {
    if cell.kind == CellKind::Number {
        return Some(SpoiledId::Number);
    }
    let zeros = || {
        let number = id_number::tidy(cell.text);
        number.len() == 18 && number.ends_with("000") && IdNumber::parse(&number).is_err()
    };
    (has_exponent(cell.text) || cell.text.ends_with(['0', '０']) && zeros()).then_some(SpoiledId::Digits)
}

fn has_exponent(text: &str) -> bool {
    exponent(text).is_some()
}

/// The parts of a number with an exponent, in any spelling: `4.2E+17`, `4.2e17`, `4.2*10^17`, `4.2×10^17`.
fn exponent(text: &str) -> Option<(String, String, u32)> {
    if !text.contains(['E', 'e', '^', 'Ｅ', 'ｅ']) {
        return None;
    }
    let folded = fold(text).to_ascii_lowercase();
    let (digits, power) = folded.split_once("e").or_else(|| {
        let (digits, power) = folded.split_once("10^")?;
        Some((digits.strip_suffix(['*', '×', 'x', '·'])?, power))
    })?;
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let power = power.trim_start_matches('+');
    let power = power.parse().ok().filter(|_| is_number(power))?;
    (!whole.is_empty() && is_number(whole) && is_number(decimals)).then(|| (whole.into(), decimals.into(), power))
}

/// A number with an exponent that still has all its digits, written out.
pub fn written_out(text: &str) -> Cow<'_, str> {
    match exponent(text) {
        Some((whole, decimals, power)) if decimals.len() == power as usize => Cow::Owned(whole + &decimals),
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(kind: CellKind, text: &str) -> RawCell<'_> {
        RawCell { column: 0, kind, spanned: false, text }
    }

    #[test]
    fn spoiled_id_numbers_show() {
        for (kind, text, spoiled) in [
            (CellKind::Number, "41999919831018766", Some(SpoiledId::Number)),
            (CellKind::Number, "419999198004268000", Some(SpoiledId::Number)),
            (CellKind::Text, "4.19999E+17", Some(SpoiledId::Digits)),
            (CellKind::Text, "4.1999919680820886E17", Some(SpoiledId::Digits)),
            (CellKind::Text, "4.2e017", Some(SpoiledId::Digits)),
            (CellKind::Text, "4.2×10^17", Some(SpoiledId::Digits)),
            (CellKind::Text, "419999198004268000", Some(SpoiledId::Digits)),
            (CellKind::Text, "41999919831018766X", None),
            (CellKind::Text, "419999199308142740", None),
        ] {
            assert_eq!(spoiled_id(cell(kind, text)), spoiled, "{text}");
        }
    }

    #[test]
    fn a_real_number_may_end_in_zeros() {
        let first = (0..1000).map(|nth| format!("41999919800101{nth:03}"));
        let ends = first.map(|first| format!("{first}{}", char::from(id_number::check_digit(first.as_bytes()))));
        let real = ends.filter(|number| number.ends_with("000")).collect::<Vec<_>>();
        assert!(!real.is_empty());
        assert!(real.iter().all(|number| spoiled_id(cell(CellKind::Text, number)).is_none()));
    }

    #[test]
    fn a_number_with_all_its_digits_is_written_out() {
        for (text, written) in [
            ("1.3812340001E10", "13812340001"),
            ("1.3812340001e+10", "13812340001"),
            ("1.38E10", "1.38E10"),
            ("13812340001", "13812340001"),
        ] {
            assert_eq!(written_out(text), written);
        }
    }

    #[test]
    fn a_household_number_kept_as_a_number_may_be_whole() {
        let read = |kind, text| household_number(cell(kind, text), Some(Shape::Digits(16)));
        assert_eq!(read(CellKind::Number, "4199991012010001").as_deref(), Ok("4199991012010001"));
        assert_eq!(read(CellKind::Number, "4199991012010000"), Err(NoNumber::Lost));
        assert_eq!(read(CellKind::Text, "4199991012010010").as_deref(), Ok("4199991012010010"));
        assert_eq!(read(CellKind::Text, "4.19999E+15"), Err(NoNumber::Lost));
        assert_eq!(read(CellKind::Text, "４１９９９９１０１２０１０００１").as_deref(), Ok("4199991012010001"));
        assert_eq!(read(CellKind::Text, "419999101201v0063").as_deref(), Ok("419999101201V0063"));
    }

    #[test]
    fn what_has_not_the_shape_of_a_household_number_is_none() {
        let read = |text| household_number(cell(CellKind::Text, text), Some(Shape::Digits(16)));
        for text in ["1", "无", "41999910120100011", "419999101201O001", "一组3号"] {
            assert!(matches!(read(text), Err(NoNumber::Shape(_))), "{text}");
        }
        assert_eq!(household_number(cell(CellKind::Text, "x-7"), None).as_deref(), Ok("X-7"), "no shape is defined");
    }
}
