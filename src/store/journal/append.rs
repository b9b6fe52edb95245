//! A file that only grows: what is appended is there whole, or the file is as it was before.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::store::layout::private_file;
use crate::store::lock::FileId;

/// The end of a file, to which frames are appended.
#[derive(Debug)]
pub(crate) struct Appender {
    file: File,
    path: PathBuf,
    id: FileId,
    end: u64,
    /// How long the file was when it was last touched here.
    length: u64,
    /// Whether bytes may stand behind the end that are no part of the file.
    dirty: bool,
}

impl Appender {
    /// Goes on at this offset; what stands behind it is cut off before anything is written.
    pub(crate) fn open(path: &Path, end: u64) -> io::Result<Self> {
        let file = private_file().open(path)?;
        let meta = file.metadata()?;
        let (id, length) = (FileId::of(&meta), meta.len());
        Ok(Self { file, path: path.to_owned(), id, end, length, dirty: length != end })
    }

    /// Whether the file under its name is the one that is open, as long as it was left.
    pub(crate) fn is_as_left(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|meta| FileId::of(&meta) == self.id && meta.len() == self.length)
    }

    /// Cuts off what stands behind the end.
    pub(crate) fn tidy(&mut self) -> io::Result<()> {
        if self.dirty {
            self.file.set_len(self.end)?;
            self.length = self.end;
            self.dirty = false;
        }
        Ok(())
    }

    /// Takes back everything from an offset on.
    pub(crate) fn cut(&mut self, end: u64) -> io::Result<()> {
        self.dirty = self.dirty || end != self.end;
        self.end = end;
        self.tidy()
    }

    /// Appends bytes; after a failure they are not there. Not durable until [`sync`](Self::sync).
    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.tidy()?;
        self.dirty = true;
        let written = self.file.seek(SeekFrom::Start(self.end)).and_then(|_| self.file.write_all(bytes));
        if let Err(error) = written {
            // If this fails too, nothing more is written until it has been done.
            let _ = self.tidy();
            self.length = self.file.metadata().map_or(self.length, |meta| meta.len());
            return Err(error);
        }
        self.dirty = false;
        self.end += bytes.len() as u64;
        self.length = self.end;
        Ok(())
    }

    /// Makes durable what was appended.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Appends bytes durably, or leaves the file as it was.
    pub(crate) fn append_durably(&mut self, bytes: &[u8]) -> io::Result<()> {
        let start = self.end;
        self.append(bytes)?;
        self.sync().inspect_err(|_| {
            // What a failed sync has left on the disk is unknown, so it is taken back and written anew.
            let _ = self.cut(start);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_end_is_cut_before_the_next_append() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, b"whole, and torn off").unwrap();
        let mut appender = Appender::open(&path, 5).unwrap();
        appender.append_durably(b"!").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"whole!");
        appender.append(b"?!").unwrap();
        appender.cut(6).unwrap();
        assert_eq!((appender.end, std::fs::read(&path).unwrap().as_slice()), (6, b"whole!".as_slice()));
    }

    #[test]
    fn a_file_that_somebody_else_touched_is_not_as_it_was_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        let mut appender = Appender::open(&path, 0).unwrap();
        appender.append_durably(b"ours").unwrap();
        assert!(appender.is_as_left());
        std::fs::write(&path, b"ours, theirs").unwrap();
        assert!(!appender.is_as_left());
        std::fs::write(&path, b"ours").unwrap();
        assert!(appender.is_as_left());
        #[cfg(unix)]
        {
            std::fs::write(folder.path().join("g"), b"ours").unwrap();
            std::fs::rename(folder.path().join("g"), &path).unwrap();
            assert!(!appender.is_as_left());
        }
    }
}
