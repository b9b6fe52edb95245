//! Which household and which person a roster means.

use crate::domain::VillageCode;
use crate::exchange::roster::{Keys, RosterHousehold};

use super::index::{HouseholdIx, Index, PersonIx};

/// The household that a roster means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// One that is on file.
    Known(HouseholdIx),
    /// One of the ledger's that has received a 户编号.
    Promoted(HouseholdIx),
    /// None that is on file.
    Nobody,
}

/// Finds a household: by its 户编号, else by its people's ID numbers, else, where it has no 户编号, by its head.
///
/// `step` is the step of the import; a household that it named already is not found again by its people.
pub fn find_household(index: &Index, said: &RosterHousehold, village: VillageCode, step: u32) -> Found {
    match &said.number {
        Some(number) => match index.numbered(Keys::of_number(number)) {
            Some(known) => Found::Known(known),
            None => by_people(index, said, village, step, true).map_or(Found::Nobody, Found::Promoted),
        },
        None => by_people(index, said, village, step, false)
            .or_else(|| by_head(index, said, village, step))
            .map_or(Found::Nobody, Found::Known),
    }
}

/// The household that holds the head, else most of the people, by ID number. Where the head is somebody else's child,
/// or a few people only are there, it is another family.
fn by_people(
    index: &Index,
    said: &RosterHousehold,
    village: VillageCode,
    step: u32,
    unnumbered_only: bool,
) -> Option<HouseholdIx> {
    struct Candidate {
        household: HouseholdIx,
        people: usize,
        heads_meet: bool,
    }
    let mut candidates: Vec<Candidate> = Vec::new();
    let with_id = || said.people.iter().filter(|person| person.keys.id != 0);
    for person in with_id() {
        for at in index.with_id(person.keys.id) {
            let known = index.person(at);
            let entry = index.household(known.household);
            let fits = entry.id.village == village && !entry.closed && !known.left && entry.named_in != step;
            if !fits || (unnumbered_only && entry.number != 0) {
                continue;
            }
            let heads_meet = person.is_head && entry.head != 0 && entry.head == known.keys.name;
            match candidates.iter_mut().find(|candidate| candidate.household == known.household) {
                Some(candidate) => {
                    candidate.people += 1;
                    candidate.heads_meet |= heads_meet;
                }
                None => candidates.push(Candidate { household: known.household, people: 1, heads_meet }),
            }
        }
    }
    let best = candidates.into_iter().max_by_key(|candidate| (candidate.heads_meet, candidate.people))?;
    let there = index.people_of(best.household).map(|at| index.person(at));
    let there = there.filter(|person| !person.left && person.keys.id != 0).count();
    (best.heads_meet || best.people * 2 >= there.max(with_id().count())).then_some(best.household)
}

fn by_head(index: &Index, said: &RosterHousehold, village: VillageCode, step: u32) -> Option<HouseholdIx> {
    let household = index.headed(village, said.head)?;
    let entry = index.household(household);
    (!entry.closed && entry.named_in != step).then_some(household)
}

/// Finds people within a household, each at most once: by 人编号, else by ID number, else by name. Different 人编号 are
/// different people.
pub fn find_people(index: &Index, household: HouseholdIx, wanted: &[Keys]) -> Vec<Option<PersonIx>> {
    let mut found = vec![None; wanted.len()];
    let mut free: Vec<PersonIx> = index.people_of(household).collect();
    let passes: [fn(Keys, Keys) -> bool; 4] = [
        |known, wanted| wanted.number != 0 && known.number == wanted.number,
        |known, wanted| may_be(known, wanted) && same_id(known, wanted) && known.name == wanted.name,
        |known, wanted| may_be(known, wanted) && same_id(known, wanted),
        |known, wanted| may_be(known, wanted) && wanted.name != 0 && known.name == wanted.name,
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

/// Finds the person of a job, who may be the same for several.
pub fn find_worker(index: &Index, household: HouseholdIx, wanted: Keys) -> Option<PersonIx> {
    find_people(index, household, &[wanted])[0]
}

fn may_be(known: Keys, wanted: Keys) -> bool {
    known.number == 0 || wanted.number == 0
}

fn same_id(known: Keys, wanted: Keys) -> bool {
    wanted.id != 0 && known.id == wanted.id
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
        Keys { number, id, name }
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
        assert_eq!(find_household(&index, &promoted, village(), 1), Found::Promoted(family));
        index.household_mut(family).named_in = 1;
        assert_eq!(find_household(&index, &promoted, village(), 1), Found::Nobody);
    }

    #[test]
    fn a_daughter_with_a_household_of_her_own_does_not_take_her_parents_along() {
        let mut index = Index::default();
        household(&mut index, 0, &[keys(0, 11, 21), keys(0, 12, 22), keys(0, 13, 23)]);
        assert_eq!(find_household(&index, &said(Some("x"), &[keys(5, 13, 23)]), village(), 1), Found::Nobody);
    }

    #[test]
    fn a_numbered_household_is_found_by_a_ledger_but_never_promoted() {
        let mut index = Index::default();
        let numbered = household(&mut index, Keys::of_number("x"), &[keys(1, 11, 21)]);
        assert_eq!(find_household(&index, &said(Some("x"), &[]), village(), 1), Found::Known(numbered));
        assert_eq!(find_household(&index, &said(Some("y"), &[keys(0, 11, 21)]), village(), 1), Found::Nobody);
        assert_eq!(find_household(&index, &said(None, &[keys(0, 11, 21)]), village(), 1), Found::Known(numbered));
    }

    #[test]
    fn a_ledgers_household_without_numbers_is_found_by_its_only_head() {
        let mut index = Index::default();
        let family = household(&mut index, 0, &[keys(0, 0, 21)]);
        let group = Some("3组");
        index.name_head(family, Keys::of_head(21, group));
        let mut wanted = said(None, &[keys(0, 0, 21)]);
        wanted.head = Keys::of_head(21, group);
        assert_eq!(find_household(&index, &wanted, village(), 1), Found::Known(family));
        let namesake = household(&mut index, 0, &[keys(0, 0, 21)]);
        index.name_head(namesake, Keys::of_head(21, group));
        assert_eq!(find_household(&index, &wanted, village(), 1), Found::Nobody);
    }
}
