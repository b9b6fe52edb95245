//! `record` is killed at random instants. What it acknowledged is there, each form is whole or not there at all, and a
//! file of forms that is handed in once more is taken in once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use hudang::progress::Unwatched;
use hudang::store::Store;
use serde_json::{Value as Json, json};

use super::{command, edit, run, run_with, village};
use crate::home::{Home, VILLAGE, file};
use crate::store_model::Random;

/// How many kills one village lives through.
const KILLS_A_VILLAGE: usize = 25;

#[test]
fn kills_lose_nothing_that_was_acknowledged() {
    println!("{}", kill(20, 1));
}

#[test]
#[ignore = "long: as many kills as HUDANG_TEST_KILLS says, 2000 without it"]
fn many_kills_lose_nothing_that_was_acknowledged() {
    let kills = std::env::var("HUDANG_TEST_KILLS").map_or(2000, |text| text.parse().unwrap());
    println!("{}", kill(kills, 2));
}

#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    acknowledged: usize,
    kept_unacknowledged: usize,
    not_begun: usize,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kills, acknowledged, kept_unacknowledged, not_begun } = self;
        write!(
            f,
            "{kills} kills; {acknowledged} forms acknowledged, {kept_unacknowledged} more kept, {not_begun} runs \
             killed before they had taken in anything"
        )
    }
}

fn kill(kills: usize, seed: u64) -> Tally {
    let mut random = Random::new(seed);
    let mut tally = Tally::default();
    while tally.kills < kills {
        let home = village();
        // The forms by id: what each enters, in two fields at once so that half a form would show.
        let mut given: BTreeMap<String, i64> = BTreeMap::new();
        let mut acknowledged: BTreeSet<String> = BTreeSet::new();
        for _ in 0..KILLS_A_VILLAGE.min(kills - tally.kills) {
            let forms: Vec<Json> = (0..1 + random.below(12)).map(|_| form(&mut given, &random.next())).collect();
            let told = record_and_kill(&home, &json!(forms), Duration::from_micros(random.below(150_000)));
            tally.kills += 1;
            acknowledged.extend(told);
            let there = taken_in(&home, &given);
            for id in &acknowledged {
                assert!(there.contains_key(id), "seed {seed}: {id} was acknowledged and is gone");
            }
            tally.not_begun += usize::from(forms.iter().all(|form| !there.contains_key(form["id"].as_str().unwrap())));
            if random.below(4) == 0 {
                // She hands the same file in again, and this time nobody stops it.
                let again = run_with(home.dir.path(), &["--json", "record", "-"], json!(forms).to_string().as_bytes());
                assert_eq!(again.code, 0, "{}{}", again.out, again.err);
                let again = again.json();
                let numbers = again["accepted"].as_array().unwrap();
                assert_eq!(numbers.len(), forms.len());
                for accepted in numbers {
                    let id = accepted["id"].as_str().unwrap();
                    if let Some(number) = there.get(id) {
                        assert_eq!(accepted["change"].as_u64(), Some(*number), "taken in twice");
                    }
                    acknowledged.insert(id.to_owned());
                }
            }
        }
        let there = taken_in(&home, &given);
        tally.acknowledged += acknowledged.len();
        tally.kept_unacknowledged += there.len() - there.keys().filter(|id| acknowledged.contains(*id)).count();
        let verified = run(home.dir.path(), &["--json", "verify"]);
        assert_eq!(verified.code, 0, "seed {seed}: {}", verified.out);
    }
    tally
}

fn form(given: &mut BTreeMap<String, i64>, random: &u64) -> Json {
    let wages = i64::try_from(random % 10_000_000).unwrap() + 1;
    let id = format!("form-{}", given.len() + 1);
    let mut form = edit(Some(&id), "4199991012010001", "income", "wages", wages);
    form["changes"].as_array_mut().unwrap().push(json!({"section": "income", "field": "property", "new": wages}));
    given.insert(id, wages);
    form
}

/// Runs `record` and kills it; gives the ids that it had acknowledged until then.
fn record_and_kill(home: &Home, forms: &Json, after: Duration) -> Vec<String> {
    let path = home.dir.path().join("forms.json");
    std::fs::write(&path, forms.to_string()).unwrap();
    let mut child = command(home.dir.path(), &["--json", "record", path.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    // It may have ended.
    let _ = child.kill();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.wait().unwrap();
    let Ok(said) = serde_json::from_str::<Json>(&out) else { return Vec::new() };
    said["accepted"].as_array().unwrap().iter().map(|accepted| accepted["id"].as_str().unwrap().to_owned()).collect()
}

/// Which forms are in the journal and with which number; each whole, none twice, and the file as the last one left it.
fn taken_in(home: &Home, given: &BTreeMap<String, i64>) -> BTreeMap<String, u64> {
    let numbered = acts(home.dir.path(), given);
    let workspace = home.open(super::DAY);
    let file = file(&workspace, 1);
    if let Some((id, _)) = numbered.iter().max_by_key(|(_, number)| **number) {
        for field in ["wages", "property"] {
            let slot = hudang::domain::Slot {
                section: hudang::domain::Name::new("income"),
                row: 0,
                field: hudang::domain::Name::new(field),
            };
            assert_eq!(file.get(slot).and_then(|value| value.as_money()).map(|money| money.0), Some(given[id]));
        }
    }
    numbered
}

fn acts(home: &Path, given: &BTreeMap<String, i64>) -> BTreeMap<String, u64> {
    let opened = Store::open(home, &mut Unwatched).unwrap();
    assert!(!opened.notes.iter().any(|note| note.is_loss()), "{:?}", opened.notes);
    let village = VILLAGE.parse::<hudang::domain::VillageCode>().unwrap();
    let last = opened.store.counters(village).last_act;
    let mut numbered = BTreeMap::new();
    for stored in opened.store.acts(village, 1..=last) {
        let act = stored.unwrap().act;
        if act.kind.as_str() != "edit" {
            continue;
        }
        let wages: Vec<i64> =
            act.field_changes().filter_map(|change| change.new.as_ref()?.as_money()).map(|money| money.0).collect();
        assert!(wages.iter().all(|wages| *wages == given[&*act.id]), "{:?} holds {wages:?}", act.id);
        assert_eq!(wages.len(), 2, "half of {:?}", act.id);
        assert!(numbered.insert(act.id.to_string(), act.number).is_none(), "{:?} is there twice", act.id);
    }
    numbered
}
