//! Another household of the village, found by the search of the list: for whoever moves there, or joins from there.

use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::HouseholdId;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Effect, Reply};
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::line::Line;
use crate::tui::widgets::list::{Column, Hit, List};

/// The question under which the household is given: its serial as `serial`, what it is called as `called`.
pub const FOUND: &str = "household.found";

/// The popup.
pub struct FindHousehold {
    query: Line,
    found: Vec<HouseholdId>,
    list: List,
    /// The rows that are seen, as they were read when the search changed.
    rows: Vec<[String; 3]>,
    not: Option<HouseholdId>,
}

/// More are found by typing more.
const MOST: usize = 50;

impl FindHousehold {
    /// A popup that has searched for a text already, and does not offer one household.
    pub fn open(desk: &Desk, typed: &str, not: Option<HouseholdId>) -> Self {
        let mut popup =
            Self { query: Line::new(typed), found: Vec::new(), list: List::default(), rows: Vec::new(), not };
        popup.search(desk);
        popup
    }

    fn search(&mut self, desk: &Desk) {
        let workspace = &desk.workspace;
        // A line that is no query yet finds what it found before.
        let Ok(query) = workspace.definitions().words.parse_unfinished(self.query.value()) else { return };
        let found = workspace.find(&query, None).into_iter().map(|found| found.id);
        self.found = found.filter(|id| Some(*id) != self.not).take(MOST).collect();
        self.rows = self.found.iter().map(|id| row(desk, *id)).collect();
        self.list = List::new(self.found.len());
    }

    fn chosen(&self, desk: &Desk) -> Reply<Desk> {
        let Some(id) = self.list.selected().and_then(|row| self.found.get(row)) else {
            return Reply::warned("没有找到这样的户");
        };
        let values = [("serial", id.serial.to_string()), ("called", desk.workspace.household_in_words(*id))];
        let values = values.map(|(id, value)| (id.to_owned(), value)).to_vec();
        Reply::done().and(Effect::Answer(Answer { question: FOUND, choice: 1, values }))
    }
}

fn row(desk: &Desk, id: HouseholdId) -> [String; 3] {
    let Some(summary) = desk.workspace.households().get(id) else { return Default::default() };
    [desk.workspace.household_in_words(id), format!("{}人", summary.people), summary.number()]
}

const COLUMNS: [Column; 3] = [Column::words("", 34), Column::figures("", 4), Column::words("", 0)];

impl Screen<Desk> for FindHousehold {
    fn name(&self) -> &'static str {
        "find-household"
    }

    fn title(&self) -> Title {
        Title::of("找一户")
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Picker, Context::List, Context::Text, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "选定"), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        Cover::Popup(70, 15)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        canvas.put(area.x, area.y, ">", area.width, theme.accent());
        let line = Rect { x: area.x + 2, width: area.width.saturating_sub(2), height: area.height.min(1), ..area };
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        self.list.draw(canvas, rows, &COLUMNS, |row| match self.rows.get(row) {
            Some([called, people, number]) => {
                vec![Span::raw(called.as_str()), Span::raw(people.as_str()), Span::styled(number.as_str(), theme.dim())]
            }
            None => Vec::new(),
        });
        self.query.draw(canvas, line, theme.bold(), true);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.chosen(desk),
            action if self.list.act(action) => Reply::done(),
            action if self.query.act(action) => {
                self.search(desk);
                Reply::done()
            }
            _ => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        self.query.insert(text);
        self.search(desk);
        Reply::done()
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.chosen(desk),
            _ => Reply::done(),
        }
    }
}
