//! Keys and values, wherever they are kept: under sled, or in memory alone while the disk gives no room.

use std::collections::BTreeMap;
use std::path::Path;
use std::thread;
use std::time::Duration;

use crate::store::error::StoreError;
use crate::store::layout::{Home, make_folder, make_private};
use crate::store::mark::Mark;

use super::codec;
use super::guard::{Failure, guarded};

/// A value as it was read.
pub(crate) type Bytes = sled::IVec;

/// What records are read from and written to. Nothing is taken out but where a chain begins anew.
pub(crate) trait Pairs {
    /// The value under a key.
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError>;

    /// Stages a value under a key, in place of the one that is there. It is read at once.
    fn put(&mut self, key: Vec<u8>, value: Vec<u8>);

    /// Makes what was staged count, all of it at once.
    fn apply(&mut self);

    /// Forgets what was staged.
    fn discard(&mut self);

    /// Takes out, at once, all pairs whose keys begin with this, and gives their number and the sum of their fingerprints.
    fn forget(&mut self, prefix: &[u8]) -> Result<(u64, u64), StoreError>;
}

/// Pairs kept by sled, where it works, and else in memory.
///
/// What is put is staged until [`apply`](Pairs::apply). From then on it counts, and stands in front of sled until there is
/// enough for a transaction: a commit does not wait for sled, since after a kill the journal has it.
///
/// If sled takes no more (its disk is full, say), it stays in front, but sled cannot be relied on to be read either, since it
/// splits its pages as it reads: whoever holds this then replaces it.
pub(crate) struct Disk {
    sled: Option<Sled>,
    staged: BTreeMap<Vec<u8>, Vec<u8>>,
    late: BTreeMap<Vec<u8>, Vec<u8>>,
    late_bytes: usize,
    /// Why sled takes nothing more.
    failed: Option<String>,
}

/// sled's page cache. Its default of 1 GB grows past what an old laptop has to spare.
const CACHE: u64 = 16 << 20;

/// How many bytes, or pairs, are enough for a transaction. sled copies a page for each pair, and lets go of the copies only
/// after the transaction: 2,000 small pairs in one took 200 MB.
const ENOUGH: usize = 128 << 10;
const MANY: usize = 256;

struct Sled {
    db: sled::Db,
    mark: Mark,
}

impl Disk {
    /// Opens what sled keeps, or begins anew; errors and panics of sled come back as the reason.
    pub(crate) fn open(home: &Home) -> Result<Self, Failure> {
        let folder = home.index();
        let no_room = |error: std::io::Error| Failure::NoRoom(error.to_string());
        make_folder(&folder).map_err(no_room)?;
        let mark = Mark::set(home).map_err(|error| Failure::NoRoom(error.to_string()))?;
        remove_unfinished_snapshots(&folder).map_err(no_room)?;
        // sled's own flusher would call fsync twice a second. This is an index: the journal is what is durable.
        let config = sled::Config::new().path(&folder).cache_capacity(CACHE).flush_every_ms(None);
        let mut patience = 200;
        let db = loop {
            match guarded(|| config.open()) {
                Err(Failure::Locked) if patience > 0 => thread::sleep(Duration::from_millis(10)),
                opened => break opened?,
            }
            patience -= 1;
        };
        // sled makes its files for everybody; the folder keeps others out, and this what is copied out of it.
        let _ = make_private(&folder);
        let mut disk = Self::in_memory();
        disk.sled = Some(Sled { db, mark });
        Ok(disk)
    }

    /// Pairs in memory alone.
    pub(crate) fn in_memory() -> Self {
        Self { sled: None, staged: BTreeMap::new(), late: BTreeMap::new(), late_bytes: 0, failed: None }
    }

    /// Why sled takes nothing more, if it does not.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// Whether there is so little of it that all of it can be read at every opening.
    pub(crate) fn is_small(&self) -> bool {
        const SMALL: u64 = 64 << 20;
        self.sled.as_ref().is_none_or(|sled| guarded(|| sled.db.size_on_disk()).is_ok_and(|size| size <= SMALL))
    }

    /// Whether they are in memory alone.
    pub(crate) fn is_in_memory(&self) -> bool {
        self.sled.is_none()
    }

    /// Hands over to sled what is in front of it, in one transaction.
    fn hand_over(&mut self) {
        let Some(sled) = self.sled.as_ref().filter(|_| self.failed.is_none()) else { return };
        let mut batch = sled::Batch::default();
        for (key, value) in &self.late {
            batch.insert(key.as_slice(), value.as_slice());
        }
        // Where this fails, a part of it may be seen in sled already; but all of it stays in front.
        match guarded(|| sled.db.apply_batch(batch)) {
            Ok(()) => {
                self.late.clear();
                self.late_bytes = 0;
            }
            Err(failure) => self.failed = Some(failure.into_words()),
        }
    }

    /// Sees to it that this index is built again at the next opening.
    pub(crate) fn doubt(&self) {
        if let Some(sled) = &self.sled {
            sled.mark.doubt();
        }
    }

    /// Says nothing more of this index on the disk: it belongs to another program now.
    pub(crate) fn let_go(&self) {
        if let Some(sled) = &self.sled {
            sled.mark.let_go();
        }
    }

    /// The pairs whose keys begin with this, in the order of keys, as they are now but for what is staged.
    pub(crate) fn scan(&self, prefix: &[u8]) -> Scan {
        let late: Vec<_> = self
            .late
            .range(prefix.to_vec()..)
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, value)| (Bytes::from(key.as_slice()), Bytes::from(value.as_slice())))
            .collect();
        let sled = self.sled.as_ref().map(|sled| sled.db.scan_prefix(prefix));
        Scan { sled, from_sled: None, late: late.into_iter().peekable() }
    }

    /// The pair with the greatest key not above this one, among those that begin with a prefix.
    pub(crate) fn last_up_to(&self, prefix: &[u8], key: &[u8]) -> Result<Option<(Bytes, Bytes)>, StoreError> {
        let range = || prefix.to_vec()..=key.to_vec();
        let in_sled = match &self.sled {
            Some(sled) => guarded(|| sled.db.range(range()).next_back().transpose())?,
            None => None,
        };
        let late =
            self.late.range(range()).next_back().map(|(key, value)| (key.as_slice().into(), value.as_slice().into()));
        Ok(match (in_sled, late) {
            (Some(in_sled), Some(late)) => Some(if late.0 >= in_sled.0 { late } else { in_sled }),
            (in_sled, late) => in_sled.or(late),
        })
    }
}

impl Pairs for Disk {
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        if let Some(value) = self.staged.get(key).or_else(|| self.late.get(key)) {
            return Ok(Some(value.as_slice().into()));
        }
        let Some(sled) = &self.sled else { return Ok(None) };
        Ok(guarded(|| sled.db.get(key))?)
    }

    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.staged.insert(key, value);
    }

    fn apply(&mut self) {
        let bytes = |(key, value): (&Vec<u8>, &Vec<u8>)| key.len() + value.len();
        self.late_bytes += self.staged.iter().map(bytes).sum::<usize>();
        self.late.append(&mut self.staged);
        if self.late_bytes >= ENOUGH || self.late.len() >= MANY {
            self.hand_over();
        }
    }

    fn discard(&mut self) {
        self.staged.clear();
    }

    fn forget(&mut self, prefix: &[u8]) -> Result<(u64, u64), StoreError> {
        let pairs: Vec<(Bytes, Bytes)> = self.scan(prefix).collect::<Result<_, _>>()?;
        let sum = pairs.iter().fold(0_u64, |sum, (_, value)| sum.wrapping_add(codec::fingerprint(value)));
        pairs.iter().for_each(|(key, _)| _ = self.late.remove(&**key));
        if let Some(sled) = &self.sled {
            // Should this be broken off, the index is built again.
            sled.mark.doubt();
            for some in pairs.chunks(MANY) {
                let mut batch = sled::Batch::default();
                some.iter().for_each(|(key, _)| batch.remove(key));
                guarded(|| sled.db.apply_batch(batch))?;
            }
        }
        Ok((pairs.len() as u64, sum))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.hand_over();
        let Some(Sled { db, mark }) = self.sled.take() else { return };
        // sled writes out its last pages here, and panics where the disk refuses.
        let closed = guarded(|| {
            db.flush()?;
            drop(db);
            Ok(())
        });
        if closed.is_ok() && self.failed.is_none() {
            mark.close();
        }
        mark.keep_private();
    }
}

/// A pass over pairs in the order of their keys.
pub(crate) struct Scan {
    sled: Option<sled::Iter>,
    /// What sled gave and is not taken yet.
    from_sled: Option<(Bytes, Bytes)>,
    late: std::iter::Peekable<std::vec::IntoIter<(Bytes, Bytes)>>,
}

impl Iterator for Scan {
    type Item = Result<(Bytes, Bytes), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.from_sled.is_none()
            && let Some(sled) = &mut self.sled
        {
            match guarded(|| sled.next().transpose()) {
                Ok(Some(pair)) => self.from_sled = Some(pair),
                Ok(None) => self.sled = None,
                Err(failure) => {
                    self.sled = None;
                    return Some(Err(failure.into()));
                }
            }
        }
        match (&self.from_sled, self.late.peek()) {
            (Some((in_sled, _)), Some((late, _))) if late <= in_sled => {
                if late == in_sled {
                    self.from_sled = None;
                }
                self.late.next().map(Ok)
            }
            (Some(_), _) => self.from_sled.take().map(Ok),
            (None, _) => self.late.next().map(Ok),
        }
    }
}

/// A snapshot that sled was killed over is taken by sled for the newest one, and stops every opening.
fn remove_unfinished_snapshots(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "generating") {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(disk: &mut Disk, pairs: &[(&str, &str)]) {
        for (key, value) in pairs {
            disk.put(key.as_bytes().to_vec(), value.as_bytes().to_vec());
        }
    }

    fn all(disk: &Disk, prefix: &str) -> Vec<String> {
        let text = |bytes: Bytes| String::from_utf8(bytes.to_vec()).unwrap();
        disk.scan(prefix.as_bytes()).map(Result::unwrap).map(|(k, v)| format!("{}={}", text(k), text(v))).collect()
    }

    #[test]
    fn what_sled_could_not_take_is_read_in_front_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut disk = Disk::open(&Home::at(folder.path())).unwrap();
        put(&mut disk, &[("a1", "1"), ("a3", "3"), ("b1", "x")]);
        disk.apply();
        disk.hand_over();
        disk.failed = Some("full".to_owned());
        put(&mut disk, &[("a2", "2"), ("a3", "three"), ("a4", "4")]);
        disk.apply();
        assert_eq!(all(&disk, "a"), ["a1=1", "a2=2", "a3=three", "a4=4"]);
        assert_eq!(all(&disk, "b"), ["b1=x"]);
        assert_eq!(disk.get(b"a3").unwrap().unwrap(), b"three");
        let last = |key: &str| disk.last_up_to(b"a", key.as_bytes()).unwrap().map(|(key, _)| key.to_vec());
        assert_eq!(last("a2x"), Some(b"a2".to_vec()));
        assert_eq!(last("a1x"), Some(b"a1".to_vec()));
        assert_eq!(last("a0"), None);
    }

    #[test]
    fn staged_pairs_are_read_and_can_be_forgotten() {
        let mut disk = Disk::in_memory();
        put(&mut disk, &[("a", "1")]);
        assert_eq!(disk.get(b"a").unwrap().unwrap(), b"1");
        disk.discard();
        assert_eq!(disk.get(b"a").unwrap(), None);
    }

    #[test]
    fn a_folder_that_sled_cannot_read_is_a_reason_and_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let mut disk = Disk::open(&home).unwrap();
        for i in 0..20_000_u32 {
            disk.put(i.to_be_bytes().to_vec(), vec![7; 100]);
        }
        disk.apply();
        drop(disk);
        for entry in std::fs::read_dir(home.index()).unwrap().flatten() {
            if entry.file_name().to_string_lossy().starts_with("snap.") {
                std::fs::write(entry.path(), b"").unwrap();
            }
        }
        std::fs::write(home.index().join("snap.00000000000000FF"), b"half").unwrap();
        std::fs::write(home.index().join("conf"), b"garbage, but longer than eight bytes").unwrap();
        assert!(Disk::open(&home).is_err());
    }
}
