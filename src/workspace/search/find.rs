//! One search: every word marks the households that it matches, and those that all words mark are ranked.

use super::hit::{Hit, Reason, Seat};
use super::index::Index;
use super::marks::{Marks, Word};
use super::typed::folded;
use crate::workspace::query::{Facts, Query};
use crate::workspace::rank::{Budget, Rank, by_score};

impl Index {
    /// The households that match, best first; those that match equally well stand in natural order.
    ///
    /// `facts` gives what is known of a household for the filters; a filter on what is not known does not hold.
    pub fn search<F: Facts>(&self, query: &Query, facts: impl Fn(Seat) -> Option<F>) -> Vec<Hit> {
        let hits = self.search_as_it_stands(query, &facts);
        match query.without_unfinished_word() {
            Some(finished) if hits.is_empty() => self.search_as_it_stands(&finished, &facts),
            _ => hits,
        }
    }

    fn search_as_it_stands<F: Facts>(&self, query: &Query, facts: &impl Fn(Seat) -> Option<F>) -> Vec<Hit> {
        let texts = query.words.iter().map(|word| folded(word).collect::<String>()).filter(|text| !text.is_empty());
        let words: Vec<(String, Word)> = texts.map(|text| (text.clone(), Word::read(&text, self))).collect();
        let mut marks: Vec<Marks> = Vec::new();
        for (_, word) in &words {
            marks.push(self.mark(word, marks.last()));
        }
        let names: Vec<&str> = words
            .iter()
            .filter(|(_, word)| matches!(word, Word::Text { .. }) && !word.is_place(self))
            .map(|(text, _)| text.as_str())
            .collect();
        let typed = names.concat();
        let together = (names.len() > 1).then(|| self.mark(&Word::name(&typed), marks.last()));
        let groups: Vec<bool> =
            self.groups.iter().map(|group| query.holds_in(&group.name, &self.words.groups)).collect();

        let mut ranked: Vec<Vec<Hit>> = vec![Vec::new(); Rank::COUNT];
        for seat in self.order.iter().copied() {
            let household = self.household(seat);
            if household.closed && !query.asks_for_closed() || !groups[household.group as usize] {
                continue;
            }
            let Some(found) = Found::of(&marks, together.as_ref(), seat) else { continue };
            if query.holds(|| facts(seat)) {
                ranked[found.rank.index()]
                    .push(Hit { seat, reason: found.why.map(|(rank, row)| self.reason(rank, row)) });
            }
        }
        if !typed.is_empty() {
            let mut budget = Budget::default();
            for hits in &mut ranked {
                by_score(hits, &typed, &mut budget, |hit| self.spelled(hit));
            }
        }
        ranked.concat()
    }
}

/// What the words of a query say of one household.
struct Found {
    rank: Rank,
    /// The row that explains it, with that row's own rank.
    why: Option<(Rank, u32)>,
}

impl Found {
    /// None where one of the words does not match.
    ///
    /// The words that were matched together in one name rank as if they were one; else the worst of them counts, and
    /// groups and house numbers only where there is nothing else.
    fn of(marks: &[Marks], together: Option<&Marks>, seat: Seat) -> Option<Self> {
        let at = |marks: &Marks| (marks.ranks[seat.index()], marks.rows[seat.index()]);
        let each = || marks.iter().map(at);
        if each().any(|(rank, _)| rank == Rank::NONE) {
            return None;
        }
        if let Some(why) = together.map(at).filter(|(rank, _)| *rank != Rank::NONE) {
            return Some(Self { rank: why.0, why: Some(why) });
        }
        let telling = || each().filter(|(rank, _)| !rank.is_place());
        let why = telling().next().or_else(|| each().next());
        let rank = telling().map(|(rank, _)| rank).max().or(why.map(|(rank, _)| rank)).unwrap_or(Rank::BEST);
        Some(Self { rank: if together.is_some() { rank.apart() } else { rank }, why })
    }
}

impl Index {
    fn reason(&self, rank: Rank, row: u32) -> Reason {
        let entry = self.rows.entries[row as usize];
        Reason {
            kind: rank.kind(),
            closeness: rank.closeness(),
            person: entry.person(),
            head: entry.head,
            left: entry.left,
        }
    }

    /// The name by which a household was found, with its pinyin: `张zhang三san`.
    fn spelled(&self, hit: &Hit) -> String {
        let person = hit.reason.and_then(|reason| reason.person);
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
