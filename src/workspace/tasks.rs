//! Problems that wait for somebody, over all households, and what came of them.

use chrono::NaiveDate;

use crate::domain::field::tasks;
use crate::domain::{EditRow, FilledForm, HouseholdId, Name, PartialDate, RowRef, Value};
use crate::rules::tasks::OpenTask;

use super::error::WorkspaceError;
use super::open::Workspace;
use super::record::Recorded;

impl Workspace {
    /// The open tasks of the village at work: those with the earliest last day first, those without one last.
    pub fn open_tasks(&self) -> Result<Vec<(HouseholdId, OpenTask)>, WorkspaceError> {
        let mut open = Vec::new();
        for id in self.in_walking_order_with_closed() {
            open.extend(self.standing(id)?.tasks.iter().cloned().map(|task| (id, task)));
        }
        open.sort_by_key(|(_, task)| task.due.map_or((true, NaiveDate::MAX), |due| (false, due.latest())));
        Ok(open)
    }

    /// Settles a task: the day on which it was, and what came of it. It is an edit of the file.
    pub fn settle_task(
        &mut self,
        id: HouseholdId,
        row: u32,
        done_on: NaiveDate,
        result: &str,
    ) -> Result<Recorded, WorkspaceError> {
        let name = Name::fixed("edit");
        let version = self.definitions.forms.get(name).map_or(0, |form| form.version);
        let mut filled = FilledForm::blank(name, version, &self.ids.make(), id.serial);
        let done = Some(Value::Date(PartialDate::from(done_on)));
        let fields = vec![(tasks::DONE_ON, done), (tasks::RESULT, Value::text(result))];
        filled.edits.push(EditRow::of(tasks::SECTION, RowRef::At(row), fields));
        self.take_in(id.village, filled)
    }
}
