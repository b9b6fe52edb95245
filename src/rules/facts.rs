//! Which facts hold of a household: by them forms say whom they ask, and the policy says who is due.

use crate::domain::field::members;
use crate::domain::{Class, Member, Name, RiskState, fact};

use super::{Look, Looked, Stage, groups};

/// The facts that hold of one household on one day, as bits by their places among all facts: a county has as many of
/// these as households.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(u16);

const _: () = assert!(fact::ALL.len() <= u16::BITS as usize);

impl Facts {
    /// Whether a fact holds.
    pub fn hold(&self, fact: Name) -> bool {
        self.0 & bit(fact) != 0
    }

    /// Whether any of these holds.
    pub fn any(&self, facts: &[Name]) -> bool {
        facts.iter().any(|fact| self.hold(*fact))
    }
}

/// The bit of a fact; none of one that nobody knows.
fn bit(fact: Name) -> u16 {
    fact::ALL.iter().position(|known| *known == fact).map_or(0, |at| 1 << at)
}

/// The facts of a household. What the file does not know is asked about rather than left out.
pub fn of(looked: Looked<'_>) -> Facts {
    let Looked { look, household } = looked;
    let mut facts = bit(fact::EVERYBODY);
    let mut add = |fact, holds: bool| {
        if holds {
            facts |= bit(fact);
        }
    };
    let class = household.class();
    let target = household.target().is_some();
    add(fact::RELIEVED, matches!(class, Some(Class::Relieved { .. })));
    add(fact::RELIEVED_WITH_POLICIES, household.may_have_policies() == Some(true));
    add(fact::TARGET, target);
    add(fact::TARGET_OPEN, household.risk_state() == Some(RiskState::Open));
    add(fact::ORDINARY, !target && !matches!(class, Some(Class::Relieved { .. })));
    add(fact::KEY_GROUP, target || groups::belongs(looked));
    add(fact::HAS_LABOUR, household.members().any(|member| may_work(look, member)));
    add(fact::CAN_WORK, household.members().any(|member| look.can_work(member) == Some(true)));
    add(fact::SINGLE_RISK, target && household.risks().count() == 1);
    add(fact::HAS_CHILDREN, household.members().any(|member| is_schoolchild(look, member)));
    add(fact::AT_RISK_AT_HOME, at_risk_at_home(looked));
    Facts(facts)
}

fn may_work(look: Look<'_>, member: Member<'_>) -> bool {
    let people = &look.policy.people;
    look.can_work(member).unwrap_or_else(|| {
        let is_of_age = |age| (people.working_from..=people.working_to).contains(&age);
        member.is_aged(look.day, is_of_age).unwrap_or(true)
    })
}

fn is_schoolchild(look: Look<'_>, member: Member<'_>) -> bool {
    let people = &look.policy.people;
    let is_of_age = |age| (people.compulsory_from..=people.compulsory_to).contains(&age);
    // Of whom the year is known, and not whether she is of age, is asked: what is found wrong is not to be passed over.
    member.is_aged(look.day, is_of_age).unwrap_or(member.birth().is_some())
        || matches!(look.school_stage(member), Some(Stage::Compulsory | Stage::Beyond))
}

/// Whether somebody who cannot do without care may be at home alone (S1:13, S1:17-19, S2:26).
fn at_risk_at_home(Looked { look, household }: Looked<'_>) -> bool {
    let people = &look.policy.people;
    let in_care = |member: Member<'_>| {
        member.presence().is_some_and(|presence| presence.is(Name::fixed("care")))
            || member.extreme_poverty().is_some_and(|kind| kind.is(Name::fixed("institution")))
    };
    let supported = |member: Member<'_>| {
        member.extreme_poverty().and_then(|kind| kind.id()).is_some_and(|id| id != "none") && !in_care(member)
    };
    let severe = |member: Member<'_>| member.disability_grade().is_some_and(|grade| grade <= 2) && !in_care(member);
    // Whom somebody is to look after is listed by name (S2:14, S3:16).
    let listed = |member: Member<'_>| member.own(members::CARE).is_some() && !in_care(member);
    if household.members().any(|member| supported(member) || severe(member) || listed(member)) {
        return true;
    }
    let is_away = |member: Member<'_>| {
        let elsewhere = ["away_work", "army", "prison", "elsewhere"];
        let presence = member.presence().and_then(|presence| presence.id());
        let works_far = member.work_place().and_then(|place| place.id()).is_some_and(|place| {
            // By the household export's own words for "outside the county".
            place == "province" || place == "away"
        });
        presence.map_or(works_far, |presence| elsewhere.contains(&presence.as_str()))
    };
    // Of whom the year is known, and not whether she is old or a child, may be: what is found wrong is not passed over.
    let is_of_age = |age| age >= people.old || age < people.working_from;
    let is_weak =
        |member: Member<'_>| member.is_aged(look.day, is_of_age).or_else(|| member.birth().is_some().then_some(true));
    let mut adults_at_home = household.members().filter(|member| !is_away(*member));
    let somebody_weak = household.members().any(|member| !is_away(member) && is_weak(member) == Some(true));
    // A working-age member at home, or one of unknown age, can look after the others.
    somebody_weak && !adults_at_home.any(|member| is_weak(member) != Some(true))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    fn facts(fields: &str) -> Facts {
        let defs = Defs::shipped();
        let file = defs.file(fields);
        of(defs.on("2022-11-20").at(&file))
    }

    #[test]
    fn classes_and_targets() {
        let relieved = facts("class.class=脱贫户");
        assert!(relieved.hold(fact::RELIEVED) && relieved.hold(fact::RELIEVED_WITH_POLICIES), "nobody has said");
        let without = facts("class.class=脱贫户(不享受政策)");
        assert!(without.hold(fact::RELIEVED) && !without.hold(fact::RELIEVED_WITH_POLICIES));
        assert!(facts("class.class=脱贫户(享受政策)").hold(fact::RELIEVED_WITH_POLICIES));
        let target = facts("class.class=一般农户 case.target=边缘易致贫户 case.eliminated=是");
        assert!(target.hold(fact::TARGET) && !target.hold(fact::TARGET_OPEN) && !target.hold(fact::ORDINARY));
        assert!(facts("class.class=一般农户").hold(fact::ORDINARY));
    }

    #[test]
    fn labour_that_is_unknown_is_asked_about() {
        assert!(facts("members.1.name=张三").hold(fact::HAS_LABOUR));
        assert!(facts("members.1.labour=弱劳动力").hold(fact::HAS_LABOUR));
        assert!(!facts("members.1.labour=无劳动力").hold(fact::HAS_LABOUR));
        assert!(!facts("members.1.birth_date=1940-01-01").hold(fact::HAS_LABOUR));
        assert!(!facts("members.1.labour=普通劳动力 members.1.left_why=死亡").hold(fact::HAS_LABOUR));
    }

    #[test]
    fn children_of_school_age_and_students() {
        assert!(facts("members.1.birth_date=2016-11-20").hold(fact::HAS_CHILDREN));
        assert!(!facts("members.1.birth_date=2016-11-21").hold(fact::HAS_CHILDREN));
        for (born, asked) in
            [("2014", true), ("2016", true), ("2016-11", true), ("2006", true), ("2005", false), ("2017", false)]
        {
            assert_eq!(facts(&format!("members.1.birth_date={born}")).hold(fact::HAS_CHILDREN), asked, "{born}");
        }
        assert!(!facts("members.1.name=张三").hold(fact::HAS_CHILDREN));
        assert!(facts("members.1.birth_date=2003-01-01 schooling.1.student_state=本科一年级").hold(fact::HAS_CHILDREN));
        assert!(!facts("members.1.birth_date=2019-01-01 schooling.1.student_state=学前教育").hold(fact::HAS_CHILDREN));
    }

    #[test]
    fn old_people_and_children_left_at_home() {
        let old = "members.1.birth_date=1950-01-01 ";
        assert!(facts(old).hold(fact::AT_RISK_AT_HOME));
        assert!(facts("members.1.birth_date=1985-01-01 members.1.care=留守妇女").hold(fact::AT_RISK_AT_HOME));
        assert!(!facts("members.1.birth_date=1985-01-01").hold(fact::AT_RISK_AT_HOME));
        assert!(facts("members.1.birth_date=1940").hold(fact::AT_RISK_AT_HOME));
        assert!(facts("members.1.birth_date=1940-11").hold(fact::AT_RISK_AT_HOME));
        assert!(facts("members.1.birth_date=1962").hold(fact::AT_RISK_AT_HOME), "59 or 60");
        assert!(!facts("members.1.birth_date=1963").hold(fact::AT_RISK_AT_HOME), "58 or 59");
        assert!(facts(&format!("{old} members.2.birth_date=1985-01-01 work.2.place=省外")).hold(fact::AT_RISK_AT_HOME));
        assert!(
            !facts(&format!("{old} members.2.birth_date=1985-01-01 work.2.place=乡(镇)内")).hold(fact::AT_RISK_AT_HOME)
        );
        assert!(!facts(&format!("{old} members.2.name=不知年龄")).hold(fact::AT_RISK_AT_HOME));
        let severe = "members.1.birth_date=1985-01-01 members.1.disability_grade=一级";
        assert!(facts(severe).hold(fact::AT_RISK_AT_HOME));
        assert!(!facts(&format!("{severe} members.1.presence=集中供养")).hold(fact::AT_RISK_AT_HOME));
    }
}
