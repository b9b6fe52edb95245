//! One program at a time: the system's lock on a file, which ends with the process however it ends.

use std::fs::{File, TryLockError};
use std::io;
use std::thread;
use std::time::Duration;

use super::error::StoreError;
use super::layout::{Home, private_file};

/// The lock, held as long as this lives.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: Option<File>,
    /// Whether nothing can be written here.
    pub(crate) read_only: bool,
}

impl Lock {
    pub(crate) fn take(home: &Home) -> Result<Self, StoreError> {
        let (file, read_only) = match private_file().open(home.lock()) {
            Ok(file) => (file, false),
            // Where nothing can be written nobody else writes either; a lock there is a courtesy.
            Err(error) if is_refusal(&error) && home.holds_a_store() => match File::open(home.lock()) {
                Ok(file) => (file, true),
                Err(_) => return Ok(Self { _file: None, read_only: true }),
            },
            Err(error) => return Err(StoreError::disk("锁定户档")(error)),
        };
        let mut patience = PATIENCE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: Some(file), read_only }),
                Err(TryLockError::Error(error)) => return Err(StoreError::disk("锁定户档")(error)),
                Err(TryLockError::WouldBlock) if patience == 0 => return Err(StoreError::InUse),
                Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(10)),
            }
            patience -= 1;
        }
    }
}

/// How many times it is tried again, 10 ms apart: a program that this process is just starting holds the lock of a store
/// that was closed a moment ago, until it has become that program.
const PATIENCE: u32 = 30;

/// Whether the system will not let this be written, as against a failure on the way.
fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied)
}
