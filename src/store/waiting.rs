//! Sets that came before the ones they follow: whole files, kept until their turn.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Store;
use super::error::StoreError;
use super::layout::{self, name_of};

const WHAT: &str = "存放等候的变更集";

impl Store {
    /// Keeps a file durably under a name of its own.
    pub fn keep_waiting(&mut self, name: &str, from: &mut dyn io::Read) -> Result<(), StoreError> {
        let folder = self.home.waiting();
        layout::make_folder(&folder).map_err(StoreError::disk(WHAT))?;
        layout::write_whole(&folder.join(name), WHAT, |file: &mut File| {
            io::copy(from, file).and_then(|_| file.flush()).map_err(StoreError::disk(WHAT))
        })
    }

    /// The files that wait, by name.
    pub fn waiting(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.home.waiting()).into_iter().flatten().flatten();
        let is_whole = |path: &PathBuf| path.is_file() && path.extension().is_some_and(|it| it == "zip");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_whole).collect();
        files.sort_by_key(|path| name_of(path));
        files
    }

    /// Lets go of a file that waited. That it cannot be removed does no harm: taken in again, it changes nothing.
    pub fn drop_waiting(&mut self, file: &Path) {
        let _ = fs::remove_file(file);
    }

    /// Puts a file that waited aside, under its name and one word more: it does not fit, and may be all there is of it.
    pub fn set_waiting_aside(&mut self, file: &Path) -> Result<(), StoreError> {
        fs::rename(file, file.with_extension("zip.refused")).map_err(StoreError::disk(WHAT))
    }
}
