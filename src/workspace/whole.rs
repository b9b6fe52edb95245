//! All households checked at once, on all cores, as a county does it from the command line.

use crate::domain::{HouseholdFile, HouseholdId};
use crate::progress::Progress;
use crate::rules::check::village::Village;
use crate::rules::check::{self, Case, Finding};
use crate::rules::standing;
use crate::store::{SealedFile, Store, StoreError};

use super::error::WorkspaceError;
use super::in_order::in_order;
use super::open::Workspace;
use super::worklist::not_handed_over;

/// How many households are taken at a time.
const CHUNK: usize = 256;

impl Workspace {
    /// Gives the findings of these households one after the other, in their order. False where it was cancelled.
    pub fn each_finding(
        &self,
        ids: &[HouseholdId],
        progress: &mut dyn Progress,
        mut found: impl FnMut(HouseholdId, Vec<Finding>),
    ) -> Result<bool, WorkspaceError> {
        let all: Vec<HouseholdId> = self.households().iter().map(|summary| summary.id).collect();
        let look = self.look();
        let mut village = Village::default();
        let keys = |files: &[HouseholdFile]| -> Vec<_> {
            files.iter().map(|file| (file.id, check::village::keys(look.at(file)))).collect()
        };
        let go_on = of_files(&self.store, &all, "对照各户", progress, &keys, |(id, keys)| {
            village.put_keys(id, keys);
        })?;
        if !go_on {
            return Ok(false);
        }
        let (pending, village) = (&self.pending, &village);
        let findings = |files: &[HouseholdFile]| -> Vec<(HouseholdId, Vec<Finding>)> {
            let at = |file| {
                let looked = look.at(file);
                (looked, standing::unchecked(looked), not_handed_over(pending, look, looked.household.file.id))
            };
            let looked: Vec<_> = files.iter().map(at).collect();
            let cases: Vec<Case<'_>> = looked
                .iter()
                .map(|(looked, standing, unsent)| Case { looked: *looked, standing, unsent, village: Some(village) })
                .collect();
            files.iter().map(|file| file.id).zip(check::findings_of_each(&cases)).collect()
        };
        of_files(&self.store, ids, "核对", progress, &findings, |(id, findings)| {
            found(id, findings.into_iter().map(|finding| self.with_the_other_named(finding)).collect());
        })
    }
}

/// Works on files on all cores, and takes what comes of it in their order. False where it was cancelled.
fn of_files<T: Send>(
    store: &Store,
    ids: &[HouseholdId],
    what: &str,
    progress: &mut dyn Progress,
    work: &(impl Fn(&[HouseholdFile]) -> Vec<T> + Sync),
    mut take: impl FnMut(T),
) -> Result<bool, WorkspaceError> {
    let chunks: Vec<&[HouseholdId]> = ids.chunks(CHUNK).collect();
    let told = (what, CHUNK, ids.len());
    in_order(&chunks, told, progress, &|chunk| one(store, chunk, work), |_, done| {
        done?.into_iter().for_each(&mut take);
        Ok(())
    })
}

fn one<T>(
    store: &Store,
    ids: &[HouseholdId],
    work: &impl Fn(&[HouseholdFile]) -> Vec<T>,
) -> Result<Vec<T>, StoreError> {
    let sealed: Vec<SealedFile> = store.sealed(ids)?;
    let mut files = Vec::with_capacity(sealed.len());
    for (id, sealed) in ids.iter().zip(sealed) {
        // A record that cannot be opened is what the store heals when it is asked for the file itself.
        files.extend(match sealed.open() {
            Ok(file) => file,
            Err(_) => store.file(*id)?,
        });
    }
    Ok(work(&files))
}
