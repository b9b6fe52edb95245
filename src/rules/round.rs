//! Where a household stands in a screening round (S0:49-57).

use crate::domain::{FormRef, HouseholdFile, Name, fact};
use crate::policy::Round;

use super::facts::Facts;
use super::{Looked, groups};

/// What a round asks of one household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Whether a screening form is due: from every household that is no target (S0:51, S0:55).
    pub wants_screening: bool,
    /// The screening form of the round.
    pub screening: Option<&'a FormRef>,
    /// Whether a verification form is due: the household is in one of the round's groups.
    pub wants_verification: bool,
    /// The verification form of the round.
    pub verification: Option<&'a FormRef>,
}

/// A key group of the round in which a household is, by its file or by its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// The group's code.
    pub group: Name,
    /// Why, where the file proves it.
    pub proof: Option<String>,
    /// What the round's screening form says; none where there is no form yet.
    pub said: Option<bool>,
}

/// The round's groups that the file proves or the screening form confirms; a proof that the form rejects stays among them.
pub fn grouped(looked: Looked<'_>, round: &Round) -> Vec<Grouped> {
    let form = form_of(looked.household.file, "screening", round);
    let mut proofs = groups::proved(looked, &round.asks);
    let grouped = round.asks.iter().filter_map(|group| {
        let at = proofs.iter().position(|proof| proof.group == *group);
        let proof = at.map(|at| proofs.swap_remove(at).why);
        let said = form.map(|form| form.groups.contains(group));
        (proof.is_some() || said == Some(true)).then_some(Grouped { group: *group, proof, said })
    });
    let mut grouped: Vec<Grouped> = grouped.collect();
    grouped.shrink_to_fit();
    grouped
}

/// The newest form of this name that a household has of a round: by the day of the paper, then by its entry.
pub fn form_of<'a>(file: &'a HouseholdFile, name: &'static str, round: &Round) -> Option<&'a FormRef> {
    let of_round = file.forms_named(Name::fixed(name)).filter(|form| form.round == Some(round.id));
    of_round.max_by_key(|form| form.age())
}

/// Where the household stands in a round.
pub fn standing<'a>(looked: Looked<'a>, facts: &Facts, round: &Round) -> Standing<'a> {
    let file = looked.household.file;
    let closed = looked.household.closed_on().is_some();
    let screening = form_of(file, "screening", round);
    let verification = form_of(file, "verification", round);
    let in_a_group = match screening {
        // Whoever filled the form has seen what the file proves, and may have rejected it.
        Some(form) => !form.groups.is_empty() || form.opinion == Some(Name::fixed("to_verify")),
        None => !groups::proved(looked, &round.asks).is_empty(),
    };
    let target = facts.hold(fact::TARGET);
    // What was opened after a round is no business of it.
    let closed = closed || file.taken_in > round.days.1;
    Standing {
        wants_screening: wants_screening(looked, facts, round),
        screening,
        wants_verification: !closed && !target && in_a_group && !found_without_risk_before(looked, round),
        verification,
    }
}

fn wants_screening(looked: Looked<'_>, facts: &Facts, round: &Round) -> bool {
    let household = looked.household;
    household.closed_on().is_none() && !facts.hold(fact::TARGET) && household.file.taken_in <= round.days.1
}

/// The earlier rounds, over by now, that wanted a screening form of a household and have none.
pub fn unscreened(looked: Looked<'_>, facts: &Facts) -> Vec<Name> {
    let look = looked.look;
    let now = look.policy.round_on(look.day).map(|round| round.id);
    let earlier = look.policy.rounds.iter().filter(|round| round.days.1 < look.day && Some(round.id) != now);
    let lacks = |round: &&Round| {
        wants_screening(looked, facts, round) && form_of(looked.household.file, "screening", round).is_none()
    };
    earlier.filter(lacks).map(|round| round.id).collect()
}

/// A household without risk that is found again in a later round of the year need not fill the form again (S0:57).
fn found_without_risk_before(looked: Looked<'_>, round: &Round) -> bool {
    let mut earlier = looked.look.policy.rounds.iter().filter(|other| other.days.1 < round.days.0);
    earlier.any(|other| {
        let form = form_of(looked.household.file, "verification", other);
        form.is_some_and(|form| form.opinion == Some(Name::fixed("no_risk")))
    })
}

#[cfg(test)]
mod tests {
    use super::super::facts;
    use super::super::testing::Defs;
    use super::*;
    use crate::domain::HouseholdFile;

    fn form(name: &str, round: &str, opinion: &str, groups: &[&str]) -> FormRef {
        FormRef {
            round: Some(Name::new(round)),
            opinion: Some(Name::new(opinion)),
            groups: groups.iter().map(|group| Name::new(group)).collect(),
            ..FormRef::blank(Name::new(name), "2022-10-10".parse().unwrap())
        }
    }

    /// (wants screening, has it, wants verification, has it)
    fn stands(defs: &Defs, file: &HouseholdFile) -> (bool, bool, bool, bool) {
        let looked = defs.on("2022-11-20").at(file);
        let round = defs.policy.round(Name::new("2022-2")).unwrap();
        let s = standing(looked, &facts::of(looked), round);
        (s.wants_screening, s.screening.is_some(), s.wants_verification, s.verification.is_some())
    }

    #[test]
    fn every_household_but_a_target_is_screened() {
        let defs = Defs::shipped();
        assert_eq!(stands(&defs, &defs.file("class.class=一般农户")), (true, false, false, false));
        assert_eq!(stands(&defs, &defs.file("case.target=边缘易致贫户")), (false, false, false, false));
    }

    #[test]
    fn a_group_stays_in_sight_when_the_form_rejects_what_the_file_proves() {
        let defs = Defs::shipped();
        let mut file = defs.file("spending.own_spending=20000");
        let round = defs.policy.round(Name::new("2022-2")).unwrap();
        let seen = |file: &HouseholdFile| -> Vec<(String, bool, Option<bool>)> {
            let grouped = grouped(defs.on("2022-11-20").at(file), round).into_iter();
            grouped.map(|one| (one.group.to_string(), one.proof.is_some(), one.said)).collect()
        };
        assert_eq!(seen(&file), [("S04".to_owned(), true, None)]);
        file.forms.push(form("screening", "2022-2", "to_verify", &["S02"]));
        assert_eq!(seen(&file), [("S02".to_owned(), false, Some(true)), ("S04".to_owned(), true, Some(false))]);
        file.forms[0].withdrawn = true;
        assert_eq!(seen(&file), [("S04".to_owned(), true, None)]);
    }

    #[test]
    fn the_newer_paper_counts_whichever_was_entered_last() {
        let defs = Defs::shipped();
        let mut file = defs.file("class.class=一般农户");
        file.taken_in = "2022-04-01".parse().unwrap();
        let on = |date: &str, form: FormRef| FormRef { date: date.parse().unwrap(), ..form };
        file.forms.push(on("2022-10-12", form("screening", "2022-2", "no_risk", &[])));
        file.forms.push(on("2022-09-26", form("screening", "2022-2", "to_verify", &["S04"])));
        assert_eq!(stands(&defs, &file), (true, true, false, false));
        file.forms.push(on("2022-10-12", form("screening", "2022-2", "to_verify", &["S04"])));
        assert_eq!(stands(&defs, &file), (true, true, true, false), "of one day the last entered");
        // Of an earlier round, too.
        file.forms.push(on("2022-06-01", form("verification", "2022-1", "propose", &["G09"])));
        file.forms.push(on("2022-05-01", form("verification", "2022-1", "no_risk", &["G09"])));
        assert!(stands(&defs, &file).2, "the newer one found a risk");
    }

    #[test]
    fn a_round_asks_nothing_of_what_came_after_it() {
        let defs = Defs::shipped();
        let lacks = |taken_in: &str| {
            let mut file = defs.file("class.class=一般农户");
            file.taken_in = taken_in.parse().unwrap();
            let looked = defs.on("2023-01-01").at(&file);
            (stands(&defs, &file).0, unscreened(looked, &facts::of(looked)).len())
        };
        assert_eq!(lacks("2022-06-30"), (true, 1), "the first round's is still missing");
        assert_eq!((lacks("2022-07-01"), lacks("2022-12-11")), ((true, 0), (false, 0)));
    }

    #[test]
    fn who_is_in_a_group_is_verified_once() {
        let defs = Defs::shipped();
        let mut file = defs.file("spending.own_spending=20000");
        assert_eq!(stands(&defs, &file), (true, false, true, false));
        file.forms.push(form("screening", "2022-2", "no_risk", &[]));
        assert_eq!(stands(&defs, &file), (true, true, false, false));
        file.forms.push(form("screening", "2022-2", "to_verify", &["S04"]));
        assert_eq!(stands(&defs, &file), (true, true, true, false));
        file.forms.push(form("verification", "2022-1", "no_risk", &["G09"]));
        assert_eq!(stands(&defs, &file), (true, true, false, false));
    }
}
