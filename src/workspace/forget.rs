//! A chain's copy that came from the wrong hand is begun anew, as a person says; what it held is kept aside, readable.

use std::path::PathBuf;

use crate::catalogue::Deed;
use crate::domain::{Chain, VillageCode};
use crate::progress::Progress;
use crate::store::{Anew, Arrived, Note, Setup, Store};

use super::error::WorkspaceError;
use super::open::Workspace;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// The chains that begin anew, each with the last act that it held.
    pub chains: Vec<(Chain, u64)>,
    /// A home of its own that holds them; none where there was nothing to hold.
    pub aside: Option<PathBuf>,
}

impl Workspace {
    /// Forgets the key of the other side of a village, and lets its chain begin anew; at a county so does its own chain of
    /// answers, which spoke of what is forgotten. At a village its own chain stays.
    pub fn forget(&mut self, village: VillageCode, progress: &mut dyn Progress) -> Result<Forgotten, WorkspaceError> {
        self.may_here(Deed::Key)?;
        let author = self.entering()?;
        let other = self.chain_of_other(village)?;
        if self.writes(other) && self.store.counters(other).last_act > 0 {
            return Err(WorkspaceError::OwnChain(village));
        }
        let chains = if self.is_countys() { vec![other, Chain::of_county(village)] } else { vec![other] };
        let chains: Vec<(Chain, u64)> =
            chains.into_iter().map(|chain| (chain, self.store.counters(chain).last_act)).collect();
        let held: u64 = chains.iter().map(|(_, last)| last).sum();
        let aside = if held > 0 { Some(self.keep_aside(village, progress)?) } else { None };
        let name = aside.as_ref().and_then(|path| path.file_name()?.to_str()).unwrap_or_default();
        for (chain, last) in &chains {
            let (on, by) = (self.today(), author.name.as_str().into());
            self.store.begin_anew(&Anew { chain: *chain, last: *last, on, by, aside: name.into() })?;
        }
        self.remember(|settings| _ = settings.trusted.remove(&village));
        if self.village == Some(village) && self.is_countys() && self.store.scope() != village.to_string() {
            self.village = None;
        }
        self.load_households(progress)?;
        self.load_pending()?;
        Ok(Forgotten { chains, aside })
    }

    /// Whether a chain was begun anew at some time.
    pub(super) fn was_begun_anew(&self, chain: Chain) -> bool {
        self.store.notes().iter().any(|note| matches!(note, Note::Anew(anew) if anew.chain == chain))
    }

    /// Writes both chains of a village into a home of its own, which a person can open; nothing can be entered there.
    fn keep_aside(&mut self, village: VillageCode, progress: &mut dyn Progress) -> Result<PathBuf, WorkspaceError> {
        let folder = self.home().join("aside");
        let free = (1..).map(|nth| folder.join(format!("{village}-{nth}"))).find(|path| !path.exists());
        let path = free.unwrap_or(folder);
        // Never the village's own scope: a copy does not look like the village's store.
        let scope = if self.is_countys() { self.store.scope().into() } else { village.to_string()[..6].into() };
        let setup = Setup { scope, store_id: self.ids.make().into() };
        let mut aside = Store::create(&path, &setup)?;
        for chain in [Chain::from(village), Chain::of_county(village)] {
            let last = self.store.counters(chain).last_act;
            progress.step("另存旧的副本", 0, Some(last));
            let copied = self.store.acts(chain, 1..=last).collect::<Result<Vec<_>, _>>()?;
            aside.take_in(Arrived { copied, ..Arrived::default() })?;
        }
        // What the settings say of names and policy is needed to read it as it was.
        if let Some(settings) = self.store.notes().iter().find(|note| matches!(note, Note::Settings(_))) {
            aside.note(settings)?;
        }
        Ok(path)
    }
}
