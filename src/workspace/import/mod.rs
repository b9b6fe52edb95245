//! Rosters taken in: read household by household, matched against what the village holds, compared three ways, and made
//! into acts. Nothing is removed, and nothing that a person entered is overwritten.
//!
//! One thread reads a file's rows (`exchange::roster`), this one understands them, plans, and hands acts to a [`Desk`],
//! behind which a store may write on a thread of its own.

pub mod compare;
mod error;
mod exemptions;
mod index;
mod jobs;
mod known;
mod matching;
mod opening;
mod overlay;
mod plan;
pub mod report;
mod rows;
mod run;
mod session;
pub mod tally;

pub use error::ImportError;
pub use exemptions::ExemptionsReport;
pub use index::Index;
pub use plan::{Desk, Setting};
pub use report::ImportReport;
pub use run::{RosterFiles, Run};
pub use session::RosterImport;
