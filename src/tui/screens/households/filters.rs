//! The conditions by their headings, in a popup: put into the line and taken out of it, with the count that is left.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Effect, Reply};
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::list::{Column, Hit, List};

/// The name of its answer, with the line and whether more is to be typed behind it.
pub(super) const QUESTION: &str = "households.filters";
pub(super) const LINE: &str = "line";
pub(super) const TYPE_ON: &str = "type-on";

const WIDTH: u16 = 60;
const HEIGHT: u16 = 17;
/// The heading of the lines that were saved.
const SAVED: &str = "存下的";

/// The popup.
pub(super) struct Filters {
    line: String,
    entries: Vec<Entry>,
    list: List,
    is_touched: bool,
    /// How many households the line finds; none where it cannot be read.
    left: Option<usize>,
}

struct Entry {
    kind: String,
    word: String,
    says: String,
    is_on: bool,
    puts: Puts,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Puts {
    /// The condition in, or out again.
    Condition,
    /// The beginning of a comparison, to be typed on.
    Comparison,
    /// A saved line in the place of the line.
    Saved,
}

impl Filters {
    /// The popup over a line.
    pub fn open(desk: &Desk, line: &str) -> Self {
        let saved = desk.workspace.settings().searches.iter().map(|saved| Entry {
            kind: SAVED.to_owned(),
            word: saved.name.clone(),
            says: saved.line.clone(),
            is_on: false,
            puts: Puts::Saved,
        });
        let offers = desk.workspace.definitions().words.filters.offers().iter().map(|offer| Entry {
            kind: offer.kind.to_string(),
            word: offer.word.to_string(),
            says: offer.example.as_ref().map_or(String::new(), |example| format!("如 {example}")),
            is_on: false,
            puts: if offer.example.is_some() { Puts::Comparison } else { Puts::Condition },
        });
        let entries: Vec<Entry> = saved.chain(offers).collect();
        let list = List::new(entries.len());
        let mut screen = Self { line: line.trim().to_owned(), entries, list, is_touched: false, left: None };
        screen.look(desk);
        screen
    }

    /// Sees which conditions stand in the line, and how many households are left.
    fn look(&mut self, desk: &Desk) {
        let words = &desk.workspace.definitions().words;
        for entry in &mut self.entries {
            entry.is_on = match entry.puts {
                Puts::Condition => words.filters.has(&self.line, &entry.word),
                Puts::Comparison => false,
                Puts::Saved => entry.says == self.line,
            };
        }
        self.left = words.parse(&self.line).ok().map(|query| desk.workspace.find(&query, None).len());
    }

    /// Puts the selected one into the line or takes it out; a comparison is answered at once, to be typed on.
    fn toggle(&mut self, desk: &Desk) -> Option<Reply<Desk>> {
        let entry = self.entries.get(self.list.selected()?)?;
        match entry.puts {
            Puts::Comparison => {
                let line = format!("{} {}", self.line, entry.word);
                return Some(answer(line.trim().to_owned(), true));
            }
            Puts::Condition => {
                self.line = desk.workspace.definitions().words.filters.toggled(&self.line, &entry.word);
            }
            Puts::Saved => self.line.clone_from(&entry.says),
        }
        self.is_touched = true;
        self.look(desk);
        None
    }

    fn take(&mut self, desk: &Desk) -> Reply<Desk> {
        if !self.is_touched
            && let Some(reply) = self.toggle(desk)
        {
            return reply;
        }
        answer(self.line.clone(), false)
    }
}

fn answer(line: String, types_on: bool) -> Reply<Desk> {
    let type_on = if types_on { "yes" } else { "" };
    let values = vec![(LINE.to_owned(), line), (TYPE_ON.to_owned(), type_on.to_owned())];
    Reply::done().and(Effect::Answer(Answer { question: QUESTION, choice: 1, values }))
}

const COLUMNS: [Column; 4] = [Column::words("", 8), Column::words("", 1), Column::words("", 18), Column::words("", 0)];

impl Screen<Desk> for Filters {
    fn name(&self) -> &'static str {
        "filters"
    }

    fn title(&self) -> Title {
        Title::of("条件")
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Mark, "加上或去掉"), Hint::named(Action::Open, "就这些"), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        Cover::Popup(WIDTH, HEIGHT)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let left = self.left.map_or(String::new(), |left| format!("{left}户"));
        let line = if self.line.is_empty() { "（全部）" } else { &self.line };
        let room = area.width.saturating_sub(10);
        canvas.put(area.x, area.y, line, room, theme.bold());
        let at = area.right().saturating_sub(crate::tui::text::width(&left) as u16);
        canvas.put(at, area.y, &left, 10, theme.bold());
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.list.draw(canvas, rows, &COLUMNS, |row| {
            let Some(entry) = self.entries.get(row) else { return Vec::new() };
            let before = row.checked_sub(1).and_then(|before| self.entries.get(before));
            let is_first = before.is_none_or(|before| before.kind != entry.kind);
            vec![
                Span::styled(if is_first { entry.kind.as_str() } else { "" }, theme.dim()),
                Span::styled(if entry.is_on { "✓" } else { "" }, theme.accent()),
                Span::raw(entry.word.as_str()),
                Span::styled(entry.says.as_str(), theme.dim()),
            ]
        });
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Mark => self.toggle(desk).unwrap_or_else(Reply::done),
            Action::Open => self.take(desk),
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.toggle(desk).unwrap_or_else(Reply::done),
            _ => Reply::done(),
        }
    }
}
