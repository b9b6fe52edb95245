//! What a sheet says only at its end, found before its cells are read: what is merged, and whether its rows are in order.

use std::io::Read;

use memchr::memmem::Finder;

use super::super::bounded::Way;
use super::super::fault::Fault;
use super::super::spans::Span;
use super::package::Package;

/// How a sheet is laid out.
#[derive(Debug)]
pub(super) struct Layout {
    /// The merged cells that stretch over several rows.
    pub spans: Vec<Span>,
    /// Whether each row stands behind the one above it.
    pub is_ordered: bool,
    /// The last row.
    pub last: u32,
}

impl Default for Layout {
    fn default() -> Self {
        Self { spans: Vec::new(), is_ordered: true, last: 0 }
    }
}

/// How much of a sheet is looked at in one go.
const WINDOW: usize = 128 * 1024;

/// The longest tag.
const LONGEST: usize = 4 * 1024;

/// The most merged cells that are kept; a sheet with more of them was made by something else.
const MOST_SPANS: usize = 500_000;

/// Looks through a sheet.
pub(super) fn look(package: &mut Package, path: &str) -> Result<Layout, Fault> {
    let mut layout = Layout::default();
    let Some(mut part) = package.part(path, Way::Streamed)? else { return Ok(layout) };
    let (rows, merged) = (Finder::new("row "), Finder::new("mergeCell "));
    let mut window: Vec<u8> = Vec::with_capacity(WINDOW + LONGEST);
    loop {
        let before = window.len();
        (&mut part).take(WINDOW as u64).read_to_end(&mut window)?;
        let is_last = window.len() == before;
        // Tags that are cut off wait for their rest.
        let whole = window.iter().rposition(|b| *b == b'>').map_or(0, |end| end + 1);
        tags(&window[..whole], &rows, |tag| {
            let number = attribute(tag, b"r").and_then(number).unwrap_or(layout.last.saturating_add(1));
            layout.is_ordered &= number > layout.last;
            layout.last = layout.last.max(number);
        });
        tags(&window[..whole], &merged, |tag| {
            let span = attribute(tag, b"ref").and_then(span).filter(|span| span.bottom > span.top);
            layout.spans.extend(span.filter(|_| layout.spans.len() < MOST_SPANS));
        });
        if is_last {
            return Ok(layout);
        }
        let rest = window.split_off(whole.max(window.len().saturating_sub(LONGEST)));
        window = rest;
    }
}

/// Calls with the attributes of each tag of a name, whatever its namespace.
fn tags(bytes: &[u8], name: &Finder<'_>, mut each: impl FnMut(&[u8])) {
    for at in name.find_iter(bytes) {
        let before = &bytes[at.saturating_sub(16)..at];
        let begins = before.last() == Some(&b'<')
            || before.last() == Some(&b':')
                && before.iter().rev().skip(1).find(|b| !b.is_ascii_alphanumeric()) == Some(&b'<');
        if begins {
            let rest = &bytes[at..];
            let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
            each(&rest[..end]);
        }
    }
}

fn attribute<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = tag;
    while let Some(equals) = memchr::memchr(b'=', rest) {
        let key = rest[..equals].trim_ascii();
        let quote = rest[equals + 1..].iter().position(|b| matches!(b, b'"' | b'\''))? + equals + 1;
        let end = memchr::memchr(rest[quote], &rest[quote + 1..])? + quote + 1;
        if key.strip_suffix(name).is_some_and(|before| before.last().is_none_or(|b| b.is_ascii_whitespace())) {
            return Some(&rest[quote + 1..end]);
        }
        rest = &rest[end + 1..];
    }
    None
}

fn number(text: &[u8]) -> Option<u32> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// `A3:B5`, with or without `$`.
fn span(text: &[u8]) -> Option<Span> {
    let text = std::str::from_utf8(text).ok()?;
    let (from, to) = text.split_once(':')?;
    let ((column, top), (_, bottom)) = (place(from)?, place(to)?);
    Some(Span { top, bottom, column })
}

/// The column, counted from 0, and the row of `C7`; a cell may leave out its row.
pub(super) fn place(text: &str) -> Option<(u16, u32)> {
    let (mut column, mut row) = (0_u32, 0_u32);
    for b in text.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                column = column.checked_mul(26)?.checked_add(u32::from(b.to_ascii_uppercase() - b'A') + 1)?;
            }
            b'0'..=b'9' => row = row.checked_mul(10)?.checked_add((b - b'0').into())?,
            b'$' => {}
            _ => return None,
        }
    }
    let column = u16::try_from(column.checked_sub(1)?).ok()?;
    Some((column, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        assert_eq!(place("A1"), Some((0, 1)));
        assert_eq!(place("XFD1048576"), Some((16_383, 1_048_576)));
        assert_eq!(place("$C$7"), Some((2, 7)));
        assert_eq!(place("7"), None);
        assert_eq!(place("AAAAAAAA1"), None);
        assert_eq!(span(b"A3:B5"), Some(Span { top: 3, bottom: 5, column: 0 }));
    }

    #[test]
    fn tags_are_found_by_their_names() {
        let xml = b"<x:row spans=\"1:2\" r=\"7\"><arrow r='1'/><row r='8' ht=\"3\">throw r=\"2\"</row>";
        let mut found = Vec::new();
        tags(xml, &Finder::new("row "), |tag| found.push(attribute(tag, b"r").and_then(number)));
        assert_eq!(found, [Some(7), Some(8)]);
    }
}
