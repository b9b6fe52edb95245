//! 答复: a village's changes one by one, taken with a key or refused with a reason; and fields that both sides changed.

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::catalogue::print::day_in_words;
use crate::changes::HeldFor;
use crate::domain::{PartialDate, VillageCode};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::ask::Ask;
use crate::tui::screens::dialog::Dialog;
use crate::tui::screens::kept::Kept;
use crate::tui::widgets::form::{Field, Form};
use crate::tui::widgets::list::{Hit, List};
use crate::tui::widgets::picker::Choice;
use crate::workspace::WorkspaceError;
use crate::workspace::conflicts::{Keep, TwoEdits};
use crate::workspace::county::ToAnswer;
use crate::workspace::states::State;
use crate::workspace::typed::About;
use crate::workspace::verdicts::Because;

use super::receipts;

mod lines;

/// A village's changes.
pub(in crate::tui::screens) struct Answers {
    village: VillageCode,
    /// With the village's name, where what stands behind it does not say it.
    title: String,
    /// Fields that both sides changed, which come first.
    two: Vec<(TwoEdits, lines::Sides)>,
    changes: Vec<ToAnswer>,
    heads: Vec<String>,
    list: List,
    marked: BTreeSet<Key>,
    /// What a reason was asked for.
    asked: Vec<Key>,
    year: i32,
    fault: Option<String>,
}

/// A change as it is known: the act and the part of it for which it goes.
pub(in crate::tui::screens) type Key = (u64, u32);

const REFUSE: &str = "answers.refuse";
const TWO: &str = "answers.two";

impl Answers {
    /// What is to be answered of a village.
    pub(super) fn open(desk: &Desk, village: VillageCode) -> Self {
        let mut screen = Self {
            village,
            title: match desk.workspace.village() {
                Some(_) => "答复".to_owned(),
                None => format!("答复 · {}", desk.workspace.village_in_words(village)),
            },
            two: Vec::new(),
            changes: Vec::new(),
            heads: Vec::new(),
            list: List::default(),
            marked: BTreeSet::new(),
            asked: Vec::new(),
            year: desk.workspace.today().year(),
            fault: None,
        };
        screen.read(desk);
        screen
    }

    fn read(&mut self, desk: &Desk) {
        self.fault = self.try_read(desk).err().map(|error| error.to_string());
        self.list.set_len(self.two.len() + self.changes.len());
        let there: BTreeSet<Key> = self.changes.iter().map(|it| (it.act, it.part)).collect();
        self.marked.retain(|key| there.contains(key));
    }

    fn try_read(&mut self, desk: &Desk) -> Result<(), WorkspaceError> {
        let workspace = &desk.workspace;
        self.changes = workspace.changes_to_answer(self.village, desk.shows_private)?;
        let head = |change: &ToAnswer| workspace.households().get(change.id).map_or("", |it| &it.head).to_owned();
        self.heads = self.changes.iter().map(head).collect();
        self.two.clear();
        for two in workspace.conflicts(self.village)? {
            let sides = lines::Sides::of(desk, &two)?;
            self.two.push((two, sides));
        }
        Ok(())
    }

    fn selected_two(&self) -> Option<&(TwoEdits, lines::Sides)> {
        self.two.get(self.list.selected()?)
    }

    fn selected(&self) -> Option<&ToAnswer> {
        self.changes.get(self.list.selected()?.checked_sub(self.two.len())?)
    }

    /// Those that are marked, else the selected one; what is held is left out and said.
    /// What nobody in the village has approved the county may take, which is a yes to it.
    fn these(&self, takes: bool) -> Result<Vec<Key>, &'static str> {
        let keys: Vec<Key> = match (self.marked.is_empty(), self.selected()) {
            (false, _) => self.marked.iter().copied().collect(),
            (true, Some(change))
                if change.state == State::Held && !(takes && change.held == Some(HeldFor::Unapproved)) =>
            {
                return Err("暂缓的不能答复：等村里放行，随后面的变更集来");
            }
            (true, Some(change)) => vec![(change.act, change.part)],
            (true, None) if self.selected_two().is_some() => return Err("两边都改了的按回车选"),
            (true, None) => return Err("没有要答复的"),
        };
        Ok(keys)
    }

    fn take(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if desk.workspace.author().is_none() {
            return desk.ask_who();
        }
        match self.these(true) {
            Ok(keys) => self.judge(desk, &keys, None),
            Err(why) => Reply::warned(why),
        }
    }

    fn ask_why(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if desk.workspace.author().is_none() {
            return desk.ask_who();
        }
        match self.these(false) {
            Ok(keys) => {
                self.asked = keys;
                Reply::push(self.why_form(desk, ("", "")))
            }
            Err(why) => Reply::warned(why),
        }
    }

    fn why_form(&self, desk: &Desk, (reason, words): (&str, &str)) -> Kept {
        let reasons = desk.workspace.refusal_reasons();
        let picked: Vec<&str> =
            reasons.iter().filter(|(_, label)| label == reason).map(|(id, _)| id.as_str()).collect();
        let choices = reasons.iter().map(|(id, label)| Choice::new(id.as_str(), label.as_str())).collect();
        let fields = vec![
            Field::one("reason", "原因", choices).picking(&picked),
            Field::text("words", "说明").holding(words).hint("村里照着改；原因和说明至少写一样"),
        ];
        let title = format!("不予录入：{}处", self.asked.len());
        let ask = Ask::new(REFUSE, title, Form::new(fields, desk.workspace.today()));
        let (act, part) = self.asked.first().copied().unwrap_or_default();
        Kept::open(desk, About::Refusal(self.village, act, part), ask)
    }

    /// The changes at one whose refusal was being written, and that as it was left.
    pub(in crate::tui::screens) fn resume(desk: &mut Desk, village: VillageCode, key: Key) -> Reply<Desk> {
        let mut screen = Self::open(desk, village);
        let Some(row) = screen.changes.iter().position(|it| (it.act, it.part) == key) else {
            return Reply::warned("这一处已经答复了；不要了就丢掉");
        };
        screen.list.select(screen.two.len() + row);
        screen.asked = vec![key];
        let ask = screen.why_form(desk, ("", ""));
        Reply::push(screen).then(Reply::push(ask))
    }

    fn judge(&mut self, desk: &mut Desk, keys: &[Key], refused: Option<&Because>) -> Reply<Desk> {
        // All lines of a change are answered alike.
        let also = |key: &Key| self.changes.iter().find(|it| (it.act, it.part) == *key).map(|it| &it.also);
        let others = keys.iter().flat_map(also).flatten();
        let places: Vec<(u64, Option<u32>)> =
            keys.iter().chain(others).map(|(act, part)| (*act, Some(*part))).collect();
        match desk.workspace.judge(self.village, &places, refused) {
            Ok(_) => {
                let many = keys.len() > 1 || !self.marked.is_empty();
                self.marked.clear();
                self.read(desk);
                if !many {
                    self.list.act(Action::Down);
                }
                let verb = if refused.is_some() { "不予录入" } else { "收下" };
                Reply::said(format!("{}处{verb}，随下一份回执发回村里", keys.len()))
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn open_selected(&self, desk: &mut Desk) -> Reply<Desk> {
        if let Some((_, sides)) = self.selected_two() {
            let choices = ["先放着", "用县里的", "用村里的"];
            return Reply::push(Dialog::question(TWO, "两边都改了", sides.side_by_side(), &choices));
        }
        match self.selected() {
            Some(change) => desk.open_file(change.id, Some(change.section)),
            None => Reply::said("没有要答复的"),
        }
    }

    fn settle(&mut self, choice: usize, desk: &mut Desk) -> Reply<Desk> {
        let (keep, says) = match choice {
            1 => (Keep::County, "用县里的：新的更正随下一份回执发回村里"),
            2 => (Keep::Village, "用村里的：县里的更正收回了"),
            _ => return Reply::done(),
        };
        if desk.workspace.author().is_none() {
            return desk.ask_who();
        }
        let Some((two, _)) = self.selected_two() else { return Reply::done() };
        match desk.workspace.settle_two_edits(two, keep) {
            Ok(()) => {
                self.read(desk);
                Reply::said(says)
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn mark(&mut self) -> Reply<Desk> {
        let Some(change) = self.selected() else { return Reply::warned("这一行不用选中：按回车选") };
        if change.state == State::Held {
            return Reply::warned("暂缓的不能答复");
        }
        let key = (change.act, change.part);
        if !self.marked.remove(&key) {
            self.marked.insert(key);
        }
        self.list.act(Action::Down);
        Reply::done()
    }

    fn day(&self, day: chrono::NaiveDate) -> String {
        day_in_words(PartialDate::from(day), self.year)
    }
}

impl Screen<Desk> for Answers {
    fn name(&self) -> &'static str {
        "answers"
    }

    fn title(&self) -> Title {
        let open = self.changes.iter().filter(|change| change.state == State::Exported).count();
        let marked = if self.marked.is_empty() { String::new() } else { format!(" 选中{}", self.marked.len()) };
        let two = if self.two.is_empty() { String::new() } else { format!(" 两改{}处", self.two.len()) };
        Title::with(self.title.clone(), format!("没答{open}处{two}{marked}"))
    }

    fn contexts(&self) -> Vec<Context> {
        vec![Context::Answers, Context::List, Context::Global]
    }

    fn hints(&self) -> Vec<Hint> {
        if self.list.selected().is_none() {
            return [Action::WriteReceipts, Action::Back].map(Hint::of).to_vec();
        }
        let open = if self.selected_two().is_some() { "两边对照" } else { "户档" };
        let mut hints = vec![Hint::of(Action::TakeChange), Hint::of(Action::RefuseChange), Hint::of(Action::Mark)];
        hints.push(Hint::named(Action::Open, open));
        hints.extend([Action::WriteReceipts, Action::Unmask, Action::Back].map(Hint::of));
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: ratatui::layout::Rect) {
        lines::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.open_selected(desk),
            Action::TakeChange => self.take(desk),
            Action::RefuseChange => self.ask_why(desk),
            Action::Mark => self.mark(),
            Action::WriteReceipts => receipts::ask(desk, Some(self.village)),
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
        if answer.question == TWO {
            return self.settle(answer.choice, desk);
        }
        if answer.question != REFUSE {
            let reply = receipts::answered(&answer, desk, Some(self.village));
            return reply.unwrap_or_else(|| Reply::done().refresh());
        }
        let (label, words) = (answer.value("reason"), answer.value("words").trim());
        let reason = desk.workspace.refusal_reasons().into_iter().find(|(_, known)| known == label).map(|(id, _)| id);
        if reason.is_none() && words.is_empty() {
            return Reply::push(self.why_form(desk, (label, words))).warn("不予录入要写原因：选一个，或写明");
        }
        let because = Because { reason, words: Some(words).filter(|it| !it.is_empty()).map(str::to_owned) };
        let keys = std::mem::take(&mut self.asked);
        self.judge(desk, &keys, Some(&because))
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.read(desk);
    }
}
