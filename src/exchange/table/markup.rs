//! Web pages and XML sheets that systems hand out under the name of a workbook.

use std::io::Read;
use std::ops::ControlFlow;

use encoding_rs::Encoding;

use super::book::Visit;
use super::delimited::text_kind;
use super::fault::Fault;
use super::row::{CellKind, RawRow};
use super::source::Source;
use super::spans::Spans;
use super::tags::{Tag, plain, tags};

/// The most that is read of such a file; a county's is a workbook.
const MOST: u64 = 512 * 1024 * 1024;

/// As many columns as any spreadsheet has.
const MOST_COLUMNS: u32 = 16_384;

/// Reads the whole text, and refuses a page that holds no table or breaks off.
pub fn read(source: &Source, encoding: &'static Encoding) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    source.open()?.take(MOST).read_to_end(&mut bytes)?;
    let text = encoding.decode(&bytes).0.into_owned();
    let ends = tags(&text).any(|tag| tag.closes && tag.short() == "table");
    let begins = tags(&text).any(|tag| tag.begins("table"));
    match begins {
        false => Err(Fault::NoTable),
        true if ends => Ok(text),
        true => Err(Fault::Damaged("表格没有结尾".to_owned())),
    }
}

/// The names of the tables that the text holds, where they have any, and whether they are seen.
pub fn tables(text: &str) -> Vec<(Option<String>, bool)> {
    let mut sheet = None;
    let mut tables = Vec::new();
    for tag in tags(text) {
        if tag.begins("worksheet") {
            sheet = tag.attribute("name").map(|name| super::entity::decode(name).into_owned());
        } else if tag.begins("table") {
            tables.push((sheet.clone(), true));
        } else if tag.begins("visible") && sheet.is_some() {
            // 隐藏 is said behind the table.
            let hidden = text[tag.to..].trim_start().starts_with("SheetHidden")
                || text[tag.to..].trim_start().starts_with("SheetVeryHidden");
            if let Some(last) = tables.last_mut().filter(|_| hidden) {
                last.1 = false;
            }
        }
    }
    tables
}

/// Whether the text says that its days are counted from 1904.
pub fn from_1904(text: &str) -> bool {
    tags(text).any(|tag| tag.begins("date1904"))
}

/// Calls with each row of a table, counted from 0, that holds anything.
pub fn rows(text: &str, table: usize, visit: Visit<'_>) {
    let mut at: Option<usize> = None;
    let mut reading = Reading::new(text);
    for tag in tags(text) {
        if tag.begins("table") {
            at = Some(at.map_or(0, |at| at + 1));
        }
        if at == Some(table) && reading.tag(&tag, visit).is_break() {
            return;
        }
        if at > Some(table) {
            break;
        }
    }
    let _ = reading.end_row(visit);
}

/// A table while its tags go by.
struct Reading<'a> {
    text: &'a str,
    row: RawRow,
    spans: Spans,
    /// By column, the last row over which a cell stretches.
    taken: Vec<u32>,
    number: u32,
    column: u32,
    cell: Option<Cell>,
    /// Whether what comes is what somebody remarked on a cell.
    in_comment: bool,
}

/// A cell that is open.
struct Cell {
    /// Where its text begins.
    start: usize,
    /// Where its own data stand, where they are told from what is beside them.
    data: Option<(usize, usize)>,
    /// Whether nothing but its data is its own.
    is_xml: bool,
    kind: CellKind,
    column: u32,
    wide: u32,
    bottom: u32,
    formula: Option<String>,
}

impl<'a> Reading<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            row: RawRow::default(),
            spans: Spans::default(),
            taken: Vec::new(),
            number: 0,
            column: 0,
            cell: None,
            in_comment: false,
        }
    }

    fn tag(&mut self, tag: &Tag<'_>, visit: Visit<'_>) -> ControlFlow<()> {
        match (tag.short().as_str(), tag.closes) {
            ("comment", closes) => self.in_comment = !closes && !tag.alone,
            _ if self.in_comment => {}
            ("tr" | "row", false) => {
                self.end_row(visit)?;
                self.number = tag.number("index").unwrap_or(self.number + 1);
                self.row.start(self.number);
                self.column = 0;
                if tag.alone {
                    self.end_row(visit)?;
                }
            }
            ("tr" | "row" | "table", true) => {
                self.end_cell(tag.from);
                self.end_row(visit)?;
            }
            ("td" | "th" | "cell", false) => {
                self.end_cell(tag.from);
                self.begin_cell(tag);
            }
            ("td" | "th" | "cell", true) => self.end_cell(tag.from),
            ("data", false) => {
                if let Some(cell) = &mut self.cell {
                    cell.kind = data_kind(tag);
                    cell.data = Some((tag.to, if tag.alone { tag.to } else { self.text.len() }));
                }
            }
            ("data", true) => {
                if let Some((_, to)) = self.cell.as_mut().and_then(|cell| cell.data.as_mut()) {
                    *to = tag.from.min(*to);
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn begin_cell(&mut self, tag: &Tag<'_>) {
        match tag.number("index") {
            Some(index) => self.column = index.saturating_sub(1),
            None => {
                let free = |column: u32| self.taken.get(column as usize).is_none_or(|last| *last < self.number);
                self.column = (self.column..MOST_COLUMNS).find(|column| free(*column)).unwrap_or(MOST_COLUMNS);
            }
        }
        let more = |name: &str| tag.number(name).map(|more| more.saturating_add(1));
        let wide = tag.number("colspan").or(more("mergeacross")).unwrap_or(1).clamp(1, MOST_COLUMNS);
        let high = match tag.number("rowspan") {
            // To the end of the table.
            Some(0) => u32::MAX,
            high => high.or(more("mergedown")).unwrap_or(1),
        };
        let bottom = self.number.saturating_add(high - 1);
        let cell = Cell {
            start: tag.to,
            data: None,
            is_xml: tag.short() == "cell",
            kind: CellKind::Text,
            column: self.column,
            wide,
            bottom,
            formula: tag.attribute("formula").map(str::to_owned),
        };
        self.cell = Some(cell);
        if tag.alone {
            self.end_cell(tag.to);
        }
    }

    fn end_cell(&mut self, end: usize) {
        let Some(cell) = self.cell.take() else { return };
        let all = if cell.is_xml { (end, end) } else { (cell.start, end) };
        let (from, to) = cell.data.unwrap_or(all);
        let text = plain(self.text.get(from..to.min(end)).unwrap_or_default());
        let is_blank = text.trim().is_empty();
        match &cell.formula {
            Some(formula) if is_blank && cell.data.is_none() => {
                let formula: String = formula.trim_start_matches('=').chars().take(100).collect();
                self.row.push(cell.column, CellKind::Unsolved, &format!("={formula}"));
            }
            _ => {
                let kind = if cell.kind == CellKind::Text { text_kind(&text) } else { cell.kind };
                self.row.push(cell.column, kind, &text);
            }
        }
        self.column = cell.column.saturating_add(cell.wide);
        if cell.bottom > self.number {
            let end = self.column.min(MOST_COLUMNS) as usize;
            if self.taken.len() < end {
                self.taken.resize(end, 0);
            }
            let (from, to) = ((cell.column as usize).min(end), end);
            self.taken[from..to].fill(cell.bottom);
            self.spans.begin(&self.row, cell.column.try_into().unwrap_or(u16::MAX), cell.bottom);
        }
    }

    fn end_row(&mut self, visit: Visit<'_>) -> ControlFlow<()> {
        self.end_cell(self.text.len());
        if self.row.is_empty() {
            return ControlFlow::Continue(());
        }
        self.spans.fill(&mut self.row);
        let done = visit(&self.row);
        self.row.start(self.number);
        done
    }
}

fn data_kind(tag: &Tag<'_>) -> CellKind {
    match tag.attribute("type").unwrap_or_default().to_ascii_lowercase().as_str() {
        "number" => CellKind::Number,
        "error" => CellKind::Error,
        _ => CellKind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    fn read_rows(text: &str) -> Vec<(u32, Vec<(u16, String)>)> {
        let mut found = Vec::new();
        rows(text, 0, &mut |row| {
            found.push((row.number, row.cells().map(|cell| (cell.column, cell.text.to_owned())).collect()));
            ControlFlow::Continue(())
        });
        found
    }

    #[test]
    fn a_web_page_is_a_table() {
        let page = "<html><head><style>td {x: 1}</style></head><body><TABLE border=1>\
            <tr><th colspan=\"3\">农户&nbsp;名册</th></tr>\
            <tr><td>姓名<td style='a'>与户主<br>关系</td><td>备注</td></tr>\
            <tr><td>张&#19977;</td><td><b>户主</b></td><td></td></tr></TABLE></body></html>";
        assert_eq!(tables(page), [(None, true)]);
        let found = read_rows(page);
        assert_eq!(found[0], (1, vec![(0, "农户 名册".into())]));
        assert_eq!(found[1], (2, vec![(0, "姓名".into()), (1, "与户主\n关系".into()), (2, "备注".into())]));
        assert_eq!(found[2], (3, vec![(0, "张三".into()), (1, "户主".into())]));
    }

    #[test]
    fn an_xml_sheet_skips_rows_and_columns() {
        let sheet = "<?xml version=\"1.0\"?><Workbook><Worksheet ss:Name=\"a\"><Table>\
            <Row ss:Index=\"3\"><Cell><Data ss:Type=\"String\">姓名</Data></Cell>\
            <Cell ss:Index=\"4\"><Data ss:Type=\"Number\">12</Data></Cell></Row>\
            <Row><Cell/><Cell><Data ss:Type=\"String\">a&lt;b</Data></Cell></Row></Table></Worksheet></Workbook>";
        assert_eq!(read_rows(sheet), [(3, vec![(0, "姓名".into()), (3, "12".into())]), (4, vec![(1, "a<b".into())])]);
    }

    #[test]
    fn cells_that_stretch_stand_in_each_of_their_rows() {
        let page = "<table><tr><td rowspan=3>一组</td><td rowspan='2' colspan=2>张</td><td>甲</td></tr>\
            <tr><td>乙</td></tr><tr><td>丙</td><td>丁</td></tr><tr><td>戊</td></tr></table>";
        let cells = |row: &(u32, Vec<(u16, String)>)| {
            row.1.iter().map(|(column, text)| format!("{column}{text}")).collect::<Vec<_>>().join(" ")
        };
        let found: Vec<String> = read_rows(page).iter().map(cells).collect();
        assert_eq!(found, ["0一组 1张 3甲", "0一组 1张 3乙", "0一组 1丙 2丁", "0戊"]);
        let sheet = "<Workbook><Worksheet ss:Name='甲&amp;乙'><Table><Row><Cell ss:MergeDown='1'><Data>户</Data></Cell>\
            <Cell><Data>张</Data><Comment><ss:Data>已核<B>!</B></ss:Data></Comment></Cell></Row>\
            <Row><Cell ss:Index='2'><Comment><Data>注</Data></Comment></Cell><Cell><Data>李</Data></Cell></Row>\
            <Row><Cell ss:Formula='=A1*2'/></Row></Table></Worksheet></Workbook>";
        assert_eq!(tables(sheet), [(Some("甲&乙".to_owned()), true)]);
        let found: Vec<String> = read_rows(sheet).iter().map(cells).collect();
        assert_eq!(found, ["0户 1张", "0户 2李", "0=A1*2"]);
    }
}
