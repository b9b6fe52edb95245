//! What comes in is held against the chains that are held here, before any of it has an effect.

use std::fmt;

use crate::changes::border::{Known, Wrong};
use crate::domain::{Chain, HouseholdId, Side};
use crate::exchange::set::Received;
use crate::workspace::Workspace;

/// What is wrong with a set or receipt as a whole.
pub(super) enum Refusal {
    /// One act of it.
    Act { number: u64, why: Wrong, side: Side },
    /// It speaks of more than the village has: a backup was restored.
    Ahead { known: u64, last: u64 },
    /// A receipt of the first programs speaks of acts that were never handed over from here.
    NeverHandedOver { known: u64, last: u64 },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Act { number, why: why @ (Wrong::Other { .. } | Wrong::Beyond { .. }), side } => {
                let what = match side {
                    Side::County => {
                        "请先把自己交过的变更集收回来（hudang changes apply），再收回执；收不回来的，与县里说"
                    }
                    Side::Village => "请与村里核对",
                };
                write!(f, "第{number}件：{why}。{what}")
            }
            Self::Act { number, why, .. } => write!(f, "第{number}件：{why}"),
            Self::Ahead { known, last } => write!(
                f,
                "县里答复到了第{known}件，本库只有{last}件：像是从备份恢复过。请先把自己交过的变更集收回来（hudang changes apply），再收回执"
            ),
            Self::NeverHandedOver { known, last } => write!(
                f,
                "是旧版程序出的回执，没有校验，答复到了第{known}件，而这里只交过{last}件：这里像是从备份恢复过，第{last}件以后是另外的内容。没有收。请先把自己交过的变更集收回来（hudang changes apply）；收不回来的，请县里升级后重新出回执"
            ),
        }
    }
}

impl Workspace {
    /// What is wrong with the acts of a set from a number on, held against what is here.
    pub(super) fn wrong_with(&self, received: &Received, from: u64, told: &mut Vec<String>) -> Option<Refusal> {
        let chain = received.manifest.set.chain();
        let other = Chain { side: chain.side.other(), ..chain };
        let last = self.store.counters(other).last_act;
        let act = |number: u64| self.store.act(other, number).ok().flatten();
        let known = Known {
            store: self.store.store_id(),
            is_own: self.writes(chain),
            today: self.today(),
            last,
            hash: &|number| act(number).map(|stored| stored.hash),
            parts: &|number| act(number).map(|stored| stored.act.field_changes().count() as u32),
            has: &|serial| {
                let id = HouseholdId { village: chain.village, serial };
                // Where acts before it are lost, what opened a file may be among them.
                received.manifest.lost.is_some() || self.store.summary(id).is_ok_and(|summary| summary.is_some())
            },
        };
        let acts = || received.acts.iter().map(|read| &read.act).filter(|act| act.number >= from);
        if chain.side == Side::County && !known.is_own {
            let spoken = acts().flat_map(|act| act.verdicts.iter().map(|verdict| verdict.to).chain(act.knew));
            let reach = spoken.max().unwrap_or(0);
            // As far as one can tell: nothing that can be is beyond what a program would ever reach.
            if reach > last {
                return Some(Refusal::Ahead { known: reach, last });
            }
            let gone = self.hand_overs().map(|handed| handed.to).max().unwrap_or(0);
            let of_old_kind = acts().filter(|act| act.knew_hash.is_none());
            let known = of_old_kind.flat_map(|act| act.verdicts.iter().map(|verdict| verdict.to).chain(act.knew)).max();
            if let Some(known) = known.filter(|known| *known > gone) {
                return Some(Refusal::NeverHandedOver { known, last: gone });
            }
        }
        if let Some(act) = acts().find(|act| known.follows_another(act)) {
            told.push(format!(
                "{chain} 第{}件照改的更正不是本库发的那一件：村里认过别的县级库，或本库从备份恢复过",
                act.number
            ));
        }
        let wrong = acts().find_map(|act| Some((act.number, known.check(act).err()?)));
        wrong.map(|(number, why)| Refusal::Act { number, why, side: chain.side })
    }
}
