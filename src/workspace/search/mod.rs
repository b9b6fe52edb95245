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
//! character has. So nothing of pinyin is stored, nothing is narrowed from key to key, and what is found never depends
//! on what was typed before. Numbers are found beforehand, through lists by their last signs ([`rows`]). Household by
//! household, every word is tried ([`matcher`]), and what all of them match is ranked ([`find`]).

mod alphabet;
mod automaton;
mod column;
mod find;
pub mod groups;
mod hit;
mod index;
mod marks;
mod matcher;
mod names;
mod number;
mod order;
mod rows;
mod typed;

pub use hit::{Hit, Kind, Reason, Seat};
pub use index::Index;
pub use order::{Order, SortKey};
pub use typed::{Closeness, Typed, folded};
