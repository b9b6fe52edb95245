//! What is due and when: the policy's days for the village, and of each household what waits for a day.

use chrono::{Days, NaiveDate};

use crate::domain::{HouseholdId, Month, Name};
use crate::rules::agenda::{self, Due, Unsent};
use crate::rules::clocks;
use crate::rules::due::Deadline;
use crate::rules::first::Place;

use super::error::WorkspaceError;
use super::open::Workspace;
use super::show::slot_in_words;
use super::states::RefusedChange;

/// What stands in place of a check where the county refused a change.
pub const REFUSED: Name = Name::fixed("refused");

/// Something with a last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueLine {
    /// The last day.
    pub date: NaiveDate,
    /// Days until then; negative once it has passed.
    pub days_left: i64,
    /// What is due, in the coordinator's words.
    pub what: String,
    /// The household that it concerns; none for a day of the village.
    pub household: Option<HouseholdId>,
    /// The check that speaks of it; none where none does.
    pub code: Option<Name>,
    /// Which of the program's counts a day of the village hangs on.
    pub counts: Option<Name>,
    /// How many of that count are left.
    pub left: Option<usize>,
    /// Where it is done; none for a day of the village.
    pub place: Option<Place>,
}

impl DueLine {
    /// How long until its day, as one says it; of a day of the village that has passed, only what the program counts can be
    /// called late.
    pub fn days_in_words(&self) -> String {
        match (self.household, self.left) {
            (None, Some(0)) if self.days_left < 0 => "办完".to_owned(),
            (None, None) if self.days_left < 0 => format!("{}天前", -self.days_left),
            _ => clocks::days_in_words(self.days_left),
        }
    }
}

/// Of which days one asks what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueWhen {
    /// What is past and not done, and what comes until the month's end, or as far ahead as the worklist looks.
    Now,
    /// What falls on the days of a month.
    In(Month),
}

impl Workspace {
    /// What is due, by day: the village's days before the households', and those in the order in which one walks.
    pub fn due(&self, when: DueWhen) -> Result<Vec<DueLine>, WorkspaceError> {
        let today = self.today();
        let (from, to) = match when {
            DueWhen::In(month) => (month.first_day(), month.last_day()),
            DueWhen::Now => {
                let ahead = u64::try_from(self.policy.worklist.ahead_days).unwrap_or_default();
                let ahead = today.checked_add_days(Days::new(ahead)).unwrap_or(today);
                (Month::of(today).first_day(), Month::of(today).last_day().max(ahead))
            }
        };
        let mut lines = self.days_of_the_village(when, from, to)?;
        // The visits of a month that is over are not made good any more, and those of this one are asked for below.
        let coming = match when {
            DueWhen::In(month) if month > Month::of(today) => Some(month),
            _ => None,
        };
        for id in self.in_walking_order_with_closed() {
            let standing = self.standing(id)?;
            let visit = coming.and_then(|month| agenda::visit(&self.policy, month, &standing));
            let due = self.agenda(id)?.into_iter().chain(visit);
            let due = due.filter(|due| due.date <= to && (when == DueWhen::Now || from <= due.date));
            lines.extend(due.map(|due| self.line(id, due)));
        }
        let refused = self.refused().iter().map(|refused| self.refused_line(refused));
        lines.extend(refused.filter(|line| line.date <= to && (when == DueWhen::Now || from <= line.date)));
        lines.sort_by_key(|line| line.date);
        Ok(lines)
    }

    /// What waits for a day in one household, by day, whenever that is.
    pub fn due_of(&self, id: HouseholdId) -> Result<Vec<DueLine>, WorkspaceError> {
        let refused = self.refused_of(id).map(|refused| self.refused_line(refused));
        Ok(self.agenda(id)?.into_iter().map(|due| self.line(id, due)).chain(refused).collect())
    }

    fn agenda(&self, id: HouseholdId) -> Result<Vec<Due>, WorkspaceError> {
        let catalogue = &self.definitions.catalogue;
        let label = |section: Name| catalogue.section(section).map_or(section.as_str(), |section| &section.label);
        let unsent = self.pending.changes_of(id).iter().map(|it| (label(it.section).to_owned(), it.started));
        let unsent: Vec<Unsent> = unsent.collect();
        Ok(agenda::of(&self.policy, self.today(), &*self.standing(id)?, &unsent))
    }

    /// What the county refused is due on the day on which it was.
    fn refused_line(&self, refused: &RefusedChange) -> DueLine {
        let label = slot_in_words(&self.definitions, refused.change.slot);
        let due = Due {
            date: refused.on,
            what: format!("县里未录 {label}：{}", refused.why),
            code: Some(REFUSED),
            place: Place::Refused(refused.change.slot),
        };
        self.line(refused.household, due)
    }

    fn line(&self, id: HouseholdId, due: Due) -> DueLine {
        DueLine {
            date: due.date,
            days_left: (due.date - self.today()).num_days(),
            what: due.what,
            household: Some(id),
            code: due.code,
            counts: None,
            left: None,
            place: Some(due.place),
        }
    }

    fn days_of_the_village(
        &self,
        when: DueWhen,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<DueLine>, WorkspaceError> {
        let month = self.month()?;
        let days = match when {
            DueWhen::In(_) => self.days_between(&month, from, to)?,
            DueWhen::Now => self.days_now(&month, from, to)?,
        };
        let line = |(deadline, left): (Deadline, Option<usize>)| DueLine {
            date: deadline.date,
            days_left: deadline.days_left,
            what: deadline.what.into(),
            household: None,
            code: None,
            counts: deadline.counts,
            left,
            place: None,
        };
        Ok(days.into_iter().map(line).collect())
    }
}
