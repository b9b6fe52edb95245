//! `hudang restore`: a backup into an empty home.

use serde_json::json;

use crate::store::Store;

use super::args::{Cli, RestoreArgs};
use super::output::Output;
use super::{Outcome, Steps};

pub fn run(cli: &Cli, args: &RestoreArgs, out: &Output) -> Outcome {
    let options = super::options(cli)?;
    let opened = Store::restore(&args.file, &options.home, &mut Steps::default())?;
    let verified = opened.store.verify(&mut Steps::default())?;
    let notes: Vec<String> = opened.notes.iter().map(ToString::to_string).chain(verified.notes).collect();
    out.print(
        || json!({"ok": verified.ok, "entries": verified.entries, "problems": verified.problems, "notes": notes}),
        || format!("已恢复到 {}，共{}条", options.home.display(), verified.entries),
    );
    Ok(if verified.ok { 0 } else { 3 })
}
