//! A word to a person, or a question with a few answers. The first answer is the one that does no harm.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::reply::Reply;
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::text;

const WIDTH: u16 = 56;
const GAP: u16 = 3;

/// A popup that waits for an answer.
pub struct Dialog {
    question: &'static str,
    title: String,
    says: String,
    choices: Vec<String>,
    chosen: usize,
    buttons: std::cell::Cell<Rect>,
}

impl Dialog {
    /// A word that only has to be read.
    pub fn message(title: impl Into<String>, says: impl Into<String>) -> Self {
        Self::question("", title, says, &["知道了"])
    }

    /// A question; the asking screen is told the number of the choice under this name. The first choice does no harm.
    pub fn question(
        question: &'static str,
        title: impl Into<String>,
        says: impl Into<String>,
        choices: &[&str],
    ) -> Self {
        Self {
            question,
            title: title.into(),
            says: says.into(),
            choices: choices.iter().map(|choice| format!("[ {choice} ]")).collect(),
            chosen: 0,
            buttons: std::cell::Cell::default(),
        }
    }

    fn places(&self, line: Rect) -> impl Iterator<Item = (u16, u16)> {
        let total: u16 = self.choices.iter().map(|choice| text::width(choice) as u16 + GAP).sum();
        let mut x = line.x + line.width.saturating_sub(total.saturating_sub(GAP)) / 2;
        self.choices.iter().map(move |choice| {
            let width = text::width(choice) as u16;
            let at = x;
            x += width + GAP;
            (at, width)
        })
    }
}

impl<W> Screen<W> for Dialog {
    fn name(&self) -> &'static str {
        "dialog"
    }

    fn title(&self) -> Title {
        Title::of(&self.title)
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Dialog, Context::Global]
    }

    fn cover(&self) -> Cover {
        let lines = text::wrap(&self.says, usize::from(WIDTH - 4)).len() as u16;
        Cover::Popup(WIDTH, lines + 5)
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = vec![Hint::named(Action::Open, "选定")];
        if self.choices.len() > 1 {
            hints.push(Hint::named(Action::Next, "换一个"));
        }
        hints.push(Hint::of(Action::Back));
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let lines = text::wrap(&self.says, area.width.into());
        for (line, y) in lines.iter().zip(area.top() + 1..area.bottom()) {
            canvas.put(area.x, y, line, area.width, Style::new());
        }
        let Some(y) = area.bottom().checked_sub(1) else { return };
        let line = Rect { y, height: 1, ..area };
        self.buttons.set(line);
        for (at, ((x, _), choice)) in self.places(line).zip(&self.choices).enumerate() {
            let style = if at == self.chosen { canvas.theme.selected() } else { Style::new() };
            canvas.put(x, y, choice, area.width, style);
        }
    }

    fn act(&mut self, action: Action, _: &mut W) -> Reply<W> {
        match action {
            Action::Next => self.chosen = (self.chosen + 1) % self.choices.len(),
            Action::Previous => self.chosen = (self.chosen + self.choices.len() - 1) % self.choices.len(),
            Action::Open => return Reply::answer(self.question, self.chosen),
            Action::Back => return Reply::answer(self.question, 0),
            _ => return Reply::pass(),
        }
        Reply::done()
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut W) -> Reply<W> {
        let Mouse::Click(Position { x, y }) = mouse else { return Reply::pass() };
        let line = self.buttons.get();
        let clicked = self.places(line).position(|(at, width)| y == line.y && (at..at + width).contains(&x));
        clicked.map_or(Reply::pass(), |choice| Reply::answer(self.question, choice))
    }
}
