//! Bits flipped and ends cut off in every file of a home, and in a backup: each is told, or has no effect; nothing is
//! silently other than it was, and whatever can be read opens. The long run makes the table of it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};

use hudang::progress::Unwatched;
use hudang::store::{OpenNote, Opened, Store, StoreError};

use crate::store::{commit, copy_folder, lived_in};
use crate::store_model::{Model, Random, scratch};

/// What became of the damage to one file.
#[derive(Debug, Default)]
struct Tally {
    told: usize,
    without_effect: usize,
    silent: usize,
    nothing_opens: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { told, without_effect, silent, nothing_opens } = self;
        write!(
            f,
            "told {told:5}  without effect {without_effect:5}  silent {silent:3}  nothing opens {nothing_opens:3}"
        )
    }
}

impl Tally {
    fn count(&mut self, opened: Result<Opened, StoreError>, model: &Model) {
        let Ok(Opened { store, notes }) = opened else {
            self.nothing_opens += 1;
            return;
        };
        // The home is a copy, and that its index was built again is what keeps damage to it from having any effect.
        let is_news = |note: &&OpenNote| {
            !matches!(note, OpenNote::NewEpoch(_) | OpenNote::Rebuilt { .. } | OpenNote::SetAside(_))
        };
        let told = notes.iter().filter(is_news).count() > 0;
        let verified = store.verify(&mut Unwatched).unwrap();
        let same = model.compare(&store).is_ok();
        match (told || !verified.ok, same) {
            (true, _) => self.told += 1,
            (false, true) => self.without_effect += 1,
            (false, false) => self.silent += 1,
        }
    }
}

/// A home of three generations, and what it holds.
struct Specimen {
    folder: tempfile::TempDir,
    model: Model,
}

impl Specimen {
    fn new() -> Self {
        let folder = scratch();
        let (mut store, mut model, mut random) = lived_in(&folder.path().join("home"), 71);
        commit(&mut store, &mut model, &mut random, 12);
        for n in 0..4 {
            let content = vec![n; 90];
            store.save_draft(&format!("visit {n}"), &content).unwrap();
            model.drafts.insert(format!("visit {n}"), content);
        }
        Self { folder, model }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// The files of the home, by their names in it.
    fn files(&self) -> Vec<String> {
        let mut all = Vec::new();
        for folder in ["", "journal/", "index/"] {
            for entry in fs::read_dir(self.home().join(folder)).unwrap().flatten() {
                if entry.path().is_file() && entry.metadata().unwrap().len() > 0 {
                    all.push(format!("{folder}{}", entry.file_name().to_str().unwrap()));
                }
            }
        }
        all.sort();
        all
    }

    /// Opens a copy of it in which one file was changed, and nothing else tells of that.
    fn opened(&self, name: &str, change: &dyn Fn(&mut Vec<u8>)) -> (tempfile::TempDir, Result<Opened, StoreError>) {
        let folder = scratch();
        copy_folder(&self.home(), folder.path());
        let mut bytes = fs::read(folder.path().join(name)).unwrap();
        change(&mut bytes);
        fs::write(folder.path().join(name), bytes).unwrap();
        for entry in fs::read_dir(self.home().join("index")).unwrap().flatten().filter(|it| it.path().is_file()) {
            let time = entry.metadata().unwrap().modified().unwrap();
            let copy = File::options().write(true).open(folder.path().join("index").join(entry.file_name())).unwrap();
            copy.set_times(FileTimes::new().set_modified(time)).unwrap();
        }
        let opened = Store::open(folder.path(), &mut Unwatched);
        (folder, opened)
    }
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

/// Where the last two frames of a file begin.
fn last_two(path: &Path) -> usize {
    let bytes = fs::read(path).unwrap();
    let mut all = vec![0_usize];
    while let Some(stored) = bytes.get(all[all.len() - 1] + 8..all[all.len() - 1] + 12) {
        all.push(all[all.len() - 1] + 40 + u32::from_le_bytes(stored.try_into().unwrap()) as usize);
    }
    all[all.len().saturating_sub(3)]
}

fn damage(flips: u64, cuts: u64, every_end: bool) -> BTreeMap<String, Tally> {
    let specimen = Specimen::new();
    let mut table: BTreeMap<String, Tally> = BTreeMap::new();
    let mut random = Random::new(5);
    for name in specimen.files() {
        let path = specimen.home().join(&name);
        for _ in 0..flips {
            let (at, bit) = (random.below(length(&path)) as usize, random.below(8));
            let (_folder, opened) = specimen.opened(&name, &|bytes| bytes[at] ^= 1 << bit);
            table.entry(format!("{name}, a bit")).or_default().count(opened, &specimen.model);
        }
        let mut ends: Vec<u64> = (0..cuts).map(|_| random.below(length(&path))).collect();
        if every_end && (name.ends_with("3.hdj") || name.ends_with("drafts")) {
            ends.extend(last_two(&path) as u64..length(&path));
        }
        for end in ends {
            let (_folder, opened) = specimen.opened(&name, &|bytes| bytes.truncate(end as usize));
            table.entry(format!("{name}, cut")).or_default().count(opened, &specimen.model);
        }
    }
    let backup = specimen.folder.path().join("backup");
    let store = Store::open(&specimen.home(), &mut Unwatched).unwrap().store;
    store.backup(&backup, &mut Unwatched).unwrap();
    let whole = fs::read(&backup).unwrap();
    let into = specimen.folder.path().join("again");
    let mut restore = |what: &str, bytes: Vec<u8>| {
        fs::write(&backup, bytes).unwrap();
        let opened = Store::restore(&backup, &into, &mut Unwatched);
        table.entry(format!("backup, {what}")).or_default().count(opened, &specimen.model);
        let _ = fs::remove_dir_all(&into);
    };
    for _ in 0..flips {
        let mut bytes = whole.clone();
        bytes[random.below(whole.len() as u64) as usize] ^= 1 << random.below(8);
        restore("a bit", bytes);
    }
    for _ in 0..cuts {
        // Of less than that there is nothing of the journal.
        let much = whole.len() / 4 + random.below(whole.len() as u64 * 3 / 4) as usize;
        restore("cut", whole[..much].to_vec());
    }
    table
}

fn hold(table: &BTreeMap<String, Tally>) {
    for (what, tally) in table {
        println!("{what:28} {tally}");
    }
    for (what, tally) in table {
        assert_eq!((tally.silent, tally.nothing_opens), (0, 0), "{what}");
        // A journal says so itself, wherever it is hit.
        assert!(!what.contains(".hdj, a bit") || tally.without_effect == 0, "{what}: {tally}");
    }
}

#[test]
fn no_damage_is_silent_and_all_that_can_be_read_opens() {
    hold(&damage(6, 3, false));
}

#[test]
#[ignore = "long: 1,000 bits of each file and of a backup, 500 lengths, every length of the last two entries"]
fn no_damage_anywhere_is_silent_and_all_that_can_be_read_opens() {
    hold(&damage(1_000, 500, true));
}
