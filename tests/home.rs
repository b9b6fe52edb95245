//! A home with a store in it, and an invented village in the store: what commands and screens are tried on.

use hudang::changes::{Act, Opened, Origin, Rows};
use hudang::domain::{Author, Clock, HouseholdFile, Name, Role, Slot};
use hudang::progress::Unwatched;
use hudang::store::Store;
use hudang::workspace::ids::Ids;
use hudang::workspace::{NewVillage, Options, Workspace};
use tempfile::TempDir;

pub const VILLAGE: &str = "419999101201";

/// A home, which goes when this goes.
pub struct Home {
    pub dir: TempDir,
}

impl Home {
    /// A village of households, each given as `section.row.field=text` words the way a clerk would write the texts;
    /// people are numbered through the village by the caller. They come from the county's roster, taken in on a day.
    pub fn of(taken_in: &str, households: &[&str]) -> Self {
        Self::of_village((VILLAGE, "石桥村"), taken_in, households)
    }

    /// The same of another village, by its code and its name.
    pub fn of_village((code, name): (&str, &str), taken_in: &str, households: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let home = Self { dir };
        let new = NewVillage { scope: code.into(), name: name.into(), policy: None };
        let workspace = Workspace::create(home.options(taken_in), &new).unwrap();
        let catalogue = workspace.definitions().catalogue.clone();
        drop(workspace);
        let mut store = Store::open(home.dir.path(), &mut Unwatched).unwrap().store;
        for (serial, household) in households.iter().enumerate() {
            let serial = serial as u32 + 1;
            let moment = format!("{taken_in}T08:00:00+08:00").parse().unwrap();
            let village = code.parse().unwrap();
            let role = Role::Coordinator.identifier();
            let mut act = Act::new(village, Name::new("roster"), "", "李桂枝", role, moment);
            act.origin = Some(Origin { roster: Name::new("national"), from_county: true });
            act.opened.push(Opened { household: serial, on: taken_in.parse().unwrap() });
            for word in household.split_whitespace() {
                let (path, text) = word.split_once('=').unwrap();
                let parts: Vec<&str> = path.split('.').collect();
                let (section, row, field) = match parts[..] {
                    [section, field] => (section, 0, field),
                    [section, row, field] => (section, row.parse().unwrap(), field),
                    _ => panic!("{path}"),
                };
                let slot = Slot { section: Name::new(section), row, field: Name::new(field) };
                let value = catalogue.read(catalogue.in_slot(slot).expect(path), text).unwrap().value;
                let fields = vec![(slot.field, value)];
                act.taken.push(Rows { household: serial, section: slot.section, row, fields });
            }
            store.commit(act).unwrap();
        }
        drop(store);
        home
    }

    fn options(&self, day: &str) -> Options {
        self.options_by(Clock::stopped(format!("{day}T09:30:00+08:00").parse().unwrap()))
    }

    fn options_by(&self, clock: Clock) -> Options {
        Options {
            home: self.dir.path().to_owned(),
            clock,
            ids: Ids::Counted(0),
            author: Some(Author { name: "李桂枝".into(), role: Role::Coordinator }),
            village: None,
            overlay: None,
        }
    }

    /// Lays a table of checks over the shipped ones, which say nothing then but what is late or missing.
    pub fn lay_checks(&self, table: &str) {
        let folder = self.dir.path().join("data/checks");
        std::fs::create_dir_all(&folder).unwrap();
        for file in hudang::data::Data::embedded().folder("checks").filter(|file| file.path != "checks/ours-time.toml")
        {
            std::fs::write(self.dir.path().join("data").join(&file.path), "label = \"空\"\n").unwrap();
        }
        std::fs::write(folder.join("a-test.toml"), table).unwrap();
    }

    /// The workspace by another clock.
    pub fn open_by(&self, clock: Clock) -> Workspace {
        Workspace::open(self.options_by(clock), &mut Unwatched).unwrap().0
    }

    /// The workspace on a day, at half past nine; ids are counted.
    pub fn open(&self, day: &str) -> Workspace {
        Workspace::open(self.options(day), &mut Unwatched).unwrap().0
    }
}

/// The file of the household with this serial.
pub fn file(workspace: &Workspace, serial: u32) -> HouseholdFile {
    workspace.file(hudang::domain::HouseholdId { village: VILLAGE.parse().unwrap(), serial }).unwrap()
}

/// What the household with this serial has on file at `section.row.field` (or `section.field`), as it is shown; blank
/// where it has nothing.
pub fn held(workspace: &Workspace, serial: u32, path: &str) -> String {
    let parts: Vec<&str> = path.split('.').collect();
    let (section, row, field) = match parts[..] {
        [section, field] => (section, 0, field),
        [section, row, field] => (section, row.parse().unwrap(), field),
        _ => panic!("{path}"),
    };
    let slot = Slot { section: Name::new(section), row, field: Name::new(field) };
    let catalogue = &workspace.definitions().catalogue;
    let field = catalogue.in_slot(slot).expect(path);
    file(workspace, serial).get(slot).map(|value| catalogue.show(field, value)).unwrap_or_default()
}
