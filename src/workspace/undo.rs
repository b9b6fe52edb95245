//! Taking back the last thing entered, as a new act.

use crate::changes::Act;
use crate::changes::review::HOLD;
use crate::changes::undo::{CannotUndo, invert};
use crate::domain::HouseholdId;

use super::error::WorkspaceError;
use super::open::Workspace;

pub use crate::changes::border::UNDO;

impl Workspace {
    /// The last act that a person at the village entered and nobody took back; imports end the search. Where the files
    /// are copies it is the county's last correction that its village has not followed.
    pub fn last_undoable(&self) -> Result<Act, WorkspaceError> {
        if self.is_countys() && self.village.is_none_or(|village| self.is_copy(village)) {
            return self.last_open_correction();
        }
        let village = self.the_village()?;
        let mut taken_back = Vec::new();
        let last = self.store.counters(village).last_act;
        for number in (1..=last).rev() {
            let Some(stored) = self.store.act(village, number)? else { break };
            match stored.act.undoes {
                Some(undone) => taken_back.push(undone),
                None if taken_back.contains(&number) => {}
                // That something was held belongs to the hand-over, which is not taken back.
                None if stored.act.kind == HOLD => {}
                None if stored.act.is_news() => return Ok(stored.act),
                None => return Err(CannotUndo::NotThis.into()),
            }
        }
        Err(WorkspaceError::NothingToUndo)
    }

    fn last_open_correction(&self) -> Result<Act, WorkspaceError> {
        let mut open = Vec::new();
        for village in self.store.villages().into_iter().filter(|village| self.village.is_none_or(|at| at == *village))
        {
            open.extend(self.open_corrections(village)?.pop());
        }
        open.into_iter().max_by_key(|act| act.entered_at).ok_or(WorkspaceError::NothingToUndo)
    }

    /// Takes back the last act; gives what was taken back and the new act.
    pub fn undo(&mut self) -> Result<(Act, Act), WorkspaceError> {
        let author = self.entering()?;
        let act = self.last_undoable()?;
        if !act.side.is_village() {
            let undo = self.take_back_correction(act.village, act.number)?;
            return Ok((act, undo));
        }
        let mut files = Vec::new();
        for serial in act.households() {
            files.push(self.file(HouseholdId { village: act.village, serial })?);
        }
        let id = self.ids.make();
        let blank = Act::new(act.village, UNDO, &id, &author.name, author.role.identifier(), self.clock.now());
        let inverse = invert(&act, blank, &files)?;
        let undo = self.take_back(&act, inverse)?;
        Ok((act, undo))
    }
}
