//! 填表迹象: what in the forms of the village looks as if it was filled at the desk, and what to ask. For the secretary.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::print::day_in_words;
use crate::domain::PartialDate;
use crate::rules::desk::Sign;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::text;
use crate::tui::widgets::list::{Column, Hit, List};

/// The signs.
pub struct DeskSigns {
    lines: Vec<Line>,
    list: List,
    fault: Option<String>,
}

struct Line {
    sign: Sign,
    day: String,
    /// The households by their heads.
    heads: Vec<String>,
}

/// A line over the list: what it is not.
const HEAD: u16 = 2;
/// Rows at the bottom for the selected sign in full.
const FOOT: u16 = 5;
/// Households named in full; the others are walked through.
const MOST_NAMED: usize = 12;

const COLUMNS: [Column; 4] =
    [Column::words("填表日期", 10), Column::words("填表人", 10), Column::words("农户", 14), Column::words("看到的", 0)];

impl DeskSigns {
    /// The signs as the forms stand.
    pub fn open(desk: &mut Desk) -> Self {
        let mut screen = Self { lines: Vec::new(), list: List::default(), fault: None };
        screen.refresh(desk);
        screen
    }

    fn selected(&self) -> Option<&Line> {
        self.lines.get(self.list.selected()?)
    }

    /// The first household's file; the others of the sign come one after another from there.
    fn go(&self, desk: &mut Desk) -> Reply<Desk> {
        let Some(households) = self.selected().map(|line| &line.sign.households) else {
            return Reply::warned("没有要问的");
        };
        let Some(first) = households.first().copied() else { return Reply::done() };
        desk.listed.clone_from(households);
        desk.open_file(first, None)
    }
}

impl Screen<Desk> for DeskSigns {
    fn name(&self) -> &'static str {
        "desk-signs"
    }

    fn title(&self) -> Title {
        Title::with("填表迹象", format!("{}条", self.lines.len()))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "逐户看户档"), Hint::of(Action::Back)]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let room = area.width.saturating_sub(4);
        if self.lines.is_empty() {
            let says = "今年的筛查表、排查表里没有看到闭门填表的迹象。";
            canvas.put(area.x + 2, area.y + 1, self.fault.as_deref().unwrap_or(says), room, Style::new());
            return;
        }
        canvas.put(area.x + 2, area.y, "只是迹象，不是结论，不评人：到户问一问，写清楚就行。", room, theme.dim());
        let rows = Rect { y: area.y + HEAD, height: area.height.saturating_sub(HEAD + FOOT + 1), ..area };
        self.list.draw(canvas, rows, &COLUMNS, |row| {
            let Some(line) = self.lines.get(row) else { return Vec::new() };
            let head = line.heads.first().map_or("", String::as_str);
            let heads = match line.heads.len() {
                0 | 1 => head.to_owned(),
                many => format!("{}等{many}户", text::cut(head, 8)),
            };
            vec![
                Span::raw(line.day.as_str()),
                Span::raw(&*line.sign.by),
                Span::raw(heads),
                Span::raw(line.sign.says.as_str()),
            ]
        });
        let Some(line) = self.selected() else { return };
        let (sign, day) = (&line.sign, &line.day);
        let named = line.heads.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join("、");
        let more = if line.heads.len() > MOST_NAMED { format!("等{}户", line.heads.len()) } else { String::new() };
        let says = format!("{} {day}：{}。{}。农户：{named}{more}", sign.by, sign.says, sign.ask);
        for (words, y) in text::wrap(&says, room.into()).iter().zip(rows.bottom() + 1..area.bottom()) {
            canvas.put(area.x + 2, y, words, room, theme.dim());
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.go(desk),
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.go(desk),
            _ => Reply::done(),
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let workspace = &desk.workspace;
        let year = PartialDate::from(workspace.today()).known_year();
        let line = |sign: Sign| {
            let head =
                |id| workspace.households().get(id).map_or_else(|| workspace.number_of(id), |s| s.head.to_string());
            let heads = sign.households.iter().map(|id| head(*id)).collect();
            Line { day: day_in_words(PartialDate::from(sign.day), year), heads, sign }
        };
        (self.lines, self.fault) = match workspace.desk_signs() {
            Ok(signs) => (signs.into_iter().map(line).collect(), None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        self.list.set_len(self.lines.len());
    }
}
