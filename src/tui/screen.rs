//! What a screen is: it draws from what it holds, takes an action or typed text, and says what should happen next.

use ratatui::layout::{Position, Rect};

use super::actions::Action;
use super::canvas::Canvas;
use super::context::Context;
use super::reply::{Answer, Reply};

/// A screen or a popup.
///
/// A screen holds a snapshot of what it shows: the workspace may be away on a job when it is drawn.
pub trait Screen<W> {
    /// Its name, by which an open main screen is found again.
    fn name(&self) -> &'static str;

    /// Its title line.
    fn title(&self) -> Title;

    /// The layers in which its keys are looked up just now, the most special first.
    fn contexts(&self) -> Vec<Context>;

    /// Draws the body.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect);

    /// Does what a key or a click asked for.
    fn act(&mut self, action: Action, world: &mut W) -> Reply<W>;

    /// Takes what was typed or pasted; asked only while [`Context::Text`] is among the contexts. No line breaks.
    fn text(&mut self, _text: &str, _world: &mut W) -> Reply<W> {
        Reply::pass()
    }

    /// Takes a click or the wheel inside the body.
    fn mouse(&mut self, _mouse: Mouse, _world: &mut W) -> Reply<W> {
        Reply::pass()
    }

    /// Takes the answer to a question that it asked with a popup.
    fn answered(&mut self, _answer: Answer, _world: &mut W) -> Reply<W> {
        Reply::done()
    }

    /// Reads again what it shows: it was covered and is seen again, or the file changed.
    fn refresh(&mut self, _world: &mut W) {}

    /// The actions for the hint line, the most useful first; by default those of its own layer.
    fn hints(&self) -> Vec<Hint> {
        Hint::of_layer(&self.contexts())
    }

    /// What would be lost if it closed now, in a word; nothing where drafts keep it.
    fn unsaved(&self) -> Option<String> {
        None
    }

    /// Keeps what is in hand, the field with the cursor included: the line dropped, and nobody can be asked.
    fn keep(&mut self, _world: &mut W) {}

    /// Lets go of what is unsaved, drafts included: a person said that it is not wanted.
    fn let_go(&mut self, _world: &mut W) {}

    /// How much of the body it covers.
    fn cover(&self) -> Cover {
        Cover::Whole
    }
}

/// The title line of a screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// Where one is: `农户`, `走访 · 张三顺`. The village is put behind it.
    pub place: String,
    /// What this screen has to say at the right; the day, the person and the policy where it says nothing or there is room.
    pub detail: String,
    /// What it says beside that where there is room.
    pub note: String,
}

impl Title {
    /// A title that names the place and leaves the right to the day, the person and the policy.
    pub fn of(place: impl Into<String>) -> Self {
        Self { place: place.into(), ..Self::default() }
    }

    /// The same with a word of its own at the right.
    pub fn with(place: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { place: place.into(), detail: detail.into(), note: String::new() }
    }

    /// The same with something that is said where there is room.
    pub fn and(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }
}

/// How much of the body a screen covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// All of it.
    Whole,
    /// A box in the middle, as large as this where there is room; what is under it stays to be seen.
    Popup(u16, u16),
}

/// An action in the hint line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The action.
    pub action: Action,
    /// What it is called on this screen.
    pub label: String,
}

impl Hint {
    /// An action under the name it has in the table.
    pub fn of(action: Action) -> Self {
        Self { action, label: action.row().label.to_owned() }
    }

    /// An action under a name that fits this screen better.
    pub fn named(action: Action, label: impl Into<String>) -> Self {
        Self { action, label: label.into() }
    }

    /// Everything in the most special of these layers.
    pub fn of_layer(contexts: &[Context]) -> Vec<Self> {
        let Some(own) = contexts.first() else { return Vec::new() };
        let rows = super::actions::TABLE.iter().filter(|row| row.contexts.contains(own));
        rows.map(|row| Self::of(row.action)).collect()
    }
}

/// A click or a turn of the wheel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// A click of the first button.
    Click(Position),
    /// The wheel, one notch towards the end (or the beginning) of what is under the pointer.
    Wheel(Position, Turn),
}

impl Mouse {
    /// Where.
    pub const fn position(self) -> Position {
        match self {
            Self::Click(at) | Self::Wheel(at, _) => at,
        }
    }
}

/// Which way the wheel turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// To the beginning.
    Up,
    /// To the end.
    Down,
}
