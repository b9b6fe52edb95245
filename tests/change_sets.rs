//! Change sets: written, read, and every way of spoiling one found.

use std::io::{Cursor, Read, Write};

use hudang::changes::{Hash, line};
use hudang::domain::Name;
use hudang::exchange::keys::Keys;
use hudang::exchange::save::NewFile;
use hudang::exchange::set::{
    About, BadSet, CannotWrite, Fault, Made, Previous, Report, SetId, SetReader, SetWriter, Sign, verify,
};
use serde_json::json;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::made::{Village, day};

pub fn village() -> Village {
    let mut village = Village::new();
    village.act("roster", "10-01", |act| {
        act.from("national", true).opens(1).opens(2);
        act.takes(1, "members", 1, &[("name", "赵大山"), ("relation", "户主"), ("sex", "男")]);
        act.takes(2, "members", 2, &[("name", "孙玉兰"), ("relation", "户主"), ("sex", "女")]);
    });
    for (entered, wages) in [("10-05", "8000"), ("10-06", "9000"), ("11-07", "9500.5"), ("11-08", "12000")] {
        village.act("edit", entered, |act| {
            act.happened("2022-10", "工资条").changes(1, "income", 0, "wages", wages);
        });
    }
    let changed = village.act("birth", "11-09", |act| {
        act.happened("2022-11-01", "出生证").changes(2, "members", 3, "name", "孙小宝");
    });
    village.undo(changed, "11-10");
    village
}

/// The keys of the village.
fn keys() -> Keys {
    Keys::from_seeds([7; 32], [8; 32]).unwrap()
}

fn about(village: &Village, from: u64, to: u64) -> About {
    About {
        set: SetId::of(village.code.into(), from, to),
        village: "石桥村".into(),
        hash_before: village.hash_of(from - 1),
        made: Made { on: day("2022-11-20"), by: "李桂枝".into(), role: Name::new("coordinator") },
        previous: None,
        review: None,
    }
}

fn written(village: &Village, about: About) -> Result<(Vec<u8>, Hash), CannotWrite> {
    let (from, to) = (about.set.from as usize, about.set.to as usize);
    let mut set = SetWriter::begin(Cursor::new(Vec::new()), about)?;
    for at in from - 1..to.min(village.acts.len()) {
        set.push(&village.acts[at], &village.lines[at], village.hashes[at])?;
    }
    let written = set.finish(&Sign::With(&keys()))?;
    Ok((written.out.into_inner(), written.manifest_hash))
}

pub fn set(village: &Village, from: u64, to: u64) -> Vec<u8> {
    written(village, about(village, from, to)).unwrap().0
}

fn check(files: &[&[u8]]) -> Report {
    verify(files.iter().enumerate().map(|(n, bytes)| (format!("{n}.zip"), Ok(Cursor::new(bytes)))), None)
}

fn told(files: &[&[u8]]) -> Vec<String> {
    check(files).problems.iter().map(ToString::to_string).collect()
}

/// A set taken apart, to be spoilt and put together again.
pub struct Parts {
    pub entries: Vec<(String, Vec<u8>)>,
}

impl Parts {
    pub fn of(bytes: &[u8]) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let entries = (0..archive.len()).map(|at| {
            let mut entry = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), bytes)
        });
        Self { entries: entries.collect() }
    }

    pub fn entry(&mut self, name: &str) -> &mut Vec<u8> {
        &mut self.entries.iter_mut().find(|(known, _)| known == name).unwrap().1
    }

    fn lines(&mut self, change: impl FnOnce(&mut Vec<String>)) {
        let acts = self.entry("acts.jsonl");
        let mut lines: Vec<String> = String::from_utf8(acts.clone()).unwrap().lines().map(str::to_owned).collect();
        change(&mut lines);
        *acts = lines.into_iter().flat_map(|line| format!("{line}\n").into_bytes()).collect();
    }

    pub fn manifest(&mut self, change: impl FnOnce(&mut serde_json::Value)) {
        let entry = self.entry("manifest.json");
        let mut manifest = serde_json::from_slice(entry).unwrap();
        change(&mut manifest);
        *entry = serde_json::to_vec(&manifest).unwrap();
    }

    /// Makes the manifest fit the lines again, as somebody would who knows how.
    fn cover_up(&mut self) {
        let acts = self.entry("acts.jsonl").clone();
        self.manifest(|manifest| {
            let before: Hash = manifest["hash_before"].as_str().unwrap().parse().unwrap();
            let lines = acts.split(|b| *b == b'\n').filter(|line| !line.is_empty());
            manifest["hash_last"] = json!(lines.fold(before, Hash::then).to_string());
            manifest["acts"]["sha256"] = json!(Hash::of(&acts).to_string());
            manifest["acts"]["bytes"] = json!(acts.len());
        });
        self.sign(&keys());
    }

    /// Signs the manifest again.
    pub fn sign(&mut self, keys: &Keys) {
        self.manifest(|manifest| manifest["key"] = serde_json::to_value(keys.public()).unwrap());
        let value = keys.sign(self.entry("manifest.json"));
        let signature = json!({
            "of": "manifest.json", "alg": "Ed25519", "key": keys.public().signing, "value": value
        });
        *self.entry("signature.json") = serde_json::to_vec(&signature).unwrap();
    }

    pub fn zip(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.entries {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

fn spoilt(bytes: &[u8], spoil: impl FnOnce(&mut Parts)) -> Vec<u8> {
    let mut parts = Parts::of(bytes);
    spoil(&mut parts);
    parts.zip()
}

#[test]
fn a_set_holds_the_very_lines_and_says_what_it_is() {
    let village = village();
    let bytes = set(&village, 2, 7);
    let mut reader = SetReader::open(Cursor::new(&bytes), None).unwrap();
    let lines: Vec<Vec<u8>> = reader.lines().unwrap().map(Result::unwrap).collect();
    assert_eq!(lines, village.lines[1..7]);
    let manifest = reader.manifest();
    assert_eq!(manifest.set.to_string(), "419999101201-000002-000007");
    assert_eq!(manifest.set.file_name(), "hudang-419999101201-000002-000007.zip");
    assert_eq!((manifest.hash_before, manifest.hash_last), (village.hashes[0], village.hashes[6]));
    assert_eq!((manifest.counts.acts, manifest.counts.changes), (6, 6));
    assert_eq!(manifest.counts.kinds[&Name::new("edit")], 4);
    assert_eq!((manifest.stores[0].from, manifest.stores[0].to, manifest.stores.len()), (2, 7, 1));
    assert_eq!(told(&[&bytes]), Vec::<String>::new());
    let readme = String::from_utf8(Parts::of(&bytes).entry("README.txt").clone()).unwrap();
    assert!(readme.contains("石桥村") && readme.contains("第 2 号至第 7 号，共 6 件"), "{readme}");
    assert!(!readme.contains('{') && readme.matches('\n').count() == readme.matches("\r\n").count());
}

#[test]
fn a_set_made_twice_is_the_same_bytes() {
    let (one, other) = (village(), village());
    assert_eq!(set(&one, 1, 7), set(&other, 1, 7));
}

#[test]
fn a_new_epoch_shows_in_the_manifest() {
    let mut village = village();
    let mut act = village.acts[4].clone();
    act.epoch = 1;
    village.lines[4] = line::write(&act);
    village.acts[4] = act;
    village.hashes[4] = village.hashes[3].then(&village.lines[4]);
    let bytes = set(&village, 4, 5);
    let reader = SetReader::open(Cursor::new(&bytes), None).unwrap();
    let stretches: Vec<_> = reader.manifest().stores.iter().map(|s| (s.epoch, s.from, s.to)).collect();
    assert_eq!(stretches, [(0, 4, 4), (1, 5, 5)]);
    assert!(check(&[&bytes]).is_ok());
}

#[test]
fn a_run_that_is_not_whole_is_not_written() {
    let mut village = village();
    assert!(matches!(written(&village, about(&village, 5, 9)), Err(CannotWrite::Unfinished(7))));
    let mut wrong = about(&village, 3, 4);
    wrong.hash_before = Hash::NONE;
    assert!(matches!(written(&village, wrong), Err(CannotWrite::Broken(3))));
    village.lines.swap(2, 3);
    assert!(matches!(written(&village, about(&village, 2, 5)), Err(CannotWrite::Broken(3))));
    village.acts.swap(2, 3);
    assert!(matches!(written(&village, about(&village, 2, 5)), Err(CannotWrite::OutOfOrder { expected: 3, found: 4 })));
}

#[test]
fn a_set_on_disk_is_whole_or_not_there() {
    let village = village();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(about(&village, 1, 2).set.file_name());
    let mut half = SetWriter::begin(NewFile::begin(&path).unwrap(), about(&village, 1, 2)).unwrap();
    half.push(&village.acts[0], &village.lines[0], village.hashes[0]).unwrap();
    assert!(half.finish(&Sign::With(&keys())).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);

    let mut whole = SetWriter::begin(NewFile::begin(&path).unwrap(), about(&village, 1, 2)).unwrap();
    for at in 0..2 {
        whole.push(&village.acts[at], &village.lines[at], village.hashes[at]).unwrap();
    }
    let mut out = whole.finish(&Sign::With(&keys())).unwrap().out;
    let hash = out.hash().unwrap();
    out.commit().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(hash, Hash::of(&bytes));
    assert_eq!(bytes, set(&village, 1, 2));
}

#[test]
fn every_way_of_spoiling_a_set_is_found() {
    let village = village();
    let bytes = set(&village, 2, 7);
    type Spoil = fn(&mut Parts);
    let cases: &[(&str, Spoil, &[&str])] = &[
        ("a value", |p| p.lines(|l| l[1] = l[1].replace("900000", "900001")), &["内容被动过", "末号校验值"]),
        ("a line less", |p| p.lines(|l| drop(l.remove(2))), &["应是第4号，却是第5号", "到第7号，实际到第6号", "件数"]),
        ("the last line less", |p| p.lines(|l| drop(l.pop())), &["实际到第6号", "末号校验值", "件数"]),
        ("a line twice", |p| p.lines(|l| l.insert(1, l[1].clone())), &["第3行应是第4号，却是第3号", "实际到第8号"]),
        ("another order", |p| p.lines(|l| l.swap(1, 2)), &["第2行应是第3号，却是第4号", "末号校验值"]),
        (
            "hidden order",
            |p| {
                p.lines(|l| l.swap(1, 2));
                p.cover_up()
            },
            &["第2行应是第3号"],
        ),
        (
            "hidden loss",
            |p| {
                p.lines(|l| drop(l.remove(3)));
                p.cover_up()
            },
            &["应是第5号，却是第6号", "件数"],
        ),
        ("no act", |p| p.lines(|l| l[4] = "{\"a\":1}".into()), &["第5行不是变更记录"]),
        ("an empty line", |p| p.lines(|l| l.insert(0, String::new())), &["第1行不是变更记录"]),
        ("a newer act", |p| p.lines(|l| l[0] = l[0].replace("\"v\":1", "\"v\":9")), &["更新的版本写成（格式9）"]),
        ("the run", |p| p.manifest(|m| m["to"] = json!(8)), &["到第8号，实际到第7号", "编号"]),
        ("the id", |p| p.manifest(|m| m["set"] = json!("419999101201-000002-000006")), &["编号"]),
        (
            "the village",
            |p| p.manifest(|m| m["village"]["code"] = json!("419999101202")),
            &["第1行是另一个村的", "编号"],
        ),
        ("the counts", |p| p.manifest(|m| m["counts"]["kinds"]["edit"] = json!(5)), &["件数"]),
        ("the store", |p| p.manifest(|m| m["stores"][0]["epoch"] = json!(1)), &["户档库"]),
        ("the last hash", |p| p.manifest(|m| m["hash_last"] = m["hash_before"].clone()), &["末号校验值"]),
        ("the first hash", |p| p.manifest(|m| m["hash_before"] = m["hash_last"].clone()), &["末号校验值"]),
        ("something more", |p| p.entries.push(("病历.txt".into(), Vec::new())), &["多出一个“病历.txt”"]),
        ("a path that climbs", |p| p.entries.push(("../../x".into(), Vec::new())), &["多出一个“../../x”"]),
        ("no lines", |p| p.entries.retain(|(name, _)| name != "acts.jsonl"), &["没有 acts.jsonl"]),
        ("no line break", |p| p.entry("acts.jsonl").truncate(900), &["最后一行没有写完"]),
    ];
    for (what, spoil, expected) in cases {
        let found = told(&[&spoilt(&bytes, spoil)]);
        for words in *expected {
            assert!(found.iter().any(|line| line.starts_with("0.zip：") && line.contains(words)), "{what}: {found:?}");
        }
    }
}

#[test]
fn the_first_act_follows_nothing() {
    let bytes = set(&village(), 1, 2);
    let forged = spoilt(&bytes, |parts| {
        parts.manifest(|m| m["hash_before"] = m["hash_last"].clone());
        parts.cover_up();
    });
    assert!(told(&[&forged])[0].contains("从第1号起"));
}

#[test]
fn sets_are_held_against_each_other() {
    let village = village();
    let (first, second, third) = (set(&village, 1, 2), set(&village, 3, 5), set(&village, 6, 7));
    assert!(check(&[&third, &first, &second, &first]).is_ok(), "any order, and twice");
    assert!(check(&[&first, &set(&village, 2, 4), &second, &set(&village, 1, 7)]).is_ok(), "runs that overlap");
    assert!(check(&[&second]).is_ok(), "one alone");

    let gap = check(&[&third, &first]);
    assert!(matches!(&gap.problems[..], [p] if matches!(p.fault, Fault::Gap { from: 3, to: 5, .. })), "{gap:?}");
    assert!(!gap.problems[0].fault.is_broken_hash());
    assert_eq!(gap.problems[0].to_string(), "0.zip：缺第3至第5号的变更集（在 1.zip 之后）");

    let forged = spoilt(&second, |parts| {
        parts.lines(|lines| lines[2] = lines[2].replace("1200000", "1200001"));
        parts.cover_up();
    });
    assert!(check(&[&forged]).is_ok(), "nobody can tell without its neighbours who signs as the village does");
    let beside = check(&[&first, &second, &forged]);
    assert!(
        matches!(beside.problems[..], [ref p] if matches!(p.fault, Fault::Differs { number: 5, .. })),
        "{beside:?}"
    );
    assert!(beside.problems[0].fault.is_broken_hash());
    let next = check(&[&first, &forged, &third]);
    assert!(matches!(next.problems[..], [ref p] if matches!(p.fault, Fault::NotAfter { number: 5, .. })), "{next:?}");
}

#[test]
fn the_set_before_is_the_one_that_is_named() {
    let village = village();
    let (first, hash) = written(&village, about(&village, 1, 2)).unwrap();
    let mut second = about(&village, 3, 4);
    second.previous = Some(Previous { set: SetId::of(village.code.into(), 1, 2), sha256: hash });
    let second = written(&village, second).unwrap().0;
    assert!(check(&[&first, &second]).is_ok());
    let remade = spoilt(&first, |parts| {
        parts.manifest(|m| m["made"]["by"] = json!("别人"));
        parts.sign(&keys());
    });
    let report = check(&[&remade, &second]);
    assert!(matches!(report.problems[..], [ref p] if matches!(p.fault, Fault::OtherPrevious { .. })), "{report:?}");
}

#[test]
fn a_village_has_one_store_and_two_villages_have_two() {
    let (here, mut there) = (village(), village());
    let mut rewrite = |change: fn(&mut hudang::changes::Act)| {
        for at in 0..there.acts.len() {
            change(&mut there.acts[at]);
            there.lines[at] = line::write(&there.acts[at]);
            there.hashes[at] = there.hash_of(at as u64).then(&there.lines[at]);
        }
        there.code = there.acts[0].village;
        set(&there, 1, 7)
    };
    let copy = rewrite(|act| act.store = "another".into());
    let report = check(&[&set(&here, 1, 2), &copy]);
    assert!(report.problems.iter().any(|p| matches!(p.fault, Fault::OtherStore { .. })), "{report:?}");
    let neighbour = rewrite(|act| act.village = "419999101202".parse().unwrap());
    assert!(check(&[&set(&here, 1, 2), &neighbour]).is_ok());
}

#[test]
fn what_is_no_set_is_called_by_its_name() {
    let bytes = set(&village(), 1, 3);
    let open = |bytes: &[u8]| SetReader::open(Cursor::new(bytes.to_vec()), None).map(drop).unwrap_err();
    assert!(matches!(open(b""), BadSet::NotASet));
    assert!(matches!(open(b"hello, world"), BadSet::NotASet));
    assert!(matches!(open(&rust_xlsxwriter::Workbook::new().save_to_buffer().unwrap()), BadSet::NotASet));
    assert!(matches!(open(&spoilt(&bytes, |p| p.manifest(|m| m["version"] = json!(3)))), BadSet::Newer(3)));
    assert!(matches!(
        open(&spoilt(&bytes, |p| p.manifest(|m| m["alg"]["signature"] = json!("SM2")))),
        BadSet::OtherAlg(_)
    ));
    assert!(matches!(open(&spoilt(&bytes, |p| p.manifest(|m| m["format"] = json!("other")))), BadSet::NotASet));
    let broken = open(&spoilt(&bytes, |p| p.manifest(|m| m["from"] = json!("one"))));
    assert!(matches!(broken, BadSet::Manifest { line: 1, .. }), "{broken}");
}

#[test]
fn a_set_cut_short_says_so_at_every_length() {
    let bytes = set(&village(), 1, 3);
    for length in 0..bytes.len() {
        let found = SetReader::open(Cursor::new(&bytes[..length]), None).map(drop).unwrap_err();
        assert!(matches!(found, BadSet::CutShort | BadSet::NotASet), "{length}: {found}");
        assert!(length < 4 || matches!(found, BadSet::CutShort), "{length}: {found}");
    }
}

#[test]
fn no_flipped_bit_changes_what_is_read() {
    let village = village();
    let mut bytes = set(&village, 1, 3);
    for at in 0..bytes.len() {
        for bit in [1, 0x80] {
            bytes[at] ^= bit;
            if check(&[&bytes]).is_ok() {
                let mut reader = SetReader::open(Cursor::new(&bytes), None).unwrap();
                let lines: Vec<_> = reader.lines().unwrap().map(Result::unwrap).collect();
                assert_eq!(lines, village.lines[..3], "byte {at}");
            }
            bytes[at] ^= bit;
        }
    }
}

#[test]
fn a_small_file_that_unpacks_to_a_large_one_is_left_alone() {
    let bytes = set(&village(), 1, 3);
    let lines = spoilt(&bytes, |p| *p.entry("acts.jsonl") = vec![b'a'; 20 << 20]);
    assert!(lines.len() < 200_000);
    assert!(told(&[&lines])[0].contains("太大"), "{:?}", told(&[&lines]));
    let blank = spoilt(&bytes, |p| *p.entry("acts.jsonl") = vec![b'\n'; 20 << 20]);
    assert!(told(&[&blank]).len() < 200);
    let manifest = spoilt(&bytes, |p| *p.entry("manifest.json") = vec![b' '; 2 << 20]);
    assert!(told(&[&manifest])[0].contains("太大"));
    let crowd = spoilt(&bytes, |p| p.entries.extend((0..100).map(|n| (format!("{n}"), Vec::new()))));
    assert!(!check(&[&crowd]).is_ok());
}

#[test]
fn nobody_is_named_in_a_fault() {
    let bytes = set(&village(), 1, 7);
    let spoilt = spoilt(&bytes, |parts| {
        parts.lines(|lines| lines[1] = lines[1].replace("\"number\":2", "\"number\":\"419999198310187660\""));
    });
    assert!(told(&[&spoilt]).iter().all(|line| !line.contains("41999919831018")), "{:?}", told(&[&spoilt]));
}
