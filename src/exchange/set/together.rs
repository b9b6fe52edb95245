//! Checking sets of one chain against each other: what is missing between them, and where they contradict.

use std::collections::BTreeMap;

use super::verify::{Checked, Fault, Problem};
use crate::changes::Hash;
use crate::domain::Chain;

/// Checks sets that are right in themselves; those of several villages, and of the two sides, are told apart.
pub(super) fn check(sets: Vec<Checked>) -> Vec<Problem> {
    let mut chains: BTreeMap<Chain, Vec<Checked>> = BTreeMap::new();
    for set in sets {
        chains.entry(set.manifest.set.chain()).or_default().push(set);
    }
    chains.into_values().flat_map(one_chain).collect()
}

fn one_chain(mut sets: Vec<Checked>) -> Vec<Problem> {
    sets.sort_by_key(|set| (set.manifest.from, set.manifest.to));
    let mut problems = Vec::new();
    let mut known = Known::default();
    for (at, set) in sets.iter().enumerate() {
        let earlier = &sets[..at];
        let faults =
            [other_store(set, earlier), other_signer(set, earlier), gap(set, earlier), known.contradicts(set, earlier)];
        let previous = other_previous(set, &sets);
        let faults = faults.into_iter().chain([previous]).flatten();
        problems.extend(faults.map(|fault| Problem { file: set.file.clone(), fault }));
        known.add(set, at);
    }
    problems
}

fn other_store(set: &Checked, earlier: &[Checked]) -> Option<Fault> {
    let store = |set: &Checked| set.manifest.stores.first().map(|store| store.store.clone());
    let first = earlier.first()?;
    (store(first) != store(set)).then(|| Fault::OtherStore { other: first.file.clone() })
}

fn other_signer(set: &Checked, earlier: &[Checked]) -> Option<Fault> {
    let key = |set: &Checked| set.signed.as_ref().map(|signed| signed.keys.signing);
    let last = earlier.last()?;
    let (found, known) = (key(set)?, key(last)?);
    let fault = |other| Fault::OtherSigner { other, found: found.fingerprint(), known: known.fingerprint() };
    (found != known).then(|| fault(last.file.clone()))
}

fn gap(set: &Checked, earlier: &[Checked]) -> Option<Fault> {
    let last = earlier.iter().max_by_key(|other| other.manifest.to)?;
    let from = last.manifest.to + 1;
    (set.manifest.from > from).then(|| Fault::Gap { after: last.file.clone(), from, to: set.manifest.from - 1 })
}

fn other_previous(set: &Checked, all: &[Checked]) -> Option<Fault> {
    let previous = set.manifest.previous.as_ref()?;
    let other = all.iter().find(|other| other.manifest.set == previous.set)?;
    (other.manifest_hash != previous.sha256)
        .then(|| Fault::OtherPrevious { set: previous.set, other: other.file.clone() })
}

/// The hash of each number that was seen, and in which set.
#[derive(Default)]
struct Known(BTreeMap<u64, (Hash, usize)>);

impl Known {
    fn contradicts(&self, set: &Checked, earlier: &[Checked]) -> Option<Fault> {
        let manifest = &set.manifest;
        let before = manifest.from - 1;
        if let Some((hash, at)) = self.0.get(&before)
            && *hash != manifest.hash_before
        {
            return Some(Fault::NotAfter { other: earlier[*at].file.clone(), number: before });
        }
        (manifest.from..).zip(&set.hashes).find_map(|(number, hash)| {
            let (known, at) = self.0.get(&number)?;
            (known != hash).then(|| Fault::Differs { other: earlier[*at].file.clone(), number })
        })
    }

    fn add(&mut self, set: &Checked, at: usize) {
        for (number, hash) in (set.manifest.from..).zip(&set.hashes) {
            self.0.entry(number).or_insert((*hash, at));
        }
    }
}
