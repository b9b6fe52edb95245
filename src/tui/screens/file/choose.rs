//! Where the county and the village hold different things: both are shown, and a person takes one, or types a third.

use ratatui::layout::Rect;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::text;
use crate::tui::widgets::picker::{Choice, Picked, Picker};

use super::content::FieldLine;

/// The question under which the choice is told: 1 keeps the village's value, 2 and on take a roster's in their order,
/// the one behind them is to be typed.
pub(super) const CHOSEN: &str = "file.chosen";

/// The popup.
pub struct Choose {
    label: String,
    labels: Vec<String>,
    picker: Picker,
}

impl Choose {
    /// Over a field where a person has to choose.
    pub(super) fn open(field: &FieldLine) -> Self {
        let mut labels = vec![format!("留村里的：{}{}", field.value, field.unit)];
        labels.extend(field.others.iter().map(|(other, _)| format!("用{other}")));
        labels.push("都不对，另外填".to_owned());
        let choices = labels.iter().enumerate().map(|(at, label)| Choice::new(at.to_string(), label)).collect();
        let picker = Picker::new("", choices, &[], false);
        Self { label: field.label.clone(), labels, picker }
    }

    fn picked(&self, picked: Picked) -> Reply<Desk> {
        match picked {
            Picked::Passed => Reply::pass(),
            Picked::Open => Reply::done(),
            Picked::Chosen(chosen) => match chosen.first() {
                Some(at) => Reply::answer(CHOSEN, at + 1),
                None => Reply::done(),
            },
        }
    }
}

impl Screen<Desk> for Choose {
    fn name(&self) -> &'static str {
        "choose"
    }

    fn title(&self) -> Title {
        Title::of(format!("{}：县里和村里不一样", self.label))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Picker, Context::List, Context::Text, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "选定"), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        let widest = self.labels.iter().map(|label| text::width(label)).max().unwrap_or_default() as u16;
        Cover::Popup((widest + 12).clamp(44, 76), self.labels.len() as u16 + 3)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.picker.draw_inside(canvas, area);
    }

    fn act(&mut self, action: Action, _: &mut Desk) -> Reply<Desk> {
        let picked = self.picker.act(action);
        self.picked(picked)
    }

    fn text(&mut self, text: &str, _: &mut Desk) -> Reply<Desk> {
        let picked = self.picker.text(text);
        self.picked(picked)
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut Desk) -> Reply<Desk> {
        let picked = self.picker.mouse(mouse);
        self.picked(picked)
    }
}
