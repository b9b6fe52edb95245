//! Acts as lines of JSON, chained by hash: the same bytes in the journal, in a change set, and for whoever checks it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::act::{Act, VERSION};

/// SHA-256, written as 64 hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; 32]);

/// A text that is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("应为64位十六进制")]
pub struct NotAHash;

/// Why a line is no act.
#[derive(Debug, thiserror::Error)]
pub enum BadLine {
    /// It is no JSON, or not of this shape.
    #[error("不是变更记录：{0}")]
    Json(#[from] serde_json::Error),
    /// It was written by a newer program.
    #[error("由更新的版本写成（格式{0}，本程序只识{VERSION}），请先升级")]
    Newer(u8),
}

impl Hash {
    /// What the first act of a village is chained to.
    pub const NONE: Self = Self([0; 32]);

    /// The hash of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of a line that follows the one with this hash: SHA-256 over its 64 digits, a line break, and the line.
    pub fn then(self, line: &[u8]) -> Self {
        let mut sha = Sha256::new();
        sha.update(self.to_string().as_bytes());
        sha.update(b"\n");
        sha.update(line);
        Self(sha.finalize().into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (i, b) in self.0.iter().enumerate() {
            text[2 * i] = DIGITS[usize::from(b >> 4)];
            text[2 * i + 1] = DIGITS[usize::from(b & 15)];
        }
        f.pad(std::str::from_utf8(&text).unwrap_or_default())
    }
}
impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.12}…", self.to_string())
    }
}
impl FromStr for Hash {
    type Err = NotAHash;
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(NotAHash);
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotAHash)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAHash)?;
        }
        Ok(Self(hash))
    }
}
impl TryFrom<String> for Hash {
    type Error = NotAHash;
    fn try_from(text: String) -> Result<Self, NotAHash> {
        text.parse()
    }
}
impl From<Hash> for String {
    fn from(hash: Hash) -> String {
        hash.to_string()
    }
}

/// The act as one line, without a line break at its end.
pub fn write(act: &Act) -> Vec<u8> {
    let mut line = Vec::new();
    append(act, &mut line);
    line
}

/// Appends the act's line to others.
pub fn append(act: &Act, lines: &mut Vec<u8>) {
    // Every type within an act writes itself as JSON with text keys, so this cannot fail.
    let _ = serde_json::to_writer(lines, act);
}

/// The act that a line holds.
pub fn read(line: &[u8]) -> Result<Act, BadLine> {
    let act: Result<Act, _> = serde_json::from_slice(line);
    match act {
        Ok(act) if act.v <= VERSION => Ok(act),
        Ok(act) => Err(BadLine::Newer(act.v)),
        Err(error) => {
            #[derive(Deserialize)]
            struct Version {
                v: u8,
            }
            match serde_json::from_slice::<Version>(line) {
                Ok(Version { v }) if v > VERSION => Err(BadLine::Newer(v)),
                _ => Err(error.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changes::act::{FieldChange, Of, Rows};
    use crate::domain::{Clock, Code, Money, Name, Slot, Value};

    fn act() -> Act {
        let moment = "2022-11-20T09:30:00+08:00".parse().unwrap();
        let village = "419999101201".parse().unwrap();
        let mut act = Act::new(
            village,
            Name::new("edit"),
            "e1",
            "李桂枝",
            Name::new("coordinator"),
            Clock::stopped(moment).now(),
        );
        act.number = 7;
        let slot = Slot { section: Name::new("income"), row: 0, field: Name::new("wages") };
        act.changes.push(FieldChange {
            household: 3,
            slot,
            old: None,
            new: Some(Value::Fen(Money::yuan(12))),
            happened_on: "2022-10".parse().ok(),
            seen_on: None,
            evidence: None,
            item: None,
            evidence_only: false,
        });
        let fields = vec![(Name::new("health"), Some(Value::Codes(vec![Code::unlisted("痛风")])))];
        act.taken.push(Rows { household: 3, section: Name::new("members"), row: 2, fields });
        act.chosen.push(Of { household: 3, what: slot });
        act
    }

    #[test]
    fn a_line_reads_back_and_its_text_is_fixed() {
        let line = write(&act());
        assert_eq!(read(&line).unwrap(), act());
        // Written down once: these bytes are hashed, so they must never move.
        let text = r#"{"v":1,"village":"419999101201","number":7,"store":"","epoch":0,"kind":"edit","id":"e1","entered_at":"2022-11-20T09:30:00+08:00","by":"李桂枝","role":"coordinator","taken":[{"household":3,"section":"members","row":2,"fields":{"health":{"codes":["?痛风"]}}}],"changes":[{"household":3,"section":"income","row":0,"field":"wages","old":null,"new":{"fen":1200},"happened_on":"2022-10"}],"chosen":[{"household":3,"section":"income","row":0,"field":"wages"}]}"#;
        assert_eq!(String::from_utf8(line).unwrap(), text);
    }

    #[test]
    fn a_newer_line_says_so() {
        assert!(matches!(read(br#"{"v":9,"what":"ever"}"#), Err(BadLine::Newer(9))));
        assert!(matches!(read(b"{}"), Err(BadLine::Json(_))));
    }

    #[test]
    fn a_chain_depends_on_every_line() {
        let first = Hash::NONE.then(b"a");
        assert_ne!(first.then(b"b"), Hash::NONE.then(b"b"));
        assert_eq!(first.to_string().parse(), Ok(first));
        assert_eq!("12".parse::<Hash>(), Err(NotAHash));
    }
}
