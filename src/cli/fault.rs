//! Why a command failed, and with which exit code.

use std::fmt;

use crate::store::StoreError;
use crate::workspace::WorkspaceError;
use crate::workspace::import::ImportError;

/// A failed command.
#[derive(Debug)]
pub struct Fault {
    message: String,
    code: u8,
}

impl Fault {
    /// A failure.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// A command line that cannot be meant.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 2 }
    }

    /// The exit code: 1 failed, 2 wrong usage, 4 the store is in use.
    pub const fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let code = if matches!(error, StoreError::InUse) { 4 } else { 1 };
        Self { message: error.to_string(), code }
    }
}

impl From<WorkspaceError> for Fault {
    fn from(error: WorkspaceError) -> Self {
        match error {
            WorkspaceError::Store(error) | WorkspaceError::Import(ImportError::Store(error)) => error.into(),
            WorkspaceError::Import(error @ (ImportError::WhichVillage | ImportError::NoFile)) => {
                Self::usage(error.to_string())
            }
            WorkspaceError::NoAuthor
            | WorkspaceError::WhichVillage(_)
            | WorkspaceError::NoVillage
            | WorkspaceError::NotOurs { .. }
            | WorkspaceError::NoPolicy { .. } => Self::usage(error.to_string()),
            error => Self::new(error.to_string()),
        }
    }
}
