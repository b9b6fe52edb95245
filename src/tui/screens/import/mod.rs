//! 导入: which files, what they would change, and taking them in. 收回执 chooses its files the same way.

mod chooser;
mod folder;
mod preview;
mod purpose;
mod rows;

pub use chooser::Chooser;
