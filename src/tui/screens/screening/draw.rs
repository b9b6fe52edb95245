//! How the round looks: its days and where it stands, the households in columns, why the selected one is in a group,
//! and in a second pane how far each group of the village has come.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::tui::canvas::Canvas;
use crate::tui::frame::panes;
use crate::tui::text::{left, right, wrap};
use crate::tui::widgets::bar::bar;
use crate::tui::widgets::list::Column;
use crate::workspace::worklist::Count;

use super::rows::{self, Mark, Row, Tally};
use super::{Screening, group_in_words};

const COLUMNS: [Column; 6] = [
    Column::words("户主", 12),
    Column::words("组", 8),
    Column::words("门牌", 6),
    Column::words("筛查", 4),
    Column::words("排查", 4),
    Column::words("重点群体（?是户档证明、还没认定的）", 0),
];
/// Rows below the list for the selected household in full.
const FOOT: u16 = 3;
const BAR: usize = 10;

pub(super) fn draw(screen: &Screening, canvas: &mut Canvas<'_>, area: Rect) {
    if let Some(says) = screen.says() {
        let room = area.width.saturating_sub(4);
        for (line, y) in wrap(&says, room.into()).iter().zip(area.y + 1..area.bottom()) {
            canvas.put(area.x + 2, y, line, room, Style::new());
        }
        return;
    }
    let (first, second) = panes(area);
    list(screen, canvas, first);
    if let Some(second) = second {
        tallies(screen, canvas, second);
    }
    if let Some((picker, _)) = &screen.picker {
        picker.draw(canvas, area);
    }
}

fn list(screen: &Screening, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let room = area.width.saturating_sub(4);
    let after = canvas.put(area.x + 2, area.y, &screen.days, room, theme.dim()) + 3;
    let whose = screen.group.as_ref().map_or("全村", |group| group_in_words(group));
    let says = format!("{whose} {}", screen.tally().in_words());
    canvas.put(after, area.y, &says, area.right().saturating_sub(after), Style::new());
    let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + FOOT), ..area };
    if screen.shown.is_empty() {
        let says = if screen.is_all { "这一组没有要填的户" } else { "该填的都填了" };
        canvas.put(area.x + 2, rows.y + 1, says, room, Style::new());
        return;
    }
    screen.list.draw(canvas, rows, &COLUMNS, |at| screen.row(at).map_or_else(Vec::new, |row| spans(row, theme.dim())));
    let Some(row) = screen.selected() else { return };
    let says = match row.why.as_str() {
        "" if row.screening.is_owed() => format!("{}：户档没有证明属于哪一类，要问过才知道", row.head),
        "" => format!("{}：不属于重点群体", row.head),
        why => format!("{}：{why}", row.head),
    };
    let lines = wrap(&says, room.into());
    for (at, (line, y)) in lines.iter().zip(rows.bottom() + 1..area.bottom()).enumerate() {
        let is_cut = at + 2 == usize::from(FOOT) && lines.len() > at + 1;
        let line = if is_cut { format!("{line}…") } else { line.clone() };
        canvas.put(area.x + 2, y, &line, room + 1, theme.dim());
    }
}

fn spans(row: &Row, dim: Style) -> Vec<Span<'_>> {
    let mark = |mark: Mark| Span::styled(mark.label(), if mark == Mark::Done { dim } else { Style::new() });
    vec![
        Span::raw(row.head.as_str()),
        Span::raw(row.group.as_str()),
        Span::raw(row.house_number.as_str()),
        mark(row.screening),
        mark(row.verification),
        Span::raw(row.groups.as_str()),
    ]
}

fn tallies(screen: &Screening, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    canvas.put(area.x, area.y, &tally_line("", "筛查", "排查"), area.width, theme.dim());
    let whole = rows::all(&screen.rows);
    let tallies = std::iter::once(("全村", &whole))
        .chain(screen.tallies.iter().map(|tally| (group_in_words(&tally.group), tally)));
    for ((label, tally), y) in tallies.zip(area.y + 1..area.bottom()) {
        let is_chosen = match &screen.group {
            Some(group) => y > area.y + 1 && *group == tally.group,
            None => y == area.y + 1,
        };
        let style = if is_chosen { theme.bold() } else { Style::new() };
        let line = tally_line(label, &progress(tally.screening), &count(tally.verification));
        canvas.put(area.x, y, &line, area.width, style);
    }
}

fn tally_line(label: &str, screening: &str, verification: &str) -> String {
    format!("{} {} {}", left(label, 10), left(screening, BAR + 10), verification)
}

fn progress(done: Count) -> String {
    format!("{} {}", bar(done.done as u64, done.of as u64, BAR), right(&count(done), 8))
}

fn count(count: Count) -> String {
    format!("{}/{}", count.done, count.of)
}

/// A group of the village with its counts, as it is offered.
pub(super) fn offered(label: &str, tally: &Tally) -> String {
    format!("{}  {}", left(label, 10), tally.in_words())
}
