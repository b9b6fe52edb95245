//! What a file remembers of a filled form, so that checks need not read the act that holds it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::clock::TimeOfDay;
use super::digest::Digest;
use super::filled::{Answer, FilledForm};
use super::form_field::{self, GUARANTEES, OF_THE_FILLING};
use super::money::Money;
use super::name::Name;
use super::value::Value;

/// A filled form, by the act that holds its text. A county has millions: what was not answered takes no room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRef {
    /// The form's name: `visit`, `screening`, `verification`, …
    pub name: Name,
    /// The form's own id, given or made.
    pub id: Box<str>,
    /// The act that holds it.
    pub act: u64,
    /// The day of the visit or the paper.
    pub date: NaiveDate,
    /// Who filled it: the surveyor or the first visitor, else whoever entered it.
    pub by: Box<str>,
    /// When on that day, as far as it says.
    pub span: Span,
    /// Where the family was spoken to, by its code.
    pub place: Option<Name>,
    /// The round it belongs to, by its id in the policy file.
    pub round: Option<Name>,
    /// The opinion it ends with, by its code.
    pub opinion: Option<Name>,
    /// The key groups it says yes to.
    pub groups: Vec<Name>,
    /// The items of a visit of which the family said whether it agrees.
    pub agreed: Vec<(Name, bool)>,
    /// What it finds of the guarantees, by the codes of its own fields.
    pub verdicts: Vec<(Name, Name)>,
    /// Whether the household signed it; none where nobody noted it.
    pub signed: Option<bool>,
    /// The amounts of money that it answers, by the ids of its own fields.
    pub amounts: Vec<(Name, Money)>,
    /// The sections that the family found true, with what the file held of them when they had said so.
    pub found: Vec<Found>,
    /// A digest of all answers but those of when and by whom: where two are equal, so is every answer. Edits that a
    /// visit made stand in its act, and are not among them.
    pub likeness: u64,
    /// Whether it was taken back by a later act.
    pub withdrawn: bool,
}

/// From when to when a form was filled, in China's time; none where it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// When it was begun, or the visitor came.
    pub begun: Option<TimeOfDay>,
    /// When it was ended.
    pub ended: Option<TimeOfDay>,
}

/// A section that was found true at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The section.
    pub section: Name,
    /// What the file held then ([`Section::likeness`](super::Section::likeness)): while it is the same, it stands.
    pub likeness: u64,
}

impl FormRef {
    /// A form of this name and day with no answers.
    pub fn blank(name: Name, date: NaiveDate) -> Self {
        Self {
            name,
            id: "".into(),
            act: 0,
            date,
            by: "".into(),
            span: Span::default(),
            place: None,
            round: None,
            opinion: None,
            groups: Vec::new(),
            agreed: Vec::new(),
            verdicts: Vec::new(),
            signed: None,
            amounts: Vec::new(),
            found: Vec::new(),
            likeness: 0,
            withdrawn: false,
        }
    }

    /// What is remembered of a filled form, given who entered it and on which day.
    pub fn of(form: &FilledForm, entered_by: &str, entered_on: NaiveDate) -> Self {
        let code = |field: Name| form.value(field.as_str()).and_then(Value::as_code).and_then(|code| code.id());
        let time = |field: Name| form.value(field.as_str()).and_then(Value::as_text).and_then(|text| text.parse().ok());
        let round = form.fields.get(&form_field::ROUND).and_then(|answer| match answer {
            Answer::Round(round) => Some(*round),
            _ => None,
        });
        let amounts = form.fields.iter().filter_map(|(field, answer)| match answer {
            Answer::Value(Value::Fen(money)) => Some((*field, *money)),
            _ => None,
        });
        Self {
            id: form.id.clone(),
            by: filled_by(form).unwrap_or(entered_by).into(),
            span: Span {
                begun: time(form_field::BEGUN_AT).or_else(|| time(form_field::TIME)),
                ended: time(form_field::ENDED_AT),
            },
            place: code(form_field::PLACE),
            round,
            opinion: code(form_field::OPINION),
            groups: form.groups.iter().filter(|(_, answer)| answer.yes).map(|(group, _)| *group).collect(),
            agreed: form.items.iter().filter_map(|(item, said)| Some((*item, said.agree?))).collect(),
            verdicts: GUARANTEES.iter().filter_map(|field| Some((*field, code(*field)?))).collect(),
            signed: form.value(form_field::SIGNED_BY_HOUSEHOLD.as_str()).and_then(Value::as_yes_no),
            amounts: amounts.collect(),
            likeness: likeness(form),
            ..Self::blank(form.name, form.day(form_field::DATE.as_str()).unwrap_or(entered_on))
        }
    }

    /// By what the newer of two forms is told: the day of the paper, and of one day the order of entry.
    pub fn age(&self) -> (NaiveDate, u64) {
        (self.date, self.act)
    }

    /// The amount answered to a field of the form.
    pub fn amount(&self, field: Name) -> Option<Money> {
        self.amounts.iter().find(|(answered, _)| *answered == field).map(|(_, money)| *money)
    }
}

/// The surveyor, or the first of several; the first visitor.
fn filled_by(form: &FilledForm) -> Option<&str> {
    let visitor = match form.fields.get(&form_field::VISITORS) {
        Some(Answer::Names(names)) => names.first().map(|name| &**name),
        _ => None,
    };
    let surveyor = form.value(form_field::SURVEYOR.as_str()).and_then(Value::as_text);
    let first = surveyor.or(visitor)?.split(['、', '，', ',', ' ']).find(|name| !name.is_empty())?;
    Some(first.trim())
}

fn likeness(form: &FilledForm) -> u64 {
    let fields = form.fields.iter().filter(|(field, _)| !OF_THE_FILLING.contains(field));
    let fields: Vec<(&Name, &Answer)> = fields.collect();
    Digest::of_json(&(form.name, fields, &form.items, &form.groups, &form.edits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::GroupAnswer;

    fn form(answers: &[(&str, &str)]) -> FilledForm {
        let mut form = FilledForm::blank(Name::new("screening"), 1, "s1", 7);
        for (field, text) in answers {
            let value = match text.parse::<i64>() {
                Ok(yuan) => Value::Fen(Money::yuan(yuan)),
                Err(_) => Value::Text((*text).into()),
            };
            form.fields.insert(Name::new(field), Answer::Value(value));
        }
        form
    }

    fn of(form: &FilledForm) -> FormRef {
        FormRef::of(form, "王芳", NaiveDate::from_ymd_opt(2022, 10, 8).unwrap())
    }

    #[test]
    fn who_when_and_how_much_is_remembered() {
        let known = of(&form(&[
            ("surveyor", "李桂枝、王芳"),
            ("begun_at", "09:05"),
            ("ended_at", "09:40"),
            ("income_last", "6480"),
        ]));
        assert_eq!(&*known.by, "李桂枝");
        assert_eq!(known.span, Span { begun: Some(TimeOfDay(545)), ended: Some(TimeOfDay(580)) });
        assert_eq!(known.amounts, [(Name::new("income_last"), Money::yuan(6480))]);
        assert_eq!(known.amount(Name::new("rigid_spending")), None);
        let unknown = of(&form(&[("begun_at", "上午")]));
        assert_eq!((&*unknown.by, unknown.span, unknown.place), ("王芳", Span::default(), None));
        let mut visit = form(&[("time", "08:30")]);
        visit.fields.insert(form_field::VISITORS, Answer::Names(vec!["张干事".into(), "李桂枝".into()]));
        assert_eq!((&*of(&visit).by, of(&visit).span.begun), ("张干事", Some(TimeOfDay(510))));
    }

    #[test]
    fn forms_are_alike_whoever_filled_them_and_whenever_and_not_where_one_answer_differs() {
        let first = form(&[("surveyor", "李桂枝"), ("begun_at", "09:05"), ("income_last", "6480")]);
        let mut other = form(&[("surveyor", "王芳"), ("ended_at", "17:00"), ("income_last", "6480")]);
        other.id = "s2".into();
        other.household = 8;
        assert_eq!(of(&first).likeness, of(&other).likeness);
        assert_ne!(of(&first).likeness, of(&form(&[("income_last", "6481")])).likeness);
        assert_ne!(of(&first).likeness, of(&form(&[])).likeness);
        other.groups.insert(Name::new("G01"), GroupAnswer { yes: false, fact: "".into() });
        assert_ne!(of(&first).likeness, of(&other).likeness);
    }
}
