//! The county's answers to what villages handed over: taken, or refused with a reason, each a word in the county's chain.

use crate::changes::verdicts::{Verdicts, runs};
use crate::changes::{Act, Hash, Verdict};
use crate::domain::{Chain, Name, Side, VillageCode};

use super::error::WorkspaceError;
use super::ids::SHEET;
use super::open::Workspace;

pub use crate::changes::border::VERDICT;

/// Why the county does not take a change: from the list, in words, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Because {
    /// The id in the code list `refusal_reason`.
    pub reason: Option<Name>,
    /// In words.
    pub words: Option<String>,
}

impl Workspace {
    /// All that the county has said of a village's changes.
    pub fn verdicts(&self, village: VillageCode) -> Result<Verdicts, WorkspaceError> {
        let mut verdicts = Verdicts::up_to(self.store.counters(village).last_act);
        let chain = Chain::of_county(village);
        for stored in self.store.readable(chain, 1..=self.store.counters(chain).last_act) {
            verdicts.add(&stored?.act);
        }
        // At the county only its own chain says what it said: a village's word on what the county answered is none.
        for nth in (1..).take_while(|_| !self.is_copy(village)) {
            let Some(number) = self.store.act_with_id(village, &sheet_id(nth))? else { break };
            if let Some(stored) = self.store.act(village, number)? {
                verdicts.add(&stored.act);
            }
        }
        Ok(verdicts)
    }

    /// The acts of a village that the county has not answered and can: all but those that are held back.
    pub fn unanswered(&self, village: VillageCode) -> Result<Vec<u64>, WorkspaceError> {
        let held = self.holds(village)?.held();
        let mut acts = self.verdicts(village)?.unanswered(self.store.counters(village).last_act);
        acts.retain(|act| !held.contains_key(act));
        Ok(acts)
    }

    /// Says one word on several changes of a village, each an act and the part of it, or none for all of the act.
    pub fn judge(
        &mut self,
        village: VillageCode,
        changes: &[(u64, Option<u32>)],
        refused: Option<&Because>,
    ) -> Result<Act, WorkspaceError> {
        let last = self.store.counters(village).last_act;
        let verdict = |(act, part): &(u64, Option<u32>)| Verdict {
            from: *act,
            to: *act,
            part: *part,
            refused: refused.is_some(),
            reason: refused.and_then(|because| because.reason),
            words: refused.and_then(|because| because.words.as_deref()).map(Into::into),
        };
        for (act, part) in changes {
            let parts = self.store.act(village, *act)?.map_or(0, |stored| stored.act.field_changes().count() as u64);
            let has_part = part.is_none_or(|part| (1..=parts).contains(&u64::from(part)));
            if *act == 0 || *act > last || !has_part {
                return Err(WorkspaceError::NoSuchChange { act: *act, part: *part, last });
            }
        }
        let mut act = self.answering(village)?;
        act.verdicts = changes.iter().map(verdict).collect();
        self.make(act)
    }

    /// Says of everything that was not answered yet that it is taken; none where nothing is left.
    pub fn take_the_rest(&mut self, village: VillageCode) -> Result<Option<Act>, WorkspaceError> {
        let rest = runs(self.unanswered(village)?);
        if rest.is_empty() {
            return Ok(None);
        }
        let mut act = self.answering(village)?;
        let taken = |(from, to)| Verdict { from, to, part: None, refused: false, reason: None, words: None };
        act.verdicts = rest.into_iter().map(taken).collect();
        self.make(act).map(Some)
    }

    /// The last act of a village that the county has signed that it knows, with its hash; none where it has signed none.
    pub fn countersigned(&self, village: VillageCode) -> Result<Option<(u64, Hash)>, WorkspaceError> {
        let chain = Chain::of_county(village);
        for number in (1..=self.store.counters(chain).last_act).rev() {
            let act = self.store.act(chain, number)?.map(|stored| stored.act);
            if let Some(head) = act.and_then(|act| act.knew.zip(act.knew_hash)) {
                return Ok(Some(head));
            }
        }
        Ok(None)
    }

    /// Says in an act of the county's up to which act of the village's it could know of, and which one that is.
    pub(super) fn countersign(&self, act: &mut Act) {
        let counters = self.store.counters(act.village);
        (act.knew, act.knew_hash) = (Some(counters.last_act), Some(counters.last_hash));
    }

    fn answering(&mut self, village: VillageCode) -> Result<Act, WorkspaceError> {
        let author = self.entering()?;
        let id = self.ids.make();
        let mut act = Act::new(village, VERDICT, &id, &author.name, author.role.identifier(), self.clock.now());
        act.side = Side::County;
        self.countersign(&mut act);
        Ok(act)
    }
}

/// The id of the act by which the village took in the n-th workbook that the county had filled in, so that they are found.
pub(super) fn sheet_id(nth: u32) -> String {
    format!("{SHEET}{nth}")
}
