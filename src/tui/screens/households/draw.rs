//! How 农户 looks: the line with its conditions, the rows, and the selected file beside them where there is room.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::Households;
use crate::tui::canvas::Canvas;
use crate::tui::frame::panes;
use crate::tui::screens::in_short;
use crate::tui::text;
use crate::tui::widgets::list::Column;

/// From this width on there is room for what was not handed over, which the file and the changes show as well.
const WITH_CHANGES: u16 = 90;

/// How wide the figures of income are, and how wide where one that is reckoned has five places before its mark.
const INCOME: u16 = 6;
const INCOME_MARKED: u16 = 7;

/// Where several villages are listed together, the house number gives its room to the village.
const OF_VILLAGES: u16 = 8;

const fn columns(village: u16, income: u16) -> [Column; 14] {
    // A column from so many columns on that no list has them is left out.
    let never = u16::MAX;
    let (from, house) = if village > 0 { (0, never) } else { (never, 0) };
    [
        Column::words("", 3),
        Column::words("村", village).from(from),
        Column::words("户主", 9),
        Column::words("组", 6),
        Column::words("门牌", 4).from(house),
        Column::figures("人", 2),
        Column::words("类别", 8),
        Column::figures("人均", income),
        Column::figures("走访", 4),
        Column::words("筛查", 4),
        Column::figures("过期", 4),
        Column::figures("变更", 4).from(WITH_CHANGES),
        Column::words("问题", 7),
        Column::words("", 0),
    ]
}

pub(super) fn draw(screen: &Households, canvas: &mut Canvas<'_>, area: Rect) {
    let (first, second) = panes(area);
    if let (Some(pane), Some(short)) = (second, &screen.beside) {
        in_short::draw(canvas, pane, short);
    }
    let rows = Rect { y: first.y + 1, height: first.height.saturating_sub(1), ..first };
    draw_rows(screen, canvas, rows);
    // Last, because the real cursor goes where it was put last.
    draw_line(screen, canvas, Rect { height: 1, ..first });
}

fn draw_line(screen: &Households, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    canvas.put(area.x + 1, area.y, "/", 1, if screen.is_typing { theme.accent() } else { theme.dim() });
    let aside = aside(screen);
    // The line keeps at least half of the room.
    let room = area.width.saturating_sub(4);
    let wide = (text::width(&aside) as u16).min(room / 2);
    canvas.put(area.right().saturating_sub(wide + 1), area.y, &aside, wide, theme.dim());
    let line = Rect { x: area.x + 3, width: room.saturating_sub(wide + 1), ..area };
    if screen.is_typing || !screen.line.value().is_empty() {
        screen.line.draw(canvas, line, theme.bold(), screen.is_typing);
    } else {
        canvas.put(line.x, line.y, "汉字、拼音、首字母、号码尾数、电话、组", line.width, theme.dim());
    }
}

/// What stands beside the line: what its last word may become while it is typed, else the conditions as understood.
fn aside(screen: &Households) -> String {
    if !screen.completions.is_empty() {
        let words = screen.completions.iter().map(|completion| match &completion.example {
            Some(example) => example.to_string(),
            None => completion.word.to_string(),
        });
        return words.collect::<Vec<_>>().join("  ");
    }
    let chips = screen.query.filters.iter().map(|filter| format!("[{}]", filter.word));
    chips.collect::<Vec<_>>().join(" ")
}

fn draw_rows(screen: &Households, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    if screen.found.is_empty() {
        let says = match (screen.totals.households, screen.line.value().trim()) {
            (0, "") => "还没有农户，先导入。",
            _ => "没有找到。少写几个字，或去掉条件再找。",
        };
        canvas.put(area.x + 3, area.y + 1, says, area.width.saturating_sub(3), Style::new());
        return;
    }
    let is_wide = screen.cells.values().any(|cells| text::width(&cells.per_person) > usize::from(INCOME));
    let columns =
        columns(if screen.shows_villages { OF_VILLAGES } else { 0 }, if is_wide { INCOME_MARKED } else { INCOME });
    screen.list.draw(canvas, area, &columns, |row| {
        let Some(found) = screen.found.get(row) else { return Vec::new() };
        let Some(cells) = screen.cells.get(&found.id) else { return Vec::new() };
        let mark = if screen.marked.contains(&found.id) { "●" } else { " " };
        let reason = screen.reasons.get(&found.id).map_or("", String::as_str);
        vec![
            Span::styled(format!("{mark}{}", cells.colour), theme.grade(&cells.colour)),
            Span::raw(cells.village.as_str()),
            Span::raw(cells.head.as_str()),
            Span::raw(cells.group.as_str()),
            Span::raw(cells.house.as_str()),
            Span::raw(cells.people.as_str()),
            Span::raw(cells.class.as_str()),
            Span::raw(cells.per_person.as_str()),
            Span::raw(cells.visited.as_str()),
            Span::raw(cells.screened),
            Span::raw(cells.stale.as_str()),
            Span::raw(cells.pending.as_str()),
            Span::raw(cells.problems.as_str()),
            Span::styled(reason, theme.dim()),
        ]
    });
}
