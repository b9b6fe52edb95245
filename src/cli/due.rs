//! `hudang due`: the worklist with dates.

use serde_json::{Value as Json, json};

use crate::workspace::Workspace;
use crate::workspace::due::{DueLine, DueWhen};

use super::Outcome;
use super::args::DueArgs;
use super::output::{Output, table};

pub fn run(workspace: &Workspace, args: &DueArgs, out: &Output) -> Outcome {
    let due = workspace.due(args.month.map_or(DueWhen::Now, DueWhen::In))?;
    let json = || -> Json {
        let line = due.iter().map(|line| {
            json!({
                "date": line.date, "days_left": line.days_left, "what": line.what,
                "household": line.household.map(|id| workspace.number_of(id)), "code": line.code,
            })
        });
        line.collect()
    };
    out.print(json, || text(workspace, &due));
    Ok(0)
}

fn text(workspace: &Workspace, due: &[DueLine]) -> String {
    let row = |line: &DueLine| {
        let household = line.household.map(|id| (workspace.number_of(id), workspace.households().get(id)));
        let (number, head) = match household {
            Some((number, summary)) => (number, summary.map_or("", |summary| &summary.head).to_owned()),
            None => (String::new(), "全村".to_owned()),
        };
        let left = line.left.filter(|left| *left > 0).map_or_else(String::new, |left| format!("，剩{left}"));
        let code = line.code.map_or_else(String::new, |code| code.to_string());
        vec![line.date.to_string(), line.days_in_words(), number, head, format!("{}{left}", line.what), code]
    };
    let rows: Vec<Vec<String>> = due.iter().map(row).collect();
    let policy = workspace.policy_in_words();
    format!("{}共{}件，政策 {policy}\n", table(&["日期", "期限", "户编号", "户主", "什么", "核对"], &rows), rows.len())
}
