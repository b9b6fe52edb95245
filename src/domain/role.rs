//! Who uses the program.

use serde::{Deserialize, Serialize};

use super::name::Name;
use super::person_name;

/// The role in which somebody enters something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 村级协管员
    Coordinator,
    /// 驻村第一书记
    Secretary,
    /// 村级责任组长、网格员
    Surveyor,
    /// 县信息中心
    County,
}

impl Role {
    /// All roles, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Coordinator, Self::Secretary, Self::Surveyor, Self::County];

    /// The glossary's identifier.
    pub const fn identifier(self) -> Name {
        Name::fixed(match self {
            Self::Coordinator => "coordinator",
            Self::Secretary => "secretary",
            Self::Surveyor => "surveyor",
            Self::County => "county",
        })
    }

    /// The role with this identifier.
    pub fn named(identifier: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.identifier() == identifier)
    }

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Coordinator => "协管员",
            Self::Secretary => "第一书记",
            Self::Surveyor => "网格员",
            Self::County => "县信息中心",
        }
    }
}

/// Somebody at the keyboard: honesty, not authentication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The name, as it stands behind every entry.
    pub name: String,
    /// The role.
    pub role: Role,
}

impl Author {
    /// Somebody of this name, however it was typed.
    pub fn named(name: &str, role: Role) -> Self {
        Self { name: person_name::kept(name).into_owned(), role }
    }
}
