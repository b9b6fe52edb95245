//! 建户档: the first screen where there is no village yet; who she is, which village, which policy, and no more.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::job::Job;
use crate::tui::newcomer::{BEGIN, Newcomer};
use crate::tui::reply::{Answer, Effect, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::text;
use crate::tui::widgets::form::{Event, Form};
use crate::workspace::NewVillage;

use super::dialog::Dialog;
use super::who_and_where as ask;

/// The first screen.
pub struct Welcome {
    form: Form,
    home: String,
}

impl Welcome {
    /// The questions, with what the command line said already.
    pub fn open(newcomer: &Newcomer) -> Self {
        let options = &newcomer.options;
        let code = options.village.map(|village| village.to_string()).unwrap_or_default();
        let place = [ask::code(&code), ask::village(""), ask::policy(&newcomer.definitions.layers, None)];
        let fields = ask::who(options.author.as_ref()).into_iter().chain(place);
        Self { form: ask::form(fields, options.clock.today()), home: options.home.display().to_string() }
    }

    fn reply(&mut self, event: Event, newcomer: &mut Newcomer) -> Reply<Newcomer> {
        let event = if event == Event::AtEnd { self.form.act(Action::Save) } else { event };
        match event {
            Event::Saved => self.make(newcomer),
            event => event.reply(),
        }
    }

    fn make(&mut self, newcomer: &mut Newcomer) -> Reply<Newcomer> {
        let mut options = newcomer.options.clone();
        options.author = ask::author(&self.form);
        options.village = None;
        let village = NewVillage {
            scope: self.form.value(ask::CODE).into(),
            name: self.form.value(ask::VILLAGE),
            policy: ask::chosen_policy(&self.form),
        };
        match newcomer.make(options, &village) {
            Ok(()) => Reply::done().and(Effect::Quit),
            Err(error) => Reply::push(Dialog::message("没有建成", error.to_string())),
        }
    }
}

impl Screen<Newcomer> for Welcome {
    fn name(&self) -> &'static str {
        "welcome"
    }

    fn title(&self) -> Title {
        Title::of("户档 · 建户档")
    }

    fn contexts(&self) -> Vec<Context> {
        self.form.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = self.form.hints();
        // Nothing lies below the first screen.
        if let Some(back) = hints.last_mut().filter(|_| !self.contexts().contains(&Context::Picker)) {
            *back = Hint::of(Action::Quit);
        }
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let says = format!(
            "谁在录入，哪个村，按哪份政策：填好就建户档，除村代码外以后都能在设置里改。\n不用账号，不联网，都存在这台电脑上：{}",
            self.home
        );
        let width = area.width.saturating_sub(4);
        let lines = text::wrap(&says, width.into());
        for (line, y) in lines.iter().zip(area.y + 1..area.bottom()) {
            canvas.put(area.x + 2, y, line, width, Style::new());
        }
        let top = (lines.len() as u16 + 2).min(area.height);
        let height = self.form.height().max(12).min(area.height - top);
        self.form.draw(canvas, Rect { y: area.y + top, height, ..area });
    }

    fn act(&mut self, action: Action, newcomer: &mut Newcomer) -> Reply<Newcomer> {
        let event = self.form.act(action);
        self.reply(event, newcomer)
    }

    fn text(&mut self, text: &str, newcomer: &mut Newcomer) -> Reply<Newcomer> {
        let event = self.form.text(text);
        self.reply(event, newcomer)
    }

    fn mouse(&mut self, mouse: Mouse, newcomer: &mut Newcomer) -> Reply<Newcomer> {
        let event = self.form.mouse(mouse);
        self.reply(event, newcomer)
    }

    fn answered(&mut self, answer: Answer, _: &mut Newcomer) -> Reply<Newcomer> {
        if (answer.question, answer.choice) != (BEGIN, 1) {
            return Reply::done();
        }
        Reply::start(Job::new(
            "示例村",
            |newcomer: &mut Newcomer, progress| newcomer.make_sample(progress),
            |_, made| match made {
                Ok(()) => Reply::done().and(Effect::Quit),
                Err(error) => Reply::push(Dialog::message("没有建成", error.to_string())),
            },
        ))
    }
}
