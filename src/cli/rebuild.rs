//! `hudang rebuild`: makes the index anew from the journal.

use serde_json::json;

use crate::store::Store;

use super::args::Cli;
use super::output::Output;
use super::{Outcome, Steps};

pub fn run(cli: &Cli, out: &Output) -> Outcome {
    let options = super::options(cli)?;
    let opened = Store::rebuild(&options.home, &mut Steps::default())?;
    let verified = opened.store.verify(&mut Steps::default())?;
    let notes: Vec<String> = opened.notes.iter().map(ToString::to_string).collect();
    out.print(
        || json!({"ok": verified.ok, "entries": verified.entries, "problems": verified.problems, "notes": notes}),
        || format!("{}\n已由日志重建，共{}条", notes.join("\n"), verified.entries).trim_start().to_owned(),
    );
    Ok(if verified.ok { 0 } else { 3 })
}
