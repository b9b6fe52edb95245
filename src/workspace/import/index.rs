//! Whom the village holds, by the keys by which rosters name them: small enough for a county, built once per import.

use std::collections::HashMap;

use crate::domain::{ByDigest, HouseholdId, Name, Summary, VillageCode};
use crate::exchange::roster::Keys;

use super::tally::Mark;

/// A household's place in the index.
pub type HouseholdIx = u32;

/// A person's place in the index.
pub type PersonIx = u32;

const NONE: u32 = u32::MAX;

/// Households and people, told by digests.
#[derive(Debug, Default)]
pub struct Index {
    households: Vec<HouseholdEntry>,
    people: Vec<PersonEntry>,
    by_number: HashMap<u64, HouseholdIx, ByDigest>,
    /// The person put in last with this ID number; the others hang behind her.
    by_id: HashMap<u64, PersonIx, ByDigest>,
    /// By village, and head's name and group: the households.
    by_head: HashMap<(VillageCode, u64), Vec<HouseholdIx>, ByDigest>,
}

/// A household in the index.
#[derive(Debug)]
pub struct HouseholdEntry {
    /// Which household.
    pub id: HouseholdId,
    /// The digest of its 户编号; 0 is none.
    pub number: u64,
    /// The digest of its head's name; 0 is none.
    pub head: u64,
    /// Whether its file is closed.
    pub closed: bool,
    /// The rosters that ever held it, each with the digest of what it last said.
    pub rosters: Vec<(Name, u64)>,
    /// What has become of it in this import.
    pub mark: Mark,
    /// The kinds of roster that named it in this import, as bits by their places.
    pub seen: u8,
    /// The step of the import in which it was last named; 0 is none.
    pub named_in: u32,
    first: PersonIx,
    last: PersonIx,
}

/// A person in the index.
#[derive(Debug)]
pub struct PersonEntry {
    /// Whose member.
    pub household: HouseholdIx,
    /// The person's number in the village.
    pub id: u32,
    /// By what she is told.
    pub keys: Keys,
    /// Whether she has left.
    pub left: bool,
    /// What has become of her in this import.
    pub mark: Mark,
    /// The kinds of roster that named her in this import, as bits by their places.
    pub seen: u8,
    next: PersonIx,
    same_id: PersonIx,
}

impl Index {
    /// Takes in a household as the village holds it.
    pub fn add(&mut self, summary: &Summary) {
        let number = summary.national_number.as_deref().map_or(0, Keys::of_number);
        let household = self.add_household(summary.id, number);
        for person in &summary.everyone {
            let number = person.national_number.as_deref().map_or(0, Keys::of_number);
            let keys = Keys { number, name: Keys::of_name(&person.name), ..Keys::default() };
            let keys = person.id_number.as_deref().map_or(keys, |number| keys.with_id(number));
            let at = self.add_person(household, person.id, keys);
            self.people[at as usize].left = person.left;
        }
        let entry = &mut self.households[household as usize];
        entry.closed = summary.closed;
        entry.rosters.clone_from(&summary.rosters);
        if summary.has_head {
            entry.head = Keys::of_name(&summary.head);
            let head = Keys::of_head(entry.head, summary.group.as_deref());
            self.name_head(household, head);
        }
    }

    /// Adds a household that has no people yet; a number of 0 is none.
    pub fn add_household(&mut self, id: HouseholdId, number: u64) -> HouseholdIx {
        let at = self.households.len() as HouseholdIx;
        self.households.push(HouseholdEntry {
            id,
            number: 0,
            head: 0,
            closed: false,
            rosters: Vec::new(),
            mark: Mark::default(),
            seen: 0,
            named_in: 0,
            first: NONE,
            last: NONE,
        });
        self.set_number(at, number);
        at
    }

    /// Gives a household its 户编号; where two households claim one, the first keeps it.
    pub fn set_number(&mut self, household: HouseholdIx, number: u64) {
        if number != 0 {
            self.households[household as usize].number = number;
            self.by_number.entry(number).or_insert(household);
        }
    }

    /// Notes by which head's name and group a household can be found.
    pub fn name_head(&mut self, household: HouseholdIx, head: u64) {
        if head != 0 {
            let village = self.households[household as usize].id.village;
            let named = self.by_head.entry((village, head)).or_default();
            if !named.contains(&household) {
                named.push(household);
            }
        }
    }

    /// Adds a person to a household, behind those who are there.
    pub fn add_person(&mut self, household: HouseholdIx, id: u32, keys: Keys) -> PersonIx {
        let at = self.people.len() as PersonIx;
        self.people.push(PersonEntry {
            household,
            id,
            keys: Keys { id: 0, valid: false, ..keys },
            left: false,
            mark: Mark::default(),
            seen: 0,
            next: NONE,
            same_id: NONE,
        });
        let entry = &mut self.households[household as usize];
        let last = std::mem::replace(&mut entry.last, at);
        match self.people.get_mut(last as usize) {
            Some(last) => last.next = at,
            None => entry.first = at,
        }
        self.learn(at, keys);
        at
    }

    /// Learns keys of a person that a roster gives; what it does not give stays.
    pub fn learn(&mut self, person: PersonIx, keys: Keys) {
        let entry = &mut self.people[person as usize];
        if keys.number != 0 {
            entry.keys.number = keys.number;
        }
        if keys.name != 0 {
            entry.keys.name = keys.name;
        }
        if keys.id != 0 {
            entry.keys.valid = keys.valid;
            let had_none = std::mem::replace(&mut entry.keys.id, keys.id) == 0;
            // A number that was put right leads to her from the next import on; in this one her household does.
            if had_none {
                entry.same_id = self.by_id.insert(keys.id, person).unwrap_or(NONE);
            }
        }
    }

    /// The household with this 户编号.
    pub fn numbered(&self, number: u64) -> Option<HouseholdIx> {
        self.by_number.get(&number).copied()
    }

    /// The household of this id.
    pub fn of_id(&self, id: HouseholdId) -> Option<HouseholdIx> {
        let at = self.households.iter().position(|household| household.id == id)?;
        Some(at as HouseholdIx)
    }

    /// The households of a village with a head of this name in this group.
    pub fn headed(&self, village: VillageCode, head: u64) -> &[HouseholdIx] {
        self.by_head.get(&(village, head)).map_or(&[], Vec::as_slice)
    }

    /// The people with this ID number.
    pub fn with_id(&self, id: u64) -> impl Iterator<Item = PersonIx> + '_ {
        let first = self.by_id.get(&id).copied();
        let next = |at: &PersonIx| Some(self.people[*at as usize].same_id).filter(|next| *next != NONE);
        std::iter::successors(first, next).filter(move |at| id != 0 && self.people[*at as usize].keys.id == id)
    }

    /// Everybody who is or was a member of a household, in the order of the file.
    pub fn people_of(&self, household: HouseholdIx) -> impl Iterator<Item = PersonIx> + '_ {
        let first = Some(self.households[household as usize].first).filter(|first| *first != NONE);
        std::iter::successors(first, |at| Some(self.people[*at as usize].next).filter(|next| *next != NONE))
    }

    /// All households.
    pub fn households(&self) -> &[HouseholdEntry] {
        &self.households
    }

    /// All households, to be changed.
    pub fn households_mut(&mut self) -> &mut [HouseholdEntry] {
        &mut self.households
    }

    /// All people.
    pub fn people(&self) -> &[PersonEntry] {
        &self.people
    }

    /// A household.
    pub fn household(&self, at: HouseholdIx) -> &HouseholdEntry {
        &self.households[at as usize]
    }

    /// A household, to be changed.
    pub fn household_mut(&mut self, at: HouseholdIx) -> &mut HouseholdEntry {
        &mut self.households[at as usize]
    }

    /// A person.
    pub fn person(&self, at: PersonIx) -> &PersonEntry {
        &self.people[at as usize]
    }

    /// A person, to be changed.
    pub fn person_mut(&mut self, at: PersonIx) -> &mut PersonEntry {
        &mut self.people[at as usize]
    }
}

impl HouseholdEntry {
    /// The digest of what a kind of roster last said; none where it never held the household.
    pub fn digest_of(&self, kind: Name) -> Option<u64> {
        self.rosters.iter().find(|(known, _)| *known == kind).map(|(_, digest)| *digest)
    }

    /// Notes what a kind of roster says now.
    pub fn set_digest(&mut self, kind: Name, digest: u64) {
        match self.rosters.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, known)) => *known = digest,
            None => self.rosters.push((kind, digest)),
        }
    }
}
