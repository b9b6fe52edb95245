//! The workbook for the clerk who types a set into the national system: one sheet a kind, the county's column names,
//! every number as text. It holds what the village's own acts of a run come to and nothing else, in their order; runs that
//! were handed over by the first programs have a row a line, none netted out.
//!
//! What the county types in has columns for what became of it; filled in, `exchange::answer_sheet` reads it back.

pub mod answers;
mod form_rows;
pub mod key;
pub mod layout;
mod membership;
mod netted;
mod people;
mod print;
mod rows;
mod sections;

use crate::catalogue::Catalogue;
use crate::changes::Act;
use crate::changes::net::Net;
use crate::domain::HouseholdFile;
use crate::exchange::set::{Made, SetId};
use crate::forms::Forms;

pub use key::Key;
pub use layout::Layout;

/// A run of acts, and what is needed to put names to its numbers.
pub struct Run<'a> {
    /// Which run.
    pub set: SetId,
    /// The village's name.
    pub village: &'a str,
    /// Who handed it over first, and when.
    pub made: &'a Made,
    /// The acts for the clerk in their order: those of the run that are not held, and those of earlier runs that it
    /// releases. Those out of rosters are passed over, and may be left out.
    pub acts: &'a [Act],
    /// What the run comes to; none makes the workbook as the first programs did, a row a line.
    pub net: Option<&'a Net>,
    /// How many acts of the run are held, and so not among those.
    pub held: usize,
    /// A household's file by its serial, as it stood after the last act of the run.
    pub file: &'a dyn Fn(u32) -> Option<HouseholdFile>,
    /// The sheets.
    pub layout: &'a Layout,
    /// Sections, fields and code lists.
    pub catalogue: &'a Catalogue,
    /// The forms.
    pub forms: &'a Forms,
}

/// Why a workbook cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("录入表做不出来（{0}）")]
pub struct CannotPrint(#[from] rust_xlsxwriter::XlsxError);

/// The sheets of the workbook with their rows, as they stand in it.
pub fn rows_of(run: &Run<'_>) -> Vec<crate::exchange::sheet::Sheet> {
    rows::sheets(run)
}

/// The bytes of the workbook; the same run gives the same bytes.
pub fn workbook(run: &Run<'_>) -> Result<Vec<u8>, CannotPrint> {
    let sheets = rows::sheets(run);
    Ok(print::print(run, &sheets)?)
}
