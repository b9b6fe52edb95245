//! `hudang review`: what waits for the first secretary, approved or returned.

use serde_json::{Value as Json, json};

use crate::domain::HouseholdId;
use crate::workspace::review_queue::{InQueue, held_in_words};
use crate::workspace::{Workspace, WorkspaceError};

use super::args::ReviewArgs;
use super::output::{Output, table};
use super::{Fault, Outcome};

pub fn run(workspace: &mut Workspace, args: &ReviewArgs, out: &Output) -> Outcome {
    let find = |workspace: &Workspace, numbers: &[String]| -> Result<Vec<HouseholdId>, WorkspaceError> {
        numbers.iter().map(|number| workspace.household(number)).collect()
    };
    let (approve, give_back) = (find(workspace, &args.approve)?, find(workspace, &args.give_back)?);
    if let Some(both) = approve.iter().find(|id| give_back.contains(id)) {
        let whose = workspace.household_in_words(*both);
        return Err(Fault::usage(format!("{whose} 不能又通过又退回")));
    }
    if args.remark.as_deref().is_some_and(|remark| remark.trim().is_empty()) {
        return Err(Fault::usage(WorkspaceError::NoRemark.to_string()));
    }
    let mut own = Vec::new();
    if !approve.is_empty() {
        own = workspace.approve(&approve)?.own;
    }
    for id in &give_back {
        workspace.give_back(*id, args.remark.as_deref().unwrap_or_default())?;
    }
    let queue = workspace.review_queue()?;
    let numbers = |ids: &[HouseholdId]| ids.iter().map(|id| workspace.number_of(*id)).collect::<Vec<_>>();
    out.print(
        || {
            json!({
                "needed": workspace.settings().needs_approval,
                "own": numbers(&own),
                "queue": queue.iter().map(|line| line_of(workspace, line)).collect::<Vec<_>>(),
            })
        },
        || {
            let refused = if own.is_empty() {
                String::new()
            } else {
                format!(
                    "自己录的自己不能通过：要另一位第一书记来审，或交县后请县里收下（changes answer）：{}\n",
                    numbers(&own).join("、")
                )
            };
            format!("{}{refused}", text(workspace, &queue))
        },
    );
    Ok(if own.is_empty() { 0 } else { 3 })
}

fn line_of(workspace: &Workspace, line: &InQueue) -> Json {
    json!({
        "household": workspace.number_of(line.id),
        "head": workspace.households().get(line.id).map(|summary| &summary.head),
        "state": line.state.identifier(),
        "changes": line.fields,
        "sections": line.sections.iter().map(|(section, _)| section).collect::<Vec<_>>(),
        "by": line.by,
        "late": line.is_late,
        "open_findings": line.tally.open(),
        "remark": line.word.as_ref().and_then(|word| word.remark.as_deref()),
        "held": line.kept,
    })
}

fn text(workspace: &Workspace, queue: &[InQueue]) -> String {
    let row = |line: &InQueue| {
        let what: Vec<&str> = line.sections.iter().map(|(section, _)| workspace.section_in_words(*section)).collect();
        vec![
            workspace.number_of(line.id),
            workspace.households().get(line.id).map_or_else(String::new, |summary| summary.head.to_string()),
            line.state.label().to_owned(),
            format!("{}处 {}", line.fields, what.join("、")),
            line.by.join("、"),
            line.kept.map_or("", held_in_words).to_owned(),
            line.word.as_ref().and_then(|word| word.remark.as_deref()).unwrap_or_default().to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = queue.iter().map(row).collect();
    format!(
        "{}共{}户\n",
        table(&["户编号", "户主", "审核", "改了什么", "录入人", "暂缓", "退回时说"], &rows),
        rows.len()
    )
}
