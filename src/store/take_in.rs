//! Taking in acts that another store numbered and chained, to the byte, and what follows from them here: all or nothing.

use std::collections::BTreeMap;

use crate::changes::{Act, Hash};
use crate::progress::Unwatched;

use super::StoredAct;
use super::engine::Engine;
use super::error::StoreError;
use super::index::Fit;
use super::journal::End;
use super::journal::entry::{self, Block, Note, kind};

/// About how many bytes of lines go into one entry, so that a set of an ordinary month is one durable write.
const BLOCK: usize = 1 << 20;

/// What is taken in at once.
#[derive(Debug, Default)]
pub struct Arrived {
    /// Acts of other stores, each with its line and its hash, in the order of their numbers.
    pub copied: Vec<StoredAct>,
    /// Acts of this store that follow from them; they are numbered and chained here.
    pub own: Vec<Act>,
    /// What is noted with them.
    pub notes: Vec<Note>,
    /// Acts before the copied ones that whoever wrote them cannot read any more: the first, the last, and the hash of the
    /// last.
    pub lost: Option<(u64, u64, Hash)>,
}

/// The acts of one entry.
#[derive(Default)]
struct Piece {
    block: Block,
    acts: Vec<(Act, Hash)>,
}

impl Engine {
    /// Takes in what arrived, and gives back the acts of its own as they are stored.
    pub(crate) fn take_in(&mut self, arrived: Arrived) -> Result<Vec<Act>, StoreError> {
        // Without what was lost before them, acts are applied as well as can be.
        let fit = if arrived.lost.is_some() { Fit::Make } else { Fit::Refuse };
        let (pieces, own) = self.pieces(arrived.copied, arrived.own, arrived.lost)?;
        let start = self.journal.end();
        match <[Piece; 1]>::try_from(pieces) {
            Ok([piece]) if arrived.notes.is_empty() => self.write_alone(piece, fit)?,
            Ok([piece]) => {
                self.write_together(vec![piece], &arrived.notes, fit).map_err(|error| self.back_out(start, error))?
            }
            Err(pieces) => {
                self.write_together(pieces, &arrived.notes, fit).map_err(|error| self.back_out(start, error))?
            }
        }
        Ok(own)
    }

    fn pieces(
        &self,
        copied: Vec<StoredAct>,
        own: Vec<Act>,
        lost: Option<(u64, u64, Hash)>,
    ) -> Result<(Vec<Piece>, Vec<Act>), StoreError> {
        let (mut pieces, mut piece) = (Vec::new(), Piece::default());
        let mut chains = BTreeMap::new();
        let mut add = |piece: &mut Piece, act: Act, hash| {
            piece.acts.push((act, hash));
            if piece.block.lines.len() >= BLOCK {
                pieces.push(std::mem::take(piece));
            }
        };
        for StoredAct { act, line, hash } in copied {
            let chain = act.chain();
            let (number, before) = *chains.entry(chain).or_insert_with(|| {
                let counters = self.index.counters(chain);
                let behind = lost.filter(|(from, _, _)| *from == counters.last_act + 1);
                behind.map_or((counters.last_act, counters.last_hash), |(_, to, hash)| (to, hash))
            });
            if act.number != number + 1 || before.then(&line) != hash {
                return Err(StoreError::DoesNotFollow { chain, number: act.number });
            }
            self.check_kept(act.village)?;
            piece.block.add_line(chain, &line, before);
            chains.insert(chain, (act.number, hash));
            add(&mut piece, act, hash);
        }
        let mut stored = Vec::new();
        for mut act in own {
            let last = chains.get(&act.chain()).copied();
            let after = self.number(&mut act, last)?;
            let hash = piece.block.add(&act, after);
            chains.insert(act.chain(), (act.number, hash));
            stored.push(act.clone());
            add(&mut piece, act, hash);
        }
        if !piece.acts.is_empty() {
            pieces.push(piece);
        }
        Ok((pieces, stored))
    }

    fn write_alone(&mut self, piece: Piece, fit: Fit) -> Result<(), StoreError> {
        let frame = self.journal.frame(kind::ACTS, &piece.block.content())?;
        let place = self.journal.end().place;
        self.durably(&frame, |index| index.take_acts(piece.acts, frame.header.number, place, fit).map(|_| ()))
    }

    fn write_together(&mut self, pieces: Vec<Piece>, notes: &[Note], fit: Fit) -> Result<(), StoreError> {
        self.write_grouped(kind::BEGIN, &[], |_, _, _| Ok(()))?;
        for piece in pieces {
            self.write_grouped(kind::ACTS, &piece.block.content(), |index, number, place| {
                index.take_acts(piece.acts, number, place, fit).map(|_| ())
            })?;
        }
        for note in notes {
            let content = entry::write(note);
            self.write_grouped(kind::NOTE, &content, |index, number, _| index.take_note(note, number))?;
        }
        self.end_group()
    }

    fn back_out(&mut self, start: End, error: StoreError) -> StoreError {
        // A store whose index could not be built again says so at the next call.
        let _ = self.take_back(start, &mut Unwatched);
        error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::{FieldChange, Opened, line};
    use crate::domain::{Chain, HouseholdId, Name, Side, Slot, Value, VillageCode};
    use crate::store::{Setup, Store};

    fn village() -> VillageCode {
        "419999101201".parse().unwrap()
    }

    fn store(scope: &str, id: &str) -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(folder.path(), &Setup { scope: scope.into(), store_id: id.into() }).unwrap();
        (folder, store)
    }

    fn act(side: Side, serial: u32, text: &str) -> Act {
        let moment = "2022-11-20T09:30:00+08:00".parse().unwrap();
        let mut act = Act::new(village(), Name::new("edit"), "", "李桂枝", Name::new("coordinator"), moment);
        act.side = side;
        act.changes.push(FieldChange {
            household: serial,
            slot: Slot { section: Name::new("household"), row: 0, field: Name::new("group") },
            old: None,
            new: Value::text(text),
            happened_on: None,
            seen_on: None,
            evidence: None,
            item: None,
            evidence_only: false,
        });
        act
    }

    /// A village's store with three acts of its own, and all of them as they stand there.
    fn a_village(much: usize) -> (tempfile::TempDir, Store, Vec<StoredAct>) {
        let (folder, mut store) = store("419999101201", "00c0ffee00c0ffee");
        for serial in 1..=3 {
            let mut act = act(Side::Village, serial, &"长".repeat(much));
            act.opened.push(Opened { household: serial, on: act.entered_on() });
            store.commit(act).unwrap();
        }
        let acts = store.acts(village(), 1..=3).map(Result::unwrap).collect();
        (folder, store, acts)
    }

    fn copied(acts: &[StoredAct]) -> Arrived {
        Arrived { copied: acts.to_vec(), ..Arrived::default() }
    }

    #[test]
    fn what_is_taken_in_is_the_same_to_the_byte_whether_one_entry_holds_it_or_several() {
        for much in [10, BLOCK / 6] {
            let (_folder, village_store, acts) = a_village(much);
            let (folder, mut county) = store("419999", "feedfeedfeedfeed");
            let mut own = act(Side::County, 1, "二组");
            own.knew = Some(3);
            let own = county.take_in(Arrived { own: vec![own], ..copied(&acts) }).unwrap();
            assert_eq!((own[0].number, &*own[0].store), (1, "feedfeedfeedfeed"));
            drop(county);
            let county = Store::open(folder.path(), &mut Unwatched).unwrap().store;
            assert_eq!(county.acts(village(), 1..=9).map(Result::unwrap).collect::<Vec<_>>(), acts);
            assert_eq!(county.counters(village()), village_store.counters(village()));
            for serial in 1..=3 {
                let id = HouseholdId { village: village(), serial };
                assert_eq!(county.file(id).unwrap(), village_store.file(id).unwrap());
            }
            let of_county = county.acts(Chain::of_county(village()), 1..=9).map(Result::unwrap).collect::<Vec<_>>();
            assert_eq!(of_county.iter().map(|stored| &stored.act).collect::<Vec<_>>(), own.iter().collect::<Vec<_>>());
            assert!(county.verify(&mut Unwatched).unwrap().problems.is_empty());
        }
    }

    #[test]
    fn what_does_not_follow_is_refused_and_leaves_nothing_behind() {
        let (_folder, _village, acts) = a_village(10);
        let (_folder, mut county) = store("419999", "feedfeedfeedfeed");
        let gap = county.take_in(copied(&acts[1..]));
        assert!(matches!(gap, Err(StoreError::DoesNotFollow { number: 2, .. })));
        let mut altered = acts.clone();
        altered[1].line = line::write(&act(Side::Village, 2, "改过"));
        assert!(matches!(county.take_in(copied(&altered)), Err(StoreError::DoesNotFollow { number: 2, .. })));
        county.take_in(copied(&acts[..2])).unwrap();
        assert!(matches!(county.take_in(copied(&acts)), Err(StoreError::DoesNotFollow { number: 1, .. })));
        let (_folder, mut elsewhere) = store("410000", "feedfeedfeedfeed");
        assert!(matches!(elsewhere.take_in(copied(&acts)), Err(StoreError::OtherVillage { .. })));
        assert_eq!(county.counters(village()).last_act, 2);
        county.take_in(copied(&acts[2..])).unwrap();
        assert_eq!(county.acts(village(), 1..=9).map(Result::unwrap).collect::<Vec<_>>(), acts);
    }

    #[test]
    fn acts_that_make_no_sense_take_the_whole_arrival_back() {
        for much in [10, BLOCK / 6] {
            let (_folder, _village, mut acts) = a_village(much);
            let mut strange = act(Side::Village, 99, "没有这一户");
            strange.number = 4;
            strange.store = "00c0ffee00c0ffee".into();
            let line = line::write(&strange);
            acts.push(StoredAct { act: strange, hash: acts[2].hash.then(&line), line });
            let (_folder, mut county) = store("419999", "feedfeedfeedfeed");
            assert!(matches!(county.take_in(copied(&acts)), Err(StoreError::NoHousehold(_))));
            assert_eq!(county.counters(village()).last_act, 0);
            assert_eq!(county.acts(village(), 1..=9).count(), 0);
            county.take_in(copied(&acts[..3])).unwrap();
        }
    }

    #[test]
    fn nobody_goes_on_in_a_chain_that_another_store_writes() {
        let (_folder, _village, acts) = a_village(10);
        let (_folder, mut county) = store("419999", "feedfeedfeedfeed");
        county.take_in(copied(&acts)).unwrap();
        assert!(matches!(county.commit(act(Side::Village, 1, "县里改")), Err(StoreError::Copy(_))));
        assert_eq!(county.commit(act(Side::County, 1, "县里改")).unwrap().number, 1);
    }
}
