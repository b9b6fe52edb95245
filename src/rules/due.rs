//! Who must be visited, and which days are next.

use chrono::{Datelike, NaiveDate};

use crate::domain::field::case;
use crate::domain::{FormRef, HouseholdFile, Month, Name, Value, fact};
use crate::policy::Policy;

use super::Looked;
use super::facts::Facts;

/// Whether the household must be visited every month (S4:739).
pub fn must_be_visited(policy: &Policy, facts: &Facts) -> bool {
    facts.any(&policy.visit.due)
}

/// The last visit of a month that stands.
pub fn visit_in(file: &HouseholdFile, month: Month) -> Option<&FormRef> {
    file.forms_named(Name::fixed("visit")).filter(|visit| month.holds(visit.date)).max_by_key(|visit| visit.age())
}

/// The last visit before a month.
pub fn visit_before(file: &HouseholdFile, month: Month) -> Option<&FormRef> {
    let first = month.first_day();
    file.forms_named(Name::fixed("visit")).filter(|visit| visit.date < first).max_by_key(|visit| visit.age())
}

/// A day on which something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The day.
    pub date: NaiveDate,
    /// Days until then; negative once it has passed.
    pub days_left: i64,
    /// What is due.
    pub what: Box<str>,
    /// Which of the program's counts it hangs on.
    pub counts: Option<Name>,
    /// Of what that is counted.
    pub of: Period,
    /// The source.
    pub source: Box<str>,
}

/// The span to which a count belongs: it is held against its own, whatever the day on which one looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A month.
    Month(Month),
    /// A year.
    Year(i32),
    /// A screening round.
    Round(Name),
}

/// The policy's days from one day to another, with the days that are left seen from a third.
pub fn deadlines_between(policy: &Policy, from: NaiveDate, to: NaiveDate, day: NaiveDate) -> Vec<Deadline> {
    let months = std::iter::successors(Some(Month::of(from)), |month| Some(month.next()));
    let months = months.take_while(|month| month.first_day() <= to);
    let mut all: Vec<Deadline> = months.flat_map(|month| monthly(policy, month, day)).collect();
    all.extend(single(policy, day));
    all.retain(|deadline| (from..=to).contains(&deadline.date));
    all.sort_by_key(|deadline| deadline.date);
    all
}

fn monthly(policy: &Policy, month: Month, day: NaiveDate) -> impl Iterator<Item = Deadline> + '_ {
    policy.monthly.iter().map(move |entry| {
        let of = Period::Month(entry.counts_of(month));
        deadline((month.day(entry.day), day), &entry.what, (entry.counts, of), &entry.source)
    })
}

/// All single days, whenever they are.
pub fn single(policy: &Policy, day: NaiveDate) -> impl Iterator<Item = Deadline> + '_ {
    let dated = policy.dated.iter().map(move |entry| {
        // What hangs on a screening is counted of the round that is on then, all else of the year.
        let round = policy.round_on(entry.date).filter(|_| entry.counts.is_some_and(|counts| counts == "screening"));
        let of = round.map_or(Period::Year(entry.date.year()), |round| Period::Round(round.id));
        deadline((entry.date, day), &entry.what, (entry.counts, of), &entry.source)
    });
    dated.chain(policy.rounds.iter().map(move |round| {
        let what = format!("{}集中排查结束", round.label);
        let counts = (Some(Name::fixed("screening")), Period::Round(round.id));
        deadline((round.days.1, day), &what, counts, &round.source)
    }))
}

fn deadline(
    (date, day): (NaiveDate, NaiveDate),
    what: &str,
    (counts, of): (Option<Name>, Period),
    source: &str,
) -> Deadline {
    Deadline { date, days_left: (date - day).num_days(), what: what.into(), counts, of, source: source.into() }
}

/// Whether a file was there in time to be visited in a month: what came later owes nothing to the month before.
pub fn could_be_visited(policy: &Policy, file: &HouseholdFile, month: Month) -> bool {
    policy.visit.by_day.is_some_and(|by_day| file.taken_in <= month.day(by_day))
}

/// Whether an open household of today lacks the visit of a month that it owed then; a later one makes it good.
pub fn missed_visit(looked: Looked<'_>, facts: &Facts, month: Month) -> bool {
    let (policy, file) = (looked.look.policy, looked.household.file);
    looked.household.closed_on().is_none()
        && must_be_visited(policy, facts)
        && could_be_visited(policy, file, month)
        && !file.forms_named(Name::fixed("visit")).any(|visit| visit.date >= month.first_day())
}

/// The year of the status card that the policy asks for: the one that it gives a day.
pub fn card_year(policy: &Policy, day: NaiveDate) -> i32 {
    policy.card_by().map_or(day.year(), |by| by.year())
}

/// Whether a household owes the card of a year, by its class and since when it has that.
pub fn owes_card(looked: Looked<'_>, facts: &Facts, year: i32) -> bool {
    let household = looked.household;
    if household.closed_on().is_some() || household.file.taken_in.year() > year {
        return false;
    }
    let of_case = |fact: &Name| [fact::TARGET, fact::TARGET_OPEN].contains(fact);
    let (by_case, by_class): (Vec<Name>, Vec<Name>) =
        looked.look.policy.card.classes.iter().filter(|fact| facts.hold(**fact)).partition(|fact| of_case(fact));
    let identified = || household.file.of_household(case::SECTION, case::IDENTIFIED_ON).and_then(Value::as_date);
    !by_class.is_empty() || !by_case.is_empty() && identified().is_none_or(|on| on.known_year() <= year)
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    #[test]
    fn each_day_is_held_against_its_own_span() {
        let defs = Defs::shipped();
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let all = deadlines_between(&defs.policy, day("2022-11-01"), day("2023-01-31"), day("2023-01-01"));
        let of = |counts: &str| -> Vec<(i64, Period)> {
            let named = all.iter().filter(|d| d.counts == Some(Name::new(counts)));
            named.map(|d| (d.days_left, d.of)).collect()
        };
        let month = |year, month| Period::Month(Month { year, month });
        assert_eq!(of("changes"), [(-57, month(2022, 10)), (-27, month(2022, 11)), (4, month(2022, 12))]);
        assert_eq!(of("visits"), [(-52, month(2022, 11)), (-22, month(2022, 12)), (9, month(2023, 1))]);
        assert_eq!(of("cards"), [(-42, Period::Year(2022))], "next year's has no day yet");
        assert_eq!(of("screening"), [(-22, Period::Round(Name::new("2022-2")))]);
        assert!(all.windows(2).all(|pair| pair[0].date <= pair[1].date));
    }

    #[test]
    fn a_card_is_owed_for_the_year_in_which_a_household_had_its_class() {
        let defs = Defs::shipped();
        let owes = |fields: &str, taken_in: &str, year: i32| {
            let mut file = defs.file(fields);
            file.taken_in = taken_in.parse().unwrap();
            let looked = defs.on("2023-01-01").at(&file);
            owes_card(looked, &super::super::facts::of(looked), year)
        };
        let target = "class.class=一般农户 case.target=边缘易致贫户 case.identified_on=2023-01";
        assert_eq!((owes(target, "2022-09-01", 2022), owes(target, "2022-09-01", 2023)), (false, true));
        assert!(owes("case.target=边缘易致贫户", "2022-09-01", 2022), "since when is not known");
        assert!(!owes("case.target=边缘易致贫户", "2023-01-01", 2022), "it was not on file");
        assert!(!owes("class.class=一般农户", "2022-09-01", 2022));
    }

    #[test]
    fn days_of_any_span_also_over_the_years_end() {
        let defs = Defs::shipped();
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let told = |from: &str, to: &str| -> Vec<String> {
            let all = deadlines_between(&defs.policy, day(from), day(to), day("2022-12-31"));
            all.iter().map(|d| format!("{} {}", d.date, d.days_left)).collect()
        };
        assert_eq!(told("2022-12-20", "2023-01-05"), ["2022-12-21 -10", "2023-01-05 5"]);
        assert_eq!(told("2022-11-20", "2022-11-20"), ["2022-11-20 -41"], "the cards' day alone");
        assert!(told("2022-11-22", "2022-11-21").is_empty());
    }
}
