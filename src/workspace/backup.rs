//! A backup into a folder of a person's choice, read back before it counts, and the folder remembered.

use std::path::{Path, PathBuf};

use crate::progress::Progress;

use super::error::WorkspaceError;
use super::open::Workspace;
use super::papers::free_name;

impl Workspace {
    /// Writes everything into one new file of a folder, which must be there; gives the file once it was read back.
    pub fn back_up(&mut self, folder: &Path, progress: &mut dyn Progress) -> Result<PathBuf, WorkspaceError> {
        let path = free_name(folder, &format!("户档备份-{}-{}", self.store.scope(), self.today()), "hudang");
        self.store.backup(&path, progress)?;
        self.remember(|settings| settings.backups = Some(folder.to_owned()));
        Ok(path)
    }
}
