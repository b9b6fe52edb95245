//! Where one household stands today, in one place: what a list shows and a filter asks.

use chrono::NaiveDate;

use crate::domain::field::card;
use crate::domain::{HouseholdFile, Month, Name, Value};

use super::check::{self, Case, Hit};
use super::clocks::{self, ClockState};
use super::colour::{self, Graded};
use super::facts::{self, Facts};
use super::round::Grouped;
use super::stale::{self, Stale, Unfiled};
use super::tasks::{self, OpenTask};
use super::{Look, Looked, due, round};

/// Where a household stands on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The facts that hold.
    pub facts: Facts,
    /// Whether it must be visited this month.
    pub due: bool,
    /// The day of this month's visit.
    pub visited_on: Option<NaiveDate>,
    /// Whether last month's visit was owed and is missing.
    pub missed: bool,
    /// The day of the last visit of all.
    pub last_visit: Option<NaiveDate>,
    /// Whether this round wants a screening form, and has it.
    pub screening: Progress,
    /// The rounds that are over and lack a screening form that they wanted.
    pub unscreened: Vec<Name>,
    /// Whether this round wants a verification form, and has it.
    pub verification: Progress,
    /// The round's groups in which it is, by its file or by its form.
    pub groups: Vec<Grouped>,
    /// Whether it should have the status card of the year for which the policy gives a day, and has it.
    pub card: Progress,
    /// What is stale; changes not handed over are counted apart.
    pub stale: Vec<Stale>,
    /// What was seen to have changed and is not in the file, also while there is time.
    pub unfiled: Vec<Unfiled>,
    /// Clocks that run, or were broken.
    pub clocks: Vec<ClockState>,
    /// Problems that nobody has settled.
    pub tasks: Vec<OpenTask>,
    /// Fields where a person has to choose between the county's value and the village's.
    pub beside: usize,
    /// What the checks find in the file, in short.
    pub hits: Vec<Hit>,
    /// Its colour, with the reason.
    pub colour: Option<Graded>,
}

/// One thing that is wanted or not, and done or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not wanted of this household.
    NotWanted,
    /// Wanted, and not there.
    Open,
    /// There.
    Done,
}

impl Progress {
    fn of(wanted: bool, done: bool) -> Self {
        match (wanted, done) {
            (_, true) => Self::Done,
            (true, false) => Self::Open,
            (false, false) => Self::NotWanted,
        }
    }

    /// Whether it is there.
    pub fn is_done(self) -> bool {
        self == Self::Done
    }

    /// Whether it counts: wanted, or there.
    pub fn counts(self) -> bool {
        self != Self::NotWanted
    }
}

/// Where the household of a file stands.
pub fn of(look: Look<'_>, file: &HouseholdFile) -> Standing {
    let looked = look.at(file);
    let mut standing = unchecked(looked);
    standing.hits = check::hits(Case { looked, standing: &standing, unsent: &[], village: None });
    standing.colour = colour::of(looked, &standing, &standing.hits);
    standing
}

/// Where it stands but for what the checks find and the colour that hangs on it.
pub fn unchecked(looked: Looked<'_>) -> Standing {
    let Looked { look, household } = looked;
    let file = household.file;
    let facts = facts::of(looked);
    let closed = looked.household.closed_on().is_some();
    let month = Month::of(look.day);
    let round = look.policy.round_on(look.day);
    let in_round = round.map(|round| round::standing(looked, &facts, round));
    let card_year = file.of_household(card::SECTION, card::YEAR).and_then(Value::as_date);
    let year = due::card_year(look.policy, look.day);
    let wants_card = due::owes_card(looked, &facts, year);
    Standing {
        due: !closed && due::must_be_visited(look.policy, &facts),
        missed: due::missed_visit(looked, &facts, month.before()),
        visited_on: due::visit_in(file, month).map(|visit| visit.date),
        last_visit: file.forms_named(Name::fixed("visit")).map(|visit| visit.date).max(),
        screening: in_round.map_or(Progress::NotWanted, |s| Progress::of(s.wants_screening, s.screening.is_some())),
        unscreened: round::unscreened(looked, &facts),
        verification: in_round
            .map_or(Progress::NotWanted, |s| Progress::of(s.wants_verification, s.verification.is_some())),
        groups: round.map_or_else(Vec::new, |round| round::grouped(looked, round)),
        card: Progress::of(wants_card, wants_card && card_year.is_some_and(|card| card.known_year() >= year)),
        stale: stale::of(looked, &facts),
        unfiled: stale::unfiled(looked),
        clocks: clocks::of_facts(looked, &facts),
        tasks: tasks::open_of(file),
        beside: file.beside.len(),
        hits: Vec::new(),
        colour: None,
        facts,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    #[test]
    fn a_card_is_wanted_of_some_and_must_be_of_this_year() {
        let defs = Defs::shipped();
        let card = |fields: &str| of(defs.on("2022-11-20"), &defs.file(fields)).card;
        assert_eq!(card("class.class=一般农户"), Progress::NotWanted);
        assert_eq!(card("case.target=突发严重困难户"), Progress::Open);
        assert_eq!(card("case.target=突发严重困难户 card.year=2021"), Progress::Open);
        assert_eq!(card("case.target=突发严重困难户 card.year=2022"), Progress::Done);
    }

    #[test]
    fn a_card_is_held_against_its_own_year() {
        let defs = Defs::shipped();
        let card = |day: &str, fields: &str| of(defs.on(day), &defs.file(fields)).card;
        for (year, progress) in [("2021", Progress::Open), ("2022", Progress::Done), ("2023", Progress::Done)] {
            let fields = format!("case.target=突发严重困难户 card.year={year}");
            assert_eq!(card("2023-01-01", &fields), progress, "{year}");
        }
    }

    #[test]
    fn last_months_visit_is_missed_by_who_was_on_file_by_its_day() {
        let defs = Defs::shipped();
        let missed = |taken_in: &str, visit: Option<&str>| {
            let mut file = defs.file("class.class=脱贫户");
            file.taken_in = taken_in.parse().unwrap();
            file.forms.extend(visit.map(|on| crate::domain::FormRef::blank(Name::new("visit"), on.parse().unwrap())));
            of(defs.on("2023-01-01"), &file).missed
        };
        assert!(missed("2022-12-10", None) && missed("2022-09-01", Some("2022-11-30")));
        assert!(!missed("2022-12-11", None) && !missed("2022-09-01", Some("2022-12-31")));
        assert!(!missed("2022-09-01", Some("2023-01-01")), "made good");
    }
}
