//! How much is read of a file that says it is a clerk's workbook.

use std::io::{Cursor, Read};

use super::BadSheet;
use crate::exchange::roster::{Fault, compound, markup};

/// A year of a large village, filled in, is a tenth of this.
const MOST_FILE: usize = 32 << 20;

/// The most that the parts of a workbook unpack to, whatever sizes they claim.
const MOST_UNPACKED: u64 = 256 << 20;

/// The most cells that a sheet reaches over, where the format keeps blank ones too.
const MOST_CELLS: u64 = 2_000_000;

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// A workbook of ours has some thirty parts, and others add pictures and themes.
const MOST_PARTS: usize = 1_000;

/// Refuses what is too large before anything is read of it.
pub(super) fn check(bytes: &[u8]) -> Result<(), BadSheet> {
    if bytes.len() > MOST_FILE {
        return Err(BadSheet::TooLarge("超过32MB"));
    }
    if bytes.starts_with(OLE) {
        return Ok(compound::check(&mut Cursor::new(bytes), MOST_CELLS)?);
    }
    // What is no zip, or a broken one, is told apart where it is read.
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    if archive.len() > MOST_PARTS {
        return Err(BadSheet::TooLarge("里面的部分太多"));
    }
    let mut left = MOST_UNPACKED;
    for at in 0..archive.len() {
        let Ok(part) = archive.by_index(at) else { continue };
        left = left.checked_sub(unpacked(part.take(left + 1))).ok_or(BadSheet::TooLarge("解开后超过256MB"))?;
    }
    if archive.index_for_name("xl/workbook.bin").is_some() {
        return Err(Fault::NoTable.into());
    }
    let mut content = Vec::new();
    if let Ok(part) = archive.by_name("content.xml") {
        // What does not unpack is told apart where it is read.
        _ = part.take(MOST_UNPACKED).read_to_end(&mut content);
    }
    if cells(&String::from_utf8_lossy(&content)) > MOST_CELLS {
        return Err(BadSheet::TooLarge("有的表格子太多"));
    }
    Ok(())
}

/// How many cells the largest table of an open document reaches over; one cell may stand for thousands.
fn cells(content: &str) -> u64 {
    let (mut largest, mut rows, mut width) = (0, 0_u64, 0);
    let (mut row, mut column, mut filled) = (1, 0_u64, 0);
    for tag in markup::tags(content) {
        let repeated = |name| u64::from(tag.number(name).unwrap_or(1));
        match (tag.short().as_str(), tag.closes) {
            ("table", false) => (rows, width) = (0, 0),
            ("table-row", false) if tag.alone => rows = rows.saturating_add(repeated("number-rows-repeated")),
            ("table-row", false) => (row, column, filled) = (repeated("number-rows-repeated"), 0, 0),
            ("table-cell" | "covered-table-cell", false) => {
                column = column.saturating_add(repeated("number-columns-repeated"));
                if !tag.alone || tag.has_value() {
                    filled = column;
                }
            }
            ("table-row", true) => {
                rows = rows.saturating_add(row);
                if filled > 0 {
                    width = width.max(filled);
                    largest = largest.max(rows.saturating_mul(width));
                }
            }
            _ => {}
        }
    }
    largest
}

/// How long a part is until its end or until it breaks. It is unpacked to nowhere: the sizes that a zip claims may lie.
fn unpacked(mut part: impl Read) -> u64 {
    let mut buffer = [0; 16 * 1024];
    let mut length = 0;
    while let Ok(read) = part.read(&mut buffer) {
        length += read as u64;
        if read == 0 {
            break;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_of_an_open_document_may_stand_for_thousands() {
        let table = |rows: &str| cells(&format!("<table:table table:name='a'>{rows}</table:table>"));
        let cell = "<table:table-cell><text:p>a</text:p></table:table-cell>";
        assert_eq!(table(&format!("<table:table-row>{cell}{cell}</table:table-row>").repeat(3)), 6);
        let blank = "<table:table-row table:number-rows-repeated='1048000'/>";
        assert_eq!(table(&format!("<table:table-row>{cell}</table:table-row>{blank}")), 1, "blank ones at the end");
        assert_eq!(table(&format!("{blank}<table:table-row>{cell}</table:table-row>")), 1_048_001);
        let wide = cell.replace("<table:table-cell>", "<table:table-cell table:number-columns-repeated=\"16384\">");
        assert_eq!(
            table(&format!("<table:table-row table:number-rows-repeated=\"9\">{wide}</table:table-row>")),
            147_456
        );
    }
}
