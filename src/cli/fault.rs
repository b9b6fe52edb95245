//! Why a command failed, and with which exit code.

use std::fmt;

use crate::store::StoreError;
use crate::workspace::WorkspaceError;
use crate::workspace::import::ImportError;
use crate::workspace::keys::KeyFault;

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

    /// The exit code: 1 failed, 2 wrong usage, 4 the store is in use, 5 a key is wrong.
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
        match error {
            StoreError::InUse => Self { message: error.to_string(), code: 4 },
            StoreError::Missing(_) => Self::new(format!(
                "{error}。新建：hudang init --village 村代码 --name 村名；或直接运行 hudang，按提示建档"
            )),
            error => Self::new(error.to_string()),
        }
    }
}

impl From<WorkspaceError> for Fault {
    fn from(error: WorkspaceError) -> Self {
        match error {
            WorkspaceError::Store(error) | WorkspaceError::Import(ImportError::Store(error)) => error.into(),
            WorkspaceError::HeldBy(_) => Self { message: error.to_string(), code: 4 },
            WorkspaceError::Import(error @ (ImportError::WhichVillage | ImportError::NoFile)) => {
                Self::usage(error.to_string())
            }
            WorkspaceError::Key(KeyFault::Damaged { .. } | KeyFault::Another { .. }) => {
                Self { message: error.to_string(), code: 5 }
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
