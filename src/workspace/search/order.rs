//! The orders in which households can be listed.

use std::cmp::Ordering;

use super::hit::{Hit, Seat};
use super::index::Index;
use crate::domain::{Class, RiskState, TargetClass};
use crate::workspace::query::Facts;

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// As one walks: group, house number, household number.
    Natural,
    /// The head's name by pinyin.
    Name,
    /// Targets first, then relieved households, then the others.
    Class,
    /// How many members.
    People,
    /// Per-person income.
    PerPerson,
    /// The day of the last visit.
    LastVisit,
    /// How much the checks find: errors, then warnings.
    Problems,
}

impl SortKey {
    /// All keys, in the order in which they are offered.
    pub const ALL: [Self; 7] =
        [Self::Natural, Self::Name, Self::Class, Self::People, Self::PerPerson, Self::LastVisit, Self::Problems];

    /// The key as the screen names it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Natural => "组、门牌",
            Self::Name => "户主",
            Self::Class => "类别",
            Self::People => "人数",
            Self::PerPerson => "人均",
            Self::LastVisit => "走访",
            Self::Problems => "问题",
        }
    }
}

/// All households of an index in one order, worked out once and then applied to any search.
#[derive(Clone, Debug)]
pub struct Order {
    /// By seat.
    places: Vec<u32>,
}

impl Index {
    /// Sorts all households; what is unknown comes last, also downwards, and equals stand in natural order.
    pub fn sorted<F: Facts>(&self, key: SortKey, downwards: bool, facts: impl Fn(Seat) -> Option<F>) -> Order {
        let by_number = |number: fn(&F) -> Option<i64>| {
            let sorted = |seat: &Seat| facts(*seat).as_ref().and_then(number);
            by(&self.order, downwards, sorted)
        };
        let order = match key {
            SortKey::Natural if downwards => self.order.iter().rev().copied().collect(),
            SortKey::Natural => self.order.clone(),
            SortKey::Name => by(&self.order, downwards, |seat| {
                let name = self.head_name(*seat);
                (!name.is_empty()).then(|| self.words.pinyin.sort_key(&name))
            }),
            SortKey::Class => by_number(class),
            SortKey::People => by_number(|facts| Some(facts.people().into())),
            SortKey::PerPerson => by_number(|facts| facts.per_person().map(|money| money.0)),
            SortKey::LastVisit => {
                by_number(|facts| facts.last_visit().map(|day| chrono::Datelike::num_days_from_ce(&day).into()))
            }
            // No household has so many that an error would not weigh more than all warnings.
            SortKey::Problems => by_number(|facts| {
                let errors = i64::from(facts.errors()?);
                Some((errors << 32) + i64::from(facts.problems()?) - errors)
            }),
        };
        let mut places = vec![u32::MAX; self.seats()];
        for (place, seat) in order.into_iter().enumerate() {
            places[seat.index()] = place as u32;
        }
        Order { places }
    }
}

impl Order {
    /// Puts what was found into this order; households that came later stand at the end.
    pub fn apply(&self, hits: &mut [Hit]) {
        hits.sort_by_key(|hit| self.places.get(hit.seat.index()).copied().unwrap_or(u32::MAX));
    }
}

fn by<K: Ord>(natural: &[Seat], downwards: bool, key: impl Fn(&Seat) -> Option<K>) -> Vec<Seat> {
    let mut keyed: Vec<(Option<K>, Seat)> = natural.iter().map(|seat| (key(seat), *seat)).collect();
    keyed.sort_by(|(a, _), (b, _)| match (a, b) {
        (Some(a), Some(b)) if downwards => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => a.is_none().cmp(&b.is_none()).then(Ordering::Equal),
    });
    keyed.into_iter().map(|(_, seat)| seat).collect()
}

/// Where a household stands among the classes; none where its class is unknown and it is no target.
fn class<F: Facts>(facts: &F) -> Option<i64> {
    let gone = facts.risk().is_some_and(|risk| risk != RiskState::Open);
    if let Some(target) = facts.target() {
        let kind = match target {
            TargetClass::Unstable => 0,
            TargetClass::Edge => 1,
            TargetClass::Sudden => 2,
        };
        return Some(if gone { kind + 3 } else { kind });
    }
    Some(match facts.class()? {
        Class::Relieved { policies: Some(true) } => 6,
        Class::Relieved { policies: None } => 7,
        Class::Relieved { policies: Some(false) } => 8,
        Class::Ordinary => 9,
    })
}
