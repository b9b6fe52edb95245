//! Conditions put into a line and taken out again, as a list of them does.

use super::vocabulary::Vocabulary;
use crate::domain::text::fold;

impl Vocabulary {
    /// Whether a condition stands in a line, in whatever spelling; its opposite is another one.
    pub fn has(&self, line: &str, condition: &str) -> bool {
        self.words_of(line).iter().any(|word| self.is_same(word, condition))
    }

    /// The line with a condition behind it, or without it where it has it already.
    pub fn toggled(&self, line: &str, condition: &str) -> String {
        let mut words = self.words_of(line);
        let before = words.len();
        words.retain(|word| !self.is_same(word, condition));
        if words.len() == before {
            words.push(condition.to_owned());
        }
        words.join(" ")
    }

    fn is_same(&self, word: &str, condition: &str) -> bool {
        let test = |word: &str| self.filter(&fold(word).to_lowercase());
        test(condition).is_some_and(|wanted| test(word) == Some(wanted))
    }
}

#[cfg(test)]
mod tests {
    use crate::data::Data;
    use crate::workspace::words::Words;

    #[test]
    fn a_condition_goes_in_and_out_and_the_rest_stays() {
        let filters = Words::load(&Data::embedded()).unwrap().filters;
        let with = filters.toggled("zs 人均 < 6900", "未走访");
        assert_eq!(with, "zs 人均<6900 未走访");
        assert!(filters.has(&with, "未走访") && !filters.has(&with, "已走访"));
        assert_eq!(filters.toggled(&with, "未走访"), "zs 人均<6900");
        assert_eq!(filters.toggled("脱贫 未走访", "脱贫户"), "未走访", "another spelling is the same condition");
        assert_eq!(filters.toggled("", "脱贫户"), "脱贫户");
        assert_eq!(filters.toggled("非脱贫户", "脱贫户"), "非脱贫户 脱贫户", "the opposite is another condition");
    }

    #[test]
    fn every_condition_stands_under_a_heading() {
        let filters = Words::load(&Data::embedded()).unwrap().filters;
        assert!(filters.offers().iter().all(|offer| !offer.kind.is_empty()));
        assert!(filters.offers().iter().any(|offer| &*offer.word == "未走访"));
    }
}
