//! Whom a round asks, what each still owes it, and how far each group of the village has come.

use crate::domain::{HouseholdId, Name};
use crate::forms::FormKind;
use crate::policy::Round;
use crate::rules::round::Grouped;
use crate::rules::standing::Progress;
use crate::tui::desk::Desk;
use crate::workspace::WorkspaceError;
use crate::workspace::worklist::Count;

/// A household of the round.
pub struct Row {
    pub id: HouseholdId,
    pub head: String,
    /// The group of the village; blank where the file has none.
    pub group: String,
    pub house_number: String,
    pub screening: Mark,
    pub verification: Mark,
    /// The key groups, each in a word.
    pub groups: String,
    /// The key groups with the fact behind each.
    pub why: String,
}

/// Where one form of a household stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    NotWanted,
    Open,
    Begun,
    Done,
}

impl Mark {
    /// Whether somebody still has to fill the form.
    pub fn is_owed(self) -> bool {
        matches!(self, Self::Open | Self::Begun)
    }

    /// As it stands in a column.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotWanted => "",
            Self::Open => "没填",
            Self::Begun => "半张",
            Self::Done => "✓",
        }
    }

    fn of(progress: Progress, is_begun: bool) -> Self {
        match (progress, is_begun) {
            (Progress::Done, _) => Self::Done,
            (_, true) => Self::Begun,
            (Progress::Open, false) => Self::Open,
            (Progress::NotWanted, false) => Self::NotWanted,
        }
    }
}

impl Row {
    /// Whether something of this household is still to be filled.
    pub fn is_left(&self) -> bool {
        self.screening.is_owed() || self.verification.is_owed()
    }

    /// The form that is filled next: the screening form, then the verification form.
    pub fn next(&self) -> Option<FormKind> {
        if self.screening.is_owed() {
            Some(FormKind::Screening)
        } else {
            self.verification.is_owed().then_some(FormKind::Verification)
        }
    }
}

/// How far the round has come in a part of the village.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The group of the village; blank for households without one.
    pub group: String,
    pub screening: Count,
    pub verification: Count,
}

impl Tally {
    fn add(&mut self, row: &Row) {
        for (count, mark) in [(&mut self.screening, row.screening), (&mut self.verification, row.verification)] {
            count.of += usize::from(mark != Mark::NotWanted);
            count.done += usize::from(mark == Mark::Done);
        }
    }

    /// In words: `筛查 3/8  排查 1/4`.
    pub fn in_words(&self) -> String {
        let Self { screening, verification, .. } = self;
        format!("筛查 {}/{}  排查 {}/{}", screening.done, screening.of, verification.done, verification.of)
    }
}

/// All rows together.
pub fn all(rows: &[Row]) -> Tally {
    rows.iter().fold(Tally::default(), |mut tally, row| {
        tally.add(row);
        tally
    })
}

/// The groups of the village, in the order in which one walks.
pub fn by_group(rows: &[Row]) -> Vec<Tally> {
    let mut tallies: Vec<Tally> = Vec::new();
    for row in rows {
        let known = tallies.iter_mut().find(|tally| tally.group == row.group);
        match known {
            Some(tally) => tally.add(row),
            None => {
                let mut tally = Tally { group: row.group.clone(), ..Tally::default() };
                tally.add(row);
                tallies.push(tally);
            }
        }
    }
    tallies
}

/// The households that the round asks, in the order in which one walks.
pub fn read(desk: &Desk) -> Result<Vec<Row>, WorkspaceError> {
    let workspace = &desk.workspace;
    let drafts = workspace.drafts();
    let is_begun = |id: HouseholdId, kind: FormKind| {
        let form = workspace.definitions().forms.all().find(|form| form.kind == kind).map(|form| form.name);
        drafts.iter().any(|draft| draft.household == id && Some(draft.filled.name) == form)
    };
    let mut rows = Vec::new();
    for id in workspace.in_walking_order() {
        let standing = workspace.standing(id)?;
        let screening = Mark::of(standing.screening, is_begun(id, FormKind::Screening));
        let verification = Mark::of(standing.verification, is_begun(id, FormKind::Verification));
        if (screening, verification) == (Mark::NotWanted, Mark::NotWanted) {
            continue;
        }
        let summary = workspace.households().get(id);
        let text = |text: Option<&Box<str>>| text.map(|text| text.to_string()).unwrap_or_default();
        rows.push(Row {
            id,
            head: summary.map_or_else(String::new, |summary| summary.head.to_string()),
            group: desk.place_of(id),
            house_number: text(summary.and_then(|summary| summary.house_number.as_ref())),
            screening,
            verification,
            groups: in_words(desk, &standing.groups, |short, grouped| match grouped.said {
                None => format!("{short}?"),
                Some(true) => short.to_owned(),
                Some(false) => format!("不属{short}"),
            }),
            why: in_words(desk, &standing.groups, |short, grouped| {
                let said = match grouped.said {
                    None => "（户档证明，还没认定）",
                    Some(true) => "",
                    Some(false) => "（筛查时认为不属于）",
                };
                let why = grouped.proof.as_ref().map(|why| format!("：{why}")).unwrap_or_default();
                format!("{short}{why}{said}")
            }),
        });
    }
    Ok(rows)
}

fn in_words(desk: &Desk, groups: &[Grouped], word: impl Fn(&str, &Grouped) -> String) -> String {
    let short = |group: Name| desk.workspace.definitions().forms.group(group).map_or("", |group| &group.short);
    let words: Vec<String> = groups.iter().map(|grouped| word(short(grouped.group), grouped)).collect();
    words.join("；")
}

/// The days of a round, and how many are left of them.
pub fn days_in_words(round: &Round, today: chrono::NaiveDate) -> String {
    use crate::catalogue::print::day_in_words;
    use crate::domain::PartialDate;
    let day = |day| day_in_words(PartialDate::from(day), PartialDate::from(today).known_year());
    let (from, to) = round.days;
    let left = match (today < from, (to - today).num_days()) {
        (true, _) => "还没开始".to_owned(),
        (_, 0) => "今天截止".to_owned(),
        (_, left @ 1..) => format!("还有{left}天"),
        (_, over) => format!("已过{}天", -over),
    };
    format!("{}至{}  {left}", day(from), day(to))
}
