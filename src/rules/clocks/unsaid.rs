//! Stages of a monitoring case that its own fields do not tell of: one of the two was entered and the other forgotten.

use crate::domain::field::{case, stages};
use crate::domain::{Name, RiskState, Slot, Value};

use super::super::Looked;
use super::events::{Run, Stage};

/// A stage that stands beside a field which says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaid {
    /// The stage, by its code.
    pub stage: Name,
    /// The field.
    pub slot: Slot,
    /// What is wrong, in a sentence.
    pub why: String,
}

/// The stages of the case that runs now, or ended last, whose field is blank or holds something else.
pub fn of(looked: Looked<'_>) -> Vec<Unsaid> {
    let (catalogue, file) = (looked.look.catalogue, looked.household.file);
    // Few households have any, and a county asks of all.
    if !file.sections.contains_key(&stages::SECTION) {
        return Vec::new();
    }
    let stages = Run::of(looked).stages;
    let mut found: Vec<Unsaid> = Vec::new();
    for (stage, implied) in stages.iter().flat_map(|stage| stage.entry.implies.iter().map(move |it| (stage, it))) {
        let Some((section, field)) = catalogue.named(&implied.field) else { continue };
        let slot = Slot { section: section.id, row: 0, field: field.id };
        let held = file.get(slot).map(|value: &Value| catalogue.show(field, value));
        let wanted = implied.holds.as_deref();
        let is_said = held.as_deref().is_some_and(|held| wanted.is_none_or(|wanted| held == wanted));
        // Two stages may say the same of a field; it is mended once.
        if is_said || found.iter().any(|unsaid| unsaid.slot == slot) {
            continue;
        }
        let held = held.map_or_else(|| "没有填".to_owned(), |held| format!("还是“{held}”"));
        let why = format!("已登记{}，“{}”{held}", stage.entry.label, field.label);
        found.push(Unsaid { stage: stage.entry.id, slot, why });
    }
    found.extend(without_its_stage(looked, &stages));
    found
}

/// A risk that the case says is gone, while its stages go on.
fn without_its_stage(looked: Looked<'_>, stages: &[Stage<'_>]) -> Option<Unsaid> {
    let last = stages.last()?;
    let is_gone = looked.household.risk_state().is_some_and(|risk| risk != RiskState::Open);
    if !is_gone || last.entry.back_to.is_some() || stages.iter().any(|stage| stage.entry.ends) {
        return None;
    }
    let slot = Slot { section: case::SECTION, row: 0, field: case::ELIMINATED };
    let why = format!("“风险是否已消除”为是，阶段还在{}，没有登记标注风险消除", last.entry.label);
    Some(Unsaid { stage: last.entry.id, slot, why })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::Defs;
    use super::*;

    fn found(fields: &str) -> Vec<String> {
        let defs = Defs::shipped();
        let file = defs.file(fields);
        of(defs.on("2022-11-20").at(&file)).into_iter().map(|unsaid| unsaid.why).collect()
    }

    #[test]
    fn what_a_stage_says_stands_in_the_case_too() {
        assert_eq!(found("stages.1.stage=县级审批"), ["已登记县级审批，“监测对象类别”没有填"]);
        assert!(found("stages.1.stage=县级审批 case.target=边缘易致贫户").is_empty());
        let marked = "case.target=边缘易致贫户 stages.1.stage=标注风险消除并告知";
        assert_eq!(
            found(&format!("{marked} case.eliminated=否 case.eliminated_on=2022-11-01")),
            ["已登记标注风险消除并告知，“风险是否已消除”还是“否”"]
        );
        assert_eq!(found(marked).len(), 2);
        assert_eq!(found(&format!("{marked} case.eliminated=是")), ["已登记标注风险消除并告知，“消除监测时间”没有填"]);
        assert!(found(&format!("{marked} case.eliminated=是 case.eliminated_on=2022-11-01")).is_empty());
        assert_eq!(found("case.target=边缘易致贫户 stages.1.stage=风险自然消失").len(), 2);
        let again =
            "case.target=边缘易致贫户 case.eliminated=否 stages.1.stage=标注风险消除并告知 stages.2.stage=消除回退";
        assert!(found(again).is_empty(), "the mark was taken back");
        let still = again.replace("eliminated=否", "eliminated=是");
        assert_eq!(found(&still), ["已登记消除回退，“风险是否已消除”还是“是”"]);
    }

    #[test]
    fn each_stage_says_what_it_implies_and_the_case_what_its_stages_do_not() {
        let target = "case.target=边缘易致贫户 case.eliminated=否";
        let entered = format!("{target} stages.1.stage=录入国网");
        assert_eq!(found(&entered), ["已登记录入国网，“识别监测时间”没有填"]);
        assert!(found(&format!("{entered} case.identified_on=2022-10")).is_empty());
        assert_eq!(
            found(&format!("{target} stages.1.stage=明确帮扶责任人")),
            ["已登记明确帮扶责任人，“帮扶责任人”没有填"]
        );
        assert_eq!(
            found("stages.1.stage=县级审批 stages.2.stage=录入国网 case.identified_on=2022-10").len(),
            1,
            "once"
        );
        let gone =
            "case.target=边缘易致贫户 case.eliminated=是 case.eliminated_on=2022-11-01 stages.1.stage=帮扶措施申报";
        assert_eq!(found(gone), ["“风险是否已消除”为是，阶段还在帮扶措施申报，没有登记标注风险消除"]);
        assert!(
            found(&gone.replace(" stages.1.stage=帮扶措施申报", "")).is_empty(),
            "most cases have no stages on file"
        );
    }

    #[test]
    fn every_field_that_a_stage_names_is_there() {
        let defs = Defs::shipped();
        let list = defs.catalogue.list(Name::new("case_stage")).unwrap();
        let named: Vec<_> = list.entries.iter().flat_map(|entry| &entry.implies).map(|it| &*it.field).collect();
        assert!(named.len() >= 3 && named.iter().all(|path| defs.catalogue.named(path).is_some()));
    }
}
