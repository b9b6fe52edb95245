//! Where each change stands on its way to the county and back.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::changes::net::{Place, Stands};
use crate::changes::review::Reviews;
use crate::changes::verdicts::{Verdicts, Word};
use crate::changes::{Act, FieldChange, HeldFor};
use crate::domain::{HouseholdFile, HouseholdId, Name, Slot, VillageCode};
use crate::exchange::set::SetId;

use super::error::WorkspaceError;
use super::open::Workspace;

/// Where a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has not been handed over.
    Pending,
    /// Later lines of the same set replace it, or nothing of it is left.
    Replaced,
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
            Self::Replaced => "replaced",
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
            Self::Replaced => "又改过",
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
    village: VillageCode,
    verdicts: Verdicts,
    holds: Reviews,
    held: BTreeMap<u64, HeldFor>,
    /// The last act that left the village.
    gone: u64,
    /// The runs by their first act, as far as somebody asked for one, with where each line stands.
    runs: RefCell<BTreeMap<u64, Rc<Lines>>>,
}

type Lines = BTreeMap<Place, Stands>;

/// The run of what has not left the village, and at the county of what is to be answered.
const OPEN: u64 = u64::MAX;

impl States<'_> {
    /// Where one change of an act stands, by its place among the act's field changes from 1.
    pub fn of(&self, act: u64, part: u32) -> State {
        let stands = self.stands(act, part);
        if let Some(word) = self.word(act, part, stands) {
            return if word.verdict.refused { State::Refused } else { State::Taken };
        }
        if self.held.contains_key(&act) {
            return State::Held;
        }
        if stands.is_some_and(|stands| stands.is_replaced) {
            return State::Replaced;
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

    /// The county's word that counts for a line: that on itself, else that on the line by whose answer it goes.
    fn word(&self, act: u64, part: u32, stands: Option<Stands>) -> Option<&Word> {
        let Some(stands) = stands else { return self.verdicts.of(act, part) };
        let own = self.verdicts.of(stands.last.0, stands.last.1);
        let is_closest = own.is_some_and(|word| word.verdict.part.is_some());
        if is_closest { own } else { self.verdicts.of(stands.lead.0, stands.lead.1).or(own) }
    }

    /// Why an act is kept from the clerk, where it went out and nobody has answered it since.
    pub fn why_held(&self, act: u64) -> Option<HeldFor> {
        self.held.get(&act).copied()
    }

    /// Whether what is said of a change stands in a workbook alone, which nobody signed.
    pub fn is_by_workbook(&self, act: u64, part: u32) -> bool {
        self.word(act, part, self.stands(act, part)).is_some_and(Word::is_by_workbook)
    }

    /// What a change's state is called.
    pub fn label_of(&self, act: u64, part: u32) -> &'static str {
        match self.of(act, part) {
            State::Taken if self.is_by_workbook(act, part) => "录入表上说已录",
            State::Refused if self.is_by_workbook(act, part) => "录入表上说未录",
            state => state.label(),
        }
    }

    /// Where a line stands among those that went out with it; none where each went for itself, or where it cannot be told.
    fn stands(&self, act: u64, part: u32) -> Option<Stands> {
        self.run_of(act)?.get(&(act, part)).copied()
    }

    fn run_of(&self, act: u64) -> Option<Rc<Lines>> {
        let (first, set) = if self.workspace.is_copy(self.village) || act > self.gone {
            (OPEN, None)
        } else {
            // What was held stands in the run that releases it.
            let out = self.holds.released_by(act).unwrap_or(act);
            let runs = || self.workspace.hand_overs().filter(|run| !run.copy);
            let run = runs().find(|run| (run.from..=run.to).contains(&out)).filter(|run| run.format > 1)?;
            (run.from, Some(SetId::of(self.village.into(), run.from, run.to)))
        };
        if let Some(known) = self.runs.borrow().get(&first) {
            return Some(Rc::clone(known));
        }
        let lines = Rc::new(self.lines_of(set).unwrap_or_default());
        self.runs.borrow_mut().insert(first, Rc::clone(&lines));
        Some(lines)
    }

    fn lines_of(&self, set: Option<SetId>) -> Result<Lines, WorkspaceError> {
        let (workspace, village) = (self.workspace, self.village);
        let held: BTreeSet<u64> = self.held.keys().copied().collect();
        let net = match set {
            Some(set) => {
                let for_clerk = workspace.for_clerk(set)?;
                let released = for_clerk.released.iter().map(|act| act.number);
                workspace.net_over(village, released.chain(set.from..=set.to), &for_clerk.held)?
            }
            None if workspace.is_copy(village) => {
                workspace.net_over(village, workspace.acts_to_answer(village)?, &held)?
            }
            None => return workspace.stands_in(village, workspace.pending().net()),
        };
        workspace.stands_in(village, &net)
    }

    /// Whether a line speaks for its change in a count of changes.
    fn leads(&self, act: u64, part: u32) -> bool {
        self.stands(act, part).is_none_or(|stands| !stands.is_replaced && stands.lead == (act, part))
    }

    /// What the county says to a change, in words; none where it says nothing or takes it.
    pub fn why_refused(&self, act: u64, part: u32) -> Option<String> {
        let word = self.word(act, part, self.stands(act, part)).filter(|word| word.verdict.refused)?;
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
            for part in (1..=act.field_changes().count() as u32).filter(|part| self.leads(number, *part)) {
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
        let holds = self.holds(village)?;
        let (verdicts, held, runs) = (self.verdicts(village)?, holds.held(), RefCell::default());
        Ok(States { workspace: self, village, verdicts, holds, held, gone, runs })
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
            let Some(file) = self.store.file(household)? else { continue };
            if file.get(change.slot) == change.new.as_ref() && !self.has_later_paper(&file, act, change.slot)? {
                let why = self.refusal_in_words(word.verdict.reason, word.verdict.words.as_deref());
                let (by, on) = (word.by.clone(), word.on);
                refused.push(RefusedChange { household, change: change.clone(), act, part, why, by, on });
            }
        }
        Ok(refused)
    }

    /// Whether somebody has brought a paper for a field after an act changed it.
    fn has_later_paper(&self, file: &HouseholdFile, act: u64, slot: Slot) -> Result<bool, WorkspaceError> {
        for number in file.acts.iter().rev().take_while(|number| **number > act) {
            let Some(stored) = self.store.act(file.id.village, *number)? else { continue };
            let is_of = |it: &&FieldChange| (it.household, it.slot) == (file.id.serial, slot);
            if let Some(change) = stored.act.changes.iter().find(is_of) {
                return Ok(change.evidence.is_some());
            }
        }
        Ok(false)
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
