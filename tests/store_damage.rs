//! Files that are cut short, zeroed or flipped: the store opens and holds what the journal still holds, or says what is
//! gone. Nothing is silently short or mixed.

use std::collections::BTreeSet;
use std::fs::{self, File, FileTimes};
use std::ops::Range;
use std::path::{Path, PathBuf};

use hudang::changes::Act;
use hudang::changes::line;
use hudang::progress::Unwatched;
use hudang::store::{OpenNote, Opened, Store, StoreError};

use crate::store::{commit, copy_folder, import, setup};
use crate::store_model::{Model, Random, scratch};

/// A store on the disk, and what it held after each entry of its last segment.
struct Specimen {
    folder: tempfile::TempDir,
    /// The last segment's length, and what was there then.
    states: Vec<(u64, Model)>,
}

impl Specimen {
    /// One segment, with acts, a group and notes.
    fn young() -> Self {
        Self::new(false)
    }

    /// Three generations.
    fn old() -> Self {
        Self::new(true)
    }

    fn new(old: bool) -> Self {
        let folder = scratch();
        let home = folder.path().join("home");
        let (mut model, mut random) = (Model::default(), Random::new(77));
        let mut store = Store::create(&home, &setup()).unwrap();
        for _ in 0..2 {
            commit(&mut store, &mut model, &mut random, 10);
            import(&mut store, &mut model, &mut random, 30);
            if old {
                store.next_generation(&mut Unwatched).unwrap();
            }
        }
        let segment = home.join("journal").join(if old { "000003.hdj" } else { "000001.hdj" });
        let length = || fs::metadata(&segment).unwrap().len();
        let mut states = vec![(length(), model.clone())];
        for i in 0..12 {
            if i == 6 {
                import(&mut store, &mut model, &mut random, 25);
            } else {
                commit(&mut store, &mut model, &mut random, 1);
            }
            states.push((length(), model.clone()));
        }
        drop(store);
        Self { folder, states }
    }

    /// A copy that may be damaged.
    fn copy(&self) -> Damaged {
        let folder = scratch();
        copy_folder(&self.folder.path().join("home"), folder.path());
        // A copy is a new store to the program; by its files' times its index is as it was closed.
        let index = |folder: &Path| fs::read_dir(folder.join("index")).unwrap().flatten().map(|entry| entry.path());
        for path in index(&self.folder.path().join("home")).filter(|path| path.is_file()) {
            set_time(&folder.path().join("index").join(path.file_name().unwrap()), &path);
        }
        Damaged { folder }
    }

    fn last(&self) -> &Model {
        &self.states.last().unwrap().1
    }

    /// What a last segment of this length still holds.
    fn at(&self, length: u64) -> &Model {
        &self.states.iter().rev().find(|(end, _)| *end <= length).unwrap_or(&self.states[0]).1
    }
}

struct Damaged {
    folder: tempfile::TempDir,
}

impl Damaged {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Changes the bytes of a file, and lets its time say that nobody did.
    fn damage(&self, name: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let path = self.path(name);
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        let mut bytes = fs::read(&path).unwrap();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
        File::options().write(true).open(&path).unwrap().set_times(FileTimes::new().set_modified(before)).unwrap();
    }

    /// What it says of its index as it was closed, with the lengths that its files have by now.
    fn excuse(&self) {
        let mut text = "closed\n".to_owned();
        let mut names: Vec<_> = fs::read_dir(self.path("index")).unwrap().flatten().map(|entry| entry.path()).collect();
        names.sort();
        for path in names.iter().filter(|path| path.is_file()) {
            let meta = fs::metadata(path).unwrap();
            let changed = meta.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
            text += &format!("{} {} {changed}\n", path.file_name().unwrap().to_str().unwrap(), meta.len());
        }
        fs::write(self.path("index.mark"), text).unwrap();
    }

    fn forget_index(&self) {
        fs::remove_dir_all(self.path("index")).unwrap();
    }

    fn open(&self) -> Result<Opened, StoreError> {
        Store::open(self.folder.path(), &mut Unwatched)
    }
}

fn set_time(path: &Path, like: &Path) {
    let time = fs::metadata(like).unwrap().modified().unwrap();
    File::options().write(true).open(path).unwrap().set_times(FileTimes::new().set_modified(time)).unwrap();
}

/// A few of many, spread out; or all of them in the long run.
fn sample(all: Range<u64>, few: u64, thorough: bool) -> Vec<u64> {
    if thorough {
        return all.collect();
    }
    let mut random = Random::new(all.end);
    let length = all.end - all.start;
    let mut picked: BTreeSet<u64> = (0..few).map(|_| all.start + random.below(length)).collect();
    picked.extend([all.start, all.end - 1]);
    picked.into_iter().collect()
}

#[test]
fn a_journal_cut_anywhere_in_its_tail_holds_what_is_left() {
    cut_the_journal(false);
}

#[test]
#[ignore = "long: every length of the last 4 KiB"]
fn a_journal_cut_everywhere_in_its_tail_holds_what_is_left() {
    cut_the_journal(true);
}

fn cut_the_journal(thorough: bool) {
    for (specimen, name) in [(Specimen::young(), "000001.hdj"), (Specimen::old(), "000003.hdj")] {
        let length = specimen.states.last().unwrap().0;
        for cut in sample(length.saturating_sub(4096)..length + 1, 12, thorough) {
            for with_index in [true, false] {
                let damaged = specimen.copy();
                damaged.damage(&format!("journal/{name}"), |bytes| bytes.truncate(cut as usize));
                if !with_index {
                    damaged.forget_index();
                }
                let opened = damaged.open().unwrap_or_else(|error| panic!("{name} cut at {cut}: {error}"));
                let told = |find: fn(&OpenNote) -> bool| opened.notes.iter().any(find);
                let boundary = specimen.states.iter().any(|(end, _)| *end == cut);
                if with_index {
                    // The index knows that more had been acknowledged.
                    assert_eq!(told(|note| matches!(note, OpenNote::Lost { .. })), cut < length, "{name} cut at {cut}");
                } else if !boundary && cut >= specimen.states[0].0 {
                    let cut_off =
                        |note: &OpenNote| matches!(note, OpenNote::TornTail { .. } | OpenNote::UnfinishedGroup { .. });
                    assert!(told(cut_off), "{name} cut at {cut}: {:?}", opened.notes);
                }
                if cut >= specimen.states[0].0 {
                    specimen.at(cut).compare(&opened.store).unwrap_or_else(|e| panic!("{name} cut at {cut}: {e}"));
                }
                goes_on(opened, damaged, &format!("{name} cut at {cut}"));
            }
        }
    }
}

/// What is left can be worked with, and is the same the next time.
fn goes_on(opened: Opened, damaged: Damaged, what: &str) {
    let Opened { mut store, .. } = opened;
    let mut model = readable(&store);
    commit(&mut store, &mut model, &mut Random::new(5), 3);
    drop(store);
    let opened = damaged.open().unwrap_or_else(|error| panic!("{what}, again: {error}"));
    assert_eq!(opened.notes, [], "{what}, again");
    model.compare(&opened.store).unwrap_or_else(|error| panic!("{what}, again: {error}"));
}

fn readable(store: &Store) -> Model {
    let mut model = Model::default();
    for village in store.villages() {
        store.acts(village, 1..=u64::MAX).for_each(|stored| model.take(&stored.unwrap().act));
    }
    model
}

#[test]
fn a_journal_with_a_zeroed_block_holds_the_rest() {
    zero_the_journal(false);
}

#[test]
#[ignore = "long: every 4 KiB block, every 512 bytes"]
fn a_journal_with_any_zeroed_block_holds_the_rest() {
    zero_the_journal(true);
}

fn zero_the_journal(thorough: bool) {
    let specimen = Specimen::young();
    let length = specimen.states.last().unwrap().0;
    for block in sample(0..length / 512, 10, thorough) {
        let range = block * 512..(block * 512 + 4096).min(length);
        let (survivors, whole) = survivors(&specimen.path("journal/000001.hdj"), &range);
        // The index is whole, so that every file is; the acts that are gone say so.
        let damaged = specimen.copy();
        let zero = |bytes: &mut Vec<u8>| bytes[range.start as usize..range.end as usize].fill(0);
        damaged.damage("journal/000001.hdj", zero);
        let opened = damaged.open().unwrap_or_else(|error| panic!("{range:?}: {error}"));
        let lost = opened.notes.iter().any(|note| matches!(note, OpenNote::Lost { .. }));
        if !lost {
            for (id, file) in &specimen.last().files {
                assert_eq!(opened.store.file(*id).unwrap().as_ref(), Some(file), "{range:?}");
            }
        }
        assert!(!opened.store.verify(&mut Unwatched).unwrap().ok || whole, "{range:?}");
        drop(opened);
        // Built again, the files are what the surviving acts make of them.
        let damaged = specimen.copy();
        damaged.damage("journal/000001.hdj", zero);
        damaged.forget_index();
        let opened = damaged.open().unwrap_or_else(|error| panic!("{range:?}: {error}"));
        let stored: Vec<Act> = opened
            .store
            .villages()
            .into_iter()
            .flat_map(|village| opened.store.acts(village, 1..=u64::MAX))
            .map(|stored| stored.unwrap().act)
            .collect();
        let mut expected = survivors.clone();
        expected.sort_by_key(|act| (act.village, act.number));
        assert_eq!(stored, expected, "{range:?}");
        let told = opened.notes.iter().any(|note| {
            matches!(note, OpenNote::Damaged { .. } | OpenNote::TornTail { .. } | OpenNote::UnfinishedGroup { .. })
        });
        assert!(told || whole, "{range:?}: {:?}", opened.notes);
        for act in &survivors {
            for serial in act.households() {
                let id = hudang::domain::HouseholdId { village: act.village, serial };
                let file = opened.store.file(id).unwrap().unwrap();
                assert!(file.acts.contains(&act.number), "{range:?}");
            }
        }
    }
}

impl Specimen {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("home").join(name)
    }
}

/// The acts of a segment whose entries do not touch a range, in order, read with nothing of the program but its lines;
/// and whether no entry touches it.
fn survivors(segment: &Path, damage: &Range<u64>) -> (Vec<Act>, bool) {
    let bytes = fs::read(segment).unwrap();
    let (mut acts, mut group, mut at, mut whole) = (Vec::new(), None, 0, true);
    while at < bytes.len() {
        let word = |offset: usize| u32::from_le_bytes(bytes[at + offset..at + offset + 4].try_into().unwrap()) as usize;
        let (kind, codec, stored, decoded) = (bytes[at + 5], bytes[at + 6], word(8), word(12));
        let end = at + 40 + stored;
        let touched = (at as u64) < damage.end
            && damage.start < end as u64
            && bytes[at..end].iter().zip(at as u64..).any(|(byte, at)| damage.contains(&at) && *byte != 0);
        whole &= !touched;
        let content = &bytes[at + 40..end];
        if kind == 4 {
            group = Some(acts.len());
        }
        if kind == 2 && !touched {
            let content =
                if codec == 1 { lz4_flex::block::decompress(content, decoded).unwrap() } else { content.to_vec() };
            let lines = content.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.is_empty());
            acts.extend(lines.map(|text| line::read(text).unwrap()));
        }
        if kind == 5 && !touched || kind != 5 && bytes[at + 7] == 0 {
            group = None;
        }
        at = end;
    }
    // A group whose end is damaged, with nothing behind it, never ended as far as anybody can tell.
    if let Some(begun) = group {
        acts.truncate(begun);
    }
    (acts, whole)
}

#[test]
fn damage_to_the_index_is_never_believed() {
    damage_the_index(false);
}

#[test]
#[ignore = "long: every length of the last 4 KiB of each file, every block zeroed, many bytes flipped"]
fn no_damage_to_the_index_is_ever_believed() {
    damage_the_index(true);
}

fn damage_the_index(thorough: bool) {
    let specimen = Specimen::young();
    let (mut cases, mut rebuilt) = (0, 0);
    let mut check = |name: &str, what: &str, change: &dyn Fn(&mut Vec<u8>)| {
        for excused in [true, false] {
            let damaged = specimen.copy();
            damaged.damage(name, change);
            if excused {
                damaged.excuse();
            }
            let opened = damaged.open().unwrap_or_else(|error| panic!("{name} {what}: {error}"));
            cases += 1;
            rebuilt += usize::from(opened.notes.iter().any(|note| matches!(note, OpenNote::Rebuilt { .. })));
            specimen.last().compare(&opened.store).unwrap_or_else(|error| panic!("{name} {what}: {error}"));
        }
    };
    for entry in fs::read_dir(specimen.path("index")).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        let name = format!("index/{}", entry.file_name().to_str().unwrap());
        let length = entry.metadata().unwrap().len();
        for cut in sample(length.saturating_sub(4096)..length, 2, thorough) {
            check(&name, &format!("cut at {cut}"), &|bytes| bytes.truncate(cut as usize));
        }
        for block in sample(0..length.div_ceil(4096), 4, thorough) {
            check(&name, &format!("cut at block {block}"), &|bytes| bytes.truncate(block as usize * 4096));
            let range = block as usize * 4096..(block as usize * 4096 + 4096).min(length as usize);
            check(&name, &format!("block {block} zeroed"), &|bytes| bytes[range.clone()].fill(0));
        }
        let mut random = Random::new(length);
        for _ in 0..if thorough { 400 } else { 4 } {
            let (at, bit) = (random.below(length) as usize, random.below(8));
            check(&name, &format!("bit {bit} of byte {at} flipped"), &|bytes| bytes[at] ^= 1 << bit);
        }
    }
    println!("{cases} damaged indexes, {rebuilt} built again");
}

#[test]
fn what_a_kill_of_sled_leaves_half_written_is_removed() {
    let specimen = Specimen::young();
    let damaged = specimen.copy();
    fs::write(damaged.path("index/snap.FFFFFFFFFFFFFFFF.generating"), b"half").unwrap();
    damaged.excuse();
    let opened = damaged.open().unwrap();
    assert!(!damaged.path("index/snap.FFFFFFFFFFFFFFFF.generating").exists());
    specimen.last().compare(&opened.store).unwrap();
}

#[test]
fn a_damaged_snapshot_or_segment_makes_way_for_an_older_one() {
    let specimen = Specimen::old();
    let flip = |bytes: &mut Vec<u8>| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    };
    // Snapshots damaged: the journal has everything.
    for names in [&["000003.hds"][..], &["000002.hds", "000003.hds"]] {
        let damaged = specimen.copy();
        names.iter().for_each(|name| damaged.damage(&format!("journal/{name}"), flip));
        damaged.forget_index();
        let opened = damaged.open().unwrap();
        let told = opened.notes.iter().filter(|note| matches!(note, OpenNote::BadSnapshot(_))).count();
        assert_eq!(told, names.len());
        specimen.last().compare(&opened.store).unwrap();
    }
    // An old segment damaged: the snapshot behind it has what it made, only its acts cannot be read.
    let damaged = specimen.copy();
    damaged.damage("journal/000001.hdj", flip);
    damaged.forget_index();
    let opened = damaged.open().unwrap();
    for (id, file) in &specimen.last().files {
        assert_eq!(opened.store.file(*id).unwrap().as_ref(), Some(file));
    }
    assert!(!opened.store.verify(&mut Unwatched).unwrap().ok);
    let of = |village| opened.store.acts(village, 1..=u64::MAX).collect::<Vec<_>>();
    let acts: Vec<_> = opened.store.villages().into_iter().flat_map(of).collect();
    // Each is either read or said to be unreadable, and what stands behind is read all the same.
    assert_eq!(acts.len(), specimen.last().acts.values().map(Vec::len).sum::<usize>());
    assert!(acts.iter().any(Result::is_err) && acts.last().is_some_and(Result::is_ok));
}

#[test]
fn a_journal_that_is_gone_altogether_is_said_to_be() {
    let specimen = Specimen::young();
    let damaged = specimen.copy();
    damaged.damage("journal/000001.hdj", |bytes| bytes.truncate(0));
    let opened = damaged.open().unwrap();
    assert!(opened.notes.iter().any(|note| matches!(note, OpenNote::Lost { from: 1, .. })));
    goes_on(opened, damaged, "emptied");
    let damaged = specimen.copy();
    damaged.damage("journal/000001.hdj", |bytes| bytes.truncate(0));
    fs::remove_file(damaged.path("journal/identity")).unwrap();
    assert!(matches!(damaged.open(), Err(StoreError::Damaged(_))));
}
