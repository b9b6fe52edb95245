//! Workbooks written part by part, with what no library writes: cells out of order, formulas without results, errors.

use std::io::{Cursor, Write};

/// A cell.
#[derive(Clone, Debug)]
pub enum Cell {
    Text(String),
    /// A number in one of the built-in formats.
    Number(f64, u32),
    /// A formula and its result, where somebody worked it out.
    Formula(String, Option<String>),
    Error(String),
    /// A cell's own XML, but for its place.
    Raw(String),
}

/// A sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: &'static str,
    pub rows: Vec<Vec<Cell>>,
    pub merged: Vec<String>,
    /// Whether the cells of a row stand from right to left.
    pub backwards: bool,
    /// Whether the rows stand from the last to the first.
    pub upside_down: bool,
    pub from_1904: bool,
}

/// The number formats that cells call by their own numbers.
pub const STYLES: [u32; 4] = [0, 2, 14, 17];

impl Cell {
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub fn blank() -> Self {
        Self::text("")
    }

    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Error(text) => text.clone(),
            Self::Number(number, _) => number.to_string(),
            Self::Formula(_, result) => result.clone().unwrap_or_default(),
            Self::Raw(_) => String::new(),
        }
    }

    fn xml(&self, place: &str) -> String {
        match self {
            Self::Text(text) if text.is_empty() => String::new(),
            Self::Text(text) => {
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                format!("<c r=\"{place}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
            }
            Self::Number(number, format) => {
                let style = STYLES.iter().position(|known| known == format).unwrap();
                format!("<c r=\"{place}\" s=\"{style}\"><v>{number}</v></c>")
            }
            Self::Formula(formula, result) => {
                format!("<c r=\"{place}\"><f>{formula}</f><v>{}</v></c>", result.as_deref().unwrap_or_default())
            }
            Self::Error(error) => format!("<c r=\"{place}\" t=\"e\"><v>{error}</v></c>"),
            Self::Raw(xml) => xml.replacen("<c", &format!("<c r=\"{place}\""), 1),
        }
    }
}

fn sheet_xml(sheet: &Sheet) -> String {
    let row = |(at, row): (usize, &Vec<Cell>)| {
        let place = |column: usize| format!("{}{}", hudang::exchange::roster::letters(column as u16), at + 1);
        let mut cells: Vec<String> = row.iter().enumerate().map(|(column, cell)| cell.xml(&place(column))).collect();
        if sheet.backwards {
            cells.reverse();
        }
        format!("<row r=\"{}\">{}</row>", at + 1, cells.concat())
    };
    let mut rows: Vec<String> = sheet.rows.iter().enumerate().map(row).collect();
    if sheet.upside_down {
        rows.reverse();
    }
    let merged: String = sheet.merged.iter().map(|range| format!("<mergeCell ref=\"{range}\"/>")).collect();
    let names = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    format!("<worksheet {names}><sheetData>{}</sheetData><mergeCells>{merged}</mergeCells></worksheet>", rows.concat())
}

/// A workbook of sheets.
pub fn workbook(sheets: &[Sheet]) -> Vec<u8> {
    package(sheets, &[], &[])
}

/// A workbook that also has sheets of another kind, with their paths and kinds, and further parts.
pub fn package(sheets: &[Sheet], odd: &[(&str, &str)], more: &[(&str, &str)]) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let named = sheets.iter().enumerate().map(|(at, sheet)| {
        let name = if sheet.name.is_empty() { "Sheet1" } else { sheet.name };
        (name.to_owned(), format!("worksheets/sheet{}.xml", at + 1), "worksheet")
    });
    let odd = odd.iter().map(|(path, kind)| ("Odd".to_owned(), (*path).to_owned(), *kind));
    let all: Vec<(String, String, &str)> = named.chain(odd).collect();
    let entry = |(at, (name, ..)): (usize, &(String, String, &str))| {
        format!("<sheet name=\"{name}\" sheetId=\"{0}\" r:id=\"rId{0}\"/>", at + 1)
    };
    let entries: String = all.iter().enumerate().map(entry).collect();
    let from_1904 = sheets.iter().any(|sheet| sheet.from_1904);
    let book = format!(
        "<workbook xmlns:r=\"{OFFICE}\"><workbookPr date1904=\"{}\"/><sheets>{entries}</sheets></workbook>",
        u8::from(from_1904)
    );
    let relation = |(at, (_, path, kind)): (usize, &(String, String, &str))| {
        format!("<Relationship Id=\"rId{}\" Type=\"{OFFICE}/{kind}\" Target=\"{path}\"/>", at + 1)
    };
    let relations: String = all.iter().enumerate().map(relation).collect();
    let formats: String = STYLES.iter().map(|id| format!("<xf numFmtId=\"{id}\"/>")).collect();
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
        (
            "_rels/.rels".to_owned(),
            format!(
                "<Relationships><Relationship Id=\"a\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        ("xl/workbook.xml".to_owned(), book),
        ("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{relations}</Relationships>")),
        ("xl/styles.xml".to_owned(), format!("<styleSheet><cellXfs>{formats}</cellXfs></styleSheet>")),
    ];
    parts.extend(
        sheets.iter().enumerate().map(|(at, sheet)| (format!("xl/worksheets/sheet{}.xml", at + 1), sheet_xml(sheet))),
    );
    parts.extend(more.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        archive.start_file(path, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
