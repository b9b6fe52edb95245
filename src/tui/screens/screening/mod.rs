//! 筛查: the round's forms, household by household: how far it has come, who has none yet, and the next one to fill.

mod draw;
mod rows;

use ratatui::layout::Rect;

use crate::catalogue::Deed;
use crate::domain::{HouseholdId, Name};
use crate::forms::FormKind;
use crate::rules::standing::Progress;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::form::{FormScreen, SAVED};
use crate::tui::widgets::list::{Hit, List};
use crate::tui::widgets::picker::{Choice, Picked, Picker};

use rows::{Mark, Row, Tally};

/// The name by which the screen is found again.
pub const NAME: &str = "screening";

/// The screen.
pub struct Screening {
    label: String,
    days: String,
    rows: Vec<Row>,
    tallies: Vec<Tally>,
    /// Whether those are shown too of whom everything is filled.
    is_all: bool,
    /// The one group of the village that is shown.
    group: Option<String>,
    /// The rows that are shown, by their place.
    shown: Vec<usize>,
    list: List,
    picker: Option<(Picker, Vec<Option<String>>)>,
    /// Whose form was opened last from here.
    opened: Option<HouseholdId>,
    fault: Option<String>,
}

impl Desk {
    /// The screening form of a household, where the round asks for one.
    pub fn open_screening(&mut self, id: HouseholdId) -> Reply<Self> {
        let standing = match self.workspace.standing(id) {
            Ok(standing) => standing,
            Err(error) => return Reply::warned(error.to_string()),
        };
        if self.workspace.policy().round_on(self.workspace.today()).is_none() {
            return Reply::warned("政策文件里没有筛查轮次；有线索的填排查表");
        }
        if standing.screening == Progress::NotWanted {
            return Reply::warned("监测对象和销户的不填筛查表；有线索的填排查表");
        }
        open_form(self, id, FormKind::Screening)
    }

    /// The verification form of a household: in a round, or at any time on a clue.
    pub fn open_verification(&mut self, id: HouseholdId) -> Reply<Self> {
        if self.workspace.households().get(id).is_some_and(|summary| summary.closed) {
            return Reply::warned("户档已销户，不填排查表");
        }
        open_form(self, id, FormKind::Verification)
    }

    /// The round with all its households.
    pub fn open_round_of_screening(&mut self) -> Reply<Self> {
        Reply::open(NAME, |desk| Box::new(Screening::open(desk)))
    }
}

fn open_form(desk: &mut Desk, id: HouseholdId, kind: FormKind) -> Reply<Desk> {
    let deed = if kind == FormKind::Screening { Deed::Screening } else { Deed::Verification };
    if let Some(refused) = desk.refuses(id, deed) {
        return refused;
    }
    let name: Option<Name> = desk.workspace.definitions().forms.all().find(|form| form.kind == kind).map(|f| f.name);
    match name.map(|name| FormScreen::open(desk, id, name)) {
        Some(Ok(Some(form))) => Reply::push(form),
        Some(Err(error)) => Reply::warned(error.to_string()),
        Some(Ok(None)) | None => Reply::warned("没有这种表"),
    }
}

/// A group of the village by its name.
fn group_in_words(group: &str) -> &str {
    if group.is_empty() { "没写组" } else { group }
}

impl Screening {
    /// The round on this day, at the first household that is left.
    pub fn open(desk: &mut Desk) -> Self {
        let mut screen = Self {
            label: String::new(),
            days: String::new(),
            rows: Vec::new(),
            tallies: Vec::new(),
            is_all: false,
            group: None,
            shown: Vec::new(),
            list: List::default(),
            picker: None,
            opened: None,
            fault: None,
        };
        screen.refresh(desk);
        screen
    }

    /// What there is to say instead of a list.
    fn says(&self) -> Option<String> {
        if let Some(fault) = &self.fault {
            return Some(fault.clone());
        }
        if self.label.is_empty() {
            return Some("政策文件里没有筛查轮次。".to_owned());
        }
        let none = format!("{}没有要筛查的户。先导入农户；监测对象不填筛查表。", self.label);
        self.rows.is_empty().then_some(none)
    }

    /// Chooses the rows that are shown; the selection stays with its household, or goes to the one behind it.
    fn show(&mut self) {
        let before = self.shown.get(self.list.selected().unwrap_or_default()).copied();
        let before = before.and_then(|at| self.rows.get(at)).map(|row| row.id);
        self.show_from(before);
    }

    fn show_from(&mut self, household: Option<HouseholdId>) {
        let is_shown =
            |row: &Row| (self.is_all || row.is_left()) && self.group.as_ref().is_none_or(|group| row.group == *group);
        self.shown = (0..self.rows.len()).filter(|at| is_shown(&self.rows[*at])).collect();
        self.list.set_len(self.shown.len());
        let place = household.and_then(|household| self.rows.iter().position(|row| row.id == household));
        if let Some(place) = place {
            let behind = self.shown.iter().position(|at| *at >= place);
            self.list.select(behind.unwrap_or(0));
        }
    }

    /// The row at a place of the list.
    fn row(&self, at: usize) -> Option<&Row> {
        self.rows.get(*self.shown.get(at)?)
    }

    fn selected(&self) -> Option<&Row> {
        self.row(self.list.selected()?)
    }

    /// Where the part of the village that is shown stands.
    fn tally(&self) -> Tally {
        let of_group = |group: &String| self.tallies.iter().find(|tally| tally.group == *group).cloned();
        self.group.as_ref().and_then(of_group).unwrap_or_else(|| rows::all(&self.rows))
    }

    fn open_selected(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some(row) = self.selected() else { return Reply::said("没有要填的了") };
        match row.next() {
            Some(kind) => self.open_form(kind, desk),
            None => Reply::said("这一户都填了；要更正，就再填一张"),
        }
    }

    fn open_form(&mut self, kind: FormKind, desk: &mut Desk) -> Reply<Desk> {
        let Some(id) = self.selected().map(|row| row.id) else { return Reply::said("没有选中的户") };
        self.opened = Some(id);
        match kind {
            FormKind::Verification => desk.open_verification(id),
            _ => desk.open_screening(id),
        }
    }

    /// A form was taken in: on to the household's other form, which waits to be opened, or to the next household's.
    fn go_on(&mut self, desk: &mut Desk) -> Reply<Desk> {
        self.read(desk);
        let from = self.opened.take().or_else(|| self.selected().map(|row| row.id));
        self.show_from(from);
        match self.selected().map(|row| (row.screening, row.verification)) {
            // It belongs to a group: that is looked into at the house, not as the next sheet of a pile.
            Some((Mark::Done, verification)) if verification.is_owed() => Reply::done(),
            Some((screening, _)) if screening.is_owed() => self.open_form(FormKind::Screening, desk),
            _ => Reply::done(),
        }
    }

    fn choose_group(&mut self) -> Reply<Desk> {
        let whole = (draw::offered("全村", &rows::all(&self.rows)), None);
        let groups = self
            .tallies
            .iter()
            .map(|tally| (draw::offered(group_in_words(&tally.group), tally), Some(tally.group.clone())));
        let (labels, groups): (Vec<String>, Vec<Option<String>>) = std::iter::once(whole).chain(groups).unzip();
        let at = groups.iter().position(|group| *group == self.group).unwrap_or_default();
        let choices = labels.into_iter().enumerate().map(|(at, label)| Choice::new(at.to_string(), label)).collect();
        self.picker = Some((Picker::new("村民组", choices, &[at], false), groups));
        Reply::done()
    }

    fn picked(&mut self, picked: Picked) -> Reply<Desk> {
        match (picked, self.picker.take()) {
            (Picked::Chosen(places), Some((_, groups))) => {
                self.group = places.first().and_then(|at| groups.get(*at)).cloned().flatten();
                self.show();
                Reply::done()
            }
            (picked, picker) => {
                self.picker = picker;
                if picked == Picked::Passed { Reply::pass() } else { Reply::done() }
            }
        }
    }

    fn read(&mut self, desk: &Desk) {
        let today = desk.workspace.today();
        if let Some(round) = desk.workspace.policy().round_on(today) {
            self.label = round.label.to_string();
            self.days = rows::days_in_words(round, today);
        }
        (self.rows, self.fault) = match rows::read(desk) {
            Ok(rows) => (rows, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        self.tallies = rows::by_group(&self.rows);
    }
}

impl Screen<Desk> for Screening {
    fn name(&self) -> &'static str {
        NAME
    }

    fn title(&self) -> Title {
        let left = self.rows.iter().filter(|row| row.is_left()).count();
        let detail = match (self.rows.is_empty(), self.is_all) {
            (true, _) => String::new(),
            (false, true) => format!("全部 {}户", self.rows.len()),
            (false, false) => format!("没填完的 {left}户"),
        };
        Title::with(format!("筛查 {}", self.label).trim_end().to_owned(), detail)
    }

    fn contexts(&self) -> Vec<Context> {
        match self.picker {
            Some(_) => vec![Context::Picker, Context::List, Context::Text, Context::Global],
            None => vec![Context::Screening, Context::List, Context::Global],
        }
    }

    fn hints(&self) -> Vec<Hint> {
        if self.picker.is_some() {
            return vec![Hint::named(Action::Open, "选定"), Hint::of(Action::Back)];
        }
        if self.says().is_some() {
            return [Action::OpenImport, Action::Back].map(Hint::of).to_vec();
        }
        let other = if self.is_all { "只看没填完的" } else { "看全部" };
        vec![
            Hint::named(Action::Open, "填表"),
            Hint::named(Action::Verify, "排查表"),
            Hint::named(Action::Screen, "筛查表"),
            Hint::named(Action::Filter, "按组看"),
            Hint::named(Action::Next, other),
            Hint::of(Action::Undo),
            Hint::of(Action::Back),
        ]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        if let Some((picker, _)) = &mut self.picker {
            if action == Action::Back {
                self.picker = None;
                return Reply::done();
            }
            let picked = picker.act(action);
            return self.picked(picked);
        }
        if self.says().is_some() {
            return Reply::pass();
        }
        match action {
            Action::Open => self.open_selected(desk),
            Action::Screen => self.open_form(FormKind::Screening, desk),
            Action::Verify => self.open_form(FormKind::Verification, desk),
            Action::Filter => self.choose_group(),
            Action::Next | Action::Previous => {
                self.is_all = !self.is_all;
                self.show();
                Reply::done()
            }
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, _: &mut Desk) -> Reply<Desk> {
        let Some((picker, _)) = &mut self.picker else { return Reply::pass() };
        let picked = picker.text(text);
        self.picked(picked)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        if let Some((picker, _)) = &mut self.picker {
            let picked = picker.mouse(mouse);
            return self.picked(picked);
        }
        match self.list.mouse(mouse) {
            Hit::Opened => self.open_selected(desk),
            _ => Reply::done(),
        }
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        if answer.question == SAVED { self.go_on(desk) } else { Reply::done() }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let before = self.selected().map(|row| row.id);
        self.read(desk);
        self.show_from(before);
    }
}
