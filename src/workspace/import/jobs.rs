//! Jobs that a roster lists, as rows of their people's households.

use crate::changes::{Act, Seen};
use crate::domain::field::{jobs, unlisted};
use crate::domain::{HouseholdFile, HouseholdId, Name, Slot, Value};
use crate::exchange::roster::{Keys, RosterHousehold, RosterRow, Understanding, Why};

use super::compare::Comparison;
use super::error::ImportError;
use super::index::PersonIx;
use super::matching::{Worker, find_worker};
use super::plan::{Desk, Planner, Step, bit};
use super::rows::{NewRows, compare_job, find_jobs, take_job};
use super::tally::Mark;

impl Planner<'_> {
    /// Takes in the jobs of a household; a job of nobody on file is listed.
    pub(super) fn jobs(
        &mut self,
        step: Step<'_>,
        desk: &dyn Desk,
        understanding: &mut Understanding<'_>,
        said: RosterHousehold,
    ) -> Result<Option<Act>, ImportError> {
        let number = said.number.as_deref().unwrap_or_default();
        let household = match HouseholdId::from_local_number(number) {
            Some(id) => self.index.of_id(id),
            None => self.index.numbered(Keys::of_number(number)),
        };
        let Some(household) = household else {
            for job in &said.rows {
                refuse(understanding, step, job, Why::NoHousehold);
            }
            return Ok(None);
        };
        let mut by_person: Vec<(PersonIx, Vec<RosterRow>)> = Vec::new();
        for job in said.rows {
            match find_worker(&self.index, household, job.keys) {
                Worker::Nobody => refuse(understanding, step, &job, Why::NoPerson),
                Worker::OneOfSeveral => refuse(understanding, step, &job, Why::Namesakes),
                Worker::Is(person) => match by_person.iter_mut().find(|(other, _)| *other == person) {
                    Some((_, jobs)) => jobs.push(job),
                    None => by_person.push((person, vec![job])),
                },
            }
        }
        if by_person.is_empty() {
            return Ok(None);
        }
        let entry = self.index.household_mut(household);
        entry.seen |= bit(step.kind_at);
        let (id, last) = (entry.id, entry.digest_of(step.kind.id));
        if last == Some(said.digest) {
            self.pass_over(step, household, by_person.into_iter().map(|(person, _)| person));
            return Ok(None);
        }
        let file = self.overlay.file(id, desk.file(id)?);
        let file = file.unwrap_or_else(|| HouseholdFile::open(id, self.setting.now.date_naive()));
        let kinds = &self.setting.kinds.kinds;
        let rank = |id: Name| kinds.iter().find(|kind| kind.id == id).map_or(0, |kind| kind.rank);
        let mut comparison = Comparison::new(&file, step.kind.id, rank);
        let mut rows = NewRows::default();
        let mut people = Vec::with_capacity(by_person.len());
        let mut moved = false;
        for (at, jobs) in by_person {
            let person = self.index.person(at).id;
            let person_moved = compare_jobs(&mut comparison, step, person, jobs, &mut rows);
            self.note_person(step, at, if person_moved { Mark::Changed } else { Mark::Unchanged });
            moved |= person_moved;
            people.push(person);
        }
        let sections = match step.as_of {
            Some(on) if file.sections.get(&jobs::SECTION).and_then(|section| section.as_of) != Some(on) => {
                vec![jobs::SECTION]
            }
            _ => Vec::new(),
        };
        let known = file.rosters.iter().find(|seen| seen.kind == step.kind.id);
        let newly_listed = known.is_none_or(|known| people.iter().any(|person| !known.people.contains(person)));
        let (parts, fields) = (comparison.parts, comparison.details);
        let entry = self.index.household_mut(household);
        entry.mark.raise(if moved { Mark::Changed } else { Mark::Unchanged });
        entry.set_digest(step.kind.id, said.digest);
        let mark = entry.mark;
        self.details.compared(self.setting.catalogue, &file, said.number.as_deref(), mark, fields, Vec::new());
        if parts.is_empty() && sections.is_empty() && !newly_listed {
            return Ok(None);
        }
        let act = self.act(step, id, parts, Seen { household: id.serial, people, digest: said.digest }, sections);
        self.overlay.keep(id, &act);
        Ok(Some(act))
    }
}

fn compare_jobs(
    comparison: &mut Comparison<'_>,
    step: Step<'_>,
    person: u32,
    jobs: Vec<RosterRow>,
    rows: &mut NewRows,
) -> bool {
    let file = comparison.file();
    let found = find_jobs(file, file.roster_index(step.kind.id), step.kind, person, &jobs.iter().collect::<Vec<_>>());
    let mut moved = false;
    let mut unlisted_fields: Vec<(Name, String)> = Vec::new();
    for (mut job, found) in jobs.into_iter().zip(found) {
        for (name, value) in std::mem::take(&mut job.unlisted) {
            let text = value.as_text().unwrap_or_default().to_owned();
            match unlisted_fields.iter_mut().find(|(other, _)| *other == name) {
                Some((_, known)) => *known = format!("{known}、{text}"),
                None => unlisted_fields.push((name, text)),
            }
        }
        moved |= match found {
            Some(row) => {
                let table = &step.tables[job.table];
                compare_job(comparison, step.kind, |slot| table.says[usize::from(slot)], person, &job, row)
            }
            None => {
                let row = rows.next(Some(file), jobs::SECTION);
                take_job(comparison, step.kind, person, job, row);
                true
            }
        };
    }
    for (field, text) in unlisted_fields {
        moved |= comparison.hear(Slot { section: unlisted::SECTION, row: person, field }, Value::text(&text));
    }
    moved
}

fn refuse(understanding: &mut Understanding<'_>, step: Step<'_>, job: &RosterRow, why: Why) {
    let column = step.tables[job.table].keys.name.unwrap_or_default();
    let problem = understanding.values.problem(job.table, job.row, column, &job.name, why);
    understanding.values.problems.note(problem);
}
