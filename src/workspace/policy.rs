//! The policy of the village at work: what it is called, and its figures with their documents.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::VillageCode;
use crate::policy::{Cited, Layer, Policy, ShownFigure};

use super::definitions::Definitions;
use super::error::WorkspaceError;
use super::open::Workspace;
use super::settings::Settings;

impl Workspace {
    /// What holds for the village at work, or for all of the store.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether the policy is of this place and this year; where it is not, it goes on, or only stands in.
    pub fn policy_holds(&self) -> bool {
        self.policy.holds_for(&self.division(), self.today())
    }

    /// The policy's name, and that it goes on or only stands in where it does.
    pub fn policy_in_words(&self) -> String {
        self.policy.label_for(&self.division(), self.today())
    }

    /// A citation as it is shown here: by its documents.
    pub fn cited(&self, citation: &str) -> Cited {
        self.definitions.cited(citation, &self.policy)
    }

    /// The policy figure by figure, each with its document.
    pub fn figures(&self) -> Vec<ShownFigure> {
        self.policy.shown(&self.definitions.figures, &self.definitions.sources)
    }

    /// The figures that are not those which were told last: another layer has begun, a county has laid down others, or an
    /// older program went by others.
    pub fn figures_changed(&self) -> Vec<FigureChange> {
        let before = match &self.settings.figures_told {
            Some(told) => told.clone(),
            None => self.definitions.former.clone(),
        };
        let now = of_places(&self.figures());
        let label =
            |key: &str| now.get(key).map_or_else(|| self.definitions.figures.name_of(key), |(label, _)| label.clone());
        let keys: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        let changes = keys.into_iter().filter_map(|key| {
            let (was, is) = (before.get(key), now.get(key).map(|(_, value)| value));
            (was != is).then(|| FigureChange { label: label(key), before: was.cloned(), now: is.cloned() })
        });
        changes.collect()
    }

    /// Keeps in mind that whoever sits here has been told of the figures as they are.
    pub fn tell_figures(&mut self) {
        let now = of_places(&self.figures()).into_iter().map(|(key, (_, value))| (key, value)).collect();
        self.remember(|settings| settings.figures_told = Some(now));
    }

    pub(super) fn division(&self) -> String {
        self.village.map_or_else(|| self.store.scope().to_owned(), |village| village.to_string())
    }
}

/// A figure that is another than it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureChange {
    /// Its name.
    pub label: String,
    /// What it was; none where it was not stated.
    pub before: Option<String>,
    /// What it is; none where it is not stated.
    pub now: Option<String>,
}

impl FigureChange {
    /// The change in a sentence.
    pub fn in_words(&self) -> String {
        let told = |value: &Option<String>| value.clone().unwrap_or_else(|| "未载明".to_owned());
        format!("{}：以前{}，现在{}", self.label, told(&self.before), told(&self.now))
    }
}

/// What a place lays down, by key, with its name; what holds everywhere is the program's own.
fn of_places(figures: &[ShownFigure]) -> BTreeMap<String, (String, String)> {
    let of_place = figures.iter().filter_map(|figure| {
        let holds = figure.holds.as_ref().filter(|holds| !holds.everywhere)?;
        Some((figure.key.to_string(), (figure.label.to_string(), holds.value.clone())))
    });
    of_place.collect()
}

/// Refuses the name of a policy file that is not there.
pub(super) fn check_policy(definitions: &Definitions, name: Option<&str>) -> Result<(), WorkspaceError> {
    match name {
        Some(name) if Layer::named(&definitions.layers, name).is_none() => {
            let known: Vec<&str> = definitions.layers.iter().map(|layer| layer.name.as_str()).collect();
            Err(WorkspaceError::NoPolicy { name: name.to_owned(), known: known.join("、") })
        }
        _ => Ok(()),
    }
}

/// What holds for the village at work, or for all of the store.
pub(super) fn choose_policy(
    definitions: &Definitions,
    settings: &Settings,
    village: Option<VillageCode>,
    scope: &str,
    day: NaiveDate,
) -> Policy {
    let division = village.map_or_else(|| scope.to_owned(), |village| village.to_string());
    definitions.policy(settings.policy.as_deref(), &division, day)
}
