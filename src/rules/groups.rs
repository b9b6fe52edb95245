//! Which key groups a file already proves, and why (S0:52-54). It proposes; a person confirms, adds or rejects.

use chrono::Months;

use crate::domain::field::{income, jobs, work};
use crate::domain::{Member, Money, Name, PartialDate, Row, Slot, Value};

use super::{Looked, Stage};

/// A key group that the file proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The group's code.
    pub group: Name,
    /// The fact behind it, in the coordinator's words, with the figure that matters.
    pub why: String,
}

/// The groups among those asked about that the file proves.
pub fn proved(looked: Looked<'_>, asked: &[Name]) -> Vec<Proof> {
    asked
        .iter()
        .filter_map(|code| {
            let group = looked.look.forms.group(*code)?;
            let why = prove(looked, group.proof?)?;
            Some(Proof { group: group.id, why })
        })
        .collect()
}

/// Whether the household is in a key group: the file proves one of those of the day's round, or a form of it says so.
pub fn belongs(looked: Looked<'_>) -> bool {
    let Some(round) = looked.look.policy.round_on(looked.look.day) else { return false };
    let said = looked
        .household
        .file
        .forms
        .iter()
        .any(|form| !form.withdrawn && form.round == Some(round.id) && !form.groups.is_empty());
    said || !proved(looked, &round.asks).is_empty()
}

fn prove(looked: Looked<'_>, rule: Name) -> Option<String> {
    match rule.as_str() {
        "relieved" => relieved(looked),
        "low_income" => low_income(looked),
        "extreme_poverty_at_home" => extreme_poverty_at_home(looked),
        "allowance" => allowance(looked),
        "new_allowance" => new_allowance(looked),
        "disabled" => disabled(looked),
        "many_children" => many_children(looked),
        "unstable_work" => unstable_work(looked),
        "work_of_a_member" => work_of_a_member(looked),
        "large_spending" => large_spending(looked),
        _ => None,
    }
}

/// What speaks for a group without proving it, for whoever asks the family; none where nothing does.
pub fn hint(looked: Looked<'_>, group: Name) -> Option<String> {
    match looked.look.forms.group(group)?.hint?.as_str() {
        INCOME_FALLS => income_falls(looked),
        _ => None,
    }
}

/// The rules that `data/` may name as hints.
pub const HINTS: &[&str] = &[INCOME_FALLS];

const INCOME_FALLS: &str = "income_falls";

/// Whether this year's figure, as the family expects it, is clearly lower than last year's.
fn income_falls(looked: Looked<'_>) -> Option<String> {
    let expected = looked.household.file.of_household(income::SECTION, income::EXPECTED_PER_PERSON)?.as_money()?;
    let last = looked.household.income().reckoned?;
    let most = i128::from(last.0) * i128::from(100 - looked.look.policy.groups.fell_by);
    (last.0 > 0 && i128::from(expected.0) * 100 <= most)
        .then(|| format!("本年预计人均{expected}元，比上年{last}元明显减少"))
}

/// The rules that `data/` may name as proofs.
pub const RULES: &[&str] = &[
    "relieved",
    "low_income",
    "extreme_poverty_at_home",
    "allowance",
    "new_allowance",
    "disabled",
    "many_children",
    "unstable_work",
    "work_of_a_member",
    "large_spending",
];

fn relieved(looked: Looked<'_>) -> Option<String> {
    looked.household.relieved()?.then(|| match looked.household.relieved_in() {
        Some(year) => format!("脱贫户，{}年脱贫", year.known_year()),
        None => "脱贫户".to_owned(),
    })
}

fn low_income(looked: Looked<'_>) -> Option<String> {
    let income = looked.household.income().reckoned?;
    let lines = &looked.look.policy.income;
    let under = |line: Option<Money>, what: &str| {
        line.filter(|line| income < *line).map(|line| format!("人均{income}元，低于{what}{line}元"))
    };
    under(lines.line, "监测范围").or_else(|| under(lines.watch, "关注线")).or_else(|| fallen(looked, income))
}

/// Whether last year's figure has clearly fallen against the year before (S0:52).
fn fallen(looked: Looked<'_>, income: Money) -> Option<String> {
    let file = looked.household.file;
    let before = file.of_household(income::SECTION, income::BEFORE_PER_PERSON).and_then(Value::as_money)?;
    let most = i128::from(before.0) * i128::from(100 - looked.look.policy.groups.fell_by);
    (before.0 > 0 && i128::from(income.0) * 100 <= most).then(|| format!("人均{income}元，比上一年{before}元明显减少"))
}

fn extreme_poverty_at_home(looked: Looked<'_>) -> Option<String> {
    let at_home = |id: &str| id == "at_home";
    let member = looked.household.members().find(|member| {
        let kind = member.extreme_poverty().and_then(|code| code.id());
        let at_home_by_presence = member.presence().is_some_and(|presence| presence.is(Name::fixed("home")));
        kind.is_some_and(|kind| {
            at_home(kind.as_str()) || (kind != "none" && kind != "institution" && at_home_by_presence)
        })
    })?;
    let alone = if looked.household.members().count() == 1 { "，单人户" } else { "" };
    Some(format!("{}分散供养特困{alone}", member.name()))
}

fn has_allowance(member: Member<'_>) -> bool {
    member.allowance().and_then(|code| code.id()).is_some_and(|id| id != "none")
}

fn allowance(looked: Looked<'_>) -> Option<String> {
    let receiving = looked.household.members().filter(|member| has_allowance(*member)).count();
    (receiving > 0).then(|| format!("{receiving}人享受低保"))
}

fn new_allowance(looked: Looked<'_>) -> Option<String> {
    let years = looked.look.policy.groups.new_allowance_years?;
    let since = looked.look.day.checked_sub_months(Months::new(12 * years))?;
    let (member, began) = looked
        .household
        .members()
        .filter(|member| has_allowance(*member))
        .filter_map(|member| Some((member, looked.household.allowance_since(member.id.0)?)))
        .find(|(_, began)| began.latest() >= since)?;
    Some(format!("{}自{began}享受低保", member.name()))
}

fn disabled(looked: Looked<'_>) -> Option<String> {
    let disabled: Vec<_> = looked.household.members().filter(|member| member.disabled() == Some(true)).collect();
    let first = disabled.first()?;
    let grade = disabled.iter().filter_map(|member| member.disability_grade()).min();
    Some(match (disabled.len(), grade) {
        (1, Some(grade)) => format!("{}残疾{grade}级", first.name()),
        (1, None) => format!("{}残疾", first.name()),
        (several, _) => format!("一户{several}人残疾"),
    })
}

fn many_children(looked: Looked<'_>) -> Option<String> {
    let Looked { look, household } = looked;
    let groups = &look.policy.groups;
    let stage = |member: Member<'_>| look.school_stage(member);
    let child = |member: Member<'_>| {
        stage(member).is_some() || member.is_aged(look.day, |age| age < look.policy.people.working_from) == Some(true)
    };
    let children = household.members().filter(|member| child(*member)).count();
    let beyond = household.members().filter(|member| stage(*member) == Some(Stage::Beyond)).count();
    if beyond >= groups.many_beyond {
        Some(format!("{beyond}人在读非义务教育"))
    } else {
        (children >= groups.many_children).then(|| format!("{children}个孩子"))
    }
}

/// Whether a household that lives mostly on wages has lost some of its work (G08, S0:53).
fn unstable_work(looked: Looked<'_>) -> Option<String> {
    let Looked { look, household } = looked;
    let lost = lost_work(looked)?;
    let mostly_wages = match (household.wages(), household.income().net) {
        (Some(wages), Some(net)) if net.0 > 0 => wages.0 * 100 >= net.0 * look.policy.groups.wage_share,
        _ => return None,
    };
    mostly_wages.then_some(lost)
}

/// Whether a member has come home from work elsewhere, lost the work at home, or is newly of working age without any:
/// whatever the share of wages (S02, S0:54).
fn work_of_a_member(looked: Looked<'_>) -> Option<String> {
    lost_work(looked).or_else(|| newly_of_age(looked))
}

/// A member whose work ended lately, and who has none since.
fn lost_work(looked: Looked<'_>) -> Option<String> {
    let Looked { look, household } = looked;
    let since = look.day.checked_sub_months(Months::new(look.policy.groups.work_months?))?;
    let date = |row: &Row, field| row.get(field).and_then(Value::as_date);
    let person = |row: &Row| row.get(jobs::PERSON).and_then(Value::as_quantity);
    let has_job_now = |who| {
        household.file.rows(jobs::SECTION).any(|(_, row)| {
            person(row) == who && date(row, jobs::TO).is_none_or(|to: PartialDate| to.latest() > look.day)
        })
    };
    household.file.rows(jobs::SECTION).find_map(|(_, row)| {
        let ended = date(row, jobs::TO)?;
        let lately = ended.latest() >= since && ended.earliest() <= look.day;
        let who = person(row);
        if !lately || has_job_now(who) {
            return None;
        }
        let id = who?.as_whole()?;
        let member = household.members().find(|member| i64::from(member.id.0) == id)?;
        Some(format!("{}务工{ended}结束，之后没有工作", member.name()))
    })
}

/// Whether a member has an education on file and is no student.
fn has_left_school(member: Member<'_>) -> bool {
    member.student_state().is_none() && member.education().is_some()
}

/// A member who came of working age lately, is no student, and of whom the file says that she does not work.
fn newly_of_age(looked: Looked<'_>) -> Option<String> {
    let Looked { look, household } = looked;
    let since = look.day.checked_sub_months(Months::new(look.policy.groups.work_months?))?;
    let from = look.policy.people.working_from;
    let working = |member: Member<'_>| {
        let slot = Slot { section: work::SECTION, row: member.id.0, field: work::WORKING };
        household.file.get(slot).and_then(Value::as_yes_no)
    };
    let has_job = |member: Member<'_>| {
        household.file.rows(jobs::SECTION).any(|(_, row)| {
            let who = row.get(jobs::PERSON).and_then(Value::as_quantity).and_then(|who| who.as_whole());
            who == Some(member.id.0.into()) && row.get(jobs::TO).is_none()
        })
    };
    let has_no_work = |member: Member<'_>| working(member) == Some(false) && !has_job(member);
    let member = household.members().find(|member| {
        let of_age = member.is_aged(look.day, |age| age >= from) == Some(true);
        let was_not = member.is_aged(since, |age| age < from) == Some(true);
        of_age && was_not && has_left_school(*member) && has_no_work(*member)
    })?;
    Some(format!("{}新满{from}周岁，不在校，没有务工", member.name()))
}

fn large_spending(looked: Looked<'_>) -> Option<String> {
    let groups = &looked.look.policy.groups;
    let spent = looked.household.own_spending()?;
    if spent >= groups.spending {
        return Some(format!("刚性支出{spent}元，达到{}元", groups.spending));
    }
    if spent.0 <= 0 {
        return None;
    }
    let net = looked.household.income().net.filter(|net| net.0 > 0)?;
    let share = spent.0 * 100 / net.0;
    (share >= groups.spending_share).then(|| format!("刚性支出{spent}元，占纯收入{share}%"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    fn proofs(fields: &str, round: &str) -> Vec<String> {
        let defs = Defs::shipped();
        let file = defs.file(fields);
        let asks = &defs.policy.round(Name::new(round)).unwrap().asks;
        proved(defs.on("2022-11-20").at(&file), asks).iter().map(|p| format!("{} {}", p.group, p.why)).collect()
    }

    #[test]
    fn each_rule_has_a_fact_that_proves_it_one_that_just_does_not_and_one_unknown() {
        for (fields, first, proof) in [
            ("class.class=脱贫户 class.relieved_year=2020", "2022-1", &["G02 脱贫户，2020年脱贫"][..]),
            ("class.class=一般农户", "2022-1", &[]),
            ("income.per_person=6899.99", "2022-1", &["G03 人均6899.99元，低于监测范围6900元"]),
            ("income.per_person=7999", "2022-1", &["G03 人均7999元，低于关注线8000元"]),
            ("income.per_person=8000", "2022-1", &[]),
            (
                "income.per_person=16000 income.before_per_person=20000",
                "2022-1",
                &["G03 人均16000元，比上一年20000元明显减少"],
            ),
            ("income.per_person=16001 income.before_per_person=20000", "2022-1", &[]),
            ("income.per_person=7000 income.before_per_person=20000", "2022-1", &["G03 人均7000元，低于关注线8000元"]),
            ("income.before_per_person=20000", "2022-1", &[]),
            ("members.1.name=张三 support.1.extreme_poverty=分散", "2022-1", &["G04 张三分散供养特困，单人户"]),
            ("members.1.name=张三 support.1.extreme_poverty=农村特困", "2022-1", &[]),
            ("members.1.name=张三 support.1.allowance=农村低保", "2022-1", &["G05 1人享受低保"]),
            ("members.1.name=张三 support.1.allowance=未享受", "2022-1", &[]),
            ("members.1.name=张三 members.1.disability_grade=二级", "2022-1", &["G06 张三残疾2级"]),
            ("members.1.name=张三 members.1.health=健康", "2022-1", &[]),
            (
                "schooling.1.student_state=本科一年级 members.1.name=甲 schooling.2.student_state=高一 members.2.name=乙",
                "2022-1",
                &["G07 2人在读非义务教育"],
            ),
            ("spending.own_spending=10000", "2022-1", &["G09 刚性支出10000元，达到10000元"]),
            ("spending.own_spending=9999 income.net=90000", "2022-1", &[]),
            ("spending.own_spending=8000 income.net=20000", "2022-2", &["S04 刚性支出8000元，占纯收入40%"]),
            (
                "members.1.name=张三 support.1.allowance=农村低保 support.1.since=2021-03",
                "2022-2",
                &["S03 张三自2021-03享受低保"],
            ),
            ("members.1.name=张三 support.1.allowance=农村低保", "2022-2", &[]),
        ] {
            assert_eq!(proofs(fields, first), proof, "{fields}");
        }
    }

    #[test]
    fn work_is_unstable_when_a_wage_earner_lost_it_and_has_none() {
        let base = "members.1.name=张三 jobs.1.person=1 income.wages=50000 income.net=60000 ";
        let lost = proofs(&format!("{base} jobs.1.to=2022-08"), "2022-2");
        assert_eq!(lost, ["S02 张三务工2022-08结束，之后没有工作"]);
        let before = proofs(&format!("{base} jobs.1.to=2022-06"), "2022-1");
        assert_eq!(before, ["G08 张三务工2022-06结束，之后没有工作"]);
        assert!(proofs(&format!("{base} jobs.1.to=2022-04"), "2022-2").is_empty());
        assert!(proofs(&format!("{base} jobs.1.to=2022-08 jobs.2.person=1 jobs.2.from=2022-09"), "2022-2").is_empty());
        // The share of wages is asked of the first round's group alone (S0:53-54).
        let no_share = "members.1.name=张三 jobs.1.person=1 jobs.1.to=2022-08";
        assert!(proofs(no_share, "2022-1").is_empty());
        assert_eq!(proofs(no_share, "2022-2"), lost);
    }

    #[test]
    fn who_is_newly_of_working_age_and_has_no_work_is_one_whose_work_is_unstable() {
        let young = |fields: &str| proofs(&format!("members.1.name=张小 {fields}"), "2022-2");
        let of_age = "members.1.birth_date=2006-08-01 members.1.education=初中 work.1.working=否";
        assert_eq!(young(of_age), ["S02 张小新满16周岁，不在校，没有务工"]);
        for other in [
            of_age.replace("2006-08", "2006-04"),
            of_age.replace("2006-08", "2006-12"),
            of_age.replace("2006-08-01", "2006"),
            format!("{of_age} schooling.1.student_state=普通高中一年级"),
            of_age.replace("working=否", "working=是"),
            of_age.replace("work.1.working=否", ""),
            of_age.replace("members.1.education=初中", ""),
        ] {
            assert!(young(&other).is_empty(), "{other}");
        }
    }

    #[test]
    fn a_fall_of_this_years_figure_hints_and_proves_nothing() {
        let defs = Defs::shipped();
        let hint = |group: &str, fields: &str| {
            let file = defs.file(fields);
            hint(defs.on("2022-11-20").at(&file), Name::new(group))
        };
        let falls = "income.per_person=20000 income.expected_per_person=16000";
        for group in ["G09", "S01", "S04"] {
            assert_eq!(hint(group, falls).unwrap(), "本年预计人均16000元，比上年20000元明显减少");
        }
        assert!(proofs(falls, "2022-1").is_empty() && proofs(falls, "2022-2").is_empty());
        assert_eq!(hint("S01", "income.per_person=20000 income.expected_per_person=16001"), None);
        assert_eq!(hint("S01", "income.expected_per_person=16000"), None);
        assert_eq!(hint("S02", falls), None);
    }

    #[test]
    fn every_proof_that_data_names_is_a_rule() {
        let defs = Defs::shipped();
        for group in defs.forms.all().flat_map(|form| &form.groups) {
            assert!(group.proof.is_none_or(|proof| RULES.contains(&proof.as_str())), "{}", group.id);
            assert!(group.hint.is_none_or(|hint| HINTS.contains(&hint.as_str())), "{}", group.id);
        }
    }
}
