//! Where the bytes of a table come from: a file on the disk, or what somebody has read already.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use super::fault::Fault;

/// Bytes that can be read more than once.
pub enum Source {
    /// A file.
    File(PathBuf),
    /// Bytes at hand.
    Bytes(Arc<[u8]>),
}

impl Source {
    /// Begins to read from the start.
    pub fn open(&self) -> Result<Opened, Fault> {
        match self {
            Self::File(path) if path.is_dir() => Err(Fault::Folder),
            Self::File(path) => Ok(Opened::File(BufReader::new(File::open(path)?))),
            Self::Bytes(bytes) => Ok(Opened::Bytes(Cursor::new(bytes.clone()))),
        }
    }
}

/// A source that is being read.
pub enum Opened {
    /// See [`Source::File`].
    File(BufReader<File>),
    /// See [`Source::Bytes`].
    Bytes(Cursor<Arc<[u8]>>),
}

impl Read for Opened {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Bytes(bytes) => bytes.read(into),
        }
    }
}

impl io::BufRead for Opened {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::File(file) => file.fill_buf(),
            Self::Bytes(bytes) => bytes.fill_buf(),
        }
    }
    fn consume(&mut self, read: usize) {
        match self {
            Self::File(file) => file.consume(read),
            Self::Bytes(bytes) => bytes.consume(read),
        }
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Bytes(bytes) => bytes.seek(to),
        }
    }
}
