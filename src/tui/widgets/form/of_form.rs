//! A plain field of a defined form as a field on the screen, and what was typed there as an answer.

use std::sync::Arc;

use super::Form;
use super::field::{Field, Verdict};
use crate::catalogue::Catalogue;
use crate::domain::{Answer, PartialDate, person_name};
use crate::forms::reading::time;
use crate::forms::{self, FieldKind};

impl Field {
    /// A field for an answer like this one, holding what was answered; none for a kind that needs more than a line.
    pub fn of_form(field: &forms::Field, answer: Option<&Answer>, catalogue: &Arc<Catalogue>) -> Option<Self> {
        let id = field.id.as_str();
        let mut made = match &field.kind {
            FieldKind::Value(plain) => Self::of_file(id, plain, catalogue),
            FieldKind::Day => Self::day(id, &field.label),
            FieldKind::Time => Self::text(id, &field.label).checked(|text| match time(text) {
                Ok(_) => Verdict::Good,
                Err(why) => Verdict::Refused(why),
            }),
            FieldKind::Names => Self::text(id, &field.label),
            _ => return None,
        };
        made.label = field.label.to_string();
        made.is_required = field.required;
        if let Some(hint) = &field.hint {
            made = made.hint(&**hint);
        }
        Some(made.holding(&answer_in_text(field, answer, catalogue)))
    }
}

impl Form {
    /// What a field holds, as an answer; none where it is blank or cannot be one.
    pub fn answer(&self, field: &forms::Field, catalogue: &Catalogue) -> Option<Answer> {
        let text = self.value(field.id.as_str());
        match &field.kind {
            FieldKind::Value(plain) => catalogue.read_typed(plain, &text).ok()?.value.map(Answer::Value),
            FieldKind::Day => text.parse::<PartialDate>().ok()?.as_day().map(Answer::Day),
            FieldKind::Time => time(&text).ok()?.map(Answer::Value),
            FieldKind::Names => {
                let names = text.split(['、', '，', ',', ' ', '　']).map(str::trim).filter(|name| !name.is_empty());
                let names: Vec<Box<str>> = names.map(|name| person_name::kept(name).into()).collect();
                (!names.is_empty()).then_some(Answer::Names(names))
            }
            _ => None,
        }
    }
}

/// An answer as it is typed and shown; blank where there is none.
pub fn answer_in_text(field: &forms::Field, answer: Option<&Answer>, catalogue: &Catalogue) -> String {
    match (answer, &field.kind) {
        (Some(Answer::Value(value)), FieldKind::Value(plain)) => catalogue.show(plain, value),
        (Some(Answer::Value(value)), _) => value.as_text().unwrap_or_default().to_owned(),
        (Some(Answer::Day(day)), _) => day.to_string(),
        (Some(Answer::Names(names)), _) => names.join("、"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::data::Data;
    use crate::domain::Value;
    use crate::forms::Forms;

    #[test]
    fn what_is_typed_is_the_answer_and_what_was_answered_is_shown() {
        let catalogue = Arc::new(Catalogue::load(&Data::embedded()).unwrap());
        let forms = Forms::load(&Data::embedded(), &catalogue).unwrap();
        let visit = forms.visit().unwrap();
        let today = NaiveDate::from_ymd_opt(2022, 11, 20).unwrap();
        for (id, typed, shown) in [
            ("date", "2022-11-08", "2022-11-08"),
            ("date", "2022-11", ""),
            ("visitors", "李桂枝 王芳", "李桂枝、王芳"),
            ("place", "家中", "家中"),
            ("time", "９点", "09:00"),
            ("time", "25:00", ""),
            ("at_home", "", ""),
        ] {
            let field = visit.field(id).unwrap();
            let form = Form::new(vec![Field::of_form(field, None, &catalogue).unwrap().holding(typed)], today);
            let answer = form.answer(field, &catalogue);
            assert_eq!(answer_in_text(field, answer.as_ref(), &catalogue), shown, "{id} {typed}");
        }
        let place = visit.field("place").unwrap();
        let form = Form::new(vec![Field::of_form(place, None, &catalogue).unwrap().holding("电话")], today);
        assert_eq!(form.answer(place, &catalogue), Some(Answer::Value(Value::code("phone".into()))));
    }
}
