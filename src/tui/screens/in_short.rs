//! A file in short, in the pane beside a list.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::rules::colour::Graded;
use crate::tui::canvas::Canvas;
use crate::tui::text;
use crate::workspace::in_short::InShort;

/// Columns of the label before what the file says.
const LABEL: u16 = 10;

/// Draws it, as much as fits.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, short: &InShort) {
    let theme = canvas.theme;
    let mut pane = Pane { area, y: area.y };
    let head = [short.head.as_str(), &short.class, short.place.trim()].join("  ");
    pane.words(canvas, &head, theme.bold());
    pane.words(canvas, &short.number, theme.dim());
    if let Some(graded) = &short.colour {
        pane.graded(canvas, graded);
    }
    pane.y += 1;
    for person in &short.people {
        let name = text::left(&person.name, 10);
        let relation = text::left(&person.relation, 8);
        pane.words(canvas, &format!("{name} {relation} {}", person.about), Style::new());
    }
    pane.y += 1;
    for (label, says) in &short.items {
        pane.entry(canvas, label, says);
    }
    pane.y += 1;
    let last = short.last_visit.map_or_else(|| "没有记录".to_owned(), |day| day.to_string());
    pane.entry(canvas, "上次走访", &last);
    if let Some(unconfirmed) = &short.unconfirmed {
        let sections = unconfirmed.sections.join("、");
        let says = format!("{sections}：{}节没有核实，最久{}天", unconfirmed.sections.len(), unconfirmed.days);
        pane.entry(canvas, if unconfirmed.is_error { "过期" } else { "提醒" }, &says);
    }
    for late in &short.late {
        pane.entry(canvas, if late.is_error { "过期" } else { "快过期" }, &late.why);
    }
    for task in &short.tasks {
        let due = task.due.map_or(String::new(), |due| format!("，{due}前"));
        pane.entry(canvas, "待办", &format!("{} {}{due}", task.what, task.owner));
    }
    if short.beside > 0 {
        pane.entry(canvas, "待选", &format!("{}处县里和村里不一样", short.beside));
    }
    if short.pending > 0 {
        pane.entry(canvas, "变更", &format!("{}处没交县", short.pending));
    }
}

struct Pane {
    area: Rect,
    y: u16,
}

impl Pane {
    fn words(&mut self, canvas: &mut Canvas<'_>, words: &str, style: Style) {
        if self.y < self.area.bottom() {
            canvas.put(self.area.x, self.y, words, self.area.width, style);
        }
        self.y += 1;
    }

    /// The colour by its character, and why.
    fn graded(&mut self, canvas: &mut Canvas<'_>, graded: &Graded) {
        let style = canvas.theme.grade(&graded.label);
        for (at, line) in text::wrap(&graded.why, self.area.width.saturating_sub(4).into()).iter().enumerate() {
            if at == 0 && self.y < self.area.bottom() {
                canvas.put(self.area.x, self.y, &graded.label, 2, style);
            }
            if self.y < self.area.bottom() {
                canvas.put(self.area.x + 4, self.y, line, self.area.width.saturating_sub(4), Style::new());
            }
            self.y += 1;
        }
    }

    /// A label, and what belongs to it in as many lines as it needs.
    fn entry(&mut self, canvas: &mut Canvas<'_>, label: &str, says: &str) {
        let theme = canvas.theme;
        let room = self.area.width.saturating_sub(LABEL + 1);
        for (at, line) in text::wrap(says, room.into()).iter().enumerate() {
            if self.y >= self.area.bottom() {
                return;
            }
            if at == 0 {
                canvas.put(self.area.x, self.y, label, LABEL, theme.dim());
            }
            canvas.put(self.area.x + LABEL + 1, self.y, line, room, Style::new());
            self.y += 1;
        }
    }
}
