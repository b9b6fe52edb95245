//! What stands on the status card, out of `data/papers/card.toml`.

use serde::Deserialize;

use crate::catalogue::Catalogue;
use crate::data::{BadData, Data, DataFile};
use crate::domain::Name;

const FILE: &str = "papers/card.toml";

/// The parts of the card in their order.
#[derive(Clone, Debug)]
pub struct CardLayout {
    pub(super) parts: Vec<PartLayout>,
}

/// One part: lines, a table, or both.
#[derive(Clone, Debug)]
pub(super) struct PartLayout {
    pub label: Box<str>,
    /// The field without which the part is left out.
    pub only_with: Option<(Name, Name)>,
    /// The section that the table is made of.
    pub rows_of: Option<Name>,
    /// Whether a table without a row is marked.
    pub required: bool,
    pub columns: Vec<Entry>,
    pub lines: Vec<Entry>,
}

/// A line, or a column of a table.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub label: Box<str>,
    pub shows: Shows,
    pub required: Option<RequiredOf>,
    pub where_known: bool,
    pub wide: bool,
}

/// What an entry shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    Field(Name, Name),
    Tells(Tells),
}

/// What rules work out of several fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tells {
    Standing,
    People,
    AgainstLine,
    FoodClothing,
    Compulsory,
    Medical,
    Housing,
    Water,
    Support,
    Risks,
    Elimination,
    Age,
    Occupation,
    MeasureDates,
}

/// Of whom an entry is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RequiredOf {
    /// Of everybody, and of the household.
    All,
    /// Of members of working age and older.
    Adults,
    /// Of members between the beginning of compulsory school and the end of working age.
    Active,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CardShape {
    #[serde(rename = "part")]
    parts: Vec<PartShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartShape {
    label: Box<str>,
    only_with: Option<String>,
    rows_of: Option<Name>,
    #[serde(default)]
    required: bool,
    #[serde(default, rename = "column")]
    columns: Vec<EntryShape>,
    #[serde(default, rename = "line")]
    lines: Vec<EntryShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryShape {
    field: Option<String>,
    tells: Option<Tells>,
    label: Option<Box<str>>,
    required: Option<RequiredOf>,
    #[serde(default)]
    where_known: bool,
    #[serde(default)]
    wide: bool,
}

impl Tells {
    /// Whether it speaks of a row of this section; none where it speaks of the household.
    fn row_of(self) -> Option<&'static str> {
        match self {
            Self::Age | Self::Occupation => Some("members"),
            Self::MeasureDates => Some("measures"),
            _ => None,
        }
    }
}

impl CardLayout {
    /// Loads the layout, and refuses a field or a section that is not there.
    pub fn load(data: &Data, catalogue: &Catalogue) -> Result<Self, BadData> {
        let file = data.file(FILE)?;
        let shape: CardShape = file.read()?;
        let loader = Loader { file: &file, catalogue };
        let parts = shape.parts.into_iter().map(|part| loader.part(part)).collect::<Result<_, _>>()?;
        Ok(Self { parts })
    }
}

struct Loader<'a> {
    file: &'a DataFile,
    catalogue: &'a Catalogue,
}

impl Loader<'_> {
    fn fault(&self, at: &str, why: String) -> BadData {
        BadData { file: FILE.to_owned(), line: self.file.line_of(&format!("\"{at}\"")), why }
    }

    fn field(&self, path: &str) -> Result<(Name, Name, &str), BadData> {
        let (section, field) =
            self.catalogue.named(path).ok_or_else(|| self.fault(path, format!("没有字段 {path}")))?;
        Ok((section.id, field.id, &field.label))
    }

    fn part(&self, shape: PartShape) -> Result<PartLayout, BadData> {
        if let Some(section) = shape.rows_of.filter(|section| self.catalogue.section(*section).is_none()) {
            return Err(self.fault(section.as_str(), format!("没有部分 {section}")));
        }
        if shape.rows_of.is_some() == shape.columns.is_empty() {
            return Err(self.fault(&shape.label, "rows_of 和 column 应同时有或同时没有".to_owned()));
        }
        let only_with = shape.only_with.as_deref().map(|path| self.field(path)).transpose()?;
        let columns = shape.columns.into_iter().map(|entry| self.entry(entry, shape.rows_of));
        let columns = columns.collect::<Result<_, _>>()?;
        let lines = shape.lines.into_iter().map(|entry| self.entry(entry, None)).collect::<Result<_, _>>()?;
        Ok(PartLayout {
            label: shape.label,
            only_with: only_with.map(|(section, field, _)| (section, field)),
            rows_of: shape.rows_of,
            required: shape.required,
            columns,
            lines,
        })
    }

    /// An entry of a table of this section, or a line.
    fn entry(&self, shape: EntryShape, rows_of: Option<Name>) -> Result<Entry, BadData> {
        let (label, shows) = match (&shape.field, shape.tells) {
            (Some(path), None) => {
                let (section, field, label) = self.field(path)?;
                if rows_of.is_some_and(|rows_of| rows_of != section) {
                    return Err(self.fault(path, format!("{path} 不在本表的部分里")));
                }
                (Some(label.into()), Shows::Field(section, field))
            }
            (None, Some(tells)) if tells.row_of() == rows_of.map(Name::as_str) => (None, Shows::Tells(tells)),
            _ => {
                let at = shape.label.as_deref().or(shape.field.as_deref()).unwrap_or_default();
                return Err(self.fault(at, format!("“{at}”应写 field 或 tells 之一，且合于本部分")));
            }
        };
        let label = shape.label.or(label).ok_or_else(|| BadData::new(FILE, "写 tells 的应有 label"))?;
        Ok(Entry { label, shows, required: shape.required, where_known: shape.where_known, wide: shape.wide })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_that_cannot_be_is_refused_with_its_line() {
        let catalogue = Catalogue::load(&Data::embedded()).unwrap();
        let text = Data::embedded().file(FILE).unwrap().text;
        let load = |text: &str| CardLayout::load(&Data::embedded().with_file(FILE, text), &catalogue);
        assert_eq!(load(&text).unwrap().parts.len(), 7);
        for (old, new, why) in [
            ("income.wages", "income.pay", "没有字段 income.pay"),
            ("\"measures\"", "\"helps\"", "没有部分 helps"),
            ("members.relation", "income.wages", "不在本表的部分里"),
            ("tells = \"people\"", "tells = \"age\"", "“家庭人口”应写"),
            ("tells = \"people\"", "tells = \"crowd\"", "格式不对"),
        ] {
            let fault = load(&text.replacen(old, new, 1)).unwrap_err();
            assert!(fault.to_string().contains(why), "{fault}");
            assert!(fault.line.is_some(), "{fault}");
        }
    }
}
