//! 核对: what the checks find in the village, put together by check, family, household or severity. Enter leads to the
//! very field; what was mended is gone when one comes back.

pub(super) mod answer;
mod draw;
mod lines;
mod search;

use std::collections::{HashMap, HashSet};

use ratatui::layout::Rect;

use crate::checks::Severity;
use crate::domain::HouseholdId;
use crate::rules::check::{Finding, Settled, check_of};
use crate::rules::first::is_by_itself;
use crate::tui::actions::Action;
use crate::tui::canvas::Canvas;
use crate::tui::context::Context;
use crate::tui::desk::Desk;
use crate::tui::reply::{Answer, Reply};
use crate::tui::screen::{Hint, Mouse, Screen, Title};
use crate::tui::widgets::line;
use crate::tui::widgets::list::{Hit, List};
use crate::workspace::WorkspaceError;

use answer::Asked;
use lines::{By, Group, Key, Line, Row, Sieve};
use search::Wanted;

/// The findings of the village.
pub struct Findings {
    /// All that was found, in the order in which one walks.
    all: Vec<Line>,
    groups: Vec<Group>,
    rows: Vec<Row>,
    list: List,
    by: By,
    folded: HashSet<Key>,
    sieve: Sieve,
    typed: line::Line,
    is_typing: bool,
    wanted: Wanted,
    /// The words of what can be seen, household by household, until something changes.
    words: HashMap<HouseholdId, Vec<Finding>>,
    /// How groups and households are called, of those that can be seen.
    labels: draw::Labels,
    /// The facts of the selected finding: what the file says.
    facts: Vec<(String, String)>,
    /// The documents behind it.
    document: String,
    asked: Option<Asked>,
    fault: Option<String>,
}

/// So many rows have words on each side of the selection, more than a window has.
const AHEAD: usize = 45;

/// What is open in a household, the worst first; what is stale or missing is told under its own name.
pub(super) fn open_findings(desk: &Desk, id: HouseholdId) -> Result<Vec<Finding>, WorkspaceError> {
    let checks = &desk.workspace.definitions().checks;
    let mut found = desk.workspace.findings(id)?;
    found.retain(|it| it.settled == Settled::Open && !is_by_itself(check_of(checks, it.number)));
    Ok(found)
}

/// Findings as reminders: how bad, what, and the code.
pub(super) fn reminders_of(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|it| format!("{} {} {}", it.severity.short(), it.message, it.code)).collect()
}

impl Findings {
    /// What is open in the village, by check.
    pub fn open(desk: &mut Desk) -> Self {
        let mut screen = Self {
            all: Vec::new(),
            groups: Vec::new(),
            rows: Vec::new(),
            list: List::default(),
            by: By::Check,
            folded: HashSet::new(),
            sieve: Sieve::default(),
            typed: line::Line::default(),
            is_typing: false,
            wanted: Wanted::default(),
            words: HashMap::new(),
            labels: draw::Labels::default(),
            facts: Vec::new(),
            document: String::new(),
            asked: None,
            fault: None,
        };
        screen.read(desk);
        // The first finding, not its heading.
        screen.list.select(1);
        screen.fill(desk);
        screen
    }

    fn read(&mut self, desk: &Desk) {
        self.words.clear();
        self.labels = draw::Labels::default();
        (self.all, self.fault) = match lines::all(desk) {
            Ok(lines) => (lines, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        self.sift(desk);
    }

    /// Puts together what is to be shown; the selection stays on its finding, or on what comes after it.
    fn sift(&mut self, desk: &Desk) {
        let at = self.line().map(Line::key);
        let head = self.head().map(|group| group.key);
        let kept: Vec<Line> =
            self.all.iter().filter(|line| self.sieve.lets_through(line) && self.wanted.takes(line)).copied().collect();
        self.groups = lines::grouped(&kept, self.by, &desk.workspace.definitions().checks.all);
        self.rows = lines::rows(&self.groups, &self.folded);
        self.list.set_len(self.rows.len());
        let is_same = |row: &Row| match *row {
            Row::Head(group) => at.is_none() && self.groups.get(group).map(|group| group.key) == head,
            Row::Line(group, line) => {
                let line = self.groups.get(group).and_then(|group| group.lines.get(line));
                at.is_some() && line.map(Line::key) == at
            }
        };
        if let Some(row) = self.rows.iter().position(is_same) {
            self.list.select(row);
        } else if at.is_some() {
            self.off_a_head();
        }
        self.fill(desk);
    }

    /// Where what was selected is gone, the next finding is selected, not a heading that moved up to its place.
    fn off_a_head(&mut self) {
        let here = self.list.selected().unwrap_or_default();
        if matches!(self.rows.get(here), Some(Row::Head(_))) && matches!(self.rows.get(here + 1), Some(Row::Line(..))) {
            self.list.select(here + 1);
        }
    }

    fn row(&self) -> Option<Row> {
        self.rows.get(self.list.selected()?).copied()
    }

    fn line_at(&self, row: Row) -> Option<&Line> {
        match row {
            Row::Head(_) => None,
            Row::Line(group, line) => self.groups.get(group)?.lines.get(line),
        }
    }

    fn line(&self) -> Option<&Line> {
        self.line_at(self.row()?)
    }

    /// The group on whose heading the cursor is.
    fn head(&self) -> Option<&Group> {
        match self.row()? {
            Row::Head(group) => self.groups.get(group),
            Row::Line(..) => None,
        }
    }

    /// A line with its words, where they were made.
    fn finding(&self, line: &Line) -> Option<&Finding> {
        let is_same = |finding: &&Finding| {
            finding.number == line.hit.check
                && finding.severity == line.hit.severity
                && (finding.settled == Settled::Open) == line.is_open()
        };
        self.words.get(&line.id)?.iter().filter(is_same).nth(line.nth)
    }

    fn selected(&self) -> Option<(HouseholdId, &Finding)> {
        let line = self.line()?;
        Some((line.id, self.finding(line)?))
    }

    /// Makes the words of what can be seen around the selection, and nothing else: a village has more rows than a screen.
    fn fill(&mut self, desk: &Desk) {
        let rows = self.rows.get(self.list.reach(AHEAD)).unwrap_or_default();
        for row in rows {
            if let Some(line) = self.line_at(*row)
                && !self.words.contains_key(&line.id)
            {
                // A file that cannot be read says so where it is opened.
                let id = line.id;
                self.words.insert(id, desk.workspace.findings(id).unwrap_or_default());
            }
        }
        let wanted: Vec<draw::Wanted> = rows
            .iter()
            .filter_map(|row| match *row {
                Row::Head(group) => self.groups.get(group).map(|group| draw::Wanted::Group(group.key)),
                Row::Line(..) => self.line_at(*row).map(|line| draw::Wanted::Household(line.id)),
            })
            .collect();
        self.labels.fill(desk, wanted);
        self.facts = self.selected().map_or_else(Vec::new, |(id, finding)| draw::facts(desk, id, finding));
        self.document =
            self.selected().map_or_else(String::new, |(_, finding)| desk.workspace.cited(&finding.source).title);
    }

    fn open_selected(&mut self, desk: &mut Desk) -> Reply<Desk> {
        if self.head().is_some() {
            return self.fold(desk);
        }
        let Some((id, finding)) = self.selected() else { return Reply::done() };
        let finding = finding.clone();
        let mut seen = HashSet::new();
        desk.listed =
            self.groups.iter().flat_map(|it| &it.lines).map(|it| it.id).filter(|id| seen.insert(*id)).collect();
        desk.open_finding(id, &finding)
    }

    /// Folds the group that the cursor is in, or unfolds it.
    fn fold(&mut self, desk: &Desk) -> Reply<Desk> {
        let Some(Row::Head(group) | Row::Line(group, _)) = self.row() else { return Reply::done() };
        let Some(key) = self.groups.get(group).map(|group| group.key) else { return Reply::done() };
        if !self.folded.remove(&key) {
            self.folded.insert(key);
        }
        self.lay_out(key, desk)
    }

    fn fold_all(&mut self, desk: &Desk) -> Reply<Desk> {
        let Some(Row::Head(group) | Row::Line(group, _)) = self.row() else { return Reply::done() };
        let Some(key) = self.groups.get(group).map(|group| group.key) else { return Reply::done() };
        let is_any_open = self.groups.iter().any(|group| !self.folded.contains(&group.key));
        self.folded = if is_any_open { self.groups.iter().map(|group| group.key).collect() } else { HashSet::new() };
        self.lay_out(key, desk)
    }

    /// Lays the rows out again after folding, at the heading of a group.
    fn lay_out(&mut self, key: Key, desk: &Desk) -> Reply<Desk> {
        self.rows = lines::rows(&self.groups, &self.folded);
        self.list.set_len(self.rows.len());
        let is_head =
            |row: &Row| matches!(row, Row::Head(at) if self.groups.get(*at).is_some_and(|group| group.key == key));
        self.list.select(self.rows.iter().position(is_head).unwrap_or_default());
        self.fill(desk);
        Reply::done()
    }

    /// To the heading of the next group, or of this one or the one before.
    fn next_group(&mut self, forward: bool, desk: &Desk) -> Reply<Desk> {
        let here = self.list.selected().unwrap_or_default();
        let mut heads = self.rows.iter().enumerate().filter(|(_, row)| matches!(row, Row::Head(_))).map(|(at, _)| at);
        let next = if forward { heads.find(|at| *at > here) } else { heads.rfind(|at| *at < here) };
        if let Some(next) = next {
            self.list.select(next);
            self.fill(desk);
        }
        Reply::done()
    }

    fn group_otherwise(&mut self, desk: &Desk) -> Reply<Desk> {
        self.by = self.by.next();
        self.folded.clear();
        self.sift(desk);
        Reply::done()
    }

    fn filter(&mut self, desk: &Desk) -> Reply<Desk> {
        self.sieve.severity = match self.sieve.severity {
            None => Some(Severity::Error),
            Some(Severity::Block | Severity::Error) => Some(Severity::Warn),
            Some(Severity::Warn) => Some(Severity::Hint),
            Some(Severity::Hint) => None,
        };
        self.sift(desk);
        Reply::said(self.sieve.severity.map_or("各种程度都列出来", draw::only))
    }

    fn show_settled(&mut self, desk: &Desk) -> Reply<Desk> {
        self.sieve.with_settled = !self.sieve.with_settled;
        self.sift(desk);
        let settled = self.all.iter().filter(|line| !line.is_open()).count();
        Reply::said(match self.sieve.with_settled {
            true => format!("答复过、豁免的{settled}条也列出来，在每组后面"),
            false => "答复过、豁免的收起来".to_owned(),
        })
    }

    fn search(&mut self, desk: &Desk) -> Reply<Desk> {
        self.wanted = Wanted::of(desk, self.typed.value());
        self.sift(desk);
        Reply::done()
    }

    fn ask(&mut self, desk: &mut Desk, for_exemption: bool) -> Reply<Desk> {
        let Some((id, finding)) = self.selected() else { return Reply::warned("先选中一条问题") };
        let asked = Asked::new(id, finding);
        let reply = if for_exemption { asked.ask_for_exemption(desk) } else { asked.ask(desk) };
        self.asked = Some(asked);
        reply
    }

    fn visit(&self, desk: &mut Desk) -> Reply<Desk> {
        match self.line() {
            Some(line) => desk.open_visit(line.id),
            None => Reply::warned("先选中一条问题"),
        }
    }

    fn count(&self, severity: Severity) -> usize {
        self.groups.iter().map(|group| group.count(severity)).sum()
    }
}

impl Screen<Desk> for Findings {
    fn name(&self) -> &'static str {
        "findings"
    }

    fn title(&self) -> Title {
        let counts = [Severity::Error, Severity::Warn, Severity::Hint];
        let counts = counts.map(|severity| format!("{}{}", severity.short(), self.count(severity)));
        let households: HashSet<HouseholdId> =
            self.groups.iter().flat_map(|group| &group.lines).map(|line| line.id).collect();
        let parts = [format!("{}户", households.len()), counts.join(" "), self.by.label().to_owned()];
        Title::with("核对", parts.join("  "))
    }

    fn contexts(&self) -> Vec<Context> {
        let typing = self.is_typing.then_some(Context::Text);
        [Context::Findings, Context::List].into_iter().chain(typing).chain([Context::Global]).collect()
    }

    fn hints(&self) -> Vec<Hint> {
        let open = if self.head().is_some() { "展开收起" } else { "去改" };
        let mut hints = vec![Hint::named(Action::Open, open)];
        hints.extend([Action::AnswerFinding, Action::Exempt].map(Hint::of));
        hints.push(Hint::named(Action::Sort, self.by.next().label()));
        hints.push(Hint::named(Action::Next, "下一组"));
        hints.extend(
            [
                Action::Filter,
                Action::Search,
                Action::Fold,
                Action::FoldAll,
                Action::ShowSettled,
                Action::Visit,
                Action::OpenStale,
                Action::Undo,
                Action::Back,
            ]
            .map(Hint::of),
        );
        hints
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(self, canvas, area);
    }

    fn act(&mut self, action: Action, desk: &mut Desk) -> Reply<Desk> {
        match action {
            Action::Open => self.open_selected(desk),
            Action::AnswerFinding => self.ask(desk, false),
            Action::Exempt => self.ask(desk, true),
            Action::Sort => self.group_otherwise(desk),
            Action::Filter => self.filter(desk),
            Action::ShowSettled => self.show_settled(desk),
            Action::Fold => self.fold(desk),
            Action::FoldAll => self.fold_all(desk),
            Action::Visit => self.visit(desk),
            Action::Search => {
                self.is_typing = true;
                Reply::done()
            }
            Action::Back if self.is_typing => {
                self.is_typing = false;
                Reply::done()
            }
            Action::Next => self.next_group(true, desk),
            Action::Previous => self.next_group(false, desk),
            action if self.list.act(action) => {
                self.fill(desk);
                Reply::done()
            }
            action if self.is_typing && self.typed.act(action) => self.search(desk),
            _ => Reply::pass(),
        }
    }

    fn text(&mut self, text: &str, desk: &mut Desk) -> Reply<Desk> {
        self.typed.insert(text);
        self.search(desk)
    }

    fn mouse(&mut self, mouse: Mouse, desk: &mut Desk) -> Reply<Desk> {
        match self.list.mouse(mouse) {
            Hit::Opened => self.open_selected(desk),
            Hit::Moved => {
                self.fill(desk);
                Reply::done()
            }
            Hit::Missed => Reply::done(),
        }
    }

    fn answered(&mut self, answer: Answer, desk: &mut Desk) -> Reply<Desk> {
        let taken = self.asked.as_ref().and_then(|asked| asked.take(&answer, desk));
        taken.unwrap_or_else(Reply::done)
    }

    fn refresh(&mut self, desk: &mut Desk) {
        self.read(desk);
    }
}
