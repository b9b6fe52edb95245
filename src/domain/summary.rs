//! What a list and a search need of a file, so that 120,000 households can be listed without reading 120,000 files.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::field::address;
use super::file::HouseholdFile;
use super::household::{Class, Household, RiskState, TargetClass};
use super::ids::HouseholdId;
use super::income::Shown;
use super::money::Money;
use super::name::Name;
use super::value::Value;

/// A file in short. It is derived from the file alone, and never from the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Whose file.
    pub id: HouseholdId,
    /// 户编号, where there is one.
    pub national_number: Option<Box<str>>,
    /// The head's name; where there is no head or more than one, the first member's.
    pub head: Box<str>,
    /// Whether `head` really is the one head.
    pub has_head: bool,
    /// The group or natural village.
    pub group: Option<Box<str>>,
    /// The house number.
    pub house_number: Option<Box<str>>,
    /// The household's phone.
    pub phone: Option<Box<str>>,
    /// 户类型, where known.
    pub class: Option<Class>,
    /// 监测对象类别, where it is one.
    pub target: Option<TargetClass>,
    /// Where the target's risk stands.
    pub risk: Option<RiskState>,
    /// Per-person net income last year, as it is shown.
    pub per_person: Option<Shown>,
    /// By what the household counts against the lines ([`Income::reckoned`](super::Income::reckoned)).
    pub reckoned: Option<Money>,
    /// How many members there are today.
    pub people: u16,
    /// Whether the file is closed.
    pub closed: bool,
    /// The local day on which the file was opened.
    pub taken_in: NaiveDate,
    /// Everybody who was ever a member.
    pub everyone: Vec<PersonSummary>,
    /// The rosters that ever held the household, each with the digest of what it last said.
    pub rosters: Vec<(Name, u64)>,
}

/// A person in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonSummary {
    /// The person.
    pub id: u32,
    /// The name.
    pub name: Box<str>,
    /// 人编号, where there is one.
    pub national_number: Option<Box<str>>,
    /// The ID number as it stands.
    pub id_number: Option<Box<str>>,
    /// The phone number.
    pub phone: Option<Box<str>>,
    /// Whether the person has left.
    pub left: bool,
}

impl Summary {
    /// Reads a file.
    pub fn of(file: &HouseholdFile) -> Self {
        let household = Household::of(file);
        let head = household.head();
        let income = household.income();
        let text = |field| file.of_household(address::SECTION, field).and_then(Value::as_text).map(Into::into);
        Self {
            id: file.id,
            national_number: household.national_number().map(Into::into),
            head: head.or_else(|| household.members().next()).map_or("", |member| member.name()).into(),
            has_head: head.is_some(),
            group: household.group().map(Into::into),
            house_number: text(address::HOUSE_NUMBER),
            phone: text(address::PHONE),
            class: household.class(),
            target: household.target(),
            risk: household.risk_state(),
            per_person: income.per_person(),
            reckoned: income.reckoned,
            people: income.people.try_into().unwrap_or(u16::MAX),
            closed: household.closed_on().is_some(),
            taken_in: file.taken_in,
            everyone: household
                .everyone()
                .map(|member| PersonSummary {
                    id: member.id.0,
                    name: member.name().into(),
                    national_number: member.national_number().map(Into::into),
                    id_number: member.id_number_text().map(Into::into),
                    phone: member.phone().map(Into::into),
                    left: member.has_left(),
                })
                .collect(),
            rosters: file.rosters.iter().map(|seen| (seen.kind, seen.digest)).collect(),
        }
    }

    /// The number by which the household is called outside.
    pub fn number(&self) -> String {
        self.national_number.as_deref().map_or_else(|| self.id.local_number(), str::to_owned)
    }
}
