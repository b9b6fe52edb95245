//! Who must be visited, and which days are next.

use chrono::NaiveDate;

use crate::domain::{FormRef, HouseholdFile, Month, Name};
use crate::policy::Policy;

use super::facts::Facts;

/// Whether the household must be visited every month (S4:739).
pub fn must_be_visited(policy: &Policy, facts: &Facts) -> bool {
    facts.any(&policy.visit.due)
}

/// The last visit of a month that stands.
pub fn visit_in(file: &HouseholdFile, month: Month) -> Option<&FormRef> {
    file.forms_named(Name::fixed("visit"))
        .filter(|visit| month.holds(visit.date))
        .max_by_key(|visit| (visit.date, visit.act))
}

/// The last visit before a month.
pub fn visit_before(file: &HouseholdFile, month: Month) -> Option<&FormRef> {
    let first = month.first_day();
    file.forms_named(Name::fixed("visit"))
        .filter(|visit| visit.date < first)
        .max_by_key(|visit| (visit.date, visit.act))
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
    /// The source.
    pub source: Box<str>,
}

/// The policy's days around a day: of this month and the next, and all single ones.
pub fn deadlines(policy: &Policy, day: NaiveDate) -> Vec<Deadline> {
    let month = Month::of(day);
    let mut all: Vec<Deadline> = monthly(policy, month, day).chain(monthly(policy, month.next(), day)).collect();
    all.extend(single(policy, day));
    all.sort_by_key(|deadline| deadline.date);
    all
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
    policy
        .monthly
        .iter()
        .map(move |entry| deadline(month.day(entry.day), day, &entry.what, entry.counts, &entry.source))
}

fn single(policy: &Policy, day: NaiveDate) -> impl Iterator<Item = Deadline> + '_ {
    let dated = policy.dated.iter();
    let dated = dated.map(move |entry| deadline(entry.date, day, &entry.what, entry.counts, &entry.source));
    dated.chain(policy.rounds.iter().map(move |round| {
        let what = format!("{}集中排查结束", round.label);
        deadline(round.days.1, day, &what, Some(Name::fixed("screening")), "S0:49")
    }))
}

fn deadline(date: NaiveDate, day: NaiveDate, what: &str, counts: Option<Name>, source: &str) -> Deadline {
    Deadline { date, days_left: (date - day).num_days(), what: what.into(), counts, source: source.into() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    #[test]
    fn deadlines_of_this_month_and_the_next() {
        let defs = Defs::shipped();
        let all = deadlines(&defs.policy, "2022-11-08".parse().unwrap());
        let visits: Vec<i64> =
            all.iter().filter(|d| d.counts == Some(Name::new("visits"))).map(|d| d.days_left).collect();
        assert_eq!(visits, [2, 32]);
        assert!(all.iter().any(|d| d.date.to_string() == "2022-11-20" && d.days_left == 12));
        assert!(all.windows(2).all(|pair| pair[0].date <= pair[1].date));
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
