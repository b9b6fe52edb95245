//! Exemptions carried in from a table: each row a household or one of its people, a check, a reason, until when.
//!
//! Rows are understood one by one ([`row`]); what is new of a household becomes one act, and all acts count or none.

mod row;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::catalogue::Deed;
use crate::changes::Act;
use crate::domain::field::exemptions;
use crate::domain::{HouseholdFile, HouseholdId};
use crate::exchange::roster::{Chunk, Fault, NotExempt, Problems, RosterFile, RosterHousehold, Understanding, Why};
use crate::progress::{Progress, Unstoppable};
use crate::workspace::answers::{ANSWER, Granted, changes};
use crate::workspace::{Workspace, WorkspaceError};

use super::error::ImportError;
use super::index::Index;
use super::session::{RosterImport, nobody};
use row::{Place, Row};

/// What an import of exemptions came to, or would come to.
#[derive(Debug, Default)]
pub struct ExemptionsReport {
    /// How many were taken.
    pub taken: u64,
    /// How many were on file already.
    pub known: u64,
    /// The rows that were not taken, and why.
    pub problems: Problems,
    /// The files that were not taken in, and why.
    pub passed_over: Vec<(Box<str>, Box<str>)>,
}

/// What is new, by household.
type New = BTreeMap<HouseholdId, Vec<Granted>>;

impl Workspace {
    /// Takes in lists of exemptions, all rows that can be taken or, where the store says no, none; a dry run only looks.
    /// Rows that are on file already change nothing, so that a list can be taken in again.
    pub fn import_exemptions(
        &mut self,
        import: &RosterImport,
        progress: &mut dyn Progress,
    ) -> Result<ExemptionsReport, WorkspaceError> {
        let author = if import.dry_run { self.author.clone().unwrap_or_else(nobody) } else { self.entering()? };
        if !import.dry_run {
            self.may_carry_in(Deed::Answer)?;
        }
        let mut report = ExemptionsReport::default();
        let mut new = New::new();
        for path in &import.files {
            progress.step(&format!("导入 {}", path.display()), 0, None);
            let file = RosterFile::open(path, import.asked(), &self.definitions.exemption_lists);
            let file = match file {
                // A list of another kind does not stop the others.
                Err(error) if matches!(error.fault, Fault::Other(_)) && import.files.len() > 1 => {
                    report.passed_over.push((error.file.clone(), error.fault.to_string().into()));
                    continue;
                }
                file => file.map_err(ImportError::File)?,
            };
            self.read_exemptions(file, &author.name, &mut new, &mut report)?;
            if progress.is_cancelled() {
                return Err(ImportError::Cancelled.into());
            }
        }
        report.taken = new.values().map(|granted| granted.len() as u64).sum();
        if import.dry_run || new.is_empty() {
            return Ok(report);
        }
        let now = self.clock.now();
        let mut acts = Vec::with_capacity(new.len());
        for (id, granted) in new {
            let file = self.file(id)?;
            let mut act = Act::new(id.village, ANSWER, &self.ids.make(), &author.name, author.role.identifier(), now);
            for (row, granted) in (file.next_row(exemptions::SECTION)..).zip(granted) {
                act.changes.extend(changes(&file, exemptions::SECTION, row, granted.fields()));
            }
            acts.push(act);
        }
        let mut group = self.store.group()?;
        acts.into_iter().try_for_each(|act| group.add(act))?;
        group.commit()?;
        self.load_households(&mut Unstoppable(progress))?;
        self.load_pending()?;
        Ok(report)
    }

    fn read_exemptions(
        &self,
        mut file: RosterFile,
        author: &str,
        new: &mut New,
        report: &mut ExemptionsReport,
    ) -> Result<(), WorkspaceError> {
        let (kinds, catalogue) = (&self.definitions.exemption_lists, &self.definitions.catalogue);
        let mut chunks: Vec<Chunk> = Vec::new();
        loop {
            chunks.clear();
            let mut keep = |chunk| {
                chunks.push(chunk);
                ControlFlow::Continue(())
            };
            // There is one kind of such a list, and no list is too long to be kept.
            match file.read(kinds, 0, catalogue, true, &mut keep) {
                Err(error) if matches!(error.fault, Fault::MoreTables) => {}
                read => break read.map_err(ImportError::File)?,
            }
        }
        if let Some(nothing) = file.nothing() {
            return Err(ImportError::File(nothing.of(&file.name)).into());
        }
        let (name, tables) = (file.name.clone(), file.tables.clone());
        let mut understanding = Understanding::new(&name, &tables, kinds, 0, catalogue);
        understanding.values.today = Some(self.today());
        let mut done = Ok(());
        for chunk in &chunks {
            understanding.households(chunk, |understanding, said| {
                if done.is_ok() {
                    done = self.exempt_household(understanding, &said, author, new, report);
                }
            });
        }
        done?;
        let mut problems = std::mem::take(&mut understanding.values.problems);
        problems.sort(&tables);
        report.problems.extend(problems);
        Ok(())
    }

    fn exempt_household(
        &self,
        understanding: &mut Understanding<'_>,
        said: &RosterHousehold,
        author: &str,
        new: &mut New,
        report: &mut ExemptionsReport,
    ) -> Result<(), WorkspaceError> {
        let number = said.number.as_deref().unwrap_or_default();
        let mut refuse_all = |why: Why| {
            for row in &said.rows {
                let column = understanding.table(row.table).keys.household.unwrap_or_default();
                let problem = understanding.values.problem(row.table, row.row, column, number, why.clone());
                understanding.values.problems.note(problem);
            }
        };
        if let Some(village) = said.village.filter(|village| !village.to_string().starts_with(self.store.scope())) {
            refuse_all(Why::OtherVillage { village });
            return Ok(());
        }
        let Some(summary) = self.households.numbered(number).and_then(|id| self.households.get(id)) else {
            refuse_all(NotExempt::NoHousehold.into());
            return Ok(());
        };
        if self.is_copy(summary.id.village) {
            refuse_all(Why::OfTheVillage);
            return Ok(());
        }
        let mut people = Index::default();
        people.add(summary);
        let place = Place {
            definitions: &self.definitions,
            village: summary.id.village,
            people: &people,
            today: self.today(),
            author,
        };
        let file = self.file(summary.id)?;
        for row in &said.rows {
            let row = Row { row, kind: understanding.kind(), table: understanding.table(row.table) };
            match row.granted(&place) {
                Ok(granted) if is_known(&place, &file, new, &granted) => report.known += 1,
                Ok(granted) if granted.until.latest() < place.today => {
                    row.refuse(understanding, exemptions::UNTIL, NotExempt::Ended);
                }
                Ok(granted) => new.entry(summary.id).or_default().push(granted),
                Err(Some((field, why))) => row.refuse(understanding, field, why),
                // A cell that cannot be used is listed as such, and the row with it.
                Err(None) => {}
            }
        }
        Ok(())
    }
}

/// Whether the same check, person and end is on file, or stood in an earlier row.
fn is_known(place: &Place<'_>, file: &HouseholdFile, new: &New, granted: &Granted) -> bool {
    let earlier = new.get(&file.id).into_iter().flatten();
    let mut earlier = earlier.map(|other| (&*other.check, other.person, Some(other.until)));
    let wanted = |(check, person, until): (&str, Option<u32>, _)| {
        place.is_same_check(check, &granted.check) && (person, until) == (granted.person, Some(granted.until))
    };
    let mut on_file = file.rows(exemptions::SECTION).filter_map(|(_, row)| {
        let person = row.get(exemptions::PERSON).and_then(|person| person.as_quantity()?.as_whole()?.try_into().ok());
        let until = row.get(exemptions::UNTIL).and_then(|until| until.as_date());
        Some((row.get(exemptions::CHECK)?.as_text()?, person, until))
    });
    on_file.any(wanted) || earlier.any(wanted)
}
