//! From a filled form to the act that it is: pure, so that a screen can show what a form would do before it does it.

mod edits;
mod heads;
mod heirs;
mod known;
mod life;
mod moves;
mod outdated;
mod returns;
mod survey;
mod totals;
mod visit;
mod withdraw;

use chrono::NaiveDate;

use crate::changes::act::Of;
use crate::changes::{Act, counted};
use crate::domain::{EditRow, FilledForm, HouseholdFile, Moment, Name, OpenItem, PartialDate};
use crate::forms::reading::Fault;
use crate::forms::{Form, FormKind};
use crate::rules::Look;

/// Who enters, when, and what is needed beside the household's own file.
pub struct Filing<'a> {
    /// The definitions, the policy and the day.
    pub look: Look<'a>,
    /// Who enters.
    pub by: &'a str,
    /// In which role.
    pub role: Name,
    /// When, in China's time.
    pub now: Moment,
    /// The serial that the next household of the village gets.
    pub next_household: u32,
    /// The id that the next person of the village gets.
    pub next_person: u32,
    /// Another household's file, by its serial.
    pub other: &'a dyn Fn(u32) -> Option<HouseholdFile>,
    /// An act of the village, by its number.
    pub act: &'a dyn Fn(u64) -> Option<Act>,
    /// The village's files in which somebody has this name or this ID number.
    pub alike: &'a dyn Fn(&str, Option<&str>) -> Vec<HouseholdFile>,
}

/// When and on what evidence a change was made.
#[derive(Clone, Debug, Default)]
struct Circumstances {
    happened_on: Option<PartialDate>,
    seen_on: Option<NaiveDate>,
    evidence: Option<Box<str>>,
    item: Option<Name>,
    /// Whether a paper alone, with the value that the field holds already, is a change: of what somebody names herself.
    takes_paper: bool,
}

impl Circumstances {
    /// Those of one edit, which may have a day and a paper of its own.
    fn of_edit(&self, edit: &EditRow) -> Self {
        Self {
            happened_on: edit.happened_on.or(self.happened_on),
            evidence: edit.evidence.clone().or_else(|| self.evidence.clone()),
            takes_paper: self.takes_paper || edit.evidence.is_some(),
            ..self.clone()
        }
    }
}

impl Filing<'_> {
    /// The act of a form that has no faults of its own; what only the family's file can tell is found here.
    pub fn file(&self, form: &Form, filled: FilledForm, file: &HouseholdFile) -> Result<Act, Vec<Fault>> {
        let mut act = match form.kind {
            FormKind::Visit => self.visit(form, filled, file),
            FormKind::Screening | FormKind::Verification => Ok(self.survey(filled, file)),
            FormKind::Edit => self.edit(filled, file),
            FormKind::Event => self.life_event(form, filled, file),
            // What comes back was complete when it was entered.
            FormKind::Withdraw => return self.withdraw(filled, file),
        }?;
        if matches!(form.kind, FormKind::Visit | FormKind::Edit) {
            totals::follow(&mut act, file);
        }
        counted::complete(&mut act, file.id.serial, Some(file));
        Ok(act)
    }

    fn new_act(&self, filled: &FilledForm, file: &HouseholdFile) -> Act {
        Act::new(file.id.village, filled.name, &filled.id, self.by, self.role, self.now)
    }
}

/// The items left open by earlier visits that changes or confirmations of these sections answer.
fn answered(file: &HouseholdFile, sections: &[Name]) -> Vec<Of<OpenItem>> {
    let touched = |item: &&OpenItem| item.sections.iter().any(|section| sections.contains(section));
    let items = file.open_items.iter().filter(touched);
    items.map(|item| Of { household: file.id.serial, what: item.clone() }).collect()
}

#[cfg(test)]
mod tests;
