//! Whether something may be entered at all: what a screen asks before it offers a key, and a command before it begins.

use crate::catalogue::Deed;
use crate::domain::{Household, HouseholdId, Side, VillageCode};
use crate::forms::{Form, FormKind};
use crate::workspace::Workspace;
use crate::workspace::error::WorkspaceError;

use super::deed_of;

impl Workspace {
    /// Whether whoever is at the keyboard may enter something about a village.
    pub fn may(&self, village: VillageCode, deed: Deed) -> Result<(), WorkspaceError> {
        let side = if self.is_copy(village) { Side::County } else { Side::Village };
        // At the county an edit of a village's file is a correction of it.
        let deed = match (side, deed) {
            (Side::County, Deed::Edit) => Deed::Correction,
            (_, deed) => deed,
        };
        self.may_on(side, deed)
    }

    /// The same of what concerns the store as a whole.
    pub fn may_here(&self, deed: Deed) -> Result<(), WorkspaceError> {
        self.may_on(if self.is_countys() { Side::County } else { Side::Village }, deed)
    }

    /// Whether it is known what was handed over since the backup that the store came back from: until then its numbers may
    /// stand for something else already.
    pub(in crate::workspace) fn knows_its_end(&self) -> Result<(), WorkspaceError> {
        if self.store.asks_what_went_out() { Err(WorkspaceError::AsksWhatWentOut) } else { Ok(()) }
    }

    fn may_on(&self, side: Side, deed: Deed) -> Result<(), WorkspaceError> {
        let author = self.entering()?;
        if !matches!(deed, Deed::Receive | Deed::Key | Deed::Settings) {
            self.knows_its_end()?;
        }
        self.definitions.catalogue.rights().may(author.role, side, deed).map_err(|why| match side {
            Side::County if why.is_of_the_other_side() => WorkspaceError::OfTheVillage,
            _ => WorkspaceError::NotYours(why),
        })
    }

    /// Whether something may be entered about a household: by her, on this side, in the state in which its file is.
    pub fn may_enter(&self, id: HouseholdId, deed: Deed) -> Result<(), WorkspaceError> {
        self.may(id.village, deed)?;
        let takes_nothing = matches!(deed, Deed::Visit | Deed::Screening | Deed::Verification | Deed::Confirm);
        let is_closed = || self.file(id).is_ok_and(|file| Household::of(&file).closed_on().is_some());
        if takes_nothing && is_closed() {
            return Err(WorkspaceError::Closed(self.household_in_words(id)));
        }
        Ok(())
    }

    /// What filling a form is to the rights: at the county what puts a field right is a correction.
    pub(in crate::workspace) fn deed_here(&self, village: VillageCode, form: &Form) -> Deed {
        let corrects = form.kind == FormKind::Edit || !form.corrects.is_empty();
        if corrects && self.is_copy(village) { Deed::Correction } else { deed_of(form) }
    }

    /// Whether lists may be carried in here. Where all files are copies each row is refused by itself.
    pub(in crate::workspace) fn may_carry_in(&self, deed: Deed) -> Result<(), WorkspaceError> {
        let refused_by_row = self.keeps_copies_only() && !self.store.villages().is_empty();
        if refused_by_row { Ok(()) } else { self.may_on(Side::Village, deed) }
    }
}
