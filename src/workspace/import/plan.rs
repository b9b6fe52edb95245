//! What becomes of one household when a roster speaks of it: an act, or nothing.

use std::collections::{HashMap, HashSet};

use crate::catalogue::Catalogue;
use crate::changes::{Act, AsOf, Origin, Seen};
use crate::domain::{Author, Household, HouseholdFile, HouseholdId, Moment, Name, PartialDate, VillageCode};
use crate::exchange::roster::{Kind, Kinds, RosterHousehold, RowKind, Table, Understanding, Why};

use super::compare::Parts;
use super::error::ImportError;
use super::index::{HouseholdIx, Index, PersonIx};
use super::known::name_of;
use super::matching::{Found, Wanted, find_household};
use super::overlay::Overlay;
use super::report::Details;
use super::tally::Mark;

/// Where files are read from and acts go to.
pub trait Desk {
    /// A household's file as it was before the import.
    fn file(&self, id: HouseholdId) -> Result<Option<HouseholdFile>, ImportError>;

    /// Takes an act.
    fn add(&mut self, act: Act) -> Result<(), ImportError>;
}

/// What an import works by.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// What a file can hold.
    pub catalogue: &'a Catalogue,
    /// The kinds of roster.
    pub kinds: &'a Kinds,
    /// The beginning of the division codes that the store keeps.
    pub scope: &'a str,
    /// The villages that write their files themselves, and whose files here are copies.
    pub copies: &'a HashSet<VillageCode>,
    /// The village of rows that do not say theirs.
    pub village: Option<VillageCode>,
    /// Who imports.
    pub author: &'a Author,
    /// When.
    pub now: Moment,
}

/// The tables of one kind in one file.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    /// Counted from 1 within the import.
    pub number: u32,
    /// The kind, by its place among the kinds.
    pub kind_at: usize,
    /// The kind.
    pub kind: &'a Kind,
    /// The tables of the file.
    pub tables: &'a [Table],
    /// The day of which they speak.
    pub as_of: Option<PartialDate>,
}

/// Plans an import, household by household.
pub struct Planner<'a> {
    pub(super) setting: Setting<'a>,
    /// Whom the village holds, and what has become of them.
    pub index: Index,
    /// What the earlier files did.
    pub overlay: Overlay,
    /// What moves, field by field.
    pub details: Details,
    /// By village the last serial of a household and the last number of a person.
    pub(super) numbers: HashMap<VillageCode, (u32, u32)>,
    /// People whom an earlier file of a kind listed and one of these does not.
    pub(super) missing: Vec<(u8, PersonIx)>,
    /// Of which villages each kind spoke.
    villages: HashSet<(usize, VillageCode)>,
    /// Households whose people are on file under another number.
    put_off: Vec<(VillageCode, RosterHousehold)>,
}

/// How many households can wait for the end of a file; where there are more, the numbers are other ones altogether.
const MOST_PUT_OFF: usize = 10_000;

impl<'a> Planner<'a> {
    /// Makes ready; `numbers` are the last ones given in each village.
    pub fn new(
        setting: Setting<'a>,
        index: Index,
        numbers: HashMap<VillageCode, (u32, u32)>,
        details: Details,
    ) -> Self {
        Self {
            setting,
            index,
            overlay: Overlay::default(),
            details,
            numbers,
            missing: Vec::new(),
            villages: HashSet::new(),
            put_off: Vec::new(),
        }
    }

    /// Plans one household: the act that it comes to, or none where nothing moves.
    pub fn household(
        &mut self,
        step: Step<'_>,
        desk: &dyn Desk,
        understanding: &mut Understanding<'_>,
        said: RosterHousehold,
    ) -> Result<Option<Act>, ImportError> {
        let village = match said.village {
            Some(village) if !village.to_string().starts_with(self.setting.scope) => {
                refuse(understanding, step, &said, Why::OtherVillage { village });
                return Ok(None);
            }
            Some(village) => village,
            None => self.setting.village.ok_or(ImportError::WhichVillage)?,
        };
        if self.setting.copies.contains(&village) {
            refuse(understanding, step, &said, Why::OfTheVillage);
            return Ok(None);
        }
        self.villages.insert((step.kind_at, village));
        if step.kind.row == RowKind::Job {
            return self.jobs(step, desk, understanding, said);
        }
        self.person_household(step, desk, understanding, village, said)
    }

    fn person_household(
        &mut self,
        step: Step<'_>,
        desk: &dyn Desk,
        understanding: &mut Understanding<'_>,
        village: VillageCode,
        said: RosterHousehold,
    ) -> Result<Option<Act>, ImportError> {
        let is_local = said.number.as_deref().is_some_and(|number| HouseholdId::from_local_number(number).is_some());
        let wanted = Wanted { said: &said, village, kind: step.kind.id, step: step.number };
        match find_household(&self.index, wanted) {
            Found::Nobody if is_local => {
                refuse(understanding, step, &said, Why::NoSuchHousehold);
                Ok(None)
            }
            Found::Nobody => {
                self.doubt_numbers(step, desk, understanding, &said, None)?;
                Ok(Some(self.open(step, village, said)))
            }
            Found::Known(household) => {
                self.doubt_numbers(step, desk, understanding, &said, Some(household))?;
                self.compare(step, desk, household, said, false)
            }
            Found::Promoted(household) => self.compare(step, desk, household, said, true),
            // Whether the other number still stands in the file shows at its end.
            Found::OtherNumber(_) if self.put_off.len() < MOST_PUT_OFF => {
                self.put_off.push((village, said));
                Ok(None)
            }
            Found::OtherNumber(household) => {
                let number = self.number_of(desk, household)?;
                refuse(understanding, step, &said, Why::OtherNumber { number });
                Ok(None)
            }
            Found::OneOfSeveral => {
                refuse(understanding, step, &said, Why::SameHeads);
                Ok(None)
            }
        }
    }

    /// Plans what was put off until the end of a step: a household whose people stand in the file under their old number
    /// too has split from it, and one whose people do not has another number.
    pub fn put_off(
        &mut self,
        step: Step<'_>,
        desk: &dyn Desk,
        understanding: &mut Understanding<'_>,
    ) -> Result<Vec<Act>, ImportError> {
        let mut acts = Vec::new();
        for (village, said) in std::mem::take(&mut self.put_off) {
            let wanted = Wanted { said: &said, village, kind: step.kind.id, step: step.number };
            match find_household(&self.index, wanted) {
                Found::OtherNumber(household) if self.index.household(household).named_in != step.number => {
                    let number = self.number_of(desk, household)?;
                    refuse(understanding, step, &said, Why::OtherNumber { number });
                }
                _ => {
                    self.doubt_numbers(step, desk, understanding, &said, None)?;
                    acts.push(self.open(step, village, said));
                }
            }
        }
        Ok(acts)
    }

    /// Lists the people whose right ID number the household does not have on file: another household has it, or the
    /// person of this name has another right one.
    fn doubt_numbers(
        &self,
        step: Step<'_>,
        desk: &dyn Desk,
        understanding: &mut Understanding<'_>,
        said: &RosterHousehold,
        household: Option<HouseholdIx>,
    ) -> Result<(), ImportError> {
        for person in said.people.iter().filter(|person| person.keys.valid) {
            let there = || self.index.with_id(person.keys.id).map(|at| self.index.person(at));
            if household.is_some() && there().any(|known| Some(known.household) == household) {
                continue;
            }
            let elsewhere = there().find(|known| {
                let entry = self.index.household(known.household);
                !known.left && !entry.closed && entry.mark != Mark::New && known.mark != Mark::New
            });
            let here =
                household.into_iter().flat_map(|at| self.index.people_of(at)).map(|at| self.index.person(at).keys);
            let mut of_name = here.filter(|keys| keys.name != 0 && keys.name == person.keys.name);
            let why = match elsewhere {
                Some(elsewhere) => Why::Elsewhere { number: self.number_of(desk, elsewhere.household)? },
                None if of_name.any(|keys| keys.ids_differ(person.keys)) => Why::OtherId,
                None => continue,
            };
            let name = name_of(step.kind, person);
            let column = step.tables[said.table].keys.name.unwrap_or_default();
            let problem = understanding.values.problem(said.table, person.row, column, &name, why);
            understanding.values.problems.note(problem);
        }
        Ok(())
    }

    fn number_of(&self, desk: &dyn Desk, household: HouseholdIx) -> Result<Box<str>, ImportError> {
        let id = self.index.household(household).id;
        let file = desk.file(id)?;
        Ok(file.map_or_else(|| id.local_number(), |file| Household::of(&file).number()).into())
    }

    /// Marks whom the files did not name, though earlier ones of the same kind did; the acts that say so of households
    /// which were left out altogether.
    pub fn finish(&mut self, desk: &dyn Desk) -> Result<Vec<Act>, ImportError> {
        for (kind, person) in std::mem::take(&mut self.missing) {
            let entry = self.index.person_mut(person);
            if entry.seen & kind == 0 {
                entry.mark.raise(Mark::Absent);
            }
        }
        let kinds = &self.setting.kinds.kinds;
        let rank = |id: Name| kinds.iter().find(|kind| kind.id == id).map_or(0, |kind| kind.rank);
        let mut left_out: Vec<(usize, HouseholdId)> = Vec::new();
        for (at, kind) in kinds.iter().enumerate().filter(|(_, kind)| kind.row == RowKind::Person) {
            for household in self.index.households_mut() {
                let is_ours = household.digest_of(kind.id).is_some();
                let held_above = household.rosters.iter().any(|(other, _)| rank(*other) > kind.rank);
                let spoken_of = self.villages.contains(&(at, household.id.village));
                if is_ours && spoken_of && !held_above && !household.closed && household.seen & bit(at) == 0 {
                    household.mark.raise(Mark::Absent);
                    left_out.push((at, household.id));
                }
            }
        }
        let gone = self.index.households().iter().filter(|household| household.mark == Mark::Absent);
        gone.for_each(|household| self.details.gone(household.id));
        let mut acts = Vec::new();
        for (kind_at, id) in left_out {
            let kind = &kinds[kind_at];
            let file = self.overlay.file(id, desk.file(id)?);
            let known = file.as_ref().and_then(|file| file.rosters.iter().find(|seen| seen.kind == kind.id));
            if known.is_some_and(|known| known.people.iter().any(|person| !known.gone.contains(person))) {
                let step = Step { number: 0, kind_at, kind, tables: &[], as_of: None };
                let seen = Seen { household: id.serial, people: Vec::new(), digest: 0 };
                acts.push(self.act(step, id, Parts::default(), seen, Vec::new()));
            }
        }
        Ok(acts)
    }

    /// An act with what came out of a household.
    pub(super) fn act(&self, step: Step<'_>, id: HouseholdId, parts: Parts, seen: Seen, sections: Vec<Name>) -> Act {
        let Setting { author, now, .. } = self.setting;
        let mut act = Act::new(id.village, Name::fixed("roster"), "", &author.name, author.role.identifier(), now);
        act.origin = Some(Origin { roster: step.kind.id, from_county: step.kind.from_county });
        (act.taken, act.changes, act.told) = (parts.taken, parts.changes, parts.told);
        if let Some(on) = step.as_of.filter(|_| !sections.is_empty()) {
            act.as_of.push(AsOf { household: id.serial, on, sections });
        }
        act.seen.push(seen);
        act
    }

    pub(super) fn next_household(&mut self, village: VillageCode) -> u32 {
        let (household, _) = self.numbers.entry(village).or_default();
        *household += 1;
        *household
    }

    pub(super) fn next_person(&mut self, village: VillageCode) -> u32 {
        let (_, person) = self.numbers.entry(village).or_default();
        *person += 1;
        *person
    }
}

/// The bit of a kind of roster, by its place.
pub(super) fn bit(kind_at: usize) -> u8 {
    1u8.checked_shl(kind_at as u32).unwrap_or(0)
}

/// Lists what is wrong with a household as a whole.
pub(super) fn refuse(understanding: &mut Understanding<'_>, step: Step<'_>, said: &RosterHousehold, why: Why) {
    let column = step.tables[said.table].keys.household.unwrap_or_default();
    let number = said.number.as_deref().unwrap_or_default();
    let problem = understanding.values.problem(said.table, said.row, column, number, why);
    understanding.values.problems.note(problem);
}
