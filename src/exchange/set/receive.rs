//! A set read whole and found right in itself, so that all of it can be taken in.

use std::io::{Cursor, Read};

use super::manifest::Manifest;
use super::read::BadSet;
use super::sign::Signed;
use super::verify::{Fault, check};
use crate::changes::{Act, Hash};
use crate::domain::limits;
use crate::exchange::keys::Keys;

/// A set that is right in itself. Whose key signed it, and whether it fits what is held, is another question.
#[derive(Debug)]
pub struct Received {
    /// What it says of itself, which is so.
    pub manifest: Manifest,
    /// SHA-256 of the manifest, by which the next set names it.
    pub manifest_hash: Hash,
    /// SHA-256 of the file, as it is before it is sealed.
    pub plain_sha256: Hash,
    /// Who signed it.
    pub signed: Signed,
    /// Its acts, in the order of their numbers.
    pub acts: Vec<ReadAct>,
}

/// An act as it stands in a set.
#[derive(Clone, Debug)]
pub struct ReadAct {
    /// The act.
    pub act: Act,
    /// The line that says it, to the byte.
    pub line: Vec<u8>,
    /// Its hash.
    pub hash: Hash,
}

/// The largest file that is read: a sealed set with all that is around it.
const MOST_FILE: u64 = limits::FILE;

/// Whether the acts of a set are read at all, by what it says of itself and who signed it.
pub type Gate<'a> = &'a dyn Fn(&Manifest, &Signed) -> bool;

/// A set of which no act was read, because the one who signed it is not believed.
#[derive(Debug)]
pub struct Unread {
    /// What it says of itself.
    pub manifest: Manifest,
    /// SHA-256 of the manifest.
    pub manifest_hash: Hash,
    /// Who signed it.
    pub signed: Signed,
}

/// Reads a set whole, where the gate lets it in; everything that is wrong with it is told.
pub fn receive<R: Read>(reader: R, own: Option<&Keys>, gate: Gate<'_>) -> Result<Result<Received, Unread>, Vec<Fault>> {
    let (mut faults, mut acts, mut file) = (Vec::new(), Vec::new(), Vec::new());
    reader.take(MOST_FILE + 1).read_to_end(&mut file).map_err(|error| vec![BadSet::from(error).into()])?;
    if file.len() as u64 > MOST_FILE {
        return Err(vec![BadSet::TooLarge("文件").into()]);
    }
    let each = |act, line, hash| acts.push(ReadAct { act, line, hash });
    match check("", Cursor::new(&file), own, Some(gate), &mut faults, each) {
        Ok(checked) => match checked.signed {
            Some(signed) if faults.is_empty() => {
                let (manifest, manifest_hash) = (checked.manifest, checked.manifest_hash);
                if checked.is_unread {
                    return Ok(Err(Unread { manifest, manifest_hash, signed }));
                }
                let plain_sha256 = checked.unsealed.unwrap_or_else(|| Hash::of(&file));
                Ok(Ok(Received { manifest, manifest_hash, plain_sha256, signed, acts }))
            }
            _ => Err(faults),
        },
        Err(error) => {
            faults.push(error.into());
            Err(faults)
        }
    }
}
