//! Long work: it runs on a worker that owns the workspace meanwhile, so nothing needs a lock, and gives it back at the end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use super::message::Message;
use super::reply::Reply;
use crate::progress::Progress;

type Finish<W> = Box<dyn FnOnce(&mut W) -> Reply<W> + Send>;
type Work<W> = Box<dyn FnOnce(&mut W, &mut dyn Progress) -> Finish<W> + Send>;

/// Long work that is still to start.
pub struct Job<W> {
    label: String,
    work: Work<W>,
}

impl<W: Send + 'static> Job<W> {
    /// Work under a name for the screen, and what follows from its result.
    pub fn new<T: Send + 'static>(
        label: impl Into<String>,
        work: impl FnOnce(&mut W, &mut dyn Progress) -> T + Send + 'static,
        then: impl FnOnce(&mut W, T) -> Reply<W> + Send + 'static,
    ) -> Self {
        let work: Work<W> = Box::new(move |world, progress| {
            let result = work(world, progress);
            Box::new(move |world| then(world, result))
        });
        Self { label: label.into(), work }
    }

    /// Hands the workspace over and starts.
    pub(super) fn start(self, mut world: W, inbox: Sender<Message<W>>) -> std::io::Result<Running> {
        let running = Running { label: self.label, step: Step::default(), cancelled: Arc::default() };
        let mut reporter = Reporter { inbox: inbox.clone(), cancelled: running.cancelled.clone(), told: None };
        let work = self.work;
        std::thread::Builder::new().name("worker".to_owned()).spawn(move || {
            let finish = catch_unwind(AssertUnwindSafe(|| work(&mut world, &mut reporter))).ok();
            // Nobody receives it only where the program is ending.
            let _ = inbox.send(Message::Finished(Box::new(Finished { world, finish })));
        })?;
        Ok(running)
    }
}

/// Work that is done: the workspace comes back, with what follows; with nothing where the work broke off in a fault.
pub struct Finished<W> {
    pub(super) world: W,
    pub(super) finish: Option<Finish<W>>,
}

/// Work that is under way, as the frame sees it.
#[derive(Debug)]
pub(super) struct Running {
    /// Its name on the screen.
    pub label: String,
    /// How far it is.
    pub step: Step,
    cancelled: Arc<AtomicBool>,
}

impl Running {
    /// Asks it to stop as soon as nothing is left half done.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// How far work is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    pub(super) what: String,
    pub(super) done: u64,
    pub(super) of: Option<u64>,
}

/// More often than this nobody can read it.
const EVERY: Duration = Duration::from_millis(60);

struct Reporter<W> {
    inbox: Sender<Message<W>>,
    cancelled: Arc<AtomicBool>,
    told: Option<Instant>,
}

impl<W> Progress for Reporter<W> {
    fn step(&mut self, what: &str, done: u64, of: Option<u64>) {
        if self.told.is_none_or(|told| told.elapsed() >= EVERY) {
            self.told = Some(Instant::now());
            let _ = self.inbox.send(Message::Step(Step { what: what.to_owned(), done, of }));
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}
