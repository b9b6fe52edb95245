//! What comes back to a store that was hurt or lost: copies given back, and acts that are lost for good.

use std::collections::BTreeSet;

use crate::domain::{Chain, HouseholdId};
use crate::exchange::set::{Manifest, Received};
use crate::store::{Note, WentOn};
use crate::workspace::{Workspace, WorkspaceError};

use super::Arrival;

impl Workspace {
    /// Refuses what the other side wrote out of its copy, but where it is given back: its key is not that of the chain, and
    /// is not to be taken for it.
    pub(super) fn comes_of_its_writer(&self, manifest: &Manifest) -> Result<(), String> {
        match manifest.copy && !self.writes(manifest.set.chain()) {
            false => Ok(()),
            true => Err(
                "是对方从抄本写出的，不是记这本账的一方交来的，不作收文；村里的户档全丢了，用 hudang restore --from-county 找回"
                    .to_owned(),
            ),
        }
    }

    /// Takes in sets that were found right and follow each other, whoever signed them.
    pub(in crate::workspace) fn take_in_given(
        &mut self,
        sets: Vec<Received>,
        arrival: &mut Arrival,
    ) -> Result<(), WorkspaceError> {
        let mut touched = BTreeSet::new();
        for received in sets {
            let lost = received.manifest.lost;
            self.take_in_one(received, lost, arrival, &mut touched)?;
        }
        Ok(())
    }

    /// Notes that what was handed over since the backup has come back, where it is of a chain that is written here.
    pub(super) fn has_come_back(&mut self, chain: Chain) -> Result<(), WorkspaceError> {
        if self.writes(chain) && self.store.asks_what_went_out() {
            self.store.knows_what_went_out()?;
        }
        Ok(())
    }

    /// That acts before those of a set are left behind, by the word of whoever wrote it.
    pub(super) fn went_on(&self, received: &Received, (from, to): (u64, u64)) -> Result<Note, WorkspaceError> {
        let chain = received.manifest.set.chain();
        let mut opened = BTreeSet::new();
        let mut reopened = BTreeSet::new();
        for act in received.acts.iter().map(|read| &read.act).filter(|_| chain.side.is_village()) {
            opened.extend(act.opened.iter().map(|opened| opened.household));
            for serial in act.households().into_iter().filter(|serial| !opened.contains(serial)) {
                let id = HouseholdId { village: chain.village, serial };
                if self.store.file(id)?.is_none() {
                    reopened.insert(id);
                }
            }
        }
        let made = &received.manifest.made;
        Ok(Note::WentOn(WentOn {
            gaps: Vec::new(),
            lost: vec![(chain, from, to)],
            reopened: reopened.into_iter().collect(),
            on: made.on,
            by: made.by.clone(),
        }))
    }
}
