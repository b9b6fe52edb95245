//! How a column's name is written: with marks, numbers and units around it that the same name goes without elsewhere.

use std::collections::HashMap;

use serde::Deserialize;

use crate::data::{BadData, Data};
use crate::domain::text::fold;

use super::row::RawRow;

/// What stands around the names of columns and people, as `data/tables/headers.toml` lists it.
#[derive(Clone, Debug, Default)]
pub struct HeaderWords {
    /// Words that say only whether or how a column is to be filled in.
    marks: Vec<Box<str>>,
    /// Those of them that stand behind or before a name without brackets.
    bare: Vec<Box<str>>,
    /// What begins such a remark.
    hints: Vec<Box<str>>,
    units: HashMap<Box<str>, Unit>,
    /// People other than those whom a list is about.
    others: Vec<Box<str>>,
    /// How a row of column numbers begins.
    counts: Vec<Box<str>>,
}

/// A unit behind a column's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// As it was written, folded.
    pub written: Box<str>,
    /// The unit that it is a multiple of.
    pub of: Box<str>,
    /// By how many places the point moves to get there; none where that is not enough.
    pub shift: Option<i8>,
}

/// A name without some of what stood around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The name.
    pub name: String,
    /// The unit that stood behind it.
    pub unit: Option<Unit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::exchange) struct HeaderShape {
    marks: Vec<String>,
    bare: Vec<String>,
    hints: Vec<String>,
    others: Vec<String>,
    counts: Vec<String>,
    unit: Vec<UnitShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitShape {
    is: String,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    multiples: HashMap<String, i8>,
    #[serde(default)]
    unlike: Vec<String>,
}

const FILE: &str = "tables/names.toml";

const BRACKETS: &[(char, char)] = &[
    ('(', ')'),
    ('[', ']'),
    ('{', '}'),
    ('<', '>'),
    ('【', '】'),
    ('〔', '〕'),
    ('〖', '〗'),
    ('「', '」'),
    ('《', '》'),
    ('〈', '〉'),
];

impl HeaderWords {
    /// Loads the words.
    pub fn load(data: &Data) -> Result<Self, BadData> {
        let shape: HeaderShape = data.file(FILE)?.read()?;
        let folded = |names: Vec<String>| names.iter().map(|name| Box::from(fold(name))).collect();
        let mut units = HashMap::new();
        for unit in shape.unit {
            let of: Box<str> = fold(&unit.is).into();
            let same = unit.names.iter().chain([&unit.is]).map(|name| (name, Some(0)));
            let multiples = unit.multiples.iter().map(|(name, shift)| (name, Some(*shift)));
            let unlike = unit.unlike.iter().map(|name| (name, None));
            for (name, shift) in same.chain(multiples).chain(unlike) {
                let written: Box<str> = fold(name).into();
                units.insert(written.clone(), Unit { written, of: of.clone(), shift });
            }
        }
        Ok(Self {
            marks: folded(shape.marks),
            bare: folded(shape.bare),
            hints: folded(shape.hints),
            units,
            others: folded(shape.others),
            counts: folded(shape.counts),
        })
    }

    /// The ways in which a folded name can be meant, the fullest first: each is without something that stood around the
    /// one before it.
    pub fn spellings(&self, folded: &str) -> Vec<Spelling> {
        let mut spellings = vec![Spelling { name: folded.to_owned(), unit: None }];
        let mut unit = None;
        let mut rest = folded;
        // A name in which so much stands around it is none.
        for _ in 0..8 {
            let Some((less, found)) = self.less(rest) else { break };
            unit = found.or(unit);
            rest = less;
            if rest.is_empty() {
                break;
            }
            spellings.push(Spelling { name: rest.to_owned(), unit: unit.clone() });
        }
        spellings
    }

    /// The name without the first thing around it that says nothing of what it is, and the unit where it was one.
    fn less<'a>(&self, name: &'a str) -> Option<(&'a str, Option<Unit>)> {
        let marks = [
            '*', '★', '☆', '▲', '△', '●', '◆', '■', '※', '#', '√', '✓', ':', ';', '-', '_', '、', '.', ',', '。', '?',
            '!', '"', '“', '”', '+',
        ];
        let bare = name.trim_matches(marks);
        if bare.len() < name.len() {
            return Some((bare, None));
        }
        if let Some((before, inside)) = bracketed_end(name) {
            let unit = self.unit(inside);
            return (unit.is_some() || self.is_mark(inside)).then_some((before, unit));
        }
        if let Some((inside, after)) = bracketed_beginning(name) {
            let unit = self.unit(inside);
            let passes = unit.is_some() || self.is_mark(inside) || is_number(inside);
            return passes.then_some((after, unit));
        }
        if let Some(rest) = without_number(name) {
            return Some((rest, None));
        }
        for (at, c) in name.char_indices().skip(1) {
            if matches!(c, '/' | ':' | ',' | '-' | '_' | '|' | '、') {
                let behind = &name[at + c.len_utf8()..];
                let unit = self.unit(behind);
                if unit.is_some() || self.is_mark(behind) {
                    return Some((&name[..at], unit));
                }
            }
        }
        if let Some(rest) = name.strip_prefix("其中").filter(|rest| !rest.is_empty()) {
            return Some((rest, None));
        }
        for mark in &self.bare {
            let rest = name.strip_suffix(&**mark).or_else(|| name.strip_prefix(&**mark));
            if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
                return Some((rest, None));
            }
        }
        // 工资性收入万元, and the county's own code of a field: 工资性收入aac073.
        let unit = name.char_indices().skip(2).find_map(|(at, _)| Some((&name[..at], self.unit(&name[at..])?)));
        // A single character says more than a unit, but for the commonest ones.
        let unit = unit.filter(|(_, unit)| unit.written.chars().count() > 1 || unit.of == unit.written);
        if let Some((rest, unit)) = unit {
            return Some((rest, Some(unit)));
        }
        let (rest, code) = name.split_at_checked(name.len().checked_sub(6)?)?;
        (is_code(code) && !rest.is_empty()).then_some((rest, None))
    }

    /// The unit that a text is, with or without 单位 in front.
    pub fn unit(&self, text: &str) -> Option<Unit> {
        let bare = text.strip_prefix("金额").unwrap_or(text);
        let bare = bare.strip_prefix("计量").unwrap_or(bare);
        let bare = bare.strip_prefix("单位").map_or(bare, |rest| rest.trim_start_matches([':', '为', '是', '/', '-']));
        self.units.get(bare).cloned()
    }

    /// Whether a text says only how a column is to be filled in: 必填, 18位, 下拉选择, 格式:yyyy-mm-dd.
    fn is_mark(&self, text: &str) -> bool {
        let digits = text.trim_end_matches("位").trim_end_matches("数字").trim_end_matches("位");
        let is_length = digits.len() < text.len()
            && !digits.is_empty()
            && digits.chars().all(|c| c.is_ascii_digit() || "-~或/、至".contains(c));
        text.is_empty()
            || text.chars().all(|c| c == '*')
            || self.marks.iter().any(|mark| **mark == *text)
            || self.hints.iter().any(|hint| text.starts_with(&**hint))
            || is_length
            || is_code(text)
    }

    /// Whether what stands in a cell only explains the column above it.
    fn explains(&self, folded: &str) -> bool {
        let bare = folded.trim_matches(['*', ':', ' ']);
        let bare = bracketed_end(bare).filter(|(before, _)| before.is_empty()).map_or(bare, |(_, inside)| inside);
        let each = |text: &str| self.is_mark(text) || self.unit(text).is_some();
        each(bare) || bare.split([',', '、', ';', '。', '/']).all(|part| !part.is_empty() && each(part))
    }

    /// Whether a row below a header says of each column how it is filled in and in which unit.
    pub fn is_explanation(&self, row: &RawRow) -> bool {
        row.own() > 0 && row.cells().filter(|cell| !cell.spanned).all(|cell| self.explains(&fold(cell.text)))
    }

    /// Whether a row counts the columns: 1 2 3, (1) (2), A B C, 甲 乙 1 2.
    pub fn is_count(&self, row: &RawRow) -> bool {
        let mut last = 0;
        let mut counted = 0;
        for cell in row.cells().filter(|cell| !cell.spanned) {
            let text = fold(cell.text);
            if self.counts.iter().any(|word| **word == *text) {
                counted += 1;
                continue;
            }
            let bare = text.trim_matches(['(', ')', '[', ']', '.', '栏', '列', '第']);
            // How a column follows from others: 6=4+5.
            let bare = bare.split(['=', '*']).next().unwrap_or_default();
            match bare.parse::<u32>() {
                Ok(number) if number == last + 1 => {
                    last = number;
                    counted += 1;
                }
                _ => return false,
            }
        }
        counted >= 3 && counted == row.own()
    }

    /// Whether a heading over several columns speaks of somebody else than the people listed.
    pub fn is_other(&self, folded: &str) -> bool {
        self.others.iter().any(|other| folded.contains(&**other))
    }
}

fn bracketed_end(name: &str) -> Option<(&str, &str)> {
    let closes = name.chars().next_back()?;
    let (open, _) = BRACKETS.iter().find(|(_, close)| *close == closes)?;
    let inside = &name[..name.len() - closes.len_utf8()];
    let at = inside.rfind(*open)?;
    Some((&inside[..at], &inside[at + open.len_utf8()..]))
}

fn bracketed_beginning(name: &str) -> Option<(&str, &str)> {
    let opens = name.chars().next()?;
    let (_, close) = BRACKETS.iter().find(|(open, _)| *open == opens)?;
    name[opens.len_utf8()..].split_once(*close).filter(|(_, after)| !after.is_empty())
}

/// Whether a text is a number of a list: 1, 12, 一, 十二, A1.
fn is_number(text: &str) -> bool {
    let length = text.chars().count();
    (1..=3).contains(&length)
        && (text.bytes().all(|b| b.is_ascii_digit()) || text.chars().all(|c| "一二三四五六七八九十".contains(c)))
}

/// The name behind its number in a list: `1.姓名`, `一、姓名`, `A01姓名`, `1姓名`.
fn without_number(name: &str) -> Option<&str> {
    let (number, rest) = name.split_at(name.find(|c: char| ".、:)-_,".contains(c)).unwrap_or(0));
    let rest = rest.trim_start_matches(['.', '、', ':', ')', '-', '_', ',']);
    if is_number(number) && !rest.is_empty() {
        return Some(rest);
    }
    let rest =
        name.trim_start_matches(|c: char| c.is_ascii_uppercase()).trim_start_matches(|c: char| c.is_ascii_digit());
    let taken = name.len() - rest.len();
    let begins = rest.chars().next().is_some_and(|c| !c.is_ascii());
    ((1..=4).contains(&taken) && begins && name[..taken].bytes().any(|b| b.is_ascii_digit())).then_some(rest)
}

/// Whether a text is a code by which the county's entry page calls a field: aac073.
fn is_code(text: &str) -> bool {
    text.len() == 6
        && text.is_char_boundary(3)
        && text[..3].bytes().all(|b| b.is_ascii_alphabetic())
        && text[3..].bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::row::CellKind;
    use super::*;

    fn words() -> HeaderWords {
        HeaderWords::load(&Data::embedded()).unwrap()
    }

    fn row(number: u32, cells: &[&str]) -> RawRow {
        let mut row = RawRow::default();
        row.start(number);
        (0..).zip(cells).for_each(|(column, text)| row.push(column, CellKind::Text, text));
        row
    }

    #[test]
    fn names_are_found_in_what_stands_around_them() {
        let words = words();
        for written in [
            "*姓名",
            "姓名*",
            "姓名（必填）",
            "（必填）姓名",
            "【必填】姓名",
            "姓名：",
            "1.姓名",
            "1、姓名",
            "①姓名",
            "(1)姓名",
            "（一）姓名",
            "一、姓名",
            "A01姓名",
            "*1.姓名（必填）：",
            "姓名[文本]",
            "姓名（如：张三）",
            "姓名必填",
            "姓 名",
            "姓名aac003",
        ] {
            let spellings = words.spellings(&fold(written));
            assert!(spellings.iter().any(|spelling| spelling.name == "姓名"), "{written}: {spellings:?}");
        }
        for written in ["户主姓名", "姓名拼音", "监护人(姓名)", "曾用名(姓名)"] {
            assert!(words.spellings(&fold(written)).iter().all(|spelling| spelling.name != "姓名"), "{written}");
        }
    }

    #[test]
    fn units_are_found_however_they_are_bracketed() {
        let words = words();
        for (written, unit) in [
            ("工资性收入（万元）", ("万元", Some(4))),
            ("工资性收入【单位：万元】", ("万元", Some(4))),
            ("工资性收入/千元", ("千元", Some(3))),
            ("工资性收入[元]", ("元", Some(0))),
            ("工资性收入：元", ("元", Some(0))),
            ("工资性收入，单位：元", ("元", Some(0))),
            ("工资性收入万元", ("万元", Some(4))),
            ("*工资性收入（元）（必填）", ("元", Some(0))),
            ("工资性收入(美元)", ("美元", None)),
        ] {
            let spellings = words.spellings(&fold(written));
            let found =
                spellings.iter().find(|spelling| spelling.name == "工资性收入").unwrap_or_else(|| panic!("{written}"));
            let found = found.unit.as_ref().unwrap();
            assert_eq!((&*found.written, found.shift), unit, "{written}");
        }
    }

    #[test]
    fn rows_that_explain_or_count_the_columns_are_told() {
        let words = words();
        for cells in [
            &["", "", "18位", "", "11位", "元"][..],
            &["必填", "必填", "必填，18位", "必填", "下拉选择", "数字"],
            &["（必填）", "（文本）", "(万元)", "选填"],
            &["格式：yyyy-mm-dd", "如：张三"],
        ] {
            assert!(words.is_explanation(&row(2, cells)), "{cells:?}");
        }
        for cells in [
            &["1", "2", "3", "4"][..],
            &["（1）", "（2）", "（3）"],
            &["甲", "乙", "1", "2"],
            &["A", "B", "C"],
            &["栏次", "1", "2", "3=1+2"],
        ] {
            assert!(words.is_count(&row(2, cells)), "{cells:?}");
        }
        for cells in [&["1", "张三", "2"][..], &["1", "2"], &["3", "4", "5"], &["1", "1", "1"]] {
            assert!(!words.is_count(&row(2, cells)) && !words.is_explanation(&row(2, cells)), "{cells:?}");
        }
    }
}
