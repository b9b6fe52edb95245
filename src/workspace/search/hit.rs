//! What a search gives back: households, each with the reason why it was found.

use crate::domain::PersonId;

use super::typed::Closeness;
use crate::workspace::rank::{Rank, Whose};

/// A household's place in the index; it keeps it for as long as the index lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seat(pub(super) u32);

impl Seat {
    /// The place, counted from 0, to keep something for each household in a vector.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A household that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The household.
    pub seat: Seat,
    /// How it was found, and the person's id or 0.
    pub(super) why: Option<(Rank, u32)>,
}

impl Hit {
    /// Why the household was found; none where nothing was typed that a name or number has to match.
    pub fn reason(&self) -> Option<Reason> {
        self.why.map(|(rank, person)| Reason {
            kind: rank.kind(),
            closeness: rank.closeness(),
            person: (person != 0).then_some(PersonId(person)),
            head: rank.whose() == Whose::Head,
            left: rank.whose() == Whose::Left,
        })
    }
}

/// Why a household was found: the best of what matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What matched.
    pub kind: Kind,
    /// How much of it was typed.
    pub closeness: Closeness,
    /// Whose it is; none where it is the household's own.
    pub person: Option<PersonId>,
    /// Whether the list shows the person as the head.
    pub head: bool,
    /// Whether the person is no longer a member.
    pub left: bool,
}

/// What a word can match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 姓名
    Name,
    /// 户编号, or the number that the village gave the household.
    HouseholdNumber,
    /// 证件号码
    IdNumber,
    /// 人编号, or the number that the village gave the person.
    PersonNumber,
    /// 联系电话
    Phone,
    /// The group or natural village.
    Group,
    /// 门牌号
    HouseNumber,
}

impl Kind {
    /// The kind as the screen names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "姓名",
            Self::HouseholdNumber => "户编号",
            Self::IdNumber => "证件号码",
            Self::PersonNumber => "人编号",
            Self::Phone => "电话",
            Self::Group => "组",
            Self::HouseNumber => "门牌",
        }
    }
}
