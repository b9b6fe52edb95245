//! Visits, screening and verification forms are no fields of the national system: they are listed, not typed in.

use crate::changes::Act;
use crate::domain::{Answer, FilledForm, Finding, Value};
use crate::forms::{DefaultAnswer, FieldKind, Form, FormKind};

use super::Run;

/// A form in short.
pub(super) struct FormRow {
    pub household: u32,
    pub form: String,
    pub day: String,
    pub by: String,
    pub opinion: String,
}

/// The form that an act holds, where it is one of those that are listed.
pub(super) fn read(run: &Run<'_>, act: &Act) -> Option<FormRow> {
    let filled = act.form.as_ref()?;
    let form = run.forms.get(filled.name)?;
    if form.kind == FormKind::Withdraw {
        return Some(withdrawal(act, form, filled));
    }
    if !matches!(form.kind, FormKind::Visit | FormKind::Screening | FormKind::Verification) {
        return None;
    }
    Some(FormRow {
        household: filled.household,
        form: form.label.to_string(),
        day: filled.day("date").map_or_else(String::new, |day| day.to_string()),
        by: by(form, filled),
        opinion: opinion(run, form, filled).unwrap_or_else(|| found(form, filled)),
    })
}

/// What was handed over before and is taken back: which one, and why.
fn withdrawal(act: &Act, form: &Form, filled: &FilledForm) -> FormRow {
    let reason = filled.value("reason").and_then(Value::as_text).unwrap_or_default();
    FormRow {
        household: filled.household,
        form: form.label.to_string(),
        day: act.entered_on().to_string(),
        by: act.by.to_string(),
        opinion: format!("第{}号不再算数：{reason}", act.undoes.unwrap_or_default()),
    }
}

/// Whoever filled it: the answer that is her own name to begin with.
fn by(form: &Form, filled: &FilledForm) -> String {
    let asked = form.fields.iter().find(|field| field.default == Some(DefaultAnswer::Me));
    match asked.and_then(|field| filled.fields.get(&field.id)) {
        Some(Answer::Names(names)) => names.join("、"),
        Some(Answer::Value(Value::Text(name))) => name.to_string(),
        _ => String::new(),
    }
}

fn opinion(run: &Run<'_>, form: &Form, filled: &FilledForm) -> Option<String> {
    let FieldKind::Value(field) = &form.field("opinion")?.kind else { return None };
    Some(run.catalogue.show(field, filled.value("opinion")?))
}

/// What a visit found, by the names of its items.
fn found(form: &Form, filled: &FilledForm) -> String {
    let with = |says: fn(&Finding) -> bool| {
        let items = form.items.iter().filter(|item| filled.items.get(&item.id).is_some_and(|a| says(&a.finding)));
        items.map(|item| &*item.label).collect::<Vec<_>>()
    };
    let mut found = vec![format!("与档一致{}项", with(|finding| matches!(finding, Finding::AsOnFile)).len())];
    for (word, items) in [
        ("变", with(|finding| matches!(finding, Finding::Changed { .. }))),
        ("问题", with(|finding| matches!(finding, Finding::Problem { .. }))),
        ("没看到", with(|finding| matches!(finding, Finding::NotLooked { .. }))),
    ] {
        if !items.is_empty() {
            found.push(format!("{word}：{}", items.join("、")));
        }
    }
    found.join("；")
}
