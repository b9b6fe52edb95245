//! Whom a set is believed to come from, before anything of it has an effect.
//!
//! What an unknown key signed waits, with its fingerprint, until a person has compared it and said yes. Nothing of it is in
//! any figure until then, and nothing is sealed to that key.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::catalogue::Deed;
use crate::domain::{Chain, Side, VillageCode};
use crate::exchange::keys::{PublicKeys, SigningPublic};
use crate::exchange::set::{SetId, SetReader, Signature, Unread};
use crate::progress::Progress;
use crate::store::{Accepted, WaitsFor};
use crate::workspace::keys::KeyFault;
use crate::workspace::{Workspace, WorkspaceError};

use super::{Arrival, Refused, Settled};

/// What is believed of keys that are not known yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// A person has to say yes to each.
    #[default]
    Nobody,
    /// The first key that comes: for scripts that have compared fingerprints otherwise.
    First,
    /// The keys with these fingerprints, which somebody has compared.
    Listed(BTreeMap<VillageCode, Vec<Fingerprint>>),
}

/// What people read to each other of a key: sixteen digits, however they are grouped, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(Box<str>);

/// A text that is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("指纹应为16位，如 12ab 34cd 56ef 7890（见 hudang key show）")]
pub struct NotAFingerprint;

/// A list of trusted keys that cannot be meant.
#[derive(Debug, thiserror::Error)]
#[error("第{line}行应写 村代码 指纹，如 419999101201 12ab 34cd 56ef 7890")]
pub struct BadList {
    line: usize,
}

/// A set that waits for a person's word on the key that signed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// Which set.
    pub set: SetId,
    /// The fingerprint of the key.
    pub fingerprint: String,
    pub(super) keys: PublicKeys,
}

/// Which keys are let in: known ones, and those that somebody believes.
pub(super) struct Gate {
    known: BTreeMap<Chain, Vec<SigningPublic>>,
    trust: Trust,
    said: Trust,
}

impl Gate {
    pub(super) fn lets_in(&self, chain: Chain, key: &SigningPublic) -> bool {
        match self.known.get(&chain) {
            Some(known) => known.contains(key),
            None => [&self.trust, &self.said].into_iter().any(|trust| trust.ground(chain, key).is_some()),
        }
    }
}

/// How the signer of a set stands.
pub(super) enum Signer {
    /// Known, or the store itself.
    Known,
    /// Not known until now, and believed from now on, on this ground.
    Believed(Accepted),
    /// Not known: a person has to say.
    Stranger,
}

impl std::str::FromStr for Fingerprint {
    type Err = NotAFingerprint;
    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | ':')).collect();
        let digits = digits.to_ascii_lowercase();
        let is_it = matches!(digits.len(), 16 | 64) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if is_it { Ok(Self(digits.into())) } else { Err(NotAFingerprint) }
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Fingerprint {
    /// Whether it is this key's.
    pub fn is_of(&self, key: &SigningPublic) -> bool {
        *self.0 == *key.fingerprint().replace(' ', "") || *self.0 == *key.to_string()
    }
}

impl Trust {
    /// Reads a list: a village and a fingerprint a line; what stands behind `#` is for people.
    pub fn read(text: &str) -> Result<Self, BadList> {
        let mut listed: BTreeMap<VillageCode, Vec<Fingerprint>> = BTreeMap::new();
        for (line, says) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            let says = says.split('#').next().unwrap_or_default().trim();
            if says.is_empty() {
                continue;
            }
            let bad = || BadList { line };
            let (village, fingerprint) = says.split_once([' ', '\t', ',']).ok_or_else(bad)?;
            let village = village.parse().map_err(|_| bad())?;
            listed.entry(village).or_default().push(fingerprint.parse().map_err(|_| bad())?);
        }
        Ok(Self::Listed(listed))
    }

    fn ground(&self, chain: Chain, key: &SigningPublic) -> Option<Accepted> {
        match self {
            Self::Nobody => None,
            Self::First => Some(Accepted::First),
            Self::Listed(listed) => {
                let of_it = listed.get(&chain.village).into_iter().flatten();
                of_it.into_iter().any(|print| print.is_of(key)).then_some(Accepted::Person)
            }
        }
    }
}

impl Workspace {
    /// Whether anything is known by now by which a set that waits for a word on its key may be told apart.
    pub(super) fn may_be_believed(&self, chain: Chain, trust: &Trust) -> bool {
        let village = &chain.village;
        let is_listed = matches!(trust, Trust::Listed(listed) if listed.contains_key(village));
        is_listed || self.settings.trusted.contains_key(village) || self.pinned(chain).is_some()
    }

    /// By which keys sets of these chains are signed, as far as that is known before any of them is read.
    pub(super) fn gate(&self, chains: impl Iterator<Item = Chain>, trust: &Trust) -> Result<Gate, WorkspaceError> {
        let own = self.own_keys()?.public().signing;
        let known = |chain| {
            let key = if self.writes(chain) { Some(own) } else { self.pinned(chain).map(|pinned| pinned.signing) };
            let given_back = self.gives_back(chain);
            key.map(|key| (chain, given_back.into_iter().chain([key]).collect()))
        };
        let said = self.settings.trusted.iter();
        let said = said.filter_map(|(village, text)| Some((*village, vec![text.parse().ok()?]))).collect();
        let chains: BTreeSet<Chain> = chains.collect();
        let known = chains.into_iter().filter_map(known).collect();
        Ok(Gate { known, trust: trust.clone(), said: Trust::Listed(said) })
    }

    /// The key by which a chain that is written here is given back to a store that came back from a backup: the other
    /// side's, where it is known.
    fn gives_back(&self, chain: Chain) -> Option<SigningPublic> {
        let asks = self.writes(chain) && self.store.asks_what_went_out();
        let other = Chain { side: chain.side.other(), ..chain };
        asks.then(|| self.pinned(other)).flatten().map(|pinned| pinned.signing)
    }

    /// Says what becomes of a set of which no act was read.
    pub(super) fn settle_unread(&self, file: &str, unread: Unread, arrival: &mut Arrival) -> Settled {
        let (set, keys) = (unread.manifest.set, unread.signed.keys);
        let signer = self.signer((set.chain(), unread.manifest.copy), &keys.signing, &Trust::Nobody);
        let is_taken = self.is_ours(set.chain()).and_then(|()| self.comes_of_its_writer(&unread.manifest));
        let refused = match (is_taken, signer) {
            (Err(why), _) => Refused::because(file, why),
            (_, Err(why)) => Refused { is_broken: true, ..Refused::because(file, why) },
            _ => {
                arrival.strangers.push(Stranger { set, fingerprint: keys.signing.fingerprint(), keys });
                return Settled::Unknown;
            }
        };
        arrival.refused.push(refused);
        Settled::Refused
    }

    /// Whether a set is signed by whom it says: one's own key for a chain that is written here, else the known one; a copy
    /// that is given back after a restore, by the other side's.
    pub(super) fn signer(
        &self,
        (chain, is_copy): (Chain, bool),
        signer: &SigningPublic,
        trust: &Trust,
    ) -> Result<Signer, String> {
        if is_copy && self.gives_back(chain).is_some_and(|key| key == *signer) {
            return Ok(Signer::Known);
        }
        let known = match self.writes(chain) {
            true => Some(self.own_keys().map_err(|error| error.to_string())?.public().signing),
            false => self.pinned(chain).map(|pinned| pinned.signing),
        };
        let Some(known) = known else {
            let said = self.settings.trusted.get(&chain.village).and_then(|text| text.parse::<Fingerprint>().ok());
            let said = said.filter(|said| said.is_of(signer)).map(|_| Accepted::Person);
            return Ok(said.or_else(|| trust.ground(chain, signer)).map_or(Signer::Stranger, Signer::Believed));
        };
        if known == *signer {
            return Ok(Signer::Known);
        }
        Err(format!(
            "签名的钥匙换了（指纹 {}，已知的是 {}）。没有收。请当面或打电话向对方核实；确实换了，请对方发来公钥卡，用 hudang key accept 认可后再收；当初就认错了的，用 hudang key forget 从头来",
            signer.fingerprint(),
            known.fingerprint()
        ))
    }

    /// The sets that wait for a person's word on the key that signed them, by set.
    pub fn strangers(&self) -> Vec<Stranger> {
        let waiting = self.store.waiting(WaitsFor::Key);
        waiting.iter().filter_map(|path| self.stranger(path)).map(|(_, stranger)| stranger).collect()
    }

    fn stranger(&self, path: &Path) -> Option<(PathBuf, Stranger)> {
        let keys = self.own_keys().ok()?;
        let reader = SetReader::open(File::open(path).ok()?, Some(keys)).ok()?;
        let Signature::By(signed) = reader.signature() else { return None };
        let (set, keys) = (reader.manifest().set, signed.keys.clone());
        Some((path.to_owned(), Stranger { set, fingerprint: keys.signing.fingerprint(), keys }))
    }

    /// The chain that the other side writes of a village: at a county the village's, at the village the county's.
    pub fn chain_of_other(&self, village: VillageCode) -> Result<Chain, WorkspaceError> {
        if !village.to_string().starts_with(self.store.scope()) {
            return Err(WorkspaceError::NotOurs { village, scope: self.store.scope().into() });
        }
        let side = if self.is_countys() { Side::Village } else { Side::County };
        Ok(Chain { village, side })
    }

    /// Believes the key with this fingerprint, as a person who has compared it says, and takes in what waited for that.
    /// Where nothing of it has come yet the fingerprint is kept in mind. Gives what came of it, and whether the key is
    /// known now.
    pub fn trust(
        &mut self,
        village: VillageCode,
        fingerprint: &Fingerprint,
        progress: &mut dyn Progress,
    ) -> Result<(Arrival, bool), WorkspaceError> {
        self.may_here(Deed::Key)?;
        let chain = self.chain_of_other(village)?;
        if let Some(known) = self.pinned(chain) {
            if !fingerprint.is_of(&known.signing) {
                let found = fingerprint.to_string();
                return Err(KeyFault::Another { chain, known: known.signing.fingerprint(), found }.into());
            }
            self.note_keys(chain, &known.signing, known.sealing.as_ref(), Accepted::Person)?;
            return Ok((self.take_in_what_waited(progress)?, true));
        }
        let mut of_it = self.strangers().into_iter().filter(|stranger| stranger.set.chain() == chain);
        let Some(stranger) = of_it.find(|stranger| fingerprint.is_of(&stranger.keys.signing)) else {
            let mut settings = self.settings.clone();
            settings.trusted.insert(village, fingerprint.to_string());
            self.change_settings(settings)?;
            return Ok((Arrival::default(), false));
        };
        self.note_keys(chain, &stranger.keys.signing, Some(&stranger.keys.sealing), Accepted::Person)?;
        Ok((self.take_in_what_waited(progress)?, true))
    }

    /// Takes in what waited for a key that is known by now.
    pub fn take_in_what_waited(&mut self, progress: &mut dyn Progress) -> Result<Arrival, WorkspaceError> {
        self.take_in_sets(&[], &Trust::Nobody, progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::keys::Keys;

    fn key(seed: u8) -> SigningPublic {
        Keys::from_seeds([seed; 32], [seed; 32]).unwrap().public().signing
    }

    #[test]
    fn a_fingerprint_is_one_however_it_is_written_and_nobody_elses() {
        let print = key(1).fingerprint();
        for text in
            [print.clone(), print.replace(' ', ""), print.to_uppercase(), print.replace(' ', "-"), key(1).to_string()]
        {
            let read: Fingerprint = text.parse().unwrap();
            assert!(read.is_of(&key(1)) && !read.is_of(&key(2)), "{text}");
        }
        for text in ["", "12ab", "12ab 34cd 56ef 789", "12ab 34cd 56ef 789g", "12ab 34cd 56ef 7890 1"] {
            assert_eq!(text.parse::<Fingerprint>(), Err(NotAFingerprint), "{text}");
        }
    }

    #[test]
    fn a_list_is_a_village_a_line_and_speaks_of_nobody_else() {
        let village: VillageCode = "419999101201".parse().unwrap();
        let other: VillageCode = "419999101202".parse().unwrap();
        let text = format!(
            "\u{feff}# 各村\r\n419999101201 {}\r\n\r\n419999101202\t{} # 电话核对\n",
            key(1).fingerprint(),
            key(2)
        );
        let trust = Trust::read(&text).unwrap();
        assert_eq!(trust.ground(village.into(), &key(1)), Some(Accepted::Person));
        assert_eq!(trust.ground(village.into(), &key(2)), None);
        assert_eq!(trust.ground(other.into(), &key(2)), Some(Accepted::Person));
        assert_eq!(Trust::read("419999101201 1\n").unwrap_err().line, 1);
        assert_eq!(Trust::read("\n石桥村 12ab 34cd 56ef 7890").unwrap_err().line, 2);
    }
}
