//! One question of many households: what it is answered with, and for whom the answer holds.

use ratatui::layout::Rect;

use crate::domain::{HouseholdId, Value};
use crate::rules::check::{Finding, check_of};
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::Reply;
use crate::tui::screen::{Cover, Hint, Mouse, Screen, Title};
use crate::tui::widgets::form::{Event, Field, Form};
use crate::tui::widgets::picker::Choice;
use crate::workspace::WorkspaceError;

const WIDTH: u16 = 74;
/// The rows of the frame.
const AROUND: u16 = 2;

const ANSWER: &str = "answer";
const WHOM: &str = "whom";
const THIS: &str = "this";

/// The popup that asks.
pub struct Once {
    check: u16,
    household: HouseholdId,
    all: Vec<HouseholdId>,
    answers: Vec<Value>,
    title: String,
    form: Form,
}

impl Once {
    /// The question behind a finding; none where it is asked of each household alone.
    pub fn of(desk: &Desk, household: HouseholdId, finding: &Finding) -> Result<Option<Self>, WorkspaceError> {
        let definitions = desk.workspace.definitions();
        let check = check_of(&definitions.checks, finding.number);
        let field = check.at.and_then(|(section, field)| definitions.catalogue.field(section, field));
        let Some(field) = field.filter(|_| !check.answers.is_empty()) else { return Ok(None) };
        let all = desk.workspace.found_by(finding.number)?;
        let number = |at: usize| at.to_string();
        let answers = check.answers.iter().enumerate();
        let answers = answers.map(|(at, value)| Choice::new(number(at), definitions.catalogue.show(field, value)));
        let here = format!("只是{}", desk.workspace.household_in_words(household));
        let mut whom = vec![Choice::new(THIS, here)];
        if all.len() > 1 {
            whom.push(Choice::new("all", format!("全村没有写的{}户都是", all.len())));
        }
        let fields = vec![
            Field::one(ANSWER, &field.label, answers.collect()).required(),
            Field::one(WHOM, "哪些户", whom).required(),
        ];
        Ok(Some(Self {
            check: finding.number,
            household,
            answers: check.answers.clone(),
            title: finding.message.clone(),
            form: Form::new(fields, desk.workspace.today()),
            all,
        }))
    }

    fn took(&mut self, event: Event, desk: &mut Desk) -> Reply<Desk> {
        let event = if event == Event::AtEnd { self.form.act(Action::Save) } else { event };
        if event == Event::Saved { self.save(desk) } else { event.reply() }
    }

    fn save(&self, desk: &mut Desk) -> Reply<Desk> {
        let picked = |id: &str| self.form.field(id).and_then(|field| field.picked().first().map(|id| (*id).to_owned()));
        let answer = picked(ANSWER).and_then(|at| self.answers.get(at.parse::<usize>().ok()?));
        let Some(answer) = answer else { return Reply::done() };
        let here = [self.household];
        let households = if picked(WHOM).as_deref() == Some(THIS) { &here[..] } else { &self.all };
        match desk.workspace.answer_for(self.check, households, answer) {
            Ok(Some(act)) => Reply::pop().refresh().say(format!("已记下第{}号：{}户", act.number, act.changes.len())),
            Ok(None) => Reply::pop().refresh(),
            Err(error) => Reply::warned(format!("没有记下：{error}")),
        }
    }
}

impl Screen<Desk> for Once {
    fn name(&self) -> &'static str {
        "once"
    }

    fn title(&self) -> Title {
        Title::of(&self.title)
    }

    fn contexts(&self) -> Vec<Context> {
        self.form.contexts(Context::Form)
    }

    fn hints(&self) -> Vec<Hint> {
        self.form.hints()
    }

    fn cover(&self) -> Cover {
        Cover::Popup(WIDTH, self.form.height() + AROUND)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.form.draw(canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        let event = self.form.act(action);
        self.took(event, desk)
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        let event = self.form.text(text);
        self.took(event, desk)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        let event = self.form.mouse(mouse);
        self.took(event, desk)
    }

    fn unsaved(&self) -> Option<String> {
        self.form.is_changed().then(|| self.title.clone())
    }
}
