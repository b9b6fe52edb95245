//! One search: every word marks the households that it matches, and those that all words mark are ranked.

use super::hit::{Hit, Seat};
use super::index::Index;
use super::marks::Marks;
use super::typed::folded;
use super::word::Word;
use crate::workspace::query::{Facts, Query};
use crate::workspace::rank::{Budget, Rank, by_score};

impl Index {
    /// The households that match, best first; those that match equally well stand in natural order.
    ///
    /// `facts` gives what is known of a household for the filters; a filter on what is not known does not hold.
    pub fn search<F: Facts>(&self, query: &Query, facts: impl Fn(Seat) -> Option<F>) -> Vec<Hit> {
        let texts = query.words.iter().map(|word| folded(word)).filter(|text| !text.is_empty());
        let mut words: Vec<(String, Word)> = texts.map(|text| (text.clone(), Word::read(&text, self))).collect();
        let mut marks: Option<Marks> = None;
        for at in 0..words.len() {
            let found = self.mark(&words[at].1, marks.as_ref());
            if query.unfinished && at + 1 == words.len() && found.found().next().is_none() {
                // Nobody is called so, and a condition begins so: it is not there yet.
                words.truncate(at);
                break;
            }
            match &mut marks {
                Some(marks) => marks.and(&found),
                none => *none = Some(found),
            }
        }
        let mut marks = marks.unwrap_or_else(|| Marks::all(self.seats()));
        let is_name = |word: &Word| matches!(word, Word::Text { .. }) && !word.is_place(self);
        let names: Vec<&str> = words.iter().filter(|(_, word)| is_name(word)).map(|(text, _)| text.as_str()).collect();
        let typed = names.concat();
        if names.len() > 1 {
            let together = self.mark(&Word::name(&typed), Some(&marks));
            marks.prefer(&together);
        }
        let mut found = self.sifted(&marks, query, &facts);
        found.sort_by_key(|(rank, _)| *rank);
        if !typed.is_empty() {
            let mut budget = Budget::default();
            for equals in found.chunk_by_mut(|(a, _), (b, _)| a == b) {
                by_score(equals, &typed, &mut budget, |(_, hit)| self.spelled(hit));
            }
        }
        found.into_iter().map(|(_, hit)| hit).collect()
    }

    /// What was found and passes the conditions, in natural order.
    fn sifted<F: Facts>(&self, marks: &Marks, query: &Query, facts: &impl Fn(Seat) -> Option<F>) -> Vec<(Rank, Hit)> {
        let closed_too = query.asks_for_closed();
        let groups: Vec<bool> =
            self.groups.iter().map(|group| query.holds_in(&group.name, &self.words.groups)).collect();
        let asks_for_facts = query.asks_for_facts();
        let mut found = Vec::new();
        for seat in self.order.iter().copied() {
            let Some(mark) = marks.get(seat) else { continue };
            let place = self.places[seat.index()];
            let there = (closed_too || !place.closed) && groups[place.group as usize];
            if there && (!asks_for_facts || query.holds(facts(seat).as_ref())) {
                let person = self.rows.entries.get(mark.row as usize).map_or(0, |entry| entry.person);
                let why = (mark.why != Rank::NONE).then_some((mark.why, person));
                found.push((mark.rank, Hit { seat, why }));
            }
        }
        found
    }

    /// The name by which a household was found, with its pinyin: `张zhang三san`.
    fn spelled(&self, hit: &Hit) -> String {
        let person = hit.reason().and_then(|reason| reason.person);
        let mut rows = self.household(hit.seat).rows();
        let row = rows.find(|row| self.rows.entries[*row].person() == person).unwrap_or_default();
        let name = self.alphabet.text(self.rows.names.get(row));
        let mut spelled = String::new();
        for (letter, reading) in self.words.pinyin.read(&name) {
            spelled.push(letter);
            spelled.push_str(reading.unwrap_or_default());
        }
        spelled
    }
}
