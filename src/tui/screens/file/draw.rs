//! How a file stands on the screen: sections, what the selected one holds, and beside it the household in short.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::SectionKind;
use crate::domain::Name;
use crate::tui::canvas::Canvas;
use crate::tui::frame::panes;
use crate::tui::screens::in_short;
use crate::tui::text;
use crate::tui::widgets::list::Column;

use super::history;
use super::{FileScreen, Level};

const LEFT: u16 = 23;
/// Lines over the rows: the section with its age, and why it is stale.
const HEAD: u16 = 3;
/// Lines under the rows: the selected one in full.
const FOOT: u16 = 3;

const SECTIONS: [Column; 3] = [Column::words("", 4), Column::words("", 12), Column::figures("", 2)];
const ROWS: [Column; 1] = [Column::words("", 0)];
const ROWS_OF_PEOPLE: [Column; 2] = [Column::words("", 10), Column::words("", 0)];
const MARKED_ROWS: [Column; 2] = [Column::words("", 2), Column::words("", 0)];
const MARKED_ROWS_OF_PEOPLE: [Column; 3] = [Column::words("", 2), Column::words("", 10), Column::words("", 0)];
const FIELDS: [Column; 3] = [Column::words("", 20), Column::words("", 2), Column::words("", 0)];

pub(super) fn draw(screen: &FileScreen, canvas: &mut Canvas<'_>, area: Rect) {
    if let Some(fault) = &screen.fault {
        canvas.put(area.x + 2, area.y + 1, fault, area.width.saturating_sub(4), Style::new());
        return;
    }
    let (first, second) = panes(area);
    let theme = canvas.theme;
    let left = Rect { width: LEFT.min(first.width), ..first };
    screen.section_list.draw(canvas, left, &SECTIONS, |row| {
        let Some(line) = screen.sections.get(row) else { return Vec::new() };
        let is_here = Some(row) == screen.section_list.selected() && screen.level > Level::Sections;
        let label =
            if is_here { Span::styled(line.label.as_str(), theme.bold()) } else { Span::raw(line.label.as_str()) };
        let count = line.count.filter(|count| *count > 0).map_or(String::new(), |count| count.to_string());
        vec![Span::styled(line.mark.as_str(), theme.bold()), label, Span::styled(count, theme.dim())]
    });
    // What stands at the right edge keeps away from the pane beside it.
    let gap = LEFT + 1 + if second.is_some() { 2 } else { 0 };
    let right = Rect { x: first.x + LEFT + 1, width: first.width.saturating_sub(gap), ..first };
    head(screen, canvas, right);
    let body = Rect { y: right.y + HEAD, height: right.height.saturating_sub(HEAD), ..right };
    match &screen.editor {
        Some(editor) => {
            let height = editor.widget.height().min(body.height.saturating_sub(2));
            let lines = Rect { height: body.height.saturating_sub(height + 1), ..body };
            lines_of(screen, canvas, lines);
            let rule = "─".repeat(body.width.into());
            canvas.put(body.x, lines.bottom(), &rule, body.width, theme.dim());
            editor.widget.draw(canvas, Rect { y: lines.bottom() + 1, height, ..body });
        }
        None => {
            let lines = Rect { height: body.height.saturating_sub(FOOT + 1), ..body };
            lines_of(screen, canvas, lines);
            let foot = Rect { y: lines.bottom() + 1, height: FOOT, ..body };
            for (line, y) in text::wrap(&in_full(screen), foot.width.saturating_sub(2).into()).iter().zip(foot.y..) {
                if y < foot.bottom() {
                    canvas.put(foot.x + 2, y, line, foot.width.saturating_sub(2), theme.dim());
                }
            }
        }
    }
    let Some(second) = second else { return };
    match screen.field_line().filter(|_| screen.level == Level::Fields) {
        Some(field) => history::draw_beside(canvas, second, &screen.past, field),
        None => _ = screen.short.as_ref().map(|short| in_short::draw(canvas, second, short)),
    }
}

/// The section, whose row it is, how old it is, and why it is stale.
fn head(screen: &FileScreen, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let Some(section) = screen.section_line() else { return };
    let room = area.width.saturating_sub(2);
    let who = screen.row_line().filter(|_| screen.level == Level::Fields && section.kind != SectionKind::Household);
    let title = match who {
        Some(row) if !row.who.is_empty() => format!("{} · {}", section.label, row.who),
        Some(row) => format!("{} · 第{}条", section.label, row.row),
        None => section.label.clone(),
    };
    let about = match section.as_of.as_str() {
        "" => section.confirmed.clone(),
        as_of => format!("截至{as_of}  {}", section.confirmed),
    };
    let about_width = text::width(&about) as u16;
    canvas.put(area.x + 2, area.y, &title, room.saturating_sub(about_width + 2), theme.bold());
    canvas.put(area.right().saturating_sub(about_width), area.y, &about, about_width.min(area.width), theme.dim());
    let why = section.stale.iter().map(|stale| {
        let mark = if stale.is_error { "错" } else { "提" };
        format!("{mark} {}", stale.why)
    });
    // What a visit was told is said once, with the age that makes it late where it is.
    let is_late = section.stale.iter().any(|stale| stale.code == "C501");
    let told = section.told.iter().filter(|_| !is_late).map(|told| format!("变 {told}"));
    let found = screen.found_here().into_iter().map(|it| format!("{} {}", it.severity.short(), it.message));
    // Why the household has its colour stands where the file opens.
    let graded = screen.short.as_ref().and_then(|short| short.colour.as_ref());
    let opens = screen.section_list.selected() == Some(0) && screen.level == Level::Sections;
    let graded = graded.filter(|_| opens).map(|graded| format!("{} {}", graded.label, graded.why));
    let refused = screen.field_line().filter(|_| screen.level == Level::Fields).and_then(|line| line.refused.clone());
    let lines: Vec<String> = refused
        .into_iter()
        .chain(found)
        .chain(graded)
        .chain(why)
        .chain(told)
        .flat_map(|why| text::wrap(&why, room.into()))
        .collect();
    for (at, (line, y)) in lines.iter().zip(area.y + 1..area.y + HEAD).enumerate() {
        let is_cut = at + 2 == usize::from(HEAD) && lines.len() + 1 > usize::from(HEAD);
        let line = if is_cut { format!("{line}…") } else { line.clone() };
        canvas.put(area.x + 2, y, &line, room, theme.bold());
    }
}

fn lines_of(screen: &FileScreen, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.theme;
    let has_rows = screen.section_line().is_some_and(|line| line.kind != SectionKind::Household);
    if has_rows && screen.level < Level::Fields {
        if screen.rows.is_empty() {
            let can_add = screen.section_line().is_some_and(|line| line.kind == SectionKind::Rows);
            let says = if can_add { "没有记录（+ 或 Insert 添一行）" } else { "没有记录" };
            canvas.put(area.x + 2, area.y, says, area.width.saturating_sub(2), theme.dim());
        }
        let is_of_people = screen.rows.iter().any(|line| !line.who.is_empty());
        let section = screen.section_line().map_or(Name::fixed(""), |line| line.id);
        let mark = |row| screen.mark_of_row(section, row);
        let has_marks = screen.rows.iter().any(|line| !mark(line.row).is_empty());
        let columns = match (is_of_people, has_marks) {
            (true, true) => &MARKED_ROWS_OF_PEOPLE[..],
            (true, false) => &ROWS_OF_PEOPLE[..],
            (false, true) => &MARKED_ROWS[..],
            (false, false) => &ROWS[..],
        };
        screen.row_list.draw(canvas, area, columns, |row| {
            let Some(line) = screen.rows.get(row) else { return Vec::new() };
            let style = if line.is_over { theme.dim() } else { Style::new() };
            let mark = has_marks.then(|| Span::styled(mark(line.row), theme.bold()));
            let who = is_of_people.then(|| Span::styled(line.who.as_str(), style));
            mark.into_iter().chain(who).chain([Span::styled(line.says.as_str(), style)]).collect()
        });
        return;
    }
    screen.field_list.draw(canvas, area, &FIELDS, |row| {
        let Some(line) = screen.fields.get(row) else { return Vec::new() };
        let found = screen.found_at(line.slot).next();
        let mark = match (line.others.is_empty(), found, &line.doubt) {
            _ if line.corrected.is_some() => "更",
            (false, ..) => "≠",
            (true, ..) if line.refused.is_some() => "未",
            (true, Some(found), _) => found.severity.short(),
            (true, None, Some(_)) => "?",
            (true, None, None) => "",
        };
        let mut value = format!("{}{}", line.value, line.unit);
        if let Some((other, _)) = line.others.first() {
            value.push_str(&format!("  {other}"));
        }
        if let Some(corrected) = &line.corrected {
            value.push_str(&format!("  {corrected}"));
        }
        let style = if line.is_known { Style::new() } else { theme.dim() };
        vec![Span::raw(line.label.as_str()), Span::styled(mark, theme.bold()), Span::styled(value, style)]
    });
}

/// What is selected, with all that has no room in its line.
fn in_full(screen: &FileScreen) -> String {
    match screen.level {
        Level::Sections => {
            let marks = |mark: &str| screen.sections.iter().filter(|line| line.mark.contains(mark)).count();
            let parts = [
                ("禁", "不可能"),
                ("错", "要改"),
                ("警", "要看"),
                ("提", "要核实"),
                ("变", "说有变化"),
                ("选", "待选"),
                ("未", "县未录"),
            ];
            let parts = parts.map(|(mark, label)| (marks(mark), format!("{mark} {label}")));
            let parts = parts.into_iter().filter(|(count, _)| *count > 0);
            parts.map(|(count, label)| format!("{label}{count}处")).collect::<Vec<_>>().join("  ")
        }
        Level::Rows => {
            let words = screen.row_line().map_or_else(String::new, |line| format!("{} {}", line.who, line.says));
            words.split_whitespace().collect::<Vec<_>>().join(" ")
        }
        Level::Fields => {
            let Some(line) = screen.field_line() else { return String::new() };
            let mut says = format!("{}：{}{}", line.label, line.value, line.unit);
            if let Some(refused) = &line.refused {
                says.push_str(&format!("；{refused}"));
            }
            for found in screen.found_at(line.slot) {
                says.push_str(&format!("；{} {} 办法：{}", found.severity.short(), found.code, found.remedy));
            }
            if let Some(doubt) = &line.doubt {
                says.push_str(&format!("（{doubt}）"));
            }
            if let Some(corrected) = &line.corrected {
                says.push_str(&format!("；{corrected}"));
            }
            if !line.others.is_empty() {
                let others: Vec<&str> = line.others.iter().map(|(other, _)| other.as_str()).collect();
                says.push_str(&format!("；{}。Enter 选定", others.join("；")));
            }
            says
        }
    }
}
