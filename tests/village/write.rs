//! Tables written as files: workbooks and CSV.

use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};

use super::sheets::{Cell, Sheet, national_row};
use super::{Village, sheets};

/// A workbook of these sheets.
pub fn xlsx(path: &Path, sheets: &[Sheet]) {
    let mut book = Workbook::new();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(sheet.name).unwrap();
        let mut row = 0;
        for cells in &sheet.above {
            write_row(page, row, cells);
            row += 1;
        }
        for (column, name) in sheet.header.iter().enumerate() {
            page.write_string(row, column as u16, name).unwrap();
        }
        for (at, cells) in sheet.rows.iter().enumerate() {
            row += 1;
            write_row(page, row, cells);
            if sheet.hidden.contains(&at) {
                page.set_row_hidden(row).unwrap();
            }
        }
    }
    book.save(path).unwrap();
}

fn write_row(page: &mut Worksheet, row: u32, cells: &[Cell]) {
    for (column, cell) in cells.iter().enumerate() {
        let column = column as u16;
        match cell {
            Cell::Blank => {}
            Cell::Text(text) => {
                page.write_string(row, column, text).unwrap();
            }
            Cell::Number(number) => {
                page.write_number(row, column, *number).unwrap();
            }
            Cell::Date(day) => {
                let format = Format::new().set_num_format("yyyy-mm-dd");
                let day = ExcelDateTime::parse_from_str(&day.to_string()).unwrap();
                page.write_datetime_with_format(row, column, &day, &format).unwrap();
            }
        }
    }
}

/// A county's export of so many rows or a few more, a village of 400 households after the other, written row by row.
pub fn county(path: &Path, seed: u64, people: usize) {
    let mut book = Workbook::new();
    let page = book.add_worksheet_with_low_memory().unwrap();
    page.write_string(0, 0, "（自定义）监测对象信息").unwrap();
    page.write_string(1, 0, "导出时间：2022-11-18  单位：示范县").unwrap();
    let mut row = 3;
    for nth in 1.. {
        let village = Village::invent(seed + nth, &format!("419999{:03}2{:02}", 100 + nth / 90, nth % 90 + 1), 400, 0);
        if nth == 1 {
            for (column, name) in sheets::national(&village).header.iter().enumerate() {
                page.write_string(2, column as u16, name).unwrap();
            }
        }
        for household in &village.households {
            for person in &household.people {
                for (column, (_, cell)) in national_row(&village, household, person).into_iter().enumerate() {
                    if let Cell::Text(text) = cell {
                        page.write_string(row, column as u16, text).unwrap();
                    }
                }
                row += 1;
            }
        }
        if row as usize >= people + 3 {
            break;
        }
    }
    book.save(path).unwrap();
}

/// The lines of a sheet as CSV.
pub fn csv_text(sheet: &Sheet) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let quoted = cells.map(|text| {
            if text.contains([',', '"', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
        });
        quoted.collect::<Vec<_>>().join(",") + "\r\n"
    };
    let text = |cell: &Cell| match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(day) => day.format("%Y/%-m/%-d").to_string(),
    };
    let mut out = String::new();
    for cells in &sheet.above {
        out.push_str(&line(&mut cells.iter().map(text)));
    }
    out.push_str(&line(&mut sheet.header.iter().cloned()));
    for cells in &sheet.rows {
        out.push_str(&line(&mut cells.iter().map(text)));
    }
    out
}

/// A CSV file in GB18030, as a clerk's Excel saves it.
pub fn csv_gb18030(path: &Path, sheet: &Sheet) {
    std::fs::write(path, encoding_rs::GB18030.encode(&csv_text(sheet)).0).unwrap();
}
