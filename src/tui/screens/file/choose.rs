//! Where the county and the village hold different things: what was there before, and what each side says now, by whom and
//! when, stand under one another, and a person takes one, or types another.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::text;
use crate::tui::widgets::picker::{Choice, Picked, Picker};
use crate::workspace::choice::{Side, Sides};
use crate::workspace::in_words::UNKNOWN;

use super::content::FieldLine;

/// The question under which the choice is told: 1 keeps the village's value, 2 and on take a roster's in their order,
/// the one behind them is to be typed.
pub(super) const CHOSEN: &str = "file.chosen";

/// The popup.
pub struct Choose {
    label: String,
    sides: Sides,
    /// What each choice means, in full.
    full: Vec<String>,
    picker: Picker,
}

const WIDTH: u16 = 78;
/// Columns for the side, and for who said it and when.
const WHOSE: usize = 18;
const WHO: usize = 18;
/// Columns before the words of a choice, and those that are left of the window.
const BEFORE: usize = 6;
const ROOM: usize = WIDTH as usize - 4 - BEFORE;
/// Lines under the choices for the selected one in full.
const FOOT: u16 = 3;

impl Choose {
    /// Over a field where a person has to choose.
    pub(super) fn open(field: &FieldLine, sides: Sides) -> Self {
        let unit = &field.unit;
        let told = |side: &Side| {
            let value = format!("{}{}", side.says, if side.says == UNKNOWN { "" } else { unit });
            let on = side.on.map(|on| on.to_string()).unwrap_or_default();
            let who = format!("{} {}", side.by, on).trim().to_owned();
            (value, who)
        };
        let line = |side: &Side| {
            let (value, who) = told(side);
            [text::left(&side.whose, WHOSE), text::left(&value, ROOM - WHOSE - WHO - 2), who].join(" ")
        };
        let in_full = |verb: &str, side: &Side| {
            let (value, who) = told(side);
            format!("{verb}{}：{value}（{who}）", side.whose)
        };
        let mut labels = vec![line(&sides.here)];
        labels.extend(sides.others.iter().map(&line));
        labels.push("都不对，另外填".to_owned());
        let mut full = vec![in_full("留", &sides.here)];
        full.extend(sides.others.iter().map(|side| in_full("用", side)));
        full.push("都不对：另外填一个值".to_owned());
        let choices = labels.into_iter().enumerate().map(|(at, label)| Choice::new(at.to_string(), label)).collect();
        let picker = Picker::new("", choices, &[], false);
        Self { label: field.label.clone(), sides, full, picker }
    }

    /// What stood there before, as each of the others knew it.
    fn before(&self) -> Vec<String> {
        let lines = self.sides.before.iter().map(|side| format!("原来：{}（据{}）", side.says, side.whose));
        let lines = lines.chain(self.sides.refused.iter().map(|why| format!("村里没有照改：{why}")));
        lines.flat_map(|line| text::wrap(&line, usize::from(WIDTH) - 4)).collect()
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
        Cover::Popup(WIDTH, (self.before().len() + self.full.len()) as u16 + FOOT + 5)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let before = self.before();
        for (line, y) in before.iter().zip(area.y..area.bottom()) {
            canvas.put(area.x, y, line, area.width, Style::new());
        }
        let top = area.y + before.len() as u16;
        let heads =
            [text::left("哪边的", WHOSE), text::left("值", ROOM - WHOSE - WHO - 2), "谁，哪天".to_owned()].join(" ");
        canvas.put(area.x + BEFORE as u16, top, &heads, area.width.saturating_sub(BEFORE as u16), theme.dim());
        let height = (self.full.len() as u16 + 1).min(area.bottom().saturating_sub(top + 1));
        let picker = Rect { y: top + 1, height, ..area };
        self.picker.draw_inside(canvas, picker);
        let Some(full) = self.picker.selected().and_then(|at| self.full.get(at)) else { return };
        let lines = text::wrap(full, area.width.into());
        for (line, y) in lines.iter().zip(picker.bottom() + 1..area.bottom()) {
            canvas.put(area.x, y, line, area.width, theme.dim());
        }
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
