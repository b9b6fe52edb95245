//! What a file says that contradicts itself, the policy or the day: the table of checks, evaluated.
//!
//! A condition runs over a sheet of many files at once ([`sheet`], [`evaluate`]); what no condition can say is a rule of
//! code ([`written`]). What is found is first a spot (which check, where), and becomes a finding with its words only when
//! somebody looks.

mod evaluate;
mod facts;
mod finding;
mod settle;
mod sheet;
mod slots;
pub mod village;
pub mod written;

use crate::checks::{Check, Checks, How, Rows, Severity};
use crate::domain::{HouseholdFile, HouseholdId, Slot};

use super::stale::Stale;
use super::standing::{self, Standing};
use super::{Look, Looked};
use evaluate::{BLOCK, Evaluation};
use village::{Shared, Village};

pub use finding::Finding;
pub use settle::{Reason, Settled, is_called, settled};
pub use sheet::Sheet;
pub use slots::slots;

/// Where a check found something; without words yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    /// The check, by its place in the table.
    pub check: u16,
    /// How bad it is here.
    pub severity: Severity,
    /// The row: a person's id, a counted row, or 0 for the household.
    pub row: u32,
    /// Whose it is.
    pub person: Option<u32>,
    /// The field at which it is mended.
    pub slot: Option<Slot>,
    /// The row's place in the sheet, for what is worked out of it.
    place: u32,
    /// What a rule of code has to say.
    told: Vec<(&'static str, String)>,
    /// What a rule of code found it by, where that is not what it says.
    found_by: Option<String>,
    /// The one other household that it is about.
    elsewhere: Option<HouseholdId>,
}

/// Somebody of another household, as a rule says it; whoever knows the households' heads names it ([`Finding::elsewhere`]).
pub const ELSEWHERE: &str = "另一户的人";

/// A finding in short, as many are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The check, by its place in the table.
    pub check: u16,
    /// How bad it is here.
    pub severity: Severity,
    /// Whether somebody has answered it.
    pub settled: Settled,
}

/// What rules of code look at beside the file.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The file.
    pub looked: Looked<'a>,
    /// Where the household stands.
    pub standing: &'a Standing,
    /// Changes that no change set holds.
    pub unsent: &'a [Stale],
    /// The other households.
    pub village: Option<&'a Village>,
}

impl<'a> Case<'a> {
    /// The other households, where this one may share something of a kind with them.
    fn sharing(self, shared: Shared) -> Option<&'a Village> {
        self.village.filter(|village| village.may_share(self.looked.household.file.id, shared))
    }
}

/// What the conditions of the table find in a sheet: the household's place, and the spot.
pub fn of_sheet(look: Look<'_>, sheet: &Sheet, found: impl FnMut(usize, Spot)) {
    of_sheet_where(look, sheet, |_| true, found);
}

/// The same of some checks only.
fn of_sheet_where(look: Look<'_>, sheet: &Sheet, wanted: impl Fn(&Check) -> bool, mut found: impl FnMut(usize, Spot)) {
    let evaluation = Evaluation::new(look, sheet);
    let holds = |number: usize| !is_silent(look, number);
    for (number, check) in look.checks.all.iter().enumerate().filter(|(at, check)| holds(*at) && wanted(check)) {
        let How::When(condition) = &check.how else { continue };
        let table = sheet.table(check.each);
        for block in 0..table.number.len().div_ceil(BLOCK) {
            let mut yes = evaluation.block(condition, check.each, block).yes;
            while yes != 0 {
                let place = block * BLOCK + yes.trailing_zeros() as usize;
                yes &= yes - 1;
                let person = (check.each == Rows::Person || check.each.of_person())
                    .then(|| table.person[place])
                    .and_then(|person| sheet.table(Rows::Person).number.get(person as usize).copied());
                let spot = Spot {
                    check: number as u16,
                    severity: check.severity,
                    row: table.number[place],
                    person,
                    slot: None,
                    place: place as u32,
                    told: Vec::new(),
                    found_by: None,
                    elsewhere: None,
                };
                found(table.household[place] as usize, spot);
            }
        }
    }
}

/// What the table finds in one file, the rules of code that need no other household included.
pub fn of_file(case: Case<'_>) -> Vec<Spot> {
    let look = case.looked.look;
    let mut spots = Vec::new();
    // Nothing that a closed file says is put right any more; what was due stays due, and rules of code tell it.
    if case.looked.household.closed_on().is_none() {
        sheet::of_one(look, case.looked.household.file, |sheet| of_sheet(look, sheet, |_, spot| spots.push(spot)));
    }
    written::of_file(case, &mut spots);
    spots
}

/// What only the other households and the outgoing changes can tell of one file.
pub fn of_others(case: Case<'_>) -> Vec<Spot> {
    let mut spots = Vec::new();
    written::of_others(case, &mut spots);
    spots
}

/// The findings of a file in short.
pub fn hits(case: Case<'_>) -> Vec<Hit> {
    in_short(case, of_file)
}

/// What only the other households and the outgoing changes tell of a file, in short.
pub fn hits_by_others(case: Case<'_>) -> Vec<Hit> {
    in_short(case, of_others)
}

fn in_short(case: Case<'_>, find: impl Fn(Case<'_>) -> Vec<Spot>) -> Vec<Hit> {
    let look = case.looked.look;
    let file = case.looked.household.file;
    let short = |spot: &Spot| Hit {
        check: spot.check,
        severity: spot.severity,
        settled: settled(look.checks, file, spot, look.day),
    };
    find(case).iter().map(short).collect()
}

/// The findings of a file with their words, the worst first; those of the other households come with the village.
pub fn findings(case: Case<'_>) -> Vec<Finding> {
    findings_of_each(&[case]).pop().unwrap_or_default()
}

/// The findings of several files of one day, each file's by itself; all at once, which takes less time than one by one.
pub fn findings_of_each(cases: &[Case<'_>]) -> Vec<Vec<Finding>> {
    let Some(look) = cases.first().map(|case| case.looked.look) else { return Vec::new() };
    let sheet = Sheet::of(look, cases.iter().map(|case| case.looked.household.file));
    let evaluation = Evaluation::new(look, &sheet);
    let mut spots: Vec<Vec<Spot>> = vec![Vec::new(); cases.len()];
    of_sheet(look, &sheet, |household, spot| spots[household].push(spot));
    let finish = |(case, mut spots): (&Case<'_>, Vec<Spot>)| {
        if case.looked.household.closed_on().is_some() {
            spots.clear();
        }
        written::of_file(*case, &mut spots);
        written::of_others(*case, &mut spots);
        let mut found: Vec<Finding> = spots.into_iter().map(|spot| finding::of(*case, &evaluation, spot)).collect();
        found.sort_by_key(|finding| (finding.settled != Settled::Open, finding.severity, finding.number));
        found
    };
    cases.iter().zip(spots).map(finish).collect()
}

/// Whether a check does not hold where the policy does: another county's document alone lays it down.
fn is_silent(look: Look<'_>, number: usize) -> bool {
    look.policy.bound().silent.get(number).copied().unwrap_or_default()
}

/// The check of a spot or a hit.
pub fn check_of(checks: &Checks, number: u16) -> &Check {
    &checks.all[usize::from(number)]
}

/// What cannot be true in files as they would be, by the household's serial, where none of them said so before: neither
/// the file itself, nor of a person the one that she comes from.
pub fn blocks(look: Look<'_>, files: &[(&HouseholdFile, &HouseholdFile)]) -> Vec<(u32, Finding)> {
    let after: Vec<_> = files.iter().map(|(_, after)| (after.id.serial, blocking(look, after))).collect();
    if after.iter().all(|(_, spots)| spots.is_empty()) {
        return Vec::new();
    }
    let before: Vec<_> = files.iter().map(|(before, _)| (before.id.serial, blocking(look, before))).collect();
    let is_known = |household: u32, spot: &Spot| {
        before.iter().any(|(known, spots)| {
            spots.iter().any(|old| {
                old.check == spot.check
                    && ((*known, old.row) == (household, spot.row)
                        || (old.person.is_some() && old.person == spot.person))
            })
        })
    };
    let mut found = Vec::new();
    for ((household, spots), (_, file)) in after.into_iter().zip(files) {
        let new: Vec<Spot> = spots.into_iter().filter(|spot| !is_known(household, spot)).collect();
        if new.is_empty() {
            continue;
        }
        let standing = standing::of(look, file);
        let case = Case { looked: look.at(file), standing: &standing, unsent: &[], village: None };
        sheet::of_one(look, file, |sheet| {
            let evaluation = Evaluation::new(look, sheet);
            found.extend(new.into_iter().map(|spot| (household, finding::of(case, &evaluation, spot))));
        });
    }
    found
}

/// Where a file says what cannot be true.
fn blocking(look: Look<'_>, file: &HouseholdFile) -> Vec<Spot> {
    let mut spots = Vec::new();
    let is_block = |check: &Check| check.severity == Severity::Block;
    sheet::of_one(look, file, |sheet| of_sheet_where(look, sheet, is_block, |_, spot| spots.push(spot)));
    // No rule of code looks at what the others found, nor at the colour that hangs on it.
    let standing = standing::unchecked(look.at(file));
    let case = Case { looked: look.at(file), standing: &standing, unsent: &[], village: None };
    written::of_file_where(case, is_block, &mut spots);
    spots
}

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;
