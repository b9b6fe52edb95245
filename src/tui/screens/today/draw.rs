//! How 今日 looks: the counts and the days side by side, and under them what to do first.

use chrono::Datelike;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::counts::State;
use super::{Shown, Today, What};
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::widgets::bar::bar;
use crate::tui::widgets::list::Column;

/// Where something half filled is done.
const UNFINISHED: &str = "没存";
const MARGIN: u16 = 1;
/// Columns of a bar, where there is little room and where there is more.
const BAR: (u16, u16) = (8, 16);
/// From this width on there is more.
const WIDE: u16 = 100;

const THINGS: [Column; 5] =
    [Column::words("", 10), Column::words("", 8), Column::words("", 6), Column::words("", 0), Column::words("", 8)];

pub(super) fn draw(screen: &Today, canvas: &mut Canvas<'_>, area: Rect) {
    let shown = &screen.shown;
    if let Some(fault) = &shown.fault {
        return draw_words(canvas, area, &[fault]);
    }
    if shown.is_empty && shown.of_county {
        return draw_words(canvas, area, &NO_VILLAGE);
    }
    if shown.is_empty {
        return draw_words(canvas, area, &EMPTY);
    }
    let heads = 1;
    let top = shown.counts.len() as u16 + heads;
    let left = counts_width(area.width);
    let counts = Rect { width: left, height: top.min(area.height), ..area };
    let days = Rect { x: area.x + left + 1, width: area.width.saturating_sub(left + 1), ..counts };
    draw_counts(screen, canvas, counts);
    draw_days(shown, canvas, days);
    let below = Rect { y: area.y + top + 1, height: area.height.saturating_sub(top + 1), ..area };
    draw_things(screen, canvas, below);
}

/// What a village without households is told.
const EMPTY: [&str; 3] = [
    "这个村还没有农户。",
    "先导入：县里从国家系统导出的工作簿（监测对象信息、外出务工信息），或村里自己的台账；xlsx、xls、ods、csv 都认。",
    "收进来以前先看会变什么，看了再收。",
];

/// What a county is told before any village has sent anything.
const NO_VILLAGE: [&str; 2] = [
    "还没有收到村里的变更集。",
    "按回车看各村变更，在那里收变更集；收下的村都列在农户、核对里，只看不改，改了就是县里的更正。",
];

fn draw_words(canvas: &mut Canvas<'_>, area: Rect, paragraphs: &[impl AsRef<str>]) {
    let width = area.width.saturating_sub(4);
    let mut y = area.y + 1;
    for paragraph in paragraphs {
        for line in text::wrap(paragraph.as_ref(), width.into()) {
            if y < area.bottom() {
                canvas.put(area.x + 2, y, &line, width, Style::new());
            }
            y += 1;
        }
        y += 1;
    }
}

fn counts_width(width: u16) -> u16 {
    if width >= WIDE { 48 } else { 38 }
}

fn draw_counts(screen: &Today, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let after = canvas.put(
        area.x + MARGIN,
        area.y,
        if screen.shown.of_county { "各村" } else { "本月" },
        area.width,
        theme.bold(),
    );
    canvas.put(after + 2, area.y, &screen.shown.round, area.right().saturating_sub(after + 2), theme.dim());
    let columns = if area.width >= counts_width(WIDE) { BAR.1 } else { BAR.0 };
    let parts = [Column::words("", 6), Column::words("", columns), Column::words("", 9), Column::words("", 0)];
    let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    screen.counts.draw(canvas, rows, &parts, |row| {
        let Some(count) = screen.shown.counts.get(row) else { return Vec::new() };
        let (shown, figures) = match &count.state {
            State::Done(done) if done.of == 0 => ("—".to_owned(), String::new()),
            State::Done(done) => {
                (bar(done.done as u64, done.of as u64, columns.into()), format!("{}/{}", done.done, done.of))
            }
            State::Left(says) => (says.clone(), String::new()),
        };
        vec![Span::raw(count.label), Span::raw(shown), Span::raw(figures), Span::styled(&*count.note, theme.dim())]
    });
}

fn draw_days(shown: &Shown, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    canvas.put(area.x, area.y, "期限", area.width, theme.bold());
    for ((deadline, left), y) in shown.deadlines.iter().zip(area.top() + 1..area.bottom()) {
        let days = match deadline.days_left {
            over @ ..=-1 => format!("过{}天", -over),
            0 => "今天".to_owned(),
            1 => "明天".to_owned(),
            left => format!("{left}天"),
        };
        let date = if deadline.date.month() == shown.day.month() {
            format!("{}日", deadline.date.day())
        } else {
            format!("{}月{}日", deadline.date.month(), deadline.date.day())
        };
        let unit = if deadline.counts.is_some_and(|counts| counts == "changes") { "处" } else { "户" };
        let left = left.filter(|left| *left > 0).map_or(String::new(), |left| format!("剩{left}{unit}"));
        let late = if deadline.days_left < 0 { theme.bold() } else { Style::new() };
        let figures = text::width(&left) as u16;
        canvas.put(area.x, y, &days, 6, late);
        canvas.put(area.x + 7, y, &date, 8, Style::new());
        canvas.put(area.x + 16, y, &deadline.what, area.width.saturating_sub(18 + figures), Style::new());
        canvas.put(area.right().saturating_sub(figures + 1), y, &left, figures, Style::new());
    }
}

fn draw_things(screen: &Today, canvas: &mut Canvas<'_>, area: Rect) {
    if area.height == 0 {
        return;
    }
    let theme = canvas.theme;
    if screen.shown.of_county && screen.shown.things.is_empty() {
        let says = "农户、核对、更新都能看全部村；要看一个村的今日，先换村，退回来又是全部村。";
        return draw_words(canvas, area, &[says]);
    }
    let things = &screen.shown.things;
    let after = canvas.put(area.x + MARGIN, area.y, "先做这些", area.width, theme.bold());
    let unfinished = screen.shown.unfinished;
    let says = match (things.len() - unfinished, screen.shown.things_in_all) {
        (0, _) => "没有急着要做的".to_owned(),
        (listed, all) if listed < all => format!("共{all}件，列出前{listed}件"),
        (_, all) => format!("共{all}件"),
    };
    let says = match unfinished {
        0 => says,
        some => format!("{some}份没存：接着填，或丢掉；{says}"),
    };
    canvas.put(after + 2, area.y, &says, area.width, theme.dim());
    let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
    screen.things.draw(canvas, rows, &THINGS, |row| {
        let Some(line) = things.get(row) else { return Vec::new() };
        let (place, why, code) = match &line.what {
            What::Thing(thing) => (thing.place.label(), thing.why.as_str(), thing.code),
            What::Unfinished(_, words) => (UNFINISHED, words.as_str(), ""),
        };
        vec![
            Span::raw(line.head.as_str()),
            Span::raw(line.group.as_str()),
            Span::raw(place),
            Span::raw(why),
            Span::styled(code, theme.dim()),
        ]
    });
}
