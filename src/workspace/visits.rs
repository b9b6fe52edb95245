//! A visit as it is entered: whom next, what it would prove, what it did, and where the month's visits stand.

use crate::changes::apply::apply;
use crate::domain::{EditRow, FilledForm, Finding, HouseholdFile, HouseholdId, Month, Name};
use crate::forms::reading::Fault;
use crate::forms::{Form, FormKind};
use crate::rules::groups::{self, Proof};
use crate::rules::{answer, due};

use super::drafts::FormDraft;
use super::error::WorkspaceError;
use super::open::Workspace;
use super::record::Recorded;

/// What a visit did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visited {
    /// The number of its act.
    pub number: u64,
    /// How many sections it confirmed.
    pub confirmed: usize,
    /// How many items had changed.
    pub changed: usize,
    /// How many of them nobody has put into the file yet.
    pub left_open: usize,
    /// How many problems became tasks.
    pub problems: usize,
    /// How many items nobody looked at.
    pub not_looked: usize,
    /// The names of the fields that nobody filled.
    pub blank: Vec<Box<str>>,
}

/// Where the visits of a month stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MonthOfVisits {
    /// Households that must be visited.
    pub of: usize,
    /// Those of them that were.
    pub done: usize,
    /// The fields of their visits that stayed unfilled, by name, and how often.
    pub blank: Vec<(Box<str>, usize)>,
}

impl Workspace {
    /// Whom to visit: behind a household the next one on the way; without one, first whose visit was begun.
    pub fn next_visit(&self, after: Option<HouseholdId>) -> Result<Option<HouseholdId>, WorkspaceError> {
        if after.is_none()
            && let Some(begun) = self.visits_begun()?.first().copied()
        {
            return Ok(Some(begun));
        }
        Ok(self.next_of(&self.left_to_visit()?, after))
    }

    /// The open households whose visit was begun and not finished, on the way.
    pub fn visits_begun(&self) -> Result<Vec<HouseholdId>, WorkspaceError> {
        let visit = self.definitions.forms.visit().map(|form| form.name);
        let mut begun = Vec::new();
        for draft in self.drafts().into_iter().filter(|draft| Some(draft.filled.name) == visit) {
            if self.store.act_with_id(draft.household.village, &draft.filled.id)?.is_none() {
                begun.push(draft.household);
            }
        }
        Ok(self.in_walking_order().into_iter().filter(|id| begun.contains(id)).collect())
    }

    /// The last visit before this month, as it was filled.
    pub fn visit_before(&self, file: &HouseholdFile) -> Result<Option<FilledForm>, WorkspaceError> {
        match due::visit_before(file, Month::of(self.today())) {
            Some(visit) => self.form_text(file.id, visit),
            None => Ok(None),
        }
    }

    /// The groups of the round that the file would prove with the edits of a visit, and does not prove without them.
    pub fn would_prove(&self, draft: &FormDraft) -> Result<Vec<Proof>, WorkspaceError> {
        let edits: Vec<EditRow> = draft.filled.items.values().flat_map(|answer| answer.edits.clone()).collect();
        let edit = self.definitions.forms.all().find(|form| form.kind == FormKind::Edit);
        let (Some(form), Some(round), false) = (edit, self.policy.round_on(self.today()), edits.is_empty()) else {
            return Ok(Vec::new());
        };
        let blank = FilledForm::blank(form.name, form.version, &draft.filled.id, draft.household.serial);
        let Ok(act) = self.act_of(draft.household.village, FilledForm { edits, ..blank })? else {
            return Ok(Vec::new());
        };
        let file = self.file(draft.household)?;
        let mut changed = file.clone();
        apply(&mut changed, &act);
        let before = groups::proved(self.look().at(&file), &round.asks);
        let mut proofs = groups::proved(self.look().at(&changed), &round.asks);
        proofs.retain(|proof| before.iter().all(|known| known.group != proof.group));
        Ok(proofs)
    }

    /// Takes a visit in and lets go of its draft; or says what it lacks.
    pub fn finish_visit(&mut self, draft: &FormDraft) -> Result<Result<Visited, Vec<Fault>>, WorkspaceError> {
        let id = draft.household;
        let mut filled = draft.filled.clone();
        self.describe_changes(id, &mut filled)?;
        let mut visited = Visited::of(&filled, self.definitions.forms.get(filled.name));
        match self.act_of(id.village, filled.clone())? {
            Ok(act) => (visited.confirmed, visited.left_open) = (act.confirms.len(), act.left_open.len()),
            Err(faults) => return Ok(Err(faults)),
        }
        match self.take_in(id.village, filled)? {
            Recorded::Accepted { number, .. } => visited.number = number,
            Recorded::Refused(faults) => return Ok(Err(faults)),
        }
        // The visit is in; a draft that a full disk keeps is let go of when the household is next begun.
        let _ = self.drop_draft(id, draft.filled.name);
        Ok(Ok(visited))
    }

    /// A change that nobody described is described by what it did, for next month's look back.
    fn describe_changes(&self, id: HouseholdId, filled: &mut FilledForm) -> Result<(), WorkspaceError> {
        let file = self.file(id)?;
        let looked = self.look().at(&file);
        for answer in filled.items.values_mut() {
            let done = answer::done_in_words(looked, answer);
            if let Finding::Changed { what, .. } = &mut answer.finding
                && what.is_empty()
            {
                *what = done.into();
            }
        }
        Ok(())
    }

    /// Where the visits of this month stand, over all that must be visited.
    pub fn month_of_visits(&self) -> Result<MonthOfVisits, WorkspaceError> {
        let mut month = MonthOfVisits::default();
        for id in self.in_walking_order() {
            let standing = self.standing(id)?;
            if !standing.due {
                continue;
            }
            month.of += 1;
            if standing.visited_on.is_none() {
                continue;
            }
            month.done += 1;
            let file = self.file(id)?;
            let Some(visit) = due::visit_in(&file, Month::of(self.today())) else { continue };
            let Some(filled) = self.form_text(id, visit)? else { continue };
            for label in blank_fields(&filled, self.definitions.forms.get(filled.name)) {
                match month.blank.iter_mut().find(|(known, _)| *known == label) {
                    Some((_, count)) => *count += 1,
                    None => month.blank.push((label, 1)),
                }
            }
        }
        Ok(month)
    }
}

impl Visited {
    fn of(filled: &FilledForm, form: Option<&Form>) -> Self {
        let count = |is: fn(&Finding) -> bool| filled.items.values().filter(|answer| is(&answer.finding)).count();
        Self {
            changed: count(|finding| matches!(finding, Finding::Changed { .. })),
            problems: count(|finding| matches!(finding, Finding::Problem { .. })),
            not_looked: count(|finding| matches!(finding, Finding::NotLooked { .. })),
            blank: blank_fields(filled, form),
            ..Self::default()
        }
    }
}

/// The names of the plain fields that hold nothing.
fn blank_fields(filled: &FilledForm, form: Option<&Form>) -> Vec<Box<str>> {
    let fields = form.map_or(&[][..], |form| &form.fields).iter();
    let is_blank = |id: Name| !filled.fields.contains_key(&id);
    fields.filter(|field| is_blank(field.id)).map(|field| field.label.clone()).collect()
}
