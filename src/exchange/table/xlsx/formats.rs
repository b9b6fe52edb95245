//! The number formats of a workbook's cells.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::bounded::{Way, attribute};
use super::super::fault::Fault;
use super::super::number_format::NumberFormat;
use super::package::Package;

/// Reads the formats, by the numbers that cells call them.
pub(super) fn read(package: &mut Package, path: &str) -> Result<Vec<NumberFormat>, Fault> {
    let mut formats = Vec::new();
    let Some(mut xml) = package.xml(path, Way::Kept)? else { return Ok(formats) };
    let mut buffer = Vec::new();
    let mut written: HashMap<u32, NumberFormat> = HashMap::new();
    let mut in_cells = false;
    loop {
        match xml.next(&mut buffer)? {
            Event::Start(tag) => {
                let id = || attribute(&tag, "numFmtId")?.parse::<u32>().ok();
                match tag.local_name().as_ref() {
                    "numFmt" => {
                        if let (Some(id), Some(code)) = (id(), attribute(&tag, "formatCode")) {
                            written.insert(id, NumberFormat::of(&code));
                        }
                    }
                    "cellXfs" => in_cells = true,
                    "xf" if in_cells => {
                        let id = id().unwrap_or_default();
                        formats.push(written.get(&id).copied().unwrap_or_else(|| NumberFormat::built_in(id)));
                    }
                    _ => {}
                }
            }
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}
