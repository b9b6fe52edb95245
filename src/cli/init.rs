//! `hudang init`: a new store.

use serde_json::json;

use crate::workspace::{NewVillage, Workspace};

use super::args::{Cli, InitArgs};
use super::output::Output;
use super::{Fault, Outcome};

pub fn run(cli: &Cli, args: &InitArgs, out: &Output) -> Outcome {
    let Some(scope) = cli.village.map(|village| village.to_string()).or_else(|| args.county.clone()) else {
        return Err(Fault::usage("新建库要写 --village 村代码（12位），或 --county 县代码（6位）"));
    };
    let new =
        NewVillage { scope: scope.clone().into(), name: args.name.trim().to_owned(), policy: args.policy.clone() };
    let workspace = Workspace::create(super::options(cli)?, &new)?;
    let (name, policy) = (&new.name, &workspace.policy_in_words());
    out.print(
        || json!({"village": cli.village, "county": args.county, "name": name, "policy": workspace.policy().name, "home": workspace.home()}),
        || format!("已建库：{name}（{scope}），政策 {policy}，数据在 {}", workspace.home().display()),
    );
    Ok(0)
}
