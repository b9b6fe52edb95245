//! A key card: a small file by which one side tells the other its public keys.

use serde::{Deserialize, Serialize};

use super::{PublicKeys, SEAL, SIGNATURE, SealingPublic, SigningPublic};
use crate::domain::Side;

/// What `format` says.
const FORMAT: &str = "hudang-key";

/// The newest version of a card's shape.
const VERSION: u64 = 1;

/// More than any card.
const MOST: usize = 64 << 10;

/// Whose keys they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyCard {
    /// On which side they are.
    pub side: Side,
    /// The village's code, or the beginning of the codes of those that a county keeps.
    pub scope: Box<str>,
    /// The name.
    pub name: Box<str>,
    /// The keys.
    pub keys: PublicKeys,
}

/// Why a file is no key card.
#[derive(Debug, thiserror::Error)]
pub enum BadCard {
    /// It is something else.
    #[error("不是公钥卡（应为 hudang key publish 写出的文件）")]
    NotACard,
    /// A newer program wrote it.
    #[error("由更新的版本写成，请先升级程序")]
    Newer,
    /// Something in it is not as it was written.
    #[error("公钥卡读不懂（{0}），请重新要一份")]
    Damaged(String),
}

#[derive(Serialize, Deserialize)]
struct Text {
    format: Box<str>,
    version: u64,
    side: Side,
    scope: Box<str>,
    name: Box<str>,
    alg: Alg,
    signing: SigningPublic,
    sealing: SealingPublic,
    fingerprint: Box<str>,
}

#[derive(Serialize, Deserialize)]
struct Alg {
    signature: Box<str>,
    seal: Box<str>,
}

impl KeyCard {
    /// The bytes of its file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let text = Text {
            format: FORMAT.into(),
            version: VERSION,
            side: self.side,
            scope: self.scope.clone(),
            name: self.name.clone(),
            alg: Alg { signature: SIGNATURE.into(), seal: SEAL.into() },
            signing: self.keys.signing,
            sealing: self.keys.sealing.clone(),
            fingerprint: self.keys.signing.fingerprint().into(),
        };
        // Plain types with text keys only, so this cannot fail.
        let mut bytes = serde_json::to_vec_pretty(&text).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file.
    pub fn read(bytes: &[u8]) -> Result<Self, BadCard> {
        #[derive(Deserialize)]
        struct Head {
            format: Box<str>,
            version: u64,
            alg: Alg,
        }
        if bytes.len() > MOST {
            return Err(BadCard::NotACard);
        }
        let head: Head = serde_json::from_slice(bytes).map_err(|_| BadCard::NotACard)?;
        if &*head.format != FORMAT {
            return Err(BadCard::NotACard);
        }
        if head.version > VERSION || &*head.alg.signature != SIGNATURE || &*head.alg.seal != SEAL {
            return Err(BadCard::Newer);
        }
        let text: Text = serde_json::from_slice(bytes).map_err(|error| BadCard::Damaged(error.to_string()))?;
        if *text.fingerprint != *text.signing.fingerprint() {
            return Err(BadCard::Damaged("指纹与公钥不符".to_owned()));
        }
        let scope_holds = matches!(text.scope.len(), 6 | 9 | 12) && text.scope.bytes().all(|b| b.is_ascii_digit());
        if !scope_holds || text.side.is_village() != (text.scope.len() == 12) {
            return Err(BadCard::Damaged("地区代码不对".to_owned()));
        }
        let keys = PublicKeys { signing: text.signing, sealing: text.sealing };
        Ok(Self { side: text.side, scope: text.scope, name: text.name, keys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::keys::Keys;

    #[test]
    fn a_card_reads_back_and_a_changed_one_does_not() {
        let keys = Keys::from_seeds([1; 32], [2; 32]).unwrap().public();
        let card = KeyCard { side: Side::County, scope: "419999".into(), name: "示例县".into(), keys };
        let bytes = card.to_bytes();
        assert_eq!(KeyCard::read(&bytes).unwrap(), card);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let changed = |from: &str, to: &str| KeyCard::read(text.replacen(from, to, 1).as_bytes()).unwrap_err();
        assert!(matches!(changed("\"version\": 1", "\"version\": 2"), BadCard::Newer));
        assert!(matches!(changed("Ed25519", "SM2"), BadCard::Newer));
        assert!(matches!(changed("hudang-key", "hudang-set"), BadCard::NotACard));
        assert!(matches!(changed("age1", "age2"), BadCard::Damaged(_)));
        assert!(matches!(changed("county", "village"), BadCard::Damaged(_)));
        let signing = card.keys.signing.to_string();
        let other = if signing.starts_with('0') { "1" } else { "0" };
        let other = format!("{other}{}", &signing[1..]);
        assert!(matches!(changed(&signing, &other), BadCard::Damaged(_)));
        for length in 0..bytes.len() - 2 {
            assert!(KeyCard::read(&bytes[..length]).is_err());
        }
    }
}
