//! What to do first, over all households of the village at work.

use crate::domain::HouseholdId;
use crate::rules::first::{self, Thing};
use crate::rules::urgency::Weights;

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
            first.of += here.len();
            first.things.extend(here.into_iter().map(|thing| (id, thing)));
            // A county has them by the hundred thousand, and the order of what is kept does not depend on the rest.
            if first.things.len() > most.saturating_mul(4) {
                first.keep(most, weights);
            }
        }
        first.keep(most, weights);
        Ok(first)
    }
}

impl FirstThings {
    fn keep(&mut self, most: usize, weights: &Weights) {
        first::order(&mut self.things, weights);
        self.things.truncate(most);
    }
}
