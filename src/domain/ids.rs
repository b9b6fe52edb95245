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
}
