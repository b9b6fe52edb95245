//! Where each change stands on its way to the county and back.

use std::collections::BTreeMap;

use crate::changes::verdicts::Verdicts;
use crate::changes::{Act, FieldChange, HeldFor};
use crate::domain::{HouseholdId, Name, VillageCode};

use super::error::WorkspaceError;
use super::open::Workspace;

/// Where a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has not been handed over.
    Pending,
    /// The same, and the first secretary has approved it.
    Approved,
    /// The same, and the first secretary has returned it.
    Returned,
    /// It was handed over and is kept from the clerk.
    Held,
    /// It was handed over, and the county has not answered.
    Exported,
    /// The county has refused it.
    Refused,
    /// The county has taken it.
    Taken,
}

impl State {
    /// The identifier that scripts see.
    pub const fn identifier(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Returned => "returned",
            Self::Held => "held",
            Self::Exported => "exported",
            Self::Refused => "refused",
            Self::Taken => "taken",
        }
    }

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Pending => "待交",
            Self::Approved => "已审待交",
            Self::Returned => "退回",
            Self::Held => "暂缓",
            Self::Exported => "已交",
            Self::Refused => "县未录",
            Self::Taken => "县已收",
        }
    }
}

/// What there is to know of a village's changes, read once for many of them.
pub struct States<'a> {
    workspace: &'a Workspace,
    verdicts: Verdicts,
    held: BTreeMap<u64, HeldFor>,
    /// The last act that left the village.
    gone: u64,
}

impl States<'_> {
    /// Where one change of an act stands, by its place among the act's field changes from 1.
    pub fn of(&self, act: u64, part: u32) -> State {
        if let Some(word) = self.verdicts.of(act, part) {
            return if word.verdict.refused { State::Refused } else { State::Taken };
        }
        if self.held.contains_key(&act) {
            return State::Held;
        }
        if act <= self.gone {
            return State::Exported;
        }
        match self.workspace.review_of(act).and_then(|review| review.word) {
            Some(word) if word.approved => State::Approved,
            Some(_) => State::Returned,
            None => State::Pending,
        }
    }

    /// What the county says to a change, in words; none where it says nothing or takes it.
    pub fn why_refused(&self, act: u64, part: u32) -> Option<String> {
        let word = self.verdicts.of(act, part).filter(|word| word.verdict.refused)?;
        Some(self.workspace.refusal_in_words(word.verdict.reason, word.verdict.words.as_deref()))
    }
}

/// How the county answered what a run of acts holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Changes that it refused.
    pub refused: usize,
    /// Changes of which it has said nothing yet, those that are held left out.
    pub open: usize,
    /// Whether it has said anything of the run.
    pub is_answered: bool,
}

impl States<'_> {
    /// How the acts from one number to another were answered. What came of rosters is nothing that is answered.
    pub fn of_run(&self, from: u64, to: u64) -> Result<Answered, WorkspaceError> {
        let mut answered = Answered { is_answered: self.verdicts.speaks_of(from, to), ..Answered::default() };
        let Some(village) = self.workspace.village else { return Ok(answered) };
        let mut acts = self.verdicts.unanswered(to);
        acts.retain(|act| *act >= from);
        acts.extend(self.verdicts.refused_acts().into_iter().filter(|act| (from..=to).contains(act)));
        acts.sort_unstable();
        acts.dedup();
        for number in acts {
            let Some(act) = self.workspace.store.act(village, number)?.map(|stored| stored.act) else { continue };
            for part in 1..=act.field_changes().count() as u32 {
                match self.of(number, part) {
                    State::Refused => answered.refused += 1,
                    State::Exported if act.is_news() => answered.open += 1,
                    _ => {}
                }
            }
        }
        Ok(answered)
    }
}

/// A change that the county refused and nobody has seen to yet.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedChange {
    /// Whose field.
    pub household: HouseholdId,
    /// The change as it was handed over.
    pub change: FieldChange,
    /// The act that made it.
    pub act: u64,
    /// Its place in the act, from 1.
    pub part: u32,
    /// Why, in words.
    pub why: String,
    /// Who at the county said so.
    pub by: Box<str>,
    /// On which local day.
    pub on: chrono::NaiveDate,
}

impl Workspace {
    /// Where the changes of a village stand.
    pub fn states(&self, village: VillageCode) -> Result<States<'_>, WorkspaceError> {
        let is_copy = self.enters_into(village) != village.into();
        let gone = if is_copy { self.store.counters(village).last_act } else { self.handed_over(village) };
        Ok(States { workspace: self, verdicts: self.verdicts(village)?, held: self.holds(village)?.held(), gone })
    }

    /// Whether the store was brought back from a backup or copied and nothing was entered since, so that what was handed
    /// over in between can still be taken back in.
    pub fn is_fresh_from_backup(&self) -> bool {
        let Some(village) = self.village.filter(|_| !self.is_countys()) else { return false };
        let counters = self.store.counters(village);
        counters.last_act > 0 && counters.last_epoch < self.store.epoch()
    }

    /// What the county refused of the village at work, and what still stands as it was refused.
    pub fn refused(&self) -> &[RefusedChange] {
        &self.refused
    }

    /// The same of one household.
    pub fn refused_of(&self, id: HouseholdId) -> impl Iterator<Item = &RefusedChange> {
        self.refused.iter().filter(move |refused| refused.household == id)
    }

    pub(super) fn load_refused(&mut self) -> Result<(), WorkspaceError> {
        (self.refused, self.answered_to) = match self.village {
            Some(village) => (self.refused_in(village)?, self.verdicts(village)?.reach()),
            None => (Vec::new(), 0),
        };
        Ok(())
    }

    /// What the county refused of a village, and what still stands as it was refused.
    pub fn refused_in(&self, village: VillageCode) -> Result<Vec<RefusedChange>, WorkspaceError> {
        let mut refused = Vec::new();
        let verdicts = self.verdicts(village)?;
        let mut acts: BTreeMap<u64, Vec<FieldChange>> = BTreeMap::new();
        for number in verdicts.refused_acts() {
            let act = self.store.act(village, number)?.map(|stored| stored.act);
            acts.insert(number, act.iter().flat_map(Act::field_changes).collect());
        }
        let parts = |act: u64| acts.get(&act).map_or(0, |changes| changes.len() as u32);
        for (act, part, word) in verdicts.refused(parts) {
            let change = acts.get(&act).and_then(|changes| changes.get(part as usize - 1));
            let Some(change) = change.filter(|_| part > 0) else { continue };
            let household = HouseholdId { village, serial: change.household };
            if self.store.file(household)?.is_some_and(|file| file.get(change.slot) == change.new.as_ref()) {
                let why = self.refusal_in_words(word.verdict.reason, word.verdict.words.as_deref());
                let (by, on) = (word.by.clone(), word.on);
                refused.push(RefusedChange { household, change: change.clone(), act, part, why, by, on });
            }
        }
        Ok(refused)
    }

    /// Drops what an act has seen to: the field was changed again.
    pub(super) fn see_to_refused(&mut self, act: &Act) {
        let is_of_it = |refused: &RefusedChange, change: &FieldChange| {
            (refused.household.village, refused.household.serial) == (act.village, change.household)
                && refused.change.slot == change.slot
        };
        self.refused.retain(|refused| !act.changes.iter().any(|change| is_of_it(refused, change)));
    }

    fn refusal_in_words(&self, reason: Option<Name>, words: Option<&str>) -> String {
        let list = self.definitions.catalogue.list(Name::fixed("refusal_reason"));
        let label = reason.map(|id| list.and_then(|list| list.entry(id)).map_or(id.as_str(), |entry| &entry.label));
        let parts: Vec<&str> = label.into_iter().chain(words).collect();
        if parts.is_empty() { "没有写原因".to_owned() } else { parts.join("：") }
    }
}
