//! `hudang list`: households, by the query that the search line takes.

use serde_json::{Value as Json, json};

use crate::domain::Class;
use crate::workspace::Workspace;
use crate::workspace::find::Row;
use crate::workspace::findings::Tally;

use super::args::ListArgs;
use super::output::{Output, table};
use super::{Fault, Outcome};

pub fn run(workspace: &Workspace, args: &ListArgs, out: &Output) -> Outcome {
    let line = args.query.join(" ");
    let query = workspace.definitions().words.parse(&line).map_err(|fault| Fault::usage(fault.to_string()))?;
    let found = workspace.find(&query, None);
    let rows: Vec<Row> = found.iter().map(|found| workspace.row(found.id)).collect::<Result<_, _>>()?;
    let open: Vec<usize> = rows.iter().map(|row| row.tally().map(Tally::open)).collect::<Result<_, _>>()?;
    out.print(|| rows.iter().zip(&open).map(|(row, open)| line_of(row, *open)).collect(), || text(workspace, &rows));
    Ok(0)
}

fn line_of(row: &Row, open_findings: usize) -> Json {
    let summary = &row.summary;
    let policies = match summary.class {
        Some(Class::Relieved { policies }) => policies,
        _ => None,
    };
    json!({
        "household": summary.number(),
        "head": summary.has_head.then_some(&summary.head),
        "group": summary.group,
        "class": summary.class.map(Class::identifier),
        "policies": policies,
        "target": summary.target.map(|target| target.identifier()),
        "risk": summary.risk.map(|risk| risk.identifier()),
        "colour": row.standing.colour.as_ref().map(|graded| graded.colour),
        "people": summary.people,
        "visited": row.standing.visited_on.is_some(),
        "screened": row.standing.screening.is_done(),
        "stale": row.stale,
        "open_findings": open_findings,
    })
}

fn text(workspace: &Workspace, rows: &[Row]) -> String {
    let mark = |yes: bool| if yes { "是" } else { "—" }.to_owned();
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let summary = &row.summary;
            vec![
                summary.number(),
                summary.head.to_string(),
                summary.group.as_deref().unwrap_or_default().to_owned(),
                workspace.class_in_words(summary),
                summary.people.to_string(),
                mark(row.standing.visited_on.is_some()),
                mark(row.standing.screening.is_done()),
                if row.stale > 0 { format!("{}节", row.stale) } else { String::new() },
            ]
        })
        .collect();
    let text = table(&["户编号", "户主", "组", "类别", "人", "走访", "筛查", "过期"], &lines);
    format!("{text}共{}户\n", rows.len())
}
