//! Handing over what changed: the next change set, or one of the past made again to the same bytes.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use crate::changes::replay::replay;
use crate::changes::review::speaks_of_acts;
use crate::changes::{Act, Hash};
use crate::domain::{Chain, HouseholdFile, HouseholdId, Name};
use crate::exchange::keys::{PublicKeys, SealingPublic};
use crate::exchange::save::{CannotSave, NewFile, save};
use crate::exchange::set::{About, Made, Previous, SetId, SetWriter, Sign, Signed, seal};
use crate::exchange::workbook::{self, workbook};
use crate::store::{HandedOver, Note, SignedBy};

use super::error::WorkspaceError;
use super::open::Workspace;

/// A set that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Which run.
    pub set: SetId,
    /// The container.
    pub file: PathBuf,
    /// The clerk's workbook.
    pub workbook: PathBuf,
    /// SHA-256 of the container.
    pub sha256: Hash,
    /// SHA-256 of it as it is before it is sealed; the same whenever the set is made.
    pub plain_sha256: Hash,
    /// For whom it is sealed, by the fingerprints of their keys; nobody where it is not.
    pub sealed_for: Vec<String>,
    /// How many acts of it are for the clerk, those of earlier sets that it releases included.
    pub news: usize,
    /// How many acts of it are held.
    pub held: usize,
    /// How many acts of earlier sets it releases.
    pub released: usize,
    /// Whether it was made before, and was now made again.
    pub again: bool,
    /// Whether it follows the last set, so that what it holds counts as handed over.
    pub handed_over: bool,
}

impl Workspace {
    /// Writes the next set into a folder, or the run that is named; none where there is nothing to hand over. It is
    /// signed, and sealed where the county's key is known, unless it is to be plain.
    pub fn export(
        &mut self,
        folder: &Path,
        run: Option<(u64, u64)>,
        plain: bool,
    ) -> Result<Option<Exported>, WorkspaceError> {
        let village = self.the_village()?;
        // A key that cannot be used is found before anything is noted.
        self.own_keys()?;
        let last = self.store.counters(village).last_act;
        let next = self.handed_over(village) + 1;
        let (from, to) = match run {
            Some((from, to)) if from < 1 || from > to || to > last => {
                return Err(WorkspaceError::NoSuchRun { from, to, last });
            }
            Some(run) => run,
            None => (next, last),
        };
        let mut set = SetId::of(village.into(), from, to);
        let known = self.run_made_before(set).cloned();
        if known.is_none() && from == next {
            set.to = self.hold(to)?;
            if set.to < from {
                return Ok(None);
            }
        }
        let to = set.to;
        let again = known.is_some();
        let copy = known.as_ref().map_or(from != next, |known| known.copy);
        let about = match &known {
            Some(known) => self.about_again(set, known)?,
            None => self.about_new(set)?,
        };

        let file = folder.join(set.file_name());
        let fault = |cause| CannotSave { path: file.clone(), cause };
        let signed_before = known.as_ref().and_then(|known| known.signed.as_ref()).and_then(signed);
        let sign = match &signed_before {
            Some(signed) => Sign::Again(signed),
            None => Sign::With(self.own_keys()?),
        };
        // In memory, for nothing that is to be sealed may lie plain in a folder, not for a moment.
        let mut writer = SetWriter::begin(Cursor::new(Vec::new()), about.clone())?;
        let for_clerk = self.for_clerk(set)?;
        let (mut news, mut hash_last) = (for_clerk.released, about.hash_before);
        for stored in self.store.acts(village, from..=to) {
            let stored = stored?;
            writer.push(&stored.act, &stored.line, stored.hash)?;
            hash_last = stored.hash;
            if stored.act.is_news() && !speaks_of_acts(&stored.act) && !for_clerk.held.contains(&stored.act.number) {
                news.push(stored.act);
            }
        }
        let written = writer.finish(&sign)?;
        let mut bytes = written.out.into_inner();
        let plain_sha256 = Hash::of(&bytes);
        let recipients = if plain { Vec::new() } else { self.recipients(set)? };
        if !recipients.is_empty() {
            bytes = seal(set, &about.village, &bytes, &recipients)?;
        }
        let sha256 = Hash::of(&bytes);
        let mut out = NewFile::begin(&file)?;
        out.write_all(&bytes).map_err(fault)?;
        let workbook = folder.join(set.workbook_name());
        save(&workbook, &self.workbook_of(&about, &news)?)?;
        out.commit()?;

        if known.is_none() {
            let handed = HandedOver {
                village,
                side: set.side,
                from,
                to,
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
                signed: Some(SignedBy {
                    signing: written.signed.keys.signing.to_string().into(),
                    sealing: written.signed.keys.sealing.to_string().into(),
                    value: written.signed.value.to_string().into(),
                }),
            };
            self.store.note(&Note::HandedOver(handed))?;
        }
        if !copy {
            self.pending.hand_over(to);
            self.reviewed.hand_over(to);
            self.others.forget_hits();
        }
        let (held, released) = (for_clerk.held.len(), for_clerk.released_count);
        Ok(Some(Exported {
            set,
            file,
            workbook,
            sha256,
            plain_sha256,
            sealed_for: recipients.iter().map(SealingPublic::fingerprint).collect(),
            news: news.len(),
            held,
            released,
            again,
            handed_over: !copy,
        }))
    }

    /// Who may open a set: the other side, where its key is known, and whoever wrote it, who may need it back one day.
    fn recipients(&self, set: SetId) -> Result<Vec<SealingPublic>, WorkspaceError> {
        let other = Chain { side: set.side.other(), ..set.chain() };
        let Some(theirs) = self.pinned(other).and_then(|pinned| pinned.sealing) else { return Ok(Vec::new()) };
        Ok(vec![theirs, self.own_keys()?.public().sealing])
    }

    /// The runs that were handed over, oldest first.
    pub fn hand_overs(&self) -> impl DoubleEndedIterator<Item = &HandedOver> {
        self.store.notes().iter().filter_map(|note| match note {
            Note::HandedOver(handed) if Some(handed.village) == self.village && handed.side.is_village() => {
                Some(handed)
            }
            _ => None,
        })
    }

    fn run_made_before(&self, set: SetId) -> Option<&HandedOver> {
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
        let hash_before = match set.from {
            1 => Hash::NONE,
            from => self.store.act(set.village, from - 1)?.map_or(Hash::NONE, |stored| stored.hash),
        };
        Ok(About {
            set,
            village: self.village_name().unwrap_or_default().into(),
            hash_before,
            made: Made { on: self.today(), by: author.name.into(), role: author.role.identifier() },
            previous: self.previous_of(set),
            review: Some(self.said_of_approval(set, self.settings.needs_approval)?),
        })
    }

    fn previous_of(&self, set: SetId) -> Option<Previous> {
        self.store.notes().iter().find_map(|note| match note {
            Note::HandedOver(handed) if is_before(handed, set) => {
                Some(Previous { set: set_of(handed), sha256: handed.manifest_sha256 })
            }
            _ => None,
        })
    }

    fn workbook_of(&self, about: &About, news: &[Act]) -> Result<Vec<u8>, WorkspaceError> {
        let village = about.set.village;
        let file = |serial| self.file_as_of(HouseholdId { village, serial }, about.set.to).ok().flatten();
        let run = workbook::Run {
            set: about.set,
            village: &about.village,
            made: &about.made,
            acts: news,
            file: &file,
            layout: &self.definitions.workbook,
            catalogue: &self.definitions.catalogue,
            forms: &self.definitions.forms,
        };
        Ok(workbook(&run)?)
    }

    /// A file as it stood after an act: as it is, or built again from its acts where later ones touched it.
    pub fn file_as_of(&self, id: HouseholdId, number: u64) -> Result<Option<HouseholdFile>, WorkspaceError> {
        let Some(now) = self.store.file(id)? else { return Ok(None) };
        if now.acts.last().is_none_or(|last| *last <= number) {
            return Ok(Some(now));
        }
        let mut acts = Vec::new();
        for act in now.acts.iter().take_while(|act| **act <= number) {
            acts.extend(self.store.act(id.village, *act)?.map(|stored| stored.act));
        }
        Ok(replay(id, &acts))
    }
}

fn set_of(handed: &HandedOver) -> SetId {
    SetId { village: handed.village, side: handed.side, from: handed.from, to: handed.to }
}

fn is_before(handed: &HandedOver, set: SetId) -> bool {
    set_of(handed).chain() == set.chain() && handed.to + 1 == set.from && !handed.copy
}

/// The signature of the first time, where there was one.
fn signed(by: &SignedBy) -> Option<Signed> {
    let keys = PublicKeys { signing: by.signing.parse().ok()?, sealing: by.sealing.parse().ok()? };
    Some(Signed { keys, value: by.value.parse().ok()? })
}
