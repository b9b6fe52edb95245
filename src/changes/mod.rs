//! What happens to household files: acts, applied, taken back, written as lines and chained. No input or output.

pub mod act;
pub mod apply;
pub mod border;
pub mod correction;
pub mod counted;
pub mod holding;
pub mod line;
pub mod net;
pub mod replay;
pub mod review;
pub mod three_way;
pub mod undo;
pub mod verdicts;
pub mod version;
pub mod withdraw;

pub use act::{Act, AsOf, Confirm, FieldChange, Held, HeldFor, Opened, Origin, Review, Rows, Seen, Told, Verdict};
pub use line::Hash;
