//! Who comes back, and by which event.

use crate::changes::Act;
use crate::domain::field::members;
use crate::domain::{FilledForm, Household, HouseholdFile, Member, Name, PartialDate, Value};
use crate::forms::Form;
use crate::forms::reading::Fault;
use crate::rules::Look;
use crate::rules::events::{may_come_back_by, returns_by};

use super::moves::other_household;
use super::{Circumstances, Filing, life};

/// Why somebody is not in a file who was carried to another.
pub(super) const TO_HOUSEHOLD: Name = Name::fixed("to_household");

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
    let is = |reason: Name| member.left_why().is_some_and(|why| why.is(reason));
    match returns_by(look.forms, member) {
        Some(form) => format!("请用“{}”登记", form.label),
        None if is(Name::fixed("death")) => "不能再登记回来".to_owned(),
        None if is(TO_HOUSEHOLD) => "请到所在的那一户用“转到另一户”".to_owned(),
        None => "没有登记他回来的办法".to_owned(),
    }
}

impl Filing<'_> {
    /// Opens a closed file to which somebody comes back.
    pub(super) fn rejoin(
        &self,
        act: &mut Act,
        filled: &FilledForm,
        file: &HouseholdFile,
        how: &Circumstances,
    ) -> Result<(), Vec<Fault>> {
        let is_closed = Household::of(file).closed_on().is_some();
        let to_another = other_household(filled, file).is_some();
        if is_closed && !to_another { life::reopen(act, file, how) } else { Ok(()) }
    }
}
