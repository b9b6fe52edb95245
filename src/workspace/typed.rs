//! What is typed into a popup, one field or the settings, and not saved yet: kept field by field like a form.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{HouseholdId, Slot, VillageCode};

use super::error::WorkspaceError;
use super::open::Workspace;

/// What something is typed about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// One field of a file.
    Cell(HouseholdId, Slot),
    /// What became of a task, by its row.
    Task(HouseholdId, u32),
    /// A reason for what a check finds: the check, and what it finds there.
    Reason(HouseholdId, Box<str>, Box<str>),
    /// An exemption from a check, in the same way.
    Exemption(HouseholdId, Box<str>, Box<str>),
    /// Why the first secretary returns a household.
    Return(HouseholdId),
    /// Why the county does not take a change: the act, and the part of it.
    Refusal(VillageCode, u64, u32),
    /// Which fields of a finished form go into the file, by the number of its act.
    Offers(HouseholdId, u64),
    /// The settings.
    Settings,
    /// Somebody new at the keyboard.
    Somebody,
}

/// Such a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// What it is about.
    pub about: About,
    /// What stands in the fields, by their ids.
    pub values: Vec<(String, String)>,
    /// The field in which the cursor was.
    pub at: String,
    /// The local day on which it was begun.
    pub on: NaiveDate,
}

impl About {
    /// The household that it is about.
    pub const fn household(&self) -> Option<HouseholdId> {
        match self {
            Self::Cell(id, _)
            | Self::Task(id, _)
            | Self::Reason(id, ..)
            | Self::Exemption(id, ..)
            | Self::Return(id)
            | Self::Offers(id, _) => Some(*id),
            Self::Refusal(..) | Self::Settings | Self::Somebody => None,
        }
    }

    /// Keys hold no name and no ID number.
    fn key(&self) -> String {
        // A name of a variant and ids always have a JSON text.
        format!("typed {}", serde_json::to_string(self).unwrap_or_default())
    }
}

impl Workspace {
    /// Keeps what stands in the fields, durably.
    pub fn keep_typed(&mut self, about: &About, values: Vec<(String, String)>, at: &str) -> Result<(), WorkspaceError> {
        let on = self.typed(about).map_or_else(|| self.today(), |typed| typed.on);
        let typed = Typed { about: about.clone(), values, at: at.to_owned(), on };
        let content = serde_json::to_vec(&typed).unwrap_or_default();
        Ok(self.store.save_draft(&about.key(), &content)?)
    }

    /// What was typed about something and not saved.
    pub fn typed(&self, about: &About) -> Option<Typed> {
        let key = about.key();
        let draft = self.store.drafts().into_iter().find(|draft| *draft.key == *key)?;
        serde_json::from_slice(&draft.content).ok()
    }

    /// Lets go of it.
    pub fn drop_typed(&mut self, about: &About) -> Result<(), WorkspaceError> {
        Ok(self.store.drop_draft(&about.key())?)
    }

    pub(super) fn all_typed(&self) -> Vec<Typed> {
        self.store.drafts().iter().filter_map(|draft| serde_json::from_slice(&draft.content).ok()).collect()
    }
}
