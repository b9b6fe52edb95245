//! The totals of a form: they fill while their parts are typed, and stay as a person typed them.

use crate::domain::{Answer, FilledForm, Money, Name, Value};

use super::schema::{Field, Form};

/// What a total is the sum of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The fields that it adds up, and whether each is taken off.
    pub parts: Vec<(Name, bool)>,
    /// Whether the sum is shared among the members of the household.
    pub per_head: bool,
    /// The field of the file that holds the sum before it is shared.
    pub whole: Option<(Name, Name)>,
}

impl Sum {
    /// What the parts come to, where all of them are known.
    pub fn whole_of(&self, amount: impl Fn(Name) -> Option<Money>) -> Option<Money> {
        self.parts.iter().try_fold(Money::default(), |sum, (field, takes_off)| {
            let money = amount(*field)?;
            sum.plus(if *takes_off { Money(money.0.checked_neg()?) } else { money })
        })
    }

    /// The total for so many members.
    pub fn of(&self, amount: impl Fn(Name) -> Option<Money>, people: usize) -> Option<Money> {
        let whole = self.whole_of(amount)?;
        if self.per_head { whole.per(i64::try_from(people).ok()?) } else { Some(whole) }
    }
}

/// The amount that a form answers to a field.
pub fn amount(filled: &FilledForm, field: Name) -> Option<Money> {
    match filled.fields.get(&field)? {
        Answer::Value(value) => value.as_money(),
        _ => None,
    }
}

/// Fills the totals of a form whose parts have changed, and tells which. A total that is neither blank, nor what the
/// parts came to before, nor what the form began with, was typed by a person and stays.
pub fn fill(
    form: &Form,
    before: &FilledForm,
    now: &mut FilledForm,
    people: usize,
    began_with: impl Fn(&Field) -> Option<Money>,
) -> Vec<(Name, Money)> {
    let mut filled = Vec::new();
    for (field, sum) in form.fields.iter().filter_map(|field| Some((field, field.sum.as_ref()?))) {
        let was = sum.of(|part| amount(before, part), people);
        let Some(is) = sum.of(|part| amount(now, part), people).filter(|is| Some(*is) != was) else { continue };
        let held = amount(now, field.id);
        if held.is_none() || held == was || held == began_with(field) {
            now.fields.insert(field.id, Answer::Value(Value::Fen(is)));
            filled.push((field.id, is));
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::data::Data;
    use crate::forms::Forms;

    const PARTS: [(&str, i64); 5] = [
        ("wages", 26_000),
        ("business_income", 3_000),
        ("business_cost", 1_000),
        ("property", 0),
        ("transfers", 2_000),
    ];
    const SHARE: Name = Name::fixed("per_person");

    fn answered(answers: &[(&str, i64)]) -> FilledForm {
        let mut filled = FilledForm::blank(Name::new("verification"), 1, "v", 1);
        for (field, yuan) in answers {
            filled.fields.insert(Name::new(field), Answer::Value(Value::Fen(Money::yuan(*yuan))));
        }
        filled
    }

    fn share(before: &FilledForm, now: &[(&str, i64)], began_with: Option<i64>) -> Option<Money> {
        let data = Data::embedded();
        let forms = Forms::load(&data, &Catalogue::load(&data).unwrap()).unwrap();
        let mut now = answered(now);
        fill(forms.named("verification").unwrap(), before, &mut now, 4, |_| began_with.map(Money::yuan));
        amount(&now, SHARE)
    }

    #[test]
    fn a_total_fills_once_its_last_part_is_typed_and_follows_them() {
        let nothing = answered(&[]);
        assert_eq!(share(&nothing, &PARTS[..4], None), None);
        assert_eq!(share(&answered(&PARTS[..4]), &PARTS, None), Some(Money::yuan(7_500)));
        let mut more = PARTS.to_vec();
        more[0].1 = 30_000;
        more.push(("per_person", 7_500));
        let mut before = PARTS.to_vec();
        before.push(("per_person", 7_500));
        assert_eq!(share(&answered(&before), &more, None), Some(Money::yuan(8_500)));
    }

    #[test]
    fn what_a_person_typed_stays_and_what_the_file_said_does_not() {
        let mut own = PARTS.to_vec();
        own.push(("per_person", 9_000));
        assert_eq!(share(&answered(&PARTS[..4]), &own, Some(8_000)), Some(Money::yuan(9_000)));
        assert_eq!(share(&answered(&PARTS[..4]), &own, Some(9_000)), Some(Money::yuan(7_500)));
        assert_eq!(share(&answered(&own), &own, Some(9_000)), Some(Money::yuan(9_000)), "no part has changed");
    }
}
