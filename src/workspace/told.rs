//! What a person is told of an act that she just made: what it left as it was.

use crate::changes::{Act, FieldChange};
use crate::domain::{Finding, HouseholdId, VillageCode};

use super::error::WorkspaceError;
use super::in_words::InWords;
use super::open::Workspace;

impl Workspace {
    /// What acts have left as it was since somebody asked, in sentences.
    pub fn take_told(&mut self) -> Vec<String> {
        std::mem::take(&mut self.told)
    }

    /// The changes of an act that speak of an earlier day than the file.
    pub fn outdated_in(&self, village: VillageCode, number: u64) -> Result<Vec<FieldChange>, WorkspaceError> {
        let stored = self.store.act(self.enters_into(village), number)?;
        Ok(stored.map_or_else(Vec::new, |stored| stored.act.outdated))
    }

    /// Notes what an act left as it was.
    pub(super) fn see_what_stays(&mut self, act: &Act) {
        let Some(form) = act.form.as_ref().map(|form| form.household) else {
            let households: Vec<u32> = act.outdated.iter().map(|change| change.household).take(1).collect();
            households.into_iter().for_each(|serial| self.see_outdated(act, serial));
            return;
        };
        self.see_outdated(act, form);
        self.see_left_open(act, form);
    }

    fn see_outdated(&mut self, act: &Act, serial: u32) {
        let id = HouseholdId { village: act.village, serial };
        let Ok(file) = self.file(id) else { return };
        let in_words = InWords {
            catalogue: &self.definitions.catalogue,
            file: &file,
            act,
            household: &|serial| self.household_in_words(HouseholdId { serial, ..id }),
            shows_private: false,
        };
        let lines: Vec<String> = in_words.outdated_in_words().collect();
        self.told.extend(lines);
    }

    /// What an earlier visit was told of and nobody has put into the file stays so, whatever is as on file.
    fn see_left_open(&mut self, act: &Act, serial: u32) {
        let Ok(file) = self.file(HouseholdId { village: act.village, serial }) else { return };
        let Some(visit) = act.form.as_ref() else { return };
        let of_item = |item| visit.items.get(item).is_some_and(|answer| answer.finding == Finding::AsOnFile);
        let left: Vec<&str> =
            file.open_items.iter().filter(|open| of_item(&open.item)).map(|open| &*open.what).collect();
        if !left.is_empty() {
            let left = left.join("、");
            self.told.push(format!("上次说的“{left}”还没入档，与档一致不算了结：先改户档；没有这回事的，单独答这一项"));
        }
    }
}
