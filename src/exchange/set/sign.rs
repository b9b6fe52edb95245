//! The signature of a set, which stands beside the manifest that it is of.

use serde::{Deserialize, Serialize};

use super::read::BadSet;
use super::{MANIFEST, SIGNATURE};
use crate::exchange::keys::{self, Keys, PublicKeys, SigningPublic};

/// How a set comes by its signature.
#[derive(Clone, Debug)]
pub enum Sign<'a> {
    /// It is signed.
    With(&'a Keys),
    /// The signature of the first time is repeated, whatever the keys are by now.
    Again(&'a Signed),
}

/// Who signed a set, and the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The public keys of whoever did.
    pub keys: PublicKeys,
    /// The signature over the bytes of the manifest.
    pub value: keys::Signature,
}

/// What a set bears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// None.
    None,
    /// One that is not of this manifest, or not by the key that it names.
    Wrong,
    /// One that is right. Whose key it is, is another question.
    By(Signed),
}

/// `signature.json`, with its keys in the order in which they are written.
#[derive(Serialize, Deserialize)]
struct Text {
    of: Box<str>,
    alg: Box<str>,
    key: SigningPublic,
    value: keys::Signature,
}

impl Sign<'_> {
    pub(super) fn keys(&self) -> PublicKeys {
        match self {
            Self::With(keys) => keys.public(),
            Self::Again(signed) => signed.keys.clone(),
        }
    }

    pub(super) fn sign(&self, manifest: &[u8]) -> Signed {
        match self {
            Self::With(keys) => Signed { keys: keys.public(), value: keys.sign(manifest) },
            Self::Again(signed) => (*signed).clone(),
        }
    }
}

impl Signed {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let text = Text { of: MANIFEST.into(), alg: keys::SIGNATURE.into(), key: self.keys.signing, value: self.value };
        // Plain types with text keys only, so this cannot fail.
        let mut bytes = serde_json::to_vec_pretty(&text).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// Holds what stands in `signature.json`, if there is one, against the manifest.
pub(super) fn check(text: Option<&[u8]>, manifest: &[u8], named: Option<&PublicKeys>) -> Result<Signature, BadSet> {
    #[derive(Deserialize)]
    struct Head {
        alg: Box<str>,
    }
    let (Some(text), Some(named)) = (text, named) else { return Ok(Signature::None) };
    let damaged = |_| BadSet::Damaged(format!("{SIGNATURE} 读不懂"));
    let head: Head = serde_json::from_slice(text).map_err(damaged)?;
    if &*head.alg != keys::SIGNATURE {
        return Err(BadSet::OtherAlg(head.alg.escape_debug().to_string()));
    }
    let text: Text = serde_json::from_slice(text).map_err(damaged)?;
    let is_right = text.key == named.signing && &*text.of == MANIFEST && text.key.has_signed(manifest, &text.value);
    Ok(if is_right { Signature::By(Signed { keys: named.clone(), value: text.value }) } else { Signature::Wrong })
}
