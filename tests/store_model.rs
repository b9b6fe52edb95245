//! An exact model of what a store was told, and random acts to tell it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hudang::changes::apply::apply;
use hudang::changes::{Act, Confirm, FieldChange, Hash, Opened, Rows, line};
use hudang::domain::{
    Answer, Confirmation, FilledForm, HouseholdFile, HouseholdId, Money, Name, Slot, Summary, Value, VillageCode,
};
use hudang::store::{Draft, Note, Store};

/// Numbers that look random and are the same in every run with the same seed.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}

/// A folder that is gone when it is dropped; in memory where the machine has that, since these tests open stores by the
/// thousand and cut no power.
pub fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

pub fn village(number: u64) -> VillageCode {
    VillageCode::from_number(419_999_101_200 + number).unwrap()
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2022, 1, 1).unwrap() + chrono::Days::new(n % 300)
}

/// What a store holds, by what it has acknowledged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    pub files: BTreeMap<HouseholdId, HouseholdFile>,
    pub acts: BTreeMap<VillageCode, Vec<Act>>,
    pub notes: Vec<Note>,
    pub drafts: BTreeMap<String, Vec<u8>>,
}

impl Model {
    /// Takes in an act as the store gave it back, or as it was numbered in a group.
    pub fn take(&mut self, act: &Act) {
        let acts = self.acts.entry(act.village).or_default();
        assert_eq!(act.number, acts.len() as u64 + 1, "numbers have no gaps");
        acts.push(act.clone());
        for serial in act.households() {
            let id = HouseholdId { village: act.village, serial };
            let opened = act.opened.iter().find(|opened| opened.household == serial);
            let file = self
                .files
                .entry(id)
                .or_insert_with(|| HouseholdFile::open(id, opened.expect("opened before it is touched").on));
            apply(file, act);
        }
    }

    pub fn serials(&self, village: VillageCode) -> u32 {
        self.files.keys().filter(|id| id.village == village).map(|id| id.serial).max().unwrap_or(0)
    }

    /// A random act that fits what is there.
    pub fn act(&self, random: &mut Random, villages: u64) -> Act {
        let village = village(1 + random.below(villages));
        let count = self.serials(village);
        let choice = random.below(10);
        let mut act = blank(village, random, if choice < 3 { "roster" } else { "edit" });
        if count == 0 || choice < 3 {
            open_household(&mut act, count + 1, random);
            if choice == 0 && count > 0 {
                // A household that splits touches two.
                change(&mut act, self, 1 + random.below(count.into()) as u32, random);
            }
        } else {
            let serial = 1 + random.below(count.into()) as u32;
            change(&mut act, self, serial, random);
            if choice == 9 {
                fill(&mut act, serial, random);
            }
        }
        act
    }

    /// Fails with words when the store does not hold just this.
    pub fn compare(&self, store: &Store) -> Result<(), String> {
        let villages: Vec<VillageCode> = self.acts.keys().copied().collect();
        if store.villages() != villages {
            return Err(format!("villages {:?}, not {villages:?}", store.villages()));
        }
        for (village, acts) in &self.acts {
            self.compare_acts(store, *village, acts)?;
        }
        let summaries: Result<Vec<Summary>, _> = store.summaries().collect();
        let summaries = summaries.map_err(|error| error.to_string())?;
        let expected: Vec<Summary> = self.files.values().map(Summary::of).collect();
        if summaries != expected {
            return Err(format!("{} summaries, expected {}, or others", summaries.len(), expected.len()));
        }
        for (id, file) in &self.files {
            if store.file(*id).map_err(|error| error.to_string())?.as_ref() != Some(file) {
                return Err(format!("file {id:?} differs"));
            }
        }
        if store.notes() != self.notes {
            return Err(format!("{} notes, expected {}", store.notes().len(), self.notes.len()));
        }
        let draft = |(key, content): (&String, &Vec<u8>)| Draft { key: key.as_str().into(), content: content.clone() };
        let drafts: Vec<Draft> = self.drafts.iter().map(draft).collect();
        if store.drafts() != drafts {
            return Err(format!("{} drafts, expected {}", store.drafts().len(), drafts.len()));
        }
        Ok(())
    }

    fn compare_acts(&self, store: &Store, village: VillageCode, acts: &[Act]) -> Result<(), String> {
        let mut hash = Hash::NONE;
        let mut stored = store.acts(village, 1..=u64::MAX);
        for act in acts {
            let found = match stored.next() {
                Some(found) => found.map_err(|error| error.to_string())?,
                None => return Err(format!("act {} of {village} is missing", act.number)),
            };
            let text = line::write(act);
            hash = hash.then(&text);
            if found.act != *act || found.line != text || found.hash != hash {
                return Err(format!("act {} of {village} differs", act.number));
            }
            if !act.id.is_empty() && store.act_with_id(village, &act.id).ok().flatten() != Some(act.number) {
                return Err(format!("id {} does not lead to act {}", act.id, act.number));
            }
        }
        if let Some(more) = stored.next() {
            return Err(format!("more acts than expected: {:?}", more.map(|more| more.act.number)));
        }
        let counters = store.counters(village);
        if (counters.last_act, counters.last_hash) != (acts.len() as u64, hash) {
            return Err(format!("counters of {village}: {counters:?}"));
        }
        if counters.last_household != self.serials(village) {
            return Err(format!("last household of {village}: {}", counters.last_household));
        }
        Ok(())
    }
}

pub fn blank(village: VillageCode, random: &mut Random, kind: &str) -> Act {
    let moment = "2022-11-20T09:30:00+08:00".parse().unwrap();
    let id = format!("{:016x}", random.next());
    Act::new(village, Name::new(kind), &id, "李桂枝", Name::new("coordinator"), moment)
}

/// Opens a household with some people in it.
pub fn open_household(act: &mut Act, serial: u32, random: &mut Random) {
    act.opened.push(Opened { household: serial, on: day(random.next()) });
    let text = |text: String| Value::text(&text);
    let address = vec![
        (Name::new("group"), text(format!("第{}组", random.below(9)))),
        (Name::new("house_number"), text(random.below(300).to_string())),
    ];
    act.taken.push(Rows { household: serial, section: Name::new("address"), row: 0, fields: address });
    for person in 0..1 + random.below(4) as u32 {
        let fields = vec![
            (Name::new("name"), text(format!("人{:04}", random.below(10_000)))),
            (Name::new("relation"), Some(Value::code(Name::new(if person == 0 { "head" } else { "child" })))),
        ];
        let row = serial * 10 + person;
        act.taken.push(Rows { household: serial, section: Name::new("members"), row, fields });
    }
}

fn change(act: &mut Act, model: &Model, serial: u32, random: &mut Random) {
    let slot = Slot {
        section: Name::new("income"),
        row: 0,
        field: Name::new(["wages", "property", "net"][random.below(3) as usize]),
    };
    let id = HouseholdId { village: act.village, serial };
    let old = model.files.get(&id).and_then(|file| file.get(slot)).cloned();
    act.changes.push(FieldChange {
        household: serial,
        slot,
        old,
        new: Some(Value::Fen(Money(random.below(1_000_000) as i64))),
        happened_on: None,
        seen_on: Some(day(random.next())),
        evidence: None,
        item: None,
        evidence_only: false,
    });
    let now = Some(Confirmation { on: day(random.next()), by: "李桂枝".into() });
    act.confirms.push(Confirm { household: serial, section: Name::new("housing"), now, was: None });
}

fn fill(act: &mut Act, serial: u32, random: &mut Random) {
    let mut form = FilledForm::blank(Name::new("visit"), 1, &act.id, serial);
    let note = "走访记录".repeat(random.below(200) as usize);
    form.fields.insert(Name::new("note"), Answer::Value(Value::Text(note.into())));
    form.fields.insert(Name::new("date"), Answer::Day(day(random.next())));
    act.form = Some(form);
}
