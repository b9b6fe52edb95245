//! Families that come under the line by what was just entered, whatever it was: each is told at that moment.

use crate::domain::{HouseholdId, Money, Summary};

use super::open::Workspace;

/// A family that came under the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallen {
    /// Whose income.
    pub household: HouseholdId,
    /// What it counts.
    pub income: Money,
    /// The line.
    pub line: Money,
}

impl Workspace {
    /// The families that came under the line since somebody asked.
    pub fn take_fallen(&mut self) -> Vec<Fallen> {
        std::mem::take(&mut self.fallen)
    }

    /// That a family came under the line, with the word by which it is called.
    pub fn fallen_in_words(fallen: &Fallen, called: &str) -> String {
        let Fallen { income, line, .. } = fallen;
        format!("{called}：人均纯收入{income}元，低于监测线{line}元")
    }

    /// Notes a family whose income counts under the line and did not before; `before` is what it counted, in a file that
    /// was there.
    pub(super) fn see_fall(&mut self, before: Option<Option<Money>>, now: &Summary) {
        let Some(line) = self.policy.income.line else { return };
        let is_under = |income: Option<Money>| income.is_some_and(|income| income < line);
        let is_news = before.is_some_and(|before| !is_under(before)) && !self.is_copy(now.id.village);
        if let Some(income) = now.reckoned.filter(|_| is_news && is_under(now.reckoned) && !now.closed) {
            self.fallen.retain(|known| known.household != now.id);
            self.fallen.push(Fallen { household: now.id, income, line });
        }
    }
}
