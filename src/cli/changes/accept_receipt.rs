//! `hudang changes accept-receipt`: the county's answer, as a file of its chain or as a workbook that it filled in.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::progress::Progress;
use crate::workspace::answer_sheets::SheetTaken;
use crate::workspace::arrival::Arrival;
use crate::workspace::{Workspace, WorkspaceError};

use super::super::Outcome;
use super::super::output::Output;
use super::apply;

pub fn run(workspace: &mut Workspace, files: &[PathBuf], progress: &mut dyn Progress, out: &Output) -> Outcome {
    let (sheets, sets): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|path| Workspace::is_sheet(path));
    let arrival = if sets.is_empty() { Arrival::default() } else { workspace.take_in_sets(&sets, progress)? };
    let mut taken = Vec::new();
    let mut refused = Vec::new();
    for path in &sheets {
        match workspace.take_in_sheet(path) {
            Ok(sheet) => taken.push(sheet),
            Err(WorkspaceError::Sheet(fault)) => refused.push(fault.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    let has_problems = !refused.is_empty() || taken.iter().any(|sheet| !sheet.problems.is_empty());
    out.print(
        || {
            let mut json = apply::as_json(Some(workspace), &arrival);
            json["sheets"] = taken.iter().map(sheet_json).collect();
            json["unusable"] = json!(refused);
            json
        },
        || {
            let sets = (!sets.is_empty()).then(|| apply::in_words(Some(workspace), &arrival));
            let lines = sets.into_iter().chain(taken.iter().map(in_words)).chain(refused.iter().cloned());
            lines.collect::<Vec<_>>().join("\n")
        },
    );
    Ok(match apply::exit_code(&arrival) {
        0 if has_problems => 3,
        code => code,
    })
}

pub(super) fn sheet_json(sheet: &SheetTaken) -> Json {
    let problems: Vec<String> = sheet.problems.iter().map(ToString::to_string).collect();
    json!({
        "set": sheet.set.to_string(), "taken": sheet.taken, "refused": sheet.refused,
        "number": sheet.act.as_ref().map(|act| act.number), "problems": problems,
    })
}

pub(super) fn in_words(sheet: &SheetTaken) -> String {
    let what = match sheet.act {
        Some(_) => format!("已收工作簿的答复（{}）：已录{}处，不予录入{}处", sheet.set, sheet.taken, sheet.refused),
        None => format!("工作簿（{}）里没有新的答复", sheet.set),
    };
    let problems = sheet.problems.iter().map(|problem| format!("没有收：{problem}"));
    [what].into_iter().chain(problems).collect::<Vec<_>>().join("\n")
}
