//! Names of sections, fields, codes and forms: short strings that come from `data/` and repeat a million times.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{LazyLock, RwLock};

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use super::digest::ByDigest;

/// A name out of a small vocabulary, kept once for the life of the program.
///
/// Comparing and ordering go by the text, so a [`Name::fixed`] constant equals the same name read from a file. Most are
/// told apart by their first eight bytes, which stand beside the text as a number: files are searched by names.
#[derive(Clone, Copy)]
pub struct Name {
    text: &'static str,
    start: u64,
}

/// The first eight bytes as a number that orders as they do.
const fn start(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut start = 0;
    let mut at = 0;
    while at < 8 {
        start = start << 8 | if at < bytes.len() { bytes[at] as u64 } else { 0 };
        at += 1;
    }
    start
}

static VOCABULARY: LazyLock<RwLock<HashSet<&'static str, ByDigest>>> = LazyLock::new(Default::default);

impl Name {
    /// A constant that names something `data/` defines.
    pub const fn fixed(text: &'static str) -> Self {
        Self { text, start: start(text) }
    }

    /// The name with this text, kept from now on.
    pub fn new(text: &str) -> Self {
        let known = VOCABULARY.read().unwrap_or_else(|e| e.into_inner()).get(text).copied();
        Self::fixed(known.unwrap_or_else(|| {
            let mut words = VOCABULARY.write().unwrap_or_else(|e| e.into_inner());
            words.get(text).copied().unwrap_or_else(|| {
                let kept: &'static str = Box::leak(text.into());
                words.insert(kept);
                kept
            })
        }))
    }

    /// The text of the name.
    pub const fn as_str(self) -> &'static str {
        self.text
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.start == other.start && (std::ptr::eq(self.text, other.text) || self.text == other.text)
    }
}
impl Eq for Name {}
impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}
impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}
impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // A text that ends within the eight bytes is followed by zeros, and so comes first, as it does by its bytes.
        self.start.cmp(&other.start).then_with(|| {
            if std::ptr::eq(self.text, other.text) { std::cmp::Ordering::Equal } else { self.text.cmp(other.text) }
        })
    }
}
impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.text, f)
    }
}
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text)
    }
}
impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
impl Serialize for Name {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.text)
    }
}
impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_str<E>(self, text: &str) -> Result<Name, E> {
                Ok(Name::new(text))
            }
        }
        d.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_read_names_are_the_same_name() {
        const PHONE: Name = Name::fixed("phone");
        let read = Name::new(&String::from("phone"));
        assert_eq!(PHONE, read);
        assert!(std::ptr::eq(Name::new("phone").as_str(), read.as_str()));
        assert!(Name::new("a") < Name::new("b"));
        let names = ["", "a", "ab", "joined_o", "joined_on", "joined_why", "一", "一组", "一组之后"];
        for (at, one) in names.iter().enumerate() {
            for (other_at, other) in names.iter().enumerate() {
                assert_eq!(Name::new(one).cmp(&Name::new(other)), one.cmp(other));
                assert_eq!(Name::new(one) == Name::new(other), at == other_at);
            }
        }
    }
}
