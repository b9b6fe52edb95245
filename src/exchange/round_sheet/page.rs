//! The round sheet on paper: a household on a sheet of A4, more where there is much to ask.

use std::fmt::Write;

use chrono::Datelike;

use super::RoundSheet;
use crate::catalogue::print::day_in_words;
use crate::exchange::html::{self, escape};
use crate::rules::stop::{Ask, Stop};

/// The sheet as a page for a browser's printer.
pub fn round_sheet_page(sheet: &RoundSheet<'_>) -> String {
    let mut body = String::new();
    for (at, stop) in (1..).zip(sheet.stops) {
        // Writing to a string cannot fail.
        let _ = write_stop(&mut body, sheet, at, stop);
    }
    let title = format!("{} 走访单 {}", sheet.village, sheet.day);
    html::page(&title, &title, STYLE, &body)
}

fn write_stop(out: &mut String, sheet: &RoundSheet<'_>, at: usize, stop: &Stop) -> std::fmt::Result {
    let (stops, policy) = (sheet.stops.len(), escape(sheet.policy));
    writeln!(out, "<article>\n<header><h1>走访单</h1><span>政策 {policy}　第 {at}/{stops} 户</span></header>")?;
    writeln!(
        out,
        "<p class=\"who\"><b>{}</b><span>{}</span><span>{}</span><span>{}</span></p>",
        escape(&stop.head),
        escape(format!("{} {}", sheet.village, stop.place).trim()),
        escape(&stop.class),
        escape(&stop.number)
    )?;
    writeln!(
        out,
        "<p class=\"people\">{}人：{}{}</p>",
        stop.people.len(),
        escape(&stop.people.join("、")),
        if stop.phone.is_empty() { String::new() } else { format!("　电话 {}", escape(&stop.phone)) }
    )?;
    for open in &stop.open {
        writeln!(out, "<p class=\"open\">{}</p>", escape(open))?;
    }
    writeln!(
        out,
        "<p class=\"sign\"><span>走访人：{}</span><span>日期：{}年___月___日</span><span>到户：___时___分</span>\
         <span>{}</span><span>谁在家：<i></i></span></p>",
        escape(sheet.by),
        sheet.day.year(),
        sheet.places.iter().map(|place| format!("{BOX}{}", escape(place))).collect::<Vec<_>>().join(" ")
    )?;
    let last = stop.last.map(|last| day_in_words(last.into(), sheet.day.year()));
    let last = last.unwrap_or_else(|| "没有记录".to_owned());
    writeln!(
        out,
        "<table><colgroup><col class=\"item\"><col class=\"file\"><col class=\"last\"><col class=\"same\"><col class=\"else\"><col></colgroup>\n\
         <thead><tr class=\"again\"><td colspan=\"6\">{} {}</td></tr>\n\
         <tr><th>项目</th><th>看什么；档上</th><th>上次<br>（{last}）</th><th>与档<br>一致</th><th>不一致</th>\
         <th>变成什么、从哪天起；问题谁来办</th></tr></thead><tbody>",
        escape(&stop.head),
        escape(&stop.place)
    )?;
    for ask in &stop.asks {
        write_ask(out, ask)?;
    }
    writeln!(out, "</tbody></table>\n<p class=\"more\">别的情况、农户的要求：</p>\n</article>")
}

fn write_ask(out: &mut String, ask: &Ask) -> std::fmt::Result {
    write!(out, "<tr><td class=\"label\">{}</td><td class=\"file\">", escape(&ask.label))?;
    write!(out, "<small>{}</small>", escape(&ask.ask))?;
    if !ask.on_file.is_empty() {
        write!(out, "<div>{}</div>", escape(&ask.on_file))?;
    }
    write!(out, "</td><td class=\"last\">{}</td>", escape(ask.last.as_deref().unwrap_or_default()))?;
    write!(
        out,
        "<td class=\"same\">{BOX}</td><td class=\"else\">{BOX}变<br>{BOX}问题<br>{BOX}没看到</td><td class=\"room\">"
    )?;
    if ask.agree {
        write!(out, "<span>农户 {BOX}认可 {BOX}不认可</span>")?;
    }
    writeln!(out, "</td></tr>")
}

/// A box to tick, drawn rather than typed, so that no font can lack it.
const BOX: &str = "<s></s>";

const STYLE: &str = r#"article { break-after: page; }
article:last-child { break-after: auto; }
header { display: flex; justify-content: space-between; align-items: baseline; border-bottom: 1.2pt solid #000; }
h1 { font-size: 16pt; letter-spacing: 0.2em; margin: 0; }
p { margin: 1.2mm 0; }
.who { display: flex; flex-wrap: wrap; gap: 0 6mm; align-items: baseline; }
.who b { font-size: 14pt; }
.people { font-size: 9.5pt; }
.open { font-size: 9.5pt; padding-left: 2mm; border-left: 2pt solid #000; }
.sign { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 1mm 3mm; margin: 2mm 0; font-size: 9.5pt; }
.sign i { display: inline-block; width: 20mm; border-bottom: 0.6pt solid #000; }
s { display: inline-block; width: 3.2mm; height: 3.2mm; border: 0.8pt solid #000; margin-right: 0.8mm; vertical-align: -0.4mm; text-decoration: none; }
table { table-layout: fixed; font-size: 9.5pt; line-height: 1.25; }
td { padding: 0.5mm 1.2mm; }
tbody tr { height: 11.4mm; }
/* Repeated with the header, so that a second sheet says whose it is. */
.again td { border: none; padding: 0 0 0.5mm; font-size: 8.5pt; text-align: right; }
col.item { width: 15mm; } col.file { width: 52mm; } col.last { width: 29mm; } col.same { width: 12mm; } col.else { width: 17mm; }
.file small { font-size: 8pt; color: #333; }
td.last { font-size: 9pt; }
td.same { text-align: center; }
td.else { font-size: 8.2pt; line-height: 3.4mm; white-space: nowrap; }
td.room { vertical-align: bottom; text-align: right; font-size: 8.5pt; }
.more { border: 0.6pt solid #000; border-top: none; margin: 0; padding: 0.7mm 1.4mm; min-height: 11mm; break-before: avoid; break-inside: avoid; font-size: 9.5pt; }
"#;
