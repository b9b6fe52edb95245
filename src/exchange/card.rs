//! The status card (明白卡) on paper: one A4 page a household for a browser's printer, more where the family is large.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::html::{self, escape};
use crate::rules::card::{Card, Cell, Line, Mark, Part, Table};

/// The card as a page. What is to be mended before printing stands on the screen alone.
pub fn card_page(card: &Card) -> String {
    let mut body = String::new();
    // Writing to a string cannot fail.
    let _ = write_card(&mut body, card);
    let name = format!("{} {}", card.title, card.number);
    html::page(&name, &name, STYLE, &body)
}

/// The name of the card's file, which says nothing but the household's number.
pub fn card_file_name(card: &Card) -> String {
    html::file_name("card", &card.number)
}

fn write_card(out: &mut String, card: &Card) -> std::fmt::Result {
    write_advice(out, card)?;
    writeln!(out, "<h1>{}</h1>", escape(&card.title))?;
    writeln!(
        out,
        "<p class=\"who\"><span>户主：<b>{}</b></span><span>{}</span><span>户编号：{}</span></p>",
        words(&card.head),
        escape(format!("{} {}", card.village, card.place).trim()),
        escape(&card.number)
    )?;
    for part in &card.parts {
        write_part(out, part)?;
    }
    writeln!(
        out,
        "<p class=\"foot\"><span>政策依据：{}</span><span>填写日期：{}</span><span>以上内容与我家情况一致，户主签字：<i></i></span></p>",
        escape(&card.policy),
        card.day.format("%Y年%-m月%-d日")
    )
}

/// On the screen: how many places are open, so that nobody prints half a card without knowing.
fn write_advice(out: &mut String, card: &Card) -> std::fmt::Result {
    let (missing, stale) = (card.count(Mark::Missing), card.count(Mark::Stale));
    let mut advice = Vec::new();
    if missing > 0 {
        advice.push(format!("有{missing}处没有填（卡上写“未填”）"));
    }
    if stale > 0 {
        advice.push(format!("有{stale}处超过一个月没有核实（带灰底）"));
    }
    if card.wall.outdated == Some(true) {
        advice.push("墙上那张已经旧了".to_owned());
    }
    if advice.is_empty() {
        Ok(())
    } else {
        writeln!(out, "<p class=\"advice\">打印前请看：{}。</p>", advice.join("；"))
    }
}

fn write_part(out: &mut String, part: &Part) -> std::fmt::Result {
    // A long table goes on over the page; a few lines stay together.
    let class = if part.table.is_none() { " class=\"whole\"" } else { "" };
    writeln!(out, "<section{class}>\n<h2>{}</h2>", escape(&part.label))?;
    if let Some(table) = &part.table {
        write_table(out, table)?;
    }
    if !part.lines.is_empty() {
        write_lines(out, &part.lines)?;
    }
    writeln!(out, "</section>")
}

/// A column of words no wider than this, in halves of a han character, does not break them.
const NARROW: usize = 8;

fn write_table(out: &mut String, table: &Table) -> std::fmt::Result {
    let stale = if table.mark == Some(Mark::Stale) { " class=\"stale\"" } else { "" };
    let is_narrow = |at: usize| {
        let mut words = table.rows.iter().filter_map(|row| row.get(at)?.text.as_deref());
        words.all(|text| text.width() <= NARROW)
    };
    let narrow: Vec<&str> = (0..table.columns.len()).map(|at| if is_narrow(at) { " narrow" } else { "" }).collect();
    write!(out, "<table{stale}><thead><tr>")?;
    for column in &table.columns {
        let narrow = if column.width() <= NARROW { "narrow" } else { "" };
        write!(out, "<th class=\"{narrow}\">{}</th>", escape(column))?;
    }
    writeln!(out, "</tr></thead><tbody>")?;
    for row in &table.rows {
        out.push_str("<tr>");
        for (cell, narrow) in row.iter().zip(&narrow) {
            write!(out, "<td class=\"{}{narrow}\">{}</td>", class_of(cell), words(cell))?;
        }
        out.push_str("</tr>\n");
    }
    if table.rows.is_empty() {
        let empty = if table.mark == Some(Mark::Missing) { UNKNOWN } else { "" };
        writeln!(out, "<tr><td colspan=\"{}\">{empty}&nbsp;</td></tr>", table.columns.len())?;
    }
    writeln!(out, "</tbody></table>")
}

/// Lines in pairs side by side, wide ones alone.
fn write_lines(out: &mut String, lines: &[Line]) -> std::fmt::Result {
    out.push_str("<table class=\"lines\"><colgroup><col class=\"l\"><col><col class=\"l\"><col></colgroup><tbody>\n");
    let mut lines = lines.iter().peekable();
    while let Some(line) = lines.next() {
        let beside = if line.wide { None } else { lines.next_if(|next| !next.wide) };
        let span = if beside.is_some() { "" } else { " colspan=\"3\"" };
        write!(out, "<tr>{}", pair(line, span))?;
        if let Some(beside) = beside {
            out.push_str(&pair(beside, ""));
        }
        out.push_str("</tr>\n");
    }
    writeln!(out, "</tbody></table>")
}

fn pair(line: &Line, span: &str) -> String {
    let (class, label) = (class_of(&line.cell), escape(&line.label));
    format!("<td class=\"label\">{label}</td><td class=\"{class}\"{span}>{}</td>", words(&line.cell))
}

const UNKNOWN: &str = "<i class=\"unknown\">未填</i>";

/// What is unknown and belongs on a card says so; what is unknown and need not stays blank. Neither reads as no.
fn words(cell: &Cell) -> String {
    match (&cell.text, cell.mark) {
        (Some(text), _) => escape(text).into_owned(),
        (None, Some(Mark::Missing)) => UNKNOWN.to_owned(),
        (None, _) => String::new(),
    }
}

fn class_of(cell: &Cell) -> &'static str {
    match cell.mark {
        Some(Mark::Stale) => "stale",
        Some(Mark::Missing) => "missing",
        None => "",
    }
}

const STYLE: &str = r#"h1 { font-size: 19pt; text-align: center; letter-spacing: 0.08em; margin: 0 0 2.5mm; }
h2 { font-size: 11.5pt; margin: 2.6mm 0 0.9mm; break-after: avoid; }
.who, .foot { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 6mm; margin: 0; }
.who { font-size: 12pt; border-bottom: 1.2pt solid #000; padding-bottom: 1mm; }
.foot { margin-top: 3.5mm; break-inside: avoid; break-before: avoid; }
.foot i { display: inline-block; width: 28mm; border-bottom: 0.6pt solid #000; }
.lines { table-layout: fixed; }
section.whole { break-inside: avoid; }
.lines .l { width: 31mm; }
.narrow { white-space: nowrap; }
.unknown { font-style: normal; color: #666; }
.advice { display: none; }
@media screen {
  .advice { display: block; margin: 0 0 4mm; padding: 2mm 3mm; border: 1px solid #999; background: #f4f4f4; }
  .missing { outline: 1.5px dashed #777; outline-offset: -2px; }
  .stale, .stale td { background: #eee; }
}
"#;
