//! Whatever is done to a store in whatever order, its files are what its acts make of them.

use hudang::progress::Unwatched;
use hudang::store::{Note, OpenNote, Store};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::store::{commit, copy_folder, import, setup};
use crate::store_model::{Model, Random, scratch};

#[derive(Clone, Debug)]
enum Step {
    Commit(usize),
    Group(usize),
    Abandon(usize),
    Generation,
    Note(u8),
    Draft(u8, Option<u8>),
    Reopen,
    Rebuild,
    LoseIndex,
    Copy,
    BackUpAndRestore,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1..20_usize).prop_map(Step::Commit),
        2 => (1..120_usize).prop_map(Step::Group),
        2 => (1..600_usize).prop_map(Step::Abandon),
        2 => Just(Step::Generation),
        1 => any::<u8>().prop_map(Step::Note),
        2 => (0..3_u8, any::<Option<u8>>()).prop_map(|(key, content)| Step::Draft(key, content)),
        2 => Just(Step::Reopen),
        1 => Just(Step::Rebuild),
        1 => Just(Step::LoseIndex),
        1 => Just(Step::Copy),
        1 => Just(Step::BackUpAndRestore),
    ]
}

#[test]
fn the_same_files_whatever_happens_in_between() {
    try_steps(16, 1..15);
}

#[test]
#[ignore = "long: many more and longer sequences"]
fn the_same_files_whatever_happens_in_between_for_long() {
    try_steps(400, 5..40);
}

fn try_steps(cases: u32, lengths: std::ops::Range<usize>) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let steps = (any::<u64>(), prop::collection::vec(step(), lengths));
    runner
        .run(&steps, |(seed, steps)| {
            take_steps(seed, &steps);
            Ok(())
        })
        .unwrap();
}

fn take_steps(seed: u64, steps: &[Step]) {
    let folder = scratch();
    let mut home = folder.path().join("home 0");
    let (mut model, mut random) = (Model::default(), Random::new(seed));
    let mut store = Store::create(&home, &setup()).unwrap();
    for (i, step) in steps.iter().enumerate() {
        let next = folder.path().join(format!("home {}", i + 1));
        match step {
            Step::Commit(count) => commit(&mut store, &mut model, &mut random, *count),
            Step::Group(count) => import(&mut store, &mut model, &mut random, *count),
            Step::Abandon(count) => {
                let mut scratch = model.clone();
                let mut group = store.group().unwrap();
                for _ in 0..*count {
                    let act = scratch.act(&mut random, 3);
                    group.add(act.clone()).unwrap();
                    let number = scratch.acts.get(&act.village).map_or(1, |acts| acts.len() as u64 + 1);
                    scratch.take(&hudang::changes::Act { number, ..act });
                }
                group.abandon(&mut Unwatched).unwrap();
            }
            Step::Generation => store.next_generation(&mut Unwatched).unwrap(),
            Step::Note(text) => {
                let note = Note::Settings(text.to_string().into());
                store.note(&note).unwrap();
                model.notes = vec![note];
            }
            Step::Draft(key, Some(content)) => {
                let (key, content) = (format!("visit {key}"), vec![*content; usize::from(*content)]);
                store.save_draft(&key, &content).unwrap();
                model.drafts.insert(key, content);
            }
            Step::Draft(key, None) => {
                store.drop_draft(&format!("visit {key}")).unwrap();
                model.drafts.remove(&format!("visit {key}"));
            }
            Step::Reopen => {
                drop(store);
                let opened = Store::open(&home, &mut Unwatched).unwrap();
                assert_eq!(opened.notes, []);
                store = opened.store;
            }
            Step::Rebuild => {
                drop(store);
                store = Store::rebuild(&home, &mut Unwatched).unwrap().store;
            }
            Step::LoseIndex => {
                drop(store);
                std::fs::remove_dir_all(home.join("index")).unwrap();
                store = Store::open(&home, &mut Unwatched).unwrap().store;
            }
            Step::Copy => {
                drop(store);
                copy_folder(&home, &next);
                home = next;
                let opened = Store::open(&home, &mut Unwatched).unwrap();
                assert!(opened.notes.iter().any(|note| matches!(note, OpenNote::NewEpoch(_))));
                store = opened.store;
            }
            Step::BackUpAndRestore => {
                let backup = folder.path().join("backup");
                store.backup(&backup, &mut Unwatched).unwrap();
                let epoch = store.epoch();
                home = next;
                store = Store::restore(&backup, &home, &mut Unwatched).unwrap().store;
                assert_eq!(store.epoch(), epoch + 1);
            }
        }
        model.compare(&store).unwrap_or_else(|error| panic!("after {step:?}: {error}"));
    }
    let verified = store.verify(&mut Unwatched).unwrap();
    assert!(verified.ok, "{:?}", verified.problems);
}
