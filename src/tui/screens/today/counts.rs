//! The counts of the month: each as done of all, with what stands apart and where it leads.

use crate::workspace::county::VillageState;
use crate::workspace::worklist::{Count as Progress, MonthState};

/// One count.
pub(super) struct Count {
    /// What is counted.
    pub label: &'static str,
    /// How it stands.
    pub state: State,
    /// What is counted apart.
    pub note: String,
    /// Where Enter goes.
    pub goes: Goes,
}

/// How a count stands.
pub(super) enum State {
    /// So many of so many.
    Done(Progress),
    /// A number that should be nought.
    Left(String),
}

/// Where a count leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goes {
    /// To the households that a search line finds.
    Households(&'static str),
    /// To what the checks find.
    Findings,
    /// To what is stale.
    Stale,
    /// To the changes.
    Changes,
    /// To the tasks.
    Tasks,
    /// The first secretary's queue.
    Review,
}

/// The counts in the order in which they are shown.
pub(super) fn of(month: &MonthState) -> Vec<Count> {
    let count = |label, done, note, goes| Count { label, state: State::Done(done), note, goes };
    let left = |label, number: usize, unit: &str, nought: &str, note, goes| {
        let says = if number == 0 { nought.to_owned() } else { format!("{number}{unit}") };
        Count { label, state: State::Left(says), note, goes }
    };
    let some = |number: usize, says: String| if number == 0 { String::new() } else { says };
    let others = month.other_visits;
    let late = some(month.pending_late, format!("{}处过期", month.pending_late));
    vec![
        count(
            "走访",
            month.visits,
            some(others.done, format!("另{}户", others.done)),
            Goes::Households("应走访 未走访"),
        ),
        count("筛查", month.screening, String::new(), Goes::Households("未筛查")),
        count("排查", month.verification, String::new(), Goes::Households("未排查")),
        count(
            "核对",
            month.checked,
            some(month.checked.left(), format!("{}户有错", month.checked.left())),
            Goes::Findings,
        ),
        count("更新", month.fresh, some(month.stale_errors, format!("{}处过期", month.stale_errors)), Goes::Stale),
        count("明白卡", month.cards, String::new(), Goes::Households("缺明白卡")),
        left("交县", month.pending, "处没交", "都交了", late, Goes::Changes),
        left("待办", month.tasks, "件", "没有", String::new(), Goes::Tasks),
        left("待选", month.beside, "处", "没有", String::new(), Goes::Households("有矛盾")),
    ]
}

/// What waits for the first secretary's word before it may go to the county, which begins his day.
pub(super) fn to_review(households: usize) -> Count {
    let says = if households == 0 { "都审过了".to_owned() } else { format!("{households}户") };
    Count { label: "待审", state: State::Left(says), note: "审过才交县".to_owned(), goes: Goes::Review }
}

/// The counts of a county: what its villages sent, and what waits for whom.
pub(super) fn of_county(villages: &[VillageState]) -> Vec<Count> {
    let sum = |of: fn(&VillageState) -> usize| villages.iter().map(of).sum::<usize>();
    let count = |label, number: usize, unit: &str, nought: &str| {
        let says = if number == 0 { nought.to_owned() } else { format!("{number}{unit}") };
        Count { label, state: State::Left(says), note: String::new(), goes: Goes::Changes }
    };
    let strangers = sum(|it| it.strangers.len());
    let mut counts = vec![
        count("收到", villages.len(), "个村", "没有"),
        count("等前", sum(|it| it.waiting.len()), "份变更集等前面的", "没有"),
        count("没答", sum(|it| it.unanswered), "处变更", "都答了"),
        count("两改", sum(|it| it.conflicts), "处两边都改了", "没有"),
        count("更正", sum(|it| it.corrections), "处村里没收到", "没有"),
        count("不录", sum(|it| it.refused), "处村里没改", "没有"),
    ];
    // Once everybody's key is known nobody has to think of it.
    if strangers > 0 {
        counts.insert(1, count("认钥", strangers, "份等人核对钥匙", ""));
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::workspace::words::Words;

    #[test]
    fn every_line_that_a_count_leads_to_is_made_of_conditions() {
        let words = Words::load(&Data::embedded()).unwrap();
        for count in of(&MonthState::default()) {
            if let Goes::Households(line) = count.goes {
                let query = words.parse(line).unwrap();
                assert!(query.words.is_empty() && !query.filters.is_empty(), "{line}");
            }
        }
    }

    #[test]
    fn what_should_be_nought_and_is_says_so() {
        let month = MonthState { pending: 3, pending_late: 1, ..MonthState::default() };
        let told: Vec<String> = of(&month)
            .into_iter()
            .filter_map(|count| match count.state {
                State::Left(says) => Some(format!("{} {says} {}", count.label, count.note)),
                State::Done(_) => None,
            })
            .collect();
        assert_eq!(told, ["交县 3处没交 1处过期", "待办 没有 ", "待选 没有 "]);
    }
}
