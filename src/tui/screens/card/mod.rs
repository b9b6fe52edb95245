//! 明白卡: the household as the paper card shows it, with what is stale or missing marked, and what hangs on the wall.

mod lines;

use std::cell::Cell;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::catalogue::Deed;
use crate::domain::HouseholdId;
use crate::progress::Unwatched;
use crate::rules::card::{Card, Mark};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Effect, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title, Turn};
use crate::tui::text;
use crate::workspace::{Recorded, WorkspaceError};

use lines::{IN_PART, STALE, Weight};

/// The card of one household.
pub struct CardScreen {
    id: HouseholdId,
    card: Card,
    fault: Option<String>,
    top: usize,
    /// Where it was written to be printed.
    written: Option<String>,
    /// Kept from drawing, because page keys go by what is seen: the rows of the window, and the last top line.
    seen: Cell<(usize, usize)>,
}

/// The lines of the window that stand still: the wall, and what is marked.
const HEAD: u16 = 2;
const NOTCH: usize = 3;
/// The card is not made wider than this: a line must be found with the eye.
const WIDEST: u16 = 110;

impl CardScreen {
    /// The card as it would be printed today.
    pub fn open(desk: &mut Desk, id: HouseholdId) -> Result<Self, WorkspaceError> {
        let card = desk.workspace.card(id)?;
        Ok(Self { id, card, fault: None, top: 0, written: None, seen: Cell::default() })
    }

    fn scroll(&mut self, action: Action) -> bool {
        let (page, last) = self.seen.get();
        let page = page.saturating_sub(1).max(1);
        self.top = match action {
            Action::Up => self.top.saturating_sub(1),
            Action::Down => self.top + 1,
            Action::PageUp => self.top.saturating_sub(page),
            Action::PageDown => self.top + page,
            Action::First => 0,
            Action::Last => last,
            _ => return false,
        }
        .min(last);
        true
    }

    fn print(&mut self, desk: &Desk) -> Reply<Desk> {
        let folder = desk.workspace.papers();
        match desk.workspace.print_cards(&[self.id], &folder, &mut Unwatched) {
            Ok(files) => {
                self.written = files.first().map(|path| path.display().to_string());
                Reply::said("明白卡写成一页，用浏览器打开，按 A4 打印")
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn posted(&self, desk: &mut Desk) -> Reply<Desk> {
        match desk.workspace.post_card(self.id) {
            Ok(Recorded::Accepted { number, .. }) => {
                Reply::said(format!("已记下第{number}号：明白卡今天贴上墙；没有贴就撤销")).refresh()
            }
            Ok(Recorded::Refused(faults)) => {
                Reply::warned(faults.into_iter().map(|fault| fault.why).collect::<Vec<_>>().join("；"))
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn go_on(&self, desk: &mut Desk, forward: bool) -> Reply<Desk> {
        let Some(next) = desk.beside(self.id, forward) else {
            return Reply::warned(if forward { "后面没有了" } else { "前面没有了" });
        };
        match Self::open(desk, next) {
            Ok(screen) => Reply::done().and(Effect::Replace(Box::new(screen))),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// What is marked, in a line.
    fn marks(&self) -> String {
        let (missing, stale) = (self.card.count(Mark::Missing), self.card.count(Mark::Stale));
        match (missing, stale) {
            (0, 0) => "都填了，都核实过".to_owned(),
            (missing, 0) => format!("未填或{IN_PART} {missing}处"),
            (0, stale) => format!("{STALE}（超过一个月没有核实）{stale}处"),
            (missing, stale) => {
                format!("未填或{IN_PART} {missing}处  {STALE}（超过一个月没有核实）{stale}处")
            }
        }
    }
}

impl Screen<Desk> for CardScreen {
    fn name(&self) -> &'static str {
        "card"
    }

    fn title(&self) -> Title {
        let head = self.card.head.text.as_deref().unwrap_or(&self.card.number);
        Title::of(format!("明白卡 · {head}"))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Card, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = [Action::Print, Action::Posted, Action::OpenFile, Action::Visit].map(Hint::of).to_vec();
        hints.extend([Action::NextFile, Action::PreviousFile, Action::PageDown, Action::Back].map(Hint::of));
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let inside = Rect { x: area.x + 2, width: area.width.saturating_sub(4).min(WIDEST), ..area };
        if let Some(fault) = &self.fault {
            canvas.put(inside.x, inside.y, fault, inside.width, theme.bold());
            return;
        }
        canvas.put(inside.x, inside.y, &lines::wall(&self.card.wall), inside.width, theme.bold());
        canvas.put(inside.x, inside.y + 1, &self.marks(), inside.width, theme.dim());
        let written = self.written.iter().flat_map(|path| text::wrap(&format!("写到 {path}"), inside.width.into()));
        let written: Vec<String> = written.collect();
        let foot = 1 + written.len() as u16;
        let body = Rect { y: inside.y + HEAD, height: inside.height.saturating_sub(HEAD + foot), ..inside };
        let mut lines = lines::of(&self.card, body.width.into());
        let height = usize::from(body.height);
        // As much of the card as there is room for: what stands apart moves together first.
        if lines.len() > height {
            lines.retain(|line| !line.is_empty());
        }
        let last = lines.len().saturating_sub(height);
        self.seen.set((height, last));
        let top = self.top.min(last);
        for (line, y) in lines.iter().skip(top).zip(body.top()..body.bottom()) {
            for (at, words, weight) in line {
                let style = match weight {
                    Weight::Plain => Style::new(),
                    Weight::Bold => theme.bold(),
                    Weight::Dim => theme.dim(),
                };
                let at = *at as u16;
                canvas.put(body.x + at, y, words, body.width.saturating_sub(at), style);
            }
        }
        let left = last - top;
        if left > 0 {
            canvas.put(body.x, body.bottom(), &format!("还有{left}行，PgDn 往下"), body.width, theme.dim());
        }
        for (line, y) in written.iter().zip(body.bottom() + 1..inside.bottom()) {
            canvas.put(body.x, y, line, body.width, theme.bold());
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Print => self.print(desk),
            Action::Posted => desk.refuses(self.id, Deed::Confirm).unwrap_or_else(|| self.posted(desk)),
            Action::Open | Action::OpenFile => desk.open_file(self.id, None),
            Action::Visit => desk.open_visit(self.id),
            Action::NextFile => self.go_on(desk, true),
            Action::PreviousFile => self.go_on(desk, false),
            action if self.scroll(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut Desk) -> Reply<Desk> {
        let Mouse::Wheel(_, turn) = mouse else { return Reply::done() };
        let last = self.seen.get().1;
        self.top = match turn {
            Turn::Up => self.top.saturating_sub(NOTCH),
            Turn::Down => (self.top + NOTCH).min(last),
        };
        Reply::done()
    }

    fn refresh(&mut self, desk: &mut Desk) {
        match desk.workspace.card(self.id) {
            Ok(card) => (self.card, self.fault) = (card, None),
            Err(error) => self.fault = Some(error.to_string()),
        }
    }
}
