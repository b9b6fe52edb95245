//! How 各村 looks: a line a village, and below it in words what the selected one waits for.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::print::day_in_words;
use crate::domain::PartialDate;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::tui::widgets::list::Column;
use crate::workspace::county::VillageState;

use super::County;

/// Rows at the bottom for the selected village in words.
const FOOT: u16 = 4;

const COLUMNS: [Column; 9] = [
    Column::words("村", 14),
    Column::figures("收到第", 6),
    Column::words("记到", 8),
    Column::figures("没答", 5),
    Column::figures("不录", 5),
    Column::figures("更正", 5),
    Column::figures("两改", 5),
    Column::words("回执", 4),
    Column::words("等前面的", 0),
];

pub(super) fn draw(screen: &County, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let room = area.width.saturating_sub(4);
    if screen.villages.is_empty() {
        let says = screen.fault.as_deref().unwrap_or("还没有收到村里的变更集。先收变更集：U盘、收文的文件夹都行。");
        for (line, y) in text::wrap(says, room.into()).iter().zip(area.y + 1..area.bottom()) {
            canvas.put(area.x + 2, y, line, room, Style::new());
        }
        return;
    }
    let rows = Rect { height: area.height.saturating_sub(FOOT), ..area };
    let year = PartialDate::from(screen.day).known_year();
    screen.list.draw(canvas, rows, &COLUMNS, |row| {
        let Some(state) = screen.villages.get(row) else { return Vec::new() };
        let count = |number: usize| if number == 0 { String::new() } else { number.to_string() };
        let day = state.last_on.map_or_else(String::new, |day| day_in_words(PartialDate::from(day), year));
        vec![
            Span::raw(state.name.as_str()),
            Span::raw(state.last.to_string()),
            Span::raw(day),
            Span::raw(count(state.unanswered)),
            Span::raw(count(state.refused)),
            Span::raw(count(state.corrections)),
            Span::styled(count(state.conflicts), theme.bold()),
            Span::raw(if state.owed { "该出" } else { "" }),
            Span::styled(waits(state), theme.bold()),
        ]
    });
    let says = screen.fault.clone().or_else(|| screen.selected().map(in_words)).unwrap_or_default();
    for (line, y) in text::wrap(&says, room.into()).iter().zip(rows.bottom() + 1..area.bottom()) {
        canvas.put(area.x + 2, y, line, room, Style::new());
    }
}

fn waits(state: &VillageState) -> String {
    if !state.strangers.is_empty() {
        return format!("钥匙没核对 {}份", state.strangers.len());
    }
    let Some(first) = state.waiting.first() else { return String::new() };
    let more = if state.waiting.len() > 1 { format!(" {}份", state.waiting.len()) } else { String::new() };
    format!("缺第{}至第{}号{more}", first.from, first.to)
}

fn in_words(state: &VillageState) -> String {
    let mut says = vec![format!("{}（{}）：收到第{}号", state.name, state.village, state.last)];
    says.extend(state.waiting.iter().map(|waiting| format!("{} 先存着，等 {}", waiting.set, waiting.for_set)));
    says.extend(state.nil.iter().map(|month| format!("{month}报过没有变更")));
    says.extend(state.strangers.iter().map(|it| format!("{} 先存着，钥匙头一次见，指纹 {}", it.set, it.fingerprint)));
    let counts = [
        (state.unanswered, "处没答复"),
        (state.refused, "处不录的村里还没改"),
        (state.corrections, "处县里更正村里没收到"),
        (state.conflicts, "处两边都改了要选"),
    ];
    says.extend(counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count}{what}")));
    says.join("；")
}
