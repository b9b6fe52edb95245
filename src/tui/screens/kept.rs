//! A popup with fields that is kept as a draft, field by field, until its answer is taken in or nobody wants it.

use ratatui::layout::Rect;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Effect, Reply};
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::form::Event;
use crate::workspace::typed::About;

use super::ask::Ask;

/// The popup.
pub struct Kept {
    ask: Ask,
    about: About,
}

impl Kept {
    /// A popup about something, with what was typed about it before and not saved.
    pub fn open(desk: &Desk, about: About, mut ask: Ask) -> Self {
        if let Some(typed) = desk.workspace.typed(&about) {
            ask.form.resume(&typed.values, &typed.at);
        }
        Self { ask, about }
    }

    fn keep_now(&self, desk: &mut Desk) -> Option<Reply<Desk>> {
        let form = &self.ask.form;
        if !form.is_changed() {
            return None;
        }
        let failed = desk.workspace.keep_typed(&self.about, form.to_keep(), form.focus()).err()?;
        Some(Reply::warned(format!("草稿没有存上：{failed}")))
    }

    fn took(&mut self, event: Event, desk: &mut Desk) -> Reply<Desk> {
        let event = if event == Event::AtEnd {
            self.keep_now(desk);
            self.ask.form.act(Action::Save)
        } else {
            event
        };
        match event {
            Event::Saved => {
                self.keep_now(desk);
                let about = self.about.clone();
                // What was typed goes once it was taken in: a kill in between costs nothing.
                let drop = Box::new(move |desk: &mut Desk| {
                    if let Err(error) = desk.workspace.drop_typed(&about) {
                        tracing::warn!(%error, "a draft stays");
                    }
                });
                Reply::done().and(Effect::Answer(self.ask.answer())).and(Effect::Then(drop)).refresh()
            }
            Event::Left(_) => self.keep_now(desk).unwrap_or_else(Reply::done),
            event => event.reply(),
        }
    }
}

impl Screen<Desk> for Kept {
    fn name(&self) -> &'static str {
        "ask"
    }

    fn title(&self) -> Title {
        Screen::<Desk>::title(&self.ask)
    }

    fn contexts(&self) -> Vec<Context> {
        self.ask.form.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        self.ask.form.hints()
    }

    fn cover(&self) -> Cover {
        Screen::<Desk>::cover(&self.ask)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.ask.form.draw(canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let event = self.ask.form.act(action);
        self.took(event, desk)
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        let event = self.ask.form.text(text);
        self.took(event, desk)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        let event = self.ask.form.mouse(mouse);
        self.took(event, desk)
    }

    fn unsaved(&self) -> Option<String> {
        Screen::<Desk>::unsaved(&self.ask)
    }

    fn keep(&mut self, desk: &mut Desk) {
        self.ask.form.settle();
        self.keep_now(desk);
    }

    fn let_go(&mut self, desk: &mut Desk) {
        if let Err(error) = desk.workspace.drop_typed(&self.about) {
            tracing::warn!(%error, "a draft stays");
        }
    }
}
