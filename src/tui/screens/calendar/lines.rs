//! The lines of 日历: what is due, with whom it concerns and where it is done.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::{HouseholdId, Month};
use crate::rules::first::Place;
use crate::tui::actions::Action;
use crate::tui::desk::Desk;
use crate::workspace::WorkspaceError;
use crate::workspace::due::{DueLine, DueWhen};

/// One thing that is due.
pub(super) struct Line {
    pub date: NaiveDate,
    /// How long until then, in words.
    pub left: String,
    /// Whom it concerns.
    pub whose: String,
    pub what: String,
    pub code: &'static str,
    pub goes: Goes,
}

/// Where a line leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goes {
    /// To a household, where the thing is done.
    Household(HouseholdId, Place),
    /// To the households that a search line finds.
    Households(&'static str),
    /// To a main screen.
    Screen(Action),
    /// Nowhere: the program does not hold it.
    Nowhere,
}

/// What is due in a month, and how much of it on each day. The visits of one day are one line.
pub(super) fn of(desk: &Desk, month: Month) -> Result<(Vec<Line>, BTreeMap<NaiveDate, usize>), WorkspaceError> {
    let mut lines = Vec::new();
    let mut counts: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let mut visits: BTreeMap<NaiveDate, (String, usize)> = BTreeMap::new();
    for due in desk.workspace.due(DueWhen::In(month))? {
        *counts.entry(due.date).or_default() += 1;
        match (due.household, due.place) {
            (Some(_), Some(Place::Visit)) => visits.entry(due.date).or_insert_with(|| (due.days_in_words(), 0)).1 += 1,
            (Some(id), Some(place)) => lines.push(of_household(desk, id, place, due)),
            _ => lines.push(of_village(due)),
        }
    }
    let is_now = month == Month::of(desk.workspace.today());
    lines.extend(visits.into_iter().map(|(date, (left, households))| Line {
        date,
        left,
        whose: format!("{households}户"),
        what: "走访".to_owned(),
        code: "C504",
        goes: Goes::Households(if is_now { "应走访 未走访" } else { "应走访" }),
    }));
    lines.sort_by_key(|line| line.date);
    Ok((lines, counts))
}

fn of_household(desk: &Desk, id: HouseholdId, place: Place, due: DueLine) -> Line {
    Line {
        date: due.date,
        left: due.days_in_words(),
        whose: match (
            desk.workspace.households().get(id).map_or("", |summary| &summary.head),
            desk.workspace.shows_villages(),
        ) {
            (head, true) => format!("{} {head}", desk.place_of(id)),
            (head, false) => head.to_owned(),
        },
        what: due.what,
        code: due.code.map_or("", |code| code.as_str()),
        goes: Goes::Household(id, place),
    }
}

fn of_village(due: DueLine) -> Line {
    let counts = due.counts.map_or("", |counts| counts.as_str());
    let unit = if counts == "changes" { "处" } else { "户" };
    let undone = due.left.filter(|left| *left > 0).map_or_else(String::new, |left| format!("，剩{left}{unit}"));
    Line {
        date: due.date,
        left: due.days_in_words(),
        whose: "全村".to_owned(),
        what: format!("{}{undone}", due.what),
        code: "",
        goes: match counts {
            "visits" => Goes::Households("应走访 未走访"),
            "cards" => Goes::Households("缺明白卡"),
            "screening" => Goes::Screen(Action::OpenScreening),
            "changes" => Goes::Screen(Action::OpenChanges),
            _ => Goes::Nowhere,
        },
    }
}
