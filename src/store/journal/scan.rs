//! Reads a file of frames from front to back, as a stream, and finds the next whole frame behind damaged bytes.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use memchr::memmem;

use super::frame::{HEADER, Header, Magic};

/// What stands next in a file.
#[derive(Debug)]
pub(crate) enum Item {
    /// A whole frame.
    Frame(Found),
    /// Bytes that are no frame, up to the next one or the end of the file.
    Damage {
        /// Where they begin.
        at: u64,
        /// How many.
        bytes: u64,
    },
}

/// A whole frame as it stands in a file.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) header: Header,
    /// Where it begins.
    pub(crate) at: u64,
    /// The content as stored.
    pub(crate) stored: Vec<u8>,
}

impl Found {
    /// Where the next one begins.
    pub(crate) fn end(&self) -> u64 {
        self.at + (HEADER + self.stored.len()) as u64
    }

    /// The content as it was given.
    pub(crate) fn content(self) -> Option<Vec<u8>> {
        self.header.decode(self.stored)
    }
}

/// A reader of frames.
#[derive(Debug)]
pub(crate) struct Scanner {
    file: BufReader<File>,
    magic: Magic,
    /// Where the file is read next.
    position: u64,
    /// Where the next item begins.
    at: u64,
    length: u64,
    /// The frame behind the damage that was just told.
    ahead: Option<Found>,
}

const CHUNK: usize = 64 << 10;

impl Scanner {
    /// Reads a file from an offset at which a frame is expected.
    pub(crate) fn open(path: &Path, magic: Magic, from: u64) -> io::Result<Self> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let file = BufReader::with_capacity(CHUNK, file);
        Ok(Self { file, magic, position: 0, at: from, length, ahead: None })
    }

    /// How long the file is.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The next item; none at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Item>> {
        if let Some(found) = self.ahead.take() {
            self.at = found.end();
            return Ok(Some(Item::Frame(found)));
        }
        if self.at >= self.length {
            return Ok(None);
        }
        if let Some(found) = self.frame_at(self.at)? {
            self.at = found.end();
            return Ok(Some(Item::Frame(found)));
        }
        let damaged = self.at;
        self.ahead = self.find_after(damaged)?;
        self.at = self.ahead.as_ref().map_or(self.length, |found| found.at);
        Ok(Some(Item::Damage { at: damaged, bytes: self.at - damaged }))
    }

    /// Whether what stands from here to the end is the beginning of one frame, as a kill leaves it, rather than damage.
    pub(crate) fn is_torn_from(&mut self, at: u64) -> io::Result<bool> {
        let rest = self.length.saturating_sub(at);
        if rest < HEADER as u64 {
            return Ok(true);
        }
        let mut bytes = [0; HEADER];
        self.read_at(at, &mut bytes)?;
        Ok(Header::whole_length(self.magic, &bytes).is_some_and(|whole| whole > rest))
    }

    /// The frame that stands just here, without looking any further.
    pub(crate) fn here(&mut self) -> io::Result<Option<Found>> {
        self.frame_at(self.at)
    }

    fn frame_at(&mut self, at: u64) -> io::Result<Option<Found>> {
        if self.length - at < HEADER as u64 {
            return Ok(None);
        }
        let mut bytes = [0; HEADER];
        self.read_at(at, &mut bytes)?;
        let Some(header) = Header::read(self.magic, &bytes) else { return Ok(None) };
        if self.length - at - (HEADER as u64) < u64::from(header.stored) {
            return Ok(None);
        }
        let mut stored = vec![0; header.stored as usize];
        self.read_at(at + HEADER as u64, &mut stored)?;
        Ok(header.fits(&stored).then_some(Found { header, at, stored }))
    }

    fn find_after(&mut self, damaged: u64) -> io::Result<Option<Found>> {
        let magic = self.magic.0;
        let finder = memmem::Finder::new(&magic);
        let mut from = damaged + 1;
        let mut chunk = vec![0; CHUNK];
        while from + HEADER as u64 <= self.length {
            let much = (CHUNK as u64).min(self.length - from) as usize;
            self.read_at(from, &mut chunk[..much])?;
            for candidate in finder.find_iter(&chunk[..much]) {
                if let Some(found) = self.frame_at(from + candidate as u64)? {
                    return Ok(Some(found));
                }
            }
            // The magic may stand across two chunks.
            from += (much - (magic.len() - 1)) as u64;
        }
        Ok(None)
    }

    fn read_at(&mut self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        if at != self.position {
            self.file.seek(SeekFrom::Start(at))?;
        }
        // Where reading stops is not known after a failure.
        self.position = u64::MAX;
        self.file.read_exact(bytes)?;
        self.position = at + bytes.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::journal::frame::{About, Frame};

    fn frames(contents: &[&str]) -> Vec<Vec<u8>> {
        let mut before = 0;
        let one = |(i, content): (usize, &&str)| {
            let about = About { magic: Magic::JOURNAL, kind: 2, grouped: false, number: i as u64 + 1, before };
            let frame = Frame::plain(about, content.as_bytes());
            before = frame.header.after();
            frame.bytes
        };
        contents.iter().enumerate().map(one).collect()
    }

    /// Numbers of frames, and lengths of damage as negative numbers.
    fn scan(bytes: &[u8]) -> Vec<i64> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("j");
        std::fs::write(&path, bytes).unwrap();
        let mut scanner = Scanner::open(&path, Magic::JOURNAL, 0).unwrap();
        let mut seen = Vec::new();
        while let Some(item) = scanner.next().unwrap() {
            seen.push(match item {
                Item::Frame(found) => found.header.number as i64,
                Item::Damage { bytes, .. } => -(bytes as i64),
            });
        }
        seen
    }

    #[test]
    fn whole_frames_are_read_and_torn_ones_are_not() {
        let all = frames(&["{\"a\":1}", "{}", "three"]).concat();
        assert_eq!(scan(&all), [1, 2, 3]);
        assert!(scan(b"").is_empty());
        let last = HEADER + 5;
        for cut in 1..last {
            assert_eq!(scan(&all[..all.len() - cut]), [1, 2, -((last - cut) as i64)], "cut {cut}");
        }
    }

    #[test]
    fn what_stands_behind_damage_is_found() {
        let frames = frames(&["{\"a\":1}", "{}", "three"]);
        for at in 0..frames[1].len() {
            let mut bytes = frames.concat();
            bytes[frames[0].len() + at] ^= 0x10;
            assert_eq!(scan(&bytes), [1, -(frames[1].len() as i64), 3], "byte {at}");
        }
    }

    #[test]
    fn what_stands_behind_much_damage_is_found_wherever_chunks_end() {
        let frames = frames(&["{}", "{}"]);
        for gap in (CHUNK - 50)..(CHUNK + 10) {
            let bytes = [frames[0].clone(), vec![0; gap], frames[1].clone()].concat();
            assert_eq!(scan(&bytes), [1, -(gap as i64), 2], "gap {gap}");
        }
    }
}
