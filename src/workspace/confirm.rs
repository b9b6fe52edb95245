//! A section found true outside a visit: somebody looked at the paper, or asked, and it is as on file.

use crate::changes::{Act, Confirm};
use crate::domain::{Confirmation, HouseholdId, Name};

use super::error::WorkspaceError;
use super::open::Workspace;

/// The kind of an act that only confirms.
pub const CONFIRM: Name = Name::fixed("confirm");

impl Workspace {
    /// Confirms a section today, as an act that can be taken back. None where it was confirmed today or later already.
    ///
    /// What a visit left open in the section stays open: that it changed was seen, and only an edit answers it.
    pub fn confirm(&mut self, id: HouseholdId, section: Name) -> Result<Option<Act>, WorkspaceError> {
        let author = self.entering()?;
        let file = self.file(id)?;
        let on = self.today();
        let was = file.sections.get(&section).and_then(|section| section.confirmed.clone());
        if was.as_ref().is_some_and(|was| was.on >= on) {
            return Ok(None);
        }
        let form_id = self.ids.make();
        let mut act = Act::new(id.village, CONFIRM, &form_id, &author.name, author.role.identifier(), self.clock.now());
        let now = Some(Confirmation { on, by: author.name.into() });
        act.confirms.push(Confirm { household: id.serial, section, now, was });
        self.make(act).map(Some)
    }
}
