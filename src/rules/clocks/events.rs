//! The days on which a file says that something happened: fields, stages of the case, forms, rows.

use std::cmp::Reverse;

use crate::catalogue::codes::Entry;
use crate::domain::field::stages;
use crate::domain::{FormRef, HouseholdFile, Name, PartialDate, RiskState, Row, Value};
use crate::policy::{Clock, Event};

use super::super::Looked;

/// What started a clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Started {
    /// The row of the event's section.
    pub row: u32,
    /// The day, as far as it is known.
    pub on: Option<PartialDate>,
}

/// A stage of the case that stands on file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage<'a> {
    pub row: u32,
    pub entry: &'a Entry,
    pub on: Option<PartialDate>,
    pub why: Option<&'a str>,
}

/// The case as it runs now: its last stages, without those of an earlier case and those that were taken back.
pub(super) struct Run<'a> {
    file: &'a HouseholdFile,
    risk: Option<RiskState>,
    pub stages: Vec<Stage<'a>>,
    /// When a stage ended it; what is found later belongs to another case.
    closed_on: Option<PartialDate>,
}

/// The field that holds something once a household is taken in.
const CLASS_OF_TARGET: &str = "case.target";

impl<'a> Run<'a> {
    pub fn of(looked: Looked<'a>) -> Self {
        let file = looked.household.file;
        let stages = current(looked);
        let closed_on = stages.iter().filter(|stage| stage.entry.ends).filter_map(|stage| stage.on).next_back();
        Self { file, risk: looked.household.risk_state(), stages, closed_on }
    }

    /// What started a clock, row by row where its section has rows.
    pub fn starts(&self, clock: &Clock) -> Vec<Started> {
        let mut unknown = None;
        let forms = || clock.starts.iter().filter(|event| matches!(event, Event::Form(..)));
        if let Some(on) = self.closed_on.and_then(|_| forms().find_map(|event| self.first_of(*event, clock))) {
            return vec![Started { row: 0, on: Some(on) }];
        }
        for event in &clock.starts {
            match *event {
                Event::Field(section, field) => {
                    let rows = self.file.rows(section);
                    let dated = rows.filter_map(|(row, cells)| Some(Started { row, on: Some(date(cells, field)?) }));
                    let dated: Vec<Started> = dated.collect();
                    if !dated.is_empty() {
                        return dated;
                    }
                }
                event => {
                    if let Some(on) = self.first_of(event, clock) {
                        return vec![Started { row: 0, on: Some(on) }];
                    }
                }
            }
            if matches!(event, Event::Stage(stage) if self.stages_named(*stage).next().is_some()) {
                unknown = Some(Started { row: 0, on: None });
            }
        }
        // Of whom the policy says that the clock runs, it does, though nobody knows since when.
        let runs = || (!clock.of.is_empty()).then_some(Started { row: 0, on: None });
        unknown.or_else(runs).into_iter().collect()
    }

    fn first_of(&self, event: Event, clock: &Clock) -> Option<PartialDate> {
        match event {
            Event::Stage(stage) => self.stages_named(stage).filter_map(|stage| stage.on).next_back(),
            Event::Form(form, opinion) => {
                // The newest paper counts, and where it says so, the first that has said so without a break.
                let mut forms: Vec<&FormRef> = self.file.forms_named(form).collect();
                forms.sort_by_key(|form| Reverse(form.age()));
                let said = forms.into_iter().take_while(|form| form.opinion == Some(opinion));
                said.map(|form| PartialDate::from(form.date)).filter(|day| self.is_new(*day, clock)).last()
            }
            Event::Row(section, field) => self.file.rows(section).filter_map(|(_, row)| date(row, field)).min(),
            Event::Field(..) => None,
        }
    }

    /// Whether what was found on a day is news: not of a case that was closed since, nor of a target all along.
    fn is_new(&self, day: PartialDate, clock: &Clock) -> bool {
        let is_older = |end: PartialDate| end.latest() < day.earliest();
        let fields = clock.ends.iter().filter_map(|end| match *end {
            Event::Field(section, field) => self.file.of_household(section, field).and_then(Value::as_date),
            _ => None,
        });
        let of_target = self.risk == Some(RiskState::Open) && fields.into_iter().any(is_older);
        !of_target && self.closed_on.is_none_or(is_older)
    }

    /// When what a clock waits for was done: an outer none if it was not, an inner one if nobody knows the day.
    pub fn end(&self, clock: &Clock, started: &Started) -> Option<Option<PartialDate>> {
        let mut days: Vec<Option<PartialDate>> = Vec::new();
        for event in &clock.ends {
            match *event {
                Event::Field(section, field) => {
                    let same = matches!(clock.starts.first(), Some(Event::Field(other, _)) if *other == section);
                    let row = if same { started.row } else { 0 };
                    let day = self.file.row(section, row).and_then(|row| date(row, field));
                    // A day before the start belongs to an earlier case, unless the case is open: then it was that one.
                    let counts =
                        |day: &PartialDate| same || self.risk == Some(RiskState::Open) || !before(*day, started);
                    days.extend(day.filter(counts).map(Some));
                }
                Event::Row(section, field) => {
                    let rows = self.file.rows(section).map(|(_, row)| date(row, field));
                    days.extend(rows.filter(|day| day.is_none_or(|day| !before(day, started))));
                }
                event => {
                    let day = self.first_of(event, clock);
                    days.extend(day.filter(|day| self.closed_on.is_none() || !before(*day, started)).map(Some));
                }
            }
        }
        let known = days.iter().flatten().min_by_key(|day| day.earliest()).copied();
        if days.is_empty() { None } else { Some(known) }
    }

    /// The reason that is stated for being late.
    pub fn reason(&self, clock: &Clock, started: &Started) -> Option<Box<str>> {
        if let Some((section, field)) = clock.reason {
            let row = self.file.row(section, started.row).or_else(|| self.file.row(section, 0));
            return row.and_then(|row| row.get(field)?.as_text()).map(Into::into);
        }
        let ends = clock.ends.iter().filter_map(|end| match end {
            Event::Stage(stage) => self.stages_named(*stage).filter_map(|stage| stage.why).next_back(),
            _ => None,
        });
        ends.map(Into::into).next()
    }

    /// The section in which the end of a clock is entered.
    pub fn section_of_end(&self, clock: &Clock) -> Name {
        match clock.ends.first() {
            Some(Event::Field(section, _) | Event::Row(section, _)) => *section,
            _ => stages::SECTION,
        }
    }

    /// Whether its last stages say that the household was taken in, and none that the case has ended.
    pub fn is_taken_in(&self) -> bool {
        let names_class =
            |stage: &Stage<'_>| stage.entry.implies.iter().any(|implied| *implied.field == *CLASS_OF_TARGET);
        !self.stages.iter().any(|stage| stage.entry.ends) && self.stages.iter().any(names_class)
    }

    fn stages_named(&self, stage: Name) -> impl DoubleEndedIterator<Item = &Stage<'a>> {
        self.stages.iter().filter(move |known| known.entry.id == stage)
    }
}

fn before(day: PartialDate, started: &Started) -> bool {
    started.on.is_some_and(|on| day.latest() < on.earliest())
}

fn date(row: &Row, field: Name) -> Option<PartialDate> {
    row.get(field)?.as_date()
}

/// The stages of the case that runs now, in the order in which they were entered.
fn current(looked: Looked<'_>) -> Vec<Stage<'_>> {
    let catalogue = looked.look.catalogue;
    let field = catalogue.field(stages::SECTION, stages::STAGE);
    let Some(list) = field.and_then(|field| catalogue.list_of(field)) else { return Vec::new() };
    let mut run: Vec<Stage<'_>> = Vec::new();
    for (number, row) in looked.household.file.rows(stages::SECTION) {
        let code = row.get(stages::STAGE).and_then(Value::as_code).and_then(|code| code.id());
        let Some(entry) = code.and_then(|id| list.entry(id)) else { continue };
        let why = row.get(stages::WHY).and_then(Value::as_text);
        let stage = Stage { row: number, entry, on: date(row, stages::ON), why };
        if entry.step == Some(1) && run.iter().any(|stage| stage.entry.ends) {
            run.clear();
        }
        if let Some(place) = entry.back_to {
            run.retain(|stage| !stage.entry.ends && stage.entry.step.is_none_or(|step| step < place));
        }
        run.push(stage);
    }
    run
}
