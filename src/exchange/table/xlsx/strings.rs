//! The texts that the cells of a workbook share.

use quick_xml::events::Event;

use super::super::bounded::{Way, add_text};
use super::super::cell::unescaped;
use super::super::fault::Fault;
use super::package::Package;

/// Texts by their numbers, in one piece: a county's workbook has millions.
#[derive(Debug, Default)]
pub struct Strings {
    text: String,
    ends: Vec<usize>,
}

impl Strings {
    /// The text with a number.
    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)?;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..end])
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(&unescaped(text));
        self.ends.push(self.text.len());
    }
}

/// Reads them; how a text is to be spoken is left out.
pub(super) fn read(package: &mut Package, path: &str) -> Result<Strings, Fault> {
    let mut strings = Strings::default();
    let Some(mut xml) = package.xml(path, Way::Kept)? else { return Ok(strings) };
    let (mut buffer, mut text) = (Vec::new(), String::new());
    let (mut in_text, mut spoken) = (false, 0_u32);
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "si" => text.clear(),
                "t" => in_text = spoken == 0,
                "rPh" => spoken += 1,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "si" => strings.push(&text),
                "t" => in_text = false,
                "rPh" => spoken = spoken.saturating_sub(1),
                _ => {}
            },
            Event::Eof => return Ok(strings),
            event if in_text => add_text(&event, &mut text),
            _ => {}
        }
    }
}
