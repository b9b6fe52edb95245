//! Tables written in the formats of which no library writes: old workbooks, open documents, web pages.

use std::io::{Cursor, Write};

use crate::village::sheets::{Cell, Sheet};

/// The cells of a sheet with all that stands above them, as text.
fn grid(sheet: &Sheet) -> Vec<Vec<String>> {
    let text = |cell: &Cell| match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(day) => day.to_string(),
    };
    let header = vec![sheet.header.clone()];
    let rows = |rows: &[Vec<Cell>]| rows.iter().map(|row| row.iter().map(text).collect()).collect::<Vec<_>>();
    [rows(&sheet.above), header, rows(&sheet.rows)].concat()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', "<br/>")
}

/// A web page with one table.
pub fn html(sheet: &Sheet) -> Vec<u8> {
    let row = |cells: &Vec<String>| {
        let cells = cells.iter().map(|cell| format!("<td style='mso-number-format:\"\\@\"'>{}</td>", escaped(cell)));
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let rows: String = grid(sheet).iter().map(row).collect();
    format!("<html><head><meta charset=\"utf-8\"></head><body><table border=\"1\">{rows}</table></body></html>").into()
}

/// The XML of a spreadsheet of 2003.
pub fn xml_2003(sheet: &Sheet) -> Vec<u8> {
    let row = |cells: &Vec<String>| {
        let cell = |cell: &String| format!("<Cell><Data ss:Type=\"String\">{}</Data></Cell>", escaped(cell));
        format!("<Row>{}</Row>\n", cells.iter().map(cell).collect::<String>())
    };
    let rows: String = grid(sheet).iter().map(row).collect();
    let names = "xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"";
    format!("<?xml version=\"1.0\"?>\n<Workbook {names}><Worksheet ss:Name=\"a\"><Table>{rows}</Table></Worksheet></Workbook>").into()
}

/// An open document.
pub fn ods(sheet: &Sheet) -> Vec<u8> {
    let row = |cells: &Vec<String>| {
        let cell = |cell: &String| {
            let text = cell.replace('&', "&amp;").replace('<', "&lt;");
            format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
        };
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
    };
    let rows: String = grid(sheet).iter().map(row).collect();
    let names = ["office", "table", "text"]
        .map(|name| format!("xmlns:{name}=\"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0\""))
        .join(" ");
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content {names}><office:body><office:spreadsheet>\
         <table:table table:name=\"Sheet1\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = "<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default();
    let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
    for (name, text) in [("mimetype", mimetype), ("META-INF/manifest.xml", manifest), ("content.xml", &content)] {
        archive.start_file(name, plain).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook of the 1990s: BIFF8 records in a compound file.
pub fn xls(sheet: &Sheet) -> Vec<u8> {
    let record = |kind: u16, content: &[u8]| {
        let mut bytes = kind.to_le_bytes().to_vec();
        bytes.extend((content.len() as u16).to_le_bytes());
        bytes.extend(content);
        bytes
    };
    let beginning = |substream: u16| {
        let mut content = vec![0, 6];
        content.extend(substream.to_le_bytes());
        content.extend([0xbb, 0x0d, 0xcc, 0x07, 0, 0, 0, 0, 6, 0, 0, 0]);
        record(0x0809, &content)
    };
    let mut cells = beginning(0x10);
    for (at, row) in grid(sheet).iter().enumerate() {
        for (column, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let mut content = (at as u16).to_le_bytes().to_vec();
            content.extend((column as u16).to_le_bytes());
            content.extend([0, 0]);
            content.extend((units.len() as u16).to_le_bytes());
            content.push(1);
            content.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
            cells.extend(record(0x0204, &content));
        }
    }
    cells.extend(record(0x000a, &[]));
    let bound = |at: u32| {
        let mut content = at.to_le_bytes().to_vec();
        content.extend([0, 0, 6, 0]);
        content.extend(b"Sheet1");
        record(0x0085, &content)
    };
    let globals_length = (beginning(5).len() + bound(0).len() + 4) as u32;
    let stream = [beginning(5), bound(globals_length), record(0x000a, &[]), cells].concat();
    compound("Workbook", &stream)
}

/// A compound file with one stream.
pub fn compound(name: &str, stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 512;
    const END: u32 = 0xffff_fffe;
    // Streams shorter than this would go into another kind of sector.
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4096).next_multiple_of(SECTOR), 0);
    let sectors = stream.len() / SECTOR;
    // Sector 0 holds the folder, the stream follows, then the table of sectors.
    let tables = (sectors + 1).div_ceil(SECTOR / 4 - 1);
    let mut table: Vec<u32> = vec![END];
    table.extend((1..sectors as u32).map(|at| at + 1));
    table.push(END);
    table.extend(vec![0xffff_fffd; tables]);
    table.resize(tables * SECTOR / 4, 0xffff_ffff);
    let mut header = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    header.extend([0; 16]);
    for number in [0x3e_u16, 3, 0xfffe, 9, 6] {
        header.extend(number.to_le_bytes());
    }
    header.extend([0; 10]);
    for number in [tables as u32, 0, 0, 4096, END, 0, END, 0] {
        header.extend(number.to_le_bytes());
    }
    header.extend((0..109).flat_map(|at| {
        let sector = if at < tables { (1 + sectors + at) as u32 } else { 0xffff_ffff };
        sector.to_le_bytes()
    }));
    let entry = |name: &str, kind: u8, start: u32, length: usize, child: u32| {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        entry.resize(64, 0);
        entry.extend(((name.len() as u16 + 1) * 2).to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([0xff; 8]);
        entry.extend(child.to_le_bytes());
        entry.extend([0; 36]);
        entry.extend(start.to_le_bytes());
        entry.extend((length as u64).to_le_bytes());
        entry
    };
    let mut folder = [entry("Root Entry", 5, END, 0, 1), entry(name, 2, 1, stream.len(), 0xffff_ffff)].concat();
    folder.resize(SECTOR, 0);
    let table: Vec<u8> = table.iter().flat_map(|sector| sector.to_le_bytes()).collect();
    [header, folder, stream, table].concat()
}
