//! Who comes back, by which event, and what she is then to the household's head.

use crate::changes::Act;
use crate::domain::field::members;
use crate::domain::{Code, FilledForm, Household, HouseholdFile, Member, Name, PartialDate, Slot, Value};
use crate::forms::Form;
use crate::forms::reading::Fault;
use crate::rules::Look;
use crate::rules::events::{may_come_back_by, returns_by};

use super::moves::other_household;
use super::{Circumstances, Filing, life};

/// Refuses a return that cannot be: of who is there, of the dead, by another event than the reason says, before she left.
pub(super) fn may_return(
    look: Look<'_>,
    form: &Form,
    member: Member<'_>,
    on: Option<PartialDate>,
) -> Result<(), Vec<Fault>> {
    let fault = |at: &str, why: String| Err(vec![Fault::at(at, why)]);
    if !member.has_left() {
        return fault("person", "此人在户，没有离开过".to_owned());
    }
    if !may_come_back_by(form, member) {
        return fault("person", format!("{}，{}", left_in_words(look, member), way_back(look, member)));
    }
    let left = member.own(members::LEFT_ON).and_then(Value::as_date);
    match (left, on) {
        (Some(left), Some(on)) if on.latest() < left.earliest() => {
            fault("date", format!("{}{left}才离开，不能在这以前回来", member.name()))
        }
        _ => Ok(()),
    }
}

/// When and why somebody left: `张子2022-11-02户籍迁出`.
pub(super) fn left_in_words(look: Look<'_>, member: Member<'_>) -> String {
    let left = member.own(members::LEFT_ON).and_then(Value::as_date);
    let field = look.catalogue.field(members::SECTION, members::LEFT_WHY);
    let why = field.zip(member.left_why()).map_or("离开", |(field, why)| look.catalogue.label(field, why));
    format!("{}{}{why}", member.name(), left.map_or_else(String::new, |left| left.to_string()))
}

/// By which event somebody who left comes back, in words.
pub(super) fn way_back(look: Look<'_>, member: Member<'_>) -> String {
    let is = |reason: &'static str| member.left_why().is_some_and(|why| why.is(Name::fixed(reason)));
    match returns_by(look.forms, member) {
        Some(form) => format!("请用“{}”登记", form.label),
        None if is("death") => "不能再登记回来".to_owned(),
        None if is("to_household") => "请到所在的那一户用“转到另一户”".to_owned(),
        None => "没有登记他回来的办法".to_owned(),
    }
}

impl Filing<'_> {
    /// A member again: a closed file is opened, and nobody comes back as a second head.
    pub(super) fn rejoin(
        &self,
        act: &mut Act,
        filled: &FilledForm,
        file: &HouseholdFile,
        person: Option<u32>,
        how: &Circumstances,
    ) -> Result<(), Vec<Fault>> {
        let (Some(person), None) = (person, other_household(filled, file)) else { return Ok(()) };
        let household = Household::of(file);
        if household.closed_on().is_some() {
            life::reopen(act, file, how)?;
        }
        let slot = Slot { section: members::SECTION, row: person, field: members::RELATION };
        let answered = act.changes.iter().find(|change| change.slot == slot).map(|change| change.new.as_ref());
        let relation = answered.unwrap_or_else(|| file.get(slot)).and_then(Value::as_code);
        let is_head = relation.is_some_and(|relation: Code| relation.is(Name::fixed("head")));
        match household.members().find(|member| member.is_head()) {
            Some(head) if is_head => {
                let why = format!("户主现在是{}，请写回来的人与户主的关系", head.name());
                Err(vec![Fault::at("relation", why)])
            }
            _ => Ok(()),
        }
    }
}
