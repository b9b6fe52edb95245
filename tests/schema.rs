//! The published schemas of a change set, held against what the program writes, in both directions.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use hudang::changes::act::{
    Act, AsOf, Confirm, FieldChange, Held, HeldFor, Of, Opened, Origin, Review, Rows, Seen, Told, VERSION, Verdict,
    Withdrawn,
};
use hudang::changes::{Hash, line};
use hudang::data::embedded_file;
use hudang::domain::{
    Answer, Becomes, Code, Confirmation, EditRow, FilledForm, Finding, GroupAnswer, ItemAnswer, Money, Name, OpenItem,
    Quantity, RowRef, Side, Slot, Value,
};
use hudang::exchange::keys::Keys;
use hudang::exchange::set::{About, Made, Previous, Released, Review as Reviewed, SetId, SetWriter, Sign};
use serde_json::{Value as Json, json};

use crate::made::{VILLAGE, day};

/// As much of JSON Schema as the schemas here use; a keyword that it does not know fails the test.
pub struct Schema {
    root: Json,
    /// The properties that were met, by the path of their schema.
    met: BTreeSet<String>,
}

impl Schema {
    pub fn named(name: &str) -> Self {
        let bytes = embedded_file(&format!("schema/{name}.schema.json")).unwrap();
        Self { root: serde_json::from_slice(bytes).unwrap(), met: BTreeSet::new() }
    }

    pub fn check(&mut self, value: &Json) -> Result<(), String> {
        self.at("", &self.root.clone(), value)
    }

    fn at(&mut self, path: &str, schema: &Json, value: &Json) -> Result<(), String> {
        let wrong = |why: &str| Err(format!("{path}: {why}: {value}"));
        for (keyword, says) in schema.as_object().unwrap() {
            match keyword.as_str() {
                "$schema" | "$defs" | "title" | "description" | "properties" => {}
                "$ref" => {
                    let pointer = says.as_str().unwrap().strip_prefix('#').unwrap();
                    let target = self.root.pointer(pointer).unwrap_or_else(|| panic!("{pointer}")).clone();
                    self.at(pointer, &target, value)?;
                }
                "oneOf" => {
                    let fits = says.as_array().unwrap().iter().filter(|one| self.at(path, one, value).is_ok()).count();
                    if fits != 1 {
                        return wrong("fits not just one");
                    }
                }
                "const" if says != value => return wrong("another constant"),
                "enum" if !says.as_array().unwrap().contains(value) => return wrong("none of them"),
                "type" => {
                    let kinds = says.as_array().cloned().unwrap_or_else(|| vec![says.clone()]);
                    if !kinds.iter().any(|kind| is_of(value, kind.as_str().unwrap())) {
                        return wrong("another type");
                    }
                }
                "minimum" if value.as_i64().is_some_and(|n| n < says.as_i64().unwrap()) => return wrong("too small"),
                "minProperties" if (value.as_object().unwrap().len() as u64) < says.as_u64().unwrap() => {
                    return wrong("too few");
                }
                "maxProperties" if value.as_object().unwrap().len() as u64 > says.as_u64().unwrap() => {
                    return wrong("too many");
                }
                "pattern" if !matches(says.as_str().unwrap(), value.as_str().unwrap()) => return wrong("pattern"),
                "format" if !has_format(says.as_str().unwrap(), value.as_str().unwrap()) => return wrong("format"),
                "required" => {
                    let mut keys = says.as_array().unwrap().iter().filter_map(Json::as_str);
                    if let Some(key) = keys.find(|key| value.get(key).is_none()) {
                        return wrong(&format!("without {key}"));
                    }
                }
                "items" => {
                    for item in value.as_array().unwrap() {
                        self.at(&format!("{path}/items"), says, item)?;
                    }
                }
                "additionalProperties" => self.properties(path, schema, says, value)?,
                "const" | "enum" | "minimum" | "minProperties" | "maxProperties" | "pattern" | "format" => {}
                other => panic!("{path}: keyword {other}"),
            }
        }
        Ok(())
    }

    fn properties(&mut self, path: &str, schema: &Json, others: &Json, value: &Json) -> Result<(), String> {
        let Some(object) = value.as_object() else { return Err(format!("{path}: no object")) };
        for (key, value) in object {
            match schema["properties"].get(key) {
                Some(schema) => {
                    let path = format!("{path}/properties/{key}");
                    self.at(&path, schema, value)?;
                    self.met.insert(path);
                }
                None if others == &json!(false) => return Err(format!("{path}: {key} is not in the schema")),
                None => self.at(&format!("{path}/additionalProperties"), others, value)?,
            }
        }
        Ok(())
    }

    /// Properties that the schema has and nothing written ever had.
    fn never_met(&self) -> Vec<String> {
        let mut all = Vec::new();
        collect(&self.root, String::new(), &mut all);
        all.retain(|path| !self.met.contains(path));
        all
    }
}

/// Holds a line of a set against the schema.
pub fn check_line(line: &[u8]) {
    thread_local!(static ACT: std::cell::RefCell<Schema> = Schema::named("act").into());
    let line = serde_json::from_slice(line).unwrap();
    ACT.with_borrow_mut(|schema| schema.check(&line)).unwrap();
}

/// Holds a set's manifest against the schema.
pub fn check_manifest(bytes: &[u8]) {
    Schema::named("manifest").check(&serde_json::from_slice(bytes).unwrap()).unwrap();
}

fn collect(schema: &Json, path: String, all: &mut Vec<String>) {
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        all.push(format!("{path}/properties/{key}"));
        collect(property, format!("{path}/properties/{key}"), all);
    }
    if schema["items"].is_object() {
        collect(&schema["items"], format!("{path}/items"), all);
    }
    if schema["additionalProperties"].is_object() {
        collect(&schema["additionalProperties"], format!("{path}/additionalProperties"), all);
    }
    for one in schema["oneOf"].as_array().into_iter().flatten() {
        collect(one, path.clone(), all);
    }
    for (key, definition) in schema["$defs"].as_object().into_iter().flatten() {
        collect(definition, format!("{path}/$defs/{key}"), all);
    }
}

fn is_of(value: &Json, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("type {other}"),
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    match pattern {
        "^[0-9a-f]{64}$" => text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
        "^[0-9a-f]{128}$" => text.len() == 128 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')),
        "^age1[0-9a-z]{58}$" => text.len() == 62 && text.starts_with("age1"),
        "^[0-9]{6,12}$" => (6..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()),
        "^[0-9a-f]{4}( [0-9a-f]{4}){3}$" => text.len() == 19 && text.split(' ').all(|group| group.len() == 4),
        "^[0-9]{12}$" => text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()),
        other => panic!("pattern {other}"),
    }
}

fn has_format(format: &str, text: &str) -> bool {
    match format {
        "date" => text.parse::<chrono::NaiveDate>().is_ok(),
        "date-time" => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        other => panic!("format {other}"),
    }
}

fn every_value() -> Vec<(Name, Option<Value>)> {
    let date = "2022-10".parse().unwrap();
    let values = [
        Value::text("张三"),
        Some(Value::code(Name::new("head"))),
        Some(Value::Codes(vec![Code::unlisted("痛风")])),
        Some(Value::YesNo(false)),
        Some(Value::Fen(Money(-5))),
        Some(Value::Quantity(Quantity(12_500))),
        Some(Value::Date(date)),
        Some(Value::Unusable("4.19999E+17".into())),
        None,
    ];
    values.into_iter().enumerate().map(|(n, value)| (Name::new(&format!("f{n}")), value)).collect()
}

fn every_form() -> FilledForm {
    let mut form = FilledForm::blank(Name::new("visit"), 1, "v1", 3);
    let answers = [
        Answer::Value(Value::YesNo(true)),
        Answer::Day(day("2022-11-08")),
        Answer::Names(vec!["李桂枝".into()]),
        Answer::Person(2),
        Answer::People(vec![2, 3]),
        Answer::Relations(BTreeMap::from([(2, Code::listed(Name::new("son")))])),
        Answer::Household(4),
        Answer::Round(Name::new("2022-2")),
        Answer::Heirs(BTreeMap::from([(Name::new("tasks"), BTreeMap::from([(1, Becomes::Carry), (2, Becomes::End)]))])),
    ];
    form.fields = answers.into_iter().enumerate().map(|(n, a)| (Name::new(&format!("a{n}")), a)).collect();
    let findings = [
        Finding::AsOnFile,
        Finding::Changed { what: "换了工作".into(), since: "2022-10".parse().ok() },
        Finding::Changed { what: "换了工作".into(), since: None },
        Finding::Problem { what: "漏雨".into(), who: "村委".into(), due: Some(day("2022-12-01")) },
        Finding::Problem { what: "漏雨".into(), who: "村委".into(), due: None },
        Finding::NotLooked { why: "不在家".into() },
    ];
    let edits = [RowRef::At(0), RowRef::New(1)]
        .map(|row| EditRow {
            happened_on: "2022-10".parse().ok(),
            evidence: Some("工资单".into()),
            ..EditRow::of(Name::new("income"), row, every_value())
        })
        .to_vec();
    form.items = findings
        .into_iter()
        .enumerate()
        .map(|(n, finding)| {
            let agree = [None, Some(true)][n % 2];
            (
                Name::new(&format!("V{n:02}")),
                ItemAnswer { finding, agree, edits: edits.clone(), events: vec!["e1".into()], settles: n == 0 },
            )
        })
        .collect();
    form.edits = edits.clone();
    form.groups.insert(Name::new("G03"), GroupAnswer { yes: true, fact: "人均 6480".into() });
    form
}

/// An act with something in each of its fields. A field added to the type does not compile here until the schema has it.
pub fn every_act() -> Act {
    let slot = Slot { section: Name::new("income"), row: 0, field: Name::new("wages") };
    let rows = Rows { household: 3, section: Name::new("members"), row: 2, fields: every_value() };
    let told = |beside| Told { rows: rows.clone(), beside, why: beside.then(|| "没有这个人".into()) };
    let change = FieldChange {
        household: 3,
        slot,
        old: None,
        new: Some(Value::Fen(Money(1))),
        happened_on: "2022-10-08".parse().ok(),
        seen_on: Some(day("2022-11-08")),
        evidence: Some("工资条".into()),
        item: Some(Name::new("V02")),
        evidence_only: true,
    };
    let confirmed = Some(Confirmation { on: day("2022-11-08"), by: "李桂枝".into() });
    let confirm = |now: &Option<Confirmation>, was: &Option<Confirmation>| Confirm {
        household: 3,
        section: Name::new("income"),
        now: now.clone(),
        was: was.clone(),
    };
    let item = |since: Option<&str>| Of {
        household: 3,
        what: OpenItem {
            act: 0,
            item: Name::new("V04"),
            sections: vec![Name::new("jobs")],
            since: since.map(|text| text.parse().unwrap()),
            seen_on: day("2022-11-08"),
            what: "换了工作".into(),
        },
    };
    Act {
        v: VERSION,
        village: VILLAGE.parse().unwrap(),
        side: Side::County,
        number: 1,
        store: "s0a1b2c3".into(),
        epoch: 0,
        kind: Name::new("visit"),
        id: "v1".into(),
        entered_at: "2022-11-08T14:05:00+08:00".parse().unwrap(),
        by: "李桂枝".into(),
        role: Name::new("coordinator"),
        origin: Some(Origin { roster: Name::new("national"), from_county: true }),
        undoes: Some(1),
        opened: vec![Opened { household: 3, on: day("2022-11-08") }],
        form: Some(every_form()),
        withdrawn: vec![Withdrawn { household: 3, act: 1 }],
        taken: vec![rows.clone(), Rows { row: 0, ..rows.clone() }],
        changes: vec![change.clone()],
        outdated: vec![change],
        told: vec![told(true), told(false)],
        chosen: vec![Of { household: 3, what: slot }],
        confirms: vec![confirm(&confirmed, &None), confirm(&None, &confirmed)],
        as_of: vec![AsOf { household: 3, on: "2022".parse().unwrap(), sections: vec![Name::new("income")] }],
        left_open: vec![item(Some("2022-10")), item(None)],
        answered: vec![item(None)],
        seen: vec![Seen { household: 3, people: vec![1], digest: u64::MAX }],
        knew: Some(0),
        knew_hash: Some(hudang::changes::Hash::of(b"knew")),
        follows_hash: Some(hudang::changes::Hash::of(b"follows")),
        follows: Some(2),
        verdicts: vec![
            Verdict { from: 1, to: 12, part: None, refused: false, reason: None, words: None },
            Verdict {
                from: 12,
                to: 12,
                part: Some(3),
                refused: true,
                reason: Some(Name::new("no_evidence")),
                words: Some("缺工资条".into()),
            },
        ],
        reviews: vec![
            Of { household: 3, what: Review { to: 12, approved: true, remark: None } },
            Of { household: 4, what: Review { to: 12, approved: false, remark: Some("收入再核".into()) } },
        ],
        held: [HeldFor::Blocked, HeldFor::Returned, HeldFor::Unapproved].map(|why| Held { act: 5, why }).to_vec(),
        released: vec![5],
    }
}

#[test]
fn the_schema_of_an_act_is_true() {
    let mut schema = Schema::named("act");
    let full: Json = serde_json::from_slice(&line::write(&every_act())).unwrap();
    schema.check(&full).unwrap();
    assert_eq!(schema.never_met(), Vec::<String>::new());
    let moment = "2022-11-08T14:05:00+08:00".parse().unwrap();
    let mut bare =
        Act::new(VILLAGE.parse().unwrap(), Name::new("edit"), "e", "李桂枝", Name::new("coordinator"), moment);
    bare.number = 1;
    schema.check(&serde_json::from_slice(&line::write(&bare)).unwrap()).unwrap();
    for (key, value) in [
        ("v", json!(3)),
        ("number", json!(0)),
        ("more", json!(1)),
        ("changes", json!([{}])),
        ("side", json!("village")),
        ("verdicts", json!([{ "from": 1 }])),
        ("held", json!([{ "act": 1, "why": "tired" }])),
    ] {
        let mut wrong = full.clone();
        wrong[key] = value;
        assert!(schema.check(&wrong).is_err(), "{key}");
    }
}

/// What the two sides say to each other, written down once: other readers go by these keys and these values.
#[test]
fn what_the_two_sides_say_reads_as_the_page_says() {
    let act: Json = serde_json::from_slice(&line::write(&every_act())).unwrap();
    for (key, value) in [
        ("side", json!("county")),
        ("knew", json!(0)),
        ("knew_hash", json!(hudang::changes::Hash::of(b"knew"))),
        ("follows_hash", json!(hudang::changes::Hash::of(b"follows"))),
        ("follows", json!(2)),
        (
            "verdicts",
            json!([
                { "from": 1, "to": 12 },
                { "from": 12, "to": 12, "part": 3, "refused": true, "reason": "no_evidence", "words": "缺工资条" },
            ]),
        ),
        (
            "reviews",
            json!([
                { "household": 3, "to": 12, "approved": true },
                { "household": 4, "to": 12, "approved": false, "remark": "收入再核" },
            ]),
        ),
        (
            "held",
            json!([
                { "act": 5, "why": "blocked" },
                { "act": 5, "why": "returned" },
                { "act": 5, "why": "unapproved" },
            ]),
        ),
        ("released", json!([5])),
    ] {
        assert_eq!(act[key], value, "{key}");
    }
    let village = Act { side: Side::Village, ..every_act() };
    let village: Json = serde_json::from_slice(&line::write(&village)).unwrap();
    assert_eq!(village.get("side"), None, "the village's own lines are as they always were");
    let page = include_str!("../README.md").lines().find(|line| line.starts_with("{\"side\":\"county\"")).unwrap();
    let mut shown = village;
    shown.as_object_mut().unwrap().extend(serde_json::from_str::<serde_json::Map<_, _>>(page).unwrap());
    Schema::named("act").check(&shown).unwrap();
}

#[test]
fn the_schema_of_a_manifest_is_true() {
    let mut schema = Schema::named("manifest");
    // An edit that somebody else than entered it approves.
    let act = Act { origin: None, reviews: Vec::new(), held: Vec::new(), released: Vec::new(), ..every_act() };
    let word = Act { number: 2, by: "周明".into(), ..every_act() };
    let id = SetId::of(act.chain(), 1, 2);
    let about = About {
        set: id,
        village: "石桥村".into(),
        hash_before: Hash::NONE,
        made: Made { on: day("2022-11-20"), by: "李桂枝".into(), role: Name::new("coordinator") },
        previous: None,
        review: Some(Reviewed {
            needed: true,
            released: vec![
                Released { act: 5, by: None, on: None },
                Released { act: 5, by: Some("周明".into()), on: Some(day("2022-11-20")) },
            ],
        }),
    };
    let keys = Keys::from_seeds([1; 32], [2; 32]).unwrap();
    for previous in [None, Some(Previous { set: id, sha256: Hash::of(b"") })] {
        let about = About { previous, ..about.clone() };
        let is_copy = about.previous.is_some();
        let mut set = SetWriter::begin(Cursor::new(Vec::new()), about).unwrap();
        set.comes_of_copy(is_copy);
        set.comes_after_lost(is_copy.then_some((1, 1)));
        let mut hash = Hash::NONE;
        for act in [&act, &word] {
            let bytes = line::write(act);
            hash = hash.then(&bytes);
            set.push(act, &bytes, hash).unwrap();
        }
        let manifest = set.finish(&Sign::With(&keys)).unwrap().manifest.to_bytes();
        schema.check(&serde_json::from_slice(&manifest).unwrap()).unwrap();
    }
    assert_eq!(schema.never_met(), Vec::<String>::new());
}
