//! The county's export taken in, beside what calamine takes to stream the same file, with what stands between the two: each
//! stage holds all before it. 7,000 households (20,000 rows) unless other numbers are asked for; a county's 440,000 rows
//! are `cargo bench --bench import -- 126000`.

mod shared;

use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use calamine::{Reader, Xlsx};
use hudang::exchange::roster::{Asked, Chunk, RosterFile, Understanding};
use hudang::workspace::Workspace;
use shared::measure::{median, ms, timed, watched};
use shared::{made, sizes};

const ROUNDS: usize = 3;

fn main() {
    for households in sizes(&[7_000]) {
        measure(households);
    }
}

fn measure(households: usize) {
    let file = made::export(households);
    let scratch = made::home();
    made::create(scratch.path(), households);
    let mut empty = made::open(scratch.path());
    let (mut cells, mut taken) = (0, (0, 0));
    let mut times: [Vec<Duration>; 7] = Default::default();
    let mut most = 0;
    // In turn, so that whatever else the machine does falls on all of them.
    for _ in 0..ROUNDS {
        times[0].push(timed(|| cells = stream(&file)));
        times[1].push(timed(|| read(&empty, &file)));
        times[2].push(timed(|| understand(&empty, &file)));
        times[3].push(timed(|| taken = made::import(&mut empty, &file, true)));
        let home = made::home();
        made::create(home.path(), households);
        let mut workspace = made::open(home.path());
        times[4].push(timed(|| taken = made::import(&mut workspace, &file, false)));
        times[5].push(timed(|| drop(workspace)));
        let home = made::home();
        made::create(home.path(), households);
        let (time, memory) = watched(&mut command(home.path(), &file));
        times[6].push(time);
        most = most.max(memory);
    }
    println!("{} households, {} people, {cells} cells", taken.0, taken.1);
    let stages = [
        "calamine streams the file",
        "the rows read and brought together to households",
        "and their cells understood, on another thread",
        "and planned (a dry run)",
        "and written to the journal and the index",
        "the store closed after it",
        "`hudang import roster`, from its start to its end",
    ];
    let calamine = median(&mut times[0]);
    for (stage, times) in stages.iter().zip(&mut times) {
        let time = median(times);
        println!("{stage}: {:.0} ms, {:.2} times calamine", ms(time), time.as_secs_f64() / calamine.as_secs_f64());
    }
    println!("the command had at most {most} MB resident");
}

fn stream(file: &Path) -> u64 {
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(File::open(file).expect("a file"))).expect("a workbook");
    let name = book.sheet_names().first().cloned().unwrap_or_default();
    let mut cells = book.worksheet_cells_reader(&name).expect("a sheet");
    let mut count = 0;
    while let Some(cell) = cells.next_cell().expect("a cell") {
        std::hint::black_box(&cell);
        count += 1;
    }
    count
}

fn read(workspace: &Workspace, file: &Path) -> usize {
    let definitions = workspace.definitions();
    let mut file = RosterFile::open(file, Asked::default(), &definitions.rosters).expect("a roster");
    let kind = file.kinds()[0];
    let mut rows = 0;
    let mut count = |chunk: Chunk| {
        rows += chunk.len();
        ControlFlow::Continue(())
    };
    file.read(&definitions.rosters, kind, &definitions.catalogue, false, &mut count).expect("it is read");
    rows
}

fn understand(workspace: &Workspace, file: &Path) -> usize {
    let (catalogue, kinds) = (&workspace.definitions().catalogue, &workspace.definitions().rosters);
    let mut file = RosterFile::open(file, Asked::default(), kinds).expect("a roster");
    let (kind, tables, name) = (file.kinds()[0], file.tables.clone(), file.name.clone());
    let mut understanding = Understanding::new(&name, &tables, kinds, kind, catalogue);
    let (sender, receiver) = sync_channel::<Chunk>(3);
    let mut households = 0;
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut send = |chunk| match sender.send(chunk) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            };
            file.read(kinds, kind, catalogue, false, &mut send).expect("it is read");
        });
        for chunk in receiver {
            understanding.households(&chunk, |_, _| households += 1);
        }
    });
    households
}

fn command(home: &Path, file: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hudang"));
    command.arg("--home").arg(home).args(["--today", made::DAY, "--as", "李桂枝", "import", "roster"]).arg(file);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}
