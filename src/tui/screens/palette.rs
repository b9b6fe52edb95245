//! Everything that can be done here, found by typing: characters, pinyin, initials, or the name in the keymap.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::tui::actions::{Action, Row, TABLE};
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::keymap::{Keymap, chord};
use crate::tui::pinyin;
use crate::tui::reply::{Effect, Reply};
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::line::Line;
use crate::tui::widgets::list::{Column, Hit, List};

/// The commands of one screen.
pub struct Palette {
    entries: Vec<Entry>,
    found: Vec<usize>,
    query: Line,
    list: List,
}

struct Entry {
    row: &'static Row,
    keys: String,
}

impl Palette {
    /// What can be done in these contexts, those of the screen itself first; moving about is no command.
    pub fn of(keymap: &Keymap, contexts: &[Context]) -> Self {
        let is_command = |row: &&Row| {
            let moves = [Context::List, Context::Text, Context::Dialog, Context::Picker];
            row.action.works_in(contexts)
                && row.action != Action::Palette
                && !row.contexts.iter().any(|context| moves.contains(context))
        };
        let entry = |row: &'static Row| {
            let keys = keymap.keys(row.action, contexts).into_iter().map(chord::show).collect::<Vec<_>>();
            Entry { row, keys: keys.join(" ") }
        };
        let entries: Vec<Entry> = TABLE.iter().filter(is_command).map(entry).collect();
        let found: Vec<usize> = (0..entries.len()).collect();
        Self { list: List::new(found.len()), entries, found, query: Line::default() }
    }

    fn search(&mut self) {
        let query = self.query.value();
        let is_found = |entry: &Entry| {
            [entry.row.label, entry.row.says, entry.row.name].iter().any(|text| pinyin::is_found(query, text))
        };
        let found = self.entries.iter().enumerate().filter(|(_, entry)| is_found(entry));
        self.found = found.map(|(at, _)| at).collect();
        self.list = List::new(self.found.len());
    }

    fn entry(&self, row: usize) -> Option<&Entry> {
        self.entries.get(*self.found.get(row)?)
    }

    fn chosen<W>(&self) -> Reply<W> {
        match self.list.selected().and_then(|row| self.entry(row)) {
            Some(entry) => Reply::pop().and(Effect::Act(entry.row.action)),
            None => Reply::warned("没有这样的命令"),
        }
    }
}

const COLUMNS: [Column; 3] = [Column::words("", 10), Column::words("", 0), Column::words("", 13)];

impl<W> Screen<W> for Palette {
    fn name(&self) -> &'static str {
        "palette"
    }

    fn title(&self) -> Title {
        Title::of("命令")
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Palette, Context::List, Context::Text, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "做这件事"), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        Cover::Popup(76, 17)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        canvas.put(area.x, area.y, ">", area.width, theme.accent());
        let line = Rect { x: area.x + 2, width: area.width.saturating_sub(2), height: area.height.min(1), ..area };
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.list.draw(canvas, rows, &COLUMNS, |row| {
            let Some(entry) = self.entry(row) else { return Vec::new() };
            vec![
                Span::styled(entry.row.label, theme.bold()),
                Span::raw(entry.row.says),
                Span::styled(entry.keys.as_str(), theme.accent()),
            ]
        });
        self.query.draw(canvas, line, theme.bold(), true);
    }

    fn act(&mut self, action: Action, _: &mut W) -> Reply<W> {
        match action {
            Action::Open => self.chosen(),
            Action::Palette => Reply::pop(),
            action if self.list.act(action) => Reply::done(),
            action if self.query.act(action) => {
                self.search();
                Reply::done()
            }
            _ => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, _: &mut W) -> Reply<W> {
        self.query.insert(text);
        self.search();
        Reply::done()
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut W) -> Reply<W> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.chosen(),
            _ => Reply::done(),
        }
    }
}
