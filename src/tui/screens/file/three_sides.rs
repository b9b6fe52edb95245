//! 三对照: what the county's roster says, what the file holds, what was said at the door; what differs comes first.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::print::day_in_words;
use crate::domain::{HouseholdId, PartialDate, Slot};
use crate::rules::three_sides::{Side, Verdict};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::text;
use crate::tui::widgets::list::{Column, Hit, List};
use crate::workspace::WorkspaceError;
use crate::workspace::three_sides::{Compared, Said};

/// The question under which the chosen line is told to the file below, by its place.
pub(super) const SIDES: &str = "file.three_sides";

/// The screen over a file.
pub struct ThreeSides {
    id: HouseholdId,
    head: String,
    lines: Vec<Compared>,
    list: List,
    /// The year that days are said without.
    year: i32,
    fault: Option<String>,
}

/// Rows at the bottom for the selected field in full: who said what, and when.
const FOOT: u16 = 4;

const COLUMNS: [Column; 8] = [
    Column::words("", 2),
    Column::words("项目", 18),
    Column::words("县里名册", 16),
    Column::words("", 10).from(110),
    Column::words("村里户档", 16),
    Column::words("", 10).from(110),
    Column::words("入户问的", 0),
    Column::words("", 10).from(110),
];

impl ThreeSides {
    /// The sides of a household as they stand.
    pub(super) fn open(desk: &Desk, id: HouseholdId, head: &str) -> Self {
        let mut screen = Self {
            id,
            head: head.to_owned(),
            lines: Vec::new(),
            list: List::default(),
            year: PartialDate::from(desk.workspace.today()).known_year(),
            fault: None,
        };
        screen.read(desk);
        screen
    }

    fn read(&mut self, desk: &Desk) {
        (self.lines, self.fault) = match desk.workspace.three_sides(self.id, desk.shows_private) {
            Ok(lines) => (lines, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        self.list.set_len(self.lines.len());
    }

    fn chosen(&self) -> Reply<Desk> {
        match self.list.selected() {
            Some(row) => Reply::answer(SIDES, row),
            None => Reply::warned("没有能对照的"),
        }
    }

    fn day(&self, said: Option<&Said>) -> String {
        said.and_then(|said| said.on).map_or(String::new(), |on| day_in_words(PartialDate::from(on), self.year))
    }

    /// All three sides of a field, each with who said it and when.
    fn in_full(&self, line: &Compared) -> String {
        let side = |label: &str, said: Option<&Said>| match said {
            None => format!("{}没有说", label.trim_end()),
            Some(said) => {
                let about = format!("{} {}", said.by, self.day(Some(said)));
                format!("{label}{}（{}）", said.value, about.trim())
            }
        };
        let sides = [
            side("县里 ", line.county.as_ref()),
            side("村里 ", line.village.as_ref()),
            side("入户 ", line.door.as_ref()),
        ];
        format!("{}：{}。{}", line.what, sides.join("；"), verdict_in_words(line.verdict))
    }
}

/// The slot of the line that was chosen, as the lines stand now.
pub(super) fn slot_of(desk: &Desk, id: HouseholdId, line: usize) -> Result<Option<Slot>, WorkspaceError> {
    Ok(desk.workspace.three_sides(id, false)?.get(line).map(|line| line.slot))
}

const fn verdict_in_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Differs(Some(Side::County)) => "县里名册与其余不一致",
        Verdict::Differs(Some(Side::Village)) => "村里户档与其余不一致",
        Verdict::Differs(Some(Side::Door)) => "入户问的与其余不一致",
        Verdict::Differs(None) => "各说各的，不一致",
        Verdict::NotComparable => "比不了：写得不一样细，或不能用",
        Verdict::Agree => "一致",
    }
}

impl Screen<Desk> for ThreeSides {
    fn name(&self) -> &'static str {
        "three-sides"
    }

    fn title(&self) -> Title {
        let count = |is: fn(Verdict) -> bool| self.lines.iter().filter(|line| is(line.verdict)).count();
        let differs = count(|verdict| matches!(verdict, Verdict::Differs(_)));
        let unclear = count(|verdict| verdict == Verdict::NotComparable);
        let agree = count(|verdict| verdict == Verdict::Agree);
        Title::with(format!("三对照 · {}", self.head), format!("不一致{differs} 比不了{unclear} 一致{agree}"))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "到这一格"), Hint::of(Action::Unmask), Hint::of(Action::Back)]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if self.lines.is_empty() {
            let says = "没有能对照的：县里名册、村里户档、入户问的，至少要有两样说到同一格。";
            let says = self.fault.as_deref().unwrap_or(says);
            canvas.put(area.x + 2, area.y + 1, says, area.width.saturating_sub(4), Style::new());
            return;
        }
        let theme = canvas.theme;
        let rows = Rect { height: area.height.saturating_sub(FOOT + 1), ..area };
        self.list.draw(canvas, rows, &COLUMNS, |row| {
            let Some(line) = self.lines.get(row) else { return Vec::new() };
            let mark = match line.verdict {
                Verdict::Differs(_) => "≠",
                Verdict::NotComparable => "?",
                Verdict::Agree => "",
            };
            let side = |said: Option<&Said>, side: Side| {
                let is_odd = line.verdict == Verdict::Differs(Some(side));
                let style = if is_odd { theme.bold() } else { Style::new() };
                match said {
                    Some(said) => Span::styled(said.value.clone(), style),
                    None => Span::styled("—", theme.dim()),
                }
            };
            let day = |said: Option<&Said>| Span::styled(self.day(said), theme.dim());
            let (county, village, door) = (line.county.as_ref(), line.village.as_ref(), line.door.as_ref());
            vec![
                Span::styled(mark, theme.bold()),
                Span::raw(line.what.as_str()),
                side(county, Side::County),
                day(county),
                side(village, Side::Village),
                day(village),
                side(door, Side::Door),
                day(door),
            ]
        });
        let Some(line) = self.list.selected().and_then(|row| self.lines.get(row)) else { return };
        let room = area.width.saturating_sub(4);
        for (words, y) in text::wrap(&self.in_full(line), room.into()).iter().zip(rows.bottom() + 1..area.bottom()) {
            canvas.put(area.x + 2, y, words, room, theme.dim());
        }
    }

    fn act(&mut self, action: Action, _: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.chosen(),
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.chosen(),
            _ => Reply::done(),
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.read(desk);
    }
}
