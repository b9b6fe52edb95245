//! Sets and receipts that are not what they should be: each told apart, and nothing of them taken in.

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::{Both, path, run_as};

const FIRST: &str = "4199991012010001";

/// The entries of a container.
fn entries(file: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(fs::read(file).unwrap())).unwrap();
    let names: Vec<String> =
        (0..archive.len()).map(|at| archive.by_index_raw(at).unwrap().name().unwrap().into_owned()).collect();
    let mut read = |name: &String| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        (name.clone(), bytes)
    };
    names.iter().map(&mut read).collect()
}

fn write(file: &Path, entries: &[(String, Vec<u8>)]) {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    fs::write(file, zip.finish().unwrap().into_inner()).unwrap();
}

/// A county that holds a village's first set, and the second one as a file.
struct Waiting {
    both: Both,
    set: PathBuf,
    before: String,
}

impl Waiting {
    fn new() -> Self {
        let both = Both::new();
        let (_, first) = both.export();
        assert_eq!(both.apply(&first).code, 0);
        both.edit(both.village.dir.path(), FIRST, "address", "group", "3组");
        let (_, set) = both.export();
        let before = both.at_county(&["--json", "show", FIRST, "--history"]).out;
        Self { both, set, before }
    }

    /// What becomes of a file: the exit code and the words; nothing of it may have been taken in.
    fn refused(&self, file: &Path) -> (i32, String) {
        let ran = self.both.apply(file);
        let json = ran.json();
        assert_eq!((&json["applied"], &json["waiting"]), (&json!([]), &json!([])), "{json}");
        assert_eq!(self.both.at_county(&["--json", "show", FIRST, "--history"]).out, self.before);
        assert_eq!(self.both.at_county(&["--json", "verify"]).code, 0);
        let why: Vec<String> = json["refused"].as_array().unwrap().iter().map(|it| it["why"].to_string()).collect();
        (ran.code, why.join(" "))
    }

    fn altered(&self, name: &str, alter: impl FnOnce(&mut Vec<(String, Vec<u8>)>)) -> PathBuf {
        let mut all = entries(&self.set);
        alter(&mut all);
        let file = self.both.post.path().join(name);
        write(&file, &all);
        file
    }
}

fn entry<'a>(entries: &'a mut [(String, Vec<u8>)], name: &str) -> &'a mut Vec<u8> {
    &mut entries.iter_mut().find(|(known, _)| known == name).unwrap().1
}

#[test]
fn what_is_wrong_is_told_apart_and_nothing_is_taken_in() {
    let waiting = Waiting::new();
    let bytes = fs::read(&waiting.set).unwrap();
    let post = waiting.both.post.path();
    let file = |name: &str, bytes: &[u8]| {
        let file = post.join(name);
        fs::write(&file, bytes).unwrap();
        file
    };
    let mut told = Vec::new();
    let mut check = |file: &Path, code: i32, words: &str| {
        let (found, why) = waiting.refused(file);
        assert_eq!(found, code, "{}: {why}", file.display());
        assert!(why.contains(words), "{}: {why}", file.display());
        told.push(why);
    };
    check(&file("cut.zip", &bytes[..bytes.len() - 40]), 5, "没有拷完");
    check(&file("text.zip", b"hello"), 3, "不是变更集");
    let newer = waiting.altered("newer.zip", |all| {
        let manifest = entry(all, "manifest.json");
        let text = String::from_utf8(manifest.clone()).unwrap().replacen("\"version\": 1", "\"version\": 9", 1);
        *manifest = text.into_bytes();
    });
    check(&newer, 3, "升级");
    let line = waiting.altered("line.zip", |all| entry(all, "acts.jsonl").splice(0..1, *b"x").for_each(drop));
    check(&line, 5, "不是变更记录");
    let missing = waiting.altered("missing.zip", |all| entry(all, "acts.jsonl").clear());
    check(&missing, 5, "清单说到");
    let other = waiting.altered("other.zip", |all| {
        let acts = entry(all, "acts.jsonl");
        *acts = String::from_utf8(acts.clone()).unwrap().replace("419999101201", "419999101202").into_bytes();
    });
    check(&other, 5, "另一个村");
    let climbing = waiting.altered("climbing.zip", |all| all.push(("../../climbed".to_owned(), b"x".to_vec())));
    check(&climbing, 5, "多出");
    assert!(!post.parent().unwrap().join("climbed").exists());
    let unsigned = waiting.altered("unsigned.zip", |all| all.retain(|(name, _)| name != "signature.json"));
    check(&unsigned, 5, "没有签名");
    let bomb = waiting.altered("bomb.zip", |all| *entry(all, "manifest.json") = vec![b' '; 64 << 20]);
    check(&bomb, 5, "太大");
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 9, "told apart: {told:#?}");
    // The same set under another name is the same set.
    let renamed = file("随便起个名.zip", &bytes);
    assert_eq!(waiting.both.apply(&renamed).code, 0);
    waiting.both.assert_same_files();
}

#[test]
fn no_flipped_byte_gets_through() {
    let waiting = Waiting::new();
    let bytes = fs::read(&waiting.set).unwrap();
    let mut files = Vec::new();
    for (nth, at) in (0..bytes.len()).step_by(bytes.len() / 40).enumerate() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x20;
        let file = waiting.both.post.path().join(format!("flip-{nth}.zip"));
        fs::write(&file, damaged).unwrap();
        files.push(file);
    }
    let words: Vec<&str> =
        ["--json", "changes", "apply"].into_iter().chain(files.iter().map(|file| path(file))).collect();
    let ran = waiting.both.at_county(&words);
    let json = ran.json();
    // A byte of the text for people, or of what a zip says of its maker, changes nothing that is taken in.
    let applied = json["applied"].as_array().unwrap().len();
    assert!(applied <= 1, "{json}");
    assert!(json["refused"].as_array().unwrap().len() >= 30, "{json}");
    if applied == 1 {
        waiting.both.assert_same_files();
    } else {
        assert_eq!(waiting.both.at_county(&["--json", "show", FIRST, "--history"]).out, waiting.before);
    }
}

#[test]
fn a_set_of_another_county_and_a_receipt_of_another_village_are_not_ours() {
    let both = Both::new();
    let (_, set) = both.export();
    let elsewhere = tempfile::tempdir().unwrap();
    let home = elsewhere.path().join("home");
    assert_eq!(run_as(&home, "周敏", "county", &["init", "--county", "410000", "--name", "别县"], b"").code, 0);
    let refused = run_as(&home, "周敏", "county", &["--json", "changes", "apply", path(&set)], b"");
    assert_eq!(refused.code, 3);
    assert!(refused.json()["refused"][0]["why"][0].as_str().unwrap().contains("不属于本户档"), "{}", refused.out);

    assert_eq!(both.apply(&set).code, 0);
    let receipt = both.receipt("receipt.zip");
    let other = tempfile::tempdir().unwrap();
    let home = other.path().join("home");
    let made = run_as(&home, "李桂枝", "coordinator", &["init", "--village", "419999101202", "--name", "别村"], b"");
    assert_eq!(made.code, 0, "{}", made.err);
    let refused = run_as(&home, "李桂枝", "coordinator", &["--json", "changes", "accept-receipt", path(&receipt)], b"");
    assert_eq!(refused.code, 3, "{}", refused.out);
}

#[test]
fn a_word_on_a_change_that_does_not_exist_is_refused_at_the_county_and_harmless_at_the_village() {
    let both = Both::new();
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    for change in ["99", "1.9999", "0", "x", "1.x"] {
        let ran = both.at_county(&["changes", "answer", change, "--refuse", "--words", "不对"]);
        assert!([1, 2].contains(&ran.code), "{change}: {}", ran.err);
        assert!(!ran.err.is_empty());
    }
    let without = both.at_county(&["changes", "answer", "1", "--refuse"]);
    assert_eq!(without.code, 2, "a refusal says why");
}

#[test]
fn a_receipt_says_whose_word_it_is_and_another_key_is_refused() {
    let both = Both::new();
    let (_, set) = both.export();
    assert_eq!(both.apply(&set).code, 0);
    let first = both.accept(&both.receipt("first.zip"));
    assert_eq!(first.code, 0, "{}", first.err);
    let pinned: Json = first.json()["pinned"].clone();
    assert_eq!(pinned[0]["chain"], "419999101201-county");
    // Another county's store, with the same village in it, signs with another key.
    let other = tempfile::tempdir().unwrap();
    let home = other.path().join("home");
    assert_eq!(
        run_as(&home, "王五", "county", &["--json", "changes", "apply", "--trust-new", path(&set)], b"").code,
        0
    );
    let file = other.path().join("theirs.zip");
    let made = run_as(
        &home,
        "王五",
        "county",
        &["--json", "changes", "receipt", "--rest-taken", "--plain", "--out", path(&file)],
        b"",
    );
    assert_eq!(made.code, 0, "{}", made.err);
    let refused = both.accept(&file);
    assert_eq!(refused.code, 5, "{}", refused.out);
    // Now that the county's key is known, sets are sealed for it, and open to the same.
    both.edit(both.village.dir.path(), FIRST, "address", "group", "6组");
    let out = both.post.path().join("sealed");
    fs::create_dir(&out).unwrap();
    let sealed = both.at_village(&["--json", "changes", "export", "--out", path(&out)]).json();
    let sealed = PathBuf::from(sealed["file"].as_str().unwrap());
    assert!(!String::from_utf8_lossy(&fs::read(&sealed).unwrap()).contains("acts.jsonl"));
    let theirs = run_as(&home, "王五", "county", &["--json", "changes", "apply", path(&sealed)], b"");
    assert_eq!(theirs.code, 5, "{}", theirs.out);
    assert_eq!(both.apply(&sealed).code, 0);
    both.assert_same_files();
}

#[test]
fn nothing_is_made_of_a_first_set_that_cannot_be_read() {
    let both = Both::new();
    let (_, set) = both.export();
    let bytes = fs::read(&set).unwrap();
    let cut = both.post.path().join("cut.zip");
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let refused = both.apply(&cut);
    assert_eq!((refused.code, &refused.json()["applied"]), (5, &json!([])), "{}", refused.err);
    assert!(!both.county_home().exists());
    let missing = both.apply(&both.post.path().join("没有.zip"));
    assert_eq!(missing.code, 3, "{}", missing.out);
    assert_eq!(both.apply(&set).code, 0);
}
