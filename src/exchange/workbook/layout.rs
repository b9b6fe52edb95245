//! Which sheet holds what, out of `data/papers/workbook.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::answers::{Columns, REASONS, REFUSED, RESULTS, TAKEN};
use crate::catalogue::Catalogue;
use crate::data::{BadData, Data};
use crate::domain::Name;
use crate::exchange::table::header::HeaderWords;

const FILE: &str = "papers/workbook.toml";

/// The sheets in their order.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The sheets; the last one is for all that no other holds.
    pub(super) sheets: Vec<SheetLayout>,
    /// What the first sheet explains where there is a row a line.
    pub(super) notes: Vec<String>,
    /// What it explains where a row is what the lines come to.
    pub(super) netted_notes: Vec<String>,
    /// The columns that the county fills in.
    pub answer: Columns,
    rest: usize,
}

/// One sheet.
#[derive(Clone, Debug)]
pub(super) struct SheetLayout {
    pub name: String,
    pub holds: Holds,
    /// Whether the county says what became of its lines.
    pub is_answered: bool,
}

/// What a sheet holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Members who joined, one row each.
    Joined,
    /// Members who left, one row each.
    Left,
    /// Field changes of these sections, one row each.
    Sections(Vec<Name>),
    /// Visits, screening and verification forms, one row each.
    Forms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutShape {
    rest: String,
    notes: Vec<String>,
    /// By the number of a note, what stands in its place where rows are netted.
    #[serde(default)]
    netted: BTreeMap<String, String>,
    answer: Columns,
    #[serde(rename = "sheet")]
    sheets: Vec<SheetShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SheetShape {
    name: String,
    holds: Option<Name>,
    #[serde(default)]
    sections: Vec<Name>,
    #[serde(default = "yes")]
    answered: bool,
}

fn yes() -> bool {
    true
}

impl Layout {
    /// Loads the layout, and refuses a sheet that holds nothing, or something that is not there.
    pub fn load(data: &Data, catalogue: &Catalogue) -> Result<Self, BadData> {
        let file = data.file(FILE)?;
        let fault = |at: &str, why: String| BadData { file: FILE.to_owned(), line: file.line_of(at), why };
        let shape: LayoutShape = file.read()?;
        let mut sheets = Vec::new();
        for sheet in shape.sheets {
            if let Some(section) = sheet.sections.iter().find(|id| catalogue.section(**id).is_none()) {
                return Err(fault(section.as_str(), format!("没有部分 {section}")));
            }
            let holds = match sheet.holds.map(Name::as_str) {
                Some("joined") => Holds::Joined,
                Some("left") => Holds::Left,
                Some("forms") => Holds::Forms,
                None if !sheet.sections.is_empty() => Holds::Sections(sheet.sections),
                _ => {
                    return Err(fault(
                        &sheet.name,
                        format!("{} 应写 sections，或 holds 为 joined、left、forms", sheet.name),
                    ));
                }
            };
            // Forms are listed, not typed in.
            let is_answered = sheet.answered && holds != Holds::Forms;
            sheets.push(SheetLayout { name: sheet.name, holds, is_answered });
        }
        for holds in [Holds::Joined, Holds::Left, Holds::Forms] {
            if sheets.iter().filter(|sheet| sheet.holds == holds).count() != 1 {
                return Err(BadData::new(FILE, "holds 为 joined、left、forms 的表应各有一张"));
            }
        }
        sheets.push(SheetLayout { name: shape.rest, holds: Holds::Sections(Vec::new()), is_answered: true });
        for sheet in &sheets {
            let bad = sheet.name.is_empty()
                || sheet.name.chars().count() > 31
                || sheet.name.contains(['[', ']', ':', '*', '?', '/', '\\', '\''])
                || sheets.iter().filter(|other| other.name == sheet.name).count() > 1;
            if bad {
                return Err(fault(&sheet.name, format!("表名“{}”不能用（31字以内，不重复）", sheet.name)));
            }
        }
        if shape.answer.nameless() {
            return Err(fault("[answer]", "[answer] 的每一列应至少有一个列名".to_owned()));
        }
        let has = |list, id| catalogue.list(list).is_some_and(|list| list.entry(id).is_some());
        if !has(RESULTS, TAKEN) || !has(RESULTS, REFUSED) || catalogue.list(REASONS).is_none() {
            let why = format!("代码表应有 {RESULTS}（其中有 {TAKEN}、{REFUSED}）和 {REASONS}");
            return Err(fault("[answer]", why));
        }
        let rest = sheets.len() - 1;
        let mut answer = shape.answer;
        answer.around = HeaderWords::load(data)?;
        let netted = |(number, note): (usize, &String)| shape.netted.get(&number.to_string()).unwrap_or(note).clone();
        let netted_notes = (1..).zip(&shape.notes).map(netted).collect();
        Ok(Self { sheets, notes: shape.notes, netted_notes, answer, rest })
    }

    /// Whether the county is asked what became of changes of a section. What only the village keeps is not typed in
    /// anywhere, so nobody has anything to say of it.
    pub fn is_answered(&self, section: Name) -> bool {
        self.sheets[self.of_section(section)].is_answered
    }

    /// The same of a sheet by its name.
    pub(super) fn is_sheet_answered(&self, name: &str) -> bool {
        self.sheets.iter().any(|sheet| sheet.name == name && sheet.is_answered)
    }

    /// The place of the sheet that holds changes of a section.
    pub(super) fn of_section(&self, section: Name) -> usize {
        let holds = |sheet: &SheetLayout| matches!(&sheet.holds, Holds::Sections(all) if all.contains(&section));
        self.sheets.iter().position(holds).unwrap_or(self.rest)
    }

    /// The place of the sheet that holds just this.
    pub(super) fn of(&self, holds: &Holds) -> usize {
        self.sheets.iter().position(|sheet| sheet.holds == *holds).unwrap_or(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::SectionKind;

    #[test]
    fn every_section_that_is_shipped_has_a_sheet() {
        let data = Data::embedded();
        let catalogue = Catalogue::load(&data).unwrap();
        let layout = Layout::load(&data, &catalogue).unwrap();
        for section in catalogue.sections() {
            assert_ne!(layout.of_section(section.id), layout.rest, "{}", section.id);
        }
        assert_eq!(layout.of_section(Name::new("of_a_county")), layout.rest);
    }

    #[test]
    fn the_county_s_columns_are_no_columns_of_ours() {
        let data = Data::embedded();
        let catalogue = Catalogue::load(&data).unwrap();
        let layout = Layout::load(&data, &catalogue).unwrap();
        // Those of people stand in a header, where somebody joins.
        let of_people = catalogue.sections().iter().filter(|section| section.kind == SectionKind::Person);
        for field in of_people.flat_map(|section| &section.fields) {
            for name in [&field.label].into_iter().chain(&field.column) {
                assert_eq!(layout.answer.read(name), None, "{name}");
            }
        }
        assert!(layout.is_answered(Name::new("income")) && !layout.is_answered(Name::new("card")));
    }

    #[test]
    fn a_layout_that_cannot_be_is_refused_with_its_line() {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let text = Data::embedded().file(FILE).unwrap().text;
        let load = |text: &str| Layout::load(&Data::embedded().with_file(FILE, text), &catalogue);
        for (old, new, why) in [
            ("\"income\"", "\"incomes\"", "没有部分 incomes"),
            ("\"left\"", "\"right\"", "减少成员 应写"),
            ("\"其他变更\"", "\"监测变更\"", "表名“监测变更”不能用"),
            ("\"监测变更\"", "\"监测/变更\"", "表名“监测/变更”不能用"),
            ("set = [\"变更集\"]", "set = []", "应至少有一个列名"),
        ] {
            let fault = load(&text.replacen(old, new, 1)).unwrap_err();
            assert!(fault.to_string().contains(why), "{fault}");
            assert!(fault.line.is_some(), "{fault}");
        }
    }
}
