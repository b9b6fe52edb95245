//! How 变更 looks: a line a change, the selected one in full below; or a line a set.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::print::day_in_words;
use crate::domain::PartialDate;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::widgets::list::Column;
use crate::workspace::review_queue::held_in_words;

use super::{Changes, Line, Shown};

/// Rows at the bottom for the selected line in full.
const FOOT: u16 = 4;

const CHANGES: [Column; 8] = [
    Column::words("", 2),
    Column::words("户主", 8),
    Column::words("组", 6).from(100),
    Column::words("什么", 24),
    Column::words("原来 → 现在", 0),
    Column::words("发生", 10),
    Column::words("录入", 8),
    Column::words("谁录", 8).from(100),
];

/// What is said where the store came back from a backup.
pub(in crate::tui) const FROM_BACKUP: &str =
    "从备份恢复（或拷贝）的：先把交过的变更集收回来（F7 收回执），再记新的；备份以后没有交过，就照常记";

const SETS: [Column; 6] = [
    Column::figures("从第", 8),
    Column::figures("到第", 8),
    Column::words("交出", 12),
    Column::words("谁", 10),
    Column::words("县里", 24),
    Column::words("变更集", 0).from(100),
];

pub(super) fn draw(screen: &Changes, canvas: &mut Canvas<'_>, area: Rect) {
    let shown = &screen.shown;
    let theme = canvas.theme;
    let rows = Rect { height: area.height.saturating_sub(FOOT), ..area };
    if screen.on_sets {
        screen.sets.draw(canvas, rows, &SETS, |row| set(shown, row, theme));
        let name = screen.sets.selected().and_then(|row| shown.sets.get(row)).map_or("", |set| &set.name);
        let foot = [name.to_owned(), "照原样再出一份：字节与第一次的一样，不算再交一次。".to_owned()];
        return put_lines(canvas, area, rows.bottom() + 1, &foot);
    }
    if shown.lines.is_empty() {
        let says = match (&shown.fault, shown.outgoing.run) {
            (Some(fault), _) => fault.clone(),
            (None, None) => "没有要交的：户档里的变化都交县了。".to_owned(),
            (None, Some(_)) => "没有变更，只有下面这些要随下一份交。".to_owned(),
        };
        put_lines(canvas, area, area.y + 1, &[says]);
    } else {
        screen.changes.draw(canvas, rows, &CHANGES, |row| change(shown, row, theme));
    }
    let mut foot = vec![rest(shown)];
    if shown.is_from_backup {
        foot = text::wrap(FROM_BACKUP, usize::from(area.width.saturating_sub(4)));
    }
    if let Some(line) = screen.selected() {
        foot.splice(0..0, text::wrap(&in_full(shown, line), usize::from(area.width.saturating_sub(4))));
    }
    put_lines(canvas, area, rows.bottom() + 1, &foot);
}

fn put_lines(canvas: &mut Canvas<'_>, area: Rect, top: u16, lines: &[String]) {
    for (line, y) in lines.iter().zip(top..area.bottom()) {
        canvas.put(area.x + 2, y, line, area.width.saturating_sub(4), Style::new());
    }
}

fn change(shown: &Shown, row: usize, theme: Theme) -> Vec<Span<'_>> {
    let Some(line) = shown.lines.get(row) else { return Vec::new() };
    let change = &line.change;
    // What the line above says already is not said again.
    let (head, group) = if line.is_first { (line.head.as_str(), line.group.as_str()) } else { ("", "") };
    let late = match (shown.outgoing.kept.contains_key(&change.act), change.is_late) {
        (true, _) => "缓",
        (false, true) => "迟",
        (false, false) => "",
    };
    vec![
        Span::styled(late, theme.bold()),
        Span::raw(head),
        Span::raw(group),
        Span::raw(what(line)),
        Span::raw(format!("{} → {}", change.old, change.new)),
        Span::raw(change.happened_on.map_or(String::new(), |date| shown.short_date(date))),
        Span::raw(shown.date(PartialDate::from(change.entered_on))),
        Span::raw(&*change.by),
    ]
}

fn what(line: &Line) -> String {
    let change = &line.change;
    if change.row.is_empty() { change.label.clone() } else { format!("{} {}", change.row, change.label) }
}

fn in_full(shown: &Shown, line: &Line) -> String {
    let change = &line.change;
    let happened = match (change.happened_on, change.seen_on) {
        (Some(date), _) => format!("{}发生", shown.date(date)),
        (None, Some(day)) => format!("发生日期未填，{}看到", shown.date(PartialDate::from(day))),
        (None, None) => "发生日期未填".to_owned(),
    };
    let entered = shown.date(PartialDate::from(change.entered_on));
    let late = if change.is_late { "，一个月过了还没交" } else { "" };
    let kept = shown.outgoing.kept.get(&change.act);
    let kept = kept.map_or_else(String::new, |why| format!("；会暂缓：{}", held_in_words(*why)));
    format!(
        "{} {}：{} {} → {}；{happened}，{entered}{}录入（第{}号 {}）{late}{kept}",
        line.head,
        line.group,
        what(line),
        change.old,
        change.new,
        change.by,
        change.act,
        line.kind
    )
}

/// What goes along and is no change.
fn rest(shown: &Shown) -> String {
    let Some((from, to)) = shown.outgoing.run else { return String::new() };
    let (others, rosters) = (shown.outgoing.without_changes, shown.outgoing.from_rosters);
    let others = if others > 0 { format!("，另{others}份表没改户档") } else { String::new() };
    let rosters = if rosters > 0 { format!("，{rosters}户来自名册") } else { String::new() };
    format!("下一份：第{from}号到第{to}号{others}{rosters}{}", held(shown))
}

/// What would be kept from the clerk, and what kept before would go.
pub(super) fn held(shown: &Shown) -> String {
    let (kept, released) = (shown.outgoing.kept.len(), shown.outgoing.released.len());
    let kept = if kept > 0 { format!("，暂缓{kept}件不进录入表") } else { String::new() };
    let released = if released > 0 { format!("，放行早先暂缓的{released}件") } else { String::new() };
    format!("{kept}{released}")
}

fn set(shown: &Shown, row: usize, theme: Theme) -> Vec<Span<'_>> {
    let Some(set) = shown.sets.get(row) else { return Vec::new() };
    let standing = if set.is_copy { "另存的，不算交过" } else { &set.standing };
    vec![
        Span::raw(set.from.to_string()),
        Span::raw(set.to.to_string()),
        Span::raw(shown.date(PartialDate::from(set.day))),
        Span::raw(set.by.as_str()),
        Span::raw(standing),
        Span::styled(set.name.as_str(), theme.dim()),
    ]
}

impl Shown {
    fn date(&self, date: PartialDate) -> String {
        day_in_words(date, PartialDate::from(self.day).known_year())
    }

    /// The same where room is short: a day of another year in figures.
    fn short_date(&self, date: PartialDate) -> String {
        let is_this_year = date.known_year() == PartialDate::from(self.day).known_year();
        if is_this_year { self.date(date) } else { date.to_string() }
    }
}
