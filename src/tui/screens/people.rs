//! 换人: who sits down at the keyboard, one of those who have worked here, or somebody new.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::Author;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::list::{Column, Hit, List};
use crate::workspace::typed::About;

use super::ask::Ask;
use super::kept::Kept;
use super::who_and_where as ask;

/// The popup.
pub struct People {
    people: Vec<Author>,
    /// Whether the first one is at the keyboard now.
    is_seated: bool,
    list: List,
}

const SOMEBODY_NEW: &str = "people.new";
const COLUMNS: [Column; 3] = [Column::words("", 22), Column::words("", 12), Column::words("", 0)];

impl People {
    /// Everybody known, whoever sat here before selected, so that two people change places with two keys.
    pub fn open(desk: &Desk) -> Self {
        let mut people = desk.workspace.settings().people.clone();
        let now = desk.workspace.author().cloned();
        let is_seated = now.is_some();
        if let Some(now) = now {
            people.retain(|other| *other != now);
            people.insert(0, now);
        }
        let mut list = List::new(people.len() + 1);
        list.select(usize::from(is_seated));
        Self { people, is_seated, list }
    }

    /// The popup with somebody new, as that was left.
    pub(in crate::tui::screens) fn resume(desk: &mut Desk) -> Reply<Desk> {
        let mut screen = Self::open(desk);
        screen.list.select(screen.people.len());
        let asked = screen.chosen(desk);
        Reply::push(screen).then(asked)
    }

    fn chosen(&self, desk: &mut Desk) -> Reply<Desk> {
        match self.list.selected().and_then(|row| self.people.get(row)) {
            Some(author) => sit_down(desk, author.clone()),
            None => {
                let form = ask::form(ask::who(None), desk.workspace.today());
                let ask = Ask::new(SOMEBODY_NEW, "换人：谁在录入", form);
                Reply::push(Kept::open(desk, About::Somebody, ask))
            }
        }
    }
}

/// Puts somebody at the keyboard and closes the popup.
fn sit_down(desk: &mut Desk, author: Author) -> Reply<Desk> {
    let says = format!("现在是{}（{}）在录入", author.name, author.role.label());
    match desk.workspace.sit_down(author) {
        Ok(()) => Reply::pop().say(says),
        Err(error) => Reply::warned(error.to_string()),
    }
}

impl Screen<Desk> for People {
    fn name(&self) -> &'static str {
        "people"
    }

    fn title(&self) -> Title {
        Title::of("换人：谁在录入")
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "选定"), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        Cover::Popup(52, (self.people.len() as u16).saturating_add(3).min(16))
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        self.list.draw(canvas, area, &COLUMNS, |row| match self.people.get(row) {
            Some(author) => {
                let now = if row == 0 && self.is_seated { "现在" } else { "" };
                vec![Span::raw(author.name.as_str()), Span::raw(author.role.label()), Span::styled(now, theme.dim())]
            }
            None => vec![Span::raw("别的人…")],
        });
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.chosen(desk),
            Action::SwitchPerson => Reply::done(),
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.chosen(desk),
            _ => Reply::done(),
        }
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        match ask::author_of(&answer).filter(|_| answer.question == SOMEBODY_NEW) {
            Some(author) => sit_down(desk, author),
            None => Reply::done(),
        }
    }
}
