//! What `hudang form NAME` prints: the fields, and a sample that `record` accepts once its household is set.

use chrono::NaiveDate;
use serde_json::{Map, Value as Json, json};

use crate::catalogue::{Catalogue, FieldKind as Plain};
use crate::domain::Name;

use super::schema::{Default, Field, FieldKind, Form};

/// What a sample is made for.
pub struct SampleFor<'a> {
    /// The definitions of the file.
    pub catalogue: &'a Catalogue,
    /// The day of which the sample is: the local day, or the last one of a round that is over.
    pub day: NaiveDate,
    /// Whoever fills forms.
    pub me: &'a str,
    /// The round that is on, or was last.
    pub round: Option<Name>,
    /// The key groups that it asks about.
    pub asks: &'a [Name],
}

/// The fields of a form, for whoever writes a program that fills it.
pub fn fields(form: &Form, for_whom: &SampleFor<'_>) -> Json {
    let plain = form.fields.iter().map(|field| {
        let mut entry = Map::new();
        entry.insert("id".into(), json!(field.id));
        entry.insert("label".into(), json!(field.label));
        entry.insert("type".into(), json!(kind_name(field)));
        entry.insert("required".into(), json!(field.required));
        if let FieldKind::Value(plain) = &field.kind
            && let Some(list) = for_whom.catalogue.list_of(plain)
        {
            let labels: Vec<&str> = list.entries.iter().map(|entry| &*entry.label).collect();
            entry.insert("values".into(), json!(labels));
        }
        Json::Object(entry)
    });
    let items = form.items.iter().map(|item| {
        json!({
            "id": format!("items.{}", item.id), "label": item.label, "type": "item", "required": true,
            "ask": item.ask, "asked_of": item.asked_of, "confirms": item.confirms, "edits": item.edits,
            "values": ["as_on_file", "changed", "problem", "not_looked"], "source": item.source,
        })
    });
    plain.chain(items).collect()
}

/// A complete form, in which only the household is missing.
pub fn sample(form: &Form, for_whom: &SampleFor<'_>) -> Json {
    let mut sample = Map::new();
    sample.insert("form".into(), json!(form.name));
    sample.insert("household".into(), Json::Null);
    for field in &form.fields {
        sample.insert(field.id.to_string(), sample_of(field, for_whom));
    }
    if !form.items.is_empty() {
        let items =
            form.items.iter().map(|item| (item.id.to_string(), json!({ "answer": "as_on_file", "agree": null })));
        sample.insert("items".into(), Json::Object(items.collect()));
    }
    Json::Object(sample)
}

fn sample_of(field: &Field, for_whom: &SampleFor<'_>) -> Json {
    if let Some(sample) = &field.sample {
        return sample.clone();
    }
    match (field.default, &field.kind) {
        (Some(Default::Today), _) => json!(for_whom.day.to_string()),
        (Some(Default::Me), FieldKind::Names) => json!([for_whom.me]),
        (Some(Default::Me), _) => json!(for_whom.me),
        (Some(Default::Round), _) => json!(for_whom.round),
        (None, FieldKind::Groups) => {
            let no = json!({ "yes": false, "fact": "示例：入户核实不属于" });
            Json::Object(for_whom.asks.iter().map(|code| (code.to_string(), no.clone())).collect())
        }
        (None, FieldKind::Value(plain)) if field.required => match plain.kind {
            Plain::Code => first_label(plain, for_whom),
            Plain::Codes => json!([first_label(plain, for_whom)]),
            Plain::Date => json!(for_whom.day.to_string()),
            Plain::YesNo => json!(true),
            Plain::Money | Plain::Quantity | Plain::Count => json!(0),
            _ => json!("示例"),
        },
        _ => Json::Null,
    }
}

fn first_label(plain: &crate::catalogue::Field, for_whom: &SampleFor<'_>) -> Json {
    let list = for_whom.catalogue.list_of(plain);
    list.and_then(|list| list.entries.first()).map_or(Json::Null, |entry| json!(entry.label))
}

fn kind_name(field: &Field) -> &'static str {
    match &field.kind {
        FieldKind::Value(plain) => match plain.kind {
            Plain::Text => "text",
            Plain::Phone => "phone",
            Plain::BankCard => "bank_card",
            Plain::IdNumber => "id_number",
            Plain::Code => "code",
            Plain::Codes => "codes",
            Plain::YesNo => "yes_no",
            Plain::Money => "money",
            Plain::Quantity => "quantity",
            Plain::Count => "count",
            Plain::Date => "date",
            Plain::Person => "person",
        },
        FieldKind::Day => "day",
        FieldKind::Time => "time",
        FieldKind::Names => "names",
        FieldKind::Person => "person",
        FieldKind::People => "people",
        FieldKind::Relations => "relations",
        FieldKind::Heirs => "heirs",
        FieldKind::Household => "household",
        FieldKind::Round => "round",
        FieldKind::Groups => "groups",
        FieldKind::Changes => "changes",
    }
}
