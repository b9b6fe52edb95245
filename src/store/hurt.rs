//! A journal that is damaged: seen at opening, kept known, and left behind where a person says so.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::domain::{Chain, HouseholdId};

use super::error::{OpenNote, StoreError};
use super::index::pairs::{Bytes, Disk};
use super::index::{Index, keys, read_file};
use super::journal::entry::WentOn;
use super::journal::{End, damage};
use super::open::{Opener, Word};

impl Opener<'_> {
    /// Looks whether the journal is damaged, beside what playing it came upon, and nobody has said that the store is to go
    /// on behind that. What is found stays known until somebody does, or it is whole again.
    pub(super) fn is_hurt(
        &mut self,
        index: &Index<Disk>,
        end: End,
        lost_where_it_stood: bool,
    ) -> Result<bool, StoreError> {
        let known = damage::Known::read(self.home);
        let first = if known.is_some() { 0 } else { damage::newest(self.home)? };
        let of_before = |note: &OpenNote| match note {
            OpenNote::Damaged { before, .. } => Some(*before),
            _ => None,
        };
        for note in damage::look(self.home, first, u32::MAX)? {
            if !self.notes.iter().any(|known| of_before(known) == of_before(&note)) {
                self.notes.push(note);
            }
        }
        let ends: Vec<OpenNote> = known.iter().flat_map(|known| known.lost_ends(end.number)).collect();
        let has_lost_end = !ends.is_empty();
        ends.into_iter().for_each(|note| self.tell(note));
        if self.notes.iter().any(OpenNote::is_of_the_journal) {
            let noted = index.notes()?;
            self.notes.retain(|note| !damage::went_on(&noted).any(|it| it.covers(note)));
        }
        let again = self.who_lost_acts(index, known.as_ref())?;
        let is_hurt = self.notes.iter().any(|note| match note {
            // What was cut off is gone, and nothing stands behind it: its numbers are used under a new epoch.
            OpenNote::Lost { .. } => lost_where_it_stood || has_lost_end,
            note => note.is_of_the_journal(),
        });
        if is_hurt && !again.is_empty() {
            self.notes.push(OpenNote::ToEnterAgain(again));
        }
        if !self.read_only {
            // Where this fails it is found again at the next opening.
            let _ = match is_hurt {
                true => damage::Known::of(&self.notes).write(self.home).is_ok(),
                false => known.is_none() || damage::forget(self.home).is_ok(),
            };
        }
        Ok(is_hurt)
    }

    /// What a person leaves behind by going on.
    pub(super) fn leave_behind(&self, end: End, lost: Vec<(Chain, u64, u64)>, word: &Word) -> WentOn {
        let mut went_on = WentOn { gaps: Vec::new(), lost, reopened: Vec::new(), on: word.on, by: word.by.clone() };
        for note in &self.notes {
            match note {
                OpenNote::Damaged { after, before, .. } => went_on.gaps.push((*after, *before)),
                OpenNote::Lost { .. } => went_on.gaps.push((end.number, end.number + 1)),
                OpenNote::Reopened(id) => went_on.reopened.push(*id),
                _ => {}
            }
        }
        went_on
    }

    /// The households that have acts which an index that was left knew and the journal does not have any more.
    fn who_lost_acts(
        &mut self,
        index: &Index<Disk>,
        known: Option<&damage::Known>,
    ) -> Result<Vec<HouseholdId>, StoreError> {
        let mut again: BTreeSet<HouseholdId> = known.iter().flat_map(|known| known.households()).copied().collect();
        for (id, acts) in std::mem::take(&mut self.before) {
            let left = index.file(id)?.map_or_else(Vec::new, |file| file.acts);
            if acts.iter().any(|act| !left.contains(act)) {
                again.insert(id);
            }
        }
        Ok(again.into_iter().collect())
    }

    /// Renames the snapshots, so that everything is made of the journal alone.
    pub(super) fn set_snapshots_aside(&self) -> Result<(), StoreError> {
        let disk = || StoreError::disk("整理快照");
        for number in self.home.snapshots().map_err(disk())? {
            let path = self.home.snapshot(number);
            fs::rename(&path, path.with_extension("aside")).map_err(disk())?;
        }
        Ok(())
    }
}

/// The acts of each household, by an index that is left.
pub(super) fn acts_of_each(index: &Index<Disk>) -> BTreeMap<HouseholdId, Vec<u64>> {
    let read = |pair: Result<(Bytes, Bytes), StoreError>| {
        let (key, sealed) = pair.ok()?;
        let (file, _) = read_file(&key, &sealed).ok()?;
        Some((file.id, file.acts))
    };
    index.pairs.scan(&[keys::kind::FILE]).filter_map(read).collect()
}
