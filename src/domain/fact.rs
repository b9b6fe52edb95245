//! Facts of a household by which forms say whom they ask; `rules/facts.rs` tells which of them hold.

use super::name::Name;

macro_rules! facts {
    ($($(#[$doc:meta])* $constant:ident = $id:literal),* $(,)?) => {
        $($(#[$doc])* pub const $constant: Name = Name::fixed($id);)*
        /// All facts.
        pub const ALL: &[Name] = &[$($constant),*];
    };
}

facts! {
    /// Every household.
    EVERYBODY = "all",
    /// 脱贫户, with policies or without.
    RELIEVED = "relieved",
    /// 脱贫户 with policies, or of which nobody has said: it is owed what those have until somebody does.
    RELIEVED_WITH_POLICIES = "relieved_with_policies",
    /// 监测对象, also one whose risk is gone.
    TARGET = "target",
    /// 监测对象 whose risk is open.
    TARGET_OPEN = "target_open",
    /// Neither relieved nor a target.
    ORDINARY = "ordinary",
    /// In one of the key groups, by the file or by a form.
    KEY_GROUP = "key_group",
    /// Somebody can work.
    HAS_LABOUR = "has_labour",
    /// Somebody is known to be able to work.
    CAN_WORK = "can_work",
    /// A target with one risk and no second.
    SINGLE_RISK = "single_risk",
    /// A child of compulsory age, or a student.
    HAS_CHILDREN = "has_children",
    /// Old people or children left alone, severe disability, extreme poverty at home.
    AT_RISK_AT_HOME = "at_risk_at_home",
}

/// Whether definitions may name this fact.
pub fn is_known(fact: Name) -> bool {
    ALL.contains(&fact)
}
