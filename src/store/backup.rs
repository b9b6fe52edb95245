//! A backup: the journal, its snapshots, the drafts, the keys and the sets that wait in one file, which is read back before it is called done.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::progress::Progress;

use super::error::{OpenNote, StoreError};
use super::journal::entry::{self, Identity};
use super::journal::frame::{About, Frame, Magic};
use super::journal::scan::{Item, Scanner};
use super::journal::{self, End};
use super::layout::{self, Home, name_of};

/// Kinds of frames in a backup.
mod kind {
    /// Whose it is.
    pub(super) const HEAD: u8 = 1;
    /// A piece of a file: the length of its name in four bytes, the name, the offset in eight, the bytes.
    pub(super) const PIECE: u8 = 2;
    /// What files there were; without it the backup was cut short.
    pub(super) const END: u8 = 3;
}

/// How many bytes go into a piece, and so how many are lost with a damaged one.
const PIECE: usize = 2 << 10;

/// What a backup says of itself, at its beginning and once more at its end.
#[derive(Serialize, Deserialize)]
struct Head {
    of: Identity,
    /// The last entry that it holds.
    entry: u64,
    /// What files there are; the first format did not say here.
    #[serde(default)]
    files: Vec<Length>,
}

/// What the first format said at its end.
#[derive(Serialize, Deserialize)]
struct Files {
    files: Vec<Length>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Length {
    name: String,
    bytes: u64,
}

/// Whether a file is written twice: it is small, and without a part of it nothing of it is of use.
fn is_twice(file: &Length) -> bool {
    file.name == layout::IDENTITY || file.name.starts_with("keys/")
}

/// The files in the order in which they are written.
fn in_order(files: &[Length]) -> impl Iterator<Item = &Length> {
    files.iter().chain(files.iter().filter(|file| is_twice(file)))
}

/// Writes a backup, reads it back, and only then puts it in place.
pub(crate) fn write(
    home: &Home,
    identity: &Identity,
    end: End,
    to: &Path,
    progress: &mut dyn Progress,
) -> Result<(), StoreError> {
    const WHAT: &str = "写备份";
    let disk = || StoreError::disk(WHAT);
    let files = files(home, end)?;
    layout::write_whole(to, WHAT, |file| {
        let mut writer = Writer::new(file);
        let head = entry::write(&Head { of: identity.clone(), entry: end.number, files: files.clone() });
        writer.plain(kind::HEAD, &head)?;
        for Length { name, bytes } in in_order(&files) {
            each_piece(home, name, *bytes, |at, piece| {
                writer.packed(kind::PIECE, &piece_of(name, at, piece))?;
                watch(progress, "写备份", writer.done, total(&files))
            })?;
        }
        writer.plain(kind::END, &head)?;
        writer.file.flush().map_err(disk())?;
        writer.file.get_ref().sync_all().map_err(disk())?;
        read_back(home, &layout::unfinished(to), &files, progress)
    })
}

/// The files of a store, as long as they count.
fn files(home: &Home, end: End) -> Result<Vec<Length>, StoreError> {
    let disk = || StoreError::disk("读户档");
    let segments = home.segments().map_err(disk())?;
    let snapshots = home.snapshots().map_err(disk())?;
    let paths = segments.iter().map(|segment| home.segment(*segment));
    let paths = paths.chain(snapshots.iter().map(|snapshot| home.snapshot(*snapshot)));
    let mut files = Vec::new();
    for path in [home.identity(), home.drafts(), home.damage()].into_iter().chain(paths).filter(|path| path.exists()) {
        let is_growing = path == home.segment(end.place.segment);
        let bytes = if is_growing { end.place.at } else { fs::metadata(&path).map_err(disk())?.len() };
        files.push(Length { name: name_of(&path), bytes });
    }
    for name in home.all_beside().map_err(disk())? {
        let bytes = fs::metadata(home.by_name(&name)).map_err(disk())?.len();
        files.push(Length { name, bytes });
    }
    Ok(files)
}

fn total(files: &[Length]) -> u64 {
    files.iter().map(|file| file.bytes).sum()
}

fn each_piece(
    home: &Home,
    name: &str,
    bytes: u64,
    mut take: impl FnMut(u64, &[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let disk = || StoreError::disk("读户档");
    let mut file = File::open(home.by_name(name)).map_err(disk())?;
    let mut piece = vec![0; PIECE];
    let mut at = 0;
    while at < bytes {
        let much = (PIECE as u64).min(bytes - at) as usize;
        file.read_exact(&mut piece[..much]).map_err(disk())?;
        take(at, &piece[..much])?;
        at += much as u64;
    }
    Ok(())
}

/// Reads what was written and compares it with what it was written from, byte for byte.
fn read_back(home: &Home, written: &Path, files: &[Length], progress: &mut dyn Progress) -> Result<(), StoreError> {
    let disk = || StoreError::disk("核对备份");
    let differs =
        || StoreError::disk("核对备份")(std::io::Error::other("读回的内容与原文不一致，请换一个磁盘再备份"));
    let mut scanner = Scanner::open(written, Magic::BACKUP, 0).map_err(disk())?;
    let mut next = || match scanner.next().map_err(disk())? {
        Some(Item::Frame(found)) => Ok((found.header.kind, found.content().ok_or_else(differs)?)),
        _ => Err(differs()),
    };
    if next()?.0 != kind::HEAD {
        return Err(differs());
    }
    let mut done = 0;
    for Length { name, bytes } in in_order(files) {
        each_piece(home, name, *bytes, |at, piece| {
            done += piece.len() as u64;
            watch(progress, "核对备份", done, total(files))?;
            if next()? == (kind::PIECE, piece_of(name, at, piece)) { Ok(()) } else { Err(differs()) }
        })?;
    }
    let (kind, end) = next()?;
    let ends = kind == kind::END && entry::read::<Head>(0, &end)?.files == files;
    if ends { Ok(()) } else { Err(differs()) }
}

fn watch(progress: &mut dyn Progress, what: &str, done: u64, of: u64) -> Result<(), StoreError> {
    progress.step(what, done, Some(of));
    if progress.is_cancelled() { Err(StoreError::Cancelled) } else { Ok(()) }
}

fn piece_of(name: &str, at: u64, bytes: &[u8]) -> Vec<u8> {
    [&(name.len() as u32).to_le_bytes(), name.as_bytes(), &at.to_le_bytes(), bytes].concat()
}

fn read_piece(content: &[u8]) -> Option<(&str, u64, &[u8])> {
    let (length, rest) = content.split_first_chunk::<4>()?;
    let (name, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let (at, bytes) = rest.split_first_chunk::<8>()?;
    Some((std::str::from_utf8(name).ok()?, u64::from_le_bytes(*at), bytes))
}

struct Writer<'a> {
    file: BufWriter<&'a mut File>,
    number: u64,
    digest: u64,
    /// Bytes of files that were written.
    done: u64,
}

impl<'a> Writer<'a> {
    fn new(file: &'a mut File) -> Self {
        Self { file: BufWriter::new(file), number: 0, digest: 0, done: 0 }
    }

    fn about(&self, kind: u8) -> About {
        About { magic: Magic::BACKUP, kind, grouped: false, number: self.number + 1, before: self.digest }
    }

    fn plain(&mut self, kind: u8, content: &[u8]) -> Result<(), StoreError> {
        self.write(&Frame::plain(self.about(kind), content))
    }

    fn packed(&mut self, kind: u8, content: &[u8]) -> Result<(), StoreError> {
        self.done += content.len() as u64;
        self.write(&Frame::packed(self.about(kind), content))
    }

    fn write(&mut self, frame: &Frame) -> Result<(), StoreError> {
        (self.number, self.digest) = (frame.header.number, frame.header.after());
        self.file.write_all(&frame.bytes).map_err(StoreError::disk("写备份"))
    }
}

/// Puts the journal of a backup into an empty home. What cannot be read of it is told, the rest is put in place.
pub(crate) fn unpack(from: &Path, home: &Home, progress: &mut dyn Progress) -> Result<Vec<OpenNote>, StoreError> {
    let disk = || StoreError::disk("恢复备份");
    let folder = home.restoring();
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(disk())?;
    }
    let unpacked = layout::make_folder(&folder).map_err(disk()).and_then(|()| unpack_into(&folder, from, progress));
    let notes = unpacked.and_then(|notes| {
        // The mark by which the first opening starts a new epoch comes into place with the journal.
        layout::write_whole(&folder.join(layout::RESTORED), "恢复备份", |_| Ok(()))?;
        fs::rename(&folder, home.journal()).and_then(|()| layout::sync_folder(home.dir())).map_err(disk())?;
        settle(home).map_err(disk())?;
        Ok(notes)
    });
    notes.inspect_err(|_| {
        // What is left of it is removed at the next try, if not now.
        let _ = fs::remove_dir_all(&folder);
    })
}

/// Puts what came with the journal out of a backup beside it. A kill in between leaves it for the next opening.
pub(crate) fn settle(home: &Home) -> std::io::Result<()> {
    for name in layout::BESIDE {
        let (from, to) = (home.journal().join(name), home.dir().join(name));
        if from.exists() && !to.exists() {
            fs::rename(from, to)?;
            layout::sync_folder(home.dir())?;
        }
    }
    Ok(())
}

fn unpack_into(folder: &Path, from: &Path, progress: &mut dyn Progress) -> Result<Vec<OpenNote>, StoreError> {
    let disk = || StoreError::disk("恢复备份");
    let mut scanner = Scanner::open(from, Magic::BACKUP, 0).map_err(StoreError::disk("读备份"))?;
    let mut unpacked = Unpacked { folder, open: None, there: BTreeMap::new() };
    let (mut damaged, mut frames, mut is_cut) = (0, 0_u64, false);
    let (mut head, mut files, mut has_end): (Option<Head>, Option<Vec<Length>>, _) = (None, None, false);
    while let Some(item) = scanner.next().map_err(StoreError::disk("读备份"))? {
        let found = match item {
            Item::Frame(found) => found,
            Item::Damage { at, bytes } => {
                damaged += bytes;
                is_cut = at + bytes == scanner.length() && scanner.is_torn_from(at).map_err(disk())?;
                continue;
            }
        };
        found.header.check_version()?;
        frames += 1;
        watch(progress, "读备份", found.end(), scanner.length())?;
        let (number, kind) = (found.header.number, found.header.kind);
        let content = found.content().unwrap_or_default();
        match kind {
            kind::PIECE if !unpacked.take(&content)? => damaged += content.len() as u64,
            kind::PIECE => {}
            kind::HEAD | kind::END => {
                has_end |= kind == kind::END;
                match entry::read::<Head>(number, &content) {
                    Ok(read) => head = Some(read),
                    Err(_) => files = entry::read::<Files>(number, &content).ok().map(|read| read.files),
                }
            }
            _ => {}
        }
    }
    unpacked.open = None;
    if frames == 0 {
        return Err(StoreError::NotABackup(from.to_owned()));
    }
    let files = files.or_else(|| head.as_ref().map(|head| head.files.clone()).filter(|files| !files.is_empty()));
    let short = unpacked.settle(files.as_deref().unwrap_or_default(), head.as_ref()).map_err(disk())?;
    if layout::segments_in(folder).map_err(disk())?.is_empty() {
        return Err(StoreError::Damaged("备份里没有日志".to_owned()));
    }
    let mut notes = Vec::new();
    if files.is_none() || (!has_end && is_cut) {
        notes.push(OpenNote::BackupCut);
    }
    if !short.is_empty() || (damaged > 0 && files.is_none()) {
        let missing: u64 = short.iter().map(|file| file.bytes).sum();
        let named: Vec<String> = short.iter().map(|file| format!("{} {}字节", file.name, file.bytes)).collect();
        notes.push(OpenNote::BackupDamaged { bytes: missing.max(damaged), files: named.join("、") });
    } else if damaged > 0 && !is_cut {
        notes.push(OpenNote::BackupMended { bytes: damaged });
    }
    sync_all(folder).map_err(disk())?;
    Ok(notes)
}

/// What came out of a backup so far.
struct Unpacked<'a> {
    folder: &'a Path,
    /// The file that was written to last.
    open: Option<(PathBuf, File)>,
    /// Where the pieces of each file stand, and how long they are.
    there: BTreeMap<String, BTreeMap<u64, u64>>,
}

impl Unpacked<'_> {
    /// Puts a piece in its place; false where it is none.
    fn take(&mut self, content: &[u8]) -> Result<bool, StoreError> {
        let disk = || StoreError::disk("恢复备份");
        let read =
            read_piece(content).and_then(|(name, at, bytes)| Some((name, place_of(self.folder, name)?, at, bytes)));
        let Some((name, path, at, bytes)) = read else { return Ok(false) };
        let mut file = match self.open.take().filter(|(open, _)| *open == path) {
            Some((_, file)) => file,
            None => {
                if let Some(beside) = path.parent().filter(|parent| *parent != self.folder) {
                    layout::make_folder(beside).map_err(disk())?;
                }
                layout::private_file().open(&path).map_err(disk())?
            }
        };
        file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes)).map_err(disk())?;
        self.open = Some((path, file));
        self.there.entry(name.to_owned()).or_default().insert(at, bytes.len() as u64);
        Ok(true)
    }

    /// Removes those files of which a part is missing and the rest is of no use, and gives what is missing of each.
    fn settle(&self, files: &[Length], head: Option<&Head>) -> std::io::Result<Vec<Length>> {
        let mut short = Vec::new();
        for Length { name, bytes } in files {
            let there: u64 = self.there.get(name).into_iter().flatten().map(|(_, bytes)| bytes).sum();
            let Some(path) = place_of(self.folder, name).filter(|_| there < *bytes) else { continue };
            short.push(Length { name: name.clone(), bytes: bytes - there });
            let is_of_use = layout::is_read_in_part(name);
            match fs::metadata(&path) {
                // What is missing at its end is missing all the same.
                Ok(_) if is_of_use => layout::private_file().open(&path)?.set_len(*bytes)?,
                Ok(_) => fs::remove_file(&path)?,
                Err(_) => {}
            }
        }
        let identity = self.folder.join(layout::IDENTITY);
        if let Some(head) = head.filter(|_| !identity.exists()) {
            layout::write_whole(&identity, "恢复备份", |file| {
                file.write_all(&journal::head_of(&head.of).bytes).map_err(StoreError::disk("恢复备份"))
            })
            .map_err(std::io::Error::other)?;
            short.retain(|file| file.name != layout::IDENTITY);
        }
        Ok(short)
    }
}

fn sync_all(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { sync_all(&path)? } else { layout::sync_file(&path)? }
    }
    layout::sync_folder(folder)
}

/// Where a file of a backup goes, if it is one that a store has.
fn place_of(folder: &Path, name: &str) -> Option<PathBuf> {
    (layout::is_in_journal(name) || layout::beside(name).is_some()).then(|| folder.join(name))
}
