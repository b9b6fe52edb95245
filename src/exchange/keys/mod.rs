//! Keys: by one a store signs what it hands over, by the other it opens what is sealed for it.
//!
//! Signatures are Ed25519 (RFC 8032), seals are age's (C2SP) for X25519. Public keys travel as text: the signing key as
//! 64 hexadecimal digits, the sealing key as `age1…`. The files of the secret ones are text too, so that they can be
//! used without this program: `signing.key` holds the 64 digits of the seed, `sealing.key` what `age-keygen` writes.

mod card;

use std::fmt;
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::changes::Hash;

pub use card::{BadCard, KeyCard};

/// How signatures are named.
pub const SIGNATURE: &str = "Ed25519";

/// How seals are named.
pub const SEAL: &str = "age-v1-X25519";

/// How the text of a secret sealing key begins.
const SECRET: &str = "age-secret-key-";

/// Before the public key in a file of a secret one, where `age-keygen` writes it too.
const PUBLIC: &str = "# public key: ";

/// The secret keys of a store. Nothing of them is ever printed.
#[derive(Clone)]
pub struct Keys {
    signing: SigningKey,
    sealing: age::x25519::Identity,
}

/// Why the file of a key cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// It holds something else.
    #[error("里面不是一把钥匙")]
    NotAKey,
    /// It does not belong to the public key that stands above it.
    #[error("钥匙与上面一行的公钥对不上")]
    Altered,
}

impl Keys {
    /// The keys that come of two random numbers.
    pub fn from_seeds(signing: [u8; 32], sealing: [u8; 32]) -> Result<Self, BadKey> {
        let kind = bech32::Hrp::parse(SECRET).map_err(|_| BadKey::NotAKey)?;
        let text = bech32::encode::<bech32::Bech32>(kind, &sealing).map_err(|_| BadKey::NotAKey)?;
        let sealing = text.parse().map_err(|_| BadKey::NotAKey)?;
        Ok(Self { signing: SigningKey::from_bytes(&signing), sealing })
    }

    /// Reads the texts of the two files.
    pub fn read(signing: &str, sealing: &str) -> Result<Self, (KeyFile, BadKey)> {
        let signing = read_signing(signing).map_err(|why| (KeyFile::Signing, why))?;
        let sealing = read_sealing(sealing).map_err(|why| (KeyFile::Sealing, why))?;
        Ok(Self { signing, sealing })
    }

    /// What the file of one of them holds.
    pub fn text(&self, file: KeyFile) -> String {
        let public = self.public();
        match file {
            KeyFile::Signing => format!("{PUBLIC}{}\n{}\n", public.signing, hex(self.signing.as_bytes())),
            KeyFile::Sealing => {
                format!("{PUBLIC}{}\n{}\n", public.sealing, self.sealing.to_string().expose_secret())
            }
        }
    }

    /// What others may know of them.
    pub fn public(&self) -> PublicKeys {
        PublicKeys {
            signing: SigningPublic(self.signing.verifying_key().to_bytes()),
            sealing: SealingPublic(self.sealing.to_public().to_string().into()),
        }
    }

    /// Signs bytes.
    pub fn sign(&self, bytes: &[u8]) -> Signature {
        Signature(self.signing.sign(bytes).to_bytes())
    }

    /// The key that opens what is sealed for this store.
    pub(super) fn opens(&self) -> &dyn age::Identity {
        &self.sealing
    }
}

/// Says whose they are, and nothing that is secret.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keys").field(&self.public()).finish()
    }
}

/// One of the two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFile {
    /// The key that signs.
    Signing,
    /// The key that opens.
    Sealing,
}

impl KeyFile {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Signing, Self::Sealing];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signing => "signing.key",
            Self::Sealing => "sealing.key",
        }
    }
}

/// The public key above a secret one, where it stands there, and the secret one.
fn lines(text: &str) -> Result<(Option<&str>, &str), BadKey> {
    let public = text.lines().find_map(|line| line.strip_prefix(PUBLIC)).map(str::trim);
    let mut secret = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    match (secret.next(), secret.next()) {
        (Some(secret), None) => Ok((public, secret)),
        _ => Err(BadKey::NotAKey),
    }
}

fn read_signing(text: &str) -> Result<SigningKey, BadKey> {
    let (public, secret) = lines(text)?;
    let key = SigningKey::from_bytes(&unhex(secret).ok_or(BadKey::NotAKey)?);
    let is_its = public.is_none_or(|public| public == hex(key.verifying_key().as_bytes()));
    if is_its { Ok(key) } else { Err(BadKey::Altered) }
}

fn read_sealing(text: &str) -> Result<age::x25519::Identity, BadKey> {
    let (public, secret) = lines(text)?;
    let key: age::x25519::Identity = secret.parse().map_err(|_| BadKey::NotAKey)?;
    let is_its = public.is_none_or(|public| public == key.to_public().to_string());
    if is_its { Ok(key) } else { Err(BadKey::Altered) }
}

/// What others may know of a store's keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKeys {
    /// By this its signatures are checked.
    pub signing: SigningPublic,
    /// For this one is sealed what it alone may open.
    pub sealing: SealingPublic,
}

/// A public signing key.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SigningPublic([u8; 32]);

/// A public key to seal for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SealingPublic(Box<str>);

/// A signature.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Signature([u8; 64]);

/// A text that is no public key, or no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("不是公钥或签名")]
pub struct NotPublic;

impl SigningPublic {
    /// What people compare: the first 16 digits of SHA-256 of the key's 32 bytes, in groups of four.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.0)
    }

    /// Whether the holder of the secret key signed these bytes.
    pub fn has_signed(&self, bytes: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| key.verify_strict(bytes, &signature).is_ok())
    }
}

impl SealingPublic {
    /// What people compare: the first 16 digits of SHA-256 of the text `age1…`, in groups of four.
    pub fn fingerprint(&self) -> String {
        fingerprint(self.0.as_bytes())
    }

    /// The same as age knows it.
    pub(super) fn recipient(&self) -> Option<age::x25519::Recipient> {
        self.0.parse().ok()
    }
}

fn fingerprint(key: &[u8]) -> String {
    let digits = Hash::of(key).to_string();
    [&digits[..4], &digits[4..8], &digits[8..12], &digits[12..16]].join(" ")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that lower-case digits stand for, where they are as many as is asked for.
fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    if text.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

impl fmt::Display for SigningPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}
impl fmt::Display for SealingPublic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}
impl FromStr for SigningPublic {
    type Err = NotPublic;
    fn from_str(text: &str) -> Result<Self, NotPublic> {
        unhex(text).map(Self).ok_or(NotPublic)
    }
}
impl FromStr for SealingPublic {
    type Err = NotPublic;
    fn from_str(text: &str) -> Result<Self, NotPublic> {
        let key: age::x25519::Recipient = text.parse().map_err(|_| NotPublic)?;
        if key.to_string() == text { Ok(Self(text.into())) } else { Err(NotPublic) }
    }
}
impl FromStr for Signature {
    type Err = NotPublic;
    fn from_str(text: &str) -> Result<Self, NotPublic> {
        unhex(text).map(Self).ok_or(NotPublic)
    }
}

/// What is text outside is checked on its way in, and reads in a debugger as it does in a file.
macro_rules! as_text {
    ($($what:ty),*) => {$(
        impl TryFrom<String> for $what {
            type Error = NotPublic;
            fn try_from(text: String) -> Result<Self, NotPublic> {
                text.parse()
            }
        }
        impl From<$what> for String {
            fn from(what: $what) -> String {
                what.to_string()
            }
        }
        impl fmt::Debug for $what {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}
as_text!(SigningPublic, SealingPublic, Signature);

/// How a key stands to the one that is known of its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// None was known.
    First,
    /// It is the one that is known.
    Same,
    /// Another one is known, and a person has to decide.
    Other,
}

impl KeyStanding {
    /// How a signing key stands to the known one.
    pub fn of(key: &SigningPublic, known: Option<&SigningPublic>) -> Self {
        match known {
            None => Self::First,
            Some(known) if known == key => Self::Same,
            Some(_) => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(seed: u8) -> Keys {
        Keys::from_seeds([seed; 32], [seed + 1; 32]).unwrap()
    }

    #[test]
    fn the_files_read_back_and_damage_is_found() {
        let keys = keys(7);
        let texts = KeyFile::ALL.map(|file| keys.text(file));
        let read = Keys::read(&texts[0], &texts[1]).unwrap();
        assert_eq!(read.public(), keys.public());
        assert!(texts[1].lines().nth(1).unwrap().starts_with("AGE-SECRET-KEY-1"));
        for (file, at) in [(KeyFile::Signing, 0), (KeyFile::Sealing, 1)] {
            for byte in PUBLIC.len()..texts[at].len() - 1 {
                let mut spoilt = texts.clone();
                let other = if spoilt[at].as_bytes()[byte] == b'4' { "5" } else { "4" };
                spoilt[at].replace_range(byte..=byte, other);
                assert_eq!(Keys::read(&spoilt[0], &spoilt[1]).unwrap_err().0, file, "{byte}");
            }
            let mut cut = texts.clone();
            cut[at].truncate(80);
            assert_eq!(Keys::read(&cut[0], &cut[1]).unwrap_err().0, file);
        }
        let bare = |at: usize| texts[at].lines().nth(1).unwrap();
        assert!(Keys::read(bare(0), bare(1)).is_ok(), "the line with the public key may be missing");
    }

    #[test]
    fn nothing_secret_is_printed() {
        let keys = keys(7);
        let printed = format!("{keys:?}");
        assert!(printed.contains(&keys.public().signing.to_string()));
        assert!(!printed.contains("0707") && !printed.contains("SECRET"), "{printed}");
    }

    #[test]
    fn a_signature_is_the_signers_and_of_these_bytes() {
        let (one, other) = (keys(1), keys(9));
        let signature = one.sign(b"bytes");
        assert!(one.public().signing.has_signed(b"bytes", &signature));
        assert!(!one.public().signing.has_signed(b"byteS", &signature));
        assert!(!other.public().signing.has_signed(b"bytes", &signature));
        assert_eq!(signature.to_string().parse(), Ok(signature));
        assert_eq!("12".parse::<Signature>(), Err(NotPublic));
    }

    #[test]
    fn fingerprints_are_what_sha256sum_says() {
        let public = keys(1).public();
        let bytes: [u8; 32] = unhex(&public.signing.to_string()).unwrap();
        let digits = Hash::of(&bytes).to_string();
        assert_eq!(public.signing.fingerprint().replace(' ', ""), digits[..16]);
        assert_eq!(public.sealing.fingerprint().len(), 19);
    }
}
