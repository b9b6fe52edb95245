//! What was said at the door and stands on no field: that the household does not agree, that a form found a guarantee
//! failing, that the household did not sign.

use crate::checks::Severity;
use crate::domain::field::{housing, medical, schooling, water};
use crate::domain::form_field::{EDUCATION, HOUSING, MEDICAL, WATER};
use crate::domain::{FormRef, Name, Slot};

use super::super::super::guarantees::{self, Verdict};
use super::super::super::round;
use super::super::Case;
use super::Told;

/// The guarantees that forms ask about, each with the section that holds it.
const GUARANTEES: [(Name, Name); 4] = [
    (EDUCATION, schooling::SECTION),
    (MEDICAL, medical::SECTION),
    (HOUSING, housing::SECTION),
    (WATER, water::SECTION),
];

const VISIT: Name = Name::fixed("visit");
const PROBLEM: Name = Name::fixed("problem");

/// C208: an item of which the household said last that it does not agree (S0:65, S0:98-102).
pub(super) fn not_agreed(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (look, file) = (case.looked.look, case.looked.household.file);
    let Some(form) = look.forms.named(VISIT.as_str()) else { return };
    for item in form.items.iter().filter(|item| item.agree) {
        // Whoever was not asked since has not come round.
        let said = |visit: &&FormRef| visit.agreed.iter().any(|(about, _)| *about == item.id);
        let Some(visit) = file.forms_named(VISIT).filter(said).max_by_key(|visit| visit.age()) else { continue };
        if visit.agreed.contains(&(item.id, false)) {
            let words = vec![("on", visit.date.to_string()), ("item", item.label.to_string())];
            tell(Told { words, found_by: Some(format!("{} {}", item.id, visit.date)), ..Told::default() });
        }
    }
}

/// C408: a guarantee that the newest form found failing, while the file knows of nothing.
pub(super) fn form_problem(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (look, file) = (case.looked.look, case.looked.household.file);
    for (question, section) in GUARANTEES {
        let verdict =
            |form: &FormRef| form.verdicts.iter().find(|(about, _)| *about == question).map(|(_, said)| *said);
        let standing = file.forms.iter().filter(|form| !form.withdrawn && verdict(form).is_some());
        let Some(form) = standing.max_by_key(|form| form.age()).filter(|form| verdict(form) == Some(PROBLEM)) else {
            continue;
        };
        let Some(definition) = look.forms.named(form.name.as_str()) else { continue };
        let Some(field) = definition.fields.iter().find(|field| field.id == question) else { continue };
        // What the form offers to the file stands there and is found by itself, and so does what the file calls failing.
        let offered = field.offers.iter().filter(|offered| offered.answer == PROBLEM);
        let mut kept =
            offered.filter(|offered| file.of_household(offered.slot.0, offered.slot.1) == Some(&offered.value));
        let on_file = guarantees::asked(case.looked, question);
        if kept.next().is_some() || on_file == Some(Verdict::Problem) {
            continue;
        }
        let looked = file.sections.get(&section);
        let confirmed = looked.and_then(|section| section.confirmed.as_ref()).map(|confirmed| confirmed.on);
        let looked_on = confirmed.max(looked.and_then(|section| section.changed_on));
        if on_file == Some(Verdict::Assured) && looked_on.is_some_and(|on| on > form.date) {
            continue;
        }
        let slot = Some(Slot { section, row: 0, field: Name::fixed("") });
        let words = vec![
            ("form", definition.label.to_string()),
            ("on", form.date.to_string()),
            ("what", field.label.to_string()),
        ];
        tell(Told { slot, words, found_by: Some(format!("{question} {}", form.date)), ..Told::default() });
    }
}

/// C510: a screening form of a round in which the household signs too, without its signature (S0:51). Where nobody noted
/// whether it signed, that is asked.
pub(super) fn unsigned(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (look, file) = (case.looked.look, case.looked.household.file);
    let mut begun = look.policy.rounds.iter().filter(|round| round.household_signs && round.days.0 <= look.day);
    // The last of them: what an earlier year's lacked is not made good any more.
    let Some(round) = begun.next_back() else { return };
    let Some(form) = round::form_of(file, "screening", round) else { return };
    let (severity, how) = match form.signed {
        Some(true) => return,
        Some(false) => (Severity::Error, "农户没有签字"),
        None => (Severity::Warn, "没有记农户签没签字"),
    };
    let words = vec![("round", round.label.to_string()), ("on", form.date.to_string()), ("how", how.to_owned())];
    tell(Told { severity: Some(severity), words, found_by: Some(format!("{} {how}", round.id)), ..Told::default() });
}

#[cfg(test)]
mod tests {
    use super::super::super::super::standing;
    use super::super::super::super::testing::Defs;
    use super::super::super::{Case, of_file};
    use super::*;
    use crate::domain::HouseholdFile;

    fn messages(defs: &Defs, file: &HouseholdFile, code: &str) -> Vec<String> {
        let look = defs.on("2022-11-20");
        let standing = standing::of(look, file);
        let case = Case { looked: look.at(file), standing: &standing, unsent: &[], village: None };
        let (number, _) = defs.checks.named(Name::new(code)).unwrap();
        let spots = of_file(case).into_iter().filter(|spot| usize::from(spot.check) == number);
        spots.map(|spot| spot.told.iter().map(|(_, said)| said.clone()).collect::<Vec<_>>().join(" ")).collect()
    }

    fn on(name: &str, date: &str, act: u64) -> FormRef {
        FormRef { act, ..FormRef::blank(Name::new(name), date.parse().unwrap()) }
    }

    #[test]
    fn who_did_not_agree_has_not_come_round_until_she_says_so() {
        let defs = Defs::shipped();
        let visit = |date: &str, act, agreed: &[(&str, bool)]| FormRef {
            agreed: agreed.iter().map(|(item, said)| (Name::new(item), *said)).collect(),
            ..on("visit", date, act)
        };
        let mut file = defs.file("class.class=脱贫户");
        let found = |file: &HouseholdFile| messages(&defs, file, "C208");
        file.forms.push(visit("2022-10-05", 1, &[("V10", false), ("V07", true)]));
        assert_eq!(found(&file).len(), 1);
        file.forms.push(visit("2022-11-05", 2, &[("V07", true)]));
        assert_eq!(found(&file).len(), 1, "nobody asked again");
        file.forms.push(visit("2022-11-15", 3, &[("V10", true), ("V11", false)]));
        assert_eq!(found(&file).len(), 1, "of another item");
        file.forms[2].withdrawn = true;
        let item = &defs.forms.named("visit").unwrap().item(Name::new("V10")).unwrap().label;
        assert_eq!(found(&file), [format!("2022-10-05 {item}")], "what was taken back says nothing");
    }

    #[test]
    fn a_guarantee_that_a_form_found_failing_is_found_until_something_newer_says_otherwise() {
        let defs = Defs::shipped();
        let form = |name: &str, date: &str, act, said: &[(Name, &str)]| FormRef {
            verdicts: said.iter().map(|(about, code)| (*about, Name::new(code))).collect(),
            ..on(name, date, act)
        };
        let found = |fields: &str, forms: Vec<FormRef>| {
            let mut file = defs.file(fields);
            file.forms = forms;
            messages(&defs, &file, "C408")
        };
        let failing = || form("verification", "2022-11-10", 2, &[(HOUSING, "problem"), (WATER, "problem")]);
        assert_eq!(found("class.class=一般农户", vec![failing()]).len(), 2);
        assert_eq!(
            found("housing.suspected=是 water.safe=否", vec![failing()]),
            Vec::<String>::new(),
            "the file has it"
        );
        assert_eq!(found("housing.grade=D级 water.safe=是", vec![failing()]), ["排查表 2022-11-10 饮水安全"]);
        let newer = |code: &str| form("screening", "2022-11-15", 3, &[(HOUSING, code)]);
        assert_eq!(found("", vec![failing(), newer("assured")]).len(), 1);
        assert_eq!(found("", vec![failing(), newer("unclear")]).len(), 1, "nobody calls it failing any more");
        assert_eq!(found("", vec![newer("problem"), failing()]).len(), 2);
        let mut file = defs.file("housing.grade=A级");
        file.forms.push(failing());
        assert_eq!(messages(&defs, &file, "C408").len(), 2, "the appraisal may be older");
        file.sections.entry(housing::SECTION).or_default().changed_on = "2022-11-12".parse().ok();
        assert_eq!(messages(&defs, &file, "C408").len(), 1, "it is newer");
    }

    #[test]
    fn the_household_signs_the_first_rounds_form_and_no_other() {
        let defs = Defs::shipped();
        let found = |round: &str, signed| {
            let mut file = defs.file("class.class=一般农户");
            file.taken_in = "2022-04-01".parse().unwrap();
            file.forms.push(FormRef { round: Some(Name::new(round)), signed, ..on("screening", "2022-05-10", 1) });
            messages(&defs, &file, "C510")
        };
        assert_eq!(found("2022-1", Some(false)), ["2022年上半年 2022-05-10 农户没有签字"]);
        assert_eq!(found("2022-1", None), ["2022年上半年 2022-05-10 没有记农户签没签字"]);
        assert!(found("2022-1", Some(true)).is_empty());
        assert!(found("2022-2", None).is_empty() && found("2022-2", Some(false)).is_empty());
    }
}
