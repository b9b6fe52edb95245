//! The villages of a county, each with what it sent, what waits, and what nobody has answered.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

use chrono::NaiveDate;

use crate::changes::Act;
use crate::domain::{Chain, HouseholdId, Name, PartialDate, VillageCode};
use crate::exchange::set::{SetId, set_of};
use crate::progress::Progress;

use super::arrival::Waiting;
use super::error::WorkspaceError;
use super::in_words::InWords;
use super::open::Workspace;
use super::states::State;

/// Where a village stands with the county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VillageState {
    /// Which one.
    pub village: VillageCode,
    /// What it is called.
    pub name: String,
    /// The last of its acts that was received; 0 where none was.
    pub last: u64,
    /// The day on which the village entered that.
    pub last_on: Option<NaiveDate>,
    /// Sets that wait for others, with what they wait for.
    pub waiting: Vec<Waiting>,
    /// How many changes nobody has answered, those left out that are held.
    pub unanswered: usize,
    /// How many were refused and still stand so at the village.
    pub refused: usize,
    /// How many fields the county has corrected and the village has not followed.
    pub corrections: usize,
    /// How many of those the village has changed itself meanwhile.
    pub conflicts: usize,
    /// Whether a receipt is owed.
    pub owed: bool,
}

/// A change of a village that the county answers.
#[derive(Clone, Debug, PartialEq)]
pub struct ToAnswer {
    /// Whose file.
    pub id: HouseholdId,
    /// The act.
    pub act: u64,
    /// Its place in the act, from 1; none for a file that was opened, which is answered whole.
    pub part: Option<u32>,
    /// Whose, or which row.
    pub row: String,
    /// The section it is in.
    pub section: Name,
    /// Which field.
    pub label: String,
    /// What was there.
    pub old: String,
    /// What is there now.
    pub new: String,
    /// When it happened in life.
    pub happened_on: Option<PartialDate>,
    /// When it was entered.
    pub entered_on: NaiveDate,
    /// Who entered it.
    pub by: Box<str>,
    /// Where it stands.
    pub state: State,
    /// Why it was refused.
    pub why: Option<String>,
}

impl Workspace {
    /// Where all villages stand, those of which only sets wait included.
    pub fn states_of_villages(&self, progress: &mut dyn Progress) -> Result<Vec<VillageState>, WorkspaceError> {
        let waiting = self.waiting_sets();
        let known = self.store.villages().into_iter().chain(waiting.iter().map(|waiting| waiting.set.village));
        let villages: BTreeSet<VillageCode> = known.collect();
        let mut all = Vec::with_capacity(villages.len());
        for (done, village) in villages.iter().enumerate() {
            progress.step("看各村", done as u64, Some(villages.len() as u64));
            all.push(self.state_of_village(*village, &waiting)?);
        }
        Ok(all)
    }

    /// Where one village stands; `waiting` are the sets that wait, of whichever village.
    pub fn state_of_village(&self, village: VillageCode, waiting: &[Waiting]) -> Result<VillageState, WorkspaceError> {
        let counters = self.store.counters(village);
        let mut state = VillageState {
            village,
            name: self.village_in_words(village),
            last: counters.last_act,
            last_on: counters.last_entry_at.map(|at| at.date_naive()),
            waiting: waiting.iter().filter(|waiting| waiting.set.village == village).cloned().collect(),
            unanswered: 0,
            refused: 0,
            corrections: 0,
            conflicts: 0,
            owed: false,
        };
        if !self.is_copy(village) {
            return Ok(state);
        }
        let verdicts = self.verdicts(village)?;
        let unanswered = self.unanswered(village)?;
        state.owed = self.is_owed(village)?;
        for number in unanswered {
            let Some(stored) = self.store.act(village, number)?.filter(|stored| stored.act.is_news()) else { continue };
            let parts = 1..=stored.act.field_changes().count() as u32;
            state.unanswered += parts.filter(|part| verdicts.of(number, *part).is_none()).count();
        }
        state.refused = self.refused_in(village)?.len();
        state.corrections = self.corrections_of(village)?.len();
        state.conflicts = if state.corrections > 0 { self.conflicts(village)?.len() } else { 0 };
        Ok(state)
    }

    /// The sets that came too early, and what is missing before each.
    pub fn waiting_sets(&self) -> Vec<Waiting> {
        let sets = self.store.waiting().into_iter().filter_map(|path| set_of(File::open(path).ok()?).ok());
        let waiting = sets.map(|set| {
            let (from, to) = (self.store.counters(set.chain()).last_act + 1, set.from.saturating_sub(1));
            Waiting { set, for_set: SetId::of(set.chain(), from, to.max(from)), from, to: to.max(from) }
        });
        waiting.collect()
    }

    /// What the county answers of a village: what was not answered, what is held, and what was answered and not sent yet.
    pub fn changes_to_answer(
        &self,
        village: VillageCode,
        shows_private: bool,
    ) -> Result<Vec<ToAnswer>, WorkspaceError> {
        let states = self.states(village)?;
        let mut acts: BTreeSet<u64> = self.unanswered(village)?.into_iter().collect();
        acts.extend(self.holds(village)?.held().into_keys());
        let chain = Chain::of_county(village);
        for stored in self.store.acts(chain, self.last_sent(chain) + 1..=self.store.counters(chain).last_act) {
            let act = stored?.act;
            acts.extend(act.verdicts.iter().flat_map(|verdict| verdict.from..=verdict.to));
        }
        let mut lines = Vec::new();
        let mut files = BTreeMap::new();
        for number in acts {
            let Some(stored) = self.store.act(village, number)?.filter(|stored| stored.act.is_news()) else { continue };
            let act = &stored.act;
            let mut opened = BTreeSet::new();
            for (part, change) in (1..).zip(act.field_changes()) {
                let id = HouseholdId { village, serial: change.household };
                let file = match files.entry(id) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => new.insert(self.file(id)?),
                };
                let name = |serial| self.household_in_words(HouseholdId { village, serial });
                let catalogue = &self.definitions.catalogue;
                let in_words = InWords { catalogue, file, act, household: &name, shows_private };
                let is_opened = act.opened.iter().any(|opened| opened.household == change.household);
                if is_opened && !opened.insert(id) {
                    continue;
                }
                let (label, old, new) = match is_opened {
                    true => ("新立户档".to_owned(), String::new(), format!("{}项", fields_of(act, id.serial))),
                    false => (
                        in_words.label(change.slot).to_owned(),
                        in_words.value(change.slot, change.old.as_ref()),
                        in_words.value(change.slot, change.new.as_ref()),
                    ),
                };
                lines.push(ToAnswer {
                    id,
                    act: number,
                    part: (!is_opened).then_some(part),
                    row: if is_opened { String::new() } else { in_words.row(&change) },
                    section: change.slot.section,
                    label,
                    old,
                    new,
                    happened_on: change.happened_on,
                    entered_on: act.entered_on(),
                    by: act.by.clone(),
                    state: states.of(number, part),
                    why: states.why_refused(number, part),
                });
            }
        }
        lines.sort_by_key(|line| (line.id, line.act, line.part));
        Ok(lines)
    }
}

fn fields_of(act: &Act, household: u32) -> usize {
    act.field_changes().filter(|change| change.household == household).count()
}
