//! `hudang changes verify`: checks sets as anyone could, without the store they came from.

use std::fs::File;

use serde_json::json;

use crate::exchange::set::verify;
use crate::workspace::keys::keys_at;

use super::super::Outcome;
use super::super::args::{Cli, VerifyArgs};
use super::super::output::Output;

pub fn run(cli: &Cli, args: &VerifyArgs, out: &Output) -> Outcome {
    let files = args.files.iter().map(|path| (path.display().to_string(), File::open(path)));
    // Only what is sealed needs keys; a home without any, or none at all, is no hindrance to the rest.
    let home = super::super::options(cli).map(|options| options.home);
    let keys =
        home.map_err(|fault| fault.to_string()).and_then(|home| keys_at(&home).map_err(|fault| fault.to_string()));
    if let Err(fault) = &keys {
        eprintln!("注意：{fault}");
    }
    let report = verify(files, keys.ok().flatten().as_ref());
    let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    out.print(
        || json!({"ok": report.is_ok(), "problems": lines}),
        || {
            let signers = report
                .signers
                .iter()
                .map(|(file, _, signed)| format!("{file}：签名有效，公钥指纹 {}", signed.keys.signing.fingerprint()));
            let end = if lines.is_empty() { vec!["完好，首尾相接".to_owned()] } else { lines.clone() };
            signers.chain(end).collect::<Vec<_>>().join("\n")
        },
    );
    let broken = report.problems.iter().any(|problem| problem.fault.is_broken_hash());
    Ok(match (broken, report.is_ok()) {
        (true, _) => 5,
        (false, true) => 0,
        (false, false) => 3,
    })
}
