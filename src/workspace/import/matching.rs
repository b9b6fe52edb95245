//! Which household and which person a roster means. A weaker key never outvotes a stronger one that says otherwise, and
//! where there is no key nothing is the same.

use crate::domain::{HouseholdId, Name, VillageCode};
use crate::exchange::roster::{Keys, RosterHousehold, RosterPerson};

use super::index::{HouseholdEntry, HouseholdIx, Index, PersonEntry, PersonIx};
use super::tally::Mark;

/// The household that a roster means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// One that is on file.
    Known(HouseholdIx),
    /// One of the ledger's that has received a 户编号.
    Promoted(HouseholdIx),
    /// One that is on file under another 户编号.
    OtherNumber(HouseholdIx),
    /// One of several that are on file, and nothing tells which.
    OneOfSeveral,
    /// None that is on file.
    Nobody,
}

/// Who looks for which household.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// What the roster says of it.
    pub said: &'a RosterHousehold,
    /// Its village.
    pub village: VillageCode,
    /// The kind of roster.
    pub kind: Name,
    /// The step of the import; a household that it named already is not found again by its people.
    pub step: u32,
}

/// Finds a household: by its 户编号, else by its people's ID numbers, else, where it has no 户编号, by its head.
pub fn find_household(index: &Index, wanted: Wanted<'_>) -> Found {
    let Some(number) = &wanted.said.number else {
        let found = by_people(index, wanted, |entry| wanted.may_be(entry)).filter(Candidate::is_the_family);
        return match found.filter(|found| !has_another_head(index, found.household, &wanted.said.people)) {
            Some(found) => Found::Known(found.household),
            None => by_head(index, wanted),
        };
    };
    if let Some(id) = HouseholdId::from_local_number(number) {
        return index.of_id(id).map_or(Found::Nobody, Found::Known);
    }
    if let Some(known) = index.numbered(Keys::of_number(number)) {
        return Found::Known(known);
    }
    let unnumbered = by_people(index, wanted, |entry| wanted.may_be(entry) && entry.number == 0);
    if let Some(found) = unnumbered.filter(Candidate::is_the_family) {
        return Found::Promoted(found.household);
    }
    let numbered = by_people(index, wanted, |entry| entry.number != 0 && !entry.closed && !wanted.opened(entry));
    match numbered.filter(Candidate::is_all_there) {
        Some(found) => Found::OtherNumber(found.household),
        None => Found::Nobody,
    }
}

impl Wanted<'_> {
    /// Whether a household can be the one: open, of the village, and not named yet.
    fn may_be(&self, entry: &HouseholdEntry) -> bool {
        entry.id.village == self.village && !entry.closed && entry.named_in != self.step
    }

    /// Whether this step of the import made the household.
    fn opened(&self, entry: &HouseholdEntry) -> bool {
        entry.mark == Mark::New && entry.named_in == self.step
    }
}

/// A household in which some of the people are, by their ID numbers.
struct Candidate {
    household: HouseholdIx,
    /// How many of the people are there.
    people: usize,
    /// How many are looked for, and how many are there.
    wanted: usize,
    there: usize,
    heads_meet: bool,
}

impl Candidate {
    /// Where the head is somebody else's child, or a few people only are there, it is another family.
    fn is_the_family(&self) -> bool {
        self.heads_meet || self.people * 2 >= self.there.max(self.wanted)
    }

    /// Whether the family seems to be there as it is: with its head, or all of it and most of those who are there.
    fn is_all_there(&self) -> bool {
        let all = self.people == self.wanted && self.people * 2 > self.there;
        self.people * 2 >= self.wanted && (self.heads_meet || all)
    }
}

/// The household that holds the head, else most of the people, by ID number. A number that is wrong in itself tells
/// somebody only together with her name.
fn by_people(index: &Index, wanted: Wanted<'_>, fits: impl Fn(&HouseholdEntry) -> bool) -> Option<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let with_id = || wanted.said.people.iter().filter(|person| person.keys.id != 0);
    for person in with_id() {
        for at in index.with_id(person.keys.id) {
            let known = index.person(at);
            let entry = index.household(known.household);
            let is_told = person.keys.valid || same_name(known.keys, person.keys);
            if known.left || !is_told || !fits(entry) {
                continue;
            }
            let heads_meet = person.is_head && entry.head != 0 && entry.head == known.keys.name;
            match candidates.iter_mut().find(|candidate| candidate.household == known.household) {
                Some(candidate) => {
                    candidate.people += 1;
                    candidate.heads_meet |= heads_meet;
                }
                None => candidates.push(Candidate {
                    household: known.household,
                    people: 1,
                    wanted: with_id().count(),
                    there: present(index, known.household).filter(|person| person.keys.id != 0).count(),
                    heads_meet,
                }),
            }
        }
    }
    candidates.into_iter().max_by_key(|candidate| (candidate.heads_meet, candidate.people))
}

/// The household whose head has the name in the group. Of several the one that most of the people are in, else the one
/// that said the very same.
fn by_head(index: &Index, wanted: Wanted<'_>) -> Found {
    let named = index.headed(wanted.village, wanted.said.head).iter();
    let can_be = named.filter(|at| wanted.may_be(index.household(**at)));
    let alike: Vec<(usize, HouseholdIx)> =
        can_be.filter_map(|at| Some((alike(index, *at, &wanted.said.people)?, *at))).collect();
    let only = |found: Vec<HouseholdIx>| if let [one] = found[..] { Some(one) } else { None };
    let most = alike.iter().map(|(alike, _)| *alike).max();
    let best = || only(alike.iter().filter(|(alike, _)| Some(*alike) == most).map(|(_, at)| *at).collect());
    let said_so = |at: HouseholdIx| index.household(at).digest_of(wanted.kind) == Some(wanted.said.digest);
    let same = || only(alike.iter().map(|(_, at)| *at).filter(|at| said_so(*at)).collect());
    match best().or_else(same) {
        Some(found) => Found::Known(found),
        None if alike.is_empty() => Found::Nobody,
        None => Found::OneOfSeveral,
    }
}

/// Whether the head of the name on file is somebody else, by two right ID numbers, who has people of his own there. Alone
/// with the others of the roster's he is the same, whose number was put right.
fn has_another_head(index: &Index, household: HouseholdIx, said: &[RosterPerson]) -> bool {
    let Some(head) = said.iter().find(|person| person.is_head).map(|person| person.keys) else { return false };
    let is_other = |known: Keys| same_name(known, head) && known.ids_differ(head);
    let is_said = |known: Keys| said.iter().any(|person| same_id(known, person.keys) || same_name(known, person.keys));
    let there = || present(index, household).map(|person| person.keys);
    there().any(is_other) && there().any(|known| !is_said(known))
}

/// How many people of a household with the same head's name are also in it by their names; none where the two heads are
/// two people, or the families have nobody else in common and right ID numbers that differ.
fn alike(index: &Index, household: HouseholdIx, said: &[RosterPerson]) -> Option<usize> {
    let head = said.iter().find(|person| person.is_head).or(said.first())?.keys;
    let there: Vec<Keys> = present(index, household).map(|person| person.keys).collect();
    if there.iter().any(|known| same_name(*known, head) && known.differ(head)) {
        return None;
    }
    let is_there =
        |person: &&RosterPerson| there.iter().any(|known| same_name(*known, person.keys) && !known.differ(person.keys));
    let common = said.iter().filter(is_there).count();
    let may_tell = there.len() > 1 && said.len() > 1 && there.iter().any(|known| known.valid);
    let strangers = may_tell && common <= 1 && said.iter().any(|person| person.keys.valid);
    (!strangers).then_some(common)
}

fn present(index: &Index, household: HouseholdIx) -> impl Iterator<Item = &PersonEntry> {
    index.people_of(household).map(|at| index.person(at)).filter(|person| !person.left)
}

/// Finds people within a household, each at most once: by 人编号, else by ID number, else by name. Different 人编号 are
/// different people; so are right ID numbers that differ, where the household has two of the name.
pub fn find_people(index: &Index, household: HouseholdIx, wanted: &[Keys]) -> Vec<Option<PersonIx>> {
    let mut found = vec![None; wanted.len()];
    let mut free: Vec<PersonIx> = index.people_of(household).collect();
    // Of two of a name she who is here is meant.
    free.sort_by_key(|at| index.person(*at).left);
    let family: Vec<Keys> = free.iter().map(|at| index.person(*at).keys).chain(wanted.iter().copied()).collect();
    // An ID number that stands beside two names was written down for the wrong one, and one that differs from what stood
    // beside the only one of the name was put right: neither makes a second person.
    let has_two = |id: u64| {
        let mut names = family.iter().filter(|keys| keys.id == id).map(|keys| keys.name);
        let first = names.next();
        names.any(|name| Some(name) != first)
    };
    let is_only = |name: u64| {
        let times = |keys: &[Keys]| keys.iter().filter(|keys| keys.name == name).count();
        let (known, wanted) = family.split_at(family.len() - wanted.len());
        times(known) < 2 && times(wanted) < 2
    };
    let differ = |known: Keys, wanted: Keys| {
        known.differ(wanted)
            && (numbered(known, wanted) || !has_two(known.id) && !has_two(wanted.id) && !is_only(wanted.name))
    };
    let passes: [&dyn Fn(Keys, Keys) -> bool; 5] = [
        &|known, wanted| wanted.number != 0 && known.number == wanted.number,
        &|known, wanted| !differ(known, wanted) && same_id(known, wanted) && known.name == wanted.name,
        &|known, wanted| !differ(known, wanted) && same_id(known, wanted) && wanted.valid,
        &|known, wanted| !differ(known, wanted) && same_name(known, wanted),
        &|known, wanted| !differ(known, wanted) && same_id(known, wanted),
    ];
    for is_meant in passes {
        for (wanted, found) in wanted.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            if let Some(at) = free.iter().position(|at| is_meant(index.person(*at).keys, *wanted)) {
                *found = Some(free.remove(at));
            }
        }
    }
    found
}

/// The person whom a row means that is one of several of its person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    /// She.
    Is(PersonIx),
    /// One of several of the name, and nothing tells which.
    OneOfSeveral,
    /// Nobody of the household.
    Nobody,
}

/// Finds the person of a job or an exemption, who may be the same for several.
pub fn find_worker(index: &Index, household: HouseholdIx, wanted: Keys) -> Worker {
    let Some(at) = find_people(index, household, &[wanted])[0] else { return Worker::Nobody };
    let found = index.person(at);
    let by_number = wanted.number != 0 && found.keys.number == wanted.number;
    if found.keys.ids_differ(wanted) && !by_number {
        return Worker::Nobody;
    }
    let is_told = by_number || same_id(found.keys, wanted);
    let may_be = |person: &PersonEntry| {
        same_name(person.keys, wanted) && !person.keys.differ(wanted) && person.left == found.left
    };
    let namesakes = index.people_of(household).filter(|at| may_be(index.person(*at))).count();
    if is_told || namesakes < 2 { Worker::Is(at) } else { Worker::OneOfSeveral }
}

fn numbered(known: Keys, wanted: Keys) -> bool {
    known.number != 0 && wanted.number != 0
}

fn same_id(known: Keys, wanted: Keys) -> bool {
    wanted.id != 0 && known.id == wanted.id
}

fn same_name(known: Keys, wanted: Keys) -> bool {
    wanted.name != 0 && known.name == wanted.name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::HouseholdId;
    use crate::exchange::roster::RosterPerson;

    fn village() -> VillageCode {
        "419999101201".parse().unwrap()
    }

    fn keys(number: u64, id: u64, name: u64) -> Keys {
        Keys { number, id, name, valid: id != 0 }
    }

    fn wrong(id: u64, name: u64) -> Keys {
        Keys { valid: false, ..keys(0, id, name) }
    }

    fn find(index: &Index, said: &RosterHousehold, step: u32) -> Found {
        find_household(index, Wanted { said, village: village(), kind: Name::new("ledger"), step })
    }

    fn household(index: &mut Index, number: u64, people: &[Keys]) -> HouseholdIx {
        let serial = index.households().len() as u32 + 1;
        let at = index.add_household(HouseholdId { village: village(), serial }, number);
        for (nth, keys) in people.iter().enumerate() {
            index.add_person(at, serial * 100 + nth as u32, *keys);
        }
        index.household_mut(at).head = people.first().map_or(0, |head| head.name);
        at
    }

    fn said(number: Option<&str>, people: &[Keys]) -> RosterHousehold {
        let person =
            |(nth, keys): (usize, &Keys)| RosterPerson { keys: *keys, is_head: nth == 0, ..Default::default() };
        RosterHousehold {
            number: number.map(Into::into),
            village: None,
            said: Vec::new(),
            people: people.iter().enumerate().map(person).collect(),
            rows: Vec::new(),
            lists: Vec::new(),
            head: 0,
            digest: 0,
            table: 0,
            row: 4,
        }
    }

    #[test]
    fn people_are_told_by_number_then_id_then_name() {
        let mut index = Index::default();
        let at = household(&mut index, 1, &[keys(1, 11, 21), keys(0, 12, 22), keys(0, 0, 23), keys(2, 14, 24)]);
        let people: Vec<PersonIx> = index.people_of(at).collect();
        let wanted = [keys(0, 0, 23), keys(9, 12, 25), keys(1, 19, 29), keys(3, 14, 24), keys(0, 0, 24)];
        let found = find_people(&index, at, &wanted);
        assert_eq!(found, [Some(people[2]), Some(people[1]), Some(people[0]), None, Some(people[3])]);
    }

    #[test]
    fn the_same_id_number_twice_in_a_household_stays_two_people() {
        let mut index = Index::default();
        let at = household(&mut index, 1, &[keys(0, 11, 21), keys(0, 11, 22)]);
        let people: Vec<PersonIx> = index.people_of(at).collect();
        let found = find_people(&index, at, &[keys(0, 11, 22), keys(0, 11, 21)]);
        assert_eq!(found, [Some(people[1]), Some(people[0])]);
    }

    #[test]
    fn a_household_of_the_ledger_is_promoted_by_its_people() {
        let mut index = Index::default();
        let family = household(&mut index, 0, &[keys(0, 11, 21), keys(0, 12, 22), keys(0, 13, 23)]);
        let promoted = said(Some("x"), &[keys(5, 11, 21), keys(6, 12, 22)]);
        assert_eq!(find(&index, &promoted, 1), Found::Promoted(family));
        index.household_mut(family).named_in = 1;
        assert_eq!(find(&index, &promoted, 1), Found::Nobody);
    }

    #[test]
    fn a_daughter_with_a_household_of_her_own_does_not_take_her_parents_along() {
        let mut index = Index::default();
        household(&mut index, 0, &[keys(0, 11, 21), keys(0, 12, 22), keys(0, 13, 23)]);
        assert_eq!(find(&index, &said(Some("x"), &[keys(5, 13, 23)]), 1), Found::Nobody);
    }

    #[test]
    fn a_numbered_household_is_found_by_a_ledger_but_never_promoted() {
        let mut index = Index::default();
        let numbered = household(&mut index, Keys::of_number("x"), &[keys(1, 11, 21)]);
        assert_eq!(find(&index, &said(Some("x"), &[]), 1), Found::Known(numbered));
        assert_eq!(find(&index, &said(Some("y"), &[keys(0, 11, 21)]), 1), Found::OtherNumber(numbered));
        assert_eq!(find(&index, &said(None, &[keys(0, 11, 21)]), 1), Found::Known(numbered));
    }

    #[test]
    fn a_ledgers_household_without_numbers_is_found_by_its_only_head() {
        let mut index = Index::default();
        let family = household(&mut index, 0, &[keys(0, 0, 21)]);
        let group = Some("3组");
        index.name_head(family, Keys::of_head(21, group));
        let mut wanted = said(None, &[keys(0, 0, 21)]);
        wanted.head = Keys::of_head(21, group);
        assert_eq!(find(&index, &wanted, 1), Found::Known(family));
        let namesake = household(&mut index, 0, &[keys(0, 0, 21)]);
        index.name_head(namesake, Keys::of_head(21, group));
        assert_eq!(find(&index, &wanted, 1), Found::OneOfSeveral, "nothing tells which");
        index.household_mut(namesake).set_digest(Name::new("ledger"), 7);
        wanted.digest = 7;
        assert_eq!(find(&index, &wanted, 1), Found::Known(namesake), "it said the very same");
        index.household_mut(namesake).named_in = 1;
        assert_eq!(find(&index, &wanted, 1), Found::Known(family));
    }

    #[test]
    fn two_heads_of_a_name_in_a_group_are_two_where_their_numbers_say_so() {
        let group = Some("3组");
        let headed = |people: &[Keys]| {
            let mut index = Index::default();
            let family = household(&mut index, 9, people);
            index.name_head(family, Keys::of_head(21, group));
            (index, family)
        };
        let wanted = |people: &[Keys]| {
            let mut wanted = said(None, people);
            wanted.head = Keys::of_head(21, group);
            wanted
        };
        let (index, family) = headed(&[keys(0, 11, 21)]);
        assert_eq!(find(&index, &wanted(&[keys(0, 12, 21)]), 1), Found::Nobody);
        assert_eq!(find(&index, &wanted(&[keys(0, 0, 21)]), 1), Found::Known(family), "unknown is not another");
        assert_eq!(find(&index, &wanted(&[wrong(12, 21)]), 1), Found::Known(family), "a wrong number tells nothing");
        let (index, family) = headed(&[keys(0, 0, 21), keys(0, 13, 22)]);
        assert_eq!(find(&index, &wanted(&[keys(0, 0, 21), keys(0, 14, 23)]), 1), Found::Nobody, "other wives");
        assert_eq!(find(&index, &wanted(&[keys(0, 0, 21), keys(0, 0, 22)]), 1), Found::Known(family));
    }

    #[test]
    fn who_has_another_right_number_is_another_whatever_the_name() {
        let mut index = Index::default();
        let at = household(&mut index, 1, &[keys(0, 11, 21), keys(0, 12, 22)]);
        let people: Vec<PersonIx> = index.people_of(at).collect();
        assert_eq!(find_people(&index, at, &[keys(0, 13, 22)]), [Some(people[1])], "put right");
        let namesakes = household(&mut index, 3, &[keys(0, 15, 25), keys(0, 16, 25)]);
        assert_eq!(find_people(&index, namesakes, &[keys(0, 17, 25)]), [None], "a third of the name");
        assert_eq!(find_people(&index, at, &[wrong(13, 22)]), [Some(people[1])]);
        assert_eq!(find_people(&index, at, &[keys(0, 0, 0)]), [None], "no name is nobody's name");
        // Her husband's number written down for her, and put right later.
        let mixed = [keys(0, 11, 22), keys(0, 11, 21)];
        assert_eq!(find_people(&index, at, &mixed), [Some(people[1]), Some(people[0])]);
        let spoiled = household(&mut index, 2, &mixed);
        let people: Vec<PersonIx> = index.people_of(spoiled).collect();
        assert_eq!(
            find_people(&index, spoiled, &[keys(0, 12, 22), keys(0, 11, 21)]),
            [Some(people[0]), Some(people[1])]
        );
    }

    #[test]
    fn a_job_of_one_of_two_of_a_name_is_nobodys_until_a_number_tells() {
        let mut index = Index::default();
        let at = household(&mut index, 1, &[keys(0, 11, 21), keys(0, 0, 21)]);
        let people: Vec<PersonIx> = index.people_of(at).collect();
        assert_eq!(find_worker(&index, at, keys(0, 0, 21)), Worker::OneOfSeveral);
        assert_eq!(find_worker(&index, at, keys(0, 11, 21)), Worker::Is(people[0]));
        assert_eq!(find_worker(&index, at, keys(0, 12, 21)), Worker::Is(people[1]));
        assert_eq!(find_worker(&index, at, keys(0, 0, 29)), Worker::Nobody);
    }

    #[test]
    fn a_family_that_splits_is_not_the_old_one_under_another_number() {
        let mut index = Index::default();
        household(&mut index, 1, &[keys(1, 11, 21), keys(2, 12, 22), keys(3, 13, 23), keys(4, 14, 24)]);
        let splits = said(Some("y"), &[keys(0, 13, 23), keys(0, 14, 24)]);
        assert_eq!(find(&index, &splits, 1), Found::Nobody);
    }
}
