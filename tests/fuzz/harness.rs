//! What is asked of the readers of files that come in, whatever is in them; for the fuzz targets, and for the short runs
//! of `tests/mutations.rs`.
//!
//! The first byte of an input says how the rest gets to the reader: as the file itself, or as what is inside of one that
//! is put together right, since hardly any chance change of a file gets past the checksums of a zip.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use std::sync::LazyLock;

use hudang::catalogue::Catalogue;
use hudang::changes::Hash;
use hudang::data::Data;
use hudang::exchange::answer_sheet::{Asked, read};
use hudang::exchange::keys::Keys;
use hudang::exchange::set::{Report, SetId, verify};
use hudang::exchange::workbook::Layout;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The input is the file.
pub const RAW: u8 = 0;
/// The input is parts of a container, with a zero between each.
pub const PARTS: u8 = 1;
/// The same, with every checksum and hash put right.
pub const HASHED: u8 = 2;
/// The inside of a sealed set: what it says of itself, and the sealed bytes.
pub const SEALED: u8 = 3;
/// For a workbook: the content of an open document.
pub const OPEN_DOCUMENT: u8 = 2;

/// An input of this sort.
pub fn input(sort: u8, parts: &[&[u8]]) -> Vec<u8> {
    [&[sort], &parts.join(&0)[..]].concat()
}

/// A set: read to its end, with everything that it says of itself, and told of.
pub fn set(input: &[u8]) {
    let Some((sort, rest)) = input.split_first() else { return };
    let mut parts = rest.splitn(2, |b| *b == 0);
    let (manifest, acts) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match sort % 4 {
        PARTS => _ = report(&packed(&[("acts.jsonl", acts), ("manifest.json", manifest)])),
        HASHED => {
            let Some(manifest) = hashed(manifest, acts) else { return };
            let signature = serde_json::json!({
                "of": "manifest.json", "alg": "Ed25519", "key": KEYS.public().signing, "value": KEYS.sign(&manifest)
            });
            let signature = signature.to_string();
            let parts = [("acts.jsonl", acts), ("manifest.json", &manifest), ("signature.json", signature.as_bytes())];
            _ = report(&packed(&parts));
        }
        SEALED => _ = report(&packed(&[("sealed.json", manifest), ("set.zip.age", acts)])),
        _ => _ = report(rest),
    }
}

/// The keys of whoever reads, and for once of whoever made the set.
pub static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::from_seeds([7; 32], [8; 32]).expect("any seed is a key"));

/// Reads a set and says what is wrong with it.
pub fn report(bytes: &[u8]) -> Report {
    let report = verify([("a.zip".to_owned(), Ok(Cursor::new(bytes)))], Some(&KEYS));
    report.problems.iter().for_each(|problem| _ = problem.to_string());
    report
}

/// The manifest with what follows from the lines put right; none where it is no manifest at all.
fn hashed(manifest: &[u8], acts: &[u8]) -> Option<Vec<u8>> {
    let mut manifest: serde_json::Value = serde_json::from_slice(manifest).ok()?;
    let lines = acts.strip_suffix(b"\n")?.split(|b| *b == b'\n');
    let (hash, count) = lines.fold((Hash::NONE, 0), |(hash, count), line| (hash.then(line), count + 1));
    for (key, value) in [
        ("from", 1.into()),
        ("to", count.into()),
        ("hash_before", Hash::NONE.to_string().into()),
        ("hash_last", hash.to_string().into()),
        ("key", serde_json::to_value(KEYS.public()).ok()?),
    ] {
        *manifest.get_mut(key)? = value;
    }
    *manifest.get_mut("acts")?.get_mut("bytes")? = acts.len().into();
    *manifest.get_mut("acts")?.get_mut("sha256")? = Hash::of(acts).to_string().into();
    serde_json::to_vec(&manifest).ok()
}

/// A container with these parts.
pub fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut container = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        let begun = container.start_file(*name, plain);
        begun.and_then(|()| Ok(container.write_all(bytes)?)).expect("memory takes it");
    }
    container.finish().expect("memory takes it").into_inner()
}

struct Definitions {
    catalogue: Catalogue,
    layout: Layout,
}

static DEFINITIONS: LazyLock<Definitions> = LazyLock::new(|| {
    let data = Data::embedded();
    let catalogue = Catalogue::load(&data).expect("ours");
    let layout = Layout::load(&data, &catalogue).expect("ours");
    Definitions { catalogue, layout }
});

/// How many changes each act of the set has that is answered here.
const PARTS_OF_AN_ACT: u32 = 7;

/// A filled-in workbook: each change is answered once at the most, and no number of anybody is repeated to the screen.
pub fn answers(input: &[u8]) {
    let Some((sort, rest)) = input.split_first() else { return };
    let bytes = match sort % 3 {
        PARTS => {
            let mut parts = rest.splitn(2, |b| *b == 0);
            let (sheet, strings) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            packed(&[&SKELETON[..], &[("xl/worksheets/sheet1.xml", sheet), ("xl/sharedStrings.xml", strings)]].concat())
        }
        OPEN_DOCUMENT => {
            let kind = b"application/vnd.oasis.opendocument.spreadsheet";
            packed(&[("mimetype", kind), ("META-INF/manifest.xml", b"<manifest/>"), ("content.xml", rest)])
        }
        _ => rest.to_vec(),
    };
    _ = answered(&bytes);
}

/// Reads a workbook; whether it is one of ours.
pub fn answered(bytes: &[u8]) -> bool {
    let parts = |set: SetId, act| (set.from..=set.to).contains(&act).then_some(PARTS_OF_AN_ACT);
    let Definitions { catalogue, layout } = &*DEFINITIONS;
    let asked = Asked { village: None, parts: &parts, rows: &|_| Vec::new(), layout, catalogue };
    match read(bytes, &asked) {
        Ok(answered) => {
            let places = answered.answers.iter().map(|answer| (answer.verdict.from, answer.verdict.part));
            assert_eq!(places.collect::<BTreeSet<_>>().len(), answered.answers.len(), "a change is answered once");
            for answer in &answered.answers {
                let verdict = &answer.verdict;
                assert!(verdict.part.is_some_and(|part| (1..=PARTS_OF_AN_ACT).contains(&part)));
                assert!((answered.set.from..=answered.set.to).contains(&verdict.from) && verdict.from == verdict.to);
                assert!(!verdict.refused || verdict.reason.is_some() || verdict.words.is_some());
            }
            assert!(answered.verdicts(&parts).len() <= answered.answers.len());
            answered.problems.iter().for_each(|problem| is_masked(&problem.to_string()));
            true
        }
        Err(error) => {
            is_masked(&error.to_string());
            false
        }
    }
}

/// No ID number stands in the clear in what is said.
fn is_masked(said: &str) {
    let longest = said.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    assert!(longest < 15, "{said}");
}

/// What a workbook of one sheet needs besides its cells.
const SKELETON: [(&str, &[u8]); 4] = [
    (
        "[Content_Types].xml",
        br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#,
    ),
    (
        "_rels/.rels",
        br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#,
    ),
];
