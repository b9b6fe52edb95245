//! Parts of zipped files, read no further than they may go: a few packed bytes can stand for gigabytes.

use std::io::{self, BufRead, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::fault::Fault;

/// The longest piece between two tags; a cell has at most 32,767 characters.
const MOST_PIECE: usize = 4 << 20;

/// The most that is kept in memory of a part, whatever it was packed to, and how much more for each packed byte.
const MOST_KEPT: (u64, u64) = (64 << 20, 40);

/// The most that a part which streams by may unpack to: a sheet blank to its last row has a hundredth of it.
const MOST_STREAMED: (u64, u64) = (512 << 20, 100);

/// How a part is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// What is read stays in memory.
    Kept,
    /// What is read goes by.
    Streamed,
}

impl Way {
    /// The most that a part packed to so many bytes may unpack to.
    pub fn most(self, packed: u64) -> u64 {
        let (base, each) = if self == Self::Kept { MOST_KEPT } else { MOST_STREAMED };
        packed.saturating_mul(each).max(base)
    }
}

/// A reader with an end, also to each piece of what it reads.
pub struct Bounded<R> {
    inner: BufReader<R>,
    piece: usize,
    left: u64,
}

impl<R: Read> Bounded<R> {
    /// Reads so much and no more.
    pub fn new(inner: R, most: u64) -> Self {
        Self { inner: BufReader::with_capacity(64 * 1024, inner), piece: MOST_PIECE, left: most }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.piece = MOST_PIECE;
        let from = self.fill_buf()?;
        let length = from.len().min(into.len());
        into[..length].copy_from_slice(&from[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: Read> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(self.piece);
        let from = self.inner.fill_buf()?;
        if most == 0 && !from.is_empty() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(&from[..from.len().min(most)])
    }

    fn consume(&mut self, read: usize) {
        self.piece -= read;
        self.left -= read as u64;
        self.inner.consume(read);
    }
}

/// The XML of a part.
pub struct Xml<R> {
    reader: Reader<Bounded<R>>,
}

impl<R: Read> Xml<R> {
    /// Reads a part; tags that end at once come as two.
    pub fn new(part: Bounded<R>) -> Self {
        let mut reader = Reader::from_reader(part);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.expand_empty_elements = true;
        Self { reader }
    }

    /// The next tag or text.
    pub fn next<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Fault> {
        buffer.clear();
        self.reader.get_mut().piece = MOST_PIECE;
        self.reader.read_event_into(buffer).map_err(|error| match error {
            quick_xml::Error::Io(error) => Fault::from(io::Error::from(error.kind())),
            // What the reader says may quote what stands there.
            _ => Fault::Damaged("里面的XML读不通".to_owned()),
        })
    }
}

/// Adds what a piece of text stands for; anything else adds nothing.
pub fn add_text(event: &Event<'_>, into: &mut String) {
    match event {
        Event::Text(text) => into.push_str(&text.xml10_content()),
        Event::CData(text) => into.push_str(&text.xml10_content()),
        Event::GeneralRef(name) => into.extend(super::entity::meant(name.as_ref())),
        _ => {}
    }
}

/// An attribute of a tag, by its name without a namespace.
pub fn attribute(tag: &quick_xml::events::BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Some(super::entity::decode(&found.value).into_owned())
}

/// The attributes of a tag as they stand: for those whose values hold no entity.
pub fn plain_attributes<'a>(tag: &'a quick_xml::events::BytesStart<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let text = tag.attributes_raw();
    let bytes = text.as_bytes();
    let find = |from: usize, wanted: u8| Some(from + bytes.get(from..)?.iter().position(|b| *b == wanted)?);
    let mut at = 0;
    std::iter::from_fn(move || {
        let equals = find(at, b'=')?;
        let quote = equals + 1 + bytes[equals + 1..].iter().position(|b| !b.is_ascii_whitespace())?;
        let end = find(quote + 1, bytes[quote]).filter(|_| matches!(bytes[quote], b'"' | b'\''))?;
        let key = text[at..equals].trim_ascii();
        at = end + 1;
        Some((key, &text[quote + 1..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_further_than_it_may_is_refused() {
        let read = |length: usize, most: u64| {
            let mut xml = Xml::new(Bounded::new(io::repeat(b'a').take(length as u64), most));
            let mut buffer = Vec::new();
            loop {
                match xml.next(&mut buffer) {
                    Ok(Event::Eof) => return true,
                    Ok(_) => {}
                    Err(fault) => {
                        assert!(matches!(fault, Fault::TooLarge), "{fault}");
                        return false;
                    }
                }
            }
        };
        assert!(read(1000, 1000));
        assert!(!read(1001, 1000));
        assert!(!read(MOST_PIECE + 1, u64::MAX));
    }
}
