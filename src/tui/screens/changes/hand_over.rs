//! 交县: asks where the set goes and whether a backup goes along, writes both, and says what came of it.

use std::path::PathBuf;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::reply::{Effect, Reply};
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::screens::backup;
use crate::tui::screens::dialog::Dialog;
use crate::tui::screens::folder::{self, Missing};
use crate::tui::text;
use crate::tui::widgets::form::{Event, Form};
use crate::workspace::WorkspaceError;
use crate::workspace::hand_over::HandOver as Done;

/// The popup.
pub(super) struct HandOver {
    form: Form,
    says: String,
    /// The run that is made again; none is the next one.
    run: Option<(u64, u64)>,
}

const WIDTH: u16 = 76;
const FOLDER: &str = "folder";
const BACKUP: &str = "backup";

impl HandOver {
    /// Asks for the next set, with so many changes and what is held of them; a backup is offered along with it.
    pub fn next(desk: &Desk, (from, to): (u64, u64), changes: usize, held: &str) -> Self {
        let backups = desk.workspace.settings().backups.clone().unwrap_or_default();
        let backup = folder::field(BACKUP, "同时备份到", &backups, Missing::Refused)
            .hint("最好是U盘：写好后读回核对。这次不备份就清空");
        let says = format!("第{from}号到第{to}号，变更{changes}处{held}。写好后读回核对，不要改文件里的内容。");
        Self { form: Form::new(vec![Self::folder(desk), backup], desk.workspace.today()), says, run: None }
    }

    /// Asks where a set of the past goes again.
    pub fn again(desk: &Desk, (from, to): (u64, u64)) -> Self {
        let says = format!("第{from}号到第{to}号，照第一次的样子再出一份。");
        let form = Form::new(vec![Self::folder(desk)], desk.workspace.today());
        Self { form, says, run: Some((from, to)) }
    }

    /// What is said over the fields, in the lines that it needs.
    fn says(&self) -> Vec<String> {
        text::wrap(&self.says, usize::from(WIDTH) - 4)
    }

    fn folder(desk: &Desk) -> crate::tui::widgets::form::Field {
        folder::field(FOLDER, "写到文件夹", &desk.workspace.papers(), Missing::Made)
            .required()
            .hint("变更集（给机器）和工作簿（给县里录入的人）都写在这里")
    }

    fn reply(&mut self, event: Event) -> Reply<Desk> {
        let event = if event == Event::AtEnd { self.form.act(Action::Save) } else { event };
        match event {
            Event::Saved => self.start(),
            event => event.reply(),
        }
    }

    fn start(&self) -> Reply<Desk> {
        let to = folder::path(&self.form.value(FOLDER));
        let backup = Some(self.form.value(BACKUP)).filter(|text| !text.is_empty()).map(|text| folder::path(&text));
        let run = self.run;
        Reply::start(Job::new(
            "交县",
            move |desk: &mut Desk, progress| desk.workspace.hand_over(&to, run, backup.as_deref(), progress),
            |_, done: Result<Option<Done>, WorkspaceError>| match done {
                Ok(Some(done)) => {
                    let (title, says) = outcome(&done);
                    Reply::pop().and(Effect::Push(Box::new(Dialog::message(title, says))))
                }
                Ok(None) => Reply::pop().say("没有要交的，都交过了"),
                // What was typed stays.
                Err(error) => Reply::push(Dialog::message("没有写成", error.to_string())),
            },
        ))
    }
}

/// What came of it, under a heading.
fn outcome(done: &Done) -> (&'static str, String) {
    let exported = &done.exported;
    let title = match (exported.again, exported.handed_over) {
        (true, _) => "再出了一份",
        (false, true) => "交县的写好了",
        (false, false) => "另存了一份",
    };
    let mut lines = vec![format!("变更集 {}，变更{}处", exported.set, exported.changes)];
    if exported.held > 0 {
        lines.push(format!("其中暂缓{}件：随变更集走，不进录入表", exported.held));
    }
    if exported.released > 0 {
        lines.push(format!("早先暂缓的放行{}件，在这份录入表里", exported.released));
    }
    lines.push(match exported.sealed_for.is_empty() {
        true => "没有加密：还不知道县里的公钥，收过县里的一份回执就有了".to_owned(),
        false => "已加密：只有县里和本村打得开".to_owned(),
    });
    lines.push(format!("已签名：本村钥匙的指纹 {}", exported.signed_by));
    lines.push(match (done.problems.first(), done.is_same) {
        (None, Some(true)) => "读回核对：完好，与第一次的字节一样".to_owned(),
        (None, Some(false)) => "读回核对：完好，但与第一次的字节不一样，请告诉县里".to_owned(),
        (None, None) => "读回核对：完好".to_owned(),
        (Some(problem), _) => format!("读回核对：有问题，不要交：{problem}"),
    });
    match &done.backup {
        Some(Ok(path)) => lines.push(backup::done(path)),
        Some(Err(error)) => lines.push(format!("没有备份成：{error}")),
        None => {}
    }
    lines.push(String::new());
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = exported.file.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    lines.push(format!("在 {folder}"));
    lines.push(format!("给机器：{}", name(&exported.file)));
    lines.push(format!("给录入的人：{}", name(&exported.workbook)));
    (title, lines.join("\n"))
}

impl Screen<Desk> for HandOver {
    fn name(&self) -> &'static str {
        "hand-over"
    }

    fn title(&self) -> Title {
        Title::of(if self.run.is_some() { "再出一份" } else { "交县" })
    }

    fn contexts(&self) -> Vec<Context> {
        self.form.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = vec![Hint::named(Action::Save, "写出")];
        if self.run.is_none() {
            hints.push(Hint::of(Action::NextField));
        }
        hints.push(Hint::of(Action::Back));
        hints
    }

    fn cover(&self) -> Cover {
        Cover::Popup(WIDTH, self.form.height() + self.says().len() as u16 + 3)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let says = self.says();
        for (words, y) in says.iter().zip(area.y..area.bottom()) {
            canvas.put(area.x, y, words, area.width, Style::new());
        }
        let top = (says.len() as u16 + 1).min(area.height);
        self.form.draw(canvas, Rect { y: area.y + top, height: area.height - top, ..area });
    }

    fn act(&mut self, action: Action, _: &mut Desk) -> Reply<Desk> {
        let event = self.form.act(action);
        self.reply(event)
    }

    fn text(&mut self, text: &str, _: &mut Desk) -> Reply<Desk> {
        let event = self.form.text(text);
        self.reply(event)
    }

    fn mouse(&mut self, mouse: Mouse, _: &mut Desk) -> Reply<Desk> {
        let event = self.form.mouse(mouse);
        self.reply(event)
    }
}
