//! The keys that a policy file may state: what they hold, and which of them the program cannot do without.

/// What a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A whole number.
    Whole,
    /// A day.
    Day,
    /// A list of names.
    Names,
}

/// A key of a part.
pub(super) struct Key {
    /// The part, and the key in it.
    pub(super) path: (&'static str, &'static str),
    /// What it holds.
    pub(super) kind: Kind,
    /// Whether the program needs it everywhere, so that the files that hold everywhere must state it.
    pub(super) needed: bool,
}

const fn key(part: &'static str, key: &'static str, kind: Kind, needed: bool) -> Key {
    Key { path: (part, key), kind, needed }
}

/// All keys outside `[figures]`, whose names checks make up.
pub(super) const KEYS: &[Key] = &[
    key("income", "line", Kind::Whole, false),
    key("income", "clearly_above", Kind::Whole, false),
    key("income", "watch", Kind::Whole, false),
    key("income", "agrees_within", Kind::Whole, false),
    key("visit", "by_day", Kind::Whole, false),
    key("visit", "due", Kind::Names, false),
    key("visit", "morning", Kind::Whole, true),
    key("visit", "back_months", Kind::Whole, true),
    key("stale", "near_days", Kind::Whole, true),
    key("worklist", "ahead_days", Kind::Whole, true),
    key("groups", "fell_by", Kind::Whole, true),
    key("groups", "many_children", Kind::Whole, true),
    key("groups", "many_beyond", Kind::Whole, true),
    key("groups", "wage_share", Kind::Whole, true),
    key("groups", "work_months", Kind::Whole, false),
    key("groups", "spending", Kind::Whole, true),
    key("groups", "spending_share", Kind::Whole, true),
    key("groups", "new_allowance_years", Kind::Whole, false),
    key("people", "old", Kind::Whole, true),
    key("people", "compulsory_from", Kind::Whole, true),
    key("people", "compulsory_to", Kind::Whole, true),
    key("people", "working_from", Kind::Whole, true),
    key("people", "working_to", Kind::Whole, true),
    key("forms", "most_a_day", Kind::Whole, true),
    key("forms", "visit_within_days", Kind::Whole, true),
    key("forms", "alike_households", Kind::Whole, true),
    key("forms", "shortest_minutes", Kind::Whole, true),
    key("card", "by", Kind::Day, false),
    key("card", "classes", Kind::Names, false),
    key("card", "mask", Kind::Names, true),
    key("card", "in_full", Kind::Names, false),
    key("signs", "overdue", Kind::Names, true),
    key("signs", "guarantee_failing", Kind::Names, true),
];

/// The part in which figures stand that checks name.
pub(super) const FIGURES: &str = "figures";

/// A key as it is known everywhere: `income.line`, and plainly by its name where it stands in `[figures]`.
pub(super) fn path(part: &str, key: &str) -> String {
    if part == FIGURES { key.to_owned() } else { format!("{part}.{key}") }
}
