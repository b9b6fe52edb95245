//! A store opened, up to the first frame: 300 and 1,500 households unless other numbers are asked for; a county's 120,000
//! are `cargo bench --bench open -- 120000`. Beside it, what it takes to read the journal once from front to back.

mod shared;

#[allow(dead_code)] // the tests use more of it
#[path = "../tests/tui/pty.rs"]
mod pty;

use std::fs;
use std::path::Path;
use std::time::Duration;

use hudang::progress::Unwatched;
use hudang::store::Store;
use hudang::workspace::Workspace;
use pty::{Answers, Pty};
use shared::face::Face;
use shared::measure::{median, ms, timed};
use shared::{made, sizes};

const ROUNDS: usize = 5;

fn main() {
    for households in sizes(&[300, 1_500]) {
        measure(households);
    }
}

fn measure(households: usize) {
    let home = made::inhabited(households);
    let mut times: [Vec<Duration>; 6] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(timed(|| journal(home.path())));
        times[1].push(timed(|| Store::open(home.path(), &mut Unwatched).expect("the store opens")));
        let mut workspace = None;
        times[2].push(timed(|| workspace = Some(made::open(home.path()))));
        let Some(workspace) = workspace else { return };
        let standing = |workspace: &Workspace| workspace.stand(&mut Unwatched).expect("the files can be read");
        times[3].push(timed(|| standing(&workspace)));
        times[4].push(timed(|| Face::over(workspace, (80, 24))));
        times[5].push(timed(|| started(home.path())));
    }
    let [journal, store, workspace, standing, first, started] = &mut times;
    println!("{households} households, a journal of {} KB", bytes(home.path()) / 1024);
    for (what, times) in [
        ("the journal read from front to back", journal),
        ("the store opened and closed", store),
        ("the workspace opened (the store, and every household in short)", workspace),
        ("where every household stands", standing),
        ("today made up and its frame drawn", first),
        ("the program, from its start to the first frame in a terminal", started),
    ] {
        println!("{what}: {:.1} ms", ms(median(times)));
    }
}

fn journal(home: &Path) -> usize {
    files(home).iter().map(|file| fs::read(file).map_or(0, |bytes| bytes.len())).sum()
}

fn bytes(home: &Path) -> u64 {
    files(home).iter().filter_map(|file| file.metadata().ok()).map(|meta| meta.len()).sum()
}

fn files(home: &Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(home.join("journal")).expect("a journal").flatten().map(|file| file.path()).collect()
}

fn started(home: &Path) -> Pty {
    let home = home.display().to_string();
    let command = [env!("CARGO_BIN_EXE_hudang"), "--home", &home, "--today", made::DAY, "--as", "李桂枝"];
    let mut pty = Pty::start(command, &[], (80, 24), Answers::Rightly);
    pty.wait_for("今日");
    pty
}
