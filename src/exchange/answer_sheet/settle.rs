//! From lines to one answer a change.

use std::collections::BTreeMap;

use super::expected::Expected;
use super::fault::{BadSheet, Problem, Why};
use super::lines::{Found, Line};
use super::{Answer, Answered, Asked};
use crate::catalogue::CodeList;
use crate::changes::Verdict;
use crate::domain::Name;
use crate::exchange::set::SetId;
use crate::exchange::workbook::Key;
use crate::exchange::workbook::answers::{Column, REASONS, REFUSED, RESULTS, TAKEN};

/// The reason that has to be written out.
const OTHER: Name = Name::fixed("other");

/// The most lines with a problem; a file with more of them was filled in by something else.
const MOST_PROBLEMS: usize = 10_000;

/// The most changes that a file can answer: one of its lines may stand for many.
const MOST_ANSWERS: usize = 1_000_000;

/// A change: an act, and its part where it has parts.
type Place = (u64, Option<u32>);

struct Settling<'a> {
    set: SetId,
    asked: &'a Asked<'a>,
    /// What lines say of their own changes, and what refused households say of all that is in them.
    said: [BTreeMap<Place, Answer>; 2],
    problems: Vec<Problem>,
    /// What stood in the rows when they went out.
    expected: Expected,
}

pub(super) fn settle(set: SetId, found: Found, asked: &Asked<'_>) -> Result<Answered, BadSheet> {
    let expected = Expected::of(&(asked.rows)(set));
    let mut settling = Settling { set, asked, said: Default::default(), problems: found.problems, expected };
    for line in &found.lines {
        if let Err(problem) = settling.line(line) {
            settling.problems.push(*problem);
        }
        if settling.said.iter().any(|said| said.len() > MOST_ANSWERS) {
            return Err(BadSheet::TooLarge("答复的项太多"));
        }
        if settling.problems.len() > MOST_PROBLEMS {
            return Err(BadSheet::TooLarge("看不懂的行太多"));
        }
    }
    let Settling { said: [own, mut of_household], problems, .. } = settling;
    if problems.iter().any(|problem| problem.why.refuses_all()) {
        return Err(BadSheet::Lines(problems));
    }
    of_household.extend(own);
    Ok(Answered { set, answers: of_household.into_values().collect(), problems })
}

impl Settling<'_> {
    fn line(&mut self, line: &Line) -> Result<(), Box<Problem>> {
        let columns = &self.asked.layout.answer;
        let problem = |column, found: &str, why| Box::new(line.problem(columns.name(column), found, why));
        if line.result.is_empty() {
            let (column, found) =
                if line.reason.is_empty() { (Column::Words, &line.words) } else { (Column::Reason, &line.reason) };
            // Words beside nothing that could be answered are a title or a note.
            return if line.key.parse::<Key>().is_ok() { Err(problem(column, found, Why::NoResult)) } else { Ok(()) };
        }
        if line.key.is_empty() {
            return Err(problem(Column::Result, &line.result, Why::NoKey));
        }
        let key: Key = line.key.parse().map_err(|_| problem(Column::Key, &line.key, Why::BadKey))?;
        let places = self.places(&key).ok_or_else(|| problem(Column::Key, &line.key, Why::NoSuchChange))?;
        if let Some((column, found, why)) = self.expected.differs(&key, line) {
            return Err(Box::new(line.problem(&column, found, why)));
        }
        let (mut verdict, by) = self.verdict(line)?;
        // That a household is made says nothing yet of what is in it.
        if key.opens && !verdict.refused && !key.parts.is_empty() {
            return Ok(());
        }
        for (act, part) in places {
            (verdict.from, verdict.to, verdict.part) = (act, act, part);
            let answer = Answer { verdict: verdict.clone(), by: by.clone(), sheet: line.sheet.clone(), row: line.row };
            let said = &mut self.said[usize::from(key.opens)];
            match said.get(&(act, part)) {
                Some(other) if other.verdict != answer.verdict => {
                    let why = Why::Contradicts { sheet: other.sheet.clone(), row: other.row };
                    return Err(problem(Column::Result, &line.result, why));
                }
                Some(_) => {}
                None => _ = said.insert((act, part), answer),
            }
        }
        Ok(())
    }

    /// The changes that a key stands for; none where the set does not have them.
    fn places(&self, key: &Key) -> Option<Vec<Place>> {
        // Acts of earlier sets that were held there stand in the workbook of the set that releases them.
        let can_be = key.act <= self.set.to;
        let count = can_be.then(|| (self.asked.parts)(self.set, key.act))??;
        if key.last().is_some_and(|last| last > count) {
            return None;
        }
        let act = |part| (key.act, Some(part));
        Some(match (key.parts.is_empty(), count) {
            (true, 0) => vec![(key.act, None)],
            // A household without anything in it is no word on the rest of its act.
            (true, _) if key.opens => Vec::new(),
            (true, count) => (1..=count).map(act).collect(),
            (false, _) => key.parts.iter().cloned().flatten().map(act).collect(),
        })
    }

    fn list(&self, id: Name) -> Option<&CodeList> {
        self.asked.catalogue.list(id)
    }

    /// What a line says, of no change yet, and who says it.
    fn verdict(&self, line: &Line) -> Result<(Verdict, Option<Box<str>>), Box<Problem>> {
        let columns = &self.asked.layout.answer;
        let problem = |column, found: &str, why| Box::new(line.problem(columns.name(column), found, why));
        let results = self.list(RESULTS);
        let result = results.and_then(|list| list.find(&line.result.to_lowercase()));
        let refused = result == Some(REFUSED);
        if !refused && result != Some(TAKEN) {
            let labels: Vec<&str> =
                results.into_iter().flat_map(|list| &list.entries).map(|entry| &*entry.label).collect();
            return Err(problem(Column::Result, &line.result, Why::UnknownResult(labels.join(" 或 ").into())));
        }
        let reason = self.list(REASONS).and_then(|list| list.find(&line.reason));
        // A reason of her own goes before the other words.
        let own = [&line.reason].into_iter().filter(|text| reason.is_none() && !text.is_empty());
        let words: Vec<&str> = own.chain([&line.words]).map(|text| &**text).filter(|text| !text.is_empty()).collect();
        let words = Some(words.join("；")).filter(|words| !words.is_empty()).map(Box::from);
        if refused && words.is_none() && reason.is_none_or(|reason| reason == OTHER) {
            return Err(problem(Column::Reason, &line.reason, Why::NoReason));
        }
        if !refused && !line.reason.is_empty() {
            return Err(problem(Column::Reason, &line.reason, Why::TakenWithReason));
        }
        let by = Some(&line.by).filter(|by| !by.is_empty()).map(|by| Box::from(&**by));
        Ok((Verdict { from: 0, to: 0, part: None, refused, reason, words }, by))
    }
}

/// Verdicts on single changes, with acts spoken of as a whole where all of their changes are, and all alike.
pub(super) fn in_short<'a>(
    verdicts: impl Iterator<Item = &'a Verdict>,
    parts: &dyn Fn(u64) -> Option<u32>,
) -> Vec<Verdict> {
    let mut acts: BTreeMap<u64, Vec<&Verdict>> = BTreeMap::new();
    for verdict in verdicts {
        acts.entry(verdict.from).or_default().push(verdict);
    }
    let mut short: Vec<Verdict> = Vec::new();
    for (act, said) in acts {
        let whole = |verdict: &Verdict| Verdict { part: None, ..verdict.clone() };
        let first = whole(said[0]);
        let all = said.len() as u64 >= u64::from(parts(act).unwrap_or(u32::MAX));
        if !all || said.iter().any(|verdict| whole(verdict) != first) {
            short.extend(said.into_iter().cloned());
            continue;
        }
        match short.last_mut() {
            Some(last) if last.part.is_none() && is_next(last, &first) => last.to = act,
            _ => short.push(first),
        }
    }
    short
}

/// Whether a verdict says of the next act what another says of those before.
fn is_next(last: &Verdict, next: &Verdict) -> bool {
    last.to + 1 == next.from && Verdict { from: next.from, to: next.to, ..last.clone() } == *next
}
