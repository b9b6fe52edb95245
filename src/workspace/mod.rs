//! What people do with the files: finding them, and the order in which they stand.

pub mod pinyin;
pub mod query;
mod rank;
pub mod search;
pub mod words;
