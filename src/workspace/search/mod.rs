//! Finding households as she types: characters, pinyin, initials, tails of numbers, phones, groups.
//!
//! ```text
//!   a line ──parse──▶ Query { words, filters } ──┐
//!   Summary of each file ──build, update──▶ Index ──search──▶ hits, best first, each with its reason
//!   what is known on the day (Facts) ────────────┘
//! ```
//!
//! A typed word becomes a machine ([`automaton`]) over the few thousand characters that occur in names ([`alphabet`]);
//! reading a name is then a look into a table for each letter, whatever mixture was typed and however many readings a
//! character has, and a county's names are read in one sweep ([`names`]). So nothing of pinyin is stored, nothing is
//! narrowed from key to key, and what is found never depends on what was typed before. Numbers are found through lists
//! by their last signs ([`rows`]). A household is found when every word matches it ([`marks`]).

mod alphabet;
mod automaton;
mod column;
mod find;
pub mod groups;
mod hit;
mod index;
mod marks;
mod matching;
mod names;
mod number;
mod order;
mod rows;
mod typed;
mod word;

pub use hit::{Hit, Kind, Reason, Seat};
pub use index::Index;
pub use order::{Order, SortKey};
pub use typed::{Closeness, Typed, folded};
