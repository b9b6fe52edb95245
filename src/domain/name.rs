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
/// Comparing and ordering go by the text, so a [`Name::fixed`] constant equals the same name read from a file.
#[derive(Clone, Copy)]
pub struct Name(&'static str);

static VOCABULARY: LazyLock<RwLock<HashSet<&'static str, ByDigest>>> = LazyLock::new(Default::default);

impl Name {
    /// A constant that names something `data/` defines.
    pub const fn fixed(text: &'static str) -> Self {
        Self(text)
    }

    /// The name with this text, kept from now on.
    pub fn new(text: &str) -> Self {
        let known = VOCABULARY.read().unwrap_or_else(|e| e.into_inner()).get(text).copied();
        Self(known.unwrap_or_else(|| {
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
        self.0
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || self.0 == other.0
    }
}
impl Eq for Name {}
impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}
impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}
impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if std::ptr::eq(self.0, other.0) { std::cmp::Ordering::Equal } else { self.0.cmp(other.0) }
    }
}
impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}
impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}
impl Serialize for Name {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.0)
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
    }
}
