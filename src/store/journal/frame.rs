//! The framing of everything the store writes: one frame an entry, readable whatever its content is.
//!
//! A frame is a header of 40 bytes and its content as stored. All numbers are little-endian:
//!
//! ```text
//! at  size
//!  0   4   what the file is: "HDJ" (journal), "HDS" (snapshot), "HDD" (drafts), "HDB" (backup), and 0xA7, never text
//!  4   1   version of the format
//!  5   1   kind of the entry
//!  6   1   codec of the content: 0 as it is, 1 lz4; 2 is kept for sealed
//!  7   1   1 within a group, else 0
//!  8   4   length of the content as stored
//! 12   4   length of the content once decoded
//! 16   8   number of the entry, from 1 without gaps
//! 24   8   running digest of all entries before it
//! 32   4   CRC-32 of the content as stored
//! 36   4   CRC-32 of the 36 bytes before
//! ```
//!
//! The running digest after an entry is the first 8 bytes of the SHA-256 of its header, which holds the digest before.

use std::ops::Range;

use crate::changes::Hash;

use crate::store::error::StoreError;

/// The newest format of a journal known here.
pub(crate) const VERSION: u8 = 1;

/// The newest format of a backup known here: since 2 its pieces are small, and its index stands in it twice.
pub(crate) const BACKUP_VERSION: u8 = 2;

/// The length of a header.
pub(crate) const HEADER: usize = 40;

/// The most that one frame may hold; what claims more is no frame.
pub(crate) const MOST: u32 = 64 << 20;

const PLAIN: u8 = 0;
const LZ4: u8 = 1;

/// What kind of file a frame belongs to, so that one within another is never taken for the other's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Magic(pub(crate) [u8; 4]);

impl Magic {
    pub(crate) const JOURNAL: Self = Self(*b"HDJ\xA7");
    pub(crate) const SNAPSHOT: Self = Self(*b"HDS\xA7");
    pub(crate) const DRAFTS: Self = Self(*b"HDD\xA7");
    pub(crate) const BACKUP: Self = Self(*b"HDB\xA7");

    /// The newest format of such a file known here, which is the one that is written.
    const fn version(self) -> u8 {
        if self.0[2] == Self::BACKUP.0[2] { BACKUP_VERSION } else { VERSION }
    }
}

/// What a frame says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) magic: Magic,
    pub(crate) version: u8,
    pub(crate) kind: u8,
    codec: u8,
    pub(crate) grouped: bool,
    pub(crate) stored: u32,
    decoded: u32,
    pub(crate) number: u64,
    /// The running digest of all entries before.
    pub(crate) before: u64,
    content_crc: u32,
}

/// A frame, ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) header: Header,
    pub(crate) bytes: Vec<u8>,
}

/// What a frame is to say of itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About {
    pub(crate) magic: Magic,
    pub(crate) kind: u8,
    pub(crate) grouped: bool,
    pub(crate) number: u64,
    pub(crate) before: u64,
}

impl Frame {
    /// A frame with the content as it is.
    pub(crate) fn plain(about: About, content: &[u8]) -> Self {
        Self::new(about, PLAIN, content.len(), content)
    }

    /// A frame with the content packed.
    pub(crate) fn packed(about: About, content: &[u8]) -> Self {
        Self::new(about, LZ4, content.len(), &lz4_flex::block::compress(content))
    }

    fn new(about: About, codec: u8, decoded: usize, content: &[u8]) -> Self {
        let About { magic, kind, grouped, number, before } = about;
        let header = Header {
            magic,
            version: magic.version(),
            kind,
            codec,
            grouped,
            stored: content.len() as u32,
            decoded: decoded as u32,
            number,
            before,
            content_crc: crc32fast::hash(content),
        };
        let mut bytes = Vec::with_capacity(HEADER + content.len());
        bytes.extend_from_slice(&header.bytes());
        bytes.extend_from_slice(content);
        Self { header, bytes }
    }
}

impl Header {
    fn bytes(&self) -> [u8; HEADER] {
        let mut bytes = [0; HEADER];
        bytes[..4].copy_from_slice(&self.magic.0);
        bytes[4..8].copy_from_slice(&[self.version, self.kind, self.codec, u8::from(self.grouped)]);
        bytes[8..12].copy_from_slice(&self.stored.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.decoded.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.number.to_le_bytes());
        bytes[24..32].copy_from_slice(&self.before.to_le_bytes());
        bytes[32..36].copy_from_slice(&self.content_crc.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..36]);
        bytes[36..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// How many bytes a frame that begins so says that it has; none where these are no header.
    pub(crate) fn whole_length(magic: Magic, bytes: &[u8; HEADER]) -> Option<u64> {
        Self::read(magic, bytes).map(|header| HEADER as u64 + u64::from(header.stored))
    }

    /// The header that these bytes hold, if they hold one of this kind of file.
    pub(crate) fn read(magic: Magic, bytes: &[u8; HEADER]) -> Option<Self> {
        let u32_at = |at: Range<usize>| bytes[at].iter().rev().fold(0, |n, byte| n << 8 | u32::from(*byte));
        let u64_at = |at: Range<usize>| bytes[at].iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte));
        if bytes[..4] != magic.0 || crc32fast::hash(&bytes[..36]) != u32_at(36..40) {
            return None;
        }
        let header = Self {
            magic,
            version: bytes[4],
            kind: bytes[5],
            codec: bytes[6],
            grouped: bytes[7] & 1 != 0,
            stored: u32_at(8..12),
            decoded: u32_at(12..16),
            number: u64_at(16..24),
            before: u64_at(24..32),
            content_crc: u32_at(32..36),
        };
        (header.stored <= MOST && header.decoded <= MOST).then_some(header)
    }

    /// Whether this is the content that the header speaks of.
    pub(crate) fn fits(&self, content: &[u8]) -> bool {
        content.len() == self.stored as usize && crc32fast::hash(content) == self.content_crc
    }

    /// The running digest of all entries up to this one.
    pub(crate) fn after(&self) -> u64 {
        let hash = Hash::of(&self.bytes());
        hash.0.iter().take(8).rev().fold(0, |n, byte| n << 8 | u64::from(*byte))
    }

    /// Refuses what a newer program wrote.
    pub(crate) fn check_version(&self) -> Result<(), StoreError> {
        let known = self.magic.version();
        if self.version > known || self.codec > LZ4 {
            let version = self.version.max(known + 1);
            return Err(StoreError::Newer { what: "户档".to_owned(), version, known });
        }
        Ok(())
    }

    /// The content as it was given; none if it does not unpack, which a fitting checksum all but rules out.
    pub(crate) fn decode(&self, stored: Vec<u8>) -> Option<Vec<u8>> {
        match self.codec {
            PLAIN => Some(stored),
            LZ4 => {
                let content = lz4_flex::block::decompress(&stored, self.decoded as usize).ok()?;
                (content.len() == self.decoded as usize).then_some(content)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About { magic: Magic::JOURNAL, kind: 2, grouped: true, number: 7, before: 0x0102_0304_0506_0708 }
    }

    fn header_of(frame: &Frame) -> Option<Header> {
        Header::read(Magic::JOURNAL, frame.bytes[..HEADER].try_into().unwrap())
    }

    #[test]
    fn the_bytes_of_a_frame_are_fixed() {
        let frame = Frame::plain(about(), b"{}");
        let hex: String = frame.bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "48444aa70102000102000000020000000700000000000000080706050403020143bfa6a31e88081c7b7d",);
        assert_eq!(header_of(&frame), Some(frame.header));
    }

    #[test]
    fn contents_come_back_plain_and_packed() {
        let content = "户档".repeat(1000).into_bytes();
        for frame in [Frame::plain(about(), &content), Frame::packed(about(), &content)] {
            let stored = frame.bytes[HEADER..].to_vec();
            assert!(frame.header.fits(&stored));
            assert_eq!(header_of(&frame).unwrap().decode(stored), Some(content.clone()));
        }
        assert!(Frame::packed(about(), &content).bytes.len() < 200);
    }

    #[test]
    fn every_flipped_bit_of_a_header_is_noticed() {
        let frame = Frame::plain(about(), b"{}");
        for bit in 0..8 * HEADER {
            let mut bytes: [u8; HEADER] = frame.bytes[..HEADER].try_into().unwrap();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Header::read(Magic::JOURNAL, &bytes), None, "bit {bit}");
        }
        assert_eq!(Header::read(Magic::BACKUP, frame.bytes[..HEADER].try_into().unwrap()), None);
    }

    #[test]
    fn the_digest_depends_on_what_came_before() {
        let one = Frame::plain(about(), b"{}").header;
        let other = Frame::plain(About { before: 1, ..about() }, b"{}").header;
        assert_ne!(one.after(), other.after());
    }

    #[test]
    fn a_newer_format_is_refused() {
        let mut header = Frame::plain(about(), b"{}").header;
        assert!(header.check_version().is_ok());
        header.version = 2;
        assert!(matches!(header.check_version(), Err(StoreError::Newer { version: 2, .. })));
        header.version = 1;
        header.codec = 2;
        assert!(matches!(header.check_version(), Err(StoreError::Newer { .. })));
    }
}
