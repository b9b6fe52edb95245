//! Open documents, looked through before a reader is let at them.
//!
//! The reader waits for the end of a table, and where the text ends first, it waits for ever.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::fault::Fault;

/// Refuses a content in which something that begins does not end.
pub fn check(content: impl BufRead) -> Result<(), Fault> {
    let mut reader = Reader::from_reader(content);
    let mut event = Vec::new();
    let mut open = 0_u64;
    loop {
        match reader.read_event_into(&mut event) {
            Ok(Event::Start(_)) => open += 1,
            Ok(Event::End(_)) => open = open.saturating_sub(1),
            Ok(Event::Eof) if open == 0 => return Ok(()),
            // What the reader says may quote what stands there.
            Ok(Event::Eof) | Err(_) => return Err(Fault::Damaged("content.xml 没有写完或前后不合".to_owned())),
            Ok(_) => {}
        }
        event.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_has_to_end() {
        for (text, ends) in [
            ("<a><b/>1</a>", true),
            ("", true),
            ("<a><b>", false),
            ("<a><b></a>", false),
            ("<a><b></a></b>", false),
            ("<a></a></b>", false),
            ("<a><!-- ", false),
        ] {
            assert_eq!(check(text.as_bytes()).is_ok(), ends, "{text}");
        }
    }
}
