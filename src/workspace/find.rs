//! Finding households by the search line, and what a list shows of each.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::catalogue::SectionKind;
use crate::domain::{Class, Household, HouseholdId, Money, Name, RiskState, Slot, Summary, TargetClass};
use crate::rules::standing::{Progress, Standing};

use super::error::WorkspaceError;
use super::open::Workspace;
use super::query::{Facts, Query};
use super::search::{Index, Reason, Seat, SortKey};

/// A household that a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The household.
    pub id: HouseholdId,
    /// Why; none where nothing was typed that a name or number has to match.
    pub reason: Option<Reason>,
}

/// A household in a list, with where it stands today.
#[derive(Clone, Debug)]
pub struct Row {
    /// The file in short.
    pub summary: Summary,
    /// Where it stands.
    pub standing: Standing,
    /// How many changes were not handed over.
    pub pending: usize,
    /// How many entries are stale, changes not handed over in time included.
    pub stale: usize,
}

impl Workspace {
    /// The households that a search line finds, best first, or sorted where a key is given.
    pub fn find(&self, query: &Query, sort: Option<(SortKey, bool)>) -> Vec<Found> {
        let index = self.index();
        let facts = |seat: Seat| self.row(index.id(seat)).ok();
        let mut hits = index.search(query, facts);
        if let Some((key, downwards)) = sort {
            index.sorted(key, downwards, facts).apply(&mut hits);
        }
        let found = hits.into_iter().map(|hit| Found { id: index.id(hit.seat), reason: hit.reason() });
        found.filter(|found| self.is_at_work(found.id)).collect()
    }

    /// The index that searches go through, made when it is first asked for.
    pub fn index(&self) -> &Index {
        self.search.get_or_init(|| Index::build(Arc::clone(&self.definitions.words), self.households().iter()))
    }

    /// What a list shows of a household.
    pub fn row(&self, id: HouseholdId) -> Result<Row, WorkspaceError> {
        let summary = self.households().get(id).ok_or_else(|| WorkspaceError::NoHousehold(id.local_number()))?.clone();
        let standing = self.standing(id)?;
        let stale = standing.stale.len() + self.not_handed_over(id).len();
        Ok(Row { stale, pending: self.pending.of(id), summary, standing })
    }

    /// The name of the person whose row a slot is in, where it is somebody's.
    pub fn whose_row(&self, household: HouseholdId, slot: Slot) -> Option<String> {
        let section = self.definitions.catalogue.section(slot.section)?;
        let file = self.file(household).ok()?;
        let person = match section.kind {
            SectionKind::Person => slot.row,
            SectionKind::Rows if section.of_person => {
                let id = file.row(section.id, slot.row)?.get(Name::fixed("person"))?.as_quantity()?.as_whole()?;
                u32::try_from(id).ok()?
            }
            _ => return None,
        };
        let member = Household::of(&file).everyone().find(|member| member.id.0 == person)?;
        Some(member.name().to_owned())
    }

    /// What a household is on file, in the few words of a list: the kind of target, else the class.
    pub fn class_in_words(&self, summary: &Summary) -> String {
        let label = |list: &'static str, id: &str| {
            let entry = self.definitions.catalogue.list(Name::fixed(list))?.entry_named(id)?;
            Some(entry.short.as_ref().unwrap_or(&entry.label).to_string())
        };
        let target = summary.target.and_then(|target| label("target_class", target.identifier()));
        let class = match summary.class {
            Some(Class::Ordinary) => label("household_class", "ordinary"),
            Some(Class::Relieved { .. }) => label("household_class", "relieved"),
            None => None,
        };
        match (target, summary.risk) {
            (Some(target), Some(RiskState::Open)) => target,
            (Some(target), _) => format!("{target}(消)"),
            (None, _) => class.unwrap_or_default(),
        }
    }
}

fn count(number: usize) -> Option<u32> {
    u32::try_from(number).ok()
}

/// None where nothing is wanted: what is not asked of a household is neither done nor open.
fn done(progress: Progress) -> Option<bool> {
    progress.counts().then(|| progress.is_done())
}

impl Facts for Row {
    fn class(&self) -> Option<Class> {
        self.summary.class
    }
    fn target(&self) -> Option<TargetClass> {
        self.summary.target
    }
    fn risk(&self) -> Option<RiskState> {
        self.summary.risk
    }
    fn closed(&self) -> bool {
        self.summary.closed
    }
    fn has_head(&self) -> bool {
        self.summary.has_head
    }
    fn people(&self) -> u16 {
        self.summary.people
    }
    fn per_person(&self) -> Option<Money> {
        self.summary.per_person
    }
    fn visit_due(&self) -> Option<bool> {
        Some(self.standing.due)
    }
    fn visited(&self) -> Option<bool> {
        Some(self.standing.visited_on.is_some())
    }
    fn last_visit(&self) -> Option<NaiveDate> {
        self.standing.last_visit
    }
    fn screened(&self) -> Option<bool> {
        done(self.standing.screening)
    }
    fn verified(&self) -> Option<bool> {
        done(self.standing.verification)
    }
    fn stale(&self) -> Option<u32> {
        count(self.stale)
    }
    fn pending(&self) -> Option<u32> {
        count(self.pending)
    }
    fn tasks(&self) -> Option<u32> {
        count(self.standing.tasks.len())
    }
    fn conflicts(&self) -> Option<u32> {
        count(self.standing.beside)
    }
}
