//! Journal and index together: one entry at a time, durable first, then indexed.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::changes::{Act, Hash, version};
use crate::domain::VillageCode;
use crate::progress::Progress;

use super::error::StoreError;
use super::index::pairs::Disk;
use super::index::{Fit, Index};
use super::journal::entry::{self, Anew, Block, Epoch, Identity, Note, WentOn, kind};
use super::journal::frame::Frame;
use super::journal::{End, Journal, Place};
use super::layout::Home;
use super::open;

/// What a store writes to.
pub(crate) struct Engine {
    pub(crate) home: Home,
    pub(crate) journal: Journal,
    pub(crate) index: Index<Disk>,
    /// The entry with which the group that is being written began.
    group: Option<u64>,
    /// Whether the index could not be brought back to where it was, so that nothing in it is true.
    lost_index: bool,
}

/// The engine, for one thread at a time. A panic in another one is that one's own matter: entries are all or nothing.
pub(crate) fn lock(engine: &Mutex<Engine>) -> MutexGuard<'_, Engine> {
    engine.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    pub(crate) fn new(home: &Home, journal: Journal, index: Index<Disk>) -> Self {
        Self { home: home.clone(), journal, index, group: None, lost_index: false }
    }

    /// The engine, if its index is what the journal says.
    pub(crate) fn usable(&mut self) -> Result<&mut Self, StoreError> {
        if self.lost_index { Err(StoreError::Index("未能重建".to_owned())) } else { Ok(self) }
    }

    /// Numbers and chains an act, appends it durably, applies it, and gives it back as it is stored.
    pub(crate) fn commit(&mut self, mut act: Act) -> Result<Act, StoreError> {
        let after = self.number(&mut act, None)?;
        let mut block = Block::default();
        let hash = block.add(&act, after);
        let frame = self.journal.frame(kind::ACTS, &block.content())?;
        let place = self.journal.end().place;
        self.durably(&frame, |index| {
            index.take_acts([(act.clone(), hash)], frame.header.number, place, Fit::Refuse).map(|_| ())
        })?;
        Ok(act)
    }

    /// Notes something beside the acts.
    pub(crate) fn note(&mut self, note: &Note) -> Result<(), StoreError> {
        let frame = self.journal.frame(kind::NOTE, &entry::write(note))?;
        self.durably(&frame, |index| index.take_note(note, frame.header.number))
    }

    /// Notes that a chain begins anew, and lets go of what it held: the journal is read again, and the next opening builds
    /// the index again.
    pub(crate) fn begin_anew(&mut self, anew: &Anew) -> Result<(), StoreError> {
        let frame = self.journal.frame(kind::ANEW, &entry::write(anew))?;
        self.journal.write_durably(&frame)?;
        self.heal()
    }

    /// Notes who the store is from now on, and what it leaves behind where that is why.
    pub(crate) fn identify(&mut self, identity: &Identity, went_on: Option<WentOn>) -> Result<(), StoreError> {
        let at_start = self.journal.end().place.at == 0;
        let kind = if at_start { kind::HEAD } else { kind::EPOCH };
        let epoch = Epoch { identity: identity.clone(), went_on };
        let frame = self.journal.frame(kind, &entry::write(&epoch))?;
        self.durably(&frame, |index| {
            index.take_identity(epoch.identity);
            epoch.went_on.map_or(Ok(()), |it| index.take_note(&Note::WentOn(it), frame.header.number))
        })
    }

    /// Goes on in the next segment.
    pub(crate) fn next_segment(&mut self) -> Result<(), StoreError> {
        let frame = self.journal.next_segment(&self.index.state().identity)?;
        let place = Place { segment: self.journal.end().place.segment, at: 0 };
        self.index.stand_at(&frame.header, place, None)?;
        self.index.apply();
        Ok(())
    }

    /// Gives an act its version, number, store and epoch, and tells the hash that it follows.
    ///
    /// `last` is the number and hash of the chain's last act, where that is not in the index yet.
    pub(crate) fn number(&self, act: &mut Act, last: Option<(u64, Hash)>) -> Result<Hash, StoreError> {
        let identity = &self.index.state().identity;
        self.check_kept(act.village)?;
        let (number, hash) = last.unwrap_or_else(|| {
            let counters = self.index.counters(act.chain());
            (counters.last_act, counters.last_hash)
        });
        let written_by = self.index.counters(act.chain()).last_store;
        if !written_by.is_empty() && written_by != identity.store {
            return Err(StoreError::Copy(act.chain()));
        }
        act.v = version::needed(act);
        act.number = number + 1;
        act.store = identity.store.clone();
        act.epoch = identity.epoch;
        Ok(hash)
    }

    /// Refuses a village that this store does not keep.
    pub(crate) fn check_kept(&self, village: VillageCode) -> Result<(), StoreError> {
        let scope = &self.index.state().identity.scope;
        if keeps(scope, village) { Ok(()) } else { Err(StoreError::OtherVillage { village, scope: scope.clone() }) }
    }

    /// One entry: what cannot be indexed is not written, and what cannot be written is not indexed.
    pub(crate) fn durably(
        &mut self,
        frame: &Frame,
        stage: impl FnOnce(&mut Index<Disk>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let place = self.journal.end().place;
        let done = stage(&mut self.index)
            .and_then(|()| self.index.stand_at(&frame.header, place, None))
            .and_then(|()| self.journal.write_durably(frame));
        self.settle(done)
    }

    /// One entry of a group, which is durable only when the group is.
    pub(crate) fn write_grouped(
        &mut self,
        kind: u8,
        content: &[u8],
        stage: impl FnOnce(&mut Index<Disk>, u64, Place) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let frame = self.journal.grouped_frame(kind, content)?;
        let (number, place) = (frame.header.number, self.journal.end().place);
        let group = *self.group.get_or_insert(number);
        let done = stage(&mut self.index, number, place)
            .and_then(|()| self.index.stand_at(&frame.header, place, Some(group)))
            .and_then(|()| self.journal.write(&frame));
        self.settle(done)
    }

    /// The last entry of a group, by which all of it counts.
    pub(crate) fn end_group(&mut self) -> Result<(), StoreError> {
        // A disk writes in the order it likes: the word that a group has ended must not get there before the group.
        self.journal.sync()?;
        let frame = self.journal.grouped_frame(kind::COMMIT, &[])?;
        // Once this is written there is no group to lose any more.
        let group = self.group.take();
        self.durably(&frame, |_| Ok(())).inspect_err(|_| self.group = group)
    }

    /// Makes an entry that was written count, and forgets one that was not.
    fn settle(&mut self, done: Result<(), StoreError>) -> Result<(), StoreError> {
        match done {
            Ok(()) => self.index.apply(),
            Err(_) => self.index.discard(),
        }
        if self.journal.is_taken_over() {
            self.index.pairs.let_go();
        }
        done?;
        match self.index.pairs.failure().map(str::to_owned) {
            None => Ok(()),
            // The journal does not have a group before it has ended, so what the index loses is lost.
            Some(why) if self.group.is_some() => Err(StoreError::disk("写索引")(io::Error::other(why))),
            Some(_) => {
                // The entry is durable, and so it is acknowledged whatever becomes of the index.
                let _ = self.heal();
                Ok(())
            }
        }
    }

    /// Replaces an index that fails at work, in memory, by what the journal says. The next opening builds it again.
    pub(crate) fn heal(&mut self) -> Result<(), StoreError> {
        self.index.pairs.doubt();
        self.lost_index = true;
        self.index = open::index_in_memory(&self.home, &self.index.state().identity)?;
        self.lost_index = false;
        Ok(())
    }

    /// Takes a group back out of journal and index.
    pub(crate) fn take_back(&mut self, start: End, progress: &mut dyn Progress) -> Result<(), StoreError> {
        self.group = None;
        if self.journal.end() == start {
            return Ok(());
        }
        let cut = self.journal.back_to(start);
        if self.journal.is_taken_over() {
            self.index.pairs.let_go();
            self.index = open::index_in_memory(&self.home, &self.index.state().identity)?;
            return cut;
        }
        if self.index.state().number > start.number {
            self.lost_index = true;
            self.index = open::index_again(&self.home, &mut self.index, progress)?;
            self.lost_index = false;
        }
        cut
    }
}

/// Whether a store of this scope keeps a village.
pub(crate) fn keeps(scope: &str, village: VillageCode) -> bool {
    village.to_string().starts_with(scope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::Opened;
    use crate::domain::{HouseholdId, Name};
    use crate::store::index::keys;
    use crate::store::index::pairs::Pairs;
    use crate::store::{OpenNote, Setup, Store};

    fn act(serial: u32) -> Act {
        let moment = "2022-11-20T09:30:00+08:00".parse().unwrap();
        let village = "419999101201".parse().unwrap();
        let mut act = Act::new(village, Name::new("roster"), "", "李桂枝", Name::new("coordinator"), moment);
        act.opened.push(Opened { household: serial, on: act.entered_on() });
        act
    }

    #[test]
    fn an_index_that_fails_at_work_gives_way_to_the_journal() {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup { scope: "419999101201".into(), store_id: "00c0ffee00c0ffee".into() };
        let mut store = Store::create(folder.path(), &setup).unwrap();
        let first = store.commit(act(1)).unwrap();
        let id = HouseholdId { village: first.village, serial: 1 };
        let file = store.file(id).unwrap().unwrap();
        {
            let mut engine = lock(&store.engine);
            engine.index.pairs.put(keys::file(id), b"what sled should not give back".to_vec());
            engine.index.pairs.apply();
        }
        assert_eq!(store.file(id).unwrap(), Some(file.clone()));
        store.commit(act(2)).unwrap();
        drop(store);
        let opened = Store::open(folder.path(), &mut crate::progress::Unwatched).unwrap();
        assert!(opened.notes.iter().any(|note| matches!(note, OpenNote::Rebuilt { .. })));
        assert_eq!(opened.store.file(id).unwrap(), Some(file));
        assert_eq!(opened.store.counters(id.village).last_act, 2);
    }

    #[test]
    fn an_index_of_an_earlier_version_is_built_again_from_the_journal() {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup { scope: "419999101201".into(), store_id: "00c0ffee00c0ffee".into() };
        let mut store = Store::create(folder.path(), &setup).unwrap();
        let first = store.commit(act(1)).unwrap();
        let id = HouseholdId { village: first.village, serial: 1 };
        let file = store.file(id).unwrap().unwrap();
        {
            let mut engine = lock(&store.engine);
            let all: Vec<_> = engine.index.pairs.scan(&[]).map(Result::unwrap).collect();
            for (key, sealed) in all {
                let mut older = sealed.to_vec();
                older[0] -= 1;
                engine.index.pairs.put(key.to_vec(), older);
            }
            engine.index.pairs.apply();
        }
        drop(store);
        let opened = Store::open(folder.path(), &mut crate::progress::Unwatched).unwrap();
        let why = opened.notes.iter().find_map(|note| match note {
            OpenNote::Rebuilt { why } => Some(why.as_str()),
            _ => None,
        });
        assert_eq!(why, Some("由别的版本的程序写成"));
        assert!(!opened.notes.iter().any(OpenNote::is_loss));
        assert_eq!(opened.store.file(id).unwrap(), Some(file));
        drop(opened);
        assert_eq!(Store::open(folder.path(), &mut crate::progress::Unwatched).unwrap().notes, []);
    }

    #[test]
    fn a_store_can_be_handed_to_another_thread() {
        fn goes<T: Send>() {}
        goes::<Store>();
    }
}
