//! What the county enters on its copy of a village's files: corrections, which the village brings into its files.

use crate::changes::Act;
use crate::changes::correction::CORRECTION;
use crate::domain::{Chain, Side, VillageCode};
use crate::forms::reading::Fault;

use super::error::WorkspaceError;
use super::open::Workspace;

impl Workspace {
    /// The chain into which what is entered here about a village goes: the village's own, or where that is a copy the
    /// county's answers to it.
    pub fn enters_into(&self, village: VillageCode) -> Chain {
        let own = Chain::from(village);
        let is_copy = self.is_countys() && self.store.counters(own).last_act > 0 && !self.writes(own);
        if is_copy { Chain::of_county(village) } else { own }
    }

    /// The act as it is entered here: a correction, where the file is a copy.
    pub(super) fn as_entered_here(&self, act: Act) -> Result<Result<Act, Vec<Fault>>, WorkspaceError> {
        if !self.is_copy(act.village) {
            return Ok(Ok(act));
        }
        let corrects = self.definitions.forms.get(act.kind).is_some_and(|form| !form.corrects.is_empty());
        let mut act = act;
        // Papers are the village's; the county has none to send.
        act.changes.retain(|change| !change.evidence_only);
        if !corrects && act.kind != "edit" || act.changes.is_empty() {
            let why = "这是村里的户档：县里只能更正字段，走访、排查、人口增减由村里登记";
            return Ok(Err(vec![Fault::at("form", why)]));
        }
        self.correction(act).map(Ok)
    }

    fn correction(&self, act: Act) -> Result<Act, WorkspaceError> {
        let village = act.village;
        let mut correction = Act::new(village, CORRECTION, &act.id, &act.by, act.role, act.entered_at);
        correction.side = Side::County;
        self.countersign(&mut correction);
        correction.changes = act.changes;
        // A second correction of a field goes on from the first, which the village will have followed by then.
        let open = self.open_corrections(village)?;
        for change in &mut correction.changes {
            let at = (change.household, change.slot);
            let earlier = open.iter().rev().flat_map(|act| &act.changes).find(|it| (it.household, it.slot) == at);
            if let Some(earlier) = earlier {
                change.old.clone_from(&earlier.new);
            }
        }
        Ok(correction)
    }

    /// Takes back the county's last correction that its village has not followed yet; none where there is none.
    pub fn take_back_correction(&mut self, village: VillageCode, number: u64) -> Result<Act, WorkspaceError> {
        let author = self.entering()?;
        let open = self.open_corrections(village)?;
        let Some(correction) = open.iter().find(|act| act.number == number) else {
            return Err(WorkspaceError::NothingToUndo);
        };
        let id = self.ids.make();
        let mut act =
            Act::new(village, super::undo::UNDO, &id, &author.name, author.role.identifier(), self.clock.now());
        act.side = Side::County;
        act.undoes = Some(number);
        self.take_back(correction, act)
    }
}
