//! Use cases: what the two faces ask for. It ties files, rules and acts to the store.

pub mod choice;
pub mod confirm;
pub mod correct;
pub mod definitions;
pub mod drafts;
pub mod error;
pub mod export;
pub mod filing;
pub mod find;
pub mod first_things;
pub mod history;
pub mod households;
pub mod ids;
pub mod import;
pub mod in_short;
pub mod in_words;
pub mod open;
pub mod papers;
pub mod pending;
pub mod pinyin;
pub mod query;
mod rank;
pub mod record;
pub mod rounds;
pub mod search;
pub mod settings;
pub mod show;
pub mod tasks;
pub mod undo;
pub mod visits;
pub mod words;
pub mod worklist;

pub use definitions::Definitions;
pub use error::WorkspaceError;
pub use open::{NewVillage, Options, Workspace};
pub use record::Recorded;
