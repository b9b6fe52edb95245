//! `hudang import exemptions`: takes in lists of exemptions, or shows what that would do.

use serde_json::json;

use crate::workspace::Workspace;
use crate::workspace::import::ExemptionsReport;

use super::super::args::RosterArgs;
use super::super::output::Output;
use super::super::{Outcome, Steps};
use super::roster::{asked, list, passed_over, tell_passed};

pub fn run(workspace: &mut Workspace, args: &RosterArgs, out: &Output) -> Outcome {
    let import = asked(args);
    let report = workspace.import_exemptions(&import, &mut Steps::default())?;
    let unmatched = &report.problems.refused;
    let line = || {
        let mut line = json!({"taken": report.taken, "known": report.known, "unmatched": unmatched});
        if !report.passed_over.is_empty() {
            line["passed_over"] = passed_over(&report.passed_over);
        }
        line
    };
    out.print(line, || text(&report, args.dry_run));
    Ok(if unmatched.is_empty() && report.passed_over.is_empty() { 0 } else { 3 })
}

fn text(report: &ExemptionsReport, dry_run: bool) -> String {
    let mut text = format!("收{}条，已有{}条\n", report.taken, report.known);
    if dry_run {
        text.push_str("以上只是预看，数据没有动。\n");
    }
    tell_passed(&mut text, &report.passed_over);
    list(&mut text, "未收", &report.problems.refused);
    if report.problems.unlisted > 0 {
        text.push_str(&format!("另有{}处未列出\n", report.problems.unlisted));
    }
    text
}
