//! What a screen answers when it was asked to do something: nothing, or what should happen next.

use super::actions::Action;
use super::job::Job;
use super::screen::Screen;

/// Makes a screen.
pub type Make<W> = Box<dyn FnOnce(&mut W) -> Box<dyn Screen<W>>>;

/// One thing that should happen.
pub enum Effect<W> {
    /// A screen or popup on top.
    Push(Box<dyn Screen<W>>),
    /// Another screen in the place of this one.
    Replace(Box<dyn Screen<W>>),
    /// The main screen of this name: the one that is under here already, or else a new one on top.
    Open(&'static str, Make<W>),
    /// One step back.
    Pop,
    /// One step back, and this answer to whoever is under it.
    Answer(Answer),
    /// Something with the workspace, once all that was asked for before it is done.
    Then(Box<dyn FnOnce(&mut W)>),
    /// An action for whoever is on top now.
    Act(Action),
    /// What is shown may be out of date.
    Refresh,
    /// A word in the status line.
    Say(Status),
    /// Long work.
    Start(Job<W>),
    /// Everything drawn anew.
    Redraw,
    /// The end of the program.
    Quit,
}

/// What a popup was opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Which question.
    pub question: &'static str,
    /// Which choice, counted from 0; the first one is to leave things as they are.
    pub choice: usize,
    /// What was filled in, by the ids of the fields.
    pub values: Vec<(String, String)>,
}

impl Answer {
    /// What was filled in for a field; blank where nothing was.
    pub fn value(&self, id: &str) -> &str {
        self.values.iter().find(|(known, _)| known == id).map_or("", |(_, value)| value)
    }
}

/// What just happened, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The sentence.
    pub text: String,
    /// Whether something did not go as asked.
    pub is_warning: bool,
}

/// What a screen answers. An action that it does not know is [`Reply::pass`]ed on to the frame.
pub struct Reply<W> {
    pub(super) is_taken: bool,
    pub(super) effects: Vec<Effect<W>>,
}

impl<W> Reply<W> {
    /// Not for this screen.
    pub const fn pass() -> Self {
        Self { is_taken: false, effects: Vec::new() }
    }

    /// Done, and nothing more.
    pub const fn done() -> Self {
        Self { is_taken: true, effects: Vec::new() }
    }

    /// Opens a screen or popup on top.
    pub fn push(screen: impl Screen<W> + 'static) -> Self {
        Self::done().and(Effect::Push(Box::new(screen)))
    }

    /// Puts another screen in the place of this one.
    pub fn replace(screen: impl Screen<W> + 'static) -> Self {
        Self::done().and(Effect::Replace(Box::new(screen)))
    }

    /// Goes to the main screen of a name, made anew where it is not open yet.
    pub fn open(name: &'static str, make: impl FnOnce(&mut W) -> Box<dyn Screen<W>> + 'static) -> Self {
        Self::done().and(Effect::Open(name, Box::new(make)))
    }

    /// Goes one step back.
    pub fn pop() -> Self {
        Self::done().and(Effect::Pop)
    }

    /// Goes one step back with the answer to a question.
    pub fn answer(question: &'static str, choice: usize) -> Self {
        Self::done().and(Effect::Answer(Answer { question, choice, values: Vec::new() }))
    }

    /// Starts long work; it is the last thing that a reply can ask for.
    pub fn start(job: Job<W>) -> Self {
        Self::done().and(Effect::Start(job))
    }

    /// Says what happened.
    pub fn said(text: impl Into<String>) -> Self {
        Self::done().say(text)
    }

    /// Says what did not go.
    pub fn warned(text: impl Into<String>) -> Self {
        Self::done().warn(text)
    }

    /// And then this.
    pub fn and(mut self, effect: Effect<W>) -> Self {
        self.is_taken = true;
        self.effects.push(effect);
        self
    }

    /// And then all that another reply asks for.
    pub fn then(mut self, other: Self) -> Self {
        self.is_taken |= other.is_taken;
        self.effects.extend(other.effects);
        self
    }

    /// And says what happened.
    pub fn say(self, text: impl Into<String>) -> Self {
        self.and(Effect::Say(Status { text: text.into(), is_warning: false }))
    }

    /// And says what did not go.
    pub fn warn(self, text: impl Into<String>) -> Self {
        self.and(Effect::Say(Status { text: text.into(), is_warning: true }))
    }

    /// And has the screen on top read again what it shows.
    pub fn refresh(self) -> Self {
        self.and(Effect::Refresh)
    }
}
