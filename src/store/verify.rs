//! Reads everything, plays the journal once more from its first entry, and compares what comes out with the index.

use std::collections::{BTreeMap, HashSet};

use crate::domain::{HouseholdFile, Summary};
use crate::progress::Progress;

use super::engine::Engine;
use super::error::{OpenNote, StoreError};
use super::index::pairs::{Bytes, Disk, Pairs};
use super::index::{Index, State, codec, keys, read_file};
use super::journal::entry::WentOn;
use super::journal::{Place, damage, read_entry};
use super::layout::{Home, name_of};
use super::replay;
use super::snapshot;
use super::tally::Tally;

/// What a look at everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Whether all that was acknowledged is there, and the index says what the journal says.
    pub ok: bool,
    /// How many entries the journal has.
    pub entries: u64,
    /// What is wrong.
    pub problems: Vec<String>,
    /// What is worth knowing, and is no loss.
    pub notes: Vec<String>,
}

/// No more than so many differences are told one by one.
const MOST_TOLD: usize = 100;

/// Looks at everything; `told` is what was told when the store was opened.
pub(crate) fn verify(engine: &Engine, told: &[OpenNote], progress: &mut dyn Progress) -> Result<Verified, StoreError> {
    let live = &engine.index;
    let mut findings = Findings::default();
    let noted = live.notes()?;
    let went_on: Vec<&WentOn> = damage::went_on(&noted).collect();
    let is_new = |note: &&OpenNote| !went_on.iter().any(|it| it.covers(note));
    told.iter().filter(is_new).for_each(|note| findings.note(note));
    for (went_on, gap) in went_on.iter().flat_map(|it| it.gaps.iter().map(move |gap| (it, *gap))) {
        findings.note(&OpenNote::WentOn { gap, on: went_on.on, by: went_on.by.clone() });
    }
    let mut replayed = Index::new(Replayed::default(), live.state().identity.clone());
    let played = replay::play(&engine.home, &mut replayed, progress)?;
    played.notes.iter().filter(is_new).for_each(|note| findings.note(note));
    let entries = played.end.number;
    if (entries, played.end.digest) != (live.state().number, live.state().digest) {
        findings.problem(format!("日志到第{entries}条，索引到第{}条", live.state().number));
    }
    compare(live, &replayed.pairs, &mut findings, progress)?;
    snapshots(&engine.home, &mut findings)?;
    Ok(findings.verified(entries))
}

/// Compares every record of the index with what the journal came to.
fn compare(
    live: &Index<Disk>,
    replayed: &Replayed,
    findings: &mut Findings,
    progress: &mut dyn Progress,
) -> Result<(), StoreError> {
    let Replayed { files, others, once, .. } = replayed;
    let (mut tally, mut found_once) = (Tally::default(), Once::default());
    let (mut in_files, mut in_others, mut summaries) = (0, 0, 0);
    for (n, pair) in live.pairs.scan(&[]).enumerate() {
        let (key, sealed) = match pair {
            Ok(pair) => pair,
            Err(error) => {
                findings.problem(error.to_string());
                break;
            }
        };
        if tally.count(&key, &sealed).is_err() {
            findings.differs(&key);
            continue;
        }
        let same = match key.first().copied().unwrap_or_default() {
            keys::kind::STATE => true,
            keys::kind::FILE => {
                in_files += 1;
                files
                    .get(&*key)
                    .is_some_and(|other| other[..] == sealed[..] || file(&key, other) == file(&key, &sealed))
            }
            keys::kind::SUMMARY => {
                summaries += 1;
                let of_file = files
                    .get(&keys::file_beside_summary(&key))
                    .and_then(|other| Some(Summary::of(&file(&keys::file_beside_summary(&key), other)?)));
                of_file.is_some() && of_file == summary(&key, &sealed)
            }
            keys::kind::RUN | keys::kind::ID => {
                found_once.count(&sealed);
                true
            }
            _ => {
                in_others += 1;
                others.get(&*key).is_some_and(|other| other[..] == sealed[..])
            }
        };
        if !same {
            findings.differs(&key);
        }
        if n.is_multiple_of(1000) {
            progress.step("核对索引", n as u64, Some(live.state().records));
        }
        if progress.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
    }
    if (in_files, summaries, in_others) != (files.len(), files.len(), others.len()) {
        findings.problem(format!("索引有{in_files}户、{summaries}份摘要，日志里有{}户", files.len()));
    }
    let once = once.values().fold(Once::default(), |all, one| all.with(one));
    if found_once != once {
        findings.problem("索引与日志不符：变更的位置或表单编号".to_owned());
    }
    if let Err(error) = tally.check(live) {
        findings.problem(error.to_string());
    }
    Ok(())
}

/// Whether each snapshot is whole, and stands where the journal says it does.
fn snapshots(home: &Home, findings: &mut Findings) -> Result<(), StoreError> {
    let all = home.snapshots().map_err(StoreError::disk("读快照"))?;
    for number in all.into_iter().filter(|number| !snapshot::is_of_other_version(home, *number)) {
        let mut tally = Tally::default();
        let mut state: Option<State> = None;
        let read = snapshot::each_pair(home, number, |key, sealed| {
            if key == keys::STATE {
                state = Some(codec::decode(codec::open(key, sealed)?.content)?);
            }
            tally.count(key, sealed)
        });
        let first = read_entry(home, Place { segment: number, at: 0 })?;
        let fits = read.is_ok()
            && state.is_some_and(|state| {
                let follows = |header: super::journal::frame::Header| {
                    (header.number, header.before) == (state.number + 1, state.digest)
                };
                tally.check_against(&state).is_ok() && first.is_none_or(|found| follows(found.header))
            });
        if !fits {
            findings.problem(format!("快照 {} 不完整", name_of(&home.snapshot(number))));
        }
    }
    Ok(())
}

fn file(key: &[u8], sealed: &[u8]) -> Option<HouseholdFile> {
    read_file(key, sealed).ok().map(|(file, _)| file)
}

fn summary(key: &[u8], sealed: &[u8]) -> Option<Summary> {
    codec::decode(codec::open(key, sealed).ok()?.content).ok()
}

#[derive(Default)]
struct Findings {
    verified: Verified,
    untold: usize,
}

impl Findings {
    fn note(&mut self, note: &OpenNote) {
        let text = note.to_string();
        if note.is_loss() {
            self.problem(text);
        } else if !self.verified.notes.contains(&text) {
            self.verified.notes.push(text);
        }
    }

    fn problem(&mut self, text: String) {
        if self.verified.problems.contains(&text) {
            return;
        }
        if self.verified.problems.len() < MOST_TOLD {
            self.verified.problems.push(text);
        } else {
            self.untold += 1;
        }
    }

    fn differs(&mut self, key: &[u8]) {
        self.problem(format!("索引与日志不符：{}", keys::in_words(key)));
    }

    fn verified(mut self, entries: u64) -> Verified {
        if self.untold > 0 {
            self.verified.problems.push(format!("另有{}处", self.untold));
        }
        self.verified.ok = self.verified.problems.is_empty();
        self.verified.entries = entries;
        self.verified
    }
}

/// Records of the kinds that are written once and never changed, by their number and the sum of their fingerprints.
#[derive(Debug, Default, PartialEq, Eq)]
struct Once {
    records: u64,
    sum: u64,
}

impl Once {
    fn with(self, other: &Self) -> Self {
        Self { records: self.records + other.records, sum: self.sum.wrapping_add(other.sum) }
    }

    fn count(&mut self, sealed: &[u8]) {
        self.records += 1;
        self.sum = self.sum.wrapping_add(codec::fingerprint(sealed));
    }
}

/// Pairs that come out of the journal. Of what is written once, only the sum is held in memory.
#[derive(Default)]
struct Replayed {
    files: BTreeMap<Vec<u8>, Vec<u8>>,
    others: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The ends of ids that were met, by chain; an id belongs to the first act of its chain that has it.
    ids: BTreeMap<Vec<u8>, HashSet<[u8; 8]>>,
    /// What is written once, by kind and chain.
    once: BTreeMap<Vec<u8>, Once>,
}

impl Replayed {
    fn id_in(key: &[u8]) -> [u8; 8] {
        key.last_chunk().copied().unwrap_or_default()
    }

    /// The kind and the chain of a key.
    fn chain_in(key: &[u8]) -> Vec<u8> {
        key.get(..10).unwrap_or(key).to_vec()
    }
}

impl Pairs for Replayed {
    fn get(&self, key: &[u8]) -> Result<Option<Bytes>, StoreError> {
        Ok(match key.first() {
            Some(&keys::kind::ID) => {
                let ids = self.ids.get(&Self::chain_in(key));
                ids.is_some_and(|ids| ids.contains(&Self::id_in(key))).then(Bytes::default)
            }
            Some(&keys::kind::FILE) => self.files.get(key).map(|value| value.as_slice().into()),
            _ => None,
        })
    }

    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        match key.first() {
            Some(&keys::kind::FILE) => {
                self.files.insert(key, value);
            }
            // They follow from the files and from the journal's end.
            Some(&(keys::kind::SUMMARY | keys::kind::STATE)) => {}
            Some(&keys::kind::RUN) => self.once.entry(Self::chain_in(&key)).or_default().count(&value),
            Some(&keys::kind::ID) => {
                self.ids.entry(Self::chain_in(&key)).or_default().insert(Self::id_in(&key));
                self.once.entry(Self::chain_in(&key)).or_default().count(&value);
            }
            _ => {
                self.others.insert(key, value);
            }
        }
    }

    fn apply(&mut self) {}

    fn discard(&mut self) {}

    fn forget(&mut self, prefix: &[u8]) -> Result<(u64, u64), StoreError> {
        self.files.retain(|key, _| !key.starts_with(prefix));
        self.others.retain(|key, _| !key.starts_with(prefix));
        self.ids.retain(|key, _| !key.starts_with(prefix));
        self.once.retain(|key, _| !key.starts_with(prefix));
        // Its own tally is never asked for.
        Ok((0, 0))
    }
}
