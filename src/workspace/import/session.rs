//! An import into an open store, or a look at what one would do.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use crate::catalogue::Deed;
use crate::changes::Act;
use crate::domain::{Author, HouseholdFile, HouseholdId, Role, VillageCode};
use crate::exchange::roster::Asked;
use crate::progress::{Progress, Unstoppable};
use crate::store::{Group, Store};
use crate::workspace::{Workspace, WorkspaceError};

use super::error::ImportError;
use super::index::Index;
use super::plan::{Desk, Setting};
use super::report::ImportReport;
use super::run::{RosterFiles, Run};

/// What is to be imported.
#[derive(Clone, Debug, Default)]
pub struct RosterImport {
    /// The files, in any order.
    pub files: Vec<PathBuf>,
    /// The encoding of text files, where somebody knows it.
    pub encoding: Option<String>,
    /// The one sheet of workbooks that is to be read, where somebody says so.
    pub sheet: Option<String>,
    /// Whether only to look.
    pub dry_run: bool,
}

impl RosterImport {
    /// How its files are to be opened.
    pub(super) fn asked(&self) -> Asked<'_> {
        Asked { encoding: self.encoding.as_deref(), sheet: self.sheet.as_deref() }
    }
}

struct Writing<'a>(Group<'a>);

impl Desk for Writing<'_> {
    fn file(&self, id: HouseholdId) -> Result<Option<HouseholdFile>, ImportError> {
        Ok(self.0.file(id)?)
    }

    fn add(&mut self, act: Act) -> Result<(), ImportError> {
        Ok(self.0.add(act)?)
    }
}

struct Looking<'a>(&'a Store);

impl Desk for Looking<'_> {
    fn file(&self, id: HouseholdId) -> Result<Option<HouseholdFile>, ImportError> {
        Ok(self.0.file(id)?)
    }

    fn add(&mut self, _: Act) -> Result<(), ImportError> {
        Ok(())
    }
}

impl Workspace {
    /// Takes in rosters, all of them or none, or shows what that would do.
    pub fn import_rosters(
        &mut self,
        import: &RosterImport,
        progress: &mut dyn Progress,
    ) -> Result<ImportReport, WorkspaceError> {
        let author = if import.dry_run { self.author.clone().unwrap_or_else(nobody) } else { self.entering()? };
        if !import.dry_run {
            self.may_carry_in(Deed::Roster)?;
        }
        let (catalogue, kinds) = (&self.definitions.catalogue, &self.definitions.rosters);
        let mut files = RosterFiles::open(&import.files, import.asked(), kinds)?;
        let scope = self.store.scope().to_owned();
        let now = self.clock.now();
        let copies: HashSet<VillageCode> =
            self.store.villages().into_iter().filter(|village| self.is_copy(*village)).collect();
        let setting =
            Setting { copies: &copies, catalogue, kinds, scope: &scope, village: self.village, author: &author, now };
        if !import.dry_run {
            // It is made again when somebody searches; until then it only takes room.
            self.search.take();
        }
        let report = loop {
            let mut index = Index::default();
            self.households.iter().for_each(|summary| index.add(summary));
            let numbers = numbers(&self.store);
            if import.dry_run {
                match files.run(setting, index, numbers, &mut Looking(&self.store), progress)? {
                    Run::Done(report) => return Ok(*report),
                    Run::Again => continue,
                }
            }
            let mut desk = Writing(self.store.group()?);
            match files.run(setting, index, numbers, &mut desk, progress) {
                Ok(Run::Done(report)) => {
                    desk.0.commit()?;
                    break report;
                }
                Ok(Run::Again) => desk.0.abandon(&mut Unstoppable(progress))?,
                Err(error) => {
                    desk.0.abandon(&mut Unstoppable(progress))?;
                    return Err(error.into());
                }
            }
        };
        if report.acts > 0 {
            self.load_households(&mut Unstoppable(progress))?;
            self.load_pending()?;
        }
        Ok(*report)
    }
}

fn numbers(store: &Store) -> HashMap<VillageCode, (u32, u32)> {
    let numbers = |village| {
        let counters = store.counters(village);
        (village, (counters.last_household, counters.last_person))
    };
    store.villages().into_iter().map(numbers).collect()
}

/// Whoever only looks need not say who she is.
pub(super) fn nobody() -> Author {
    Author { name: String::new(), role: Role::Coordinator }
}
