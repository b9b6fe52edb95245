//! 设置: what was asked at the first start, to be changed later, and where files go.

use std::path::PathBuf;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::widgets::form::{Event, Field, Form};
use crate::tui::widgets::picker::Choice;
use crate::workspace::WorkspaceError;
use crate::workspace::typed::About;

use super::folder::{self, Missing};
use super::who_and_where as ask;

/// The screen.
pub struct Settings {
    form: Form,
    about: String,
}

const NEEDS_APPROVAL: &str = "needs-approval";
const COUNTY: &str = "county";
const YES: &str = "是";
const NO: &str = "否";
const PAPERS: &str = "papers";
const BACKUPS: &str = "backups";

impl Settings {
    /// The settings as they are.
    pub fn open(desk: &Desk) -> Self {
        let workspace = &desk.workspace;
        let settings = workspace.settings();
        let mut fields: Vec<_> = ask::who(workspace.author()).into();
        if workspace.village().is_some() {
            fields.push(ask::village(workspace.village_name().unwrap_or_default()));
        } else if workspace.is_countys() {
            fields.push(
                Field::text(COUNTY, "县（乡）名").holding(&settings.county).hint("写在标题上；村名各村的变更集里带来"),
            );
        }
        fields.push(ask::policy(&workspace.definitions().layers, settings.policy.as_deref()));
        let review = match settings.needs_approval {
            true => YES,
            false => NO,
        };
        fields.push(
            Field::one(NEEDS_APPROVAL, "交县先审核", [YES, NO].map(|word| Choice::new(word, word)).to_vec())
                .required()
                .picking(&[review])
                .hint("选“是”：第一书记没通过的变更暂缓，随变更集走，不进录入表"),
        );
        fields.push(
            folder::field(PAPERS, "变更集、打印放到", &workspace.papers(), Missing::Made)
                .required()
                .hint("交县的变更集、走访单、明白卡写到这里，交县时还可以改"),
        );
        let backups = settings.backups.clone().unwrap_or_default();
        fields.push(
            folder::field(BACKUPS, "备份到", &backups, Missing::Refused)
                .hint("最好是U盘；备份时还可以改，空着就每次问"),
        );
        let village = workspace.village().map_or_else(String::new, |code| format!("村代码 {code}  "));
        let about = format!("{village}现在按 {}  数据在 {}", workspace.policy_in_words(), workspace.home().display());
        let mut form = ask::form(fields, workspace.today());
        if let Some(typed) = workspace.typed(&About::Settings) {
            form.resume(&typed.values, &typed.at);
        }
        Self { form, about }
    }

    fn keep_now(&self, desk: &mut Desk) -> Option<Reply<Desk>> {
        if !self.form.is_changed() {
            return None;
        }
        let failed = desk.workspace.keep_typed(&About::Settings, self.form.to_keep(), self.form.focus()).err()?;
        Some(Reply::warned(format!("草稿没有存上：{failed}")))
    }

    fn reply(&mut self, event: Event, desk: &mut Desk) -> Reply<Desk> {
        let event = if event == Event::AtEnd { self.form.act(Action::Save) } else { event };
        match event {
            Event::Saved => self.save(desk),
            Event::Left(_) => self.keep_now(desk).unwrap_or_else(Reply::done),
            event => event.reply(),
        }
    }

    fn save(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let workspace = &mut desk.workspace;
        let mut settings = workspace.settings().clone();
        if let Some(village) = workspace.village() {
            settings.names.insert(village, self.form.value(ask::VILLAGE));
        } else if workspace.is_countys() {
            settings.county = self.form.value(COUNTY);
        }
        settings.policy = ask::chosen_policy(&self.form);
        settings.needs_approval = self.form.value(NEEDS_APPROVAL) == YES;
        let folder = |id| Some(folder::path(&self.form.value(id))).filter(|path| *path != PathBuf::new());
        settings.papers = folder(PAPERS).filter(|folder| *folder != workspace.papers()).or(settings.papers);
        settings.backups = folder(BACKUPS);
        let author = ask::author(&self.form).filter(|author| Some(author) != workspace.author());
        // Who sits down may be anybody; what else is changed is for whoever sits there then.
        let mut held = workspace.settings().clone();
        if let Some(author) = author {
            if let Err(error) = workspace.sit_down(author) {
                return Reply::warned(error.to_string());
            }
            held = workspace.settings().clone();
            settings.people.clone_from(&held.people);
        }
        let changed = if settings == held { Ok(()) } else { workspace.settle_settings(settings) };
        match changed {
            Err(WorkspaceError::NotYours(why)) => Reply::warned(why.on_screen()),
            Ok(()) => match workspace.drop_typed(&About::Settings) {
                Err(error) => Reply::pop().warn(format!("设置已保存，草稿没有清掉：{error}")),
                Ok(()) => Reply::pop().say(format!("设置已保存，现在按 {}", workspace.policy_in_words())),
            },
            Err(error) => Reply::warned(error.to_string()),
        }
    }
}

impl Screen<Desk> for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn title(&self) -> Title {
        Title::of("设置")
    }

    fn contexts(&self) -> Vec<Context> {
        self.form.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = self.form.hints();
        hints.push(Hint::of(Action::OpenPolicy));
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        canvas.put(area.x + 2, area.y + 1, &self.about, area.width.saturating_sub(4), Style::new());
        let top = 3.min(area.height);
        let height = self.form.height().max(14).min(area.height - top);
        self.form.draw(canvas, Rect { y: area.y + top, height, ..area });
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let event = self.form.act(action);
        self.reply(event, desk)
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        let event = self.form.text(text);
        self.reply(event, desk)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        let event = self.form.mouse(mouse);
        self.reply(event, desk)
    }

    fn keep(&mut self, desk: &mut Desk) {
        self.form.settle();
        self.keep_now(desk);
    }

    fn let_go(&mut self, desk: &mut Desk) {
        if let Err(error) = desk.workspace.drop_typed(&About::Settings) {
            tracing::warn!(%error, "a draft stays");
        }
    }

    fn unsaved(&self) -> Option<String> {
        self.form.is_changed().then(|| "设置".to_owned())
    }
}
