//! How 核对 looks: what is looked for, the groups with their lines, the selected one in full below, and with all its
//! facts in a second pane.

use std::collections::HashMap;

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::SectionKind;
use crate::checks::Severity;
use crate::domain::{Household, HouseholdId, Slot};
use crate::rules::check::{Finding, Reason, Settled};
use crate::tui::canvas::Canvas;
use crate::tui::desk::Desk;
use crate::tui::frame::panes;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::widgets::list::Column;
use crate::workspace::in_words::UNKNOWN;

use super::Findings;
use super::lines::{By, Group, Key, Line, Row};

/// Rows at the bottom for the selected finding in full, where there is no second pane.
const FOOT: u16 = 4;
/// Columns of the head's name and of the group.
const NAME: usize = 10;
const PLACE: usize = 6;
/// Columns of the label before what belongs to it.
const LABEL: u16 = 9;

const COLUMNS: [Column; 3] = [Column::words("", 2), Column::words("", 0), Column::figures("", 9)];

/// How groups and households are called.
#[derive(Default)]
pub(super) struct Labels {
    groups: HashMap<Key, (String, String)>,
    households: HashMap<HouseholdId, (String, String)>,
}

/// What has to be called something.
pub(super) enum Wanted {
    Group(Key),
    Household(HouseholdId),
}

impl Labels {
    /// Makes those that are wanted and not there yet.
    pub fn fill(&mut self, desk: &Desk, wanted: Vec<Wanted>) {
        for wanted in wanted {
            match wanted {
                Wanted::Group(key) => _ = self.groups.entry(key).or_insert_with(|| label(desk, key)),
                Wanted::Household(id) => _ = self.households.entry(id).or_insert_with(|| whose(desk, id)),
            }
        }
    }
}

/// A household's head, and its group.
fn whose(desk: &Desk, id: HouseholdId) -> (String, String) {
    let summary = desk.workspace.households().get(id);
    (summary.map_or_else(String::new, |summary| summary.head.to_string()), desk.place_of(id))
}

/// What a group is called, and the code at its edge.
fn label(desk: &Desk, key: Key) -> (String, String) {
    let checks = &desk.workspace.definitions().checks;
    match key {
        Key::Check(number) => checks.all.get(usize::from(number)).map_or_else(Default::default, |check| {
            let says = check.says.in_general();
            let says = if says.is_empty() { check.remedy.to_string() } else { says };
            let first = check.national.iter().flat_map(|(_, codes)| codes).next();
            (says, check.code.as_ref().or(first).unwrap_or(&check.id).to_string())
        }),
        Key::Family(family) => {
            (checks.families.get(family).map_or_else(String::new, |family| family.label.to_string()), String::new())
        }
        Key::Household(id) => (desk.workspace.household_in_words(id), String::new()),
        Key::Severity(severity) => (severity.label().to_owned(), String::new()),
    }
}

/// What is said where only one severity is shown.
pub(super) const fn only(severity: Severity) -> &'static str {
    match severity {
        Severity::Block | Severity::Error => "只看错误",
        Severity::Warn => "只看警告",
        Severity::Hint => "只看提示",
    }
}

/// The facts by which a finding was found: whose and which field, and what the file says.
pub(super) fn facts(desk: &Desk, id: HouseholdId, finding: &Finding) -> Vec<(String, String)> {
    let workspace = &desk.workspace;
    let catalogue = &workspace.definitions().catalogue;
    // A file that cannot be read says so where it is opened.
    let (Ok(slots), Ok(file)) = (workspace.slots_of(id, finding), workspace.file(id)) else { return Vec::new() };
    let fact = |slot: Slot| {
        let field = catalogue.in_slot(slot)?;
        let kind = catalogue.section(slot.section)?.kind;
        let is_of_other = kind == SectionKind::Person && finding.person != Some(slot.row);
        let whose = Household::of(&file).everyone().find(|member| is_of_other && member.id.0 == slot.row);
        let label =
            whose.map_or_else(|| field.label.to_string(), |member| format!("{} {}", member.name(), field.label));
        let says = file.get(slot).map_or_else(|| UNKNOWN.to_owned(), |value| desk.show(field, value));
        Some((label, says))
    };
    slots.into_iter().filter_map(fact).collect()
}

pub(super) fn draw(screen: &Findings, canvas: &mut Canvas<'_>, area: Rect) {
    let (first, second) = panes(area);
    let says_what = screen.is_typing || !screen.typed.value().is_empty() || screen.sieve.severity.is_some();
    let top = u16::from(says_what);
    let foot = if second.is_some() { 0 } else { FOOT.min(first.height / 3) };
    let rows = Rect { y: first.y + top, height: first.height.saturating_sub(top + foot), ..first };
    draw_rows(screen, canvas, rows);
    let selected = screen.selected();
    match second {
        Some(pane) => draw_pane(screen, canvas, pane),
        None => {
            if let Some((_, finding)) = selected {
                let below = Rect { y: rows.bottom(), height: foot, ..first };
                draw_foot(canvas, below, finding, &screen.document);
            }
        }
    }
    // Last, because the real cursor goes where it was put last.
    if says_what {
        draw_line(screen, canvas, Rect { height: 1, ..first });
    }
}

fn draw_line(screen: &Findings, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let aside = screen.sieve.severity.map_or(String::new(), |severity| format!("[{}]", only(severity)));
    let wide = text::width(&aside) as u16;
    canvas.put(area.right().saturating_sub(wide + 1), area.y, &aside, wide, theme.dim());
    canvas.put(area.x + 1, area.y, "/", 1, if screen.is_typing { theme.accent() } else { theme.dim() });
    let line = Rect { x: area.x + 3, width: area.width.saturating_sub(wide + 5), ..area };
    if screen.is_typing || !screen.typed.value().is_empty() {
        screen.typed.draw(canvas, line, theme.bold(), screen.is_typing);
    }
}

fn draw_rows(screen: &Findings, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    if screen.rows.is_empty() {
        let nothing = if screen.all.iter().any(Line::is_open) {
            "没有这样的问题。去掉条件，或少写几个字。"
        } else {
            "没有查出问题。"
        };
        let says = screen.fault.as_deref().unwrap_or(nothing);
        canvas.put(area.x + 2, area.y + 1, says, area.width.saturating_sub(4), Style::new());
        return;
    }
    screen.list.draw(canvas, area, &COLUMNS, |row| match screen.rows.get(row) {
        Some(Row::Head(at)) => {
            screen.groups.get(*at).map_or_else(Vec::new, |group| head(screen, group, area.width, theme))
        }
        Some(row @ Row::Line(..)) => screen.line_at(*row).map_or_else(Vec::new, |found| line(screen, found, theme)),
        None => Vec::new(),
    });
}

/// The heading of a group: what it is, how many there are, how bad they are.
fn head<'a>(screen: &'a Findings, group: &Group, width: u16, theme: Theme) -> Vec<Span<'a>> {
    let mark = if screen.folded.contains(&group.key) { "▸" } else { "▾" };
    let (label, code) = screen.labels.groups.get(&group.key).cloned().unwrap_or_default();
    let mut counts: Vec<String> = Vec::new();
    if screen.by != By::Household {
        counts.push(format!("{}户", group.households()));
    }
    for severity in [Severity::Error, Severity::Warn, Severity::Hint] {
        match group.count(severity) {
            0 => {}
            count => counts.push(format!("{}{count}", severity.short())),
        }
    }
    let counts = counts.join(" ");
    // The counts stand at the right of what the mark, the code and the gaps leave.
    let room = usize::from(width.saturating_sub(16));
    let says =
        text::left(&text::cut(&label, room.saturating_sub(text::width(&counts) + 1)), room - text::width(&counts));
    vec![
        Span::styled(mark, theme.bold()),
        Span::styled(format!("{says}{counts}"), theme.bold()),
        Span::styled(code, theme.dim()),
    ]
}

fn line<'a>(screen: &'a Findings, line: &Line, theme: Theme) -> Vec<Span<'a>> {
    let (who, place) = screen.labels.households.get(&line.id).cloned().unwrap_or_default();
    let finding = screen.finding(line);
    let message = finding.map_or("", |finding| &finding.message);
    let says = match line.hit.settled {
        Settled::Open => message.to_owned(),
        Settled::Answered => format!("[已答复] {message}"),
        Settled::Exempt => format!("[豁免] {message}"),
    };
    let whose = if screen.by == By::Household {
        String::new()
    } else {
        format!("{} {} ", text::left(&who, NAME), text::left(&place, PLACE))
    };
    let style = if line.is_open() { Style::new() } else { theme.dim() };
    let mark = if line.is_open() && line.hit.severity <= Severity::Error { theme.bold() } else { style };
    vec![
        Span::styled(line.hit.severity.short(), mark),
        Span::styled(format!("{whose}{says}"), style),
        Span::styled(finding.map_or("", |finding| finding.code.as_str()), theme.dim()),
    ]
}

/// The selected finding in a few lines: what is wrong, what is to be done, and the reason that somebody gave.
fn draw_foot(canvas: &mut Canvas<'_>, area: Rect, finding: &Finding, document: &str) {
    let theme = canvas.theme;
    let width = area.width.saturating_sub(4);
    let mut lines = text::wrap(&finding.message, width.into());
    lines.truncate(2);
    match &finding.reason {
        Some(reason) => lines.extend(text::wrap(&in_words(reason), width.into())),
        None => lines.extend(text::wrap(&format!("办法 {}  出处 {document}", finding.remedy), width.into())),
    }
    for (words, y) in lines.iter().zip(area.y + 1..area.bottom()) {
        canvas.put(area.x + 2, y, words, width, theme.dim());
    }
}

/// A reason with who gave it and when.
fn in_words(reason: &Reason) -> String {
    let on = reason.on.map_or(String::new(), |on| on.to_string());
    let until = reason.until.map_or(String::new(), |until| format!("（豁免至{until}）"));
    let what = if reason.how == Settled::Exempt { "豁免" } else { "答复" };
    format!("{what}：{}  {} {on}{until}", reason.why, reason.by)
}

/// The selected finding with everything about it.
fn draw_pane(screen: &Findings, canvas: &mut Canvas<'_>, area: Rect) {
    let Some((id, finding)) = screen.selected() else { return };
    let theme = canvas.theme;
    let (who, place) = screen.labels.households.get(&id).cloned().unwrap_or_default();
    let mut y = area.y;
    let mut entry = |canvas: &mut Canvas<'_>, label: &str, says: &str, style: Style| {
        let (from, room) =
            if label.is_empty() { (0, area.width) } else { (LABEL + 1, area.width.saturating_sub(LABEL + 1)) };
        for (at, words) in text::wrap(says, room.into()).iter().enumerate() {
            if y >= area.bottom() {
                return;
            }
            if at == 0 {
                canvas.put(area.x, y, label, LABEL, theme.dim());
            }
            canvas.put(area.x + from, y, words, room, style);
            y += 1;
        }
    };
    let gap = " ";
    entry(canvas, "", &format!("{who} {place}"), theme.bold());
    entry(canvas, "", &format!("{} {}", finding.severity.label(), finding.code), theme.dim());
    entry(canvas, "", gap, Style::new());
    entry(canvas, "", &finding.message, Style::new());
    entry(canvas, "", gap, Style::new());
    for (label, says) in &screen.facts {
        if text::width(label) > usize::from(LABEL) {
            entry(canvas, "", &format!("{label}  {says}"), Style::new());
        } else {
            entry(canvas, label, says, Style::new());
        }
    }
    if !screen.facts.is_empty() {
        entry(canvas, "", gap, Style::new());
    }
    entry(canvas, "办法", &finding.remedy, Style::new());
    entry(canvas, "出处", &screen.document, Style::new());
    let national: Vec<&str> = finding.national.iter().map(|code| code.as_str()).collect();
    if !national.is_empty() {
        entry(canvas, "国网代码", &national.join("、"), Style::new());
    }
    if let Some(reason) = &finding.reason {
        entry(canvas, "", gap, Style::new());
        entry(canvas, "", &in_words(reason), theme.bold());
    }
}
