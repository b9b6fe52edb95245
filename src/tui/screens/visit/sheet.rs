//! What the screen shows of a visit, read off the file and the draft at once, so that drawing needs neither.

use chrono::Datelike;

use crate::catalogue::print::day_in_words;
use crate::domain::{Answer, Finding, HouseholdFile, HouseholdId, ItemAnswer, Name, PartialDate};
use crate::forms::{Form, Item};
use crate::rules::answer::{done_in_words, in_words};
use crate::rules::standing::{Progress, Standing};
use crate::rules::stop::Stop;
use crate::rules::{Looked, groups};
use crate::tui::desk::Desk;
use crate::tui::screens::findings::{open_findings, reminders_of};
use crate::tui::widgets::form::answer_in_text;
use crate::workspace::WorkspaceError;
use crate::workspace::drafts::FormDraft;

/// The household as it is visited.
pub struct Sheet {
    /// Who lives there, what is open, what is asked.
    pub stop: Stop,
    /// Where it stands among those of the month: `第199/312户`.
    pub turn: String,
    /// The plain fields by name; blank where nobody answered.
    pub head: Vec<(Box<str>, String)>,
    /// Whether the visit was on another day than today.
    pub is_other_day: bool,
    /// What was found this time, an entry for each that is asked.
    pub found: Vec<Found>,
    /// What follows from what was found, and what is open.
    pub notes: Vec<String>,
    /// What the checks find in the file, the worst first; what the visit itself settles left out.
    pub reminders: Vec<Reminder>,
    /// The sections that each item is about.
    about: Vec<Vec<Name>>,
    /// Whether the file is closed, so that there is nothing left to visit.
    pub is_closed: bool,
}

/// What a check finds, to be asked about at the door.
#[derive(Clone, Debug)]
pub struct Reminder {
    section: Option<Name>,
    /// In words, with how bad it is.
    pub says: String,
}

/// What was found of one item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// In words; blank where nobody answered.
    pub words: String,
    /// What the answer lacks.
    pub lacks: Option<String>,
}

impl Sheet {
    /// Reads what is shown.
    pub fn read(desk: &Desk, visit: &Form, draft: &FormDraft, file: &HouseholdFile) -> Result<Self, WorkspaceError> {
        let workspace = &desk.workspace;
        let looked = workspace.look().at(file);
        let last = workspace.visit_before(file)?;
        let stop = Stop::of(looked, visit, last.as_ref());
        let standing = workspace.standing(file.id)?;
        let faults = workspace.faults_of(visit, &draft.filled, file);
        let found = stop.asks.iter().map(|ask| {
            let (Some(item), Some(answer)) = (visit.item(ask.item), draft.filled.items.get(&ask.item)) else {
                return Found::default();
            };
            let at = format!("items.{}", item.id);
            let lacks = faults.iter().find(|fault| fault.field.starts_with(&at)).map(|fault| fault.why.clone());
            Found { words: words(looked, item, answer), lacks }
        });
        Ok(Self {
            turn: turn(desk, &standing)?,
            head: head(desk, visit, draft),
            is_other_day: draft.filled.day("date").is_some_and(|day| day != workspace.today()),
            found: found.collect(),
            notes: notes(desk, draft, looked, &standing, &stop)?,
            reminders: reminders(desk, file.id)?,
            about: stop.asks.iter().map(|ask| visit.item(ask.item).map(sections).unwrap_or_default()).collect(),
            is_closed: looked.household.closed_on().is_some(),
            stop,
        })
    }

    /// How many items nobody answered.
    pub fn unanswered(&self) -> usize {
        self.found.iter().filter(|found| found.words.is_empty()).count()
    }

    /// The reminders, those first that the item in this row is about.
    pub fn reminders_for(&self, row: usize) -> Vec<&str> {
        let about = self.about.get(row).map_or(&[][..], Vec::as_slice);
        let is_about = |it: &&Reminder| it.section.is_some_and(|section| about.contains(&section));
        let (first, then): (Vec<_>, Vec<_>) = self.reminders.iter().partition(is_about);
        first.into_iter().chain(then).map(|it| it.says.as_str()).collect()
    }

    /// The household's name and place.
    pub fn whose(&self) -> String {
        format!("{} {}", self.stop.head, self.stop.place).trim_end().to_owned()
    }
}

/// An answer as it stands, with the edits where nothing else was said.
fn words(looked: Looked<'_>, item: &Item, answer: &ItemAnswer) -> String {
    let mut answer = answer.clone();
    let is_open = !answer.has_edits() && answer.events.is_empty() && !item.edits.is_empty();
    let done = done_in_words(looked, &answer);
    if let Finding::Changed { what, .. } = &mut answer.finding {
        if what.is_empty() {
            *what = done.into();
        }
        if is_open {
            *what = format!("{what}，未入档").into();
        }
    }
    in_words(looked.look, &answer)
}

fn sections(item: &Item) -> Vec<Name> {
    item.edits.iter().chain(&item.confirms).copied().collect()
}

fn reminders(desk: &Desk, id: HouseholdId) -> Result<Vec<Reminder>, WorkspaceError> {
    let found = open_findings(desk, id)?;
    let sections = found.iter().map(|finding| finding.slot.map(|slot| slot.section));
    Ok(sections.zip(reminders_of(&found)).map(|(section, says)| Reminder { section, says }).collect())
}

fn turn(desk: &Desk, standing: &Standing) -> Result<String, WorkspaceError> {
    let day = |day| day_in_words(PartialDate::from(day), desk.workspace.today().year());
    Ok(match standing.visited_on {
        Some(on) => format!("本月{}走访过", day(on)),
        None if standing.due => {
            let visits = desk.workspace.month()?.visits;
            format!("第{}/{}户", visits.done + 1, visits.of)
        }
        None => "不在本月必走之列".to_owned(),
    })
}

fn head(desk: &Desk, visit: &Form, draft: &FormDraft) -> Vec<(Box<str>, String)> {
    let (catalogue, today) = (&desk.workspace.definitions().catalogue, desk.workspace.today());
    let fields = visit.fields.iter().map(|field| {
        let text = match draft.filled.fields.get(&field.id) {
            Some(Answer::Day(day)) => day_in_words(PartialDate::from(*day), today.year()),
            answer => answer_in_text(field, answer, catalogue),
        };
        (field.label.clone(), text)
    });
    fields.collect()
}

fn notes(
    desk: &Desk,
    draft: &FormDraft,
    looked: Looked<'_>,
    standing: &Standing,
    stop: &Stop,
) -> Result<Vec<String>, WorkspaceError> {
    let short = |group| looked.look.forms.group(group).map_or("", |group| &group.short);
    let would = desk.workspace.would_prove(draft)?;
    let mut notes: Vec<String> =
        would.iter().map(|proof| format!("记下后属于“{}”：{}，建议填排查表", short(proof.group), proof.why)).collect();
    if standing.verification == Progress::Open
        && let Some(round) = looked.look.policy.round_on(looked.look.day)
    {
        let proved = groups::proved(looked, &round.asks);
        let why: Vec<&str> = proved.iter().map(|proof| proof.why.as_str()).collect();
        notes.push(format!("{}还没填排查表：{}", round.label, why.join("；")));
    }
    notes.extend(stop.open.iter().cloned());
    Ok(notes)
}
