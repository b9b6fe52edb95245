//! Labelled fields one under another: Enter to the next, a reason under what cannot be, last time's answer beside.

mod date;
mod draw;
mod field;
mod of_file;
mod of_form;

use std::cell::Cell;

use chrono::NaiveDate;
use ratatui::layout::{Position, Rect};

use super::picker::{Choice, Picked, Picker, number};
use crate::tui::actions::Action;
use crate::tui::context::Context;
use crate::tui::reply::Reply;
use crate::tui::screen::{Hint, Mouse, Turn};

use field::Kind;
pub use field::{Field, Verdict};
pub use of_form::answer_in_text;

/// A form on a screen.
pub struct Form {
    fields: Vec<Field>,
    focus: usize,
    picker: Option<Picker>,
    today: NaiveDate,
    is_changed: bool,
    /// Kept from drawing, because a click goes by what is seen.
    seen: Cell<Seen>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    top: u16,
    rows: Rect,
}

/// What an action or a text did to a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Not for a form.
    Passed,
    /// Taken.
    Done,
    /// The field of this id was left with another value: the moment to keep a draft.
    Left(String),
    /// There is no further field; a moment to keep a draft too.
    AtEnd,
    /// The field of this id is chosen on a screen of its own, for which this was typed.
    Wanted(String, String),
    /// Everything in it can be kept: the moment to save.
    Saved,
    /// Something in it cannot be, and the cursor is there now.
    Refused(String),
}

impl Event {
    /// What a screen answers where it has nothing of its own to do.
    pub fn reply<W>(self) -> Reply<W> {
        match self {
            Self::Passed => Reply::pass(),
            Self::Done | Self::Left(_) | Self::Wanted(..) | Self::Saved => Reply::done(),
            Self::AtEnd => Reply::said("最后一格了"),
            Self::Refused(why) => Reply::warned(why),
        }
    }
}

impl Form {
    /// A form over its fields; days are read against this one.
    pub fn new(fields: Vec<Field>, today: NaiveDate) -> Self {
        let mut form = Self { fields, focus: 0, picker: None, today, is_changed: false, seen: Cell::default() };
        form.fields.iter_mut().for_each(|field| field.judge(today));
        form
    }

    /// The layers of its keys, under those of the screen it is on.
    pub fn contexts(&self, screen: Context) -> Vec<Context> {
        match self.picker {
            Some(_) => vec![Context::Picker, Context::List, Context::Text, Context::Global],
            None if screen == Context::Form => vec![Context::Form, Context::Text, Context::Global],
            None => vec![screen, Context::Form, Context::Text, Context::Global],
        }
    }

    /// What can be done in it, for the hint line.
    pub fn hints(&self) -> Vec<Hint> {
        if self.picker.is_some() {
            return vec![Hint::named(Action::Open, "选定"), Hint::of(Action::Back)];
        }
        let mut hints = vec![Hint::of(Action::NextField), Hint::of(Action::Save)];
        if self.fields.get(self.focus).is_some_and(|field| !field.takes_text()) {
            hints.push(Hint::of(Action::Choose));
        }
        hints.push(Hint::of(Action::Back));
        hints
    }

    /// A field by id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// What a field holds, as text.
    pub fn value(&self, id: &str) -> String {
        self.field(id).map(Field::value).unwrap_or_default()
    }

    /// What all fields that are shown hold, by id.
    pub fn values(&self) -> impl Iterator<Item = (&str, String)> {
        self.fields.iter().filter(|field| !field.is_hidden).map(|field| (field.id.as_str(), field.value()))
    }

    /// The id of the field that the cursor is in.
    pub fn focus(&self) -> &str {
        self.fields.get(self.focus).map_or("", |field| &field.id)
    }

    /// Whether anything was typed or chosen since it was opened.
    pub fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// Puts the cursor into a field.
    pub fn focus_on(&mut self, id: &str) {
        if let Some(at) = self.fields.iter().position(|field| field.id == id && !field.is_hidden) {
            self.focus = at;
        }
    }

    /// Puts the cursor into the first field that waits for a person: a proposal, or one that must not stay blank.
    pub fn focus_on_open(&mut self) {
        let waits = |field: &Field| field.is_suggested || (field.is_required && field.value().is_empty());
        if let Some(at) = self.fields.iter().position(|field| !field.is_hidden && waits(field)) {
            self.focus = at;
        }
    }

    /// Makes a choice in a field, as if a person had made it there; other fields are left alone.
    pub fn pick(&mut self, id: &str, choice: &str) {
        let today = self.today;
        let Some(field) = self.find(id) else { return };
        if let Some(at) = field.choices().iter().position(|known| known.id == choice) {
            field.picked = vec![at];
            field.touch();
            field.settle(today);
            self.is_changed = true;
        }
    }

    /// Puts a value into a field, as a draft or the file holds it.
    pub fn fill(&mut self, id: &str, text: &str) {
        let today = self.today;
        if let Some(field) = self.find(id) {
            field.fill(text);
            field.judge(today);
        }
    }

    /// Takes up what was typed before and not saved, with the cursor where it was.
    pub fn resume(&mut self, values: &[(String, String)], at: &str) {
        for (id, value) in values {
            self.fill(id, value);
        }
        self.focus_on(at);
        self.is_changed = true;
    }

    /// What all fields that are shown hold, by id, to be kept.
    pub fn to_keep(&self) -> Vec<(String, String)> {
        self.values().map(|(id, value)| (id.to_owned(), value)).collect()
    }

    /// Puts what was chosen on a screen of its own into its field.
    pub fn choose(&mut self, id: &str, choice: Choice) {
        let today = self.today;
        if let Some(field) = self.find(id) {
            field.choose(choice);
            field.judge(today);
            self.is_changed = true;
        }
    }

    /// Asks other questions from now on: a field that was there before keeps what it holds, and the cursor stays in its
    /// field, or in the one that is now at its place.
    pub fn change_fields(&mut self, fields: Vec<Field>) {
        let focus = self.focus().to_owned();
        let mut before = std::mem::replace(&mut self.fields, fields);
        for field in &mut self.fields {
            field.judge(self.today);
            if let Some(at) = before.iter().position(|other| other.id == field.id) {
                field.take_over(before.swap_remove(at));
            }
        }
        self.focus = self.focus.min(self.fields.len().saturating_sub(1));
        self.focus_on(&focus);
    }

    /// Shows a field, or takes it out of the form.
    pub fn show(&mut self, id: &str, shows: bool) {
        if let Some(field) = self.find(id) {
            field.is_hidden = !shows;
        }
        if self.fields.get(self.focus).is_some_and(|field| field.is_hidden) {
            self.step(false);
        }
    }

    /// Shows private numbers, or stars them out again.
    pub fn show_private(&mut self, shows: bool) {
        self.fields.iter_mut().for_each(|field| field.show_private(shows));
    }

    /// Says why a field's value was not taken, and goes there.
    pub fn refuse(&mut self, id: &str, why: &str) {
        if let Some(field) = self.find(id) {
            field.verdict = Verdict::Refused(why.to_owned());
        }
        self.focus_on(id);
    }

    fn find(&mut self, id: &str) -> Option<&mut Field> {
        self.fields.iter_mut().find(|field| field.id == id)
    }

    /// Brings what stands in the field with the cursor into the form in which it is kept, as if it was left.
    pub fn settle(&mut self) -> Event {
        self.leave()
    }

    /// Does an action.
    pub fn act(&mut self, action: Action) -> Event {
        if let Some(mut picker) = self.picker.take() {
            return match action {
                Action::Back => Event::Done,
                action => {
                    let picked = picker.act(action);
                    self.picked(picker, picked)
                }
            };
        }
        match action {
            Action::NextField => self.go(true),
            Action::PreviousField => self.go(false),
            Action::Save => self.save(),
            Action::Choose => self.open_picker(""),
            action => self.edit(action),
        }
    }

    /// Types into the field, or into the picker that is open.
    pub fn text(&mut self, text: &str) -> Event {
        if let Some(mut picker) = self.picker.take() {
            let picked = picker.text(text);
            return self.picked(picker, picked);
        }
        let today = self.today;
        let Some(field) = self.fields.get_mut(self.focus) else { return Event::Passed };
        if field.takes_text() {
            if field.is_suggested {
                // What is typed takes the place of a proposal.
                field.line.set("");
            }
            field.line.insert(text);
            field.touch();
            field.judge(today);
            self.is_changed = true;
            return Event::Done;
        }
        match number(text).filter(|at| *at < field.choices().len()) {
            Some(at) => self.choose_number(at),
            None => self.open_picker(text.trim()),
        }
    }

    /// Puts the cursor into a field, or chooses in the picker that is open.
    pub fn mouse(&mut self, mouse: Mouse) -> Event {
        if let Some(mut picker) = self.picker.take() {
            let picked = picker.mouse(mouse);
            return self.picked(picker, picked);
        }
        match mouse {
            Mouse::Wheel(_, turn) => self.go(turn == Turn::Down),
            Mouse::Click(at) => match self.field_at(at) {
                Some(field) => {
                    let left = self.leave();
                    self.focus = field;
                    left
                }
                None => Event::Done,
            },
        }
    }

    fn picked(&mut self, picker: Picker, picked: Picked) -> Event {
        match (picked, self.fields.get_mut(self.focus)) {
            (Picked::Chosen(places), Some(field)) => {
                field.picked = places;
                field.touch();
                self.is_changed = true;
                self.leave()
            }
            (Picked::Passed, _) => {
                self.picker = Some(picker);
                Event::Passed
            }
            _ => {
                self.picker = Some(picker);
                Event::Done
            }
        }
    }

    fn choose_number(&mut self, at: usize) -> Event {
        let Some(field) = self.fields.get_mut(self.focus) else { return Event::Passed };
        match (&field.kind, field.picked.iter().position(|picked| *picked == at)) {
            (Kind::Several(_), Some(place)) => _ = field.picked.remove(place),
            (Kind::Several(_), None) => field.picked.push(at),
            _ => field.picked = vec![at],
        }
        field.touch();
        field.judge(self.today);
        self.is_changed = true;
        Event::Done
    }

    fn open_picker(&mut self, query: &str) -> Event {
        let Some(field) = self.fields.get(self.focus).filter(|field| !field.takes_text()) else { return Event::Passed };
        if field.is_elsewhere {
            return Event::Wanted(field.id.clone(), query.to_owned());
        }
        let takes_several = matches!(field.kind, Kind::Several(_));
        let mut picker = Picker::new(&field.label, field.choices().to_vec(), &field.picked, takes_several);
        if !query.is_empty() {
            picker.text(query);
        }
        self.picker = Some(picker);
        Event::Done
    }

    fn edit(&mut self, action: Action) -> Event {
        let today = self.today;
        let Some(field) = self.fields.get_mut(self.focus) else { return Event::Passed };
        let before = field.value();
        let is_taken = if field.takes_text() { field.line.act(action) } else { turn(field, action) };
        if field.value() != before {
            field.touch();
            field.judge(today);
            self.is_changed = true;
        }
        if is_taken { Event::Done } else { Event::Passed }
    }

    /// To the next or the previous field that is shown; past the ends there is none.
    fn go(&mut self, forward: bool) -> Event {
        if forward {
            self.look_over();
        }
        let left = self.leave();
        if self.step(forward) || !forward { left } else { Event::AtEnd }
    }

    /// Whoever goes on from a proposal, or saves with the cursor in it, has looked at it.
    pub fn look_over(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.is_suggested = false;
        }
    }

    fn step(&mut self, forward: bool) -> bool {
        let is_shown = |at: &usize| !self.fields[*at].is_hidden;
        let next = if forward {
            (self.focus + 1..self.fields.len()).find(is_shown)
        } else {
            (0..self.focus.min(self.fields.len())).rfind(is_shown)
        };
        next.inspect(|next| self.focus = *next).is_some()
    }

    fn leave(&mut self) -> Event {
        let today = self.today;
        let Some(field) = self.fields.get_mut(self.focus) else { return Event::Done };
        if field.settle(today) { Event::Left(field.id.clone()) } else { Event::Done }
    }

    fn save(&mut self) -> Event {
        let today = self.today;
        self.look_over();
        for field in self.fields.iter_mut().filter(|field| !field.is_hidden) {
            field.settle(today);
            field.require();
        }
        let fields = self.fields.iter().enumerate().filter(|(_, field)| !field.is_hidden);
        let mut waits = fields.filter_map(|(at, field)| match &field.verdict {
            Verdict::Refused(why) => Some((at, why.clone())),
            _ if field.is_suggested => Some((at, format!("“{}”是建议的：对就 Enter，不对就改", field.label.trim()))),
            _ => None,
        });
        match waits.next() {
            Some((at, why)) => {
                self.focus = at;
                Event::Refused(why)
            }
            None => Event::Saved,
        }
    }

    fn field_at(&self, at: Position) -> Option<usize> {
        let Seen { top, rows } = self.seen.get();
        if !rows.contains(at) {
            return None;
        }
        let row = top + (at.y - rows.y);
        self.places().find(|(_, first, height)| (*first..first + height).contains(&row)).map(|(field, ..)| field)
    }

    /// The shown fields with their first row and their height.
    fn places(&self) -> impl Iterator<Item = (usize, u16, u16)> {
        let mut next = 0;
        self.fields.iter().enumerate().filter(|(_, field)| !field.is_hidden).map(move |(at, field)| {
            let is_read = at == self.focus && field.reading().is_some();
            let height = if field.verdict == Verdict::Good && !is_read { 1 } else { 2 };
            let first = next;
            next += height;
            (at, first, height)
        })
    }
}

/// Arrows turn through the choices of one, and go past both ends to none; deleting takes the last one away.
fn turn(field: &mut Field, action: Action) -> bool {
    let count = field.choices().len();
    match (action, &field.kind) {
        (Action::Left | Action::Right, Kind::One(_)) => {
            let now = field.picked.first().map_or(0, |at| at + 1);
            let step = if action == Action::Right { 1 } else { count };
            field.picked = ((now + step) % (count + 1)).checked_sub(1).into_iter().collect();
        }
        (Action::DeleteBefore | Action::DeleteAfter, _) => _ = field.picked.pop(),
        (Action::Clear, _) => field.picked.clear(),
        _ => return false,
    }
    true
}
