//! 农户: the list of the village, searched as she types, sifted by conditions, sorted, and marked for what comes next.

mod draw;
mod filters;
mod rows;
mod sorts;

use std::collections::{BTreeSet, HashMap};

use crate::domain::HouseholdId;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::ask::Ask;
use crate::tui::widgets::form::{Field, Form};
use crate::tui::widgets::line::Line;
use crate::tui::widgets::list::{Hit, List};
use crate::workspace::find::Found;
use crate::workspace::in_short::InShort;
use crate::workspace::query::{Completion, Query};
use crate::workspace::search::Order;
use crate::workspace::settings::SavedSearch;

use filters::Filters;
use rows::{Cells, Totals};
use sorts::{Sort, Sorts};

/// The list of households.
pub struct Households {
    line: Line,
    is_typing: bool,
    /// The line as it was last understood.
    query: Query,
    completions: Vec<Completion>,
    sort: Option<Sort>,
    order: Option<Order>,
    found: Vec<Found>,
    list: List,
    /// What is shown of the households that were near the selection, until something changes.
    cells: HashMap<HouseholdId, Cells>,
    /// Why they were found, by household; another word finds them for another reason.
    reasons: HashMap<HouseholdId, String>,
    totals: Totals,
    /// Whether several villages are listed together.
    shows_villages: bool,
    marked: BTreeSet<HouseholdId>,
    /// The selected household's file.
    beside: Option<InShort>,
}

const SAVE: &str = "households.save";

impl Households {
    /// The list of what a line finds.
    pub fn open(desk: &mut Desk, line: &str) -> Self {
        let mut screen = Self {
            line: Line::new(line),
            is_typing: false,
            query: Query::default(),
            completions: Vec::new(),
            sort: None,
            order: None,
            found: Vec::new(),
            list: List::default(),
            cells: HashMap::new(),
            reasons: HashMap::new(),
            totals: Totals::default(),
            shows_villages: false,
            marked: BTreeSet::new(),
            beside: None,
        };
        screen.refresh(desk);
        screen
    }

    fn selected(&self) -> Option<HouseholdId> {
        Some(self.found.get(self.list.selected()?)?.id)
    }

    /// Reads the line and finds what it asks for; a line that cannot be read leaves the list as it was.
    fn search(&mut self, desk: &Desk) -> Reply<Desk> {
        let words = &desk.workspace.definitions().words;
        let line = self.line.value();
        self.completions = if self.is_typing { words.complete(line) } else { Vec::new() };
        let query = if self.is_typing { words.parse_unfinished(line) } else { words.parse(line) };
        match query {
            Ok(mut query) => {
                // What may still become a condition, also by its sound, takes nothing away where it finds nothing.
                query.unfinished |= !query.words.is_empty() && !self.completions.is_empty();
                self.query = query;
                self.find(desk);
                Reply::done()
            }
            Err(fault) => Reply::warned(fault.to_string()),
        }
    }

    fn find(&mut self, desk: &Desk) {
        self.found = desk.workspace.find(&self.query, self.order.as_ref());
        self.reasons.clear();
        self.list.set_len(self.found.len());
        self.list.select(0);
        self.fill(desk);
    }

    /// Makes what can be seen around the selection, and nothing else: a village has more rows than a screen.
    fn fill(&mut self, desk: &Desk) {
        for found in self.found.get(self.list.reach(rows::AHEAD)).unwrap_or_default() {
            self.cells.entry(found.id).or_insert_with(|| Cells::of(desk, found.id));
        }
        for found in self.found.get(self.list.reach(1)).unwrap_or_default() {
            if let Some(reason) = found.reason {
                let words = || desk.workspace.reason_in_words(found.id, reason);
                self.reasons.entry(found.id).or_insert_with(words);
            }
        }
        self.beside = self.selected().and_then(|id| desk.workspace.in_short(id).ok());
    }

    fn with_selected(&mut self, desk: &mut Desk, go: fn(&mut Desk, HouseholdId) -> Reply<Desk>) -> Reply<Desk> {
        match self.selected() {
            Some(id) => {
                desk.listed = self.found.iter().map(|found| found.id).collect();
                go(desk, id)
            }
            None => Reply::warned("没有选中的户"),
        }
    }

    fn mark(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some(id) = self.selected() else { return Reply::warned("没有选中的户") };
        if !desk.marked.remove(&id) {
            desk.marked.insert(id);
        }
        self.marked.clone_from(&desk.marked);
        self.list.act(Action::Down);
        self.fill(desk);
        Reply::done()
    }

    /// Takes the first condition that the last word may become.
    fn complete(&mut self, desk: &Desk) -> Reply<Desk> {
        match self.completions.first() {
            Some(completion) => {
                self.line.set(&completion.line);
                self.search(desk)
            }
            None => Reply::said("没有这样开头的条件"),
        }
    }

    fn ask_name(&self, desk: &Desk) -> Reply<Desk> {
        if self.line.value().trim().is_empty() {
            return Reply::warned("先写要找的或选条件，再另存");
        }
        let known = desk.workspace.settings().searches.iter().map(|saved| saved.name.as_str());
        let known: Vec<&str> = known.collect();
        let hint =
            if known.is_empty() { String::new() } else { format!("已有：{}；同名的换掉", known.join("、")) };
        let fields = vec![Field::text("name", "名字").required().hint(hint)];
        Reply::push(Ask::new(
            SAVE,
            format!("另存条件：{}", self.line.value()),
            Form::new(fields, desk.workspace.today()),
        ))
    }

    fn save(&mut self, desk: &mut Desk, name: &str) -> Reply<Desk> {
        let mut settings = desk.workspace.settings().clone();
        let line = self.line.value().trim().to_owned();
        settings.save_search(SavedSearch { name: name.to_owned(), line });
        match desk.workspace.change_settings(settings) {
            Ok(()) => Reply::said(format!("已存下“{name}”，在条件里选它")),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn type_on(&mut self, is_typing: bool, desk: &Desk) -> Reply<Desk> {
        self.is_typing = is_typing;
        let at = self.selected();
        let reply = self.search(desk);
        self.select(at);
        self.fill(desk);
        reply
    }

    fn select(&mut self, id: Option<HouseholdId>) {
        if let Some(row) = self.found.iter().position(|found| Some(found.id) == id) {
            self.list.select(row);
        }
    }
}

impl Screen<Desk> for Households {
    fn name(&self) -> &'static str {
        "households"
    }

    fn title(&self) -> Title {
        let Totals { households, people } = self.totals;
        let mut parts = vec![format!("{households}户 {people}人"), format!("显示{}", self.found.len())];
        if !self.marked.is_empty() {
            parts.push(format!("选中{}", self.marked.len()));
        }
        parts.push(format!("排序 {}", sorts::label(self.sort, !self.query.words.is_empty())));
        Title::with("农户", parts.join("  "))
    }

    fn contexts(&self) -> Vec<Context> {
        if self.is_typing {
            vec![Context::Households, Context::List, Context::Text, Context::Global]
        } else {
            vec![Context::Households, Context::List, Context::Global]
        }
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = vec![Hint::named(Action::Open, "户档")];
        if self.is_typing {
            hints.push(Hint::named(Action::Next, "补全条件"));
        } else {
            hints.push(Hint::of(Action::Mark));
            hints.push(Hint::of(Action::Search));
        }
        hints.extend(
            [
                Action::Visit,
                Action::Screen,
                Action::Card,
                Action::Filter,
                Action::Sort,
                Action::SaveFilter,
                Action::Back,
            ]
            .map(Hint::of),
        );
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: ratatui::layout::Rect) {
        draw::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.with_selected(desk, |desk, id| desk.open_file(id, None)),
            Action::Visit => self.with_selected(desk, Desk::open_visit),
            Action::Screen => self.with_selected(desk, Desk::open_screening),
            Action::Card => self.with_selected(desk, Desk::open_card),
            Action::Mark => self.mark(desk),
            Action::Search => self.type_on(true, desk),
            Action::Back if self.is_typing => self.type_on(false, desk),
            Action::Next if self.is_typing => self.complete(desk),
            Action::Filter => Reply::push(Filters::open(desk, self.line.value())),
            Action::Sort => Reply::push(Sorts::open(self.sort)),
            Action::SaveFilter => self.ask_name(desk),
            action if self.list.act(action) => {
                self.fill(desk);
                Reply::done()
            }
            action if self.is_typing && self.line.act(action) => self.search(desk),
            _ => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        self.line.insert(text);
        self.search(desk)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.act(Action::Open, desk),
            Hit::Moved => {
                self.fill(desk);
                Reply::done()
            }
            Hit::Missed => Reply::done(),
        }
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        match answer.question {
            SAVE => self.save(desk, answer.value("name")),
            filters::QUESTION => {
                self.line.set(answer.value(filters::LINE));
                let wants_more = !answer.value(filters::TYPE_ON).is_empty();
                self.type_on(wants_more, desk)
            }
            sorts::QUESTION => {
                self.sort = sorts::ALL.get(answer.choice).copied().flatten();
                self.order = self.sort.map(|sort| desk.workspace.sorted(sort.key, sort.downwards));
                let at = self.selected();
                self.find(desk);
                self.select(at);
                self.fill(desk);
                Reply::done()
            }
            _ => Reply::done(),
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let at = self.selected();
        let row = self.list.selected();
        self.cells.clear();
        self.totals = Totals::of(desk);
        self.shows_villages = desk.workspace.shows_villages();
        self.marked.clone_from(&desk.marked);
        self.order = self.sort.map(|sort| desk.workspace.sorted(sort.key, sort.downwards));
        // A line that could not be read has left its word already; what was found before stands.
        let _ = self.search(desk);
        // Where the household is no longer found, the one in its place is next.
        self.list.select(row.unwrap_or_default());
        self.select(at);
        self.fill(desk);
    }
}
