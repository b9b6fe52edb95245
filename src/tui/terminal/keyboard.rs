//! The one thread that reads the terminal, as long as the program runs. What it reads goes to whoever listens now; what
//! nobody took waits for the next one.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::tui::input::Input;

/// Takes an input, or nothing where there will be no more; says whether it still listens.
type Listener = Box<dyn Fn(Option<Input>) -> bool + Send>;

/// The reading thread, seen from outside.
#[derive(Clone, Default)]
pub(crate) struct Keyboard {
    listener: Arc<(Mutex<Option<Listener>>, Condvar)>,
}

impl Keyboard {
    /// Begins to read.
    pub fn begin() -> io::Result<Self> {
        let keyboard = Self::default();
        let own = keyboard.clone();
        std::thread::Builder::new().name("input".to_owned()).spawn(move || own.read())?;
        Ok(keyboard)
    }

    /// Hands on what is read to somebody else from now on.
    pub fn hand_to(&self, listener: impl Fn(Option<Input>) -> bool + Send + 'static) {
        let (place, changed) = &*self.listener;
        *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(listener));
        changed.notify_all();
    }

    fn read(&self) {
        loop {
            match crossterm::event::read() {
                Ok(event) => {
                    if let Some(input) = Input::from_event(event) {
                        self.deliver(Some(&input));
                    }
                }
                Err(_) => return self.deliver(None),
            }
        }
    }

    fn deliver(&self, input: Option<&Input>) {
        let (place, changed) = &*self.listener;
        let mut listener = place.lock().unwrap_or_else(PoisonError::into_inner);
        while !listener.as_ref().is_some_and(|listens| listens(input.cloned())) {
            *listener = None;
            listener = changed.wait(listener).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn what_the_last_listener_did_not_take_waits_for_the_next() {
        let keyboard = Keyboard::default();
        let (gone, _) = channel();
        keyboard.hand_to(move |input| gone.send(input).is_ok());
        let reader = keyboard.clone();
        let reading = std::thread::spawn(move || {
            reader.deliver(Some(&Input::Resize));
            reader.deliver(None);
        });
        let (next, inputs) = channel();
        keyboard.hand_to(move |input| next.send(input).is_ok());
        assert_eq!(inputs.recv().unwrap(), Some(Input::Resize));
        assert_eq!(inputs.recv().unwrap(), None);
        reading.join().unwrap();
    }
}
