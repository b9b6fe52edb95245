//! A run of a chain packed into a set: signed, sealed where one may, and the same each time it is packed.

use std::io::{Cursor, Write as _};
use std::path::Path;

use crate::changes::{Act, Hash};
use crate::domain::{Chain, Month, Name, Side};
use crate::exchange::keys::{PublicKeys, SealingPublic};
use crate::exchange::save::{CannotSave, NewFile};
use crate::exchange::set::{About, Made, Previous, SetId, SetWriter, Sign, Signed, seal};
use crate::store::{HandedOver, Note, SignedBy};

use super::error::WorkspaceError;
use super::open::Workspace;

/// A set, ready to be written to a file.
pub(super) struct Packed {
    /// What it says beyond its acts.
    pub about: About,
    /// SHA-256 of the bytes.
    pub sha256: Hash,
    /// SHA-256 of them before they were sealed.
    pub plain_sha256: Hash,
    /// For whom it is sealed, by the fingerprints of their keys; nobody where it is not.
    pub sealed_for: Vec<String>,
    bytes: Vec<u8>,
    /// What is to be noted, where it is packed for the first time.
    note: Option<HandedOver>,
}

impl Packed {
    /// Writes the file aside; it counts once the caller commits it.
    pub(super) fn begin(&self, file: &Path) -> Result<NewFile, WorkspaceError> {
        let mut out = NewFile::begin(file)?;
        out.write_all(&self.bytes).map_err(|cause| CannotSave { path: file.to_owned(), cause })?;
        Ok(out)
    }
}

impl Workspace {
    /// Packs a run, and gives each of its acts on the way. A run that was packed before is the same bytes again, but for
    /// the seal; `copy` tells of a new one that it does not follow the last.
    pub(super) fn pack(
        &self,
        set: SetId,
        copy: bool,
        plain: bool,
        each: &mut dyn FnMut(Act),
    ) -> Result<Packed, WorkspaceError> {
        let known = self.run_made_before(set);
        let about = match known {
            Some(known) => self.about_again(set, known)?,
            None => self.about_new(set)?,
        };
        let signed_before = known.and_then(|known| known.signed.as_ref()).and_then(signed);
        let sign = match &signed_before {
            Some(signed) => Sign::Again(signed),
            None => Sign::With(self.own_keys()?),
        };
        // In memory, for nothing that is to be sealed may lie plain in a folder, not for a moment.
        let mut writer = SetWriter::begin(Cursor::new(Vec::new()), about.clone())?;
        writer.comes_after_lost(self.lost_before(set));
        writer.comes_of_copy(!self.writes(set.chain()));
        let mut hash_last = about.hash_before;
        for stored in self.store.acts(set.chain(), set.from..=set.to) {
            let stored = stored?;
            writer.push(&stored.act, &stored.line, stored.hash)?;
            hash_last = stored.hash;
            each(stored.act);
        }
        let written = writer.finish(&sign)?;
        let mut bytes = written.out.into_inner();
        let plain_sha256 = Hash::of(&bytes);
        let recipients = if plain { Vec::new() } else { self.recipients(set)? };
        if !recipients.is_empty() {
            bytes = seal(set, &about.village, &bytes, &recipients)?;
        }
        let note = known.is_none().then(|| HandedOver {
            village: set.village,
            side: set.side,
            from: set.from,
            to: set.to,
            day: about.made.on,
            by: about.made.by.clone(),
            role: about.made.role.as_str().into(),
            hash_before: about.hash_before,
            hash_last,
            file_sha256: plain_sha256,
            manifest_sha256: written.manifest_hash,
            village_name: about.village.clone(),
            copy,
            needs_approval: about.review.as_ref().map(|review| review.needed),
            signed: Some(noted(&written.signed)),
            format: HandedOver::FORMAT,
        });
        let sealed_for = recipients.iter().map(SealingPublic::fingerprint).collect();
        Ok(Packed { about, sha256: Hash::of(&bytes), plain_sha256, sealed_for, bytes, note })
    }

    /// Notes that a set went out, the first time that it did.
    pub(super) fn note_packed(&mut self, packed: &Packed) -> Result<(), WorkspaceError> {
        match &packed.note {
            Some(handed) => Ok(self.store.note(&Note::HandedOver(handed.clone()))?),
            None => Ok(()),
        }
    }

    /// Who may open a set: the other side, where its key is known, and whoever wrote it, who may need it back one day.
    fn recipients(&self, set: SetId) -> Result<Vec<SealingPublic>, WorkspaceError> {
        let other = Chain { side: set.side.other(), ..set.chain() };
        let Some(theirs) = self.pinned(other).and_then(|pinned| pinned.sealing) else { return Ok(Vec::new()) };
        Ok(vec![theirs, self.own_keys()?.public().sealing])
    }

    pub(super) fn run_made_before(&self, set: SetId) -> Option<&HandedOver> {
        self.store.notes().iter().find_map(|note| match note {
            Note::HandedOver(handed) if set_of(handed) == set => Some(handed),
            _ => None,
        })
    }

    /// The day and the author of the first time are repeated, so that the bytes are too.
    fn about_again(&self, set: SetId, known: &HandedOver) -> Result<About, WorkspaceError> {
        Ok(About {
            set,
            village: known.village_name.clone(),
            hash_before: known.hash_before,
            made: Made { on: known.day, by: known.by.clone(), role: Name::new(&known.role) },
            previous: self.previous_of(set),
            review: known.needs_approval.map(|needed| self.said_of_approval(set, needed)).transpose()?,
        })
    }

    fn about_new(&self, set: SetId) -> Result<About, WorkspaceError> {
        let author = self.entering()?;
        let hash_before = self.store.hash_before(set.chain(), set.from)?;
        Ok(About {
            set,
            village: self.settings.names.get(&set.village).map_or("", String::as_str).into(),
            hash_before,
            made: Made { on: self.today(), by: author.name.into(), role: author.role.identifier() },
            previous: self.previous_of(set),
            review: match set.side {
                Side::Village => Some(self.said_of_approval(set, self.settings.needs_approval)?),
                Side::County => None,
            },
        })
    }

    /// The run of acts just before a set that cannot be read any more, by the word of whoever went on behind them.
    fn lost_before(&self, set: SetId) -> Option<(u64, u64)> {
        let all = self.store.notes().iter().filter_map(|note| match note {
            Note::WentOn(went_on) => Some(&went_on.lost),
            _ => None,
        });
        let run = all.flatten().find(|(chain, _, to)| *chain == set.chain() && to + 1 == set.from);
        run.map(|(_, from, to)| (*from, *to))
    }

    fn previous_of(&self, set: SetId) -> Option<Previous> {
        let notes = self.store.notes().iter().filter_map(|note| match note {
            Note::HandedOver(handed) => Some(handed),
            _ => None,
        });
        // The last of those before it: a month without changes may stand between two runs.
        let before = notes.take_while(|handed| set_of(handed) != set).filter(|handed| is_before(handed, set)).last();
        before.map(|handed| Previous { set: set_of(handed), sha256: handed.manifest_sha256 })
    }
}

fn set_of(handed: &HandedOver) -> SetId {
    match handed.from > handed.to {
        // That there was nothing to say was said for the month of that day.
        true => SetId::nil_of(handed.chain(), handed.to, Month::of(handed.day)),
        false => SetId::of(handed.chain(), handed.from, handed.to),
    }
}

fn is_before(handed: &HandedOver, set: SetId) -> bool {
    set_of(handed).chain() == set.chain() && handed.to + 1 == set.from && !handed.copy
}

/// The signature of the first time, where there was one.
fn signed(by: &SignedBy) -> Option<Signed> {
    let keys = PublicKeys { signing: by.signing.parse().ok()?, sealing: by.sealing.parse().ok()? };
    Some(Signed { keys, value: by.value.parse().ok()? })
}

/// A signature as the store notes it.
pub(super) fn noted(signed: &Signed) -> SignedBy {
    SignedBy {
        signing: signed.keys.signing.to_string().into(),
        sealing: signed.keys.sealing.to_string().into(),
        value: signed.value.to_string().into(),
    }
}
