//! `hudang check`: findings of all households, or of some.

use std::collections::HashMap;
use std::io::{BufWriter, Write};

use serde_json::{Value as Json, json};

use crate::domain::HouseholdId;
use crate::policy::Cited;
use crate::rules::check::{Finding, Settled};
use crate::workspace::Workspace;

use super::args::CheckArgs;
use super::output::Output;
use super::{Outcome, Steps};

pub fn run(workspace: &Workspace, args: &CheckArgs, out: &Output) -> Outcome {
    let ids: Vec<HouseholdId> = if args.households.is_empty() {
        workspace.households().iter().filter(|summary| workspace.is_at_work(summary.id)).map(|it| it.id).collect()
    } else {
        args.households.iter().map(|number| workspace.household(number)).collect::<Result<_, _>>()?
    };
    // A county has a million of them, so each is written as it is found.
    let mut lines = Lines::new(out.json);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut all, mut open) = (0usize, 0usize);
    // The documents are those of the checks, not of the households.
    let mut cited: HashMap<u16, Cited> = HashMap::new();
    workspace.each_finding(&ids, &mut Steps::default(), |id, findings| {
        for finding in &findings {
            all += 1;
            open += usize::from(finding.settled == Settled::Open);
            let cited = cited.entry(finding.number).or_insert_with(|| workspace.cited(&finding.source));
            lines.add(|| line(workspace, id, finding, cited), || text(workspace, id, finding));
            if args.xlsx.is_some() {
                rows.push(workspace.finding_row(rows.len() + 1, id, finding));
            }
        }
    })?;
    lines.end(|| format!("共{all}条，没有答复的{open}条\n"));
    if let Some(path) = &args.xlsx {
        workspace.write_findings(path, rows)?;
    }
    Ok(if open > 0 { 3 } else { 0 })
}

/// One JSON document, or lines, written bit by bit. A reader that has closed the pipe wants no more.
struct Lines {
    to: BufWriter<std::io::Stdout>,
    json: bool,
    begun: bool,
}

impl Lines {
    fn new(json: bool) -> Self {
        Self { to: BufWriter::new(std::io::stdout()), json, begun: false }
    }

    fn add(&mut self, json: impl FnOnce() -> Json, text: impl FnOnce() -> String) {
        let before = if self.begun { ",\n" } else { "[" };
        self.begun = true;
        let _ = if self.json { write!(self.to, "{before}{}", json()) } else { writeln!(self.to, "{}", text()) };
    }

    fn end(mut self, text: impl FnOnce() -> String) {
        let end = match (self.json, self.begun) {
            (true, true) => "]\n".to_owned(),
            (true, false) => "[]\n".to_owned(),
            (false, _) => text(),
        };
        let _ = self.to.write_all(end.as_bytes()).and_then(|()| self.to.flush());
    }
}

fn line(workspace: &Workspace, id: HouseholdId, finding: &Finding, cited: &Cited) -> Json {
    let answered = finding
        .reason
        .as_ref()
        .map(|reason| json!({"reason": reason.why, "by": reason.by, "on": reason.on, "until": reason.until}));
    json!({
        "code": finding.code,
        "severity": finding.severity.id(),
        "household": workspace.number_of(id),
        "person": finding.person.map(|person| workspace.person_number(id, person)),
        "field": finding.path(),
        "message": finding.message,
        "source": finding.source,
        "source_title": cited.title,
        "source_date": cited.date,
        "answered": answered,
        "national": finding.national,
        "remedy": finding.remedy,
    })
}

fn text(workspace: &Workspace, id: HouseholdId, finding: &Finding) -> String {
    let head = workspace.households().get(id).map_or("", |summary| &summary.head);
    format!("{} {head} {} {} {}", workspace.number_of(id), finding.code, finding.state(), finding.message)
}
