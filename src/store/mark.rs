//! The mark beside the index: whether it is open, how it was closed, and what its files were like then.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::UNIX_EPOCH;

use super::error::StoreError;
use super::layout::{Home, make_private, name_of, sync_file, sync_folder, write_whole};

/// How the index was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Closed, made durable, and nobody has touched its files since.
    Closed,
    /// Its program was killed; what it had written is there, since the machine has run on.
    Killed,
    /// The machine may have stopped, its files are not as they were, or it failed at work: it may be mixed.
    Doubtful,
}

/// The mark of an index that is open.
#[derive(Debug)]
pub(crate) struct Mark {
    path: PathBuf,
    index: PathBuf,
    doubtful: AtomicBool,
}

const OPEN: &str = "open ";
const CLOSED: &str = "closed\n";
const DOUBTFUL: &str = "doubtful";

impl Mark {
    /// Reads how the index was left.
    pub(crate) fn read(home: &Home) -> Left {
        let Ok(text) = fs::read_to_string(home.index_mark()) else { return Left::Doubtful };
        let run_on = text.strip_prefix(OPEN).is_some_and(|run| !run.is_empty() && Some(run) == boot().as_deref());
        if run_on {
            return Left::Killed;
        }
        let as_closed =
            text.strip_prefix(CLOSED).is_some_and(|files| Some(files) == files_of(&home.index()).as_deref());
        if as_closed { Left::Closed } else { Left::Doubtful }
    }

    /// Says that the index is open, durably, before anything is written to it.
    pub(crate) fn set(home: &Home) -> Result<Self, StoreError> {
        let mark = Self { path: home.index_mark(), index: home.index(), doubtful: false.into() };
        mark.write(&format!("{OPEN}{}", boot().unwrap_or_default()))?;
        Ok(mark)
    }

    fn write(&self, text: &str) -> Result<(), StoreError> {
        const WHAT: &str = "打开索引";
        write_whole(&self.path, WHAT, |file| file.write_all(text.as_bytes()).map_err(StoreError::disk(WHAT)))
    }

    /// Says that the index is not to be trusted the next time.
    pub(crate) fn doubt(&self) {
        // Should this fail, the index is at least not said to have been closed.
        self.doubtful.store(true, Relaxed);
        let _ = self.write(DOUBTFUL);
    }

    /// Says nothing more: the index is no longer ours to speak of.
    pub(crate) fn let_go(&self) {
        self.doubtful.store(true, Relaxed);
    }

    /// Lets nobody else read the files that sled has made meanwhile.
    pub(crate) fn keep_private(&self) {
        if !self.doubtful.load(Relaxed) {
            // What cannot be set here stands in a folder that only its owner may enter.
            let _ = make_private(&self.index);
        }
    }

    /// Says that the index is closed, once all its files are durable.
    pub(crate) fn close(&self) {
        if self.doubtful.load(Relaxed) || make_durable(&self.index).is_err() {
            return;
        }
        if let Some(files) = files_of(&self.index) {
            // Where this fails the index is built again once more than it need be.
            let _ = self.write(&format!("{CLOSED}{files}"));
        }
    }
}

fn make_durable(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            make_durable(&path)?;
        } else {
            sync_file(&path)?;
        }
    }
    sync_folder(folder)
}

/// The files of a folder and those below, with length and time of the last change.
fn files_of(folder: &Path) -> Option<String> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut files = String::new();
    for path in paths {
        let meta = fs::metadata(&path).ok()?;
        if meta.is_dir() {
            files += &files_of(&path)?;
        } else {
            let changed = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
            writeln!(files, "{} {} {changed}", name_of(&path), meta.len()).ok()?;
        }
    }
    Some(files)
}

/// A text that stays the same until the machine stops, where the system has one.
fn boot() -> Option<String> {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").ok().map(|id| id.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_trusted_as_it_was_closed_and_after_a_kill() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        assert_eq!(Mark::read(&home), Left::Doubtful);
        fs::create_dir(home.index()).unwrap();
        let db = home.index().join("db");
        fs::write(&db, b"pages").unwrap();
        let mark = Mark::set(&home).unwrap();
        assert_eq!(Mark::read(&home), if boot().is_some() { Left::Killed } else { Left::Doubtful });
        mark.close();
        assert_eq!(Mark::read(&home), Left::Closed);
        fs::write(&db, b"page").unwrap();
        assert_eq!(Mark::read(&home), Left::Doubtful);
    }

    #[test]
    fn another_run_of_the_machine_and_a_failure_are_reasons_to_doubt() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        fs::create_dir(home.index()).unwrap();
        let mark = Mark::set(&home).unwrap();
        fs::write(home.index_mark(), format!("{OPEN}some other boot")).unwrap();
        assert_eq!(Mark::read(&home), Left::Doubtful);
        mark.doubt();
        mark.close();
        assert_eq!(Mark::read(&home), Left::Doubtful);
    }
}
