//! In time (S0:103): what is stale, late, not visited, not screened, or not on the wall.

use std::fmt::Display;

use chrono::{Datelike, NaiveDate};

use crate::checks::Severity;
use crate::domain::field::{card, status};
use crate::domain::{Month, Slot};

use super::super::super::due;
use super::super::super::stale::Stale;
use super::super::super::standing::Progress;
use super::super::Case;
use super::Told;

fn of_stale(stale: &Stale) -> Told {
    let days = stale.days.to_string();
    let section = stale.section;
    Told {
        // The section as a whole: its first field is found where it is shown.
        slot: Some(Slot { section, row: 0, field: crate::domain::Name::fixed("") }),
        severity: Some(if stale.is_error { Severity::Error } else { Severity::Warn }),
        words: vec![("why", stale.why.clone()), ("days", days)],
        found_by: Some(format!("{section} {:?} {:?}", stale.confirmed_on, stale.changed_on)),
        ..Told::default()
    }
}

fn each(all: &[Stale], code: &str, tell: &mut dyn FnMut(Told)) {
    all.iter().filter(|stale| stale.code == code).for_each(|stale| tell(of_stale(stale)));
}

/// C501: a change that is not in the file within a month.
pub(super) fn late_change(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    each(&case.standing.stale, "C501", tell);
}

/// C502: a section that nobody has confirmed for a month.
pub(super) fn stale_section(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    each(&case.standing.stale, "C502", tell);
}

/// C503: a change that no change set holds, near or past its month.
pub(super) fn not_handed_over(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    each(case.unsent, "C503", tell);
}

/// C504: the month's visit is missing; once its day has passed that counts.
pub(super) fn visit_missing(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (standing, look) = (case.standing, case.looked.look);
    if !standing.due || standing.visited_on.is_some() {
        return;
    }
    let Some(by_day) = look.policy.visit.by_day else { return };
    let month = Month::of(look.day);
    let file = case.looked.household.file;
    let split_off = file.of_household(status::SECTION, status::SPLIT_FROM).is_some();
    // Nobody could visit a household by that day which split off after it.
    let by = match split_off && !due::could_be_visited(look.policy, file, month) {
        true => month.last_day(),
        false => month.day(by_day),
    };
    dated(by, look.day, month, tell);
}

/// C505: the round's screening form is missing.
pub(super) fn screening_missing(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    of_round(case, case.standing.screening, tell);
}

/// C508: a household of a key group without the round's verification form.
pub(super) fn verification_missing(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    of_round(case, case.standing.verification, tell);
}

fn of_round(case: Case<'_>, progress: Progress, tell: &mut dyn FnMut(Told)) {
    let look = case.looked.look;
    let Some(round) = look.policy.round_on(look.day) else { return };
    if progress == Progress::Open {
        let mut told = Told::default();
        dated(round.days.1, look.day, round.id, &mut |dated| told = dated);
        told.words.push(("round", round.label.to_string()));
        tell(told);
    }
}

/// C507: the status card is not this year's.
pub(super) fn card(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let look = case.looked.look;
    let Some(by) = look.policy.card_by() else { return };
    if case.standing.card == Progress::Open {
        let slot = Some(Slot { section: card::SECTION, row: 0, field: card::YEAR });
        let words = vec![("year", by.year().to_string()), ("days", days(by, look.day))];
        tell(Told { slot, words, found_by: Some(by.year().to_string()), ..Told::default() });
    }
}

/// Something that is wanted by a day: a warning until then, an error after.
fn dated(by: NaiveDate, day: NaiveDate, of: impl Display, tell: &mut dyn FnMut(Told)) {
    let severity = Some(if day > by { Severity::Error } else { Severity::Warn });
    tell(Told { severity, words: vec![("days", days(by, day))], found_by: Some(of.to_string()), ..Told::default() });
}

fn days(by: NaiveDate, day: NaiveDate) -> String {
    match (day - by).num_days() {
        over @ 1.. => format!("过期{over}天"),
        0 => "今天到期".to_owned(),
        left => format!("还有{}天", -left),
    }
}
