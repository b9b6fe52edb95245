//! A finding with its words: where it is, what is wrong, which facts say so, what is to be done.

use std::borrow::Cow;

use crate::catalogue::SectionKind;
use crate::checks::{Check, Number, Piece, Rows, Severity, Unit, Whom};
use crate::domain::{HouseholdId, Money, Name, Quantity, RiskState, Slot};

use super::evaluate::Evaluation;
use super::settle::{self, Reason, Settled};
use super::{Case, Spot, check_of};

/// One finding of one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check's id.
    pub check: Name,
    /// The check, by its place in the table.
    pub number: u16,
    /// Our code, or the national one for this kind of household.
    pub code: Name,
    /// The national codes under which the county sends it back.
    pub national: Vec<Name>,
    /// How bad it is.
    pub severity: Severity,
    /// Whose it is.
    pub person: Option<u32>,
    /// The row within its section; 0 for the household.
    pub row: u32,
    /// The field at which it is mended.
    pub slot: Option<Slot>,
    /// What is wrong, with the facts that say so.
    pub message: String,
    /// Where the rule comes from.
    pub source: Box<str>,
    /// What is to be done.
    pub remedy: Box<str>,
    /// Where within the household it is, and by which facts: what an answer holds on to.
    pub of: String,
    /// A digest of those facts.
    pub facts: String,
    /// Whether somebody has answered it.
    pub settled: Settled,
    /// The reason that was given.
    pub reason: Option<Reason>,
    /// The one other household that it is about.
    pub elsewhere: Option<HouseholdId>,
}

impl Finding {
    /// Where it is mended, as `section.field`, or the section where it is more than one field.
    pub fn path(&self) -> Option<String> {
        let slot = self.slot?;
        let section = slot.section;
        Some(if slot.field == "" { section.to_string() } else { format!("{section}.{}", slot.field) })
    }

    /// How it stands, in a word: how bad it is, or that somebody has answered it.
    pub fn state(&self) -> &'static str {
        match self.settled {
            Settled::Open => self.severity.label(),
            Settled::Answered => "已答复",
            Settled::Exempt => "豁免",
        }
    }
}

/// The finding of a spot.
pub(super) fn of(case: Case<'_>, evaluation: &Evaluation<'_>, spot: Spot) -> Finding {
    let look = case.looked.look;
    let file = case.looked.household.file;
    let check = check_of(look.checks, spot.check);
    let national = national(check, case);
    let reason = settle::reason(look.checks, file, &spot, look.day);
    let id = check.id;
    Finding {
        check: id,
        number: spot.check,
        code: check.code.or_else(|| national.first().copied()).unwrap_or(id),
        national,
        severity: spot.severity,
        person: spot.person,
        row: spot.row,
        slot: spot.slot.or_else(|| slot(case, check, &spot)),
        message: message(case, evaluation, check, &spot),
        source: check.source.clone(),
        remedy: check.remedy.clone(),
        of: settle::place(&spot),
        facts: settle::facts(check, file, &spot),
        settled: reason.as_ref().map_or(Settled::Open, |reason| reason.how),
        reason,
        elsewhere: spot.elsewhere,
    }
}

/// The codes by which the county knows it: those of the most particular kind that the household is.
fn national(check: &Check, case: Case<'_>) -> Vec<Name> {
    let kinds = [Whom::O, Whom::E, Whom::T, Whom::R];
    let codes = kinds.into_iter().filter(|whom| is(*whom, case)).map(|whom| check.codes_of(whom));
    codes.into_iter().find(|codes| !codes.is_empty()).unwrap_or_default().to_vec()
}

/// Whether a check is about this kind of household.
pub(super) fn is_about(check: &Check, case: Case<'_>) -> bool {
    check.whom.is_empty() || check.whom.iter().any(|whom| is(*whom, case))
}

fn is(whom: Whom, case: Case<'_>) -> bool {
    let household = case.looked.household;
    let risk = household.risk_state();
    match whom {
        Whom::O => risk == Some(RiskState::Open),
        Whom::E => risk.is_some_and(|risk| risk != RiskState::Open),
        Whom::T => household.target().is_some(),
        Whom::R => household.relieved() == Some(true),
        Whom::P => household.may_have_policies() == Some(true),
        Whom::N => household.target().is_none() && household.relieved() == Some(false),
    }
}

/// The field at which a spot is mended.
fn slot(case: Case<'_>, check: &Check, spot: &Spot) -> Option<Slot> {
    let (section, field) = check.at?;
    let file = case.looked.household.file;
    let row = match case.looked.look.catalogue.section(section)?.kind {
        SectionKind::Household => 0,
        SectionKind::Person => spot.person.or_else(|| {
            let head = case.looked.household.head().or_else(|| case.looked.household.members().next());
            head.map(|member| member.id.0)
        })?,
        SectionKind::Rows if check.each.section() == Some(section) => spot.row,
        SectionKind::Rows => file.rows(section).next().map_or(1, |(number, _)| number),
    };
    Some(Slot { section, row, field })
}

fn message(case: Case<'_>, evaluation: &Evaluation<'_>, check: &Check, spot: &Spot) -> String {
    let household = case.looked.household;
    let name = spot.person.and_then(|id| household.everyone().find(|member| member.id.0 == id));
    let mut message = name.map_or_else(String::new, |member| format!("{}：", member.name()));
    for piece in &check.says.pieces {
        match piece {
            Piece::Words(words) => message.push_str(words),
            Piece::Figure(figure) => {
                let look = case.looked.look;
                let known = look.checks.figures.get(*figure).and_then(|name| look.policy.figure(*name));
                message.push_str(&known.map_or_else(|| "？".to_owned(), |figure| figure.to_string()));
            }
            Piece::Field(section, field) => message.push_str(&held(case, check, spot, *section, *field)),
            Piece::Number(number, unit) => message.push_str(&worked_out(evaluation, check, spot, number, *unit)),
            Piece::Told(word) => {
                let told = spot.told.iter().find(|(name, _)| *name == &**word);
                message.push_str(told.map_or("？", |(_, words)| words));
            }
        }
    }
    message
}

/// What the file holds, masked where it says who somebody is.
fn held(case: Case<'_>, check: &Check, spot: &Spot, section: Name, field: Name) -> String {
    let catalogue = case.looked.look.catalogue;
    let file = case.looked.household.file;
    let row = match catalogue.section(section).map(|section| section.kind) {
        Some(SectionKind::Household) => 0,
        Some(SectionKind::Person) => spot.person.unwrap_or(0),
        _ if check.each.section() == Some(section) => spot.row,
        _ => file.rows(section).next().map_or(0, |(number, _)| number),
    };
    let typed = file.get(Slot { section, row, field }).map(Cow::Borrowed);
    let reckoned = || case.looked.household.shown(section, field).filter(|_| row == 0).map(|(value, _)| value);
    match (catalogue.field(section, field), typed.or_else(reckoned)) {
        (Some(definition), Some(value)) => catalogue.show_masked(definition, &value),
        _ => "（未填）".to_owned(),
    }
}

fn worked_out(evaluation: &Evaluation<'_>, check: &Check, spot: &Spot, number: &Number, unit: Unit) -> String {
    let rows: Rows = check.each;
    let text = |value: i64| if unit == Unit::Money { Money(value).to_string() } else { Quantity(value).to_string() };
    match evaluation.of_row(number, rows, spot.place as usize) {
        Some((least, most)) if least == most => text(least),
        // Full years of a birth date that is known to the month or the year are one of two.
        Some((least, most)) => format!("{}至{}", text(least), text(most)),
        None => "？".to_owned(),
    }
}
