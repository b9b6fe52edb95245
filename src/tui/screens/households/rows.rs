//! What the list shows of one household, and of all of them together.

use chrono::Datelike;

use crate::checks::Severity;
use crate::domain::HouseholdId;
use crate::rules::standing::Progress;
use crate::tui::desk::Desk;
use crate::workspace::find::Row;
use crate::workspace::findings::Tally;

/// So many rows are made on each side of the selection, more than any window has.
pub(super) const AHEAD: usize = 100;

/// One row, as text.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    pub colour: String,
    /// Its village, where several are listed together.
    pub village: String,
    pub head: String,
    pub group: String,
    pub house: String,
    pub people: String,
    pub class: String,
    pub per_person: String,
    pub visited: String,
    pub screened: &'static str,
    pub stale: String,
    pub pending: String,
    pub problems: String,
}

/// All open households of the village at work.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Totals {
    pub households: usize,
    pub people: usize,
}

impl Cells {
    /// The row of a household; blank where its file cannot be read, which opening it will say.
    pub fn of(desk: &Desk, id: HouseholdId) -> Self {
        desk.workspace.row(id).map(|row| Self::of_row(desk, &row)).unwrap_or_default()
    }

    fn of_row(desk: &Desk, row: &Row<'_>) -> Self {
        let (summary, standing) = (row.summary, &row.standing);
        let head = match (&*summary.head, summary.has_head) {
            ("", _) => "（无人）".to_owned(),
            (head, true) => head.to_owned(),
            (head, false) => format!("{head}?"),
        };
        let count = |number: usize, unit: &str| if number == 0 { String::new() } else { format!("{number}{unit}") };
        Self {
            colour: standing.colour.as_ref().map_or(String::new(), |graded| graded.label.to_string()),
            village: match desk.workspace.shows_villages() {
                true => desk.workspace.village_in_words(summary.id.village),
                false => String::new(),
            },
            head,
            group: summary.group.as_deref().unwrap_or_default().to_owned(),
            house: summary.house_number.as_deref().unwrap_or_default().to_owned(),
            people: summary.people.to_string(),
            class: if summary.closed { "已销户".to_owned() } else { desk.workspace.class_in_words(summary) },
            // Whole yuan, as much as is full: what is under a line never looks as if it reached it.
            per_person: summary.per_person.map_or(String::new(), |shown| {
                let mark = if shown.computed { "算" } else { "" };
                format!("{mark}{}", shown.money.0.div_euclid(100))
            }),
            visited: match standing.visited_on {
                Some(day) => format!("{}日", day.day()),
                None if standing.due => "—".to_owned(),
                None => String::new(),
            },
            screened: match standing.screening {
                Progress::Done => "✓",
                Progress::Open => "—",
                Progress::NotWanted => "",
            },
            stale: count(row.stale, "节"),
            pending: count(row.pending, "处"),
            problems: row.apart().map(problems).unwrap_or_default(),
        }
    }
}

/// What the checks find, in short; hints are left to the file.
fn problems(tally: Tally) -> String {
    let counts = [(Severity::Error, tally.errors), (Severity::Warn, tally.warnings)];
    let counts = counts.iter().filter(|(_, count)| *count > 0).map(|(it, count)| format!("{}{count}", it.short()));
    counts.collect::<Vec<_>>().join(" ")
}

impl Totals {
    /// Counts them.
    pub fn of(desk: &Desk) -> Self {
        let workspace = &desk.workspace;
        let open = workspace.households().iter().filter(|summary| !summary.closed && workspace.is_at_work(summary.id));
        open.fold(Self::default(), |all, summary| Self {
            households: all.households + 1,
            people: all.people + usize::from(summary.people),
        })
    }
}
