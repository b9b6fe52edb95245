//! The store from outside: what is committed is there, after any mixture of closing, opening and building again.

use std::path::Path;

use hudang::changes::{Act, Hash};
use hudang::progress::Unwatched;
use hudang::store::{HandedOver, Note, OpenNote, Setup, Store, StoreError};

use crate::store_model::{Model, Random, blank, open_household, village};

pub fn setup() -> Setup {
    Setup { scope: "419999".into(), store_id: "00c0ffee00c0ffee".into() }
}

pub fn open(home: &Path) -> Store {
    let opened = Store::open(home, &mut Unwatched).unwrap();
    assert_eq!(opened.notes, []);
    opened.store
}

/// Commits acts, and takes them into the model as they were acknowledged.
pub fn commit(store: &mut Store, model: &mut Model, random: &mut Random, count: usize) {
    for _ in 0..count {
        let act = store.commit(model.act(random, 3)).unwrap();
        model.take(&act);
    }
}

#[test]
fn what_is_committed_is_there_and_stays() {
    let home = tempfile::tempdir().unwrap();
    let (mut model, mut random) = (Model::default(), Random::new(1));
    assert!(!Store::exists(home.path()));
    let mut store = Store::create(home.path(), &setup()).unwrap();
    assert_eq!((store.scope(), store.store_id(), store.epoch()), ("419999", "00c0ffee00c0ffee", 1));
    model.compare(&store).unwrap();
    commit(&mut store, &mut model, &mut random, 60);
    model.compare(&store).unwrap();
    drop(store);
    let mut store = open(home.path());
    model.compare(&store).unwrap();
    commit(&mut store, &mut model, &mut random, 20);
    drop(store);
    model.compare(&open(home.path())).unwrap();
}

#[test]
fn an_act_comes_back_as_it_is_stored() {
    let home = tempfile::tempdir().unwrap();
    let mut store = Store::create(home.path(), &setup()).unwrap();
    let mut act = blank(village(1), &mut Random::new(1), "roster");
    open_household(&mut act, 1, &mut Random::new(2));
    let stored = store.commit(act.clone()).unwrap();
    assert_eq!((stored.number, &*stored.store, stored.epoch), (1, "00c0ffee00c0ffee", 1));
    assert_eq!(store.act(village(1), 1).unwrap().unwrap().act, stored);
    assert_eq!(store.act(village(1), 2).unwrap(), None);
    assert_eq!(store.act_with_id(village(1), &act.id).unwrap(), Some(1));
    assert_eq!(store.act_with_id(village(2), &act.id).unwrap(), None);
    let counters = store.counters(village(1));
    assert_eq!((counters.last_household, counters.last_entry_at), (1, Some(act.entered_at)));
    assert!(counters.last_person >= 10);
}

#[test]
fn an_act_that_does_not_fit_changes_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (mut model, mut random) = (Model::default(), Random::new(3));
    let mut store = Store::create(home.path(), &setup()).unwrap();
    commit(&mut store, &mut model, &mut random, 10);
    let mut again = blank(village(1), &mut random, "roster");
    open_household(&mut again, 1, &mut random);
    let mut nobody = model.act(&mut random, 1);
    nobody.opened.clear();
    nobody.confirms.clear();
    nobody.changes.clear();
    nobody.taken.clear();
    open_household(&mut nobody, 900, &mut random);
    nobody.opened.clear();
    let elsewhere = blank("410000101201".parse().unwrap(), &mut random, "edit");
    assert!(matches!(store.commit(again), Err(StoreError::HouseholdExists(_))));
    assert!(matches!(store.commit(nobody), Err(StoreError::NoHousehold(_))));
    assert!(matches!(store.commit(elsewhere), Err(StoreError::OtherVillage { .. })));
    model.compare(&store).unwrap();
    commit(&mut store, &mut model, &mut random, 10);
    drop(store);
    model.compare(&open(home.path())).unwrap();
}

#[test]
fn notes_and_drafts_are_kept_beside_the_acts() {
    let home = tempfile::tempdir().unwrap();
    let mut model = Model::default();
    let mut store = Store::create(home.path(), &setup()).unwrap();
    for text in ["{\"name\":\"李桂枝\"}", "{\"name\":\"王小燕\"}"] {
        store.note(&Note::Settings(text.into())).unwrap();
        model.notes = vec![Note::Settings(text.into())];
    }
    let over = HandedOver {
        village: village(1),
        from: 1,
        to: 7,
        day: "2022-12-03".parse().unwrap(),
        by: "李桂枝".into(),
        role: "coordinator".into(),
        hash_before: Default::default(),
        hash_last: Hash::of(b"x"),
        file_sha256: Hash::of(b"y"),
        manifest_sha256: Hash::of(b"z"),
        village_name: "石桥村".into(),
        copy: false,
        needs_approval: Some(true),
        side: Default::default(),
        signed: None,
        format: HandedOver::FORMAT,
    };
    for from in [1, 8] {
        let note = Note::HandedOver(HandedOver { from, ..over.clone() });
        store.note(&note).unwrap();
        model.notes.push(note);
    }
    store.save_draft("visit 7", "没写完".as_bytes()).unwrap();
    model.drafts.insert("visit 7".to_owned(), "没写完".as_bytes().to_vec());
    model.compare(&store).unwrap();
    drop(store);
    model.compare(&open(home.path())).unwrap();
}

#[test]
fn a_group_counts_whole() {
    let home = tempfile::tempdir().unwrap();
    let (mut model, mut random) = (Model::default(), Random::new(5));
    let mut store = Store::create(home.path(), &setup()).unwrap();
    commit(&mut store, &mut model, &mut random, 10);
    let before = model.clone();
    let mut group = store.group().unwrap();
    for _ in 0..2000 {
        let mut act = model.act(&mut random, 3);
        group.add(act.clone()).unwrap();
        act.number = model.acts.get(&act.village).map_or(1, |acts| acts.len() as u64 + 1);
        (act.store, act.epoch) = ("00c0ffee00c0ffee".into(), 1);
        model.take(&act);
    }
    let done = group.commit().unwrap();
    for (village, numbers) in &done.acts {
        let first = before.acts.get(&village.village).map_or(1, |acts| acts.len() as u64 + 1);
        assert_eq!(numbers, &(first..=model.acts[&village.village].len() as u64));
    }
    model.compare(&store).unwrap();
    commit(&mut store, &mut model, &mut random, 10);
    drop(store);
    model.compare(&open(home.path())).unwrap();
}

#[test]
fn a_group_that_is_abandoned_dropped_or_refused_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (mut model, mut random) = (Model::default(), Random::new(6));
    let mut store = Store::create(home.path(), &setup()).unwrap();
    commit(&mut store, &mut model, &mut random, 50);
    let length = std::fs::metadata(home.path().join("journal/000001.hdj")).unwrap().len();
    for way in 0..3 {
        let mut scratch = model.clone();
        let mut group = store.group().unwrap();
        for _ in 0..1500 {
            let act = scratch.act(&mut random, 3);
            group.add(act.clone()).unwrap();
            let number = scratch.acts[&act.village].len() as u64 + 1;
            scratch.take(&Act { number, ..act });
        }
        match way {
            0 => group.abandon(&mut Unwatched).unwrap(),
            1 => drop(group),
            _ => {
                let mut wrong = blank(village(1), &mut random, "roster");
                open_household(&mut wrong, 1, &mut random);
                // The writer is a little behind, so the refusal may come with a later call.
                let _ = group.add(wrong);
                assert!(matches!(group.commit(), Err(StoreError::HouseholdExists(_))));
            }
        }
        model.compare(&store).unwrap();
        assert_eq!(std::fs::metadata(home.path().join("journal/000001.hdj")).unwrap().len(), length);
    }
    commit(&mut store, &mut model, &mut random, 10);
    drop(store);
    model.compare(&open(home.path())).unwrap();
}

#[test]
fn generations_follow_each_other_and_an_index_is_built_from_the_newest() {
    let home = tempfile::tempdir().unwrap();
    let (mut model, mut random) = (Model::default(), Random::new(7));
    let mut store = Store::create(home.path(), &setup()).unwrap();
    for _ in 0..4 {
        commit(&mut store, &mut model, &mut random, 30);
        store.next_generation(&mut Unwatched).unwrap();
        model.compare(&store).unwrap();
    }
    commit(&mut store, &mut model, &mut random, 5);
    drop(store);
    let files = |extension: &str| {
        let entries = std::fs::read_dir(home.path().join("journal")).unwrap().flatten();
        entries.filter(|entry| entry.path().extension().is_some_and(|e| e == extension)).count()
    };
    assert_eq!((files("hdj"), files("hds")), (5, 2));
    model.compare(&open(home.path())).unwrap();
    let rebuilt = Store::rebuild(home.path(), &mut Unwatched).unwrap();
    model.compare(&rebuilt.store).unwrap();
    drop(rebuilt);
    model.compare(&open(home.path())).unwrap();
}

/// A store with some history: acts, a group, two generations, a note and a draft.
pub fn lived_in(home: &Path, seed: u64) -> (Store, Model, Random) {
    let (mut model, mut random) = (Model::default(), Random::new(seed));
    let mut store = Store::create(home, &setup()).unwrap();
    for _ in 0..2 {
        commit(&mut store, &mut model, &mut random, 15);
        import(&mut store, &mut model, &mut random, 40);
        store.next_generation(&mut Unwatched).unwrap();
    }
    commit(&mut store, &mut model, &mut random, 15);
    let note = Note::Settings("{}".into());
    store.note(&note).unwrap();
    model.notes.push(note);
    store.save_draft("visit 1", b"half").unwrap();
    model.drafts.insert("visit 1".to_owned(), b"half".to_vec());
    (store, model, random)
}

/// Commits a group of acts.
pub fn import(store: &mut Store, model: &mut Model, random: &mut Random, count: usize) {
    let (id, epoch) = (store.store_id().into(), store.epoch());
    let mut group = store.group().unwrap();
    for _ in 0..count {
        let act = model.act(random, 3);
        group.add(act.clone()).unwrap();
        let number = model.acts.get(&act.village).map_or(1, |acts| acts.len() as u64 + 1);
        model.take(&Act { number, store: Box::clone(&id), epoch, ..act });
    }
    group.commit().unwrap();
}

#[test]
fn everything_is_read_and_compared() {
    let home = tempfile::tempdir().unwrap();
    let (store, model, _) = lived_in(home.path(), 8);
    let verified = store.verify(&mut Unwatched).unwrap();
    assert_eq!((verified.ok, verified.problems.len(), verified.notes.len()), (true, 0, 0));
    assert!(verified.entries > 50);
    drop(store);
    let store = open(home.path());
    assert!(store.verify(&mut Unwatched).unwrap().ok);
    model.compare(&store).unwrap();
}

#[test]
fn a_flipped_byte_in_journal_or_snapshot_is_found_though_the_index_is_whole() {
    for name in ["000001.hdj", "000002.hdj", "000002.hds"] {
        let home = tempfile::tempdir().unwrap();
        drop(lived_in(home.path(), 9));
        let path = home.path().join("journal").join(name);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        let opened = Store::open(home.path(), &mut Unwatched).unwrap();
        // What the journal has to say it says at once.
        let told = opened.notes.iter().any(|note| matches!(note, OpenNote::Damaged { .. }));
        assert_eq!(told, name.ends_with(".hdj"), "{name}: {:?}", opened.notes);
        let verified = opened.store.verify(&mut Unwatched).unwrap();
        assert!(!verified.ok && !verified.problems.is_empty(), "{name}");
    }
}

#[test]
fn a_backup_restores_under_a_new_epoch() {
    let home = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("户档.备份");
    let (mut store, mut model, mut random) = lived_in(home.path(), 10);
    store.backup(&file, &mut Unwatched).unwrap();
    // A second one replaces the first.
    commit(&mut store, &mut model, &mut random, 3);
    store.backup(&file, &mut Unwatched).unwrap();
    assert!(matches!(Store::restore(&file, home.path(), &mut Unwatched), Err(StoreError::NotEmpty { .. })));

    let other = elsewhere.path().join("home");
    let opened = Store::restore(&file, &other, &mut Unwatched).unwrap();
    assert_eq!(opened.notes, [OpenNote::NewEpoch(2)]);
    let mut store = opened.store;
    assert_eq!((store.epoch(), store.store_id()), (2, "00c0ffee00c0ffee"));
    model.compare(&store).unwrap();
    assert!(store.verify(&mut Unwatched).unwrap().ok);
    commit(&mut store, &mut model, &mut random, 5);
    assert_eq!(model.acts.values().flatten().filter(|act| act.epoch == 2).count(), 5);
    drop(store);
    let store = open(&other);
    assert_eq!(store.epoch(), 2);
    model.compare(&store).unwrap();
}

#[test]
fn what_is_no_backup_is_refused_and_a_damaged_one_gives_what_it_has() {
    let home = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("backup");
    let (store, model, _) = lived_in(home.path(), 11);
    store.backup(&file, &mut Unwatched).unwrap();
    let bytes = std::fs::read(&file).unwrap();

    let restore = |bytes: &[u8], name: &str| {
        std::fs::write(&file, bytes).unwrap();
        let home = elsewhere.path().join(name);
        Store::restore(&file, &home, &mut Unwatched)
    };
    assert!(matches!(restore(b"not this", "a"), Err(StoreError::NotABackup(_))));
    assert!(matches!(restore(b"", "b"), Err(StoreError::NotABackup(_))));
    assert!(restore(&bytes, "b").is_ok(), "a refusal leaves the home empty");
    let cut = restore(&bytes[..bytes.len() - 10], "c").unwrap();
    assert!(cut.notes.contains(&OpenNote::BackupCut));
    model.compare(&cut.store).unwrap();
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 3] ^= 1;
    let damaged = restore(&flipped, "d").unwrap();
    assert!(damaged.notes.iter().any(|note| matches!(note, OpenNote::BackupDamaged { .. })));
    assert!(!damaged.store.verify(&mut Unwatched).unwrap().ok);
}

#[test]
fn a_copied_store_goes_on_under_a_new_epoch() {
    let home = tempfile::tempdir().unwrap();
    let copy = tempfile::tempdir().unwrap();
    let (store, model, _) = lived_in(home.path(), 12);
    drop(store);
    copy_folder(home.path(), copy.path());
    let opened = Store::open(copy.path(), &mut Unwatched).unwrap();
    assert!(opened.notes.contains(&OpenNote::NewEpoch(2)));
    model.compare(&opened.store).unwrap();
    drop(opened);
    assert_eq!(open(copy.path()).epoch(), 2);
    assert_eq!(open(home.path()).epoch(), 1);
}

/// Copies a folder with all that is in it.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let home = parent.path().join("home");
    let (store, _, _) = lived_in(&home, 13);
    let backup = parent.path().join("backup");
    store.backup(&backup, &mut Unwatched).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for folder in [home.clone(), home.join("journal"), home.join("index")] {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
    }
    for entry in std::fs::read_dir(home.join("journal")).unwrap().flatten() {
        assert_eq!(mode(&entry.path()), 0o600, "{}", entry.path().display());
    }
    assert_eq!((mode(&backup), mode(&home.join("lock"))), (0o600, 0o600));
}

#[test]
fn a_home_that_is_wrong_is_named() {
    let home = tempfile::tempdir().unwrap();
    assert!(matches!(Store::open(home.path(), &mut Unwatched), Err(StoreError::Missing(_))));
    let wrong = Setup { scope: "4199".into(), ..setup() };
    assert!(matches!(Store::create(home.path(), &wrong), Err(StoreError::BadScope(_))));
    let store = Store::create(home.path(), &setup()).unwrap();
    assert!(matches!(Store::create(home.path(), &setup()), Err(StoreError::Exists(_))));
    assert!(matches!(Store::open(home.path(), &mut Unwatched), Err(StoreError::InUse)));
    assert!(matches!(Store::rebuild(home.path(), &mut Unwatched), Err(StoreError::InUse)));
    drop(store);
    open(home.path());
}

#[test]
fn a_torn_end_that_was_never_acknowledged_is_a_note() {
    let home = tempfile::tempdir().unwrap();
    let (store, model, _) = lived_in(home.path(), 14);
    drop(store);
    let segment = home.path().join("journal/000003.hdj");
    let mut bytes = std::fs::read(&segment).unwrap();
    let half = bytes[..30].to_vec();
    bytes.extend(half);
    std::fs::write(&segment, bytes).unwrap();
    let opened = Store::open(home.path(), &mut Unwatched).unwrap();
    assert_eq!(opened.notes, [OpenNote::TornTail { bytes: 30 }]);
    let verified = opened.store.verify(&mut Unwatched).unwrap();
    assert_eq!((verified.ok, verified.notes.len()), (true, 1));
    model.compare(&opened.store).unwrap();
    assert_eq!(opened.store.epoch(), 1);
}

#[test]
fn an_end_that_had_been_acknowledged_is_a_loss_and_its_numbers_are_used_under_a_new_epoch() {
    let home = tempfile::tempdir().unwrap();
    let (store, mut model, mut random) = lived_in(home.path(), 15);
    let mut store = store;
    let before = model.clone();
    commit(&mut store, &mut model, &mut random, 1);
    drop(store);
    let segment = home.path().join("journal/000003.hdj");
    let bytes = std::fs::read(&segment).unwrap();
    std::fs::write(&segment, &bytes[..bytes.len() - 1]).unwrap();
    let opened = Store::open(home.path(), &mut Unwatched).unwrap();
    let Some(OpenNote::Lost { from, to, kept: Some(kept) }) =
        opened.notes.iter().find(|note| matches!(note, OpenNote::Lost { .. }))
    else {
        panic!("{:?}", opened.notes)
    };
    assert_eq!(from, to);
    assert!(std::fs::metadata(home.path().join("journal").join(kept)).unwrap().len() > 40);
    assert!(opened.notes.contains(&OpenNote::NewEpoch(2)));
    before.compare(&opened.store).unwrap();
    assert!(!opened.store.verify(&mut Unwatched).unwrap().ok);
    drop(opened);
    let store = open(home.path());
    assert_eq!(store.epoch(), 2);
    assert!(store.verify(&mut Unwatched).unwrap().ok);
}
