//! What is due in one household, each with its last day.

use chrono::NaiveDate;

use crate::domain::{Month, Name, within_a_month};
use crate::policy::Policy;

use super::clocks::ClockState;
use super::first::Place;
use super::standing::Standing;

/// Something that is due in one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last day.
    pub date: NaiveDate,
    /// What is due, in the coordinator's words.
    pub what: String,
    /// The check that speaks of it; none where none does.
    pub code: Option<Name>,
    /// Where it is done.
    pub place: Place,
}

/// The changes of a household that no change set holds: the sections' names, and the day on which their month began.
pub type Unsent = (String, NaiveDate);

/// What is due in a household that is not done yet, whenever that is, by its last day; `unsent` is what was not handed over.
pub fn of(policy: &Policy, day: NaiveDate, standing: &Standing, unsent: &[Unsent]) -> Vec<Due> {
    let mut all: Vec<Due> = Vec::new();
    if standing.visited_on.is_none() {
        all.extend(visit(policy, Month::of(day), standing));
    }
    all.extend(standing.clocks.iter().filter_map(clock));
    all.extend(standing.tasks.iter().filter_map(|task| {
        let owner = if task.owner.is_empty() { String::new() } else { format!("（{}）", task.owner) };
        let what = format!("{}{owner}", task.what);
        Some(Due { date: task.due?.latest(), what, code: None, place: Place::Task(task.row) })
    }));
    all.extend(standing.unfiled.iter().map(|unfiled| Due {
        date: within_a_month(unfiled.started),
        what: format!("{}，入档", unfiled.what),
        code: Some(Name::fixed("C501")),
        place: Place::Section(unfiled.section),
    }));
    all.extend(together(unsent).into_iter().map(|(date, sections)| Due {
        date,
        what: format!("{}的变化，交县", sections.join("、")),
        code: Some(Name::fixed("C503")),
        place: Place::Changes,
    }));
    all.sort_by_key(|due| due.date);
    all
}

/// The visit of a month, where the household must have one.
pub fn visit(policy: &Policy, month: Month, standing: &Standing) -> Option<Due> {
    let date = month.day(policy.visit.by_day?);
    let due = Due { date, what: "走访".to_owned(), code: Some(Name::fixed("C504")), place: Place::Visit };
    standing.due.then_some(due)
}

fn clock(state: &ClockState) -> Option<Due> {
    let date = state.day.filter(|_| state.is_due())?;
    let reason = state.reason.as_ref().map_or_else(String::new, |why| format!("（已说明：{why}）"));
    let what = format!("{}{reason}", state.label);
    Some(Due { date, what, code: Some(state.code), place: Place::Clock(state.section) })
}

/// The sections that are due on one day, as one.
fn together(unsent: &[Unsent]) -> Vec<(NaiveDate, Vec<&str>)> {
    let mut days: Vec<(NaiveDate, Vec<&str>)> = Vec::new();
    for (section, started) in unsent {
        let last = within_a_month(*started);
        match days.iter_mut().find(|(day, _)| *day == last) {
            Some((_, sections)) if sections.contains(&section.as_str()) => {}
            Some((_, sections)) => sections.push(section),
            None => days.push((last, vec![section])),
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use super::super::standing;
    use super::super::testing::Defs;
    use super::*;
    use crate::domain::OpenItem;

    #[test]
    fn all_that_is_due_in_a_household_by_its_last_day() {
        let defs = Defs::shipped();
        let mut file = defs.file(
            "class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 case.identified_on=2022-11-12 \
             tasks.1.what=漏雨 tasks.1.owner=村委会 tasks.1.due=2022-11-15 tasks.2.what=停水 loans.1.to=2022-12",
        );
        file.open_items.push(OpenItem {
            act: 3,
            item: Name::new("V01"),
            sections: vec![Name::new("members")],
            since: "2022-10-31".parse().ok(),
            seen_on: "2022-11-02".parse().unwrap(),
            what: "添孙女".into(),
        });
        let look = defs.on("2022-11-20");
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let unsent = [("收入".to_owned(), day("2022-10-31")), ("住房".to_owned(), day("2022-10-30"))];
        let all = of(look.policy, look.day, &standing::of(look, &file), &unsent);
        let told: Vec<String> = all
            .iter()
            .map(|due| format!("{} {} {}", due.date, due.code.map_or("—", |code| code.as_str()), due.what))
            .collect();
        assert_eq!(
            told,
            [
                "2022-11-10 C504 走访",
                "2022-11-15 — 漏雨（村委会）",
                "2022-11-22 C506 帮扶措施申报",
                "2022-11-30 C501 人口有变化（添孙女），入档",
                "2022-11-30 C503 收入、住房的变化，交县",
                "2022-12-31 C605 小额信贷到期还款",
            ]
        );
    }

    #[test]
    fn a_household_that_was_visited_or_need_not_be_has_no_visit_due() {
        let defs = Defs::shipped();
        let look = defs.on("2022-11-20");
        let due = |class: &str| {
            let file = defs.file(&format!("class.class={class}"));
            of(look.policy, look.day, &standing::of(look, &file), &[]).len()
        };
        assert_eq!((due("脱贫户"), due("一般农户")), (1, 0));
    }
}
