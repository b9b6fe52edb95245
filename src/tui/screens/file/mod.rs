//! 户档: one household. Its sections at the left, with what is to be done about each; at the right the rows of the
//! section and the fields of a row, edited where they stand.

mod actions;
mod choose;
mod content;
mod draw;
mod editor;
mod found;
mod history;
mod row;
mod row_form;
mod three_sides;

use ratatui::layout::Rect;

use crate::catalogue::{Section, SectionKind};
use crate::domain::{Household, HouseholdFile, HouseholdId, Name, PartialDate, Slot};
use crate::rules::check::Finding;
use crate::rules::clocks::days_in_words;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::findings::answer::Asked;
use crate::tui::screens::findings::open_findings;
use crate::tui::widgets::list::{Hit, List};
use crate::workspace::WorkspaceError;
use crate::workspace::conflicts::Corrected;
use crate::workspace::history::Past;
use crate::workspace::in_short::InShort;

use content::{Content, FieldLine, RowLine, SectionLine};
use editor::Editor;
use row_form::CORRECTS;
use three_sides::ThreeSides;

/// The file of one household.
pub struct FileScreen {
    id: HouseholdId,
    file: HouseholdFile,
    head: String,
    short: Option<InShort>,
    past: Vec<Past>,
    sections: Vec<SectionLine>,
    section_list: List,
    rows: Vec<RowLine>,
    row_list: List,
    fields: Vec<FieldLine>,
    field_list: List,
    level: Level,
    editor: Option<Editor>,
    /// When the last edited field changed, carried to the next one.
    happened_on: Option<PartialDate>,
    /// The first of all days that something waits for here.
    next_day: String,
    /// What the checks find in it, what is stale or missing left out.
    found: Vec<Finding>,
    /// Whether it was opened at a field to mend it, so that one step back leads away again.
    came_to_mend: bool,
    /// Whether the file is a copy, so that what is edited is a correction of the county's.
    corrects: bool,
    /// What the county has corrected and the village has not followed.
    corrected: Vec<Corrected>,
    asked: Option<Asked>,
    fault: Option<String>,
}

/// What the keys are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sections,
    Rows,
    Fields,
}

impl FileScreen {
    /// The file, at a section where one is named.
    pub fn open(desk: &mut Desk, id: HouseholdId, at: Option<Name>) -> Result<Self, WorkspaceError> {
        let mut screen = Self {
            id,
            file: desk.workspace.file(id)?,
            head: String::new(),
            short: None,
            past: Vec::new(),
            sections: Vec::new(),
            section_list: List::default(),
            rows: Vec::new(),
            row_list: List::default(),
            fields: Vec::new(),
            field_list: List::default(),
            level: Level::Sections,
            editor: None,
            happened_on: None,
            next_day: String::new(),
            found: Vec::new(),
            came_to_mend: false,
            corrects: desk.workspace.is_copy(id.village),
            corrected: Vec::new(),
            asked: None,
            fault: None,
        };
        screen.refresh(desk);
        if let Some(at) = at {
            screen.section_list.select(screen.sections.iter().position(|line| line.id == at).unwrap_or_default());
            screen.look_at_section(desk);
            screen.enter(desk);
        }
        screen.tell_focus();
        Ok(screen)
    }

    /// The file, at the first field where a person has to choose.
    pub fn open_at_choice(desk: &mut Desk, id: HouseholdId) -> Result<Self, WorkspaceError> {
        let slot = desk.workspace.file(id)?.beside.first().copied();
        let mut screen = Self::open(desk, id, None)?;
        if let Some(slot) = slot {
            screen.go_to(desk, slot);
        }
        Ok(screen)
    }

    /// The file, at a field that is to be mended; one step back leads away again. A slot without a field is its section.
    pub fn open_at(desk: &mut Desk, id: HouseholdId, slot: Slot) -> Result<Self, WorkspaceError> {
        let mut screen = Self::open(desk, id, None)?;
        screen.go_to(desk, slot);
        screen.came_to_mend = true;
        Ok(screen)
    }

    /// Stands at a field, or as near to it as there is something.
    fn go_to(&mut self, desk: &Desk, slot: Slot) {
        self.level = Level::Sections;
        self.section_list.select(self.sections.iter().position(|line| line.id == slot.section).unwrap_or_default());
        self.look_at_section(desk);
        self.enter(desk);
        let row = self.rows.iter().position(|line| line.row == slot.row);
        if self.level == Level::Rows
            && let Some(row) = row
        {
            self.row_list.select(row);
            self.enter(desk);
        }
        self.field_list.select(self.fields.iter().position(|line| line.slot == slot).unwrap_or_default());
    }

    fn read(&mut self, desk: &Desk) -> Result<(), WorkspaceError> {
        let workspace = &desk.workspace;
        self.file = workspace.file(self.id)?;
        self.corrected = workspace.corrected(self.id)?;
        let household = Household::of(&self.file);
        self.head = household.head().map_or_else(|| household.number(), |head| head.name().to_owned());
        self.short = Some(workspace.in_short(self.id)?);
        self.past = workspace.past_of(&self.file, desk.shows_private)?;
        let stale = workspace.stale_of(self.id)?;
        let next = workspace.due_of(self.id)?.into_iter().next();
        self.next_day = next.map_or_else(String::new, |due| format!("{}，{}", due.what, days_in_words(due.days_left)));
        self.found = open_findings(desk, self.id)?;
        self.sections = Content { desk, file: &self.file, corrected: &self.corrected }.sections(&stale);
        found::mark(&mut self.sections, &self.found);
        self.section_list.set_len(self.sections.len());
        Ok(())
    }

    fn section_line(&self) -> Option<&SectionLine> {
        self.sections.get(self.section_list.selected()?)
    }

    fn section<'a>(&self, desk: &'a Desk) -> Option<&'a Section> {
        desk.workspace.definitions().catalogue.section(self.section_line()?.id)
    }

    fn row_line(&self) -> Option<&RowLine> {
        self.rows.get(self.row_list.selected()?)
    }

    fn field_line(&self) -> Option<&FieldLine> {
        self.fields.get(self.field_list.selected()?)
    }

    /// The row whose fields are shown.
    fn row(&self) -> u32 {
        self.row_line().map_or(0, |line| line.row)
    }

    /// Reads the rows of the selected section, and the fields of the selected row.
    fn look_at_section(&mut self, desk: &Desk) {
        let Some(section) = self.section(desk) else { return };
        self.rows = Content { desk, file: &self.file, corrected: &self.corrected }.rows(section);
        self.row_list = List::new(self.rows.len());
        self.field_list = List::default();
        self.look_at_row(desk);
    }

    fn look_at_row(&mut self, desk: &Desk) {
        let Some(section) = self.section(desk) else { return };
        let is_there = section.kind == SectionKind::Household || !self.rows.is_empty();
        let content = Content { desk, file: &self.file, corrected: &self.corrected };
        self.fields = if is_there { content.fields(section, self.row()) } else { Vec::new() };
        self.field_list.set_len(self.fields.len());
    }

    /// One level in.
    fn enter(&mut self, desk: &Desk) {
        let has_rows = self.section_line().is_some_and(|line| line.kind != SectionKind::Household);
        self.level = match self.level {
            Level::Sections if has_rows => Level::Rows,
            _ => Level::Fields,
        };
        self.look_at_row(desk);
        self.tell_focus();
    }

    /// One level out; false where there is none.
    fn leave(&mut self) -> bool {
        let has_rows = self.section_line().is_some_and(|line| line.kind != SectionKind::Household);
        self.level = match self.level {
            Level::Sections => return false,
            Level::Fields if has_rows => Level::Rows,
            _ => Level::Sections,
        };
        self.field_list.select(0);
        self.tell_focus();
        true
    }

    fn tell_focus(&mut self) {
        self.section_list.focus(self.level == Level::Sections);
        self.row_list.focus(self.level == Level::Rows);
        self.field_list.focus(self.level == Level::Fields);
    }

    /// Moves within what the keys are about.
    fn moved(&mut self, action: Action, desk: &Desk) -> bool {
        let is_taken = match self.level {
            Level::Sections => self.section_list.act(action),
            Level::Rows => self.row_list.act(action),
            Level::Fields => self.field_list.act(action),
        };
        if is_taken {
            match self.level {
                Level::Sections => self.look_at_section(desk),
                Level::Rows => self.look_at_row(desk),
                Level::Fields => {}
            }
            self.tell_focus();
        }
        is_taken
    }
}

impl Screen<Desk> for FileScreen {
    fn name(&self) -> &'static str {
        "file"
    }

    fn title(&self) -> Title {
        if self.corrects && self.editor.is_some() {
            return Title::with(format!("户档 · {}", self.head), CORRECTS);
        }
        let short = self.short.as_ref();
        let place = short.map_or("", |short| short.place.trim());
        let class = short.map_or("", |short| &short.class);
        let people = short.map_or(0, |short| short.people.len());
        let graded = short.and_then(|short| short.colour.as_ref());
        let colour = graded.map_or(String::new(), |graded| format!("{} ", graded.label));
        let closed = if Household::of(&self.file).closed_on().is_some() { "已销户  " } else { "" };
        Title::with(
            format!("户档 · {} {place}", self.head).trim_end().to_owned(),
            format!("{closed}{colour}{class}  {people}人  {}", self.counts_of_found()).trim_end().to_owned(),
        )
        .and(self.next_day.as_str())
    }

    fn contexts(&self) -> Vec<Context> {
        match &self.editor {
            Some(editor) => editor.contexts(),
            None => vec![Context::File, Context::List, Context::Global],
        }
    }

    fn hints(&self) -> Vec<Hint> {
        if let Some(editor) = &self.editor {
            return editor.hints();
        }
        let open = match self.level {
            Level::Sections => Hint::named(Action::Open, "看这一部分"),
            Level::Rows => Hint::named(Action::Open, "看这一行"),
            Level::Fields => Hint::named(Action::Open, "改这一格"),
        };
        let mut hints = vec![open, Hint::of(Action::ConfirmSection)];
        match (self.section_line().map(|line| line.kind), self.level) {
            (Some(SectionKind::Rows), _) => hints.extend([Action::AddRow, Action::RemoveRow].map(Hint::of)),
            (_, Level::Fields) => hints.push(Hint::named(Action::Edit, "整行改")),
            _ => {}
        }
        hints.extend(
            [Action::LifeEvent, Action::History, Action::ThreeSides, Action::Visit, Action::Screen].map(Hint::of),
        );
        if !self.found.is_empty() {
            let at = hints.len().min(2);
            hints.splice(at..at, [Action::NextFinding, Action::AnswerFinding].map(Hint::of));
        }
        hints
            .extend([Action::Verify, Action::Card, Action::NextFile, Action::PreviousFile, Action::Back].map(Hint::of));
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        if self.editor.is_some() {
            return self.edit_on(desk, |form| form.act(action), action);
        }
        match action {
            Action::Open => self.open_selected(desk),
            Action::Next if self.level == Level::Sections => {
                self.enter(desk);
                Reply::done()
            }
            Action::Back if self.came_to_mend => Reply::pass(),
            Action::Back | Action::Previous if self.leave() => {
                self.came_to_mend = false;
                Reply::done()
            }
            Action::NextFinding => self.next_finding(desk),
            Action::AnswerFinding => self.answer_finding(desk),
            Action::Edit => self.edit_row(desk),
            Action::AddRow => self.add_row(desk),
            Action::RemoveRow => self.remove_row(desk),
            Action::ConfirmSection => self.confirm(desk),
            Action::History => self.open_history(),
            Action::ThreeSides => Reply::push(ThreeSides::open(desk, self.id, &self.head)),
            Action::LifeEvent => desk.open_life(self.id),
            Action::Visit => desk.open_visit(self.id),
            Action::Screen => desk.open_screening(self.id),
            Action::Verify => desk.open_verification(self.id),
            Action::Card => desk.open_card(self.id),
            Action::NextFile => self.go_on(desk, true),
            Action::PreviousFile => self.go_on(desk, false),
            action if self.moved(action, desk) => Reply::done(),
            _ => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        self.edit_on(desk, |form| form.text(text), Action::Redraw)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        if self.editor.is_some() {
            return self.edit_on(desk, |form| form.mouse(mouse), Action::Redraw);
        }
        match self.section_list.mouse(mouse) {
            Hit::Missed => {}
            hit => {
                let was_there = self.level == Level::Sections;
                self.level = Level::Sections;
                self.look_at_section(desk);
                if hit == Hit::Opened && was_there {
                    self.enter(desk);
                }
                self.tell_focus();
                return Reply::done();
            }
        }
        let shows_rows =
            self.level < Level::Fields && self.section_line().is_some_and(|line| line.kind != SectionKind::Household);
        let (list, level) =
            if shows_rows { (&mut self.row_list, Level::Rows) } else { (&mut self.field_list, Level::Fields) };
        let hit = list.mouse(mouse);
        if hit == Hit::Missed {
            return Reply::done();
        }
        let was_there = std::mem::replace(&mut self.level, level) == level;
        self.look_at_row(desk);
        self.tell_focus();
        if hit == Hit::Opened && was_there { self.open_selected(desk) } else { Reply::done() }
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        match answer.question {
            choose::CHOSEN => self.chosen(answer.choice, desk),
            three_sides::SIDES => match three_sides::slot_of(desk, self.id, answer.choice) {
                Ok(slot) => {
                    slot.into_iter().for_each(|slot| self.go_to(desk, slot));
                    Reply::done()
                }
                Err(error) => Reply::warned(error.to_string()),
            },
            _ => self.asked.as_ref().and_then(|asked| asked.take(&answer, desk)).unwrap_or_else(Reply::done),
        }
    }

    fn keep(&mut self, desk: &mut Desk) {
        if let Some(editor) = &mut self.editor {
            editor.widget.settle();
            editor.keep(desk);
        }
    }

    fn let_go(&mut self, desk: &mut Desk) {
        if let Some(editor) = &self.editor {
            editor.let_go(desk);
        }
    }

    fn unsaved(&self) -> Option<String> {
        let is_changed = self.editor.as_ref().is_some_and(|editor| editor.widget.is_changed());
        let label = self.field_line().map(|field| field.label.clone());
        label.filter(|_| is_changed)
    }

    fn refresh(&mut self, desk: &mut Desk) {
        let at = self.section_line().map(|line| line.id);
        self.fault = self.read(desk).err().map(|error| error.to_string());
        let section = self.sections.iter().position(|line| Some(line.id) == at).unwrap_or_default();
        self.section_list.select(section);
        let (row, row_at, field_at) = (self.row(), self.row_list.selected(), self.field_list.selected());
        self.look_at_section(desk);
        let same = self.rows.iter().position(|line| line.row == row).or(row_at);
        self.row_list.select(same.unwrap_or_default());
        self.look_at_row(desk);
        self.field_list.select(field_at.unwrap_or_default());
        if self.level == Level::Fields && self.fields.is_empty() {
            self.level = Level::Rows;
        }
        if let Some(editor) = &mut self.editor {
            editor.widget.show_private(desk.shows_private);
        }
        self.tell_focus();
    }
}
