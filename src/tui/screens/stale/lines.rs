//! The lines of 更新, by household or by kind, errors first.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::domain::{HouseholdId, Name};
use crate::rules::stale::Stale;
use crate::tui::desk::Desk;
use crate::workspace::WorkspaceError;

/// One stale entry, with whom it concerns.
pub(super) struct Line {
    pub id: HouseholdId,
    pub head: String,
    pub group: String,
    /// The section's name on the screen.
    pub label: String,
    pub stale: Stale,
}

/// How lines stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// Household by household, the one that has waited longest first.
    Household,
    /// Kind by kind, the longest first.
    Kind,
}

impl By {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Household => "按户",
            Self::Kind => "按种类",
        }
    }

    pub const fn other(self) -> Self {
        match self {
            Self::Household => Self::Kind,
            Self::Kind => Self::Household,
        }
    }
}

impl Line {
    /// What tells it from all others.
    pub fn key(&self) -> (HouseholdId, Name, &'static str) {
        (self.id, self.stale.section, self.stale.code)
    }

    /// Why, beside what its columns say already.
    pub fn brief(&self) -> &str {
        if self.stale.code == "C502" { "没有核实" } else { &self.stale.why }
    }

    /// What takes it off the list.
    pub fn remedy(&self) -> &'static str {
        match self.stale.code {
            "C501" => "到户档里把变化填上，就不再列在这里。",
            "C503" => "导出变更集交县，就不再列在这里。",
            _ => "走访时看过这一项，或今天看过、记为核实无变，就不再列在这里。",
        }
    }
}

/// Everything that is stale.
pub(super) fn of(desk: &Desk, by: By) -> Result<Vec<Line>, WorkspaceError> {
    let workspace = &desk.workspace;
    let line = |(id, stale): (HouseholdId, Stale)| {
        let summary = workspace.households().get(id);
        let section = workspace.definitions().catalogue.section(stale.section);
        Line {
            id,
            head: summary.map_or("", |summary| &summary.head).to_owned(),
            group: desk.place_of(id),
            label: section.map_or(stale.section.as_str(), |section| &section.label).to_owned(),
            stale,
        }
    };
    let mut lines: Vec<Line> = workspace.stale()?.into_iter().map(line).collect();
    sort(&mut lines, by);
    Ok(lines)
}

/// Puts lines together, errors first.
pub(super) fn sort(lines: &mut [Line], by: By) {
    let urgency = |line: &Line| (!line.stale.is_error, Reverse(line.stale.days));
    match by {
        By::Kind => {
            lines.sort_by_key(|line| (!line.stale.is_error, line.stale.code, Reverse(line.stale.days), line.id));
        }
        By::Household => {
            let mut first: HashMap<HouseholdId, (bool, Reverse<i64>)> = HashMap::new();
            for line in lines.iter() {
                let worst = first.entry(line.id).or_insert_with(|| urgency(line));
                *worst = urgency(line).min(*worst);
            }
            lines.sort_by_cached_key(|line| (first.get(&line.id).copied(), line.id, urgency(line), line.stale.code));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(serial: u32, code: &'static str, days: i64, is_error: bool) -> Line {
        Line {
            id: HouseholdId { village: "419999101201".parse().unwrap(), serial },
            head: String::new(),
            group: String::new(),
            label: String::new(),
            stale: Stale {
                code,
                section: Name::new("housing"),
                confirmed_on: None,
                changed_on: None,
                days,
                is_error,
                why: String::new(),
            },
        }
    }

    fn sorted(by: By) -> Vec<(u32, &'static str, i64)> {
        let mut lines = vec![
            line(1, "C502", 90, false),
            line(2, "C502", 40, true),
            line(2, "C501", 35, true),
            line(2, "C502", 95, false),
            line(3, "C503", 50, true),
        ];
        sort(&mut lines, by);
        lines.iter().map(|line| (line.id.serial, line.stale.code, line.stale.days)).collect()
    }

    #[test]
    fn households_with_errors_come_first_and_stay_together() {
        assert_eq!(
            sorted(By::Household),
            [(3, "C503", 50), (2, "C502", 40), (2, "C501", 35), (2, "C502", 95), (1, "C502", 90)]
        );
    }

    #[test]
    fn kinds_stay_together_errors_first() {
        assert_eq!(
            sorted(By::Kind),
            [(2, "C501", 35), (2, "C502", 40), (3, "C503", 50), (2, "C502", 95), (1, "C502", 90)]
        );
    }
}
