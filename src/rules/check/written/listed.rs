//! Who stands in the file, and no longer on the roster that had her.

use crate::domain::field::members;
use crate::domain::{Member, Slot};

use super::super::Case;
use super::Told;

/// C113: a roster listed somebody before, and does not any more; of a household that it left out it is told once.
pub(super) fn not_listed(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let household = case.looked.household;
    for roster in household.file.rosters.iter().filter(|roster| !roster.gone.is_empty()) {
        let gone: Vec<Member<'_>> = household.members().filter(|it| roster.gone.contains(&it.id.0)).collect();
        // An answer holds as long as the same people are missing.
        let people: Vec<u32> = gone.iter().map(|member| member.id.0).collect();
        let found_by = Some(format!("{} {people:?}", roster.kind));
        if !gone.is_empty() && gone.len() == household.members().count() {
            let words = vec![("whom", "这一户".to_owned())];
            tell(Told { words, found_by, ..Told::default() });
            continue;
        }
        for member in gone {
            let slot = Some(Slot { section: members::SECTION, row: member.id.0, field: members::NAME });
            let words = vec![("whom", "此人".to_owned())];
            tell(Told { person: Some(member.id.0), slot, words, found_by: found_by.clone(), ..Told::default() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::testing::Defs;
    use super::super::super::{Case, findings};
    use crate::changes::apply::apply;
    use crate::changes::{Act, Origin, Seen};
    use crate::domain::{Clock, HouseholdFile, Name};
    use crate::rules::standing;

    fn roster(file: &mut HouseholdFile, people: &[u32], digest: u64) {
        let moment = Clock::stopped("2022-11-20T09:00:00+08:00".parse().unwrap()).now();
        let mut act = Act::new(file.id.village, Name::new("roster"), "", "李桂枝", Name::new("coordinator"), moment);
        act.origin = Some(Origin { roster: Name::new("national"), from_county: true });
        act.seen.push(Seen { household: file.id.serial, people: people.to_vec(), digest });
        apply(file, &act);
    }

    fn said(file: &HouseholdFile) -> Vec<String> {
        let defs = Defs::shipped();
        let look = defs.on("2022-11-20");
        let standing = standing::of(look, file);
        let case = Case { looked: look.at(file), standing: &standing, unsent: &[], village: None };
        findings(case).into_iter().filter(|it| it.code == "C113").map(|it| it.message).collect()
    }

    #[test]
    fn whom_the_roster_left_out_is_told_until_it_lists_her_again_or_she_left() {
        let defs = Defs::shipped();
        let mut file = defs.file("members.1.name=张三 members.1.relation=户主 members.2.name=李四 members.3.name=张子");
        roster(&mut file, &[1, 2, 3], 7);
        assert!(said(&file).is_empty());
        roster(&mut file, &[1], 0);
        let left_out = ["李四：最近一次导入的名册上没有此人了", "张子：最近一次导入的名册上没有此人了"];
        assert_eq!(said(&file), left_out);
        defs.put(&mut file, "members.3.left_why=婚出");
        assert_eq!(said(&file), left_out[..1]);
        roster(&mut file, &[], 0);
        assert_eq!(said(&file), ["最近一次导入的名册上没有这一户了"]);
        roster(&mut file, &[1, 2], 9);
        assert!(said(&file).is_empty());
    }
}
