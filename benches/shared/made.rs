//! Files of made-up villages and counties, and stores into which they were taken.

use std::path::{Path, PathBuf};

use hudang::domain::{Author, Clock, Role};
use hudang::progress::Unwatched;
use hudang::workspace::ids::Ids;
use hudang::workspace::import::RosterImport;
use hudang::workspace::{NewVillage, Options, Workspace};
use tempfile::TempDir;

use super::village::{Village, sheets, write};

/// The day on which everything happens.
pub const DAY: &str = "2022-11-20";

/// A village's code, and a county's.
const VILLAGE: &str = "419999101201";
const COUNTY: &str = "419999";

/// From so many households on it is a county; no village has so many.
const LARGEST_VILLAGE: usize = 10_000;

/// How many people a made-up household has on average, times 100.
const PEOPLE: usize = 350;

/// The county's export of so many households: of a village, or of a county's villages one after the other.
///
/// Writing a county's takes a while, so files are kept between runs.
pub fn export(households: usize) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("export-of-{households}.xlsx"));
    if !path.exists() {
        let unfinished = path.with_extension("unfinished");
        if households < LARGEST_VILLAGE {
            let village = Village::invent(7, VILLAGE, households, 0);
            write::xlsx(&unfinished, &[sheets::national(&village)]);
        } else {
            write::county(&unfinished, 7, households * PEOPLE / 100);
        }
        std::fs::rename(unfinished, &path).expect("the folder of the target can be written to");
    }
    path
}

/// An empty home.
pub fn home() -> TempDir {
    tempfile::tempdir().expect("there is a folder for what is temporary")
}

/// Makes a store for a village, or a county, of so many households.
pub fn create(home: &Path, households: usize) {
    let scope = if households < LARGEST_VILLAGE { VILLAGE } else { COUNTY };
    let new = NewVillage { scope: scope.into(), name: "石桥村".to_owned(), policy: None };
    drop(Workspace::create(options(home), &new).expect("a store is made"));
}

/// How a store is opened here.
pub fn options(home: &Path) -> Options {
    Options {
        home: home.to_owned(),
        clock: Clock::on(DAY.parse().expect("a day")),
        ids: Ids::Random,
        author: Some(Author { name: "李桂枝".to_owned(), role: Role::Coordinator }),
        village: None,
        overlay: None,
    }
}

/// Opens a store.
pub fn open(home: &Path) -> Workspace {
    Workspace::open(options(home), &mut Unwatched).expect("the store opens").0
}

/// Takes a file into a store; gives how many households and people were new.
pub fn import(workspace: &mut Workspace, file: &Path, dry_run: bool) -> (u64, u64) {
    let import = RosterImport { files: vec![file.to_owned()], encoding: None, sheet: None, dry_run };
    let report = workspace.import_rosters(&import, &mut Unwatched).expect("the file is taken in");
    (report.households.new, report.people.new)
}

/// A home with a store into which so many households were taken.
pub fn inhabited(households: usize) -> TempDir {
    let home = home();
    create(home.path(), households);
    import(&mut open(home.path()), &export(households), false);
    home
}
