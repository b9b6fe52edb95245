//! How 答复 looks: a line a change, the selected one in full below; fields that both sides changed come first.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::print::day_in_words;
use crate::changes::HeldFor;
use crate::domain::{PartialDate, Value};
use crate::tui::canvas::Canvas;
use crate::tui::desk::Desk;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::widgets::list::Column;
use crate::workspace::WorkspaceError;
use crate::workspace::conflicts::TwoEdits;
use crate::workspace::county::ToAnswer;
use crate::workspace::in_words::UNKNOWN;
use crate::workspace::show::slot_in_words;
use crate::workspace::states::State;

use super::Answers;

/// Rows at the bottom for the selected line in full.
const FOOT: u16 = 4;

const COLUMNS: [Column; 7] = [
    Column::words("", 2),
    Column::words("户主", 8),
    Column::words("什么", 20),
    Column::words("原来 → 现在", 0),
    Column::words("谁录", 8),
    Column::words("录入", 8),
    Column::words("", 6),
];

/// What both sides say of a field, in words.
#[derive(Clone, Debug)]
pub(super) struct Sides {
    head: String,
    label: String,
    saw: String,
    county: String,
    county_by: String,
    village: String,
    village_by: String,
}

impl Sides {
    pub fn of(desk: &Desk, two: &TwoEdits) -> Result<Self, WorkspaceError> {
        let workspace = &desk.workspace;
        let slot = two.county.slot;
        let year = PartialDate::from(workspace.today()).known_year();
        let field = workspace.definitions().catalogue.in_slot(slot);
        let value = |value: Option<&Value>| match (field, value) {
            (Some(field), Some(value)) => desk.show(field, value),
            (None, Some(value)) => value.as_text().unwrap_or_default().to_owned(),
            (_, None) => UNKNOWN.to_owned(),
        };
        let said = |by: &str, on: Option<chrono::NaiveDate>| {
            let day = on.map_or_else(String::new, |on| day_in_words(PartialDate::from(on), year));
            format!("{by} {day}").trim().to_owned()
        };
        let row = workspace.whose_row(two.county.household, slot).unwrap_or_default();
        let label = format!("{row} {}", slot_in_words(workspace.definitions(), slot));
        Ok(Self {
            head: workspace.household_in_words(two.county.household),
            label: label.trim().to_owned(),
            saw: value(two.county.saw.as_ref()),
            county: value(two.county.says.as_ref()),
            county_by: said(&two.county.by, Some(two.county.on)),
            village: value(two.here.as_ref()),
            village_by: said(&two.by, two.on),
        })
    }

    /// All of it, line under line.
    pub fn side_by_side(&self) -> String {
        format!(
            "{} {}\n\n县里看到的：{}\n县里更正为：{}（{}）\n村里现为：　{}（{}）\n\n用县里的：再更正一次，发回村里。用村里的：县里的更正收回。",
            self.head, self.label, self.saw, self.county, self.county_by, self.village, self.village_by
        )
    }
}

pub(super) fn draw(screen: &Answers, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let room = area.width.saturating_sub(4);
    let rows = Rect { height: area.height.saturating_sub(FOOT), ..area };
    if screen.list.selected().is_none() {
        let says = screen.fault.as_deref().unwrap_or("没有要答复的：收到的变更都答复了，回执也出了。");
        for (line, y) in text::wrap(says, room.into()).iter().zip(area.y + 1..area.bottom()) {
            canvas.put(area.x + 2, y, line, room, Style::new());
        }
        return;
    }
    screen.list.draw(canvas, rows, &COLUMNS, |row| match row.checked_sub(screen.two.len()) {
        None => screen.two.get(row).map_or_else(Vec::new, |(_, sides)| two(sides, theme)),
        Some(at) => screen.changes.get(at).map_or_else(Vec::new, |line| change(screen, at, line, theme)),
    });
    let says = match (screen.selected_two(), screen.selected()) {
        (Some((_, sides)), _) => {
            format!(
                "{} {}：县里更正为 {}，村里现为 {}。回车对照着选",
                sides.head, sides.label, sides.county, sides.village
            )
        }
        (None, Some(line)) => in_full(screen, line),
        (None, None) => String::new(),
    };
    for (line, y) in text::wrap(&says, room.into()).iter().zip(rows.bottom() + 1..area.bottom()) {
        canvas.put(area.x + 2, y, line, room, Style::new());
    }
}

fn two(sides: &Sides, theme: Theme) -> Vec<Span<'_>> {
    vec![
        Span::styled("≠", theme.bold()),
        Span::raw(sides.head.as_str()),
        Span::raw(sides.label.as_str()),
        Span::raw(format!("县 {} ≠ 村 {}", sides.county, sides.village)),
        Span::raw(""),
        Span::raw(""),
        Span::styled("两改", theme.bold()),
    ]
}

fn change<'a>(screen: &'a Answers, at: usize, line: &'a ToAnswer, theme: Theme) -> Vec<Span<'a>> {
    // What the line above says already is not said again.
    let is_first = at.checked_sub(1).and_then(|before| screen.changes.get(before)).is_none_or(|it| it.id != line.id);
    let head = if is_first { screen.heads.get(at).map_or("", String::as_str) } else { "" };
    let state = match line.state {
        State::Held => Span::styled("暂缓", theme.dim()),
        State::Refused => Span::styled("不录", theme.bold()),
        State::Taken => Span::styled("收下", theme.dim()),
        _ => Span::raw(""),
    };
    vec![
        Span::raw(if screen.marked.contains(&(line.act, line.part)) { "●" } else { "" }),
        Span::raw(head),
        Span::raw(what(line)),
        Span::raw(format!("{} → {}", line.old, line.new)),
        Span::raw(&*line.by),
        Span::raw(screen.day(line.entered_on)),
        state,
    ]
}

fn what(line: &ToAnswer) -> String {
    format!("{} {}", line.row, line.label).trim().to_owned()
}

fn in_full(screen: &Answers, line: &ToAnswer) -> String {
    let head = screen.changes.iter().position(|it| it == line).and_then(|at| screen.heads.get(at));
    let head = head.map_or("", String::as_str);
    let happened =
        line.happened_on.map_or_else(String::new, |date| format!("{}发生，", day_in_words(date, screen.year)));
    let part = line.part;
    let stands = match (line.state, &line.why) {
        (State::Refused, Some(why)) => format!("；不予录入：{why}"),
        (State::Held, Some(why)) if line.held == Some(HeldFor::Unapproved) => {
            format!("；暂缓：{why}；县里收下就算点头")
        }
        (State::Held, Some(why)) => format!("；暂缓：{why}，不能答复"),
        (State::Held, _) => "；村里说暂缓，不能答复".to_owned(),
        (State::Taken, _) => "；已收下，还没出回执".to_owned(),
        _ => String::new(),
    };
    format!(
        "{head} {}：{} → {}；{happened}{}{}录（第{}.{part}号）{stands}",
        what(line),
        line.old,
        line.new,
        screen.day(line.entered_on),
        line.by,
        line.act
    )
}
