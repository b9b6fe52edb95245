//! From a line to a query.

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::filter::{Compare, Filter, Test};
use super::vocabulary::{Measured, Vocabulary};
use super::{Number, Query};
use crate::domain::text::fold;
use crate::domain::{Money, Quantity};

/// Why a line is no query.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QueryFault {
    /// Nothing of that name can be compared.
    #[error("“{word}”：没有“{name}”这个条件，可以比较的有：{known}")]
    UnknownMeasure {
        /// The whole word.
        word: Box<str>,
        /// What stands before the sign.
        name: Box<str>,
        /// What can be compared.
        known: Box<str>,
    },
    /// No number stands behind the sign.
    #[error("“{word}”：“{measure}”后面要写数字，如 {example}")]
    NotANumber {
        /// The whole word.
        word: Box<str>,
        /// What is compared.
        measure: Box<str>,
        /// A right one.
        example: Box<str>,
    },
    /// A group is not more or less than another.
    #[error("“{word}”：“{measure}”只能用 = 或 !=，后面写组名，如 {example}")]
    NotAGroup {
        /// The whole word.
        word: Box<str>,
        /// What is compared.
        measure: Box<str>,
        /// A right one.
        example: Box<str>,
    },
    /// Only a condition can be turned round.
    #[error("“{word}”：! 后面要写条件，如 !脱贫户")]
    NotACondition {
        /// The whole word.
        word: Box<str>,
    },
}

impl Vocabulary {
    /// Reads a whole line.
    pub fn parse(&self, line: &str) -> Result<Query, QueryFault> {
        let mut query = Query::default();
        for word in self.words_of(line) {
            self.take(&mut query, &word)?;
        }
        Ok(query)
    }

    /// Reads a line that is still being typed: a condition that is not complete yet does not count.
    pub fn parse_unfinished(&self, line: &str) -> Result<Query, QueryFault> {
        let words = self.words_of(line);
        let Some((last, before)) = words.split_last().filter(|_| !line.ends_with(char::is_whitespace)) else {
            return self.parse(line);
        };
        let mut query = Query::default();
        for word in before {
            self.take(&mut query, word)?;
        }
        let words = query.words.len();
        if self.take(&mut query, last).is_ok() && query.words.len() > words {
            let folded = fold(last).to_lowercase();
            let mut spellings = self.offered.iter().flat_map(|offer| &offer.spellings);
            query.unfinished = spellings.any(|spelling| spelling.starts_with(&*folded));
        }
        Ok(query)
    }

    /// The words of a line; what a person wrote around a sign of comparison belongs together.
    pub(super) fn words_of(&self, line: &str) -> Vec<String> {
        let line: String = line.nfkc().collect();
        let mut words: Vec<String> = Vec::new();
        for next in line.split_whitespace() {
            match words.last_mut().filter(|word| self.goes_on(word, next)) {
                Some(word) => word.push_str(next),
                None => words.push(next.to_owned()),
            }
        }
        words
    }

    fn take(&self, query: &mut Query, word: &str) -> Result<(), QueryFault> {
        let folded = fold(word).to_lowercase();
        let (turned, asked) = match folded.strip_prefix('!') {
            Some(rest) if !rest.starts_with('=') => (true, rest),
            _ => (false, folded.as_str()),
        };
        if let Some((test, negated)) = self.filter(asked) {
            query.filters.push(Filter { word: word.into(), test, negated: negated != turned });
        } else if let Some((name, compare, value)) = self.comparison(asked) {
            let (test, negated) = self.compared(word, name, compare, value)?;
            query.filters.push(Filter { word: word.into(), test, negated: negated != turned });
        } else if turned {
            return Err(QueryFault::NotACondition { word: word.into() });
        } else {
            query.words.push(word.into());
        }
        Ok(())
    }

    fn compared(&self, word: &str, name: &str, compare: Compare, value: &str) -> Result<(Test, bool), QueryFault> {
        let Some(measure) = self.measure(name) else {
            let known = self.measures().collect::<Vec<_>>().join("、");
            return Err(QueryFault::UnknownMeasure { word: word.into(), name: name.into(), known: known.into() });
        };
        let (word, named, example) = (word.into(), measure.word.clone(), measure.example.clone());
        match measure.what {
            Measured::Group => match compare {
                _ if value.is_empty() => Err(QueryFault::NotAGroup { word, measure: named, example }),
                Compare::Equal => Ok((Test::Group(value.into()), false)),
                Compare::Other => Ok((Test::Group(value.into()), true)),
                _ => Err(QueryFault::NotAGroup { word, measure: named, example }),
            },
            Measured::Number(number) => {
                let value = match number {
                    Number::PerPerson => value.parse::<Money>().ok().map(|money| money.0),
                    _ => value.parse::<Quantity>().ok().and_then(Quantity::as_whole),
                };
                let value = value.ok_or(QueryFault::NotANumber { word, measure: named, example })?;
                Ok((Test::Number(number, compare, value), false))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Flag, Query};
    use super::*;
    use crate::data::{Data, DataFile};

    fn shipped() -> Vocabulary {
        Vocabulary::load(&Data::embedded().file("words/filters.toml").unwrap()).unwrap()
    }

    fn words(query: &Query) -> Vec<&str> {
        query.words.iter().map(|word| &**word).collect()
    }

    fn filters(query: &Query) -> Vec<&str> {
        query.filters.iter().map(|filter| &*filter.word).collect()
    }

    #[test]
    fn words_and_conditions_mix_in_any_order() {
        let query = shipped().parse(" zs　三组 未走访 人均 < 6900  138 ").unwrap();
        assert_eq!(words(&query), ["zs", "三组", "138"]);
        assert_eq!(filters(&query), ["未走访", "人均<6900"]);
        assert!(!query.asks_for_closed());
        assert!(shipped().parse("销户 zs").unwrap().asks_for_closed());
        assert!(shipped().parse("  ").unwrap().is_empty());
    }

    #[test]
    fn what_only_looks_like_a_condition_is_a_name() {
        for line in ["未央", "非凡", "不二", "张脱贫户", "人均", "人均6900", "低于"] {
            let query = shipped().parse(line).unwrap();
            assert_eq!((words(&query), filters(&query)), (vec![line], vec![]));
        }
    }

    #[test]
    fn negations_turn_round_and_twice_turn_back() {
        let negated = |line| shipped().parse(line).unwrap().filters[0].negated;
        assert!(negated("非脱贫户") && negated("!脱贫户") && negated("！脱贫户") && negated("! 脱贫户"));
        assert!(!negated("!非脱贫户") && !negated("脱贫户") && !negated("!组!=3组"));
        assert_eq!(shipped().parse("未走访").unwrap().filters[0].test, Test::Flag(Flag::Visited, false));
    }

    #[test]
    fn faults_say_what_was_expected() {
        let fault = |line| shipped().parse(line).unwrap_err().to_string();
        assert_eq!(fault("人均<abc"), "“人均<abc”：“人均”后面要写数字，如 人均<6900");
        assert_eq!(fault("zs 人数>="), "“人数>=”：“人数”后面要写数字，如 人数>=5");
        assert_eq!(fault("人数>=2.5"), "“人数>=2.5”：“人数”后面要写数字，如 人数>=5");
        assert_eq!(fault("组<3"), "“组<3”：“组”只能用 = 或 !=，后面写组名，如 组=3组");
        assert_eq!(fault("!张三"), "“!张三”：! 后面要写条件，如 !脱贫户");
        assert!(fault("年龄>60").starts_with("“年龄>60”：没有“年龄”这个条件，可以比较的有：人均、人数、"));
    }

    #[test]
    fn a_condition_that_is_still_being_typed_does_not_count() {
        let typed = |line| shipped().parse_unfinished(line).unwrap();
        for line in ["zs 人均<", "zs 人均<a", "zs !", "zs !未", "zs 年龄>"] {
            assert_eq!((words(&typed(line)), filters(&typed(line))), (vec!["zs"], vec![]), "{line}");
        }
        let begun = typed("zs 未走");
        assert!(begun.unfinished);
        assert_eq!(words(&begun), ["zs", "未走"]);
        assert!(!typed("zs 未走访").unfinished && !typed("zs 未走 ").unfinished && !typed("zs").unfinished);
        assert!(shipped().parse_unfinished("人均<a zs").is_err());
        assert!(shipped().parse_unfinished("人均<a ").is_err());
    }

    #[test]
    fn a_definition_that_asks_for_the_unknown_is_refused_with_its_line() {
        let shipped = Data::embedded().file("words/filters.toml").unwrap().text;
        let fault = |from: &str, to: &str| {
            let text = shipped.replacen(from, to, 1);
            assert_ne!(text, shipped);
            Vocabulary::load(&DataFile { path: "words/filters.toml".into(), text }).unwrap_err()
        };
        let unknown = fault("\"relieved\"", "\"releaved\"");
        assert_eq!(unknown.why, "“脱贫户”：程序不认识 releaved");
        assert!(unknown.line.is_some_and(|line| line > 10));
        assert_eq!(fault("word = \"自然消除\"", "word = \"已消除\"").why, "“已消除”出现两次");
        assert!(fault("at_least = 1", "is = false").why.contains("number 和 at_least"));
        assert_eq!(fault("\"<=\"", "\"=<\"").why, "没有“=<”这种比较");
    }
}
