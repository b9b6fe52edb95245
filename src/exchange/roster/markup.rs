//! Web pages and XML sheets that systems hand out under the name of a workbook.

use std::io::Read;

use encoding_rs::Encoding;

use super::book::Visit;
use super::delimited::text_kind;
use super::fault::Fault;
use super::row::{CellKind, RawRow};
use super::source::Source;

/// The most that is read of such a file; a county's is a workbook.
const MOST: u64 = 512 * 1024 * 1024;

/// Reads the whole text, and refuses a page that holds no table or breaks off.
pub fn read(source: &Source, encoding: &'static Encoding) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    source.open()?.take(MOST).read_to_end(&mut bytes)?;
    let text = encoding.decode(&bytes).0.into_owned();
    let ends = |name: &str| tags(&text).any(|tag| tag.closes && tag.name.eq_ignore_ascii_case(name));
    let begins = tags(&text).any(|tag| tag.is("table"));
    match begins {
        false => Err(Fault::NoTable),
        true if ends("table") || ends("ss:table") => Ok(text),
        true => Err(Fault::Damaged("表格没有结尾".to_owned())),
    }
}

/// How many tables the text holds.
pub fn tables(text: &str) -> usize {
    tags(text).filter(|tag| tag.is("table")).count()
}

/// Calls with each row of a table, counted from 0, that holds anything.
pub fn rows(text: &str, table: usize, visit: Visit<'_>) {
    let mut row = RawRow::default();
    let mut at: Option<usize> = None;
    let (mut number, mut column, mut wide) = (0, 0, 1);
    let mut cell: Option<(usize, CellKind)> = None;
    for tag in tags(text) {
        if tag.is("table") {
            at = Some(at.map_or(0, |at| at + 1));
        }
        if at != Some(table) {
            continue;
        }
        let ends_cell = matches!(tag.short().as_str(), "td" | "th" | "cell" | "tr" | "row" | "table");
        if ends_cell && let Some((start, kind)) = cell.take() {
            let cell = plain(&text[start..tag.from]);
            let kind = if kind == CellKind::Text { text_kind(&cell) } else { kind };
            row.push(column, kind, &cell);
            column += wide;
        }
        match (tag.short().as_str(), tag.closes) {
            ("tr" | "row", false) => {
                number = tag.number("index").unwrap_or(number + 1);
                row.start(number);
                column = 0;
            }
            ("tr" | "row" | "table", true) => {
                if !row.is_empty() && visit(&row).is_break() {
                    return;
                }
                row.start(number);
            }
            ("td" | "th" | "cell", false) => {
                column = tag.number("index").map_or(column, |index| index.saturating_sub(1));
                wide = tag.number("colspan").or(tag.number("mergeacross").map(|more| more + 1)).unwrap_or(1).max(1);
                if tag.alone {
                    column += wide;
                } else {
                    cell = Some((tag.to, CellKind::Text));
                }
            }
            ("data", false) => {
                if let Some((_, kind)) = &mut cell {
                    let says = |text: &str| tag.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case(text));
                    *kind = if says("number") { CellKind::Number } else { CellKind::Text };
                }
            }
            _ => {}
        }
    }
}

/// A tag and where it stands.
pub struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    /// Whether it ends what another began.
    pub closes: bool,
    /// Whether it ends at once.
    pub alone: bool,
    from: usize,
    to: usize,
}

impl Tag<'_> {
    /// The name without its namespace, in small letters.
    pub fn short(&self) -> String {
        self.name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase()
    }

    fn is(&self, name: &str) -> bool {
        !self.closes && self.short() == name
    }

    /// Whether a value stands among its attributes.
    pub fn has_value(&self) -> bool {
        self.attributes.contains("value")
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let mut rest = self.attributes;
        while let Some((before, after)) = rest.split_once('=') {
            let key = before.trim().rsplit([' ', ':', '\n', '\t']).next().unwrap_or_default();
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, tail) = match quote {
                Some(quote) => after[1..].split_once(quote)?,
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = tail;
        }
        None
    }

    /// An attribute that is a number.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }
}

/// The tags of a text, in their order.
pub fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let from = at + text[at..].find('<')?;
            if let Some(comment) = text[from..].strip_prefix("<!--") {
                at = from + 4 + comment.find("-->")? + 3;
                continue;
            }
            let to = from + text[from..].find('>')? + 1;
            at = to;
            let inside = text[from + 1..to - 1].trim();
            let (closes, inside) = inside.strip_prefix('/').map_or((false, inside), |rest| (true, rest));
            let (alone, inside) = inside.strip_suffix('/').map_or((false, inside), |rest| (true, rest));
            let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            return Some(Tag { name, attributes, closes, alone, from, to });
        }
    })
}

/// The text between tags, with its entities as the characters they mean.
fn plain(inside: &str) -> String {
    let mut text = String::with_capacity(inside.len());
    let mut at = 0;
    for tag in tags(inside) {
        text.push_str(&inside[at..tag.from]);
        if tag.is("br") {
            text.push('\n');
        }
        at = tag.to;
    }
    text.push_str(&inside[at..]);
    entities(&text)
}

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let meant = after.split_once(';').filter(|(name, _)| name.len() < 10).and_then(|(name, tail)| {
            let c = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => ' ',
                _ => {
                    let digits = name.strip_prefix('#')?;
                    let code = match digits.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                        None => digits.parse().ok()?,
                    };
                    char::from_u32(code)?
                }
            };
            Some((c, tail))
        });
        match meant {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
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
        assert_eq!(tables(page), 1);
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
}
