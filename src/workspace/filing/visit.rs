//! What a visit does: it confirms what was found as on file, changes what was found changed, and opens tasks for problems.

use crate::changes::act::Of;
use crate::changes::{Act, Confirm};
use crate::domain::field::tasks;
use crate::domain::{
    Answer, Confirmation, FilledForm, Finding, HouseholdFile, ItemAnswer, Name, OpenItem, PartialDate, Slot, Value,
    form_field,
};
use crate::forms::reading::Fault;
use crate::forms::{Form, Item};

use super::{Circumstances, Filing, answered, edits};

impl Filing<'_> {
    pub(super) fn visit(&self, form: &Form, mut filled: FilledForm, file: &HouseholdFile) -> Result<Act, Vec<Fault>> {
        let mut act = self.new_act(&filled, file);
        let date = filled.day("date").unwrap_or_else(|| self.now.date_naive());
        let visitor = match filled.fields.get(&form_field::VISITORS) {
            Some(Answer::Names(names)) if !names.is_empty() => names.join("、"),
            _ => self.by.to_owned(),
        };
        let mut next_task = file.next_row(tasks::SECTION);
        let mut seen_true: Vec<Name> = Vec::new();
        // What an earlier visit was told and nobody has filed is answered by a word on just that.
        let mut settled: Vec<Name> = Vec::new();
        for item in &form.items {
            let Some(answer) = filled.items.get_mut(&item.id) else { continue };
            let edits = std::mem::take(&mut answer.edits);
            let at = format!("items.{}.edits", item.id);
            self.check_edits(&edits, file, &at)?;
            if let Some(bare) = edits.iter().position(|edit| edit.fields.is_empty()) {
                return Err(vec![Fault::at(
                    format!("{at}.{bare}.evidence"),
                    "写了依据，没有改哪一格；改了再写，或把依据清空",
                )]);
            }
            let since = match &answer.finding {
                Finding::Changed { since, .. } => *since,
                _ => None,
            };
            let how = Circumstances {
                happened_on: since,
                seen_on: Some(date),
                evidence: None,
                item: Some(item.id),
                takes_paper: false,
            };
            self.push_edits(&mut act, file, &edits, &how);
            match &answer.finding {
                Finding::AsOnFile if !answer.settles && is_left_open(file, item) => {}
                Finding::AsOnFile => {
                    settled.push(item.id);
                    seen_true.extend(&item.confirms);
                }
                Finding::Changed { .. } if !edits.is_empty() || has_events(answer, file) => {
                    settled.push(item.id);
                    seen_true.extend(&item.confirms);
                }
                Finding::Changed { .. } => act.left_open.extend(left_open(item, answer, file, date)),
                Finding::Problem { .. } => {
                    push_task(&mut act, file, item, answer, next_task, date);
                    next_task += 1;
                }
                Finding::NotLooked { .. } => {}
            }
        }
        self.set_aside_outdated(&mut act, file);
        for section in &seen_true {
            act.confirms.extend(confirm(file, *section, date, &visitor));
        }
        let touched: Vec<Name> = act.changes.iter().map(|change| change.slot.section).collect();
        act.answered = answered(file, &touched);
        let of_items = file.open_items.iter().filter(|open| settled.contains(&open.item));
        let of_items = of_items.map(|open| Of { household: file.id.serial, what: open.clone() });
        let more: Vec<_> = of_items.filter(|open| !act.answered.contains(open)).collect();
        act.answered.extend(more);
        act.form = Some(filled);
        Ok(act)
    }
}

/// Whether an earlier visit found the item changed, and nobody has put that into the file.
fn is_left_open(file: &HouseholdFile, item: &Item) -> bool {
    file.open_items.iter().any(|open| open.item == item.id)
}

/// Whether a life event that still stands was entered for the item.
fn has_events(answer: &ItemAnswer, file: &HouseholdFile) -> bool {
    file.forms.iter().any(|form| !form.withdrawn && answer.events.contains(&form.id))
}

/// A confirmation of a section, unless a later look already confirmed it.
fn confirm(file: &HouseholdFile, section: Name, on: chrono::NaiveDate, by: &str) -> Option<Confirm> {
    let was = file.sections.get(&section).and_then(|section| section.confirmed.clone());
    if was.as_ref().is_some_and(|was| was.on > on) {
        return None;
    }
    let now = Some(Confirmation { on, by: by.into() });
    Some(Confirm { household: file.id.serial, section, now, was })
}

/// An item that changed and whose field nobody has edited yet; one without fields leaves nothing open.
fn left_open(
    item: &Item,
    answer: &ItemAnswer,
    file: &HouseholdFile,
    seen_on: chrono::NaiveDate,
) -> Option<Of<OpenItem>> {
    let Finding::Changed { what, since } = &answer.finding else { return None };
    if item.edits.is_empty() {
        return None;
    }
    let open =
        OpenItem { act: 0, item: item.id, sections: item.edits.clone(), since: *since, seen_on, what: what.clone() };
    Some(Of { household: file.id.serial, what: open })
}

fn push_task(act: &mut Act, file: &HouseholdFile, item: &Item, answer: &ItemAnswer, row: u32, on: chrono::NaiveDate) {
    let Finding::Problem { what, who, due } = &answer.finding else { return };
    let how = Circumstances { seen_on: Some(on), item: Some(item.id), ..Circumstances::default() };
    let day = |day| Value::Date(PartialDate::from(day));
    for (field, value) in [
        (tasks::WHAT, Value::text(what)),
        (tasks::ITEM, Value::text(&item.label)),
        (tasks::OWNER, Value::text(who)),
        (tasks::FOUND_ON, Some(day(on))),
        (tasks::DUE, due.map(day)),
    ] {
        edits::push(act, file, Slot { section: tasks::SECTION, row, field }, value, &how);
    }
}
