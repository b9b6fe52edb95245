//! What filters and sorting may know of a household.

use chrono::NaiveDate;

use crate::domain::{Class, Money, RiskState, Summary, TargetClass};

/// What is known of a household on a day. None is unknown, or does not apply; neither is ever read as no.
pub trait Facts {
    /// 户类型
    fn class(&self) -> Option<Class>;

    /// 监测对象类别; none where it is no target, which the file always knows.
    fn target(&self) -> Option<TargetClass>;

    /// Where the target's risk stands; none where it is no target.
    fn risk(&self) -> Option<RiskState>;

    /// Whether the file is closed.
    fn closed(&self) -> bool;

    /// Whether there is exactly one head.
    fn has_head(&self) -> bool;

    /// How many members there are today.
    fn people(&self) -> u16;

    /// Per-person net income of last year, as it is shown.
    fn per_person(&self) -> Option<Money>;

    /// Whether the household has to be visited this month.
    fn visit_due(&self) -> Option<bool> {
        None
    }

    /// Whether it was visited this month.
    fn visited(&self) -> Option<bool> {
        None
    }

    /// The day of the last visit, whenever it was.
    fn last_visit(&self) -> Option<NaiveDate> {
        None
    }

    /// Whether it has this round's screening form; none where none is asked of it.
    fn screened(&self) -> Option<bool> {
        None
    }

    /// Whether it has this round's verification form; none where none is asked of it.
    fn verified(&self) -> Option<bool> {
        None
    }

    /// Whether it has this year's status card; none where none is asked of it.
    fn carded(&self) -> Option<bool> {
        None
    }

    /// Whether some change of it waits for the first secretary's word.
    fn to_review(&self) -> Option<bool> {
        None
    }

    /// Whether the first secretary returned it and nobody has edited it since.
    fn returned(&self) -> Option<bool> {
        None
    }

    /// How many sections and changes are stale.
    fn stale(&self) -> Option<u32> {
        None
    }

    /// How many changes have not been handed over.
    fn pending(&self) -> Option<u32> {
        None
    }

    /// How many tasks are open.
    fn tasks(&self) -> Option<u32> {
        None
    }

    /// In how many fields the county and the village differ and nobody has chosen yet.
    fn conflicts(&self) -> Option<u32> {
        None
    }

    /// How many changes the county refused and nobody has seen to.
    fn refused(&self) -> Option<u32> {
        None
    }

    /// How many findings are open, hints left out.
    fn problems(&self) -> Option<u32> {
        None
    }

    /// How many of them an evaluator would count.
    fn errors(&self) -> Option<u32> {
        None
    }
}

/// A summary knows what does not depend on the day or on forms and changes.
impl Facts for Summary {
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
        self.has_head
    }

    fn people(&self) -> u16 {
        self.people
    }

    fn per_person(&self) -> Option<Money> {
        self.per_person.map(|shown| shown.money)
    }
}

macro_rules! through_reference {
    ($($fact:ident: $type:ty),* $(,)?) => {
        impl<F: Facts> Facts for &F {
            $(fn $fact(&self) -> $type { (**self).$fact() })*
        }
    };
}

through_reference! {
    class: Option<Class>,
    target: Option<TargetClass>,
    risk: Option<RiskState>,
    closed: bool,
    has_head: bool,
    people: u16,
    per_person: Option<Money>,
    visit_due: Option<bool>,
    visited: Option<bool>,
    last_visit: Option<NaiveDate>,
    screened: Option<bool>,
    verified: Option<bool>,
    carded: Option<bool>,
    to_review: Option<bool>,
    returned: Option<bool>,
    stale: Option<u32>,
    pending: Option<u32>,
    tasks: Option<u32>,
    conflicts: Option<u32>,
    refused: Option<u32>,
    problems: Option<u32>,
    errors: Option<u32>,
}
