//! Somebody who opens the program for the first time, and the folder that her county's files are in.

use std::path::{Path, PathBuf};

use hudang::domain::Clock;
use hudang::progress::Unwatched;
use hudang::tui::desk::Desk;
use hudang::tui::newcomer::{Made, Newcomer};
use hudang::tui::screens::today::Today;
use hudang::tui::screens::welcome::Welcome;
use hudang::workspace::ids::Ids;
use hudang::workspace::{Options, Workspace};
use tempfile::TempDir;

use crate::home::VILLAGE;
use crate::tui::stage::Stage;
use crate::village::Village;
use crate::village::sheets::{self, Sheet};
use crate::village::write;

/// An empty home and a folder for files, both below one that goes.
pub struct Arrival {
    dir: PathBuf,
    /// What goes when this goes.
    _owned: Option<TempDir>,
}

impl Arrival {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let arrival = Self::below(dir.path());
        Self { _owned: Some(dir), ..arrival }
    }

    /// The same in a folder of somebody else's.
    pub fn below(dir: &Path) -> Self {
        let arrival = Self { dir: dir.to_owned(), _owned: None };
        std::fs::create_dir(arrival.files()).unwrap();
        arrival
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    pub fn files(&self) -> PathBuf {
        self.path("导出")
    }

    pub fn options(&self) -> Options {
        Options {
            home: self.path("home"),
            clock: Clock::stopped("2022-11-20T09:30:00+08:00".parse().unwrap()),
            ids: Ids::Counted(0),
            author: None,
            village: None,
            overlay: None,
        }
    }

    /// The first screen.
    pub fn welcome(&self, size: (u16, u16)) -> Stage<Newcomer> {
        let newcomer = Newcomer::new(self.options()).unwrap();
        let first = Box::new(Welcome::open(&newcomer));
        Stage::new(newcomer, first, size)
    }

    /// What follows the first screen, as `start` has it follow.
    pub fn after(&self, welcome: Stage<Newcomer>, size: (u16, u16)) -> Stage<Desk> {
        let Some(Made::Village(workspace)) = welcome.into_world().made else { panic!("no village was made") };
        let mut desk = Desk::new(*workspace);
        desk.is_new = true;
        seat(desk, size)
    }

    /// A village that is set up, and empty.
    pub fn desk(&self, size: (u16, u16)) -> Stage<Desk> {
        let mut welcome = self.welcome((80, 24));
        welcome.press("Enter").press(ANSWERS).press("F2");
        drop(welcome);
        self.seated(size)
    }

    /// The workstation on what is there.
    pub fn seated(&self, size: (u16, u16)) -> Stage<Desk> {
        seat(Desk::new(self.open()), size)
    }

    pub fn open(&self) -> Workspace {
        Workspace::open(self.options(), &mut Unwatched).unwrap().0
    }

    /// A workbook of an invented village among the files.
    pub fn workbook(&self, name: &str, sheets: &[Sheet]) -> PathBuf {
        let path = self.files().join(name);
        write::xlsx(&path, sheets);
        path
    }

    /// Types the folder of the files in the chooser, which leads there.
    pub fn go_to_files(&self, stage: &mut Stage<Desk>) {
        stage.paste(&format!("{}/", self.files().display()));
    }

    /// The screen without the name that the folder happens to have.
    pub fn screen(&self, stage: &Stage<Desk>) -> String {
        stage.screen().replace(&self.dir.display().to_string(), "/家")
    }
}

/// What she fills in.
pub const ANSWERS: &str = "<李桂枝> Enter Enter <419999101201> Enter <石桥村> Enter";

fn seat(mut desk: Desk, size: (u16, u16)) -> Stage<Desk> {
    let first = Box::new(Today::open(&mut desk));
    Stage::new(desk, first, size)
}

/// An invented village of the code that she fills in.
pub fn village(national: usize) -> (Village, Sheet) {
    let village = Village::invent(7, VILLAGE, national, 0);
    let sheet = sheets::national(&village);
    (village, sheet)
}
