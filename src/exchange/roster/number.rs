//! Numbers that name somebody, and how spreadsheets spoil them.

use crate::catalogue::shapes::{digits, tidy_number};
use crate::catalogue::{Refused, Shape};
use crate::domain::{HouseholdId, IdNumber, id_number};

use super::row::{CellKind, RawCell};

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
    let Some((digits, exponent)) = text.split_once(['E', 'e']) else { return false };
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !text.is_empty();
    is_number(digits) && exponent.strip_prefix('+').is_some_and(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(kind: CellKind, text: &str) -> RawCell<'_> {
        RawCell { column: 0, kind, text }
    }

    #[test]
    fn spoiled_id_numbers_show() {
        for (kind, text, spoiled) in [
            (CellKind::Number, "41999919831018766", Some(SpoiledId::Number)),
            (CellKind::Number, "419999198004268000", Some(SpoiledId::Number)),
            (CellKind::Text, "4.19999E+17", Some(SpoiledId::Digits)),
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
