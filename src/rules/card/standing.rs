//! What the household is: class, case, risk, and its income against the line.

use crate::catalogue::Field;
use crate::domain::field::{case, class};
use crate::domain::{Household, Money, Name, RiskState, Value};

use super::{Cell, Writer};

/// What the title calls the household.
pub(super) fn word(household: Household<'_>) -> &'static str {
    match (household.target(), household.relieved()) {
        (Some(_), _) => "监测对象",
        (None, Some(true)) => "脱贫户",
        _ => "农户",
    }
}

impl Writer<'_> {
    fn label(&self, section: Name, field: Name) -> Option<String> {
        let field = self.look.catalogue.field(section, field)?;
        Some(self.look.catalogue.show(field, self.file.of_household(section, field.id)?))
    }

    /// The class, and what it is as a target.
    pub(super) fn standing(&self) -> Cell {
        let class = self.label(class::SECTION, class::CLASS);
        let target = self.label(case::SECTION, case::TARGET);
        let risk = self.household.risk_state().map(risk_word);
        let words: Vec<String> = [class, target, risk.map(str::to_owned)].into_iter().flatten().collect();
        if words.is_empty() { Cell::default() } else { Cell::known(words.join("，")) }
    }

    /// Per-person net income, and how far it is from the line.
    pub(super) fn against_line(&self) -> Cell {
        let income = self.household.income();
        let (Some(shown), Some(reckoned)) = (income.per_person(), income.reckoned) else { return Cell::default() };
        let how = self.look.policy.income.line.map(|line| {
            let off = Money(reckoned.0.saturating_sub(line.0).saturating_abs());
            match reckoned.cmp(&line) {
                std::cmp::Ordering::Less => format!("比监测线{line}元低{off}元"),
                std::cmp::Ordering::Equal => format!("正好是监测线{line}元"),
                std::cmp::Ordering::Greater => format!("比监测线{line}元高{off}元"),
            }
        });
        let how = how.unwrap_or_else(|| "监测线未载明".to_owned());
        let mark = if shown.computed { "（算）" } else { "" };
        // What nobody has found true yet lifts no household over a line.
        let by = if reckoned == shown.money { String::new() } else { format!("没核实前按{reckoned}元，") };
        Cell::known(format!("{}元{mark}，{by}{how}", shown.money))
    }

    /// The risks of the case.
    pub(super) fn risks(&self) -> Cell {
        let label = |field: &Field, code| self.look.catalogue.label(field, code).to_owned();
        let Some(field) = self.look.catalogue.field(case::SECTION, case::RISK1) else { return Cell::default() };
        let risks: Vec<String> = self.household.risks().map(|code| label(field, code)).collect();
        if risks.is_empty() { Cell::default() } else { Cell::known(risks.join("、")) }
    }

    /// Whether the risk is gone, how, and since when. Only the mark ends a case; without it nothing is said.
    pub(super) fn elimination(&self) -> Cell {
        let mark = self.file.of_household(case::SECTION, case::ELIMINATED).and_then(Value::as_yes_no);
        match (mark, self.household.risk_state()) {
            (Some(true), _) => {
                let how = self.label(case::SECTION, case::ELIMINATED_HOW);
                let on = self.label(case::SECTION, case::ELIMINATED_ON);
                let words: Vec<String> = [Some("已消除".to_owned()), how, on].into_iter().flatten().collect();
                Cell::known(words.join("，"))
            }
            (Some(false), _) => Cell::known("未消除".to_owned()),
            (None, _) => Cell::default(),
        }
    }
}

fn risk_word(state: RiskState) -> &'static str {
    match state {
        RiskState::Open => "风险未消除",
        RiskState::Eliminated => "风险已消除",
        RiskState::Lapsed => "风险自然消除",
    }
}
