//! What a card says of people: how many, how old, what they do, what supports them, and when measures ran.

use crate::domain::field::{jobs, measures, schooling, support, work};
use crate::domain::{Member, Name, Slot, Value};

use super::{Cell, Writer};

impl Writer<'_> {
    /// How many members there are.
    pub(super) fn people(&self) -> Cell {
        match self.household.members().count() {
            0 => Cell::default(),
            count => Cell::known(format!("{count}人")),
        }
    }

    /// The age on the day; where the birth date leaves it open, that.
    pub(super) fn age(&self, member: Member<'_>) -> Cell {
        match (member.age_on(self.look.day), member.birth()) {
            (Some(age), _) if age >= 0 => Cell::known(format!("{age}岁")),
            (_, Some(birth)) => Cell::known(format!("{birth}生")),
            _ => Cell::default(),
        }
    }

    /// School, else the jobs of today, else what the household export says of work.
    pub(super) fn occupation(&self, member: Member<'_>) -> Cell {
        let id = member.id.0;
        let said = |section, field| self.show(Slot { section, row: id, field });
        if let Some(state) = said(schooling::SECTION, schooling::STUDENT_STATE) {
            return Cell::known(state);
        }
        let jobs: Vec<String> = self.jobs_of(id).collect();
        if !jobs.is_empty() {
            return Cell::known(jobs.join("；"));
        }
        let words = [(work::SECTION, work::POST), (work::SECTION, work::CHANNEL), (work::SECTION, work::PLACE)];
        let mut words: Vec<String> = words.into_iter().filter_map(|(section, field)| said(section, field)).collect();
        words.dedup();
        if !words.is_empty() {
            return Cell::known(words.join(" "));
        }
        match self.file.get(Slot { section: work::SECTION, row: id, field: work::WORKING }).and_then(Value::as_yes_no) {
            Some(true) => Cell::known("已务工".to_owned()),
            Some(false) => Cell::known("未务工".to_owned()),
            None => Cell::default(),
        }
    }

    fn jobs_of(&self, person: u32) -> impl Iterator<Item = String> {
        self.file.rows(jobs::SECTION).filter_map(move |(row, fields)| {
            let of = fields.get(jobs::PERSON)?.as_quantity()?.as_whole()?;
            let planned = fields.get(jobs::PLANNED).and_then(Value::as_yes_no) == Some(true);
            let to = fields.get(jobs::TO).and_then(Value::as_date);
            let ended = to.is_some_and(|to| to.latest() < self.look.day);
            if of != i64::from(person) || planned || ended {
                return None;
            }
            let said = |field| self.show(Slot { section: jobs::SECTION, row, field });
            let wage = said(jobs::MONTHLY_WAGE).map(|wage| format!("月{wage}"));
            let words: Vec<String> = [said(jobs::CHANNEL), said(jobs::PLACE), wage].into_iter().flatten().collect();
            Some(if words.is_empty() { "务工".to_owned() } else { words.join(" ") })
        })
    }

    /// Allowances and support by member; those whom the file says to have none are passed over.
    pub(super) fn support(&self) -> Cell {
        let words: Vec<String> = self.household.members().filter_map(|member| self.support_of(member)).collect();
        if words.is_empty() { Cell::default() } else { Cell::known(words.join("；")) }
    }

    fn support_of(&self, member: Member<'_>) -> Option<String> {
        let said = |field| self.show(Slot { section: support::SECTION, row: member.id.0, field });
        let none = Name::fixed("none");
        let has = |code: Option<crate::domain::Code>| code.is_some_and(|code| !code.is(none));
        let mut words = Vec::new();
        words.extend(said(support::ALLOWANCE).filter(|_| has(member.allowance())));
        words.extend(said(support::EXTREME_POVERTY).filter(|_| has(member.extreme_poverty())));
        for (field, word) in [(support::CARE_SUBSIDY, "护理补贴"), (support::LIVING_SUBSIDY, "生活补贴")] {
            let slot = Slot { section: support::SECTION, row: member.id.0, field };
            if self.file.get(slot).and_then(Value::as_yes_no) == Some(true) {
                words.push(word.to_owned());
            }
        }
        if words.is_empty() {
            return None;
        }
        words.extend(said(support::MONTHLY).map(|amount| format!("月{amount}")));
        words.extend(said(support::SINCE).map(|since| format!("{since}起")));
        Some(format!("{}：{}", member.name(), words.join("，")))
    }

    /// From when to when a measure runs, and when it was paid.
    pub(super) fn measure_dates(&self, row: u32) -> Cell {
        let said = |field| self.show(Slot { section: measures::SECTION, row, field });
        let span = match (said(measures::FROM), said(measures::TO)) {
            (Some(from), Some(to)) => Some(format!("{from}至{to}")),
            (Some(from), None) => Some(format!("{from}起")),
            (None, Some(to)) => Some(format!("至{to}")),
            (None, None) => None,
        };
        let paid = said(measures::PAID_ON).map(|paid| format!("{paid}到账"));
        let words: Vec<String> = [span, paid].into_iter().flatten().collect();
        if words.is_empty() { Cell::default() } else { Cell::known(words.join("，")) }
    }
}
