//! Names of sections, fields, codes and forms: short strings that come from `data/` and repeat a million times.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// How many bytes of text are kept.
static KEPT: AtomicUsize = AtomicUsize::new(0);

/// How many bytes of names a file from outside may bring the program to keep: what is kept is never let go of, and a
/// county's every label that no list has comes to a quarter of this.
const MOST: usize = 64 << 20;

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
                KEPT.fetch_add(kept.len(), Ordering::Relaxed);
                words.insert(kept);
                kept
            })
        }))
    }

    /// The name with this text as it stands in a file; none where it is new and no more can be kept.
    fn read(text: &str) -> Option<Self> {
        let has_room = || KEPT.load(Ordering::Relaxed) + text.len() <= MOST;
        let is_known = || VOCABULARY.read().unwrap_or_else(|e| e.into_inner()).contains(text);
        (has_room() || is_known()).then(|| Self::new(text))
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
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Name, E> {
                Name::read(text).ok_or_else(|| E::custom("more names than can be kept"))
            }
        }
        d.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_makes_the_program_keep_names_without_end() {
        Name::new("kept already");
        let long = "长".repeat(MOST / 3);
        assert!(Name::read(&long).is_none() && Name::read(&long).is_none());
        assert!(Name::read("short").is_some());
    }

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
