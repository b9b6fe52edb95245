//! C506, C605: clocks that an event starts, near or past without a reason, and stages of a case out of order.

use crate::checks::Severity;
use crate::domain::field::{case, loans, stages};
use crate::domain::{Name, Slot, Value};

use super::super::super::clocks::{ClockStanding, ClockState, order, unsaid};
use super::super::Case;
use super::Told;

/// C506: a clock that is near, past without a reason, or that something was done too early for.
pub(super) fn clock(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    for state in case.standing.clocks.iter().filter(|state| state.code == "C506") {
        let severity = match state.standing {
            ClockStanding::Near => Severity::Warn,
            ClockStanding::Past | ClockStanding::Late if state.reason.is_none() => Severity::Error,
            ClockStanding::TooEarly => Severity::Error,
            _ => continue,
        };
        tell(of_clock(state, severity));
    }
}

/// C605: a loan that is due soon, or is over its day and not repaid; what was repaid late is over.
pub(super) fn loan(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    for state in case.standing.clocks.iter().filter(|state| state.code == "C605") {
        let severity = match state.standing {
            ClockStanding::Near => Severity::Warn,
            ClockStanding::Past => Severity::Error,
            _ => continue,
        };
        let person =
            case.looked.household.file.get(Slot { section: state.section, row: state.row, field: loans::PERSON });
        let person = person.and_then(Value::as_quantity).and_then(|id| id.as_whole()?.try_into().ok());
        tell(Told { person, ..of_clock(state, severity) });
    }
}

fn of_clock(state: &ClockState, severity: Severity) -> Told {
    Told {
        slot: Some(Slot { section: state.section, row: state.row, field: Name::fixed("") }),
        severity: Some(severity),
        words: vec![("clock", state.clock.to_string()), ("why", state.why.clone())],
        found_by: Some(format!("{} {}", state.clock, state.started.map_or(String::new(), |on| on.to_string()))),
        ..Told::default()
    }
}

/// A stage of a case that is dated before the one it follows, or skipped without a reason.
pub(super) fn stage_order(of: Case<'_>, tell: &mut dyn FnMut(Told)) {
    for disorder in order::of(of.looked) {
        let slot = match disorder.row {
            Some(row) => Slot { section: stages::SECTION, row, field: Name::fixed("") },
            None => Slot { section: case::SECTION, row: 0, field: Name::fixed("") },
        };
        let words = vec![("stage", disorder.stage.to_string()), ("why", disorder.why)];
        let on = of.looked.household.file.get(Slot { field: stages::ON, ..slot });
        let found_by = Some(format!("{} {on:?}", disorder.stage));
        tell(Told { slot: Some(slot), words, found_by, ..Told::default() });
    }
}

/// A stage of a case that the case's own fields do not tell of.
pub(super) fn stage_field(of: Case<'_>, tell: &mut dyn FnMut(Told)) {
    for unsaid in unsaid::of(of.looked) {
        let found_by = Some(format!("{} {}", unsaid.stage, unsaid.slot.field));
        tell(Told { slot: Some(unsaid.slot), words: vec![("why", unsaid.why)], found_by, ..Told::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::standing;
    use super::super::super::super::testing::Defs;
    use super::*;

    fn told(fields: &str, day: &str) -> Vec<(Option<Severity>, String)> {
        let defs = Defs::shipped();
        let file = defs.file(fields);
        let look = defs.on(day);
        let standing = standing::of(look, &file);
        let mut all = Vec::new();
        let mut tell = |told: Told| all.push((told.severity, told.words[1].1.clone()));
        let case = Case { looked: look.at(&file), standing: &standing, unsent: &[], village: None };
        clock(case, &mut tell);
        loan(case, &mut tell);
        stage_order(case, &mut tell);
        all
    }

    const TARGET: &str = "class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 stages.1.stage=发现风险 ";

    #[test]
    fn the_fifteen_days_are_told_when_near_and_count_when_past() {
        let found = format!("{TARGET} stages.1.on=2022-10-10");
        assert!(told(&found, "2022-10-12").is_empty());
        assert_eq!(told(&found, "2022-10-25").iter().map(|it| it.0).collect::<Vec<_>>(), [Some(Severity::Warn)]);
        assert_eq!(told(&found, "2022-10-26").iter().map(|it| it.0).collect::<Vec<_>>(), [Some(Severity::Error)]);
        // Of an unknown day nothing is said.
        assert!(told(TARGET, "2022-12-26").is_empty());
    }

    #[test]
    fn a_loan_is_told_a_month_before_its_day_until_it_is_repaid() {
        let on = |day: &str, fields: &str| {
            let told = told(&format!("members.1.name=甲 loans.1.person=1 loans.1.to=2022-11-30 {fields}"), day);
            told.iter().map(|it| it.0).collect::<Vec<_>>()
        };
        assert!(on("2022-10-30", "").is_empty());
        assert_eq!(on("2022-10-31", ""), [Some(Severity::Warn)]);
        assert_eq!(on("2022-11-30", ""), [Some(Severity::Warn)]);
        assert_eq!(on("2022-12-01", ""), [Some(Severity::Error)]);
        assert!(on("2022-12-20", "loans.1.repaid_on=2022-12-10").is_empty());
        assert!(told("loans.1.amount=50000", "2022-12-01").is_empty(), "nobody knows when");
    }
}
