//! What a change set says of itself.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::changes::review::{Reviews, Standing, Subject};
use crate::changes::{Act, Hash, Held};
use crate::domain::{Chain, Month, Name, PartialDate, Side, VillageCode};
use crate::exchange::keys::{PublicKeys, SIGNATURE};

/// Between the chain and the month where there was nothing to say.
const NIL: &str = "nil";

/// What `format` says.
pub const FORMAT: &str = "hudang-set";

/// The newest version of the manifest's shape.
pub const VERSION: u32 = 2;

/// A run of acts of a village, `419999101201-000001-000042`, or of the county's answers to it,
/// `419999101201-county-000001-000003`; or that a village had nothing to say in a month, `419999101201-nil-2022-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SetId {
    /// The village.
    pub village: VillageCode,
    /// Whose acts: the village's own, or the county's in answer to it.
    pub side: Side,
    /// The first act.
    pub from: u64,
    /// The last act.
    pub to: u64,
    /// The month of which it says that nothing was to be said; it has no acts then, and stands behind the one before
    /// `from`, as far as that is known.
    pub nil: Option<Month>,
}

/// A text that is no set's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("变更集编号应为 村代码-起号-止号，县里的在村代码后加 -county")]
pub struct NotASetId;

impl SetId {
    /// A run of a chain.
    pub const fn of(chain: Chain, from: u64, to: u64) -> Self {
        Self { village: chain.village, side: chain.side, from, to, nil: None }
    }

    /// That nothing was to be said in a month, behind an act.
    pub const fn nil_of(chain: Chain, after: u64, month: Month) -> Self {
        Self { village: chain.village, side: chain.side, from: after + 1, to: after, nil: Some(month) }
    }

    /// The chain that it is a run of.
    pub const fn chain(self) -> Chain {
        Chain { village: self.village, side: self.side }
    }

    /// The name of its file.
    pub fn file_name(self) -> String {
        format!("hudang-{self}.zip")
    }

    /// The name of the workbook beside it.
    pub fn workbook_name(self) -> String {
        format!("hudang-{self}.xlsx")
    }
}

impl fmt::Display for SetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nil {
            Some(month) => write!(f, "{}-{NIL}-{:04}-{:02}", self.chain(), month.year, month.month),
            None => write!(f, "{}-{:06}-{:06}", self.chain(), self.from, self.to),
        }
    }
}
impl FromStr for SetId {
    type Err = NotASetId;
    fn from_str(text: &str) -> Result<Self, NotASetId> {
        if let Some((chain, month)) = text.split_once(&format!("-{NIL}-")) {
            let chain: Chain = chain.parse().map_err(|_| NotASetId)?;
            let month: PartialDate = month.parse().map_err(|_| NotASetId)?;
            let month = month.as_month().filter(|_| month.as_day().is_none()).ok_or(NotASetId)?;
            let id = Self { from: 0, to: 0, ..Self::nil_of(chain, 0, month) };
            return if id.to_string() == text { Ok(id) } else { Err(NotASetId) };
        }
        let mut parts = text.rsplitn(3, '-');
        let mut next = || parts.next().ok_or(NotASetId);
        let to = next()?.parse().map_err(|_| NotASetId)?;
        let from = next()?.parse().map_err(|_| NotASetId)?;
        let chain: Chain = next()?.parse().map_err(|_| NotASetId)?;
        let id = Self::of(chain, from, to);
        if id.to_string() == text && 0 < from && from <= to { Ok(id) } else { Err(NotASetId) }
    }
}
impl TryFrom<String> for SetId {
    type Error = NotASetId;
    fn try_from(text: String) -> Result<Self, NotASetId> {
        text.parse()
    }
}
impl From<SetId> for String {
    fn from(id: SetId) -> String {
        id.to_string()
    }
}

/// The manifest, with its keys in the order in which they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always [`FORMAT`].
    pub format: Box<str>,
    /// The newest version that an act of it says: a program that does not know it refuses the set.
    pub version: u32,
    /// The set's id.
    pub set: SetId,
    /// The village.
    pub village: Village,
    /// Whose acts they are: the village's own, or the county's in answer to it.
    #[serde(default)]
    pub side: Side,
    /// The number of the first act.
    pub from: u64,
    /// The number of the last act.
    pub to: u64,
    /// The hash of the act before the first one.
    pub hash_before: Hash,
    /// The hash of the last act.
    pub hash_last: Hash,
    /// The lines.
    pub acts: Lines,
    /// The stores in which the acts were entered, in the order of their numbers.
    pub stores: Vec<Store>,
    /// By whom it was handed over first, and on which day.
    pub made: Made,
    /// How much is in it.
    pub counts: Counts,
    /// The set handed over before this one, where there is one.
    pub previous: Option<Previous>,
    /// The first and the last of the acts before the first one that nobody can read any more, where there are such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<(u64, u64)>,
    /// Whether it was written where the chain is a copy, by the other side: it is no word of whoever writes the chain.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub copy: bool,
    /// What was approved by whom, and what went out without; sets of an older program do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviews: Option<Reviewed>,
    /// The methods in use.
    pub alg: Alg,
    /// The public keys of whoever signed it; a set of the first programs has none.
    #[serde(default)]
    pub key: Option<PublicKeys>,
}

/// A village by code and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Village {
    /// Its division code.
    pub code: VillageCode,
    /// Its name.
    pub name: Box<str>,
}

/// The file of lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// Its name within the set.
    pub file: Box<str>,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of it.
    pub sha256: Hash,
}

/// A stretch of acts entered in one store at one of its epochs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// The store's id.
    pub store: Box<str>,
    /// How often it had been restored or copied.
    pub epoch: u32,
    /// The first act.
    pub from: u64,
    /// The last act.
    pub to: u64,
}

/// Who handed a set over, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The local day.
    pub on: NaiveDate,
    /// The name.
    pub by: Box<str>,
    /// In which role.
    pub role: Name,
}

/// How much is in a set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Acts.
    pub acts: u64,
    /// Field changes in them, those out of rosters included.
    pub changes: u64,
    /// Acts of each kind.
    pub kinds: BTreeMap<Name, u64>,
}

/// The set before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// Its id.
    pub set: SetId,
    /// SHA-256 of its `manifest.json`.
    pub sha256: Hash,
}

/// What the first secretary had to do with a set. Acts that change nothing, and those out of rosters, are not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Whether the village wants every change approved before it goes out.
    pub needed: bool,
    /// How many acts of the run go to the clerk approved, by whom and on which day.
    pub approved: Vec<Approved>,
    /// How many acts of the run go to the clerk without.
    pub without: u64,
    /// The acts of the run that are kept from the clerk.
    pub held: Vec<Held>,
    /// Acts held before that go to the clerk with this set.
    pub released: Vec<Released>,
}

/// Acts that one person approved on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// Who.
    pub by: Box<str>,
    /// The local day.
    pub on: NaiveDate,
    /// How many.
    pub acts: u64,
}

/// An act of an earlier set that was held there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// Which one.
    pub act: u64,
    /// Who approved it; null where nobody did.
    pub by: Option<Box<str>>,
    /// On which local day.
    pub on: Option<NaiveDate>,
}

/// The methods in use, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alg {
    /// Of the hashes.
    pub hash: Box<str>,
    /// Of the signature.
    #[serde(default)]
    pub signature: Option<Box<str>>,
}

/// How hashes are named.
const HASH: &str = "SHA-256";

impl Default for Alg {
    fn default() -> Self {
        Self { hash: HASH.into(), signature: Some(SIGNATURE.into()) }
    }
}

impl Alg {
    /// A method that is not known here.
    pub(super) fn strange(&self) -> Option<&str> {
        let signature = self.signature.as_deref().filter(|name| *name != SIGNATURE);
        signature.or_else(|| Some(&*self.hash).filter(|name| *name != HASH))
    }
}

impl Manifest {
    /// The bytes of `manifest.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Plain types with text keys only, so this cannot fail.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// What the acts themselves say of a set, gathered act by act.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub counts: Counts,
    pub stores: Vec<Store>,
    /// The newest version that an act says.
    pub version: u32,
    reviews: Reviews,
    subjects: Vec<Subject>,
}

impl Tally {
    /// What the run says of approval. Whether it was needed, and who approved what an earlier set held, it cannot say.
    pub fn reviewed(&self, needed: bool, released: Vec<Released>) -> Reviewed {
        let held = self.reviews.held();
        let mut approved: BTreeMap<(NaiveDate, &str), u64> = BTreeMap::new();
        let mut without = 0;
        for subject in self.subjects.iter().filter(|subject| !held.contains_key(&subject.number)) {
            match self.reviews.standing(subject) {
                Standing::Approved(word) => *approved.entry((word.on, &*word.by)).or_default() += 1,
                _ => without += 1,
            }
        }
        let approved = approved.into_iter().map(|((on, by), acts)| Approved { by: by.into(), on, acts });
        let held = held.into_iter().map(|(act, why)| Held { act, why });
        Reviewed { needed, approved: approved.collect(), without, held: held.collect(), released }
    }

    /// The acts of earlier sets that the run releases.
    pub fn released(&self) -> Vec<u64> {
        let held = self.reviews.held();
        let is_here = |act: &u64| self.subjects.binary_search_by_key(act, |subject| subject.number).is_ok();
        let released = self.reviews.released_in(0..=u64::MAX).into_iter();
        released.filter(|act| !is_here(act) && !held.contains_key(act)).collect()
    }

    pub fn add(&mut self, act: &Act) {
        self.reviews.add(act);
        self.subjects.extend(Subject::of(act));
        self.version = self.version.max(act.v.into());
        self.counts.acts += 1;
        self.counts.changes += act.field_changes().count() as u64;
        *self.counts.kinds.entry(act.kind).or_default() += 1;
        match self.stores.last_mut() {
            Some(last) if (&last.store, last.epoch) == (&act.store, act.epoch) => last.to = act.number,
            _ => {
                self.stores.push(Store { store: act.store.clone(), epoch: act.epoch, from: act.number, to: act.number })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_nothing_else_does() {
        let id: SetId = "419999101201-000007-1234567".parse().unwrap();
        assert_eq!((id.from, id.to), (7, 1_234_567));
        assert_eq!(id.file_name(), "hudang-419999101201-000007-1234567.zip");
        assert_eq!(id.side, Side::Village);
        let answer: SetId = "419999101201-county-000001-000003".parse().unwrap();
        assert_eq!((answer.chain(), answer.to), (Chain::of_county(id.village), 3));
        assert_eq!(answer.to_string().parse(), Ok(answer));
        let nil = SetId::nil_of(id.village.into(), 42, Month { year: 2022, month: 11 });
        assert_eq!(nil.file_name(), "hudang-419999101201-nil-2022-11.zip");
        let read: SetId = nil.to_string().parse().unwrap();
        assert_eq!((read.nil, read.chain(), read.to_string()), (nil.nil, nil.chain(), nil.to_string()));
        for text in
            ["419999101201-nil-2022-13", "419999101201-nil-2022", "419999101201-nil-2022-11-01", "x-nil-2022-11"]
        {
            assert_eq!(text.parse::<SetId>(), Err(NotASetId), "{text}");
        }
        for text in ["419999101201-7-9", "419999101201-000009-000007", "419999101201-000000-000001", "x-1-2", "x", ""] {
            assert_eq!(text.parse::<SetId>(), Err(NotASetId), "{text}");
        }
    }
}
