//! Rosters taken in, in all the shapes that a clerk hands over. Every person in them is invented.

mod as_seen;
mod bad_input;
mod cells;
mod fixtures;
pub mod formats;
mod grouping;
mod identity;
pub mod parts;
mod shapes;
mod three_way;

use std::collections::BTreeMap;
use std::path::PathBuf;

use hudang::changes::{Act, FieldChange};
use hudang::domain::{Author, Clock, Household, HouseholdFile, HouseholdId, Member, Name, Role, Slot, Value};
use hudang::exchange::roster::Problem;
use hudang::progress::Unwatched;
use hudang::store::Store;
use hudang::workspace::ids::Ids;
use hudang::workspace::import::{ImportReport, RosterImport};
use hudang::workspace::{NewVillage, Options, Workspace, WorkspaceError};
use tempfile::TempDir;

use crate::village::Village;
use crate::village::sheets::{self, Sheet};
use crate::village::write;

pub const CODE: &str = "419999101201";

/// A home with a store, and a folder beside it for the files of a clerk.
pub struct Clerk {
    dir: TempDir,
}

impl Clerk {
    /// A clerk whose store keeps the divisions that begin so.
    pub fn of(scope: &str) -> Self {
        let clerk = Self { dir: tempfile::tempdir().unwrap() };
        let new = NewVillage { scope: scope.into(), name: "杏花村".into(), policy: None };
        drop(Workspace::create(clerk.options(), &new).unwrap());
        clerk
    }

    fn options(&self) -> Options {
        Options {
            home: self.dir.path().join("home"),
            clock: Clock::stopped("2022-11-20T09:30:00+08:00".parse().unwrap()),
            ids: Ids::Counted(0),
            author: Some(Author { name: "李桂枝".into(), role: Role::Coordinator }),
            village: None,
            overlay: None,
        }
    }

    pub fn open(&self) -> Workspace {
        Workspace::open(self.options(), &mut Unwatched).unwrap().0
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a workbook.
    pub fn workbook(&self, name: &str, sheets: &[Sheet]) -> PathBuf {
        let path = self.path(name);
        write::xlsx(&path, sheets);
        path
    }

    /// Writes a file.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn try_import(&self, files: &[PathBuf], dry_run: bool) -> Result<ImportReport, WorkspaceError> {
        let import = RosterImport { files: files.to_vec(), encoding: None, sheet: None, dry_run };
        self.open().import_rosters(&import, &mut Unwatched)
    }

    /// Looks what one sheet of a file would do.
    pub fn import_sheet(&self, file: &std::path::Path, sheet: &str) -> Result<ImportReport, WorkspaceError> {
        let import =
            RosterImport { files: vec![file.to_owned()], sheet: Some(sheet.into()), encoding: None, dry_run: true };
        self.open().import_rosters(&import, &mut Unwatched)
    }

    pub fn import(&self, files: &[PathBuf]) -> ImportReport {
        self.try_import(files, false).unwrap()
    }

    pub fn dry_run(&self, files: &[PathBuf]) -> ImportReport {
        self.try_import(files, true).unwrap()
    }

    /// All files, by the number of their household.
    pub fn files(&self) -> BTreeMap<String, HouseholdFile> {
        let workspace = self.open();
        let ids: Vec<HouseholdId> = workspace.households().iter().map(|summary| summary.id).collect();
        let files = ids.into_iter().map(|id| workspace.file(id).unwrap());
        files.map(|file| (Household::of(&file).number(), file)).collect()
    }

    /// The file of the household with this number.
    pub fn household(&self, number: &str) -> HouseholdFile {
        self.files().remove(number).unwrap_or_else(|| panic!("no household {number}"))
    }

    /// How many acts the store has of the village.
    pub fn acts(&self) -> u64 {
        self.open().store().counters(CODE.parse::<hudang::domain::VillageCode>().unwrap()).last_act
    }

    /// A person at the village changes a field.
    pub fn edit(&self, number: &str, slot: Slot, new: Option<Value>) {
        let file = self.household(number);
        let mut store = Store::open(&self.path("home"), &mut Unwatched).unwrap().store;
        let moment = "2022-11-20T10:00:00+08:00".parse().unwrap();
        let role = Role::Coordinator.identifier();
        let mut act = Act::new(file.id.village, Name::new("edit"), "", "李桂枝", role, moment);
        act.changes.push(FieldChange {
            household: file.id.serial,
            slot,
            old: file.get(slot).cloned(),
            new,
            happened_on: None,
            seen_on: None,
            evidence: None,
            item: None,
            evidence_only: false,
        });
        store.commit(act).unwrap();
    }
}

/// A village with its three files as sheets.
pub fn village(national: usize, ledger: usize) -> (Village, Sheet, Sheet, Sheet) {
    let village = Village::invent(7, CODE, national, ledger);
    let sheets = (sheets::national(&village), sheets::jobs(&village), sheets::ledger(&village));
    (village, sheets.0, sheets.1, sheets.2)
}

pub fn slot(path: &str, row: u32) -> Slot {
    let (section, field) = path.split_once('.').unwrap();
    Slot { section: Name::new(section), row, field: Name::new(field) }
}

/// The member of a file with this name.
pub fn member<'a>(file: &'a HouseholdFile, name: &str) -> Member<'a> {
    Household::of(file).everyone().find(|member| member.name() == name).unwrap_or_else(|| panic!("no {name}"))
}

/// What is in a file apart from when it was taken in, of what day it speaks, and how its roster was written.
pub fn contents(file: &HouseholdFile) -> HouseholdFile {
    let mut file = file.clone();
    file.sections.values_mut().for_each(|section| section.as_of = None);
    file.rosters.iter_mut().for_each(|roster| roster.digest = 0);
    file
}

/// Row, column and what is wrong, of each problem.
pub fn places(problems: &[Problem]) -> Vec<(u32, &str, String)> {
    problems.iter().map(|problem| (problem.row, problem.column.as_str(), problem.why.to_string())).collect()
}
