//! What goes in and out of the village as files and paper. Builders are pure; only `save` touches the disk.

pub mod answer_sheet;
pub mod card;
pub mod findings;
pub mod harmless;
pub mod html;
pub mod keys;
pub mod roster;
pub mod round_sheet;
pub mod save;
pub mod set;
pub mod sheet;
pub(in crate::exchange) mod table;
pub mod workbook;
