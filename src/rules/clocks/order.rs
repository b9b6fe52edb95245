//! Stages of a monitoring case that stand in the wrong order, or are left out without a reason (spec/screening.md 5).

use crate::catalogue::print::day_in_words;
use crate::domain::field::stages;
use crate::domain::{Name, PartialDate};

use super::super::Looked;
use super::events::{Run, Stage};

/// A stage that cannot be where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disorder {
    /// The stage, by its code.
    pub stage: Name,
    /// Its row in the section of stages; none for a stage that is not there.
    pub row: Option<u32>,
    /// What is wrong, in a sentence.
    pub why: String,
}

/// The stages of the case that are dated before the one they follow, and those that were left out between two others
/// without a reason. Stages of one step may come in any order; what came before the first stage on file is not known.
pub fn of(looked: Looked<'_>) -> Vec<Disorder> {
    let has_none = !looked.household.file.sections.contains_key(&stages::SECTION);
    if has_none || looked.household.closed_on().is_some() {
        return Vec::new();
    }
    let mut found = before_their_turn(looked);
    found.extend(left_out(looked, &Run::of(looked).stages));
    found
}

/// The stages of the case that are dated before the one they follow.
pub fn before_their_turn(looked: Looked<'_>) -> Vec<Disorder> {
    let run = Run::of(looked);
    let stages: &[Stage<'_>] = &run.stages;
    let year = PartialDate::from(looked.look.day).known_year();
    let dated = || stages.iter().filter_map(|stage| Some((stage, stage.entry.step?, stage.on?)));
    let wrong = dated().filter_map(|(stage, step, on)| {
        let earlier = dated().filter(|(_, other, _)| *other < step);
        // Of all that it follows, the one that is certainly later and nearest to it in the order.
        let after = earlier.filter(|(_, _, other)| on.latest() < other.earliest()).max_by_key(|(_, other, _)| *other);
        let (other, _, other_on) = after?;
        let (on, other_on) = (day_in_words(on, year), day_in_words(other_on, year));
        let why = format!("{}（{on}）早于{}（{other_on}）", stage.entry.label, other.entry.label);
        Some(Disorder { stage: stage.entry.id, row: Some(stage.row), why })
    });
    wrong.collect()
}

fn left_out(looked: Looked<'_>, stages: &[Stage<'_>]) -> Vec<Disorder> {
    let field = looked.look.catalogue.field(stages::SECTION, stages::STAGE);
    let Some(list) = field.and_then(|field| looked.look.catalogue.list_of(field)) else { return Vec::new() };
    let steps = || stages.iter().filter(|stage| stage.on.is_some()).filter_map(|stage| stage.entry.step);
    let (Some(first), Some(last)) = (steps().min(), steps().max()) else { return Vec::new() };
    let between = list.entries.iter().filter(|entry| entry.step.is_some_and(|step| step > first && step < last));
    let missing = between.filter_map(|entry| {
        let known = stages.iter().rfind(|stage| stage.entry.id == entry.id);
        if known.is_some_and(|stage| stage.on.is_some() || stage.why.is_some()) {
            return None;
        }
        let why = match known {
            Some(_) => format!("{}没有日期，也没有说明为什么跳过", entry.label),
            None => format!("缺{}，也没有说明为什么跳过", entry.label),
        };
        Some(Disorder { stage: entry.id, row: known.map(|stage| stage.row), why })
    });
    missing.collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Defs;
    use super::*;

    fn found(fields: &str) -> Vec<String> {
        let defs = Defs::shipped();
        let file = defs.file(fields);
        of(defs.on("2022-11-20").at(&file)).into_iter().map(|disorder| disorder.why).collect()
    }

    /// A stage a row, each `stage=day`; a blank day is a row without one.
    fn rows(stages: &[(&str, &str)]) -> String {
        let row = |(number, (stage, on)): (usize, &(&str, &str))| {
            let number = number + 1;
            let on = if on.is_empty() { String::new() } else { format!(" stages.{number}.on={on}") };
            format!("stages.{number}.stage={stage}{on}")
        };
        stages.iter().enumerate().map(row).collect::<Vec<_>>().join(" ")
    }

    const WELL: [(&str, &str); 8] = [
        ("入户核实(排查表)", "2022-10-01"),
        ("签承诺授权书", "2022-10-01"),
        ("信息比对", "2022-10-05"),
        ("村级评议", "2022-10-06"),
        ("村级公示", "2022-10-07"),
        ("乡级审核", "2022-10-12"),
        ("县级审批", "2022-10-14"),
        ("结果公告", "2022-10-15"),
    ];

    #[test]
    fn a_case_that_went_its_way_is_in_order() {
        assert!(found(&rows(&WELL)).is_empty());
        assert!(found("case.target=边缘易致贫户").is_empty(), "nothing is known");
    }

    #[test]
    fn the_last_three_come_in_any_order() {
        let mut stages = WELL.to_vec();
        stages.extend([("帮扶措施申报", "2022-10-18"), ("录入国网", "2022-11-04"), ("明确帮扶责任人", "2022-10-16")]);
        assert!(found(&rows(&stages)).is_empty());
        stages.push(("提出风险消除", "2022-11-03"));
        assert_eq!(found(&rows(&stages)), ["提出风险消除（11月3日）早于录入国网（11月4日）"]);
    }

    #[test]
    fn a_stage_before_the_one_it_follows_is_told_and_only_where_that_is_certain() {
        let mut stages = WELL;
        stages[5].1 = "2022-10-06";
        assert_eq!(found(&rows(&stages)), ["乡级审核（10月6日）早于村级公示（10月7日）"]);
        stages[5].1 = "2022-10";
        assert!(found(&rows(&stages)).is_empty(), "it may have been in time");
        stages[5].1 = "2022-09";
        assert_eq!(found(&rows(&stages)), ["乡级审核（9月）早于村级公示（10月7日）"]);
    }

    #[test]
    fn leaving_a_stage_out_needs_a_reason() {
        let mut stages = WELL.to_vec();
        stages.remove(2);
        assert_eq!(found(&rows(&stages)), ["缺信息比对，也没有说明为什么跳过"]);
        stages.push(("信息比对", ""));
        assert_eq!(found(&rows(&stages)), ["信息比对没有日期，也没有说明为什么跳过"]);
        assert!(found(&format!("{} stages.8.why=突发事件先帮扶", rows(&stages))).is_empty());
    }

    #[test]
    fn a_mark_taken_back_and_a_case_anew_begin_afresh() {
        let mut stages = WELL.to_vec();
        stages.extend([("录入国网", "2022-10-15"), ("明确帮扶责任人", "2022-10-15"), ("帮扶措施申报", "2022-10-15")]);
        let end = |month: &str| {
            ["提出风险消除", "消除评议公示", "消除乡级审核", "标注风险消除并告知"]
                .map(|stage| (stage, format!("2022-{month}-01")))
        };
        let (first, second) = (end("11"), end("12"));
        stages.extend(first.iter().map(|(stage, on)| (*stage, on.as_str())));
        stages.push(("消除回退", "2022-11-20"));
        assert!(found(&rows(&stages)).is_empty());
        stages.push((second[0].0, &second[0].1));
        assert!(found(&rows(&stages)).is_empty(), "the first mark does not count any more");
        stages.extend(second[1..].iter().map(|(stage, on)| (*stage, on.as_str())));
        stages.push(("入户核实(排查表)", "2022-12-20"));
        stages.push(("签承诺授权书", "2022-12-19"));
        assert_eq!(found(&rows(&stages)), ["签承诺授权书（12月19日）早于入户核实(排查表)（12月20日）"]);
    }
}
