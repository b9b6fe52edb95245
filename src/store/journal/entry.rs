//! What an entry of the journal says, as lines of JSON, so that it can be read without this program.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::changes::line::{self, BadLine};
use crate::changes::{Act, Hash, act};
use crate::domain::{Chain, HouseholdId, Side, VillageCode};
use crate::store::error::{OpenNote, StoreError};

/// Kinds of entries, as frames number them. A new one needs a new version of the format.
pub(crate) mod kind {
    /// Who the store is; the first entry of each segment.
    pub(crate) const HEAD: u8 = 1;
    /// Acts.
    pub(crate) const ACTS: u8 = 2;
    /// Something noted beside the acts.
    pub(crate) const NOTE: u8 = 3;
    /// A group begins: it counts only once it has ended.
    pub(crate) const BEGIN: u8 = 4;
    /// A group ended.
    pub(crate) const COMMIT: u8 = 5;
    /// The store was copied or restored, or lost something: it goes on under a new epoch.
    pub(crate) const EPOCH: u8 = 6;
    /// A chain begins anew: what it held before counts no more. A program that does not know it refuses the store.
    pub(crate) const ANEW: u8 = 7;
}

/// Who a store is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// The prefix of the division codes that it keeps.
    pub(crate) scope: Box<str>,
    /// Its random id.
    pub(crate) store: Box<str>,
    /// How often it was restored or copied, counted from 1.
    pub(crate) epoch: u32,
    /// By what a copy of it is known: see [`birth`](super::birth).
    pub(crate) born: Option<u64>,
}

/// Something that is kept beside the numbered acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Her settings, as text that only their owner reads; the newest counts.
    Settings(Box<str>),
    /// A run of acts was handed over to the county.
    HandedOver(HandedOver),
    /// The public keys of whoever writes a chain became known; the newest for a chain counts.
    Key(PinnedKey),
    /// A chain began anew, as a person said.
    Anew(Anew),
    /// A person said that the store is to go on behind what cannot be read any more.
    WentOn(WentOn),
}

/// What a person said is to be left behind: damage to the journal, and what it took with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WentOn {
    /// The damage, each by the last whole entry before it and the first one behind it.
    pub gaps: Vec<(u64, u64)>,
    /// Acts that cannot be read any more: of which chain, the first and the last.
    pub lost: Vec<(Chain, u64, u64)>,
    /// Households whose first act is among them.
    pub reopened: Vec<HouseholdId>,
    /// On which local day.
    pub on: NaiveDate,
    /// Who said so.
    pub by: Box<str>,
}

impl WentOn {
    /// Whether it speaks of what is told.
    pub(crate) fn covers(&self, note: &OpenNote) -> bool {
        match note {
            OpenNote::Damaged { before, .. } => self.gaps.iter().any(|(_, known)| known == before),
            OpenNote::BrokenChain { chain, act } => {
                self.lost.iter().any(|(known, _, to)| known == chain && to + 1 == *act)
            }
            OpenNote::Reopened(id) => self.reopened.contains(id),
            OpenNote::Lost { from, .. } => self.gaps.iter().any(|(_, known)| known == from),
            _ => false,
        }
    }
}

/// The entry by which a new epoch begins.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Epoch {
    #[serde(flatten)]
    pub(crate) identity: Identity,
    /// What is left behind, where that is why it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) went_on: Option<WentOn>,
}

/// A run of acts that was handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// Whose acts.
    pub village: VillageCode,
    /// On which side they were entered.
    #[serde(default)]
    pub side: Side,
    /// The number of the first.
    pub from: u64,
    /// The number of the last.
    pub to: u64,
    /// The local day of the first hand-over.
    pub day: NaiveDate,
    /// Who handed them over.
    pub by: Box<str>,
    /// In which role.
    pub role: Box<str>,
    /// The hash before the first act.
    pub hash_before: Hash,
    /// The hash of the last act.
    pub hash_last: Hash,
    /// The SHA-256 of the set's file, as it is before it is sealed.
    pub file_sha256: Hash,
    /// The SHA-256 of its manifest, by which the next set names it.
    pub manifest_sha256: Hash,
    /// The village's name at that time.
    pub village_name: Box<str>,
    /// Whether the run was written out without being handed over, because it does not follow the last one.
    pub copy: bool,
    /// Whether the village wanted every change approved then; none where nobody asked yet.
    #[serde(default)]
    pub needs_approval: Option<bool>,
    /// How it was signed the first time; the first programs did not sign.
    #[serde(default)]
    pub signed: Option<SignedBy>,
    /// By which rules its workbook is made, so that it is the same when it is made again: 1 a row a line, 2 a row for
    /// what the lines come to. The first programs do not say.
    #[serde(default = "first_format")]
    pub format: u8,
}

/// The rules by which the first programs made a workbook.
fn first_format() -> u8 {
    1
}

impl HandedOver {
    /// The rules by which workbooks are made now.
    pub const FORMAT: u8 = 2;

    /// The chain of which it is a run.
    pub fn chain(&self) -> Chain {
        Chain { village: self.village, side: self.side }
    }
}

/// A signature, as the texts that a set holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedBy {
    /// The public key that checks it.
    pub signing: Box<str>,
    /// The public key by which one seals for whoever signed.
    pub sealing: Box<str>,
    /// The signature.
    pub value: Box<str>,
}

/// The public keys of whoever writes a chain elsewhere, by which what comes from there is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinnedKey {
    /// The chain.
    pub chain: Chain,
    /// The key that checks signatures.
    pub signing: Box<str>,
    /// The key to seal for, where it is known.
    pub sealing: Option<Box<str>>,
    /// The local day on which it became known.
    pub on: NaiveDate,
    /// Who was at the keyboard.
    pub by: Box<str>,
    /// On what ground it is believed.
    pub accepted: Accepted,
}

/// That a chain began anew: its copy came from the wrong hand, or its writer lost everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anew {
    /// The chain.
    pub chain: Chain,
    /// The last act that it held, which counts no more.
    pub last: u64,
    /// The local day.
    pub on: NaiveDate,
    /// Who said so.
    pub by: Box<str>,
    /// The folder within the home where what it held can be read.
    pub aside: Box<str>,
}

/// On what ground a key is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accepted {
    /// It was the first that came.
    First,
    /// A person said so.
    Person,
}

/// Acts of one entry: what each chain stood at, and the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// The hash before the first act of each chain.
    pub(crate) after: BTreeMap<Chain, Hash>,
    /// The acts as lines, in order, each followed by a line break.
    pub(crate) lines: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct BlockHead {
    after: BTreeMap<Chain, Hash>,
}

impl Block {
    /// Adds an act that follows this hash, and gives its own.
    pub(crate) fn add(&mut self, act: &Act, before: Hash) -> Hash {
        self.after.entry(act.chain()).or_insert(before);
        let start = self.lines.len();
        line::append(act, &mut self.lines);
        let hash = before.then(&self.lines[start..]);
        self.lines.push(b'\n');
        hash
    }

    /// Adds an act by the line that another store wrote, to the byte.
    pub(crate) fn add_line(&mut self, chain: Chain, line: &[u8], before: Hash) -> Hash {
        self.after.entry(chain).or_insert(before);
        self.lines.extend_from_slice(line);
        self.lines.push(b'\n');
        before.then(line)
    }

    /// The content of the entry: a line with the hashes, then the acts.
    pub(crate) fn content(&self) -> Vec<u8> {
        // A map of texts cannot fail to be JSON.
        let mut content = serde_json::to_vec(&BlockHead { after: self.after.clone() }).unwrap_or_default();
        content.reserve(self.lines.len() + 1);
        content.push(b'\n');
        content.extend_from_slice(&self.lines);
        content
    }

    /// Reads the content of an entry.
    pub(crate) fn read(entry: u64, content: &[u8]) -> Result<Self, StoreError> {
        let head = content.iter().position(|byte| *byte == b'\n').unwrap_or(content.len());
        let (head, lines) = content.split_at(head);
        let head: BlockHead = read(entry, head)?;
        Ok(Self { after: head.after, lines: lines.get(1..).unwrap_or_default().to_vec() })
    }

    /// Each act's line.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
    }

    /// Each act with its line.
    pub(crate) fn acts(&self, entry: u64) -> impl Iterator<Item = Result<(Act, &[u8]), StoreError>> {
        self.lines().map(move |line| Ok((read_act(entry, line)?, line)))
    }
}

/// The act that a line of an entry holds.
pub(crate) fn read_act(entry: u64, line: &[u8]) -> Result<Act, StoreError> {
    line::read(line).map_err(|why| match why {
        BadLine::Newer(version) => StoreError::Newer { what: "变更记录".to_owned(), version, known: act::VERSION },
        why => StoreError::BadLine { entry, why },
    })
}

/// The chain of a line, without reading all of it.
pub(crate) fn chain_of(line: &[u8]) -> Option<Chain> {
    #[derive(Deserialize)]
    struct Peek {
        village: VillageCode,
        #[serde(default)]
        side: Side,
    }
    serde_json::from_slice::<Peek>(line).ok().map(|peek| Chain { village: peek.village, side: peek.side })
}

/// Writes what an entry says.
pub(crate) fn write<T: Serialize>(what: &T) -> Vec<u8> {
    // Entries are plain structs with text keys, which cannot fail to be JSON.
    serde_json::to_vec(what).unwrap_or_default()
}

/// Reads what an entry says.
pub(crate) fn read<'a, T: Deserialize<'a>>(entry: u64, content: &'a [u8]) -> Result<T, StoreError> {
    serde_json::from_slice(content).map_err(|error| StoreError::BadLine { entry, why: error.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_text_and_reads_back() {
        let village: VillageCode = "419999101201".parse().unwrap();
        let block = Block { after: [(village.into(), Hash::NONE)].into(), lines: b"{\"a\":1}\n{\"b\":2}\n".to_vec() };
        let content = block.content();
        let zeros = "0".repeat(64);
        let text = format!("{{\"after\":{{\"419999101201\":\"{zeros}\"}}}}\n{{\"a\":1}}\n{{\"b\":2}}\n");
        assert_eq!(String::from_utf8(content.clone()).unwrap(), text);
        assert_eq!(Block::read(1, &content).unwrap(), block);
        assert!(matches!(Block::read(9, b"no"), Err(StoreError::BadLine { entry: 9, .. })));
    }

    #[test]
    fn a_hand_over_of_the_first_programs_is_of_format_1() {
        let zeros = Hash::NONE;
        let old = format!(
            r#"{{"handed_over":{{"village":"419999101201","from":1,"to":7,"day":"2022-12-03","by":"李桂枝","role":"coordinator","hash_before":"{zeros}","hash_last":"{zeros}","file_sha256":"{zeros}","manifest_sha256":"{zeros}","village_name":"石桥村","copy":false}}}}"#
        );
        let Note::HandedOver(read) = read::<Note>(1, old.as_bytes()).unwrap() else { panic!("{old}") };
        assert_eq!((read.format, HandedOver::FORMAT), (1, 2));
    }

    #[test]
    fn the_text_of_notes_is_fixed() {
        let note = Note::Settings("{}".into());
        assert_eq!(write(&note), br#"{"settings":"{}"}"#);
        assert_eq!(read::<Note>(1, &write(&note)).unwrap(), note);
    }
}
