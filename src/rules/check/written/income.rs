//! What was told at the door against the file, and months that cannot have been worked yet (S0:99-101).

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::domain::field::{income, jobs};
use crate::domain::form_field::{INCOME_LAST, PER_PERSON};
use crate::domain::{FormRef, Money, Name, Slot, Value};

use super::super::Case;
use super::Told;

const ADDS_UP_WITHIN: Name = Name::fixed("adds_up_within");

/// C308: the income that the newest form of this year has against the file's. Once the file's income was changed after
/// that form, the two speak of different things.
pub(super) fn told_otherwise(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (household, look) = (case.looked.household, case.looked.look);
    let file = household.file;
    let Some(share) = look.policy.income.agrees_within else { return };
    let amount = |form: &FormRef| form.amount(INCOME_LAST).or_else(|| form.amount(PER_PERSON));
    let of_year = |form: &&FormRef| !form.withdrawn && form.date.year() == look.day.year() && amount(form).is_some();
    let Some(form) = file.forms.iter().filter(of_year).max_by_key(|form| form.age()) else { return };
    let Some(told) = amount(form) else { return };
    let changed_on = file.sections.get(&income::SECTION).and_then(|section| section.changed_on);
    if changed_on.is_some_and(|day| day > form.date) {
        return;
    }
    let income = household.income();
    let differs = |held: Money| {
        let (apart, whole) = (i128::from(told.0).abs_diff(i128::from(held.0)), i128::from(held.0).unsigned_abs());
        apart * 100 > whole * u128::from(share.unsigned_abs())
    };
    // The family may speak of those who were counted, or of those who are there.
    if income.told.is_some_and(differs) && income.now.is_none_or(differs) {
        let words = vec![("told", told.to_string()), ("on", form.date.to_string())];
        let slot = Some(Slot { section: income::SECTION, row: 0, field: income::PER_PERSON });
        tell(Told { slot, words, ..Told::default() });
    }
}

/// C307: a total of the newest such form of this year that its own parts do not make, neither for those who are there nor
/// for those who were counted.
pub(super) fn form_sums(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (household, look) = (case.looked.household, case.looked.look);
    let of_year = |filled: &&FormRef| filled.date.year() == look.day.year();
    // The figure is in ten-thousandths of a yuan.
    let most_apart = look.policy.figure(ADDS_UP_WITHIN).map_or(0, |figure| figure.reckoned().unsigned_abs() / 100);
    let names: BTreeSet<Name> = household.file.forms.iter().filter(of_year).map(|filled| filled.name).collect();
    for form in names.into_iter().filter_map(|name| look.forms.get(name)) {
        let mut totals = form.fields.iter().filter_map(|field| Some((field, field.sum.as_ref()?))).peekable();
        let newest = || household.file.forms_named(form.name).filter(of_year).max_by_key(|it| (it.date, it.act));
        let Some(filled) = totals.peek().and_then(|_| newest()) else { continue };
        let income = household.income();
        for (field, sum) in totals {
            let amount = |part| filled.amount(part);
            let Some(typed) = filled.amount(field.id) else { continue };
            let by = |people: u32| sum.of(amount, people as usize).map(|money| (people, money));
            let all = [Some(income.people), income.counted].into_iter().flatten().filter_map(by);
            let mut all = all.peekable();
            let Some((people, money)) = all.peek().copied() else { continue };
            if !all.any(|(_, money)| money.0.abs_diff(typed.0) <= most_apart) {
                let words = vec![
                    ("form", form.label.to_string()),
                    ("on", filled.date.to_string()),
                    ("label", field.label.to_string()),
                    ("typed", typed.to_string()),
                    ("parts", money.to_string()),
                    ("heads", people.to_string()),
                ];
                tell(Told { words, ..Told::default() });
            }
        }
    }
}

/// C306: more months than there were from the job's beginning to today, or to its end.
pub(super) fn months_not_yet_worked(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (file, day) = (case.looked.household.file, case.looked.look.day);
    for (number, row) in file.rows(jobs::SECTION) {
        let date = |field| row.get(field).and_then(Value::as_date);
        let planned = row.get(jobs::PLANNED).and_then(Value::as_yes_no) == Some(true);
        let months = row.get(jobs::MONTHS).and_then(Value::as_quantity).and_then(|months| months.as_whole());
        let (Some(from), Some(months), false) = (date(jobs::FROM), months, planned) else { continue };
        let (first, last) = (from.earliest(), date(jobs::TO).map_or(day, |to| to.latest().min(day)));
        // The first and the last month count whole: who began on the 30th may have been paid for the month.
        let most = (i64::from(last.year()) - i64::from(first.year())) * 12 + i64::from(last.month())
            - i64::from(first.month())
            + 1;
        if months > most.max(0) {
            tell(Told {
                slot: Some(Slot { section: jobs::SECTION, row: number, field: jobs::MONTHS }),
                ..Told::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::super::testing::{rows, rows_of};
    use crate::domain::form_field::{INCOME_LAST, PER_PERSON};
    use crate::domain::{FormRef, HouseholdFile, Money, Name};
    use crate::rules::testing::Defs;

    fn filled(file: &mut HouseholdFile, form: &str, day: &str, field: Name, yuan: i64) {
        let mut form = FormRef::blank(Name::new(form), day.parse().unwrap());
        form.amounts.push((field, Money::yuan(yuan)));
        form.act = file.forms.len() as u64;
        file.forms.push(form);
    }

    #[test]
    fn what_was_told_at_the_door_agrees_within_a_tenth() {
        let defs = Defs::shipped();
        let told = |yuan| {
            let mut file = defs.file("income.per_person=10000");
            filled(&mut file, "screening", "2022-10-08", INCOME_LAST, yuan);
            rows_of(&defs, "C308", &file)
        };
        assert_eq!((told(11_001), told(8_999)), (vec![0], vec![0]));
        assert!(told(11_000).is_empty() && told(9_000).is_empty());
    }

    #[test]
    fn the_newest_form_of_the_year_counts_until_the_file_is_put_right() {
        let defs = Defs::shipped();
        let mut file = defs.file("income.per_person=10000");
        assert!(rows_of(&defs, "C308", &file).is_empty(), "nobody was asked");
        filled(&mut file, "verification", "2022-09-30", PER_PERSON, 20_000);
        assert_eq!(rows_of(&defs, "C308", &file), [0]);
        let mut later = file.clone();
        filled(&mut later, "screening", "2022-10-08", INCOME_LAST, 10_000);
        assert!(rows_of(&defs, "C308", &later).is_empty());
        later.forms[1].withdrawn = true;
        assert_eq!(rows_of(&defs, "C308", &later), [0]);
        file.section_mut(Name::new("income")).changed_on = NaiveDate::from_ymd_opt(2022, 10, 1);
        assert!(rows_of(&defs, "C308", &file).is_empty(), "the file has moved since");
        let mut old = defs.file("income.per_person=10000");
        filled(&mut old, "screening", "2021-10-08", INCOME_LAST, 20_000);
        assert!(rows_of(&defs, "C308", &old).is_empty(), "another year's income");
        let mut unknown = defs.file("income.wages=1");
        filled(&mut unknown, "screening", "2022-10-08", INCOME_LAST, 20_000);
        assert!(rows_of(&defs, "C308", &unknown).is_empty());
    }

    #[test]
    fn a_form_whose_total_its_parts_do_not_make_is_told_with_both() {
        let defs = Defs::shipped();
        let parts = [("wages", 20_000), ("business_income", 9_000), ("business_cost", 1_000), ("property", 0)];
        let told = |people: &str, transfers: Option<i64>, share: i64| {
            let mut file = defs.file(&format!("members.1.name=甲 members.2.name=乙 {people}"));
            let mut form = FormRef::blank(Name::new("verification"), "2022-10-10".parse().unwrap());
            let all = parts.into_iter().chain(transfers.map(|yuan| ("transfers", yuan)));
            form.amounts = all.map(|(part, yuan)| (Name::new(part), Money::yuan(yuan))).collect();
            form.amounts.push((PER_PERSON, Money::yuan(share)));
            file.forms.push(form);
            rows_of(&defs, "C307.form", &file)
        };
        assert!(told("", Some(2_000), 15_000).is_empty());
        assert_eq!(told("", Some(2_000), 16_000), [0]);
        assert!(told("", None, 16_000).is_empty(), "a part is not known");
        assert!(told("income.people=3", Some(2_000), 10_000).is_empty(), "for those who were counted");
    }

    #[test]
    fn more_months_than_there_were() {
        let job = |fields: &str| rows("C306.worked", &format!("members.7.name=甲 jobs.1.person=7 {fields}"));
        assert_eq!(job("jobs.1.from=2022-09-30 jobs.1.months=4"), [1]);
        assert!(job("jobs.1.from=2022-09-30 jobs.1.months=3").is_empty());
        assert_eq!(job("jobs.1.from=2022-02 jobs.1.to=2022-05 jobs.1.months=5"), [1]);
        assert!(job("jobs.1.from=2022 jobs.1.months=11").is_empty(), "it may have begun in January");
        assert!(job("jobs.1.months=11").is_empty());
        assert!(job("jobs.1.from=2022-12 jobs.1.months=6 jobs.1.planned=是").is_empty());
    }
}
