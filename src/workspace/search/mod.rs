//! Finding households as she types: characters, pinyin, initials, tails of numbers, phones, groups.
//!
//! ```text
//!   a line ──parse──▶ Query { words, filters } ──┐
//!   Summary of each file ──build, update──▶ Index ──search──▶ hits, best first, each with its reason
//!   what is known on the day (Facts) ────────────┘
//! ```
//!
//! A word is looked up once in the few thousand characters that occur in names ([`alphabet`], [`typed`]); a name is
//! then a walk over small tables, whatever mixture was typed and however many readings a character has. So nothing is
//! stored of pinyin, nothing has to be narrowed from key to key, and what is found never depends on what was typed
//! before. Words are tried on rows ([`column`]); a household is found when every word matches it.

mod alphabet;
mod column;
mod find;
pub mod groups;
mod hit;
mod index;
mod marks;
mod number;
mod order;
mod typed;

pub use hit::{Hit, Kind, Reason, Seat};
pub use index::Index;
pub use order::{Order, SortKey};
pub use typed::{Closeness, Typed, folded};
