//! Sets that cannot be taken in yet: whole files, kept until their turn, or until a person has said whose key signed them.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::domain::limits;

use super::Store;
use super::error::StoreError;
use super::layout::{self, name_of};

const WHAT: &str = "存放等候的变更集";

/// What a set waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitsFor {
    /// The sets before it; whose key signed it is known.
    Others,
    /// A person's word on the key that signed it.
    Key,
}

impl WaitsFor {
    const ALL: [Self; 2] = [Self::Others, Self::Key];

    /// How the name of its file ends.
    const fn ending(self) -> &'static str {
        match self {
            Self::Others => ".zip",
            // No set for the first programs, which would take it in at sight.
            Self::Key => ".zip.unknown",
        }
    }

    fn of(path: &Path) -> Option<Self> {
        let name = name_of(path);
        Self::ALL.into_iter().find(|it| name.ends_with(it.ending()))
    }
}

impl Store {
    /// Keeps a file durably under a name of its own, where there is room: false where too many wait already, of those
    /// whose names begin alike or in all.
    pub fn keep_waiting(
        &mut self,
        (whose, name): (&str, &str),
        waits_for: WaitsFor,
        from: &mut dyn io::Read,
    ) -> Result<bool, StoreError> {
        let folder = self.home.waiting();
        let path = folder.join(format!("{name}{}", waits_for.ending()));
        if path.exists() {
            return Ok(true);
        }
        let waiting = self.waiting(waits_for);
        let of_it = waiting.iter().filter(|path| name_of(path).starts_with(whose)).count();
        let bytes: u64 = waiting.iter().filter_map(|path| Some(path.metadata().ok()?.len())).sum();
        let is_full = waiting.len() >= limits::WAITING_IN_ALL || bytes >= limits::WAITING_BYTES;
        if is_full || of_it >= limits::WAITING {
            return Ok(false);
        }
        layout::make_folder(&folder).map_err(StoreError::disk(WHAT))?;
        layout::write_whole(&path, WHAT, |file: &mut File| {
            io::copy(from, file).and_then(|_| file.flush()).map_err(StoreError::disk(WHAT))
        })?;
        Ok(true)
    }

    /// The files that wait for something, by name.
    pub fn waiting(&self, waits_for: WaitsFor) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.home.waiting()).into_iter().flatten().flatten();
        let is_it = |path: &PathBuf| WaitsFor::of(path) == Some(waits_for) && path.is_file();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_it).collect();
        files.sort_by_key(|path| name_of(path));
        files
    }

    /// Lets go of a file that waited. That it cannot be removed does no harm: taken in again, it changes nothing.
    pub fn drop_waiting(&mut self, file: &Path) {
        let _ = fs::remove_file(file);
    }

    /// Puts a file that waited aside, under its name and one word more: it does not fit, and may be all there is of it.
    pub fn set_waiting_aside(&mut self, file: &Path) -> Result<(), StoreError> {
        let name = name_of(file);
        let plain = name.strip_suffix(".unknown").unwrap_or(&name);
        fs::rename(file, file.with_file_name(format!("{plain}.refused"))).map_err(StoreError::disk(WHAT))
    }
}
