//! What runs of acts come to, and where each of their lines stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::Catalogue;
use crate::changes::net::{Change, Net, Place, Stands};
use crate::changes::verdicts::Verdicts;
use crate::domain::{Chain, HouseholdId, VillageCode};

use super::error::WorkspaceError;
use super::open::Workspace;

impl Workspace {
    /// What acts of a village come to, without those that are kept from the clerk; papers are asked for.
    pub(super) fn net_over(
        &self,
        village: VillageCode,
        acts: impl IntoIterator<Item = u64>,
        kept: &BTreeSet<u64>,
    ) -> Result<Net, WorkspaceError> {
        let mut net = Net::default();
        for number in acts {
            let Some(stored) = self.store.act(village, number)? else { continue };
            if kept.contains(&number) { net.pass(&stored.act) } else { net.add(&stored.act) }
        }
        for serial in net.households().collect::<Vec<u32>>() {
            self.ask_papers(&mut net, HouseholdId { village, serial })?;
        }
        Ok(net)
    }

    /// Gives what a run comes to household by household, by the files of today.
    pub(super) fn each_change<'a>(
        &self,
        village: VillageCode,
        net: &'a Net,
        mut each: impl FnMut(HouseholdId, &[Change<'a>]),
    ) -> Result<(), WorkspaceError> {
        let catalogue: &Catalogue = &self.definitions.catalogue;
        for serial in net.households() {
            let id = HouseholdId { village, serial };
            let file = if net.asks_file(serial) { self.store.file(id)? } else { None };
            each(id, &net.changes(serial, file.as_ref(), catalogue));
        }
        Ok(())
    }

    /// Where each line of a run stands.
    pub(super) fn stands_in(&self, village: VillageCode, net: &Net) -> Result<BTreeMap<Place, Stands>, WorkspaceError> {
        let mut stands = BTreeMap::new();
        self.each_change(village, net, |id, changes| stands.extend(net.stands(id.serial, changes)))?;
        Ok(stands)
    }

    /// The acts of a village that the county answers: what was not answered, and what was answered and not sent yet.
    pub(super) fn acts_to_answer(&self, village: VillageCode) -> Result<BTreeSet<u64>, WorkspaceError> {
        let mut acts: BTreeSet<u64> = self.unanswered(village)?.into_iter().collect();
        let chain = Chain::of_county(village);
        for stored in self.store.readable(chain, self.last_sent(chain) + 1..=self.store.counters(chain).last_act) {
            let act = stored?.act;
            acts.extend(act.verdicts.iter().flat_map(|verdict| verdict.from..=verdict.to));
        }
        Ok(acts)
    }

    /// How many changes acts of a village come to that the county has taken, and how many it has refused.
    pub(super) fn answered_of(
        &self,
        village: VillageCode,
        acts: BTreeSet<u64>,
    ) -> Result<(usize, usize), WorkspaceError> {
        let verdicts = self.verdicts(village)?;
        let held: BTreeSet<u64> = self.holds(village)?.held().into_keys().collect();
        let net = self.net_over(village, acts, &held)?;
        let (mut taken, mut refused) = (0, 0);
        self.each_change(village, &net, |_, changes| {
            for change in changes {
                match verdict_of(&verdicts, change) {
                    Some(true) => refused += 1,
                    Some(false) => taken += 1,
                    None => {}
                }
            }
        })?;
        Ok((taken, refused))
    }
}

/// Whether a change is refused; none where nobody has said anything of it.
pub(super) fn verdict_of(verdicts: &Verdicts, change: &Change<'_>) -> Option<bool> {
    verdicts.of(change.lead.0, change.lead.1).map(|word| word.verdict.refused)
}
