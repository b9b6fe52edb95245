//! Stages of a monitoring case that its own fields do not tell of: one of the two was entered and the other forgotten.

use crate::domain::field::stages;
use crate::domain::{Name, Slot, Value};

use super::super::Looked;
use super::events::Run;

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
    let found = stages.iter().filter_map(|stage| {
        let (section, field) = catalogue.named(stage.entry.field.as_deref()?)?;
        let slot = Slot { section: section.id, row: 0, field: field.id };
        let held = file.get(slot).map(|value: &Value| catalogue.show(field, value));
        let wanted = stage.entry.holds.as_deref();
        if held.as_deref().is_some_and(|held| wanted.is_none_or(|wanted| held == wanted)) {
            return None;
        }
        let held = held.map_or_else(|| "没有填".to_owned(), |held| format!("还是“{held}”"));
        let why = format!("已登记{}，“{}”{held}", stage.entry.label, field.label);
        Some(Unsaid { stage: stage.entry.id, slot, why })
    });
    found.collect()
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
            found(&format!("{marked} case.eliminated=否")),
            ["已登记标注风险消除并告知，“风险是否已消除”还是“否”"]
        );
        assert_eq!(found(marked).len(), 1);
        assert!(found(&format!("{marked} case.eliminated=是")).is_empty());
        assert_eq!(found("case.target=边缘易致贫户 stages.1.stage=风险自然消失").len(), 1);
        let again =
            "case.target=边缘易致贫户 case.eliminated=否 stages.1.stage=标注风险消除并告知 stages.2.stage=消除回退";
        assert!(found(again).is_empty(), "the mark was taken back");
    }

    #[test]
    fn every_field_that_a_stage_names_is_there() {
        let defs = Defs::shipped();
        let list = defs.catalogue.list(Name::new("case_stage")).unwrap();
        let named: Vec<_> = list.entries.iter().filter_map(|entry| entry.field.as_deref()).collect();
        assert!(named.len() >= 3 && named.iter().all(|path| defs.catalogue.named(path).is_some()));
    }
}
