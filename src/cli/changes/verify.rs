//! `hudang changes verify`: checks sets as anyone could, without the store they came from.

use std::fs::File;

use serde_json::json;

use crate::exchange::set::verify;

use super::super::Outcome;
use super::super::args::VerifyArgs;
use super::super::output::Output;

pub fn run(args: &VerifyArgs, out: &Output) -> Outcome {
    let files = args.files.iter().map(|path| (path.display().to_string(), File::open(path)));
    let report = verify(files);
    let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    out.print(
        || json!({"ok": report.is_ok(), "problems": lines}),
        || if lines.is_empty() { "完好，首尾相接".to_owned() } else { lines.join("\n") },
    );
    let broken = report.problems.iter().any(|problem| problem.fault.is_broken_hash());
    Ok(match (broken, report.is_ok()) {
        (true, _) => 5,
        (false, true) => 0,
        (false, false) => 3,
    })
}
