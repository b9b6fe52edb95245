//! What a filled form still lacks, or claims and cannot be: the same for a form typed on a screen and one read from a file.

use chrono::NaiveDate;

use crate::domain::{Answer, FilledForm, Finding, Name, Value};

use super::reading::Fault;
use super::schema::{Field, FieldKind, Form, Item};

/// What a form is checked against.
pub struct Expected<'a> {
    /// The local day: nothing has happened after it.
    pub day: NaiveDate,
    /// Whether an item is asked of this household.
    pub applies: &'a dyn Fn(&Item) -> bool,
    /// The key groups that the form's round asks about.
    pub asks: &'a [Name],
    /// Those of them that the file proves, so that a no needs a reason.
    pub proved: &'a [Name],
}

/// What is wrong with a form, in the order of its questions; nothing where it can be taken in.
pub fn faults(form: &Form, filled: &FilledForm, expected: &Expected<'_>) -> Vec<Fault> {
    let mut faults: Vec<Fault> =
        form.fields.iter().filter_map(|field| fault_of_field(form, field, filled, expected)).collect();
    for item in form.items.iter().filter(|item| (expected.applies)(item)) {
        faults.extend(fault_of_item(item, filled, expected));
    }
    faults
}

fn fault_of_field(form: &Form, field: &Field, filled: &FilledForm, expected: &Expected<'_>) -> Option<Fault> {
    let fault = |why: String| Some(Fault::at(field.id.as_str(), why));
    match field.kind {
        FieldKind::Groups => return fault_of_groups(field, filled, expected),
        FieldKind::Changes => {
            return if field.required && filled.edits.iter().all(|row| row.fields.is_empty()) {
                fault("没有改动".to_owned())
            } else {
                None
            };
        }
        _ => {}
    }
    match filled.fields.get(&field.id) {
        None if field.required => fault(format!("{}的“{}”不能空", form.label, field.label)),
        None => None,
        Some(Answer::Names(names)) if field.required && names.iter().all(|name| name.trim().is_empty()) => {
            fault(format!("{}的“{}”不能空", form.label, field.label))
        }
        Some(Answer::Day(day)) if *day > expected.day => fault(format!("{day} 还没到，今天是 {}", expected.day)),
        Some(Answer::Value(Value::Date(date))) if field.clock && date.earliest() > expected.day => {
            fault(format!("{date} 还没到，今天是 {}", expected.day))
        }
        Some(_) => None,
    }
}

fn fault_of_groups(field: &Field, filled: &FilledForm, expected: &Expected<'_>) -> Option<Fault> {
    for code in expected.asks {
        let at = |why: &str| Some(Fault::at(format!("{}.{code}", field.id), why));
        match filled.groups.get(code) {
            None if field.required => return at("没有回答"),
            Some(answer) if answer.yes && answer.fact.trim().is_empty() => return at("答“是”要写事实"),
            Some(answer) if !answer.yes && answer.fact.trim().is_empty() && expected.proved.contains(code) => {
                return at("户档已证明属于此类，答“否”要写理由");
            }
            _ => {}
        }
    }
    None
}

fn fault_of_item(item: &Item, filled: &FilledForm, expected: &Expected<'_>) -> Option<Fault> {
    let at = |key: &str, why: &str| Some(Fault::at(format!("items.{}{key}", item.id), why));
    let Some(answer) = filled.items.get(&item.id) else { return at("", &format!("“{}”没有回答", item.label)) };
    match &answer.finding {
        Finding::AsOnFile => None,
        Finding::Changed { what, .. } if what.is_empty() && !answer.has_edits() && answer.events.is_empty() => {
            at(".what", "变了什么，要写")
        }
        Finding::Changed { since: Some(since), .. } if since.earliest() > expected.day => at(".since", "日期还没到"),
        Finding::Changed { .. } => None,
        Finding::Problem { what, .. } if what.is_empty() => at(".what", "什么问题，要写"),
        Finding::Problem { who, .. } if who.is_empty() => at(".who", "由谁办，要写"),
        Finding::Problem { .. } => None,
        Finding::NotLooked { why } if why.is_empty() => at(".why", "为什么没看，要写"),
        Finding::NotLooked { .. } => None,
    }
}
