//! The kinds of roster that can be taken in, as `data/rosters/` describes them, and the words that their tables share.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::catalogue::{Catalogue, Field, SectionKind, Shape};
use crate::data::{BadData, Data, DataFile};
use crate::domain::field::address;
use crate::domain::text::fold;
use crate::domain::{Name, Value};
use crate::exchange::table::header::HeaderWords;

/// All kinds of roster.
#[derive(Clone, Debug)]
pub struct Kinds {
    /// The kinds, in the order in which they are tried.
    pub kinds: Vec<Kind>,
    /// What all tables share.
    pub words: Words,
    /// Which columns a table should have had, for a file in which none was recognised.
    pub wanted: &'static str,
}

const ROSTERS: &str = "国网导出应有“户编号”“姓名”等列，村级台账应有“姓名”“与户主关系”等列";
const EXEMPTIONS: &str = "豁免清单应有“户编号”“规则编码”“豁免原因”“豁免至”等列";

/// One kind of roster.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its id, which files on hand remember.
    pub id: Name,
    /// Its name on the screen.
    pub label: Box<str>,
    /// What a row of it is.
    pub row: RowKind,
    /// A higher one takes over what only a lower one said.
    pub rank: u8,
    /// Whether it is the county's own, and so no news to the county.
    pub from_county: bool,
    /// Whether households are told apart by their 户编号, rather than by their heads.
    pub numbered: bool,
    /// The fields that it can speak of, in the order of their sections; a [`SlotIx`] counts here.
    pub slots: Vec<RosterSlot>,
    /// Which columns are which.
    pub(super) columns: HashMap<Box<str>, Use>,
    /// Columns of lists: a row of `list_section` for each thing listed.
    pub lists: Option<Lists>,
    /// Values of fields that the roster leaves blank.
    pub defaults: Vec<(SlotIx, Value)>,
    pub(super) recognise: Recognise,
    order: u32,
}

/// What a row of a roster is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// A member of a household.
    Person,
    /// A job of a member.
    Job,
    /// An exemption of a household or of a member from a check.
    Exemption,
}

/// A place in [`Kind::slots`].
pub type SlotIx = u16;

/// A field of which a kind of roster can speak.
#[derive(Clone, Debug)]
pub struct RosterSlot {
    /// The section.
    pub section: Name,
    /// Its definition.
    pub field: Field,
    /// Whether it speaks of the household, of a person, or of a counted row.
    pub of: SectionKind,
    /// Whether it only leads to the person and is not taken over.
    pub only_key: bool,
}

/// Columns whose cells list things, each of which becomes a row of a section.
#[derive(Clone, Debug)]
pub struct Lists {
    /// The section of the rows.
    pub section: Name,
    /// The field that takes what is listed.
    pub field: Name,
    /// The field that takes the column's kind.
    pub set: Name,
}

/// What a column of a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It is passed over.
    Ignore,
    /// It holds a field.
    Field(SlotIx),
    /// It holds one field on the head's row and another on everybody else's.
    OfHead {
        /// The household's field.
        head: SlotIx,
        /// Everybody else's; none is kept unlisted.
        other: Option<SlotIx>,
    },
    /// It lists things of this kind.
    List(Name),
    /// It names the head.
    Head,
}

/// Words that all tables share.
#[derive(Clone, Debug)]
pub struct Words {
    /// How the names of columns are written.
    pub names: HeaderWords,
    /// Words before the day of which a table speaks.
    pub as_of: Vec<Box<str>>,
    /// What a row of sums says of itself.
    pub totals: Vec<Box<str>>,
    /// How a note, a signature or the end of a table begins, folded.
    pub notes: Vec<Box<str>>,
    /// How the heading of a group ends, folded.
    pub headings: Vec<Box<str>>,
    /// Tables that are no rosters: their columns, folded, and what they are.
    pub other: Vec<(Vec<Box<str>>, Box<str>)>,
}

/// By what a table is recognised: each is one of several names of a column, folded.
#[derive(Clone, Debug)]
pub(super) struct Recognise {
    pub(super) all: Vec<Vec<Box<str>>>,
    pub(super) any: Vec<Vec<Box<str>>>,
    pub(super) none: Vec<Vec<Box<str>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindShape {
    id: Name,
    label: Box<str>,
    row: RowKind,
    order: u32,
    rank: u8,
    from_county: bool,
    numbered: bool,
    sections: Vec<Name>,
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    ignore: Vec<String>,
    #[serde(default)]
    head: Vec<String>,
    #[serde(default)]
    default: BTreeMap<String, String>,
    recognise: RecogniseShape,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default)]
    columns_of_head: BTreeMap<String, String>,
    lists: Option<ListsShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecogniseShape {
    all: Vec<String>,
    #[serde(default)]
    any: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListsShape {
    section: Name,
    field: Name,
    set: Name,
    columns: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsShape {
    as_of: Vec<Box<str>>,
    totals: Vec<Box<str>>,
    notes: Vec<String>,
    headings: Vec<String>,
    #[serde(default)]
    other: Vec<OtherShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OtherShape {
    columns: Vec<String>,
    is: Box<str>,
}

impl Kinds {
    /// Loads the kinds, and refuses what names a field that the catalogue lacks.
    pub fn load(data: &Data, catalogue: &Catalogue) -> Result<Self, BadData> {
        let mut kinds: Vec<Kind> =
            data.folder("rosters").map(|file| Builder { file: &file, catalogue }.kind()).collect::<Result<_, _>>()?;
        kinds.sort_by_key(|kind| kind.order);
        Ok(Self { kinds, words: words(data)?, wanted: ROSTERS })
    }

    /// Loads the one kind of table that lists exemptions, and refuses what names a field that the catalogue lacks.
    pub fn load_exemptions(data: &Data, catalogue: &Catalogue) -> Result<Self, BadData> {
        let kind = Builder { file: &data.file("tables/exemptions.toml")?, catalogue }.kind()?;
        Ok(Self { kinds: vec![kind], words: words(data)?, wanted: EXEMPTIONS })
    }

    /// The kind with this id.
    pub fn kind(&self, id: Name) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }
}

fn words(data: &Data) -> Result<Words, BadData> {
    let words: WordsShape = data.file("tables/headers.toml")?.read()?;
    let folded = |names: Vec<String>| names.iter().map(|name| fold(name).into()).collect();
    Ok(Words {
        names: HeaderWords::load(data)?,
        as_of: words.as_of,
        totals: words.totals,
        notes: folded(words.notes),
        headings: folded(words.headings),
        other: words.other.into_iter().map(|other| (folded(other.columns), other.is)).collect(),
    })
}

impl Kind {
    /// The place of a field among those that the roster can speak of.
    pub fn slot(&self, section: Name, field: Name) -> Option<SlotIx> {
        let at = self.slots.iter().position(|slot| (slot.section, slot.field.id) == (section, field))?;
        Some(at as SlotIx)
    }

    /// The shape of a 户编号.
    pub(super) fn household_shape(&self) -> Option<Shape> {
        let slot = self.slot(address::SECTION, address::NATIONAL_NUMBER)?;
        self.slots[usize::from(slot)].field.shape
    }
}

struct Builder<'a> {
    file: &'a DataFile,
    catalogue: &'a Catalogue,
}

impl Builder<'_> {
    fn fault(&self, at: &str, why: String) -> BadData {
        BadData { file: self.file.path.clone(), line: self.file.line_of(&format!("\"{at}\"")), why }
    }

    fn kind(&self) -> Result<Kind, BadData> {
        let shape: KindShape = self.file.read()?;
        let mut slots = Vec::new();
        for path in &shape.keys {
            let (section, field) = self.named(path)?;
            slots.push(RosterSlot { section: section.id, field: field.clone(), of: section.kind, only_key: true });
        }
        let known = self.catalogue.sections().iter().filter(|section| shape.sections.contains(&section.id));
        for section in known.clone() {
            slots.extend(section.fields.iter().map(|field| RosterSlot {
                section: section.id,
                field: field.clone(),
                of: section.kind,
                only_key: false,
            }));
        }
        if known.count() != shape.sections.len() {
            return Err(BadData::new(&self.file.path, "sections 中有未定义的部分"));
        }
        let mut kind = Kind {
            id: shape.id,
            label: shape.label.clone(),
            row: shape.row,
            rank: shape.rank,
            from_county: shape.from_county,
            numbered: shape.numbered,
            slots,
            columns: HashMap::new(),
            lists: None,
            defaults: Vec::new(),
            recognise: Recognise {
                all: self.columns_meant(&shape.recognise.all)?,
                any: self.columns_meant(&shape.recognise.any)?,
                none: self.columns_meant(&shape.recognise.none)?,
            },
            order: shape.order,
        };
        self.name_columns(&mut kind, &shape)?;
        for (path, text) in &shape.default {
            let slot = self.slot(&kind, path)?;
            let field = &kind.slots[usize::from(slot)].field;
            let listed = self.catalogue.list_of(field).and_then(|list| list.entry_named(text));
            let value = match listed {
                Some(entry) => Some(Value::code(entry.id)),
                None => self.catalogue.read(field, text).ok().filter(|r| r.doubt.is_none()).and_then(|r| r.value),
            };
            kind.defaults.push((slot, value.ok_or_else(|| self.fault(path, format!("“{text}”不能用")))?));
        }
        Ok(kind)
    }

    /// Gives each name of a column its use; what comes later wins over what comes earlier.
    fn name_columns(&self, kind: &mut Kind, shape: &KindShape) -> Result<(), BadData> {
        let mut columns = HashMap::new();
        for (at, slot) in kind.slots.iter().enumerate().rev() {
            columns.extend(slot.field.columns.iter().map(|name| (name.clone(), Use::Field(at as SlotIx))));
        }
        for (name, path) in &shape.columns {
            columns.insert(fold(name).into(), Use::Field(self.slot(kind, path)?));
        }
        for (name, path) in &shape.columns_of_head {
            let name: Box<str> = fold(name).into();
            let other = match columns.get(&name) {
                Some(Use::Field(slot)) => Some(*slot),
                _ => None,
            };
            columns.insert(name, Use::OfHead { head: self.slot(kind, path)?, other });
        }
        if let Some(lists) = &shape.lists {
            for field in [lists.field, lists.set] {
                let path = format!("{}.{field}", lists.section);
                self.named(&path)?;
            }
            for (name, id) in &lists.columns {
                let field = self.catalogue.field(lists.section, lists.set);
                let entry = field.and_then(|field| self.catalogue.list_of(field)?.entry_named(id));
                let entry = entry.ok_or_else(|| self.fault(id, format!("代码表中没有 {id}")))?;
                columns.insert(fold(name).into(), Use::List(entry.id));
            }
            kind.lists = Some(Lists { section: lists.section, field: lists.field, set: lists.set });
        }
        columns.extend(shape.head.iter().map(|name| (fold(name).into(), Use::Head)));
        columns.extend(shape.ignore.iter().map(|name| (fold(name).into(), Use::Ignore)));
        kind.columns = columns;
        Ok(())
    }

    fn named(&self, path: &str) -> Result<(&crate::catalogue::Section, &Field), BadData> {
        self.catalogue.named(path).ok_or_else(|| self.fault(path, format!("没有字段 {path}")))
    }

    fn slot(&self, kind: &Kind, path: &str) -> Result<SlotIx, BadData> {
        let (section, field) = self.named(path)?;
        kind.slot(section.id, field.id).ok_or_else(|| self.fault(path, format!("字段 {path} 不在 sections 中")))
    }

    /// The names of the columns that a field's path or a column's own name stands for.
    fn columns_meant(&self, what: &[String]) -> Result<Vec<Vec<Box<str>>>, BadData> {
        let names = |text: &String| {
            if text.is_ascii() {
                self.named(text).map(|(_, field)| field.columns.clone())
            } else {
                Ok(vec![fold(text).into()])
            }
        };
        what.iter().map(names).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(data: &Data) -> Result<Kinds, BadData> {
        Kinds::load(data, &Catalogue::load(data).unwrap())
    }

    #[test]
    fn the_shipped_kinds_load_in_their_order() {
        let kinds = load(&Data::embedded()).unwrap();
        let ids: Vec<&str> = kinds.kinds.iter().map(|kind| kind.id.as_str()).collect();
        assert_eq!(ids, ["planned", "jobs", "national", "ledger"]);
        let ledger = kinds.kind(Name::new("ledger")).unwrap();
        assert!(matches!(ledger.columns["联系电话"], Use::OfHead { other: Some(_), .. }));
    }

    #[test]
    fn a_column_name_of_two_sections_means_the_first() {
        let kinds = load(&Data::embedded()).unwrap();
        let national = kinds.kind(Name::new("national")).unwrap();
        let Use::Field(slot) = national.columns["户联系电话"] else { panic!() };
        assert_eq!(national.slots[usize::from(slot)].section, "address");
        let Use::Field(slot) = national.columns["就业渠道"] else { panic!() };
        assert_eq!(national.slots[usize::from(slot)].section, "work");
    }

    #[test]
    fn a_field_that_nobody_defines_is_refused_with_its_line() {
        let text = Data::embedded().file("rosters/jobs.toml").unwrap().text.replace("members.name", "members.nome");
        let fault = load(&Data::embedded().with_file("rosters/jobs.toml", &text)).unwrap_err();
        assert!(fault.to_string().starts_with("rosters/jobs.toml 第"), "{fault}");
        assert!(fault.why.contains("members.nome"), "{fault}");
    }
}
