//! From the JSON that `hudang record` takes to a filled form. What does not apply is ignored, what is wrong is named.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map, Value as Json};

use crate::catalogue::shapes::tidy_number;
use crate::catalogue::{self, Catalogue, FieldKind as Plain, SectionKind};
use crate::domain::{
    Answer, Becomes, EditRow, FilledForm, Finding, GroupAnswer, Heirs, Household, HouseholdFile, ItemAnswer, Name,
    PartialDate, PersonId, Quantity, RowRef, Value, person_name,
};

use super::schema::{Field, FieldKind, Form, Item};

/// One thing wrong with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where, such as `date`, `items.V03.what`, `changes.0.new`.
    pub field: String,
    /// What was found, what was expected.
    pub why: String,
}

impl Fault {
    /// A fault at a place.
    pub fn at(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self { field: field.into(), why: why.into() }
    }
}

/// What a form is read against.
pub struct Asked<'a> {
    /// The definitions of the file.
    pub catalogue: &'a Catalogue,
    /// The household's file.
    pub file: &'a HouseholdFile,
    /// Whether an item is asked of this household.
    pub applies: &'a dyn Fn(&Item) -> bool,
    /// The household that a number names.
    pub household: &'a dyn Fn(&str) -> Option<u32>,
    /// Another household's file, by its serial.
    pub other: &'a dyn Fn(u32) -> Option<HouseholdFile>,
    /// The round that an id names, and the groups that it asks about.
    pub round: &'a dyn Fn(&str) -> Option<Name>,
}

const HAPPENED_ON: &str = "happened_on";
const EVIDENCE: &str = "evidence";

/// The day of one change, as a form's `happened_on`, an item's `since` or a form's `date` would be called.
const DAYS_OF_AN_EDIT: [&str; 3] = [HAPPENED_ON, "since", "date"];

/// Keys that every form has beside its fields.
const COMMON: [&str; 3] = ["form", "household", "id"];

/// Reads one form.
pub fn read(form: &Form, json: &Map<String, Json>, id: &str, asked: &Asked<'_>) -> Result<FilledForm, Vec<Fault>> {
    let mut filled = FilledForm::blank(form.name, form.version, id, asked.file.id.serial);
    let mut faults = Vec::new();
    let other = other_household(form, json, asked);
    let asked = &Reading { asked, other: other.as_ref() };
    for (key, value) in json {
        if COMMON.contains(&key.as_str()) {
            continue;
        }
        let outcome = match form.field(key) {
            Some(field) => read_field(field, value, asked, &mut filled),
            None if key == "items" && !form.items.is_empty() => read_items(form, value, asked, &mut filled),
            None => Err(vec![Fault::at(key, format!("{}没有这个字段", form.label))]),
        };
        faults.extend(outcome.err().into_iter().flatten());
    }
    if faults.is_empty() { Ok(filled) } else { Err(faults) }
}

/// What a form is read against, with the other household that it names.
struct Reading<'a> {
    asked: &'a Asked<'a>,
    other: Option<&'a HouseholdFile>,
}

impl<'a> std::ops::Deref for Reading<'a> {
    type Target = Asked<'a>;

    fn deref(&self) -> &Self::Target {
        self.asked
    }
}

/// The file of the other household that a form names, whose people its answers may name too.
fn other_household(form: &Form, json: &Map<String, Json>, asked: &Asked<'_>) -> Option<HouseholdFile> {
    let field = form.fields.iter().find(|field| matches!(field.kind, FieldKind::Household))?;
    (asked.other)((asked.household)(json.get(field.id.as_str())?.as_str()?)?)
}

fn read_field(field: &Field, json: &Json, asked: &Reading<'_>, filled: &mut FilledForm) -> Result<(), Vec<Fault>> {
    if json.is_null() {
        return Ok(());
    }
    match field.kind {
        FieldKind::Groups => filled.groups = read_groups(json)?,
        FieldKind::Changes => filled.edits = read_edits(json, field.id.as_str(), asked)?,
        _ => {
            let answer = read_answer(field, json, asked).map_err(|why| vec![Fault::at(field.id.as_str(), why)])?;
            if let Some(answer) = answer {
                filled.fields.insert(field.id, answer);
            }
        }
    }
    Ok(())
}

fn read_answer(field: &Field, json: &Json, asked: &Reading<'_>) -> Result<Option<Answer>, String> {
    let text = || json.as_str().ok_or_else(|| "应为文字".to_owned());
    Ok(match &field.kind {
        FieldKind::Value(plain) => asked.catalogue.from_json(plain, json)?.map(Answer::Value),
        FieldKind::Day => Some(Answer::Day(day(text()?)?)),
        FieldKind::Time => time(text()?)?.map(Answer::Value),
        FieldKind::Names => {
            let names = json.as_array().ok_or_else(|| "应为姓名的列表".to_owned())?;
            let names: Option<Vec<Box<str>>> =
                names.iter().map(|name| Some(person_name::kept(name.as_str()?).into())).collect();
            Some(Answer::Names(names.ok_or_else(|| "应为姓名的列表".to_owned())?))
        }
        FieldKind::Person => Some(Answer::Person(person(text()?, asked)?)),
        FieldKind::People => {
            let people = json.as_array().ok_or_else(|| "应为人编号的列表".to_owned())?;
            let people: Result<Vec<u32>, String> =
                people.iter().map(|p| person(p.as_str().unwrap_or(""), asked)).collect();
            Some(Answer::People(people?))
        }
        FieldKind::Relations => {
            let pairs = json.as_object().ok_or_else(|| "应为人编号到关系的表".to_owned())?;
            let list = asked.catalogue.list(Name::fixed("relation")).ok_or_else(|| "没有关系代码表".to_owned())?;
            let mut relations = BTreeMap::new();
            for (who, relation) in pairs {
                let relation = relation.as_str().unwrap_or("");
                let code = match list.entry_named(relation) {
                    Some(entry) => crate::domain::Code::listed(entry.id),
                    None => list.read(relation).ok_or_else(|| "关系不能空".to_owned())?,
                };
                relations.insert(relation_of(who, asked)?, code);
            }
            Some(Answer::Relations(relations))
        }
        FieldKind::Household => {
            let number = text()?;
            let serial = (asked.household)(number).ok_or_else(|| format!("没有户 {number}"))?;
            Some(Answer::Household(serial))
        }
        FieldKind::Round => {
            let id = text()?;
            Some(Answer::Round((asked.round)(id).ok_or_else(|| format!("政策文件中没有轮次 {id}"))?))
        }
        FieldKind::Heirs => Some(Answer::Heirs(read_heirs(json)?)),
        FieldKind::Groups | FieldKind::Changes => None,
    })
}

fn day(text: &str) -> Result<NaiveDate, String> {
    let date: PartialDate = text.parse().map_err(|_| "应为日期，如 2022-11-20".to_owned())?;
    date.as_day().ok_or_else(|| "应写到日，如 2022-11-20".to_owned())
}

/// A time of day as people type it: `14:05`, `1405`, `9点`; none for an empty text.
pub fn time(text: &str) -> Result<Option<Value>, String> {
    let folded = crate::domain::text::fold(text);
    if folded.is_empty() {
        return Ok(None);
    }
    let wrong = || "应为时间，如 14:05".to_owned();
    let (hour, minute) = match folded.split_once([':', '.', '点', '时']) {
        Some((hour, minute)) => (hour.to_owned(), minute.trim_end_matches('分').to_owned()),
        None if folded.len() == 4 && folded.is_ascii() => (folded[..2].to_owned(), folded[2..].to_owned()),
        None => return Err(wrong()),
    };
    let hour: u32 = hour.parse().map_err(|_| wrong())?;
    let minute: u32 = if minute.is_empty() { 0 } else { minute.parse().map_err(|_| wrong())? };
    if hour > 23 || minute > 59 {
        return Err(wrong());
    }
    Ok(Value::text(&format!("{hour:02}:{minute:02}")))
}

/// A person of this household by 人编号 or the village's own number.
fn person(number: &str, asked: &Asked<'_>) -> Result<u32, String> {
    person_in(number, asked.file).ok_or_else(|| format!("本户没有编号为 {number} 的人"))
}

fn person_in(number: &str, file: &HouseholdFile) -> Option<u32> {
    let number = &*tidy_number(number);
    let found = Household::of(file)
        .everyone()
        .find(|member| member.national_number() == Some(number) || member.id.local_number(file.id.village) == number);
    found.map(|member| member.id.0)
}

/// Relations may be asked of people of the other household too; where none is named, a village's own number is enough.
fn relation_of(number: &str, asked: &Reading<'_>) -> Result<u32, String> {
    person(number, asked).or_else(|why| match asked.other {
        Some(other) => person_in(number, other).ok_or_else(|| format!("两户都没有编号为 {number} 的人")),
        None => {
            let local = PersonId::from_local_number(number);
            local.filter(|(village, _)| *village == asked.file.id.village).map(|(_, person)| person.0).ok_or(why)
        }
    })
}

/// What becomes of rows: by section, then by row, `carry` or `end`.
fn read_heirs(json: &Json) -> Result<Heirs, String> {
    let shape = || "应为 {\"部分\":{\"行号\":\"carry 或 end\"}}，按户填的部分行号写0".to_owned();
    let mut heirs = Heirs::new();
    for (section, rows) in json.as_object().ok_or_else(shape)? {
        let of_section = heirs.entry(Name::new(section)).or_default();
        for (row, becomes) in rows.as_object().ok_or_else(shape)? {
            let becomes = match becomes.as_str() {
                Some("carry") => Becomes::Carry,
                Some("end") => Becomes::End,
                _ => return Err(shape()),
            };
            of_section.insert(row.parse().map_err(|_| shape())?, becomes);
        }
    }
    Ok(heirs)
}

fn read_groups(json: &Json) -> Result<BTreeMap<Name, GroupAnswer>, Vec<Fault>> {
    let groups = json.as_object().ok_or_else(|| vec![Fault::at("groups", "应为群体代码到回答的表")])?;
    let mut answers = BTreeMap::new();
    let mut faults = Vec::new();
    for (code, answer) in groups {
        let at = |rest: &str| format!("groups.{code}{rest}");
        let (yes, fact) = match answer {
            Json::Null => continue,
            Json::Bool(yes) => (Some(*yes), ""),
            Json::Object(parts) => {
                if let Some(key) = parts.keys().find(|key| !["yes", "fact"].contains(&key.as_str())) {
                    faults.push(Fault::at(at(&format!(".{key}")), "没有这个字段"));
                }
                let fact = parts.get("fact").and_then(Json::as_str).unwrap_or("");
                (parts.get("yes").and_then(Json::as_bool), fact)
            }
            _ => (None, ""),
        };
        match yes {
            Some(yes) => {
                answers.insert(Name::new(code), GroupAnswer { yes, fact: fact.into() });
            }
            None => faults.push(Fault::at(at(""), "应为 true 或 false，或 {\"yes\":…,\"fact\":…}")),
        }
    }
    if faults.is_empty() { Ok(answers) } else { Err(faults) }
}

fn read_items(form: &Form, json: &Json, asked: &Asked<'_>, filled: &mut FilledForm) -> Result<(), Vec<Fault>> {
    let items = json.as_object().ok_or_else(|| vec![Fault::at("items", "应为项目代码到回答的表")])?;
    let mut faults = Vec::new();
    for (code, answer) in items {
        let Some(item) = form.items.iter().find(|item| item.id == code.as_str()) else {
            faults.push(Fault::at(format!("items.{code}"), "没有这个项目"));
            continue;
        };
        if answer.is_null() || !(asked.applies)(item) {
            continue;
        }
        match read_item(item, answer, asked) {
            Ok(answer) => {
                filled.items.insert(item.id, answer);
            }
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn read_item(item: &Item, json: &Json, asked: &Asked<'_>) -> Result<ItemAnswer, Vec<Fault>> {
    let at = |key: &str| format!("items.{}.{key}", item.id);
    let parts = json.as_object().ok_or_else(|| vec![Fault::at(format!("items.{}", item.id), "应为 {\"answer\":…}")])?;
    let known = ["answer", "agree", "what", "since", "who", "due", "why", "edits", "events", "settles"];
    if let Some(key) = parts.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(vec![Fault::at(at(key), "没有这个字段")]);
    }
    let text = |key: &str| -> Box<str> { parts.get(key).and_then(Json::as_str).unwrap_or("").trim().into() };
    let fault = |key: &str, why: String| vec![Fault::at(at(key), why)];
    let finding = match text("answer").as_ref() {
        "as_on_file" => Finding::AsOnFile,
        "changed" => {
            let since = match text("since").as_ref() {
                "" => None,
                since => {
                    Some(since.parse().map_err(|why: crate::domain::date::NotADate| fault("since", why.to_string()))?)
                }
            };
            Finding::Changed { what: text("what"), since }
        }
        "problem" => {
            let due = match text("due").as_ref() {
                "" => None,
                due => Some(day(due).map_err(|why| fault("due", why))?),
            };
            Finding::Problem { what: text("what"), who: text("who"), due }
        }
        "not_looked" => Finding::NotLooked { why: text("why") },
        _ => return Err(fault("answer", "应为 as_on_file、changed、problem 或 not_looked".to_owned())),
    };
    let agree = match parts.get("agree") {
        None | Some(Json::Null) => None,
        Some(Json::Bool(yes)) => Some(*yes),
        Some(Json::String(word)) if word == "not_asked" => None,
        Some(_) => return Err(fault("agree", "应为 true、false 或 null".to_owned())),
    };
    let edits = match parts.get("edits") {
        None | Some(Json::Null) => Vec::new(),
        Some(edits) => read_edits(edits, &at("edits"), asked)?,
    };
    let events = match parts.get("events") {
        None | Some(Json::Null) => Vec::new(),
        Some(events) => read_events(item, events, asked).map_err(|why| fault("events", why))?,
    };
    let settles = match parts.get("settles") {
        None | Some(Json::Null | Json::Bool(false)) => false,
        Some(Json::Bool(true)) if finding == Finding::AsOnFile => true,
        Some(_) => return Err(fault("settles", "只和 as_on_file 一起写，应为 true 或 false".to_owned())),
    };
    Ok(ItemAnswer { finding, agree, edits, events, settles })
}

/// Life events that were entered before, by the ids of their forms.
fn read_events(item: &Item, json: &Json, asked: &Asked<'_>) -> Result<Vec<Box<str>>, String> {
    let ids = json.as_array().filter(|_| item.events).ok_or_else(|| "应为家里事的表单id的列表".to_owned())?;
    let known = |id: &Json| {
        let id = id.as_str()?;
        asked.file.forms.iter().any(|form| *form.id == *id && !form.withdrawn).then(|| id.into())
    };
    ids.iter().map(|id| known(id).ok_or_else(|| format!("本户没有这份家里事 {id}"))).collect()
}

fn read_edits(json: &Json, at: &str, asked: &Asked<'_>) -> Result<Vec<EditRow>, Vec<Fault>> {
    let edits = json.as_array().ok_or_else(|| vec![Fault::at(at, "应为改动的列表")])?;
    let mut rows: Vec<EditRow> = Vec::new();
    let mut faults = Vec::new();
    for (i, edit) in edits.iter().enumerate() {
        match read_edit(edit, i as u32, asked) {
            // One edit a line of the list, so that a refusal names the line.
            Ok(row) => rows.push(row),
            Err((key, why)) => faults.push(Fault::at(format!("{at}.{i}.{key}"), why)),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

fn read_edit(json: &Json, number: u32, asked: &Asked<'_>) -> Result<EditRow, (String, String)> {
    let fault = |key: &str, why: &str| (key.to_owned(), why.to_owned());
    let parts = json.as_object().ok_or_else(|| fault("", "应为 {\"section\":…,\"field\":…,\"new\":…}"))?;
    let known = ["section", "field", "new", "person", "row", "add", EVIDENCE];
    let is_known = |key: &str| known.contains(&key) || DAYS_OF_AN_EDIT.contains(&key);
    if let Some(key) = parts.keys().find(|key| !is_known(key)) {
        return Err(fault(key, "没有这个字段"));
    }
    let text = |key: &str| parts.get(key).and_then(Json::as_str);
    let name = text("section").ok_or_else(|| fault("section", "缺部分"))?;
    let section = asked.catalogue.sections().iter().find(|section| section.id == name);
    let section = section.ok_or_else(|| fault("section", "没有这个部分"))?;
    let who = match text("person") {
        Some(number) => Some(person(number, asked).map_err(|why| fault("person", &why))?),
        None => None,
    };
    let mut fields = Vec::new();
    let row = match (section.kind, who, parts.get("row"), parts.get("add")) {
        (SectionKind::Household, None, None, None) => RowRef::At(0),
        (SectionKind::Person, Some(who), None, None) => RowRef::At(who),
        (SectionKind::Person, ..) => return Err(fault("person", "这一部分按人填，请给人编号")),
        (SectionKind::Rows, who, Some(row), None) => {
            let row = row.as_u64().and_then(|row| u32::try_from(row).ok());
            let row = row.filter(|row| asked.file.row(section.id, *row).is_some());
            let row = row.ok_or_else(|| fault("row", "没有这一行"))?;
            let whose = asked.file.row(section.id, row).and_then(|cells| section.person_of(cells));
            if who.is_some() && whose.is_some() && who != whose {
                return Err(fault("person", "这一行是另一个人的，请核对行号和人编号"));
            }
            RowRef::At(row)
        }
        (SectionKind::Rows, who, None, Some(Json::Object(add))) => {
            if let Some(who) = who {
                fields.push((Name::fixed("person"), Some(Value::Quantity(Quantity::whole(who.into())))));
            }
            for (key, value) in add {
                fields.push(read_value(section, key, value, asked).map_err(|why| fault(&format!("add.{key}"), &why))?);
            }
            RowRef::New(number)
        }
        (SectionKind::Rows, ..) => return Err(fault("row", "请给行号 row，或用 add 新增一行")),
        (SectionKind::Household, ..) => return Err(fault("row", "这一部分按户填，没有行")),
    };
    if parts.get("add").is_none() {
        let key = text("field").ok_or_else(|| fault("field", "缺字段"))?;
        let value = parts.get("new").ok_or_else(|| fault("new", "缺新值（清空请写 null）"))?;
        fields.push(read_value(section, key, value, asked).map_err(|why| fault("new", &why))?);
    }
    let (happened_on, evidence) = read_circumstances(parts)?;
    Ok(EditRow { happened_on, evidence, ..EditRow::of(section.id, row, fields) })
}

/// When an edit says that it happened, and on what paper.
type DayAndPaper = (Option<PartialDate>, Option<Box<str>>);

/// Reads what an edit itself says of its day and its paper.
fn read_circumstances(parts: &Map<String, Json>) -> Result<DayAndPaper, (String, String)> {
    let mut happened_on = None;
    for key in DAYS_OF_AN_EDIT {
        let told = match parts.get(key) {
            None | Some(Json::Null) => continue,
            Some(Json::String(text)) if text.trim().is_empty() => continue,
            Some(told) => told.as_str().unwrap_or_default(),
        };
        let day = told.parse().map_err(|why: crate::domain::date::NotADate| (key.to_owned(), why.to_string()))?;
        if happened_on.is_some_and(|known| known != day) {
            return Err((key.to_owned(), "同一处改动写了两个不同的日期".to_owned()));
        }
        happened_on = Some(day);
    }
    let evidence = match parts.get(EVIDENCE) {
        None | Some(Json::Null) => None,
        Some(Json::String(text)) => Some(text.trim()).filter(|text| !text.is_empty()).map(Into::into),
        Some(_) => return Err((EVIDENCE.to_owned(), "应为文字".to_owned())),
    };
    Ok((happened_on, evidence))
}

fn read_value(
    section: &catalogue::Section,
    key: &str,
    json: &Json,
    asked: &Asked<'_>,
) -> Result<(Name, Option<Value>), String> {
    let field = section.fields.iter().find(|field| field.id == key);
    let field = field.ok_or_else(|| format!("{}没有字段 {key}", section.label))?;
    if field.kind == Plain::Person {
        let who = person(json.as_str().unwrap_or(""), asked)?;
        return Ok((field.id, Some(Value::Quantity(Quantity::whole(who.into())))));
    }
    Ok((field.id, asked.catalogue.from_json(field, json)?))
}
