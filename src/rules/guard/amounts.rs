//! Nothing is less than nothing, but for what can be.

use crate::catalogue::{Field, Refused};
use crate::domain::{Answer, Value};
use crate::forms::FieldKind;

use super::{Change, Made, Refusal};

pub(super) fn refusals(made: &Made<'_>) -> Vec<Refusal> {
    let of = |change: &Change<'_>| {
        let field = made.look.catalogue.in_slot(change.slot)?;
        let why = less_than_nothing(field, change.new?).filter(|_| change.old != change.new)?;
        Some(Refusal::slot(change, why))
    };
    let mut refusals: Vec<Refusal> = made.changes.iter().filter_map(of).collect();
    let (fields, filled) = match made.form {
        Some((form, filled)) => (&form.fields[..], Some(filled)),
        None => (&[][..], None),
    };
    refusals.extend(fields.iter().filter(|field| field.slot.is_none()).filter_map(|field| {
        let (FieldKind::Value(plain), Some(Answer::Value(value))) = (&field.kind, filled?.fields.get(&field.id)) else {
            return None;
        };
        Some(Refusal::answer(field.id.as_str(), less_than_nothing(plain, value)?))
    }));
    refusals
}

fn less_than_nothing(field: &Field, value: &Value) -> Option<String> {
    let amount = match value {
        Value::Fen(money) => money.0,
        Value::Quantity(quantity) => quantity.0,
        _ => return None,
    };
    (amount < 0 && !field.limits.may_be_negative).then(|| format!("{}：{}", field.label, Refused::Negative))
}
