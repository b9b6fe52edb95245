//! How a visit looks: the head in a line, the items in columns, what follows at the bottom, the household in a second pane.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::domain::Name;
use crate::tui::canvas::Canvas;
use crate::tui::frame::panes;
use crate::tui::text::{left, width, wrap};
use crate::tui::widgets::list::Column;
use crate::tui::widgets::popup;
use crate::workspace::visits::MonthOfVisits;

use super::sheet::{Found, Sheet};
use super::{Entry, Over};

/// The columns of the items: number, name, what the file says, last time, this time.
const COLUMNS: [Column; 5] =
    [Column::figures("", 2), Column::words("", 10), Column::words("", 24), Column::words("", 14), Column::words("", 0)];
/// Where the last four begin, and how they are called.
const HEADS: [(u16, &str); 4] = [(5, "项目"), (16, "档上"), (41, "上次"), (56, "这次")];
/// Findings shown under the items; the file has all.
const MOST_REMINDERS: usize = 3;
const UNFILLED: &str = "未填";
const WIDEST_SLIP: u16 = 80;

/// Draws a household's visit.
pub fn entry(canvas: &mut Canvas<'_>, area: Rect, entry: &Entry) {
    let (first, second) = panes(area);
    // The second pane says what stands under the items where there is none.
    let below = if second.is_some() { Vec::new() } else { below(entry, first) };
    let row = entry.list.selected().unwrap_or(0);
    let reminders = if second.is_some() { Vec::new() } else { reminders(&entry.sheet.reminders_for(row)) };
    let above = Rect { height: first.height.saturating_sub(reminders.len() as u16), ..first };
    items(canvas, above, entry, &below);
    for (line, y) in reminders.iter().zip(above.bottom()..) {
        canvas.put(first.x + 2, y, line, first.width.saturating_sub(2), Style::new());
    }
    if let Some(second) = second {
        household(canvas, second, entry);
    }
    match &entry.over {
        Over::Nothing => {}
        Over::Choice(picker, ..) | Over::OtherMonth(picker) => picker.draw(canvas, area),
        Over::Slip(slip) => {
            let around = popup::place(first, WIDEST_SLIP, slip.form.height() + 2);
            let theme = canvas.theme;
            popup::draw(canvas.buffer, around, &slip.title, &theme);
            slip.form.draw(canvas, popup::inside(around));
        }
    }
}

fn items(canvas: &mut Canvas<'_>, area: Rect, entry: &Entry, below: &[String]) {
    let (sheet, theme) = (&entry.sheet, canvas.theme);
    let heads = area.y + head(canvas, area, sheet);
    for (x, head) in HEADS {
        canvas.put(area.x + x, heads, head, area.width.saturating_sub(x), theme.dim());
    }
    let asks = sheet.stop.asks.len() as u16;
    // The last line is left for what is looked at.
    let height = asks.min(area.bottom().saturating_sub(heads + 2).max(1));
    let rows = Rect { y: heads + 1, height, ..area };
    entry.list.draw(canvas, rows, &COLUMNS, |row| {
        let (Some(ask), Some(found)) = (sheet.stop.asks.get(row), sheet.found.get(row)) else { return Vec::new() };
        vec![
            Span::styled(number(ask.item), theme.dim()),
            Span::raw(&*ask.label),
            Span::raw(ask.on_file.as_str()),
            Span::styled(ask.last.as_deref().unwrap_or_default(), theme.dim()),
            this_time(found, theme.dim(), theme.bold()),
        ]
    });
    // Above what is looked at as much of what follows as there is room for.
    let room = usize::from(area.bottom().saturating_sub(rows.bottom()));
    let hidden = below.len().saturating_sub(room);
    let from = area.bottom().saturating_sub(room.min(below.len()) as u16);
    for (line, y) in below.iter().skip(hidden).zip(from..area.bottom()) {
        canvas.put(area.x + 2, y, line, area.width - 2, theme.dim());
    }
}

/// What the checks find, in a few lines, and how much more there is.
fn reminders(all: &[&str]) -> Vec<String> {
    const TITLE: &str = "核对提醒 ";
    let mut lines: Vec<String> = all
        .iter()
        .take(MOST_REMINDERS)
        .enumerate()
        .map(
            |(at, says)| {
                if at == 0 { format!("{TITLE}{says}") } else { format!("{}{says}", " ".repeat(width(TITLE))) }
            },
        )
        .collect();
    let more = all.len().saturating_sub(MOST_REMINDERS);
    if more > 0
        && let Some(first) = lines.first_mut()
    {
        *first = first.replacen(TITLE, &format!("核对提醒(还有{more}条) "), 1);
    }
    lines
}

/// The number of an item: `V10` is 10.
fn number(item: Name) -> String {
    let digits = item.as_str().trim_start_matches(|letter: char| !letter.is_ascii_digit()).trim_start_matches('0');
    if digits.is_empty() { item.to_string() } else { digits.to_owned() }
}

fn this_time<'a>(found: &'a Found, unfilled: Style, lacking: Style) -> Span<'a> {
    match &found.lacks {
        _ if found.words.is_empty() => Span::styled(UNFILLED, unfilled),
        Some(lacks) => Span::styled(format!("✗ {} {lacks}", found.words), lacking),
        None => Span::raw(found.words.as_str()),
    }
}

/// The plain fields that were answered, and the names of those that were not; says how many rows they took.
fn head(canvas: &mut Canvas<'_>, area: Rect, sheet: &Sheet) -> u16 {
    let theme = canvas.theme;
    let left = area.x + 2;
    if sheet.is_closed {
        canvas.put(left, area.y, "户档已销户，没有什么要走访的了；完成就到下一户", area.width - 2, theme.bold());
        return 1;
    }
    let (mut x, mut y) = (left, area.y);
    let mut put = |label: &str, text: &str, style: Style| {
        let taken = (width(label) + 1 + width(text)) as u16;
        if x > left && x + taken > area.right() {
            (x, y) = (left, y + 1);
        }
        let after = canvas.put(x, y, label, area.right().saturating_sub(x), theme.dim()) + 1;
        x = canvas.put(after, y, text, area.right().saturating_sub(after), style) + 2;
    };
    for (at, (label, text)) in sheet.head.iter().enumerate().filter(|(_, (_, text))| !text.is_empty()) {
        if at == 0 && sheet.is_other_day {
            put(label, &format!("{text}(不是今天)"), theme.bold());
        } else {
            put(label, text, Style::new());
        }
    }
    let blank: Vec<&str> = sheet.head.iter().filter(|(_, text)| text.is_empty()).map(|(label, _)| &**label).collect();
    if !blank.is_empty() {
        put(UNFILLED, &blank.join("、"), theme.dim());
    }
    y + 1 - area.y
}

/// What stands under the items: what follows, what the file says where its column is too narrow, and what is looked at.
fn below(entry: &Entry, area: Rect) -> Vec<String> {
    let room = usize::from(area.width - 2);
    let mut lines: Vec<String> = entry.sheet.notes.iter().map(|note| format!("· {note}")).collect();
    let Some(row) = entry.list.selected() else { return lines };
    let (Some(ask), Some(found)) = (entry.sheet.stop.asks.get(row), entry.sheet.found.get(row)) else { return lines };
    let cut = |text: &str, column: u16| width(text) > usize::from(column);
    if cut(&found.words, area.width - HEADS[3].0) {
        lines.extend(wrap(&format!("这次 {}", found.words), room));
    }
    if let Some(last) = ask.last.as_ref().filter(|last| cut(last, COLUMNS[3].width)) {
        lines.extend(wrap(&format!("上次 {last}"), room).into_iter().take(2));
    }
    if cut(&ask.on_file, COLUMNS[2].width) {
        lines.extend(wrap(&format!("档上 {}", ask.on_file), room).into_iter().take(2));
    }
    lines.push(format!("看 {}", ask.ask));
    lines
}

/// The second pane: who lives there, the item in full, what follows.
fn household(canvas: &mut Canvas<'_>, area: Rect, entry: &Entry) {
    let stop = &entry.sheet.stop;
    let theme = canvas.theme;
    let mut lines: Vec<(String, Style)> = Vec::new();
    let columns = usize::from(area.width);
    let mut add = |text: &str, style: Style| lines.extend(wrap(text, columns).into_iter().map(|line| (line, style)));
    add(&format!("{}  {}", stop.class, stop.phone), theme.bold());
    stop.people.iter().for_each(|person| add(person, Style::new()));
    let row = entry.list.selected().unwrap_or(0);
    if let (Some(ask), Some(found)) = (stop.asks.get(row), entry.sheet.found.get(row)) {
        add(" ", Style::new());
        add(&ask.label, theme.bold());
        add(&format!("看 {}", ask.ask), theme.dim());
        for (label, text) in [
            ("档上", ask.on_file.as_str()),
            ("上次", ask.last.as_deref().unwrap_or_default()),
            ("这次", &found.words),
            ("还差", found.lacks.as_deref().unwrap_or_default()),
        ] {
            if !text.is_empty() {
                add(&format!("{label} {text}"), Style::new());
            }
        }
    }
    let reminders = entry.sheet.reminders_for(row);
    if !reminders.is_empty() {
        add(" ", Style::new());
        add("核对提醒", theme.bold());
        reminders.iter().take(MOST_REMINDERS).for_each(|says| add(says, Style::new()));
        if reminders.len() > MOST_REMINDERS {
            add(&format!("还有{}条，在户档里", reminders.len() - MOST_REMINDERS), theme.dim());
        }
    }
    if !entry.sheet.notes.is_empty() {
        add(" ", Style::new());
        add("提醒", theme.bold());
        entry.sheet.notes.iter().for_each(|note| add(&format!("· {note}"), Style::new()));
    }
    for ((line, style), y) in lines.iter().zip(area.top()..area.bottom()) {
        canvas.put(area.x, y, line, area.width, *style);
    }
}

/// Nobody is left to visit: where the month stands, and what stayed unfilled.
pub fn end(canvas: &mut Canvas<'_>, area: Rect, month: &MonthOfVisits) {
    if month.of == 0 {
        return lines(canvas, area, &["本月没有必须走访的户。要走访别的户，从农户里选。"]);
    }
    let mut says = vec![format!("本月该走访的都走完了：{}/{}户", month.done, month.of)];
    if !month.blank.is_empty() {
        says.push(String::new());
        says.push("没有人填、也没有替人填的：".to_owned());
        says.extend(month.blank.iter().map(|(label, count)| format!("  {} {count}户", left(label, 10))));
    }
    let says: Vec<&str> = says.iter().map(String::as_str).collect();
    lines(canvas, area, &says);
}

/// Draws a few lines of words.
pub fn lines(canvas: &mut Canvas<'_>, area: Rect, says: &[&str]) {
    for (line, y) in says.iter().zip(area.top() + 1..area.bottom()) {
        canvas.put(area.x + 2, y, line, area.width - 2, Style::new());
    }
}
