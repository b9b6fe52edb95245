//! `hudang stale`: stale sections and late changes.

use serde_json::{Value as Json, json};

use crate::workspace::Workspace;

use super::Outcome;
use super::output::{Output, table};

pub fn run(workspace: &Workspace, out: &Output) -> Outcome {
    let stale = workspace.stale()?;
    let json = || -> Json {
        let line = stale.iter().map(|(id, stale)| {
            json!({
                "household": workspace.number_of(*id), "section": stale.section, "confirmed_on": stale.confirmed_on,
                "changed_on": stale.changed_on, "days": stale.days, "why": stale.why,
                "code": stale.code, "severity": if stale.is_error { "error" } else { "warn" },
            })
        });
        line.collect()
    };
    let text = || {
        let rows: Vec<Vec<String>> = stale
            .iter()
            .map(|(id, stale)| {
                let head = workspace.households().get(*id).map_or("", |summary| &summary.head).to_owned();
                vec![workspace.number_of(*id), head, stale.code.to_owned(), stale.why.clone()]
            })
            .collect();
        table(&["户编号", "户主", "核对", "原因"], &rows)
    };
    out.print(json, text);
    Ok(0)
}
