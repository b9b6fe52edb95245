//! A few fields in a popup: a reason, a name, a folder. Enter in the last one, or saving, gives them to whoever asked.

use ratatui::layout::Rect;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::reply::{Answer, Effect, Reply};
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::form::{Event, Form};

const WIDTH: u16 = 74;
/// The rows of the frame.
const AROUND: u16 = 2;

/// A popup with a form.
pub struct Ask {
    question: &'static str,
    title: String,
    pub(super) form: Form,
}

impl Ask {
    /// A popup whose answer comes under this name.
    pub fn new(question: &'static str, title: impl Into<String>, form: Form) -> Self {
        Self { question, title: title.into(), form }
    }

    /// What stands in its fields, as the answer to its question.
    pub(super) fn answer(&self) -> Answer {
        Answer { question: self.question, choice: 1, values: self.form.to_keep() }
    }

    fn reply<W>(&mut self, event: Event) -> Reply<W> {
        let event = if event == Event::AtEnd { self.form.act(Action::Save) } else { event };
        match event {
            Event::Saved => Reply::done().and(Effect::Answer(self.answer())),
            event => event.reply(),
        }
    }
}

impl<W> Screen<W> for Ask {
    fn name(&self) -> &'static str {
        "ask"
    }

    fn title(&self) -> Title {
        Title::of(&self.title)
    }

    fn contexts(&self) -> Vec<Context> {
        self.form.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        self.form.hints()
    }

    fn cover(&self) -> Cover {
        Cover::Popup(WIDTH, self.form.height() + AROUND)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.form.draw(canvas, area);
    }

    fn act(&mut self, action: Action, _: &mut W) -> Reply<W> {
        let event = self.form.act(action);
        self.reply(event)
    }

    fn text(&mut self, text: &str, _: &mut W) -> Reply<W> {
        let event = self.form.text(text);
        self.reply(event)
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut W) -> Reply<W> {
        let event = self.form.mouse(mouse);
        self.reply(event)
    }

    fn unsaved(&self) -> Option<String> {
        self.form.is_changed().then(|| self.title.clone())
    }
}
