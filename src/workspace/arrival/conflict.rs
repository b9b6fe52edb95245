//! Fields that the village and the county both changed without knowing of each other.

use chrono::NaiveDate;

use crate::changes::{Act, FieldChange};
use crate::domain::{Chain, HouseholdId, Slot, Value, VillageCode};
use crate::workspace::{Workspace, WorkspaceError};

/// One such field. Nothing was overwritten: who reads it later chooses.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Whose field.
    pub household: HouseholdId,
    /// Which one.
    pub slot: Slot,
    /// What the county saw when it corrected.
    pub before: Option<Value>,
    /// What is held here.
    pub here: Option<Value>,
    /// What came.
    pub there: Option<Value>,
    /// Who entered what came.
    pub by: Box<str>,
    /// On which local day.
    pub on: NaiveDate,
    /// Why the village did not take it over, where a guard refused it rather than a change of the village's own.
    pub why: Option<Box<str>>,
}

impl Workspace {
    /// Where acts of a village change what the county corrected and the village had not followed.
    pub(super) fn conflicts_at_the_county(
        &self,
        village: VillageCode,
        acts: &[Act],
    ) -> Result<Vec<Conflict>, WorkspaceError> {
        let corrections: Vec<(u64, FieldChange)> = self
            .open_corrections(village)?
            .iter()
            .flat_map(|act| act.field_changes().map(|change| (act.number, change)).collect::<Vec<_>>())
            .collect();
        let mut conflicts = self.refused_at_the_village(village, acts)?;
        if corrections.is_empty() {
            return Ok(conflicts);
        }
        let is_ours = |act: &&Act| match (act.follows, act.follows_hash) {
            (Some(number), Some(hash)) => {
                let stored = self.store.act(Chain::of_county(village), number);
                stored.ok().flatten().is_some_and(|stored| stored.hash == hash)
            }
            _ => true,
        };
        let followed: Vec<u64> = acts.iter().filter(is_ours).filter_map(|act| act.follows).collect();
        for act in acts.iter().filter(|act| act.follows.is_none()) {
            for change in act.field_changes() {
                let at = (change.household, change.slot);
                let mut ours = corrections.iter().rev().filter(|(_, ours)| (ours.household, ours.slot) == at);
                let Some((number, ours)) = ours.next() else { continue };
                if ours.new == change.new || followed.contains(number) {
                    continue;
                }
                conflicts.push(Conflict {
                    household: HouseholdId { village, serial: change.household },
                    slot: change.slot,
                    before: ours.old.clone(),
                    here: ours.new.clone(),
                    there: change.new,
                    by: act.by.clone(),
                    on: act.entered_on(),
                    why: None,
                });
            }
        }
        Ok(conflicts)
    }

    /// What the county corrected and the village's guards refused, as the acts that follow say.
    fn refused_at_the_village(&self, village: VillageCode, acts: &[Act]) -> Result<Vec<Conflict>, WorkspaceError> {
        let mut conflicts = Vec::new();
        for act in acts.iter().filter(|act| act.follows.is_some()) {
            for told in act.told.iter().filter(|told| told.why.is_some()) {
                let household = HouseholdId { village, serial: told.rows.household };
                let file = self.file(household)?;
                for (field, says) in &told.rows.fields {
                    let slot = Slot { section: told.rows.section, row: told.rows.row, field: *field };
                    let held = file.get(slot).cloned();
                    conflicts.push(Conflict {
                        household,
                        slot,
                        before: held.clone(),
                        here: says.clone(),
                        there: held,
                        by: act.by.clone(),
                        on: act.entered_on(),
                        why: told.why.clone(),
                    });
                }
            }
        }
        Ok(conflicts)
    }

    /// Where corrections that came meet what the village changed meanwhile: what the acts that follow them put beside.
    pub(super) fn conflicts_at_the_village(
        &self,
        of_county: &[Act],
        own: &[Act],
    ) -> Result<Vec<Conflict>, WorkspaceError> {
        let mut conflicts = Vec::new();
        for act in own {
            let correction = of_county.iter().find(|correction| Some(correction.number) == act.follows);
            let Some(correction) = correction else { continue };
            for told in act.told.iter().filter(|told| told.beside) {
                let household = HouseholdId { village: act.village, serial: told.rows.household };
                let file = self.file(household)?;
                for (field, there) in &told.rows.fields {
                    let slot = Slot { section: told.rows.section, row: told.rows.row, field: *field };
                    let saw = correction.changes.iter().find(|c| (c.household, c.slot) == (household.serial, slot));
                    conflicts.push(Conflict {
                        household,
                        slot,
                        before: saw.and_then(|change| change.old.clone()),
                        here: file.get(slot).cloned(),
                        there: there.clone(),
                        by: correction.by.clone(),
                        on: correction.entered_on(),
                        why: told.why.clone(),
                    });
                }
            }
        }
        Ok(conflicts)
    }
}
