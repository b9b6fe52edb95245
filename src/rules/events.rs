//! Which life events can happen in a household today.

use crate::domain::{Household, Member, Name};
use crate::forms::{Effect, Form, Forms, PersonRole};

/// The events that are offered, in their order: to a closed file only that it is opened again or that somebody comes
/// back, and never what needs somebody whom the household does not have.
pub fn offered<'a>(forms: &'a Forms, household: Household<'_>) -> Vec<&'a Form> {
    let is_closed = household.closed_on().is_some();
    let members = household.members().count();
    let is_possible = |form: &&Form| {
        if form.person == Some(PersonRole::Returns) {
            return household.everyone().any(|member| may_come_back_by(form, member));
        }
        if is_closed || form.effect == Some(Effect::Reopen) {
            return is_closed && form.effect == Some(Effect::Reopen);
        }
        let needed = match (form.person, form.effect) {
            (_, Some(Effect::Split)) => 2,
            (None, None) if form.head => 2,
            (Some(PersonRole::Existing | PersonRole::Leaves | PersonRole::Moves), _) => 1,
            _ => 0,
        };
        members >= needed
    };
    forms.events().into_iter().filter(is_possible).collect()
}

/// Whether somebody who left comes back by this event: the reason for which she left says so, an unknown one as 其他.
pub fn may_come_back_by(form: &Form, member: Member<'_>) -> bool {
    let why = member.left_why().and_then(|why| why.id()).unwrap_or(Name::fixed("other"));
    member.has_left() && form.returns_from.contains(&why)
}

/// The event by which somebody who left comes back; none where nobody does.
pub fn returns_by<'a>(forms: &'a Forms, member: Member<'_>) -> Option<&'a Form> {
    forms.events().into_iter().find(|form| may_come_back_by(form, member))
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
        let left =
            |why: &str| labels(&format!("status.closed_on=2022-11-01 members.1.name=甲 members.1.left_why={why}"));
        assert_eq!(left("户籍迁出"), ["恢复户档", "回来"], "who comes back opens the file again");
        assert_eq!(left("死亡"), ["恢复户档"]);
    }

    #[test]
    fn everybody_comes_back_by_one_event_and_nobody_from_death() {
        let defs = Defs::shipped();
        let back = |why: &str| {
            let file = defs.file(&format!("members.1.name=甲 members.1.left_on=2022-11-01 {why}"));
            let member = Household::of(&file).everyone().next().unwrap();
            let by: Vec<&str> = defs
                .forms
                .events()
                .into_iter()
                .filter(|form| may_come_back_by(form, member))
                .map(|f| f.name.as_str())
                .collect();
            by.join(" ")
        };
        let list = defs.catalogue.list(Name::new("left_why")).unwrap();
        for entry in &list.entries {
            let expected = match entry.id.as_str() {
                "army" => "discharge",
                "prison" => "release",
                "death" | "to_household" => "",
                _ => "come_back",
            };
            assert_eq!(back(&format!("members.1.left_why={}", entry.label)), expected, "{}", entry.label);
        }
        assert_eq!((back("").as_str(), back("members.1.left_why=不明").as_str()), ("come_back", "come_back"));
    }
}
