//! 变更: what changed since the last hand-over, by household; handing it over; what was handed over before.

mod draw;
mod hand_over;
mod mail;
mod mail_lines;

use chrono::NaiveDate;

use crate::domain::HouseholdId;
use crate::tui::actions::Action;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::import::Chooser;
use crate::tui::widgets::list::{Hit, List};
use crate::workspace::WorkspaceError;
use crate::workspace::outgoing::{Outgoing, OutgoingChange};
use crate::workspace::states::Answered;

use hand_over::HandOver;

pub(in crate::tui) use draw::FROM_BACKUP;

/// The screen.
pub struct Changes {
    shown: Shown,
    changes: List,
    sets: List,
    /// Whether the keys are for what was handed over before.
    on_sets: bool,
}

/// What is on it.
#[derive(Default)]
struct Shown {
    day: NaiveDate,
    outgoing: Outgoing,
    lines: Vec<Line>,
    sets: Vec<Set>,
    /// Whether what was handed over before may have to be taken back in first.
    is_from_backup: bool,
    fault: Option<String>,
}

/// One change, with whose it is.
struct Line {
    id: HouseholdId,
    head: String,
    group: String,
    /// What its act was: a form, an event.
    kind: String,
    /// Whether it is the first of its household.
    is_first: bool,
    change: OutgoingChange,
}

/// A set that was made before.
struct Set {
    from: u64,
    to: u64,
    day: NaiveDate,
    by: String,
    name: String,
    /// How the county answered it.
    standing: String,
    /// Whether it was only written out, because it did not follow on the one before.
    is_copy: bool,
}

impl Changes {
    /// The screen as things stand.
    pub fn open(desk: &Desk) -> Self {
        let mut screen =
            Self { shown: Shown::default(), changes: List::default(), sets: List::default(), on_sets: false };
        screen.read(desk);
        screen
    }

    fn read(&mut self, desk: &Desk) {
        self.shown =
            Shown::of(desk).unwrap_or_else(|error| Shown { fault: Some(error.to_string()), ..Shown::default() });
        self.changes.set_len(self.shown.lines.len());
        self.sets.set_len(self.shown.sets.len());
        self.on_sets = self.on_sets && !self.shown.sets.is_empty();
    }

    fn selected(&self) -> Option<&Line> {
        self.shown.lines.get(self.changes.selected()?)
    }

    fn list(&mut self) -> &mut List {
        if self.on_sets { &mut self.sets } else { &mut self.changes }
    }

    fn open_selected(&self, desk: &mut Desk) -> Reply<Desk> {
        if self.on_sets {
            return self.hand_over_again(desk);
        }
        match self.selected() {
            Some(line) => desk.open_file(line.id, Some(line.change.section)),
            None => Reply::said("没有没交的变更"),
        }
    }

    fn hand_over(&self, desk: &mut Desk) -> Reply<Desk> {
        if self.on_sets {
            return self.hand_over_again(desk);
        }
        let Some((from, to)) = self.shown.outgoing.run else { return Reply::warned("没有要交的，都交过了") };
        if desk.workspace.author().is_none() {
            return desk.ask_who();
        }
        let (changes, _) = self.shown.outgoing.counts();
        Reply::push(HandOver::next(desk, (from, to), changes, &draw::held(&self.shown)))
    }

    fn hand_over_again(&self, desk: &mut Desk) -> Reply<Desk> {
        match self.sets.selected().and_then(|row| self.shown.sets.get(row)) {
            Some(set) => Reply::push(HandOver::again(desk, (set.from, set.to))),
            None => Reply::said("还没有交过"),
        }
    }
}

impl Shown {
    fn of(desk: &Desk) -> Result<Self, WorkspaceError> {
        let workspace = &desk.workspace;
        let outgoing = workspace.outgoing(desk.shows_private)?;
        let mut lines = Vec::new();
        for household in &outgoing.households {
            let summary = workspace.households().get(household.id);
            let group = summary.and_then(|summary| summary.group.as_deref()).unwrap_or_default();
            let head = summary.map_or("", |summary| &summary.head);
            lines.extend(household.changes.iter().enumerate().map(|(at, change)| Line {
                id: household.id,
                head: head.to_owned(),
                group: group.to_owned(),
                kind: workspace.kind_in_words(change.kind).to_owned(),
                is_first: at == 0,
                change: change.clone(),
            }));
        }
        let mut sets = Vec::new();
        let states = workspace.village().map(|village| workspace.states(village)).transpose()?;
        for handed in workspace.hand_overs().rev() {
            let answered = states.as_ref().map(|states| states.of_run(handed.from, handed.to)).transpose()?;
            sets.push(Set {
                from: handed.from,
                to: handed.to,
                day: handed.day,
                by: handed.by.to_string(),
                name: format!("{}-{:06}-{:06}", handed.village, handed.from, handed.to),
                standing: answered.map_or_else(String::new, standing),
                is_copy: handed.copy,
            });
        }
        let is_from_backup = workspace.is_fresh_from_backup();
        Ok(Self { day: workspace.today(), sets, lines, outgoing, is_from_backup, fault: None })
    }
}

/// How the county answered a set, in words.
fn standing(answered: Answered) -> String {
    match (answered.refused, answered.open) {
        (0, 0) if answered.is_answered => "县已收".to_owned(),
        (0, 0) => "没有要答的".to_owned(),
        (0, _) => "已交未回执".to_owned(),
        (refused, 0) => format!("县未录{refused}处"),
        (refused, open) => format!("县未录{refused}处，{open}处未回执"),
    }
}

impl Screen<Desk> for Changes {
    fn name(&self) -> &'static str {
        "changes"
    }

    fn title(&self) -> Title {
        if self.on_sets {
            return Title::with("变更 · 交过的", format!("{}份", self.shown.sets.len()));
        }
        let (changes, late) = self.shown.outgoing.counts();
        if changes == 0 {
            return Title::of("变更");
        }
        let late = if late > 0 { format!(" 过期{late}处") } else { String::new() };
        Title::with("变更", format!("没交{changes}处{late}"))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Changes, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        if self.on_sets {
            let again = Hint::named(Action::Open, "照原样再出");
            return vec![again, Hint::of(Action::Receive), Hint::named(Action::Next, "没交的"), Hint::of(Action::Back)];
        }
        let mut hints = Vec::new();
        if !self.shown.lines.is_empty() {
            hints.push(Hint::named(Action::Open, "户档"));
        }
        if self.shown.outgoing.run.is_some() {
            hints.push(Hint::of(Action::Export));
        }
        if !self.shown.sets.is_empty() {
            hints.push(Hint::named(Action::Next, "交过的"));
        }
        hints.extend([Action::Receive, Action::OpenReview, Action::Undo, Action::Backup, Action::Back].map(Hint::of));
        hints
    }

    fn draw(&self, canvas: &mut crate::tui::canvas::Canvas<'_>, area: ratatui::layout::Rect) {
        draw::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.open_selected(desk),
            Action::Export => self.hand_over(desk),
            Action::Receive => Reply::push(Chooser::of_receipts(desk)),
            Action::Next | Action::Previous => {
                self.on_sets = !self.on_sets && !self.shown.sets.is_empty();
                Reply::done()
            }
            action if self.list().act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list().mouse(mouse) {
            Hit::Opened => self.open_selected(desk),
            _ => Reply::done(),
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.read(desk);
    }
}
