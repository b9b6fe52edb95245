//! Sets and workbooks spoilt at random, thousands of times and always the same ones: whatever comes in, the readers come
//! to an end without a panic. The fuzz targets in `tests/fuzz/` ask the same for as long as one likes.

use std::io::{Cursor, Read, Write};
use std::process::Command;

use hudang::changes::line;
use hudang::exchange::set::{SetId, seal};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::answer_sheet::Desk;
use crate::change_sets::{self, Parts};
use crate::rosters::formats;
use crate::schema::every_act;
use crate::village::random::Random;
use crate::village::write;

#[path = "fuzz/harness.rs"]
mod harness;

use harness::{HASHED, OPEN_DOCUMENT, PARTS, RAW, SEALED, input};

/// Inputs for the target that reads sets: a real one in each of the ways.
fn sets() -> Vec<Vec<u8>> {
    let set = change_sets::set(&change_sets::village(), 1, 7);
    let mut parts = Parts::of(&set);
    let (manifest, acts) = (parts.entry("manifest.json").clone(), parts.entry("acts.jsonl").clone());
    let sealed =
        seal(SetId::of(change_sets::village().code.into(), 1, 7), "石桥村", &set, &[harness::KEYS.public().sealing]);
    let mut outside = Parts::of(&sealed.unwrap());
    let (says, inside) = (outside.entry("sealed.json").clone(), outside.entry("set.zip.age").clone());
    // A line with something in every place, of the county's as well as the village's.
    let full = [&line::write(&every_act())[..], b"\n"].concat();
    vec![
        input(RAW, &[&set]),
        input(PARTS, &[&manifest, &acts]),
        input(HASHED, &[&manifest, &acts]),
        input(HASHED, &[&manifest, &full]),
        input(SEALED, &[&says, &inside]),
    ]
}

/// Inputs for the target that reads answers: a filled-in workbook in each of the formats.
fn answers() -> Vec<Vec<u8>> {
    let desk = Desk::filled();
    let sheet = desk.sheets.iter().find(|sheet| sheet.name == "收入支出变更").unwrap();
    let mut of_one = Desk::filled();
    of_one.sheets.retain(|other| other.name == sheet.name);
    let mut workbook = ZipArchive::new(Cursor::new(of_one.xlsx())).unwrap();
    let mut document = ZipArchive::new(Cursor::new(formats::ods(sheet))).unwrap();
    let mut part = |name: &str| {
        let mut bytes = Vec::new();
        let archive = if name == "content.xml" { &mut document } else { return in_workbook(&mut workbook, name) };
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    vec![
        input(RAW, &[&of_one.xlsx()]),
        input(RAW, &[write::csv_text(sheet).as_bytes()]),
        input(RAW, &[&formats::xls(sheet)]),
        input(RAW, &[&formats::ods(sheet)]),
        input(RAW, &[&formats::html(sheet)]),
        input(RAW, &[&formats::xml_2003(sheet)]),
        input(PARTS, &[&part("xl/worksheets/sheet1.xml"), &part("xl/sharedStrings.xml")]),
        input(OPEN_DOCUMENT, &[&part("content.xml")]),
    ]
}

fn in_workbook(workbook: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    workbook.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// What readers stumble over.
const WORDS: [&[u8]; 12] = [
    b"-1",
    b"18446744073709551616",
    b"1e999",
    b"\"",
    b"\n",
    b"\0",
    b"null",
    b"[[[[[[[[[[[[[[[[",
    b"&#xd800;",
    "5件4294967295项".as_bytes(),
    b"1048576",
    b"\xff\xfe",
];

/// One of the ways in which bytes get spoilt.
fn spoil(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    // The first byte says what sort of input it is.
    let mut at = |length: usize| 1 + random.next() as usize % length.max(2).saturating_sub(1);
    let (from, to) = (at(bytes.len()).min(bytes.len()), at(bytes.len()).min(bytes.len()));
    let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 200));
    let word = WORDS[at(1000) % WORDS.len()];
    let (start, end) = (at(other.len()).min(other.len()), at(other.len()).min(other.len()));
    match at(1000) % 7 {
        0 => {
            let place = from.min(bytes.len() - 1);
            bytes[place] ^= 1 << (at(1000) % 8);
        }
        1 => bytes.truncate(from.max(2)),
        2 => _ = bytes.drain(from..to),
        3 => {
            let again = bytes[from..to].to_vec();
            let times = 1 + at(1000) % 20;
            bytes.splice(from..from, again.repeat(times));
        }
        4 => _ = bytes.splice(from..to, other[start.min(end)..start.max(end)].iter().copied()),
        5 => _ = bytes.splice(from..from, word.iter().copied()),
        _ => _ = bytes.splice(from..to.min(from + 4), word.iter().copied()),
    }
}

/// Runs of each seed, each with a few faults.
fn runs(seeds: &[Vec<u8>], times: usize, mut read: impl FnMut(&[u8])) {
    for (nth, seed) in seeds.iter().enumerate() {
        read(seed);
        let mut random = Random::new(nth as u64);
        for _ in 0..times {
            let mut bytes = seed.clone();
            for _ in 0..random.between(1, 3) {
                let other = &seeds[random.next() as usize % seeds.len()];
                spoil(&mut random, &mut bytes, other);
            }

            read(&bytes);
        }
    }
}

#[test]
fn spoilt_sets_are_read_to_an_end() {
    let seeds = sets();
    assert!(harness::report(&seeds[0][1..]).is_ok());
    runs(&seeds, 400, harness::set);
}

#[test]
fn spoilt_workbooks_are_read_to_an_end() {
    let seeds = answers();
    for seed in &seeds[..6] {
        assert!(harness::answered(&seed[1..]));
    }
    runs(&seeds, 60, harness::answers);
}

/// Real sets and workbooks for the fuzz targets to begin with.
#[test]
fn seeds() {
    let (sets, answers) = (sets(), answers());
    assert!(sets.iter().chain(&answers).all(|seed| seed.len() < 64 * 1024), "small enough to be changed often");
    if std::env::var_os("FUZZ_SEEDS").is_none() {
        return;
    }
    for (target, seeds) in [("set", sets), ("answers", answers)] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
        std::fs::create_dir_all(&folder).unwrap();
        for (nth, seed) in seeds.into_iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{nth}")), seed).unwrap();
        }
    }
}

/// The program, with little memory, given a set that unpacks to more than there is.
#[cfg(target_os = "linux")]
#[test]
fn a_set_that_unpacks_to_more_than_there_is_memory_is_refused_within_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut parts = Parts::of(&change_sets::set(&change_sets::village(), 1, 7));
    let manifest = parts.entry("manifest.json").clone();
    for (name, line) in [("one line", false), ("lines", true)] {
        let mut container = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        container.start_file("acts.jsonl", options).unwrap();
        let mut zeros = vec![b'0'; 1 << 20];
        if line {
            *zeros.last_mut().unwrap() = b'\n';
        }
        for _ in 0..600 {
            container.write_all(&zeros).unwrap();
        }
        container.start_file("manifest.json", options).unwrap();
        container.write_all(&manifest).unwrap();
        let mut bytes = container.finish().unwrap().into_inner();
        let path = folder.path().join("bomb.zip");
        // As it says itself, and with a size that lies wherever it stands.
        for size in [600_u32 << 20, 1000] {
            let places: Vec<usize> =
                (0..bytes.len() - 4).filter(|at| bytes[*at..at + 4] == (600_u32 << 20).to_le_bytes()).collect();
            for at in places {
                bytes[at..at + 4].copy_from_slice(&size.to_le_bytes());
            }
            std::fs::write(&path, &bytes).unwrap();
            let limited = "ulimit -v 400000; exec \"$0\" changes verify \"$1\"";
            let ran =
                Command::new("sh").args(["-c", limited, env!("CARGO_BIN_EXE_hudang")]).arg(&path).output().unwrap();
            let said = String::from_utf8_lossy(&ran.stderr);
            assert!(matches!(ran.status.code(), Some(1 | 5)), "{name}, {size}: {:?} {said}", ran.status);
            assert!(!said.contains("memory") && !said.contains("panicked"), "{said}");
        }
    }
}
