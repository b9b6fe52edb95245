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

/// The policy's days around a day: of this month those to come and those past, of the next month those whose turn comes first.
pub fn deadlines(policy: &Policy, day: NaiveDate) -> Vec<Deadline> {
    let month = Month::of(day);
    let make = |date: NaiveDate, what: &str, counts, source: &str| Deadline {
        date,
        days_left: (date - day).num_days(),
        what: what.into(),
        counts,
        source: source.into(),
    };
    let monthly = policy.monthly.iter().flat_map(|entry| {
        [month, month.next()].map(|month| make(month.day(entry.day), &entry.what, entry.counts, &entry.source))
    });
    let dated = policy.dated.iter().map(|entry| make(entry.date, &entry.what, entry.counts, &entry.source));
    let ends = policy.rounds.iter().map(|round| {
        make(round.days.1, &format!("{}集中排查结束", round.label), Some(Name::fixed("screening")), "S0:49")
    });
    let mut all: Vec<Deadline> = monthly.chain(dated).chain(ends).collect();
    all.sort_by_key(|deadline| deadline.date);
    all
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
}
