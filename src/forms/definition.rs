//! Reading a form's definition, held against the definitions of the file.

use serde::Deserialize;

use crate::catalogue::{self, Catalogue};
use crate::data::{BadData, DataFile};
use crate::domain::Name;
use crate::domain::field::members;

use super::schema::{
    Default, Effect, Field, FieldKind, Form, FormKind, Group, Item, Offered, PersonRole, Set, SetTo, Suggest,
};
use super::suggest::{self, OnlyShape, SuggestShape};
use super::sums::Sum;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormShape {
    name: Name,
    version: u32,
    label: Box<str>,
    kind: FormKind,
    #[serde(default)]
    order: u32,
    person: Option<PersonRole>,
    #[serde(default)]
    head: bool,
    #[serde(default)]
    ends_job: bool,
    effect: Option<Effect>,
    #[serde(default, rename = "field")]
    fields: Vec<FieldShape>,
    #[serde(default, rename = "item")]
    items: Vec<ItemShape>,
    #[serde(default, rename = "group")]
    groups: Vec<Group>,
    #[serde(default, rename = "set")]
    sets: Vec<SetShape>,
    #[serde(default)]
    corrects: Vec<Box<str>>,
    #[serde(default)]
    returns_from: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldShape {
    id: Name,
    label: Box<str>,
    #[serde(rename = "type")]
    kind: Option<Name>,
    field: Option<Box<str>>,
    list: Option<Name>,
    unit: Option<Box<str>>,
    #[serde(default)]
    required: bool,
    default: Option<Default>,
    from_file: Option<Box<str>>,
    #[serde(default)]
    sum: Vec<Box<str>>,
    #[serde(default)]
    per_head: bool,
    whole: Option<Box<str>>,
    #[serde(default)]
    offers: Vec<OfferedShape>,
    #[serde(default, rename = "suggest")]
    suggests: Vec<SuggestShape>,
    #[serde(default)]
    if_unknown: bool,
    #[serde(default)]
    if_held: bool,
    only_with: Option<OnlyShape>,
    #[serde(default)]
    carries: Vec<Name>,
    #[serde(default)]
    clock: bool,
    hint: Option<Box<str>>,
    source: Option<Box<str>>,
    sample: Option<toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfferedShape {
    answer: Name,
    field: Box<str>,
    value: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemShape {
    id: Name,
    label: Box<str>,
    ask: Box<str>,
    asked_of: Vec<Name>,
    #[serde(default)]
    confirms: Vec<Name>,
    #[serde(default)]
    edits: Vec<Name>,
    #[serde(default)]
    events: bool,
    #[serde(default)]
    brief: Vec<Box<str>>,
    #[serde(default)]
    agree: bool,
    #[serde(default)]
    source: Box<str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetShape {
    slot: Box<str>,
    answer: Option<Name>,
    value: Option<String>,
    #[serde(default)]
    blank: bool,
}

/// Reads one form and holds it against the definitions of the file.
pub(super) fn load(file: &DataFile, catalogue: &Catalogue) -> Result<Form, BadData> {
    let mut shape: FormShape = file.read()?;
    let loader = Loader { file, catalogue };
    loader.returns_from(&shape)?;
    let conditions: Vec<_> = shape.fields.iter_mut().map(|field| field.only_with.take()).collect();
    let mut fields = shape.fields.into_iter().map(|field| loader.field(field)).collect::<Result<Vec<_>, _>>()?;
    loader.sums(&fields)?;
    loader.conditions(&mut fields, conditions)?;
    let items = shape.items.into_iter().map(|item| loader.item(item)).collect::<Result<Vec<_>, _>>()?;
    let sets = shape.sets.into_iter().map(|set| loader.set(set, &fields)).collect::<Result<Vec<_>, _>>()?;
    let corrects = shape.corrects.iter().map(|path| loader.corrects(path, &fields)).collect::<Result<Vec<_>, _>>()?;
    Ok(Form {
        name: shape.name,
        version: shape.version,
        label: shape.label,
        kind: shape.kind,
        order: shape.order,
        fields,
        items,
        groups: shape.groups,
        person: shape.person,
        head: shape.head,
        ends_job: shape.ends_job,
        effect: shape.effect,
        sets,
        returns_from: shape.returns_from,
        corrects,
    })
}

/// A part of a total; `-` before it takes it off.
fn part_of(text: &str) -> (Name, bool) {
    match text.strip_prefix('-') {
        Some(field) => (Name::new(field), true),
        None => (Name::new(text), false),
    }
}

struct Loader<'a> {
    file: &'a DataFile,
    catalogue: &'a Catalogue,
}

impl Loader<'_> {
    fn fault(&self, at: &str, why: String) -> BadData {
        BadData { file: self.file.path.clone(), line: self.file.line_of(&format!("\"{at}\"")), why }
    }

    fn named(&self, path: &str) -> Result<(Name, &catalogue::Field), BadData> {
        let (section, field) =
            self.catalogue.named(path).ok_or_else(|| self.fault(path, format!("没有字段 {path}")))?;
        Ok((section.id, field))
    }

    fn field(&self, shape: FieldShape) -> Result<Field, BadData> {
        let slot = shape.field.as_deref().map(|path| self.named(path)).transpose()?;
        let from_file = shape.from_file.as_deref().map(|path| self.named(path)).transpose()?;
        let kind = match (&slot, shape.kind) {
            (Some((_, field)), None) => FieldKind::Value(Box::new((*field).clone())),
            (None, Some(kind)) => self.kind(kind, &shape)?,
            _ => return Err(self.fault(shape.id.as_str(), format!("字段 {} 应写 type 或 field 之一", shape.id))),
        };
        let kind = match (kind, &from_file) {
            (FieldKind::Value(plain), Some((_, field))) => {
                let limits = catalogue::section::Limits {
                    may_be_negative: field.limits.may_be_negative,
                    ..catalogue::section::Limits::default()
                };
                FieldKind::Value(Box::new(catalogue::Field { limits, ..*plain }))
            }
            (kind, _) => kind,
        };
        let whole = shape.whole.as_deref().map(|path| self.named(path)).transpose()?;
        let sum = (!shape.sum.is_empty()).then(|| Sum {
            parts: shape.sum.iter().map(|part| part_of(part)).collect(),
            per_head: shape.per_head,
            whole: whole.map(|(section, field)| (section, field.id)),
        });
        let offers = shape.offers.iter().map(|offered| self.offered(offered)).collect::<Result<_, _>>()?;
        let slot = slot.map(|(section, field)| (section, field.id));
        let suggests = self.suggests(&shape, &kind, slot)?;
        let sample = shape.sample.map(|sample| serde_json::to_value(sample).unwrap_or_default());
        Ok(Field {
            id: shape.id,
            label: shape.label,
            kind,
            required: shape.required,
            default: shape.default,
            slot,
            from_file: from_file.map(|(section, field)| (section, field.id)),
            sum,
            offers,
            suggests,
            if_unknown: shape.if_unknown,
            if_held: shape.if_held,
            only_with: None,
            carries: shape.carries,
            clock: shape.clock,
            hint: shape.hint,
            source: shape.source,
            sample,
        })
    }

    fn suggests(
        &self,
        shape: &FieldShape,
        kind: &FieldKind,
        slot: Option<(Name, Name)>,
    ) -> Result<Vec<Suggest>, BadData> {
        let FieldKind::Value(plain) = kind else {
            let none = shape.suggests.is_empty();
            return if none {
                Ok(Vec::new())
            } else {
                Err(self.fault(shape.id.as_str(), "这种字段没有 suggest".to_owned()))
            };
        };
        let read = shape.suggests.iter().map(|suggest| suggest::read(suggest, self.catalogue, plain, slot));
        read.collect::<Result<_, _>>().map_err(|why| self.fault(shape.id.as_str(), why))
    }

    /// Ties questions to the answers with which they are asked.
    fn conditions(&self, fields: &mut [Field], conditions: Vec<Option<OnlyShape>>) -> Result<(), BadData> {
        let asked: Vec<(Name, FieldKind)> = fields.iter().map(|field| (field.id, field.kind.clone())).collect();
        for (field, condition) in fields.iter_mut().zip(conditions) {
            if let Some(section) = field.carries.iter().find(|id| self.catalogue.section(**id).is_none()) {
                return Err(self.fault(section.as_str(), format!("没有部分 {section}")));
            }
            let Some(condition) = condition else { continue };
            let fault = |why| self.fault(condition.answer.as_str(), why);
            let plain = asked.iter().find_map(|(id, kind)| match kind {
                FieldKind::Value(plain) if *id == condition.answer => Some(plain),
                _ => None,
            });
            let plain = plain.ok_or_else(|| fault(format!("本表没有字段 {}", condition.answer)))?;
            let value = suggest::value(self.catalogue, plain, &condition.is).map_err(fault)?;
            field.only_with = Some((condition.answer, value));
        }
        Ok(())
    }

    fn offered(&self, shape: &OfferedShape) -> Result<Offered, BadData> {
        let (section, field) = self.named(&shape.field)?;
        let read = self.catalogue.read(field, &shape.value).ok().and_then(|read| read.value);
        let value = read.ok_or_else(|| self.fault(&shape.value, format!("{} 不能是 {}", shape.field, shape.value)))?;
        Ok(Offered { answer: shape.answer, slot: (section, field.id), value })
    }

    /// Holds the parts of each total against the form.
    fn sums(&self, fields: &[Field]) -> Result<(), BadData> {
        for (part, _) in fields.iter().filter_map(|field| field.sum.as_ref()).flat_map(|sum| &sum.parts) {
            if fields.iter().all(|field| field.id != *part) {
                return Err(self.fault(part.as_str(), format!("合计里的 {part} 不是本表的字段")));
            }
        }
        Ok(())
    }

    fn kind(&self, kind: Name, shape: &FieldShape) -> Result<FieldKind, BadData> {
        use catalogue::FieldKind as Plain;
        let plain = |kind| {
            FieldKind::Value(Box::new(catalogue::Field {
                id: shape.id,
                label: shape.label.clone(),
                kind,
                list: shape.list,
                unit: shape.unit.clone(),
                // Who is at the keyboard is somebody.
                shape: (kind == Plain::Text && shape.default == Some(Default::Me))
                    .then_some(catalogue::Shape::Name { doubted: false }),
                columns: Vec::new(),
                column: None,
                code: None,
                joins: None,
                limits: catalogue::section::Limits::default(),
            }))
        };
        if let Some(list) = shape.list.filter(|list| self.catalogue.list(*list).is_none()) {
            return Err(self.fault(list.as_str(), format!("没有代码表 {list}")));
        }
        Ok(match (kind.as_str(), shape.list) {
            ("text", _) => plain(Plain::Text),
            ("phone", _) => plain(Plain::Phone),
            ("money", _) => plain(Plain::Money),
            ("quantity", _) => plain(Plain::Quantity),
            ("count", _) => plain(Plain::Count),
            ("yes_no", _) => plain(Plain::YesNo),
            ("date", _) => plain(Plain::Date),
            ("code", Some(_)) => plain(Plain::Code),
            ("codes", Some(_)) => plain(Plain::Codes),
            ("day", _) => FieldKind::Day,
            ("time", _) => FieldKind::Time,
            ("names", _) => FieldKind::Names,
            ("person", _) => FieldKind::Person,
            ("people", _) => FieldKind::People,
            ("relations", _) => FieldKind::Relations,
            ("heirs", _) => FieldKind::Heirs,
            ("household", _) => FieldKind::Household,
            ("round", _) => FieldKind::Round,
            ("groups", _) => FieldKind::Groups,
            ("changes", _) => FieldKind::Changes,
            _ => return Err(self.fault(kind.as_str(), format!("没有这种类型 {kind}，或缺 list"))),
        })
    }

    fn item(&self, shape: ItemShape) -> Result<Item, BadData> {
        for section in shape.confirms.iter().chain(&shape.edits) {
            if self.catalogue.section(*section).is_none() {
                return Err(self.fault(section.as_str(), format!("没有部分 {section}")));
            }
        }
        for path in shape.brief.iter().filter(|path| &***path != "people") {
            self.named(path)?;
        }
        if let Some(fact) = shape.asked_of.iter().find(|fact| !crate::domain::fact::is_known(**fact)) {
            return Err(self.fault(fact.as_str(), format!("没有这种户情 {fact}")));
        }
        Ok(Item {
            id: shape.id,
            label: shape.label,
            ask: shape.ask,
            asked_of: shape.asked_of,
            confirms: shape.confirms,
            edits: shape.edits,
            events: shape.events,
            brief: shape.brief,
            agree: shape.agree,
            source: shape.source,
        })
    }

    fn returns_from(&self, shape: &FormShape) -> Result<(), BadData> {
        let reasons = self.catalogue.field(members::SECTION, members::LEFT_WHY);
        let list = reasons.and_then(|field| self.catalogue.list_of(field));
        let is_known = |code: &&Name| list.is_some_and(|list| list.entry(**code).is_some());
        if let Some(code) = shape.returns_from.iter().find(|code| !is_known(code)) {
            return Err(self.fault(code.as_str(), format!("没有离开原因 {code}")));
        }
        if shape.person == Some(PersonRole::Returns) && shape.returns_from.is_empty() {
            return Err(self.fault(shape.name.as_str(), "缺 returns_from：因什么离开的人由此回来".to_owned()));
        }
        Ok(())
    }

    fn corrects(&self, path: &str, fields: &[Field]) -> Result<(Name, Name), BadData> {
        let (section, field) = self.named(path)?;
        let slot = (section, field.id);
        let is_asked = fields.iter().any(|field| field.slot == Some(slot));
        if is_asked { Ok(slot) } else { Err(self.fault(path, format!("本表没有问 {path}"))) }
    }

    fn set(&self, shape: SetShape, fields: &[Field]) -> Result<Set, BadData> {
        let (section, field) = self.named(&shape.slot)?;
        let to = match (shape.answer, shape.value, shape.blank) {
            (Some(answer), None, false) if fields.iter().any(|field| field.id == answer) => SetTo::Answer(answer),
            (Some(answer), ..) => return Err(self.fault(answer.as_str(), format!("本表没有字段 {answer}"))),
            (None, Some(text), false) => {
                let value = self.catalogue.from_json(field, &serde_json::Value::String(text.clone()));
                match value {
                    Ok(Some(value)) => SetTo::Value(value),
                    _ => return Err(self.fault(&text, format!("{} 不能是“{text}”", shape.slot))),
                }
            }
            (None, None, true) => SetTo::Blank,
            _ => return Err(self.fault(&shape.slot, "应写 answer、value、blank 之一".to_owned())),
        };
        Ok(Set { slot: (section, field.id), to })
    }
}
