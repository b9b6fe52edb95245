//! What stands on the screen of a household: its line in the queue, and the pages below it.

use crate::catalogue::print::day_in_words;
use crate::domain::PartialDate;
use crate::tui::text;
use crate::workspace::Workspace;
use crate::workspace::review_queue::{InQueue, State, ToReview, held_in_words};

/// One household of the queue, in words.
pub(super) struct Line {
    pub queued: InQueue,
    pub head: String,
    pub group: String,
    /// The sections that change, with how many fields where it is more than one.
    pub what: String,
    pub by: String,
    /// What the checks find, in short.
    pub found: String,
    /// What was said, and what would keep it from the clerk.
    pub note: String,
}

impl Line {
    pub fn of(workspace: &Workspace, queued: InQueue) -> Self {
        let summary = workspace.households().get(queued.id);
        let head = summary.map(|summary| summary.head.to_string()).filter(|head| !head.is_empty());
        let year = PartialDate::from(workspace.today()).known_year();
        let what = queued.sections.iter().map(|(section, fields)| match fields {
            1 => workspace.section_in_words(*section).to_owned(),
            many => format!("{}{many}", workspace.section_in_words(*section)),
        });
        let mut notes = Vec::new();
        if let Some(word) = &queued.word {
            let day = day_in_words(PartialDate::from(word.on), year);
            let verb = if word.approved { "通过" } else { "退回" };
            let remark = word.remark.as_deref().map_or_else(String::new, |remark| format!("：{remark}"));
            notes.push(format!("{}{day}{verb}{remark}", word.by));
        }
        notes.extend(queued.kept.map(|why| format!("现在交县会暂缓（{}）", held_in_words(why))));
        Self {
            head: head.unwrap_or_else(|| workspace.number_of(queued.id)),
            group: summary.and_then(|summary| summary.group.as_deref()).unwrap_or_default().to_owned(),
            what: what.collect::<Vec<_>>().join(" "),
            by: queued.by.join("、"),
            found: match (queued.tally.errors, queued.tally.warnings) {
                (0, 0) => String::new(),
                (0, warnings) => format!("疑{warnings}"),
                (errors, 0) => format!("错{errors}"),
                (errors, warnings) => format!("错{errors}疑{warnings}"),
            },
            note: notes.join("；"),
            queued,
        }
    }
}

/// One row of the pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// A heading.
    Head(String),
    /// What a group of changes has in common, or what is said in passing.
    Aside(String),
    /// A line.
    Plain(String),
    /// A field: its name, before, after.
    Change { what: String, old: String, new: String, is_first: bool },
    /// Nothing.
    Blank,
}

/// The rows of what changed, act by act, in so many columns.
pub(super) fn changes(review: &ToReview, year: i32, columns: usize) -> Vec<Row> {
    let day = |date: PartialDate| day_in_words(date, year);
    let mut rows = Vec::new();
    let mut act = 0;
    let mut paper: Option<Option<&str>> = None;
    let (wide, narrow) = widths(columns);
    for (state, change) in &review.changes {
        if act != change.act {
            act = change.act;
            let happened = change.happened_on.map_or_else(String::new, |date| format!("{}发生，", day(date)));
            let entered = day(PartialDate::from(change.entered_on));
            let late = if change.is_late { "，过了一个月" } else { "" };
            let stands = match state {
                State::Waiting => "",
                State::Own => "，自己录的，要别人通过",
                State::Returned => "，已退回",
                State::Approved => "，已通过",
            };
            let says = format!("第{}号 {happened}{entered}{}录{late}{stands}", change.act, change.by);
            rows.extend(text::wrap(&says, columns).into_iter().map(Row::Aside));
            paper = None;
        }
        // Once for all changes that rest on the same.
        if paper != Some(change.evidence.as_deref()) {
            paper = Some(change.evidence.as_deref());
            let says = format!("依据：{}", change.evidence.as_deref().unwrap_or("没有写"));
            rows.extend(text::wrap(&says, columns).into_iter().map(Row::Aside));
        }
        let what = [change.row.as_str(), &change.label].join(" ");
        let parts = [(what.trim(), wide), (&change.old, narrow), (&change.new, narrow)];
        let [what, old, new] = parts.map(|(part, columns)| text::wrap(part, columns));
        for at in 0..what.len().max(old.len()).max(new.len()).max(1) {
            let [what, old, new] = [&what, &old, &new].map(|part| part.get(at).cloned().unwrap_or_default());
            rows.push(Row::Change { what, old, new, is_first: at == 0 });
        }
    }
    rows
}

/// The columns of a field's name, and of each of its values.
pub(super) fn widths(columns: usize) -> (usize, usize) {
    let wide = (columns / 3).min(30);
    (wide, columns.saturating_sub(wide + 6) / 2)
}

/// The rows of what the checks find and of the newest visit.
pub(super) fn found(review: &ToReview, columns: usize) -> Vec<Row> {
    let mut rows = vec![Row::Head("核对".to_owned())];
    if review.findings.is_empty() {
        rows.push(Row::Plain("没有问题".to_owned()));
    }
    for finding in &review.findings {
        let says = format!("{} {}", finding.severity.label(), finding.message);
        rows.extend(text::wrap(&says, columns).into_iter().map(Row::Plain));
    }
    rows.extend([Row::Blank, Row::Head("最近一次走访".to_owned())]);
    if review.visit.is_empty() {
        rows.push(Row::Plain("没有走访记录".to_owned()));
    }
    for line in &review.visit {
        rows.extend(text::wrap(line, columns).into_iter().map(Row::Plain));
    }
    rows
}
