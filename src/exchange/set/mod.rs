//! Change sets: a run of one village's acts as a file that anyone can check without this program.
//!
//! A set is a zip that holds, in this order, `README.txt` (what it is and how to check it, in Chinese), `acts.jsonl`
//! (the very lines of the journal, one act each, with a line break behind each), `manifest.json` and `signature.json`.
//! The shapes are in `data/schema/`. Nothing in a set depends on when it is written, so a set made twice is the same
//! bytes.
//!
//! - The chain: the hash of an act is SHA-256 over the 64 digits of the hash before it, a line break, and its line;
//!   the first act of a village follows 64 zeros. The manifest names the hash before the first act and the last one's.
//! - The set before is named by its id and by the SHA-256 of its `manifest.json`, which covers all else that is in it
//!   and stays the same however the file is compressed or sealed.
//! - The signature is Ed25519 over the very bytes of `manifest.json`, which names the key. Whose key that is, a set
//!   cannot say of itself: who takes it in holds the key against the one that is known of its sender.
//!
//! A sealed set is another zip of the same name: `README.txt`, `sealed.json` (for whom) and `set.zip.age`, which is the
//! whole plain set, sealed by age. Nothing but the run that it is can be read of it from outside.

pub mod manifest;
pub mod read;
pub mod receive;
mod seal;
mod sign;
pub mod together;
pub mod verify;
pub mod write;

pub use manifest::{Made, Manifest, Previous, Released, SetId};
pub use read::{BadSet, SetReader, set_of};
pub use receive::{Gate, ReadAct, Received, Unread, receive};
pub use seal::{Sealed, seal};
pub use sign::{Sign, Signature, Signed};
pub use verify::{Fault, Problem, Report, verify};
pub use write::{About, CannotWrite, Review, SetWriter, Written};

use crate::domain::limits;

const README: &str = "README.txt";
const ACTS: &str = "acts.jsonl";
const MANIFEST: &str = "manifest.json";
const SIGNATURE: &str = "signature.json";
const SEALED: &str = "sealed.json";
const INSIDE: &str = "set.zip.age";

/// More than ten years of a large village; a longer history goes out in several sets.
const MOST_BYTES: u64 = limits::UNPACKED;

/// What that comes to as a zip, and more; a sealed set is opened in memory.
const MOST_SEALED: u64 = 64 << 20;

/// More than the longest line, an import of one household with all its columns.
const MOST_LINE: usize = limits::LINE;
