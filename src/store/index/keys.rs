//! Keys of the index: a byte for the kind, the village's code, the side where it is a chain's, a number. No key holds a
//! name or an ID number.

use crate::changes::Hash;
use crate::domain::{Chain, HouseholdId, Side, VillageCode};

/// Kinds of records.
pub(crate) mod kind {
    /// Where the index stands; one record.
    pub(crate) const STATE: u8 = b'A';
    /// A chain's counters.
    pub(crate) const CHAIN: u8 = b'C';
    /// A household's file.
    pub(crate) const FILE: u8 = b'F';
    /// A household in short.
    pub(crate) const SUMMARY: u8 = b'S';
    /// Where a run of acts stands in the journal, under the number of its first.
    pub(crate) const RUN: u8 = b'R';
    /// The act that took the form with an id.
    pub(crate) const ID: u8 = b'I';
    /// What is kept beside the acts, by entry; the settings under 0.
    pub(crate) const NOTE: u8 = b'N';
}

/// The key of the state.
pub(crate) const STATE: [u8; 1] = [kind::STATE];

/// The key of a chain's counters.
pub(crate) fn chain(chain: Chain) -> Vec<u8> {
    of_chain(kind::CHAIN, chain, &[])
}

/// The key of a household's file.
pub(crate) fn file(id: HouseholdId) -> Vec<u8> {
    of_village(kind::FILE, id.village, &id.serial.to_be_bytes())
}

/// The key of a household in short.
pub(crate) fn summary(id: HouseholdId) -> Vec<u8> {
    of_village(kind::SUMMARY, id.village, &id.serial.to_be_bytes())
}

/// How the keys of all records of a chain begin, those of a village's files included.
pub(crate) fn all_of(of: Chain) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = [kind::CHAIN, kind::RUN, kind::ID].map(|kind| of_chain(kind, of, &[])).to_vec();
    if of.side.is_village() {
        all.extend([kind::FILE, kind::SUMMARY].map(|kind| of_village(kind, of.village, &[])));
    }
    all
}

/// The key of the run that begins with this act.
pub(crate) fn run(chain: Chain, first: u64) -> Vec<u8> {
    of_chain(kind::RUN, chain, &first.to_be_bytes())
}

/// The key under which a form's or an act's own id is found.
pub(crate) fn id(chain: Chain, id: &str) -> Vec<u8> {
    of_chain(kind::ID, chain, &Hash::of(id.as_bytes()).0[..16])
}

/// The key of a note.
pub(crate) fn note(entry: u64) -> Vec<u8> {
    [&[kind::NOTE], entry.to_be_bytes().as_slice()].concat()
}

/// The chain and the number that the key of a run holds.
pub(crate) fn read_run(key: &[u8]) -> Option<(Chain, u64)> {
    Some((read_chain(key.get(..10)?)?, u64::from_be_bytes(key.get(10..)?.try_into().ok()?)))
}

/// The chain that the key of a chain's counters holds.
pub(crate) fn read_chain(key: &[u8]) -> Option<Chain> {
    let village = VillageCode::from_number(u64::from_be_bytes(key.get(1..9)?.try_into().ok()?)).ok()?;
    let side = match key.get(9..)? {
        [OF_VILLAGE] => Side::Village,
        [OF_COUNTY] => Side::County,
        _ => return None,
    };
    Some(Chain { village, side })
}

/// The key of the file that a household in short speaks of.
pub(crate) fn file_beside_summary(key: &[u8]) -> Vec<u8> {
    [&[kind::FILE], key.get(1..).unwrap_or_default()].concat()
}

/// What a key is, in words for a person.
pub(crate) fn in_words(key: &[u8]) -> String {
    let village = key.get(1..9).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes).unwrap_or_default();
    let serial = key.get(9..).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes).unwrap_or_default();
    match key.first().copied().unwrap_or_default() {
        kind::STATE => "状态".to_owned(),
        kind::FILE => format!("户 {village:012}V{serial:04}"),
        kind::SUMMARY => format!("户 {village:012}V{serial:04} 的摘要"),
        kind::NOTE => "附记".to_owned(),
        kind::CHAIN => format!("村 {village:012} 的编号"),
        kind::RUN => format!("村 {village:012} 变更的位置"),
        kind::ID => format!("村 {village:012} 的表单编号"),
        _ => "不认识的记录".to_owned(),
    }
}

const OF_VILLAGE: u8 = 0;
const OF_COUNTY: u8 = 1;

fn of_chain(kind: u8, chain: Chain, rest: &[u8]) -> Vec<u8> {
    let side = match chain.side {
        Side::Village => OF_VILLAGE,
        Side::County => OF_COUNTY,
    };
    of_village(kind, chain.village, &[&[side], rest].concat())
}

fn of_village(kind: u8, village: VillageCode, rest: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(9 + rest.len());
    key.push(kind);
    key.extend_from_slice(&village.number().to_be_bytes());
    key.extend_from_slice(rest);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_village_then_number() {
        let id = |village: &str, serial| HouseholdId { village: village.parse().unwrap(), serial };
        let mut keys = [file(id("419999101202", 1)), file(id("419999101201", 256)), file(id("419999101201", 2))];
        keys.sort();
        let sorted = [file(id("419999101201", 2)), file(id("419999101201", 256)), file(id("419999101202", 1))];
        assert_eq!(keys, sorted);
    }

    #[test]
    fn keys_lead_back() {
        let code: VillageCode = "419999101201".parse().unwrap();
        for chain_of in [code.into(), Chain::of_county(code)] {
            assert_eq!(read_run(&run(chain_of, 77)), Some((chain_of, 77)));
            assert_eq!(read_chain(&chain(chain_of)), Some(chain_of));
            assert_eq!(read_run(&chain(chain_of)), None);
        }
    }
}
