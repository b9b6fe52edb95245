//! Totals of the income that stand on file as what their parts come to: they follow the parts, so that nobody reckons
//! what the program can.

use crate::changes::apply::apply;
use crate::changes::{Act, FieldChange};
use crate::domain::field::income;
use crate::domain::{Household, HouseholdFile, Income, Money, Name, Slot, Value};

use super::{Circumstances, edits};

/// A total and what it follows from agree within a yuan (C307).
const AGREES: i64 = 100;

/// Lets the net income follow its parts, and the share of a head the net income, where they did before and the act does
/// not say them itself. A total that somebody typed otherwise stays.
pub(super) fn follow(act: &mut Act, file: &HouseholdFile) {
    let slot = |field| Slot { section: income::SECTION, row: 0, field };
    let says = |act: &Act, field| act.changes.iter().any(|it| (it.household, it.slot) == (file.id.serial, slot(field)));
    let is_income = |change: &&FieldChange| {
        (change.household, change.slot.section) == (file.id.serial, income::SECTION) && !change.evidence_only
    };
    let Some(change) = act.changes.iter().rfind(is_income) else { return };
    let how = Circumstances {
        happened_on: change.happened_on,
        seen_on: change.seen_on,
        evidence: change.evidence.clone(),
        item: change.item,
        takes_paper: false,
    };
    let before = Income::of(file);
    let reckoned = |act: &Act| {
        let mut after = file.clone();
        apply(&mut after, act);
        (Income::of(&after), Household::of(&after).members().count())
    };
    let put = |act: &mut Act, field: Name, money: Money| {
        edits::push(act, file, slot(field), Some(Value::Fen(money)), &how);
    };
    let typed = file.get(slot(income::NET)).and_then(Value::as_money);
    let (after, people) = reckoned(act);
    let sum = after.sum.filter(|sum| before.sum != Some(*sum));
    if let Some(sum) = sum.filter(|_| !says(act, income::NET) && agree(typed, before.sum)) {
        put(act, income::NET, sum);
    }
    let net = reckoned(act).0.net.filter(|net| before.net != Some(*net));
    let share = || net?.per(i64::try_from(people).ok()?);
    if !says(act, income::PER_PERSON)
        && agree(before.typed, before.by_counted())
        && let Some(share) = share()
    {
        put(act, income::PER_PERSON, share);
    }
}

fn agree(typed: Option<Money>, follows: Option<Money>) -> bool {
    typed.zip(follows).is_some_and(|(typed, follows)| typed.0.abs_diff(follows.0) <= AGREES.unsigned_abs())
}
