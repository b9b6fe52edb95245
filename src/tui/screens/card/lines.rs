//! A card as lines of text: parts under their names, tables in columns, short lines in pairs as on the paper.

use crate::rules::card::{Card, Cell, Line, Mark, Part, Table, Wall};
use crate::tui::text;
use crate::workspace::in_words::UNKNOWN;

/// How a piece of a line stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Plain,
    Bold,
    Dim,
}

/// A piece of a line: its column, its words, and how it stands out.
pub(super) type Piece = (usize, String, Weight);

/// The columns of a label before what the card says.
const LABEL: usize = 16;
/// Between two columns.
const GAP: usize = 2;
/// No column of a table is made narrower than this.
const NARROWEST: usize = 6;

/// Stands behind what nobody has confirmed for too long.
pub(super) const STALE: &str = "旧";
/// Stands behind what is not known to the end.
pub(super) const IN_PART: &str = "缺";

/// The card in lines of at most so many columns.
pub(super) fn of(card: &Card, width: usize) -> Vec<Vec<Piece>> {
    let mut lines = vec![title(card, width), who(card, width)];
    for part in &card.parts {
        lines.push(Vec::new());
        lines.push(heading(part, width));
        if let Some(table) = &part.table {
            lines.extend(table_lines(table, width));
        }
        lines.extend(pairs(&part.lines, width));
    }
    lines
}

fn title(card: &Card, width: usize) -> Vec<Piece> {
    let indent = width.saturating_sub(text::width(&card.title)) / 2;
    vec![(indent, card.title.clone(), Weight::Bold)]
}

fn who(card: &Card, width: usize) -> Vec<Piece> {
    let head = words(&card.head);
    let village = format!("{} {}", card.village, card.place).trim().to_owned();
    let number = format!("户编号 {}", card.number);
    let number_at = width.saturating_sub(text::width(&number));
    let village_at = (text::width(&head.0) + 8).max(width / 3);
    vec![
        (0, format!("户主 {}", head.0), head.1),
        (village_at, village, Weight::Plain),
        (number_at.max(village_at), number, Weight::Dim),
    ]
}

fn heading(part: &Part, width: usize) -> Vec<Piece> {
    let rule = "─".repeat(width.saturating_sub(text::width(&part.label) + 1));
    let mut pieces = vec![(0, part.label.to_string(), Weight::Bold), (text::width(&part.label) + 1, rule, Weight::Dim)];
    if part.table.as_ref().and_then(|table| table.mark) == Some(Mark::Stale) {
        pieces.push((width.saturating_sub(4), format!(" {STALE} "), Weight::Bold));
    }
    pieces
}

/// What stands at one place: unknown is said where it belongs on a card, and never reads as no.
fn words(cell: &Cell) -> (String, Weight) {
    match (&cell.text, cell.mark) {
        (Some(text), Some(Mark::Stale)) => (format!("{text} {STALE}"), Weight::Plain),
        (Some(text), Some(Mark::Missing)) => (format!("{text} {IN_PART}"), Weight::Bold),
        (Some(text), None) => (text.clone(), Weight::Plain),
        (None, Some(Mark::Missing)) => (UNKNOWN.to_owned(), Weight::Bold),
        (None, _) => (String::new(), Weight::Plain),
    }
}

/// A word in as many lines as it needs, from a column on.
fn block(at: usize, width: usize, (words, weight): (String, Weight)) -> Vec<Piece> {
    text::wrap(&words, width.max(2)).into_iter().map(|line| (at, line, weight)).collect()
}

/// Blocks side by side, as lines.
fn side_by_side(blocks: Vec<Vec<Piece>>) -> Vec<Vec<Piece>> {
    let height = blocks.iter().map(Vec::len).max().unwrap_or_default();
    let mut lines = vec![Vec::new(); height];
    for block in blocks {
        for (line, piece) in lines.iter_mut().zip(block) {
            line.push(piece);
        }
    }
    lines
}

/// Lines in pairs side by side, wide ones alone.
fn pairs(lines: &[Line], width: usize) -> Vec<Vec<Piece>> {
    let half = width.saturating_sub(GAP) / 2;
    let mut out = Vec::new();
    let mut lines = lines.iter().peekable();
    while let Some(line) = lines.next() {
        let beside = if line.wide { None } else { lines.next_if(|next| !next.wide) };
        let room = if beside.is_some() { half } else { width };
        let mut blocks = entry(0, room, line);
        if let Some(beside) = beside {
            blocks.extend(entry(half + GAP, width - half - GAP, beside));
        }
        out.extend(side_by_side(blocks));
    }
    out
}

fn entry(at: usize, width: usize, line: &Line) -> Vec<Vec<Piece>> {
    let label = block(at, LABEL, (line.label.to_string(), Weight::Dim));
    vec![label, block(at + LABEL + 1, width.saturating_sub(LABEL + 1), words(&line.cell))]
}

fn table_lines(table: &Table, width: usize) -> Vec<Vec<Piece>> {
    if table.rows.is_empty() {
        let says = if table.mark == Some(Mark::Missing) { UNKNOWN } else { "没有" };
        return vec![vec![(0, says.to_owned(), Weight::Bold)]];
    }
    let widths = widths(table, width);
    let row = |cells: Vec<(String, Weight)>| {
        let mut at = 0;
        let mut blocks = Vec::new();
        for (cell, width) in cells.into_iter().zip(&widths) {
            blocks.push(block(at, *width, cell));
            at += width + GAP;
        }
        side_by_side(blocks)
    };
    let heads = table.columns.iter().map(|column| (column.to_string(), Weight::Dim)).collect();
    let mut lines = row(heads);
    for cells in &table.rows {
        lines.extend(row(cells.iter().map(words).collect()));
    }
    lines
}

/// As wide as what stands in each column; where that is too much, the widest give way.
fn widths(table: &Table, width: usize) -> Vec<usize> {
    let needs = |at: usize| {
        let cells = table.rows.iter().filter_map(|row| row.get(at)).map(|cell| text::width(&words(cell).0));
        let head = table.columns.get(at).map_or(0, |column| text::width(column));
        cells.chain([head]).max().unwrap_or_default()
    };
    let mut widths: Vec<usize> = (0..table.columns.len()).map(needs).collect();
    let room = width.saturating_sub(GAP * widths.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > NARROWEST) else { break };
        *widest -= 1;
    }
    widths
}

/// What is to be said of the paper on the wall.
pub(super) fn wall(wall: &Wall) -> String {
    let year = wall.year.map(|year| format!("{year}年的卡"));
    let posted = wall.posted_on.map(|on| format!("{on}贴"));
    let known: Vec<String> = [year, posted].into_iter().flatten().collect();
    let known = if known.is_empty() { "没有记录".to_owned() } else { known.join("，") };
    match wall.outdated {
        Some(true) => format!("墙上：{known}，比户档旧了，要换"),
        Some(false) => format!("墙上：{known}，和户档一样新"),
        None => format!("墙上：{known}"),
    }
}
