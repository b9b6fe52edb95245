//! What nobody has confirmed for a month, and what was said to have changed and is not in the file (C501, C502).

use chrono::NaiveDate;

use crate::catalogue::print::day_in_words;
use crate::domain::{Name, PartialDate, within_a_month};
use crate::forms::FormKind;

use super::facts::Facts;
use super::late::{Clock, clock, starts};
use super::{Looked, due};

/// One entry that is stale, or soon will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The check: `C501`, `C502` or `C503`.
    pub code: &'static str,
    /// The section it concerns.
    pub section: Name,
    /// When the section was last confirmed; none if never.
    pub confirmed_on: Option<NaiveDate>,
    /// When the change happened, was seen, or was entered.
    pub changed_on: Option<NaiveDate>,
    /// Days since the confirmation (or since the file was opened), or since the change.
    pub days: i64,
    /// Whether an evaluator would count it; else it is a warning.
    pub is_error: bool,
    /// Why, in the coordinator's words.
    pub why: String,
}

impl Stale {
    /// Days until its month is over, negative once it is.
    pub fn left(&self) -> i64 {
        // Only the day and how long ago something was are kept, and months are of different length.
        let since = self.changed_on.or(self.confirmed_on);
        since.map_or(MONTH - self.days, |since| (within_a_month(since) - since).num_days() - self.days)
    }
}

/// About a month in days, where the day on which it began is not known.
const MONTH: i64 = 30;

/// The sections that somebody has to confirm every month in this household, with the item of the visit that does.
pub fn watched(looked: Looked<'_>, facts: &Facts) -> Vec<(Name, Name)> {
    let visit = looked.look.forms.all().filter(|form| form.kind == FormKind::Visit);
    let items = visit.flat_map(|form| &form.items).filter(|item| facts.any(&item.asked_of));
    items.flat_map(|item| item.confirms.iter().map(|section| (*section, item.id))).collect()
}

/// What is stale in a file on the day. A closed file has nothing to confirm; what was seen and not entered stays late.
pub fn of(looked: Looked<'_>, facts: &Facts) -> Vec<Stale> {
    let mut found: Vec<Stale> = open_items(looked).collect();
    if looked.household.closed_on().is_some() {
        return found;
    }
    found.extend(watched(looked, facts).into_iter().filter_map(|(section, _)| unconfirmed(looked, facts, section)));
    found.shrink_to_fit();
    found
}

fn unconfirmed(looked: Looked<'_>, facts: &Facts, section: Name) -> Option<Stale> {
    let (file, day) = (looked.household.file, looked.look.day);
    let confirmed = file.sections.get(&section).and_then(|section| section.confirmed.as_ref());
    let since = confirmed.map_or(file.taken_in, |confirmed| confirmed.on);
    if day <= within_a_month(since) {
        return None;
    }
    let label = looked.look.catalogue.section(section).map_or(section.as_str(), |section| &section.label);
    let days = (day - since).num_days();
    let words = day_in_words(PartialDate::from(since), PartialDate::from(day).known_year());
    let why = match confirmed {
        Some(_) => format!("{label}{words}后未核实，已{days}天"),
        None => format!("{label}{words}入档后从未核实，已{days}天"),
    };
    Some(Stale {
        code: "C502",
        section,
        confirmed_on: confirmed.map(|confirmed| confirmed.on),
        changed_on: None,
        days,
        is_error: due::must_be_visited(looked.look.policy, facts),
        why,
    })
}

/// A change that was seen and is not in the file, whether or not there is time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfiled {
    /// The section in which it is entered.
    pub section: Name,
    /// The day on which its month began.
    pub started: NaiveDate,
    /// What changed, in words.
    pub what: Box<str>,
}

/// What was seen to have changed and is not in the file yet.
pub fn unfiled(looked: Looked<'_>) -> Vec<Unfiled> {
    let items = looked.household.file.open_items.iter();
    let unfiled = items.filter_map(|item| {
        let label = looked.look.forms.visit().and_then(|form| form.item(item.item)).map_or("", |item| &item.label);
        Some(Unfiled {
            section: *item.sections.first()?,
            started: starts(item.since, Some(item.seen_on), item.seen_on),
            what: format!("{label}有变化（{}）", item.what).into(),
        })
    });
    unfiled.collect()
}

fn open_items(looked: Looked<'_>) -> impl Iterator<Item = Stale> + '_ {
    let day = looked.look.day;
    unfiled(looked).into_iter().filter_map(move |item| {
        let started = item.started;
        let is_error = match clock(started, day, looked.look.policy.stale.near_days) {
            Clock::Running { .. } => return None,
            Clock::Near { .. } => false,
            Clock::Past { .. } => true,
        };
        let section = item.section;
        let days = (day - started).num_days();
        Some(Stale {
            code: "C501",
            section,
            confirmed_on: looked.household.file.sections.get(&section).and_then(|s| s.confirmed.as_ref()).map(|c| c.on),
            changed_on: Some(started),
            days,
            is_error,
            why: format!("{}，{days}天未入档", item.what),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::super::{Look, facts};
    use super::*;
    use crate::domain::{Confirmation, HouseholdFile, OpenItem};

    fn stale(look: Look<'_>, file: &HouseholdFile) -> Vec<(&'static str, String, bool)> {
        let looked = look.at(file);
        of(looked, &facts::of(looked)).into_iter().map(|s| (s.code, s.section.to_string(), s.is_error)).collect()
    }

    #[test]
    fn a_section_never_confirmed_is_stale_a_month_after_the_file_was_opened() {
        let defs = Defs::shipped();
        let file = defs.file("class.class=一般农户 members.1.labour=无劳动力"); // opened on 1 September
        assert!(stale(defs.on("2022-10-01"), &file).is_empty());
        let sections: Vec<_> = stale(defs.on("2022-10-02"), &file);
        let names: Vec<&str> = sections.iter().map(|(_, section, _)| section.as_str()).collect();
        assert_eq!(names, ["members", "medical", "housing", "water", "card"]);
        assert!(sections.iter().all(|(code, _, is_error)| *code == "C502" && !is_error));
    }

    #[test]
    fn it_is_an_error_for_who_must_be_visited_every_month() {
        let defs = Defs::shipped();
        let file = defs.file("class.class=脱贫户");
        assert!(stale(defs.on("2022-10-02"), &file).iter().all(|(_, _, is_error)| *is_error));
        assert!(stale(defs.on("2022-10-02"), &file).iter().any(|(_, section, _)| section == "income"));
    }

    #[test]
    fn a_confirmation_lasts_a_calendar_month() {
        let defs = Defs::shipped();
        let mut file = defs.file("class.class=一般农户 members.1.labour=无劳动力");
        for section in ["members", "medical", "housing", "water", "card"] {
            let confirmed = Some(Confirmation { on: "2022-10-08".parse().unwrap(), by: "李桂枝".into() });
            file.section_mut(Name::new(section)).confirmed = confirmed;
        }
        assert!(stale(defs.on("2022-11-08"), &file).is_empty());
        assert_eq!(stale(defs.on("2022-11-09"), &file).len(), 5);
        defs.put(&mut file, "status.closed_on=2022-11-01");
        assert!(stale(defs.on("2022-11-09"), &file).is_empty());
    }

    #[test]
    fn a_change_seen_and_not_entered_is_warned_of_and_then_late() {
        let defs = Defs::shipped();
        let mut file = defs.file("class.class=一般农户");
        file.taken_in = "2022-11-01".parse().unwrap();
        file.section_mut(Name::new("members"));
        file.open_items.push(OpenItem {
            act: 3,
            item: Name::new("V01"),
            sections: vec![Name::new("members")],
            since: "2022-10-18".parse().ok(),
            seen_on: "2022-11-02".parse().unwrap(),
            what: "添孙女".into(),
        });
        assert!(stale(defs.on("2022-11-10"), &file).is_empty());
        assert_eq!(stale(defs.on("2022-11-12"), &file), [("C501", "members".to_owned(), false)]);
        assert_eq!(stale(defs.on("2022-11-19"), &file), [("C501", "members".to_owned(), true)]);
    }
}
