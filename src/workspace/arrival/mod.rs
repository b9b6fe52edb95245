//! Sets that came: at the county from its villages, at the village from the county, or a village's own after a restore.
//!
//! They may come late, twice, or out of order. Each is read whole and found right before anything of it happens; it
//! happens whole or not at all; what is held afterwards is what the other side holds, to the byte.

mod back;
mod border;
mod came;
mod conflict;
mod follow;
mod in_words;
mod parted;
pub mod place;
mod reading;
mod trust;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;

use chrono::NaiveDate;

use crate::catalogue::Deed;
use crate::changes::{Act, Hash};
use crate::domain::text::is_invisible;
use crate::domain::{Chain, HouseholdId, Side};
use crate::exchange::set::{Manifest, Received, SetId, Signed, set_of};
use crate::progress::Progress;
use crate::store::{Accepted, Arrived, HandedOver, Note, StoreError, StoredAct, WaitsFor};

use super::error::WorkspaceError;
use super::open::Workspace;
use super::packing::noted;

pub use came::{Arrival, Refused, Waiting};
pub use conflict::Conflict;
pub use parted::Parted;
use place::{Place, place};
use reading::{Incoming, in_turn};
use trust::Signer;
pub use trust::{BadList, Fingerprint, NotAFingerprint, Stranger, Trust};

/// The county, by the first six digits, of the first of these files that is a village's set.
pub fn county_of(files: &[PathBuf]) -> Option<String> {
    let sets = files.iter().filter_map(|path| set_of(File::open(path).ok()?).ok());
    let village = sets.map(SetId::chain).find(|chain| chain.side.is_village())?.village;
    Some(village.to_string()[..6].to_owned())
}

impl Arrival {
    /// What is wrong with files none of which says which set it holds.
    pub fn refusing(files: &[PathBuf]) -> Self {
        let mut arrival = Self::default();
        for incoming in Incoming::look_at(files, &mut arrival.refused) {
            let file = incoming.path.display().to_string();
            arrival.refused.push(Refused::because(&file, "这里还没有户档库；县级库由村里的变更集建起"));
        }
        arrival
    }
}

impl Arrival {
    /// Whether there is nothing to tell: nothing was taken in, refused, or left to wait.
    pub fn says_nothing(&self) -> bool {
        self.applied.is_empty() && self.known.is_empty() && self.refused.is_empty() && self.waiting.is_empty()
    }
}

impl Refused {
    fn because(file: &str, why: impl ToString) -> Self {
        Self { file: file.to_owned(), why: vec![why.to_string()], is_broken: false }
    }
}

impl Workspace {
    /// Takes in sets, with those that have waited for them, where their keys are known or believed.
    pub fn take_in_sets(
        &mut self,
        files: &[PathBuf],
        trust: &Trust,
        progress: &mut dyn Progress,
    ) -> Result<Arrival, WorkspaceError> {
        // Scripts take in what is signed without saying who they are.
        if self.author.is_some() {
            self.may_here(Deed::Receive)?;
        }
        let mut arrival = self.take_in_once(files, trust, progress)?;
        if !arrival.pinned.is_empty() && !arrival.cancelled && !self.store.waiting(WaitsFor::Key).is_empty() {
            // What the same keys signed earlier may have waited for nothing else.
            let then = self.take_in_once(&[], &Trust::Nobody, progress)?;
            arrival.applied.extend(then.applied);
            arrival.known.extend(then.known);
            arrival.refused.extend(then.refused);
            arrival.conflicts.extend(then.conflicts);
            arrival.of_old_kind.extend(then.of_old_kind);
            arrival.told.extend(then.told);
            (arrival.waiting, arrival.cancelled) = (then.waiting, then.cancelled);
        }
        Ok(arrival)
    }

    fn take_in_once(
        &mut self,
        files: &[PathBuf],
        trust: &Trust,
        progress: &mut dyn Progress,
    ) -> Result<Arrival, WorkspaceError> {
        let mut arrival = Arrival::default();
        let of_strangers = self.store.waiting(WaitsFor::Key);
        let waited = [self.store.waiting(WaitsFor::Others), of_strangers.clone()].concat();
        let all: Vec<PathBuf> = files.iter().chain(&waited).cloned().collect();
        let keys = self.own_keys()?.clone();
        let mut incoming = Incoming::look_at(&all, &mut arrival.refused);
        // What waited and cannot be read any more is told once.
        for path in waited.iter().filter(|path| !incoming.iter().any(|incoming| incoming.path == **path)) {
            self.store.set_waiting_aside(path)?;
        }
        // What nobody has said anything of since is left alone.
        incoming.retain(|one| !of_strangers.contains(&one.path) || self.may_be_believed(one.set().chain(), trust));
        let mut touched = BTreeSet::new();
        let gate = self.gate(incoming.iter().map(|one| one.set().chain()), trust)?;
        let gate = |manifest: &Manifest, signed: &Signed| gate.lets_in(manifest.set.chain(), &signed.keys.signing);
        let taken = in_turn(&incoming, (&keys, &gate), progress, |incoming, read| {
            let file = incoming.path.display().to_string();
            let has_waited = waited.contains(&incoming.path);
            match read {
                Ok(Err(unread)) => {
                    let name = name_to_wait_under(&unread.manifest, unread.manifest_hash);
                    let settled = self.settle_unread(&file, unread, &mut arrival);
                    self.keep_or_drop(incoming, &name, settled, has_waited, &mut arrival)?;
                }
                Ok(Ok(received)) => {
                    let name = name_to_wait_under(&received.manifest, received.manifest_hash);
                    let settled = self.settle(&file, received, trust, &mut arrival, &mut touched)?;
                    self.keep_or_drop(incoming, &name, settled, has_waited, &mut arrival)?;
                }
                Err((why, is_broken)) => {
                    arrival.refused.push(Refused { file, why, is_broken });
                    if has_waited {
                        self.store.set_waiting_aside(&incoming.path)?;
                    }
                }
            }
            Ok::<_, WorkspaceError>(())
        });
        // What was taken in before something failed stays, and is seen.
        arrival.waiting.dedup();
        arrival.strangers.dedup();
        if !touched.is_empty() || !arrival.applied.is_empty() {
            self.refresh(&touched.into_iter().collect::<Vec<_>>())?;
            self.load_pending()?;
        }
        arrival.cancelled = !taken?;
        Ok(arrival)
    }

    /// Takes one set in where it goes on, and says what became of it.
    fn settle(
        &mut self,
        file: &str,
        received: Received,
        trust: &Trust,
        arrival: &mut Arrival,
        touched: &mut BTreeSet<HouseholdId>,
    ) -> Result<Settled, WorkspaceError> {
        let set = received.manifest.set;
        let chain = set.chain();
        if let Err(why) = self.is_ours(chain).and_then(|()| self.comes_of_its_writer(&received.manifest)) {
            arrival.refused.push(Refused::because(file, why));
            return Ok(Settled::Refused);
        }
        match self.signer((chain, received.manifest.copy), &received.signed.keys.signing, trust) {
            Ok(Signer::Known) => {}
            Ok(Signer::Believed(ground)) => {
                self.pin(chain, &received.signed.keys, ground)?;
                arrival.pinned.push((chain, received.signed.keys.signing.fingerprint()));
            }
            Ok(Signer::Stranger) => {
                let keys = received.signed.keys;
                arrival.strangers.push(Stranger { set, fingerprint: keys.signing.fingerprint(), keys });
                return Ok(Settled::Unknown);
            }
            Err(why) => {
                arrival.refused.push(Refused { is_broken: true, ..Refused::because(file, why) });
                return Ok(Settled::Refused);
            }
        }
        if let Err(why) = self.takes_chain(chain, &received) {
            arrival.refused.push(Refused::because(file, why));
            return Ok(Settled::Refused);
        }
        let counters = self.store.counters(chain);
        let last = counters.last_act;
        let hashes: Vec<_> = received.acts.iter().map(|act| act.hash).collect();
        let held = |number| match number {
            number if number == last => Some(counters.last_hash),
            number => self.store.act(chain, number).ok().flatten().map(|stored| stored.hash),
        };
        let place = place(received.manifest.from, received.manifest.hash_before, &hashes, last, held);
        let lost = received.manifest.lost;
        match place {
            Place::Known if set.nil.is_some() && self.notes_nil(set) => {
                arrival.applied.push(set);
                Ok(Settled::Taken)
            }
            Place::Known => {
                self.has_come_back(chain)?;
                arrival.known.push(set);
                Ok(Settled::Taken)
            }
            Place::Early(from, to) if lost.is_some_and(|(first, last)| first <= from && last == to) => {
                self.take_in_or_refuse(file, (received.manifest.from, Some((from, to))), received, arrival, touched)
            }
            Place::Early(from, to) => {
                let previous = received.manifest.previous.as_ref().map(|previous| previous.set);
                let missing = SetId::of(chain, from, to);
                let for_set = previous.filter(|previous| previous.to >= from).unwrap_or(missing);
                arrival.waiting.push(Waiting { set, for_set, from, to });
                Ok(Settled::Early)
            }
            Place::Parts(number) => {
                let parted = self.parted(chain, number, &received)?;
                arrival.refused.push(Refused::because(file, parted));
                Ok(Settled::Refused)
            }
            Place::Goes(from) => self.take_in_or_refuse(file, (from, None), received, arrival, touched),
        }
    }

    /// Takes in what of a set is not held yet, or tells what is wrong with it.
    fn take_in_or_refuse(
        &mut self,
        file: &str,
        (from, lost): (u64, Option<(u64, u64)>),
        received: Received,
        arrival: &mut Arrival,
        touched: &mut BTreeSet<HouseholdId>,
    ) -> Result<Settled, WorkspaceError> {
        if let Some(why) = self.wrong_with(&received, from, &mut arrival.told) {
            arrival.refused.push(Refused::because(file, why));
            return Ok(Settled::Refused);
        }
        match self.take_in_one(received, lost, arrival, touched) {
            Err(WorkspaceError::Store(error)) if is_about_the_set(&error) => {
                arrival.refused.push(Refused::because(file, error));
                Ok(Settled::Refused)
            }
            done => done.map(|()| Settled::Taken),
        }
    }

    /// Takes in what of a set is not held yet, behind acts that are lost where it says so.
    fn take_in_one(
        &mut self,
        received: Received,
        lost: Option<(u64, u64)>,
        arrival: &mut Arrival,
        touched: &mut BTreeSet<HouseholdId>,
    ) -> Result<(), WorkspaceError> {
        let (set, chain) = (received.manifest.set, received.manifest.set.chain());
        let from = self.store.counters(chain).last_act + 1;
        let mut notes = Vec::new();
        if let Some((from, to)) = lost {
            notes.push(self.went_on(&received, (from, to))?);
            arrival.lost.push((chain, from, to));
        }
        if self.writes(chain) {
            // Which program wrote it, its neighbours tell: those before it, else the one that takes it in.
            let before = self.hand_overs().rfind(|handed| handed.to < set.from);
            let format = before.map_or(HandedOver::FORMAT, |before| before.format);
            notes.push(Note::HandedOver(handed_over(&received, format)));
        }
        self.note_name(&received);
        let signer = received.signed.keys.clone();
        let copied: Vec<StoredAct> = received
            .acts
            .iter()
            .filter(|act| act.act.number >= from)
            .map(|act| StoredAct { act: act.act.clone(), line: act.line.clone(), hash: act.hash })
            .collect();
        let acts: Vec<Act> = copied.iter().map(|stored| stored.act.clone()).collect();
        arrival.told.extend(self.runs_backwards(chain, &acts));
        let own = match chain.side {
            Side::County => self.follow(&copied)?,
            Side::Village => Vec::new(),
        };
        let conflicts = match chain.side {
            Side::County => self.conflicts_at_the_village(&acts, &own)?,
            Side::Village => self.conflicts_at_the_county(chain.village, &acts)?,
        };
        let lost = lost.map(|(from, to)| (from, to, received.manifest.hash_before));
        let own = self.store.take_in(Arrived { copied, own, notes, lost })?;
        self.has_come_back(chain)?;
        if !self.writes(chain) {
            self.pin(chain, &signer, Accepted::First)?;
        }
        arrival.applied.push(set);
        let answers = |act: &Act| act.knew_hash.is_none() && act.knew.is_some();
        if set.side == Side::County && !self.writes(chain) && acts.iter().any(answers) {
            arrival.of_old_kind.push(set);
        }
        arrival.conflicts.extend(conflicts);
        let village = chain.village;
        let in_files = if chain.side.is_village() { &acts } else { &own };
        touched.extend(in_files.iter().flat_map(Act::households).map(|serial| HouseholdId { village, serial }));
        Ok(())
    }

    /// Whether a chain is of a village that this store keeps.
    fn is_ours(&self, chain: Chain) -> Result<(), String> {
        match chain.village.to_string().starts_with(self.store.scope()) {
            true => Ok(()),
            false => Err(format!("是 {} 的，不属于本户档（{}）", chain.village, self.store.scope())),
        }
    }

    /// Whether this store takes in a chain at all: a county those of its villages, a village the county's answers to it,
    /// and each its own after a restore.
    fn takes_chain(&self, chain: Chain, received: &Received) -> Result<(), String> {
        let counters = self.store.counters(chain);
        let theirs = received.acts.last().map(|act| &*act.act.store).unwrap_or_default();
        let is_of_others = theirs != self.store.store_id();
        if counters.last_act > 0 && self.writes(chain) && is_of_others {
            return Err(format!(
                "是另一个户档库（{theirs}）记的，而本库（{}）自己已为 {} 记了{}件，两本账合不到一起",
                self.store.store_id(),
                chain.village,
                counters.last_act
            ));
        }
        match (self.is_countys(), chain.side, is_of_others) {
            (false, Side::Village, true) => {
                Err("是本村另一个户档库的变更集：接着那个库的备份恢复（hudang restore），不能收进新建的库".to_owned())
            }
            (true, Side::County, true) => Err("是别的县级库的回执，应由村里收".to_owned()),
            _ => Ok(()),
        }
    }

    /// Whether the store holds a county's or a township's villages, rather than being one village's own.
    pub fn is_countys(&self) -> bool {
        self.store.scope().len() < 12
    }

    /// Whether a chain is written here, rather than being a copy.
    pub fn writes(&self, chain: Chain) -> bool {
        let by = self.store.counters(chain).last_store;
        match by.is_empty() {
            true => self.is_countys() != chain.side.is_village(),
            false => *by == *self.store.store_id(),
        }
    }

    /// Where the times of a chain run backwards by more than a clock's error: the first such place, and how many there are.
    fn runs_backwards(&self, chain: Chain, acts: &[Act]) -> Option<String> {
        let mut last = self.store.counters(chain).last_entry_at.map(|at| at.date_naive());
        let mut found: Vec<(u64, NaiveDate, NaiveDate)> = Vec::new();
        for act in acts {
            let on = act.entered_on();
            if let Some(before) = last.filter(|before| (*before - on).num_days() > 1) {
                found.push((act.number, before, on));
            }
            last = Some(on);
        }
        let (number, before, on) = *found.first()?;
        let more = if found.len() > 1 { format!("，共{}处", found.len()) } else { String::new() };
        Some(format!(
            "{chain} 第{number}件记于 {on}，而前一件记于 {before}：录入时间倒着走{more}，请问一问那边的电脑时钟"
        ))
    }

    /// Keeps in mind that a village had nothing to say in a month; false where that is known.
    fn notes_nil(&mut self, set: SetId) -> bool {
        let (village, text) = (set.village, set.to_string());
        if self.writes(set.chain()) || self.settings.nil.get(&village).is_some_and(|known| known.contains(&text)) {
            return false;
        }
        self.remember(|settings| _ = settings.nil.entry(village).or_default().insert(text));
        true
    }

    /// A village's name is learnt from its sets.
    fn note_name(&mut self, received: &Received) {
        let village = &received.manifest.village;
        let is_plain = !village.name.is_empty() && !village.name.chars().any(is_invisible);
        if is_plain && !self.settings.names.contains_key(&village.code) {
            self.remember(|settings| _ = settings.names.insert(village.code, village.name.to_string()));
        }
    }

    fn keep_or_drop(
        &mut self,
        incoming: &Incoming,
        name: &str,
        settled: Settled,
        has_waited: bool,
        arrival: &mut Arrival,
    ) -> Result<(), WorkspaceError> {
        let waits_for = match settled {
            Settled::Early => WaitsFor::Others,
            Settled::Unknown => WaitsFor::Key,
            Settled::Taken if has_waited => {
                self.store.drop_waiting(&incoming.path);
                return Ok(());
            }
            Settled::Refused if has_waited => return Ok(self.store.set_waiting_aside(&incoming.path)?),
            Settled::Taken | Settled::Refused => return Ok(()),
        };
        if self.store.waiting(waits_for).contains(&incoming.path) {
            return Ok(());
        }
        let whose = format!("{}-", incoming.set().chain());
        let mut file = File::open(&incoming.path).map_err(StoreError::disk("读变更集"))?;
        if self.store.keep_waiting((&whose, name), waits_for, &mut file)? {
            // From one queue to the other.
            if has_waited {
                self.store.drop_waiting(&incoming.path);
            }
            return Ok(());
        }
        arrival.waiting.retain(|waiting| waiting.set != incoming.set());
        arrival.strangers.retain(|stranger| stranger.set != incoming.set());
        let why = match waits_for {
            WaitsFor::Others => "等前面的变更集已经太多，存不下了：请先收前面缺的那一份",
            WaitsFor::Key => "等人认可钥匙的变更集已经太多，存不下了：请先核对指纹（hudang key trust），再收这一份",
        };
        arrival.refused.push(Refused::because(&incoming.path.display().to_string(), why));
        Ok(())
    }
}

/// A name under which nothing else waits: two sets of one run may be two things.
fn name_to_wait_under(manifest: &Manifest, hash: Hash) -> String {
    let hash = hash.to_string();
    format!("{}-{}", manifest.set, &hash[..8])
}

/// What became of a set.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settled {
    Taken,
    Early,
    Unknown,
    Refused,
}

/// Whether the store refused what the set holds, rather than failed.
fn is_about_the_set(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::NoHousehold(_)
            | StoreError::HouseholdExists(_)
            | StoreError::DoesNotFollow { .. }
            | StoreError::OtherVillage { .. }
    )
}

/// What is noted of a set of one's own that came back: it was handed over once.
fn handed_over(received: &Received, format: u8) -> HandedOver {
    let manifest = &received.manifest;
    HandedOver {
        village: manifest.village.code,
        side: manifest.side,
        from: manifest.from,
        to: manifest.to,
        day: manifest.made.on,
        by: manifest.made.by.clone(),
        role: manifest.made.role.as_str().into(),
        hash_before: manifest.hash_before,
        hash_last: manifest.hash_last,
        file_sha256: received.plain_sha256,
        manifest_sha256: received.manifest_hash,
        village_name: manifest.village.name.clone(),
        copy: false,
        // The other side's name under a copy of it is not ours.
        signed: (!manifest.copy).then(|| noted(&received.signed)),
        needs_approval: manifest.reviews.as_ref().map(|review| review.needed),
        format,
    }
}
