//! Whether a set of records is whole: each its own, none missing, none old. The state keeps the sum they must come to.

use super::error::StoreError;
use super::index::pairs::{Disk, Pairs};
use super::index::{Index, State, codec, keys};

/// Whether an index holds just the records that it should.
pub(crate) fn check(index: &Index<Disk>) -> Result<(), StoreError> {
    let mut tally = Tally::default();
    for pair in index.pairs.scan(&[]) {
        let (key, sealed) = pair?;
        tally.count(&key, &sealed)?;
    }
    tally.check(index)
}

/// A count of records that are being read.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) records: u64,
    sum: u64,
}

impl Tally {
    /// Counts a record that is its own.
    pub(crate) fn count(&mut self, key: &[u8], sealed: &[u8]) -> Result<(), StoreError> {
        codec::open(key, sealed)?;
        if key != keys::STATE {
            self.records += 1;
            self.sum = self.sum.wrapping_add(codec::fingerprint(sealed));
        }
        Ok(())
    }

    /// Whether these were all records of the index, and no others.
    pub(crate) fn check<P: Pairs>(&self, index: &Index<P>) -> Result<(), StoreError> {
        self.check_against(index.state())
    }

    /// Whether these were all records that a state speaks of, and no others.
    pub(crate) fn check_against(&self, state: &State) -> Result<(), StoreError> {
        if (self.records, self.sum) == (state.records, state.sum) {
            return Ok(());
        }
        Err(StoreError::Index(format!("应有{}条记录，读到{}条，或有旧的混入", state.records, self.records)))
    }
}
