//! Choosing between the county's value and the village's where both moved.

use crate::changes::act::Of;
use crate::changes::{Act, FieldChange};
use crate::domain::{HouseholdId, Name, Slot, Value};

use super::error::WorkspaceError;
use super::open::Workspace;

/// The kind of an act that chooses.
pub const CHOICE: Name = Name::fixed("choice");

impl Workspace {
    /// Takes the value that a person chose for a field, be it the county's, the village's or a third; the choice is a change.
    pub fn choose(&mut self, id: HouseholdId, slot: Slot, value: Option<Value>) -> Result<Act, WorkspaceError> {
        let author = self.entering()?;
        let file = self.file(id)?;
        let form_id = self.ids.make();
        let mut act = Act::new(id.village, CHOICE, &form_id, &author.name, author.role.identifier(), self.clock.now());
        let old = file.get(slot).cloned();
        if old != value {
            let seen_on = Some(self.today());
            act.changes.push(FieldChange {
                household: id.serial,
                slot,
                old,
                new: value,
                happened_on: None,
                seen_on,
                evidence: None,
                item: None,
            });
        }
        act.chosen.push(Of { household: id.serial, what: slot });
        self.commit(act)
    }
}
