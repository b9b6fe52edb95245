//! A forger with a known key: whatever act and whatever manifest it signs, nothing outside its own chain changes, neither
//! side ends or blocks, and each refusal says why.
//!
//! A small number with each run of the tests; `FORGED=2000 cargo test forger -- --ignored` for more, and 100,000 before a
//! release.

use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use hudang::changes::{Act, Hash, line};
use hudang::domain::{Chain, HouseholdId, Name, VillageCode};
use hudang::exchange::keys::Keys;
use hudang::exchange::set::{About, Made, Manifest, SetId, SetWriter, Sign};
use hudang::progress::Unwatched;
use hudang::workspace::Workspace;
use hudang::workspace::arrival::{Arrival, Trust};
use serde_json::{Value as Json, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::in_process::{County, edit};
use crate::home::{Home, VILLAGE};
use crate::village::random::Random;

const FIRST: &str = "4199991012010001";

/// How long one hostile file may keep anybody.
const PATIENCE: Duration = Duration::from_secs(20);

/// A village and its county that know each other's keys, and the keys of both, which somebody has stolen.
struct Stolen {
    village: Workspace,
    county: County,
    keys: [Keys; 2],
    folder: tempfile::TempDir,
    made: u32,
    _home: Home,
}

impl Stolen {
    fn new() -> Self {
        let home = crate::commands::village();
        let mut village = home.open("2022-11-20");
        let mut county = County::on("2022-11-21");
        edit(&mut village, FIRST, "address", "house_number", "1");
        county.take(&mut village);
        county.refuse(2, 1, "不清楚");
        county.correct(FIRST, "address", "house_number", "17");
        let receipt = county.receipt("first.zip");
        let arrival = village.take_in_sets(&[receipt], &Trust::First, &mut Unwatched).unwrap();
        assert!(arrival.refused.is_empty() && arrival.applied.len() == 1, "{arrival:?}");
        county.take(&mut village);
        let keys = [village.own_keys().unwrap().clone(), county.workspace.own_keys().unwrap().clone()];
        Self { village, county, keys, folder: tempfile::tempdir().unwrap(), made: 0, _home: home }
    }

    fn code() -> VillageCode {
        VILLAGE.parse().unwrap()
    }

    /// The chain that is forged, the one who takes it in, and the key.
    fn side(&self, of_county: bool) -> (Chain, &Workspace, &Keys) {
        let code = Self::code();
        match of_county {
            true => (Chain::of_county(code), &self.village, &self.keys[1]),
            false => (code.into(), &self.county.workspace, &self.keys[0]),
        }
    }

    /// A set of one act, signed well, and right in itself but for what the act says.
    fn set_of(&self, of_county: bool, act: &Act) -> (Manifest, Vec<u8>) {
        let (chain, taker, keys) = self.side(of_county);
        let before = taker.store().counters(chain).last_hash;
        let about = About {
            set: SetId::of(chain, act.number, act.number),
            village: "石桥村".into(),
            hash_before: before,
            made: Made { on: "2022-11-20".parse().unwrap(), by: "某人".into(), role: Name::new("coordinator") },
            previous: None,
            review: None,
        };
        let mut writer = SetWriter::begin(Cursor::new(Vec::new()), about).unwrap();
        let line = line::write(act);
        writer.push(act, &line, before.then(&line)).unwrap();
        (writer.finish(&Sign::With(keys)).unwrap().manifest, line)
    }

    /// The file of a manifest and lines, signed over whatever the manifest says.
    fn file(&mut self, of_county: bool, manifest: &[u8], lines: &[u8]) -> PathBuf {
        let keys = &self.keys[usize::from(of_county)];
        let signature = json!({"of": "manifest.json", "alg": "Ed25519", "key": keys.public().signing, "value": keys.sign(manifest)});
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in [
            ("README.txt", b"".as_slice()),
            ("acts.jsonl", lines),
            ("manifest.json", manifest),
            ("signature.json", signature.to_string().as_bytes()),
        ] {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        self.made += 1;
        let path = self.folder.path().join(format!("{}.zip", self.made));
        std::fs::write(&path, zip.finish().unwrap().into_inner()).unwrap();
        path
    }

    /// Everything that a forger of one chain has no business with, as it stands.
    fn elsewhere(&self, of_county: bool) -> Vec<String> {
        let code = Self::code();
        let taker = if of_county { &self.village } else { &self.county.workspace };
        let other = if of_county { code.into() } else { Chain::of_county(code) };
        let of_other = taker.store().acts(other, 1..=u64::MAX).map(|stored| {
            let stored = stored.unwrap();
            // What the village does of itself about a correction is its own act.
            (stored.act.follows.is_none()).then(|| String::from_utf8(stored.line).unwrap())
        });
        let mut all: Vec<String> = of_other.flatten().collect();
        all.push(format!("{:?}", taker.pins().iter().map(|pin| (pin.chain, pin.signing)).collect::<Vec<_>>()));
        all.push(format!("{:?} {:?}", taker.store().villages(), taker.store().scope()));
        all
    }

    fn take(&mut self, of_county: bool, file: PathBuf) -> Arrival {
        let (taker, trust) = match of_county {
            true => (&mut self.village, Trust::Nobody),
            false => (&mut self.county.workspace, Trust::Nobody),
        };
        taker.take_in_sets(&[file], &trust, &mut Unwatched).unwrap()
    }

    /// Looks at all that hangs on what both sides hold, so that nothing of it ends or never ends.
    fn look(&mut self) {
        let code = Self::code();
        for workspace in [&self.village, &self.county.workspace] {
            let states = workspace.states(code).unwrap();
            let last = workspace.store().counters(code).last_act;
            (1..=last.min(20)).for_each(|act| _ = states.of(act, 1));
            workspace.refused_in(code).unwrap();
            workspace.open_corrections(code).unwrap();
            for serial in [1, 2] {
                let id = HouseholdId { village: code, serial };
                workspace.file(id).unwrap();
                workspace.findings(id).unwrap();
            }
        }
        self.village.outgoing(false).unwrap();
        self.county.workspace.states_of_villages(&mut Unwatched).unwrap();
        self.county.workspace.changes_to_answer(code, false).unwrap();
    }
}

/// Acts as honest programs write them, one a kind of content, to be spoilt.
fn templates(of_county: bool, number: u64, taker: &Workspace) -> Vec<Json> {
    let base = |kind: &str, more: Json| {
        let mut act = json!({
            "v": 2, "village": VILLAGE, "number": number, "store": "feedfeedfeedfeed", "epoch": 1, "kind": kind,
            "id": format!("f{number}"), "entered_at": "2022-11-20T09:30:00+08:00", "by": "某人",
            "role": if of_county { "county" } else { "coordinator" },
        });
        if of_county {
            act["side"] = json!("county");
        }
        act.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        act
    };
    let code: VillageCode = VILLAGE.parse().unwrap();
    let other: Chain = if of_county { code.into() } else { Chain::of_county(code) };
    let knew = taker.store().counters(other);
    let change = json!({"household": 1, "section": "address", "field": "group", "old": {"text": "1组"}, "new": {"text": "2组"},
        "happened_on": "2022-11", "seen_on": "2022-11-18", "evidence": "本人说"});
    let known = json!({"knew": knew.last_act, "knew_hash": knew.last_hash});
    let with = |more: Json| {
        let mut all = known.clone();
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    if of_county {
        return vec![
            base(
                "verdict",
                with(
                    json!({"verdicts": [{"from": 1, "to": 2}, {"from": 2, "to": 2, "part": 1, "refused": true, "reason": "no_evidence", "words": "缺"}]}),
                ),
            ),
            base("correction", with(json!({"changes": [change]}))),
            base("undo", json!({"undoes": 1})),
        ];
    }
    vec![
        base("edit", json!({"changes": [change]})),
        base(
            "roster",
            json!({"origin": {"roster": "national", "from_county": true}, "opened": [{"household": 99, "on": "2022-11-20"}],
            "taken": [{"household": 99, "section": "members", "row": 901, "fields": {"name": {"text": "赵六"}}},
                {"household": 99, "section": "income", "fields": {"wages": {"fen": 100}}}],
            "seen": [{"household": 99, "people": [901], "digest": 7}]}),
        ),
        base("review", json!({"reviews": [{"household": 1, "to": 1, "approved": true}]})),
        base("hold", json!({"id": "hold-1", "held": [{"act": 1, "why": "blocked"}], "released": [1]})),
        base("verdict", json!({"id": "sheet-1", "verdicts": [{"from": 1, "to": 1, "refused": true, "words": "缺"}]})),
        base(
            "correction",
            with(json!({"id": "correction-9", "follows": knew.last_act, "follows_hash": knew.last_hash,
            "origin": {"roster": "correction", "from_county": true},
            "told": [{"household": 1, "section": "address", "fields": {"group": {"text": "9组"}}, "beside": true}]})),
        ),
        base(
            "visit",
            json!({"form": {"name": "visit", "version": 1, "id": "w1", "household": 1, "fields": {"date": {"day": "2022-11-20"}},
            "items": {}, "groups": {}, "edits": []}, "confirms": [{"household": 1, "section": "housing", "now": {"on": "2022-11-20", "by": "某人"}}],
            "left_open": [{"household": 1, "act": 0, "item": "V04", "sections": ["jobs"], "since": null, "seen_on": "2022-11-20", "what": "变"}]}),
        ),
        base("undo", json!({"undoes": 1, "withdrawn": [{"household": 1, "act": 1}]})),
    ]
}

/// Each place in a document, as the keys that lead there.
fn places(json: &Json, here: &mut Vec<String>, all: &mut Vec<Vec<String>>) {
    let mut step = |key: String, inside: &Json| {
        here.push(key);
        all.push(here.clone());
        places(inside, here, all);
        here.pop();
    };
    match json {
        Json::Object(map) => map.iter().for_each(|(key, inside)| step(key.clone(), inside)),
        Json::Array(list) => list.iter().enumerate().for_each(|(at, inside)| step(at.to_string(), inside)),
        _ => {}
    }
}

fn at<'a>(json: &'a mut Json, place: &[String]) -> &'a mut Json {
    place.iter().fold(json, |json, key| match json {
        Json::Array(list) => &mut list[key.parse::<usize>().unwrap()],
        other => &mut other[key.as_str()],
    })
}

fn one_of<'a, T>(rng: &mut Random, all: &'a [T]) -> &'a T {
    &all[rng.next() as usize % all.len()]
}

/// A value at the bounds of what can stand in a place, and beyond.
fn spoil(rng: &mut Random, held: &Json) -> Json {
    let numbers = [
        json!(0),
        json!(1),
        json!(2),
        json!(3),
        json!(99),
        json!(u32::MAX - 1),
        json!(u32::MAX),
        json!(u64::from(u32::MAX) + 1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(-1),
        json!(100_000_000),
        json!(100_000_001),
        json!(255),
        json!(256),
    ];
    let texts = [
        json!(""),
        json!("\u{200b}"),
        json!("\u{1b}[2J"),
        json!("0".repeat(64)),
        json!("f".repeat(64)),
        json!("长".repeat(200)),
        json!("x".repeat(70_000)),
        json!("9999-12-31"),
        json!("+262142-12-31"),
        json!("0000-01-01"),
        json!("2099-01-01"),
        json!("1"),
        json!("2099-12-31T23:59:59+08:00"),
        json!("+262142-12-31T00:00:00+08:00"),
        json!("419999101202"),
        json!("county"),
        json!("village"),
        json!("verdict"),
        json!("correction"),
        json!("undo"),
        json!("hold"),
        json!("review"),
        json!("roster"),
        json!("correction-1"),
        json!("sheet-1"),
        json!("hold-1"),
        json!(" hold-1"),
        json!("members"),
        json!("status"),
        json!("no_such_thing"),
    ];
    match held {
        _ if rng.percent(5) => Json::Null,
        Json::Number(_) => one_of(rng, &numbers).clone(),
        Json::String(_) => one_of(rng, &texts).clone(),
        Json::Bool(held) => json!(!held),
        Json::Array(list) if !list.is_empty() && rng.percent(50) => {
            let many = rng.pick(&[2, 3, 50]);
            list.iter().cycle().take(list.len() * many).cloned().collect()
        }
        Json::Array(_) => json!([]),
        _ => json!({}),
    }
}

fn spoilt(rng: &mut Random, mut json: Json) -> Json {
    for _ in 0..rng.between(0, 2) {
        let mut all = Vec::new();
        places(&json, &mut Vec::new(), &mut all);
        if all.is_empty() {
            break;
        }
        let place = one_of(rng, &all);
        let held = at(&mut json, place).clone();
        *at(&mut json, place) = spoil(rng, &held);
    }
    json
}

fn forge(count: u32, seed: u64) {
    let mut rng = Random::new(seed);
    let mut stolen = Stolen::new();
    let (mut applied, mut refused) = (0, 0);
    for nth in 0..count {
        let of_county = rng.percent(50);
        let (chain, taker, _) = stolen.side(of_county);
        let counters = taker.store().counters(chain);
        let number = counters.last_act + 1;
        let template = one_of(&mut rng, &templates(of_county, number, taker)).clone();
        let spoils_act = rng.percent(80);
        let json = if spoils_act { spoilt(&mut rng, template) } else { template };
        // What is no act at all is sent as the line it is; what is one in another place stands there by itself.
        let act =
            serde_json::from_value::<Act>(json.clone()).ok().filter(|act| act.chain() == chain && act.number == number);
        let (manifest, lines) = match &act {
            Some(act) => {
                let (manifest, line) = stolen.set_of(of_county, act);
                (serde_json::to_value(&manifest).unwrap(), line)
            }
            None => {
                let honest = templates(of_county, number, taker)[0].clone();
                let honest: Act = serde_json::from_value(honest).unwrap();
                let line = serde_json::to_vec(&json).unwrap();
                let mut manifest = serde_json::to_value(stolen.set_of(of_county, &honest).0).unwrap();
                let whole = [&line[..], b"\n"].concat();
                manifest["acts"] = json!({"file": "acts.jsonl", "bytes": whole.len(), "sha256": Hash::of(&whole)});
                manifest["hash_last"] = json!(counters.last_hash.then(&line));
                (manifest, line)
            }
        };
        let manifest = if rng.percent(25) { spoilt(&mut rng, manifest) } else { manifest };
        let file = stolen.file(of_county, manifest.to_string().as_bytes(), &[&lines[..], b"\n"].concat());
        let before = stolen.elsewhere(of_county);
        let begun = Instant::now();
        let arrival = stolen.take(of_county, file.clone());
        let what = || format!("{nth} of seed {seed}: {json}\n{manifest}\n{arrival:?}");
        assert!(arrival.pinned.is_empty(), "{}", what());
        for refusal in &arrival.refused {
            refused += 1;
            assert!(
                refusal.why.iter().all(|why| why.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))),
                "{}",
                what()
            );
            assert!(refusal.why.iter().all(|why| !why.contains('\u{1b}')), "{}", what());
        }
        applied += arrival.applied.len();
        assert_eq!(stolen.elsewhere(of_county), before, "{}", what());
        if !arrival.applied.is_empty() || nth.is_multiple_of(50) {
            stolen.look();
        }
        assert!(begun.elapsed() < PATIENCE, "{:?} {}", begun.elapsed(), what());
        std::fs::remove_file(file).unwrap();
    }
    assert!(refused > count as usize / 4, "{refused} of {count} refused, {applied} taken in");
    assert!(applied > 0 || count < 50, "nothing that is right got through");
    // Both go on with honest work.
    edit(&mut stolen.village, "4199991012010002", "address", "group", "7组");
    stolen.look();
}

#[test]
fn whatever_a_known_key_signs_stays_in_its_own_chain() {
    forge(120, 20_221_120);
}

#[test]
#[ignore = "long: FORGED=2000 or 100000"]
fn whatever_a_known_key_signs_stays_in_its_own_chain_at_length() {
    let count: u32 = std::env::var("FORGED").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000);
    for (nth, seed) in (0..count.div_ceil(500)).zip(1_u64..) {
        forge((count - nth * 500).min(500), seed);
    }
}
