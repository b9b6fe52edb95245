//! 备份: asks for a folder, writes everything into one file there, and reads it back to prove it.

use std::path::{Path, PathBuf};

use ratatui::layout::Rect;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::job::Job;
use crate::tui::reply::Reply;
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::form::{Event, Form};
use crate::workspace::WorkspaceError;

use super::dialog::Dialog;
use super::folder::{self, Missing};

/// The popup.
pub struct Backup {
    form: Form,
}

const FOLDER: &str = "folder";

impl Backup {
    /// Asks, with the folder of the last time.
    pub fn open(desk: &Desk) -> Self {
        let last = desk.workspace.settings().backups.clone().unwrap_or_default();
        let folder = folder::field(FOLDER, "备份到文件夹", &last, Missing::Refused)
            .required()
            .hint("最好是U盘或另一台电脑上的：这台电脑坏了，备份还在。备份里有全部户档和签名的钥匙，要收好");
        Self { form: Form::new(vec![folder], desk.workspace.today()) }
    }

    fn reply(&mut self, event: Event) -> Reply<Desk> {
        let event = if event == Event::AtEnd { self.form.act(Action::Save) } else { event };
        match event {
            Event::Saved => back_up(folder::path(&self.form.value(FOLDER))),
            event => event.reply(),
        }
    }
}

fn back_up(folder: PathBuf) -> Reply<Desk> {
    Reply::start(Job::new(
        "备份",
        move |desk: &mut Desk, progress| desk.workspace.back_up(&folder, progress),
        |_, written: Result<PathBuf, WorkspaceError>| match written {
            Ok(path) => Reply::pop().say(done(&path)),
            // What was typed stays.
            Err(error) => Reply::push(Dialog::message("没有备份成", error.to_string())),
        },
    ))
}

/// That a backup was written.
pub(super) fn done(path: &Path) -> String {
    format!("已备份，读回核对无误：{}", path.display())
}

impl Screen<Desk> for Backup {
    fn name(&self) -> &'static str {
        "backup"
    }

    fn title(&self) -> Title {
        Title::of("备份")
    }

    fn contexts(&self) -> Vec<Context> {
        self.form.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        vec![Hint::named(Action::Save, "备份"), Hint::of(Action::Back)]
    }

    fn cover(&self) -> Cover {
        Cover::Popup(76, self.form.height() + 2)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.form.draw(canvas, area);
    }

    fn act(&mut self, action: Action, _: &mut Desk) -> Reply<Desk> {
        if action == Action::Backup {
            return Reply::done();
        }
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

impl Desk {
    /// Offers a backup.
    pub(in crate::tui) fn offer_backup(&self) -> Reply<Self> {
        Reply::push(Backup::open(self))
    }
}
