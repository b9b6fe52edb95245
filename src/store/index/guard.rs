//! sled panics where its files are damaged. Here that becomes an error, and nothing is printed over the screen.

use std::cell::Cell;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::store::error::{StoreError, in_words};

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread will be caught by the store, so that a hook has nothing to say about it.
pub fn catches_panics() -> bool {
    CATCHING.get()
}

/// Why sled did not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The disk is full, or not to be written to.
    NoRoom(String),
    /// Another thread of this program has not quite let go of the folder yet.
    Locked,
    /// Anything else, and so a reason to doubt what is there.
    Other(String),
}

impl Failure {
    /// The reason in words.
    pub(crate) fn into_words(self) -> String {
        match self {
            Self::NoRoom(words) | Self::Other(words) => words,
            Self::Locked => "索引被占用".to_owned(),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::Index(failure.into_words())
    }
}

/// Does something with sled; an error or a panic of it comes back as a failure.
pub(crate) fn guarded<T>(work: impl FnOnce() -> sled::Result<T>) -> Result<T, Failure> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !catches_panics() {
                before(info);
            }
        }));
    });
    let outer = CATCHING.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    CATCHING.set(outer);
    match done {
        Ok(done) => done.map_err(|error| failure(&error)),
        // What a panic says may hold a piece of what is stored, so it is not repeated.
        Err(_) => Err(Failure::Other("索引库内部出错".to_owned())),
    }
}

fn failure(error: &sled::Error) -> Failure {
    use io::ErrorKind as Kind;
    match error {
        sled::Error::Io(error) if error.to_string().contains("could not acquire lock") => Failure::Locked,
        sled::Error::Io(error) => match error.kind() {
            Kind::StorageFull | Kind::QuotaExceeded | Kind::ReadOnlyFilesystem | Kind::PermissionDenied => {
                Failure::NoRoom(in_words(error))
            }
            _ => Failure::Other(in_words(error)),
        },
        sled::Error::Corruption { .. } => Failure::Other("索引文件损坏".to_owned()),
        _ => Failure::Other("索引库报错".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_and_errors_come_back_as_failures() {
        assert_eq!(guarded(|| Ok(7)), Ok(7));
        let told = guarded::<()>(|| panic!("in 419999198907071360")).unwrap_err().into_words();
        assert!(!told.contains("4199"));
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(matches!(guarded::<()>(|| Err(full.into())), Err(Failure::NoRoom(_))));
        assert!(!catches_panics());
    }
}
