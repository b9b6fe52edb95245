//! A household file read as what it says: the typed view that rules reason about.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::date::PartialDate;
use super::field::{address, case, class, income, members, spending, status, support};
use super::file::HouseholdFile;
use super::income::Income;
use super::member::Member;
use super::money::Money;
use super::name::Name;
use super::value::{Code, Value};

/// 户类型: what the household is on file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Class {
    /// 一般农户
    Ordinary,
    /// 脱贫户; whether it still has policies may be unknown. Those without are checked like ordinary ones (S0:79).
    Relieved {
        /// 享受政策
        policies: Option<bool>,
    },
}

/// 监测对象类别, of the three kinds of target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TargetClass {
    /// 脱贫不稳定户
    Unstable,
    /// 边缘易致贫户
    Edge,
    /// 突发严重困难户
    Sudden,
}

/// Where a target's risk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RiskState {
    /// 风险未消除
    Open,
    /// 已消除
    Eliminated,
    /// 自然消除
    Lapsed,
}

impl Class {
    /// The glossary's identifier.
    pub const fn identifier(self) -> &'static str {
        match self {
            Self::Ordinary => "Ordinary",
            Self::Relieved { .. } => "Relieved",
        }
    }
}

impl TargetClass {
    /// The glossary's identifier, which is also the code's id.
    pub const fn identifier(self) -> &'static str {
        match self {
            Self::Unstable => "Unstable",
            Self::Edge => "Edge",
            Self::Sudden => "Sudden",
        }
    }
}

impl RiskState {
    /// The glossary's identifier.
    pub const fn identifier(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Eliminated => "Eliminated",
            Self::Lapsed => "Lapsed",
        }
    }
}

/// A file, read.
#[derive(Clone, Copy, Debug)]
pub struct Household<'a> {
    /// The file that is read.
    pub file: &'a HouseholdFile,
}

impl<'a> Household<'a> {
    /// Reads a file.
    pub const fn of(file: &'a HouseholdFile) -> Self {
        Self { file }
    }

    fn value(self, section: Name, field: Name) -> Option<&'a Value> {
        self.file.of_household(section, field)
    }

    fn code(self, section: Name, field: Name) -> Option<Code> {
        self.value(section, field)?.as_code()
    }

    fn money(self, section: Name, field: Name) -> Option<Money> {
        self.value(section, field)?.as_money()
    }

    /// 户编号, where the national system has given one.
    pub fn national_number(self) -> Option<&'a str> {
        self.value(address::SECTION, address::NATIONAL_NUMBER)?.as_text()
    }

    /// The number by which the household is called outside: 户编号, else the village's own.
    pub fn number(self) -> String {
        self.national_number().map_or_else(|| self.file.id.local_number(), str::to_owned)
    }

    /// The natural village or group, as far as either is known.
    pub fn group(self) -> Option<&'a str> {
        self.value(address::SECTION, address::GROUP)
            .or_else(|| self.value(address::SECTION, address::HAMLET))
            .and_then(Value::as_text)
    }

    /// Whether it has the policies of relieved households, or nobody has said that it has not; none where its class is
    /// unknown.
    pub fn may_have_policies(self) -> Option<bool> {
        self.class().map(|class| matches!(class, Class::Relieved { policies: Some(true) | None }))
    }

    /// 户类型, where it is known.
    pub fn class(self) -> Option<Class> {
        let id = self.code(class::SECTION, class::CLASS)?.id()?;
        Some(match id.as_str() {
            "ordinary" => Class::Ordinary,
            "relieved" => Class::Relieved { policies: None },
            "relieved_with_policies" => Class::Relieved { policies: Some(true) },
            "relieved_without_policies" => Class::Relieved { policies: Some(false) },
            _ => return None,
        })
    }

    /// Whether it is a relieved household; none where the class is unknown.
    pub fn relieved(self) -> Option<bool> {
        self.class().map(|class| matches!(class, Class::Relieved { .. }))
    }

    /// The kind of monitoring target, also of one whose risk is gone; none where it is no target.
    pub fn target(self) -> Option<TargetClass> {
        match self.code(case::SECTION, case::TARGET)?.id()?.as_str() {
            "Unstable" => Some(TargetClass::Unstable),
            "Edge" => Some(TargetClass::Edge),
            "Sudden" => Some(TargetClass::Sudden),
            _ => None,
        }
    }

    /// Where the target's risk stands; an empty mark counts as not eliminated, since only the mark ends a case.
    pub fn risk_state(self) -> Option<RiskState> {
        self.target()?;
        let eliminated = self.value(case::SECTION, case::ELIMINATED).and_then(Value::as_yes_no);
        let lapsed = self.code(case::SECTION, case::ELIMINATED_HOW).is_some_and(|how| how.is(Name::fixed("lapsed")));
        Some(match (eliminated, lapsed) {
            (Some(true), true) => RiskState::Lapsed,
            (Some(true), false) => RiskState::Eliminated,
            _ => RiskState::Open,
        })
    }

    /// The risks of the case, in their order.
    pub fn risks(self) -> impl Iterator<Item = Code> + 'a {
        [case::RISK1, case::RISK2, case::RISK3, case::RISK4, case::RISK5]
            .into_iter()
            .filter_map(move |field| self.code(case::SECTION, field))
    }

    /// Everybody who was ever a member.
    pub fn everyone(self) -> impl DoubleEndedIterator<Item = Member<'a>> {
        self.file.rows(members::SECTION).map(move |(id, row)| Member::of(self.file, id, row))
    }

    /// The members of today.
    pub fn members(self) -> impl DoubleEndedIterator<Item = Member<'a>> {
        self.everyone().filter(|member| !member.has_left())
    }

    /// The head among the members of today; none where there is none or more than one.
    pub fn head(self) -> Option<Member<'a>> {
        let mut heads = self.members().filter(|member| member.is_head());
        let head = heads.next()?;
        heads.next().is_none().then_some(head)
    }

    /// The income of last year, reckoned.
    pub fn income(self) -> Income {
        Income::of(self.file)
    }

    /// A field that speaks of the household itself as it is shown, and whether it was reckoned out of others.
    pub fn shown(self, section: Name, field: Name) -> Option<(Cow<'a, Value>, bool)> {
        let typed = self.value(section, field);
        let reckoned = if section != income::SECTION {
            None
        } else if field == income::PER_PERSON {
            self.income().per_person()
        } else if field == income::NET {
            self.income().net_shown(typed.and_then(Value::as_money))
        } else {
            None
        };
        match reckoned.filter(|shown| shown.computed) {
            Some(shown) => Some((Cow::Owned(Value::Fen(shown.money)), true)),
            None => Some((Cow::Borrowed(typed?), false)),
        }
    }

    /// Wages of the household last year.
    pub fn wages(self) -> Option<Money> {
        self.money(income::SECTION, income::WAGES)
    }

    /// Rigid spending: the own part as the county counts it, or the sum of the kinds that are known.
    pub fn own_spending(self) -> Option<Money> {
        let kinds = [
            spending::SPENT_MEDICAL,
            spending::SPENT_SCHOOL,
            spending::SPENT_HOUSING,
            spending::SPENT_DISASTER,
            spending::SPENT_OTHER,
        ];
        let known = kinds.into_iter().filter_map(|kind| self.money(spending::SECTION, kind));
        let sum =
            known.fold(None, |sum: Option<Money>, money| Some(sum.unwrap_or_default().plus(money).unwrap_or(money)));
        self.money(spending::SECTION, spending::OWN_SPENDING).max(sum)
    }

    /// The year of relief, where known.
    pub fn relieved_in(self) -> Option<PartialDate> {
        self.value(class::SECTION, class::RELIEVED_YEAR)?.as_date()
    }

    /// The day on which the file was closed.
    pub fn closed_on(self) -> Option<PartialDate> {
        self.value(status::SECTION, status::CLOSED_ON)?.as_date()
    }

    /// Since when the member has had the allowance, where it is known.
    pub fn allowance_since(self, member: u32) -> Option<PartialDate> {
        self.file.row(support::SECTION, member)?.get(support::SINCE)?.as_date()
    }
}
