//! Reading what was handed in: whose it is first, so that each chain's sets are taken in their order, then each whole.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::exchange::keys::Keys;
use crate::exchange::set::{BadSet, Fault, Manifest, Received, SetId, Signed, Unread, receive, set_of};
use crate::progress::Progress;
use crate::workspace::in_order::in_order;

use super::Refused;

/// A file that says which set it holds.
#[derive(Clone, Debug)]
pub(super) struct Incoming {
    pub(super) path: PathBuf,
    set: SetId,
}

/// A set that is right in itself, or of which nothing is read yet, or what is wrong with it and whether that is a hash, a
/// key or a signature.
pub(super) type Read = Result<Result<Received, Unread>, (Vec<String>, bool)>;

/// Whether the acts of a set are read at all; asked on all cores.
pub(super) type LetsIn<'a> = dyn Fn(&Manifest, &Signed) -> bool + Sync + 'a;

impl Incoming {
    /// The set that it says it holds.
    pub(super) fn set(&self) -> SetId {
        self.set
    }

    /// Sorts files by chain and number; those that are no sets are refused.
    pub(super) fn look_at(paths: &[PathBuf], refused: &mut Vec<Refused>) -> Vec<Self> {
        let mut all = Vec::new();
        for path in paths {
            match File::open(path).map_err(BadSet::from).and_then(set_of) {
                Ok(set) => all.push(Self { path: path.clone(), set }),
                Err(error) => {
                    let fault = Fault::from(error);
                    let is_broken = fault.is_broken_hash();
                    refused.push(Refused { is_broken, ..Refused::because(&name(path), fault) });
                }
            }
        }
        // What says that there was nothing to say stands behind what was said before it.
        all.sort_by_key(|incoming| (incoming.set.chain(), incoming.set.nil, incoming.set.from, incoming.set.to));
        all
    }
}

/// Reads all of them on all cores, and takes each in its turn. False where it was cancelled.
pub(super) fn in_turn<E>(
    incoming: &[Incoming],
    (keys, gate): (&Keys, &LetsIn<'_>),
    progress: &mut dyn Progress,
    take: impl FnMut(&Incoming, Read) -> Result<(), E>,
) -> Result<bool, E> {
    let read = |incoming: &Incoming| -> Read {
        let file = File::open(&incoming.path).map_err(|error| vec![Fault::from(BadSet::from(error))]);
        file.and_then(|file| receive(file, Some(keys), gate)).map_err(|faults| {
            let is_broken = faults.iter().any(Fault::is_broken_hash);
            (faults.iter().map(ToString::to_string).collect(), is_broken)
        })
    };
    in_order(incoming, ("收变更集", 1, incoming.len()), progress, &read, take)
}

fn name(path: &Path) -> String {
    path.display().to_string()
}
