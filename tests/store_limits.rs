//! A disk that is full or takes no writes, a second program, a newer format: said in words, with nothing lost.

use std::fs;
use std::path::Path;
use std::process::Command;

use hudang::progress::{Progress, Unwatched};
use hudang::store::{OpenNote, Setup, Store, StoreError};

use crate::mounted::Mounted;
use crate::store::{commit, copy_folder, import, open, setup};
use crate::store_model::{Model, Random};

/// Commits until the disk refuses, and says how it did.
fn commit_until_refused(store: &mut Store, model: &mut Model, random: &mut Random) -> StoreError {
    for _ in 0..20_000 {
        match store.commit(model.act(random, 3)) {
            Ok(act) => model.take(&act),
            Err(error) => return error,
        }
    }
    panic!("the disk was never full");
}

#[test]
fn on_a_full_disk_everything_is_readable_and_work_goes_on_when_there_is_room() {
    // Different remainders, so that it is now the journal that is refused first, and now sled.
    for but in [0, 4096, 40_960, 300_000] {
        let Some(disk) = Mounted::new("12m") else { return };
        let home = disk.path().join("home");
        let (mut model, mut random) = (Model::default(), Random::new(but as u64));
        let mut store = Store::create(&home, &setup()).unwrap();
        commit(&mut store, &mut model, &mut random, 50);
        let ballast = disk.fill(but);
        let error = commit_until_refused(&mut store, &mut model, &mut random);
        assert!(error.to_string().contains("磁盘已满"), "{error}");
        model.compare(&store).unwrap();

        // Nothing that is tried now does any harm.
        assert!(matches!(store.save_draft("visit", &[7; 9000]), Err(StoreError::Disk { .. })));
        assert!(matches!(store.next_generation(&mut Unwatched), Err(StoreError::Disk { .. })));
        assert!(matches!(store.backup(&disk.path().join("backup"), &mut Unwatched), Err(StoreError::Disk { .. })));
        assert!(!disk.path().join("backup").exists());
        let mut group = store.group().unwrap();
        let mut refused = false;
        let mut scratch = model.clone();
        for _ in 0..3000 {
            let act = scratch.act(&mut random, 3);
            refused = group.add(act.clone()).is_err();
            if refused {
                break;
            }
            let number = scratch.acts[&act.village].len() as u64 + 1;
            scratch.take(&hudang::changes::Act { number, ..act });
        }
        if refused {
            drop(group);
        } else {
            assert!(matches!(group.commit(), Err(StoreError::Disk { .. })));
        }
        model.compare(&store).unwrap();

        // It opens, too, and is read.
        drop(store);
        let opened = Store::open(&home, &mut Unwatched).unwrap_or_else(|error| panic!("full but for {but}: {error}"));
        model.compare(&opened.store).unwrap();
        let mut store = opened.store;
        let error = commit_until_refused(&mut store, &mut model, &mut random);
        assert!(matches!(error, StoreError::Disk { .. }));

        fs::remove_file(&ballast).unwrap();
        commit(&mut store, &mut model, &mut random, 30);
        import(&mut store, &mut model, &mut random, 50);
        store.save_draft("visit", b"typed").unwrap();
        model.drafts.insert("visit".to_owned(), b"typed".to_vec());
        model.compare(&store).unwrap();
        drop(store);
        let opened = Store::open(&home, &mut Unwatched).unwrap();
        assert!(!opened.notes.iter().any(OpenNote::is_loss), "{:?}", opened.notes);
        model.compare(&opened.store).unwrap();
        assert!(opened.store.verify(&mut Unwatched).unwrap().ok);
        drop(opened);
        model.compare(&open(&home)).unwrap();
    }
}

#[test]
fn a_home_that_takes_no_writes_can_be_read() {
    let Some(disk) = Mounted::new("20m") else { return };
    let home = disk.path().join("home");
    let (mut model, mut random) = (Model::default(), Random::new(21));
    let mut store = Store::create(&home, &setup()).unwrap();
    commit(&mut store, &mut model, &mut random, 40);
    store.next_generation(&mut Unwatched).unwrap();
    commit(&mut store, &mut model, &mut random, 5);
    drop(store);
    disk.remount("ro");
    let opened = Store::open(&home, &mut Unwatched).unwrap();
    assert!(opened.notes.iter().any(|note| matches!(note, OpenNote::ReadOnly { .. })));
    let mut store = opened.store;
    model.compare(&store).unwrap();
    assert!(store.verify(&mut Unwatched).unwrap().ok);
    let refused = store.commit(model.act(&mut random, 3)).unwrap_err();
    assert!(refused.to_string().contains("只读"), "{refused}");
    assert!(matches!(store.save_draft("visit", b"typed"), Err(StoreError::Disk { .. })));
    assert!(matches!(store.group().and_then(|group| group.commit().map(|_| ())), Ok(())));
    model.compare(&store).unwrap();
    let backup = tempfile::tempdir().unwrap();
    store.backup(&backup.path().join("backup"), &mut Unwatched).unwrap();
    drop(store);
    disk.remount("rw");
    model.compare(&open(&home)).unwrap();
}

#[test]
fn what_a_newer_program_wrote_is_refused_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let (mut model, mut random) = (Model::default(), Random::new(22));
    let mut store = Store::create(home.path(), &setup()).unwrap();
    commit(&mut store, &mut model, &mut random, 5);
    drop(store);
    let segment = home.path().join("journal/000001.hdj");
    let good = fs::read(&segment).unwrap();
    // The last entry in a later version of the format, and in a codec that is not known here.
    for (at, value) in [(4, 2), (6, 2)] {
        let mut bytes = good.clone();
        let mut last = 0;
        while last + 40 + stored(&bytes, last) < bytes.len() {
            last += 40 + stored(&bytes, last);
        }
        bytes[last + at] = value;
        let crc = crc32fast::hash(&bytes[last..last + 36]);
        bytes[last + 36..last + 40].copy_from_slice(&crc.to_le_bytes());
        fs::write(&segment, &bytes).unwrap();
        let _ = fs::remove_dir_all(home.path().join("index"));
        let refused = Store::open(home.path(), &mut Unwatched).unwrap_err();
        assert!(matches!(refused, StoreError::Newer { .. }), "{refused}");
        assert_eq!(fs::read(&segment).unwrap(), bytes);
    }
    fs::write(&segment, &good).unwrap();
    model.compare(&Store::open(home.path(), &mut Unwatched).unwrap().store).unwrap();
}

fn stored(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()) as usize
}

#[test]
fn work_that_nobody_wants_any_more_stops_and_leaves_the_store_as_it_was() {
    struct Cancelled;
    impl Progress for Cancelled {
        fn step(&mut self, _: &str, _: u64, _: Option<u64>) {}
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let home = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let (mut model, mut random) = (Model::default(), Random::new(23));
    let mut store = Store::create(home.path(), &setup()).unwrap();
    commit(&mut store, &mut model, &mut random, 30);
    let backup = elsewhere.path().join("backup");
    assert!(matches!(store.backup(&backup, &mut Cancelled), Err(StoreError::Cancelled)));
    assert!(!backup.exists());
    assert!(matches!(store.next_generation(&mut Cancelled), Err(StoreError::Cancelled)));
    store.backup(&backup, &mut Unwatched).unwrap();
    let other = elsewhere.path().join("home");
    assert!(matches!(Store::restore(&backup, &other, &mut Cancelled), Err(StoreError::Cancelled)));
    assert!(Store::restore(&backup, &other, &mut Unwatched).is_ok());
    drop(store);
    assert!(matches!(Store::rebuild(home.path(), &mut Cancelled), Err(StoreError::Cancelled)));
    model.compare(&Store::open(home.path(), &mut Unwatched).unwrap().store).unwrap();
}

#[test]
fn a_second_program_is_told_and_does_no_harm() {
    let Ok(home) = std::env::var("HUDANG_TEST_SECOND_HOME") else {
        let home = tempfile::tempdir().unwrap();
        let (mut model, mut random) = (Model::default(), Random::new(24));
        let mut store = Store::create(home.path(), &setup()).unwrap();
        commit(&mut store, &mut model, &mut random, 10);
        let second = Command::new(std::env::current_exe().unwrap())
            .args(["store_limits::a_second_program_is_told_and_does_no_harm", "--exact"])
            .env("HUDANG_TEST_SECOND_HOME", home.path())
            .output()
            .unwrap();
        assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stdout));
        commit(&mut store, &mut model, &mut random, 10);
        drop(store);
        model.compare(&open(home.path())).unwrap();
        return;
    };
    let home = Path::new(&home);
    assert!(matches!(Store::open(home, &mut Unwatched), Err(StoreError::InUse)));
    assert!(matches!(Store::rebuild(home, &mut Unwatched), Err(StoreError::InUse)));
    assert!(Store::create(home, &setup()).is_err());
}

/// The store that version 1 wrote, to be opened by every version after it.
const FIRST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stores/version-1");

#[test]
fn a_store_of_version_1_opens() {
    let home = tempfile::tempdir().unwrap();
    copy_folder(Path::new(FIRST), home.path());
    let opened = Store::open(home.path(), &mut Unwatched).unwrap();
    // Its snapshot has records of its own version: that is no damage, and nothing to be told of.
    let of_damage = |note: &OpenNote| note.is_loss() || matches!(note, OpenNote::BadSnapshot(_));
    assert!(!opened.notes.iter().any(of_damage), "{:?}", opened.notes);
    let mut model = Model::default();
    for village in opened.store.villages() {
        opened.store.acts(village, 1..=u64::MAX).for_each(|stored| model.take(&stored.unwrap().act));
    }
    model.notes = opened.store.notes().to_vec();
    model.drafts.insert("visit 1".to_owned(), b"half".to_vec());
    assert_eq!((model.files.len(), model.acts.values().map(Vec::len).sum::<usize>(), model.notes.len()), (21, 60, 1));
    model.compare(&opened.store).unwrap();
    assert!(opened.store.verify(&mut Unwatched).unwrap().ok);
}

/// Makes the store that the test above opens. Only ever run again for a new version, under a new name:
/// `cargo test --test main make_a_store_of_this_version -- --ignored`
#[test]
#[ignore = "writes tests/stores, which is committed"]
fn make_a_store_of_this_version() {
    assert!(!Path::new(FIRST).exists(), "a released store is never made again");
    let home = tempfile::tempdir().unwrap();
    let (mut model, mut random) = (Model::default(), Random::new(1));
    let mut store = Store::create(home.path(), &Setup { scope: "419999".into(), ..setup() }).unwrap();
    commit(&mut store, &mut model, &mut random, 20);
    store.next_generation(&mut Unwatched).unwrap();
    import(&mut store, &mut model, &mut random, 20);
    commit(&mut store, &mut model, &mut random, 20);
    store.note(&hudang::store::Note::Settings("{}".into())).unwrap();
    store.save_draft("visit 1", b"half").unwrap();
    drop(store);
    // The index is not kept: it can be built, and sled's files are large.
    copy_folder(&home.path().join("journal"), &Path::new(FIRST).join("journal"));
}
