//! All households checked at once, on all cores, as a county does it from the command line.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::domain::{HouseholdFile, HouseholdId};
use crate::progress::Progress;
use crate::rules::check::village::Village;
use crate::rules::check::{self, Case, Finding};
use crate::rules::standing;
use crate::store::{SealedFile, Store, StoreError};

use super::error::WorkspaceError;
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
        let go_on = in_order(&self.store, &all, "对照各户", progress, &keys, |(id, keys)| {
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
        in_order(&self.store, ids, "核对", progress, &findings, |(id, findings)| found(id, findings))
    }
}

/// Works on files on all cores, and takes what comes of it in their order. False where it was cancelled.
fn in_order<T: Send>(
    store: &Store,
    ids: &[HouseholdId],
    what: &str,
    progress: &mut dyn Progress,
    work: &(impl Fn(&[HouseholdFile]) -> Vec<T> + Sync),
    mut take: impl FnMut(T),
) -> Result<bool, WorkspaceError> {
    let chunks: Vec<&[HouseholdId]> = ids.chunks(CHUNK).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from).min(chunks.len().max(1));
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (send, receive) = mpsc::sync_channel::<(usize, Result<Vec<T>, StoreError>)>(2 * workers);
    thread::scope(|scope| {
        for _ in 0..workers {
            let (send, next, stop, chunks) = (send.clone(), &next, &stop, &chunks);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(chunk) = chunks.get(at) else { break };
                    // Nobody listens any more once it was cancelled.
                    if send.send((at, one(store, chunk, work))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let mut early: BTreeMap<usize, Vec<T>> = BTreeMap::new();
        let mut wanted = 0;
        while let Ok((at, done)) = receive.recv() {
            match done {
                Ok(done) => _ = early.insert(at, done),
                Err(error) => {
                    stop.store(true, Ordering::Relaxed);
                    drop(receive);
                    return Err(error.into());
                }
            }
            while let Some(done) = early.remove(&wanted) {
                done.into_iter().for_each(&mut take);
                wanted += 1;
            }
            progress.step(what, (wanted * CHUNK).min(ids.len()) as u64, Some(ids.len() as u64));
            if progress.is_cancelled() {
                stop.store(true, Ordering::Relaxed);
                drop(receive);
                return Ok(false);
            }
        }
        Ok(true)
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
