//! The households in short: listed, found, and where each stands today.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::{
    HouseholdFile, HouseholdId, PersonId, PersonSummary, Summary, VillageCode, id_number, person_name,
};
use crate::progress::Progress;
use crate::rules::standing::{self, Standing};

use super::error::WorkspaceError;
use super::open::Workspace;

/// All households of the store, in the store's order, with what was worked out of them.
#[derive(Default)]
pub struct Households {
    all: Vec<Summary>,
    at: HashMap<HouseholdId, usize>,
    by_number: HashMap<Box<str>, HouseholdId>,
    standings: RefCell<HashMap<HouseholdId, Arc<Standing>>>,
}

impl Households {
    /// How many there are, closed ones included.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Summary> {
        self.all.iter()
    }

    /// One of them.
    pub fn get(&self, id: HouseholdId) -> Option<&Summary> {
        self.at.get(&id).map(|at| &self.all[*at])
    }

    /// The household that a number names: 户编号, or the village's own.
    pub fn numbered(&self, number: &str) -> Option<HouseholdId> {
        self.by_number
            .get(number)
            .copied()
            .or_else(|| HouseholdId::from_local_number(number).filter(|id| self.at.contains_key(id)))
    }

    /// Forgets what was worked out of files, after the day or the policy changed.
    pub(super) fn forget_standings(&self) {
        self.standings.borrow_mut().clear();
    }

    fn put(&mut self, summary: Summary) {
        let id = summary.id;
        self.standings.borrow_mut().remove(&id);
        if let Some(number) = &summary.national_number {
            self.by_number.insert(number.clone(), id);
        }
        match self.at.get(&id) {
            Some(at) => self.all[*at] = summary,
            None => {
                self.at.insert(id, self.all.len());
                self.all.push(summary);
            }
        }
    }
}

impl Workspace {
    /// The households in short.
    pub fn households(&self) -> &Households {
        &self.households
    }

    /// The household that a number names.
    pub fn household(&self, number: &str) -> Result<HouseholdId, WorkspaceError> {
        self.households.numbered(number.trim()).ok_or_else(|| WorkspaceError::NoHousehold(number.to_owned()))
    }

    /// One household's file.
    pub fn file(&self, id: HouseholdId) -> Result<HouseholdFile, WorkspaceError> {
        self.store.file(id)?.ok_or_else(|| WorkspaceError::NoHousehold(id.local_number()))
    }

    /// Where a household stands today; worked out once, until its file, the day or the policy changes.
    pub fn standing(&self, id: HouseholdId) -> Result<Arc<Standing>, WorkspaceError> {
        if let Some(known) = self.households.standings.borrow().get(&id) {
            return Ok(Arc::clone(known));
        }
        let file = self.file(id)?;
        let standing = Arc::new(standing::of(self.look(), &file));
        self.know_first(&file);
        self.households.standings.borrow_mut().insert(id, Arc::clone(&standing));
        Ok(standing)
    }

    /// The number by which a household of a village is called outside.
    pub fn number_of(&self, id: HouseholdId) -> String {
        self.households.get(id).map_or_else(|| id.local_number(), Summary::number)
    }

    /// The number by which a member of a household is called outside.
    pub fn person_number(&self, id: HouseholdId, person: u32) -> String {
        let known = self.households.get(id).and_then(|summary| summary.everyone.iter().find(|it| it.id == person));
        let national = known.and_then(|person| person.national_number.as_deref());
        national.map_or_else(|| PersonId(person).local_number(id.village), str::to_owned)
    }

    /// What a household is called among others: its head, and where it lives as far as that is known.
    pub fn household_in_words(&self, id: HouseholdId) -> String {
        let Some(summary) = self.households.get(id) else { return id.local_number() };
        let head = if summary.head.is_empty() { summary.number() } else { summary.head.to_string() };
        let place = [&summary.group, &summary.house_number].into_iter().flatten().map(|part| &**part);
        [head.as_str()].into_iter().chain(place).collect::<Vec<_>>().join(" ")
    }

    /// The files of a village in which somebody has, or had, this name or this ID number.
    pub(super) fn alike(&self, village: VillageCode, name: &str, id: Option<&str>) -> Vec<HouseholdFile> {
        let key = person_name::key(name);
        let is_alike = |person: &PersonSummary| {
            let number = || person.id_number.as_deref().map(id_number::tidy);
            !key.is_empty() && person_name::key(&person.name) == key
                || id.is_some_and(|id| number().is_some_and(|known| id_number::stem(&known) == id_number::stem(id)))
        };
        let of_village = self.households.iter().filter(|summary| summary.id.village == village);
        let alike = of_village.filter(|summary| summary.everyone.iter().any(is_alike));
        alike.filter_map(|summary| self.file(summary.id).ok()).collect()
    }

    pub(super) fn load_households(&mut self, progress: &mut dyn Progress) -> Result<(), WorkspaceError> {
        let mut households = Households::default();
        for (read, summary) in self.store.summaries().enumerate() {
            if read % 10_000 == 0 {
                progress.step("读取农户", read as u64, None);
            }
            households.put(summary?);
        }
        self.households = households;
        self.search = OnceCell::new();
        Ok(())
    }

    /// Reads households again after an act touched them.
    pub(super) fn refresh(&mut self, ids: &[HouseholdId]) -> Result<(), WorkspaceError> {
        for id in ids {
            let none = || WorkspaceError::NoHousehold(id.local_number());
            let summary = self.store.summary(*id)?.ok_or_else(none)?;
            if let Some(index) = self.search.get_mut() {
                index.update(&summary);
            }
            let before = self.households.get(*id).map(|known| known.reckoned);
            self.see_fall(before, &summary);
            self.households.put(summary);
            // The others are told at once: what they share with it is concluded anew.
            self.know(&self.file(*id)?);
        }
        Ok(())
    }
}
