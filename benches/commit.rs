//! One edit of a household of 1,500 recorded through the workspace, beside a bare durable append of as many bytes to a file
//! in the same folder. Other numbers of households: `cargo bench --bench commit -- 300`.

mod shared;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

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
    let (mut commits, mut appends) = (Vec::new(), Vec::new());
    let (mut before, mut bytes) = (length(home.path()), 0);
    // In turn, so that whatever else the machine does falls on both.
    for nth in 0..EDITS {
        let edit = json!({
            "form": "edit",
            "household": numbers[nth * 97 % numbers.len()],
            "changes": [{ "section": "address", "field": "phone", "new": format!("139{:08}", nth) }],
        });
        let mut recorded = None;
        commits.push((timed(|| recorded = workspace.record(&edit).ok()), ()));
        assert!(matches!(recorded, Some(Recorded::Accepted { .. })), "{recorded:?}");
        let after = length(home.path());
        let entry = vec![b'x'; (after - before) as usize];
        (before, bytes) = (after, bytes + entry.len());
        let mut append = || beside.write_all(&entry).and_then(|()| beside.sync_data());
        appends.push((timed(|| append().expect("the disk takes it")), ()));
    }
    println!("{households} households, {EDITS} edits of {} bytes each", bytes / EDITS);
    let append = report("a bare durable append", &mut appends);
    let commit = report("an edit recorded", &mut commits);
    println!("an edit takes {:.2} times an append (medians)", commit / append);
    let sum = |times: &[(std::time::Duration, ())]| times.iter().map(|(time, ())| ms(*time)).sum::<f64>();
    println!("and {:.2} times over all of them", sum(&commits) / sum(&appends));
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
