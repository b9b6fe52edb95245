//! The village's days, each with what is left of the span to which it belongs: last month's of last month, a year's of
//! that year, a round's of that round.

use chrono::NaiveDate;

use crate::domain::{Month, Name};
use crate::rules::due::{self, Deadline, Period, deadlines_between};
use crate::rules::facts;

use super::error::WorkspaceError;
use super::open::Workspace;
use super::worklist::MonthState;

/// A day with how much is left of it; none where the program does not count it, or its span has not begun.
pub type Day = (Deadline, Option<usize>);

impl Workspace {
    /// The days from one to another.
    pub(super) fn days_between(
        &self,
        month: &MonthState,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Day>, WorkspaceError> {
        let days = deadlines_between(&self.policy, from, to, self.today()).into_iter();
        days.map(|deadline| self.left_of(month, &deadline).map(|left| (deadline, left))).collect()
    }

    /// The same without what is past and done or not counted, and with what was left undone before the first day: an undone
    /// day stays until it is done.
    pub(super) fn days_now(
        &self,
        month: &MonthState,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Day>, WorkspaceError> {
        let today = self.today();
        let mut days = self.days_between(month, from, to)?;
        let first = self.pending.first_month().unwrap_or(Month::of(today));
        let single = due::single(&self.policy, today).map(|deadline| deadline.date);
        let earliest = single.chain([first.first_day(), Month::of(from).before().first_day()]).min().unwrap_or(from);
        if let Some(before) = from.pred_opt().filter(|before| earliest <= *before) {
            // Last month's visits can be made good until this month's day, which asks for the same households and more.
            let this = Month::of(today);
            let by_day = self.policy.visit.by_day;
            let lasts = by_day.filter(|by_day| today <= this.day(*by_day)).map(|_| Period::Month(this.before()));
            let is_over = |deadline: &Deadline| {
                deadline.counts.is_some_and(|counts| counts == "visits") && Some(deadline.of) != lasts
            };
            for deadline in deadlines_between(&self.policy, earliest, before, today) {
                let left = if is_over(&deadline) { None } else { self.left_of(month, &deadline)? };
                days.push((deadline, left));
            }
        }
        days.retain(|(deadline, left)| deadline.days_left >= 0 || left.is_some_and(|left| left > 0));
        days.sort_by_key(|(deadline, _)| deadline.date);
        Ok(days)
    }

    /// The policy's days that are next, and those that have passed with something left undone.
    pub fn next_deadlines(&self, month: &MonthState) -> Result<Vec<Day>, WorkspaceError> {
        let this = Month::of(self.today());
        let single = due::single(&self.policy, self.today()).map(|deadline| deadline.date);
        let to = single.chain([this.next().last_day()]).max().unwrap_or(this.last_day());
        let mut shown: Vec<Day> = Vec::new();
        for (deadline, left) in self.days_now(month, this.first_day(), to)? {
            let is_shown = shown.iter().any(|(other, _)| other.what == deadline.what);
            // What was told with an earlier day is told again only where something is left of this one too.
            if !is_shown || left.is_some_and(|left| left > 0) {
                shown.push((deadline, left));
            }
        }
        Ok(shown)
    }

    /// How much is left of a day's count.
    fn left_of(&self, month: &MonthState, deadline: &Deadline) -> Result<Option<usize>, WorkspaceError> {
        let Some(counts) = deadline.counts.filter(|_| !self.is_county_wide()) else { return Ok(None) };
        let today = Month::of(self.today());
        Ok(match (counts.as_str(), deadline.of) {
            ("changes" | "visits", Period::Month(of)) if of > today => None,
            ("changes", Period::Month(of)) => Some(self.pending.of_month(of)),
            ("visits", Period::Month(of)) if of == today => Some(month.visits.left()),
            ("visits", Period::Month(of)) if of == today.before() => Some(month.missed),
            ("visits", Period::Month(of)) => Some(self.missed_in(of)?),
            ("screening", Period::Round(of)) => self.unscreened_in(of, month),
            ("cards", Period::Year(of)) if of == due::card_year(&self.policy, self.today()) => Some(month.cards.left()),
            _ => None,
        })
    }

    /// How many households of today lack the visit that they owed in a month.
    fn missed_in(&self, month: Month) -> Result<usize, WorkspaceError> {
        let mut missed = 0;
        for summary in self.households.iter().filter(|summary| !summary.closed && self.is_at_work(summary.id)) {
            let file = self.file(summary.id)?;
            let looked = self.look().at(&file);
            missed += usize::from(due::missed_visit(looked, &facts::of(looked), month));
        }
        Ok(missed)
    }

    /// How many households lack the screening form of a round; none where it has not begun.
    fn unscreened_in(&self, id: Name, month: &MonthState) -> Option<usize> {
        let today = self.today();
        let round = self.policy.round(id).filter(|round| round.days.0 <= today)?;
        if self.policy.round_on(today).is_some_and(|now| now.id == round.id) {
            return Some(month.screening.left());
        }
        Some(month.unscreened.get(&id).copied().unwrap_or_default())
    }
}
