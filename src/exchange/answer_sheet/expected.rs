//! What stood in the rows of a workbook when it went out, so that a row that was sorted apart or edited is seen.

use std::collections::BTreeMap;

use super::fault::Why;
use super::lines::Line;
use crate::domain::PartialDate;
use crate::domain::text::{fold, mask_digits};
use crate::exchange::harmless;
use crate::exchange::sheet::Sheet;
use crate::exchange::workbook::Key;

/// The columns that a clerk may write into, or that spreadsheets and people spell anew, and that say nothing of which
/// change is meant.
const PASSED_OVER: [&str; 11] =
    ["序号", "户主", "人编号", "证件号码", "变化日期", "发现日期", "录入日期", "录入人", "依据", "备注", "变更集"];

/// The columns that say what a row is about; others hold what changes.
const ABOUT: [&str; 4] = ["户编号", "姓名", "项目", "字段代码"];

/// The rows by their keys.
#[derive(Debug, Default)]
pub(super) struct Expected {
    rows: BTreeMap<String, Vec<Row>>,
}

/// What a row holds, by the names of its columns.
type Row = Vec<(String, String)>;

impl Expected {
    /// The rows of these sheets.
    pub fn of(sheets: &[Sheet]) -> Self {
        let mut expected = Self::default();
        for sheet in sheets {
            let columns: Vec<String> = sheet.columns.iter().map(|column| fold(column)).collect();
            for row in &sheet.rows {
                let Some(Ok(key)) = row.first().map(|key| key.parse::<Key>()) else { continue };
                let named = columns.iter().cloned().zip(row.iter().cloned());
                let kept = named.filter(|(column, _)| !PASSED_OVER.contains(&column.as_str())).collect();
                expected.rows.entry(key.to_string()).or_default().push(kept);
            }
        }
        expected
    }

    /// What of a line is not as it was under its key: the column, what stands there, and what is wrong with it.
    pub fn differs<'a>(&self, key: &Key, line: &'a Line) -> Option<(String, &'a str, Why)> {
        match self.rows.get(&key.to_string()) {
            Some(rows) => {
                let mut differ = rows.iter().map(|row| difference(row, line));
                // A key may stand on several rows; the line is one of them.
                let first = differ.next()??;
                differ.all(|other| other.is_some()).then_some(first)
            }
            // Several rows drawn together, or an act as a whole: at least the household is one of its own.
            None => {
                let of_act = |known: &str| known.parse::<Key>().is_ok_and(|known| known.act == key.act);
                let rows: Vec<&Row> =
                    self.rows.iter().filter(|(known, _)| of_act(known)).flat_map(|(_, rows)| rows).collect();
                let household = fold(ABOUT[0]);
                let found = line.cells.iter().find(|(column, text)| *column == household && !text.is_empty())?;
                let is_known =
                    |row: &&Row| row.iter().any(|(name, text)| *name == household && is_same(text, &found.1));
                let known = rows.first()?.iter().find(|(name, _)| *name == household)?;
                let why = Why::OtherRow(mask_digits(&known.1).into());
                (!rows.iter().any(is_known)).then(|| (ABOUT[0].to_owned(), found.1.as_str(), why))
            }
        }
    }
}

fn difference<'a>(row: &Row, line: &'a Line) -> Option<(String, &'a str, Why)> {
    let is_about = |column: &str| ABOUT.iter().any(|about| fold(about) == column);
    let differ = row.iter().filter_map(|(column, expected)| {
        let mut found = line.cells.iter().filter(|(name, _)| name == column).map(|(_, text)| text.as_str()).peekable();
        let first = *found.peek()?;
        let is_same = found.any(|found| is_same(expected, found));
        (!is_same).then_some((column, expected, first))
    });
    let (column, expected, found) = differ.min_by_key(|(column, ..)| !is_about(column))?;
    let expected: Box<str> = mask_digits(&expected.chars().take(40).collect::<String>()).into();
    let why = if is_about(column) { Why::OtherRow(expected) } else { Why::Edited(expected) };
    Some((column.clone(), found, why))
}

/// Whether a cell still says what was written into it, whatever a spreadsheet has made of days and numbers.
fn is_same(expected: &str, found: &str) -> bool {
    let (expected, found) = (fold(harmless::read(expected)), fold(harmless::read(found)));
    if expected == found {
        return true;
    }
    let day = |text: &str| text.parse::<PartialDate>().ok();
    if let (Some(expected), Some(found)) = (day(&expected), day(&found))
        && expected == found
    {
        return true;
    }
    // What is too long for a cell was cut on its way out.
    let is_cut = found.chars().count() >= 1_000 && expected.starts_with(&found);
    is_cut || is_same_number(&expected, &found)
}

fn is_same_number(expected: &str, found: &str) -> bool {
    let number =
        |text: &str| text.replace(',', "").trim_start_matches('\'').parse::<f64>().ok().filter(|it| it.is_finite());
    let Some((expected_number, found_number)) = number(expected).zip(number(found)) else { return false };
    // Fifteen digits is what a spreadsheet keeps of a number; a CSV of it may show six.
    if found.contains(['e', 'E']) && expected.len() >= 12 {
        return (expected_number - found_number).abs() <= expected_number.abs() * 1e-5;
    }
    let is_cut = |whole: &str, cut: &str| whole[..15] == cut[..15] && cut[15..].bytes().all(|digit| digit == b'0');
    if expected.len() > 15 && expected.bytes().all(|digit| digit.is_ascii_digit()) {
        return expected.len() == found.len() && found.is_ascii() && is_cut(expected, found);
    }
    expected_number == found_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_the_same_however_a_spreadsheet_writes_it() {
        for (expected, found) in [
            ("5.50", "5.5"),
            ("12000", "12,000.00"),
            ("2022-11-15", "2022/11/15"),
            ("2022-11", "2022年11月"),
            ("-350", "'-350"),
            ("4199991012010001", "4.19999E+15"),
            ("4199991012010001", "4199991012010000"),
            ("张三", "张 三"),
            ("", ""),
        ] {
            assert!(is_same(expected, found), "{expected} {found}");
        }
        for (expected, found) in [
            ("4199991012010001", "4199991012010002"),
            ("12000", "12001"),
            ("是", "否"),
            ("", "0"),
            ("3组", ""),
            ("2022-11-15", "2022-11-16"),
        ] {
            assert!(!is_same(expected, found), "{expected} {found}");
        }
    }
}
