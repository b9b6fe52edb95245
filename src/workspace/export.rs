//! Handing over what changed: the next change set, or one of the past made again to the same bytes.

use std::path::{Path, PathBuf};

use crate::changes::replay::replay;
use crate::changes::review::speaks_of_acts;
use crate::changes::{Act, Hash};
use crate::domain::{HouseholdFile, HouseholdId, Name};
use crate::exchange::save::{CannotSave, NewFile, save};
use crate::exchange::set::{About, Made, Previous, SetId, SetWriter};
use crate::exchange::workbook::{self, workbook};
use crate::store::{HandedOver, Note};

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
    /// Writes the next set into a folder, or the run that is named; none where there is nothing to hand over.
    pub fn export(&mut self, folder: &Path, run: Option<(u64, u64)>) -> Result<Option<Exported>, WorkspaceError> {
        let village = self.the_village()?;
        let last = self.store.counters(village).last_act;
        let next = self.handed_over(village) + 1;
        let (from, to) = match run {
            Some((from, to)) if from < 1 || from > to || to > last => {
                return Err(WorkspaceError::NoSuchRun { from, to, last });
            }
            Some(run) => run,
            None => (next, last),
        };
        let mut set = SetId { village, from, to };
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
        let mut writer = SetWriter::begin(NewFile::begin(&file)?, about.clone())?;
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
        let mut written = writer.finish()?;
        let sha256 = written.out.hash().map_err(fault)?;
        let workbook = folder.join(set.workbook_name());
        save(&workbook, &self.workbook_of(&about, &news)?)?;
        written.out.commit()?;

        if known.is_none() {
            let handed = HandedOver {
                village,
                from,
                to,
                day: about.made.on,
                by: about.made.by.clone(),
                role: about.made.role.as_str().into(),
                hash_before: about.hash_before,
                hash_last,
                file_sha256: sha256,
                manifest_sha256: written.manifest_hash,
                village_name: about.village.clone(),
                copy,
                needs_approval: about.review.as_ref().map(|review| review.needed),
            };
            self.store.note(&Note::HandedOver(handed))?;
        }
        if !copy {
            self.pending.hand_over(to);
            self.reviewed.hand_over(to);
            self.others.forget_hits();
        }
        let (held, released) = (for_clerk.held.len(), for_clerk.released_count);
        let news = news.len();
        Ok(Some(Exported { set, file, workbook, sha256, news, held, released, again, handed_over: !copy }))
    }

    /// The runs that were handed over, oldest first.
    pub fn hand_overs(&self) -> impl DoubleEndedIterator<Item = &HandedOver> {
        self.store.notes().iter().filter_map(|note| match note {
            Note::HandedOver(handed) if Some(handed.village) == self.village => Some(handed),
            _ => None,
        })
    }

    fn run_made_before(&self, set: SetId) -> Option<&HandedOver> {
        self.store.notes().iter().find_map(|note| match note {
            Note::HandedOver(handed) if (handed.village, handed.from, handed.to) == (set.village, set.from, set.to) => {
                Some(handed)
            }
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
            Note::HandedOver(handed) if handed.village == set.village && handed.to + 1 == set.from && !handed.copy => {
                let set = SetId { village: handed.village, from: handed.from, to: handed.to };
                Some(Previous { set, sha256: handed.manifest_sha256 })
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
