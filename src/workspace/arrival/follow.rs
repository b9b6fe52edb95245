//! The county's corrections brought into the village's files, as acts of the village's own chain.

use std::collections::BTreeMap;

use crate::catalogue::SectionKind;
use crate::changes::apply::apply;
use crate::changes::correction::{CORRECTION, follow, open};
use crate::changes::{Act, counted};
use crate::domain::{Chain, HouseholdFile, HouseholdId};
use crate::workspace::ids::FOLLOWER;
use crate::workspace::{Workspace, WorkspaceError};

impl Workspace {
    /// The acts by which the village follows what came of the county; none at the county, whose copy follows the village.
    pub(super) fn follow(&self, of_county: &[Act]) -> Result<Vec<Act>, WorkspaceError> {
        if self.is_countys() {
            return Ok(Vec::new());
        }
        let catalogue = &self.definitions.catalogue;
        let is_counted = |id| catalogue.section(id).is_some_and(|section| section.kind == SectionKind::Rows);
        let mut files: BTreeMap<HouseholdId, HouseholdFile> = BTreeMap::new();
        let mut own = Vec::new();
        for correction in open(of_county, |_| false) {
            let village = correction.village;
            let id = follower_id(correction.number);
            if self.store.act_with_id(village, &id)?.is_some() {
                continue;
            }
            let (by, role) = (&correction.by, correction.role);
            let mut act = Act::new(village, CORRECTION, &id, by, role, self.clock.now());
            act.knew = Some(correction.number);
            let mut before = Vec::new();
            for serial in correction.households() {
                let id = HouseholdId { village, serial };
                let knew = self.file_as_of(id, correction.knew.unwrap_or(0))?;
                let now = match files.remove(&id) {
                    Some(file) => file,
                    None => self.file(id)?,
                };
                follow(correction, knew.as_ref(), &now, &is_counted, &mut act);
                before.push(now.clone());
                files.insert(id, now);
            }
            self.put_beside_what_is_refused(&mut act, &before);
            for file in &before {
                counted::complete(&mut act, file.id.serial, Some(file));
            }
            for serial in correction.households() {
                if let Some(file) = files.get_mut(&HouseholdId { village, serial }) {
                    apply(file, &act);
                }
            }
            own.push(act);
        }
        Ok(own)
    }

    /// The act of the village by which it followed a correction of this number.
    pub(in crate::workspace) fn follower_of(
        &self,
        chain: Chain,
        correction: u64,
    ) -> Result<Option<u64>, WorkspaceError> {
        Ok(self.store.act_with_id(chain.village, &follower_id(correction))?)
    }

    /// The county's corrections of a village that the village has not brought into its files yet, oldest first.
    pub fn open_corrections(&self, village: impl Into<Chain>) -> Result<Vec<Act>, WorkspaceError> {
        let village = village.into().village;
        let chain = Chain::of_county(village);
        let last = self.store.counters(chain).last_act;
        let mut acts = Vec::new();
        for stored in self.store.readable(chain, 1..=last) {
            acts.push(stored?.act);
        }
        let mut followed = Vec::new();
        for act in acts.iter().filter(|act| act.kind == CORRECTION) {
            if self.store.act_with_id(village, &follower_id(act.number))?.is_some() {
                followed.push(act.number);
            }
        }
        Ok(open(&acts, |number| followed.contains(&number)).cloned().collect())
    }
}

/// The id of the act that follows a correction, so that each is followed once.
fn follower_id(correction: u64) -> String {
    format!("{FOLLOWER}{correction}")
}
