//! What the county corrected and the village has not followed: told at any time, and where the village has meanwhile
//! changed the same, put side by side until a person chooses.

use chrono::NaiveDate;

use crate::changes::correction::CORRECTION;
use crate::changes::{Act, FieldChange};
use crate::domain::{HouseholdId, Side, Slot, Value, VillageCode};

use super::error::WorkspaceError;
use super::open::Workspace;

/// A field that the county has corrected, with what all its open corrections of it come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrected {
    /// Whose field.
    pub household: HouseholdId,
    /// Which one.
    pub slot: Slot,
    /// What the county saw when it corrected first.
    pub saw: Option<Value>,
    /// What it says.
    pub says: Option<Value>,
    /// Who said so last.
    pub by: Box<str>,
    /// On which local day.
    pub on: NaiveDate,
}

/// A field that the county has corrected and the village has changed to something else.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoEdits {
    /// What the county says.
    pub county: Corrected,
    /// What the village holds by now.
    pub here: Option<Value>,
    /// Who at the village changed it last, where that is known.
    pub by: Box<str>,
    /// On which local day.
    pub on: Option<NaiveDate>,
}

/// Whose value a person takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// The county's: a new correction, of what the village holds now.
    County,
    /// The village's: the correction is taken back.
    Village,
}

impl Workspace {
    /// The fields of a village that the county has corrected and the village has not followed.
    pub fn corrections_of(&self, village: VillageCode) -> Result<Vec<Corrected>, WorkspaceError> {
        Ok(if self.is_copy(village) { fields(&self.open_corrections(village)?) } else { Vec::new() })
    }

    /// The same of one household.
    pub fn corrected(&self, id: HouseholdId) -> Result<Vec<Corrected>, WorkspaceError> {
        let mut all = self.corrections_of(id.village)?;
        all.retain(|corrected| corrected.household == id);
        Ok(all)
    }

    /// Where the village holds neither what the county saw nor what it says.
    pub fn conflicts(&self, village: VillageCode) -> Result<Vec<TwoEdits>, WorkspaceError> {
        let mut all = Vec::new();
        for county in self.corrections_of(village)? {
            let file = self.file(county.household)?;
            let here = file.get(county.slot).cloned();
            if here == county.saw || here == county.says {
                continue;
            }
            let (by, on) = self.last_change(village, &file.acts, county.household, county.slot)?;
            all.push(TwoEdits { county, here, by, on });
        }
        Ok(all)
    }

    /// Takes one of two values: the county's goes out again as a correction of what the village holds now, the village's
    /// lets the correction go. Whatever else the corrections said is said again.
    pub fn settle_two_edits(&mut self, two: &TwoEdits, keep: Keep) -> Result<(), WorkspaceError> {
        let author = self.entering()?;
        let (id, slot) = (two.county.household, two.county.slot);
        let is_it = |change: &FieldChange| change.household == id.serial && change.slot == slot;
        let open = self.open_corrections(id.village)?;
        let old: Vec<&Act> = open.iter().filter(|act| act.changes.iter().any(is_it)).collect();
        if old.is_empty() {
            return Err(WorkspaceError::NothingToUndo);
        }
        let mut changes: Vec<FieldChange> = Vec::new();
        for change in old.iter().flat_map(|act| &act.changes) {
            match changes.iter_mut().find(|it| (it.household, it.slot) == (change.household, change.slot)) {
                Some(known) => known.new.clone_from(&change.new),
                None => changes.push(change.clone()),
            }
        }
        match keep {
            Keep::Village => changes.retain(|change| !is_it(change)),
            Keep::County => {
                changes.iter_mut().filter(|change| is_it(change)).for_each(|it| it.old.clone_from(&two.here))
            }
        }
        // The new one first: where the program breaks off between, both stand and the question is asked again.
        if !changes.is_empty() {
            let act_id = self.ids.make();
            let (village, now) = (id.village, self.clock.now());
            let mut act = Act::new(village, CORRECTION, &act_id, &author.name, author.role.identifier(), now);
            act.side = Side::County;
            self.countersign(&mut act);
            act.changes = changes;
            self.make(act)?;
        }
        for number in old.iter().map(|act| act.number).rev() {
            self.take_back_correction(id.village, number)?;
        }
        Ok(())
    }

    /// Who changed a field last, as the copy of the village's chain tells.
    fn last_change(
        &self,
        village: VillageCode,
        acts: &[u64],
        household: HouseholdId,
        slot: Slot,
    ) -> Result<(Box<str>, Option<NaiveDate>), WorkspaceError> {
        for number in acts.iter().rev() {
            let Some(stored) = self.store.act(village, *number)? else { continue };
            let is_it = |change: FieldChange| change.household == household.serial && change.slot == slot;
            if stored.act.field_changes().any(is_it) {
                return Ok((stored.act.by.clone(), Some(stored.act.entered_on())));
            }
        }
        Ok((Box::default(), None))
    }
}

/// What open corrections, oldest first, come to field by field.
fn fields(open: &[Act]) -> Vec<Corrected> {
    let mut all: Vec<Corrected> = Vec::new();
    for act in open {
        for change in act.field_changes() {
            let household = HouseholdId { village: act.village, serial: change.household };
            let (says, by, on) = (change.new, act.by.clone(), act.entered_on());
            match all.iter_mut().find(|it| (it.household, it.slot) == (household, change.slot)) {
                Some(known) => (known.says, known.by, known.on) = (says, by, on),
                None => all.push(Corrected { household, slot: change.slot, saw: change.old, says, by, on }),
            }
        }
    }
    all
}
