//! The checks that no condition can say, each a function under the name by which the table calls it.

mod clocks;
mod exemptions;
mod income;
mod listed;
mod loans;
mod measures;
pub(super) mod phones;
mod said;
mod same_person;
mod standing;
mod village;

use crate::checks::{Check, How, Severity};
use crate::domain::{HouseholdId, Name, Slot};

use super::{Case, Spot};

/// What a rule found: where, how bad if not as the table says, and the words for its message.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Whose it is.
    pub person: Option<u32>,
    /// The field at which it is mended, where it is not the one that the table names.
    pub slot: Option<Slot>,
    /// How bad it is, where that depends.
    pub severity: Option<Severity>,
    /// The words, by the names that the message uses.
    pub words: Vec<(&'static str, String)>,
    /// What an answer holds on to, where the words are not it: days grow by themselves, and another month's visit is
    /// another one.
    pub found_by: Option<String>,
    /// The one other household that it is about.
    pub elsewhere: Option<HouseholdId>,
}

/// A rule: it tells what it finds.
type Rule = fn(Case<'_>, &mut dyn FnMut(Told));

/// Rules that look at one file.
const OF_FILE: &[(&str, Rule)] = &[
    ("late_change", standing::late_change),
    ("stale_section", standing::stale_section),
    ("visit_missing", standing::visit_missing),
    ("screening_missing", standing::screening_missing),
    ("verification_missing", standing::verification_missing),
    ("card", standing::card),
    ("clock", clocks::clock),
    ("loan_clock", clocks::loan),
    ("stage_order", clocks::stage_order),
    ("stage_field", clocks::stage_field),
    ("same_phone_at_home", phones::same_at_home),
    ("not_renewed", measures::not_renewed),
    ("no_paper", measures::no_paper),
    ("told_otherwise", income::told_otherwise),
    ("form_sums", income::form_sums),
    ("months_not_yet_worked", income::months_not_yet_worked),
    ("loans_over_most", loans::loans_over_most),
    ("exemption_ends", exemptions::ends),
    ("not_agreed", said::not_agreed),
    ("form_problem", said::form_problem),
    ("unsigned", said::unsigned),
    ("told_another_id", same_person::told_another_id),
    ("same_name_at_home", same_person::same_name_at_home),
    ("not_listed", listed::not_listed),
];

/// Rules that look at the other households, or at what has not gone out.
const OF_OTHERS: &[(&str, Rule)] = &[
    ("not_handed_over", standing::not_handed_over),
    ("same_id_number", village::same_id_number),
    ("same_name_and_birth", same_person::same_name_and_birth),
    ("same_phone_in_village", phones::same_in_village),
    ("helper_over_cap", village::helper_over_cap),
    ("same_post", village::same_post),
    ("too_many_forms", village::too_many_forms),
];

/// Whether there is a rule of this name.
pub fn is_known(rule: Name) -> bool {
    OF_FILE.iter().chain(OF_OTHERS).any(|(name, _)| rule == *name)
}

pub(super) fn of_file(case: Case<'_>, spots: &mut Vec<Spot>) {
    run(OF_FILE, case, |_| true, spots);
}

/// The same of some checks only.
pub(super) fn of_file_where(case: Case<'_>, wanted: impl Fn(&Check) -> bool, spots: &mut Vec<Spot>) {
    run(OF_FILE, case, wanted, spots);
}

pub(super) fn of_others(case: Case<'_>, spots: &mut Vec<Spot>) {
    run(OF_OTHERS, case, |_| true, spots);
}

fn run(rules: &[(&str, Rule)], case: Case<'_>, wanted: impl Fn(&Check) -> bool, spots: &mut Vec<Spot>) {
    let is_closed = case.looked.household.closed_on().is_some();
    let wanted = |check: &Check| (check.closed || !is_closed) && wanted(check);
    let look = case.looked.look;
    for (number, check) in look.checks.written().filter(|(_, check)| wanted(check)) {
        let How::Rule(name) = check.how else { continue };
        if super::is_silent(look, usize::from(number)) {
            continue;
        }
        let Some((_, rule)) = rules.iter().find(|(known, _)| name == *known) else { continue };
        if !super::finding::is_about(check, case) {
            continue;
        }
        rule(case, &mut |told| {
            spots.push(Spot {
                check: number,
                severity: told.severity.unwrap_or(check.severity),
                row: told.slot.map(|slot| slot.row).or(told.person).unwrap_or(0),
                person: told.person,
                slot: told.slot,
                place: 0,
                told: told.words,
                found_by: told.found_by,
                elsewhere: told.elsewhere,
            });
        });
    }
}

#[cfg(test)]
mod testing {
    use super::super::super::standing;
    use super::super::super::testing::Defs;
    use super::super::{Case, of_file};
    use crate::domain::{HouseholdFile, Name};

    /// The rows in which a check finds something in the file of 2022-11-20.
    pub fn rows_of(defs: &Defs, check: &str, file: &HouseholdFile) -> Vec<u32> {
        let look = defs.on("2022-11-20");
        let standing = standing::of(look, file);
        let case = Case { looked: look.at(file), standing: &standing, unsent: &[], village: None };
        let (number, _) = defs.checks.named(Name::new(check)).unwrap();
        of_file(case).into_iter().filter(|spot| usize::from(spot.check) == number).map(|spot| spot.row).collect()
    }

    /// The same of a file with these fields.
    pub fn rows(check: &str, fields: &str) -> Vec<u32> {
        let defs = Defs::shipped();
        rows_of(&defs, check, &defs.file(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Defs;
    use super::*;

    #[test]
    fn every_rule_that_the_table_calls_is_there() {
        let defs = Defs::shipped();
        for (_, check) in defs.checks.written() {
            assert!(matches!(check.how, How::Rule(name) if is_known(name)), "{}", check.id);
        }
    }
}
