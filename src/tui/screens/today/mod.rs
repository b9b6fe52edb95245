//! 今日: where the month stands, which days are next, and what to do first, household by household.

mod counts;
mod draw;

use chrono::NaiveDate;

use crate::domain::{HouseholdId, Role};
use crate::rules::check::Settled;
use crate::rules::due::Deadline;
use crate::rules::first::{Place, Thing};
use crate::tui::actions::Action;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::dialog::Dialog;
use crate::tui::widgets::list::{Hit, List};
use crate::tui::world::World;
use crate::workspace::WorkspaceError;
use crate::workspace::review_queue::{InQueue, State};
use crate::workspace::unfinished::Unfinished;
use crate::workspace::worklist::MonthState;

use counts::{Count, Goes};

/// Nobody reads further down than that; the lists of each kind have all.
const MOST_THINGS: usize = 1_000;

/// The first screen.
pub struct Today {
    shown: Shown,
    counts: List,
    things: List,
    /// Whether the keys are for the counts; else for what to do first.
    on_counts: bool,
}

/// What is on it.
#[derive(Default)]
struct Shown {
    day: NaiveDate,
    /// The screening round that the counts speak of.
    round: String,
    counts: Vec<Count>,
    deadlines: Vec<(Deadline, Option<usize>)>,
    things: Vec<Line>,
    /// How many of them are half filled.
    unfinished: usize,
    /// How many there are, those that are not listed included.
    things_in_all: usize,
    /// Whether the first secretary sits here, who asks about forms.
    for_secretary: bool,
    /// Whether there is no household at all.
    is_empty: bool,
    /// Whether a county's villages are at work all together.
    of_county: bool,
    /// Why nothing could be read.
    fault: Option<String>,
}

/// A thing to do, with whom it concerns.
struct Line {
    /// Nobody, where it is no household's.
    id: Option<HouseholdId>,
    head: String,
    group: String,
    what: What,
}

/// What is to be done.
enum What {
    /// Something that waits in a household.
    Thing(Thing),
    /// Something half filled, with its words: it comes before all else.
    Unfinished(Unfinished, String),
}

/// Whether something half filled is thrown away.
const DISCARD: &str = "today.discard";

/// So many lines have words on each side of the selection, more than a window has.
const AHEAD: usize = 45;

impl Today {
    /// The screen as the month stands.
    pub fn open(desk: &mut Desk) -> Self {
        let mut screen =
            Self { shown: Shown::default(), counts: List::default(), things: List::default(), on_counts: false };
        screen.read(desk);
        screen.focus(screen.shown.things.is_empty());
        screen
    }

    fn read(&mut self, desk: &Desk) {
        self.shown = Shown::of(desk).unwrap_or_else(|error| Shown {
            fault: Some(error.to_string()),
            day: desk.workspace.today(),
            ..Shown::default()
        });
        self.counts.set_len(self.shown.counts.len());
        self.things.set_len(self.shown.things.len());
        self.fill(desk);
    }

    /// Makes the words of what the checks find, of those lines that can be seen.
    fn fill(&mut self, desk: &Desk) {
        let reach = self.things.reach(AHEAD);
        for line in self.shown.things.get_mut(reach).unwrap_or_default() {
            let (Some(id), What::Thing(thing)) = (line.id, &mut line.what) else { continue };
            let Place::Finding(check) = thing.place else { continue };
            if !thing.why.is_empty() {
                continue;
            }
            // A file that cannot be read says so where it is opened.
            let mut found = desk.workspace.findings(id).unwrap_or_default();
            found.retain(|finding| finding.number == check && finding.settled == Settled::Open);
            if let Some(first) = found.first() {
                let more = if found.len() > 1 { format!("，另{}处", found.len() - 1) } else { String::new() };
                thing.why = format!("{}{more}", first.message);
                thing.code = first.code.as_str();
            }
        }
    }

    fn focus(&mut self, on_counts: bool) {
        self.on_counts = on_counts;
        self.counts.focus(on_counts);
        self.things.focus(!on_counts);
    }

    fn open_selected(&self, desk: &mut Desk) -> Reply<Desk> {
        if self.shown.is_empty && self.shown.of_county {
            return desk.act(Action::OpenChanges);
        }
        if self.shown.is_empty {
            return desk.act(Action::OpenImport);
        }
        if self.on_counts {
            let count = self.counts.selected().and_then(|row| self.shown.counts.get(row));
            return match count.map(|count| count.goes) {
                Some(Goes::Households(line)) => desk.open_households(line),
                Some(Goes::Findings) => desk.act(Action::OpenFindings),
                Some(Goes::Stale) => desk.act(Action::OpenStale),
                Some(Goes::Changes) => desk.act(Action::OpenChanges),
                Some(Goes::Review) => desk.act(Action::OpenReview),
                Some(Goes::Tasks) => desk.open_tasks(None),
                None => Reply::done(),
            };
        }
        match self.line().map(|line| (line.id, &line.what)) {
            Some((Some(id), What::Thing(thing))) => desk.go(id, thing.place),
            Some((_, What::Unfinished(one, _))) => desk.resume(one),
            Some((None, What::Thing(_))) | None => Reply::said("没有要先做的"),
        }
    }

    fn line(&self) -> Option<&Line> {
        self.shown.things.get(self.things.selected()?)
    }

    /// Asks whether something half filled is thrown away.
    fn ask_discard(&self) -> Reply<Desk> {
        match self.line().filter(|_| !self.on_counts).map(|line| (&line.head, &line.what)) {
            Some((head, What::Unfinished(_, words))) => {
                let says = format!("{head} {words}。丢掉了就没有了。").trim_start().to_owned();
                Reply::push(Dialog::question(DISCARD, "丢掉没存的", says, &["留着", "丢掉"]))
            }
            _ => Reply::said("这一行没有没存的"),
        }
    }

    fn discard(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some(What::Unfinished(one, _)) = self.line().map(|line| &line.what) else { return Reply::done() };
        match desk.workspace.drop_unfinished(one) {
            Ok(()) => Reply::said("没存的丢掉了").refresh(),
            Err(error) => Reply::warned(error.to_string()),
        }
    }
}

impl Shown {
    fn of(desk: &Desk) -> Result<Self, WorkspaceError> {
        let workspace = &desk.workspace;
        if workspace.is_county_wide() {
            return Self::of_county(desk);
        }
        let month = workspace.month()?;
        let of_whom = |id: HouseholdId, thing| {
            let summary = workspace.households().get(id);
            let head = summary.map_or("", |summary| &summary.head);
            Line { id: Some(id), head: head.to_owned(), group: desk.place_of(id), what: What::Thing(thing) }
        };
        let unfinished = unfinished(desk)?;
        let round = workspace.policy().round_on(workspace.today());
        let first = workspace.first_things(MOST_THINGS)?;
        let waits = first.things.into_iter().map(|(id, thing)| of_whom(id, thing));
        let for_secretary = workspace.author().is_some_and(|author| author.role == Role::Secretary);
        let mut counts = counts::of(&month);
        if for_secretary && workspace.settings().needs_approval {
            let unseen = |line: &InQueue| matches!(line.state, State::Waiting | State::Own);
            counts.insert(0, counts::to_review(workspace.review_queue()?.iter().filter(|line| unseen(line)).count()));
        }
        Ok(Self {
            day: workspace.today(),
            round: round.map_or(String::new(), |round| format!("排查轮次 {}", round.label)),
            counts,
            deadlines: workspace.next_deadlines(&month)?,
            unfinished: unfinished.len(),
            things: unfinished.into_iter().chain(waits).collect(),
            things_in_all: first.of,
            for_secretary,
            is_empty: !workspace.households().iter().any(|summary| workspace.is_at_work(summary.id)),
            of_county: false,
            fault: None,
        })
    }

    /// A county's day: what its villages sent and wait for. Households are looked at village by village.
    fn of_county(desk: &Desk) -> Result<Self, WorkspaceError> {
        let workspace = &desk.workspace;
        let things = unfinished(desk)?;
        let villages = workspace.states_of_villages(&mut crate::progress::Unwatched)?;
        Ok(Self {
            day: workspace.today(),
            deadlines: workspace.next_deadlines(&MonthState::default())?,
            is_empty: villages.is_empty(),
            counts: counts::of_county(&villages),
            unfinished: things.len(),
            things,
            of_county: true,
            ..Self::default()
        })
    }
}

/// What is half filled, with whose it is.
fn unfinished(desk: &Desk) -> Result<Vec<Line>, WorkspaceError> {
    let workspace = &desk.workspace;
    let line = |one: Unfinished| {
        let id = one.household();
        let summary = id.and_then(|id| workspace.households().get(id));
        let words = workspace.unfinished_in_full(&one);
        Line {
            id,
            head: summary.map_or_else(String::new, |summary| summary.head.to_string()),
            group: id.map_or_else(String::new, |id| desk.place_of(id)),
            what: What::Unfinished(one, words),
        }
    };
    Ok(workspace.unfinished()?.into_iter().map(line).collect())
}

impl Screen<Desk> for Today {
    fn name(&self) -> &'static str {
        "today"
    }

    fn title(&self) -> Title {
        Title::of("今日")
    }

    fn contexts(&self) -> Vec<Context> {
        let of_role = self.shown.for_secretary.then_some(Context::Secretary);
        of_role.into_iter().chain([Context::Today, Context::List, Context::Global]).collect()
    }

    fn hints(&self) -> Vec<Hint> {
        if matches!(self.line().map(|line| &line.what), Some(What::Unfinished(..))) && !self.on_counts {
            let go_on = [Hint::named(Action::Open, "接着填"), Hint::of(Action::Discard)];
            let others =
                [Action::OpenHouseholds, Action::OpenVisit, Action::OpenChanges, Action::Palette, Action::Quit];
            return go_on.into_iter().chain(others.map(Hint::of)).collect();
        }
        if self.shown.of_county {
            let changes = Hint::named(Action::OpenChanges, "各村变更");
            let others = [
                Action::ChooseVillage,
                Action::OpenHouseholds,
                Action::OpenFindings,
                Action::OpenCalendar,
                Action::OpenStale,
                Action::OpenImport,
                Action::Undo,
                Action::Palette,
                Action::Quit,
            ];
            return [changes].into_iter().chain(others.map(Hint::of)).collect();
        }
        if self.shown.is_empty {
            return [Action::OpenImport, Action::SwitchPerson, Action::Quit].map(Hint::of).to_vec();
        }
        let mut hints = vec![Hint::of(Action::Open)];
        hints.push(Hint::named(Action::Next, if self.on_counts { "先做这些" } else { "本月" }));
        if self.shown.for_secretary {
            hints.extend([Action::OpenReview, Action::OpenDeskSigns].map(Hint::of));
        }
        hints.extend(
            [
                Action::OpenHouseholds,
                Action::OpenVisit,
                Action::OpenScreening,
                Action::OpenFindings,
                Action::OpenChanges,
                Action::OpenCalendar,
                Action::OpenStale,
                Action::PrintRound,
                Action::OpenImport,
                Action::Undo,
                Action::Palette,
                Action::Quit,
            ]
            .map(Hint::of),
        );
        hints
    }

    fn draw(&self, canvas: &mut crate::tui::canvas::Canvas<'_>, area: ratatui::layout::Rect) {
        draw::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let list = if self.on_counts { &mut self.counts } else { &mut self.things };
        match action {
            Action::Open => self.open_selected(desk),
            Action::Discard => self.ask_discard(),
            Action::Next | Action::Previous => {
                self.focus(!self.on_counts || (self.shown.of_county && self.shown.things.is_empty()));
                Reply::done()
            }
            // From one village of a county a step back leads to all of them.
            Action::Back if desk.workspace.is_countys() && !desk.workspace.is_county_wide() => {
                let several = desk.workspace.store().villages().len() > 1;
                match several.then(|| desk.work_at(None)) {
                    None => Reply::pass(),
                    Some(Ok(())) => Reply::said("回到全部村").refresh(),
                    Some(Err(error)) => Reply::warned(error.to_string()),
                }
            }
            action if list.act(action) => {
                self.fill(desk);
                Reply::done()
            }
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        for on_counts in [true, false] {
            let was_here = self.on_counts == on_counts;
            let list = if on_counts { &mut self.counts } else { &mut self.things };
            match list.mouse(mouse) {
                Hit::Missed => {}
                Hit::Opened if was_here => return self.open_selected(desk),
                Hit::Opened | Hit::Moved => {
                    self.focus(on_counts);
                    self.fill(desk);
                    return Reply::done();
                }
            }
        }
        Reply::done()
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        if answer.question == DISCARD {
            return if answer.choice == 1 { self.discard(desk) } else { Reply::done() };
        }
        desk.answered(&answer)
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let was = (self.shown.is_empty, self.shown.of_county);
        self.read(desk);
        if was.0 || was.1 != self.shown.of_county || (self.shown.things.is_empty() && !self.on_counts) {
            self.focus(self.shown.things.is_empty());
        }
    }
}
