//! The store from outside: what is committed is there, after any mixture of closing, opening and building again.

use std::path::Path;

use hudang::progress::Unwatched;
use hudang::store::{Note, Setup, Store, StoreError};

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
    let over = hudang::store::HandedOver {
        village: village(1),
        from: 1,
        to: 7,
        day: "2022-12-03".parse().unwrap(),
        by: "李桂枝".into(),
        role: "coordinator".into(),
        hash_before: Default::default(),
        hash_last: hudang::changes::Hash::of(b"x"),
        file_sha256: hudang::changes::Hash::of(b"y"),
        manifest_sha256: hudang::changes::Hash::of(b"z"),
        village_name: "石桥村".into(),
        copy: false,
    };
    for from in [1, 8] {
        let note = Note::HandedOver(hudang::store::HandedOver { from, ..over.clone() });
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
        let first = before.acts.get(village).map_or(1, |acts| acts.len() as u64 + 1);
        assert_eq!(numbers, &(first..=model.acts[village].len() as u64));
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
            scratch.take(&hudang::changes::Act { number, ..act });
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
