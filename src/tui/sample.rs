//! The sample village with the private folder that it lives in, which goes when this goes.

use tempfile::TempDir;

use crate::domain::Author;
use crate::progress::Progress;
use crate::workspace::{Workspace, WorkspaceError};

use super::desk::Desk;

/// The sample village.
pub struct Sample {
    // The store is closed before its folder goes.
    workspace: Workspace,
    folder: TempDir,
}

/// Why there is no sample village.
#[derive(Debug, thiserror::Error)]
pub enum NoSample {
    /// It could not be made.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// Its folder could not be made.
    #[error("示例村的临时文件夹建不起来（{0}）")]
    Folder(#[from] std::io::Error),
}

impl Sample {
    /// Makes it; somebody who said who she is sits at it.
    pub fn make(author: Option<&Author>, progress: &mut dyn Progress) -> Result<Self, NoSample> {
        let folder = private_folder()?;
        let mut workspace = Workspace::sample(folder.path(), progress)?;
        if let Some(author) = author {
            workspace.sit_down(author.clone())?;
        }
        // Where there is something to import.
        workspace.remember(|settings| settings.rosters = Some(folder.path().join("sample")));
        workspace.stand(progress)?;
        Ok(Self { workspace, folder })
    }

    /// A desk with the sample on it, and the folder, which must outlive it.
    pub fn desk(self) -> (Desk, TempDir) {
        let mut desk = Desk::new(self.workspace);
        desk.is_sample = true;
        (desk, self.folder)
    }
}

fn private_folder() -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.prefix("hudang-demo-").tempdir()
}
