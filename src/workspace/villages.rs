//! Which village of a store is at work, what its villages are called, and which of their files are copies.

use crate::domain::{Side, VillageCode};

use super::error::WorkspaceError;
use super::open::Workspace;

impl Workspace {
    /// Turns to one village of the store, or to all of them.
    pub fn work_at(&mut self, village: Option<VillageCode>) -> Result<(), WorkspaceError> {
        if let Some(village) = village.filter(|village| !village.to_string().starts_with(self.store.scope())) {
            return Err(WorkspaceError::NotOurs { village, scope: self.store.scope().into() });
        }
        self.village = village;
        self.choose_policy_anew()?;
        self.load_pending()
    }

    /// Whether several villages are at work at once, so that each household has to say whose it is.
    pub fn shows_villages(&self) -> bool {
        self.village.is_none() && self.store.villages().len() > 1
    }

    /// Whether a county's or a township's villages are at work all together.
    pub fn is_county_wide(&self) -> bool {
        self.is_countys() && self.village.is_none()
    }

    /// Whether what is held of a village is a copy: the village writes it, and what is entered here corrects it.
    pub fn is_copy(&self, village: VillageCode) -> bool {
        self.enters_into(village).side == Side::County
    }

    /// Whether a county's store holds no village that it writes itself.
    pub fn keeps_copies_only(&self) -> bool {
        self.is_countys() && self.store.villages().into_iter().all(|village| self.is_copy(village))
    }

    /// What a village is called: its name, or its code where nobody said it.
    pub fn village_in_words(&self, village: VillageCode) -> String {
        let name = self.settings.names.get(&village).filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| village.to_string())
    }

    /// What is at work: a village, or all villages of a county.
    pub fn place_in_words(&self) -> String {
        match self.village {
            Some(village) => self.village_in_words(village),
            None if self.is_countys() => format!("{} · 全部村", self.county_in_words()),
            None => String::new(),
        }
    }

    /// What the county is called, or the beginning of its villages' codes.
    pub fn county_in_words(&self) -> &str {
        if self.settings.county.is_empty() { self.store.scope() } else { &self.settings.county }
    }
}
