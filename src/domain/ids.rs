//! Who is meant: villages, households and people, by numbers that never change.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A village's twelve-digit division code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VillageCode(u64);

/// Why a text is no village code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("村代码应为12位数字")]
pub struct NotAVillageCode;

impl VillageCode {
    /// The code as a number, for keys.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The code from a number that [`number`](Self::number) gave.
    pub fn from_number(number: u64) -> Result<Self, NotAVillageCode> {
        if (100_000_000_000..1_000_000_000_000).contains(&number) { Ok(Self(number)) } else { Err(NotAVillageCode) }
    }
}

impl FromStr for VillageCode {
    type Err = NotAVillageCode;
    fn from_str(text: &str) -> Result<Self, NotAVillageCode> {
        if text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Self::from_number(text.parse().map_err(|_| NotAVillageCode)?)
        } else {
            Err(NotAVillageCode)
        }
    }
}
impl fmt::Display for VillageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}
impl TryFrom<String> for VillageCode {
    type Error = NotAVillageCode;
    fn try_from(text: String) -> Result<Self, NotAVillageCode> {
        text.parse()
    }
}
impl From<VillageCode> for String {
    fn from(code: VillageCode) -> String {
        code.to_string()
    }
}

/// On which side something is entered: the two never write into one chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// At the village.
    #[default]
    Village,
    /// At the county, in answer to the village.
    County,
}

impl Side {
    /// Whether it is the village's.
    pub fn is_village(&self) -> bool {
        *self == Self::Village
    }

    /// The side that reads what this one writes.
    pub const fn other(self) -> Self {
        match self {
            Self::Village => Self::County,
            Self::County => Self::Village,
        }
    }
}

/// A chain of acts: what a village entered, or what the county answered to it. Each is numbered without gaps and written
/// in one store only; other stores hold a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Chain {
    /// The village.
    pub village: VillageCode,
    /// The side that writes it.
    pub side: Side,
}

/// Why a text names no chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("应为12位村代码，县里的后加 -county")]
pub struct NotAChain;

impl Chain {
    /// What the county answers to a village.
    pub const fn of_county(village: VillageCode) -> Self {
        Self { village, side: Side::County }
    }
}

impl From<VillageCode> for Chain {
    fn from(village: VillageCode) -> Self {
        Self { village, side: Side::Village }
    }
}
impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.side {
            Side::Village => write!(f, "{}", self.village),
            Side::County => write!(f, "{}{OF_COUNTY}", self.village),
        }
    }
}
impl FromStr for Chain {
    type Err = NotAChain;
    fn from_str(text: &str) -> Result<Self, NotAChain> {
        let (village, side) = match text.strip_suffix(OF_COUNTY) {
            Some(village) => (village, Side::County),
            None => (text, Side::Village),
        };
        Ok(Self { village: village.parse().map_err(|_| NotAChain)?, side })
    }
}
impl TryFrom<String> for Chain {
    type Error = NotAChain;
    fn try_from(text: String) -> Result<Self, NotAChain> {
        text.parse()
    }
}
impl From<Chain> for String {
    fn from(chain: Chain) -> String {
        chain.to_string()
    }
}

const OF_COUNTY: &str = "-county";

/// A household of a village: the village and a serial number given when its file was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HouseholdId {
    /// The village that keeps the file.
    pub village: VillageCode,
    /// Counted from 1 within the village, never used again.
    pub serial: u32,
}

impl HouseholdId {
    /// The number that the village gives where there is no 户编号: it never changes and is the same at the county.
    pub fn local_number(self) -> String {
        format!("{}V{:04}", self.village, self.serial)
    }

    /// The household that a [`local_number`](Self::local_number) names.
    pub fn from_local_number(text: &str) -> Option<Self> {
        let (village, serial) = text.split_once('V')?;
        let id = Self { village: village.parse().ok()?, serial: serial.parse().ok()? };
        (id.local_number() == text).then_some(id)
    }
}

/// A person of a village: a serial number that stays with her when she changes households.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub u32);

impl PersonId {
    /// The number that the village gives where there is no 人编号.
    pub fn local_number(self, village: VillageCode) -> String {
        format!("{village}P{:05}", self.0)
    }

    /// The person that a [`local_number`](Self::local_number) of this village names.
    pub fn from_local_number(text: &str) -> Option<(VillageCode, Self)> {
        let (village, serial) = text.split_once('P')?;
        let (village, person) = (village.parse().ok()?, Self(serial.parse().ok()?));
        (person.local_number(village) == text).then_some((village, person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_numbers_lead_back() {
        let village: VillageCode = "419999101201".parse().unwrap();
        let id = HouseholdId { village, serial: 63 };
        assert_eq!(id.local_number(), "419999101201V0063");
        assert_eq!(HouseholdId::from_local_number("419999101201V0063"), Some(id));
        assert_eq!(HouseholdId::from_local_number("419999101201V63"), None);
        assert_eq!(HouseholdId::from_local_number("4199991012010063"), None);
        let person = PersonId(7);
        assert_eq!(PersonId::from_local_number(&person.local_number(village)), Some((village, person)));
        assert!("41999910120".parse::<VillageCode>().is_err());
    }

    #[test]
    fn a_chain_is_named_by_village_and_side() {
        let village: VillageCode = "419999101201".parse().unwrap();
        for (chain, text) in [(village.into(), "419999101201"), (Chain::of_county(village), "419999101201-county")] {
            assert_eq!(chain.to_string(), text);
            assert_eq!(text.parse(), Ok(chain));
        }
        assert_eq!("419999101201-town".parse::<Chain>(), Err(NotAChain));
    }
}
