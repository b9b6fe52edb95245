//! A month's sets of a county's villages taken in, beside the bare reading of the same files: unpacked, each line parsed,
//! hashed and held against manifest and signature. 287 villages of 40 households with 60 changes each, unless another
//! number of villages is asked for: `cargo bench --bench apply -- 50`.

mod shared;

use std::fs::{self, File};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use hudang::changes::{Act, FieldChange, Hash, Opened, Origin, Rows, line};
use hudang::domain::{Chain, Name, Slot, Value, VillageCode};
use hudang::exchange::keys::Keys;
use hudang::exchange::set::{About, Made, Previous, SetId, SetWriter, Sign, receive};
use shared::measure::{median, ms, timed, watched};
use shared::sizes;

const HOUSEHOLDS: u32 = 40;
const CHANGES: u32 = 60;
const ROUNDS: usize = 3;

fn main() {
    for villages in sizes(&[287]) {
        measure(villages as u64);
    }
}

fn measure(villages: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut before, mut month) = (Vec::new(), Vec::new());
    for nth in 0..villages {
        let village = Village::new(nth);
        before.push(village.write(folder.path(), 1, u64::from(HOUSEHOLDS)));
        month.push(village.write(folder.path(), u64::from(HOUSEHOLDS) + 1, u64::from(HOUSEHOLDS + CHANGES)));
    }
    let bytes: u64 = month.iter().map(|file| fs::metadata(file).map_or(0, |meta| meta.len())).sum();
    let base = folder.path().join("base");
    let (first, _) = watched(&mut command(&base, &before));
    println!(
        "{villages} villages, {} households; the first sets, {HOUSEHOLDS} files each: {:.0} ms",
        villages * u64::from(HOUSEHOLDS),
        ms(first)
    );
    let mut times: [Vec<Duration>; 4] = Default::default();
    let mut most = 0;
    for round in 0..ROUNDS {
        let home = folder.path().join(format!("home-{round}"));
        copy(&base, &home);
        times[0].push(timed(|| month.iter().map(|file| fs::read(file).map_or(0, |it| it.len())).sum::<usize>()));
        times[1].push(timed(|| read(&month)));
        let (time, memory) = watched(&mut command(&home, &month));
        times[2].push(time);
        most = most.max(memory);
        times[3].push(watched(&mut command(&home, &month)).0);
    }
    println!("the month's sets: {} changes in {} KB", villages * u64::from(CHANGES), bytes / 1024);
    let bare = median(&mut times[1]);
    let stages = [
        "the files' bytes alone",
        "read bare, on one core",
        "`hudang changes apply`, from its start to its end",
        "the same again, when all is known",
    ];
    for (stage, times) in stages.iter().zip(&mut times) {
        let time = median(times);
        println!("{stage}: {:.0} ms, {:.2} times the bare reading", ms(time), time.as_secs_f64() / bare.as_secs_f64());
    }
    println!("the command had at most {most} MB resident");
}

fn read(files: &[PathBuf]) -> usize {
    let acts = |file: &PathBuf| {
        receive(File::open(file).expect("a file"), None, &|_, _| true).expect("a set").expect("let in").acts.len()
    };
    files.iter().map(acts).sum()
}

fn command(home: &Path, files: &[PathBuf]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hudang"));
    command.args(["--today", "2022-11-20", "--as", "周敏", "--role", "county", "--home"]).arg(home);
    command.args(["--json", "changes", "apply", "--trust-new"]).args(files);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            let mut bytes = Vec::new();
            File::open(entry.path()).and_then(|mut file| file.read_to_end(&mut bytes)).expect("a file");
            fs::write(target, bytes).expect("a copy");
        }
    }
}

/// A village's chain, and the keys that sign it.
struct Village {
    code: VillageCode,
    lines: Vec<(Act, Vec<u8>, Hash)>,
    keys: Keys,
}

impl Village {
    fn new(nth: u64) -> Self {
        let code = VillageCode::from_number(419_999_100_000 + nth).expect("a code");
        let seed = |kind: u8| {
            let mut seed = [kind; 32];
            seed[..8].copy_from_slice(&nth.to_be_bytes());
            seed
        };
        let keys = Keys::from_seeds(seed(1), seed(2)).expect("keys");
        let mut village = Self { code, lines: Vec::new(), keys };
        for serial in 1..=HOUSEHOLDS {
            let mut act = village.act("roster");
            act.origin = Some(Origin { roster: Name::new("national"), from_county: true });
            act.opened.push(Opened { household: serial, on: act.entered_on() });
            let fields = [
                ("address", 0, "national_number", format!("{code}{serial:04}")),
                ("address", 0, "group", "一组".into()),
            ];
            let people = (1..=4).map(|person| ("members", serial * 10 + person, "name", format!("某{person}")));
            for (section, row, field, text) in fields.into_iter().chain(people) {
                let fields = vec![(Name::new(field), Value::text(&text))];
                act.taken.push(Rows { household: serial, section: Name::new(section), row, fields });
            }
            village.push(act);
        }
        for change in 0..CHANGES {
            let mut act = village.act("edit");
            let slot = Slot { section: Name::new("income"), row: 0, field: Name::new("other_transfer") };
            act.changes.push(FieldChange {
                household: change % HOUSEHOLDS + 1,
                slot,
                old: None,
                new: Value::text(&format!("{change}")),
                happened_on: "2022-11".parse().ok(),
                seen_on: "2022-11-08".parse().ok(),
                evidence: Some("本人说".into()),
                item: None,
                evidence_only: false,
            });
            village.push(act);
        }
        village
    }

    fn act(&self, kind: &str) -> Act {
        let at = "2022-11-08T09:30:00+08:00".parse().expect("a moment");
        let id = format!("{kind}-{}", self.lines.len());
        let mut act = Act::new(self.code, Name::new(kind), &id, "李桂枝", Name::new("coordinator"), at);
        act.number = self.lines.len() as u64 + 1;
        act.store = format!("{:016x}", self.code.number()).into();
        act.epoch = 1;
        act
    }

    fn push(&mut self, act: Act) {
        let line = line::write(&act);
        let hash = self.lines.last().map_or(Hash::NONE, |(.., hash)| *hash).then(&line);
        self.lines.push((act, line, hash));
    }

    fn write(&self, folder: &Path, from: u64, to: u64) -> PathBuf {
        let set = SetId::of(Chain::from(self.code), from, to);
        let hash_before = if from == 1 { Hash::NONE } else { self.lines[from as usize - 2].2 };
        let previous =
            (from > 1).then(|| Previous { set: SetId::of(Chain::from(self.code), 1, from - 1), sha256: Hash::of(b"") });
        let made =
            Made { on: "2022-11-08".parse().expect("a day"), by: "李桂枝".into(), role: Name::new("coordinator") };
        let about = About { set, village: "某村".into(), hash_before, made, previous, review: None };
        let mut writer = SetWriter::begin(Cursor::new(Vec::new()), about).expect("a set");
        for (act, line, hash) in &self.lines[from as usize - 1..to as usize] {
            writer.push(act, line, *hash).expect("an act");
        }
        let file = folder.join(set.file_name());
        let bytes = writer.finish(&Sign::With(&self.keys)).expect("a set").out.into_inner();
        fs::write(&file, bytes).expect("a file");
        file
    }
}
