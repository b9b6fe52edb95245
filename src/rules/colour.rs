//! The five colours (S4:281, S4:296-298): which one a household has, and why. The policy file says what each stands for.

use crate::checks::{Checks, Severity};
use crate::domain::{HouseholdFile, Name, RiskState};
use crate::forms;
use crate::policy::Policy;

use super::check::{Hit, Settled};
use super::standing::Standing;
use super::{Looked, proposed};

/// A household's colour with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graded {
    /// The colour's id.
    pub colour: Name,
    /// The character that stands for it, since a colour alone is never shown.
    pub label: Box<str>,
    /// Why, in words.
    pub why: String,
}

/// The colour of a household: the first that the policy lists of which all signs hold. None where no colour is defined.
pub fn of(looked: Looked<'_>, standing: &Standing, hits: &[Hit]) -> Option<Graded> {
    let policy = looked.look.policy;
    policy.colours.iter().find_map(|colour| {
        let why = |signs: &Vec<Name>| {
            let reasons: Option<Vec<String>> = signs.iter().map(|name| sign(*name, looked, standing, hits)).collect();
            reasons.map(|reasons| reasons.join("，"))
        };
        let why = colour.any.iter().find_map(why)?;
        let why = if why.is_empty() { "没有需要关注的情况".to_owned() } else { why };
        Some(Graded { colour: colour.id, label: colour.label.clone(), why })
    })
}

/// Why a sign holds; none where it does not, or nobody knows.
fn sign(name: Name, looked: Looked<'_>, standing: &Standing, hits: &[Hit]) -> Option<String> {
    let household = looked.household;
    let policy: &Policy = looked.look.policy;
    let risk = household.risk_state();
    let found = |codes: &[Name]| first_of(looked.look.checks, hits, codes);
    match name.as_str() {
        "target_open" => (risk == Some(RiskState::Open)).then(|| "监测对象，风险未消除".to_owned()),
        "eliminated" => risk.is_some_and(|risk| risk != RiskState::Open).then(|| "风险已消除，跟踪监测".to_owned()),
        "relieved" => (household.relieved()?).then(|| "脱贫户".to_owned()),
        "key_group" => {
            let forms = looked.look.forms;
            // Relieved households are a group of the first round; they have a sign of their own.
            let counts = |group: &forms::Group| group.proof.is_none_or(|proof| proof != "relieved");
            let of_file = standing.groups.iter().filter(|grouped| grouped.said != Some(false));
            let group = of_file.filter_map(|grouped| forms.group(grouped.group)).find(|group| counts(group))?;
            Some(format!("重点群体：{}", group.short))
        }
        "below_watch" => {
            let watch = policy.income.watch?;
            let income = household.income().reckoned.filter(|income| *income < watch)?;
            Some(format!("人均{income}元，低于{watch}元"))
        }
        "under_verification" => under_verification(household.file, household.target().is_some()),
        "overdue" => Some(format!("有事过期（{}）", found(&policy.signs.overdue)?)),
        "guarantee_failing" => Some(format!("保障有问题（{}）", found(&policy.signs.guarantee_failing)?)),
        _ => None,
    }
}

/// The code of the first of these checks that has an open finding which counts.
fn first_of(checks: &Checks, hits: &[Hit], codes: &[Name]) -> Option<Name> {
    let counts = |hit: &&Hit| hit.settled == Settled::Open && hit.severity <= Severity::Error;
    let code = |hit: &Hit| checks.all.get(usize::from(hit.check)).and_then(|check| check.code);
    hits.iter().filter(counts).filter_map(code).find(|code| codes.contains(code))
}

/// Proposed, or to be verified, and not taken in yet.
fn under_verification(file: &HouseholdFile, is_target: bool) -> Option<String> {
    if is_target {
        return None;
    }
    let newest = |name| file.newest_form(Name::fixed(name));
    let (screening, verification) = (newest("screening"), newest("verification"));
    if verification.is_some_and(|form| form.opinion == Some(proposed::PROPOSE)) {
        return Some("排查建议纳入监测，还没有纳入".to_owned());
    }
    let asked = screening.filter(|form| form.opinion == Some(proposed::TO_VERIFY))?;
    let done = verification.is_some_and(|form| form.date >= asked.date);
    (!done).then(|| "筛查需入户排查，还没有排查".to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::standing;
    use super::super::testing::Defs;
    use super::*;
    use crate::domain::FormRef;
    use crate::policy::SIGNS;

    fn graded(fields: &str, forms: &[(&'static str, &str, &'static str)]) -> (String, String) {
        let defs = Defs::shipped();
        let mut file = defs.file(fields);
        file.taken_in = "2022-11-01".parse().unwrap();
        for (name, date, opinion) in forms {
            let mut form = FormRef::blank(Name::new(name), date.parse().unwrap());
            form.opinion = (!opinion.is_empty()).then(|| Name::new(opinion));
            file.forms.push(form);
        }
        let standing = standing::of(defs.on("2022-11-05"), &file);
        let graded = standing.colour.unwrap();
        (graded.label.to_string(), graded.why)
    }

    const OPEN: &str = "class.class=一般农户 case.target=边缘易致贫户 case.eliminated=否 members.1.name=甲";

    #[test]
    fn an_open_target_is_orange_and_red_when_something_is_overdue() {
        assert_eq!(graded(OPEN, &[]).0, "橙");
        let defs = Defs::shipped();
        let mut file = defs.file(OPEN);
        file.taken_in = "2022-11-01".parse().unwrap();
        // The visit's day is the tenth.
        let late = standing::of(defs.on("2022-11-11"), &file).colour.unwrap();
        assert_eq!(&*late.label, "红");
        assert_eq!(late.why, "监测对象，风险未消除，有事过期（C504）");
    }

    #[test]
    fn the_others_by_what_the_file_proves() {
        let quiet = "class.class=一般农户 members.1.name=甲 income.per_person=20000";
        assert_eq!(graded(quiet, &[]), ("绿".into(), "没有需要关注的情况".into()));
        assert_eq!(graded(&format!("{quiet} spending.own_spending=20000"), &[]).0, "黄");
        assert_eq!(graded("class.class=一般农户 income.per_person=7999", &[]).1, "人均7999元，低于8000元");
        assert_eq!(graded("class.class=一般农户 income.per_person=8000", &[]).0, "绿");
        assert_eq!(graded("class.class=脱贫户 income.per_person=20000", &[]).0, "蓝");
        let gone = "class.class=一般农户 case.target=边缘易致贫户 case.eliminated=是 income.per_person=20000";
        assert_eq!(graded(gone, &[]), ("蓝".into(), "风险已消除，跟踪监测".into()));
        assert_eq!(graded("members.1.name=甲", &[]).0, "绿", "nothing is concluded from what is unknown");
    }

    #[test]
    fn every_sign_that_a_policy_may_name_is_told() {
        let defs = Defs::shipped();
        let code = include_str!("colour.rs");
        assert!(SIGNS.iter().all(|sign| code.contains(&format!("\"{sign}\" =>"))));
        assert!(defs.policy.colours.len() == 5);
    }

    #[test]
    fn who_is_to_be_verified_is_orange_until_it_is_done() {
        let quiet = "class.class=一般农户 members.1.name=甲 income.per_person=20000";
        let asked = ("screening", "2022-10-10", "to_verify");
        assert_eq!(graded(quiet, &[asked]), ("橙".into(), "筛查需入户排查，还没有排查".into()));
        assert_eq!(graded(quiet, &[asked, ("verification", "2022-10-12", "no_risk")]).0, "绿");
        assert_eq!(graded(quiet, &[asked, ("verification", "2022-10-09", "no_risk")]).0, "橙");
        assert_eq!(
            graded(quiet, &[asked, ("verification", "2022-10-12", "propose")]).1,
            "排查建议纳入监测，还没有纳入"
        );
    }
}
