//! Acts out of the journal, by number.

use std::ops::RangeInclusive;

use crate::domain::Chain;

use super::error::StoreError;
use super::journal::{self, entry};
use super::{Store, StoredAct};

/// A pass over acts of a chain. One entry's worth is in memory at a time.
pub(crate) struct Acts<'a> {
    store: &'a Store,
    chain: Chain,
    next: u64,
    last: u64,
    /// What the entry holds that was read last, the next act at the end.
    read: Vec<StoredAct>,
}

impl<'a> Acts<'a> {
    pub(crate) fn new(store: &'a Store, chain: Chain, numbers: RangeInclusive<u64>) -> Self {
        let last = (*numbers.end()).min(store.counters(chain).last_act);
        Self { store, chain, next: (*numbers.start()).max(1), last, read: Vec::new() }
    }

    /// Reads the entry in which the next act stands, or passes over one that is not there.
    fn read(&mut self) -> Result<(), StoreError> {
        let (chain, next) = (self.chain, self.next);
        let Some((mut number, run)) = self.store.with(|engine| engine.index.run_with(chain, next))? else {
            self.next += 1;
            return Ok(());
        };
        let (at, block) = journal::read_block(&self.store.home, run.place)?;
        let mut hash = block.after.get(&chain).copied().unwrap_or_default();
        let is_alone = block.after.len() == 1;
        for line in block.lines().filter(|line| is_alone || entry::chain_of(line) == Some(chain)) {
            hash = hash.then(line);
            if (self.next..=self.last).contains(&number) {
                let act = entry::read_act(at, line)?;
                self.read.push(StoredAct { act, line: line.to_vec(), hash });
            }
            number += 1;
        }
        self.next = self.read.last().map_or(self.next + 1, |read| read.act.number + 1);
        self.read.reverse();
        Ok(())
    }
}

impl Iterator for Acts<'_> {
    type Item = Result<StoredAct, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.read.is_empty() && self.next <= self.last {
            if let Err(error) = self.read() {
                // It is passed over: what stands behind it can be read all the same.
                self.read.clear();
                self.next += 1;
                return Some(Err(error));
            }
        }
        self.read.pop().map(Ok)
    }
}
