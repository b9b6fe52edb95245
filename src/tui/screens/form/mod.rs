//! Any form of `data/` on a screen: made from its definition, checked as it is filled, kept as a draft field by field,
//! and saying beforehand what it will do.

mod after;
mod answers;
mod draw;
mod offered;
mod questions;
mod round;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::{self, FilledForm, GroupAnswer, Household, HouseholdFile, HouseholdId, Name};
use crate::forms::reading::Fault;
use crate::forms::{self, FormKind, sums};
use crate::rules::asked::{self, Asked};
use crate::rules::heirs::{self, Passing, Way};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Effect, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::screens::find_household::{FOUND, FindHousehold};
use crate::tui::screens::findings::{open_findings, reminders_of};
use crate::tui::widgets::form::{Event, Form};
use crate::tui::widgets::picker::Choice;
use crate::workspace::drafts::FormDraft;
use crate::workspace::{Recorded, WorkspaceError};

use after::After;
use offered::Offered;
pub(super) use offered::open_offered;
use questions::{FACT, HEIRS, Questions, RELATIONS, WHY_NOT};

/// A form that is being filled.
pub struct FormScreen {
    form: forms::Form,
    household: HouseholdId,
    head: String,
    file: HouseholdFile,
    filled: FilledForm,
    last: Option<FilledForm>,
    /// The local day on which it was begun.
    begun_on: Option<NaiveDate>,
    today: NaiveDate,
    /// What is proposed for the groups of its round.
    proposed: BTreeMap<Name, GroupAnswer>,
    asked: Asked,
    /// What a person has to say of things that are open, or that two households hold.
    heirs: Vec<heirs::Question>,
    widget: Form,
    after: After,
    /// What the checks find in the household, the worst first; only where a whole household is looked at.
    reminders: Vec<String>,
    is_resumed: bool,
}

/// The question under which the screen beneath is told that the form was taken in; the values are its name as `form`,
/// its id as `id` and the number of its act as `number`.
pub const SAVED: &str = "form.saved";

const EVENT: &str = "家里事";

impl FormScreen {
    /// A form of a household: where it was left, or from its beginning. None where no form has this name.
    pub fn open(desk: &mut Desk, household: HouseholdId, form: Name) -> Result<Option<Self>, WorkspaceError> {
        let Some(form) = desk.workspace.definitions().forms.get(form).cloned() else { return Ok(None) };
        let is_resumed = desk.workspace.draft(household, form.name).is_some();
        let draft = desk.workspace.begin(household, &form)?;
        Self::of_draft(desk, form, draft, is_resumed).map(Some)
    }

    /// A form that is about something of the household already: where it was left, if it was about the same.
    pub fn open_about(
        desk: &mut Desk,
        household: HouseholdId,
        form: Name,
        (field, about): (Name, domain::Answer),
    ) -> Result<Option<Self>, WorkspaceError> {
        let Some(form) = desk.workspace.definitions().forms.get(form).cloned() else { return Ok(None) };
        let is_same = |draft: &FormDraft| draft.filled.fields.get(&field) == Some(&about);
        let is_resumed = desk.workspace.draft(household, form.name).is_some_and(|draft| is_same(&draft));
        let mut draft = desk.workspace.begin(household, &form)?;
        if !is_resumed {
            draft = FormDraft { filled: desk.workspace.blank(household, &form)?, at: String::new(), ..draft };
            draft.filled.fields.insert(field, about);
        }
        let mut screen = Self::of_draft(desk, form, draft, is_resumed)?;
        if !is_resumed {
            screen.widget.focus_on_open();
        }
        Ok(Some(screen))
    }

    fn of_draft(
        desk: &mut Desk,
        form: forms::Form,
        draft: FormDraft,
        is_resumed: bool,
    ) -> Result<Self, WorkspaceError> {
        let household = draft.household;
        let file = desk.workspace.file(household)?;
        let last = match file.newest_form(form.name) {
            Some(last) => desk.workspace.form_text(household, last)?,
            None => None,
        };
        let mut screen = Self {
            head: desk.workspace.households().get(household).map_or_else(String::new, |known| known.head.to_string()),
            widget: Form::new(Vec::new(), desk.workspace.today()),
            asked: Asked::default(),
            heirs: Vec::new(),
            proposed: BTreeMap::new(),
            after: After::default(),
            reminders: if form.has_groups() { reminders_of(&open_findings(desk, household)?) } else { Vec::new() },
            begun_on: draft.begun_on(),
            today: desk.workspace.today(),
            filled: draft.filled,
            is_resumed,
            household,
            form,
            file,
            last,
        };
        screen.propose(desk)?;
        screen.ask(desk);
        screen.widget.focus_on(&draft.at);
        if draft.at.is_empty() && screen.form.has_groups() {
            screen.widget.focus_on_open();
        }
        Ok(screen)
    }

    /// Asks what follows from what is answered, and looks at what the form would do.
    fn ask(&mut self, desk: &Desk) {
        let other = self.filled.fields.values().find_map(|answer| match answer {
            crate::domain::Answer::Household(serial) => {
                desk.workspace.file(HouseholdId { serial: *serial, ..self.household }).ok()
            }
            _ => None,
        });
        let relations = &desk.workspace.definitions().relations;
        self.asked = asked::of(&self.form, &self.filled, &self.file, other.as_ref(), relations);
        let passing = Passing::of(&self.form, &self.filled, &self.file, other.as_ref());
        let goes_on = passing.as_ref().is_some_and(|passing| passing.way != Way::Join);
        self.heirs = passing.map_or_else(Vec::new, |passing| heirs::questions(desk.workspace.look(), &passing));
        let questions = Questions {
            desk,
            form: &self.form,
            file: &self.file,
            filled: &self.filled,
            asked: &self.asked,
            heirs: &self.heirs,
            goes_on,
            last: self.last.as_ref(),
            round: round::of(desk, &self.filled),
            proposed: &self.proposed,
        };
        let fields = questions.fields();
        self.widget.change_fields(fields);
        self.widget.show_private(desk.shows_private);
        self.after = After::of(desk, &self.form, &self.filled, &self.file);
    }

    /// Takes over what stands on the screen; an answer may bring other questions.
    fn read_answers(&mut self, desk: &Desk) {
        let catalogue = &desk.workspace.definitions().catalogue;
        let mut answered = answers::read(&self.widget, &self.form, &self.filled, catalogue);
        if answered == self.filled {
            return;
        }
        let household = Household::of(&self.file);
        let began_with = |field: &forms::Field| {
            let (section, name) = field.from_file?;
            household.shown(section, name)?.0.as_money()
        };
        let people = household.members().count();
        for (field, money) in sums::fill(&self.form, &self.filled, &mut answered, people, began_with) {
            self.widget.fill(field.as_str(), &money.to_string());
        }
        let round = |filled| round::of(desk, filled).map(|round| round.id);
        let is_other_round = round(&answered) != round(&self.filled);
        self.filled = answered;
        if is_other_round && let Err(error) = self.propose(desk) {
            tracing::warn!(%error, "what is proposed in a form");
        }
        self.ask(desk);
    }

    /// Takes what an event did to the fields: a field that was left is kept.
    fn took(&mut self, event: Event, desk: &mut Desk) -> Reply<Desk> {
        self.read_answers(desk);
        match event {
            Event::Left(_) => self.keep_now(desk).unwrap_or_else(Reply::done),
            Event::AtEnd => self.keep_now(desk).unwrap_or_else(|| event.reply()),
            Event::Wanted(_, typed) => Reply::push(FindHousehold::open(desk, &typed, Some(self.household))),
            Event::Saved => self.save(desk),
            event => event.reply(),
        }
    }

    /// Keeps the form as it stands; a warning where that failed.
    fn keep_now(&self, desk: &mut Desk) -> Option<Reply<Desk>> {
        let at = self.widget.focus().to_owned();
        let on = self.begun_on;
        let draft = FormDraft { household: self.household, filled: self.filled.clone(), at, on };
        let failed = desk.workspace.keep_draft(&draft).err()?;
        Some(Reply::warned(format!("草稿没有存上：{failed}")))
    }

    fn save(&mut self, desk: &mut Desk) -> Reply<Desk> {
        match desk.workspace.take_in(self.household.village, self.filled.clone()) {
            Ok(Recorded::Accepted { id, number, .. }) => {
                // A draft that stays behind is seen to have been taken in when the form is opened again.
                let dropped = desk.workspace.drop_draft(self.household, self.form.name);
                let values = [("form", self.form.name.to_string()), ("id", id), ("number", number.to_string())];
                let values = values.map(|(id, value)| (id.to_owned(), value)).to_vec();
                let answer = Answer { question: SAVED, choice: 1, values };
                let reply = match desk.workspace.offers(self.household, &self.filled).unwrap_or_default() {
                    offers if offers.is_empty() => Reply::done().and(Effect::Answer(answer)).refresh(),
                    offers => {
                        let offered =
                            Offered::open(desk, (self.household, number), self.filled.clone(), offers, answer);
                        Reply::done().and(Effect::Replace(Box::new(offered)))
                    }
                };
                match dropped {
                    Ok(()) => reply.say(format!("已记下第{number}号：{} {}", self.form.label, self.head)),
                    Err(error) => reply.warn(format!("已记下第{number}号，草稿没有清掉：{error}")),
                }
            }
            Ok(Recorded::Refused(faults)) => self.refused(&faults),
            Err(error) => Reply::warned(format!("没有记下：{error}")),
        }
    }

    /// Shows each fault at its field, and goes to the first; what is wrong elsewhere is told in the status line.
    fn refused(&mut self, faults: &[Fault]) -> Reply<Desk> {
        let mut elsewhere = Vec::new();
        for fault in faults.iter().rev() {
            match self.field_of(&fault.field) {
                Some(id) => self.widget.refuse(&id, &fault.why),
                None => elsewhere.insert(0, fault.why.as_str()),
            }
        }
        let says = faults.first().map_or_else(String::new, |fault| fault.why.clone());
        Reply::warned(if elsewhere.is_empty() { says } else { elsewhere.join("；") })
    }

    /// The field on the screen at which a fault is shown.
    fn field_of(&self, fault: &str) -> Option<String> {
        let is_asked = |id: &&String| self.widget.field(id).is_some();
        let of_relations = self.asked.relations.iter().map(|relation| format!("{RELATIONS}{}", relation.person));
        let unanswered = |id: &String| self.widget.value(id).is_empty();
        let of_relations: Vec<String> = of_relations.filter(|_| fault == "relations").collect();
        if fault.starts_with(HEIRS) {
            let ids = || self.heirs.iter().map(questions::heir_id).filter(|id| id.starts_with(&format!("{fault}.")));
            return ids().find(|id| unanswered(id)).or_else(|| ids().next());
        }
        let candidates = [format!("{fault}{FACT}"), format!("{fault}{WHY_NOT}"), fault.to_owned()];
        let relation = of_relations.iter().find(|id| unanswered(id)).or_else(|| of_relations.first());
        relation.or_else(|| candidates.iter().find(is_asked)).cloned()
    }

    fn back(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if !self.widget.is_changed() {
            return Reply::pop();
        }
        self.keep_now(desk).unwrap_or_else(|| Reply::pop().say(format!("{}没填完，留作草稿", self.form.label)))
    }

    /// Begins anew.
    fn discard(&mut self, desk: &mut Desk) -> Reply<Desk> {
        let begun = desk.workspace.drop_draft(self.household, self.form.name);
        match begun.and_then(|()| desk.workspace.begin(self.household, &self.form)) {
            Ok(draft) => {
                self.begun_on = draft.begun_on();
                self.filled = draft.filled;
                self.is_resumed = false;
                self.widget = Form::new(Vec::new(), desk.workspace.today());
                self.ask(desk);
                Reply::said("草稿丢掉了，从头填")
            }
            Err(error) => Reply::warned(error.to_string()),
        }
    }
}

impl Screen<Desk> for FormScreen {
    fn name(&self) -> &'static str {
        "form"
    }

    fn title(&self) -> Title {
        let kind = if self.form.kind == FormKind::Event { format!("{EVENT} · ") } else { String::new() };
        let place = format!("{kind}{} · {}", self.form.label, self.head);
        let detail = match self.begun_on.filter(|on| *on != self.today) {
            _ if !self.is_resumed => String::new(),
            Some(on) => format!("接着{}月{}日没填完的", on.month(), on.day()),
            None => "接着上次没填完的".to_owned(),
        };
        Title::with(place, detail)
    }

    fn contexts(&self) -> Vec<Context> {
        self.widget.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        let mut hints = self.widget.hints();
        if self.form.kind == FormKind::Screening && self.contexts().contains(&Context::Form) {
            hints.insert(1, Hint::of(Action::NoneApply));
        }
        if self.is_resumed || self.widget.is_changed() {
            hints.push(Hint::of(Action::Discard));
        }
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: ratatui::layout::Rect) {
        draw::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        if action == Action::Save && self.contexts().contains(&Context::Form) {
            // What follows from the field that the cursor is in is asked before the form is looked at as a whole.
            self.widget.look_over();
            self.read_answers(desk);
        }
        match self.widget.act(action) {
            Event::Passed if action == Action::Back => self.back(desk),
            Event::Passed if action == Action::Discard => self.discard(desk),
            Event::Passed if action == Action::NoneApply => self.none_apply(desk),
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

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        let (FOUND, 1) = (answer.question, answer.choice) else { return Reply::done() };
        let id = self.widget.focus().to_owned();
        self.widget.choose(&id, Choice::new(answer.value("serial"), answer.value("called")));
        self.took(Event::Left(id), desk)
    }

    fn keep(&mut self, desk: &mut Desk) {
        if self.widget.is_changed() {
            self.widget.settle();
            self.read_answers(desk);
            self.keep_now(desk);
        }
    }

    fn refresh(&mut self, desk: &mut Desk) {
        if let Ok(file) = desk.workspace.file(self.household) {
            self.head = Household::of(&file).head().map_or_else(|| self.head.clone(), |head| head.name().to_owned());
            self.file = file;
        }
        if let Err(error) = self.propose(desk) {
            tracing::warn!(%error, "what is proposed in a form");
        }
        self.ask(desk);
    }
}
