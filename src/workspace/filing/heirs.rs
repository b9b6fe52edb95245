//! What becomes of what belongs to a household when its people go to another file: carried, as answered, or ended with
//! a line in the history. Nothing that is open is left out.

use crate::catalogue::{Heir, Joins, Section, SectionKind};
use crate::changes::Act;
use crate::changes::act::Of;
use crate::domain::field::{income, stages, status};
use crate::domain::income::Income;
use crate::domain::{
    Answer, Becomes, FilledForm, Heirs, Household, HouseholdFile, Money, Name, OpenItem, Quantity, Row, Slot, Value,
};
use crate::forms::reading::Fault;
use crate::rules::heirs::{self, Passing, Way};

use super::{Circumstances, Filing, edits};

/// The field in which the answers stand.
const HEIRS: Name = Name::fixed("heirs");

/// What is passed on, and how it was answered.
pub(super) struct Estate<'a> {
    passing: Passing<'a>,
    to: &'a HouseholdFile,
    answers: Heirs,
}

impl<'a> Estate<'a> {
    /// The estate that goes from one file to another; what a person has to say and did not is a fault.
    pub fn of(
        filing: &Filing<'_>,
        filled: &FilledForm,
        passing: Passing<'a>,
        to: &'a HouseholdFile,
    ) -> Result<Self, Vec<Fault>> {
        let answers = match filled.fields.get(&HEIRS) {
            Some(Answer::Heirs(answers)) => answers.clone(),
            _ => Heirs::new(),
        };
        let estate = Self { passing, to, answers };
        let mut faults = estate.misplaced(filing);
        for question in heirs::questions(filing.look, &estate.passing) {
            if estate.answer(question.section, question.row).is_none() {
                let (at, row) = (format!("{HEIRS}.{}", question.section), question.row);
                let why = format!("{}怎么办，要写：\"{row}\":\"carry\"（带过去）或 \"end\"（不带）", question.what);
                faults.push(Fault::at(at, why));
            }
        }
        if faults.is_empty() { Ok(estate) } else { Err(faults) }
    }

    fn answer(&self, section: Name, row: u32) -> Option<Becomes> {
        self.answers.get(&section)?.get(&row).copied()
    }

    /// Answers about what is not there, or goes with its person.
    fn misplaced(&self, filing: &Filing<'_>) -> Vec<Fault> {
        let from = self.passing.from;
        let rows = self.answers.iter().flat_map(|(section, rows)| rows.keys().map(move |row| (*section, *row)));
        let wrong = rows.filter_map(|(id, row)| {
            let fault = |why: String| Some(Fault::at(format!("{HEIRS}.{id}"), why));
            let section = filing.look.catalogue.section(id).filter(|section| section.id != status::SECTION);
            let Some(section) = section.filter(|section| section.kind != SectionKind::Person) else {
                return fault("没有这个部分，或者它随人走".to_owned());
            };
            let is_of_household = section.kind == SectionKind::Household;
            let is_carried = self.answer(id, row) == Some(Becomes::Carry);
            if is_of_household && is_carried && section.adds_up() && self.passing.way == Way::SplitOff {
                // Both would have it: land and money would be made.
                return fault(format!("{}是全户合计的数，分户不能照抄，分户以后到新户里填", section.label));
            }
            if id == income::SECTION && is_carried && self.is_half_known(section) {
                let why = "两户的家庭纯收入只知道一户的，加不出合计：先把另一户的填上，或写不带（end），并户后重新问";
                return fault(why.to_owned());
            }
            match from.row(id, row) {
                _ if is_of_household && row == 0 => None,
                Some(cells) if self.passing.goes_with_a_person(section, cells) => {
                    fault(format!("{}第{row}条随人走，不用写", section.label))
                }
                Some(_) => None,
                None => fault(format!("{}没有第{row}条", section.label)),
            }
        });
        wrong.collect()
    }

    /// Whether of two households that both tell of an income only one knows what it comes to: that is not what both earn.
    fn is_half_known(&self, section: &Section) -> bool {
        let (from, to) = (self.passing.from, self.to);
        heirs::holds(to, section) && Income::of(from).net.is_some() != Income::of(to).net.is_some()
    }
}

impl Filing<'_> {
    /// Passes on what is the household's own; its people, and what is theirs, were carried before.
    pub(super) fn pass_on(&self, act: &mut Act, estate: &Estate<'_>, how: &Circumstances) {
        let mut left_behind: Vec<String> = Vec::new();
        let sections = self.look.catalogue.sections().iter().filter(|section| section.id != status::SECTION);
        for section in sections {
            match (section.kind, estate.passing.way) {
                (SectionKind::Person, _) | (SectionKind::Household, Way::Move) => {}
                (SectionKind::Household, Way::Join) => {
                    left_behind.extend(self.join_household(act, estate, section, how));
                }
                (SectionKind::Household, Way::SplitOff) => self.copy_group(act, estate, section, how),
                (SectionKind::Rows, _) => left_behind.extend(self.pass_rows(act, estate, section, how)),
            }
        }
        if estate.passing.way == Way::Join {
            self.pass_process(act, estate, how);
            pass_open_items(act, estate);
            if !left_behind.is_empty() {
                let slot = Slot { section: status::SECTION, row: 0, field: status::LEFT_BEHIND };
                edits::push(act, estate.passing.from, slot, Value::text(&left_behind.join("；")), how);
            }
        }
    }

    /// What becomes of a section that goes with another, or of its own.
    fn becomes(&self, estate: &Estate<'_>, section: &Section) -> Becomes {
        let default = if section.heirs.heir == Heir::End { Becomes::End } else { Becomes::Carry };
        let of_leader = section.heirs.with.and_then(|leader| estate.answer(leader, 0));
        estate.answer(section.id, 0).or(of_leader).unwrap_or(default)
    }

    /// Joins what a section says of two households; what does not go along and counts is told.
    fn join_household(
        &self,
        act: &mut Act,
        estate: &Estate<'_>,
        section: &Section,
        how: &Circumstances,
    ) -> Option<String> {
        let (from, to) = (estate.passing.from, estate.to);
        let leaves = from.row(section.id, 0).filter(|row| !row.is_empty())?;
        let in_words = || Some(heirs::in_words(self.look, from, section, 0));
        let is_answered = estate.answer(section.id, 0).is_some();
        match self.becomes(estate, section) {
            Becomes::End if is_answered || section.heirs.heir != Heir::End => in_words(),
            Becomes::End => None,
            Becomes::Carry if section.adds_up() => {
                add_up(act, from, to, section, how);
                None
            }
            Becomes::Carry => {
                let stays = to.row(section.id, 0).filter(|row| !row.is_empty());
                let is_known = stays.is_some_and(|stays| is_within(leaves, stays));
                if stays.is_some() && !is_answered && !is_known {
                    return in_words();
                }
                replace(act, (from, leaves), (to, stays.filter(|_| !is_known)), section, how);
                None
            }
        }
    }

    /// Copies a section with all that goes with it to a household that splits off, where that was answered: both have it.
    fn copy_group(&self, act: &mut Act, estate: &Estate<'_>, section: &Section, how: &Circumstances) {
        if estate.answer(section.id, 0) != Some(Becomes::Carry) {
            return;
        }
        for section in std::iter::once(section).chain(heirs::followers(self.look, section)) {
            for (row, cells) in estate.passing.from.rows(section.id) {
                for (field, value) in cells.values() {
                    edits::push(act, estate.to, Slot { section: section.id, row, field }, Some(value.clone()), how);
                }
            }
        }
    }

    /// Passes on counted rows; those that end and were open, or that a person let go, are told.
    fn pass_rows(&self, act: &mut Act, estate: &Estate<'_>, section: &Section, how: &Circumstances) -> Vec<String> {
        let mut told = Vec::new();
        let passing = &estate.passing;
        for (number, row) in passing.from.rows(section.id) {
            // What is a person's went with her, or stays due in the file of those who are gone.
            if section.person_of(row).is_some() {
                continue;
            }
            let answer = estate.answer(section.id, number);
            let becomes = match (passing.way, section.heirs.heir) {
                (Way::Join, Heir::Carry) => answer.unwrap_or_else(|| self.becomes(estate, section)),
                _ => answer.unwrap_or(Becomes::End),
            };
            match (becomes, passing.way) {
                (Becomes::Carry, _) => move_row(act, (passing.from, estate.to), section.id, number, how),
                (Becomes::End, Way::Join) if answer.is_some() => {
                    told.push(heirs::in_words(self.look, passing.from, section, number));
                    self.end_row(act, passing, section, (number, row), how);
                }
                _ => {}
            }
        }
        told
    }

    /// Ends an open row on the day on which its household ends.
    fn end_row(
        &self,
        act: &mut Act,
        passing: &Passing<'_>,
        section: &Section,
        (number, row): (u32, &Row),
        how: &Circumstances,
    ) {
        if !section.heirs.is_open(row, passing.on) {
            return;
        }
        let slot = |field| Slot { section: section.id, row: number, field };
        if let Some(end) = section.heirs.ended_by.first() {
            edits::push(act, passing.from, slot(*end), how.happened_on.map(Value::Date), how);
        }
        if let Some(why) = section.heirs.ended_why {
            let event = self.look.forms.get(act.kind).map_or("", |form| &form.label);
            edits::push(act, passing.from, slot(why), Value::text(&format!("{event}时不再办理")), how);
        }
    }

    /// Carries on what runs because a paper of the household that is closed proposed it, as the stage that says so.
    fn pass_process(&self, act: &mut Act, estate: &Estate<'_>, how: &Circumstances) {
        let Some(section) = self.look.catalogue.section(stages::SECTION) else { return };
        if self.becomes(estate, section) == Becomes::End {
            return;
        }
        let number = Household::of(estate.passing.from).number();
        for (stage, on, paper) in heirs::proposed(self.look, estate.passing.from) {
            let row = next_row(act, estate.to, stages::SECTION);
            for (field, value) in [
                (stages::STAGE, Some(Value::code(stage))),
                (stages::ON, Some(Value::Date(on))),
                (stages::DOCUMENT, Value::text(&format!("{paper}（并入的户 {number}）"))),
            ] {
                edits::push(act, estate.to, Slot { section: stages::SECTION, row, field }, value, how);
            }
        }
    }
}

/// Adds what adds up, and blanks what has to be reckoned anew; of the rest the household that stays has its own word.
fn add_up(act: &mut Act, from: &HouseholdFile, to: &HouseholdFile, section: &Section, how: &Circumstances) {
    let knew_nothing = !heirs::holds(to, section);
    let mut is_added = false;
    for field in &section.fields {
        let slot = Slot { section: section.id, row: 0, field: field.id };
        let Some(comes) = from.get(slot) else { continue };
        match field.joins {
            Some(Joins::Sum) => {
                is_added = true;
                edits::push(act, to, slot, sum(to.get(slot), comes), how);
                edits::push(act, from, slot, None, how);
            }
            Some(Joins::Blank) => {}
            None if knew_nothing => {
                edits::push(act, to, slot, Some(comes.clone()), how);
                edits::push(act, from, slot, None, how);
            }
            None => {}
        }
    }
    let people = |file| Income::of(file).counted;
    if let (true, Some(one), Some(other)) = (is_added && section.id == income::SECTION, people(from), people(to)) {
        let slot = Slot { section: section.id, row: 0, field: income::PEOPLE };
        let both = Quantity::whole(i64::from(one) + i64::from(other));
        edits::push(act, to, slot, Some(Value::Quantity(both)), how);
    }
    for field in section.fields.iter().filter(|field| is_added && field.joins == Some(Joins::Blank)) {
        edits::push(act, to, Slot { section: section.id, row: 0, field: field.id }, None, how);
    }
}

/// The sum of what is known; what cannot be added stays as it was.
fn sum(stays: Option<&Value>, comes: &Value) -> Option<Value> {
    let Some(stays) = stays else { return Some(comes.clone()) };
    Some(match (stays, comes) {
        (Value::Fen(Money(one)), Value::Fen(Money(other))) => Value::Fen(Money(one.saturating_add(*other))),
        (Value::Quantity(one), Value::Quantity(other)) => Value::Quantity(Quantity(one.0.saturating_add(other.0))),
        _ => stays.clone(),
    })
}

/// Puts what one household holds in a section in the place of what the other does.
fn replace(
    act: &mut Act,
    (from, leaves): (&HouseholdFile, &Row),
    (to, stays): (&HouseholdFile, Option<&Row>),
    section: &Section,
    how: &Circumstances,
) {
    let slot = |field| Slot { section: section.id, row: 0, field };
    for (field, _) in stays.into_iter().flat_map(Row::values).filter(|(field, _)| leaves.get(*field).is_none()) {
        edits::push(act, to, slot(field), None, how);
    }
    for (field, value) in leaves.values() {
        edits::push(act, to, slot(field), Some(value.clone()), how);
        edits::push(act, from, slot(field), None, how);
    }
}

/// Whether one row says nothing that the other does not.
fn is_within(row: &Row, other: &Row) -> bool {
    row.values().all(|(field, value)| other.get(field) == Some(value))
}

/// The number that the next row of a section gets, those that the act adds counted.
fn next_row(act: &Act, file: &HouseholdFile, section: Name) -> u32 {
    let added = act.changes.iter().filter(|c| c.household == file.id.serial && c.slot.section == section);
    added.map(|change| change.slot.row + 1).max().unwrap_or(0).max(file.next_row(section))
}

/// Moves one counted row from a file to another.
pub(super) fn move_row(
    act: &mut Act,
    (from, to): (&HouseholdFile, &HouseholdFile),
    section: Name,
    number: u32,
    how: &Circumstances,
) {
    let next = next_row(act, to, section);
    for (field, value) in from.row(section, number).into_iter().flat_map(Row::values) {
        edits::push(act, to, Slot { section, row: next, field }, Some(value.clone()), how);
        edits::push(act, from, Slot { section, row: number, field }, None, how);
    }
}

/// What a visit found changed and nobody has entered waits in the other file.
fn pass_open_items(act: &mut Act, estate: &Estate<'_>) {
    for item in &estate.passing.from.open_items {
        let of = |household, what: &OpenItem| Of { household, what: what.clone() };
        act.left_open.push(of(estate.to.id.serial, item));
        act.answered.push(of(estate.passing.from.id.serial, item));
    }
}
