//! One or several of a code list: found by characters, pinyin or initials, or taken by number.

use ratatui::layout::Rect;
use ratatui::text::Span;

use super::line::Line;
use super::list::{Column, Hit, List};
use super::popup;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::pinyin;
use crate::tui::screen::Mouse;

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is known by; the code's id, or a person's number.
    pub id: String,
    /// What is shown.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: id.into(), label: label.into() }
    }
}

/// What an action or a text did to a picker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// Not for a picker.
    Passed,
    /// It is still open.
    Open,
    /// These were chosen, by their place in the list.
    Chosen(Vec<usize>),
}

/// An open list of choices.
#[derive(Clone, Debug)]
pub struct Picker {
    title: String,
    choices: Vec<Choice>,
    takes_several: bool,
    marked: Vec<usize>,
    found: Vec<usize>,
    query: Line,
    list: List,
}

const WIDTH: u16 = 44;
const HEIGHT: u16 = 16;

impl Picker {
    /// A picker with what is chosen already; one choice closes it unless it takes several.
    pub fn new(title: &str, choices: Vec<Choice>, chosen: &[usize], takes_several: bool) -> Self {
        let found: Vec<usize> = (0..choices.len()).collect();
        let mut list = List::new(found.len());
        if let Some(first) = chosen.first() {
            list.select(*first);
        }
        let marked = chosen.to_vec();
        Self { title: title.to_owned(), choices, takes_several, marked, found, query: Line::default(), list }
    }

    /// Types into the search line; a digit takes the row with that number, a blank marks the selected one.
    pub fn text(&mut self, text: &str) -> Picked {
        let row = match text {
            " " | "　" => self.list.selected(),
            text => number(text),
        };
        match row {
            Some(row) => self.mark(row),
            None => {
                self.query.insert(text);
                self.search();
                Picked::Open
            }
        }
    }

    /// Moves, edits the search line, chooses.
    pub fn act(&mut self, action: Action) -> Picked {
        match action {
            Action::Open if self.takes_several => return Picked::Chosen(self.marked.clone()),
            Action::Open => return self.list.selected().map_or(Picked::Open, |row| self.mark(row)),
            Action::Mark => return self.list.selected().map_or(Picked::Open, |row| self.mark(row)),
            action if self.list.act(action) => {}
            action if self.query.act(action) => self.search(),
            _ => return Picked::Passed,
        }
        Picked::Open
    }

    /// A click selects, a second one chooses.
    pub fn mouse(&mut self, mouse: Mouse) -> Picked {
        match (self.list.mouse(mouse), self.list.selected()) {
            (Hit::Opened, Some(row)) => self.mark(row),
            _ => Picked::Open,
        }
    }

    /// The selected choice, by its place in the list.
    pub fn selected(&self) -> Option<usize> {
        self.found.get(self.list.selected()?).copied()
    }

    fn mark(&mut self, row: usize) -> Picked {
        let Some(choice) = self.found.get(row).copied() else { return Picked::Open };
        if !self.takes_several {
            return Picked::Chosen(vec![choice]);
        }
        match self.marked.iter().position(|marked| *marked == choice) {
            Some(at) => _ = self.marked.remove(at),
            None => self.marked.push(choice),
        }
        self.list.select(row);
        Picked::Open
    }

    fn search(&mut self) {
        let query = self.query.value();
        let found = self.choices.iter().enumerate().filter(|(_, choice)| pinyin::is_found(query, &choice.label));
        self.found = found.map(|(at, _)| at).collect();
        self.list = List::new(self.found.len());
    }

    /// Draws the box in the middle of an area.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let rows = self.choices.len().min(usize::from(HEIGHT) - 3) as u16;
        let area = popup::place(area, WIDTH, rows + 3);
        let theme = canvas.theme;
        popup::draw(canvas.buffer, area, &self.title, &theme);
        self.draw_inside(canvas, popup::inside(area));
    }

    /// Draws the search line and what it found, without a box.
    pub fn draw_inside(&self, canvas: &mut Canvas<'_>, inner: Rect) {
        let theme = canvas.theme;
        canvas.put(inner.x, inner.y, ">", inner.width, theme.accent());
        let line = Rect { x: inner.x + 2, width: inner.width.saturating_sub(2), height: inner.height.min(1), ..inner };
        let rows = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        if self.found.is_empty() && rows.height > 0 {
            canvas.put(rows.x + 2, rows.y, "没有这一项，退格重打", rows.width.saturating_sub(2), theme.dim());
        }
        let columns = [Column::words("", 1), Column::words("", 1), Column::words("", 0)];
        self.list.draw(canvas, rows, &columns, |row| {
            let Some(at) = self.found.get(row) else { return Vec::new() };
            let number = if row < 9 { (row + 1).to_string() } else { String::new() };
            let mark = if self.marked.contains(at) { "✓" } else { "" };
            let label = self.choices.get(*at).map_or("", |choice| choice.label.as_str());
            vec![Span::styled(number, theme.dim()), Span::raw(mark), Span::raw(label)]
        });
        self.query.draw(canvas, line, theme.bold(), true);
    }
}

/// The row that a typed digit stands for.
pub(super) fn number(text: &str) -> Option<usize> {
    let mut letters = text.chars();
    let digit = letters.next().filter(|_| letters.next().is_none())?;
    let digit = crate::domain::text::fold(&digit.to_string()).parse::<usize>().ok()?;
    digit.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(takes_several: bool) -> Picker {
        let labels = ["学龄前儿童", "九年制义务教育", "普通高中", "中职", "高职", "本科"];
        let choices = labels.iter().map(|label| Choice::new(*label, *label)).collect();
        Picker::new("在校状况", choices, &[1], takes_several)
    }

    #[test]
    fn by_number_by_initials_by_characters() {
        assert_eq!(picker(false).text("3"), Picked::Chosen(vec![2]));
        assert_eq!(picker(false).text("３"), Picked::Chosen(vec![2]));
        assert_eq!(picker(false).text("9"), Picked::Open, "there is no ninth");
        assert_eq!(picker(false).act(Action::Open), Picked::Chosen(vec![1]), "what was chosen is selected");
        let mut by_initials = picker(false);
        by_initials.text("g");
        by_initials.text("z");
        assert_eq!(by_initials.act(Action::Open), Picked::Chosen(vec![2]), "普通高中 spells gz too");
        by_initials.act(Action::Down);
        assert_eq!(by_initials.act(Action::Open), Picked::Chosen(vec![4]));
        let mut by_characters = picker(false);
        by_characters.text("本科");
        assert_eq!(by_characters.text("1"), Picked::Chosen(vec![5]));
    }

    #[test]
    fn several_are_marked_and_then_taken() {
        let mut picker = picker(true);
        assert_eq!(picker.text("4"), Picked::Open);
        assert_eq!(picker.text(" "), Picked::Open, "a blank takes the mark away again");
        assert_eq!(picker.text("6"), Picked::Open);
        assert_eq!(picker.act(Action::Open), Picked::Chosen(vec![1, 5]));
    }

    #[test]
    fn nothing_found_is_nothing_chosen() {
        let mut picker = picker(false);
        picker.text("没有");
        assert_eq!(picker.act(Action::Open), Picked::Open);
        assert_eq!(picker.act(Action::Save), Picked::Passed);
    }
}
