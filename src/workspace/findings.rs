//! What the checks find: of one household, with its words; of all, in short.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::checks::Severity;
use crate::domain::{HouseholdFile, HouseholdId, Slot};
use crate::progress::Progress;
use crate::rules::check::village::Village;
use crate::rules::check::{self, Case, Finding, Hit, Settled, check_of};
use crate::rules::first::is_by_itself;

use super::error::WorkspaceError;
use super::open::Workspace;

/// What one household's findings come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// What cannot be true, and what an evaluator would count, unanswered.
    pub errors: usize,
    /// What is probably wrong, unanswered.
    pub warnings: usize,
    /// What is worth a thought, unanswered.
    pub hints: usize,
    /// What somebody has answered, or is exempt from.
    pub settled: usize,
}

impl Tally {
    /// How many are open, hints left out.
    pub fn open(self) -> usize {
        self.errors + self.warnings
    }

    fn add(&mut self, hit: &Hit) {
        match (hit.settled, hit.severity) {
            (Settled::Answered | Settled::Exempt, _) => self.settled += 1,
            (Settled::Open, Severity::Block | Severity::Error) => self.errors += 1,
            (Settled::Open, Severity::Warn) => self.warnings += 1,
            (Settled::Open, Severity::Hint) => self.hints += 1,
        }
    }
}

/// What was worked out of all households together, kept up to date one by one.
#[derive(Default)]
pub(super) struct Others {
    village: RefCell<Village>,
    /// Whether every household was read for it.
    is_whole: Cell<bool>,
    /// What only the others and the outgoing changes tell of a household; gone when any of them changes.
    hits: RefCell<HashMap<HouseholdId, Arc<[Hit]>>>,
}

impl Others {
    /// Forgets what was concluded, after the day, the policy or the outgoing changes moved.
    pub(super) fn forget_hits(&self) {
        self.hits.borrow_mut().clear();
    }
}

impl Workspace {
    /// Of how many households the findings are not known yet, so that listing them takes time.
    pub fn unchecked(&self) -> usize {
        let hits = self.others.hits.borrow();
        self.households.iter().filter(|it| self.is_at_work(it.id) && !hits.contains_key(&it.id)).count()
    }

    /// Works out the findings of all households of the village at work; false where it was asked to stop.
    pub fn check_all(&self, progress: &mut dyn Progress) -> Result<bool, WorkspaceError> {
        let all = self.households.len() as u64;
        for (done, summary) in self.households.iter().filter(|summary| self.is_at_work(summary.id)).enumerate() {
            if done % 50 == 0 {
                progress.step("核对各户", done as u64, Some(all));
            }
            if progress.is_cancelled() {
                return Ok(false);
            }
            self.hits_by_others(summary.id)?;
        }
        Ok(true)
    }

    /// Where the facts stand that a finding was found by.
    pub fn slots_of(&self, id: HouseholdId, finding: &Finding) -> Result<Vec<Slot>, WorkspaceError> {
        let file = self.file(id)?;
        Ok(check::slots(self.look().at(&file), finding))
    }

    /// What the checks find in one household, the worst first.
    pub fn findings(&self, id: HouseholdId) -> Result<Vec<Finding>, WorkspaceError> {
        self.know_the_village()?;
        let (file, standing) = (self.file(id)?, self.standing(id)?);
        let unsent = self.not_handed_over(id);
        let village = self.others.village.borrow();
        let looked = self.look().at(&file);
        let case = Case { looked, standing: &standing, unsent: &unsent, village: Some(&village) };
        Ok(check::findings(case).into_iter().map(|finding| self.with_the_other_named(finding)).collect())
    }

    /// A finding that is about one other household too, with its head and its number: so that it is found.
    pub(super) fn with_the_other_named(&self, mut finding: Finding) -> Finding {
        if let Some(other) = finding.elsewhere.and_then(|id| self.households.get(id)) {
            let called = format!("{}户（{}）的人", self.household_in_words(other.id), other.number());
            finding.message = finding.message.replacen(check::ELSEWHERE, &called, 1);
        }
        finding
    }

    /// The findings of one household in short; worked out once, until something changes that they hang on.
    pub fn hits(&self, id: HouseholdId) -> Result<Vec<Hit>, WorkspaceError> {
        let mut hits = self.standing(id)?.hits.clone();
        hits.extend(self.hits_by_others(id)?.iter().copied());
        Ok(hits)
    }

    /// What the findings of one household come to.
    pub fn tally(&self, id: HouseholdId) -> Result<Tally, WorkspaceError> {
        let mut tally = Tally::default();
        self.standing(id)?.hits.iter().for_each(|hit| tally.add(hit));
        self.hits_by_others(id)?.iter().for_each(|hit| tally.add(hit));
        Ok(tally)
    }

    /// The same without what is told under its own name: visits, stale sections, forms, cards, changes.
    pub fn tally_apart(&self, id: HouseholdId) -> Result<Tally, WorkspaceError> {
        let mut tally = Tally::default();
        let checks = &self.definitions.checks;
        let hits = self.hits(id)?;
        hits.iter().filter(|hit| !is_by_itself(check_of(checks, hit.check))).for_each(|hit| tally.add(hit));
        Ok(tally)
    }

    fn hits_by_others(&self, id: HouseholdId) -> Result<Arc<[Hit]>, WorkspaceError> {
        if let Some(known) = self.others.hits.borrow().get(&id) {
            return Ok(Arc::clone(known));
        }
        self.know_the_village()?;
        let (file, standing) = (self.file(id)?, self.standing(id)?);
        let unsent = self.not_handed_over(id);
        let looked = self.look().at(&file);
        let hits: Arc<[Hit]> = {
            let village = self.others.village.borrow();
            let case = Case { looked, standing: &standing, unsent: &unsent, village: Some(&village) };
            check::hits_by_others(case).into()
        };
        self.others.hits.borrow_mut().insert(id, Arc::clone(&hits));
        Ok(hits)
    }

    /// Reads what households have in common, of those that were not read yet.
    fn know_the_village(&self) -> Result<(), WorkspaceError> {
        if self.others.is_whole.get() {
            return Ok(());
        }
        for summary in self.households.iter() {
            let known = self.others.village.borrow().knows(summary.id);
            if !known {
                self.know(&self.file(summary.id)?);
            }
        }
        self.others.is_whole.set(true);
        Ok(())
    }

    /// Takes a file among the others, if it is not there yet.
    pub(super) fn know_first(&self, file: &HouseholdFile) {
        let known = self.others.village.borrow().knows(file.id);
        if !known {
            self.know(file);
        }
    }

    /// Takes a file among the others, and lets go of what was concluded of those who share something with it.
    pub(super) fn know(&self, file: &HouseholdFile) {
        let touched = self.others.village.borrow_mut().put(self.look().at(file));
        let mut hits = self.others.hits.borrow_mut();
        hits.remove(&file.id);
        touched.iter().for_each(|id| _ = hits.remove(id));
    }
}
