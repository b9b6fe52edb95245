//! The store: a journal that is the truth, and an index over it that can be built again at any time.
//!
//! ```text
//! HOME/lock               the system's lock on it says that the store is open
//! HOME/journal/000001.hdj entries, each a frame (see `journal/frame.rs`); later segments follow
//! HOME/journal/000002.hds everything as it was before segment 2
//! HOME/journal/identity   who the store is, once more
//! HOME/journal/drafts     what is typed and not committed yet
//! HOME/keys/              the secret keys, as text that the store does not read
//! HOME/waiting/           sets that came before those that they follow, or whose key nobody has compared
//! HOME/aside/             copies of chains that were begun anew, each a home of its own
//! HOME/index/             sled's
//! HOME/index.mark         whether the index is open, or how it was closed
//! HOME/index.aside-1/     an index that was not trusted
//! ```
//!
//! A write is an entry: appended to the journal and made durable, then put into the index, all of it at once, then
//! acknowledged. The index hands over to sled a little later: what sled lacks after a kill, the journal has.

mod backup;
mod drafts;
mod engine;
mod error;
mod group;
mod history;
mod hurt;
mod index;
mod journal;
mod keys;
mod layout;
mod lock;
mod mark;
mod open;
mod replay;
mod snapshot;
mod take_in;
mod tally;
mod verify;
mod waiting;

use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use crate::changes::{Act, Hash};
use crate::domain::{Chain, HouseholdFile, HouseholdId, Summary, VillageCode};
use crate::progress::{Progress, Unwatched};

use drafts::Drafts;
use engine::Engine;
use index::Summaries;
use journal::entry::Identity;
use journal::{Journal, Refusal, damage};
use layout::Home;
use lock::Lock;
use open::{Purpose, Word};

pub use drafts::Draft;
pub use error::{OpenNote, StoreError};
pub use group::{Group, GroupDone};
pub use index::guard::catches_panics;
pub use index::{Counters, SealedFile};
pub use journal::entry::{Accepted, Anew, HandedOver, Note, PinnedKey, SignedBy, WentOn};
pub use keys::key_text;
pub use lock::held_by;
pub use take_in::Arrived;
pub use verify::Verified;
pub use waiting::WaitsFor;

/// What a new store keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The beginning of the division codes: 12 digits are one village, 9 a township, 6 a county.
    pub scope: Box<str>,
    /// A random id of 16 hexadecimal digits.
    pub store_id: Box<str>,
}

/// A store that opened, and what there is to tell of it.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// What there was to see to.
    pub notes: Vec<OpenNote>,
}

/// An act as it stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAct {
    /// The act.
    pub act: Act,
    /// The line that says it, to the byte.
    pub line: Vec<u8>,
    /// Its hash.
    pub hash: Hash,
}

/// An open store. Nobody else can open it while this lives.
pub struct Store {
    home: Home,
    engine: Arc<Mutex<Engine>>,
    drafts: Drafts,
    identity: Identity,
    notes: Vec<Note>,
    /// What was told when it was opened.
    told: Vec<OpenNote>,
    /// Damage that was found since.
    found: Arc<Mutex<Vec<OpenNote>>>,
    /// Held until everything above is closed.
    _lock: Lock,
}

/// Says which store it is, and nothing of what it holds.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("home", &self.home).field("identity", &self.identity).finish_non_exhaustive()
    }
}

impl Store {
    /// Whether there is a store in this home.
    pub fn exists(home: &Path) -> bool {
        Home::at(home).holds_a_store()
    }

    /// Begins a store in a home that has none.
    pub fn create(home: &Path, setup: &Setup) -> Result<Self, StoreError> {
        Self::create_again(home, setup, 1)
    }

    /// Begins a store that was lost anew, in a home that has none, at an epoch that it had not reached.
    pub fn create_again(home: &Path, setup: &Setup, epoch: u32) -> Result<Self, StoreError> {
        let scope = &setup.scope;
        if !matches!(scope.len(), 6 | 9 | 12) || !scope.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(StoreError::BadScope(scope.clone()));
        }
        let home = Home::at(home);
        let none_yet = || match home.holds_a_store() {
            true => Err(StoreError::Exists(home.dir().to_owned())),
            false => Ok(()),
        };
        none_yet()?;
        let is_empty = home.holds().is_none();
        layout::make_folder(&home.journal()).map_err(StoreError::disk("建立户档"))?;
        if is_empty {
            home.keep_private();
        }
        let lock = Lock::take(&home)?;
        // Somebody else may have been quicker.
        none_yet()?;
        let identity = Identity { scope: scope.clone(), store: setup.store_id.clone(), epoch, born: None };
        Journal::create(&home, &identity)?;
        Self::open_locked(home, lock, Purpose::Work, &mut Unwatched).map(|opened| opened.store)
    }

    /// Opens the store of a home, with whatever it takes; long work is shown as progress.
    pub fn open(home: &Path, progress: &mut dyn Progress) -> Result<Opened, StoreError> {
        Self::open_for(home, Purpose::Work, progress)
    }

    /// Opens the store with an index built again from the journal; the old one is set aside.
    pub fn rebuild(home: &Path, progress: &mut dyn Progress) -> Result<Opened, StoreError> {
        Self::open_for(home, Purpose::Rebuild, progress)
    }

    /// Puts a backup into an empty home, under a new epoch, and opens it.
    pub fn restore(from: &Path, home: &Path, progress: &mut dyn Progress) -> Result<Opened, StoreError> {
        let home = Home::at(home);
        let empty = || match home.holds() {
            Some(holds) => Err(StoreError::NotEmpty { home: home.dir().to_owned(), holds }),
            None => Ok(()),
        };
        empty()?;
        layout::make_folder(home.dir()).map_err(StoreError::disk("恢复备份"))?;
        home.keep_private();
        let lock = Lock::take(&home)?;
        // Somebody else may have been quicker.
        empty()?;
        let mut notes = backup::unpack(from, &home, progress)?;
        let mut opened = Self::open_locked(home, lock, Purpose::Work, progress)?;
        notes.append(&mut opened.notes);
        opened.store.told.clone_from(&notes);
        Ok(Opened { notes, ..opened })
    }

    /// Opens a store whose journal is damaged so that it goes on behind the damage, under a new epoch, by the word of a
    /// person on a local day. What cannot be read any more is gone from the files, too, and the households are told.
    pub fn go_on(home: &Path, by: &str, on: NaiveDate, progress: &mut dyn Progress) -> Result<Opened, StoreError> {
        let home = Home::at(home);
        if !home.holds_a_store() {
            return Err(StoreError::Missing(home.dir().to_owned()));
        }
        let lock = Lock::take(&home)?;
        let (engine, _) = open::open(&home, &lock, Purpose::Work, progress)?;
        if !engine.journal.is_hurt() {
            return Err(StoreError::NotHurt);
        }
        drop(engine);
        Self::open_locked(home, lock, Purpose::GoOn(&Word { by: by.into(), on }), progress)
    }

    fn open_for(home: &Path, purpose: Purpose<'_>, progress: &mut dyn Progress) -> Result<Opened, StoreError> {
        let home = Home::at(home);
        if !home.holds_a_store() {
            return Err(StoreError::Missing(home.dir().to_owned()));
        }
        let lock = Lock::take(&home)?;
        Self::open_locked(home, lock, purpose, progress)
    }

    fn open_locked(
        home: Home,
        lock: Lock,
        purpose: Purpose<'_>,
        progress: &mut dyn Progress,
    ) -> Result<Opened, StoreError> {
        let (engine, mut notes) = open::open(&home, &lock, purpose, progress)?;
        let drafts = Drafts::open(&home, lock.read_only, &mut notes)?;
        let identity = engine.index.state().identity.clone();
        let noted = engine.index.notes()?;
        let engine = Arc::new(Mutex::new(engine));
        let (told, found) = (notes.clone(), Arc::default());
        let store = Self { home, engine, drafts, identity, notes: noted, told, found, _lock: lock };
        Ok(Opened { store, notes })
    }

    /// The folder in which it lies.
    pub fn home(&self) -> &Path {
        self.home.dir()
    }

    /// The beginning of the division codes that it keeps.
    pub fn scope(&self) -> &str {
        &self.identity.scope
    }

    /// Its random id.
    pub fn store_id(&self) -> &str {
        &self.identity.store
    }

    /// How often it was restored or copied, counted from 1.
    pub fn epoch(&self) -> u32 {
        self.identity.epoch
    }

    /// The villages of which it has acts, in order.
    pub fn villages(&self) -> Vec<VillageCode> {
        self.engine().index.villages().collect()
    }

    /// How far the numbers of a chain have come; a village alone names the one that it writes itself.
    pub fn counters(&self, chain: impl Into<Chain>) -> Counters {
        self.engine().index.counters(chain.into())
    }

    /// A household's file.
    pub fn file(&self, id: HouseholdId) -> Result<Option<HouseholdFile>, StoreError> {
        self.with(|engine| engine.index.file(id))
    }

    /// The records of several files, not opened yet: opening takes longer than reading, and can be done elsewhere.
    pub fn sealed(&self, ids: &[HouseholdId]) -> Result<Vec<SealedFile>, StoreError> {
        self.with(|engine| ids.iter().map(|id| engine.index.sealed(*id)).collect())
    }

    /// A household in short.
    pub fn summary(&self, id: HouseholdId) -> Result<Option<Summary>, StoreError> {
        self.with(|engine| engine.index.summary(id))
    }

    /// All households in short, by village and serial.
    pub fn summaries(&self) -> impl Iterator<Item = Result<Summary, StoreError>> + use<> {
        let engine = Arc::clone(&self.engine);
        let all: Summaries = self.engine().index.summaries();
        all.inspect(move |read| {
            if matches!(read, Err(StoreError::Index(_))) {
                // The pass is over, but the next one finds an index that works; a failure here is told then.
                let _ = engine::lock(&engine).heal();
            }
        })
    }

    /// Numbers, chains, appends durably, applies, and only then gives back the act as it is stored.
    pub fn commit(&mut self, act: Act) -> Result<Act, StoreError> {
        self.with(|engine| engine.commit(act.clone()))
    }

    /// Takes in acts of other stores as they are, with what follows from them here: all of it durably, or nothing.
    pub fn take_in(&mut self, arrived: Arrived) -> Result<Vec<Act>, StoreError> {
        let has_notes = !arrived.notes.is_empty();
        let own = self.engine().usable()?.take_in(arrived)?;
        if has_notes {
            self.notes = self.with(|engine| engine.index.notes())?;
        }
        Ok(own)
    }

    /// The act that took the form or act with this id; an empty id is never taken.
    pub fn act_with_id(&self, chain: impl Into<Chain>, id: &str) -> Result<Option<u64>, StoreError> {
        let chain = chain.into();
        self.with(|engine| engine.index.act_with_id(chain, id))
    }

    /// One act of a chain; none where it is not there, or cannot be read any more.
    pub fn act(&self, chain: impl Into<Chain>, number: u64) -> Result<Option<StoredAct>, StoreError> {
        self.readable(chain, number..=number).next().transpose()
    }

    /// A run of acts as [`acts`](Self::acts) gives it, without those that cannot be read any more.
    pub fn readable(
        &self,
        chain: impl Into<Chain>,
        numbers: RangeInclusive<u64>,
    ) -> impl Iterator<Item = Result<StoredAct, StoreError>> + '_ {
        let is_gone = |read: &Result<StoredAct, StoreError>| {
            matches!(read, Err(StoreError::Damaged(_) | StoreError::BadLine { .. }))
        };
        self.acts(chain, numbers).filter(move |read| !is_gone(read))
    }

    /// The hash that an act follows, also where the act before it cannot be read any more.
    pub fn hash_before(&self, chain: impl Into<Chain>, number: u64) -> Result<Hash, StoreError> {
        let chain = chain.into();
        if number <= 1 {
            return Ok(Hash::NONE);
        }
        if let Some(before) = self.act(chain, number - 1)? {
            return Ok(before.hash);
        }
        let run = self.with(|engine| engine.index.run_with(chain, number))?;
        let Some((_, run)) = run.filter(|(first, _)| *first == number) else { return Ok(Hash::NONE) };
        let (_, block) = journal::read_block(&self.home, run.place)?;
        Ok(block.after.get(&chain).copied().unwrap_or_default())
    }

    /// A run of acts of a chain, ascending. Numbers that are not there are passed over; each act that cannot be read is
    /// an error, and those behind it follow.
    pub fn acts(
        &self,
        chain: impl Into<Chain>,
        numbers: RangeInclusive<u64>,
    ) -> impl Iterator<Item = Result<StoredAct, StoreError>> + '_ {
        history::Acts::new(self, chain.into(), numbers)
    }

    /// Begins a group of acts, all of which count together or not at all.
    pub fn group(&mut self) -> Result<Group<'_>, StoreError> {
        Group::begin(&self.engine)
    }

    /// Notes something beside the acts, durably.
    pub fn note(&mut self, note: &Note) -> Result<(), StoreError> {
        self.with(|engine| engine.note(note))?;
        self.notes = self.with(|engine| engine.index.notes())?;
        Ok(())
    }

    /// Lets a chain begin anew, durably: nothing of what it held counts any more, and it is numbered from 1 again.
    pub fn begin_anew(&mut self, anew: &Anew) -> Result<(), StoreError> {
        self.engine().usable()?.begin_anew(anew)?;
        self.notes = self.with(|engine| engine.index.notes())?;
        Ok(())
    }

    /// The newest settings, then all other notes, oldest first.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Starts the next generation: a snapshot of everything, and a new segment of the journal behind it.
    ///
    /// Opening does so by itself when the segment has grown long.
    pub fn next_generation(&mut self, progress: &mut dyn Progress) -> Result<(), StoreError> {
        let mut engine = self.engine();
        let done = snapshot::next_generation(&self.home, engine.usable()?, progress);
        if matches!(done, Err(StoreError::Index(_))) {
            engine.heal()?;
        }
        done
    }

    /// Reads everything, and compares the journal with the index; what was told at opening is told again.
    pub fn verify(&self, progress: &mut dyn Progress) -> Result<Verified, StoreError> {
        let told: Vec<OpenNote> = self.told.iter().chain(self.found().iter()).cloned().collect();
        verify::verify(self.engine().usable()?, &told, progress)
    }

    /// Whether the journal is damaged, so that it can be read and nothing written.
    pub fn is_hurt(&self) -> bool {
        self.engine().journal.is_hurt()
    }

    /// Whether it came back from a backup, or lost its end, and nobody has said yet what was handed over meanwhile.
    pub fn asks_what_went_out(&self) -> bool {
        self.home.restored().exists()
    }

    /// Takes the word of a person that all that was handed over meanwhile is back, or nothing was.
    pub fn knows_what_went_out(&mut self) -> Result<(), StoreError> {
        match std::fs::remove_file(self.home.restored()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::disk("记下")(error)),
            _ => layout::sync_folder(&self.home.journal()).map_err(StoreError::disk("记下")),
        }
    }

    /// Looks at the checksums of the older segments while the store is at work. Where one is damaged, nothing more is
    /// written, and [`found`](Self::found) tells.
    pub fn look_at_the_rest(&self) {
        let Ok(first @ 2..) = damage::newest(&self.home) else { return };
        let (home, engine, found) = (self.home.clone(), Arc::downgrade(&self.engine), Arc::clone(&self.found));
        let look = move || {
            let Ok(mut notes) = damage::look(&home, 0, first - 1) else { return };
            let Some(engine) = engine.upgrade().filter(|_| !notes.is_empty()) else { return };
            let mut engine = engine::lock(&engine);
            let noted = engine.index.notes().unwrap_or_default();
            notes.retain(|note| !damage::went_on(&noted).any(|it| it.covers(note)));
            if !notes.is_empty() && !engine.journal.is_hurt() {
                // Where it cannot be kept it is found again.
                let _ = damage::Known::of(&notes).write(&home);
                engine.journal.refuse(Refusal::Damaged);
                notes.push(OpenNote::Hurt);
                *found.lock().unwrap_or_else(PoisonError::into_inner) = notes;
            }
        };
        // Without a thread for it, `verify` looks.
        let _ = std::thread::Builder::new().name("checksums".to_owned()).spawn(look);
    }

    /// Damage that was found since the store was opened.
    pub fn found(&self) -> Vec<OpenNote> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the file of a secret key holds, where there is one.
    pub fn key_text(&self, name: &str) -> Result<Option<String>, StoreError> {
        keys::read(&self.home, name)
    }

    /// Puts the file of a secret key in place, for its owner alone; one that is there already is left as it is.
    pub fn keep_key(&self, name: &str, text: &str) -> Result<(), StoreError> {
        keys::write(&self.home, name, text)
    }

    /// Writes everything into one file, and reads it back before an older file of this name is replaced.
    pub fn backup(&self, to: &Path, progress: &mut dyn Progress) -> Result<(), StoreError> {
        let end = self.engine().journal.end();
        backup::write(&self.home, &self.identity, end, to, progress)
    }

    /// The drafts there are, by key.
    pub fn drafts(&self) -> Vec<Draft> {
        self.drafts.all()
    }

    /// Keeps a draft, durably, in place of the one under this key.
    pub fn save_draft(&mut self, key: &str, content: &[u8]) -> Result<(), StoreError> {
        self.drafts.save(key, content)
    }

    /// Lets go of a draft, if there is one under this key.
    pub fn drop_draft(&mut self, key: &str) -> Result<(), StoreError> {
        self.drafts.drop(key)
    }

    fn engine(&self) -> MutexGuard<'_, Engine> {
        engine::lock(&self.engine)
    }

    /// Does something with the engine; an index that fails at it is replaced, in memory, by what the journal says.
    fn with<T>(&self, work: impl Fn(&mut Engine) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut engine = self.engine();
        match work(engine.usable()?) {
            Err(StoreError::Index(_)) if !engine.index.pairs.is_in_memory() => {
                engine.heal()?;
                work(&mut engine)
            }
            done => done,
        }
    }
}
