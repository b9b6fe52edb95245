//! `hudang card`: status cards to print.

use serde_json::json;

use crate::domain::HouseholdId;
use crate::workspace::Workspace;

use super::args::CardArgs;
use super::output::Output;
use super::{Outcome, Steps};

pub fn run(workspace: &Workspace, args: &CardArgs, out: &Output) -> Outcome {
    let households: Vec<HouseholdId> = if args.all {
        workspace.with_cards()?
    } else {
        args.households.iter().map(|number| workspace.household(number)).collect::<Result<_, _>>()?
    };
    let files = workspace.print_cards(&households, &args.out, &mut Steps::default())?;
    out.print(|| json!({"files": files}), || format!("已写{}张明白卡，在 {}", files.len(), args.out.display()));
    Ok(0)
}
