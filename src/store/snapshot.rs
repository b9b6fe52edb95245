//! Snapshots: everything the index holds, beside the segment that goes on from it, so that older ones need no replay.

use std::fs::{self, File};
use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::progress::Progress;

use super::engine::Engine;
use super::error::StoreError;
use super::index::pairs::{Disk, Pairs};
use super::index::{Index, codec, keys};
use super::journal::entry;
use super::journal::frame::{About, Frame, Magic};
use super::journal::scan::{Item, Scanner};
use super::layout::{Home, write_whole};
use super::tally::Tally;

/// Kinds of frames in a snapshot.
mod kind {
    /// What it is.
    pub(super) const HEAD: u8 = 1;
    /// Keys and records.
    pub(super) const PAIRS: u8 = 2;
    /// How many there were; without it the snapshot is not whole.
    pub(super) const END: u8 = 3;
}

/// How many snapshots are kept.
const KEPT: usize = 2;

/// About how many bytes of pairs go into a frame.
const BLOCK: usize = 256 << 10;

#[derive(Serialize, Deserialize)]
struct Head {
    /// The entry up to which it speaks.
    entry: u64,
    /// The version of its records.
    records: u8,
}

#[derive(Serialize, Deserialize)]
struct End {
    records: u64,
}

/// Writes a snapshot and starts the next segment behind it.
pub(crate) fn next_generation(home: &Home, engine: &mut Engine, progress: &mut dyn Progress) -> Result<(), StoreError> {
    let segment = engine.journal.end().place.segment + 1;
    write(home, segment, &engine.index, progress)?;
    engine.next_segment()?;
    let snapshots = home.snapshots().map_err(StoreError::disk("整理快照"))?;
    for old in snapshots.iter().rev().skip(KEPT) {
        fs::remove_file(home.snapshot(*old)).map_err(StoreError::disk("整理快照"))?;
    }
    Ok(())
}

fn write(home: &Home, segment: u32, index: &Index<Disk>, progress: &mut dyn Progress) -> Result<(), StoreError> {
    write_whole(&home.snapshot(segment), "写快照", |file| {
        let state = index.state();
        let mut writer = Writer { file, number: 0, digest: 0 };
        writer.frame(kind::HEAD, &entry::write(&Head { entry: state.number, records: codec::VERSION }))?;
        let mut tally = Tally::default();
        let mut block = Vec::new();
        for pair in index.pairs.scan(&[]) {
            let (key, sealed) = pair?;
            tally.count(&key, &sealed)?;
            put(&mut block, &key);
            put(&mut block, &sealed);
            if block.len() >= BLOCK {
                writer.frame(kind::PAIRS, &block)?;
                block.clear();
                progress.step("写快照", tally.records, Some(state.records));
            }
            if progress.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
        }
        writer.frame(kind::PAIRS, &block)?;
        tally.check(index)?;
        writer.frame(kind::END, &entry::write(&End { records: tally.records }))
    })
}

/// Fills an empty place with what a snapshot holds.
pub(crate) fn load(
    home: &Home,
    number: u32,
    mut disk: Disk,
    progress: &mut dyn Progress,
) -> Result<Index<Disk>, StoreError> {
    let bad = || StoreError::Damaged("快照不完整".to_owned());
    let mut tally = Tally::default();
    let mut state = None;
    each_pair(home, number, |key, sealed| {
        tally.count(key, sealed).map_err(|_| bad())?;
        if key == keys::STATE {
            state = Some(sealed.to_vec());
            return Ok(());
        }
        disk.put(key.to_vec(), sealed.to_vec());
        if tally.records.is_multiple_of(100) {
            disk.apply();
            progress.step("读快照", tally.records, None);
        }
        if progress.is_cancelled() { Err(StoreError::Cancelled) } else { Ok(()) }
    })?;
    // The state comes last and alone: an index without it is not finished.
    disk.apply();
    disk.put(keys::STATE.to_vec(), state.ok_or_else(bad)?);
    disk.apply();
    let index = Index::load(disk)?.ok_or_else(bad)?;
    tally.check(&index).map_err(|_| bad())?;
    Ok(index)
}

/// Whether a snapshot is whole at its head and has the records of another version, which are no use and no damage.
pub(crate) fn is_of_other_version(home: &Home, number: u32) -> bool {
    let head = || -> Option<Head> {
        let Item::Frame(found) = Scanner::open(&home.snapshot(number), Magic::SNAPSHOT, 0).ok()?.next().ok()?? else {
            return None;
        };
        let header = found.header;
        (header.check_version().is_ok() && header.kind == kind::HEAD).then_some(())?;
        entry::read(header.number, &found.content()?).ok()
    };
    head().is_some_and(|head| head.records != codec::VERSION)
}

/// Gives every pair of a whole snapshot, in the order of keys.
pub(crate) fn each_pair(
    home: &Home,
    number: u32,
    mut take: impl FnMut(&[u8], &[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let disk = || StoreError::disk("读快照");
    let bad = || StoreError::Damaged("快照不完整".to_owned());
    let mut scanner = Scanner::open(&home.snapshot(number), Magic::SNAPSHOT, 0).map_err(disk())?;
    let (mut last, mut digest, mut ended) = (0, 0, false);
    while let Some(item) = scanner.next().map_err(disk())? {
        let Item::Frame(found) = item else { return Err(bad()) };
        let header = found.header;
        header.check_version()?;
        if ended || header.number != last + 1 || header.before != digest {
            return Err(bad());
        }
        (last, digest) = (header.number, header.after());
        let content = found.content().ok_or_else(bad)?;
        match header.kind {
            kind::HEAD => {
                let head: Head = entry::read(last, &content)?;
                if head.records != codec::VERSION {
                    return Err(bad());
                }
            }
            kind::PAIRS => {
                let mut rest = content.as_slice();
                while !rest.is_empty() {
                    let key = get(&mut rest).ok_or_else(bad)?;
                    take(key, get(&mut rest).ok_or_else(bad)?)?;
                }
            }
            kind::END => ended = true,
            _ => return Err(bad()),
        }
    }
    if ended { Ok(()) } else { Err(bad()) }
}

struct Writer<'a> {
    file: &'a mut File,
    number: u64,
    digest: u64,
}

impl Writer<'_> {
    fn frame(&mut self, kind: u8, content: &[u8]) -> Result<(), StoreError> {
        let about =
            About { magic: Magic::SNAPSHOT, kind, grouped: false, number: self.number + 1, before: self.digest };
        let frame =
            if kind == self::kind::PAIRS { Frame::packed(about, content) } else { Frame::plain(about, content) };
        (self.number, self.digest) = (about.number, frame.header.after());
        self.file.write_all(&frame.bytes).map_err(StoreError::disk("写快照"))
    }
}

fn put(block: &mut Vec<u8>, bytes: &[u8]) {
    block.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    block.extend_from_slice(bytes);
}

fn get<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, behind) = rest.split_first_chunk::<4>()?;
    let (bytes, behind) = behind.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *rest = behind;
    Some(bytes)
}
