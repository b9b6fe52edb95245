//! The villages of a county, each with what it sent, what waits, and what nobody has answered.

use std::collections::BTreeSet;
use std::fs::File;

use chrono::NaiveDate;

use crate::changes::HeldFor;
use crate::changes::net::{Change, Place};
use crate::domain::{HouseholdFile, HouseholdId, Name, PartialDate, VillageCode};
use crate::exchange::set::{SetId, set_of};
use crate::progress::Progress;
use crate::store::WaitsFor;

use super::arrival::{Stranger, Waiting};
use super::error::WorkspaceError;
use super::in_words::InWords;
use super::open::Workspace;
use super::review_queue::held_in_words;
use super::states::{State, States};

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
    /// Sets that wait for a person's word on the key that signed them.
    pub strangers: Vec<Stranger>,
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
    /// The last month of which it said that it had nothing to say, as `2022-11`.
    pub nil: Option<String>,
}

/// A change of a village that the county answers, by what its lines come to.
#[derive(Clone, Debug, PartialEq)]
pub struct ToAnswer {
    /// Whose file.
    pub id: HouseholdId,
    /// The act.
    pub act: u64,
    /// The line of it for which the change goes, from 1.
    pub part: u32,
    /// The other lines that stand in the change, which are answered with it.
    pub also: Vec<Place>,
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
    /// Why it is kept from the clerk.
    pub held: Option<HeldFor>,
    /// Why it was refused, or is held.
    pub why: Option<String>,
}

impl Workspace {
    /// Where all villages stand, those of which only sets wait included.
    pub fn states_of_villages(&self, progress: &mut dyn Progress) -> Result<Vec<VillageState>, WorkspaceError> {
        let (waiting, strangers) = (self.waiting_sets(), self.strangers());
        let of_sets = waiting.iter().map(|it| it.set.village).chain(strangers.iter().map(|it| it.set.village));
        let known = self.store.villages().into_iter().chain(of_sets);
        let villages: BTreeSet<VillageCode> = known.collect();
        let mut all = Vec::with_capacity(villages.len());
        for (done, village) in villages.iter().enumerate() {
            progress.step("看各村", done as u64, Some(villages.len() as u64));
            all.push(self.state_of_village(*village, &waiting, &strangers)?);
        }
        Ok(all)
    }

    /// Where one village stands; `waiting` and `strangers` are the sets that wait, of whichever village.
    pub fn state_of_village(
        &self,
        village: VillageCode,
        waiting: &[Waiting],
        strangers: &[Stranger],
    ) -> Result<VillageState, WorkspaceError> {
        let counters = self.store.counters(village);
        let mut state = VillageState {
            village,
            name: self.village_in_words(village),
            last: counters.last_act,
            last_on: counters.last_entry_at.map(|at| at.date_naive()),
            waiting: waiting.iter().filter(|waiting| waiting.set.village == village).cloned().collect(),
            strangers: strangers.iter().filter(|stranger| stranger.set.village == village).cloned().collect(),
            unanswered: 0,
            refused: 0,
            corrections: 0,
            conflicts: 0,
            owed: false,
            nil: self.settings.nil.get(&village).and_then(|sets| Some(sets.last()?.rsplit_once("nil-")?.1.to_owned())),
        };
        if !self.is_copy(village) {
            return Ok(state);
        }
        state.owed = self.is_owed(village)?;
        state.unanswered = self.open_changes_of(village)?;
        state.refused = self.refused_in(village)?.len();
        state.corrections = self.corrections_of(village)?.len();
        state.conflicts = if state.corrections > 0 { self.conflicts(village)?.len() } else { 0 };
        Ok(state)
    }

    /// The sets that came too early, and what is missing before each.
    pub fn waiting_sets(&self) -> Vec<Waiting> {
        let sets =
            self.store.waiting(WaitsFor::Others).into_iter().filter_map(|path| set_of(File::open(path).ok()?).ok());
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
        let held: BTreeSet<u64> = self.holds(village)?.held().into_keys().collect();
        let open = self.net_over(village, self.acts_to_answer(village)?, &held)?;
        let kept = self.net_over(village, held, &BTreeSet::new())?;
        let mut lines = Vec::new();
        for net in [&open, &kept] {
            for serial in net.households() {
                let id = HouseholdId { village, serial };
                let file = self.file(id)?;
                for change in net.changes(serial, Some(&file), &*self.definitions.catalogue) {
                    lines.extend(self.to_answer_of(&states, &file, &change, shows_private)?);
                }
            }
        }
        lines.sort_by_key(|line| (line.id, line.act, line.part));
        Ok(lines)
    }

    fn to_answer_of(
        &self,
        states: &States<'_>,
        file: &HouseholdFile,
        change: &Change<'_>,
        shows_private: bool,
    ) -> Result<Option<ToAnswer>, WorkspaceError> {
        let (number, part) = change.lead;
        let Some(stored) = self.store.act(file.id.village, number)? else { return Ok(None) };
        let act = &stored.act;
        let name = |serial| self.household_in_words(HouseholdId { serial, ..file.id });
        let catalogue = &self.definitions.catalogue;
        let in_words = InWords { catalogue, file, act, household: &name, shows_private };
        let lines = change.lines();
        let first = lines.iter().find(|(line, _)| line.place == change.lead).or(lines.first());
        let of_slot = first.map(|(_, of_slot)| of_slot);
        let (row, label, old, new) = in_words.net(change.what, of_slot, &lines);
        Ok(Some(ToAnswer {
            id: file.id,
            act: number,
            part,
            also: lines.iter().map(|(line, _)| line.place).filter(|place| *place != change.lead).collect(),
            row,
            section: change.section(),
            label,
            old,
            new,
            happened_on: of_slot.and_then(|it| it.happened_on),
            entered_on: act.entered_on(),
            by: act.by.clone(),
            state: states.of(number, part),
            held: states.why_held(number),
            why: states
                .why_refused(number, part)
                .or_else(|| states.why_held(number).map(held_in_words).map(str::to_owned)),
        }))
    }
}
