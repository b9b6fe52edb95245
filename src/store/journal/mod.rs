//! The journal, which is the truth: entries in segments, appended and made durable before anything is acknowledged.

pub(crate) mod append;
pub(crate) mod birth;
pub(crate) mod damage;
pub(crate) mod entry;
pub(crate) mod frame;
pub(crate) mod scan;

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::layout::{Home, write_whole};
use super::lock::Held;
use append::Appender;
use entry::{Block, Identity, kind};
use frame::{About, Frame, Magic};
use scan::{Found, Item, Scanner};

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Place {
    /// The segment.
    pub(crate) segment: u32,
    /// The offset within it.
    pub(crate) at: u64,
}

/// How far the journal goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// Where the next entry goes.
    pub(crate) place: Place,
    /// The number of the last entry.
    pub(crate) number: u64,
    /// The running digest up to the last entry.
    pub(crate) digest: u64,
}

/// The journal's end, where it grows.
#[derive(Debug)]
pub(crate) struct Journal {
    home: Home,
    /// None where nothing can be written.
    log: Option<Appender>,
    end: End,
    /// The lock under which it is written.
    held: Option<Held>,
    /// Whether another program was seen at work on it.
    taken_over: bool,
    /// Why nothing is written, where that is not the disk's doing.
    refusal: Option<Refusal>,
}

/// Why a journal is not written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is damaged, and nobody has said that it is to go on.
    Damaged,
}

impl Journal {
    /// Begins the journal of a new store.
    pub(crate) fn create(home: &Home, identity: &Identity) -> Result<(), StoreError> {
        const WHAT: &str = "建立日志";
        let disk = || StoreError::disk(WHAT);
        // The file by which a copy is known comes first; nothing is ever written to it again.
        let frame = write_whole(&home.identity(), WHAT, |file| {
            let born = file.metadata().ok().as_ref().and_then(birth::of);
            let frame = head_of(&Identity { born, ..identity.clone() });
            file.write_all(&frame.bytes).map_err(disk())?;
            Ok(frame)
        })?;
        write_whole(&home.segment(1), WHAT, |file| file.write_all(&frame.bytes).map_err(disk()))
    }

    /// Goes on at the end that was found; where it can be written to, what stands behind it is cut off.
    pub(crate) fn resume(home: &Home, held: Option<Held>, end: End, writable: bool) -> Result<Self, StoreError> {
        let mut journal = Self { home: home.clone(), log: None, end, held, taken_over: false, refusal: None };
        if writable {
            let open = Appender::open(&home.segment(end.place.segment), end.place.at).and_then(|mut log| {
                log.tidy()?;
                Ok(log)
            });
            journal.log = Some(open.map_err(StoreError::disk("打开日志"))?);
        }
        Ok(journal)
    }

    /// How far it goes.
    pub(crate) fn end(&self) -> End {
        self.end
    }

    /// The next entry, not written yet.
    pub(crate) fn frame(&self, kind: u8, content: &[u8]) -> Result<Frame, StoreError> {
        fits(content)?;
        Ok(Frame::plain(self.about(kind, false), content))
    }

    /// The next entry of a group, not written yet.
    pub(crate) fn grouped_frame(&self, kind: u8, content: &[u8]) -> Result<Frame, StoreError> {
        fits(content)?;
        Ok(Frame::packed(self.about(kind, true), content))
    }

    fn about(&self, kind: u8, grouped: bool) -> About {
        About { magic: Magic::JOURNAL, kind, grouped, number: self.end.number + 1, before: self.end.digest }
    }

    /// Appends an entry, which is not durable before [`sync`](Self::sync).
    pub(crate) fn write(&mut self, frame: &Frame) -> Result<(), StoreError> {
        self.log()?.append(&frame.bytes).map_err(StoreError::disk("写日志"))?;
        self.grow(frame);
        Ok(())
    }

    /// Appends an entry durably, or leaves the journal as it was.
    pub(crate) fn write_durably(&mut self, frame: &Frame) -> Result<(), StoreError> {
        self.log()?.append_durably(&frame.bytes).map_err(StoreError::disk("写日志"))?;
        self.grow(frame);
        Ok(())
    }

    fn grow(&mut self, frame: &Frame) {
        self.end.place.at += frame.bytes.len() as u64;
        self.end.number = frame.header.number;
        self.end.digest = frame.header.after();
    }

    /// Makes durable what was appended.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        self.log()?.sync().map_err(StoreError::disk("写日志"))
    }

    /// Whether it can be written to.
    pub(crate) fn is_open(&self) -> bool {
        self.log.is_some()
    }

    /// From now on nothing is written.
    pub(crate) fn close(&mut self) {
        self.log = None;
    }

    /// From now on nothing is written, for this reason.
    pub(crate) fn refuse(&mut self, why: Refusal) {
        self.log = None;
        self.refusal = Some(why);
    }

    /// Whether it is damaged, and nobody has said that it is to go on.
    pub(crate) fn is_hurt(&self) -> bool {
        self.refusal == Some(Refusal::Damaged)
    }

    /// Whether another program was seen at work on it.
    pub(crate) fn is_taken_over(&self) -> bool {
        self.taken_over
    }

    /// Takes back what was appended since, none of which was acknowledged.
    pub(crate) fn back_to(&mut self, end: End) -> Result<(), StoreError> {
        self.end = end;
        self.log()?.cut(end.place.at).map_err(StoreError::disk("撤回日志"))
    }

    /// The end to which is appended, if it and the lock are what was left there: whoever else writes is not overwritten.
    fn log(&mut self) -> Result<&mut Appender, StoreError> {
        let is_ours = |log: &Appender| log.is_as_left() && self.held.as_ref().is_none_or(Held::is_held);
        if self.log.as_ref().is_some_and(|log| !is_ours(log)) {
            self.close();
            self.taken_over = true;
        }
        let (taken_over, refusal) = (self.taken_over, self.refusal);
        let refused = || match refusal {
            _ if taken_over => StoreError::TakenOver,
            Some(Refusal::Damaged) => StoreError::Hurt,
            None => StoreError::disk("写日志")(io::ErrorKind::ReadOnlyFilesystem.into()),
        };
        self.log.as_mut().ok_or_else(refused)
    }

    /// Starts the next segment, which is there whole or not at all.
    pub(crate) fn next_segment(&mut self, identity: &Identity) -> Result<Frame, StoreError> {
        self.log()?;
        let segment = self.end.place.segment + 1;
        let frame = self.frame(kind::HEAD, &entry::write(identity))?;
        let path = self.home.segment(segment);
        const WHAT: &str = "续写日志";
        write_whole(&path, WHAT, |file| file.write_all(&frame.bytes).map_err(StoreError::disk(WHAT)))?;
        let at = frame.bytes.len() as u64;
        self.log = Some(Appender::open(&path, at).map_err(StoreError::disk(WHAT))?);
        self.grow(&frame);
        self.end.place = Place { segment, at };
        Ok(frame)
    }
}

/// The first entry of a journal.
pub(crate) fn head_of(identity: &Identity) -> Frame {
    let about = About { magic: Magic::JOURNAL, kind: kind::HEAD, grouped: false, number: 1, before: 0 };
    Frame::plain(about, &entry::write(identity))
}

fn fits(content: &[u8]) -> Result<(), StoreError> {
    if content.len() > frame::MOST as usize {
        return Err(StoreError::disk("写日志")(io::ErrorKind::FileTooLarge.into()));
    }
    Ok(())
}

/// Who the store is, by the first segment whose head is whole, or by the file beside them.
pub(crate) fn identity(home: &Home) -> Result<Option<Identity>, StoreError> {
    let segments = home.segments().map_err(StoreError::disk("读日志"))?;
    for path in segments.into_iter().map(|segment| home.segment(segment)).chain([home.identity()]) {
        if !path.exists() {
            continue;
        }
        let first = Scanner::open(&path, Magic::JOURNAL, 0).and_then(|mut scanner| scanner.next());
        let Some(Item::Frame(found)) = first.map_err(StoreError::disk("读日志"))? else { continue };
        found.header.check_version()?;
        let (number, is_head) = (found.header.number, found.header.kind == kind::HEAD);
        if let Some(content) = found.content().filter(|_| is_head) {
            return entry::read(number, &content).map(Some);
        }
    }
    Ok(None)
}

/// Reads the entry at a place, if it is whole.
pub(crate) fn read_entry(home: &Home, place: Place) -> Result<Option<Found>, StoreError> {
    let path = home.segment(place.segment);
    if !path.exists() {
        return Ok(None);
    }
    let mut scanner = Scanner::open(&path, Magic::JOURNAL, place.at).map_err(StoreError::disk("读日志"))?;
    if place.at >= scanner.length() {
        return Ok(None);
    }
    match scanner.here().map_err(StoreError::disk("读日志"))? {
        Some(found) => {
            found.header.check_version()?;
            Ok(Some(found))
        }
        None => Ok(None),
    }
}

/// Reads the acts at a place, and the number of their entry.
pub(crate) fn read_block(home: &Home, place: Place) -> Result<(u64, Block), StoreError> {
    let lost = || StoreError::Damaged(format!("第{}段{}处读不出", place.segment, place.at));
    let found = read_entry(home, place)?.filter(|found| found.header.kind == kind::ACTS).ok_or_else(lost)?;
    let number = found.header.number;
    Ok((number, Block::read(number, &found.content().ok_or_else(lost)?)?))
}
