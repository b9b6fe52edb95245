//! 家里事: what can have happened in this family, numbered and found by typing; each opens its form.

use ratatui::layout::Rect;

use crate::domain::{Household, HouseholdId, Name};
use crate::rules::events;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Effect, Reply};
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::screens::form::FormScreen;
use crate::tui::widgets::picker::{Choice, Picked, Picker};
use crate::workspace::WorkspaceError;

/// The menu of life events, which gives way to the form of the one that is chosen.
pub struct Life {
    household: HouseholdId,
    events: Vec<Name>,
    picker: Picker,
}

impl Life {
    /// What can have happened in a household.
    pub fn open(desk: &Desk, household: HouseholdId) -> Result<Self, WorkspaceError> {
        let file = desk.workspace.file(household)?;
        let forms = &desk.workspace.definitions().forms;
        let begun = |form: Name| desk.workspace.draft(household, form).is_some();
        let offered = events::offered(forms, Household::of(&file));
        let choices = offered.iter().map(|form| {
            let label =
                if begun(form.name) { format!("{}（没填完）", form.label) } else { form.label.to_string() };
            Choice::new(form.name.as_str(), label)
        });
        let choices = choices.collect();
        Ok(Self {
            household,
            events: offered.iter().map(|form| form.name).collect(),
            picker: Picker::new("", choices, &[], false),
        })
    }

    fn picked(&self, picked: Picked, desk: &mut Desk) -> Reply<Desk> {
        let Picked::Chosen(chosen) = picked else {
            return if picked == Picked::Passed { Reply::pass() } else { Reply::done() };
        };
        let Some(event) = chosen.first().and_then(|at| self.events.get(*at)) else { return Reply::done() };
        match FormScreen::open(desk, self.household, *event) {
            Ok(Some(form)) => Reply::done().and(Effect::Replace(Box::new(form))),
            Ok(None) => Reply::warned("没有这种表"),
            Err(error) => Reply::warned(error.to_string()),
        }
    }
}

impl Screen<Desk> for Life {
    fn name(&self) -> &'static str {
        "life"
    }

    fn title(&self) -> Title {
        Title::of(format!("家里事 共{}件", self.events.len()))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Picker, Context::List, Context::Text, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "记这件事"), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        Cover::Popup(36, self.events.len() as u16 + 3)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.picker.draw_inside(canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let picked = self.picker.act(action);
        self.picked(picked, desk)
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        let picked = self.picker.text(text);
        self.picked(picked, desk)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        let picked = self.picker.mouse(mouse);
        self.picked(picked, desk)
    }
}
