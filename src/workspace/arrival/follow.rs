//! The county's corrections brought into the village's files, as acts of the village's own chain.

use std::collections::BTreeMap;

use crate::catalogue::SectionKind;
use crate::changes::apply::apply;
use crate::changes::correction::{CORRECTION, follow, open};
use crate::changes::{Act, Hash, counted};
use crate::domain::{Chain, HouseholdFile, HouseholdId, VillageCode};
use crate::store::StoredAct;
use crate::workspace::ids::FOLLOWER;
use crate::workspace::{Workspace, WorkspaceError};

impl Workspace {
    /// The acts by which the village follows what came of the county; none at the county, whose copy follows the village.
    pub(super) fn follow(&self, of_county: &[StoredAct]) -> Result<Vec<Act>, WorkspaceError> {
        if self.is_countys() {
            return Ok(Vec::new());
        }
        let catalogue = &self.definitions.catalogue;
        let is_counted = |id| catalogue.section(id).is_some_and(|section| section.kind == SectionKind::Rows);
        let mut files: BTreeMap<HouseholdId, HouseholdFile> = BTreeMap::new();
        let mut own = Vec::new();
        let acts: Vec<Act> = of_county.iter().map(|stored| stored.act.clone()).collect();
        for correction in open(&acts, |_| false) {
            let village = correction.village;
            let hash = of_county.iter().find(|it| it.act.number == correction.number).map_or(Hash::NONE, |it| it.hash);
            let Follower::Not(id) = self.follower(village, correction.number, hash)? else { continue };
            let (by, role) = (&correction.by, correction.role);
            let mut act = Act::new(village, CORRECTION, &id, by, role, self.clock.now());
            (act.knew, act.knew_hash) = (Some(correction.number), Some(hash));
            act.follows_hash = Some(hash);
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
        let stored = self.store.act(Chain::of_county(chain.village), correction)?;
        let Some(hash) = stored.map(|stored| stored.hash) else { return Ok(None) };
        Ok(match self.follower(chain.village, correction, hash)? {
            Follower::At(number) => Some(number),
            Follower::Not(_) => None,
        })
    }

    /// Where the village followed a correction: by its number, and by its hash where that is said. The first programs
    /// said the number alone.
    fn follower(&self, village: VillageCode, correction: u64, hash: Hash) -> Result<Follower, WorkspaceError> {
        let plain = format!("{FOLLOWER}{correction}");
        let digits = hash.to_string();
        let exact = format!("{plain}-{}", &digits[..16]);
        // What followed by number alone followed the chain that was held then.
        let by_number = !self.was_begun_anew(Chain::of_county(village));
        for id in [&plain, &exact] {
            let Some(number) = self.store.act_with_id(village, id)? else { return Ok(Follower::Not(id.clone())) };
            let act = self.store.act(village, number)?.map(|stored| stored.act);
            let follows_it = |act: &Act| {
                let is_it = act.follows_hash.map_or(by_number, |follows| follows == hash);
                act.kind == CORRECTION && act.follows == Some(correction) && is_it
            };
            if act.as_ref().is_some_and(follows_it) {
                return Ok(Follower::At(number));
            }
        }
        // Whatever holds both ids, it did not follow this one: none of ours does.
        Ok(Follower::Not(format!("{exact}-{}", &digits[16..])))
    }

    /// The county's corrections of a village that the village has not brought into its files yet, oldest first.
    pub fn open_corrections(&self, village: impl Into<Chain>) -> Result<Vec<Act>, WorkspaceError> {
        let village = village.into().village;
        let chain = Chain::of_county(village);
        let last = self.store.counters(chain).last_act;
        let (mut acts, mut followed) = (Vec::new(), Vec::new());
        for stored in self.store.readable(chain, 1..=last) {
            let StoredAct { act, hash, .. } = stored?;
            let is_correction = act.kind == CORRECTION;
            if is_correction && matches!(self.follower(village, act.number, hash)?, Follower::At(_)) {
                followed.push(act.number);
            }
            acts.push(act);
        }
        Ok(open(&acts, |number| followed.contains(&number)).cloned().collect())
    }
}

/// Whether a correction was followed.
enum Follower {
    /// By this act of the village.
    At(u64),
    /// By none yet: the one that will gets this id, so that each is followed once.
    Not(String),
}
