//! Measures that ended, and papers that speak for them (S0:67, S0:98).

use chrono::Months;

use crate::domain::field::{documents, measures};
use crate::domain::{Code, HouseholdFile, Name, PartialDate, Row, Slot, Value};

use super::super::Case;
use super::Told;

fn code(row: &Row, field: Name) -> Option<Name> {
    row.get(field).and_then(Value::as_code).and_then(Code::id)
}

fn date(row: &Row, field: Name) -> Option<PartialDate> {
    row.get(field).and_then(Value::as_date)
}

fn told(row: u32, field: Name) -> Told {
    Told { slot: Some(Slot { section: measures::SECTION, row, field }), ..Told::default() }
}

/// C204: a measure that ended, and none of its kind goes on. What was given on one day ends with it.
pub(super) fn not_renewed(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let (file, look) = (case.looked.household.file, case.looked.look);
    let within = look.policy.figure(Name::fixed("renewed_within")).and_then(|months| months.as_whole());
    let months = within.and_then(|months| u32::try_from(months).ok()).map(Months::new);
    let Some(since) = months.and_then(|months| look.day.checked_sub_months(months)) else { return };
    for (number, row) in file.rows(measures::SECTION) {
        let Some(to) = date(row, measures::TO) else { continue };
        let lately = to.latest() < look.day && to.earliest() >= since;
        let of_a_day = date(row, measures::FROM) == Some(to);
        if lately && !of_a_day && !goes_on(file, row, to) {
            tell(told(number, measures::TO));
        }
    }
}

/// Whether another measure of the kind, and of the same content where both say it, lasts longer or may.
fn goes_on(file: &HouseholdFile, ended: &Row, to: PartialDate) -> bool {
    let what = |row: &Row| row.get(measures::WHAT).and_then(Value::as_text).map(str::to_owned);
    file.rows(measures::SECTION).any(|(_, other)| {
        let same_content = what(other).zip(what(ended)).is_none_or(|(one, another)| one == another);
        let same = code(other, measures::KIND) == code(ended, measures::KIND) && same_content;
        same && date(other, measures::TO).is_none_or(|end| end.latest() > to.latest())
    })
}

/// C509: a measure for which no paper speaks. Where no paper was ever noted, or one does not say for what it speaks,
/// nobody knows.
pub(super) fn no_paper(case: Case<'_>, tell: &mut dyn FnMut(Told)) {
    let file = case.looked.household.file;
    let papers: Vec<&Row> =
        file.rows(documents::SECTION).map(|(_, row)| row).filter(|row| row.get(documents::WHAT).is_some()).collect();
    if papers.is_empty() {
        return;
    }
    for (number, row) in file.rows(measures::SECTION) {
        let Some(kind) = code(row, measures::KIND) else { continue };
        if !papers.iter().any(|paper| may_speak_for(paper, kind)) {
            tell(told(number, measures::KIND));
        }
    }
}

fn may_speak_for(paper: &Row, kind: Name) -> bool {
    match (code(paper, documents::SUPPORTS), code(paper, documents::MEASURE)) {
        (_, Some(of)) => of == kind,
        (Some(of), None) => of == "measure",
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::rows;

    #[test]
    fn a_measure_that_ended_lately_and_does_not_go_on() {
        let ended =
            "class.class=脱贫户(享受政策) measures.1.kind=产业帮扶 measures.1.from=2021-09 measures.1.to=2022-09 ";
        assert_eq!(rows("C204", ended), [1]);
        let with = |more: &str| rows("C204", &format!("{ended}{more}"));
        assert!(with("measures.2.kind=产业帮扶 measures.2.from=2022-10").is_empty(), "goes on, the end unknown");
        assert_eq!(with("measures.2.kind=产业帮扶 measures.2.to=2022-08"), [1], "the later one is the one to renew");
        assert_eq!(with("measures.2.kind=金融帮扶 measures.2.from=2022-10"), [1]);
        let content = "measures.1.what=光伏 measures.2.kind=产业帮扶 measures.2.what=养殖";
        assert_eq!(with(content), [1], "another content");
        let of = |dates: &str| rows("C204", &format!("class.class=脱贫户(享受政策) measures.1.kind=综合保障 {dates}"));
        assert!(of("measures.1.from=2022-05-01").is_empty(), "no end, nothing known");
        assert!(of("measures.1.from=2022-05-01 measures.1.to=2022-05-01").is_empty(), "given once");
        assert!(of("measures.1.to=2022").is_empty(), "it may last");
        assert!(of("measures.1.to=2020-05").is_empty(), "long ago");
    }

    #[test]
    fn a_measure_without_a_paper_once_papers_were_noted() {
        let base = "class.class=脱贫户 measures.1.kind=产业帮扶 measures.2.kind=金融帮扶 ";
        let with = |papers: &str| rows("C509.measure", &format!("{base}{papers}"));
        assert!(with("").is_empty());
        assert_eq!(with("documents.1.what=验收单 documents.1.measure=产业帮扶"), [2]);
        assert_eq!(with("documents.1.what=工资单 documents.1.supports=工资性收入"), [1, 2]);
        assert!(
            with("documents.1.what=验收单 documents.1.supports=帮扶措施").is_empty(),
            "for which one it does not say"
        );
        assert!(with("documents.1.what=验收单").is_empty());
    }
}
