//! Compound files, the container of old workbooks, looked through before a reader is let at them.
//!
//! The reader follows chains of sectors wherever they lead, and makes a grid that reaches to the farthest cell, so a few
//! wrong bytes would take all the memory there is.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use super::fault::Fault;

/// As many cells as a sheet of the old format has.
pub const MOST_CELLS: u64 = 65_536 * 256;

/// From here on, numbers in a table of sectors are marks.
const MARKS: u32 = 0xFFFF_FFFA;

/// Refuses a file whose chains run in circles, or one with a sheet of more cells than this.
pub fn check<R: Read + Seek>(file: &mut R, most_cells: u64) -> Result<(), Fault> {
    let length = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let mut header = Vec::new();
    file.take(512).read_to_end(&mut header)?;
    let sector = match header.get(30..32) {
        Some([9, 0]) => 512,
        Some([12, 0]) => 4096,
        // The reader takes no other.
        _ => return Ok(()),
    };
    if header.len() < 512 {
        return Ok(());
    }
    let mut compound = Compound { file, sector, length, next: Vec::new() };
    compound.read_tables(words(&header[76..]).collect(), word(&header, 68))?;
    let folder = compound.chain(word(&header, 48))?;
    // What is locked looks like nothing that could be judged.
    if folder.chunks_exact(128).any(|entry| named(entry, "EncryptedPackage")) {
        return Err(Fault::Locked);
    }
    let mini = compound.chain(word(&header, 60))?;
    no_circles(&words(&mini).collect::<Vec<_>>())?;
    for entry in folder.chunks_exact(128) {
        let (start, size) = (word(entry, 116), word(entry, 120));
        // Smaller ones live in the small sectors, and hold no more than a hundred cells.
        if size < 4096 || entry[66] != 2 {
            continue;
        }
        let stream = compound.chain(start)?;
        if (named(entry, "Workbook") || named(entry, "Book")) && is_locked(&stream) {
            return Err(Fault::Locked);
        }
        if largest_sheet(&stream) > most_cells {
            return Err(damaged("有的表大得不像真的"));
        }
    }
    file.rewind()?;
    Ok(())
}

fn damaged(why: &str) -> Fault {
    Fault::Damaged(why.to_owned())
}

struct Compound<'a, R> {
    file: &'a mut R,
    sector: u64,
    length: u64,
    /// Which sector follows on each.
    next: Vec<u32>,
}

impl<R: Read + Seek> Compound<'_, R> {
    fn read_tables(&mut self, mut tables: Vec<u32>, mut more: u32) -> Result<(), Fault> {
        let mut left = self.length / self.sector;
        while more < MARKS {
            tables.extend(words(&self.at(more)?));
            more = tables.pop().unwrap_or(MARKS);
            left = left.checked_sub(1).ok_or_else(|| damaged("扇区表成了圈"))?;
        }
        let mut seen = HashSet::new();
        for table in tables.into_iter().filter(|table| *table < MARKS) {
            if !seen.insert(table) {
                return Err(damaged("扇区表重复"));
            }
            let bytes = self.at(table)?;
            self.next.extend(words(&bytes));
        }
        no_circles(&self.next)
    }

    fn at(&mut self, sector: u32) -> Result<Vec<u8>, Fault> {
        self.file.seek(SeekFrom::Start((u64::from(sector) + 1) * self.sector))?;
        let mut bytes = Vec::new();
        self.file.take(self.sector).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The bytes of a chain, which ends: none of them runs in a circle.
    fn chain(&mut self, mut sector: u32) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        while sector < MARKS && (u64::from(sector) + 1) * self.sector < self.length {
            bytes.extend(self.at(sector)?);
            sector = self.next.get(sector as usize).copied().unwrap_or(MARKS);
        }
        Ok(bytes)
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| words(rest).next()).unwrap_or(u32::MAX)
}

fn half(bytes: &[u8], at: usize) -> Option<u64> {
    let pair = bytes.get(at..at + 2)?;
    Some(u64::from(u16::from_le_bytes([pair[0], pair[1]])))
}

fn no_circles(next: &[u32]) -> Result<(), Fault> {
    let mut seen_in = vec![0_u32; next.len()];
    for from in 0..next.len() {
        let walk = from as u32 + 1;
        let mut at = from;
        while seen_in[at] == 0 {
            seen_in[at] = walk;
            match next.get(at).map(|next| *next as usize).filter(|next| *next < seen_in.len()) {
                Some(next) if seen_in[next] == walk => return Err(damaged("扇区连成了圈")),
                Some(next) => at = next,
                None => break,
            }
        }
    }
    Ok(())
}

/// Whether an entry of the folder has this name.
fn named(entry: &[u8], name: &str) -> bool {
    let units = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes);
    entry.iter().copied().take((name.len() + 1) * 2).eq(units)
}

/// Whether a workbook's stream says at its beginning that what follows is locked.
fn is_locked(stream: &[u8]) -> bool {
    let mut at = 0;
    while let (Some(kind), Some(length)) = (half(stream, at), half(stream, at + 2)) {
        match kind {
            0x002F => return true,
            // The end of this part of the stream.
            0x000A => return false,
            _ => at += 4 + length as usize,
        }
    }
    false
}

/// How many cells the largest sheet of a workbook's stream reaches over.
fn largest_sheet(stream: &[u8]) -> u64 {
    let mut sheets = vec![0];
    let mut largest = 0;
    let mut nth = 0;
    while let Some(start) = sheets.get(nth).copied().filter(|_| nth <= 1_000) {
        nth += 1;
        let (mut rows, mut columns) = (0..0, 0..0);
        let mut at = start;
        while let (Some(kind), Some(length)) = (half(stream, at), half(stream, at + 2)) {
            let content = stream.get(at + 4..at + 4 + length as usize).unwrap_or_default();
            at += 4 + length as usize;
            match kind {
                // The end of this part of the stream.
                0x000A => break,
                0x0085 if start == 0 => sheets.push(word(content, 0) as usize),
                // Cells, one or several in a row.
                0x0006 | 0x00BD | 0x00BE | 0x00D6 | 0x00FD | 0x0201..=0x0205 | 0x027E => {
                    let (Some(row), Some(column)) = (half(content, 0), half(content, 2)) else { continue };
                    let several = if kind == 0x00BD { length / 6 } else { 1 };
                    include(&mut rows, row, row + 1);
                    include(&mut columns, column, column + several.max(1));
                }
                _ => {}
            }
        }
        largest = largest.max((rows.end - rows.start) * (columns.end - columns.start));
    }
    largest
}

fn include(range: &mut std::ops::Range<u64>, from: u64, to: u64) {
    *range = if range.is_empty() { from..to } else { range.start.min(from)..range.end.max(to) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_that_end_are_told_from_circles() {
        let end = u32::MAX - 1;
        for (next, ends) in [
            (vec![], true),
            (vec![1, 2, end], true),
            (vec![end, 0, 1, end, 9], true),
            (vec![2, 2, end], true),
            (vec![0], false),
            (vec![1, 2, 0], false),
            (vec![end, 2, 3, 2], false),
        ] {
            assert_eq!(no_circles(&next).is_ok(), ends, "{next:?}");
        }
    }

    #[test]
    fn a_sheet_reaches_as_far_as_its_farthest_cells() {
        let record = |kind: u16, content: &[u8]| {
            [&kind.to_le_bytes()[..], &(content.len() as u16).to_le_bytes(), content].concat()
        };
        let cell = |row: u16, column: u16| {
            record(0x0204, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0, 0, 0]].concat())
        };
        let end = record(0x000A, &[]);
        let bound = record(0x0085, &[14, 0, 0, 0, 0, 0, 1, 0, b'a', 0]);
        assert_eq!(bound.len(), 14);
        let sheet = |cells: &[Vec<u8>]| [&bound[..], &cells.concat(), &end].concat();
        assert_eq!(largest_sheet(&sheet(&[cell(0, 0)])), 1);
        assert_eq!(largest_sheet(&sheet(&[cell(3, 1), cell(5, 2)])), 6);
        assert_eq!(largest_sheet(&sheet(&[cell(0, 0), cell(65_535, 65_535)])), 1 << 32);
        assert_eq!(largest_sheet(&[]), 0);
        let lock = record(0x002F, &[1, 0, 1, 0, 1, 0]);
        assert!(is_locked(&[&bound[..], &lock].concat()));
        assert!(!is_locked(&[&bound[..], &end, &lock].concat()));
    }
}
