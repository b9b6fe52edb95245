//! What files would change, before anything does: counts, the three-way picture, problems. Then the same of what was done.

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use crate::catalogue::Catalogue;
use crate::progress::Progress;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::reply::{Effect, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::dialog::Dialog;
use crate::tui::text::{right, width, wrap};
use crate::tui::widgets::list::{Column, List};
use crate::tui::world::World;
use crate::workspace::WorkspaceError;
use crate::workspace::import::tally::Tally;
use crate::workspace::import::{ImportError, ImportReport, RosterImport};

use super::rows::{self, Row, Telling};

/// The screen.
pub(super) struct Preview {
    import: RosterImport,
    report: ImportReport,
    catalogue: Arc<Catalogue>,
    rows: Vec<Row>,
    list: List,
    shows_private: bool,
    /// Whether it was taken in, and this is what was done.
    is_done: bool,
}

const COLUMNS: [Column; 1] = [Column::words("", 0)];
/// Rows above the list, and below it for the selected row in full.
const HEAD: u16 = 6;
const FOOT: u16 = 4;
/// How wide a figure of the table of counts stands.
const FIGURE: usize = 9;

impl Preview {
    /// What files would change.
    pub fn of(desk: &Desk, import: RosterImport, report: ImportReport) -> Self {
        let workspace = &desk.workspace;
        let gone = report.details.absent.iter().map(|id| workspace.household_in_words(*id)).collect();
        let rows = rows::of(&report, gone);
        let mut list = List::new(rows.len());
        // Below the first heading.
        list.select(1);
        Self {
            list,
            rows,
            import,
            report,
            catalogue: Arc::clone(&workspace.definitions().catalogue),
            shows_private: desk.shows_private,
            is_done: false,
        }
    }

    fn telling(&self) -> Telling<'_> {
        Telling { report: &self.report, catalogue: &self.catalogue, shows_private: self.shows_private }
    }

    fn changes_anything(&self) -> bool {
        self.report.acts > 0
    }

    fn take_in(&self, desk: &mut Desk) -> Reply<Desk> {
        if self.is_done {
            return desk.act(Action::OpenToday);
        }
        if !self.changes_anything() {
            return Reply::pop().say("户档里都有了，没有要收的");
        }
        if desk.workspace.author().is_none() {
            return desk.ask_who();
        }
        let import = RosterImport { dry_run: false, ..self.import.clone() };
        Reply::start(Job::new("收进户档", move |desk: &mut Desk, progress| taken(desk, import, progress), answer))
    }

    fn next_part(&mut self, forward: bool) -> Reply<Desk> {
        let here = self.list.selected().unwrap_or_default();
        let is_part = |at: &usize| matches!(self.rows.get(*at), Some(Row::Part(_)));
        let mut others = (here + 1..self.rows.len()).chain(0..here);
        let to = if forward { others.find(is_part) } else { others.rfind(is_part) };
        self.list.select(to.unwrap_or(here));
        Reply::done()
    }

    fn draw_head(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let theme = canvas.theme;
        let room = area.width.saturating_sub(4);
        let says = match (self.is_done, self.changes_anything()) {
            (true, _) => "收下了。下面要核对的，请到户档里改，或请县里改了重新导出再导入。",
            (false, true) => "这是预看，数据还没有动。Enter 收下，Esc 不收。",
            (false, false) => "这是预看：名册说的户档里都有了，没有要收的。",
        };
        canvas.put(area.x + 2, area.y, says, room, theme.bold());
        let heads = ["", "新增", "有变", "纳入国网", "不变", "没有了"].map(|head| right(head, FIGURE)).concat();
        canvas.put(area.x + 2, area.y + 2, &heads, room, theme.dim());
        for (y, (what, tally)) in (area.y + 3..).zip([("户", self.report.households), ("人", self.report.people)]) {
            canvas.put(area.x + 2, y, &counts(what, tally), room, Style::new());
        }
    }
}

/// Takes the files in, and remembers where they came from.
fn taken(
    desk: &mut Desk,
    import: RosterImport,
    progress: &mut dyn Progress,
) -> (RosterImport, Result<ImportReport, WorkspaceError>) {
    let workspace = &mut desk.workspace;
    let report = workspace.import_rosters(&import, progress);
    if report.is_ok() {
        let folder = import.files.last().and_then(|file| file.parent());
        workspace.remember(|settings| settings.rosters = folder.map(Into::into));
        // A standing that cannot be worked out says so where it is shown.
        let _ = workspace.stand(progress);
    }
    (import, report)
}

fn answer(desk: &mut Desk, (import, report): (RosterImport, Result<ImportReport, WorkspaceError>)) -> Reply<Desk> {
    match report {
        Ok(report) => {
            let (households, people) = (report.households, report.people);
            let says = format!(
                "收下了：新增{}户{}人，有变{}户{}人",
                households.new,
                people.new,
                households.changed + households.promoted,
                people.changed + people.promoted
            );
            let done = Preview { is_done: true, ..Preview::of(desk, import, report) };
            Reply::done().and(Effect::Replace(Box::new(done))).say(says)
        }
        Err(error) => failed(&error),
    }
}

/// What is said where files were not looked at or not taken in; nothing has changed then.
pub(super) fn failed(error: &WorkspaceError) -> Reply<Desk> {
    match error {
        WorkspaceError::Import(ImportError::Cancelled) => Reply::warned(error.to_string()),
        error => Reply::push(Dialog::message("没有导入", format!("{error}\n\n户档没有动。"))),
    }
}

fn counts(what: &str, tally: Tally) -> String {
    let figures = [tally.new, tally.changed, tally.promoted, tally.unchanged, tally.absent];
    let figures = figures.iter().map(|figure| right(&figure.to_string(), FIGURE));
    std::iter::once(right(what, FIGURE)).chain(figures).collect()
}

impl Screen<Desk> for Preview {
    fn name(&self) -> &'static str {
        "import-preview"
    }

    fn title(&self) -> Title {
        let name = |file: &PathBuf| file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let all = &self.import.files;
        let first = all.first().map(name).unwrap_or_default();
        let files = if all.len() > 1 { format!("{first} 等{}个文件", all.len()) } else { first };
        Title::with(if self.is_done { "导入 · 收下了" } else { "导入 · 预看" }, files)
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Import, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        let enter = if self.is_done { "今日" } else { "收下" };
        let back = if self.is_done { "再导入" } else { "不收" };
        let mut hints = vec![Hint::named(Action::Open, enter), Hint::named(Action::Back, back)];
        if self.rows.len() > 1 {
            hints.push(Hint::of(Action::Next));
            hints.push(Hint::of(Action::PageDown));
        }
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.draw_head(canvas, area);
        // In a low window the rows come before the selected one in full.
        let foot = FOOT.min(area.height / 4);
        let rows = Rect { y: area.y + HEAD, height: area.height.saturating_sub(HEAD + foot), ..area };
        if self.rows.is_empty() {
            canvas.put(rows.x + 2, rows.y, "没有要核对的。", rows.width.saturating_sub(4), Style::new());
            return;
        }
        let theme = canvas.theme;
        let telling = self.telling();
        self.list.draw(canvas, rows, &COLUMNS, |at| {
            let Some(row) = self.rows.get(at) else { return Vec::new() };
            let style = if matches!(row, Row::Part(_)) { theme.bold() } else { Style::new() };
            vec![Span::styled(telling.line(row), style)]
        });
        let left_out = self.report.details.left_out + self.report.problems.unlisted;
        let more = if left_out > 0 { format!("另有{left_out}处没有列出") } else { String::new() };
        let x = area.right().saturating_sub(width(&more) as u16 + 2);
        canvas.put(x, area.y + HEAD - 1, &more, area.width, theme.dim());
        let Some(row) = self.list.selected().and_then(|at| self.rows.get(at)) else { return };
        let room = area.width.saturating_sub(4);
        for (line, y) in wrap(&telling.in_full(row), room.into()).iter().zip(rows.bottom() + 1..area.bottom()) {
            canvas.put(area.x + 2, y, line, room, theme.dim());
        }
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open | Action::TakeIn => self.take_in(desk),
            Action::Next => self.next_part(true),
            Action::Previous => self.next_part(false),
            action if self.list.act(action) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut Desk) -> Reply<Desk> {
        self.list.mouse(mouse);
        Reply::done()
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.shows_private = desk.shows_private;
    }
}
