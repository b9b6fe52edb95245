//! A hand-over from beginning to end: the set is written, read back and checked, and a backup goes beside it.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::exchange::set::verify;
use crate::progress::Progress;

use super::error::WorkspaceError;
use super::export::Exported;
use super::open::Workspace;

/// What came of a hand-over.
#[derive(Debug)]
pub struct HandOver {
    /// The set that was written.
    pub exported: Exported,
    /// What is wrong with the file, read back as anyone could; nothing where it is whole.
    pub problems: Vec<String>,
    /// Whether a set that was made again is the same bytes as the first time.
    pub is_same: Option<bool>,
    /// The backup, where one was asked for; that it failed takes nothing back from the set.
    pub backup: Option<Result<PathBuf, WorkspaceError>>,
}

impl Workspace {
    /// Writes the next set into a folder, or a run again, checks it, and writes a backup where a folder is named for one.
    /// None where there is nothing to hand over.
    pub fn hand_over(
        &mut self,
        folder: &Path,
        run: Option<(u64, u64)>,
        backup: Option<&Path>,
        progress: &mut dyn Progress,
    ) -> Result<Option<HandOver>, WorkspaceError> {
        progress.step("写变更集", 0, None);
        let Some(exported) = self.export(folder, run, false)? else { return Ok(None) };
        progress.step("读回核对", 0, None);
        let name = exported.file.display().to_string();
        let report = verify([(name, File::open(&exported.file))], Some(self.own_keys()?));
        let problems = report.problems.iter().map(ToString::to_string).collect();
        let set = exported.set;
        let first = self.hand_overs().find(|handed| (handed.from, handed.to) == (set.from, set.to));
        // A set of the first programs bore no signature, and cannot be the same now.
        let first = first.filter(|first| exported.again && first.signed.is_some());
        let is_same = first.map(|first| first.file_sha256 == exported.plain_sha256);
        let backup = backup.map(|folder| self.back_up(folder, progress));
        self.remember(|settings| settings.papers = Some(folder.to_owned()));
        Ok(Some(HandOver { exported, problems, is_same, backup }))
    }
}
