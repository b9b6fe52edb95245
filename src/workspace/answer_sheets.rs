//! The clerk's workbook as it comes back filled in: at the county words of its own chain, at the village taken in as they
//! stand, for nobody signs a workbook.

use std::fs;
use std::path::Path;

use crate::changes::Act;
use crate::changes::act::Verdict;
use crate::domain::{Side, VillageCode};
use crate::exchange::answer_sheet::{self, Answered, Asked, BadSheet, Problem};
use crate::exchange::set::SetId;
use crate::store::StoreError;

use super::error::WorkspaceError;
use super::open::Workspace;
use super::verdicts::{VERDICT, sheet_id};

/// What came of a workbook.
#[derive(Debug)]
pub struct SheetTaken {
    /// The set that it answers.
    pub set: SetId,
    /// The act that holds the answers; none where it said nothing new.
    pub act: Option<Act>,
    /// How many changes it says are taken.
    pub taken: usize,
    /// How many it refuses.
    pub refused: usize,
    /// Lines that were left out, and why.
    pub problems: Vec<Problem>,
}

impl SheetTaken {
    /// What came of it, with the lines that were left out.
    pub fn in_words(&self) -> String {
        let what = match self.act {
            Some(_) => format!("已收工作簿的答复（{}）：已录{}处，不予录入{}处", self.set, self.taken, self.refused),
            None => format!("工作簿（{}）里没有新的答复", self.set),
        };
        let problems = self.problems.iter().map(|problem| format!("没有收：{problem}"));
        [what].into_iter().chain(problems).collect::<Vec<_>>().join("\n")
    }
}

/// Why a workbook cannot be taken in.
#[derive(Debug, thiserror::Error)]
pub enum SheetFault {
    /// It says nothing that can be meant.
    #[error("{file}：{why}")]
    Bad {
        /// The file.
        file: String,
        /// What is wrong.
        why: BadSheet,
    },
    /// It is of a village that this store does not keep.
    #[error("{file}：是 {village} 的，本库没有这个村的变更")]
    NotOurs {
        /// The file.
        file: String,
        /// The village.
        village: VillageCode,
    },
}

impl Workspace {
    /// Whether a file is a workbook rather than a set, by what it is called.
    pub fn is_sheet(path: &Path) -> bool {
        let extension = path.extension().and_then(|it| it.to_str()).unwrap_or_default().to_lowercase();
        ["xlsx", "xls", "et", "ods", "csv"].contains(&extension.as_str())
    }

    /// Takes in a workbook that the county filled in. What it says again changes nothing.
    pub fn take_in_sheet(&mut self, path: &Path) -> Result<SheetTaken, WorkspaceError> {
        let author = self.entering()?;
        let file = path.display().to_string();
        let bytes = fs::read(path).map_err(StoreError::disk("读工作簿"))?;
        let village = if self.is_countys() { None } else { self.village };
        let parts = |set: SetId, act: u64| self.parts_of(set, act);
        let asked = Asked {
            village,
            parts: &parts,
            // What cannot be read of the chain is found where the answers are held against it.
            rows: &|set| self.clerks_rows(set).unwrap_or_default(),
            layout: &self.definitions.workbook,
            catalogue: &self.definitions.catalogue,
        };
        let answered = answer_sheet::read(&bytes, &asked).map_err(|why| SheetFault::Bad { file: file.clone(), why })?;
        let village = answered.set.village;
        if self.store.counters(village).last_act == 0 {
            return Err(SheetFault::NotOurs { file, village }.into());
        }
        let verdicts = self.news_in(&answered, answered.verdicts(&parts))?;
        let refused = answered.answers.iter().filter(|answer| answer.verdict.refused).count();
        let taken = answered.answers.len() - refused;
        let mut act = None;
        if !verdicts.is_empty() {
            let chain = self.enters_into(village);
            let id = match chain.side {
                Side::County => self.ids.make(),
                Side::Village => self.next_sheet_id(village)?,
            };
            let mut new = Act::new(village, VERDICT, &id, &author.name, author.role.identifier(), self.clock.now());
            (new.side, new.verdicts) = (chain.side, verdicts);
            if chain.side == Side::County {
                self.countersign(&mut new);
            }
            act = Some(self.make(new)?);
            self.load_pending()?;
        }
        Ok(SheetTaken { set: answered.set, act, taken, refused, problems: answered.problems })
    }

    /// How many changes of an act a set's workbook can answer: of those that stand in it.
    fn parts_of(&self, set: SetId, act: u64) -> Option<u32> {
        let is_in_run = (set.from..=set.to).contains(&act);
        let is_released =
            || self.holds(set.village).is_ok_and(|holds| holds.released_in(set.from..=set.to).contains(&act));
        if !is_in_run && !is_released() {
            return None;
        }
        let stored = self.store.act(set.village, act).ok().flatten()?;
        Some(stored.act.field_changes().count() as u32)
    }

    /// Those verdicts that say something else than what counts already.
    fn news_in(&self, answered: &Answered, verdicts: Vec<Verdict>) -> Result<Vec<Verdict>, WorkspaceError> {
        let known = self.verdicts(answered.set.village)?;
        let at_village = self.enters_into(answered.set.village).side.is_village();
        let is_known = |verdict: &Verdict| {
            let parts = |act| match verdict.part {
                Some(part) => part..=part,
                None => 1..=self.parts_of(answered.set, act).unwrap_or(1).max(1),
            };
            (verdict.from..=verdict.to).all(|act| {
                parts(act).all(|part| {
                    // What the county has signed stands before whatever a workbook says.
                    if at_village && known.is_signed(act, part) {
                        return true;
                    }
                    known.of(act, part).is_some_and(|word| {
                        let (said, says) = (&word.verdict, verdict);
                        (said.refused, said.reason, &said.words) == (says.refused, says.reason, &says.words)
                    })
                })
            })
        };
        Ok(verdicts.into_iter().filter(|verdict| !is_known(verdict)).collect())
    }

    fn next_sheet_id(&self, village: VillageCode) -> Result<String, WorkspaceError> {
        let mut nth = 1;
        while self.store.act_with_id(village, &sheet_id(nth))?.is_some() {
            nth += 1;
        }
        Ok(sheet_id(nth))
    }
}
