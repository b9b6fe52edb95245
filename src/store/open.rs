//! Opening as a decision: the index is used if it is the journal's own, brought up to date, or built again.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};

use chrono::NaiveDate;

use crate::domain::HouseholdId;
use crate::progress::{Progress, Unwatched};

use super::engine::Engine;
use super::error::{OpenNote, StoreError};
use super::hurt::acts_of_each;
use super::index::Index;
use super::index::guard::Failure;
use super::index::pairs::Disk;
use super::journal::entry::{Identity, WentOn};
use super::journal::{self, End, Journal, Refusal, birth, damage};
use super::layout::{self, Home, UNFINISHED};
use super::lock::{Held, Lock};
use super::mark::{Left, Mark};
use super::replay::{self, Played};
use super::snapshot;
use super::tally;

/// What a store is opened for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose<'a> {
    /// To work with it.
    Work,
    /// To build its index again.
    Rebuild,
    /// To go on behind damage, by the word of a person.
    GoOn(&'a Word),
}

/// Who said something, and on which local day.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) by: Box<str>,
    pub(crate) on: NaiveDate,
}

/// An index that was not used.
enum Unused {
    /// There is none, or by its own word it is not finished and holds nothing that the journal does not.
    Unfinished,
    /// It failed, or does not fit, and is kept aside.
    Doubtful(String),
    /// The disk gives it no room, or may not be written to.
    NoRoom(String),
}

/// How many indexes set aside are kept.
const ASIDES: usize = 2;

/// A segment longer than this is followed by the next generation.
const LONG: u64 = 32 << 20;

/// Opens what lies in a home that is locked, and tells what there was to see to.
pub(crate) fn open(
    home: &Home,
    lock: &Lock,
    purpose: Purpose<'_>,
    progress: &mut dyn Progress,
) -> Result<(Engine, Vec<OpenNote>), StoreError> {
    let mut opener = Opener { home, held_lock: lock.held(), ..Opener::reader(home) };
    opener.read_only = lock.read_only;
    opener.tidy();
    let identity = journal::identity(home)?.ok_or_else(|| StoreError::Damaged("没有一段读得出".to_owned()))?;
    let (index, played) = opener.index(&identity, purpose, progress)?;
    let engine = opener.settle(index, played, purpose, progress)?;
    Ok((engine, opener.notes))
}

/// The index of a store that is open, built again where a group that was taken back has left traces in it.
pub(crate) fn index_again(
    home: &Home,
    index: &mut Index<Disk>,
    progress: &mut dyn Progress,
) -> Result<Index<Disk>, StoreError> {
    let identity = index.state().identity.clone();
    // The folder must be closed before it can be removed.
    *index = Index::new(Disk::in_memory(), identity.clone());
    let mut opener = Opener { read_only: false, ..Opener::reader(home) };
    opener.build(&identity, Unused::Unfinished, progress).map(|(index, _)| index)
}

/// What the journal comes to, in memory, for a store whose index has failed while it is open.
pub(crate) fn index_in_memory(home: &Home, identity: &Identity) -> Result<Index<Disk>, StoreError> {
    let mut opener = Opener::reader(home);
    let unused = Unused::NoRoom(String::new());
    opener.build(identity, unused, &mut Unwatched).map(|(index, _)| index)
}

/// What opens a store.
pub(super) struct Opener<'a> {
    pub(super) home: &'a Home,
    pub(super) read_only: bool,
    pub(super) notes: Vec<OpenNote>,
    /// The last entry that the old index says it holds, so that its loss from the journal is noticed.
    held: u64,
    /// The acts of each household by the old index, where it is left for damage.
    pub(super) before: BTreeMap<HouseholdId, Vec<u64>>,
    /// The lock under which the store is opened.
    held_lock: Option<Held>,
}

impl<'a> Opener<'a> {
    fn reader(home: &'a Home) -> Self {
        Self { home, read_only: true, notes: Vec::new(), held: 0, before: BTreeMap::new(), held_lock: None }
    }

    /// Removes what a kill left half written.
    fn tidy(&mut self) {
        if self.read_only {
            self.notes.push(OpenNote::ReadOnly { why: "磁盘是只读的".to_owned() });
            return;
        }
        if !layout::is_private(&self.home.lock()) {
            self.notes.push(OpenNote::NotPrivate);
        }
        // What cannot be moved now is moved at the next opening.
        let _ = super::backup::settle(self.home);
        for folder in [self.home.dir().to_owned(), self.home.journal(), self.home.keys()] {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().extension().is_some_and(|extension| extension == UNFINISHED) {
                    // It is in nobody's way, and tried again at the next opening.
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }

    /// The index, up to the journal's end.
    fn index(
        &mut self,
        identity: &Identity,
        purpose: Purpose<'_>,
        progress: &mut dyn Progress,
    ) -> Result<(Index<Disk>, Played), StoreError> {
        let asked = || Unused::Doubtful("按要求".to_owned());
        let unused = match (self.old_index(identity), purpose) {
            (Ok(index), Purpose::Rebuild | Purpose::GoOn(_)) => {
                self.before = acts_of_each(&index);
                asked()
            }
            (old, Purpose::GoOn(_)) => old.err().unwrap_or_else(asked),
            (old, _) => match old {
                Ok(mut index) => match replay::play(self.home, &mut index, progress) {
                    Ok(played) => match index.pairs.failure() {
                        None => return Ok((index, played)),
                        Some(why) => Unused::NoRoom(why.to_owned()),
                    },
                    Err(StoreError::Index(why)) => Unused::Doubtful(why),
                    Err(error) => return Err(error),
                },
                Err(unused) => unused,
            },
        };
        if matches!(purpose, Purpose::GoOn(_)) {
            // They hold what the journal does not any more, and all that goes on is to be what it says.
            self.set_snapshots_aside()?;
        }
        if let Unused::Doubtful(why) = &unused {
            self.notes.push(OpenNote::Rebuilt { why: why.clone() });
        }
        self.build(identity, unused, progress)
    }

    /// The index as it was left, if it is the journal's own.
    fn old_index(&mut self, identity: &Identity) -> Result<Index<Disk>, Unused> {
        let doubtful = |why: &str| Unused::Doubtful(why.to_owned());
        if self.read_only {
            return Err(Unused::NoRoom("只读".to_owned()));
        }
        if !self.home.index().exists() {
            return Err(Unused::Unfinished);
        }
        let left = Mark::read(self.home);
        let disk = Disk::open(self.home).map_err(|failure| match failure {
            Failure::NoRoom(why) => Unused::NoRoom(why),
            failure => Unused::Doubtful(failure.into_words()),
        })?;
        let index = match Index::load(disk) {
            Ok(Some(index)) => index,
            Ok(None) => return Err(Unused::Unfinished),
            Err(StoreError::Index(why)) => return Err(Unused::Doubtful(why)),
            Err(error) => return Err(doubtful(&error.to_string())),
        };
        let state = index.state();
        let stands = journal::read_entry(self.home, state.place).is_ok_and(|found| {
            found.is_some_and(|f| (f.header.number, f.header.after()) == (state.number, state.digest))
        });
        if state.group.is_some() {
            let ended = stands && replay::group_ended(self.home, state.place).unwrap_or(false);
            return if ended && left != Left::Doubtful { Ok(index) } else { Err(Unused::Unfinished) };
        }
        if state.identity.store == identity.store {
            self.held = state.number;
        }
        if !stands || state.identity.store != identity.store {
            return Err(doubtful("索引与日志不符"));
        }
        if left == Left::Doubtful {
            return Err(doubtful("上次没有正常关闭，或索引文件被动过"));
        }
        // sled can hand back old records among new ones without a word. Reading them all takes long only where there
        // are many, and there each is still known by its checksum.
        if index.pairs.is_small()
            && let Err(error) = tally::check(&index)
        {
            return Err(doubtful(&error.to_string()));
        }
        Ok(index)
    }

    /// A new index, on the disk if it can be, and else in memory.
    fn build(
        &mut self,
        identity: &Identity,
        unused: Unused,
        progress: &mut dyn Progress,
    ) -> Result<(Index<Disk>, Played), StoreError> {
        let disk = self.fresh(unused);
        if !disk.is_in_memory() {
            let why = match self.build_in(disk, identity, progress) {
                Ok((index, played)) => match index.pairs.failure() {
                    None => return Ok((index, played)),
                    Some(why) => why.to_owned(),
                },
                Err(StoreError::Index(why)) => why,
                Err(error) => return Err(error),
            };
            self.tell(OpenNote::IndexInMemory { why });
        }
        self.build_in(Disk::in_memory(), identity, progress)
    }

    /// Fills an empty place from the newest good snapshot and the journal behind it.
    fn build_in(
        &mut self,
        mut disk: Disk,
        identity: &Identity,
        progress: &mut dyn Progress,
    ) -> Result<(Index<Disk>, Played), StoreError> {
        let in_memory = disk.is_in_memory();
        let snapshots = self.home.snapshots().map_err(StoreError::disk("读快照"))?;
        let usable = snapshots.into_iter().rev().filter(|number| !snapshot::is_of_other_version(self.home, *number));
        for number in usable {
            match snapshot::load(self.home, number, disk, progress) {
                Ok(mut index) => {
                    let played = replay::play(self.home, &mut index, progress)?;
                    return Ok((index, played));
                }
                Err(error @ (StoreError::Cancelled | StoreError::Newer { .. } | StoreError::Index(_))) => {
                    return Err(error);
                }
                Err(_) => {
                    self.tell(OpenNote::BadSnapshot(layout::name_of(&self.home.snapshot(number))));
                    disk = if in_memory { Disk::in_memory() } else { self.fresh(Unused::Unfinished) };
                }
            }
        }
        let mut index = Index::new(disk, identity.clone());
        let played = replay::play(self.home, &mut index, progress)?;
        Ok((index, played))
    }

    pub(super) fn tell(&mut self, note: OpenNote) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// An empty place for an index: on the disk, or in memory where the disk gives none.
    fn fresh(&mut self, unused: Unused) -> Disk {
        let cleared = match unused {
            Unused::NoRoom(why) => Err(why),
            Unused::Doubtful(_) => self.set_aside().map_err(|error| error.to_string()),
            Unused::Unfinished => match fs::remove_dir_all(self.home.index()) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.to_string()),
                _ => Ok(()),
            },
        };
        cleared.and_then(|()| Disk::open(self.home).map_err(Failure::into_words)).unwrap_or_else(|why| {
            self.tell(OpenNote::IndexInMemory { why });
            Disk::in_memory()
        })
    }

    /// Renames the index, and lets go of the oldest ones that were renamed before.
    fn set_aside(&mut self) -> io::Result<()> {
        let asides = self.home.asides();
        let aside = self.home.index_aside(asides.last().map_or(1, |last| last + 1));
        fs::rename(self.home.index(), &aside)?;
        self.notes.push(OpenNote::SetAside(layout::name_of(&aside)));
        for old in asides.iter().rev().skip(ASIDES - 1) {
            fs::remove_dir_all(self.home.index_aside(*old))?;
        }
        Ok(())
    }

    /// Goes on at the journal's end, under a new epoch where numbers may be used a second time.
    fn settle(
        &mut self,
        index: Index<Disk>,
        played: Played,
        purpose: Purpose<'_>,
        progress: &mut dyn Progress,
    ) -> Result<Engine, StoreError> {
        let Played { end, behind, notes, lost: acts } = played;
        let lost = self.held > end.number;
        let is_torn = notes.iter().any(|note| matches!(note, OpenNote::TornTail { .. }));
        self.notes.extend(notes.into_iter().filter(|note| !(lost && matches!(note, OpenNote::TornTail { .. }))));
        // Torn off, or damaged after it was acknowledged: where the index cannot tell, the bytes themselves may.
        let kept = if is_torn { self.keep_tail(end, behind) } else { Ok(None) };
        let writable = !self.read_only && kept.is_ok();
        let refused = kept.as_ref().err().map(ToString::to_string);
        if lost {
            self.notes.push(OpenNote::Lost { from: end.number + 1, to: self.held, kept: kept.ok().flatten() });
        }
        let is_hurt = self.is_hurt(&index, end, lost && !damage::is_cut_short(self.home, end.place)?)?;
        let went_on = match purpose {
            Purpose::GoOn(word) if is_hurt => Some(self.leave_behind(end, acts, word)),
            _ => None,
        };
        let is_hurt = is_hurt && went_on.is_none();
        let held = self.held_lock.take();
        let journal = Journal::resume(self.home, held, end, writable && !is_hurt)?;
        let mut engine = Engine::new(self.home, journal, index);
        if is_hurt {
            engine.journal.refuse(Refusal::Damaged);
            self.notes.push(OpenNote::Hurt);
            return Ok(engine);
        }
        // Nothing may be numbered before it is written who the store is, but everything can be read.
        let refused = refused.or_else(|| match writable {
            true => self.identify(&mut engine, lost, went_on).err().map(|error| error.to_string()),
            false => None,
        });
        if let Some(why) = refused {
            engine.journal.close();
            self.notes.push(OpenNote::ReadOnly { why });
        }
        if !engine.journal.is_open() {
            return Ok(engine);
        }
        if engine.journal.end().place.at > LONG {
            self.go_on_in_the_next(&mut engine, progress)?;
        }
        Ok(engine)
    }

    /// Starts the next generation, and the index anew from it: sled's file has grown with every entry since the last.
    fn go_on_in_the_next(&mut self, engine: &mut Engine, progress: &mut dyn Progress) -> Result<(), StoreError> {
        if let Err(error) = snapshot::next_generation(self.home, engine, progress) {
            if matches!(error, StoreError::Index(_)) {
                engine.heal()?;
            }
            self.tell(OpenNote::NoGeneration { why: error.to_string() });
            return Ok(());
        }
        let identity = engine.index.state().identity.clone();
        // The folder must be closed before it can be removed.
        engine.index = Index::new(Disk::in_memory(), identity.clone());
        engine.index = self.build(&identity, Unused::Unfinished, progress)?.0;
        Ok(())
    }

    /// Unreadable bytes at the journal's end that were entries once.
    fn keep_tail(&self, end: End, behind: u64) -> Result<Option<String>, StoreError> {
        if behind == 0 || self.read_only {
            return Ok(None);
        }
        let disk = || StoreError::disk("保留日志残余");
        let mut segment = File::open(self.home.segment(end.place.segment)).map_err(disk())?;
        segment.seek(SeekFrom::Start(end.place.at)).map_err(disk())?;
        let kept = self.home.cut_off(end.number);
        layout::write_whole(&kept, "保留日志残余", |file| {
            io::copy(&mut segment.take(behind), file).map(|_| ()).map_err(disk())
        })?;
        Ok(Some(layout::name_of(&kept)))
    }

    /// Writes down who the store is, where the journal does not say it, or does not say it truly any more.
    fn identify(&mut self, engine: &mut Engine, lost: bool, went_on: Option<WentOn>) -> Result<(), StoreError> {
        const WHAT: &str = "恢复";
        let known = engine.index.state().identity.clone();
        let restored = fs::metadata(self.home.restored()).is_ok_and(|mark| mark.len() == 0);
        let copied = birth::is_copy(self.home, known.born);
        // Numbers of acts that are gone are used once more, and what was handed over of them has to come back first.
        let asks = restored || lost || self.notes.iter().any(|note| matches!(note, OpenNote::Lost { .. }));
        if restored || copied || lost || went_on.is_some() {
            if !self.home.identity().exists() {
                let head = journal::head_of(&known);
                layout::write_whole(&self.home.identity(), WHAT, |file| {
                    file.write_all(&head.bytes).map_err(StoreError::disk(WHAT))
                })?;
            }
            let identity = Identity { epoch: known.epoch + 1, born: birth::now(self.home, None), ..known };
            engine.identify(&identity, went_on)?;
            self.notes.push(OpenNote::NewEpoch(identity.epoch));
            if asks {
                let words = format!("{}\n", identity.epoch);
                layout::write_whole(&self.home.restored(), WHAT, |file| {
                    file.write_all(words.as_bytes()).map_err(StoreError::disk(WHAT))
                })?;
            }
            damage::forget(self.home).map_err(StoreError::disk(WHAT))?;
        } else if engine.journal.end().place.at == 0 {
            engine.identify(&known, None)?;
        }
        Ok(())
    }
}
