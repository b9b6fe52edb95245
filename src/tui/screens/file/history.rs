//! What a file held before: of one field, of a section, or all of it; in a popup, or in short beside the fields.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::Deed;
use crate::changes::withdraw::WITHDRAW;
use crate::domain::{Answer, HouseholdId, Name, Quantity, Slot, Value};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{self, Reply};
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::screens::form::{FormScreen, SAVED};
use crate::tui::text;
use crate::tui::widgets::list::{Column, List};
use crate::workspace::history::Past;

use super::content::FieldLine;

/// Whose history is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Field(Slot),
    Section(Name),
    Household,
}

impl Of {
    fn holds(self, past: &Past) -> bool {
        match self {
            Self::Field(slot) => past.slot == Some(slot),
            Self::Section(section) => past.slot.is_some_and(|slot| slot.section == section),
            Self::Household => true,
        }
    }
}

/// The popup.
pub struct History {
    household: HouseholdId,
    all: Vec<Past>,
    shown: Vec<Past>,
    /// What can be looked at, the narrowest first, each with its name.
    views: Vec<(Of, String)>,
    view: usize,
    list: List,
}

impl History {
    pub(super) fn open(household: HouseholdId, past: &[Past], views: Vec<(Of, String)>) -> Self {
        let mut popup =
            Self { household, all: past.to_vec(), shown: Vec::new(), views, view: 0, list: List::default() };
        popup.look();
        popup
    }

    fn look(&mut self) {
        let of = self.views.get(self.view).map_or(Of::Household, |(of, _)| *of);
        self.shown = self.all.iter().filter(|past| of.holds(past)).cloned().collect();
        self.list = List::new(self.shown.len());
    }

    /// Asks why the selected act is taken back, with all that goes and stays with it.
    fn withdraw(&self, desk: &mut Desk) -> Reply<Desk> {
        let Some(past) = self.list.selected().and_then(|row| self.shown.get(row)) else { return Reply::done() };
        if let Some(refused) = desk.refuses(self.household, Deed::Withdraw) {
            return refused;
        }
        let number = Answer::Value(Value::Quantity(Quantity::whole(i64::try_from(past.number).unwrap_or_default())));
        let form = FormScreen::open_about(desk, self.household, WITHDRAW, (Name::fixed("change"), number));
        match form {
            Ok(Some(form)) => Reply::push(form),
            Ok(None) => Reply::warned("没有这种表"),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn is_of_field(&self) -> bool {
        matches!(self.views.get(self.view), Some((Of::Field(_), _)))
    }
}

/// What a change was, without its field.
fn from_to(past: &Past) -> String {
    match (past.slot, past.what.as_str()) {
        (Some(_), _) => format!("{}→{}", past.old, past.new),
        (None, "") => "没有改动".to_owned(),
        (None, _) => String::new(),
    }
}

/// When it happened, when it was seen, and on what evidence, as far as that is known.
fn how(past: &Past) -> String {
    let happened = past.happened_on.map(|on| format!("变化 {on}"));
    let seen = past.seen_on.map(|on| format!("发现 {on}"));
    let evidence = past.evidence.as_ref().map(|evidence| format!("依据：{evidence}"));
    [happened, seen, evidence].into_iter().flatten().collect::<Vec<_>>().join("，")
}

/// The history of one field in a pane, over it what the county refused of it.
pub(super) fn draw_beside(canvas: &mut Canvas<'_>, area: Rect, past: &[Past], field: &FieldLine) {
    let (theme, slot) = (canvas.theme, field.slot);
    canvas.put(area.x, area.y, &format!("{}的历史", field.label), area.width, theme.bold());
    let mut y = area.y + 2;
    let mut line = |canvas: &mut Canvas<'_>, x: u16, words: &str, style: Style| {
        for words in text::wrap(words, usize::from(area.width.saturating_sub(x))) {
            if y < area.bottom() {
                canvas.put(area.x + x, y, &words, area.width - x, style);
            }
            y += 1;
        }
    };
    if let Some(refused) = &field.refused {
        line(canvas, 0, refused, theme.bold());
    }
    let mut found = past.iter().filter(|past| past.slot == Some(slot)).peekable();
    if found.peek().is_none() {
        line(canvas, 0, "没有变过", theme.dim());
    }
    for past in found {
        line(canvas, 0, &format!("{} {}", past.entered_on, past.by), theme.dim());
        line(canvas, 2, &format!("{}：{}", past.kind, from_to(past)), Style::new());
        let how = how(past);
        if !how.is_empty() {
            line(canvas, 2, &how, theme.dim());
        }
    }
}

const COLUMNS: [Column; 4] = [
    Column::words("录入", 10),
    Column::words("怎么来的", 14),
    Column::words("原来→现在", 0),
    Column::words("录入人", 8),
];

/// Lines for the selected change in full.
const FOOT: u16 = 3;

impl Screen<Desk> for History {
    fn name(&self) -> &'static str {
        "history"
    }

    fn title(&self) -> Title {
        let what = self.views.get(self.view).map_or("", |(_, label)| label);
        Title::of(format!("历史 · {what}  {}条", self.shown.len()))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Past, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        let next = self.views.get((self.view + 1) % self.views.len().max(1)).map_or("", |(_, label)| label);
        vec![Hint::named(Action::Next, format!("看{next}")), Hint::of(Action::Withdraw), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        Cover::Popup(78, 18)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        if self.shown.is_empty() {
            canvas.put(area.x, area.y + 1, "没有变过", area.width, theme.dim());
            return;
        }
        let rows = Rect { height: area.height.saturating_sub(FOOT + 1), ..area };
        let is_of_field = self.is_of_field();
        self.list.draw(canvas, rows, &COLUMNS, |row| {
            let Some(past) = self.shown.get(row) else { return Vec::new() };
            let what =
                if is_of_field { from_to(past) } else { format!("{} {}", past.what, from_to(past)).trim().to_owned() };
            let (day, kind) = (past.entered_on.to_string(), past.kind.clone());
            vec![Span::raw(day), Span::raw(kind), Span::raw(what), Span::styled(past.by.clone(), theme.dim())]
        });
        let Some(past) = self.list.selected().and_then(|row| self.shown.get(row)) else { return };
        let how = how(past);
        let behind = if how.is_empty() { String::new() } else { format!("（{how}）") };
        let says = format!("第{}号 {}：{} {}{behind}", past.number, past.kind, past.what, from_to(past));
        let lines = text::wrap(&says, area.width.into());
        for (line, y) in lines.iter().zip(rows.bottom() + 1..area.bottom()) {
            canvas.put(area.x, y, line, area.width, theme.dim());
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Withdraw => return self.withdraw(desk),
            Action::Next => self.view = (self.view + 1) % self.views.len().max(1),
            Action::Previous => self.view = (self.view + self.views.len().saturating_sub(1)) % self.views.len().max(1),
            action if self.list.act(action) => return Reply::done(),
            _ => return Reply::pass(),
        }
        self.look();
        Reply::done()
    }

    /// What was taken back shows in the file beneath.
    fn answered(&mut self, answer: reply::Answer, _: &mut Desk) -> Reply<Desk> {
        if answer.question == SAVED { Reply::pop() } else { Reply::done() }
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut Desk) -> Reply<Desk> {
        self.list.mouse(mouse);
        Reply::done()
    }
}
