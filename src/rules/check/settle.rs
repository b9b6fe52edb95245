//! Answers and exemptions: a finding that somebody has given a reason for, as long as the facts are the same.

use std::hash::Hasher;

use chrono::NaiveDate;

use crate::checks::{Check, Checks, HouseholdFact, Rows, Severity};
use crate::domain::field::{answers, exemptions, income};
use crate::domain::{Digest, HouseholdFile, Income, Money, Name, PartialDate, Row, Value};

use super::facts::of_income as facts_of_income;
use super::{Spot, check_of};

/// Whether somebody has given a reason for a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Nobody has.
    Open,
    /// Answered with a reason, and the facts are still the same.
    Answered,
    /// Exempt until a day.
    Exempt,
}

/// The reason that was given for a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// How it is settled.
    pub how: Settled,
    /// The reason.
    pub why: Box<str>,
    /// Who gave it.
    pub by: Box<str>,
    /// When.
    pub on: Option<PartialDate>,
    /// Until when an exemption holds.
    pub until: Option<PartialDate>,
    /// The row of the answer or the exemption in its section.
    pub row: u32,
}

/// Whether somebody has given a reason for what a spot found.
pub fn settled(checks: &Checks, file: &HouseholdFile, spot: &Spot, day: NaiveDate) -> Settled {
    reason(checks, file, spot, day).map_or(Settled::Open, |reason| reason.how)
}

/// The reason that somebody has given for what a spot found.
pub(super) fn reason(checks: &Checks, file: &HouseholdFile, spot: &Spot, day: NaiveDate) -> Option<Reason> {
    if !file.sections.contains_key(&answers::SECTION) && !file.sections.contains_key(&exemptions::SECTION) {
        return None;
    }
    let check = check_of(checks, spot.check);
    exempt(check, file, spot, day).or_else(|| answered(check, file, spot))
}

fn exempt(check: &Check, file: &HouseholdFile, spot: &Spot, day: NaiveDate) -> Option<Reason> {
    // One code may name several checks, of which some find what cannot be true.
    if spot.severity == Severity::Block {
        return None;
    }
    let text = |row: &Row, field| row.get(field).and_then(Value::as_text).map(Box::<str>::from);
    let (number, row) = file.rows(exemptions::SECTION).find(|(_, row)| {
        let until = row.get(exemptions::UNTIL).and_then(Value::as_date);
        let named = row.get(exemptions::CHECK).and_then(Value::as_text).is_some_and(|code| is_called(check, code));
        let whose = person(row, exemptions::PERSON);
        // Without an end it would never end, and an exemption does.
        named && until.is_some_and(|until| day <= until.latest()) && (whose.is_none() || whose == spot.person)
    })?;
    Some(Reason {
        how: Settled::Exempt,
        why: text(row, exemptions::REASON).unwrap_or_default(),
        by: text(row, exemptions::BY).unwrap_or_default(),
        on: row.get(exemptions::ON).and_then(Value::as_date),
        until: row.get(exemptions::UNTIL).and_then(Value::as_date),
        row: number,
    })
}

fn answered(check: &Check, file: &HouseholdFile, spot: &Spot) -> Option<Reason> {
    let text = |row: &Row, field| row.get(field).and_then(Value::as_text).map(Box::<str>::from);
    let of_spot = |row: &Row| {
        row.get(answers::CHECK).and_then(Value::as_text) == Some(check.id.as_str())
            && row.get(answers::OF).and_then(Value::as_text) == Some(&*place(spot))
    };
    file.rows(answers::SECTION).find(|(_, row)| of_spot(row))?;
    // Two may be found at one place, each by facts of its own.
    let facts = facts(check, file, spot);
    let of_facts = |row: &Row| row.get(answers::FACTS).and_then(Value::as_text) == Some(&*facts);
    let (number, row) = file.rows(answers::SECTION).rfind(|(_, row)| of_spot(row) && of_facts(row))?;
    Some(Reason {
        how: Settled::Answered,
        why: text(row, answers::REASON).unwrap_or_default(),
        by: text(row, answers::BY).unwrap_or_default(),
        on: row.get(answers::ON).and_then(Value::as_date),
        until: None,
        row: number,
    })
}

/// Whether a check is called so: by its id, our code or a national one.
pub fn is_called(check: &Check, code: &str) -> bool {
    check.id == code
        || check.code.is_some_and(|own| own == code)
        || check.national.iter().flat_map(|(_, codes)| codes).any(|national| *national == code)
}

fn person(row: &Row, field: Name) -> Option<u32> {
    row.get(field)?.as_quantity()?.as_whole()?.try_into().ok()
}

/// Where within the household a spot is, in a word that stays the same.
pub(super) fn place(spot: &Spot) -> String {
    let section = spot.slot.filter(|_| !spot.told.is_empty()).map_or("", |slot| slot.section.as_str());
    format!("{}.{}{section}", spot.person.unwrap_or(0), spot.row)
}

/// What a check reckons of the income, where that is not simply what was typed: an answer holds as long as the figure.
fn reckoned(check: &Check, file: &HouseholdFile, mut add: impl FnMut(i64)) {
    let of_income = HouseholdFact::Net as usize..=HouseholdFact::OfOthers as usize;
    if !check.reckons.iter().any(|fact| of_income.contains(fact)) {
        return;
    }
    let income = Income::of(file);
    let typed = |money: Option<Money>| money.map(|money| money.0);
    let net = file.of_household(income::SECTION, income::NET).and_then(Value::as_money);
    let says_people = file.of_household(income::SECTION, income::PEOPLE).is_some();
    for (fact, value) in
        facts_of_income(income).into_iter().filter(|(fact, _)| check.reckons.contains(&(*fact as usize)))
    {
        let is_new = match fact {
            HouseholdFact::Sum => false,
            HouseholdFact::Net => Some(value) != typed(net),
            HouseholdFact::Counted | HouseholdFact::ByCounted => says_people,
            _ => Some(value) != typed(income.typed),
        };
        if is_new {
            add(value);
        }
    }
    if check.reckons.contains(&(HouseholdFact::OfOthers as usize)) {
        add(i64::from(income.people));
    }
}

/// The facts that a spot was found by, as a digest: an answer holds as long as it stays the same.
pub(super) fn facts(check: &Check, file: &HouseholdFile, spot: &Spot) -> String {
    let mut digest = Digest::default();
    let mut add = |row: &Row, field: Name| {
        let text = row.get(field).and_then(|value| serde_json::to_string(value).ok()).unwrap_or_default();
        digest.add(text.as_bytes());
    };
    let own_section = check.each.section();
    for (section, field) in &check.reads.fields {
        let of_row = match own_section {
            Some(own) if own == *section => Some(spot.row),
            _ if check.each != Rows::Household && file.row(*section, 0).is_none() => spot.person,
            _ => None,
        };
        let rows = file.rows(*section).filter(|(number, _)| of_row.is_none_or(|of| of == *number));
        rows.for_each(|(_, row)| add(row, *field));
    }
    reckoned(check, file, |value| digest.add(&value.to_le_bytes()));
    match &spot.found_by {
        Some(found_by) => digest.add(found_by.as_bytes()),
        None => spot.told.iter().for_each(|(name, words)| {
            digest.add(name.as_bytes());
            digest.add(words.as_bytes());
        }),
    }
    if let Some(slot) = spot.slot {
        let text = file.get(slot).and_then(|value| serde_json::to_string(value).ok()).unwrap_or_default();
        digest.add(text.as_bytes());
    }
    format!("{:016x}", digest.finish())
}
