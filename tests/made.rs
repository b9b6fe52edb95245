//! A village made act by act, the way the store makes it: numbered, chained, and applied to the files.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hudang::catalogue::Catalogue;
use hudang::changes::{Act, FieldChange, Hash, Opened, Origin, Rows, apply::apply, line, undo};
use hudang::checks::Checks;
use hudang::data::Data;
use hudang::domain::{FilledForm, HouseholdFile, HouseholdId, Name, Slot, Value, VillageCode, id_number};
use hudang::forms::Forms;
use hudang::policy::{Layer, Policy, Sources};
use hudang::rules::Look;

pub const VILLAGE: &str = "419999101201";

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A right ID number of nobody: 419999 is not assigned.
pub fn id_number(birth: &str, order: u32) -> String {
    let first = format!("419999{birth}{order:03}");
    format!("{first}{}", id_number::check_digit(first.as_bytes()) as char)
}

pub struct Definitions {
    pub catalogue: Catalogue,
    pub forms: Forms,
    pub policy: Policy,
    pub checks: Checks,
}

pub fn definitions() -> Definitions {
    let data = Data::embedded();
    let catalogue = Catalogue::load(&data).unwrap();
    let forms = Forms::load(&data, &catalogue).unwrap();
    let layers = Layer::load_all(&data).unwrap();
    let checks = Checks::load(&data, &catalogue, &layers).unwrap();
    let mut policy = Policy::of(&layers, None, VILLAGE, "2022-11-20".parse().unwrap());
    policy.bind(checks.bound(&policy, &Sources::load(&data).unwrap()));
    Definitions { catalogue, forms, policy, checks }
}

pub struct Village {
    pub definitions: Definitions,
    pub code: VillageCode,
    pub acts: Vec<Act>,
    pub lines: Vec<Vec<u8>>,
    pub hashes: Vec<Hash>,
    pub files: BTreeMap<u32, HouseholdFile>,
}

impl Village {
    pub fn new() -> Self {
        Self {
            definitions: definitions(),
            code: VILLAGE.parse().unwrap(),
            acts: Vec::new(),
            lines: Vec::new(),
            hashes: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    /// An act of this kind, entered on a day of 2022 (`11-20`).
    pub fn act(&mut self, kind: &str, entered: &str, fill: impl FnOnce(&mut Draft)) -> u64 {
        let number = self.acts.len() as u64 + 1;
        let moment = format!("2022-{entered}T09:30:00+08:00").parse().unwrap();
        let id = format!("{kind}-{number}");
        let mut act = Act::new(self.code, Name::new(kind), &id, "李桂枝", Name::new("coordinator"), moment);
        act.number = number;
        act.store = "s0a1b2c3".into();
        let mut draft = Draft { village: self, act, happened: None, seen: None, evidence: None };
        fill(&mut draft);
        let act = draft.act;
        self.add(act)
    }

    /// Takes back an act.
    pub fn undo(&mut self, number: u64, entered: &str) -> u64 {
        let files: Vec<HouseholdFile> = self.files.values().cloned().collect();
        let undone = self.acts[number as usize - 1].clone();
        self.act("undo", entered, |draft| {
            draft.act = undo::invert(&undone, draft.act.clone(), &files).unwrap();
        })
    }

    fn add(&mut self, act: Act) -> u64 {
        for opened in &act.opened {
            let id = HouseholdId { village: self.code, serial: opened.household };
            self.files.insert(opened.household, HouseholdFile::open(id, opened.on));
        }
        for household in act.households() {
            apply(self.files.get_mut(&household).unwrap(), &act);
        }
        let line = line::write(&act);
        crate::schema::check_line(&line);
        self.hashes.push(self.hash_of(act.number - 1).then(&line));
        self.lines.push(line);
        let number = act.number;
        self.acts.push(act);
        number
    }

    /// The hash of an act; of none, what the first one follows.
    pub fn hash_of(&self, number: u64) -> Hash {
        number.checked_sub(1).map_or(Hash::NONE, |at| self.hashes[at as usize])
    }

    /// What rules look with on a day.
    pub fn look(&self, on: &str) -> Look<'_> {
        let Definitions { catalogue, forms, policy, checks } = &self.definitions;
        Look { catalogue, forms, policy, checks, day: day(on) }
    }

    pub fn file(&self, household: u32) -> &HouseholdFile {
        &self.files[&household]
    }
}

pub struct Draft<'a> {
    village: &'a Village,
    pub act: Act,
    happened: Option<&'static str>,
    seen: Option<NaiveDate>,
    evidence: Option<&'static str>,
}

impl Draft<'_> {
    /// It came from a roster of this kind.
    pub fn from(&mut self, roster: &str, from_county: bool) -> &mut Self {
        self.act.origin = Some(Origin { roster: Name::new(roster), from_county });
        self
    }

    pub fn opens(&mut self, household: u32) -> &mut Self {
        let on = self.act.entered_on();
        self.act.opened.push(Opened { household, on });
        self
    }

    /// What the changes from here on say of their day and their paper.
    pub fn happened(&mut self, on: &'static str, evidence: &'static str) -> &mut Self {
        self.happened = Some(on);
        self.seen = Some(self.act.entered_on());
        self.evidence = Some(evidence);
        self
    }

    fn value(&self, section: &str, field: &str, text: &str) -> Option<Value> {
        let catalogue = &self.village.definitions.catalogue;
        let Some(field) = catalogue.field(Name::new(section), Name::new(field)) else { return Value::text(text) };
        catalogue.read(field, text).unwrap_or_else(|why| panic!("{section}.{}: {why}", field.id)).value
    }

    /// Fields that held nothing: `[("name", "张三")]`, as they would be typed.
    pub fn takes(&mut self, household: u32, section: &str, row: u32, fields: &[(&str, &str)]) -> &mut Self {
        let fields = fields.iter().map(|(field, text)| (Name::new(field), self.value(section, field, text))).collect();
        self.act.taken.push(Rows { household, section: Name::new(section), row, fields });
        self
    }

    /// A field that changes, with the old value out of the file; an empty text empties it.
    pub fn changes(&mut self, household: u32, section: &str, row: u32, field: &str, text: &str) -> &mut Self {
        let slot = Slot { section: Name::new(section), row, field: Name::new(field) };
        let old = self.village.files.get(&household).and_then(|file| file.get(slot)).cloned();
        self.act.changes.push(FieldChange {
            household,
            slot,
            old,
            new: self.value(section, field, text),
            happened_on: self.happened.map(|text| text.parse().unwrap()),
            seen_on: self.seen,
            evidence: self.evidence.map(Into::into),
            item: None,
            evidence_only: false,
        });
        self
    }

    pub fn form(&mut self, form: FilledForm) -> &mut Self {
        self.act.form = Some(form);
        self
    }
}

/// A relieved household that is a target: four people, a job, a measure, an allowance.
pub fn family(act: &mut Draft) {
    act.opens(1);
    act.takes(
        1,
        "address",
        0,
        &[
            ("national_number", "4199991012010001"),
            ("group", "三组"),
            ("house_number", "17号"),
            ("phone", "13812344321"),
        ],
    );
    act.takes(1, "class", 0, &[("class", "脱贫户(享受政策)"), ("relieved_year", "2018")]);
    act.takes(
        1,
        "members",
        1,
        &[
            ("name", "赵大山"),
            ("relation", "户主"),
            ("sex", "男"),
            ("id_number", &id_number("19550302", 1)),
            ("health", "长期慢性病"),
            ("labour", "丧失劳动力"),
        ],
    );
    act.takes(
        1,
        "members",
        2,
        &[
            ("name", "赵小军"),
            ("relation", "之子"),
            ("sex", "男"),
            ("birth_date", "1985-09-11"),
            ("health", "健康"),
            ("labour", "普通劳动力"),
        ],
    );
    act.takes(
        1,
        "members",
        3,
        &[
            ("name", "李红"),
            ("relation", "之儿媳"),
            ("sex", "女"),
            ("birth_date", "1986-01-20"),
            ("health", "健康"),
            ("labour", "普通劳动力"),
        ],
    );
    act.takes(
        1,
        "members",
        4,
        &[("name", "赵雨"), ("relation", "之孙女"), ("sex", "女"), ("birth_date", "2010-05-06"), ("health", "健康")],
    );
    act.takes(1, "schooling", 4, &[("student_state", "七年级")]);
    act.takes(
        1,
        "jobs",
        1,
        &[("person", "2"), ("channel", "外出务工"), ("place", "省外"), ("from", "2022-02"), ("monthly_wage", "4200")],
    );
    act.takes(1, "work", 3, &[("working", "否")]);
    for person in 1..=4 {
        act.takes(1, "medical", person, &[("resident_medical", "是"), ("employee_medical", "否")]);
    }
    act.takes(1, "support", 1, &[("allowance", "农村低保"), ("monthly", "210"), ("since", "2021-03")]);
    act.takes(1, "support", 2, &[("allowance", "未享受")]);
    act.takes(
        1,
        "income",
        0,
        &[
            ("year", "2021"),
            ("wages", "25000"),
            ("business_income", "3600"),
            ("business_cost", "1200.5"),
            ("property", "300"),
            ("transfers", "2520"),
            ("allowance", "2520"),
            ("net", "30219.5"),
            ("per_person", "6480"),
        ],
    );
    act.takes(1, "housing", 0, &[("dangerous", "否"), ("grade", "B级"), ("floor_area", "96")]);
    act.takes(1, "water", 0, &[("safe", "是"), ("amount", "达标"), ("quality", "达标")]);
    act.takes(1, "land", 0, &[("arable", "4.5")]);
    act.takes(
        1,
        "measures",
        1,
        &[("kind", "就业帮扶"), ("what", "外出务工补贴"), ("amount", "600"), ("paid_on", "2022-08-15")],
    );
    act.takes(
        1,
        "measures",
        2,
        &[("kind", "产业帮扶"), ("what", "旧项目"), ("amount", "500"), ("from", "2020"), ("to", "2021-12")],
    );
    act.takes(1, "helper", 0, &[("name", "王科长"), ("unit", "县林业局"), ("phone", "13900001234")]);
    act.takes(
        1,
        "case",
        0,
        &[("target", "脱贫不稳定户"), ("identified_on", "202203"), ("risk1", "因病"), ("eliminated", "否")],
    );
}
