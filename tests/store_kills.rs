//! A child process that works on a store is killed at random instants. After each kill the store opens, and holds
//! exactly what was acknowledged; the last thing that was not may be there, whole, or not.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use hudang::changes::{Act, Hash, line};
use hudang::progress::Unwatched;
use hudang::store::{Note, Store};

use crate::store::{lived_in, setup};
use crate::store_model::{Model, Random, scratch};

/// In a child's environment: the home, the seed, the backup.
const HOME: &str = "HUDANG_TEST_STORE_HOME";
const SEED: &str = "HUDANG_TEST_STORE_SEED";
const BACKUP: &str = "HUDANG_TEST_STORE_BACKUP";

/// How many kills one store lives through.
const KILLS_A_STORE: usize = 20;

#[test]
fn kills_lose_nothing() {
    kill(30, 1);
}

#[test]
#[ignore = "long: as many kills as HUDANG_TEST_KILLS says, 2000 without it"]
fn many_kills_lose_nothing() {
    let number = |name: &str, otherwise: usize| std::env::var(name).map_or(otherwise, |text| text.parse().unwrap());
    kill(number("HUDANG_TEST_KILLS", 2000), number("HUDANG_TEST_SEED", 2) as u64);
}

/// What was begun and not acknowledged when the child was killed.
#[derive(Clone, Debug)]
enum Pending {
    Acts(Vec<Act>),
    Note(Box<Note>),
    Draft(String, Option<Vec<u8>>),
}

fn kill(kills: usize, seed: u64) {
    let mut random = Random::new(seed);
    let (mut opened_again, mut rebuilt, mut taken_in) = (0, 0, 0);
    for store in 0..kills.div_ceil(KILLS_A_STORE) {
        let home = scratch();
        drop(Store::create(home.path(), &setup()).unwrap());
        let mut model = Model::default();
        let mut pending = None;
        for _ in 0..KILLS_A_STORE.min(kills - store * KILLS_A_STORE) {
            run_and_kill(home.path(), &mut model, &mut pending, &mut random);
            // Sometimes the next child finds what this one left.
            if random.below(3) > 0 {
                let opened =
                    Store::open(home.path(), &mut Unwatched).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
                rebuilt += usize::from(opened.notes.iter().any(|note| note.to_string().contains("重建")));
                taken_in += usize::from(settle(&mut model, &mut pending, Fingerprint::of_store(&opened.store)));
                assert!(!opened.notes.iter().any(|note| note.is_loss()), "seed {seed}: {:?}", opened.notes);
                model.compare(&opened.store).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
                opened_again += 1;
            }
        }
        let opened = Store::open(home.path(), &mut Unwatched).unwrap();
        settle(&mut model, &mut pending, Fingerprint::of_store(&opened.store));
        model.compare(&opened.store).unwrap();
        let verified = opened.store.verify(&mut Unwatched).unwrap();
        assert!(verified.ok, "seed {seed}: {:?}", verified.problems);
    }
    println!(
        "{kills} kills, {opened_again} opened and compared, {rebuilt} with a new index, {taken_in} unacknowledged kept"
    );
}

#[test]
fn a_restore_that_is_killed_leaves_a_store_or_none() {
    let folder = scratch();
    let (store, model, mut random) = lived_in(&folder.path().join("home"), 3);
    let backup = folder.path().join("backup");
    store.backup(&backup, &mut Unwatched).unwrap();
    let mut whole = 0;
    for i in 0..12 {
        let home = folder.path().join(format!("restored {i}"));
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["store_kills::restoring_child", "--exact", "--ignored"])
            .env(HOME, &home)
            .env(BACKUP, &backup)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_micros(random.below(20_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        whole += usize::from(Store::exists(&home));
        let opened = if Store::exists(&home) {
            Store::open(&home, &mut Unwatched)
        } else {
            Store::restore(&backup, &home, &mut Unwatched)
        };
        let store = opened.unwrap().store;
        model.compare(&store).unwrap();
        // However it came about, its numbers are told from those of the store it was made of.
        assert!(store.epoch() >= 2);
    }
    println!("12 restores killed, {whole} of them had put the journal in place");
}

/// Restores a backup until it is killed.
#[test]
#[ignore = "the child of the test above"]
fn restoring_child() {
    let (Ok(home), Ok(backup)) = (std::env::var(HOME), std::env::var(BACKUP)) else { return };
    Store::restore(Path::new(&backup), Path::new(&home), &mut Unwatched).unwrap();
}

/// Starts a child, reads what it acknowledges, and kills it at some instant.
fn run_and_kill(home: &Path, model: &mut Model, pending: &mut Option<Pending>, random: &mut Random) {
    let (mut child, lines) = start(home, random.next());
    if random.below(3) == 0 {
        // While it starts, or opens the store.
        thread::sleep(Duration::from_micros(random.below(60_000)));
    } else {
        let enough = random.below(40);
        for _ in 0..enough {
            match lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) => hear(&line, model, pending),
                Err(_) => break,
            }
        }
        if random.below(2) == 0 {
            // Somebody tidies up, or another program does: what the child holds goes from under it.
            let _ = match random.below(2) {
                0 => std::fs::remove_file(home.join("lock")),
                _ => std::fs::remove_dir_all(home.join("index")),
            };
            thread::sleep(Duration::from_micros(random.below(20_000)));
        }
        thread::sleep(Duration::from_micros(random.below(3_000)));
    }
    // It may have ended by itself, where it saw that the lock was gone.
    child.kill().unwrap();
    child.wait().unwrap();
    lines.into_iter().for_each(|line| hear(&line, model, pending));
}

fn start(home: &Path, seed: u64) -> (Child, Receiver<String>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["store_kills::child", "--exact", "--ignored", "--nocapture"])
        .env(HOME, home)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let (send, lines) = channel();
    thread::spawn(move || {
        for line in output.split(b'\n').map_while(Result::ok) {
            // The last line may be half there.
            let Ok(line) = String::from_utf8(line) else { break };
            let Some(whole) = line.strip_suffix('.') else { continue };
            if send.send(whole.to_owned()).is_err() {
                break;
            }
        }
    });
    (child, lines)
}

/// Takes in a line of the child.
fn hear(text: &str, model: &mut Model, pending: &mut Option<Pending>) {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let act = || line::read(rest.as_bytes()).unwrap();
    match word {
        "opened" => {
            settle(model, pending, serde_json::from_str(rest).unwrap());
        }
        "try" => *pending = Some(Pending::Acts(vec![act()])),
        "acknowledged" => {
            model.take(&act());
            *pending = None;
        }
        "group" => {
            let acts: Vec<Act> = serde_json::from_str(rest).unwrap();
            *pending = Some(Pending::Acts(acts));
        }
        "note" => *pending = Some(Pending::Note(Box::new(Note::Settings(rest.into())))),
        "draft" => {
            let (key, content) = serde_json::from_str(rest).unwrap();
            *pending = Some(Pending::Draft(key, content));
        }
        "done" => {
            if let Some(pending) = pending.take() {
                take(model, pending);
            }
        }
        other => panic!("the child said {other:?}"),
    }
}

fn take(model: &mut Model, pending: Pending) {
    match pending {
        Pending::Acts(acts) => acts.into_iter().for_each(|act| {
            let number = model.acts.get(&act.village).map_or(1, |acts| acts.len() as u64 + 1);
            model.take(&Act { number, store: setup().store_id, epoch: 1, ..act });
        }),
        Pending::Note(note) => model.notes = vec![*note],
        Pending::Draft(key, Some(content)) => {
            model.drafts.insert(key, content);
        }
        Pending::Draft(key, None) => {
            model.drafts.remove(&key);
        }
    }
}

/// Decides, by what a store turned out to hold, whether what was pending is there; all of it or nothing.
fn settle(model: &mut Model, pending: &mut Option<Pending>, found: Fingerprint) -> bool {
    let Some(begun) = pending.take() else { return false };
    if Fingerprint::of_model(model) == found {
        return false;
    }
    take(model, begun.clone());
    assert_eq!(Fingerprint::of_model(model), found, "neither with nor without {begun:?}");
    true
}

/// Enough of what is held to tell with from without.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Fingerprint {
    acts: usize,
    notes: Hash,
    drafts: Hash,
}

impl Fingerprint {
    fn of_store(store: &Store) -> Self {
        let drafts: Vec<_> = store.drafts().into_iter().map(|draft| (String::from(draft.key), draft.content)).collect();
        Self {
            acts: store.villages().into_iter().map(|village| store.counters(village).last_act as usize).sum(),
            notes: Hash::of(format!("{:?}", store.notes()).as_bytes()),
            drafts: Hash::of(format!("{drafts:?}").as_bytes()),
        }
    }

    fn of_model(model: &Model) -> Self {
        let drafts: Vec<_> = model.drafts.iter().collect();
        Self {
            acts: model.acts.values().map(Vec::len).sum(),
            notes: Hash::of(format!("{:?}", model.notes).as_bytes()),
            drafts: Hash::of(format!("{drafts:?}").as_bytes()),
        }
    }
}

/// Works on a store until it is killed. Started by the tests above, and does nothing otherwise.
#[test]
#[ignore = "the child of the tests above"]
fn child() {
    let Ok(home) = std::env::var(HOME) else { return };
    let mut random = Random::new(std::env::var(SEED).unwrap().parse().unwrap());
    let home = Path::new(&home);
    let opened =
        if random.below(5) == 0 { Store::rebuild(home, &mut Unwatched) } else { Store::open(home, &mut Unwatched) };
    let mut store = opened.unwrap().store;
    let mut model = model_of(&store);
    say("opened", &serde_json::to_string(&Fingerprint::of_store(&store)).unwrap());
    loop {
        match random.below(40) {
            0 => {
                let acts = draw(&mut model.clone(), &mut random, 700);
                let whole = random.below(4) > 0;
                let mut group = store.group().unwrap();
                if whole {
                    say("group", &serde_json::to_string(&acts).unwrap());
                }
                acts.iter().for_each(|act| group.add(act.clone()).unwrap());
                if whole {
                    group.commit().unwrap();
                    say("done", "");
                    take(&mut model, Pending::Acts(acts));
                } else {
                    group.abandon(&mut Unwatched).unwrap();
                }
            }
            1 => store.next_generation(&mut Unwatched).unwrap(),
            2 => {
                let text = format!("{}", random.next());
                say("note", &text);
                store.note(&Note::Settings(text.into())).unwrap();
                say("done", "");
            }
            3..=8 => {
                let key = format!("visit {}", random.below(4));
                let content = (random.below(4) > 0).then(|| vec![7; random.below(3000) as usize]);
                say("draft", &serde_json::to_string(&(&key, &content)).unwrap());
                match content {
                    Some(content) => store.save_draft(&key, &content).unwrap(),
                    None => store.drop_draft(&key).unwrap(),
                }
                say("done", "");
            }
            _ => {
                let act = model.act(&mut random, 3);
                say("try", &json(&act));
                let stored = store.commit(act).unwrap();
                say("acknowledged", &json(&stored));
                model.take(&stored);
            }
        }
    }
}

fn json(act: &Act) -> String {
    String::from_utf8(line::write(act)).unwrap()
}

/// Acts that follow each other.
fn draw(model: &mut Model, random: &mut Random, count: usize) -> Vec<Act> {
    let one = |_| {
        let act = model.act(random, 3);
        take(model, Pending::Acts(vec![act.clone()]));
        act
    };
    (0..count).map(one).collect()
}

fn model_of(store: &Store) -> Model {
    let mut model = Model::default();
    for village in store.villages() {
        store.acts(village, 1..=u64::MAX).for_each(|stored| model.take(&stored.unwrap().act));
    }
    model
}

/// Says something to the parent, at once. The point at the end tells a whole line from a torn one.
fn say(word: &str, rest: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{word} {rest}.\n").as_bytes()).unwrap();
    out.flush().unwrap();
}
