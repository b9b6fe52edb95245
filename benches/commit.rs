//! One edit of a household of 1,500 recorded through the workspace, beside a bare durable append of as many bytes to a file
//! in the same folder; then the same acts committed to the store alone, beside the same. Other numbers of households: `cargo bench --bench commit -- 300`.

mod shared;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use hudang::changes::Act;
use hudang::progress::Unwatched;
use hudang::store::Store;
use hudang::workspace::Recorded;
use serde_json::json;
use shared::measure::{ms, report, timed};
use shared::{made, sizes};

const EDITS: usize = 2_000;

fn main() {
    for households in sizes(&[1_500]) {
        measure(households);
    }
}

fn measure(households: usize) {
    let home = made::inhabited(households);
    let mut workspace = made::open(home.path());
    let numbers: Vec<String> = workspace.households().iter().map(|summary| summary.number()).collect();
    // Whoever edits has searched, so the index of the search is brought up to date too.
    workspace.find(&Default::default(), None);
    let mut beside = File::create(home.path().join("beside")).expect("a file beside the store");
    let (mut edits, mut appends) = (Vec::new(), Vec::new());
    let (mut before, mut bytes) = (length(home.path()), 0);
    // In turn, so that whatever else the machine does falls on both.
    for nth in 0..EDITS {
        let edit = json!({
            "form": "edit",
            "household": numbers[nth * 97 % numbers.len()],
            "changes": [{ "section": "address", "field": "phone", "new": format!("139{:08}", nth) }],
        });
        let mut recorded = None;
        edits.push((timed(|| recorded = workspace.record(&edit).ok()), ()));
        assert!(matches!(recorded, Some(Recorded::Accepted { .. })), "{recorded:?}");
        bytes += append(&mut beside, home.path(), &mut before, &mut appends);
    }
    println!("{households} households, {EDITS} edits of {} bytes each", bytes / EDITS);
    compare("an edit recorded", &mut edits, &mut appends);

    let village = workspace.village().expect("the store is a village's");
    let last = workspace.store().counters(village).last_act;
    let stored = workspace.store().acts(village, last + 1 - EDITS as u64..=last);
    let acts: Vec<Act> = stored.map(|stored| stored.expect("an act reads back").act).collect();
    drop(workspace);
    let mut store = Store::open(home.path(), &mut Unwatched).expect("the store opens").store;
    let (mut commits, mut appends) = (Vec::new(), Vec::new());
    before = length(home.path());
    for (nth, act) in acts.into_iter().enumerate() {
        let act = Act { id: format!("again-{nth}").into(), ..act };
        commits.push((timed(|| store.commit(act).expect("the disk takes it")), ()));
        append(&mut beside, home.path(), &mut before, &mut appends);
    }
    compare("an act committed", &mut commits, &mut appends);
}

type Times = Vec<(Duration, ())>;

/// Appends as many bytes as the journal has grown by, durably; gives how many.
fn append(beside: &mut File, home: &Path, before: &mut u64, times: &mut Times) -> usize {
    let after = length(home);
    let entry = vec![b'x'; after.saturating_sub(*before) as usize];
    *before = after;
    let mut append = || beside.write_all(&entry).and_then(|()| beside.sync_data());
    times.push((timed(|| append().expect("the disk takes it")), ()));
    entry.len()
}

fn compare(what: &str, times: &mut Times, appends: &mut Times) {
    let append = report("a bare durable append", appends);
    let time = report(what, times);
    println!("{what} takes {:.2} times an append (medians)", time / append);
    let sum = |times: &Times| times.iter().map(|(time, ())| ms(*time)).sum::<f64>();
    println!("and {:.2} times over all of them", sum(times) / sum(appends));
}

/// How long the journal is.
fn length(home: &Path) -> u64 {
    let files = fs::read_dir(home.join("journal")).expect("a journal").flatten();
    files
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "hdj"))
        .filter_map(|file| file.metadata().ok())
        .map(|meta| meta.len())
        .sum()
}
