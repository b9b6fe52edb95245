//! Who is entered twice: what an act would add to a village in which the same number, or the same child, is there already.

use crate::changes::{Act, FieldChange};
use crate::domain::field::{address, members};
use crate::domain::{
    Household, HouseholdFile, HouseholdId, IdNumber, Member, Name, PartialDate, PersonSummary, Slot, Summary, Value,
    id_number, person_name,
};
use crate::forms::reading::Fault;

use super::open::Workspace;

/// Somebody whom an act adds to a household.
struct Newcomer<'a> {
    row: u32,
    name: &'a str,
    birth: Option<PartialDate>,
    id_number: Option<IdNumber>,
}

impl Workspace {
    /// Refuses an act that would bring a person or a number into the village a second time.
    pub(super) fn is_told_apart(&self, file: &HouseholdFile, act: Act) -> Result<Act, Vec<Fault>> {
        let mut faults = Vec::new();
        for newcomer in newcomers(&act, file) {
            faults.extend(self.fault_of_newcomer(file, &newcomer));
        }
        for change in &act.changes {
            faults.extend(self.fault_of_number(file.id, change));
        }
        if faults.is_empty() { Ok(act) } else { Err(faults) }
    }

    fn fault_of_newcomer(&self, file: &HouseholdFile, newcomer: &Newcomer<'_>) -> Option<Fault> {
        let id = file.id;
        let household = Household::of(file);
        let is_same = |member: &Member<'_>| {
            member.id.0 != newcomer.row
                && person_name::is_same(member.name(), newcomer.name)
                && is_same_birth(*member, newcomer)
        };
        let may_be_two = self.definitions.catalogue.names().is_unnamed(newcomer.name);
        if let Some(member) = household.members().find(is_same).filter(|_| !may_be_two) {
            let born = member.birth().map_or_else(String::new, |birth| format!("（{birth}出生）"));
            let why = format!(
                "本户已有{}{born}，同名同生日是同一个人，不能再登记一次（双胞胎请写各自的姓名）",
                member.name()
            );
            return Some(Fault::at("name", why));
        }
        let number = newcomer.id_number.as_ref()?;
        let village = self.households.iter().filter(|summary| summary.id.village == id.village && !summary.closed);
        let (summary, name) =
            village.into_iter().find_map(|summary| Some((summary, holder(summary, number, newcomer.row)?)))?;
        let why = if summary.id == id {
            format!("证件号码与本户的{name}相同，是同一个人，不能再登记一次")
        } else {
            format!(
                "证件号码与户 {} 的{name}相同；是同一个人就在那一户登记“户间迁移”，不是就核对号码",
                summary.number()
            )
        };
        Some(Fault::at("id_number", why))
    }

    /// A 户编号 or 人编号 that somebody else has.
    fn fault_of_number(&self, id: HouseholdId, change: &FieldChange) -> Option<Fault> {
        let number = change.new.as_ref().and_then(Value::as_text)?;
        let slot = change.slot;
        let id = HouseholdId { serial: change.household, ..id };
        if (slot.section, slot.field) == (address::SECTION, address::NATIONAL_NUMBER) {
            let other = self.households.numbered(number).filter(|other| *other != id)?;
            let head = self.households.get(other).map_or("", |summary| &summary.head);
            return Some(Fault::at("national_number", format!("户编号 {number} 已是另一户（户主{head}）的")));
        }
        if (slot.section, slot.field) == (members::SECTION, members::PERSON_NUMBER) {
            let others = self.households.iter().filter(|summary| summary.id.village == id.village);
            let everyone = others.flat_map(|summary| summary.everyone.iter().map(move |person| (summary, person)));
            let is_it =
                |person: &PersonSummary| person.id != slot.row && person.national_number.as_deref() == Some(number);
            let (summary, person) = everyone.into_iter().find(|(_, person)| is_it(person))?;
            let why = format!("人编号 {number} 已是户 {} 的{}的", summary.number(), person.name);
            return Some(Fault::at("person_number", why));
        }
        None
    }
}

/// Whether the two were born on one day that is known, and no ID number says that they are two.
fn is_same_birth(member: Member<'_>, newcomer: &Newcomer<'_>) -> bool {
    let differ = match (member.id_number(), &newcomer.id_number) {
        (Some(one), Some(other)) => id_number::stem(one.as_str()) != id_number::stem(other.as_str()),
        _ => false,
    };
    let day = newcomer.birth.and_then(|birth| birth.as_day());
    !differ && day.is_some() && day == member.birth().and_then(|birth| birth.as_day())
}

/// The name of whoever is in a household with an ID number.
fn holder<'a>(summary: &'a Summary, number: &IdNumber, but: u32) -> Option<&'a str> {
    let stem = id_number::stem(number.as_str());
    let mut here = summary.everyone.iter().filter(|person| !person.left && person.id != but);
    let is_it = |text: &str| id_number::stem(&id_number::tidy(text)) == stem;
    let person = here.find(|person| person.id_number.as_deref().is_some_and(is_it))?;
    Some(&person.name)
}

/// The people whose names an act gives to rows that no file of it had, unless they come from another file of it.
fn newcomers<'a>(act: &'a Act, file: &HouseholdFile) -> Vec<Newcomer<'a>> {
    let of = |household: u32, row: u32, field: Name| {
        let slot = Slot { section: members::SECTION, row, field };
        act.changes.iter().rev().find(|change| (change.household, change.slot) == (household, slot))
    };
    let names = act.changes.iter().filter(|change| {
        (change.slot.section, change.slot.field) == (members::SECTION, members::NAME) && change.old.is_none()
    });
    let is_new = |change: &&FieldChange| {
        let comes_along = act.changes.iter().any(|other| {
            other.household != change.household
                && other.slot.row == change.slot.row
                && other.slot.section == members::SECTION
        });
        change.household == file.id.serial && file.row(members::SECTION, change.slot.row).is_none() && !comes_along
    };
    names
        .filter(is_new)
        .filter_map(|change| {
            let (household, row) = (change.household, change.slot.row);
            let new = |field| of(household, row, field).and_then(|change| change.new.as_ref());
            let number = new(members::ID_NUMBER).and_then(Value::as_text);
            let id_number = number.and_then(|number| IdNumber::parse(number).ok());
            let in_number = id_number.as_ref().map(|number| PartialDate::from(number.birth()));
            Some(Newcomer {
                row,
                name: change.new.as_ref()?.as_text()?,
                birth: new(members::BIRTH_DATE).and_then(Value::as_date).or(in_number),
                id_number,
            })
        })
        .collect()
}
