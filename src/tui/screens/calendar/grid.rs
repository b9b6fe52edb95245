//! A month as a grid, its weeks beginning on Monday: each day with what it is and how much is due on it.

use std::cell::Cell;
use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use ratatui::layout::{Position, Rect};

use crate::domain::Month;
use crate::policy::{DayKind, Holidays};
use crate::tui::canvas::Canvas;
use crate::tui::text;

/// Columns of a day.
const DAY: u16 = 5;
/// Lines of a week: the days, and under each how much is due.
const WEEK: u16 = 2;
/// Columns of the grid, with a margin.
pub(super) const WIDTH: u16 = 7 * DAY + 2;

/// What the grid shows.
pub(super) struct Grid {
    pub month: Month,
    pub today: NaiveDate,
    pub chosen: NaiveDate,
    /// How much is due on each day that has any.
    pub due: BTreeMap<NaiveDate, usize>,
    pub holidays: Holidays,
    /// Kept from drawing, for clicks.
    seen: Cell<Rect>,
}

impl Grid {
    pub fn new(today: NaiveDate) -> Self {
        Self {
            month: Month::of(today),
            today,
            chosen: today,
            due: BTreeMap::new(),
            holidays: Holidays::default(),
            seen: Cell::default(),
        }
    }

    /// What a day is, where it is no plain working day.
    pub fn says(&self, day: NaiveDate) -> String {
        match self.holidays.kind(day) {
            DayKind::Working => String::new(),
            DayKind::Weekend => "周末".to_owned(),
            DayKind::Holiday(name) => format!("{name}放假"),
            DayKind::MadeUp(name) => format!("{name}调休上班"),
        }
    }

    /// The day of the month at a point of the window.
    pub fn at(&self, point: Position) -> Option<NaiveDate> {
        let area = self.seen.get();
        let inside = Rect { height: area.height.saturating_sub(1), y: area.y + 1, ..area };
        if !inside.contains(point) {
            return None;
        }
        let week = u64::from((point.y - inside.y) / WEEK);
        let place = week * 7 + u64::from((point.x - inside.x) / DAY).min(6);
        let day = self.first().checked_add_days(Days::new(place))?;
        self.month.holds(day).then_some(day)
    }

    /// The Monday with which the grid begins.
    fn first(&self) -> NaiveDate {
        let first = self.month.first_day();
        let back = Days::new(first.weekday().num_days_from_monday().into());
        first.checked_sub_days(back).unwrap_or(first)
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let area = Rect { width: (7 * DAY).min(area.width), ..area };
        self.seen.set(area);
        for (at, head) in (0..).zip(["一", "二", "三", "四", "五", "六", "日"]) {
            canvas.put(area.x + at * DAY + 1, area.y, head, DAY, theme.dim());
        }
        for (place, day) in (0..).zip(self.first().iter_days().take(6 * 7)) {
            let (x, y) = (area.x + place % 7 * DAY, area.y + 1 + place / 7 * WEEK);
            if !self.month.holds(day) || y + 1 >= area.bottom() {
                continue;
            }
            let style = match (day == self.chosen, day == self.today) {
                (true, _) => theme.selected(),
                (false, true) => theme.bold(),
                _ if !self.holidays.is_worked(day) => theme.dim(),
                _ => ratatui::style::Style::new(),
            };
            canvas.put(x, y, &self.head(day), DAY, style);
            let due = self.due.get(&day).map_or_else(String::new, |due| match due {
                1000.. => "999+".to_owned(),
                due => format!("{due}件"),
            });
            canvas.put(x, y + 1, &text::right(&due, usize::from(DAY) - 1), DAY, ratatui::style::Style::new());
        }
    }

    /// A day with its mark: the one that is chosen, today, a holiday, a weekend day that is worked.
    fn head(&self, day: NaiveDate) -> String {
        let chosen = if day == self.chosen { "▸" } else { " " };
        let mark = match self.holidays.kind(day) {
            _ if day == self.today => "今",
            DayKind::Holiday(_) => "休",
            DayKind::MadeUp(_) => "班",
            _ => "  ",
        };
        format!("{chosen}{:>2}{mark}", day.day())
    }
}
