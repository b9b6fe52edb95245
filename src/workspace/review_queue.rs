//! What waits for the first secretary: the households with changes that have not gone to the clerk, each with what she
//! needs to judge them by.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::changes::HeldFor;
use crate::changes::review::{Standing, Word};
use crate::domain::{Answer, Finding as Found, HouseholdId, Name, person_name};
use crate::forms::FieldKind;
use crate::rules::check::{Finding, Settled, check_of};
use crate::rules::first::is_by_itself;
use crate::rules::late::{Clock, clock};

use super::error::WorkspaceError;
use super::findings::Tally;
use super::open::Workspace;
use super::outgoing::OutgoingChange;
use super::pending::started;
use super::review::OpenAct;

/// Where a household, or one change, stands for whoever looks at it; what is most urgent for her first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Somebody has to say something.
    Waiting,
    /// She entered it herself, so somebody else has to.
    Own,
    /// Returned, and not edited since.
    Returned,
    /// Approved.
    Approved,
}

impl State {
    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "待审",
            Self::Own => "自己录",
            Self::Returned => "已退回",
            Self::Approved => "已通过",
        }
    }

    /// Its name for scripts.
    pub const fn identifier(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Own => "own",
            Self::Returned => "returned",
            Self::Approved => "approved",
        }
    }
}

/// What keeps a change from the clerk, in the coordinator's words.
pub const fn held_in_words(why: HeldFor) -> &'static str {
    match why {
        HeldFor::Blocked => "有必须改的问题",
        HeldFor::Returned => "第一书记退回",
        HeldFor::Unapproved => "第一书记没通过",
    }
}

/// One household of the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct InQueue {
    /// Which one.
    pub id: HouseholdId,
    /// Where it stands.
    pub state: State,
    /// The sections that change, each with how many changes.
    pub sections: Vec<(Name, usize)>,
    /// How many changes there are.
    pub fields: usize,
    /// Who entered them, each once.
    pub by: Vec<Box<str>>,
    /// Whether a change of it is past its month.
    pub is_late: bool,
    /// What the checks find in it, without what is told under its own name.
    pub tally: Tally,
    /// The last word on it.
    pub word: Option<Word>,
    /// What would keep some of it from the clerk if a set went out now.
    pub kept: Option<HeldFor>,
}

/// What she needs to judge one household by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToReview {
    /// What changed, in the order of entry, each with where it stands.
    pub changes: Vec<(State, OutgoingChange)>,
    /// The findings that nobody has answered, the worst first.
    pub findings: Vec<Finding>,
    /// The newest visit, a line each: when, who, where, whom they met, and what was found.
    pub visit: Vec<String>,
}

impl Workspace {
    /// The households with changes that have not gone to the clerk: those that wait for a word first, and in the order in
    /// which one walks.
    pub fn review_queue(&self) -> Result<Vec<InQueue>, WorkspaceError> {
        let Some(village) = self.village else { return Ok(Vec::new()) };
        let kept = self.holding(u64::MAX)?.kept;
        let mut lines: HashMap<u32, InQueue> = HashMap::new();
        for act in self.reviewed.acts().filter(|act| !self.is_idle(act)) {
            let state = self.state_of(act.subject.number);
            for serial in &act.subject.households {
                let line = lines.entry(*serial).or_insert_with(|| InQueue {
                    id: HouseholdId { village, serial: *serial },
                    state,
                    sections: Vec::new(),
                    fields: 0,
                    by: Vec::new(),
                    is_late: false,
                    tally: Tally::default(),
                    word: self.reviewed.reviews().words_on(*serial).last().cloned(),
                    kept: None,
                });
                line.state = line.state.min(state);
                line.kept = line.kept.or(kept.get(&act.subject.number).copied());
                if !line.by.contains(&act.subject.by) {
                    line.by.push(act.subject.by.clone());
                }
            }
        }
        for line in lines.values_mut() {
            for (section, started) in self.open_changes(line.id)? {
                line.fields += 1;
                line.is_late |= matches!(clock(started, self.today(), 0), Clock::Past { .. });
                match line.sections.iter_mut().find(|(known, _)| *known == section) {
                    Some((_, known)) => *known += 1,
                    None => line.sections.push((section, 1)),
                }
            }
        }
        let walk: HashMap<HouseholdId, usize> = self.in_walking_order_with_closed().into_iter().zip(0..).collect();
        let mut lines: Vec<InQueue> = lines.into_values().collect();
        for line in &mut lines {
            line.tally = self.tally_apart(line.id)?;
        }
        lines.sort_by_key(|line| (line.state, walk.get(&line.id).copied().unwrap_or(usize::MAX), line.id));
        Ok(lines)
    }

    /// What changed in one household of the queue, what the checks find in it, and its newest visit.
    pub fn to_review(&self, id: HouseholdId, shows_private: bool) -> Result<ToReview, WorkspaceError> {
        let changes = self.changes_in(id, &self.open_acts_of(id), shows_private)?;
        let mut findings = self.findings(id)?;
        let checks = &self.definitions.checks;
        // Visits, stale sections and missing forms are told under their own names, and are not about the change.
        findings.retain(|it| it.settled == Settled::Open && !is_by_itself(check_of(checks, it.number)));
        Ok(ToReview {
            changes: changes.into_iter().map(|change| (self.state_of(change.act), change)).collect(),
            findings,
            visit: self.newest_visit(id)?,
        })
    }

    /// Whether some change of a household waits for a word.
    pub fn waits_for_review(&self, id: HouseholdId) -> bool {
        let is_of_it = self.village == Some(id.village);
        let mut of_it = self.reviewed.acts().filter(|act| is_of_it && act.subject.households.contains(&id.serial));
        of_it.any(|act| !self.is_idle(act) && matches!(self.state_of(act.subject.number), State::Waiting | State::Own))
    }

    /// Whether nothing is left of what an open act does: it was taken back or entered again, and nobody has it to judge.
    pub(super) fn is_idle(&self, act: &OpenAct) -> bool {
        self.pending.is_idle(act.subject.number, &act.subject.households)
    }

    /// What the open acts of a household come to: the section of each change, and the day on which its month began.
    pub fn open_changes(&self, id: HouseholdId) -> Result<Vec<(Name, NaiveDate)>, WorkspaceError> {
        let numbers = self.open_acts_of(id);
        let net = self.net_of(id, &numbers)?;
        let file = self.file(id)?;
        let changes = net.changes(id.serial, Some(&file), &*self.definitions.catalogue);
        Ok(changes.iter().filter_map(|change| Some((change.section(), change.earliest(started)?))).collect())
    }

    fn open_acts_of(&self, id: HouseholdId) -> Vec<u64> {
        let of_it = self.reviewed.acts().filter(|act| act.subject.households.contains(&id.serial));
        of_it.map(|act| act.subject.number).collect()
    }

    /// The name of a section.
    pub fn section_in_words(&self, section: Name) -> &str {
        self.definitions.catalogue.section(section).map_or("", |section| &section.label)
    }

    fn state_of(&self, act: u64) -> State {
        let Some(open) = self.reviewed.act(act) else { return State::Approved };
        let is_hers = self.is_reviewer()
            && self.author.as_ref().is_some_and(|author| person_name::is_same(&author.name, &open.subject.by));
        match self.reviewed.reviews().standing(&open.subject) {
            Standing::Approved(_) => State::Approved,
            Standing::Returned(_) => State::Returned,
            Standing::Own(_) | Standing::Waiting if is_hers => State::Own,
            Standing::Own(_) | Standing::Waiting => State::Waiting,
        }
    }

    fn newest_visit(&self, id: HouseholdId) -> Result<Vec<String>, WorkspaceError> {
        let Some(form) = self.definitions.forms.visit() else { return Ok(Vec::new()) };
        let file = self.file(id)?;
        let newest = file.newest_form(form.name);
        let Some(filled) = newest.map(|visit| self.form_text(id, visit)).transpose()?.flatten() else {
            return Ok(Vec::new());
        };
        let mut lines = Vec::new();
        for field in &form.fields {
            let says = match (filled.fields.get(&field.id), &field.kind) {
                (Some(Answer::Day(day)), _) => day.to_string(),
                (Some(Answer::Names(names)), _) => names.join("、"),
                (Some(Answer::Value(value)), FieldKind::Value(kind)) => {
                    self.definitions.catalogue.show_masked(kind, value)
                }
                _ => continue,
            };
            lines.push(format!("{} {says}", field.label));
        }
        let as_on_file = filled.items.values().filter(|answer| answer.finding == Found::AsOnFile).count();
        lines.push(format!("与档一致 {as_on_file}项"));
        for item in &form.items {
            let says = match filled.items.get(&item.id).map(|answer| &answer.finding) {
                Some(Found::Changed { what, .. }) => format!("变：{what}"),
                Some(Found::Problem { what, .. }) => format!("问题：{what}"),
                Some(Found::NotLooked { why }) => format!("没看到：{why}"),
                _ => continue,
            };
            lines.push(format!("{} {says}", item.label));
        }
        Ok(lines)
    }
}
