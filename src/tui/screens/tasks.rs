//! 待办: the problems of all households that wait for somebody, and what came of each.

use chrono::NaiveDate;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::Deed;
use crate::catalogue::print::day_in_words;
use crate::domain::{HouseholdId, PartialDate};
use crate::rules::tasks::OpenTask;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::ask::Ask;
use crate::tui::screens::kept::Kept;
use crate::tui::text;
use crate::tui::widgets::form::{Field, Form, Verdict};
use crate::tui::widgets::list::{Column, Hit, List};
use crate::workspace::Recorded;
use crate::workspace::typed::About;

/// The open tasks.
pub struct Tasks {
    lines: Vec<Line>,
    list: List,
    day: NaiveDate,
    /// The task whose end was asked for.
    asked: Option<(HouseholdId, u32)>,
    fault: Option<String>,
}

struct Line {
    id: HouseholdId,
    head: String,
    group: String,
    task: OpenTask,
}

const DONE: &str = "tasks.done";
/// Rows at the bottom for the selected task in full.
const FOOT: u16 = 3;

const COLUMNS: [Column; 7] = [
    Column::words("户主", 10),
    Column::words("组", 6),
    Column::words("问题", 0),
    Column::words("责任人", 10),
    Column::words("发现", 8),
    Column::words("期限", 8),
    Column::words("", 8),
];

impl Tasks {
    /// All open tasks, the earliest last day first; at one of them where it is named.
    pub fn open(desk: &mut Desk, at: Option<(HouseholdId, u32)>) -> Self {
        let mut screen =
            Self { lines: Vec::new(), list: List::default(), day: desk.workspace.today(), asked: None, fault: None };
        screen.refresh(desk);
        let named = screen.lines.iter().position(|line| Some((line.id, line.task.row)) == at);
        screen.list.select(named.unwrap_or_default());
        screen
    }

    /// The tasks at one whose end was being written, and that as it was left.
    pub(in crate::tui::screens) fn resume(desk: &mut Desk, at: (HouseholdId, u32)) -> Reply<Desk> {
        let mut screen = Self::open(desk, Some(at));
        if screen.selected().is_none_or(|line| (line.id, line.task.row) != at) {
            return Reply::warned("这件待办已经办结了；不要了就丢掉");
        }
        let asked = screen.ask(desk);
        Reply::push(screen).then(asked)
    }

    fn selected(&self) -> Option<&Line> {
        self.lines.get(self.list.selected()?)
    }

    /// Asks for the day and the result; neither is made up here.
    fn ask(&mut self, desk: &Desk) -> Reply<Desk> {
        let Some(line) = self.selected() else { return Reply::warned("没有待办") };
        let (id, row) = (line.id, line.task.row);
        let title = format!("办结：{} {}", line.head, line.task.what);
        self.asked = Some((id, row));
        let ask = Ask::new(DONE, text::cut(&title, 60), self.form("", ""));
        Reply::push(Kept::open(desk, About::Task(id, row), ask))
    }

    fn form(&self, done_on: &str, result: &str) -> Form {
        let today = self.day;
        let is_past = move |date: &str| match date.parse::<NaiveDate>() {
            Ok(day) if day > today => Verdict::Refused("这一天还没有到".to_owned()),
            _ => Verdict::Good,
        };
        let fields = vec![
            Field::day("done_on", "办结日期")
                .required()
                .holding(done_on)
                .checked(is_past)
                .hint("哪一天办完的；没有办完就退回去"),
            Field::text("result", "办理结果").required().holding(result).hint("怎么办的，现在怎样"),
        ];
        Form::new(fields, today)
    }

    fn settle(&mut self, answer: &Answer, desk: &mut Desk) -> Reply<Desk> {
        let (Some((id, row)), Ok(done_on)) = (self.asked, answer.value("done_on").parse::<NaiveDate>()) else {
            return Reply::done();
        };
        let result = answer.value("result");
        let why = match desk.workspace.settle_task(id, row, done_on, result) {
            Ok(Recorded::Accepted { .. }) => return Reply::said(format!("已办结，记为{done_on}")).refresh(),
            Ok(Recorded::Refused(faults)) => {
                faults.iter().map(|fault| fault.why.as_str()).collect::<Vec<_>>().join("；")
            }
            Err(error) => error.to_string(),
        };
        // What was typed is not lost.
        let ask = Ask::new(DONE, "办结：没有记上", self.form(&done_on.to_string(), result));
        Reply::push(Kept::open(desk, About::Task(id, row), ask)).warn(why)
    }

    fn date(&self, date: Option<PartialDate>) -> String {
        date.map_or(String::new(), |date| day_in_words(date, PartialDate::from(self.day).known_year()))
    }
}

impl Screen<Desk> for Tasks {
    fn name(&self) -> &'static str {
        "tasks"
    }

    fn title(&self) -> Title {
        let over = self.lines.iter().filter(|line| line.task.days_over(self.day).is_some_and(|over| over > 0)).count();
        Title::with("待办", format!("{}件 过期{over}", self.lines.len()))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Open, "办结"), Hint::of(Action::Undo), Hint::of(Action::Back)]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if self.lines.is_empty() {
            let says = self.fault.as_deref().unwrap_or("没有待办：走访发现的问题都办结了。");
            canvas.put(area.x + 2, area.y + 1, says, area.width.saturating_sub(4), Style::new());
            return;
        }
        let theme = canvas.theme;
        let rows = Rect { height: area.height.saturating_sub(FOOT), ..area };
        self.list.draw(canvas, rows, &COLUMNS, |row| {
            let Some(line) = self.lines.get(row) else { return Vec::new() };
            let (left, style) = match line.task.days_over(self.day) {
                Some(over @ 1..) => (format!("过{over}天"), theme.bold()),
                Some(0) => ("今天".to_owned(), theme.bold()),
                Some(left) => (format!("{}天", -left), Style::new()),
                None => (String::new(), Style::new()),
            };
            vec![
                Span::raw(line.head.as_str()),
                Span::raw(line.group.as_str()),
                Span::raw(&*line.task.what),
                Span::raw(&*line.task.owner),
                Span::raw(self.date(line.task.found_on)),
                Span::raw(self.date(line.task.due)),
                Span::styled(left, style),
            ]
        });
        let Some(line) = self.selected() else { return };
        let owner = if line.task.owner.is_empty() { "没有写谁办" } else { &*line.task.owner };
        let width = area.width.saturating_sub(4);
        let words = text::wrap(&format!("{}：{}（{owner}）", line.head, line.task.what), width.into());
        for (words, y) in words.iter().zip(rows.bottom() + 1..area.bottom()) {
            canvas.put(area.x + 2, y, words, width, theme.dim());
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => {
                let refused = self.selected().and_then(|line| desk.refuses(line.id, Deed::Answer));
                refused.unwrap_or_else(|| self.ask(desk))
            }
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.ask(desk),
            _ => Reply::done(),
        }
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        if answer.question == DONE { self.settle(&answer, desk) } else { Reply::done() }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let workspace = &desk.workspace;
        self.day = workspace.today();
        let line = |(id, task): (HouseholdId, OpenTask)| {
            let summary = workspace.households().get(id);
            Line { id, head: summary.map_or("", |s| &s.head).to_owned(), group: desk.place_of(id), task }
        };
        (self.lines, self.fault) = match workspace.open_tasks() {
            Ok(tasks) => (tasks.into_iter().map(line).collect(), None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        self.list.set_len(self.lines.len());
    }
}
