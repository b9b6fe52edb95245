//! A village made act by act, the way the store makes it: numbered, chained, and applied to the files.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hudang::catalogue::Catalogue;
use hudang::changes::{Act, FieldChange, Hash, Opened, Origin, Rows, apply::apply, line, undo};
use hudang::data::Data;
use hudang::domain::{FilledForm, HouseholdFile, HouseholdId, Name, Slot, Value, VillageCode, id_number};
use hudang::forms::Forms;
use hudang::policy::Policy;

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
}

pub fn definitions() -> Definitions {
    let data = Data::embedded();
    let catalogue = Catalogue::load(&data).unwrap();
    let forms = Forms::load(&data, &catalogue).unwrap();
    let policy = Policy::load_all(&data).unwrap().remove(0);
    Definitions { catalogue, forms, policy }
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
        });
        self
    }

    pub fn form(&mut self, form: FilledForm) -> &mut Self {
        self.act.form = Some(form);
        self
    }
}
