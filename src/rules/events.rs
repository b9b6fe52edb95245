//! Which life events can happen in a household today.

use crate::domain::Household;
use crate::forms::{Effect, Form, Forms, PersonRole};

/// The events that are offered, in their order: to a closed file only that it is opened again, and never what needs
/// somebody whom the household does not have.
pub fn offered<'a>(forms: &'a Forms, household: Household<'_>) -> Vec<&'a Form> {
    let is_closed = household.closed_on().is_some();
    let members = household.members().count();
    let somebody_left = household.everyone().any(|member| member.has_left());
    let is_possible = |form: &&Form| {
        if is_closed || form.effect == Some(Effect::Reopen) {
            return is_closed && form.effect == Some(Effect::Reopen);
        }
        let needed = match (form.person, form.effect) {
            (Some(PersonRole::Returns), _) => return somebody_left,
            (_, Some(Effect::Split)) => 2,
            (None, None) if form.head => 2,
            (Some(PersonRole::Existing | PersonRole::Leaves | PersonRole::Moves), _) => 1,
            _ => 0,
        };
        members >= needed
    };
    forms.events().into_iter().filter(is_possible).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    fn labels(file: &str) -> Vec<String> {
        let defs = Defs::shipped();
        let file = defs.file(file);
        offered(&defs.forms, Household::of(&file)).iter().map(|form| form.label.to_string()).collect()
    }

    #[test]
    fn only_what_can_happen_is_offered() {
        let family = labels("members.1.name=张三 members.1.relation=户主 members.2.name=李四 members.2.relation=配偶");
        assert!(["去世", "分户", "更换户主", "并户"].iter().all(|label| family.iter().any(|known| known == label)));
        assert!(["恢复户档", "退伍"].iter().all(|label| family.iter().all(|known| known != label)));
        let alone = labels("members.1.name=张三 members.1.relation=户主 members.2.name=李四 members.2.left_why=参军");
        assert!(alone.iter().any(|label| label == "退伍") && alone.iter().all(|label| label != "分户"));
        let nobody = labels("class.class=一般农户");
        assert_eq!(nobody, ["出生", "婚入", "迁入补录", "并户", "纳入国网", "销户"]);
        assert_eq!(labels("status.closed_on=2022-11-01"), ["恢复户档"]);
    }
}
