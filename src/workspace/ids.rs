//! New ids for forms and stores, and the randomness of keys.

use crate::changes::Hash;
use crate::changes::border::RESERVED;

/// How the ids of our own acts begin that are found by them; no form from outside may be called so.
pub const FOLLOWER: &str = "correction-";
/// See [`FOLLOWER`].
pub const SHEET: &str = "sheet-";
/// See [`FOLLOWER`].
pub const HOLDING: &str = "hold-";

/// The beginning of an id that is kept for our own acts, where it begins so.
pub fn reserved(id: &str) -> Option<&'static str> {
    RESERVED.iter().map(|(prefix, _)| *prefix).find(|prefix| id.trim_start().starts_with(prefix))
}

/// Where new ids come from.
#[derive(Clone, Debug)]
pub enum Ids {
    /// The system's randomness.
    Random,
    /// Counted, for tests.
    Counted(u64),
}

impl Ids {
    /// Thirty-two bytes that nobody can guess, for the key with this name; none where the system has no randomness.
    pub fn secret(&self, name: &str) -> Option<[u8; 32]> {
        match self {
            Self::Random => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes).ok().map(|()| bytes)
            }
            Self::Counted(_) => Some(Hash::of(name.as_bytes()).0),
        }
    }

    /// A new id of 16 hexadecimal digits.
    pub fn make(&mut self) -> String {
        match self {
            Self::Random => {
                let mut bytes = [0; 8];
                if getrandom::fill(&mut bytes).is_err() {
                    // Without randomness an id made of the time still is this machine's own.
                    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
                    bytes = (time.as_nanos() as u64 ^ u64::from(std::process::id())).to_be_bytes();
                }
                format!("{:016x}", u64::from_be_bytes(bytes))
            }
            Self::Counted(last) => {
                *last += 1;
                format!("{last:016x}")
            }
        }
    }
}
