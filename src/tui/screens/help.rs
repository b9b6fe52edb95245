//! What can be done on the screen one came from, and with which keys: read off the table and the live keymap.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::tui::actions::{Action, TABLE};
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::keymap::{Keymap, chord};
use crate::tui::reply::Reply;
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::widgets::list::{Column, List};

/// The help for one screen.
pub struct Help {
    place: String,
    keymap: String,
    lines: Vec<Line>,
    list: List,
}

enum Line {
    Head(&'static str),
    Entry { keys: String, label: &'static str, says: &'static str },
}

impl Help {
    /// The help for a screen in these contexts.
    pub fn of(place: &str, keymap: &Keymap, contexts: &[Context]) -> Self {
        let mut lines = Vec::new();
        for context in contexts {
            let rows = TABLE.iter().filter(|row| {
                let first = contexts.iter().find(|context| row.contexts.contains(context));
                first == Some(context)
            });
            let entries: Vec<Line> = rows
                .filter_map(|row| {
                    let keys = keymap.keys(row.action, contexts);
                    let keys: Vec<String> = keys.into_iter().map(chord::show).collect();
                    (!keys.is_empty()).then(|| Line::Entry { keys: keys.join(" "), label: row.label, says: row.says })
                })
                .collect();
            if !entries.is_empty() {
                lines.push(Line::Head(context.label()));
                lines.extend(entries);
            }
        }
        let list = List::new(lines.len());
        Self { place: place.to_owned(), keymap: keymap.label().to_owned(), lines, list }
    }
}

const COLUMNS: [Column; 3] = [Column::words("", 18), Column::words("", 10), Column::words("", 0)];

impl<W> Screen<W> for Help {
    fn name(&self) -> &'static str {
        "help"
    }

    fn title(&self) -> Title {
        Title::with(format!("帮助 · {}", self.place), format!("键位 {}", self.keymap))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Help, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        [Action::Back, Action::PageDown, Action::PageUp, Action::Palette].map(Hint::of).to_vec()
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        self.list.draw(canvas, area, &COLUMNS, |row| match self.lines.get(row) {
            Some(Line::Head(head)) => vec![Span::styled(*head, theme.bold())],
            Some(Line::Entry { keys, label, says }) => {
                vec![Span::styled(keys.as_str(), theme.accent()), Span::raw(*label), Span::raw(*says)]
            }
            None => Vec::new(),
        });
    }

    fn act(&mut self, action: Action, _: &mut W) -> Reply<W> {
        match action {
            Action::Help => Reply::pop(),
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut W) -> Reply<W> {
        self.list.mouse(mouse);
        Reply::done()
    }
}
