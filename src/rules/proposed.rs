//! What is proposed in a form of a round: groups with the fact behind each, the opinion, the clue. A person confirms it.

use std::collections::BTreeMap;

use crate::domain::form_field::{CLUE, OPINION, ROUND};
use crate::domain::{FilledForm, GroupAnswer, Name};
use crate::forms::FormKind;
use crate::policy::Round;

use super::{Looked, groups};

/// The opinion that a household bears no risk.
pub const NO_RISK: Name = Name::fixed("no_risk");
/// The opinion that a household has to be verified at home.
pub const TO_VERIFY: Name = Name::fixed("to_verify");
/// The opinion that a household should be taken in.
pub const PROPOSE: Name = Name::fixed("propose");

/// The answers that are proposed for the round's groups: a yes with its fact where the file proves it. A verification
/// form takes what was said in the screening form instead, where that says yes or rejects what the file proves.
pub fn of_groups(looked: Looked<'_>, round: &Round, screened: Option<&FilledForm>) -> BTreeMap<Name, GroupAnswer> {
    let proofs = groups::proved(looked, &round.asks).into_iter();
    let mut proposed: BTreeMap<Name, GroupAnswer> =
        proofs.map(|proof| (proof.group, GroupAnswer { yes: true, fact: proof.why.into() })).collect();
    let said = screened.into_iter().flat_map(|form| &form.groups);
    let said = said.filter(|(group, answer)| round.asks.contains(group) && (answer.yes || !answer.fact.is_empty()));
    proposed.extend(said.map(|(group, answer)| (*group, answer.clone())));
    proposed
}

/// The code that is proposed for a plain field of a form of the round.
pub fn code(
    kind: FormKind,
    field: Name,
    round: &Round,
    filled: &FilledForm,
    groups: &BTreeMap<Name, GroupAnswer>,
) -> Option<Name> {
    match kind {
        FormKind::Screening if field == OPINION => opinion(round, filled),
        FormKind::Verification if field == CLUE => groups.values().any(|answer| answer.yes).then_some(ROUND),
        _ => None,
    }
}

/// In a group: to be verified. In none, all of them answered: no risk.
fn opinion(round: &Round, filled: &FilledForm) -> Option<Name> {
    if filled.groups.values().any(|answer| answer.yes) {
        return Some(TO_VERIFY);
    }
    round.asks.iter().all(|group| filled.groups.contains_key(group)).then_some(NO_RISK)
}

/// The groups that "none of the others" answers with no: nobody answered them, and nothing speaks for them.
pub fn none_of(round: &Round, filled: &FilledForm, proposed: &BTreeMap<Name, GroupAnswer>) -> Vec<Name> {
    let open = |group: &&Name| !filled.groups.contains_key(group) && !proposed.contains_key(group);
    round.asks.iter().filter(open).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;

    fn answer(yes: bool, fact: &str) -> GroupAnswer {
        GroupAnswer { yes, fact: fact.into() }
    }

    fn filled(answers: &[(&str, bool)]) -> FilledForm {
        let mut form = FilledForm::blank(Name::new("screening"), 1, "x", 1);
        form.groups = answers.iter().map(|(group, yes)| (Name::new(group), answer(*yes, ""))).collect();
        form
    }

    #[test]
    fn the_file_proposes_and_the_screening_form_goes_before_it() {
        let defs = Defs::shipped();
        let file = defs.file("spending.own_spending=20000");
        let round = defs.policy.round(Name::new("2022-2")).unwrap();
        let proposed = |screened: Option<&FilledForm>| -> Vec<(String, bool, String)> {
            let proposed = of_groups(defs.on("2022-11-20").at(&file), round, screened).into_iter();
            proposed.map(|(group, answer)| (group.to_string(), answer.yes, answer.fact.to_string())).collect()
        };
        let said = |group: &str, yes: bool, fact: &str| (group.to_owned(), yes, fact.to_owned());
        assert_eq!(proposed(None), [said("S04", true, "刚性支出20000元，达到10000元")]);
        let mut screened = filled(&[("S01", false), ("G10", true)]);
        screened.groups.insert(Name::new("S02"), answer(true, "小军返乡"));
        screened.groups.insert(Name::new("S04"), answer(false, "已报销"));
        assert_eq!(proposed(Some(&screened)), [said("S02", true, "小军返乡"), said("S04", false, "已报销")]);
    }

    #[test]
    fn the_opinion_follows_from_the_groups_and_the_clue_from_being_in_one() {
        let defs = Defs::shipped();
        let round = defs.policy.round(Name::new("2022-2")).unwrap();
        let all_no = [("S01", false), ("S02", false), ("S03", false), ("S04", false)];
        let none = BTreeMap::new();
        for (answers, proposed) in
            [(&all_no[..], Some(NO_RISK)), (&all_no[..3], None), (&[("S03", true)][..], Some(TO_VERIFY))]
        {
            assert_eq!(code(FormKind::Screening, OPINION, round, &filled(answers), &none), proposed, "{answers:?}");
        }
        let clue = |groups| code(FormKind::Verification, CLUE, round, &filled(&[]), groups);
        assert_eq!(clue(&none), None);
        assert_eq!(clue(&BTreeMap::from([(Name::new("S04"), answer(true, "x"))])), Some(ROUND));
        assert_eq!(code(FormKind::Verification, OPINION, round, &filled(&all_no), &none), None, "she decides");
    }

    #[test]
    fn none_of_the_others_leaves_alone_what_was_answered_and_what_something_speaks_for() {
        let defs = Defs::shipped();
        let round = defs.policy.round(Name::new("2022-2")).unwrap();
        let proposed = BTreeMap::from([(Name::new("S04"), answer(true, "x"))]);
        let left: Vec<String> =
            none_of(round, &filled(&[("S01", true)]), &proposed).iter().map(Name::to_string).collect();
        assert_eq!(left, ["S02", "S03"]);
    }
}
