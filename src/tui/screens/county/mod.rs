//! 各村: a county's villages, each with what it sent, what waits for what, and what nobody has answered.

mod answers;
mod draw;
mod receipts;
mod take_in;
mod trust;

use std::collections::HashMap;

use crate::domain::{Chain, VillageCode};
use crate::progress::{Progress, Unwatched};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::import::Chooser;
use crate::tui::widgets::list::{Hit, List};
use crate::workspace::WorkspaceError;
use crate::workspace::county::VillageState;

pub(super) use answers::Answers;
pub(super) use take_in::take_in;

/// The villages.
pub struct County {
    villages: Vec<VillageState>,
    /// How far the chains of each had come when it was looked at.
    seen: HashMap<VillageCode, (u64, u64)>,
    list: List,
    day: chrono::NaiveDate,
    fault: Option<String>,
}

/// So many villages are looked at without a word on how far it is.
const AT_ONCE: usize = 20;

impl Desk {
    /// What changed: at a village what is to be handed over, at a county what its villages handed over.
    pub fn open_changes(&mut self) -> Reply<Self> {
        match self.workspace.village() {
            Some(village) if self.workspace.is_copy(village) => {
                Reply::open("answers", move |desk| Box::new(Answers::open(desk, village)))
            }
            None if self.workspace.is_countys() => self.open_county(),
            _ => Reply::open("changes", |desk| Box::new(super::changes::Changes::open(desk))),
        }
    }

    fn open_county(&mut self) -> Reply<Self> {
        if self.workspace.store().villages().len() <= AT_ONCE {
            return Reply::open("county", |desk: &mut Self| {
                let states = desk.workspace.states_of_villages(&mut Unwatched);
                Box::new(County::of(desk, states))
            });
        }
        let look = |desk: &mut Self, progress: &mut dyn Progress| desk.workspace.states_of_villages(progress);
        Reply::start(Job::new("看各村", look, |_, states| {
            Reply::open("county", |desk: &mut Self| Box::new(County::of(desk, states)))
        }))
    }
}

impl County {
    fn of(desk: &Desk, states: Result<Vec<VillageState>, WorkspaceError>) -> Self {
        let (villages, fault) = match states {
            Ok(villages) => (villages, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let seen = villages.iter().map(|state| (state.village, far(desk, state.village))).collect();
        let list = List::new(villages.len());
        Self { villages, seen, list, day: desk.workspace.today(), fault }
    }

    /// Looks again at those villages of which something came or was said.
    fn read(&mut self, desk: &Desk) -> Result<(), WorkspaceError> {
        let (waiting, strangers) = (desk.workspace.waiting_sets(), desk.workspace.strangers());
        let of_sets = waiting.iter().map(|it| it.set.village).chain(strangers.iter().map(|it| it.set.village));
        let known = desk.workspace.store().villages().into_iter().chain(of_sets);
        let codes: std::collections::BTreeSet<VillageCode> = known.collect();
        let mut old: HashMap<VillageCode, VillageState> =
            std::mem::take(&mut self.villages).into_iter().map(|state| (state.village, state)).collect();
        for code in codes {
            let now = far(desk, code);
            let known = old.remove(&code).filter(|_| self.seen.get(&code) == Some(&now));
            let state = match known {
                Some(mut state) => {
                    state.waiting = waiting.iter().filter(|it| it.set.village == code).cloned().collect();
                    state.strangers = strangers.iter().filter(|it| it.set.village == code).cloned().collect();
                    state.owed = desk.workspace.is_owed(code)?;
                    state
                }
                None => desk.workspace.state_of_village(code, &waiting, &strangers)?,
            };
            self.seen.insert(code, now);
            self.villages.push(state);
        }
        Ok(())
    }

    fn selected(&self) -> Option<&VillageState> {
        self.villages.get(self.list.selected()?)
    }

    fn open_selected(&self, desk: &mut Desk) -> Reply<Desk> {
        match self.selected() {
            Some(VillageState { strangers, .. }) if !strangers.is_empty() => trust::ask(desk, &strangers[0]),
            Some(state) if state.last == 0 => Reply::warned("只收到要等前面的变更集，还没有可看的"),
            Some(state) => Reply::push(Answers::open(desk, state.village)),
            None => Reply::said("还没有村：先收变更集"),
        }
    }
}

/// How far a village's chain and the county's answers to it have come.
fn far(desk: &Desk, village: VillageCode) -> (u64, u64) {
    let store = desk.workspace.store();
    (store.counters(village).last_act, store.counters(Chain::of_county(village)).last_act)
}

impl Screen<Desk> for County {
    fn name(&self) -> &'static str {
        "county"
    }

    fn title(&self) -> Title {
        let owed = self.villages.iter().filter(|state| state.owed).count();
        Title::with("变更", format!("{}个村 要答复{owed}个", self.villages.len()))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::County, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = Vec::new();
        if let Some(state) = self.selected() {
            hints.push(Hint::named(Action::Open, if state.strangers.is_empty() { "答复" } else { "认可钥匙" }));
        }
        hints.extend([Action::TakeInSets, Action::WriteReceipts, Action::ChooseVillage, Action::Undo].map(Hint::of));
        hints.push(Hint::of(Action::Back));
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: ratatui::layout::Rect) {
        draw::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.open_selected(desk),
            Action::TakeInSets => Reply::push(Chooser::for_sets(desk)),
            Action::WriteReceipts => receipts::ask(desk, None),
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.open_selected(desk),
            _ => Reply::done(),
        }
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        let stranger = self.selected().and_then(|state| state.strangers.first());
        if let Some(reply) = trust::answered(&answer, stranger) {
            return reply;
        }
        // Where a popup told what was done, the list behind it is out of date.
        receipts::answered(&answer, desk, None).unwrap_or_else(|| Reply::done().refresh())
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.fault = self.read(desk).err().map(|error| error.to_string());
        self.list.set_len(self.villages.len());
    }
}
