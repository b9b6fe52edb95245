//! A digest of text that is the same in every version and on every machine, to notice change and to match by; no secret.

use std::hash::{BuildHasherDefault, Hasher};

use serde::Serialize;

/// A 64-bit digest in the making. It also serves as a quick hasher for tables that live in memory.
#[derive(Clone, Copy, Debug)]
pub struct Digest(u64);

/// What tables keyed by text or by digests hash with.
pub type ByDigest = BuildHasherDefault<Digest>;

const START: u64 = 0x9E37_79B9_7F4A_7C15;
const TIMES: u64 = 0xD6E8_FEB8_6659_FD93;

impl Default for Digest {
    fn default() -> Self {
        Self(START)
    }
}

impl Digest {
    /// The digest of a text; never 0, so that 0 can stand for none.
    pub fn of(text: &str) -> u64 {
        let mut digest = Self::default();
        digest.add(text.as_bytes());
        digest.finish().max(1)
    }

    /// The digest of a thing as it is written in JSON, which is the same on every machine.
    pub fn of_json<T: Serialize>(thing: &T) -> u64 {
        // What has text keys alone writes itself as JSON; for anything else all are alike, and nothing is told apart.
        Self::of(&serde_json::to_string(thing).unwrap_or_default())
    }

    /// Adds bytes and their number.
    pub fn add(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last));
        self.mix(bytes.len() as u64);
    }

    fn mix(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(TIMES);
        self.0 ^= self.0 >> 32;
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.add(bytes);
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(byte.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    fn finish(&self) -> u64 {
        (self.0 ^ (self.0 >> 29)).wrapping_mul(TIMES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_stored_so_they_never_move() {
        assert_eq!(Digest::of(""), 0xC9B3_B768_8C28_119E);
        assert_eq!(Digest::of("419999198307011234"), 17_382_056_345_972_572_295);
    }

    #[test]
    fn every_change_is_noticed() {
        let texts = ["", "0", "00", "a", "b", "ab", "ba", "12345678", "123456780", "12345678\0"];
        for (at, one) in texts.iter().enumerate() {
            for other in &texts[at + 1..] {
                assert_ne!(Digest::of(one), Digest::of(other), "{one:?} {other:?}");
            }
        }
    }
}
