//! From a filled form back to the JSON that `record` takes.

use serde_json::{Map, Value as Json, json};

use crate::catalogue::Catalogue;
use crate::domain::{Answer, FilledForm, Finding, ItemAnswer};

use super::schema::{Field, FieldKind, Form};

/// How numbers inside a form are told to the outside.
pub struct Told<'a> {
    /// The definitions of the file.
    pub catalogue: &'a Catalogue,
    /// The number by which a person is called, by her id.
    pub person: &'a dyn Fn(u32) -> String,
    /// The number by which a household is called, by its serial.
    pub household: &'a dyn Fn(u32) -> String,
}

/// The form as JSON; answers to questions that a newer or older definition has are left to its own text.
pub fn write(form: &Form, filled: &FilledForm, told: &Told<'_>) -> Json {
    let mut json = Map::new();
    json.insert("form".into(), json!(filled.name));
    json.insert("version".into(), json!(filled.version));
    json.insert("household".into(), json!((told.household)(filled.household)));
    json.insert("id".into(), json!(filled.id));
    for field in &form.fields {
        match field.kind {
            FieldKind::Groups => {
                let groups = filled.groups.iter();
                let groups =
                    groups.map(|(code, group)| (code.to_string(), json!({"yes": group.yes, "fact": group.fact})));
                json.insert(field.id.to_string(), Json::Object(groups.collect()));
            }
            FieldKind::Changes => {}
            _ => {
                let answer = filled.fields.get(&field.id);
                json.insert(
                    field.id.to_string(),
                    answer.map_or(Json::Null, |answer| write_answer(field, answer, told)),
                );
            }
        }
    }
    if !form.items.is_empty() {
        let items = filled.items.iter().map(|(code, answer)| (code.to_string(), write_item(answer)));
        json.insert("items".into(), Json::Object(items.collect()));
    }
    Json::Object(json)
}

fn write_answer(field: &Field, answer: &Answer, told: &Told<'_>) -> Json {
    match (answer, &field.kind) {
        (Answer::Value(value), FieldKind::Value(plain)) => told.catalogue.to_json(plain, Some(value)),
        (Answer::Value(value), _) => json!(value.as_text()),
        (Answer::Day(day), _) => json!(day.to_string()),
        (Answer::Names(names), _) => json!(names),
        (Answer::Person(id), _) => json!((told.person)(*id)),
        (Answer::People(ids), _) => ids.iter().map(|id| json!((told.person)(*id))).collect(),
        (Answer::Relations(relations), _) => {
            let list = told.catalogue.list("relation".into());
            let label = |code| list.map_or("", |list| list.label(code)).to_owned();
            let pairs = relations.iter().map(|(id, code)| ((told.person)(*id), json!(label(*code))));
            Json::Object(pairs.collect())
        }
        (Answer::Household(serial), _) => json!((told.household)(*serial)),
        (Answer::Round(round), _) => json!(round),
        (Answer::Heirs(heirs), _) => json!(heirs),
    }
}

fn write_item(answer: &ItemAnswer) -> Json {
    let agree = answer.agree;
    let mut json = match &answer.finding {
        Finding::AsOnFile => json!({"answer": "as_on_file", "agree": agree}),
        Finding::Changed { what, since } => {
            json!({"answer": "changed", "agree": agree, "what": what, "since": since})
        }
        Finding::Problem { what, who, due } => {
            json!({"answer": "problem", "agree": agree, "what": what, "who": who, "due": due})
        }
        Finding::NotLooked { why } => json!({"answer": "not_looked", "agree": agree, "why": why}),
    };
    if answer.settles {
        json["settles"] = json!(true);
    }
    if !answer.events.is_empty() {
        json["events"] = json!(answer.events);
    }
    json
}
