//! All loans of a household together (S0:28, S0:32).

use crate::domain::field::loans;
use crate::domain::{Money, Name, Slot, Value};

use super::super::Case;
use super::Told;

/// C604: what is not repaid is more than a household may have, or more of it is subsidised than may be. One loan alone
/// whose subsidised part is too large is told at the loan.
pub(super) fn loans_over_most(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (file, look) = (case.looked.household.file, case.looked.look);
    let open = || file.rows(loans::SECTION).filter(|(_, row)| row.get(loans::REPAID_ON).is_none());
    for (field, figure, kind, several) in
        [(loans::AMOUNT, "loan_most", "合计", false), (loans::SUBSIDISED, "loan_subsidised", "贴息合计", true)]
    {
        let Some(most) = look.policy.figure(Name::new(figure)).and_then(|most| most.as_whole()).map(Money::yuan) else {
            continue;
        };
        let known: Vec<Money> = open().filter_map(|(_, row)| row.get(field).and_then(Value::as_money)).collect();
        let sum = known.iter().try_fold(Money::default(), |sum, money| sum.plus(*money)).unwrap_or(Money(i64::MAX));
        let first = open().next().map(|(number, _)| number);
        if let (Some(row), true) = (first, sum > most && (!several || known.len() > 1)) {
            let slot = Some(Slot { section: loans::SECTION, row, field });
            let words = vec![("sum", format!("{kind}{sum}元")), ("most", format!("{most}元"))];
            tell(Told { slot, words, ..Told::default() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::rows;

    #[test]
    fn the_loans_of_a_household_together() {
        let two = |fields: &str| rows("C604.total", &format!("loans.1.amount=50000 loans.2.amount=60000 {fields}"));
        assert_eq!(two(""), [1]);
        assert!(two("loans.1.repaid_on=2022-05-01").is_empty());
        assert!(rows("C604.total", "loans.1.amount=50000 loans.2.amount=50000").is_empty());
        assert!(rows("C604.total", "loans.1.amount=50000 loans.2.bank=农商行").is_empty(), "how much is unknown");
        assert_eq!(rows("C604.total", "loans.1.subsidised=30000 loans.2.subsidised=30000"), [1]);
        assert!(rows("C604.total", "loans.1.subsidised=60000").is_empty(), "told at the loan");
    }
}
