//! What a roster says of one household, read as values.

use crate::catalogue::shapes::tidy_number;
use crate::domain::field::members;
use crate::domain::text::folded;
use crate::domain::{Digest, IdNumber, Name, PartialDate, Sex, Value, VillageCode, id_number, person_name};

use super::kinds::SlotIx;

/// A value said of a field; none is a cell that could not be used, of which nothing is said. A field that has a column
/// and is not here was left blank.
pub type Said = (SlotIx, Option<Value>);

/// A household as a roster tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct RosterHousehold {
    /// 户编号, where the kind of roster has it.
    pub number: Option<Box<str>>,
    /// The village in the 户编号, where it holds one.
    pub village: Option<VillageCode>,
    /// What is said of the household, by slot.
    pub said: Vec<Said>,
    /// The people listed, in the order of their rows.
    pub people: Vec<RosterPerson>,
    /// The jobs or exemptions listed, in the order of their rows.
    pub rows: Vec<RosterRow>,
    /// What is listed in columns of lists.
    pub lists: Vec<Listed>,
    /// A digest of the head's name and the group; 0 where there is no name.
    pub head: u64,
    /// A digest of all cells, whatever the order of the rows.
    pub digest: u64,
    /// The table of the first row.
    pub table: usize,
    /// The first row, as a spreadsheet counts it.
    pub row: u32,
}

/// A person as a roster tells her.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RosterPerson {
    /// By what she is told.
    pub keys: Keys,
    /// What is said of her, by slot.
    pub said: Vec<Said>,
    /// What stands in columns that nobody knows.
    pub unlisted: Vec<(Name, Value)>,
    /// What follows from her ID number, where the roster leaves it blank.
    pub derived: Vec<Derived>,
    /// Whether she is listed as the head.
    pub is_head: bool,
    /// The table of her row.
    pub table: usize,
    /// Her row, as a spreadsheet counts it.
    pub row: u32,
}

/// A job or an exemption as a table tells it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RosterRow {
    /// By what its person is told; an exemption may be the whole household's.
    pub keys: Keys,
    /// The person's name.
    pub name: Box<str>,
    /// What is said of it, by slot; of an exemption also what leads to its person.
    pub said: Vec<Said>,
    /// What stands in columns that nobody knows.
    pub unlisted: Vec<(Name, Value)>,
    /// The table of its row.
    pub table: usize,
    /// Its row, as a spreadsheet counts it.
    pub row: u32,
}

/// By what a person is told, as digests; 0 is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// 人编号
    pub number: u64,
    /// The first 18 characters of the ID number.
    pub id: u64,
    /// Whether the ID number is right in itself: two that are right and differ are two people's.
    pub valid: bool,
    /// The name.
    pub name: u64,
}

/// A field that follows from a valid ID number.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// The field of the members' section.
    pub field: Name,
    /// What follows.
    pub value: Value,
}

/// One thing listed in a column of lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The column's kind.
    pub kind: Name,
    /// What is listed.
    pub what: Box<str>,
}

/// How many digits an ID number of the first generation had.
const SHORTEST_ID: usize = 14;

impl Keys {
    /// The digest of a 户编号 or a 人编号, also of one that came into an older store as a spreadsheet had spoiled it.
    pub fn of_number(number: &str) -> u64 {
        Digest::of(&tidy_number(number))
    }

    /// The keys with an ID number, the same for a person's card and her disability certificate. What is too short to be
    /// one, such as 不详, tells nobody.
    pub fn with_id(self, number: &str) -> Self {
        let number = id_number::tidy(number);
        let is_one = number.bytes().filter(u8::is_ascii_digit).count() >= SHORTEST_ID;
        let id = if is_one { Digest::of(id_number::stem(&number)) } else { 0 };
        Self { id, valid: is_one && id_number::check(&number).is_ok(), ..self }
    }

    /// The digest of a name, however it is written; 0 where there is none.
    pub fn of_name(name: &str) -> u64 {
        let key = person_name::key(name);
        if key.is_empty() { 0 } else { Digest::of(&key) }
    }

    /// Whether the two are different people's: by two 人编号, else by two right ID numbers.
    pub fn differ(self, other: Self) -> bool {
        if self.number != 0 && other.number != 0 {
            return self.number != other.number;
        }
        self.ids_differ(other)
    }

    /// Whether both have right ID numbers, and not the same.
    pub fn ids_differ(self, other: Self) -> bool {
        self.valid && other.valid && self.id != other.id
    }

    /// The digest of a head's name within a group.
    pub fn of_head(name: u64, group: Option<&str>) -> u64 {
        let group = group.map_or(0, |group| Digest::of(&folded(group)));
        if name == 0 { 0 } else { name.wrapping_mul(31).wrapping_add(group).max(1) }
    }

    /// Whether nothing is known by which the person could be told.
    pub fn are_none(self) -> bool {
        self == Self::default()
    }
}

impl Derived {
    /// What follows from an ID number.
    pub fn from(number: &IdNumber) -> [Self; 2] {
        let sex = match number.sex() {
            Sex::Male => Name::fixed("male"),
            Sex::Female => Name::fixed("female"),
        };
        [
            Self { field: members::SEX, value: Value::code(sex) },
            Self { field: members::BIRTH_DATE, value: Value::Date(PartialDate::from(number.birth())) },
        ]
    }
}
