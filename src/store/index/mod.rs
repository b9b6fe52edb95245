//! The index: what the journal comes to, under keys. All of it can be thrown away and built again.

pub(crate) mod codec;
pub(crate) mod guard;
pub(crate) mod keys;
pub(crate) mod pairs;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::changes::apply::apply_out_of;
use crate::changes::{Act, Hash};
use crate::domain::field::members;
use crate::domain::{Chain, HouseholdFile, HouseholdId, Moment, Side, Summary, VillageCode};

use super::error::{OpenNote, StoreError};
use super::journal::Place;
use super::journal::entry::{Anew, Identity, Note};
use super::journal::frame::Header;
use pairs::{Bytes, Disk, Pairs, Scan};

/// How far the numbers of a chain have come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// The number of the last act; 0 is none.
    pub last_act: u64,
    /// The hash of the last act.
    pub last_hash: Hash,
    /// The highest serial of a household.
    pub last_household: u32,
    /// The highest number of a person.
    pub last_person: u32,
    /// When the last act was entered.
    pub last_entry_at: Option<Moment>,
    /// The store in which the last act was entered; empty where there is none.
    pub last_store: Box<str>,
    /// The epoch of that store.
    pub last_epoch: u32,
}

impl Counters {
    fn count(&mut self, act: &Act, hash: Hash, household: Option<u32>) {
        (self.last_act, self.last_hash) = (act.number, hash);
        self.last_entry_at = Some(act.entered_at);
        (self.last_store, self.last_epoch) = (act.store.clone(), act.epoch);
        self.last_household = self.last_household.max(household.unwrap_or(0));
        let rows = act.taken.iter().chain(act.told.iter().map(|told| &told.rows));
        let in_rows = rows.filter(|rows| rows.section == members::SECTION).map(|rows| rows.row);
        let in_changes = act.changes.iter().filter(|c| c.slot.section == members::SECTION).map(|c| c.slot.row);
        let seen = act.seen.iter().flat_map(|seen| seen.people.iter().copied());
        self.last_person = in_rows.chain(in_changes).chain(seen).fold(self.last_person, u32::max);
    }
}

/// Where the index stands, and what the store is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// The number of the last entry that is in the index.
    pub(crate) number: u64,
    /// The running digest up to it.
    pub(crate) digest: u64,
    /// Where it stands.
    pub(crate) place: Place,
    /// Who the store is by now.
    pub(crate) identity: Identity,
    /// The entry with which the group began that is being applied, and has not ended.
    pub(crate) group: Option<u64>,
    /// How many records there are but for this one.
    pub(crate) records: u64,
    /// The sum of their fingerprints.
    pub(crate) sum: u64,
}

/// Where a run of acts of one chain stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// The entry.
    pub(crate) place: Place,
    /// How many acts of the chain are in it.
    pub(crate) count: u64,
}

/// What to do with an act that does not fit what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// It is refused: it comes from outside.
    Refuse,
    /// It is applied as well as can be: it stands in the journal, and something before it was lost.
    Make,
}

/// The index over whatever keeps its pairs. Changes are staged until the entry that makes them is safe.
pub(crate) struct Index<P> {
    pub(crate) pairs: P,
    state: State,
    chains: BTreeMap<Chain, Counters>,
    staged_state: Option<State>,
    staged_chains: BTreeMap<Chain, Counters>,
}

impl<P: Pairs> Index<P> {
    /// An index that knows who the store is, and nothing else.
    pub(crate) fn new(pairs: P, identity: Identity) -> Self {
        let place = Place { segment: 1, at: 0 };
        let state = State { number: 0, digest: 0, place, identity, group: None, records: 0, sum: 0 };
        Self { pairs, state, chains: BTreeMap::new(), staged_state: None, staged_chains: BTreeMap::new() }
    }

    /// Where it stands, what is staged included.
    pub(crate) fn state(&self) -> &State {
        self.staged_state.as_ref().unwrap_or(&self.state)
    }

    fn state_mut(&mut self) -> &mut State {
        self.staged_state.get_or_insert_with(|| self.state.clone())
    }

    /// The villages that it knows, in order.
    pub(crate) fn villages(&self) -> impl Iterator<Item = VillageCode> {
        self.chains.keys().filter(|chain| chain.side.is_village()).map(|chain| chain.village)
    }

    /// A chain's counters, what is staged included.
    pub(crate) fn counters(&self, chain: Chain) -> Counters {
        self.staged_chains.get(&chain).or_else(|| self.chains.get(&chain)).cloned().unwrap_or_default()
    }

    /// A household's file.
    pub(crate) fn file(&self, id: HouseholdId) -> Result<Option<HouseholdFile>, StoreError> {
        let key = keys::file(id);
        let Some(sealed) = self.pairs.get(&key)? else { return Ok(None) };
        read_file(&key, &sealed).map(|(file, _)| Some(file))
    }

    /// A household's record, as it is kept.
    pub(crate) fn sealed(&self, id: HouseholdId) -> Result<SealedFile, StoreError> {
        let key = keys::file(id);
        Ok(SealedFile { sealed: self.pairs.get(&key)?, id })
    }

    /// A household in short.
    pub(crate) fn summary(&self, id: HouseholdId) -> Result<Option<Summary>, StoreError> {
        let key = keys::summary(id);
        let Some(sealed) = self.pairs.get(&key)? else { return Ok(None) };
        codec::decode(codec::open(&key, &sealed)?.content).map(Some)
    }

    /// The act that took the form or act with this id.
    pub(crate) fn act_with_id(&self, chain: Chain, id: &str) -> Result<Option<u64>, StoreError> {
        let key = keys::id(chain, id);
        let Some(sealed) = self.pairs.get(&key)? else { return Ok(None) };
        codec::decode(codec::open(&key, &sealed)?.content).map(Some)
    }

    /// Stages the acts of an entry, each with its hash, and tells of files that had to be made.
    pub(crate) fn take_acts(
        &mut self,
        acts: impl IntoIterator<Item = (Act, Hash)>,
        entry: u64,
        place: Place,
        fit: Fit,
    ) -> Result<Vec<OpenNote>, StoreError> {
        let mut notes = Vec::new();
        let mut runs: BTreeMap<Chain, (u64, u64)> = BTreeMap::new();
        for (mut act, hash) in acts {
            let (village, chain) = (act.village, act.chain());
            // What the county answers becomes part of a file only by an act of the village.
            let serials = if chain.side == Side::Village { act.households() } else { Vec::new() };
            for serial in &serials {
                notes.extend(self.take_household(HouseholdId { village, serial: *serial }, &mut act, entry, fit)?);
            }
            let form = act.form.as_ref().map(|form| &form.id);
            for id in [Some(&act.id), form].into_iter().flatten().filter(|id| !id.is_empty()) {
                self.take_id(chain, id, act.number, entry)?;
            }
            let mut counters = self.counters(chain);
            counters.count(&act, hash, serials.last().copied());
            self.staged_chains.insert(chain, counters);
            runs.entry(chain).or_insert((act.number, 0)).1 += 1;
        }
        for (chain, (first, count)) in runs {
            self.put(keys::run(chain, first), entry, &codec::encode(&Run { place, count })?)?;
            let counters = codec::encode(&self.counters(chain))?;
            self.put(keys::chain(chain), entry, &counters)?;
        }
        Ok(notes)
    }

    fn take_household(
        &mut self,
        id: HouseholdId,
        act: &mut Act,
        entry: u64,
        fit: Fit,
    ) -> Result<Option<OpenNote>, StoreError> {
        let key = keys::file(id);
        let sealed = self.pairs.get(&key)?;
        let known = sealed.as_ref().map(|sealed| read_file(&key, sealed)).transpose()?;
        let opened = act.opened.iter().find(|opened| opened.household == id.serial);
        let mut note = None;
        let mut file = match (known, opened) {
            (Some(_), Some(_)) if fit == Fit::Refuse => return Err(StoreError::HouseholdExists(id)),
            (Some((file, written_by)), _) => {
                // What a later entry wrote has no business here: sled has mixed up what it was given.
                if written_by > entry || file.acts.last().is_some_and(|last| *last >= act.number) {
                    return Err(StoreError::Index("索引里的户档比日志新".to_owned()));
                }
                file
            }
            (None, Some(opened)) => HouseholdFile::open(id, opened.on),
            (None, None) if fit == Fit::Refuse => return Err(StoreError::NoHousehold(id)),
            (None, None) => {
                note = Some(OpenNote::Reopened(id));
                HouseholdFile::open(id, act.entered_on())
            }
        };
        apply_out_of(&mut file, act);
        let (key_in_short, in_short) = (keys::summary(id), codec::encode(&Summary::of(&file))?);
        // The two are written together, so that where there is no file there is none in short.
        let known_in_short = if sealed.is_some() { self.pairs.get(&key_in_short)? } else { None };
        self.replace(key, sealed, entry, &codec::pack(&codec::encode(&file)?));
        self.replace(key_in_short, known_in_short, entry, &in_short);
        Ok(note)
    }

    /// An id is taken once: the first act keeps it.
    fn take_id(&mut self, chain: Chain, id: &str, number: u64, entry: u64) -> Result<(), StoreError> {
        let key = keys::id(chain, id);
        if self.pairs.get(&key)?.is_none() {
            self.replace(key, None, entry, &codec::encode(&number)?);
        }
        Ok(())
    }

    /// Stages a note.
    pub(crate) fn take_note(&mut self, note: &Note, entry: u64) -> Result<(), StoreError> {
        let key = match note {
            Note::Settings(_) => keys::note(0),
            Note::HandedOver(_) | Note::Key(_) | Note::Anew(_) | Note::WentOn(_) => keys::note(entry),
        };
        self.put(key, entry, &codec::encode(note)?)
    }

    /// Takes out all that a chain held, at once, and stages the note that says so.
    pub(crate) fn begin_anew(&mut self, anew: &Anew, entry: u64) -> Result<(), StoreError> {
        for prefix in keys::all_of(anew.chain) {
            let (records, sum) = self.pairs.forget(&prefix)?;
            let state = self.state_mut();
            state.records = state.records.saturating_sub(records);
            state.sum = state.sum.wrapping_sub(sum);
        }
        self.chains.remove(&anew.chain);
        self.staged_chains.remove(&anew.chain);
        self.take_note(&Note::Anew(anew.clone()), entry)
    }

    /// Stages who the store is from now on.
    pub(crate) fn take_identity(&mut self, identity: Identity) {
        self.state_mut().identity = identity;
    }

    /// Stages that the index now stands at this entry.
    pub(crate) fn stand_at(&mut self, header: &Header, place: Place, group: Option<u64>) -> Result<(), StoreError> {
        let state = self.state_mut();
        (state.number, state.digest) = (header.number, header.after());
        (state.place, state.group) = (place, group);
        let sealed = codec::seal(&keys::STATE, header.number, &codec::encode(state)?);
        self.pairs.put(keys::STATE.to_vec(), sealed);
        Ok(())
    }

    fn put(&mut self, key: Vec<u8>, entry: u64, content: &[u8]) -> Result<(), StoreError> {
        let old = self.pairs.get(&key)?;
        self.replace(key, old, entry, content);
        Ok(())
    }

    fn replace(&mut self, key: Vec<u8>, old: Option<Bytes>, entry: u64, content: &[u8]) {
        let sealed = codec::seal(&key, entry, content);
        let state = self.state_mut();
        state.sum = state.sum.wrapping_add(codec::fingerprint(&sealed));
        match old {
            Some(old) => state.sum = state.sum.wrapping_sub(codec::fingerprint(&old)),
            None => state.records += 1,
        }
        self.pairs.put(key, sealed);
    }

    /// Makes everything that was staged count.
    pub(crate) fn apply(&mut self) {
        self.pairs.apply();
        if let Some(state) = self.staged_state.take() {
            self.state = state;
        }
        self.chains.append(&mut self.staged_chains);
    }

    /// Forgets everything that was staged.
    pub(crate) fn discard(&mut self) {
        self.pairs.discard();
        self.staged_state = None;
        self.staged_chains.clear();
    }
}

impl Index<Disk> {
    /// The index as it was left; none where nothing was ever finished in it.
    pub(crate) fn load(pairs: Disk) -> Result<Option<Self>, StoreError> {
        let Some(sealed) = pairs.get(&keys::STATE)? else { return Ok(None) };
        let state: State = codec::decode(codec::open(&keys::STATE, &sealed)?.content)?;
        let mut chains = BTreeMap::new();
        for pair in pairs.scan(&[keys::kind::CHAIN]) {
            let (key, sealed) = pair?;
            let wrong = || StoreError::Index("村的记录不对".to_owned());
            let chain = keys::read_chain(&key).ok_or_else(wrong)?;
            chains.insert(chain, codec::decode(codec::open(&key, &sealed)?.content)?);
        }
        Ok(Some(Self { pairs, state, chains, staged_state: None, staged_chains: BTreeMap::new() }))
    }

    /// The run in which an act stands, with the number of its first.
    pub(crate) fn run_with(&self, chain: Chain, number: u64) -> Result<Option<(u64, Run)>, StoreError> {
        let key = keys::run(chain, number);
        let Some((key, sealed)) = self.pairs.last_up_to(&keys::run(chain, 0), &key)? else { return Ok(None) };
        let run: Run = codec::decode(codec::open(&key, &sealed)?.content)?;
        let first = keys::read_run(&key).map(|(_, first)| first);
        Ok(first.filter(|first| number - first < run.count).map(|first| (first, run)))
    }

    /// The newest settings, then all other notes, oldest first.
    pub(crate) fn notes(&self) -> Result<Vec<Note>, StoreError> {
        let read = |pair: Result<(Bytes, Bytes), StoreError>| {
            let (key, sealed) = pair?;
            codec::decode(codec::open(&key, &sealed)?.content)
        };
        let mut notes: Vec<Note> = self.pairs.scan(&[keys::kind::NOTE]).map(read).collect::<Result<_, _>>()?;
        forget_of_chains_begun_anew(&mut notes);
        Ok(notes)
    }

    /// All households in short, by village and serial.
    pub(crate) fn summaries(&self) -> Summaries {
        Summaries(self.pairs.scan(&[keys::kind::SUMMARY]))
    }
}

/// Drops what was noted of a chain before it began anew.
fn forget_of_chains_begun_anew(notes: &mut Vec<Note>) {
    let mut begun: BTreeSet<Chain> = BTreeSet::new();
    let counts = |note: &Note, begun: &mut BTreeSet<Chain>| match note {
        Note::Settings(_) | Note::WentOn(_) => true,
        Note::HandedOver(handed) => !begun.contains(&handed.chain()),
        Note::Key(key) => !begun.contains(&key.chain),
        Note::Anew(anew) => {
            begun.insert(anew.chain);
            true
        }
    };
    let kept: Vec<bool> = notes.iter().rev().map(|note| counts(note, &mut begun)).collect();
    let mut kept = kept.into_iter().rev();
    notes.retain(|_| kept.next().unwrap_or(true));
}

/// A pass over all households in short.
pub(crate) struct Summaries(Scan);

impl Iterator for Summaries {
    type Item = Result<Summary, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = |(key, sealed): (Bytes, Bytes)| codec::decode(codec::open(&key, &sealed)?.content);
        self.0.next().map(|pair| pair.and_then(read))
    }
}

/// The record of a file, read and not opened.
pub struct SealedFile {
    id: HouseholdId,
    sealed: Option<Bytes>,
}

impl SealedFile {
    /// Opens it; none where there is no such household.
    pub fn open(self) -> Result<Option<HouseholdFile>, StoreError> {
        let Some(sealed) = self.sealed else { return Ok(None) };
        read_file(&keys::file(self.id), &sealed).map(|(file, _)| Some(file))
    }
}

/// The file in a sealed record, and the entry that wrote it.
pub(crate) fn read_file(key: &[u8], sealed: &[u8]) -> Result<(HouseholdFile, u64), StoreError> {
    let record = codec::open(key, sealed)?;
    Ok((codec::decode(&codec::unpack(record.content)?)?, record.entry))
}
