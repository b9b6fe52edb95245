//! Code lists: ids, labels, and the other spellings that files and people use.

use std::collections::HashMap;

use serde::Deserialize;

use crate::data::{BadData, DataFile};
use crate::domain::text::{clean, fold};
use crate::domain::{Code, Name};

/// One code list.
#[derive(Clone, Debug)]
pub struct CodeList {
    /// Its id.
    pub id: Name,
    /// Its name on the screen.
    pub label: Box<str>,
    /// Its entries, in the order in which clerks see them.
    pub entries: Vec<Entry>,
    by_spelling: HashMap<Box<str>, Vec<Name>>,
    /// The entries by the numbers of their codes: a spreadsheet turns 02 into 2.
    by_number: HashMap<u32, Name>,
    means_none: Vec<Box<str>>,
}

/// One entry of a code list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is stored.
    pub id: Name,
    /// What is shown.
    pub label: Box<str>,
    /// What is shown where room is short.
    pub short: Option<Box<str>>,
    /// The number that the county's system or a standard gives it.
    pub code: Option<Box<str>>,
    /// For a student state: before, within or beyond compulsory school.
    pub stage: Option<Name>,
    /// For a labour ability: whether it is one.
    pub works: Option<bool>,
    /// For a student state: whether it is vocational study, which 雨露计划 helps (S0:186).
    pub vocational: bool,
    /// For a stage of a case: its place; stages with the same one may come in any order.
    pub step: Option<u32>,
    /// For a stage of a case: whether it ends the case.
    pub ends: bool,
    /// For a stage of a case: the place to which it takes the case back.
    pub back_to: Option<u32>,
    /// For a stage of a case: what the file says once the stage is reached.
    pub implies: Vec<Implied>,
}

/// What a stage of a case says of a field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implied {
    /// The field, as `section.field`.
    pub field: Box<str>,
    /// What it holds then; none is anything.
    pub holds: Option<Box<str>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListsFile {
    #[serde(rename = "list")]
    lists: Vec<ListShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListShape {
    id: Name,
    label: Box<str>,
    code: Vec<EntryShape>,
    #[serde(default)]
    several: bool,
    #[serde(default)]
    joined: Vec<JoinedShape>,
    #[serde(default)]
    none: Vec<String>,
    optional_suffix: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryShape {
    id: Option<Name>,
    label: Box<str>,
    short: Option<Box<str>>,
    code: Option<Box<str>>,
    #[serde(default)]
    also: Vec<String>,
    stage: Option<Name>,
    works: Option<bool>,
    #[serde(default)]
    vocational: bool,
    step: Option<u32>,
    #[serde(default)]
    ends: bool,
    back_to: Option<u32>,
    #[serde(default)]
    implies: Vec<Implied>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JoinedShape {
    label: String,
    codes: Vec<Name>,
}

/// Reads a file of code lists.
pub(super) fn load(file: &DataFile) -> Result<Vec<CodeList>, BadData> {
    let shape: ListsFile = file.read()?;
    shape.lists.into_iter().map(|list| build(list, file)).collect()
}

fn build(shape: ListShape, file: &DataFile) -> Result<CodeList, BadData> {
    let mut by_spelling: HashMap<Box<str>, Vec<Name>> = HashMap::new();
    let mut entries: Vec<Entry> = Vec::new();
    let twice = |text: &str| BadData {
        file: file.path.clone(),
        line: file.line_of(text),
        why: format!("代码表 {} 中“{text}”出现两次", shape.id),
    };
    for entry in shape.code {
        let id = entry.id.unwrap_or_else(|| Name::new(&entry.label));
        if id.as_str().starts_with('?') || entries.iter().any(|other| other.id == id) {
            return Err(twice(id.as_str()));
        }
        let mut spellings = entry.also;
        spellings.extend(entry.code.as_deref().map(str::to_owned));
        if let Some(stem) = shape.optional_suffix.as_deref().and_then(|suffix| entry.label.strip_suffix(suffix)) {
            spellings.push(stem.to_owned());
        }
        if by_spelling.insert(fold(&entry.label).into(), vec![id]).is_some() {
            return Err(twice(&entry.label));
        }
        for spelling in spellings {
            by_spelling.entry(fold(&spelling).into()).or_insert_with(|| vec![id]);
        }
        entries.push(Entry {
            id,
            label: entry.label,
            short: entry.short,
            code: entry.code,
            stage: entry.stage,
            works: entry.works,
            vocational: entry.vocational,
            step: entry.step,
            ends: entry.ends,
            back_to: entry.back_to,
            implies: entry.implies,
        });
    }
    for joined in shape.joined.iter().filter(|_| shape.several) {
        if let Some(unknown) = joined.codes.iter().find(|id| !entries.iter().any(|entry| entry.id == **id)) {
            return Err(BadData::new(&file.path, format!("代码表 {} 没有 {unknown}", shape.id)));
        }
        by_spelling.insert(fold(&joined.label).into(), joined.codes.clone());
    }
    let mut by_number = HashMap::new();
    for entry in &entries {
        if let Some(number) = entry.code.as_deref().and_then(number) {
            by_number.entry(number).or_insert(entry.id);
        }
    }
    Ok(CodeList {
        by_number,
        id: shape.id,
        label: shape.label,
        entries,
        by_spelling,
        means_none: shape.none.iter().map(|text| fold(text).into()).collect(),
    })
}

/// The number that a code is, if it is one.
fn number(code: &str) -> Option<u32> {
    code.parse().ok().filter(|_| code.len() <= 6 && code.bytes().all(|b| b.is_ascii_digit()))
}

impl CodeList {
    /// The entry with this id.
    pub fn entry(&self, id: Name) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The entry whose id is this text.
    pub fn entry_named(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// What is shown for a code; a label that the list lacks is shown as it stood.
    pub fn label(&self, code: Code) -> &str {
        match code.id() {
            Some(id) => self.entry(id).map_or(id.as_str(), |entry| &entry.label),
            None => code.unlisted_label().unwrap_or_default(),
        }
    }

    /// What is shown for a code where room is short.
    pub fn short_label(&self, code: Code) -> &str {
        let short = code.id().and_then(|id| self.entry(id)?.short.as_deref());
        short.unwrap_or_else(|| self.label(code))
    }

    /// Whether a text is one of the list's spellings, those that mean nothing included.
    pub fn has(&self, text: &str) -> bool {
        let folded = fold(clean(text));
        self.by_spelling.contains_key(&*folded) || self.means_none.iter().any(|none| **none == *folded)
    }

    /// The entry that a text names, and nothing where the list has none of that name.
    pub fn find(&self, text: &str) -> Option<Name> {
        let folded = fold(clean(text));
        match self.by_spelling.get(&*folded).map(Vec::as_slice) {
            Some([id]) => Some(*id),
            Some(_) => None,
            None => self.by_number.get(&number(&folded)?).copied(),
        }
    }

    /// The code that a cell or a person means; an unknown label is kept as it stands. None for an empty cell.
    pub fn read(&self, text: &str) -> Option<Code> {
        let text = clean(text);
        let folded = fold(text);
        if folded.is_empty() || self.means_none.iter().any(|none| **none == *folded) {
            return None;
        }
        Some(match self.by_spelling.get(&*folded).map(Vec::as_slice) {
            Some([id]) => Code::listed(*id),
            Some(_) => Code::unlisted(text),
            None => match number(&folded).and_then(|number| self.by_number.get(&number)) {
                Some(id) => Code::listed(*id),
                None => Code::unlisted(text),
            },
        })
    }

    /// The codes that a cell with several joined by 、 or a comma means.
    pub fn read_several(&self, text: &str) -> Vec<Code> {
        let mut codes = Vec::new();
        let whole = fold(clean(text));
        if let Some(ids) = self.by_spelling.get(&*whole) {
            return ids.iter().map(|id| Code::listed(*id)).collect();
        }
        for part in text.split(['、', ',', '，', ';', '；', '/', '+', '\n']) {
            let folded = fold(clean(part));
            let found = match self.by_spelling.get(&*folded) {
                Some(ids) => ids.iter().map(|id| Code::listed(*id)).collect(),
                None => self.read(part).into_iter().collect::<Vec<_>>(),
            };
            for code in found {
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
        }
        codes
    }
}
