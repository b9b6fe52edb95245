//! One program at a time: the system's lock on a file, which ends with the process however it ends.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use super::error::StoreError;
use super::layout::{Home, private_file};

/// The lock, held as long as this lives.
#[derive(Debug)]
pub(crate) struct Lock {
    file: Option<File>,
    path: PathBuf,
    /// Whether nothing can be written here.
    pub(crate) read_only: bool,
}

/// Which file a lock is on, so that another one put under its name is known.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    path: PathBuf,
    file: FileId,
}

/// A file as the system tells it from others; nothing where it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId(Option<(u64, u64)>);

impl FileId {
    pub(crate) fn of(meta: &Metadata) -> Self {
        #[cfg(unix)]
        return Self(Some({
            use std::os::unix::fs::MetadataExt;
            (meta.dev(), meta.ino())
        }));
        #[cfg(not(unix))]
        return Self((meta.len() == u64::MAX).then_some((0, 0)));
    }
}

impl Lock {
    pub(crate) fn take(home: &Home) -> Result<Self, StoreError> {
        let path = home.lock();
        let mut patience = PATIENCE;
        loop {
            let (file, read_only) = match private_file().open(&path) {
                Ok(file) => (file, false),
                // Where nothing can be written nobody else writes either; a lock there is a courtesy.
                Err(error) if is_refusal(&error) && home.holds_a_store() => match File::open(&path) {
                    Ok(file) => (file, true),
                    Err(_) => return Ok(Self { file: None, path, read_only: true }),
                },
                Err(error) => return Err(StoreError::disk("锁定户档")(error)),
            };
            match file.try_lock() {
                Ok(()) => {
                    let lock = Self { file: Some(file), path: path.clone(), read_only };
                    // Somebody may have put another file in its place since it was opened.
                    if lock.held().is_none_or(|held| held.is_held()) {
                        lock.sign();
                        return Ok(lock);
                    }
                }
                Err(TryLockError::Error(error)) => return Err(StoreError::disk("锁定户档")(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            if patience == 0 {
                return Err(StoreError::InUse);
            }
            thread::sleep(Duration::from_millis(10));
            patience -= 1;
        }
    }

    /// The file that is locked; none where nothing can be written, nor locked.
    pub(crate) fn held(&self) -> Option<Held> {
        let file = FileId::of(&self.file.as_ref()?.metadata().ok()?);
        Some(Held { path: self.path.clone(), file })
    }

    /// Writes down who holds the store. That this cannot be written is no reason not to work.
    fn sign(&self) {
        if let (Some(mut file), false) = (self.file.as_ref(), self.read_only) {
            let _ = file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0)));
            let _ = file.write_all(holder().as_bytes());
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A name that stays behind would be a holder who is gone.
        if let (Some(file), false) = (self.file.as_ref(), self.read_only) {
            let _ = file.set_len(0);
        }
    }
}

impl Held {
    /// Whether the file under the lock's name is still the one that is held.
    pub(crate) fn is_held(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|meta| FileId::of(&meta) == self.file)
    }
}

/// Who holds the store of a home, and since when, by the word of the lock; none where it does not say.
pub fn held_by(home: &Path) -> Option<String> {
    const MOST: u64 = 400;
    let mut text = String::new();
    File::open(Home::at(home).lock()).ok()?.take(MOST).read_to_string(&mut text).ok()?;
    let text: String = text.trim().chars().filter(|character| !character.is_control()).collect();
    (!text.is_empty()).then_some(text)
}

/// This program as somebody else is told of it.
fn holder() -> String {
    let named = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok()).filter(|name| !name.is_empty());
    let user = named(&["USER", "LOGNAME", "USERNAME"]).map_or_else(String::new, |user| format!("用户 {user}，"));
    let from = named(&["SSH_CLIENT"]).and_then(|from| from.split(' ').next().map(str::to_owned));
    let from = from.map_or_else(String::new, |from| format!("从 {from} 登录，"));
    let since = chrono::Local::now().format("%Y-%m-%d %H:%M:%S");
    format!("{user}{from}进程 {}，{since} 起\n", std::process::id())
}

/// How many times it is tried again, 10 ms apart: a program that this process is just starting holds the lock of a store
/// that was closed a moment ago, until it has become that program.
const PATIENCE: u32 = 30;

/// Whether the system will not let this be written, as against a failure on the way.
fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_says_who_holds_it_and_is_the_file_that_is_held() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::at(folder.path());
        let lock = Lock::take(&home).unwrap();
        let who = held_by(folder.path()).unwrap();
        assert!(who.contains(&format!("进程 {}", std::process::id())) && who.ends_with("起"), "{who}");
        let held = lock.held().unwrap();
        assert!(held.is_held());
        #[cfg(unix)]
        {
            fs::remove_file(home.lock()).unwrap();
            assert!(!held.is_held());
            let second = Lock::take(&home).unwrap();
            assert!(!held.is_held() && second.held().unwrap().is_held());
        }
        drop(lock);
        #[cfg(not(unix))]
        assert_eq!(held_by(folder.path()), None);
    }
}
