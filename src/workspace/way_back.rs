//! The way back where there is no backup: what the other side holds of both chains, given back and taken in.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::catalogue::Deed;
use crate::changes::Hash;
use crate::domain::{Chain, VillageCode};
use crate::exchange::set::{CannotWrite, Received, SetId, receive};
use crate::progress::Progress;
use crate::store::{Accepted, Setup, Store};

use super::arrival::Arrival;
use super::definitions::Definitions;
use super::error::WorkspaceError;
use super::open::{Options, Workspace};

impl Workspace {
    /// Writes what is held here of both chains of a village into a folder, for the side that has lost its store. Nothing of
    /// it counts as handed over.
    pub fn write_back(&self, village: VillageCode, folder: &Path) -> Result<Vec<PathBuf>, WorkspaceError> {
        self.may_here(Deed::Receive)?;
        let mut files = Vec::new();
        for chain in [Chain::from(village), Chain::of_county(village)] {
            for (from, to) in self.readable_runs(chain)? {
                self.give_back_run(SetId::of(chain, from, to), folder, &mut files)?;
            }
        }
        Ok(files)
    }

    /// The runs of a chain that can be read.
    fn readable_runs(&self, chain: Chain) -> Result<Vec<(u64, u64)>, WorkspaceError> {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for stored in self.store.readable(chain, 1..=self.store.counters(chain).last_act) {
            let number = stored?.act.number;
            match runs.last_mut() {
                Some((_, to)) if *to + 1 == number => *to = number,
                _ => runs.push((number, number)),
            }
        }
        Ok(runs)
    }

    /// Writes a run as one file, or as several where it is too long for one.
    fn give_back_run(&self, set: SetId, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), WorkspaceError> {
        let packed = match self.pack(set, true, true, &mut |_| {}) {
            Err(WorkspaceError::CannotWrite(CannotWrite::TooLarge)) if set.from < set.to => {
                let middle = set.from + (set.to - set.from) / 2;
                self.give_back_run(SetId { to: middle, ..set }, folder, files)?;
                return self.give_back_run(SetId { from: middle + 1, ..set }, folder, files);
            }
            packed => packed?,
        };
        let file = folder.join(format!("hudang-give-back-{set}.zip"));
        packed.begin(&file)?.commit()?;
        files.push(file);
        Ok(())
    }

    /// Makes the store of a village again, in an empty home, of what its county gives back: under a new epoch, with the
    /// county's key as it is, which a person has compared by its fingerprint.
    pub fn come_back(
        options: Options,
        files: &[PathBuf],
        fingerprint: Option<&str>,
        progress: &mut dyn Progress,
    ) -> Result<(Self, Arrival), WorkspaceError> {
        let mut given = Given::read(files)?;
        given.is_known_by(fingerprint)?;
        let definitions = Definitions::load(Some(&options.overlay()))?;
        let setup = Setup { scope: given.village.to_string().into(), store_id: given.store.clone() };
        let store = Store::create_again(&options.home, &setup, given.epoch + 1)?;
        let mut workspace = Self::with(store, definitions, options, progress)?;
        let (author, name) = (workspace.author.clone(), given.name.clone());
        let mut settings = workspace.settings.clone();
        settings.names.insert(given.village, name);
        author.into_iter().for_each(|author| settings.sit_down(author));
        workspace.change_settings(settings)?;
        workspace.own_keys()?;
        let keys = given.sets[0].signed.keys.clone();
        workspace.note_key(Chain::of_county(given.village), &keys, Accepted::Person)?;
        let mut arrival = Arrival::default();
        workspace.take_in_given(std::mem::take(&mut given.sets), &mut arrival)?;
        workspace.load_households(progress)?;
        workspace.load_pending()?;
        Ok((workspace, arrival))
    }
}

/// What a county gives back, whole and of one hand.
struct Given {
    village: VillageCode,
    name: String,
    /// The store in which the village's last act was entered, and the newest of its epochs.
    store: Box<str>,
    epoch: u32,
    /// The sets in the order of their numbers, the village's chain first.
    sets: Vec<Received>,
}

impl Given {
    fn read(files: &[PathBuf]) -> Result<Self, WorkspaceError> {
        let mut sets = Vec::new();
        for path in files {
            let bad = |why: String| not_given(format!("{}：{why}", path.display()));
            let file = File::open(path).map_err(|error| bad(error.to_string()))?;
            // Whose they are is asked of all together, before anything of them has an effect.
            let read = receive(file, None, &|_, _| true)
                .map_err(|faults| bad(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("；")))?
                .map_err(|_| bad("没有读".to_owned()))?;
            if read.manifest.side.is_village() && !read.manifest.copy {
                return Err(bad(
                    "是村里自己交出的变更集，不是县里给回的。请县里用 hudang changes give-back 写".to_owned()
                ));
            }
            sets.push(read);
        }
        sets.sort_by_key(|read| (read.manifest.set.chain(), read.manifest.from));
        let first = sets.iter().find(|read| read.manifest.side.is_village());
        let first = first.ok_or_else(|| not_given("里面没有村里的变更".to_owned()))?;
        let (village, name) = (first.manifest.village.code, first.manifest.village.name.to_string());
        let signer = first.signed.keys.signing;
        if sets.iter().any(|read| read.manifest.village.code != village) {
            return Err(not_given("这些文件不是同一个村的".to_owned()));
        }
        if sets.iter().any(|read| read.signed.keys.signing != signer) {
            return Err(not_given("这些文件不是同一把钥匙签名的".to_owned()));
        }
        follow_each_other(&sets)?;
        let acts = || sets.iter().filter(|read| read.manifest.side.is_village()).flat_map(|read| &read.acts);
        let store = acts().last().map(|read| read.act.store.clone()).unwrap_or_default();
        let epoch = acts().filter(|read| read.act.store == store).map(|read| read.act.epoch).max().unwrap_or(1);
        Ok(Self { village, name, store, epoch, sets })
    }

    /// Whether a person has compared by which key it is signed.
    fn is_known_by(&self, fingerprint: Option<&str>) -> Result<(), WorkspaceError> {
        let found = self.sets[0].signed.keys.signing.fingerprint();
        let plain = |text: &str| text.chars().filter(char::is_ascii_hexdigit).collect::<String>().to_ascii_lowercase();
        match fingerprint {
            Some(said) if plain(said) == plain(&found) => Ok(()),
            Some(said) => Err(not_given(format!("签名的钥匙指纹是 {found}，不是 {said}：不要收，请找县里核实"))),
            None => Err(not_given(format!(
                "签名的钥匙指纹是 {found}：请打电话与县里写出时显示的核对，一致的加 --fingerprint \"{found}\" 再来一遍"
            ))),
        }
    }
}

/// Whether each chain is there from its first act on, but for what is lost.
fn follow_each_other(sets: &[Received]) -> Result<(), WorkspaceError> {
    let mut ends: Vec<(Chain, u64, Hash)> = Vec::new();
    for manifest in sets.iter().map(|read| &read.manifest) {
        let chain = manifest.set.chain();
        let known = ends.iter().position(|(known, _, _)| *known == chain);
        let (last, hash) = known.map_or((0, Hash::NONE), |at| (ends[at].1, ends[at].2));
        let joins = (manifest.from, manifest.hash_before) == (last + 1, hash)
            || manifest.lost == Some((last + 1, manifest.from - 1));
        if !joins {
            return Err(not_given(format!("缺 {chain} 第{}至第{}号", last + 1, manifest.from.saturating_sub(1))));
        }
        let end = (chain, manifest.to, manifest.hash_last);
        match known {
            Some(at) => ends[at] = end,
            None => ends.push(end),
        }
    }
    Ok(())
}

fn not_given(why: String) -> WorkspaceError {
    WorkspaceError::NotGivenBack(why)
}
