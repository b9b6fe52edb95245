//! 导入: which files, what they would change, and taking them in.

mod chooser;
mod folder;
mod preview;
mod rows;

pub use chooser::Chooser;
