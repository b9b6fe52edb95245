//! 日历: a month with what is due on each day, and beside it the list of the day or of the whole month.

mod grid;
mod lines;

use chrono::{Datelike, Days, NaiveDate};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::domain::Month;
use crate::rules::clocks::days_in_words;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::text;
use crate::tui::widgets::list::{Column, Hit, List};
use crate::tui::world::World;

use grid::Grid;
use lines::{Goes, Line};

/// The calendar.
pub struct Calendar {
    grid: Grid,
    /// What is due in the month.
    lines: Vec<Line>,
    /// Those of them that the list shows.
    shown: Vec<usize>,
    /// Whether the list is of the whole month; else of the day that is chosen.
    is_whole: bool,
    list: List,
    fault: Option<String>,
}

/// Rows over the list, and under it for the selected line in full.
const HEAD: u16 = 1;
const FOOT: u16 = 3;

const COLUMNS: [Column; 4] =
    [Column::words("", 9), Column::words("", 10), Column::words("", 0), Column::words("", 4).from(60)];
const COLUMNS_OF_MONTH: [Column; 5] = [
    Column::figures("", 4),
    Column::words("", 9),
    Column::words("", 8),
    Column::words("", 0),
    Column::words("", 4).from(60),
];

impl Calendar {
    /// The month of today, at today.
    pub fn open(desk: &mut Desk) -> Self {
        let mut screen = Self {
            grid: Grid::new(desk.workspace.today()),
            lines: Vec::new(),
            shown: Vec::new(),
            is_whole: false,
            list: List::default(),
            fault: None,
        };
        screen.read(desk);
        screen.is_whole = screen.shown.is_empty();
        screen.show();
        screen
    }

    fn read(&mut self, desk: &Desk) {
        self.grid.today = desk.workspace.today();
        self.grid.holidays = desk.workspace.policy().holidays.clone();
        self.fault = None;
        match lines::of(desk, self.grid.month) {
            Ok((lines, due)) => (self.lines, self.grid.due) = (lines, due),
            Err(error) => {
                (self.lines, self.grid.due) = Default::default();
                self.fault = Some(error.to_string());
            }
        }
        self.show();
    }

    /// Chooses what the list shows; the selection stays where it can.
    fn show(&mut self) {
        let is_shown = |line: &Line| self.is_whole || line.date == self.grid.chosen;
        self.shown = (0..self.lines.len()).filter(|at| is_shown(&self.lines[*at])).collect();
        self.list.set_len(self.shown.len());
    }

    fn selected(&self) -> Option<&Line> {
        self.lines.get(*self.shown.get(self.list.selected()?)?)
    }

    /// Goes to a day, in whatever month it lies.
    fn go_to(&mut self, day: Option<NaiveDate>, desk: &Desk) -> Reply<Desk> {
        // Years that no entry can have are out of reach.
        let Some(day) = day.filter(|day| (1900..=2999).contains(&day.year())) else { return Reply::done() };
        self.grid.chosen = day;
        if !self.grid.month.holds(day) {
            self.grid.month = Month::of(day);
            self.read(desk);
        }
        self.show();
        match self.is_whole {
            // In the list of the month the day's first line is the one that is meant.
            true => self.list.select(self.lines.iter().position(|line| line.date >= day).unwrap_or(self.lines.len())),
            false => self.list.select(0),
        }
        Reply::done()
    }

    fn turn(&mut self, month: Month, desk: &Desk) -> Reply<Desk> {
        let today = Some(self.grid.today).filter(|day| month.holds(*day));
        self.go_to(today.or(Some(month.first_day())), desk)
    }

    fn open_selected(&self, desk: &mut Desk) -> Reply<Desk> {
        match self.selected().map(|line| line.goes) {
            Some(Goes::Household(id, place)) => desk.go(id, place),
            Some(Goes::Households(line)) => desk.open_households(line),
            Some(Goes::Screen(action)) => desk.act(action),
            Some(Goes::Nowhere) => Reply::said("这件事不在程序里办，只在这里提醒"),
            None => Reply::said("这一天没有到期的"),
        }
    }

    fn heading(&self) -> String {
        if self.is_whole {
            return format!("{}月  共{}件", self.grid.month.month, self.grid.due.values().sum::<usize>());
        }
        let day = self.grid.chosen;
        let left = match (day - self.grid.today).num_days() {
            over @ ..=-1 => format!("{}天前", -over),
            left => days_in_words(left),
        };
        let says = self.grid.says(day);
        let due = self.grid.due.get(&day).copied().unwrap_or_default();
        let due = if due == 0 { "没有到期的".to_owned() } else { format!("{due}件") };
        let head = format!("{}月{}日 {left} {says}", day.month(), day.day());
        format!("{}  {due}", head.trim_end())
    }

    fn spans(&self, row: usize) -> Vec<Span<'_>> {
        let Some(line) = self.shown.get(row).and_then(|at| self.lines.get(*at)) else { return Vec::new() };
        let date = self.is_whole.then(|| Span::raw(format!("{}日", line.date.day())));
        let rest = [
            Span::raw(line.left.as_str()),
            Span::raw(line.whose.as_str()),
            Span::raw(line.what.as_str()),
            Span::raw(line.code),
        ];
        date.into_iter().chain(rest).collect()
    }
}

impl Screen<Desk> for Calendar {
    fn name(&self) -> &'static str {
        "calendar"
    }

    fn title(&self) -> Title {
        Title::with("日历", format!("{}年{}月", self.grid.month.year, self.grid.month.month))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Calendar, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = vec![Hint::of(Action::Open)];
        hints.push(Hint::named(Action::Next, if self.is_whole { "看一天" } else { "看全月" }));
        hints.extend([Action::PreviousDay, Action::NextDay, Action::NextMonth].map(Hint::of));
        hints.extend([Action::PreviousMonth, Action::ThisDay, Action::Back].map(Hint::of));
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        self.grid.draw(canvas, Rect { x: area.x + 1, width: grid::WIDTH, ..area });
        let x = area.x + grid::WIDTH + 2;
        let right = Rect { x, width: area.right().saturating_sub(x), ..area };
        if let Some(fault) = &self.fault {
            canvas.put(right.x, right.y, fault, right.width, Style::new());
            return;
        }
        canvas.put(right.x, right.y, &self.heading(), right.width, theme.bold());
        let rows = Rect { y: right.y + HEAD, height: right.height.saturating_sub(HEAD + FOOT), ..right };
        let columns: &[Column] = if self.is_whole { &COLUMNS_OF_MONTH } else { &COLUMNS };
        self.list.draw(canvas, rows, columns, |row| self.spans(row));
        let Some(line) = self.selected() else { return };
        let says = format!("{} {}：{}", line.date, line.whose, line.what);
        let width = right.width.saturating_sub(3);
        for (words, y) in text::wrap(&says, width.into()).iter().zip(rows.bottom()..right.bottom()) {
            canvas.put(right.x + 2, y, words, width, theme.dim());
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let chosen = self.grid.chosen;
        let month = self.grid.month;
        match action {
            Action::Open => self.open_selected(desk),
            Action::NextDay => self.go_to(chosen.succ_opt(), desk),
            Action::PreviousDay => self.go_to(chosen.pred_opt(), desk),
            Action::NextMonth => self.turn(month.next(), desk),
            Action::PreviousMonth => match month.first_day().checked_sub_days(Days::new(1)) {
                Some(day) => self.turn(Month::of(day), desk),
                None => Reply::done(),
            },
            Action::ThisDay => self.go_to(Some(self.grid.today), desk),
            Action::Next | Action::Previous => {
                self.is_whole = !self.is_whole;
                self.go_to(Some(chosen), desk)
            }
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        if let (Mouse::Click(_), Some(day)) = (mouse, self.grid.at(mouse.position())) {
            return self.go_to(Some(day), desk);
        }
        match self.list.mouse(mouse) {
            Hit::Opened => self.open_selected(desk),
            _ => Reply::done(),
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.read(desk);
    }
}
