//! What is done in a file: a field edited or chosen, a row added or taken out, a section confirmed, the next household.

use crate::catalogue::{Deed, SectionKind};
use crate::domain::field::{members, tasks};
use crate::domain::{EditRow, HouseholdId, Name, RowRef, Slot};
use crate::tui::actions::Action;
use crate::tui::desk::Desk;
use crate::tui::reply::{Effect, Reply};
use crate::tui::screens::findings::answer::Asked;
use crate::tui::widgets::form::{Event, Form};

use super::choose::Choose;
use super::content::FieldLine;
use super::editor::{Editor, Saved};
use super::history::{History, Of};
use super::row::edit_form;
use super::row_form::RowForm;
use super::{FileScreen, Level};

impl FileScreen {
    /// One level in, and at a field into its editor.
    pub(super) fn open_selected(&mut self, desk: &mut Desk) -> Reply<Desk> {
        match self.level {
            Level::Sections => {
                self.enter(desk);
                Reply::done()
            }
            Level::Rows => self.open_row(desk),
            Level::Fields => match self.field_line() {
                Some(field) if !field.others.is_empty() => self.open_choice(field, desk),
                Some(_) => self.edit_field(desk),
                None => Reply::done(),
            },
        }
    }

    fn open_choice(&self, field: &FieldLine, desk: &Desk) -> Reply<Desk> {
        if let Some(refused) = desk.refuses(self.id, Deed::Choice) {
            return refused;
        }
        match desk.workspace.sides(self.id, field.slot, desk.shows_private) {
            Ok(sides) => Reply::push(Choose::open(field, sides)),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn open_row(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let is_task = self.section_line().is_some_and(|line| line.id == tasks::SECTION);
        match self.row_line() {
            None => Reply::warned("这一部分还没有行"),
            Some(row) if is_task && !row.is_over => desk.open_tasks(Some((self.id, row.row))),
            Some(_) => {
                self.enter(desk);
                Reply::done()
            }
        }
    }

    /// The file at a field that was being edited, and that as it was left.
    pub(in crate::tui::screens) fn resume_cell(desk: &mut Desk, id: HouseholdId, slot: Slot) -> Reply<Desk> {
        let mut screen = match Self::open_at(desk, id, slot) {
            Ok(screen) => screen,
            Err(error) => return Reply::warned(error.to_string()),
        };
        if screen.field_line().is_none_or(|line| line.slot != slot) {
            return Reply::push(screen).warn("这一行已经不在了；没存的不要了就丢掉");
        }
        let reply = screen.edit_field(desk);
        Reply::push(screen).then(reply)
    }

    /// The file at a row that was being filled, and that as it was left.
    pub(in crate::tui::screens) fn resume_row(
        desk: &mut Desk,
        id: HouseholdId,
        (section, row): (Name, RowRef),
    ) -> Reply<Desk> {
        match Self::open(desk, id, Some(section)) {
            Ok(mut screen) => {
                let form = screen.open_form(desk, section, row);
                Reply::push(screen).then(form)
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// The file at what a check finds, and the reason for it as it was left.
    pub(in crate::tui::screens) fn resume_reason(
        desk: &mut Desk,
        id: HouseholdId,
        (check, of, for_exemption): (&str, &str, bool),
    ) -> Reply<Desk> {
        let found = desk.workspace.findings(id).unwrap_or_default();
        let Some(finding) = found.iter().find(|it| it.check == check && *it.of == *of) else {
            return Reply::warned("这一条已经查不出来了；不要了就丢掉");
        };
        let screen = match finding.slot {
            Some(slot) => Self::open_at(desk, id, slot),
            None => Self::open(desk, id, None),
        };
        match screen {
            Ok(mut screen) => {
                let asked = Asked::new(id, finding);
                let reply = if for_exemption { asked.ask_for_exemption(desk) } else { asked.ask(desk) };
                screen.asked = Some(asked);
                Reply::push(screen).then(reply)
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    fn edit_field(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some(field) = self.field_line() else { return Reply::done() };
        if !field.is_defined {
            return Reply::warned("这一列没有定义，只能看");
        }
        match Editor::open(desk, &self.file, field.slot, self.happened_on) {
            Ok(Some(editor)) => {
                self.editor = Some(editor);
                Reply::done()
            }
            Ok(None) => Reply::warned("这一格不能改"),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    /// Hands an event to the editor, and saves or closes it.
    pub(super) fn edit_on(
        &mut self,
        desk: &mut Desk,
        does: impl FnOnce(&mut Form) -> Event,
        action: Action,
    ) -> Reply<Desk> {
        let Some(editor) = &mut self.editor else { return Reply::pass() };
        match does(&mut editor.widget) {
            Event::Saved => self.save_field(desk),
            Event::Passed if action == Action::Back => {
                editor.let_go(desk);
                self.editor = None;
                Reply::said("没有改")
            }
            Event::Left(_) => editor.keep(desk).unwrap_or_else(Reply::done),
            event => event.reply(),
        }
    }

    fn save_field(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some(mut editor) = self.editor.take() else { return Reply::done() };
        let label = self.field_line().map_or_else(String::new, |field| field.label.clone());
        match editor.save(desk, &self.file) {
            Ok(Saved::Acts(numbers)) => {
                editor.let_go(desk);
                self.happened_on = editor.happened_on();
                Reply::said(format!("{}：{} {label}", desk.noted(self.id, &numbers), self.head)).refresh()
            }
            Ok(Saved::Nothing) => {
                editor.let_go(desk);
                Reply::said("没有改动")
            }
            Ok(Saved::Refused(why)) => {
                self.editor = Some(editor);
                Reply::warned(why)
            }
            Err(error) => {
                self.editor = Some(editor);
                Reply::warned(format!("没有记下：{error}"))
            }
        }
    }

    /// Takes the answer to which of several values is true.
    pub(super) fn chosen(&mut self, choice: usize, desk: &mut Desk) -> Reply<Desk> {
        let Some(field) = self.field_line() else { return Reply::done() };
        let slot = field.slot;
        let value = match choice.checked_sub(1) {
            None => return Reply::done(),
            Some(0) => self.file.get(slot).cloned(),
            Some(other) => match field.others.get(other - 1) {
                Some((_, value)) => value.clone(),
                None => return self.edit_field(desk),
            },
        };
        let label = field.label.clone();
        match desk.workspace.choose(self.id, slot, value) {
            Ok(act) => Reply::said(format!("已记下第{}号：{} {label} 选定", act.number, self.head)).refresh(),
            Err(error) => Reply::warned(format!("没有记下：{error}")),
        }
    }

    /// All fields of a row at once.
    pub(super) fn edit_row(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let Some(section) = self.section_line() else { return Reply::done() };
        if section.kind != SectionKind::Household && self.row_line().is_none() {
            return Reply::warned("这一部分还没有行");
        }
        let (section, row) = (section.id, RowRef::At(self.row()));
        self.open_form(desk, section, row)
    }

    pub(super) fn add_row(&mut self, desk: &mut Desk) -> Reply<Desk> {
        match self.section_line() {
            Some(section) if section.kind == SectionKind::Rows => {
                let section = section.id;
                self.open_form(desk, section, RowRef::New(0))
            }
            Some(section) if section.id == members::SECTION => match desk.refuses(self.id, Deed::Event) {
                Some(refused) => refused,
                None => desk.open_life(self.id).say("添人记家里事：出生、婚入、迁入补录…"),
            },
            _ => Reply::warned("这一部分不能添行"),
        }
    }

    fn open_form(&mut self, desk: &mut Desk, section: crate::domain::Name, row: RowRef) -> Reply<Desk> {
        match RowForm::open(desk, &self.file, section, row) {
            Ok(Some(form)) => Reply::push(form),
            Ok(None) => Reply::warned("这一部分不能改"),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    pub(super) fn remove_row(&mut self, desk: &mut Desk) -> Reply<Desk> {
        match self.section_line() {
            Some(section) if section.kind == SectionKind::Rows => {}
            Some(section) if section.id == members::SECTION => {
                return Reply::warned("人不从户档里去掉：去世、婚出、迁出记家里事，档里留着");
            }
            _ => return Reply::warned("这一部分没有能去掉的行"),
        }
        if self.level == Level::Sections || self.row_line().is_none() {
            return Reply::warned("先选中要去掉的一行");
        }
        let Some(section) = self.section_line() else { return Reply::done() };
        let (section, label, row) = (section.id, section.label.clone(), self.row());
        let Some(form) = edit_form(desk).cloned() else { return Reply::done() };
        let held = self.file.row(section, row).into_iter().flat_map(|row| row.values());
        let fields = held.map(|(field, _)| (field, None)).collect();
        let filed = desk.workspace.blank(self.id, &form).and_then(|mut filled| {
            filled.edits.push(EditRow::of(section, RowRef::At(row), fields));
            desk.workspace.correct(self.id.village, filled)
        });
        match filed {
            Ok(Ok(numbers)) => {
                self.level = Level::Rows;
                let noted = desk.noted(self.id, &numbers);
                Reply::said(format!("{noted}：去掉{label}一行；去错了就撤销")).refresh()
            }
            Ok(Err(faults)) => Reply::warned(faults.into_iter().map(|fault| fault.why).collect::<Vec<_>>().join("；")),
            Err(error) => Reply::warned(format!("没有记下：{error}")),
        }
    }

    /// The whole section is still true: said by whoever looked, with one key.
    pub(super) fn confirm(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if let Some(refused) = desk.refuses(self.id, Deed::Confirm) {
            return refused;
        }
        let Some(section) = self.section_line() else { return Reply::done() };
        if !section.told.is_empty() {
            return Reply::warned("走访时说有变化，要在这里改，不能当作没有变");
        }
        let (id, label) = (section.id, section.label.clone());
        match desk.workspace.confirm(self.id, id) {
            Ok(Some(act)) => {
                let says = format!("已记下第{}号：{label}今天核实过，没有变；没有看过就撤销", act.number);
                Reply::said(says).refresh()
            }
            Ok(None) => Reply::said(format!("{label}今天已经核实过")),
            Err(error) => Reply::warned(error.to_string()),
        }
    }

    pub(super) fn open_history(&mut self) -> Reply<Desk> {
        let mut views = Vec::new();
        if self.level == Level::Fields
            && let Some(field) = self.field_line()
        {
            views.push((Of::Field(field.slot), field.label.clone()));
        }
        views.extend(self.section_line().map(|section| (Of::Section(section.id), section.label.clone())));
        views.push((Of::Household, "全户".to_owned()));
        Reply::push(History::open(self.id, &self.past, views))
    }

    /// The file of the next household, at the same section.
    pub(super) fn go_on(&mut self, desk: &mut Desk, forward: bool) -> Reply<Desk> {
        let Some(next) = desk.beside(self.id, forward) else {
            return Reply::warned(if forward { "后面没有了" } else { "前面没有了" });
        };
        let at = self.section_line().map(|section| section.id).filter(|_| self.level > Level::Sections);
        let section = self.section_list.selected();
        match FileScreen::open(desk, next, at) {
            Ok(mut screen) => {
                if at.is_none() {
                    screen.section_list.select(section.unwrap_or_default());
                    screen.look_at_section(desk);
                    screen.tell_focus();
                }
                Reply::done().and(Effect::Replace(Box::new(screen)))
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }
}

impl Desk {
    /// The household before or behind one: of those that were listed last, else of all, as one walks.
    pub fn beside(&self, id: HouseholdId, forward: bool) -> Option<HouseholdId> {
        let walked;
        let order = if self.listed.contains(&id) {
            &self.listed
        } else {
            walked = self.workspace.in_walking_order();
            &walked
        };
        let at = order.iter().position(|known| *known == id)?;
        let beside = if forward { at + 1 } else { at.checked_sub(1)? };
        order.get(beside).copied()
    }
}
