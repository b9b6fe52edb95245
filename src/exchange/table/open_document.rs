//! Open documents, their tables streamed.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::domain::PartialDate;

use super::book::Visit;
use super::bounded::{Bounded, Way, Xml, add_text, attribute};
use super::fault::Fault;
use super::grids::Names;
use super::row::{CellKind, RawRow};
use super::source::Opened;
use super::spans::Spans;

/// An open document whose tables can be read.
pub struct OpenDocument {
    archive: ZipArchive<Opened>,
}

const CONTENT: &str = "content.xml";

/// As many columns as a table has, and the most rows that one row may stand for where it holds anything.
const MOST_COLUMNS: u32 = 16_384;
const MOST_REPEATED: u32 = 65_536;

/// The most cells that one row may stand for.
const MOST_CELLS: usize = 1_000_000;

/// The longest text of a cell, in bytes.
const MOST_TEXT: usize = 256 * 1024;

impl OpenDocument {
    /// Looks through a document, and refuses one that is locked or in which something that begins does not end.
    pub fn open(archive: ZipArchive<Opened>) -> Result<(Self, Names), Fault> {
        let mut document = Self { archive };
        if document.is_locked()? {
            return Err(Fault::Locked);
        }
        let names = document.names()?;
        Ok((document, names))
    }

    fn xml(&mut self, part: &str, way: Way) -> Result<Xml<zip::read::ZipFile<'_, Opened>>, Fault> {
        let part = self.archive.by_name(part).map_err(|_| Fault::Damaged("里面缺了一部分".to_owned()))?;
        let most = way.most(part.compressed_size());
        Ok(Xml::new(Bounded::new(part, most)))
    }

    fn is_locked(&mut self) -> Result<bool, Fault> {
        let Ok(mut xml) = self.xml("META-INF/manifest.xml", Way::Kept) else { return Ok(false) };
        let mut buffer = Vec::new();
        loop {
            match xml.next(&mut buffer) {
                Ok(Event::Start(tag)) if tag.local_name().as_ref() == "encryption-data" => return Ok(true),
                Ok(Event::Eof) | Err(_) => return Ok(false),
                Ok(_) => {}
            }
        }
    }

    /// The tables' names, and whether each is seen.
    fn names(&mut self) -> Result<Names, Fault> {
        let mut xml = self.xml(CONTENT, Way::Streamed)?;
        let mut buffer = Vec::new();
        let (mut names, mut hidden) = (Names::new(), Vec::new());
        let (mut style, mut open, mut depth) = (None, 0_u64, 0_u32);
        loop {
            match xml.next(&mut buffer)? {
                Event::Start(tag) => {
                    open += 1;
                    match tag.local_name().as_ref() {
                        "style" => style = attribute(&tag, "name"),
                        "table-properties" if attribute(&tag, "display").is_some_and(|shown| shown == "false") => {
                            hidden.extend(style.clone());
                        }
                        "table" => {
                            depth += 1;
                            if depth == 1 {
                                let is_hidden =
                                    attribute(&tag, "style-name").is_some_and(|style| hidden.contains(&style));
                                names.push((attribute(&tag, "name"), !is_hidden));
                            }
                        }
                        _ => {}
                    }
                }
                Event::End(tag) => {
                    open = open.saturating_sub(1);
                    if tag.local_name().as_ref() == "table" {
                        depth = depth.saturating_sub(1);
                    }
                }
                Event::Eof if open == 0 => return Ok(names),
                Event::Eof => return Err(Fault::Damaged("content.xml 没有写完或前后不合".to_owned())),
                _ => {}
            }
        }
    }

    /// Calls with each row of a table that holds anything, from the top, until told to stop.
    pub fn rows(&mut self, table: usize, visit: Visit<'_>) -> Result<(), Fault> {
        let mut xml = self.xml(CONTENT, Way::Streamed)?;
        let mut buffer = Vec::new();
        let mut reading = Reading::default();
        // How many tables have begun, and how deep in them the reader is.
        let (mut begun, mut depth) = (0, 0_u32);
        loop {
            match xml.next(&mut buffer)? {
                Event::Start(tag) if tag.local_name().as_ref() == "table" => {
                    begun += usize::from(depth == 0);
                    depth += 1;
                }
                Event::End(tag) if tag.local_name().as_ref() == "table" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && begun == table + 1 {
                        return Ok(());
                    }
                }
                Event::Eof => return Ok(()),
                event if depth > 0 && begun == table + 1 => match reading.event(&event, visit)? {
                    ControlFlow::Continue(()) => {}
                    ControlFlow::Break(()) => return Ok(()),
                },
                _ => {}
            }
        }
    }
}

/// A table while its tags go by.
#[derive(Default)]
struct Reading {
    row: RawRow,
    spans: Spans,
    /// The row before the one that is open.
    number: u32,
    repeated: u32,
    column: u32,
    cell: Option<Cell>,
    /// How deep in a remark or a drawing the reader is.
    aside: u32,
    in_text: bool,
}

/// A cell that is open.
struct Cell {
    kind: Box<str>,
    value: Option<String>,
    formula: Option<String>,
    repeated: u32,
    rows: u32,
    is_covered: bool,
    text: String,
}

impl Reading {
    fn event(&mut self, event: &Event<'_>, visit: Visit<'_>) -> Result<ControlFlow<()>, Fault> {
        match event {
            Event::Start(tag) => self.begin(tag),
            Event::End(tag) => match tag.local_name().as_ref() {
                "annotation" | "shapes" | "frame" | "custom-shape" => self.aside = self.aside.saturating_sub(1),
                "p" => self.in_text = false,
                "table-cell" | "covered-table-cell" if self.aside == 0 => self.end_cell(),
                "table-row" => return Ok(self.end_row(visit)),
                _ => {}
            },
            event if self.in_text && self.aside == 0 => {
                if let Some(cell) = &mut self.cell {
                    add_text(event, &mut cell.text);
                    if cell.text.len() > MOST_TEXT {
                        return Err(Fault::TooLarge);
                    }
                }
            }
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn begin(&mut self, tag: &BytesStart<'_>) {
        let name = tag.local_name();
        let number = |name: &str| attribute(tag, name).and_then(|text| text.parse::<u32>().ok()).unwrap_or(1).max(1);
        match name.as_ref() {
            "annotation" | "shapes" | "frame" | "custom-shape" => self.aside += 1,
            "table-row" => {
                self.repeated = number("number-rows-repeated");
                self.column = 0;
                self.row.start(self.number.saturating_add(1));
            }
            "table-cell" | "covered-table-cell" if self.aside == 0 => {
                let value = ["date-value", "value", "boolean-value"].into_iter().find_map(|name| attribute(tag, name));
                self.cell = Some(Cell {
                    kind: attribute(tag, "value-type").unwrap_or_default().into(),
                    value,
                    formula: attribute(tag, "formula"),
                    repeated: number("number-columns-repeated"),
                    rows: number("number-rows-spanned"),
                    is_covered: name.as_ref() == "covered-table-cell",
                    text: String::new(),
                });
            }
            "p" if self.aside == 0 => {
                self.in_text = true;
                self.add(|text| {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                });
            }
            "s" => self.add(|text| text.push(' ')),
            "tab" => self.add(|text| text.push(' ')),
            "line-break" => self.add(|text| text.push('\n')),
            _ => {}
        }
    }

    fn add(&mut self, what: impl FnOnce(&mut String)) {
        if let Some(cell) = self.cell.as_mut().filter(|_| self.aside == 0) {
            what(&mut cell.text);
        }
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let first = self.column;
        self.column = first.saturating_add(cell.repeated);
        if cell.is_covered {
            return;
        }
        let Some((kind, text)) = cell.shown() else { return };
        for column in first..self.column.min(MOST_COLUMNS) {
            self.row.push(column, kind, &text);
        }
        if let (true, Ok(column)) = (cell.rows > 1, u16::try_from(first)) {
            self.spans.begin(&self.row, column, self.row.number.saturating_add(cell.rows - 1));
        }
    }

    fn end_row(&mut self, visit: Visit<'_>) -> ControlFlow<()> {
        let repeated = std::mem::take(&mut self.repeated);
        let first = self.number.saturating_add(1);
        self.number = self.number.saturating_add(repeated);
        if self.row.is_empty() {
            return ControlFlow::Continue(());
        }
        self.spans.fill(&mut self.row);
        let most = u32::try_from(MOST_CELLS / self.row.len().max(1)).unwrap_or(MOST_REPEATED).clamp(1, MOST_REPEATED);
        for nth in 0..repeated.min(most) {
            self.row.number = first.saturating_add(nth);
            visit(&self.row)?;
        }
        ControlFlow::Continue(())
    }
}

impl Cell {
    /// What a reader of the table sees.
    fn shown(&self) -> Option<(CellKind, String)> {
        let shown = self.text.trim();
        let value = self.value.as_deref().unwrap_or_default();
        Some(match &*self.kind {
            "float" | "currency" | "percentage" => {
                // 2022.1 that is shown as 2022.10 was meant so.
                let same = shown.parse::<f64>().is_ok_and(|number| value.parse() == Ok(number));
                (CellKind::Number, if same && shown.len() > value.len() { shown } else { value }.to_owned())
            }
            "date" => {
                let day = value.parse::<PartialDate>().ok();
                let known =
                    shown.parse::<PartialDate>().ok().filter(|known| day.is_some_and(|day| known.agrees_with(day)));
                (CellKind::Date, known.map_or_else(|| value.to_owned(), |known| known.to_string()))
            }
            "boolean" => (CellKind::Text, if value == "true" { "是" } else { "否" }.to_owned()),
            "error" => (CellKind::Error, if shown.is_empty() { "#" } else { shown }.to_owned()),
            "" if shown.is_empty() => {
                let formula: String = self.formula.as_ref()?.chars().take(100).collect();
                let formula = formula.split_once(":=").map_or(formula.as_str(), |(_, formula)| formula);
                (CellKind::Unsolved, format!("={}", formula.trim_start_matches('=')))
            }
            _ if shown.is_empty() && !value.is_empty() => (CellKind::Text, value.to_owned()),
            _ => (CellKind::Text, self.text.clone()),
        })
    }
}
