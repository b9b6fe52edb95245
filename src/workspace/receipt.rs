//! The county's receipt: a run of its chain of answers to one village, as a file of the same kind as a change set.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::changes::Hash;
use crate::changes::correction::CORRECTION;
use crate::changes::verdicts::spoken_of;
use crate::domain::{Chain, Name, VillageCode};
use crate::exchange::set::SetId;
use crate::progress::Progress;
use crate::store::StoreError;

use super::error::WorkspaceError;
use super::netting::verdict_of;
use super::open::Workspace;

/// What becomes of what nobody has answered when a receipt goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It is left for a later receipt.
    Left,
    /// It is taken.
    Taken,
}

/// A receipt that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Which run of the county's chain.
    pub set: SetId,
    /// The file.
    pub file: PathBuf,
    /// SHA-256 of it.
    pub sha256: Hash,
    /// How many acts it says are taken.
    pub taken: u64,
    /// How many changes it refuses.
    pub refused: u64,
    /// How many changes those come to that it takes, and that it refuses.
    pub changes: (usize, usize),
    /// How many corrections it brings.
    pub corrections: u64,
}

impl Workspace {
    /// The villages to which the county owes an answer: something of theirs is not answered, or an answer not sent.
    pub fn to_answer(&self) -> Result<Vec<VillageCode>, WorkspaceError> {
        let mut all = Vec::new();
        for village in self.store.villages() {
            if self.is_owed(village)? {
                all.push(village);
            }
        }
        Ok(all)
    }

    /// Whether the county owes an answer to one.
    pub fn is_owed(&self, village: VillageCode) -> Result<bool, WorkspaceError> {
        Ok(self.is_copy(village) && (self.is_unsent(village) || !self.unanswered(village)?.is_empty()))
    }

    /// Whether something was answered or corrected that has not gone out to the village.
    pub fn is_unsent(&self, village: VillageCode) -> bool {
        let chain = Chain::of_county(village);
        self.last_sent(chain) < self.store.counters(chain).last_act
    }

    /// How many changes of a village nobody has answered, those left out that are held.
    pub fn open_changes_of(&self, village: VillageCode) -> Result<usize, WorkspaceError> {
        if !self.is_copy(village) {
            return Ok(0);
        }
        let mut open = 0;
        let verdicts = self.verdicts(village)?;
        let net = self.net_over(village, self.unanswered(village)?, &BTreeSet::new())?;
        self.each_change(village, &net, |_, changes| {
            open += changes.iter().filter(|change| verdict_of(&verdicts, change).is_none()).count();
        })?;
        Ok(open)
    }

    /// Writes the next receipts of several villages into a folder, which is made where it is not there. False beside them
    /// where it was cancelled: what was written by then counts.
    pub fn write_receipts(
        &mut self,
        villages: &[VillageCode],
        folder: &Path,
        rest: Rest,
        progress: &mut dyn Progress,
    ) -> Result<(Vec<Receipt>, bool), WorkspaceError> {
        std::fs::create_dir_all(folder).map_err(StoreError::disk("建文件夹"))?;
        let named = |set: SetId| folder.join(set.file_name());
        let mut receipts = Vec::new();
        for (done, village) in villages.iter().enumerate() {
            progress.step("出回执", done as u64, Some(villages.len() as u64));
            if progress.is_cancelled() {
                return Ok((receipts, false));
            }
            receipts.extend(self.receipt(*village, &named, None, (false, rest))?);
        }
        Ok((receipts, true))
    }

    /// Writes the next receipt for a village, or a run again. What was not answered by now is left, or taken by it where
    /// that is said. None where there is nothing to say.
    pub fn receipt(
        &mut self,
        village: VillageCode,
        named: &dyn Fn(SetId) -> PathBuf,
        run: Option<(u64, u64)>,
        (plain, rest): (bool, Rest),
    ) -> Result<Option<Receipt>, WorkspaceError> {
        self.entering()?;
        let chain = Chain::of_county(village);
        if run.is_none() && rest == Rest::Taken {
            self.take_the_rest(village)?;
        }
        let last = self.store.counters(chain).last_act;
        let next = self.last_sent(chain) + 1;
        let (from, to) = match run {
            Some((from, to)) if from < 1 || from > to || to > last => {
                return Err(WorkspaceError::NoSuchRun { from, to, last });
            }
            Some(run) => run,
            None if next > last => return Ok(None),
            None => (next, last),
        };
        let set = SetId::of(chain, from, to);
        let file = named(set);
        let mut receipt =
            Receipt { set, file, sha256: Hash::NONE, taken: 0, refused: 0, changes: (0, 0), corrections: 0 };
        let mut answered = BTreeSet::new();
        let last_of_village = self.store.counters(village).last_act;
        let packed = self.pack(set, from != next, plain, &mut |act| {
            receipt.corrections += u64::from(act.kind == CORRECTION);
            answered.extend(spoken_of(&act.verdicts, last_of_village));
            for verdict in &act.verdicts {
                match verdict.refused {
                    true => receipt.refused += 1,
                    false => receipt.taken += verdict.to.saturating_sub(verdict.from).saturating_add(1),
                }
            }
        })?;
        packed.begin(&receipt.file)?.commit()?;
        self.note_packed(&packed)?;
        let changes = self.answered_of(village, answered)?;
        Ok(Some(Receipt { sha256: packed.sha256, changes, ..receipt }))
    }

    /// The reasons for which a change is refused: ids and labels, in their order.
    pub fn refusal_reasons(&self) -> Vec<(Name, String)> {
        let list = self.definitions.catalogue.list(Name::fixed("refusal_reason"));
        list.into_iter().flat_map(|list| &list.entries).map(|entry| (entry.id, entry.label.to_string())).collect()
    }
}
