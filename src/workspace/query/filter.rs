//! A condition on households: what it asks, and whether it holds.

use std::cmp::Ordering;

use super::facts::Facts;
use crate::domain::{Class, RiskState, TargetClass};
use crate::workspace::search::groups::{Groups, means};

/// A condition, as one word of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The word as it was typed, to show it.
    pub word: Box<str>,
    /// What it asks.
    pub test: Test,
    /// Whether the opposite is wanted.
    pub negated: bool,
}

/// What a condition asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// That something is so, or is not so.
    Flag(Flag, bool),
    /// That a number compares so.
    Number(Number, Compare, i64),
    /// That the household belongs to this group.
    Group(Box<str>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// `=`
    Equal,
    /// `!=`
    Other,
}

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $id:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// The one that `data/` calls so.
            pub fn named(id: &str) -> Option<Self> {
                match id {
                    $($id => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

names!(/// Something that is so or not so of a household.
Flag {
    /// 户类型 is known.
    ClassKnown = "class_known",
    /// 一般农户
    Ordinary = "ordinary",
    /// 脱贫户, with policies or without.
    Relieved = "relieved",
    /// 脱贫户(享受政策)
    WithPolicies = "with_policies",
    /// 脱贫户(不享受政策)
    WithoutPolicies = "without_policies",
    /// 监测对象, whether its risk is gone or not.
    Target = "target",
    /// 脱贫不稳定户
    Unstable = "unstable",
    /// 边缘易致贫户
    Edge = "edge",
    /// 突发严重困难户
    Sudden = "sudden",
    /// 风险未消除
    Open = "open",
    /// 风险已消除, also by itself.
    Eliminated = "eliminated",
    /// 自然消除
    Lapsed = "lapsed",
    /// It has to be visited this month.
    VisitDue = "visit_due",
    /// It was visited this month.
    Visited = "visited",
    /// It has this round's screening form.
    Screened = "screened",
    /// It has this round's verification form.
    Verified = "verified",
    /// It has this year's status card.
    Carded = "carded",
    /// Some change of it waits for the first secretary's word.
    ToReview = "to_review",
    /// The first secretary returned it, and nobody has edited it since.
    Returned = "returned",
    /// It has exactly one head.
    HasHead = "has_head",
    /// Its per-person income is known.
    IncomeKnown = "income_known",
    /// Its file is closed.
    Closed = "closed",
});

names!(/// Something of a household that can be counted.
Number {
    /// Per-person net income of last year, in fen.
    PerPerson = "per_person",
    /// Members.
    People = "people",
    /// Stale sections and late changes.
    Stale = "stale",
    /// Changes not handed over.
    Pending = "pending",
    /// Open tasks.
    Tasks = "tasks",
    /// Fields where county and village differ.
    Conflicts = "conflicts",
    /// Changes that the county refused.
    Refused = "refused",
    /// Open findings, hints left out.
    Problems = "problems",
    /// Those of them that count.
    Errors = "errors",
});

impl Filter {
    /// Whether the condition holds; unknown facts make neither it nor its opposite hold. The group is none of the
    /// facts, see [`holds_in`](Self::holds_in).
    pub fn holds(&self, facts: &impl Facts) -> bool {
        let so = match &self.test {
            Test::Flag(flag, wanted) => flag.of(facts).map(|is| is == *wanted),
            Test::Number(number, compare, bound) => number.of(facts).map(|value| compare.holds(value.cmp(bound))),
            Test::Group(_) => return true,
        };
        so.is_some_and(|so| so != self.negated)
    }

    /// Whether it holds only of who has something due that outlives a file.
    pub fn asks_for_due(&self) -> bool {
        match &self.test {
            Test::Number(number, compare, bound) => {
                let outlives = !matches!(number, Number::PerPerson | Number::People);
                outlives && compare.holds(0.cmp(bound)) == self.negated
            }
            Test::Flag(flag, wanted) => matches!(flag, Flag::ToReview | Flag::Returned) && *wanted != self.negated,
            Test::Group(_) => false,
        }
    }

    /// Whether a condition on the group holds for households of a group, by its name in normal form; empty is unknown.
    pub fn holds_in(&self, group: &str, groups: &Groups) -> bool {
        match &self.test {
            Test::Group(_) if group.is_empty() => false,
            Test::Group(typed) => means(&groups.normal(typed), group).is_some() != self.negated,
            _ => true,
        }
    }
}

impl Flag {
    fn of(self, facts: &impl Facts) -> Option<bool> {
        let class = facts.class();
        let risk = |wanted: &[RiskState]| Some(facts.risk().is_some_and(|risk| wanted.contains(&risk)));
        match self {
            Self::ClassKnown => Some(class.is_some()),
            Self::Ordinary => class.map(|class| class == Class::Ordinary),
            Self::Relieved => class.map(|class| matches!(class, Class::Relieved { .. })),
            Self::WithPolicies | Self::WithoutPolicies => match class? {
                Class::Relieved { policies } => policies.map(|with| with == (self == Self::WithPolicies)),
                Class::Ordinary => Some(false),
            },
            Self::Target => Some(facts.target().is_some()),
            Self::Unstable => Some(facts.target() == Some(TargetClass::Unstable)),
            Self::Edge => Some(facts.target() == Some(TargetClass::Edge)),
            Self::Sudden => Some(facts.target() == Some(TargetClass::Sudden)),
            Self::Open => risk(&[RiskState::Open]),
            Self::Eliminated => risk(&[RiskState::Eliminated, RiskState::Lapsed]),
            Self::Lapsed => risk(&[RiskState::Lapsed]),
            Self::VisitDue => facts.visit_due(),
            Self::Visited => facts.visited(),
            Self::Screened => facts.screened(),
            Self::Verified => facts.verified(),
            Self::Carded => facts.carded(),
            Self::ToReview => facts.to_review(),
            Self::Returned => facts.returned(),
            Self::HasHead => Some(facts.has_head()),
            Self::IncomeKnown => Some(facts.per_person().is_some()),
            Self::Closed => Some(facts.closed()),
        }
    }
}

impl Number {
    fn of(self, facts: &impl Facts) -> Option<i64> {
        match self {
            Self::PerPerson => facts.per_person().map(|money| money.0),
            Self::People => Some(facts.people().into()),
            Self::Stale => facts.stale().map(Into::into),
            Self::Pending => facts.pending().map(Into::into),
            Self::Tasks => facts.tasks().map(Into::into),
            Self::Conflicts => facts.conflicts().map(Into::into),
            Self::Refused => facts.refused().map(Into::into),
            Self::Problems => facts.problems().map(Into::into),
            Self::Errors => facts.errors().map(Into::into),
        }
    }
}

impl Compare {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::More => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
            Self::Equal => ordering.is_eq(),
            Self::Other => ordering.is_ne(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use crate::domain::Money;
    use crate::workspace::words::Words;

    /// A household of which everything can be said.
    #[derive(Default)]
    struct Plain {
        class: Option<Class>,
        target: Option<TargetClass>,
        risk: Option<RiskState>,
        closed: bool,
        headless: bool,
        people: u16,
        per_person: Option<Money>,
        visited: Option<bool>,
        visit_due: Option<bool>,
        screened: Option<bool>,
        verified: Option<bool>,
        stale: Option<u32>,
        pending: Option<u32>,
        tasks: Option<u32>,
        conflicts: Option<u32>,
        refused: Option<u32>,
        problems: Option<u32>,
        errors: Option<u32>,
    }

    impl Facts for Plain {
        fn class(&self) -> Option<Class> {
            self.class
        }
        fn target(&self) -> Option<TargetClass> {
            self.target
        }
        fn risk(&self) -> Option<RiskState> {
            self.risk
        }
        fn closed(&self) -> bool {
            self.closed
        }
        fn has_head(&self) -> bool {
            !self.headless
        }
        fn people(&self) -> u16 {
            self.people
        }
        fn per_person(&self) -> Option<Money> {
            self.per_person
        }
        fn visited(&self) -> Option<bool> {
            self.visited
        }
        fn visit_due(&self) -> Option<bool> {
            self.visit_due
        }
        fn screened(&self) -> Option<bool> {
            self.screened
        }
        fn verified(&self) -> Option<bool> {
            self.verified
        }
        fn stale(&self) -> Option<u32> {
            self.stale
        }
        fn pending(&self) -> Option<u32> {
            self.pending
        }
        fn tasks(&self) -> Option<u32> {
            self.tasks
        }
        fn conflicts(&self) -> Option<u32> {
            self.conflicts
        }
        fn refused(&self) -> Option<u32> {
            self.refused
        }
        fn problems(&self) -> Option<u32> {
            self.problems
        }
        fn errors(&self) -> Option<u32> {
            self.errors
        }
    }

    fn check(facts: &Plain, holds: &[&str], fails: &[&str]) {
        let words = Words::load(&Data::embedded()).unwrap();
        for (lines, expected) in [(holds, true), (fails, false)] {
            for line in lines {
                let query = words.parse(line).unwrap();
                assert!(query.words.is_empty() && !query.filters.is_empty(), "{line} is no condition");
                assert_eq!(query.holds(Some(facts)), expected, "{line}");
            }
        }
    }

    #[test]
    fn classes_and_policies() {
        let with = Plain { class: Some(Class::Relieved { policies: Some(true) }), ..Plain::default() };
        check(
            &with,
            &["脱贫户", "享受政策", "脱贫户 享受政策", "!不享受政策", "非一般农户"],
            &["非脱贫户", "!脱贫", "不享受政策", "一般农户", "户类型未填", "脱贫户 不享受政策"],
        );
        let bare = Plain { class: Some(Class::Relieved { policies: None }), ..Plain::default() };
        check(&bare, &["脱贫户"], &["享受政策", "!享受政策", "不享受政策", "!不享受政策"]);
        check(&Plain { class: Some(Class::Ordinary), ..Plain::default() }, &["一般农户", "非脱贫"], &["享受政策"]);
        check(&Plain::default(), &["户类型未填"], &["脱贫户", "非脱贫户", "一般农户", "!一般农户"]);
    }

    #[test]
    fn targets_and_their_risk() {
        let edge = |risk| Plain { target: Some(TargetClass::Edge), risk: Some(risk), ..Plain::default() };
        check(
            &edge(RiskState::Open),
            &["监测对象", "未消除", "边缘易致贫户", "!已消除"],
            &["已消除", "脱贫不稳定户", "突发严重困难户", "非监测对象"],
        );
        check(&edge(RiskState::Eliminated), &["监测对象", "已消除"], &["未消除", "自然消除"]);
        check(&edge(RiskState::Lapsed), &["已消除", "自然消除"], &["未消除"]);
        check(&Plain::default(), &["非监测对象"], &["未消除", "已消除"]);
    }

    #[test]
    fn work_of_the_month_is_unknown_until_it_is_known() {
        let done = Plain {
            visited: Some(true),
            visit_due: Some(true),
            screened: Some(true),
            verified: Some(false),
            stale: Some(2),
            pending: Some(0),
            tasks: Some(1),
            conflicts: Some(0),
            problems: Some(3),
            errors: Some(0),
            ..Plain::default()
        };
        check(
            &done,
            &[
                "已走访",
                "应走访",
                "已筛查",
                "未排查",
                "过期",
                "过期>=2",
                "有待办",
                "!有矛盾",
                "无变更",
                "有问题",
                "问题=3",
                "!有错",
            ],
            &[
                "未走访",
                "未筛查",
                "已排查",
                "未过期",
                "过期>2",
                "有变更",
                "有矛盾",
                "非应走访",
                "有错",
                "问题>3",
                "没问题",
            ],
        );
        let unknown = [
            "已走访",
            "未走访",
            "!已走访",
            "未筛查",
            "未排查",
            "过期",
            "未过期",
            "有变更",
            "无变更",
            "有问题",
            "没问题",
            "有错",
        ];
        check(&Plain::default(), &[], &unknown);
    }

    #[test]
    fn numbers_compare_in_yuan_and_people() {
        let facts = Plain { per_person: Some(Money(689_999)), people: 5, headless: true, ..Plain::default() };
        check(
            &facts,
            &[
                "人均<6900",
                "人均<=6899.99",
                "人均!=6900",
                "人均＜６９００",
                "人均低于6,900元",
                "人均≥0.6万",
                "人均不到6900",
            ],
            &["人均>=6900", "人均=6900", "!人均<6900", "人均不低于6900", "人均未填"],
        );
        check(
            &facts,
            &["人数>=5", "人口 = 5", "人数 >= 5人", "人数 不超过 5", "无户主", "!销户"],
            &["人数>5", "人数<5", "销户"],
        );
        check(&Plain::default(), &["人均未填", "人数=0"], &["人均<6900", "人均>=6900", "无户主"]);
    }

    #[test]
    fn a_group_may_be_written_in_any_way_and_unknown_is_no_other_group() {
        let words = Words::load(&Data::embedded()).unwrap();
        let holds = |line: &str, group: &str| words.parse(line).unwrap().holds_in(group, &words.groups);
        for line in ["组=3组", "组=三组", "组 = 第三村民小组", "组：3", "小组=３"] {
            assert!(holds(line, "3组"), "{line}");
            assert!(!holds(line, "13组"), "{line}");
            assert!(!holds(line, ""), "{line}");
        }
        assert!(holds("组!=3组", "4组") && holds("!组=3组", "4组"));
        assert!(!holds("组!=3组", "3组") && !holds("组!=3组", ""));
        assert!(holds("脱贫户", ""));
    }
}
