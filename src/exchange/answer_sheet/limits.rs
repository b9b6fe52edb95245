//! How much is read of a file that says it is a clerk's workbook.

use std::io::{Cursor, Read};

use super::BadSheet;
use crate::domain::limits;
use crate::exchange::table::{Fault, compound};

/// A year of a large village, filled in, is a tenth of this.
const MOST_FILE: usize = limits::WORKBOOK;

/// The most that the parts of a workbook unpack to, whatever sizes they claim.
const MOST_UNPACKED: u64 = limits::WORKBOOK_UNPACKED;

/// The most cells that a sheet reaches over, where the format keeps blank ones too.
const MOST_CELLS: u64 = limits::CELLS;

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
    Ok(())
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
