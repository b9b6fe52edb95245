//! What many households are asked alike: one answer for all of whom a check finds the same, given by a person.

use crate::changes::{Act, FieldChange};
use crate::domain::{HouseholdId, Name, Slot, Value};
use crate::rules::check::{Settled, check_of};

use super::error::WorkspaceError;
use super::open::Workspace;

/// What such an answer is: a correction of the files.
const EDIT: Name = Name::fixed("edit");

impl Workspace {
    /// The households at work of which a check finds something that nobody has answered.
    pub fn found_by(&self, check: u16) -> Result<Vec<HouseholdId>, WorkspaceError> {
        let mut found = Vec::new();
        for id in self.in_walking_order() {
            if self.hits(id)?.iter().any(|hit| hit.check == check && hit.settled == Settled::Open) {
                found.push(id);
            }
        }
        Ok(found)
    }

    /// Gives these households one answer to what a check finds, as one act; none where all have it already.
    pub fn answer_for(
        &mut self,
        check: u16,
        households: &[HouseholdId],
        answer: &Value,
    ) -> Result<Option<Act>, WorkspaceError> {
        let author = self.entering()?;
        let Some((section, field)) = check_of(&self.definitions.checks, check).at else { return Ok(None) };
        let Some(village) = households.first().map(|id| id.village) else { return Ok(None) };
        let (by, role, today) = (author.name, author.role.identifier(), self.today());
        let mut act = Act::new(village, EDIT, &self.ids.make(), &by, role, self.clock.now());
        let slot = Slot { section, row: 0, field };
        for id in households.iter().filter(|id| id.village == village) {
            let old = self.file(*id)?.get(slot).cloned();
            if old.as_ref() == Some(answer) {
                continue;
            }
            act.changes.push(FieldChange {
                household: id.serial,
                slot,
                old,
                new: Some(answer.clone()),
                happened_on: None,
                seen_on: Some(today),
                evidence: None,
                item: None,
                evidence_only: false,
            });
        }
        if act.changes.is_empty() { Ok(None) } else { self.make(act).map(Some) }
    }
}
