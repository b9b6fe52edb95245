//! CSV and its relatives, decoded and read as a stream.

use std::io::{self, Read};
use std::ops::ControlFlow;

use csv::{ByteRecord, ReaderBuilder};
use encoding_rs::{Decoder, Encoding};

use super::book::Visit;
use super::fault::Fault;
use super::quotes::{OpenQuote, Quotes};
use super::row::{CellKind, RawRow};
use super::source::Source;

/// Calls with each row of a file, numbered as a spreadsheet would show it.
pub fn rows(source: &Source, encoding: &'static Encoding, visit: Visit<'_>) -> Result<(), Fault> {
    let mut beginning = Vec::new();
    Decoded::new(source.open()?, encoding, None).take(16 * 1024).read_to_end(&mut beginning)?;
    let delimiter = delimiter(&beginning);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(256 * 1024)
        .from_reader(Decoded::new(source.open()?, encoding, Some(Quotes::new(delimiter))));
    let mut record = ByteRecord::new();
    let mut row = RawRow::default();
    let mut breaks_within_cells = 0;
    while reader.read_byte_record(&mut record).map_err(csv_fault)? {
        // A record's own position is before the blank lines that were skipped; where the reader stands now is the line
        // after the record, since every record ends with a line feed.
        breaks_within_cells += record.as_slice().iter().filter(|b| **b == b'\n').count() as u64;
        let number = reader.position().line() - 1 - breaks_within_cells;
        row.start(number.try_into().unwrap_or(u32::MAX));
        for (column, cell) in record.iter().enumerate() {
            // The decoder gives nothing but UTF-8.
            let text = std::str::from_utf8(cell).unwrap_or_default();
            row.push(column as u32, text_kind(text), unwrapped(text));
        }
        row.settle();
        if !row.is_empty() && visit(&row) == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

fn csv_fault(error: csv::Error) -> Fault {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Fault::Damaged(format!("{other:?}")),
    }
}

/// The decoder leaves a mark where it could not read on.
pub(super) fn text_kind(text: &str) -> CellKind {
    if text.contains('\u{fffd}') { CellKind::Unreadable } else { CellKind::Text }
}

/// The inside of `="…"`, with which a number is kept from being taken for one.
fn unwrapped(text: &str) -> &str {
    text.trim().strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}

/// What stands most often between the cells of the first lines.
fn delimiter(beginning: &[u8]) -> u8 {
    let count = |delimiter: u8| beginning.iter().filter(|b| **b == delimiter).count();
    let most = [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(|delimiter| count(*delimiter));
    most.filter(|delimiter| count(*delimiter) > 0).unwrap_or(b',')
}

/// A reader that gives UTF-8 in lines that all end with a line feed, of what another reader gives in some encoding.
///
/// Where it watches quotation marks, what comes before an open one is given, and then the fault.
struct Decoded<R> {
    inner: R,
    quotes: Option<Quotes>,
    fault: Option<OpenQuote>,
    decoder: Decoder,
    raw: Vec<u8>,
    /// The bytes of `raw` that are not decoded yet.
    waiting: std::ops::Range<usize>,
    ended: bool,
    text: String,
    after_return: bool,
    in_line: bool,
    out: Vec<u8>,
    given: usize,
}

impl<R: Read> Decoded<R> {
    fn new(inner: R, encoding: &'static Encoding, quotes: Option<Quotes>) -> Self {
        Self {
            inner,
            quotes,
            fault: None,
            decoder: encoding.new_decoder(),
            raw: vec![0; 64 * 1024],
            waiting: 0..0,
            ended: false,
            text: String::with_capacity(256 * 1024),
            after_return: false,
            in_line: false,
            out: Vec::with_capacity(256 * 1024),
            given: 0,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.out.clear();
        self.given = 0;
        while self.out.is_empty() && !self.is_done() {
            if self.waiting.is_empty() {
                let read = self.inner.read(&mut self.raw)?;
                self.waiting = 0..read;
                self.ended = read == 0;
            }
            self.text.clear();
            let from = &self.raw[self.waiting.clone()];
            let (_, read, _) = self.decoder.decode_to_string(from, &mut self.text, self.ended);
            self.waiting.start += read;
            for byte in self.text.bytes() {
                let given = match byte {
                    b'\n' if self.after_return => None,
                    b'\r' => Some(b'\n'),
                    byte => Some(byte),
                };
                if let Some(given) = given {
                    let seen = self.quotes.as_mut().map_or(Ok(()), |quotes| quotes.see(given));
                    if let Err(open) = seen {
                        self.fault = Some(open);
                        return Ok(());
                    }
                    self.out.push(given);
                }
                self.after_return = byte == b'\r';
                self.in_line = !matches!(byte, b'\r' | b'\n');
            }
            if self.is_done() {
                self.fault = self.quotes.as_ref().and_then(|quotes| quotes.end().err());
            }
            if self.is_done() && self.in_line {
                self.out.push(b'\n');
                self.in_line = false;
            }
        }
        Ok(())
    }

    fn is_done(&self) -> bool {
        self.ended && self.waiting.is_empty()
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.out.len() {
            match self.fault {
                Some(open) => return Err(io::Error::new(io::ErrorKind::InvalidData, open)),
                None if !self.is_done() => self.refill()?,
                None => {}
            }
            if self.out.is_empty() && self.fault.is_some() {
                return self.read(into);
            }
        }
        let rest = &self.out[self.given..];
        let length = rest.len().min(into.len());
        into[..length].copy_from_slice(&rest[..length]);
        self.given += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{GB18030, UTF_8, UTF_16LE};

    fn read(bytes: &[u8], encoding: &'static Encoding) -> Vec<(u32, Vec<String>)> {
        let mut found = Vec::new();
        rows(&Source::Bytes(bytes.into()), encoding, &mut |row| {
            found.push((row.number, row.cells().map(|cell| cell.text.to_owned()).collect()));
            ControlFlow::Continue(())
        })
        .unwrap();
        found
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_shows_them() {
        let text = "说明\r\n\r\n\"与户主\n关系\",姓名\r\n户主,\"张,三\"\r\n,,\r\n\"=\"\"0012\"\"\",李四";
        let found = read(text.as_bytes(), UTF_8);
        let numbers: Vec<u32> = found.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 3, 4, 6]);
        assert_eq!(found[1].1, ["与户主\n关系", "姓名"]);
        assert_eq!(found[2].1, ["户主", "张,三"]);
        assert_eq!(found[3].1, ["0012", "李四"]);
    }

    #[test]
    fn encodings_and_delimiters_vary() {
        let text = "姓名\t证件号码\n张三\t'419999\n";
        for (bytes, encoding) in [
            (GB18030.encode(text).0.into_owned(), GB18030),
            (text.encode_utf16().flat_map(u16::to_le_bytes).collect(), UTF_16LE),
            (format!("\u{feff}{text}").into_bytes(), UTF_8),
        ] {
            assert_eq!(read(&bytes, encoding)[1].1, ["张三", "419999"], "{}", encoding.name());
        }
    }

    #[test]
    fn a_long_file_is_decoded_whole() {
        let line = "农村信用社,张三\n";
        let text = line.repeat(50_000);
        assert_eq!(read(&GB18030.encode(&text).0, GB18030).len(), 50_000);
    }
}
