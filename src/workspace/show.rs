//! One file, whole, as JSON: facts only, so that a village and its county print the same bytes.

use serde_json::{Map, Value as Json, json};

use crate::catalogue::{Catalogue, Field, Section, SectionKind};
use crate::changes::Act;
use crate::domain::field::{case, class, members};
use crate::domain::{Class, Code, Household, HouseholdFile, Income, Money, Name, PersonId, Row, Slot, Value};
use crate::forms::writing::{self, Told};

use super::definitions::Definitions;

/// The acts of a file that hold its forms, and what is needed to tell them.
pub struct Papers<'a> {
    /// Acts that touched the file, oldest first: all for the history, or those that hold forms.
    pub acts: &'a [Act],
    /// The number by which another household is called.
    pub household: &'a dyn Fn(u32) -> String,
}

/// The file by sections.
pub fn file(definitions: &Definitions, file: &HouseholdFile, papers: &Papers<'_>) -> Json {
    let household = Household::of(file);
    let catalogue = &definitions.catalogue;
    let mut json = Map::new();
    json.insert("household".into(), json!(household.number()));
    json.insert("local_number".into(), json!(file.id.local_number()));
    json.insert("village".into(), json!(file.id.village));
    json.insert("taken_in".into(), json!(file.taken_in));
    json.insert("closed_on".into(), json!(household.closed_on()));
    let sections =
        catalogue.sections().iter().map(|section| (section.id.to_string(), section_json(catalogue, section, file)));
    json.insert("sections".into(), Json::Object(sections.collect()));
    json.insert("computed".into(), json!({"income": income_json(household.income())}));
    json.insert("beside".into(), beside(catalogue, file));
    let open = file.open_items.iter().map(|item| {
        json!({"number": item.act, "item": item.item, "sections": item.sections, "since": item.since,
               "seen_on": item.seen_on, "what": item.what})
    });
    json.insert("open_items".into(), open.collect());
    json.insert("forms".into(), forms(definitions, file, papers));
    Json::Object(json)
}

/// What follows from the typed figures of the income, whoever asks and whenever.
fn income_json(income: Income) -> Json {
    let fen = |money: Option<Money>| money.map(|money| money.0);
    json!({"sum": fen(income.sum), "net": fen(income.net), "counted": income.counted, "told": fen(income.told),
           "now": fen(income.now)})
}

/// What happened to the file, a line a field change.
pub fn history(definitions: &Definitions, file: &HouseholdFile, acts: &[Act]) -> Json {
    let lines = acts.iter().flat_map(|act| {
        let of_this = act.field_changes().enumerate().filter(|(_, change)| change.household == file.id.serial);
        of_this.map(move |(part, change)| change_line(definitions, file, act, part + 1, &change)).collect::<Vec<_>>()
    });
    lines.collect()
}

/// One field change, with all that is known of it.
pub fn change_line(
    definitions: &Definitions,
    file: &HouseholdFile,
    act: &Act,
    part: usize,
    change: &crate::changes::FieldChange,
) -> Json {
    let catalogue = &definitions.catalogue;
    let field = catalogue.in_slot(change.slot);
    let value = |value: &Option<Value>| match field {
        Some(field) => field_json(catalogue, field, value.as_ref()),
        None => loose_json(value.as_ref()),
    };
    let mut line = json!({
        "number": act.number, "part": part, "kind": act.kind,
        "origin": act.origin.as_ref().map(|origin| origin.roster),
        "household": Household::of(file).number(),
        "person": person_of_slot(catalogue, file, change.slot.section, change.slot.row),
        "section": change.slot.section, "row": change.slot.row, "field": change.slot.field,
        "old": value(&change.old), "new": value(&change.new),
        "happened_on": change.happened_on, "seen_on": change.seen_on, "entered_at": act.entered_at.to_rfc3339(),
        "by": act.by, "role": act.role, "evidence": change.evidence, "item": change.item,
        "form": act.form.as_ref().map(|form| &form.id),
    });
    if let Some(line) = line.as_object_mut().filter(|_| change.evidence_only) {
        line.insert("evidence_only".into(), true.into());
    }
    line
}

/// The number of the person whose row this is, in a section of people.
pub fn person_of_slot(catalogue: &Catalogue, file: &HouseholdFile, section: Name, row: u32) -> Option<String> {
    let section = catalogue.section(section)?;
    match section.kind {
        SectionKind::Person => Some(person_number(file, row)),
        SectionKind::Rows if section.of_person => {
            let id = file.row(section.id, row)?.get(Name::fixed("person"))?.as_quantity()?.as_whole()?;
            Some(person_number(file, u32::try_from(id).ok()?))
        }
        _ => None,
    }
}

/// The number by which a person of a file is called outside.
pub fn person_number(file: &HouseholdFile, id: u32) -> String {
    let national = file.row(members::SECTION, id).and_then(|row| row.get(members::PERSON_NUMBER)?.as_text());
    national.map_or_else(|| PersonId(id).local_number(file.id.village), str::to_owned)
}

fn section_json(catalogue: &Catalogue, section: &Section, file: &HouseholdFile) -> Json {
    let held = file.sections.get(&section.id);
    let confirmed = held.and_then(|held| held.confirmed.as_ref());
    let mut json = Map::new();
    json.insert("as_of".into(), json!(held.and_then(|held| held.as_of)));
    json.insert("confirmed_on".into(), json!(confirmed.map(|confirmed| confirmed.on)));
    json.insert("confirmed_by".into(), json!(confirmed.map(|confirmed| &confirmed.by)));
    let fields = |row: Option<&Row>| fields_json(catalogue, section, row);
    match section.kind {
        SectionKind::Household => {
            let mut known = fields(file.row(section.id, 0));
            if section.id == class::SECTION {
                let policies = match Household::of(file).class() {
                    Some(Class::Relieved { policies }) => policies,
                    _ => None,
                };
                known.insert("policies".into(), json!(policies));
            }
            if section.id == case::SECTION {
                known.insert("risk".into(), json!(Household::of(file).risk_state().map(|risk| risk.identifier())));
            }
            json.insert("fields".into(), Json::Object(known));
        }
        SectionKind::Person => {
            let rows = Household::of(file).everyone().filter_map(|member| {
                let row = file.row(section.id, member.id.0)?;
                Some(json!({"person": member.number(), "name": member.name(), "fields": fields(Some(row))}))
            });
            json.insert("rows".into(), rows.collect());
        }
        SectionKind::Rows => {
            let rows = file.rows(section.id).map(|(number, row)| {
                json!({"row": number, "person": person_of_slot(catalogue, file, section.id, number),
                       "fields": fields(Some(row))})
            });
            json.insert("rows".into(), rows.collect());
        }
    }
    Json::Object(json)
}

/// Every field that the definitions know, unknown ones as null, and behind them what only the file knows.
fn fields_json(catalogue: &Catalogue, section: &Section, row: Option<&Row>) -> Map<String, Json> {
    let mut json = Map::new();
    for field in section.fields.iter().filter(|field| field.id != "person") {
        let value = row.and_then(|row| row.get(field.id));
        json.insert(field.id.to_string(), field_json(catalogue, field, value));
        if let Some(Value::Unusable(text)) = value {
            json.insert(format!("{}_unusable", field.id), json!(text));
        }
    }
    for (name, value) in row.into_iter().flat_map(|row| row.values()) {
        if section.field(name).is_none() {
            json.insert(name.to_string(), loose_json(Some(value)));
        }
    }
    json
}

/// A value of a defined field; where the list's ids are the glossary's identifiers, those.
pub fn field_json(catalogue: &Catalogue, field: &Field, value: Option<&Value>) -> Json {
    if let (Some(list), Some(id)) = (field.list, value.and_then(|value| value.as_code()?.id())) {
        if list == "target_class" {
            return json!(id);
        }
        if list == "household_class" {
            let class = if id == "ordinary" { Class::Ordinary } else { Class::Relieved { policies: None } };
            return json!(class.identifier());
        }
    }
    catalogue.to_json(field, value)
}

/// A value as it stands in a slot, as a script gets it.
pub fn value_json(definitions: &Definitions, slot: Slot, value: Option<&Value>) -> Json {
    match definitions.catalogue.in_slot(slot) {
        Some(field) => field_json(&definitions.catalogue, field, value),
        None => loose_json(value),
    }
}

/// What a slot is called: its section and its field.
pub fn slot_in_words(definitions: &Definitions, slot: Slot) -> String {
    crate::rules::answer::slot_in_words(&definitions.catalogue, slot)
}

/// A value of a field that no definition knows.
fn loose_json(value: Option<&Value>) -> Json {
    match value {
        None | Some(Value::Unusable(_)) => Json::Null,
        Some(Value::Text(text)) => json!(text),
        Some(Value::Code(code)) => json!(code.to_string()),
        Some(Value::Codes(codes)) => codes.iter().map(Code::to_string).map(Json::String).collect(),
        Some(Value::YesNo(yes)) => json!(yes),
        Some(Value::Fen(money)) => json!(money.0),
        Some(Value::Quantity(quantity)) => json!(quantity.to_string()),
        Some(Value::Date(date)) => json!(date.to_string()),
    }
}

fn beside(catalogue: &Catalogue, file: &HouseholdFile) -> Json {
    let lines = file.beside.iter().flat_map(|slot| {
        let field = catalogue.in_slot(*slot);
        let cell = file.row(slot.section, slot.row).and_then(|row| row.cell(slot.field));
        let value = move |value: Option<&Value>| match field {
            Some(field) => field_json(catalogue, field, value),
            None => loose_json(value),
        };
        cell.into_iter().flat_map(move |cell| {
            cell.other.iter().map(move |(roster, said)| {
                json!({
                    "section": slot.section, "field": slot.field,
                    "person": person_of_slot(catalogue, file, slot.section, slot.row), "row": slot.row,
                    "roster": file.rosters.get(usize::from(*roster)).map(|seen| seen.kind),
                    "roster_says": value(said.as_ref()), "here": value(cell.value.as_ref()),
                })
            })
        })
    });
    lines.collect()
}

fn forms(definitions: &Definitions, file: &HouseholdFile, papers: &Papers<'_>) -> Json {
    let told =
        Told { catalogue: &definitions.catalogue, person: &|id| person_number(file, id), household: papers.household };
    let lines = file.forms.iter().filter_map(|reference| {
        let act = papers.acts.iter().find(|act| act.number == reference.act)?;
        let filled = act.form.as_ref()?;
        let mut json = match definitions.forms.get(filled.name) {
            Some(form) => writing::write(form, filled, &told),
            None => serde_json::to_value(filled).ok()?,
        };
        let more = json.as_object_mut()?;
        more.insert("number".into(), json!(act.number));
        more.insert("entered_at".into(), json!(act.entered_at.to_rfc3339()));
        more.insert("by".into(), json!(act.by));
        more.insert("role".into(), json!(act.role));
        more.insert("withdrawn".into(), json!(reference.withdrawn));
        Some(json)
    });
    lines.collect()
}
