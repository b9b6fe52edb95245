//! A whole row at once: one that is added, or all fields of one that is there. What is typed is a draft until it is saved.

use chrono::NaiveDate;
use ratatui::layout::Rect;

use crate::domain::{FilledForm, HouseholdFile, Name, RowRef};
use crate::forms::{self, reading::Fault};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Effect, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::widgets::form::{Event, Form};
use crate::workspace::WorkspaceError;
use crate::workspace::drafts::FormDraft;

use super::row::{EditedRow, answers, circumstances, edit_form, id_of};

/// The question under which the file is told that a row was saved; the numbers of its acts come as `numbers`.
pub(super) const SAVED: &str = "file.row";

/// What is said beforehand where the file is a copy.
pub(super) const CORRECTS: &str = "将作为县里的更正发回村里";

/// A row that is being filled.
pub struct RowForm {
    form: forms::Form,
    file: HouseholdFile,
    section: Name,
    row: RowRef,
    title: String,
    filled: FilledForm,
    is_resumed: bool,
    /// The local day on which it was begun.
    begun_on: Option<NaiveDate>,
    /// Whether it goes back to the village as a correction of the county's.
    corrects: bool,
    widget: Form,
}

impl RowForm {
    /// A row of a file, as it was left where it was left unfinished.
    pub(super) fn open(
        desk: &mut Desk,
        file: &HouseholdFile,
        section: Name,
        row: RowRef,
    ) -> Result<Option<Self>, WorkspaceError> {
        let Some(form) = edit_form(desk).cloned() else { return Ok(None) };
        let is_resumed = desk.workspace.row_draft(file.id, form.name, (section, row)).is_some();
        let draft = desk.workspace.begin_row(file.id, &form, (section, row))?;
        let mut screen = Self {
            title: title(desk, file, section, row),
            widget: Form::new(Vec::new(), desk.workspace.today()),
            file: file.clone(),
            begun_on: draft.begun_on(),
            filled: draft.filled,
            is_resumed,
            corrects: desk.workspace.is_copy(file.id.village),
            form,
            section,
            row,
        };
        screen.ask(desk);
        screen.widget.focus_on(&draft.at);
        Ok(Some(screen))
    }

    fn ask(&mut self, desk: &Desk) {
        let catalogue = &desk.workspace.definitions().catalogue;
        let Some(section) = catalogue.section(self.section) else { return };
        let row = EditedRow { catalogue, file: &self.file, section, row: self.row };
        let edits = self.filled.edits.first().map_or(&[][..], |edit| &edit.fields);
        let edit_of = |field: Name| edits.iter().find(|(id, _)| *id == field).map(|(_, value)| value);
        let mut fields = Vec::new();
        fields.extend(section.fields.iter().map(|field| row.field(field, edit_of(field.id))));
        fields.extend(circumstances(&self.form, &self.filled, catalogue));
        self.widget = Form::new(fields, desk.workspace.today());
        self.widget.show_private(desk.shows_private);
    }

    /// What stands on the screen, as the form that would be filed.
    fn read(&mut self, desk: &Desk) {
        let catalogue = &desk.workspace.definitions().catalogue;
        let Some(section) = catalogue.section(self.section) else { return };
        let edit = EditedRow { catalogue, file: &self.file, section, row: self.row }.edit(&self.widget);
        self.filled.fields = answers(&self.form, &self.widget, catalogue);
        self.filled.edits = vec![edit];
    }

    fn took(&mut self, event: Event, desk: &mut Desk) -> Reply<Desk> {
        match event {
            Event::Left(_) => self.keep_now(desk).unwrap_or_else(Reply::done),
            Event::AtEnd => self.keep_now(desk).unwrap_or_else(|| event.reply()),
            Event::Saved => self.save(desk),
            event => event.reply(),
        }
    }

    fn keep_now(&mut self, desk: &mut Desk) -> Option<Reply<Desk>> {
        self.read(desk);
        let at = self.widget.focus().to_owned();
        let on = self.begun_on;
        let draft = FormDraft { household: self.file.id, filled: self.filled.clone(), at, on };
        let failed = desk.workspace.keep_draft(&draft).err()?;
        Some(Reply::warned(format!("草稿没有存上：{failed}")))
    }

    fn save(&mut self, desk: &mut Desk) -> Reply<Desk> {
        self.read(desk);
        if self.filled.edits.iter().all(|edit| edit.fields.is_empty()) {
            return match desk.workspace.drop_row_draft(self.file.id, self.form.name, (self.section, self.row)) {
                Ok(()) => Reply::pop().say("没有改动"),
                Err(error) => Reply::warned(error.to_string()),
            };
        }
        match desk.workspace.correct(self.file.id.village, self.filled.clone()) {
            Ok(Ok(numbers)) => {
                let dropped = desk.workspace.drop_row_draft(self.file.id, self.form.name, (self.section, self.row));
                let noted = desk.noted(self.file.id, &numbers);
                let values = vec![("section".to_owned(), self.section.to_string())];
                let reply = Reply::done().and(Effect::Answer(Answer { question: SAVED, choice: 1, values })).refresh();
                match dropped {
                    Ok(()) => reply.say(format!("{noted}：{}", self.title)),
                    Err(error) => reply.warn(format!("{noted}，草稿没有清掉：{error}")),
                }
            }
            Ok(Err(faults)) => self.refused(&faults),
            Err(error) => Reply::warned(format!("没有记下：{error}")),
        }
    }

    /// Shows each reason at its field; what belongs to none is told in the status line.
    fn refused(&mut self, faults: &[Fault]) -> Reply<Desk> {
        for fault in faults.iter().rev() {
            let last = fault.field.rsplit('.').next().unwrap_or_default();
            for id in [fault.field.clone(), id_of(Name::new(last))] {
                if self.widget.field(&id).is_some() {
                    self.widget.refuse(&id, &fault.why);
                }
            }
        }
        let whys: Vec<&str> = faults.iter().map(|fault| fault.why.as_str()).collect();
        Reply::warned(whys.join("；"))
    }

    fn back(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if !self.widget.is_changed() {
            return Reply::pop();
        }
        self.keep_now(desk).unwrap_or_else(|| Reply::pop().say(format!("{}没填完，留作草稿", self.title)))
    }

    fn discard(&mut self, desk: &mut Desk) -> Reply<Desk> {
        match desk.workspace.drop_row_draft(self.file.id, self.form.name, (self.section, self.row)) {
            Ok(()) => Reply::pop().say("没存的修改丢掉了"),
            Err(error) => Reply::warned(error.to_string()),
        }
    }
}

/// What a row is called.
fn title(desk: &Desk, file: &HouseholdFile, section: Name, row: RowRef) -> String {
    use crate::catalogue::SectionKind;
    use crate::domain::Household;
    let Some(section) = desk.workspace.definitions().catalogue.section(section) else { return section.to_string() };
    match (section.kind, row) {
        (_, RowRef::New(_)) => format!("{} · 添一行", section.label),
        (SectionKind::Household, _) => section.label.to_string(),
        (SectionKind::Person, RowRef::At(id)) => {
            let member = Household::of(file).everyone().find(|member| member.id.0 == id);
            format!("{} · {}", section.label, member.map_or("", |member| member.name()))
        }
        (SectionKind::Rows, RowRef::At(row)) => format!("{} · 第{row}条", section.label),
    }
}

impl Screen<Desk> for RowForm {
    fn name(&self) -> &'static str {
        "file-row"
    }

    fn title(&self) -> Title {
        let head =
            crate::domain::Household::of(&self.file).head().map_or_else(String::new, |head| head.name().to_owned());
        let detail = match (self.corrects, self.is_resumed) {
            (true, _) => CORRECTS,
            (false, true) => "接着上次没填完的",
            (false, false) => "",
        };
        Title::with(format!("户档 · {head} · {}", self.title), detail)
    }

    fn contexts(&self) -> Vec<Context> {
        self.widget.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = self.widget.hints();
        if self.is_resumed || self.widget.is_changed() {
            hints.push(Hint::of(Action::Discard));
        }
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.widget.draw(canvas, crate::tui::frame::panes(area).0);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match self.widget.act(action) {
            Event::Passed if action == Action::Back => self.back(desk),
            Event::Passed if action == Action::Discard => self.discard(desk),
            event => self.took(event, desk),
        }
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        let event = self.widget.text(text);
        self.took(event, desk)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        let event = self.widget.mouse(mouse);
        self.took(event, desk)
    }

    fn keep(&mut self, desk: &mut Desk) {
        if self.widget.is_changed() {
            self.widget.settle();
            self.keep_now(desk);
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.widget.show_private(desk.shows_private);
    }
}
