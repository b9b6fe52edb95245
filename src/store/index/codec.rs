//! How records of the index are written: bincode in one configuration with a limit, in an envelope that proves itself.
//!
//! An envelope is a version byte, a CRC-32 over key, entry and content, the number of the entry that wrote it, and the
//! content. So a record under another's key, an old one in a new one's place, and a damaged one are all noticed.

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::error::StoreError;

/// The version of the records. An index of another version is built again from the journal.
pub(crate) const VERSION: u8 = 5;

const LIMIT: usize = 64 << 20;
const CONFIG: Configuration<LittleEndian, Varint, Limit<LIMIT>> = bincode::config::standard().with_limit::<LIMIT>();

const ENVELOPE: usize = 13;

/// A record out of its envelope.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// The number of the entry that wrote it.
    pub(crate) entry: u64,
    /// What it holds.
    pub(crate) content: &'a [u8],
}

/// Writes a value.
pub(crate) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    bincode::serde::encode_to_vec(value, CONFIG).map_err(|error| StoreError::Index(format!("不能编码：{error}")))
}

/// Reads a value, which fills the bytes.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    match bincode::serde::decode_from_slice(bytes, CONFIG) {
        Ok((value, length)) if length == bytes.len() => Ok(value),
        Ok(_) => Err(StoreError::Index("记录后有多余字节".to_owned())),
        Err(error) => Err(StoreError::Index(format!("不能解码：{error}"))),
    }
}

/// Packs bytes, with their length before them.
pub(crate) fn pack(bytes: &[u8]) -> Vec<u8> {
    lz4_flex::block::compress_prepend_size(bytes)
}

/// Unpacks what [`pack`] packed.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    let damaged = |error: lz4_flex::block::DecompressError| StoreError::Index(format!("不能解压：{error}"));
    let (length, _) = lz4_flex::block::uncompressed_size(bytes).map_err(damaged)?;
    if length > LIMIT {
        return Err(StoreError::Index("记录过长".to_owned()));
    }
    lz4_flex::block::decompress_size_prepended(bytes).map_err(damaged)
}

/// Puts a record into its envelope.
pub(crate) fn seal(key: &[u8], entry: u64, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(ENVELOPE + content.len());
    bytes.push(VERSION);
    bytes.extend_from_slice(&crc(key, &entry.to_le_bytes(), content).to_le_bytes());
    bytes.extend_from_slice(&entry.to_le_bytes());
    bytes.extend_from_slice(content);
    bytes
}

/// Takes a record out of its envelope, if it is the one that belongs under this key.
pub(crate) fn open<'a>(key: &[u8], bytes: &'a [u8]) -> Result<Record<'a>, StoreError> {
    let damaged = || StoreError::Index("记录损坏".to_owned());
    if bytes.len() < ENVELOPE {
        return Err(damaged());
    }
    if bytes[0] != VERSION {
        return Err(StoreError::Index("由别的版本的程序写成".to_owned()));
    }
    let (entry, content) = (&bytes[5..ENVELOPE], &bytes[ENVELOPE..]);
    if crc(key, entry, content).to_le_bytes() != bytes[1..5] {
        return Err(damaged());
    }
    Ok(Record { entry: u64::from_le_bytes(entry.try_into().map_err(|_| damaged())?), content })
}

/// A number for a sealed record; the sum of all tells whether a set of records is the one it should be.
pub(crate) fn fingerprint(sealed: &[u8]) -> u64 {
    // The mixing of SplitMix64, so that sums of checksums do not cancel out.
    let mut x = sealed.iter().skip(1).take(4).fold(0x9e37_79b9_7f4a_7c15, |x, byte| x << 8 | u64::from(*byte));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn crc(key: &[u8], entry: &[u8], content: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(key);
    crc.update(entry);
    crc.update(content);
    crc.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_a_record_are_fixed() {
        let content = encode(&("户", 300_u32, Some(true))).unwrap();
        assert_eq!(content, [3, 0xe6, 0x88, 0xb7, 251, 44, 1, 1, 1]);
        let sealed = seal(b"K", 7, &content);
        assert_eq!(sealed[..ENVELOPE], [5, 89, 61, 9, 122, 7, 0, 0, 0, 0, 0, 0, 0]);
        let record = open(b"K", &sealed).unwrap();
        assert_eq!((record.entry, record.content), (7, content.as_slice()));
        assert_eq!(decode::<(String, u32, Option<bool>)>(record.content).unwrap().1, 300);
    }

    #[test]
    fn a_record_that_is_not_its_own_is_refused() {
        let sealed = seal(b"K", 7, b"content");
        assert!(open(b"L", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone();
            bytes[at] ^= 4;
            assert!(open(b"K", &bytes).is_err(), "byte {at}");
            assert!(open(b"K", &sealed[..at]).is_err(), "length {at}");
        }
    }

    #[test]
    fn nothing_too_long_is_unpacked() {
        let mut bytes = pack(b"some bytes");
        assert_eq!(unpack(&bytes).unwrap(), b"some bytes");
        bytes[3] = 0xff;
        assert!(unpack(&bytes).is_err());
    }

    #[test]
    fn trailing_bytes_are_refused() {
        let mut bytes = encode(&7_u32).unwrap();
        bytes.push(0);
        assert!(decode::<u32>(&bytes).is_err());
    }
}
