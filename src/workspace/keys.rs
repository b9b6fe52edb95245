//! The keys of the store, and those that are known of the other side.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::catalogue::Deed;
use crate::domain::{Chain, Side, VillageCode};
use crate::exchange::keys::{BadKey, KeyCard, KeyFile, KeyStanding, Keys, PublicKeys, SealingPublic, SigningPublic};
use crate::store::{self, Accepted, Note, PinnedKey};

use super::error::WorkspaceError;
use super::open::Workspace;

/// What is known of the keys of whoever writes a chain elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// The chain.
    pub chain: Chain,
    /// The key that checks signatures.
    pub signing: SigningPublic,
    /// The key to seal for, where it is known.
    pub sealing: Option<SealingPublic>,
    /// The day on which it became known.
    pub on: NaiveDate,
    /// Who was at the keyboard; empty where nobody said.
    pub by: Box<str>,
    /// On what ground it is believed.
    pub accepted: Accepted,
}

/// Why keys cannot be used or taken in.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The file of one of the store's own is damaged.
    #[error(
        "{}：{why}，钥匙文件坏了。请把备份恢复到另一个空目录（hudang --home 空目录 restore 备份文件），再把那里的 keys/{} 拷回来；没有备份的，先把坏文件移走，再运行就会生成新钥匙，县里须重新认可",
        .path.display(), .file.name()
    )]
    Damaged {
        /// Where.
        path: PathBuf,
        /// Which one.
        file: KeyFile,
        /// What is wrong with it.
        why: BadKey,
    },
    /// The system gives no random numbers.
    #[error("本机取不到随机数，不能生成钥匙；请重新启动电脑再试")]
    NoRandomness,
    /// The card is of somebody who has nothing to do with this store.
    #[error("这张公钥卡是 {scope} 的，与本库（{own}）不相干")]
    NotOurs {
        /// Whom the card is of.
        scope: Box<str>,
        /// What the store keeps.
        own: Box<str>,
    },
    /// The card is the store's own.
    #[error("这是本库自己的公钥卡，要接收的是对方的")]
    Own,
    /// Another key is known, and nobody said that it is to be replaced.
    #[error(
        "{chain} 已记有另一把钥匙（指纹 {known}），这一把的指纹是 {found}。请当面或打电话向对方核实；确实换了，再加 --yes-replace"
    )]
    Another {
        /// Whose.
        chain: Chain,
        /// The fingerprint of the known one.
        known: String,
        /// The fingerprint of the new one.
        found: String,
    },
}

impl Workspace {
    /// The store's own keys. A store that has none yet gets them now; damaged ones are never replaced.
    pub fn own_keys(&self) -> Result<&Keys, WorkspaceError> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let keys = self.read_or_make_keys()?;
        Ok(self.keys.get_or_init(|| keys))
    }

    fn read_or_make_keys(&self) -> Result<Keys, WorkspaceError> {
        let mut texts = [None, None];
        for (text, file) in texts.iter_mut().zip(KeyFile::ALL) {
            *text = self.store.key_text(file.name())?;
        }
        if let [Some(signing), Some(sealing)] = &texts {
            return read(self.home(), signing, sealing);
        }
        let seed = |file: KeyFile| {
            let of = format!("{} {} {}", file.name(), self.store.scope(), self.store.store_id());
            self.ids.secret(&of).ok_or(KeyFault::NoRandomness)
        };
        let fresh = Keys::from_seeds(seed(KeyFile::Signing)?, seed(KeyFile::Sealing)?);
        let fresh = fresh.map_err(|_| KeyFault::NoRandomness)?;
        let [signing, sealing] = KeyFile::ALL.map(|file| (file, fresh.text(file)));
        let [known_signing, known_sealing] = texts;
        let text = |known: &Option<String>, fresh: &str| known.clone().unwrap_or_else(|| fresh.to_owned());
        let keys = read(self.home(), &text(&known_signing, &signing.1), &text(&known_sealing, &sealing.1))?;
        for (file, text) in [signing, sealing] {
            self.store.keep_key(file.name(), &text)?;
        }
        Ok(keys)
    }

    /// The card by which the other side gets to know this store's public keys.
    pub fn key_card(&self) -> Result<KeyCard, WorkspaceError> {
        let scope: Box<str> = self.store.scope().into();
        let village = scope.parse().ok();
        let name = village.and_then(|code| self.settings.names.get(&code)).cloned().unwrap_or_default();
        let side = if village.is_some() { Side::Village } else { Side::County };
        Ok(KeyCard { side, scope, name: name.into(), keys: self.own_keys()?.public() })
    }

    /// What is known of others' keys, by chain.
    pub fn pins(&self) -> Vec<Pinned> {
        let mut all: Vec<Pinned> = Vec::new();
        for note in self.store.notes() {
            if let Note::Key(key) = note
                && let Some(pinned) = Pinned::read(key)
            {
                all.retain(|known| known.chain != pinned.chain);
                all.push(pinned);
            }
        }
        all.sort_by_key(|pinned| pinned.chain);
        all
    }

    /// What is known of the keys of whoever writes this chain.
    pub fn pinned(&self, chain: Chain) -> Option<Pinned> {
        self.store.notes().iter().rev().find_map(|note| match note {
            Note::Key(key) if key.chain == chain => Pinned::read(key),
            _ => None,
        })
    }

    /// How the key of a set's signer stands to what is known of the writer of its chain.
    pub fn key_standing(&self, chain: Chain, signer: &SigningPublic) -> KeyStanding {
        KeyStanding::of(signer, self.pinned(chain).map(|pinned| pinned.signing).as_ref())
    }

    /// Keeps in mind the keys of a chain's writer that are believed from now on, on some ground, and the newest sealing key
    /// that a known signer names. Another signing key than the known one changes nothing:
    /// [`accept_key`](Self::accept_key) is for a person.
    pub fn pin(&mut self, chain: Chain, keys: &PublicKeys, ground: Accepted) -> Result<KeyStanding, WorkspaceError> {
        let known = self.pinned(chain);
        let standing = self.key_standing(chain, &keys.signing);
        match (standing, known) {
            (KeyStanding::First, _) => self.note_key(chain, keys, ground)?,
            (KeyStanding::Same, Some(known)) if known.sealing.as_ref() != Some(&keys.sealing) => {
                self.note_key(chain, keys, known.accepted)?;
            }
            _ => {}
        }
        Ok(standing)
    }

    /// Takes in a card that a person has looked at: for the village at work the county's, for a county a village's.
    /// Another key than the known one needs her word that it replaces it. Gives the chain, and how the key stood.
    pub fn accept_key(&mut self, card: &KeyCard, replace: bool) -> Result<(Chain, KeyStanding), WorkspaceError> {
        self.may_here(Deed::Key)?;
        let own = self.store.scope();
        if card.keys.signing == self.own_keys()?.public().signing {
            return Err(KeyFault::Own.into());
        }
        let not_ours = || KeyFault::NotOurs { scope: card.scope.clone(), own: own.into() };
        let chain = match card.side {
            Side::County => {
                let village = self.the_village()?;
                let is_over = village.to_string().starts_with(&*card.scope);
                is_over.then_some(Chain::of_county(village)).ok_or_else(not_ours)?
            }
            Side::Village => {
                let is_under = card.scope.starts_with(own) && card.scope.len() > own.len();
                let village: Option<VillageCode> = card.scope.parse().ok().filter(|_| is_under);
                village.map(Chain::from).ok_or_else(not_ours)?
            }
        };
        let standing = self.key_standing(chain, &card.keys.signing);
        if let (KeyStanding::Other, false, Some(known)) = (standing, replace, self.pinned(chain)) {
            let (known, found) = (known.signing.fingerprint(), card.keys.signing.fingerprint());
            return Err(KeyFault::Another { chain, known, found }.into());
        }
        self.note_key(chain, &card.keys, Accepted::Person)?;
        Ok((chain, standing))
    }

    pub(super) fn note_key(
        &mut self,
        chain: Chain,
        keys: &PublicKeys,
        accepted: Accepted,
    ) -> Result<(), WorkspaceError> {
        self.note_keys(chain, &keys.signing, Some(&keys.sealing), accepted)
    }

    /// Notes the keys of a chain's writer, and who said so.
    pub(super) fn note_keys(
        &mut self,
        chain: Chain,
        signing: &SigningPublic,
        sealing: Option<&SealingPublic>,
        accepted: Accepted,
    ) -> Result<(), WorkspaceError> {
        let by = self.author.as_ref().map_or("", |author| &author.name);
        let note = PinnedKey {
            chain,
            signing: signing.to_string().into(),
            sealing: sealing.map(|key| key.to_string().into()),
            on: self.today(),
            by: by.into(),
            accepted,
        };
        Ok(self.store.note(&Note::Key(note))?)
    }
}

impl Pinned {
    fn read(key: &PinnedKey) -> Option<Self> {
        Some(Self {
            chain: key.chain,
            signing: key.signing.parse().ok()?,
            sealing: key.sealing.as_ref().and_then(|text| text.parse().ok()),
            on: key.on,
            by: key.by.clone(),
            accepted: key.accepted,
        })
    }
}

/// The keys of a home that may be open elsewhere, where it has them.
pub fn keys_at(home: &Path) -> Result<Option<Keys>, WorkspaceError> {
    let text = |file: KeyFile| store::key_text(home, file.name());
    match (text(KeyFile::Signing)?, text(KeyFile::Sealing)?) {
        (Some(signing), Some(sealing)) => read(home, &signing, &sealing).map(Some),
        _ => Ok(None),
    }
}

fn read(home: &Path, signing: &str, sealing: &str) -> Result<Keys, WorkspaceError> {
    let fault = |(file, why): (KeyFile, BadKey)| {
        WorkspaceError::Key(KeyFault::Damaged { path: home.join("keys").join(file.name()), file, why })
    };
    Keys::read(signing, sealing).map_err(fault)
}
