//! Two chains that use the same numbers for different things: said so that a person sees how it came about.

use std::fmt;

use crate::changes::Act;
use crate::domain::Chain;
use crate::exchange::set::Received;
use crate::workspace::{Workspace, WorkspaceError};

/// Numbers used twice.
#[derive(Debug, PartialEq, Eq)]
pub struct Parted {
    /// Whose chain.
    pub chain: Chain,
    /// The first number that is known to stand for two things.
    pub number: u64,
    /// What it stands for here.
    here: Option<Entered>,
    /// What it stands for in the set.
    there: Option<Entered>,
    /// Whether the store at hand writes the chain itself.
    is_ours: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Entered {
    store: Box<str>,
    epoch: u32,
    on: chrono::NaiveDate,
    by: Box<str>,
}

impl Entered {
    fn of(act: &Act) -> Self {
        Self { store: act.store.clone(), epoch: act.epoch, on: act.entered_on(), by: act.by.clone() }
    }
}

impl fmt::Display for Entered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} 记，户档库 {} 第{}期", self.on, self.by, self.store, self.epoch)
    }
}

impl fmt::Display for Parted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} 从第{}号起对不上：同一个号两边是两回事", self.chain, self.number)?;
        for (whose, entered) in [("这里的", &self.here), ("文件里的", &self.there)] {
            if let Some(entered) = entered {
                write!(f, "；{whose}：{entered}")?;
            }
        }
        let why = match (&self.here, &self.there) {
            (Some(here), Some(there)) if here.store != there.store => "一个村用了两个户档库",
            (Some(here), Some(there)) if here.epoch != there.epoch => {
                "户档库从备份恢复过，或拷贝成了两份各记各的，号码用了两次"
            }
            _ => "两份之中有一份被动过，或户档库被拷贝成两份各记各的",
        };
        let what = match self.is_ours {
            true => {
                "要收回自己交过的变更集，须在恢复备份之后、记新内容之前：把备份再恢复到一个空目录，先收变更集，再补记之后的内容"
            }
            false => "没有收。请那边先把自己交过的变更集收回去（hudang changes apply），补记后重新交",
        };
        write!(f, "。{why}。{what}")
    }
}

impl Workspace {
    pub(super) fn parted(&self, chain: Chain, number: u64, received: &Received) -> Result<Parted, WorkspaceError> {
        let here = self.store.act(chain, number)?.map(|stored| Entered::of(&stored.act));
        let there = received.acts.iter().find(|act| act.act.number >= number).map(|act| Entered::of(&act.act));
        Ok(Parted { chain, number, here, there, is_ours: self.writes(chain) })
    }
}
