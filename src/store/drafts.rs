//! Drafts: what is typed into a form and not committed yet, one durable write a save, beside the journal.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use super::error::{OpenNote, StoreError};
use super::journal::append::Appender;
use super::journal::frame::{About, Frame, HEADER, Magic};
use super::journal::scan::{Item, Scanner};
use super::layout::{Home, private_file, write_whole};

/// What stands in an open form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// By which it is found again.
    pub key: Box<str>,
    /// Whatever the form needs to come back as it was.
    pub content: Vec<u8>,
}

/// Kinds of frames among drafts.
mod kind {
    /// A key and its content: the length of the key in four bytes, the key, the content.
    pub(super) const SAVE: u8 = 1;
    /// A key whose draft is done with.
    pub(super) const DROP: u8 = 2;
}

/// The file is written anew when it has grown this much past what it holds.
const SLACK: u64 = 4 << 20;

/// The drafts, in memory and on the disk.
pub(crate) struct Drafts {
    path: PathBuf,
    read_only: bool,
    /// Opened when it is first needed.
    log: Option<Appender>,
    /// Where the file ends, as far as it counts.
    end: u64,
    live: BTreeMap<Box<str>, Vec<u8>>,
    number: u64,
    digest: u64,
}

impl Drafts {
    /// Reads the drafts there are, and writes them anew if that makes the file smaller.
    pub(crate) fn open(home: &Home, read_only: bool, notes: &mut Vec<OpenNote>) -> Result<Self, StoreError> {
        let disk = || StoreError::disk("读草稿");
        let path = home.drafts();
        let mut drafts = Self { path, read_only, log: None, end: 0, live: BTreeMap::new(), number: 0, digest: 0 };
        let mut damaged = 0;
        if drafts.path.exists() {
            let mut scanner = Scanner::open(&drafts.path, Magic::DRAFTS, 0).map_err(disk())?;
            while let Some(item) = scanner.next().map_err(disk())? {
                match item {
                    Item::Frame(found) => {
                        found.header.check_version()?;
                        drafts.end = found.end();
                        (drafts.number, drafts.digest) = (found.header.number, found.header.after());
                        let kind = found.header.kind;
                        drafts.take(kind, &found.content().unwrap_or_default());
                    }
                    // The save that a kill interrupted; it was never acknowledged.
                    Item::Damage { at, bytes }
                        if at + bytes == scanner.length() && scanner.is_torn_from(at).map_err(disk())? => {}
                    Item::Damage { bytes, .. } => damaged += bytes,
                }
            }
        }
        damaged += drafts.missing();
        if damaged > 0 {
            notes.push(OpenNote::DraftsDamaged { bytes: damaged });
        }
        if damaged > 0 && !read_only {
            fs::copy(&drafts.path, drafts.path.with_extension("damaged")).map_err(disk())?;
        }
        if drafts.end > drafts.size() {
            // On a full disk the file stays as it is, which does no harm.
            let _ = drafts.rewrite();
        }
        Ok(drafts)
    }

    /// How many bytes there were more when it was closed, and forgets how many there were.
    fn missing(&self) -> u64 {
        let Ok(text) = fs::read_to_string(self.closed()) else { return 0 };
        if !self.read_only {
            // Where it stays it says less than there will be.
            let _ = fs::remove_file(self.closed());
        }
        text.trim().parse::<u64>().map_or(0, |end| end.saturating_sub(self.end))
    }

    /// Where it is kept how long the file was when it was closed: a kill leaves no such word, and may have cost a save.
    fn closed(&self) -> PathBuf {
        self.path.with_extension("closed")
    }

    fn take(&mut self, kind: u8, content: &[u8]) {
        let Some((key, content)) = read(content) else { return };
        match kind {
            kind::SAVE => self.live.insert(key.into(), content.to_vec()),
            _ => self.live.remove(key),
        };
    }

    /// The drafts, by key.
    pub(crate) fn all(&self) -> Vec<Draft> {
        self.live.iter().map(|(key, content)| Draft { key: key.clone(), content: content.clone() }).collect()
    }

    /// Keeps a draft, durably, in place of the one under this key.
    pub(crate) fn save(&mut self, key: &str, content: &[u8]) -> Result<(), StoreError> {
        if self.live.get(key).is_some_and(|kept| kept == content) {
            return Ok(());
        }
        self.append(kind::SAVE, key, content)?;
        self.live.insert(key.into(), content.to_vec());
        self.shrink();
        Ok(())
    }

    /// Lets go of a draft.
    pub(crate) fn drop(&mut self, key: &str) -> Result<(), StoreError> {
        if self.live.contains_key(key) {
            self.append(kind::DROP, key, &[])?;
            self.live.remove(key);
            self.shrink();
        }
        Ok(())
    }

    fn append(&mut self, kind: u8, key: &str, content: &[u8]) -> Result<(), StoreError> {
        let frame = frame(kind, key, content, self.number + 1, self.digest);
        self.log()?.append_durably(&frame.bytes).map_err(StoreError::disk("存草稿"))?;
        self.end += frame.bytes.len() as u64;
        (self.number, self.digest) = (frame.header.number, frame.header.after());
        Ok(())
    }

    fn log(&mut self) -> Result<&mut Appender, StoreError> {
        let disk = || StoreError::disk("存草稿");
        if self.read_only {
            return Err(disk()(ErrorKind::ReadOnlyFilesystem.into()));
        }
        let log = match self.log.take() {
            Some(log) => log,
            None => Appender::open(&self.path, self.end).map_err(disk())?,
        };
        Ok(self.log.insert(log))
    }

    fn shrink(&mut self) {
        if self.end > self.size() + SLACK {
            let _ = self.rewrite();
        }
    }

    /// How long the file would be with nothing in it but the drafts there are.
    fn size(&self) -> u64 {
        self.live.iter().map(|(key, content)| (HEADER + 4 + key.len() + content.len()) as u64).sum()
    }

    fn rewrite(&mut self) -> Result<(), StoreError> {
        const WHAT: &str = "整理草稿";
        if self.read_only {
            return Ok(());
        }
        let (mut number, mut digest, mut end) = (0, 0, 0);
        write_whole(&self.path, WHAT, |file| {
            for (key, content) in &self.live {
                let frame = frame(kind::SAVE, key, content, number + 1, digest);
                (number, digest) = (frame.header.number, frame.header.after());
                end += frame.bytes.len() as u64;
                file.write_all(&frame.bytes).map_err(StoreError::disk(WHAT))?;
            }
            Ok(())
        })?;
        self.log = None;
        (self.end, self.number, self.digest) = (end, number, digest);
        Ok(())
    }
}

impl Drop for Drafts {
    fn drop(&mut self) {
        if self.end > 0 && !self.read_only {
            // Without it an end that is cut off is not known from a save that never was.
            let file = private_file().truncate(true).open(self.closed());
            let _ = file.and_then(|mut file| file.write_all(self.end.to_string().as_bytes()));
        }
    }
}

fn frame(kind: u8, key: &str, content: &[u8], number: u64, before: u64) -> Frame {
    let bytes = [&(key.len() as u32).to_le_bytes(), key.as_bytes(), content].concat();
    Frame::plain(About { magic: Magic::DRAFTS, kind, grouped: false, number, before }, &bytes)
}

fn read(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (key, content) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((std::str::from_utf8(key).ok()?, content))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(home: &Home) -> (Drafts, Vec<OpenNote>) {
        fs::create_dir_all(home.journal()).unwrap();
        let mut notes = Vec::new();
        (Drafts::open(home, false, &mut notes).unwrap(), notes)
    }

    fn keys(drafts: &Drafts) -> Vec<String> {
        let text = |draft: Draft| format!("{}={}", draft.key, String::from_utf8(draft.content).unwrap());
        drafts.all().into_iter().map(text).collect()
    }

    #[test]
    fn drafts_are_kept_replaced_and_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let (mut drafts, _) = open(&home);
        drafts.save("visit 1", b"a").unwrap();
        drafts.save("visit 1", b"ab").unwrap();
        drafts.save("visit 2", "户".as_bytes()).unwrap();
        drafts.save("visit 3", b"c").unwrap();
        drafts.drop("visit 3").unwrap();
        drafts.drop("visit 4").unwrap();
        drop(drafts);
        let before = fs::metadata(home.drafts()).unwrap().len();
        let (drafts, notes) = open(&home);
        assert_eq!((keys(&drafts), notes), (vec!["visit 1=ab".to_owned(), "visit 2=户".to_owned()], vec![]));
        assert!(fs::metadata(home.drafts()).unwrap().len() < before);
        assert_eq!(keys(&open(&home).0), keys(&drafts));
    }

    #[test]
    fn a_torn_save_costs_that_save_alone() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let (mut drafts, _) = open(&home);
        drafts.save("a", b"one").unwrap();
        drafts.save("a", b"two").unwrap();
        drop(drafts);
        let bytes = fs::read(home.drafts()).unwrap();
        // As a kill leaves it.
        fs::remove_file(home.drafts().with_extension("closed")).unwrap();
        let half = bytes.len() / 2;
        for length in half..bytes.len() {
            fs::write(home.drafts(), &bytes[..length]).unwrap();
            let (mut drafts, notes) = open(&home);
            assert_eq!((keys(&drafts), notes), (vec!["a=one".to_owned()], vec![]), "length {length}");
            drafts.save("a", b"three").unwrap();
            assert_eq!(keys(&open(&home).0), ["a=three"]);
            drop(drafts);
            fs::remove_file(home.drafts().with_extension("closed")).unwrap();
        }
    }

    #[test]
    fn the_file_does_not_grow_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let (mut drafts, _) = open(&home);
        for i in 0..12_u8 {
            drafts.save("a", &vec![i; 1 << 20]).unwrap();
        }
        assert!(fs::metadata(home.drafts()).unwrap().len() < 2 * SLACK);
        assert_eq!(open(&home).0.all()[0].content[0], 11);
    }

    #[test]
    fn damage_in_the_middle_is_told_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let (mut drafts, _) = open(&home);
        drafts.save("a", b"one").unwrap();
        drafts.save("b", b"two").unwrap();
        drop(drafts);
        let mut bytes = fs::read(home.drafts()).unwrap();
        bytes[10] ^= 1;
        fs::write(home.drafts(), &bytes).unwrap();
        let (drafts, notes) = open(&home);
        assert_eq!((keys(&drafts), notes.len()), (vec!["b=two".to_owned()], 1));
        assert_eq!(fs::read(home.drafts().with_extension("damaged")).unwrap(), bytes);
    }
}
