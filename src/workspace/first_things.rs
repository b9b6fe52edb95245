//! What to do first, over all households of the village at work.

use crate::checks::Checks;
use crate::domain::HouseholdId;
use crate::rules::check::Finding;
use crate::rules::first::{self, Place, Thing};
use crate::rules::urgency::{Urgency, Weights};

use super::error::WorkspaceError;
use super::open::Workspace;
use super::show::slot_in_words;

/// What comes first, and how much there is in all.
#[derive(Clone, Debug, Default)]
pub struct FirstThings {
    /// The first of them, in the order in which they are done.
    pub things: Vec<(HouseholdId, Thing)>,
    /// How many there are, those left out included.
    pub of: usize,
}

impl Workspace {
    /// What waits in all households, in the order in which it is done; no more of it than `most`.
    pub fn first_things(&self, most: usize) -> Result<FirstThings, WorkspaceError> {
        let (day, weights) = (self.today(), &self.definitions.urgency);
        let mut first = FirstThings::default();
        let mut once = Once::default();
        for id in self.in_walking_order_with_closed() {
            let standing = self.standing(id)?;
            let mut here = first::of(&self.policy, day, &standing, &self.not_handed_over(id));
            here.extend(
                self.returned(id)
                    .map(|word| first::of_return(word.remark.as_deref().unwrap_or_default(), &word.by, word.on, day)),
            );
            here.extend(self.refused_of(id).map(|refused| {
                let slot = refused.change.slot;
                first::of_refusal(slot, &slot_in_words(&self.definitions, slot), &refused.why, refused.on, day)
            }));
            here.extend(first::of_hits(&self.definitions.checks, &standing, &self.hits(id)?));
            here.retain(|thing| !once.takes(&self.definitions.checks, id, thing));
            first.of += here.len();
            first.things.extend(here.into_iter().map(|thing| (id, thing)));
            // A county has them by the hundred thousand, and the order of what is kept does not depend on the rest.
            if first.things.len() > most.saturating_mul(4) {
                first.keep(most, weights);
            }
        }
        first.of += once.0.len();
        for (id, mut thing, households) in once.0 {
            if households > 1 {
                // One answer for a village goes before what is found in one household.
                (thing.urgency, thing.days) = (Urgency::Finding, 1);
                let found = self.findings(id)?;
                let is_it = |finding: &&Finding| thing.place == Place::Finding(finding.number);
                if let Some(finding) = found.iter().find(is_it) {
                    (thing.why, thing.code) = (format!("全村{households}户{}", finding.message), finding.code.as_str());
                }
            }
            first.things.push((id, thing));
        }
        first.keep(most, weights);
        Ok(first)
    }
}

/// What is asked once for all households of which it is found: the first of them, and how many they are.
#[derive(Default)]
struct Once(Vec<(HouseholdId, Thing, usize)>);

impl Once {
    /// Whether a thing is one of these, which it then counts.
    fn takes(&mut self, checks: &Checks, id: HouseholdId, thing: &Thing) -> bool {
        let Place::Finding(check) = thing.place else { return false };
        if !first::is_asked_once(checks, check) {
            return false;
        }
        match self.0.iter_mut().find(|(_, known, _)| known.place == thing.place) {
            Some((_, _, households)) => *households += 1,
            None => self.0.push((id, thing.clone(), 1)),
        }
        true
    }
}

impl FirstThings {
    fn keep(&mut self, most: usize, weights: &Weights) {
        first::order(&mut self.things, weights);
        self.things.truncate(most);
    }
}
