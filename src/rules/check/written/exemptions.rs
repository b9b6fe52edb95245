//! Exemptions that end: what they covered is open again from the next day on.

use crate::checks::Severity;
use crate::domain::field::exemptions;
use crate::domain::{Slot, Value};

use super::super::Case;
use super::Told;

/// How long an exemption that has ended is told of, in days: one round of visits.
const TOLD_FOR: i64 = 31;

/// An exemption that ends within the days that count as near, or has lately ended.
pub(super) fn ends(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let look = case.looked.look;
    for (row, fields) in case.looked.household.file.rows(exemptions::SECTION) {
        let text = |field| fields.get(field).and_then(Value::as_text).unwrap_or_default().to_owned();
        let Some(until) = fields.get(exemptions::UNTIL).and_then(Value::as_date) else { continue };
        let left = (until.latest() - look.day).num_days();
        if left > look.policy.stale.near_days || left < -TOLD_FOR {
            continue;
        }
        let days = match left {
            0 => "今天到期".to_owned(),
            1.. => format!("还有{left}天到期"),
            _ => format!("已到期{}天", -left),
        };
        let check = text(exemptions::CHECK);
        let found_by = Some(format!("{check} {until}"));
        let words = vec![("check", check), ("reason", text(exemptions::REASON)), ("days", days)];
        tell(Told {
            slot: Some(Slot { section: exemptions::SECTION, row, field: exemptions::UNTIL }),
            severity: Some(if left < 0 { Severity::Warn } else { Severity::Hint }),
            words,
            found_by,
            ..Told::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::standing;
    use super::super::super::super::testing::Defs;
    use super::*;

    fn told(until: &str) -> Vec<String> {
        let defs = Defs::shipped();
        let file =
            defs.file(&format!("exemptions.1.check=C402 exemptions.1.reason=新农合待补 exemptions.1.until={until}"));
        let look = defs.on("2022-11-20");
        let standing = standing::of(look, &file);
        let mut told = Vec::new();
        ends(Case { looked: look.at(&file), standing: &standing, unsent: &[], village: None }, &mut |it| {
            told.push(it.words[2].1.clone());
        });
        told
    }

    #[test]
    fn it_is_told_when_it_is_near_and_for_a_month_after() {
        assert_eq!(told("2022-11-20"), ["今天到期"]);
        assert_eq!(told("2022-11-27"), ["还有7天到期"]);
        assert!(told("2022-11-28").is_empty());
        assert_eq!(told("2022-11-19"), ["已到期1天"]);
        assert_eq!(told("2022-10-20"), ["已到期31天"]);
        assert!(told("2022-10-19").is_empty());
        // Known to the month, it ends with the month.
        assert!(told("2022-11").is_empty());
    }
}
