//! What was asked once and can be changed later: the village's name, the policy, who works here, saved searches.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::domain::{Author, VillageCode};

use super::open::Workspace;

/// The store's settings. A newer program may add to them; what this one does not know is kept out of its way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The villages' names.
    pub names: BTreeMap<VillageCode, String>,
    /// The county's or the township's name, where the store holds its villages.
    pub county: String,
    /// The policy file by name; none chooses by place and day.
    pub policy: Option<String>,
    /// The figures of the place's policy that were told last, by key; none where they never were.
    pub figures_told: Option<BTreeMap<String, String>>,
    /// Everybody who has worked here, the one at the keyboard first.
    pub people: Vec<Author>,
    /// Searches saved under a name.
    pub searches: Vec<SavedSearch>,
    /// Whether every change needs the first secretary's word before it goes to the clerk.
    pub needs_approval: bool,
    /// Where the last backup went.
    pub backups: Option<PathBuf>,
    /// Where papers and sets go.
    pub papers: Option<PathBuf>,
    /// Where the last rosters came from.
    pub rosters: Option<PathBuf>,
    /// Where the last receipts came from.
    pub receipts: Option<PathBuf>,
    /// The fingerprints that a person has compared before anything signed with the key came, by village.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub trusted: BTreeMap<VillageCode, String>,
    /// The sets by which villages said that they had nothing to say, at their county.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub nil: BTreeMap<VillageCode, BTreeSet<String>>,
}

/// A search line saved under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedSearch {
    /// The name.
    pub name: String,
    /// The line.
    pub line: String,
}

impl Settings {
    /// Whoever is at the keyboard.
    pub fn at_keyboard(&self) -> Option<&Author> {
        self.people.first()
    }

    /// Puts somebody at the keyboard.
    pub fn sit_down(&mut self, author: Author) {
        self.people.retain(|other| *other != author);
        self.people.insert(0, author);
    }

    /// Saves a search, in place of one of the same name.
    pub fn save_search(&mut self, search: SavedSearch) {
        self.searches.retain(|other| other.name != search.name);
        self.searches.push(search);
    }
}

impl Workspace {
    /// Keeps in mind where files went or came from. That it cannot be kept is no reason to fail what is done already: it
    /// is asked again.
    pub fn remember(&mut self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.settings.clone();
        change(&mut settings);
        if settings != self.settings {
            let _ = self.change_settings(settings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Role;

    #[test]
    fn settings_of_an_older_or_newer_program_are_read() {
        let settings: Settings = serde_json::from_str(r#"{"policy":"henan-2022","of_the_future":1}"#).unwrap();
        assert_eq!(settings.policy.as_deref(), Some("henan-2022"));
    }

    #[test]
    fn who_sits_down_is_first_and_known_once() {
        let author = |name: &str| Author { name: name.into(), role: Role::Coordinator };
        let mut settings = Settings::default();
        for name in ["李桂枝", "王建国", "李桂枝"] {
            settings.sit_down(author(name));
        }
        assert_eq!(settings.people, [author("李桂枝"), author("王建国")]);
    }
}
