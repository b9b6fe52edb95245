//! The open screens, one on another: what lies under a popup is seen, what lies under a screen waits.

use super::screen::{Cover, Screen};

/// The open screens; there is always one.
pub(super) struct Stack<W> {
    home: Box<dyn Screen<W>>,
    above: Vec<Box<dyn Screen<W>>>,
}

impl<W> Stack<W> {
    pub fn new(home: Box<dyn Screen<W>>) -> Self {
        Self { home, above: Vec::new() }
    }

    pub fn top(&self) -> &dyn Screen<W> {
        self.above.last().unwrap_or(&self.home).as_ref()
    }

    pub fn top_mut(&mut self) -> &mut dyn Screen<W> {
        self.above.last_mut().unwrap_or(&mut self.home).as_mut()
    }

    pub fn push(&mut self, screen: Box<dyn Screen<W>>) {
        self.above.push(screen);
    }

    /// Takes the top off; the home screen stays.
    pub fn pop(&mut self) -> bool {
        self.above.pop().is_some()
    }

    /// Puts another screen in the place of the top.
    pub fn replace(&mut self, screen: Box<dyn Screen<W>>) {
        match self.above.last_mut() {
            Some(top) => *top = screen,
            None => self.home = screen,
        }
    }

    pub fn is_home(&self) -> bool {
        self.above.is_empty()
    }

    fn all(&self) -> impl DoubleEndedIterator<Item = &dyn Screen<W>> {
        std::iter::once(&self.home).chain(&self.above).map(AsRef::as_ref)
    }

    /// All of them, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Box<dyn Screen<W>>> {
        std::iter::once(&mut self.home).chain(&mut self.above)
    }

    /// How deep the screen of this name lies, counted from the home screen.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.all().position(|screen| screen.name() == name)
    }

    /// Closes what lies above this depth.
    pub fn keep(&mut self, depth: usize) {
        self.above.truncate(depth);
    }

    /// What would be lost if everything above this depth closed.
    pub fn unsaved_above(&self, depth: usize) -> Vec<String> {
        self.all().skip(depth + 1).filter_map(Screen::unsaved).collect()
    }

    /// What would be lost if all of it closed.
    pub fn unsaved(&self) -> Vec<String> {
        self.all().filter_map(Screen::unsaved).collect()
    }

    /// What is seen, the lowest first: the last whole screen, and the popups above it.
    pub fn seen(&self) -> impl Iterator<Item = &dyn Screen<W>> {
        let popups = self.all().rev().take_while(|screen| screen.cover() != Cover::Whole).count();
        self.all().skip(self.above.len().saturating_sub(popups))
    }
}
