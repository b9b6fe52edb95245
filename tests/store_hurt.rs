//! A store that is hurt: damage is told when it is met and stays known, what can be read is read, nothing is written
//! until a person says how to go on, and the ways on work.

use std::fs;
use std::path::Path;

use hudang::changes::Act;
use hudang::domain::{HouseholdId, Name, Side};
use hudang::progress::Unwatched;
use hudang::store::{Note, OpenNote, Opened, Setup, Store, StoreError, held_by};

use crate::store::{commit, copy_folder, lived_in, open, setup};
use crate::store_model::{Model, Random, scratch, village};

fn day() -> chrono::NaiveDate {
    "2022-11-20".parse().unwrap()
}

fn flip(path: &Path, at: usize, bit: u64) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1 << bit;
    fs::write(path, bytes).unwrap();
}

/// Where the frames of a file begin, and where the last ends.
fn frames(path: &Path) -> Vec<usize> {
    let bytes = fs::read(path).unwrap();
    let mut all = vec![0];
    while let Some(length) = bytes.get(all[all.len() - 1] + 8..all[all.len() - 1] + 12) {
        all.push(all[all.len() - 1] + 40 + u32::from_le_bytes(length.try_into().unwrap()) as usize);
    }
    all
}

/// A store of one segment, with forty acts.
fn store(home: &Path) -> (Store, Model, Random) {
    let (mut model, mut random) = (Model::default(), Random::new(31));
    let mut store = Store::create(home, &setup()).unwrap();
    commit(&mut store, &mut model, &mut random, 40);
    (store, model, random)
}

fn is_damaged(note: &OpenNote) -> bool {
    matches!(note, OpenNote::Damaged { .. })
}

fn is_refused(store: &mut Store, act: Act) {
    assert!(matches!(store.commit(act), Err(StoreError::Hurt)));
    assert!(matches!(store.note(&Note::Settings("{}".into())), Err(StoreError::Hurt)));
}

#[test]
fn damage_is_told_at_every_opening_until_somebody_goes_on_behind_it() {
    let folder = scratch();
    let mut random = Random::new(7);
    for n in 0..12 {
        let home = folder.path().join(n.to_string());
        let (before, model, mut more) = store(&home);
        drop(before);
        let segment = home.join("journal/000001.hdj");
        let frames = frames(&segment);
        // Anywhere but in the head and the last entry: the index was closed as it should be, and knows of nothing.
        let span = frames[frames.len() - 2] - frames[1];
        let at = frames[1] + random.below(span as u64) as usize;
        flip(&segment, at, random.below(8));
        for again in ["at once", "again", "built again"] {
            let opened = match again {
                "built again" => Store::rebuild(&home, &mut Unwatched),
                _ => Store::open(&home, &mut Unwatched),
            };
            let Opened { mut store, notes } = opened.unwrap();
            assert!(notes.iter().any(is_damaged) && notes.contains(&OpenNote::Hurt), "byte {at} {again}: {notes:?}");
            assert!(notes.last().unwrap().to_string().contains("hudang rebuild --go-on"));
            is_refused(&mut store, model.act(&mut more, 3));
            // What stands before and behind it is read.
            let read: usize =
                (1..=3).map(|n| store.readable(village(n), 1..=u64::MAX).filter(Result::is_ok).count()).sum();
            assert_eq!(read, 39, "byte {at} {again}");
            assert!(!store.verify(&mut Unwatched).unwrap().ok);
            let backup = folder.path().join(format!("{n} {again}"));
            store.backup(&backup, &mut Unwatched).unwrap();
            assert!(backup.exists());
        }
        let Opened { mut store, notes } = Store::go_on(&home, "李桂枝", day(), &mut Unwatched).unwrap();
        assert!(notes.contains(&OpenNote::NewEpoch(2)), "{notes:?}");
        let act = store.commit(model.act(&mut more, 3)).unwrap();
        assert_eq!(act.epoch, 2);
        drop(store);
        let Opened { store, notes } = Store::open(&home, &mut Unwatched).unwrap();
        assert_eq!(notes, [], "byte {at}");
        let verified = store.verify(&mut Unwatched).unwrap();
        assert!(verified.ok && verified.notes[0].contains("李桂枝"), "byte {at}: {verified:?}");
        drop(store);
        assert!(matches!(Store::go_on(&home, "李桂枝", day(), &mut Unwatched), Err(StoreError::NotHurt)));
        assert!(Store::rebuild(&home, &mut Unwatched).unwrap().store.verify(&mut Unwatched).unwrap().ok);
    }
}

#[test]
fn going_on_names_the_households_that_have_to_be_looked_at() {
    let folder = scratch();
    let home = folder.path().join("home");
    let (before, model, _) = store(&home);
    drop(before);
    let segment = home.join("journal/000001.hdj");
    let frames = frames(&segment);
    // The head is the first entry, so that the twentieth act is the twenty-first.
    flip(&segment, frames[20] + 60, 3);
    drop(Store::open(&home, &mut Unwatched).unwrap());
    let Opened { store, notes } = Store::go_on(&home, "李桂枝", day(), &mut Unwatched).unwrap();
    let again = notes.iter().find_map(|note| match note {
        OpenNote::ToEnterAgain(ids) => Some(ids.clone()),
        _ => None,
    });
    let missing: Vec<HouseholdId> = model
        .files
        .values()
        .filter(|file| store.file(file.id).unwrap().is_none_or(|left| left.acts != file.acts))
        .map(|file| file.id)
        .collect();
    assert_eq!(again, Some(missing.clone()));
    assert!(!missing.is_empty() && missing.len() < 3, "{missing:?}");
}

#[test]
fn a_flip_in_an_old_segment_is_found_soon_after_opening() {
    let folder = scratch();
    let home = folder.path().join("home");
    let (mut store, mut model, mut random) = lived_in(&home, 41);
    // The older segments are small here: the look at opening goes as far, and so this one is too long for it.
    for _ in 0..2 {
        let mut act = model.act(&mut random, 1);
        act.by = "长".repeat(5 << 20).into();
        model.take(&store.commit(act).unwrap());
    }
    drop(store);
    let path = home.join("journal/000001.hdj");
    flip(&path, fs::metadata(&path).unwrap().len() as usize / 2, 1);
    let Opened { mut store, notes } = Store::open(&home, &mut Unwatched).unwrap();
    assert!(!notes.iter().any(is_damaged), "{notes:?}");
    store.look_at_the_rest();
    let mut patience = 1_000;
    while store.found().is_empty() && patience > 0 {
        std::thread::sleep(std::time::Duration::from_millis(10));
        patience -= 1;
    }
    assert!(store.found().iter().any(is_damaged), "{:?}", store.found());
    is_refused(&mut store, model.act(&mut random, 1));
    drop(store);
    let notes = Store::open(&home, &mut Unwatched).unwrap().notes;
    assert!(notes.iter().any(is_damaged) && notes.contains(&OpenNote::Hurt), "{notes:?}");
    // The good file put back in its place is a whole journal.
    flip(&path, fs::metadata(&path).unwrap().len() as usize / 2, 1);
    assert_eq!(Store::open(&home, &mut Unwatched).unwrap().notes, []);
}

#[test]
fn a_damaged_last_entry_that_was_acknowledged_is_not_written_over() {
    let folder = scratch();
    let home = folder.path().join("home");
    let (before, model, mut random) = store(&home);
    drop(before);
    let segment = home.join("journal/000001.hdj");
    let frames = frames(&segment);
    flip(&segment, frames[frames.len() - 2] + 50, 2);
    let bytes = fs::read(&segment).unwrap();
    for _ in 0..2 {
        let Opened { mut store, notes } = Store::open(&home, &mut Unwatched).unwrap();
        assert!(notes.iter().any(|note| matches!(note, OpenNote::Lost { .. })), "{notes:?}");
        is_refused(&mut store, model.act(&mut random, 3));
        assert_eq!(fs::read(&segment).unwrap(), bytes);
    }
    let Opened { mut store, .. } = Store::go_on(&home, "李桂枝", day(), &mut Unwatched).unwrap();
    assert!(store.asks_what_went_out(), "its number is used once more");
    let act = store.commit(model.act(&mut random, 3)).unwrap();
    assert_eq!(act.epoch, 2);
}

#[cfg(unix)]
#[test]
fn two_writers_never_overwrite_each_other_though_the_lock_is_deleted() {
    let folder = scratch();
    let home = folder.path().join("home");
    let (mut first, mut model, mut random) = store(&home);
    assert!(held_by(&home).unwrap().contains(&format!("进程 {}", std::process::id())));
    assert!(matches!(Store::open(&home, &mut Unwatched), Err(StoreError::InUse)));
    fs::remove_file(home.join("lock")).unwrap();
    let mut second = Store::open(&home, &mut Unwatched).unwrap().store;
    commit(&mut second, &mut model, &mut random, 3);
    let bytes = fs::read(home.join("journal/000001.hdj")).unwrap();
    let refused = first.commit(model.act(&mut random, 3)).unwrap_err();
    assert!(matches!(refused, StoreError::TakenOver), "{refused}");
    assert!(matches!(first.save_draft("visit", b"typed"), Ok(()) | Err(_)));
    assert_eq!(fs::read(home.join("journal/000001.hdj")).unwrap(), bytes);
    commit(&mut second, &mut model, &mut random, 3);
    drop(first);
    commit(&mut second, &mut model, &mut random, 3);
    drop(second);
    let store = open(&home);
    assert_eq!(store.counters(village(1)).last_act as usize, model.acts[&village(1)].len());
    for (id, file) in &model.files {
        assert_eq!(store.file(*id).unwrap().as_ref(), Some(file));
    }
    assert!(store.verify(&mut Unwatched).unwrap().ok);
}

#[test]
fn a_journal_that_grew_behind_the_back_is_not_written_over() {
    let folder = scratch();
    let home = folder.path().join("home");
    let (mut store, model, mut random) = store(&home);
    let segment = home.join("journal/000001.hdj");
    let mut bytes = fs::read(&segment).unwrap();
    bytes.extend_from_slice(b"somebody else's");
    fs::write(&segment, &bytes).unwrap();
    assert!(matches!(store.commit(model.act(&mut random, 3)), Err(StoreError::TakenOver)));
    assert!(matches!(store.next_generation(&mut Unwatched), Err(StoreError::TakenOver)));
    let group = store.group().and_then(|mut group| {
        group.add(model.act(&mut random, 3))?;
        group.commit()
    });
    assert!(group.is_err());
    assert_eq!(fs::read(&segment).unwrap(), bytes);
}

#[test]
fn ids_of_several_villages_are_told_apart_when_everything_is_verified() {
    let folder = scratch();
    let home = folder.path().join("county");
    let county = Setup { scope: "419999".into(), store_id: "feedfeedfeedfeed".into() };
    let mut store = Store::create(&home, &county).unwrap();
    let mut random = Random::new(3);
    for n in 1..=4 {
        for side in [Side::Village, Side::County] {
            for id in ["hold-1", "hold-2", "correction-1"] {
                let mut act = Model::default().act(&mut random, 1);
                let moment = act.entered_at;
                act = Act::new(village(n), Name::new("hold"), id, "李桂枝", Name::new("coordinator"), moment);
                act.side = side;
                store.commit(act).unwrap();
            }
        }
    }
    let verified = store.verify(&mut Unwatched).unwrap();
    assert!(verified.ok, "{verified:?}");
    let backup = folder.path().join("backup");
    store.backup(&backup, &mut Unwatched).unwrap();
    drop(store);
    let restored = Store::restore(&backup, &folder.path().join("again"), &mut Unwatched).unwrap();
    assert!(restored.store.verify(&mut Unwatched).unwrap().ok);
    assert!(Store::rebuild(&home, &mut Unwatched).unwrap().store.verify(&mut Unwatched).unwrap().ok);
}

#[test]
fn a_backup_gives_back_all_but_the_piece_that_is_damaged() {
    let folder = scratch();
    let home = folder.path().join("home");
    let (before, model, _) = lived_in(&home, 51);
    let backup = folder.path().join("backup");
    before.backup(&backup, &mut Unwatched).unwrap();
    let whole = fs::read(&backup).unwrap();
    let of_model: usize = model.acts.values().map(Vec::len).sum();
    let mut random = Random::new(9);
    for n in 0..40 {
        let (at, bit) = (random.below(whole.len() as u64) as usize, random.below(8));
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << bit;
        fs::write(&backup, bytes).unwrap();
        let into = folder.path().join(format!("again {n}"));
        let Opened { store, notes } = Store::restore(&backup, &into, &mut Unwatched).unwrap();
        let told = notes.iter().any(|note| {
            matches!(note, OpenNote::BackupDamaged { .. } | OpenNote::BackupMended { .. } | OpenNote::BackupCut)
        });
        assert!(told, "byte {at}: {notes:?}");
        let read: usize = (1..=3).map(|n| store.readable(village(n), 1..=u64::MAX).filter(Result::is_ok).count()).sum();
        // A group of acts is one entry, and goes as one.
        assert!(read + 60 >= of_model, "byte {at}: {read} of {of_model}: {notes:?}");
        if notes.iter().any(|note| matches!(note, OpenNote::BackupMended { .. })) {
            model.compare(&store).unwrap();
        }
    }
}

#[test]
fn a_backup_is_not_written_through_what_somebody_put_in_its_way() {
    let folder = scratch();
    let home = folder.path().join("home");
    let (store, ..) = store(&home);
    let (backup, theirs) = (folder.path().join("b.hdb"), folder.path().join("theirs"));
    fs::write(&theirs, b"theirs").unwrap();
    #[cfg(unix)]
    for name in ["b.hdb.tmp", "b.hdb"] {
        std::os::unix::fs::symlink(&theirs, folder.path().join(name)).unwrap();
        store.backup(&backup, &mut Unwatched).unwrap();
        assert_eq!(fs::read(&theirs).unwrap(), b"theirs", "{name}");
        assert!(!fs::symlink_metadata(&backup).unwrap().is_symlink());
        fs::remove_file(&backup).unwrap();
    }
    let _ = (store, backup);
}

/// A backup that the first format wrote, to be restored by every version after it.
const FIRST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stores/version-1.backup");

#[test]
fn a_backup_of_the_first_format_is_restored() {
    let folder = scratch();
    let Opened { store, notes } =
        Store::restore(Path::new(FIRST), &folder.path().join("home"), &mut Unwatched).unwrap();
    assert_eq!(notes, [OpenNote::NewEpoch(2)]);
    let verified = store.verify(&mut Unwatched).unwrap();
    assert!(verified.ok && verified.entries > 3, "{verified:?}");
    assert!(store.asks_what_went_out());
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_what_the_index_is_made_of() {
    use std::os::unix::fs::PermissionsExt;
    fn check(folder: &Path) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let mode = entry.metadata().unwrap().permissions().mode() & 0o077;
            assert_eq!(mode, 0, "{}", entry.path().display());
            if entry.path().is_dir() {
                check(&entry.path());
            }
        }
    }
    let folder = scratch();
    fs::create_dir(folder.path().join("home")).unwrap();
    let home = folder.path().join("home");
    fs::set_permissions(&home, fs::Permissions::from_mode(0o755)).unwrap();
    let (store, ..) = lived_in(&home, 61);
    check(folder.path());
    drop(store);
    check(folder.path());
    drop(open(&home));
    check(folder.path());
}

#[test]
fn a_home_is_no_copy_of_itself_at_every_opening() {
    let folder = scratch();
    let home = folder.path().join("home");
    drop(store(&home));
    for _ in 0..3 {
        assert_eq!(Store::open(&home, &mut Unwatched).unwrap().notes, []);
    }
    let copy = folder.path().join("copy");
    copy_folder(&home, &copy);
    let notes = Store::open(&copy, &mut Unwatched).unwrap().notes;
    assert!(notes.contains(&OpenNote::NewEpoch(2)), "{notes:?}");
    assert_eq!(Store::open(&copy, &mut Unwatched).unwrap().notes, []);
}
