//! What the word that is being typed may become.

use super::vocabulary::Vocabulary;
use crate::domain::text::fold;
use crate::workspace::pinyin::Pinyin;
use crate::workspace::search::Typed;

/// A condition that begins with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The word.
    pub word: Box<str>,
    /// For one that a comparison follows, how it is written.
    pub example: Option<Box<str>>,
    /// The line with the word in place of what was typed, ready to be typed on.
    pub line: String,
}

impl Vocabulary {
    /// The conditions that begin with the last word of a line, in characters, pinyin or initials; first those that
    /// begin with just these characters. None behind a space, where everything could follow.
    pub fn complete(&self, line: &str, pinyin: &Pinyin) -> Vec<Completion> {
        let start = line.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8());
        let (before, word) = line.split_at(start);
        let (sign, word) = word.strip_prefix(['!', '！']).map_or(("", word), |rest| ("!", rest));
        let (folded, Some(typed)) = (fold(word).to_lowercase(), Typed::new(word)) else { return Vec::new() };
        let mut offers: Vec<_> = self
            .offered
            .iter()
            .filter_map(|offer| {
                let exactly = offer.spellings.iter().any(|spelling| spelling.starts_with(&*folded));
                let by_sound = || offer.spellings.iter().any(|spelling| typed.begins_text(spelling, pinyin));
                (exactly || by_sound()).then_some((!exactly, offer))
            })
            .collect();
        offers.sort_by_key(|(by_sound, _)| *by_sound);
        let completion = |(_, offer): (bool, &super::vocabulary::Offer)| Completion {
            word: offer.word.clone(),
            example: offer.example.clone(),
            line: format!("{before}{sign}{}{}", offer.word, if offer.example.is_some() { "" } else { " " }),
        };
        offers.into_iter().map(completion).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::data::Data;
    use crate::workspace::words::Words;

    fn complete(line: &str) -> Vec<String> {
        let words = Words::load(&Data::embedded()).unwrap();
        words.complete(line).into_iter().map(|completion| completion.line).collect()
    }

    #[test]
    fn conditions_are_offered_by_characters_pinyin_and_initials() {
        assert_eq!(complete("zs 未走"), ["zs 未走访 "]);
        assert_eq!(complete("zs wzf"), ["zs 未走访 "]);
        assert_eq!(complete("weizou"), ["未走访 "]);
        assert_eq!(complete("！销"), ["!销户 "]);
        assert_eq!(complete("人均"), ["人均未填 ", "人均"]);
        let relieved = complete("脱贫");
        assert_eq!(relieved[0], "脱贫户 ");
        assert!(relieved.contains(&"脱贫不稳定户 ".to_owned()));
    }

    #[test]
    fn other_spellings_lead_to_the_word_itself() {
        assert_eq!(complete("三类"), ["监测对象 "]);
        assert_eq!(complete("稳定脱贫"), ["不享受政策 "]);
    }

    #[test]
    fn nothing_is_offered_for_nothing() {
        assert!(complete("").is_empty() && complete("zs ").is_empty() && complete("张三").is_empty());
    }
}
