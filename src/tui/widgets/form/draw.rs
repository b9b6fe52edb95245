//! How a form looks: labels, values in one column, last time's answers in another, help for the field at the bottom.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::field::{Field, Verdict};
use super::{Form, Seen};
use crate::tui::canvas::Canvas;
use crate::tui::text::{self, width};

/// Where the columns of a form begin, and how wide they are.
struct Columns {
    value: u16,
    value_width: u16,
    last: u16,
    last_width: u16,
}

const MARK: u16 = 2;
const WIDEST_LABEL: usize = 24;
const WIDEST_VALUE: u16 = 40;
/// Rows below the fields for the choices or the help of the field that the cursor is in.
const HELP: u16 = 3;

impl Form {
    /// How many rows show all of it, with room for one reason why something cannot be.
    pub fn height(&self) -> u16 {
        self.places().map(|(_, first, height)| first + height).max().unwrap_or_default() + 1 + HELP
    }

    /// Draws the fields that fit, the one with the cursor among them, and the picker where it is open.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let rows = Rect { height: area.height.saturating_sub(HELP), ..area };
        let columns = self.columns(rows);
        let top = self.top_for(rows.height);
        self.seen.set(Seen { top, rows });
        for (at, first, height) in self.places() {
            if first < top || first + height > top + rows.height {
                continue;
            }
            let line = Rect { y: rows.y + first - top, height, ..rows };
            draw_field(canvas, line, &columns, &self.fields[at], at == self.focus);
        }
        if let Some(field) = self.fields.get(self.focus) {
            draw_help(canvas, Rect { y: rows.bottom() + 1, height: HELP.saturating_sub(1), ..area }, field);
        }
        if let Some(picker) = &self.picker {
            picker.draw(canvas, area);
        }
    }

    fn columns(&self, area: Rect) -> Columns {
        let label =
            self.fields.iter().map(|field| width(&field.label)).max().unwrap_or_default().min(WIDEST_LABEL) as u16;
        let unit = self.fields.iter().map(|field| width(&field.unit)).max().unwrap_or_default() as u16;
        let value = area.x + MARK + label + 3;
        let room = area.right().saturating_sub(value + unit + 2);
        let has_last = self.fields.iter().any(|field| field.beside.is_some());
        let value_width = WIDEST_VALUE.min(if has_last { room * 3 / 5 } else { room });
        let last = value + value_width + unit + 3;
        Columns { value, value_width, last, last_width: area.right().saturating_sub(last) }
    }

    fn top_for(&self, height: u16) -> u16 {
        let Some((_, first, own)) = self.places().find(|(at, ..)| *at == self.focus) else { return 0 };
        let all = self.places().map(|(_, first, height)| first + height).max().unwrap_or_default();
        let top = self.seen.get().top.min(all.saturating_sub(height));
        top.clamp((first + own).saturating_sub(height).min(first), first)
    }
}

fn draw_field(canvas: &mut Canvas<'_>, area: Rect, columns: &Columns, field: &Field, has_focus: bool) {
    let theme = canvas.theme;
    let label_width = columns.value - area.x - MARK - 3;
    let label_style = if has_focus { theme.accent() } else { Style::new() };
    if has_focus {
        canvas.put(area.x, area.y, "▸", MARK, theme.accent());
    }
    let after = canvas.put(area.x + MARK, area.y, &field.label, label_width, label_style);
    if field.is_required {
        canvas.put(after, area.y, "*", 1, theme.bold());
    }
    draw_value(canvas, area.y, columns, field, has_focus);
    if let Some(beside) = &field.beside {
        canvas.put(columns.last, area.y, beside, columns.last_width, theme.dim());
    }
    let (mark, says) = match &field.verdict {
        Verdict::Good => ("", ""),
        Verdict::Doubtful(why) => ("? ", &**why),
        Verdict::Refused(why) => ("✗ ", &**why),
    };
    let read = field.reading().filter(|_| has_focus).map_or_else(String::new, |read| format!("{read}  "));
    let room = area.right().saturating_sub(columns.value);
    let after = canvas.put(columns.value, area.y + 1, &read, room, theme.dim());
    let room = area.right().saturating_sub(after);
    canvas.put(after, area.y + 1, &format!("{mark}{says}"), room, theme.bold());
}

fn draw_value(canvas: &mut Canvas<'_>, y: u16, columns: &Columns, field: &Field, has_focus: bool) {
    let theme = canvas.theme;
    let (x, room) = (columns.value, columns.value_width);
    let after = match (has_focus, field.takes_text()) {
        (true, true) => {
            canvas.put(x - 1, y, "[", 1, theme.accent());
            field.line.draw(canvas, Rect { x, y, width: room, height: 1 }, Style::new(), true);
            canvas.put(x + room, y, "]", 1, theme.accent())
        }
        (true, false) => {
            canvas.put(x - 1, y, "<", 1, theme.accent());
            canvas.cursor = Some((x, y).into());
            let (shown, style) = or_blank(field, theme.bold(), theme.dim());
            let after = canvas.put(x, y, &shown, room, style);
            canvas.put(after, y, ">", 1, theme.accent())
        }
        (false, _) => {
            let (shown, style) = or_blank(field, Style::new(), theme.dim());
            canvas.put(x, y, &shown, room, style)
        }
    };
    let behind = match (field.is_suggested, has_focus) {
        (true, true) => "建议，对就 Enter",
        (true, false) => "建议",
        (false, _) if has_focus || !field.value().is_empty() => &field.unit,
        (false, _) => "",
    };
    canvas.put(after + 1, y, behind, columns.last.saturating_sub(after + 2), theme.dim());
}

fn or_blank(field: &Field, style: Style, blank: Style) -> (String, Style) {
    let shown = field.shown();
    if shown.is_empty() { ("未填".to_owned(), blank) } else { (shown, style) }
}

/// The choices with their numbers, and the word of help where there is room for it.
fn draw_help(canvas: &mut Canvas<'_>, area: Rect, field: &Field) {
    let room = usize::from(area.width.saturating_sub(MARK));
    let numbered = field.choices().iter().take(9).enumerate();
    let mut choices: Vec<String> = numbered.map(|(at, choice)| format!("{} {}", at + 1, choice.label)).collect();
    if field.choices().len() > 9 {
        choices.push("…".to_owned());
    }
    let mut lines = if choices.is_empty() { text::wrap(&field.hint, room) } else { in_lines(&choices, room) };
    // A short list leaves room for the question in full, where there is more of it than the label.
    if lines.len() == 1 && !choices.is_empty() && !field.hint.is_empty() {
        lines.insert(0, text::cut(&field.hint, room).into_owned());
    }
    let height = usize::from(area.height);
    if lines.len() > height
        && let Some(last) = lines.get_mut(height.saturating_sub(1))
    {
        *last = format!("{}…", text::cut(last, room.saturating_sub(1)));
    }
    for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
        canvas.put(area.x + MARK, y, line, area.width - MARK, canvas.theme.dim());
    }
}

/// Words beside one another, none of them broken at the end of a line.
fn in_lines(words: &[String], columns: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut().filter(|line| text::width(line) + 2 + text::width(word) <= columns) {
            Some(line) => line.push_str(&format!("  {word}")),
            None => lines.push(word.clone()),
        }
    }
    lines
}
