//! An act: one form, one edit, one household taken in by an import, one life event. All of it happens, or nothing.
//!
//! The shape of these types is the shape of a line in a change set, so names here are a contract with readers of sets.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::line::Hash;
use crate::domain::{
    Chain, Confirmation, FilledForm, Moment, Name, OpenItem, PartialDate, Side, Slot, Value, VillageCode,
};

/// One act of one village. The store gives it its number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The version of this shape that it needs ([`version::needed`](super::version::needed)); the store fills it in.
    pub v: u8,
    /// The village whose act it is.
    pub village: VillageCode,
    /// Whose chain it stands in: the village's own, or that of the county's answers to it.
    #[serde(default, skip_serializing_if = "Side::is_village")]
    pub side: Side,
    /// Its number in the chain, from 1 without gaps.
    pub number: u64,
    /// The store in which it was entered, and how often that store was restored or copied.
    pub store: Box<str>,
    /// See `store`.
    pub epoch: u32,
    /// What sort of act: a form's name, an event's name, `roster`, `undo`, `choice`; `review`, `hold` on the way out;
    /// `verdict`, `correction` where the two sides answer each other.
    pub kind: Name,
    /// An id given from outside or made, by which the same form is taken once.
    pub id: Box<str>,
    /// When it was entered, in China's time; not when anything happened.
    pub entered_at: Moment,
    /// Who entered it.
    pub by: Box<str>,
    /// In which role: `coordinator`, `secretary`, `surveyor`, `county`.
    pub role: Name,
    /// The roster it came from, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The act that this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<u64>,
    /// Files that this act opens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<Opened>,
    /// The form as it was filled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FilledForm>,
    /// Forms taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<Withdrawn>,
    /// Fields that held nothing and now hold this, by row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Rows>,
    /// Fields that change, with what was there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<FieldChange>,
    /// What is told of a day before that from which the file speaks: kept in the history, and nowhere else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outdated: Vec<FieldChange>,
    /// What a roster says of fields that it does not change: the same, or what is kept beside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<Told>,
    /// Fields where a person chose between the county's value and the village's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<Of<Slot>>,
    /// Sections that somebody found true.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirms: Vec<Confirm>,
    /// The days of which sections now speak.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub as_of: Vec<AsOf>,
    /// Items marked changed without an edit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_open: Vec<Of<OpenItem>>,
    /// Items left open by earlier acts that this one answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<Of<OpenItem>>,
    /// Whom the roster held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Seen>,
    /// The last act of the other side that whoever entered this could know of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knew: Option<u64>,
    /// The hash of that act, by which it is known that the same one is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knew_hash: Option<Hash>,
    /// The act of the other side that this one brings into the files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<u64>,
    /// The hash of that act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows_hash: Option<Hash>,
    /// What the county says to changes that it was handed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<Verdict>,
    /// What the first secretary says to households whose changes wait to be handed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Of<Review>>,
    /// Acts that travel and are kept from the clerk for the time being.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
    /// Acts held before that go to the clerk from now on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<u64>,
}

/// The newest version of the shape of an act.
pub const VERSION: u8 = 2;

/// Where an imported act came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The kind of roster, by its id in `data/rosters/`.
    pub roster: Name,
    /// Whether it is the county's own, and so not news to the county.
    pub from_county: bool,
}

/// Something of one household, which is named by its serial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Of<T> {
    /// The household's serial.
    pub household: u32,
    /// What of it.
    #[serde(flatten)]
    pub what: T,
}

/// A file opened on a local day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The new household's serial.
    pub household: u32,
    /// The day.
    pub on: NaiveDate,
}

/// A form taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The household's serial.
    pub household: u32,
    /// The act that holds the form.
    pub act: u64,
}

/// The fields of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The household's serial.
    pub household: u32,
    /// The section.
    pub section: Name,
    /// The row; 0 is the household itself.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub row: u32,
    /// The fields, by name.
    #[serde(with = "as_map")]
    pub fields: Vec<(Name, Option<Value>)>,
}

/// What a roster says of fields that keep the value they have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The fields.
    #[serde(flatten)]
    pub rows: Rows,
    /// Whether both sides moved, so that a person has to choose.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beside: bool,
    /// Why the village could not take the county's correction over, where a guard refused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Box<str>>,
}

/// One field that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The household's serial.
    pub household: u32,
    /// Which field.
    #[serde(flatten)]
    pub slot: Slot,
    /// What was there; none is unknown.
    pub old: Option<Value>,
    /// What is there now.
    pub new: Option<Value>,
    /// When it happened in life, as far as it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_on: Option<PartialDate>,
    /// When it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_on: Option<NaiveDate>,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Box<str>>,
    /// The item of the visit that found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Name>,
    /// Whether the value stays, and only the paper behind it is another one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub evidence_only: bool,
}

/// A section found true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirm {
    /// The household's serial.
    pub household: u32,
    /// The section.
    pub section: Name,
    /// Who found it so, and when; none takes a confirmation back.
    pub now: Option<Confirmation>,
    /// What stood there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Confirmation>,
}

/// The day of which a section speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsOf {
    /// The household's serial.
    pub household: u32,
    /// The day, as far as it is known.
    pub on: PartialDate,
    /// The sections.
    pub sections: Vec<Name>,
}

/// What the county says to changes of a village's chain. A later word on the same change counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The first act spoken of.
    pub from: u64,
    /// The last act spoken of.
    pub to: u64,
    /// The one change spoken of, by its place among [`Act::field_changes`] from 1; none speaks of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<u32>,
    /// Whether it is refused, rather than taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refused: bool,
    /// Why it is refused, from the list of reasons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Name>,
    /// Why it is refused, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Box<str>>,
}

/// The first secretary's word on what changed in a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// The last act that she saw; what is entered later is not covered.
    pub to: u64,
    /// Whether it may go out, rather than back to the coordinator.
    pub approved: bool,
    /// What she has to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Box<str>>,
}

/// An act kept from the clerk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which one.
    pub act: u64,
    /// Why.
    pub why: HeldFor,
}

/// Why an act is kept from the clerk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldFor {
    /// Its household contradicts itself in a way that may not go out.
    Blocked,
    /// The first secretary returned it.
    Returned,
    /// It needs the first secretary's word and has none.
    Unapproved,
}

/// Whom a roster held of a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The household's serial.
    pub household: u32,
    /// The people it listed.
    pub people: Vec<u32>,
    /// A digest of all that it said of the household.
    pub digest: u64,
}

impl Act {
    /// An act in which nothing happens yet. The store fills in version, number, store and epoch.
    pub fn new(village: VillageCode, kind: Name, id: &str, by: &str, role: Name, entered_at: Moment) -> Self {
        Self {
            v: 1,
            village,
            side: Side::Village,
            number: 0,
            store: "".into(),
            epoch: 0,
            kind,
            id: id.into(),
            entered_at,
            by: by.into(),
            role,
            origin: None,
            undoes: None,
            opened: Vec::new(),
            form: None,
            withdrawn: Vec::new(),
            taken: Vec::new(),
            changes: Vec::new(),
            outdated: Vec::new(),
            told: Vec::new(),
            chosen: Vec::new(),
            confirms: Vec::new(),
            as_of: Vec::new(),
            left_open: Vec::new(),
            answered: Vec::new(),
            seen: Vec::new(),
            knew: None,
            knew_hash: None,
            follows: None,
            follows_hash: None,
            verdicts: Vec::new(),
            reviews: Vec::new(),
            held: Vec::new(),
            released: Vec::new(),
        }
    }

    /// The chain that it stands in.
    pub fn chain(&self) -> Chain {
        Chain { village: self.village, side: self.side }
    }

    /// The serials of the households it touches, ascending and each once.
    pub fn households(&self) -> Vec<u32> {
        let mut all: Vec<u32> = self.opened.iter().map(|x| x.household).collect();
        all.extend(self.form.iter().map(|x| x.household));
        all.extend(self.withdrawn.iter().map(|x| x.household));
        all.extend(self.taken.iter().map(|x| x.household));
        all.extend(self.changes.iter().chain(&self.outdated).map(|x| x.household));
        all.extend(self.told.iter().map(|x| x.rows.household));
        all.extend(self.chosen.iter().map(|x| x.household));
        all.extend(self.confirms.iter().map(|x| x.household));
        all.extend(self.as_of.iter().map(|x| x.household));
        all.extend(self.left_open.iter().chain(&self.answered).map(|x| x.household));
        all.extend(self.seen.iter().map(|x| x.household));
        all.extend(self.reviews.iter().map(|x| x.household));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Every field that it changes, those that held nothing included, in the order of the act's parts (counted from 1).
    pub fn field_changes(&self) -> impl Iterator<Item = FieldChange> + '_ {
        let taken = self.taken.iter().flat_map(|rows| {
            rows.fields.iter().map(|(field, new)| FieldChange {
                household: rows.household,
                slot: Slot { section: rows.section, row: rows.row, field: *field },
                old: None,
                new: new.clone(),
                happened_on: None,
                seen_on: None,
                evidence: None,
                item: None,
                evidence_only: false,
            })
        });
        taken.chain(self.changes.iter().cloned())
    }

    /// Whether it is news to the county: made at the village, and not out of any roster.
    pub fn is_news(&self) -> bool {
        self.origin.is_none()
    }

    /// The local day of its entry.
    pub fn entered_on(&self) -> NaiveDate {
        self.entered_at.date_naive()
    }
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A list of pairs, written as a map in its order.
mod as_map {
    use super::{Deserializer, Name, Serializer, Value};
    use serde::de::{MapAccess, Visitor};

    pub fn serialize<S: Serializer>(fields: &[(Name, Option<Value>)], s: S) -> Result<S::Ok, S::Error> {
        s.collect_map(fields.iter().map(|(name, value)| (name, value)))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<(Name, Option<Value>)>, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(Name, Option<Value>)>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("fields by name")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        d.deserialize_map(Pairs)
    }
}
