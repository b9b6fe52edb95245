//! The workbook's sheets on paper: what the run is, then a sheet a kind.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::Run;
use super::answers::{self, Column, DropDowns};
use crate::exchange::sheet::{Formats, Sheet, cell, set_up, write};

pub(super) fn print(run: &Run<'_>, sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed time: the same run is the same bytes.
    let made = ExcelDateTime::parse_from_str(&format!("{}T00:00:00", run.made.on))?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let formats = Formats::new();
    first_sheet(workbook.add_worksheet(), run, sheets, &formats)?;
    let lists = DropDowns::new(run.catalogue)?;
    for sheet in sheets {
        let page = workbook.add_worksheet();
        let title = title(run, &sheet.name);
        if run.layout.is_sheet_answered(&sheet.name) {
            let sheet = answers::to_fill(sheet, run.layout, run.set);
            write(page, &title, &sheet, &formats)?;
            answers::write(page, &sheet, &lists, &formats)?;
        } else {
            write(page, &title, sheet, &formats)?;
        }
        answers::small(page, sheet, 0, &formats.aside)?;
    }
    lists.finish(&mut workbook)?;
    workbook.save_to_buffer()
}

fn first_sheet(page: &mut Worksheet, run: &Run<'_>, sheets: &[Sheet], formats: &Formats) -> Result<(), XlsxError> {
    page.set_name("说明")?;
    set_up(page, &title(run, "说明"));
    page.set_column_width(0, 30)?;
    page.set_column_width(1, 90)?;
    page.write_string_with_format(0, 0, "户档变更录入表", &formats.title)?;
    let set = run.set;
    let news = run.acts.iter().filter(|act| act.is_news()).count();
    let mut lines = vec![
        ("村", format!("{}（{}）", run.village, set.village)),
        (run.layout.answer.name(Column::Set), set.to_string()),
        ("起止", format!("第{}号至第{}号，其中村里登记的 {news} 件", set.from, set.to)),
        ("交出", format!("{} {}", run.made.on, run.made.by)),
    ];
    if run.held > 0 {
        lines.push(("暂缓", format!("{} 件在变更集里，不在本表，先不要录入；放行以后写在后面的表里", run.held)));
    }
    lines.extend(sheets.iter().map(|sheet| (&*sheet.name, format!("{}行", sheet.rows.len()))));
    if sheets.is_empty() {
        lines.push(("内容", "没有要录入的变更".to_owned()));
    }
    let mut row = 2;
    for (label, text) in lines {
        page.write_string_with_format(row, 0, cell(label), &formats.header)?;
        page.write_string_with_format(row, 1, cell(&text), &formats.cell)?;
        row += 1;
    }
    row += 1;
    let notes = if run.net.is_some() { &run.layout.netted_notes } else { &run.layout.notes };
    for (number, note) in (1..).zip(notes) {
        page.merge_range(row, 0, row, 1, &cell(&format!("{number}. {note}")), &formats.plain)?;
        page.set_row_height(row, 30)?;
        row += 1;
    }
    Ok(())
}

/// What stands above every page of a sheet.
fn title(run: &Run<'_>, sheet: &str) -> String {
    format!("{} {sheet} 第{}-{}号", run.village, run.set.from, run.set.to)
}
