//! Workbooks of zipped XML, their sheets streamed.
//!
//! Read by ourselves: what is merged, which formula has no result, how a number is shown, and everything but the one
//! odd cell or sheet are not to be had of the reader of the other formats.

mod cells;
mod formats;
mod layout;
mod package;
mod strings;
mod workbook;

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::book::Visit;
use super::fault::Fault;
use super::number_format::NumberFormat;
use super::row::RawRow;
use super::source::Opened;
use super::spans::Spans;
use layout::Layout;
use package::Package;
use strings::Strings;

pub use workbook::SheetPart;

/// A workbook whose sheets can be read.
pub struct Workbook {
    /// The sheets that hold cells, in their order.
    pub sheets: Vec<SheetPart>,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
    package: Package,
    strings: Strings,
    formats: Vec<NumberFormat>,
    layouts: HashMap<usize, Layout>,
}

/// The most rows of a sheet that are brought in order.
const MOST_DISORDER: u32 = 200_000;

impl Workbook {
    /// Reads all but the sheets of a workbook.
    pub fn open(archive: zip::ZipArchive<Opened>) -> Result<Self, Fault> {
        let mut package = Package::new(archive)?;
        let parts = workbook::read(&mut package)?;
        let strings =
            parts.strings.map_or_else(|| Ok(Strings::default()), |path| strings::read(&mut package, &path))?;
        // Without its formats a workbook's numbers are still its numbers.
        let formats = parts.styles.and_then(|path| formats::read(&mut package, &path).ok()).unwrap_or_default();
        let (sheets, from_1904) = (parts.sheets, parts.from_1904);
        Ok(Self { sheets, from_1904, package, strings, formats, layouts: HashMap::new() })
    }

    /// The last row of a sheet, as a spreadsheet counts it.
    pub fn height(&mut self, sheet: usize) -> Option<u64> {
        let layout = self.layout(sheet).ok()?;
        (layout.last > 0).then_some(layout.last.into())
    }

    /// Calls with each row of a sheet that holds anything, from the top, until told to stop.
    pub fn rows(&mut self, sheet: usize, visit: Visit<'_>) -> Result<(), Fault> {
        let layout = self.layout(sheet)?;
        let (mut spans, is_ordered, last) = (Spans::of(&layout.spans), layout.is_ordered, layout.last);
        let Some(part) = self.sheets.get(sheet) else { return Ok(()) };
        let known = cells::Known { strings: &self.strings, formats: &self.formats, from_1904: self.from_1904 };
        let mut pass = |row: &mut RawRow| {
            spans.fill(row);
            if row.is_empty() { ControlFlow::Continue(()) } else { visit(row) }
        };
        if is_ordered {
            return cells::rows(&mut self.package, &part.path, &known, &mut pass);
        }
        if last > MOST_DISORDER {
            return Err(Fault::Damaged("行的次序乱了".to_owned()));
        }
        let mut rows: Vec<RawRow> = Vec::new();
        cells::rows(&mut self.package, &part.path, &known, &mut |row| {
            rows.push(row.clone());
            ControlFlow::Continue(())
        })?;
        rows.sort_by_key(|row| row.number);
        for row in &mut rows {
            if pass(row).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn layout(&mut self, sheet: usize) -> Result<&Layout, Fault> {
        if !self.layouts.contains_key(&sheet) {
            let layout = match self.sheets.get(sheet) {
                Some(part) => layout::look(&mut self.package, &part.path)?,
                None => Layout::default(),
            };
            self.layouts.insert(sheet, layout);
        }
        Ok(&self.layouts[&sheet])
    }
}
