//! The one room where a person's acts are made: judged by the guards, then handed to the store.
//!
//! Whatever the way in (a form typed or recorded, an answer, a choice, a word of the secretary or the county), the act
//! comes through here; nothing else of the workspace commits. Rosters and sets are no acts of a person: they have their
//! own ways in.

mod asked;
mod follow;
mod place;

use crate::catalogue::Deed;
use crate::changes::apply::apply;
use crate::changes::correction::CORRECTION;
use crate::changes::review::REVIEW;
use crate::changes::{Act, FieldChange, border, line};
use crate::domain::{FilledForm, HouseholdFile, HouseholdId, Role, Side, Slot};
use crate::forms::reading::Fault;
use crate::forms::{Form, FormKind};
use crate::rules::guard::{self, Change, Made, Refusal, Touched};

use super::answers::ANSWER;
use super::choice::CHOICE;
use super::confirm::CONFIRM;
use super::error::WorkspaceError;
use super::open::Workspace;
use super::verdicts::VERDICT;

/// What a form is to the rights.
pub(super) const fn deed_of(form: &Form) -> Deed {
    match form.kind {
        FormKind::Visit => Deed::Visit,
        FormKind::Screening => Deed::Screening,
        FormKind::Verification => Deed::Verification,
        FormKind::Edit => Deed::Edit,
        FormKind::Event => Deed::Event,
        FormKind::Withdraw => Deed::Withdraw,
    }
}

impl Workspace {
    /// What sort of act this is; none for what nobody needs a right to.
    fn deed(&self, act: &Act) -> Option<Deed> {
        let done = [
            (CHOICE, Deed::Choice),
            (CONFIRM, Deed::Confirm),
            (ANSWER, Deed::Answer),
            (REVIEW, Deed::Review),
            (CORRECTION, Deed::Correction),
        ];
        let named = done.into_iter().find(|(kind, _)| *kind == act.kind).map(|(_, deed)| deed);
        named.or_else(|| match act.kind == VERDICT {
            // A workbook that came back, at the village; at the county its own word.
            true if act.side.is_village() => Some(Deed::Receive),
            true => Some(Deed::Verdict),
            false => self.definitions.forms.get(act.kind).map(deed_of),
        })
    }

    /// Makes an act that comes of no form.
    pub(super) fn make(&mut self, act: Act) -> Result<Act, WorkspaceError> {
        self.judged(&act)?;
        self.commit(act)
    }

    /// Makes an act that [`judged_form`](Self::judged_form) let pass.
    pub(super) fn make_judged(&mut self, act: Act) -> Result<Act, WorkspaceError> {
        self.commit(act)
    }

    /// Takes an act back, by one that its own kind's rights allow. What it brings back stood there before, so no other
    /// guard is asked.
    pub(super) fn take_back(&mut self, taken_back: &Act, act: Act) -> Result<Act, WorkspaceError> {
        if let Some(deed) = self.deed(taken_back) {
            self.may(taken_back.village, deed)?;
        }
        self.commit(act)
    }

    /// Notes what the program itself has to say at a hand-over.
    pub(super) fn note_at_hand_over(&mut self, act: Act) -> Result<Act, WorkspaceError> {
        self.commit(act)
    }

    /// Whether an act that comes of no form can be made.
    pub(super) fn judged(&self, act: &Act) -> Result<(), WorkspaceError> {
        let Some(deed) = self.deed(act) else { return Ok(()) };
        if act.side.is_village() && self.is_copy(act.village) {
            return Err(WorkspaceError::OfTheVillage);
        }
        self.may(act.village, deed)?;
        let refusals = self.refusals(act, deed, act.side, (None, None))?;
        match refusals.is_empty() {
            true => Ok(()),
            false => Err(WorkspaceError::NotLetIn(in_one(refusals.into_iter().map(|refusal| refusal.why)))),
        }
    }

    /// Whether the act of a form can be made, with what is wrong under the paths in which the form says it.
    pub(super) fn judged_form(
        &self,
        act: &Act,
        form: &Form,
        filled: &FilledForm,
        file: &HouseholdFile,
    ) -> Result<Vec<Fault>, WorkspaceError> {
        let (side, deed) = match self.is_copy(act.village) {
            true => (Side::County, Deed::Correction),
            false => (Side::Village, deed_of(form)),
        };
        let refusals = self.refusals(act, deed, side, (Some((form, filled)), Some(file)))?;
        let place = place::Place { form, filled, file };
        Ok(refusals.into_iter().map(|refusal| Fault::at(place.path(&refusal.at), refusal.why)).collect())
    }

    fn refusals(
        &self,
        act: &Act,
        deed: Deed,
        side: Side,
        (form, read): (Option<(&Form, &FilledForm)>, Option<&HouseholdFile>),
    ) -> Result<Vec<Refusal>, WorkspaceError> {
        if matches!(deed, Deed::Review | Deed::Verdict | Deed::Receive) {
            return Ok(Vec::new());
        }
        let role = Role::named(act.role.as_str()).unwrap_or(Role::Coordinator);
        let files = self.touched(act, read)?;
        let changes: Vec<FieldChange> = act.field_changes().collect();
        let changes: Vec<Change<'_>> = changes.iter().map(change).collect();
        let refused = self.refused.iter().filter(|refused| refused.household.village == act.village);
        let refused: Vec<(u32, Slot)> = refused.map(|it| (it.household.serial, it.change.slot)).collect();
        let made =
            Made { look: self.look(), deed, role, side, form, changes: &changes, files: &files, refused: &refused };
        Ok(guard::judge(&made))
    }

    /// The files that an act touches, before and after it; one of them has been read already.
    fn touched(&self, act: &Act, read: Option<&HouseholdFile>) -> Result<Vec<Touched>, WorkspaceError> {
        let touched = |serial: u32| {
            let id = HouseholdId { village: act.village, serial };
            let opened = act.opened.iter().find(|opened| opened.household == serial);
            let held = || read.filter(|read| read.id == id).map_or_else(|| self.file(id), |read| Ok(read.clone()));
            let before = opened.map_or_else(held, |opened| Ok(HouseholdFile::open(id, opened.on)))?;
            let mut after = before.clone();
            apply(&mut after, act);
            Ok(Touched { before, after })
        };
        act.households().into_iter().map(touched).collect()
    }

    /// Hands an act to the store, and brings up to date what hangs on it.
    fn commit(&mut self, act: Act) -> Result<Act, WorkspaceError> {
        if act.side.is_village() && self.is_copy(act.village) {
            return Err(WorkspaceError::OfTheVillage);
        }
        self.knows_its_end()?;
        border::sizes(&act, &line::write(&act)).map_err(|why| WorkspaceError::NotLetIn(why.to_string()))?;
        let act = self.store.commit(act)?;
        let village = act.village;
        let touched: Vec<HouseholdId> =
            act.households().into_iter().map(|serial| HouseholdId { village, serial }).collect();
        self.refresh(&touched)?;
        if act.side.is_village() {
            self.add_pending(&act)?;
            self.reviewed.add(&act);
            self.see_to_refused(&act);
            self.see_what_stays(&act);
        }
        Ok(act)
    }
}

fn change(change: &FieldChange) -> Change<'_> {
    Change {
        household: change.household,
        slot: change.slot,
        old: change.old.as_ref(),
        new: change.new.as_ref(),
        happened_on: change.happened_on,
        seen_on: change.seen_on,
        item: change.item,
    }
}

/// Several reasons as one sentence, each once.
fn in_one(whys: impl Iterator<Item = String>) -> String {
    let mut told: Vec<String> = Vec::new();
    for why in whys {
        if !told.contains(&why) {
            told.push(why);
        }
    }
    told.join("；")
}
