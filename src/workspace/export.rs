//! Handing over what changed: the next change set, or one of the past made again to the same bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::catalogue::Catalogue;
use crate::changes::net::Net;
use crate::changes::replay::replay;
use crate::changes::review::speaks_of_acts;
use crate::changes::{Act, Hash};
use crate::domain::{HouseholdFile, HouseholdId, Month, VillageCode};
use crate::exchange::save::save;
use crate::exchange::set::{About, SetId};
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
    /// SHA-256 of it as it is before it is sealed; the same whenever the set is made.
    pub plain_sha256: Hash,
    /// For whom it is sealed, by the fingerprints of their keys; nobody where it is not.
    pub sealed_for: Vec<String>,
    /// The fingerprint of the key by which it is signed.
    pub signed_by: String,
    /// How many acts of it are for the clerk, those of earlier sets that it releases included.
    pub news: usize,
    /// How many changes those come to: what every count of changes counts.
    pub changes: usize,
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
        let signed_by = self.own_keys()?.public().signing.fingerprint();
        let last = self.store.counters(village).last_act;
        let next = self.handed_over(village) + 1;
        let next = if run.is_none() { self.first_readable(village, next) } else { next };
        let (from, to) = match run {
            Some((from, to)) if from < 1 || from > to || to > last => {
                return Err(WorkspaceError::NoSuchRun { from, to, last });
            }
            Some(run) => run,
            None => (next, self.last_readable(village, next, last)),
        };
        let mut set = SetId::of(village.into(), from, to);
        let known = self.run_made_before(set).cloned();
        let is_hurt = self.store.is_hurt();
        if known.is_none() {
            self.knows_its_end()?;
        }
        if known.is_none() && from == next {
            // Before what cannot be read nothing can be said of what is held, nor can a damaged journal say anything.
            if !is_hurt && (to == last || run.is_some()) {
                set.to = self.hold(to)?;
            }
            if set.to < from {
                return Ok(None);
            }
        }
        let again = known.is_some();
        let copy = known.as_ref().map_or(from != next || is_hurt, |known| known.copy);
        let format = known.as_ref().map_or(HandedOver::FORMAT, |known| known.format);
        let for_clerk = self.for_clerk(set)?;
        let (held, released) = (for_clerk.held.len(), for_clerk.released_count);
        let mut news = for_clerk.released;
        let mut net = Net::default();
        news.iter().for_each(|act| net.add(act));
        let packed = self.pack(set, copy, plain, &mut |act| {
            if for_clerk.held.contains(&act.number) {
                return net.pass(&act);
            }
            net.add(&act);
            if act.is_news() && !speaks_of_acts(&act) {
                news.push(act);
            }
        })?;
        let (file, workbook) = (folder.join(set.file_name()), folder.join(set.workbook_name()));
        let written = packed.begin(&file)?;
        let (bytes, changes) = self.workbook_of(&packed.about, &news, &mut net, (held, format))?;
        save(&workbook, &bytes)?;
        written.commit()?;
        if !is_hurt {
            self.note_packed(&packed)?;
        }
        if !copy {
            self.load_pending()?;
        }
        Ok(Some(Exported {
            set,
            file,
            workbook,
            sha256: packed.sha256,
            plain_sha256: packed.plain_sha256,
            sealed_for: packed.sealed_for,
            signed_by,
            news: news.len(),
            changes,
            held,
            released,
            again,
            handed_over: !copy,
        }))
    }

    /// Writes the next set, or where there is nothing to hand over a set without acts that says so for this month.
    pub fn export_or_nil(&mut self, folder: &Path, plain: bool) -> Result<Exported, WorkspaceError> {
        if let Some(exported) = self.export(folder, None, plain)? {
            return Ok(exported);
        }
        let village = self.the_village()?;
        let after = self.store.counters(village).last_act;
        let set = SetId::nil_of(village.into(), after, Month::of(self.today()));
        let known = self.run_made_before(set).is_some();
        let signed_by = self.own_keys()?.public().signing.fingerprint();
        let packed = self.pack(set, false, plain, &mut |_| {})?;
        let file = folder.join(set.file_name());
        packed.begin(&file)?.commit()?;
        self.note_packed(&packed)?;
        Ok(Exported {
            set,
            file,
            workbook: PathBuf::new(),
            sha256: packed.sha256,
            plain_sha256: packed.plain_sha256,
            sealed_for: packed.sealed_for,
            signed_by,
            news: 0,
            changes: 0,
            held: 0,
            released: 0,
            again: known,
            handed_over: true,
        })
    }

    /// The first act from a number on that can be read; the number itself where there is none.
    fn first_readable(&self, village: VillageCode, from: u64) -> u64 {
        if !self.may_have_holes() {
            return from;
        }
        let last = self.store.counters(village).last_act;
        let first = self.store.readable(village, from..=last).find_map(Result::ok);
        first.map_or(from, |stored| stored.act.number)
    }

    /// The last act up to which all can be read.
    fn last_readable(&self, village: VillageCode, from: u64, last: u64) -> u64 {
        if !self.may_have_holes() {
            return last;
        }
        let read = self.store.readable(village, from..=last).map_while(Result::ok);
        let whole = read.zip(from..).take_while(|(stored, number)| stored.act.number == *number);
        whole.last().map_or(last, |(_, number)| number)
    }

    /// Whether some acts may not be readable any more.
    fn may_have_holes(&self) -> bool {
        self.store.is_hurt() || self.store.notes().iter().any(|note| matches!(note, Note::WentOn(_)))
    }

    /// The runs that were handed over, oldest first.
    pub fn hand_overs(&self) -> impl DoubleEndedIterator<Item = &HandedOver> {
        self.store.notes().iter().filter_map(|note| match note {
            Note::HandedOver(handed)
                if Some(handed.village) == self.village && handed.side.is_village() && handed.from <= handed.to =>
            {
                Some(handed)
            }
            _ => None,
        })
    }

    /// The clerk's workbook of a run, and how many changes it comes to.
    fn workbook_of(
        &self,
        about: &About,
        news: &[Act],
        net: &mut Net,
        (held, format): (usize, u8),
    ) -> Result<(Vec<u8>, usize), WorkspaceError> {
        let village = about.set.village;
        let mut files = BTreeMap::new();
        for serial in net.households().collect::<Vec<u32>>() {
            let id = HouseholdId { village, serial };
            self.ask_papers(net, id)?;
            files.insert(serial, self.file_as_of(id, about.set.to)?);
        }
        let file = |serial: u32| match files.get(&serial) {
            Some(known) => known.clone(),
            None => self.file_as_of(HouseholdId { village, serial }, about.set.to).ok().flatten(),
        };
        let catalogue: &Catalogue = &self.definitions.catalogue;
        let count = |serial: &u32| net.changes(*serial, files[serial].as_ref(), catalogue).len();
        let changes = files.keys().map(count).sum();
        let run = workbook::Run {
            set: about.set,
            village: &about.village,
            made: &about.made,
            acts: news,
            net: (format > 1).then_some(&*net),
            held,
            file: &file,
            layout: &self.definitions.workbook,
            catalogue,
            forms: &self.definitions.forms,
        };
        Ok((workbook(&run)?, changes))
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
