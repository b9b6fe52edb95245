//! The same phone for people who work in different counties: one of them cannot be reached.

use crate::domain::field::{jobs, members};
use crate::domain::{Member, Slot, Value};

use super::super::super::Looked;
use super::super::village::{Key, Shared};
use super::super::{Case, facts};
use super::Told;

/// The counties of the member's work of today, as her jobs name them.
pub(in super::super) fn counties<'a>(looked: Looked<'a>, member: Member<'a>) -> Vec<&'a str> {
    let rows = looked.household.file.rows(jobs::SECTION).map(|(_, row)| row);
    let own = rows.filter(|row| {
        let person = row.get(jobs::PERSON).and_then(Value::as_quantity).and_then(|id| id.as_whole());
        let planned = row.get(jobs::PLANNED).and_then(Value::as_yes_no);
        person == Some(member.id.0.into()) && facts::is_running(row, planned, looked.look.day) == Some(true)
    });
    own.filter_map(|row| row.get(jobs::COUNTY)?.as_text()).collect()
}

/// A phone in a county.
pub(in super::super) fn in_county(phone: &str, county: &str) -> Key {
    Key::of(Shared::PhoneInCounty, &format!("{phone} {county}"))
}

/// 5_15_021: within one household.
pub(super) fn same_at_home(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let looked = case.looked;
    let phones: Vec<_> = looked.household.members().filter_map(|member| Some((member, member.phone()?))).collect();
    let is_shared = |phone| phones.iter().filter(|(_, same)| *same == phone).count() > 1;
    let workers: Vec<_> = phones
        .iter()
        .filter(|(_, phone)| is_shared(*phone))
        .map(|(member, phone)| (*member, *phone, counties(looked, *member)))
        .filter(|(.., counties)| !counties.is_empty())
        .collect();
    for (member, phone, own) in &workers {
        let apart = |theirs: &[&str]| theirs.iter().all(|county| !own.contains(county));
        let other =
            workers.iter().find(|(other, same, theirs)| other.id != member.id && same == phone && apart(theirs));
        if let Some((other, ..)) = other {
            tell(told(*member, other.name().to_owned()));
        }
    }
}

/// 5_15_022: in two households.
pub(super) fn same_in_village(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let Some(village) = case.sharing(Shared::Phone) else { return };
    let id = case.looked.household.file.id;
    for member in case.looked.household.members() {
        let Some(phone) = member.phone() else { continue };
        let counties = counties(case.looked, member);
        if counties.is_empty() {
            continue;
        }
        let near: Vec<_> = counties.iter().flat_map(|county| village.holders(in_county(phone, county))).collect();
        let holders = village.holders(Key::of(Shared::Phone, phone));
        if holders.iter().any(|holder| holder.0 != id && !near.contains(&holder)) {
            tell(told(member, "另一户的人".to_owned()));
        }
    }
}

fn told(member: Member<'_>, other: String) -> Told {
    Told {
        person: Some(member.id.0),
        slot: Some(Slot { section: members::SECTION, row: member.id.0, field: members::PHONE }),
        words: vec![("other", other)],
        ..Told::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::village::Village;
    use super::super::super::{Case, Finding, findings};
    use crate::rules::{standing, testing::Defs};

    const AWAY: &str = "class.class=脱贫户 members.1.name=甲 members.1.phone=13800001234 jobs.1.person=1 jobs.1.from=2022-03 \
                        jobs.1.county=江宁区";

    fn found(of: &str, others: &[&str]) -> Vec<Finding> {
        let defs = Defs::shipped();
        let look = defs.on("2022-11-20");
        let file = defs.file(of);
        let mut village = Village::default();
        village.put(look.at(&file));
        for (serial, other) in (2u32..).zip(others) {
            let mut other = defs.file(other);
            other.id.serial = serial;
            village.put(look.at(&other));
        }
        let standing = standing::of(look, &file);
        let case = Case { looked: look.at(&file), standing: &standing, unsent: &[], village: Some(&village) };
        let mut all = findings(case);
        all.retain(|finding| finding.message.contains("联系电话相同"));
        all
    }

    #[test]
    fn two_of_one_household_work_apart_under_one_phone() {
        let second = "members.2.name=乙 members.2.phone=13800001234 jobs.2.person=2 jobs.2.from=2022-03 jobs.2.county=";
        let apart = found(&format!("{AWAY} {second}昆山市"), &[]);
        let told: Vec<_> = apart.iter().map(|finding| (finding.code.as_str(), finding.message.as_str())).collect();
        assert_eq!(
            told,
            [
                ("5_15_021", "甲：与乙在不同的县务工，登记的联系电话相同"),
                ("5_15_021", "乙：与甲在不同的县务工，登记的联系电话相同"),
            ]
        );
        assert_eq!(found(&format!("{AWAY} {second}江宁区"), &[]), []);
        assert_eq!(found(&format!("{AWAY} {second}昆山市 jobs.2.to=2022-06"), &[]), []);
        assert_eq!(found(&format!("{AWAY} {second}昆山市").replace("members.2.phone=13800001234", ""), &[]), []);
    }

    #[test]
    fn two_of_two_households_work_apart_under_one_phone() {
        let apart = found(AWAY, &[&AWAY.replace("江宁区", "昆山市")]);
        assert_eq!(apart.len(), 1);
        assert_eq!(apart[0].code.as_str(), "5_15_022");
        assert_eq!(apart[0].message, "甲：与另一户的人在不同的县务工，登记的联系电话相同");
        assert_eq!(found(AWAY, &[AWAY]), []);
        assert_eq!(found(AWAY, &[&AWAY.replace("江宁区", "昆山市").replace("1234", "4321")]), []);
        assert_eq!(found(AWAY, &["class.class=脱贫户 members.1.name=丙 members.1.phone=13800001234"]), []);
    }
}
