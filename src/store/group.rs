//! A group: many acts, all or nothing, such as an import. Another thread writes them while the next ones are made.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crate::changes::{Act, Hash};
use crate::domain::{Chain, HouseholdFile, HouseholdId};
use crate::progress::{Progress, Unwatched};

use super::engine::{Engine, lock};
use super::error::StoreError;
use super::index::Fit;
use super::journal::End;
use super::journal::entry::{Block, kind};

/// What a group came to: the numbers that its acts were given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupDone {
    /// The first and last number, by chain.
    pub acts: BTreeMap<Chain, RangeInclusive<u64>>,
}

/// Acts that count together, once committed. Dropped, none of them ever was.
pub struct Group<'a> {
    engine: &'a Arc<Mutex<Engine>>,
    /// Acts that are not handed over yet: waking the writer for each one costs as much as writing it.
    waiting: Vec<Act>,
    to_writer: Option<SyncSender<Vec<Act>>>,
    writer: Option<JoinHandle<Result<GroupDone, StoreError>>>,
    abandoned: Arc<AtomicBool>,
    /// Where the journal ended before it.
    start: End,
}

/// How many acts are handed over at once, and how many times that may wait to be written.
const HANDFUL: usize = 32;
const HANDFULS: usize = 4;

/// About how many bytes of lines go into one entry.
const BLOCK: usize = 160 << 10;

impl<'a> Group<'a> {
    pub(crate) fn begin(engine: &'a Arc<Mutex<Engine>>) -> Result<Self, StoreError> {
        let start = lock(engine).usable()?.journal.end();
        let (to_writer, from_group) = sync_channel(HANDFULS);
        let abandoned = Arc::new(AtomicBool::new(false));
        let writer = Writer::new(Arc::clone(engine), Arc::clone(&abandoned));
        let writer = thread::Builder::new().name("store".to_owned()).spawn(move || writer.run(&from_group));
        let writer = writer.map_err(StoreError::disk("开始导入"))?;
        Ok(Self { engine, waiting: Vec::new(), to_writer: Some(to_writer), writer: Some(writer), abandoned, start })
    }

    /// Adds an act; its number and hash are given to it as it is written.
    pub fn add(&mut self, act: Act) -> Result<(), StoreError> {
        self.waiting.push(act);
        if self.waiting.len() < HANDFUL || self.hand_over() {
            return Ok(());
        }
        // The writer has stopped, and says why.
        Err(self.finish().err().unwrap_or(StoreError::Cancelled))
    }

    fn hand_over(&mut self) -> bool {
        let acts = std::mem::take(&mut self.waiting);
        self.to_writer.as_ref().is_some_and(|writer| writer.send(acts).is_ok())
    }

    /// A household's file. Of a household that this group touches, it may or may not show that yet.
    pub fn file(&self, id: HouseholdId) -> Result<Option<HouseholdFile>, StoreError> {
        lock(self.engine).usable()?.index.file(id)
    }

    /// Makes all acts count, durably, or none.
    pub fn commit(mut self) -> Result<GroupDone, StoreError> {
        let done = self.finish()?;
        if !done.acts.is_empty() {
            lock(self.engine).end_group()?;
        }
        // From here on there is nothing to take back.
        self.start = lock(self.engine).journal.end();
        Ok(done)
    }

    /// Takes everything back, and brings the index to where it was.
    pub fn abandon(mut self, progress: &mut dyn Progress) -> Result<(), StoreError> {
        self.take_back(progress)
    }

    /// Waits for the writer, who has everything that it will get.
    fn finish(&mut self) -> Result<GroupDone, StoreError> {
        self.hand_over();
        self.to_writer = None;
        let Some(writer) = self.writer.take() else { return Err(StoreError::Cancelled) };
        writer.join().unwrap_or_else(|_| Err(StoreError::Index("导入中断".to_owned())))
    }

    fn take_back(&mut self, progress: &mut dyn Progress) -> Result<(), StoreError> {
        self.abandoned.store(true, Ordering::Relaxed);
        self.waiting.clear();
        // Why it stopped does not matter any more.
        let _ = self.finish();
        lock(self.engine).take_back(self.start, progress)
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        // A store whose index could not be built again says so at the next call.
        let _ = self.take_back(&mut Unwatched);
    }
}

struct Writer {
    engine: Arc<Mutex<Engine>>,
    abandoned: Arc<AtomicBool>,
    /// Acts of the entry that is being filled, with their hashes.
    acts: Vec<(Act, Hash)>,
    block: Block,
    begun: bool,
    /// The number and hash of each chain's last act.
    chains: BTreeMap<Chain, (u64, Hash)>,
    done: GroupDone,
}

impl Writer {
    fn new(engine: Arc<Mutex<Engine>>, abandoned: Arc<AtomicBool>) -> Self {
        Self {
            engine,
            abandoned,
            acts: Vec::new(),
            block: Block::default(),
            begun: false,
            chains: BTreeMap::new(),
            done: GroupDone::default(),
        }
    }

    fn run(mut self, from_group: &Receiver<Vec<Act>>) -> Result<GroupDone, StoreError> {
        for acts in from_group {
            if self.abandoned.load(Ordering::Relaxed) {
                return Err(StoreError::Cancelled);
            }
            acts.into_iter().try_for_each(|act| self.take(act))?;
        }
        self.write()?;
        Ok(self.done)
    }

    fn take(&mut self, mut act: Act) -> Result<(), StoreError> {
        let chain = act.chain();
        let known = self.chains.get(&chain).copied();
        let after = lock(&self.engine).number(&mut act, known)?;
        let hash = self.block.add(&act, after);
        self.chains.insert(chain, (act.number, hash));
        let first = self.done.acts.get(&chain).map_or(act.number, |acts| *acts.start());
        self.done.acts.insert(chain, first..=act.number);
        self.acts.push((act, hash));
        if self.block.lines.len() >= BLOCK { self.write() } else { Ok(()) }
    }

    /// Writes the entry that is filled, and applies it.
    fn write(&mut self) -> Result<(), StoreError> {
        if self.acts.is_empty() {
            return Ok(());
        }
        let (block, acts) = (std::mem::take(&mut self.block), std::mem::take(&mut self.acts));
        let mut engine = lock(&self.engine);
        if !self.begun {
            engine.write_grouped(kind::BEGIN, &[], |_, _, _| Ok(()))?;
            self.begun = true;
        }
        engine.write_grouped(kind::ACTS, &block.content(), |index, number, place| {
            index.take_acts(acts, number, place, Fit::Refuse).map(|_| ())
        })
    }
}
