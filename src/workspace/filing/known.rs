//! Somebody who is entered as new and is on file already: told where, and which event is meant, so that nobody becomes
//! two people.

use crate::domain::field::{address, members};
use crate::domain::{
    FilledForm, Household, HouseholdFile, IdNumber, Member, PartialDate, Value, id_number, person_name,
};
use crate::forms::Form;
use crate::forms::reading::Fault;

use super::returns::{left_in_words, way_back};
use super::{Filing, life};

/// What is told of somebody new, as far as it says who she is.
struct Newcomer {
    /// The name as names are compared.
    name: String,
    id: Option<Box<str>>,
    birth: Option<PartialDate>,
}

/// By what somebody is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// The ID number.
    Number,
    /// The name, and the birth date as far as it is told.
    Name,
}

impl Filing<'_> {
    /// Refuses somebody new whom the household, or another of the village, has on file.
    pub(super) fn not_known(&self, form: &Form, filled: &FilledForm, file: &HouseholdFile) -> Result<(), Vec<Fault>> {
        let mut newcomer = Newcomer::of(form, filled);
        // Two children without a name yet may be twins.
        if self.look.catalogue.names().is_unnamed(&newcomer.name) {
            newcomer.name.clear();
        }
        let others = (self.alike)(&newcomer.name, newcomer.id.as_deref());
        let others = others.iter().filter(|other| other.id.serial != file.id.serial);
        let mut found: Vec<(By, &HouseholdFile, Member<'_>)> = Vec::new();
        for (own, of) in std::iter::once((true, file)).chain(others.map(|other| (false, other))) {
            let people = Household::of(of).everyone();
            found.extend(people.filter_map(|member| Some((newcomer.is(member, own)?, of, member))));
        }
        // Two who have no name yet may well be two.
        let is_unnamed = self.look.catalogue.names().is_unnamed(&newcomer.name);
        found.retain(|(by, ..)| *by == By::Number || !is_unnamed);
        // Where she is counts before where she was.
        found.sort_by_key(|(_, of, member)| (member.has_left(), of.id.serial != file.id.serial));
        let Some((by, of, member)) = found.first() else { return Ok(()) };
        let field = if *by == By::Number { "id_number" } else { "name" };
        Err(vec![Fault::at(field, self.known_in_words(*by, of, file, *member))])
    }

    fn known_in_words(&self, by: By, of: &HouseholdFile, file: &HouseholdFile, member: Member<'_>) -> String {
        let own = of.id.serial == file.id.serial;
        let household = Household::of(of);
        let place = if own { "本户".to_owned() } else { called(household) };
        let otherwise = match by {
            By::Number => "",
            By::Name => "；不是同一个人的，先把两人的证件号码或出生日期写明",
        };
        let what = match (member.has_left(), own, household.closed_on().is_some()) {
            (true, true, _) => format!("{}，{}", left_in_words(self.look, member), way_back(self.look, member)),
            (true, false, _) => {
                format!(
                    "{}，请到那一户办：{}，可以转入本户",
                    left_in_words(self.look, member),
                    way_back(self.look, member)
                )
            }
            (false, true, _) => format!("{}在户，不能再立一个人", member.name()),
            (false, false, true) => {
                format!("{}在那里，户档已销户：先恢复那一户的户档，再用“转到另一户”", member.name())
            }
            (false, false, false) => format!("{}在那里，请到那一户用“转到另一户”，人和他的记录一起转来", member.name()),
        };
        format!("{place}已有此人：{what}{otherwise}")
    }
}

/// A household by its head, its group and its number, so that she is found.
fn called(household: Household<'_>) -> String {
    let head = household.head().map_or("", |head| head.name());
    let group =
        household.file.of_household(address::SECTION, address::GROUP).and_then(Value::as_text).unwrap_or_default();
    let about = [group, &household.number()].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    format!("{head}户（{about}）")
}

impl Newcomer {
    fn of(form: &Form, filled: &FilledForm) -> Self {
        let answered = |field| form.told(filled, (members::SECTION, field));
        let number = answered(members::ID_NUMBER);
        let id = number.as_ref().and_then(Value::as_text).map(id_number::tidy);
        let id = id.filter(|id| IdNumber::parse(id).is_ok());
        let of_number = id.as_deref().and_then(|id| IdNumber::parse(id).ok()).map(|id| PartialDate::from(id.birth()));
        Self {
            name: answered(members::NAME).and_then(|name| Some(name.as_text()?.to_owned())).unwrap_or_default(),
            birth: answered(members::BIRTH_DATE).and_then(|date| date.as_date()).or(of_number),
            id: id.map(|id| id.into_owned().into()),
        }
    }

    /// Whether somebody on file is the same person; of another household only who is known to the day.
    fn is(&self, member: Member<'_>, own: bool) -> Option<By> {
        let id = member.id_number_text().map(|id| id_number::tidy(id)).filter(|id| IdNumber::parse(id).is_ok());
        if let (Some(one), Some(other)) = (&self.id, &id) {
            return (id_number::stem(one) == id_number::stem(other)).then_some(By::Number);
        }
        if self.name.is_empty() || !person_name::is_same(member.name(), &self.name) {
            return None;
        }
        let day = |date: Option<PartialDate>| date.and_then(PartialDate::as_day);
        let same = match (day(self.birth), day(member.birth())) {
            (Some(one), Some(other)) => one == other,
            // Two of one name in one household are one, unless something says otherwise; a dead one may be another.
            _ if own && !life::has_died(member) => match (self.birth, member.birth()) {
                (Some(one), Some(other)) => one.agrees_with(other),
                _ => true,
            },
            _ => false,
        };
        same.then_some(By::Name)
    }
}
