//! 更新: what nobody has confirmed for a month, what has changed and is not in the file, and what was not handed over.

mod lines;

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::Deed;
use crate::catalogue::print::day_in_words;
use crate::domain::{HouseholdId, Name, PartialDate};
use crate::rules::first::Place;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::dialog::Dialog;
use crate::tui::text;
use crate::tui::theme::Theme;
use crate::tui::widgets::list::{Column, Hit, List};

use lines::{By, Line};

/// What is stale, over all households.
pub struct Stale {
    lines: Vec<Line>,
    by: By,
    list: List,
    year: i32,
    /// What a confirmation was asked about.
    asked: Option<(HouseholdId, Name)>,
    fault: Option<String>,
}

const CONFIRM: &str = "stale.confirm";
/// Rows at the bottom for the selected line in full.
const FOOT: u16 = 3;

const COLUMNS: [Column; 8] = [
    Column::words("", 2),
    Column::words("户主", 10),
    Column::words("组", 6),
    Column::words("部分", 12),
    Column::words("上次核实", 8),
    Column::figures("天", 4),
    Column::words("为什么", 0),
    Column::words("", 4),
];

impl Stale {
    /// All that is stale today, household by household.
    pub fn open(desk: &mut Desk) -> Self {
        let mut screen =
            Self { lines: Vec::new(), by: By::Household, list: List::default(), year: 0, asked: None, fault: None };
        screen.read(desk);
        screen
    }

    fn read(&mut self, desk: &Desk) {
        self.year = PartialDate::from(desk.workspace.today()).known_year();
        (self.lines, self.fault) = match lines::of(desk, self.by) {
            Ok(lines) => (lines, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        self.list.set_len(self.lines.len());
    }

    fn selected(&self) -> Option<&Line> {
        self.lines.get(self.list.selected()?)
    }

    fn group_otherwise(&mut self) -> Reply<Desk> {
        self.by = self.by.other();
        let at = self.selected().map(Line::key);
        lines::sort(&mut self.lines, self.by);
        self.list.select(self.lines.iter().position(|line| Some(line.key()) == at).unwrap_or_default());
        Reply::done()
    }

    fn ask(&mut self, desk: &Desk) -> Reply<Desk> {
        let Some(line) = self.selected() else { return Reply::warned("没有过期的") };
        match line.stale.code {
            "C501" => return Reply::warned("走访时说有变化，要到户档里改，不能当作没有变"),
            "C503" => return Reply::warned("这一处已在户档，要到变更里导出交县"),
            _ => {}
        }
        let Some(author) = desk.workspace.author() else {
            return Reply::warned("先说明谁在录入（换人）");
        };
        let says = format!(
            "{}的“{}”，今天看过实物、证件，或问过本人，和户档一样，没有变？\n记为：{}今天核实。没有看过，就不要记。",
            line.head, line.label, author.name
        );
        self.asked = Some((line.id, line.stale.section));
        Reply::push(Dialog::question(CONFIRM, "核实无变", says, &["没有看过", "看过，没有变"]))
    }

    fn confirm(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some((id, section)) = self.asked.take() else { return Reply::done() };
        let workspace = &mut desk.workspace;
        let label = workspace.definitions().catalogue.section(section).map_or(section.as_str(), |known| &known.label);
        let label = label.to_owned();
        match workspace.confirm(id, section) {
            Ok(Some(_)) => {
                let head = workspace.households().get(id).map_or("", |summary| &summary.head);
                let says = format!("已记下：{head}的{label}今天核实过，没有变");
                Reply::said(says).refresh()
            }
            Ok(None) => Reply::said(format!("{label}今天已经核实过")).refresh(),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn open_selected(&self, desk: &mut Desk) -> Reply<Desk> {
        match self.selected() {
            Some(line) if line.stale.code == "C503" => desk.go(line.id, Place::Changes),
            Some(line) => desk.go(line.id, Place::Section(line.stale.section)),
            None => Reply::done(),
        }
    }

    fn spans(&self, row: usize, theme: Theme) -> Vec<Span<'_>> {
        let Some(line) = self.lines.get(row) else { return Vec::new() };
        let before = row.checked_sub(1).and_then(|before| self.lines.get(before));
        // What the line above says already is not said again.
        let is_first = before.is_none_or(|before| before.id != line.id || self.by == By::Kind);
        let (head, group) = if is_first { (line.head.as_str(), line.group.as_str()) } else { ("", "") };
        let confirmed = match line.stale.confirmed_on {
            Some(day) => day_in_words(PartialDate::from(day), self.year),
            None if line.stale.code == "C503" => String::new(),
            None => "从未".to_owned(),
        };
        let (mark, style) = if line.stale.is_error { ("错", theme.bold()) } else { ("提", theme.dim()) };
        vec![
            Span::styled(mark, style),
            Span::raw(head),
            Span::raw(group),
            Span::raw(line.label.as_str()),
            Span::raw(confirmed),
            Span::raw(line.stale.days.to_string()),
            Span::raw(line.brief()),
            Span::styled(line.stale.code, theme.dim()),
        ]
    }
}

impl Screen<Desk> for Stale {
    fn name(&self) -> &'static str {
        "stale"
    }

    fn title(&self) -> Title {
        let errors = self.lines.iter().filter(|line| line.stale.is_error).count();
        Title::with("更新", format!("错{errors} 提{}  {}", self.lines.len() - errors, self.by.label()))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Stale, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![
            Hint::of(Action::Open),
            Hint::of(Action::ConfirmSection),
            Hint::of(Action::Visit),
            Hint::named(Action::Next, self.by.other().label()),
            Hint::of(Action::Undo),
            Hint::of(Action::Back),
        ]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if self.lines.is_empty() {
            let says = self.fault.as_deref().unwrap_or("没有过期的：该核实的都核实了，变了的都入档、交县了。");
            canvas.put(area.x + 2, area.y + 1, says, area.width.saturating_sub(4), Style::new());
            return;
        }
        let rows = Rect { height: area.height.saturating_sub(FOOT), ..area };
        let theme = canvas.theme;
        self.list.draw(canvas, rows, &COLUMNS, |row| self.spans(row, theme));
        let Some(line) = self.selected() else { return };
        let says = format!("{} {}：{}", line.head, line.group, line.stale.why);
        let width = area.width.saturating_sub(4);
        let words = text::wrap(&says, width.into());
        for (words, y) in words.iter().chain([&line.remedy().to_owned()]).zip(rows.bottom() + 1..area.bottom()) {
            canvas.put(area.x + 2, y, words, width, theme.dim());
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.open_selected(desk),
            Action::ConfirmSection => {
                let refused = self.selected().and_then(|line| desk.refuses(line.id, Deed::Confirm));
                refused.unwrap_or_else(|| self.ask(desk))
            }
            Action::Visit => match self.selected() {
                Some(line) => desk.open_visit(line.id),
                None => Reply::done(),
            },
            Action::Next | Action::Previous => self.group_otherwise(),
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.open_selected(desk),
            _ => Reply::done(),
        }
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        match (answer.question, answer.choice) {
            (CONFIRM, 1) => self.confirm(desk),
            _ => Reply::done(),
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.read(desk);
    }
}
