//! What a survey asked is offered to the file, field by field: nobody types it a second time, and nothing goes in unasked.

use crate::domain::{Answer, FilledForm, Slot, Value};
use crate::forms::{Form, sums};

use super::Looked;

/// A value of a form for a field of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Where it would go.
    pub slot: Slot,
    /// The value.
    pub value: Value,
}

/// The answers of a form that the file does not hold. What was not answered, or follows from what the file holds, is
/// not offered.
pub fn of(looked: Looked<'_>, form: &Form, filled: &FilledForm) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    let household = looked.household;
    let mut offer = |(section, field), value: Value| {
        let slot = Slot { section, row: 0, field };
        let holds = household.shown(section, field).is_some_and(|(held, _)| *held == value);
        if !holds && offers.iter().all(|known| known.slot != slot) {
            offers.push(Offer { slot, value });
        }
    };
    for field in &form.fields {
        let Some(Answer::Value(value)) = filled.fields.get(&field.id) else { continue };
        let whole = field.sum.as_ref().and_then(|sum| Some((sum.whole?, sum)));
        if let Some((to, sum)) = whole
            && let Some(money) = sum.whole_of(|part| sums::amount(filled, part))
            // Where the file has no total of its own, it follows from the parts.
            && household.file.of_household(to.0, to.1).is_some()
        {
            offer(to, Value::Fen(money));
        }
        if let Some(to) = field.from_file {
            offer(to, value.clone());
        }
        let code = value.as_code().and_then(|code| code.id());
        for offered in field.offers.iter().filter(|offered| Some(offered.answer) == code) {
            offer(offered.slot, offered.value.clone());
        }
    }
    offers
}

#[cfg(test)]
mod tests {
    use super::super::testing::Defs;
    use super::*;
    use crate::domain::{Code, Money, Name};

    fn offered(held: &str, money: &[(&str, i64)], codes: &[(&str, &'static str)]) -> Vec<String> {
        let defs = Defs::shipped();
        let mut filled = FilledForm::blank(Name::new("verification"), 1, "v", 1);
        for (field, yuan) in money {
            filled.fields.insert(Name::new(field), Answer::Value(Value::Fen(Money::yuan(*yuan))));
        }
        for (field, code) in codes {
            let code = Value::Code(Code::listed(Name::new(code)));
            filled.fields.insert(Name::new(field), Answer::Value(code));
        }
        let file = defs.file(held);
        let offers = of(defs.on("2022-11-20").at(&file), defs.forms.named("verification").unwrap(), &filled);
        let words = |offer: &Offer| {
            let field = defs.catalogue.in_slot(offer.slot).unwrap();
            format!("{}={}", field.label, defs.catalogue.show(field, &offer.value))
        };
        offers.iter().map(words).collect()
    }

    #[test]
    fn what_differs_is_offered_and_what_is_blank_or_the_same_is_not() {
        let held = "income.wages=26000 spending.spent_medical=500";
        assert_eq!(offered(held, &[("wages", 26_000), ("spent_medical", 800)], &[]), ["医疗自付支出=800"]);
        assert!(offered(held, &[], &[]).is_empty());
    }

    #[test]
    fn a_share_that_follows_from_the_parts_is_not_offered_and_a_typed_total_is() {
        let parts =
            [("wages", 20_000), ("business_income", 0), ("business_cost", 0), ("property", 0), ("transfers", 0)];
        let mut all = parts.to_vec();
        all.push(("per_person", 10_000));
        let people = "members.1.name=甲 members.2.name=乙 income.business_income=0 income.business_cost=0 \
                      income.property=0 income.transfers=0 income.wages=20000";
        assert!(offered(people, &all, &[]).is_empty());
        let typed = offered(&format!("{people} income.net=26000 income.per_person=13000"), &all, &[]);
        assert_eq!(typed, ["家庭纯收入=20000", "人均纯收入=10000"]);
    }

    #[test]
    fn a_verdict_is_offered_as_the_facts_that_it_can_stand_for() {
        assert_eq!(offered("water.safe=是", &[], &[("water", "problem")]), ["是否解决安全饮用水=否"]);
        assert_eq!(offered("", &[], &[("housing", "problem")]), ["疑似危房=是"], "only an appraisal says more");
        assert!(offered("", &[], &[("housing", "assured"), ("water", "unclear")]).is_empty());
    }
}
