//! What the county has said to the changes that it was handed.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::act::{Act, Verdict};
use crate::domain::Side;

/// The county's words so far, out of acts of both chains: its own, and workbooks that the village took in for it.
#[derive(Clone, Debug)]
pub struct Verdicts {
    /// Words on one act, by the act, the one that counts most last: a later one before an earlier one, the county's own
    /// before a workbook.
    of_acts: BTreeMap<u64, Vec<Word>>,
    /// Words on several acts, in the same order.
    of_runs: Vec<Word>,
    /// The last act that can be spoken of; what is said beyond it says nothing.
    last: u64,
}

/// One such word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What it says.
    pub verdict: Verdict,
    /// By whom.
    pub by: Box<str>,
    /// The local day.
    pub on: NaiveDate,
    side: Side,
    number: u64,
}

impl Word {
    /// Whether it stands in a workbook that nobody signed, rather than in a receipt of the county.
    pub fn is_by_workbook(&self) -> bool {
        self.side.is_village()
    }

    fn rank(&self) -> (Side, u64) {
        (self.side, self.number)
    }

    fn span(&self) -> u64 {
        self.verdict.to - self.verdict.from
    }
}

impl Verdicts {
    /// No words yet, on the acts up to a last one.
    pub fn up_to(last: u64) -> Self {
        Self { of_acts: BTreeMap::new(), of_runs: Vec::new(), last }
    }

    /// Adds what an act says. Acts may come in any order.
    pub fn add(&mut self, act: &Act) {
        for verdict in &act.verdicts {
            let Some((from, to)) = within(verdict, self.last) else { continue };
            let word = Word {
                verdict: Verdict { from, to, ..verdict.clone() },
                by: act.by.clone(),
                on: act.entered_on(),
                side: act.side,
                number: act.number,
            };
            let words = if from == to { self.of_acts.entry(from).or_default() } else { &mut self.of_runs };
            let at = words.partition_point(|known| known.rank() <= word.rank());
            words.insert(at, word);
        }
    }

    /// What counts for one change of an act, by its place among the act's field changes from 1: what the county signed
    /// before a workbook, and of either the closer word, on just this change before one on the act, and that before one on
    /// a run of acts.
    pub fn of(&self, act: u64, part: u32) -> Option<&Word> {
        [Side::County, Side::Village].into_iter().find_map(|side| self.of_side(side, act, part))
    }

    /// Whether the county has signed a word on a change.
    pub fn is_signed(&self, act: u64, part: u32) -> bool {
        self.of_side(Side::County, act, part).is_some()
    }

    fn of_side(&self, side: Side, act: u64, part: u32) -> Option<&Word> {
        let of_act = self.of_acts.get(&act).into_iter().flatten().rev().filter(move |word| word.side == side);
        let speaks = |word: &&Word| word.verdict.part.is_none_or(|of| of == part);
        // Of several as close the first is taken, which is the one that counts.
        let closest = of_act.filter(speaks).min_by_key(|word| word.verdict.part.is_none());
        let of_runs = self.of_runs.iter().rev().filter(move |word| word.side == side);
        let covers = |word: &&Word| (word.verdict.from..=word.verdict.to).contains(&act) && speaks(word);
        closest.or_else(|| of_runs.filter(covers).min_by_key(|word| (word.verdict.part.is_none(), word.span())))
    }

    fn words(&self) -> impl Iterator<Item = &Word> {
        self.of_runs.iter().chain(self.of_acts.values().flatten())
    }

    /// The acts up to a last one that were not answered as a whole, ascending.
    pub fn unanswered(&self, last: u64) -> Vec<u64> {
        let whole = self.words().map(|word| &word.verdict).filter(|verdict| verdict.part.is_none());
        let mut answered: Vec<(u64, u64)> = whole.map(|verdict| (verdict.from, verdict.to)).collect();
        answered.sort_unstable();
        let (mut open, mut next) = (Vec::new(), 1);
        for (from, to) in answered {
            open.extend(next..from.min(last + 1));
            next = next.max(to.saturating_add(1));
        }
        open.extend(next..=last);
        open
    }

    /// The last act that the county answered as a whole, or in a run; 0 where there is none.
    pub fn reach(&self) -> u64 {
        let whole = self.words().filter(|word| word.verdict.part.is_none());
        whole.map(|word| word.verdict.to).max().unwrap_or(0)
    }

    /// The changes of which a refusal counts, each by act and part, ascending. A refused act stands for all its parts,
    /// of which `parts` tells how many there are.
    pub fn refused(&self, parts: impl Fn(u64) -> u32) -> Vec<(u64, u32, &Word)> {
        let mut all: Vec<(u64, u32)> = Vec::new();
        for act in self.refused_acts() {
            let own = self.of_acts.get(&act).into_iter().flatten();
            all.extend(own.filter_map(|word| Some((act, word.verdict.part?))));
            all.extend((1..=parts(act)).map(|part| (act, part)));
        }
        all.sort_unstable();
        all.dedup();
        let word = |(act, part)| self.of(act, part).filter(|word| word.verdict.refused).map(|word| (act, part, word));
        all.into_iter().filter_map(word).collect()
    }

    /// The acts of which some change was refused at one time, ascending.
    pub fn refused_acts(&self) -> Vec<u64> {
        let refusals = self.words().map(|word| &word.verdict).filter(|verdict| verdict.refused);
        spoken_of(refusals, self.last)
    }

    /// Whether anything was said of the acts from one number to another.
    pub fn speaks_of(&self, from: u64, to: u64) -> bool {
        self.words().any(|word| word.verdict.from <= to && word.verdict.to >= from)
    }

    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.words().next().is_none()
    }
}

/// The run of a verdict as far as it lies up to a last act; none where nothing of it does.
fn within(verdict: &Verdict, last: u64) -> Option<(u64, u64)> {
    let (from, to) = (verdict.from, verdict.to.min(last));
    (1 <= from && from <= to).then_some((from, to))
}

/// The acts up to a last one of which verdicts speak, ascending and each once, however many of them speak of it.
pub fn spoken_of<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>, last: u64) -> Vec<u64> {
    let mut spoken: Vec<(u64, u64)> = verdicts.into_iter().filter_map(|verdict| within(verdict, last)).collect();
    spoken.sort_unstable();
    let (mut acts, mut next) = (Vec::new(), 1);
    for (from, to) in spoken {
        acts.extend(next.max(from)..=to);
        next = next.max(to + 1);
    }
    acts
}

/// Runs of numbers that follow one another, out of ascending numbers.
pub fn runs(numbers: impl IntoIterator<Item = u64>) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, to)) if *to + 1 == number => *to = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Name;

    fn says(side: Side, number: u64, verdicts: &[(u64, u64, Option<u32>, bool)]) -> Act {
        let village = "419999101201".parse().unwrap();
        let moment = "2022-11-20T09:30:00+08:00".parse().unwrap();
        let mut act = Act::new(village, Name::new("verdict"), "", "周敏", Name::new("county"), moment);
        (act.side, act.number) = (side, number);
        act.verdicts = verdicts
            .iter()
            .map(|(from, to, part, refused)| Verdict {
                from: *from,
                to: *to,
                part: *part,
                refused: *refused,
                reason: None,
                words: None,
            })
            .collect();
        act
    }

    fn refused(verdicts: &Verdicts, act: u64, part: u32) -> Option<bool> {
        verdicts.of(act, part).map(|word| word.verdict.refused)
    }

    #[test]
    fn a_word_on_one_change_counts_before_one_on_a_run_and_a_later_before_an_earlier() {
        let first = says(Side::County, 1, &[(7, 7, Some(2), true)]);
        let second = says(Side::County, 2, &[(1, 9, None, false)]);
        for acts in [[&first, &second], [&second, &first]] {
            let mut verdicts = Verdicts::up_to(100);
            acts.into_iter().for_each(|act| verdicts.add(act));
            assert_eq!((refused(&verdicts, 7, 1), refused(&verdicts, 7, 2)), (Some(false), Some(true)));
            assert_eq!(refused(&verdicts, 10, 1), None);
            assert_eq!((verdicts.reach(), verdicts.unanswered(11)), (9, vec![10, 11]));
            assert_eq!(verdicts.refused(|_| 2).iter().map(|(a, p, _)| (*a, *p)).collect::<Vec<_>>(), [(7, 2)]);
            verdicts.add(&says(Side::County, 3, &[(7, 7, Some(2), false)]));
            assert_eq!(refused(&verdicts, 7, 2), Some(false));
            assert!(verdicts.refused(|_| 2).is_empty());
        }
    }

    #[test]
    fn the_countys_own_word_counts_before_a_workbook_that_the_village_took_in() {
        let mut verdicts = Verdicts::up_to(100);
        verdicts.add(&says(Side::County, 1, &[(3, 3, Some(1), false)]));
        verdicts.add(&says(Side::Village, 90, &[(3, 3, Some(1), true), (4, 4, None, true)]));
        assert_eq!((refused(&verdicts, 3, 1), refused(&verdicts, 4, 2)), (Some(false), Some(true)));
        assert_eq!(verdicts.refused(|_| 2).len(), 2);
        assert_eq!(verdicts.unanswered(6), [1, 2, 3, 5, 6]);
        verdicts.add(&says(Side::County, 2, &[(1, 9, None, false)]));
        assert_eq!(refused(&verdicts, 4, 2), Some(false), "a workbook's word stands until the county has signed one");
    }

    #[test]
    fn what_is_said_of_acts_that_cannot_be_says_nothing() {
        let mut verdicts = Verdicts::up_to(7);
        verdicts.add(&says(Side::County, 1, &[(1, u64::MAX, None, true), (u64::MAX, u64::MAX, Some(1), true)]));
        verdicts.add(&says(Side::County, 2, &[(0, 3, None, false), (5, 2, None, false), (8, 9, Some(u32::MAX), true)]));
        assert_eq!(verdicts.refused_acts(), (1..=7).collect::<Vec<_>>());
        assert_eq!((verdicts.reach(), verdicts.refused(|_| 1).len()), (7, 7));
        assert!(verdicts.unanswered(7).is_empty());
    }

    #[test]
    fn numbers_that_follow_one_another_are_runs() {
        assert_eq!(runs([1, 2, 3, 5, 8, 9]), [(1, 3), (5, 5), (8, 9)]);
    }
}
