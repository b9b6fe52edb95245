//! The files of one command, one after the other: the county's before the village's, people before jobs.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;

use crate::domain::{Name, VillageCode};
use crate::exchange::roster::{Asked, Chunk, Fault, Kinds, RosterError, RosterFile, RowKind, Understanding};
use crate::progress::Progress;

use super::error::ImportError;
use super::index::Index;
use super::plan::{Desk, Planner, Setting, Step};
use super::report::{ImportReport, TableRead};
use super::tally::Tally;

/// The files of one command, opened and recognised.
pub struct RosterFiles {
    files: Vec<RosterFile>,
    /// The files that are lists of another kind, and what they are.
    passed_over: Vec<RosterError>,
    /// The file and the kind of each step.
    steps: Vec<(usize, usize)>,
    /// The steps whose households turned out to be scattered over a long file.
    scattered: Vec<(usize, usize)>,
}

/// How an attempt to take in the files ended.
pub enum Run {
    /// It is done.
    Done(Box<ImportReport>),
    /// A file turned out to be scattered, or to hold another table further down: what came of the attempt is to be
    /// dropped, and another one made.
    Again,
}

/// The most columns that are told of by their names.
const MOST_TOLD: usize = 1_000;

/// How many chunks may wait to be understood.
const WAITING: usize = 3;

impl RosterFiles {
    /// Opens the files. One that cannot be read stops everything before it begins; a list of another kind does not,
    /// where others are rosters.
    pub fn open<P: AsRef<Path>>(paths: &[P], asked: Asked<'_>, kinds: &Kinds) -> Result<Self, ImportError> {
        let (mut files, mut passed_over) = (Vec::new(), Vec::new());
        for path in paths {
            match RosterFile::open(path.as_ref(), asked, kinds) {
                Ok(file) => files.push(file),
                Err(error) if matches!(error.fault, Fault::Other(_)) => passed_over.push(error),
                Err(error) => return Err(error.into()),
            }
        }
        if files.is_empty() {
            return Err(passed_over.into_iter().next().map_or(ImportError::NoFile, ImportError::File));
        }
        let mut opened = Self { files, passed_over, steps: Vec::new(), scattered: Vec::new() };
        opened.order(kinds);
        // Several large files at once would be more than fits; they are opened again in their turn.
        if opened.steps.len() > 1 {
            opened.files.iter_mut().for_each(RosterFile::close);
        }
        Ok(opened)
    }

    /// Puts the tables of the files in the order in which they are taken in.
    fn order(&mut self, kinds: &Kinds) {
        self.steps.clear();
        for (at, file) in self.files.iter().enumerate() {
            self.steps.extend(file.kinds().into_iter().map(|kind| (at, kind)));
        }
        self.steps.sort_by_key(|(_, kind)| {
            let kind = &kinds.kinds[*kind];
            (kind.row == RowKind::Job, std::cmp::Reverse(kind.rank))
        });
    }

    /// Plans all of it, handing acts to the desk; `index` and `numbers` are what the village holds before.
    pub fn run(
        &mut self,
        setting: Setting<'_>,
        index: Index,
        numbers: HashMap<VillageCode, (u32, u32)>,
        desk: &mut dyn Desk,
        progress: &mut dyn Progress,
    ) -> Result<Run, ImportError> {
        let mut report = ImportReport::default();
        let mut planner = Planner::new(setting, index, numbers, std::mem::take(&mut report.details));
        for at in 0..self.steps.len() {
            planner.overlay.narrow(self.sections_after(at, setting.kinds));
            match self.step(at, &mut planner, &mut report, desk, progress) {
                Err(ImportError::File(error)) if matches!(error.fault, Fault::Scattered) => {
                    self.scattered.push(self.steps[at]);
                    return Ok(Run::Again);
                }
                Err(ImportError::File(error)) if matches!(error.fault, Fault::MoreTables) => {
                    self.order(setting.kinds);
                    return Ok(Run::Again);
                }
                done => done?,
            }
        }
        self.tell_files(&mut report, setting.kinds)?;
        for act in planner.finish(desk)? {
            report.acts += 1;
            desk.add(act)?;
        }
        (report.households, report.people) = Tally::both(&planner.index);
        report.details = planner.details;
        Ok(Run::Done(Box::new(report)))
    }

    /// Tells which tables were read and which files were not; where nothing was found at all, that is a fault.
    fn tell_files(&self, report: &mut ImportReport, kinds: &Kinds) -> Result<(), ImportError> {
        let nothing = |file: &RosterFile| Some(file.nothing()?.of(&file.name));
        if self.files.iter().all(|file| file.nothing().is_some()) {
            return self.files.iter().find_map(nothing).map_or(Ok(()), |error| Err(error.into()));
        }
        let passed = |error: &RosterError| (error.file.clone(), error.fault.to_string().into());
        report.passed_over.extend(self.passed_over.iter().map(passed));
        report.passed_over.extend(self.files.iter().filter_map(nothing).map(|error| passed(&error)));
        for file in &self.files {
            report.tables.extend(file.tables.iter().zip(&file.read).map(|(table, rows)| TableRead {
                file: file.name.as_ref().into(),
                sheet: table.sheet.as_deref().map(Into::into),
                kind: kinds.kinds[table.kind].label.clone(),
                header_row: table.header_row,
                known: table.columns.iter().filter(|column| column.used.is_some()).count(),
                columns: table.columns.iter().filter(|column| !column.nameless).count(),
                rows: *rows,
            }));
        }
        Ok(())
    }

    /// The sections of which the steps after one can speak.
    fn sections_after(&self, at: usize, kinds: &Kinds) -> Vec<Name> {
        let slots = self.steps[at + 1..].iter().flat_map(|(_, kind)| &kinds.kinds[*kind].slots);
        let mut sections: Vec<Name> = slots.filter(|slot| !slot.only_key).map(|slot| slot.section).collect();
        let lists = self.steps[at + 1..].iter().filter_map(|(_, kind)| kinds.kinds[*kind].lists.as_ref());
        sections.extend(lists.map(|lists| lists.section));
        sections.sort_unstable();
        sections.dedup();
        sections
    }

    fn step(
        &mut self,
        at: usize,
        planner: &mut Planner<'_>,
        report: &mut ImportReport,
        desk: &mut dyn Desk,
        progress: &mut dyn Progress,
    ) -> Result<(), ImportError> {
        let (file_at, kind_at) = self.steps[at];
        let Setting { kinds, catalogue, .. } = planner.setting;
        let file = &mut self.files[file_at];
        let (tables, rows, name) = (file.tables.clone(), file.rows, file.name.clone());
        let step = Step {
            number: at as u32 + 1,
            kind_at,
            kind: &kinds.kinds[kind_at],
            tables: &tables,
            as_of: file.as_of(kind_at),
        };
        for (column, near) in file.unknown_columns(kinds) {
            note_column(report, column, near);
        }
        let mut understanding = Understanding::new(&file.name, &tables, kinds, kind_at, catalogue);
        understanding.values.today = Some(planner.setting.now.date_naive());
        let keep = self.scattered.contains(&(file_at, kind_at));
        let (sender, receiver) = sync_channel::<Chunk>(WAITING);
        let what = format!("导入 {}", Path::new(&*name).file_name().unwrap_or_default().to_string_lossy());
        let read = thread::scope(|scope| {
            let reader = scope.spawn(move || {
                let mut send = |chunk| match sender.send(chunk) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                };
                file.read(kinds, kind_at, catalogue, keep, &mut send)
            });
            let mut done = 0;
            let mut planned = Ok(());
            progress.step(&what, done, rows);
            for chunk in &receiver {
                planned = plan_chunk(planner, step, &mut understanding, &chunk, desk, &mut report.acts);
                done += chunk.len() as u64;
                progress.step(&what, done, rows);
                if planned.is_ok() && progress.is_cancelled() {
                    planned = Err(ImportError::Cancelled);
                }
                if planned.is_err() {
                    break;
                }
            }
            // The reader stops when nobody takes its chunks any more.
            drop(receiver);
            let read = reader.join();
            planned?;
            for act in planner.put_off(step, desk, &mut understanding)? {
                report.acts += 1;
                desk.add(act)?;
            }
            read.unwrap_or_else(|_| Err(Fault::Damaged("读取中断".to_owned()).of(&name))).map_err(ImportError::from)
        });
        let mut problems = std::mem::take(&mut understanding.values.problems);
        problems.sort(&tables);
        report.problems.extend(problems);
        for column in understanding.nameless {
            note_column(report, column, None);
        }
        read
    }
}

fn plan_chunk(
    planner: &mut Planner<'_>,
    step: Step<'_>,
    understanding: &mut Understanding<'_>,
    chunk: &Chunk,
    desk: &mut dyn Desk,
    acts: &mut u64,
) -> Result<(), ImportError> {
    let mut done = Ok(());
    understanding.households(chunk, |understanding, said| {
        if done.is_err() {
            return;
        }
        done = planner.household(step, desk, understanding, said).and_then(|act| match act {
            Some(act) => {
                *acts += 1;
                desk.add(act)
            }
            None => Ok(()),
        });
    });
    done
}

fn note_column(report: &mut ImportReport, column: Name, near: Option<Box<str>>) {
    // A household's rows may reach over more columns than anybody reads the names of.
    if report.unknown_columns.len() < MOST_TOLD && !report.unknown_columns.contains(&column) {
        report.unknown_columns.push(column);
        if let Some(near) = near {
            report.near_columns.insert(column, near);
        }
    }
}
