//! One search: household by household in natural order, every word is tried; what all of them match is ranked.

use super::hit::{Hit, Seat};
use super::index::{Household, Index};
use super::marks::Mark;
use super::matcher::Matcher;
use super::typed::folded;
use crate::workspace::query::{Facts, Query};
use crate::workspace::rank::{Budget, Rank, by_score};

impl Index {
    /// The households that match, best first; those that match equally well stand in natural order.
    ///
    /// `facts` gives what is known of a household for the filters; a filter on what is not known does not hold.
    pub fn search<F: Facts>(&self, query: &Query, facts: impl Fn(Seat) -> Option<F>) -> Vec<Hit> {
        let words: Vec<String> = query.words.iter().map(|word| folded(word)).filter(|word| !word.is_empty()).collect();
        let hits = self.search_words(&words, query, &facts);
        match words.split_last() {
            // Nobody is called so, and a condition begins so: it is not there yet.
            Some((_, before)) if hits.is_empty() && query.unfinished => self.search_words(before, query, &facts),
            _ => hits,
        }
    }

    fn search_words<F: Facts>(&self, words: &[String], query: &Query, facts: &impl Fn(Seat) -> Option<F>) -> Vec<Hit> {
        let mut matchers: Vec<Matcher> = words.iter().map(|word| Matcher::new(word, self)).collect();
        if matchers.iter().any(Matcher::is_hopeless) {
            return Vec::new();
        }
        let names = words.iter().zip(&matchers).filter(|(_, matcher)| matcher.is_name());
        let names: Vec<&str> = names.map(|(word, _)| word.as_str()).collect();
        let typed = names.concat();
        let mut together = (names.len() > 1).then(|| Matcher::name(&typed, self));
        let closed_too = query.asks_for_closed();
        let groups: Vec<bool> =
            self.groups.iter().map(|group| query.holds_in(&group.name, &self.words.groups)).collect();
        let asks_for_facts = query.asks_for_facts();

        let mut found: Vec<(Rank, Hit)> = Vec::new();
        for seat in self.order.iter().copied() {
            let household = self.household(seat);
            if household.closed && !closed_too || !groups[household.group as usize] {
                continue;
            }
            let Some(mark) = self.mark(&mut matchers, together.as_mut(), seat, household) else { continue };
            if !asks_for_facts || query.holds(facts(seat).as_ref()) {
                let why = mark.why.map(|(rank, row)| (rank, self.rows.person(row as usize).map_or(0, |id| id.0)));
                found.push((mark.rank, Hit { seat, why }));
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        if !typed.is_empty() {
            let mut budget = Budget::default();
            for equals in found.chunk_by_mut(|(a, _), (b, _)| a == b) {
                by_score(equals, &typed, &mut budget, |(_, hit)| self.spelled(hit));
            }
        }
        found.into_iter().map(|(_, hit)| hit).collect()
    }

    /// What all words match in a household; where several stand together in one name, it ranks before all others.
    #[inline]
    fn mark(
        &self,
        words: &mut [Matcher],
        together: Option<&mut Matcher>,
        seat: Seat,
        household: Household,
    ) -> Option<Mark> {
        let mut mark = Mark::UNASKED;
        for word in words {
            mark = mark.and(word.find(self, seat, household)?);
        }
        let Some(together) = together else { return Some(mark) };
        let apart = Mark { rank: mark.rank.apart(), ..mark };
        Some(together.find(self, seat, household).unwrap_or(apart))
    }

    /// The name by which a household was found, with its pinyin: `张zhang三san`.
    fn spelled(&self, hit: &Hit) -> String {
        let person = hit.reason().and_then(|reason| reason.person);
        let mut rows = self.household(hit.seat).rows();
        let row = rows.find(|row| self.rows.person(*row) == person).unwrap_or_default();
        let name = self.alphabet.text(self.rows.names.get(row));
        let mut spelled = String::new();
        for (letter, reading) in self.words.pinyin.read(&name) {
            spelled.push(letter);
            spelled.push_str(reading.unwrap_or_default());
        }
        spelled
    }
}
