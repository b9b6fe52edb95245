//! 审核: what waits for the first secretary, household by household: approved with one key, or returned with a remark.

mod draw;
mod lines;

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::domain::HouseholdId;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::ask::Ask;
use crate::tui::screens::kept::Kept;
use crate::tui::widgets::form::{Field, Form};
use crate::tui::widgets::list::{Hit, List};
use crate::workspace::WorkspaceError;
use crate::workspace::review_queue::{State, ToReview};
use crate::workspace::typed::About;

use lines::Line;

/// The queue.
pub struct Review {
    lines: Vec<Line>,
    list: List,
    marked: BTreeSet<HouseholdId>,
    /// What there is to know of the selected household.
    beside: Option<ToReview>,
    /// Which page of it is seen, from 0.
    page: usize,
    /// How many pages there are, as it was last drawn.
    pages: std::cell::Cell<usize>,
    /// This year, which is left out of days.
    year: i32,
    is_reviewer: bool,
    /// The household that is being returned.
    asked: Option<HouseholdId>,
    fault: Option<String>,
}

const GIVE_BACK: &str = "review.give-back";

impl Review {
    /// The queue as it stands.
    pub fn open(desk: &mut Desk) -> Self {
        let mut screen = Self {
            lines: Vec::new(),
            list: List::default(),
            marked: BTreeSet::new(),
            beside: None,
            page: 0,
            pages: std::cell::Cell::new(1),
            year: 0,
            is_reviewer: false,
            asked: None,
            fault: None,
        };
        screen.read(desk);
        screen
    }

    fn read(&mut self, desk: &Desk) {
        let workspace = &desk.workspace;
        self.is_reviewer = workspace.is_reviewer();
        self.year = workspace.today().year();
        (self.lines, self.fault) = match workspace.review_queue() {
            Ok(queue) => (queue.into_iter().map(|line| Line::of(workspace, line)).collect(), None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let there: BTreeSet<HouseholdId> = self.lines.iter().map(|line| line.queued.id).collect();
        self.marked.retain(|id| there.contains(id));
        self.list.set_len(self.lines.len());
        self.look_beside(desk);
    }

    fn look_beside(&mut self, desk: &Desk) {
        self.page = 0;
        let beside = self.selected().map(|line| desk.workspace.to_review(line.queued.id, desk.shows_private));
        self.beside = match beside.transpose() {
            Ok(beside) => beside,
            Err(error) => {
                self.fault = Some(error.to_string());
                None
            }
        };
    }

    fn selected(&self) -> Option<&Line> {
        self.lines.get(self.list.selected()?)
    }

    fn count(&self, state: State) -> usize {
        self.lines.iter().filter(|line| line.queued.state == state).count()
    }

    /// Approves those that are marked, else the selected one, and stands at the next.
    fn approve(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if desk.workspace.author().is_none() {
            return desk.ask_who();
        }
        let these: Vec<HouseholdId> = match (self.marked.is_empty(), self.selected()) {
            (false, _) => self.marked.iter().copied().collect(),
            (true, Some(line)) => vec![line.queued.id],
            (true, None) => return Reply::warned("没有要审的"),
        };
        match desk.workspace.approve(&these) {
            Ok(approved) => {
                let own = approved.own.len();
                let reply = match (approved.households.len(), own) {
                    (0, 0) => Reply::warned("已经通过了"),
                    (0, _) => Reply::warned("自己录的自己不能通过：要另一位第一书记来审，或交县后请县里收下"),
                    (_, 0) => Reply::said(self.outcome(&approved.households)),
                    _ => {
                        let says = self.outcome(&approved.households);
                        Reply::warned(format!("{says}；{own}户有自己录的，要另一位第一书记来审或县里点头"))
                    }
                };
                if approved.act.is_some() {
                    self.marked.clear();
                    self.read(desk);
                }
                reply
            }
            Err(error) => refused(&error),
        }
    }

    /// The queue at a household whose return was being written, and the remark as it was left.
    pub(in crate::tui::screens) fn resume(desk: &mut Desk, id: HouseholdId) -> Reply<Desk> {
        let mut screen = Self::open(desk);
        let Some(row) = screen.lines.iter().position(|line| line.queued.id == id) else {
            return Reply::warned("这一户没有要审的了；不要了就丢掉");
        };
        screen.list.select(row);
        screen.look_beside(desk);
        let asked = screen.ask_remark(desk);
        Reply::push(screen).then(asked)
    }

    fn outcome(&self, approved: &[HouseholdId]) -> String {
        let waiting = |line: &&Line| line.queued.state == State::Waiting && !approved.contains(&line.queued.id);
        let left = self.lines.iter().filter(waiting).count();
        let of_one = |id: HouseholdId| self.lines.iter().find(|line| line.queued.id == id);
        let whose = match approved {
            [one] => of_one(*one).map_or("", |line| &line.head).to_owned(),
            several => format!("{}户", several.len()),
        };
        if left == 0 {
            format!("{whose} 已通过，都审完了")
        } else {
            format!("{whose} 已通过，还有{left}户待审")
        }
    }

    fn ask_remark(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if desk.workspace.author().is_none() {
            return desk.ask_who();
        }
        if !self.is_reviewer {
            return not_hers();
        }
        let Some(line) = self.selected() else { return Reply::warned("没有要审的") };
        let (id, title) = (line.queued.id, format!("退回 {}", line.head));
        self.asked = Some(id);
        let ask = Ask::new(GIVE_BACK, title, Self::remark(desk, ""));
        Reply::push(Kept::open(desk, About::Return(id), ask))
    }

    fn remark(desk: &Desk, holding: &str) -> Form {
        let field = Field::text("remark", "哪里要改").required().holding(holding);
        let field = field.hint("协管员在今日第一眼看到，照着改");
        Form::new(vec![field], desk.workspace.today())
    }

    fn open_file(&self, desk: &mut Desk) -> Reply<Desk> {
        let Some(line) = self.selected() else { return Reply::warned("没有要审的") };
        desk.listed = self.lines.iter().map(|line| line.queued.id).collect();
        desk.open_file(line.queued.id, line.queued.sections.first().map(|(section, _)| *section))
    }
}

/// A refusal, in the words of a screen.
fn refused(error: &WorkspaceError) -> Reply<Desk> {
    match error {
        WorkspaceError::NotYours(_) => not_hers(),
        other => Reply::warned(other.to_string()),
    }
}

fn not_hers() -> Reply<Desk> {
    Reply::warned("通过、退回是第一书记的事；请第一书记来，先按换人")
}

impl Screen<Desk> for Review {
    fn name(&self) -> &'static str {
        "review"
    }

    fn title(&self) -> Title {
        if self.lines.is_empty() {
            return Title::of("审核");
        }
        let marked = if self.marked.is_empty() { String::new() } else { format!(" 选中{}", self.marked.len()) };
        Title::with("审核", format!("待审{}户{marked}", self.count(State::Waiting)))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Review, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        if self.lines.is_empty() {
            return vec![Hint::of(Action::OpenChanges), Hint::of(Action::Back)];
        }
        let mut hints = Vec::new();
        if self.is_reviewer {
            let approve = if self.marked.is_empty() { "通过" } else { "选中的都通过" };
            hints.push(Hint::named(Action::Approve, approve));
            hints.push(Hint::of(Action::GiveBack));
            hints.push(Hint::of(Action::Mark));
        }
        hints.push(Hint::named(Action::Next, "翻下面"));
        hints.push(Hint::named(Action::Open, "户档"));
        hints.extend([Action::Unmask, Action::Back].map(Hint::of));
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: ratatui::layout::Rect) {
        draw::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Approve => self.approve(desk),
            Action::GiveBack => self.ask_remark(desk),
            Action::Open => self.open_file(desk),
            Action::Mark => {
                if let Some(id) = self.selected().map(|line| line.queued.id) {
                    if !self.marked.remove(&id) {
                        self.marked.insert(id);
                    }
                    self.list.act(Action::Down);
                    self.look_beside(desk);
                }
                Reply::done()
            }
            Action::Next => {
                self.page = (self.page + 1) % self.pages.get().max(1);
                Reply::done()
            }
            Action::Previous => {
                let pages = self.pages.get().max(1);
                self.page = (self.page + pages - 1) % pages;
                Reply::done()
            }
            action if self.list.act(action) => {
                self.look_beside(desk);
                Reply::done()
            }
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => return self.open_file(desk),
            Hit::Moved => self.look_beside(desk),
            Hit::Missed => {}
        }
        Reply::done()
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        let (GIVE_BACK, Some(id)) = (answer.question, self.asked) else { return Reply::done() };
        let remark = answer.value("remark");
        match desk.workspace.give_back(id, remark) {
            Ok(_) => {
                let head = desk.workspace.household_in_words(id);
                self.marked.remove(&id);
                self.read(desk);
                Reply::said(format!("{head} 已退回，协管员在今日看到"))
            }
            // What was typed is not lost.
            Err(error) => {
                let ask = Ask::new(GIVE_BACK, "没有退回", Self::remark(desk, remark));
                Reply::push(Kept::open(desk, About::Return(id), ask)).warn(error.to_string())
            }
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.read(desk);
    }
}
