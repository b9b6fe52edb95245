//! `hudang verify`: reads everything in the store and compares it.

use serde_json::json;

use crate::workspace::Workspace;

use super::output::Output;
use super::{Outcome, Steps};

pub fn run(workspace: &Workspace, out: &Output) -> Outcome {
    let verified = workspace.store().verify(&mut Steps::default())?;
    let json = || json!({"ok": verified.ok, "entries": verified.entries, "problems": verified.problems, "notes": verified.notes});
    let text = || {
        let lines = verified.problems.iter().chain(&verified.notes).map(|line| format!("{line}\n"));
        let verdict = match (verified.ok, workspace.store().is_hurt()) {
            (true, _) => "完好",
            // What is to be done about the journal is said among the notes.
            (false, true) => "日志有损坏",
            (false, false) => "有问题，请先备份，再用 hudang rebuild 重建",
        };
        format!("{}共{}条，{verdict}", lines.collect::<String>(), verified.entries)
    };
    out.print(json, text);
    Ok(if verified.ok { 0 } else { 3 })
}
