//! `hudang rebuild`: makes the index anew from the journal, and goes on behind damage where a person says so.

use serde_json::json;

use crate::store::Store;
use crate::workspace::{WorkspaceError, held};

use super::args::{Cli, RebuildArgs};
use super::output::Output;
use super::{Fault, Outcome, Steps};

pub fn run(cli: &Cli, args: &RebuildArgs, out: &Output) -> Outcome {
    let options = super::options(cli)?;
    let (home, steps) = (&options.home, &mut Steps::default());
    let opened = match (args.go_on, &options.author) {
        (false, _) => Store::rebuild(home, steps),
        (true, Some(author)) => Store::go_on(home, &author.name, options.clock.today(), steps),
        (true, None) => return Err(Fault::usage(WorkspaceError::NoAuthor.to_string())),
    };
    let opened = opened.map_err(|error| held(error, home))?;
    let verified = opened.store.verify(&mut Steps::default())?;
    let notes: Vec<String> = opened.notes.iter().map(ToString::to_string).collect();
    out.print(
        || json!({"ok": verified.ok, "entries": verified.entries, "problems": verified.problems, "notes": notes}),
        || format!("{}\n已由日志重建，共{}条", notes.join("\n"), verified.entries).trim_start().to_owned(),
    );
    let is_done = verified.ok || (args.go_on && !opened.store.is_hurt());
    Ok(if is_done { 0 } else { 3 })
}
