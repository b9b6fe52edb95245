//! The mark that stands beside the index while it is open, by which the next opening knows how the last one ended.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::layout::{Home, private_file, sync_folder};

/// How the index was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Closed, and made durable.
    Closed,
    /// Its program was killed; what it had written is there, since the machine has run on.
    Killed,
    /// The machine may have stopped, or the index failed at work: what is there may be mixed.
    Doubtful,
}

/// The mark, there as long as the index is open.
#[derive(Debug)]
pub(crate) struct Mark {
    path: PathBuf,
}

const DOUBTFUL: &str = "doubtful";

impl Mark {
    /// Reads how the index was left.
    pub(crate) fn read(home: &Home) -> Left {
        match fs::read_to_string(home.index_mark()) {
            Ok(run) if boot().is_some_and(|now| run == now) => Left::Killed,
            Ok(_) => Left::Doubtful,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Left::Closed,
            Err(_) => Left::Doubtful,
        }
    }

    /// Sets the mark, durably, before anything is written to the index.
    pub(crate) fn set(home: &Home) -> Result<Self, StoreError> {
        let mark = Self { path: home.index_mark() };
        mark.write(&boot().unwrap_or_default()).map_err(StoreError::disk("打开索引"))?;
        sync_folder(home.dir()).map_err(StoreError::disk("打开索引"))?;
        Ok(mark)
    }

    fn write(&self, text: &str) -> std::io::Result<()> {
        let mut file = private_file().truncate(true).open(&self.path)?;
        std::io::Write::write_all(&mut file, text.as_bytes())?;
        file.sync_all()
    }

    /// Says that the index is not to be trusted the next time.
    pub(crate) fn doubt(&self) {
        // Should this fail too, the next failure of the index comes here again.
        let _ = self.write(DOUBTFUL);
    }

    /// Takes the mark away, once all files of the index are durable and nothing was doubted.
    pub(crate) fn clear(&self, index: &Path) {
        if fs::read_to_string(&self.path).is_ok_and(|text| text == DOUBTFUL) {
            return;
        }
        let durable = fs::read_dir(index).and_then(|entries| {
            for entry in entries {
                let path = entry?.path();
                if path.is_file() {
                    fs::File::open(&path)?.sync_all()?;
                }
            }
            sync_folder(index)
        });
        if durable.is_ok() {
            // Where this fails the index is built again once more than it need be.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A text that stays the same until the machine stops, where the system has one.
fn boot() -> Option<String> {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").ok().map(|id| id.trim().to_owned())
}
