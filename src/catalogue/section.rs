//! Sections of the file and their fields.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::codes::CodeList;
use super::heir::{Heir, Heirs, Joins};
use super::shapes::Shape;
use crate::data::{BadData, DataFile};
use crate::domain::Name;
use crate::domain::text::fold;

/// One section of the household file.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its id.
    pub id: Name,
    /// Its name on the screen.
    pub label: Box<str>,
    /// What its rows are.
    pub kind: SectionKind,
    /// Whether its counted rows each belong to a person, named by the field `person`.
    pub of_person: bool,
    /// Its place among the sections.
    pub order: u32,
    /// What becomes of it when people go to another file.
    pub heirs: Heirs,
    /// What writes it.
    pub writes: Writes,
    /// Whether only the village speaks of it, so that no county corrects it.
    pub of_village_alone: bool,
    /// Whether its rows are evidence, which is welcome at any time.
    pub is_evidence: bool,
    /// Its fields, in the order in which they are shown.
    pub fields: Vec<Field>,
}

/// What the rows of a section are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// One row that speaks of the household.
    Household,
    /// A row a person.
    Person,
    /// Any number of rows, counted from 1.
    Rows,
}

/// What writes a section.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writes {
    /// Anybody who edits the file.
    #[default]
    Edit,
    /// The program, when somebody answers a finding or grants an exemption.
    Program,
    /// What happens in the family.
    Event,
    /// Whoever leads the monitoring case.
    Case,
}

/// What may not be entered in a field, whatever the way in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Whether a date says when something has happened, so that it cannot lie ahead.
    pub happened: bool,
    /// The yes-or-no of the same row that, answered yes, lets the date lie ahead all the same.
    pub unless: Option<Name>,
    /// Why a date may lie ahead.
    pub ahead: Option<Box<str>>,
    /// The dates of the same row, or of the person whose row it is, that it cannot precede.
    pub after: Vec<Earlier>,
    /// Whether it changes by an event only.
    pub by_event: bool,
    /// Whether less than nothing can be.
    pub may_be_negative: bool,
}

/// A date that another one cannot precede.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The section of the person whose row it is; none is the same row.
    pub of_person: Option<Name>,
    /// The field.
    pub field: Name,
}

/// One field of a section.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its id within the section.
    pub id: Name,
    /// Its name on the screen, and in the clerk's workbook where no column has another.
    pub label: Box<str>,
    /// What it holds.
    pub kind: FieldKind,
    /// The code list it takes its values from.
    pub list: Option<Name>,
    /// The unit behind a quantity.
    pub unit: Option<Box<str>>,
    /// The shape of its words, where they have one.
    pub shape: Option<Shape>,
    /// Names of columns met in county files, folded; the first is the one to write under.
    pub columns: Vec<Box<str>>,
    /// The first column's name as the county writes it.
    pub column: Option<Box<str>>,
    /// The field code of the county's entry page.
    pub code: Option<Box<str>>,
    /// How it comes together with the same field of another household.
    pub joins: Option<Joins>,
    /// What may not be entered in it.
    pub limits: Limits,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Words.
    Text,
    /// A phone number.
    Phone,
    /// A bank card or account, kept as text.
    BankCard,
    /// An ID number or a disability certificate's.
    IdNumber,
    /// One entry of a list.
    Code,
    /// Several entries of a list.
    Codes,
    /// 是 or 否.
    YesNo,
    /// Yuan.
    Money,
    /// A quantity with decimals.
    Quantity,
    /// A whole number.
    Count,
    /// A date known in part.
    Date,
    /// A member of the household, by id.
    Person,
}

impl FieldKind {
    /// Whether the value says who somebody is, and is masked until asked for.
    pub const fn is_private(self) -> bool {
        matches!(self, Self::Phone | Self::BankCard | Self::IdNumber)
    }
}

impl Section {
    /// A field by id.
    pub fn field(&self, id: Name) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionShape {
    id: Name,
    label: Box<str>,
    kind: SectionKind,
    #[serde(default)]
    of_person: bool,
    order: u32,
    heir: Option<Heir>,
    with: Option<Name>,
    #[serde(default)]
    ended_by: Vec<Name>,
    ended_why: Option<Name>,
    #[serde(default)]
    writes: Writes,
    #[serde(default)]
    of_village_alone: bool,
    #[serde(default, rename = "evidence")]
    is_evidence: bool,
    #[serde(default, rename = "field")]
    fields: Vec<FieldShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldShape {
    id: Name,
    label: Box<str>,
    #[serde(rename = "type")]
    kind: FieldKind,
    list: Option<Name>,
    unit: Option<Box<str>>,
    digits: Option<u8>,
    name: Option<NameShape>,
    #[serde(default)]
    columns: Vec<Box<str>>,
    code: Option<Box<str>>,
    joins: Option<Joins>,
    #[serde(default)]
    happened: bool,
    unless: Option<Name>,
    ahead: Option<Box<str>>,
    #[serde(default)]
    after: Vec<Box<str>>,
    by: Option<By>,
    #[serde(default)]
    may_be_negative: bool,
}

/// What alone changes a field.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Event,
}

impl FieldShape {
    fn limits(&self) -> Limits {
        let earlier = |path: &str| match path.split_once('.') {
            Some((section, field)) => Earlier { of_person: Some(Name::new(section)), field: Name::new(field) },
            None => Earlier { of_person: None, field: Name::new(path) },
        };
        Limits {
            happened: self.happened,
            unless: self.unless,
            ahead: self.ahead.clone(),
            after: self.after.iter().map(|path| earlier(path)).collect(),
            by_event: self.by == Some(By::Event),
            may_be_negative: self.may_be_negative,
        }
    }
}

/// Whose name a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NameShape {
    /// A member's.
    Member,
    /// Somebody's who helps, or signs.
    Other,
}

/// Reads the file of one section.
pub(super) fn load(file: &DataFile, lists: &BTreeMap<Name, CodeList>) -> Result<Section, BadData> {
    let shape: SectionShape = file.read()?;
    let fault = |at: &str, why: String| BadData { file: file.path.clone(), line: file.line_of(at), why };
    let mut fields: Vec<Field> = Vec::new();
    for field in shape.fields {
        if fields.iter().any(|other| other.id == field.id) {
            return Err(fault(&format!("\"{}\"", field.id), format!("字段 {} 定义了两次", field.id)));
        }
        let wants_list = matches!(field.kind, FieldKind::Code | FieldKind::Codes);
        match field.list {
            Some(list) if !lists.contains_key(&list) => {
                return Err(fault(&format!("\"{list}\""), format!("没有代码表 {list}")));
            }
            None if wants_list => {
                return Err(fault(&format!("\"{}\"", field.id), format!("字段 {} 缺 list", field.id)));
            }
            _ => {}
        }
        let limits = field.limits();
        let shape = match (field.digits, field.name) {
            (Some(_), Some(_)) => {
                return Err(fault(&format!("\"{}\"", field.id), format!("字段 {} 不能又是号码又是姓名", field.id)));
            }
            (Some(digits), None) => Some(Shape::Digits(digits)),
            (None, name) => name.map(|name| Shape::Name { doubted: name == NameShape::Member }),
        };
        if shape.is_some() && field.kind != FieldKind::Text {
            return Err(fault(
                &format!("\"{}\"", field.id),
                format!("字段 {} 是 text 才能写 digits 或 name", field.id),
            ));
        }
        fields.push(Field {
            id: field.id,
            label: field.label,
            kind: field.kind,
            list: field.list,
            unit: field.unit,
            shape,
            column: field.columns.first().cloned(),
            columns: field.columns.iter().map(|column| fold(column).into()).collect(),
            code: field.code,
            joins: field.joins,
            limits,
        });
    }
    for named in shape.ended_by.iter().chain(&shape.ended_why) {
        if !fields.iter().any(|field| field.id == *named) {
            return Err(fault(&format!("\"{named}\""), format!("没有字段 {named}")));
        }
    }
    for field in &fields {
        let in_row =
            field.limits.after.iter().filter(|earlier| earlier.of_person.is_none()).map(|earlier| earlier.field);
        for named in in_row.chain(field.limits.unless) {
            if fields.iter().all(|other| other.id != named) {
                return Err(fault(&format!("\"{named}\""), format!("没有字段 {named}")));
            }
        }
    }
    // A county's own section may be older than this word: then a person says, and nothing is dropped.
    let unsaid = if shape.kind == SectionKind::Person { Heir::Carry } else { Heir::Ask };
    let heirs = Heirs {
        heir: shape.heir.unwrap_or(unsaid),
        with: shape.with,
        end_fields: shape.ended_by.iter().chain(&shape.ended_why).copied().collect(),
        ended_by: shape.ended_by,
        ended_why: shape.ended_why,
    };
    Ok(Section {
        id: shape.id,
        label: shape.label,
        kind: shape.kind,
        of_person: shape.of_person,
        order: shape.order,
        heirs,
        writes: shape.writes,
        of_village_alone: shape.of_village_alone,
        is_evidence: shape.is_evidence,
        fields,
    })
}
