//! Quotation marks of a text file, watched for one that nothing ends.
//!
//! The reader of such files takes whatever follows on an open mark into one cell, so that households are gone without a
//! word.

use thiserror::Error;

/// A quotation mark that nothing ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a quotation mark is open from line {line}")]
pub struct OpenQuote {
    /// The line in which it stands.
    pub line: u64,
}

/// Watches bytes go by.
#[derive(Debug)]
pub struct Quotes {
    delimiter: u8,
    state: State,
    line: u64,
    /// The delimiters so far in this line.
    here: u32,
    /// The most delimiters that any line had outside of quotes.
    most: u32,
    cell: Cell,
}

/// A quoted cell.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    line: u64,
    breaks: bool,
    /// Whether a piece of it has as many delimiters as a row.
    holds_row: bool,
    here: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Begin,
    Plain,
    Quoted,
    Mark,
}

impl Quotes {
    /// Begins at the first line.
    pub fn new(delimiter: u8) -> Self {
        Self { delimiter, state: State::Begin, line: 1, here: 0, most: 0, cell: Cell::default() }
    }

    /// Sees the next byte of text whose lines end with a line feed.
    pub fn see(&mut self, byte: u8) -> Result<(), OpenQuote> {
        let state = match (self.state, byte) {
            (State::Begin, b'"') => {
                self.cell = Cell { line: self.line, ..Cell::default() };
                State::Quoted
            }
            (State::Quoted, b'"') => State::Mark,
            // Two of them are one that is meant.
            (State::Mark, b'"') => State::Quoted,
            (State::Quoted, byte) => {
                self.within(byte);
                State::Quoted
            }
            (State::Mark, byte) => {
                let ends = byte == self.delimiter || matches!(byte, b'\n' | b' ');
                self.cell.note_piece(self.most);
                if self.cell.breaks && (!ends || self.cell.holds_row) {
                    return Err(OpenQuote { line: self.cell.line });
                }
                self.outside(byte)
            }
            (_, byte) => self.outside(byte),
        };
        self.line += u64::from(byte == b'\n');
        self.state = state;
        Ok(())
    }

    /// Sees the end of the file.
    pub fn end(&self) -> Result<(), OpenQuote> {
        if self.state == State::Quoted { Err(OpenQuote { line: self.cell.line }) } else { Ok(()) }
    }

    fn within(&mut self, byte: u8) {
        if byte == self.delimiter {
            self.cell.here += 1;
        } else if byte == b'\n' {
            self.cell.note_piece(self.most);
            (self.cell.breaks, self.cell.here) = (true, 0);
        }
    }

    fn outside(&mut self, byte: u8) -> State {
        if byte == self.delimiter {
            self.here += 1;
            State::Begin
        } else if byte == b'\n' {
            self.most = self.most.max(std::mem::take(&mut self.here));
            State::Begin
        } else {
            State::Plain
        }
    }
}

impl Cell {
    fn note_piece(&mut self, most: u32) {
        self.holds_row |= self.here >= 2 && self.here * 2 >= most;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open_in(text: &str) -> Option<u64> {
        let mut quotes = Quotes::new(b',');
        let seen = text.bytes().try_for_each(|byte| quotes.see(byte));
        seen.and_then(|()| quotes.end()).err().map(|open| open.line)
    }

    #[test]
    fn a_mark_that_nothing_ends_is_told_with_its_line() {
        let header = "姓名,号,关系,类\n";
        for (rows, line) in [
            ("\"张三,1,户主,a\n李四,2,妻,a\n", Some(2)),
            ("张三,1,户主,a\n\"李四,2,妻,a\n王五,3,户主,\"b\"\n", Some(3)),
            ("\"张三,1,户主,a\n李四,2,妻,\"a\"\"\n", Some(2)),
            ("张三,1,户主,\"在家\n老人, 孩子\"\n", None),
            ("\"张\"\"三\",1,户主,\"a,b,c\"\n", None),
            ("张\"三,1,户主,a\n李四,2,妻,a\n", None),
            ("\"张三\"x,1,户主,a\n", None),
            ("张三,1,户主,\"a\"", None),
        ] {
            assert_eq!(open_in(&format!("{header}{rows}")), line, "{rows}");
        }
    }
}
