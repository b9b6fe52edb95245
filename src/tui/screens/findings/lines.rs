//! The lines of 核对: what was found in short, sifted, put together in groups, the worst first.

use std::collections::{HashMap, HashSet};

use crate::checks::{Check, Severity};
use crate::domain::HouseholdId;
use crate::rules::check::{Hit, Settled, check_of};
use crate::rules::first::is_by_itself;
use crate::tui::desk::Desk;
use crate::workspace::WorkspaceError;

/// One finding, without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub id: HouseholdId,
    /// The place of the household on the way through the village.
    pub walk: usize,
    pub hit: Hit,
    /// Whether it is a thing already under another name: a visit, a stale section, a form, a card.
    pub is_by_itself: bool,
    /// Which one it is among those of its household that look the same in short.
    pub nth: usize,
}

impl Line {
    pub fn is_open(&self) -> bool {
        self.hit.settled == Settled::Open
    }

    /// What tells it from all others.
    pub fn key(&self) -> (HouseholdId, u16, usize) {
        (self.id, self.hit.check, self.nth)
    }
}

/// How lines stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Check,
    Family,
    Household,
    Severity,
}

impl By {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Check => "按核对项",
            Self::Family => "按类",
            Self::Household => "按户",
            Self::Severity => "按程度",
        }
    }

    pub const fn next(self) -> Self {
        match self {
            Self::Check => Self::Family,
            Self::Family => Self::Household,
            Self::Household => Self::Severity,
            Self::Severity => Self::Check,
        }
    }

    fn key(self, line: &Line, checks: &[Check]) -> Key {
        match self {
            Self::Check => Key::Check(line.hit.check),
            Self::Family => Key::Family(checks.get(usize::from(line.hit.check)).map_or(0, |check| check.family)),
            Self::Household => Key::Household(line.id),
            Self::Severity => Key::Severity(shown(line.hit.severity)),
        }
    }
}

/// What cannot be true and what counts are told apart by their words, not by their lists.
fn shown(severity: Severity) -> Severity {
    severity.max(Severity::Error)
}

/// What the lines of a group have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Check(u16),
    Family(usize),
    Household(HouseholdId),
    Severity(Severity),
}

/// Lines that belong together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub key: Key,
    pub lines: Vec<Line>,
}

impl Group {
    /// How many of a severity are open; what cannot be true counts among the errors.
    pub fn count(&self, severity: Severity) -> usize {
        self.lines.iter().filter(|line| line.is_open() && shown(line.hit.severity) == severity).count()
    }

    /// How many households it is about.
    pub fn households(&self) -> usize {
        self.lines.iter().map(|line| line.id).collect::<HashSet<_>>().len()
    }
}

/// A row of the list: the head of a group, or a line of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    Head(usize),
    Line(usize, usize),
}

/// What is shown of all that was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Sieve {
    /// Only what is so bad.
    pub severity: Option<Severity>,
    /// Also what is answered or exempt.
    pub with_settled: bool,
}

impl Sieve {
    pub fn lets_through(&self, line: &Line) -> bool {
        (self.with_settled || line.is_open()) && self.severity.is_none_or(|wanted| wanted == shown(line.hit.severity))
    }
}

/// Everything that was found in the village at work, in the order in which one walks.
pub(super) fn all(desk: &Desk) -> Result<Vec<Line>, WorkspaceError> {
    let workspace = &desk.workspace;
    let checks = &workspace.definitions().checks;
    let mut lines = Vec::new();
    for (walk, id) in workspace.in_walking_order_with_closed().into_iter().enumerate() {
        let mut seen: HashMap<(u16, Severity, bool), usize> = HashMap::new();
        for hit in workspace.hits(id)? {
            let same = seen.entry((hit.check, hit.severity, hit.settled == Settled::Open)).or_default();
            let is_by_itself = is_by_itself(check_of(checks, hit.check));
            lines.push(Line { id, walk, hit, is_by_itself, nth: *same });
            *same += 1;
        }
    }
    Ok(lines)
}

/// Puts lines together: groups with what is worst first, and in a group the worst first, what is settled at its end.
/// What the lists of visits, forms and changes show as well comes behind what is seen nowhere else.
pub(super) fn grouped(lines: &[Line], by: By, checks: &[Check]) -> Vec<Group> {
    let mut at: HashMap<Key, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for line in lines {
        let key = by.key(line, checks);
        let place = *at.entry(key).or_insert_with(|| {
            groups.push(Group { key, lines: Vec::new() });
            groups.len() - 1
        });
        groups[place].lines.push(*line);
    }
    for group in &mut groups {
        group
            .lines
            .sort_by_key(|line| (!line.is_open(), line.is_by_itself, line.hit.severity, line.walk, line.hit.check));
    }
    groups.sort_by_cached_key(|group| {
        let worst = |line: &Line| (!line.is_open(), line.is_by_itself, line.hit.severity);
        let own = match group.key {
            Key::Check(check) => usize::from(check),
            Key::Family(family) => family,
            Key::Household(_) => group.lines.first().map_or(0, |line| line.walk),
            Key::Severity(_) => 0,
        };
        (group.lines.iter().map(worst).min(), own)
    });
    groups
}

/// The rows of groups, those that are folded by their heads alone.
pub(super) fn rows(groups: &[Group], folded: &HashSet<Key>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        rows.push(Row::Head(at));
        if !folded.contains(&group.key) {
            rows.extend((0..group.lines.len()).map(|line| Row::Line(at, line)));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(serial: u32, check: u16, severity: Severity, settled: Settled) -> Line {
        let id = HouseholdId { village: "419999101201".parse().unwrap(), serial };
        let hit = Hit { check, severity, settled };
        Line { id, walk: serial as usize, hit, is_by_itself: check >= 50, nth: 0 }
    }

    fn found() -> Vec<Line> {
        use Settled::{Answered, Open};
        vec![
            line(1, 7, Severity::Warn, Open),
            line(1, 60, Severity::Error, Open),
            line(2, 9, Severity::Error, Open),
            line(2, 7, Severity::Warn, Answered),
            line(3, 9, Severity::Block, Open),
            line(3, 8, Severity::Hint, Open),
        ]
    }

    fn grouped_by(by: By) -> Vec<(Key, Vec<u32>)> {
        let groups = grouped(&found(), by, &[]);
        groups.into_iter().map(|group| (group.key, group.lines.iter().map(|line| line.id.serial).collect())).collect()
    }

    #[test]
    fn the_worst_check_comes_first_and_what_is_listed_elsewhere_last() {
        use Key::Check;
        let expected = [(Check(9), vec![3, 2]), (Check(7), vec![1, 2]), (Check(8), vec![3]), (Check(60), vec![1])];
        assert_eq!(grouped_by(By::Check), expected);
    }

    #[test]
    fn a_household_comes_by_what_is_worst_in_it() {
        let walked: Vec<Vec<u32>> = grouped_by(By::Household).into_iter().map(|(_, serials)| serials).collect();
        assert_eq!(walked, [vec![3, 3], vec![2, 2], vec![1, 1]]);
    }

    #[test]
    fn what_cannot_be_true_is_listed_among_the_errors() {
        use Severity::{Error, Hint, Warn};
        let keys: Vec<Key> = grouped_by(By::Severity).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, [Error, Warn, Hint].map(Key::Severity));
        let groups = grouped(&found(), By::Severity, &[]);
        let counts: Vec<usize> = groups.iter().zip([Error, Warn, Hint]).map(|(it, of)| it.count(of)).collect();
        assert_eq!(counts, [3, 1, 1], "what is answered is counted nowhere");
        assert_eq!(groups[0].households(), 3);
    }

    #[test]
    fn a_folded_group_is_its_head() {
        let groups = grouped(&found(), By::Check, &[]);
        assert_eq!(rows(&groups, &HashSet::new()).len(), 10);
        let rows = rows(&groups, &HashSet::from([Key::Check(9)]));
        assert_eq!(rows[..3], [Row::Head(0), Row::Head(1), Row::Line(1, 0)]);
    }

    #[test]
    fn a_sieve_keeps_what_is_open_and_as_bad_as_wanted() {
        let through = |severity, with_settled| {
            let sieve = Sieve { severity, with_settled };
            found().iter().filter(|line| sieve.lets_through(line)).count()
        };
        assert_eq!((through(None, false), through(None, true)), (5, 6));
        assert_eq!((through(Some(Severity::Error), true), through(Some(Severity::Warn), false)), (3, 1));
    }
}
